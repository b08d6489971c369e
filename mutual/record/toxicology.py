"""Tests of a specimen: asked for at random, seen by one member of staff, presumptive (C-87).

The partner is never the observer, and sees a result only under their own consents (C-50).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.ids import uuid7
from mutual.base.refusal import NotThere, Refused
from mutual.base.words import mark, say
from mutual.people.lookups import staff_names
from mutual.people.models import Person, StaffTask
from mutual.record import medicine_rules as rules
from mutual.record.models import Specimen, SpecimenFacts
from mutual.wall import audit
from mutual.wall.context import Actor

#: Groups a test may look for; the words are the laboratory's, without judgement.
SUBSTANCES = {
    "alcohol": mark("Alcohol"),
    "opioids": mark("Opioids"),
    "fentanyl": mark("Fentanyl"),
    "stimulants": mark("Stimulants"),
    "benzodiazepines": mark("Benzodiazepines"),
    "cannabis": mark("Cannabis"),
    "buprenorphine": mark("Buprenorphine"),
}


#: What marks the task of a drawn day, and how far ahead days are drawn.
DRAWN = "C-87"
MOST_DAYS = 90


@dataclass(frozen=True)
class Line:
    """A test as the list shows it; no result while none is written down."""

    facts: SpecimenFacts
    specimen: Specimen | None
    observer: str

    @property
    def settled(self) -> str:
        """``presumptive`` until confirmed, else the outcome; ``""`` without one."""
        if self.specimen is None:
            return ""
        return rules.settled(self.specimen.outcome, self.specimen.confirmed)

    @property
    def words(self) -> list[str]:
        """What was found, in the reader's language."""
        return [say(SUBSTANCES[key]) for key in self.specimen.substances] if self.specimen else []


def random_days(start: date, count: int, span: int, seed: int | None = None) -> list[date]:
    """``count`` days within ``span`` days from ``start``, drawn at random, in order (C-87).

    Args:
        seed: only for tests; otherwise the system's own source of chance.

    Raises:
        Refused: if there are fewer days than tests.
    """
    if not 0 < count <= span:
        raise Refused(_("Choose fewer tests than days."), rule="C-87", field="count")
    chance: random.Random = random.Random(seed) if seed is not None else random.SystemRandom()
    return sorted(start + timedelta(days=n) for n in chance.sample(range(span), count))


def draw_days(
    actor: Actor, person: Person, count: int, span: int, *, now: datetime | None = None
) -> list[date]:
    """Draw days for tests from tomorrow on: each becomes a task of the actor, due at noon (C-87).

    The person learns of none: a task is seen by its author and its addressee alone.

    Raises:
        Refused: for fewer days than tests, more than `MOST_DAYS`, or while drawn days are open.
        NotThere: to anybody who doesn't write these.
    """
    _keeps(actor, person)
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    if span > MOST_DAYS:
        raise Refused(_("At most %(n)d days ahead.") % {"n": MOST_DAYS}, rule="C-87", field="span")
    waiting = StaffTask.objects.visible_to(actor).filter(
        person=person, addressee_id=actor.sure_id, rule=DRAWN, done_at__isnull=True
    )
    if waiting.exists():
        raise Refused(_("Days are drawn already: they are among your tasks."), rule="C-87")
    days = random_days(today + timedelta(days=1), count, span)
    for day in days:
        due = datetime.combine(day, time(12), timezone.get_default_timezone())
        task = StaffTask(
            person=person, author_id=actor.sure_id, addressee_id=actor.sure_id, rule=DRAWN,
            text=_("Ask for a test today."), due=due,
        )  # fmt: skip
        task.save(force_insert=True)
        audit.note("write", "staff_task", person.id, task.id)
    return days


def person_with_tests(actor: Actor, public_id: UUID) -> Person:
    """A person whose tests the actor may read.

    Raises:
        NotThere: to everybody else.
    """
    people = Person.objects.visible_to(actor).filter(id__granted="toxicology")
    return people.sole(public_id=public_id)


