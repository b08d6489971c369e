"""Payers' answers and cards as the tests need them; invented people and payer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mutual.coverage import actions
from mutual.coverage.models import InsuranceCard, Payer
from mutual.people.models import Person
from tests.world import id_of

#: Base of the vectors in rules/coverage.md 2.3: 1,500/3,000, 20 %, 5,000/10,000, nothing met.
BASE = (
    "EB*1*FAM*30^AI*PR*Example Plan~",
    "EB*C*IND*30***23*1500*****Y~",
    "EB*C*IND*30***29*1500*****Y~",
    "EB*C*FAM*30***23*3000*****Y~",
    "EB*C*FAM*30***29*3000*****Y~",
    "EB*A*IND*AI*****.2****Y~",
    "EB*G*IND*30***23*5000*****Y~",
    "EB*G*IND*30***29*5000*****Y~",
    "EB*G*FAM*30***23*10000*****Y~",
    "EB*G*FAM*30***29*10000*****Y~",
    "EB*1**CJ******Y~",
)


def answer(*ebs: str, member: str = "M100", dependent: bool = False) -> bytes:
    """A whole 271 about one person, one segment to a line."""
    body = [
        "BHT*0022*11*T1*20270104*0900~",
        "HL*1**20*1~",
        "NM1*PR*2*EXAMPLE PAYER*****PI*12345~",
        "HL*2*1*21*1~",
        "NM1*1P*2*EXAMPLE PROGRAMME*****XX*1234567893~",
        f"HL*3*2*22*{1 if dependent else 0}~",
        f"NM1*IL*1*FICTION*ANY****MI*{member}~",
    ]
    if dependent:
        body += ["HL*4*3*23*0~", "NM1*03*1*FICTION*OTHER~"]
    body += list(ebs or BASE)
    lines = [
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROGRAMME      *270104*0900*^"
        "*00501*000000007*0*T*:~",
        "GS*HB*PAYER*PROGRAMME*20270104*0900*7*X*005010X279A1~",
        "ST*271*0001*005010X279A1~",
        *body,
        f"SE*{len(body) + 2}*0001~",
        "GE*1*7~",
        "IEA*1*000000007~",
    ]
    return "\n".join(lines).encode() + b"\n"


def with_left(ded: str, ded_family: str, oop: str = "5000") -> tuple[str, ...]:
    """The base, with other amounts left."""
    changed = {2: f"EB*C*IND*30***29*{ded}*****Y~", 4: f"EB*C*FAM*30***29*{ded_family}*****Y~",
               7: f"EB*G*IND*30***29*{oop}*****Y~"}  # fmt: skip
    return tuple(changed.get(n, line) for n, line in enumerate(BASE))


def payer(actor: Any, name: str = "Example Payer", **terms: Any) -> Payer:
    """A payer with the terms of the vectors."""
    said = {
        "charge": Decimal("450.00"),
        "allowed": Decimal("300.00"),
        "authorization": "not_required",
        "filing_days": 180,
        "since": timezone.localdate() - dt.timedelta(days=400),
    }
    return actions.add_payer(actor, name, "12345", **(said | terms))


def card(
    actor: Any, name: str = "ana", paid_by: Payer | None = None, **fields: Any
) -> InsuranceCard:
    """A card of somebody of the test world."""
    said = {
        "member_id": "M100",
        "group_number": "GRP7",
        "relationship": "18",
        "address": "1 Example Lane",
        "city": "Austin",
        "state": "TX",
        "postcode": "78701",
        "active_from": timezone.localdate() - dt.timedelta(days=100),
    }
    person = Person.objects.get(id=id_of(name))
    return actions.save_card(actor, person, paid_by or payer(actor), said | fields)


def dependent_of_ben(actor: Any, paid_by: Payer | None = None) -> InsuranceCard:
    """Ana on Ben's policy."""
    return card(
        actor, "ana", paid_by, relationship="01", holder_given="Ben", holder_family="Fiction",
        holder_birth=dt.date(1988, 7, 9), holder_sex="M",
    )  # fmt: skip


def imported(actor: Any, data: bytes, name: str = "ana") -> Any:
    """Import an answer about somebody."""
    return actions.import_271(actor, Person.objects.get(id=id_of(name)), data)
