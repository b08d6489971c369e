"""The demo's insurance: a made-up plan, cards, what the payer answered, authorizations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mutual.claims.actions import save_identity
from mutual.coverage import actions as coverage
from mutual.coverage.models import Payer
from mutual.entry.demo.acting import acting_as
from mutual.entry.demo.cast import Pair
from mutual.people.models import Person
from mutual.plan.diagnoses import record_diagnosis
from mutual.wall.context import Actor

if TYPE_CHECKING:
    from mutual.entry.demo.load import Programme

IDENTITY = {
    "name": "MUTUAL DEMO PROGRAMME",
    "npi": "1234567893",
    "tax_id": "123456789",
    "address": "1 EXAMPLE WAY",
    "city": "SAMPLETOWN",
    "state": "TX",
    "postcode": "750010001",
    "contact": "BILL PENNY",
    "phone": "5555550100",
    "sender_id": "MUTUALDEMO",
    "receiver_name": "FICTIONAL CLEARINGHOUSE",
    "receiver_id": "FICTIONALCH",
    "usage": "T",
}


def identity(biller: Actor) -> None:
    """How payers know the programme."""
    save_identity(biller, dict(IDENTITY))


def diagnosis(programme: Programme, pair: Pair, side: int, person: Person) -> None:
    """Each partner's own diagnosis, by their counselor."""
    from mutual.entry.demo.load import id_of

    since = programme.today - timedelta(days=programme.days(pair))
    code, words = (
        ("F10.20", "alcohol use disorder, moderate"),
        ("F11.20", "opioid use disorder, moderate"),
    )[side]
    with acting_as(id_of(pair.counselors[side]), "staff") as counselor:
        record_diagnosis(counselor, person, code, words, principal=True, since=since)


def cover(programme: Programme, pair: Pair, side: int, person: Person, payer: Payer) -> None:
    """A card of their own, an authorization, and for Ana and Ben the payer's answer."""
    from mutual.entry.demo.load import id_of

    number = f"FHP{abs(hash_of(pair.key)) % 10000:04d}{side + 1}"
    since = programme.today - timedelta(days=programme.days(pair))
    with acting_as(id_of("ada"), "staff") as admissions:
        coverage.save_card(
            admissions,
            person,
            payer,
            {
                "plan_name": "Fictional PPO 1500",
                "member_id": number,
                "group_number": "DEMO1",
                "relationship": "18",
                "address": f"{side + 1} EXAMPLE LANE",
                "city": "SAMPLETOWN",
                "state": pair.states[side],
                "postcode": "750010001",
                "active_from": since.replace(month=1, day=1),
            },
            now=programme.ago(programme.days(pair)),
        )
        if pair.key == "ab":
            coverage.import_271(
                admissions, person, answer(programme, person, number), now=programme.ago(1)
            )
    with acting_as(id_of("bill"), "staff") as biller:
        coverage.add_authorization(
            biller,
            person,
            payer,
            number=f"AUTH{pair.key.upper()}{side + 1}",
            units=24 if pair.key == "ab" else 12,
            first_day=since,
            last_day=since + timedelta(days=60),
            now=programme.ago(programme.days(pair)),
        )


def hash_of(text: str) -> int:
    """A small number that is the same in every run."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(text))


def answer(programme: Programme, person: Person, number: str) -> bytes:
    """A made-up 271: deductible 1500 of which 600 is met, 20 %, out-of-pocket 5000."""
    at = programme.ago(1)
    day, clock = at.strftime("%Y%m%d"), at.strftime("%H%M")
    body = [
        "BHT*0022*11*DEMO1*{d}*{c}",
        "HL*1**20*1",
        "NM1*PR*2*FICTIONAL HEALTH PLAN*****PI*FHP01",
        "HL*2*1*21*1",
        "NM1*1P*2*MUTUAL DEMO PROGRAMME*****XX*1234567893",
        "HL*3*2*22*0",
        "NM1*IL*1*{family}*{given}****MI*{number}",
        "DMG*D8*{born}*{sex}",
        "EB*1*IND*30^MH^AI*PR*FICTIONAL PPO 1500",
        "EB*C*IND*30***23*1500*****Y",
        "EB*C*IND*30***29*900*****Y",
        "EB*C*FAM*30***23*3000*****Y",
        "EB*C*FAM*30***29*2100*****Y",
        "EB*A*IND*AI*****.2****Y",
        "EB*G*IND*30***23*5000*****Y",
        "EB*G*IND*30***29*4400*****Y",
        "EB*G*FAM*30***23*10000*****Y",
        "EB*G*FAM*30***29*9100*****Y",
        "EB*F*IND*AI***23***DY*30*Y*Y",
        "MSG*PRIOR AUTHORIZATION IS NEEDED FOR THE PROGRAMME",
    ]
    words = {
        "d": day,
        "c": clock,
        "family": person.family_name.upper(),
        "given": person.given_name.upper(),
        "number": number,
        "born": person.birth_date.strftime("%Y%m%d") if person.birth_date else "19900101",
        "sex": person.sex,
    }
    inside = [line.format(**words) for line in body]
    lines = [
        "ISA*00*          *00*          *ZZ*FHP01          *ZZ*MUTUALDEMO     "
        f"*{day[2:]}*{clock}*^*00501*000000001*0*T*:",
        f"GS*HB*FHP01*MUTUALDEMO*{day}*{clock}*1*X*005010X279A1",
        "ST*271*0001*005010X279A1",
        *inside,
        f"SE*{len(inside) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return ("~\n".join(lines) + "~\n").encode("ascii")