def may_write(person: Person) -> bool:
    """Whether the current actor asks for tests and writes them down."""
    return Person.objects.filter(id=person.id, id__granted="toxicology.write").exists()


def tests_of(actor: Actor, person: Person) -> list[Line]:
    """The tests of a person, newest first; three queries, audited."""
    facts = list(
        SpecimenFacts.objects.visible_to(actor).filter(person=person).order_by("-asked_at")[:100]
    )
    found = {
        one.facts_id: one
        for one in Specimen.objects.visible_to(actor).filter(facts__in=[f.id for f in facts])
    }
    names = staff_names([f.observer_id for f in facts])
    audit.read("toxicology", person.id)
    return [Line(f, found.get(f.id), names.get(f.observer_id, "")) for f in facts]


def ask(
    actor: Actor, person: Person, observer_id: UUID, *, now: datetime | None = None
) -> SpecimenFacts:
    """Ask for a specimen, to be given on private video before one member of staff.

    Raises:
        NotThere: to anybody who doesn't write these.
        Refused: if the observer is no member of staff (C-87: never the partner).
    """
    _keeps(actor, person)
    if observer_id not in staff_names([observer_id]):
        raise Refused(_("One member of staff observes, never the partner."), rule="C-87")
    facts = SpecimenFacts(
        id=uuid7(),
        person=person,
        asked_at=now or timezone.now(),
        asked_by=actor.sure_id,
        observer_id=observer_id,
    )
    facts.save(force_insert=True)
    audit.note("write", "toxicology", person.id, facts.id, "asked")
    return facts


def write_result(
    actor: Actor,
    person: Person,
    public_id: UUID,
    outcome: str,
    substances: Sequence[str] = (),
    *,
    now: datetime | None = None,
) -> Specimen:
    """Write a result down: presumptive while no laboratory confirmed it.

    Raises:
        NotThere: to anybody who doesn't write these.
        Refused: twice, or positive without saying for what.
    """
    _keeps(actor, person)
    facts = SpecimenFacts.objects.writable_by(actor).sole(public_id=public_id, person=person)
    if Specimen.objects.filter(facts=facts).exists():
        raise Refused(_("This result is written down already."), rule="F-13")
    if outcome not in ("negative", "positive", "invalid", "declined"):
        raise Refused(_("Choose what the test said."), field="outcome")
    found = [key for key in substances if key in SUBSTANCES]
    if outcome == "positive" and not found:
        raise Refused(_("Positive for what?"), rule="C-87", field="substances")
    if outcome != "declined":
        facts.collected_at = now or timezone.now()
        facts.save(update_fields=["collected_at"])
    row = Specimen(
        facts=facts,
        person=person,
        outcome=outcome,
        substances=found if outcome == "positive" else [],
    )
    row.save(force_insert=True)
    audit.note("write", "toxicology", person.id, facts.id, "result")
    return row


def confirm(
    actor: Actor,
    person: Person,
    public_id: UUID,
    outcome: str,
    laboratory: str,
    *,
    now: datetime | None = None,
) -> Specimen:
    """Write down what a laboratory said of a positive test.

    Raises:
        NotThere: to anybody who doesn't write these, or without a result.
        Refused: without the laboratory's name, or for a test that was not positive.
    """
    _keeps(actor, person)
    row = Specimen.objects.writable_by(actor).sole(facts__public_id=public_id, person=person)
    if row.outcome != "positive":
        raise Refused(_("Only a positive test is confirmed."), rule="C-87")
    if outcome not in ("positive", "negative") or not laboratory.strip():
        raise Refused(
            _("Say what the laboratory found, and which laboratory."), rule="C-87", field="lab"
        )
    row.confirmed, row.laboratory = outcome, laboratory.strip()
    row.confirmed_at = now or timezone.now()
    row.save(update_fields=["confirmed", "laboratory", "confirmed_at"])
    audit.note("write", "toxicology", person.id, row.facts_id, "confirmed")
    return row


def _keeps(actor: Actor, person: Person) -> None:
    if not actor.is_staff or not may_write(person):
        raise NotThere
