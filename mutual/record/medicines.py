"""Medicines of one person: what they take, what was ordered, the logs the law wants (C-90 to C-93).

The prescriber works in one chart at a time; nothing here looks into the partner's (C-5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.ids import uuid7
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import licensed, staff_names
from mutual.people.models import Person
from mutual.record import medicine_rules as rules
from mutual.record.models import Medicine, MedicineFacts, MonitoringQuery, NaloxoneOffer
from mutual.wall import audit
from mutual.wall.context import Actor


@dataclass(frozen=True)
class Order:
    """What a prescriber orders.

    Attributes:
        substance: key of :data:`medicine_rules.SUBSTANCES`.
        name, directions: as on the prescription.
        days: of supply.
        checked: confirmed items of the checklist (C-93).
        path: lawful path of a controlled medicine (C-91).
    """

    substance: str
    name: str
    directions: str
    days: int | None
    checked: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Line:
    """A medicine as the list shows it."""

    facts: MedicineFacts
    medicine: Medicine
    by: str

    @property
    def word(self) -> str:
        """What it is."""
        return self.medicine.name

    @property
    def running(self) -> bool:
        """Whether it is taken now."""
        return self.facts.ends_on is None


def person_with_medicines(actor: Actor, public_id: UUID) -> Person:
    """A person whose list of medicines the actor may read.

    Raises:
        NotThere: to everybody else, the couples therapist without a release too (C-90).
    """
    people = Person.objects.visible_to(actor).filter(id__granted="medication")
    return people.sole(public_id=public_id)


def may_write(person: Person) -> bool:
    """Whether the current actor keeps this list: prescriber or nurse."""
    return Person.objects.filter(id=person.id, id__granted="medication.write").exists()


def medicines_of(actor: Actor, person: Person) -> list[Line]:
    """The list of medicines, running ones first; two queries, audited."""
    found = list(Medicine.objects.visible_to(actor).filter(person=person).select_related("facts"))
    names = staff_names([one.facts.by_id for one in found])
    audit.read("medication", person.id)
    lines = [Line(one.facts, one, names.get(one.facts.by_id, "")) for one in found]
    return sorted(lines, key=lambda line: (not line.running, -line.facts.starts_on.toordinal()))


def order(
    actor: Actor, person: Person, wanted: Order, *, now: datetime | None = None
) -> MedicineFacts:
    """Order a medicine: only a prescriber, licensed where the person is (C-46, C-90).

    Raises:
        NotThere: to anybody who doesn't keep this list.
        Refused: by C-46, C-90, C-91, C-92 or C-93.
    """
    _keeps(actor, person)
    if not actor.has("prescriber"):
        raise Refused(_("Only a prescriber orders."), rule="C-90")
    moment = now or timezone.now()
    today = moment.astimezone(ZoneInfo(person.zone)).date()
    if not licensed(actor.sure_id, person.state, today):
        raise Refused(
            _("You have no licence in %(state)s, where this person is.") % {"state": person.state},
            rule="C-46",
        )
    if not wanted.name.strip() or not wanted.directions.strip():
        raise Refused(_("Name the medicine and how it is taken."), rule="C-90", field="name")
    last = (
        MonitoringQuery.objects.filter(person=person, by_id=actor.sure_id).order_by("-at").first()
    )
    rules.refuse_order(
        wanted.substance,
        now=moment,
        today=today,
        state=person.state,
        days=wanted.days,
        checked=wanted.checked,
        path=wanted.path,
        query=rules.Query(last.state, last.at, last.answered) if last else None,
    )
    path = "buprenorphine" if wanted.substance == "buprenorphine" else wanted.path
    return _write(actor, person, "ordered", wanted, today, moment, path)


def note_taken(
    actor: Actor, person: Person, wanted: Order, *, since: date, now: datetime | None = None
) -> MedicineFacts:
    """Write down a medicine that the person says they take; nurse or prescriber.

    Raises:
        NotThere: to anybody who doesn't keep this list.
        Refused: without a name.
    """
    _keeps(actor, person)
    if not wanted.name.strip():
        raise Refused(_("Name the medicine."), field="name")
    return _write(actor, person, "told", wanted, since, now or timezone.now(), "")


def _write(
    actor: Actor, person: Person, source: str, wanted: Order, starts: date, at: datetime, path: str
) -> MedicineFacts:
    facts = MedicineFacts(
        id=uuid7(), person=person, source=source, by_id=actor.sure_id, starts_on=starts, made_at=at
    )
    facts.save(force_insert=True)
    Medicine(
        facts=facts,
        person=person,
        substance=wanted.substance,
        name=wanted.name.strip(),
        directions=wanted.directions.strip(),
        days_supply=wanted.days,
        checked=sorted(wanted.checked),
        lawful_path=path,
    ).save(force_insert=True)
    audit.note("write", "medication", person.id, facts.id, source)
    return facts


def stop(
    actor: Actor, person: Person, public_id: UUID, reason: str, *, now: datetime | None = None
) -> None:
    """End a medicine with its reason; it stays in the list. Once is once (F-13).

    Raises:
        NotThere: if it isn't on a list that the actor keeps.
        Refused: without a reason, or an order ended by anybody but a prescriber (C-90).
    """
    _keeps(actor, person)
    facts = MedicineFacts.objects.writable_by(actor).sole(public_id=public_id, person=person)
    if facts.ends_on is not None:
        return
    if not reason.strip():
        raise Refused(_("Say why it ends."), field="reason")
    if facts.source == "ordered" and not actor.has("prescriber"):
        raise Refused(_("Only a prescriber ends an order."), rule="C-90")
    moment = now or timezone.now()
    facts.ends_on = max(facts.starts_on, moment.astimezone(ZoneInfo(person.zone)).date())
    facts.save(update_fields=["ends_on"])
    medicine = Medicine.objects.get(facts=facts)
    medicine.stop_reason = reason.strip()
    medicine.save(update_fields=["stop_reason"])
    audit.note("write", "medication", person.id, facts.id, "ended")


def log_query(
    actor: Actor, person: Person, state: str, *, answered: bool, now: datetime | None = None
) -> MonitoringQuery:
    """Log a look into a state's monitoring program, past year, before buprenorphine (C-92).

    Raises:
        NotThere: to anybody who doesn't keep this list.
        Refused: for another state than the one where the person is.
    """
    _keeps(actor, person)
    if state.upper() != person.state:
        raise Refused(
            _("The person is in %(state)s: look there.") % {"state": person.state},
            rule="C-92",
            field="state",
        )
    row = MonitoringQuery(
        id=uuid7(),
        person=person,
        state=person.state,
        by_id=actor.sure_id,
        at=now or timezone.now(),
        answered=answered,
    )
    row.save(force_insert=True)
    audit.note("write", "medication", person.id, row.id, "monitoring program")
    return row


def offer_naloxone(
    actor: Actor,
    person: Person,
    *,
    taken: bool,
    expires_on: date | None = None,
    now: datetime | None = None,
) -> NaloxoneOffer:
    """Write down that naloxone was offered, and until when the kit is good (C-84).

    Raises:
        NotThere: to anybody who doesn't keep this list.
        Refused: for a kit without its date.
    """
    _keeps(actor, person)
    if taken and expires_on is None:
        raise Refused(_("Until when is the kit good?"), rule="C-84", field="expires_on")
    row = NaloxoneOffer(
        id=uuid7(),
        person=person,
        by_id=actor.sure_id,
        offered_on=timezone.localdate(now) if now else timezone.localdate(),
        taken=taken,
        expires_on=expires_on if taken else None,
    )
    row.save(force_insert=True)
    audit.note("write", "medication", person.id, row.id, "naloxone")
    return row


def naloxone_of(actor: Actor, person: Person) -> NaloxoneOffer | None:
    """The newest offer of naloxone."""
    rows = NaloxoneOffer.objects.visible_to(actor).filter(person=person)
    return rows.order_by("-offered_on", "-id").first()


def last_query(actor: Actor, person: Person) -> MonitoringQuery | None:
    """The newest logged look into the monitoring program."""
    return MonitoringQuery.objects.visible_to(actor).filter(person=person).order_by("-at").first()


def _keeps(actor: Actor, person: Person) -> None:
    if not actor.is_staff or not may_write(person):
        raise NotThere
