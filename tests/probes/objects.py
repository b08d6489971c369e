"""Real records of Ana's (and the couple's), one or more for each route that shows one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from mutual.daily.models import JournalPage, Worksheet
from mutual.measures.models import Response
from mutual.people.models import Person, StaffTask
from mutual.privacy.models import Breach, LegalDemand, PrivacyRequest
from mutual.record.models import Incident, Note
from tests.probes import lives
from tests.world import id_of

#: Who wrote, or got, what was made of a kind: an ``A`` in the table is theirs alone.
AUTHORS: dict[str, tuple[str, ...]] = {
    **{kind: (who,) for who, kind in lives.NOTES},
    "message_own": ("ana", "mo"),
    "staff_task": ("mo",),
    "incident": ("mo",),
}
#: Arguments of a route, and the kind of the record they name ("": as routes.txt has it).
Given = tuple[str, dict[str, object]]


@dataclass
class Objects:
    """What the routes are asked for, and the ids by which each kind could be listed."""

    given: dict[str, list[Given]] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)

    def add(self, kind: str, public_id: UUID, *routes: str) -> None:
        """A record of a kind, which these routes show by its id."""
        self.ids.setdefault(kind, set()).add(str(public_id))
        for route in routes:
            self.given.setdefault(route, []).append((kind, {"public_id": public_id}))


def everything(act: lives.Act, samples: dict[str, dict[str, object]]) -> Objects:
    """A week of Ana's; ids of what was made in it, and the samples for every other route."""
    made = {step.do: step.do(act) for step in lives.STEPS}
    found = Objects()
    for who, kind in lives.NOTES:
        with act(who) as actor:
            note = Note.objects.filter(
                kind=kind, author_id=actor.id, status="signed", subject_id=id_of("ana")
            ).latest("starts_at")
        found.add(
            kind, note.public_id, "staff-note", "portal-note", "staff-note-draft",
            "staff-note-addendum", "staff-note-cosign",
        )  # fmt: skip
    with act("ana"):
        person = Person.objects.get(id=id_of("ana")).public_id
        found.add("journal", JournalPage.objects.latest("id").public_id, "portal-journal-page")
        sheet = Worksheet.objects.latest("id").public_id
        found.add("worksheet", sheet, "portal-worksheet-read")
        asked = PrivacyRequest.objects.latest("id").public_id
        found.add(
            "privacy_request", asked, "portal-request", "portal-request-copy", "staff-request"
        )
    with act("pia"):
        found.add(
            "legal_demand", LegalDemand.objects.latest("id").public_id, "staff-demand",
            "staff-demand-letter",
        )  # fmt: skip
        found.add("breach", Breach.objects.latest("id").public_id, "staff-breach")
    with act("mo") as mo:
        found.add("incident", Incident.objects.latest("id").public_id, "staff-incident")
        task = StaffTask.objects.filter(addressee_id=mo.id, person_id=id_of("ana")).first()
        assert task is not None
        found.add("staff_task", task.public_id, "staff-task-done")
        answers = Response.objects.filter(person_id=id_of("ana")).first()
        assert answers is not None
    more: dict[str, dict[str, object]] = {
        "portal-form": {"public_id": made[lives.forms]},
        "staff-answers": {"public_id": person, "response_id": answers.public_id},
        "interop-calendar": {"token": made[lives.feed]},
    }
    for route, given in (samples | more).items():
        found.given.setdefault(route, [("", given)])
    return found
