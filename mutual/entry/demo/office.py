"""What lies on the privacy officer's and the director's desks in the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mutual.entry.demo.acting import acting_as
from mutual.people.models import Staff
from mutual.privacy import (
    answering,
    breaches,
    engagements,
    forms_outside,
    legal,
    oncall,
    requests,
    vendors,
)
from mutual.privacy.actions import sign_form
from mutual.record import release

if TYPE_CHECKING:
    from mutual.entry.demo.load import Programme

DOCTOR = "Dr. Sample, family doctor"
OPEN_TO_DOCTOR = ("diagnosis", "plan_individual", "medication")


def write(programme: Programme) -> None:
    """Requests, a release, demands, a breach, firms, an audit, tonight's shift."""
    _requests(programme)
    _release(programme)
    _law(programme)
    _programme(programme)


def _requests(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    asked = {}
    for name, kind, words, back in (
        ("ana", "access", "All of it, to take to my doctor.", 3),
        ("cleo", "amendment", "It was two beers, not two bottles.", 24),
        ("gale", "restriction", "Please don't tell my health plan about the group visits.", 12),
    ):
        with acting_as(programme.people[name].id, "person") as self_:
            asked[name] = requests.ask(self_, kind, words, now=programme.ago(back))
    with acting_as(id_of("pia"), "staff") as officer:
        answering.name_decider(officer, asked["cleo"], Staff.objects.get(id=id_of("noor")))
        answering.decide(
            officer, asked["gale"], True, "Agreed from today on: these visits are paid by you.",
            now=programme.ago(9),
        )  # fmt: skip


def _release(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    ana = programme.people["ana"]
    form = forms_outside.external(
        DOCTOR, "1 Example Plaza, Sampletown", OPEN_TO_DOCTOR, "treatment",
        programme.today + timedelta(days=90), today=programme.today - timedelta(days=6),
    )  # fmt: skip
    with acting_as(ana.id, "person") as self_:
        signed = sign_form(self_, form, "Ana Fiction", now=programme.ago(6))
    with acting_as(id_of("mo"), "staff") as counselor:
        row = release.prepare_release(
            counselor, ana, signed.public_id, kinds=("diagnosis", "plan_individual"),
            now=programme.ago(5),
        )  # fmt: skip
    release.carry_out(row.id, now=programme.ago(5))


def _law(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    with acting_as(id_of("pia"), "staff") as officer:
        legal.log_demand(
            officer, name_asked="Ned Imagined", form="subpoena", sender="Lane and Lane, lawyers",
            received_on=programme.today - timedelta(days=2), asks_for="The whole record.",
            compelled=True, now=programme.ago(2),
        )  # fmt: skip
        stranger = legal.log_demand(
            officer, name_asked="Nobody Known", form="letter", sender="A lawyer of Sampletown",
            received_on=programme.today - timedelta(days=15),
            asks_for="Whether this person is in treatment.", now=programme.ago(15),
        )  # fmt: skip
        legal.answer_demand(officer, stranger, now=programme.ago(14))
        breaches.log_breach(
            officer, "A letter with the time of a visit went to an old address.",
            programme.today - timedelta(days=4), [programme.people["iris"].id],
        )  # fmt: skip


def _programme(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    until = programme.today + timedelta(days=300)
    with acting_as(id_of("dee"), "staff") as director:
        firm = vendors.write_vendor(
            director, "Fictional Clearinghouse", "clearinghouse", until, until
        )
        vendors.switch(director, firm, True)
        vendors.write_vendor(director, "Fictional Post", "mail", until, None)
        engagements.open_engagement(
            director,
            Staff.objects.get(id=id_of("otis")),
            engagements.Terms(
                "Fictional Accreditation Body", "Yearly survey of records",
                programme.today, programme.today + timedelta(days=4),
                programme.today - timedelta(days=3), "Otis Ledger", "destroyed",
            ),
            [programme.people[name].id for name in ("effie", "finn")],
        )  # fmt: skip
        oncall.plan(
            director, Staff.objects.get(id=id_of("mo")), programme.now,
            programme.now + timedelta(hours=14), now=programme.now,
        )  # fmt: skip
