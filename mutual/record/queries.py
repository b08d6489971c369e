"""What screens read of the record, always for an actor; reads of text are audited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed
from mutual.base.refusal import NotThere
from mutual.people.lookups import staff_names
from mutual.people.models import CoupleMember
from mutual.plan.queries import Choice, objectives_on
from mutual.privacy.readers import readers as readers
from mutual.record import rules
from mutual.record.actions import plan_subject, text_of, zone
from mutual.record.content import why_late
from mutual.record.models import SEALED, Addendum, ClosedRecord, CoSignature, Note, NoteBody
from mutual.record.patterns import word
from mutual.record.templates import KINDS, TEMPLATES, NoteKind, Section
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.wall.kept import Kept
from mutual.wall.managers import WalledQuerySet
from mutual.wall.policy import kind as policy_of
from mutual.wall.relations import has_consent
from mutual.week.models import Session

#: Any of these of a person shows a clinician that person's tab; leaders and billers have theirs
#: elsewhere.
LANE_KINDS = (
    "progress_note",
    "conjoint_own_note",
    "medical_note",
    "plan_individual",
    "schedule_own",
)
COUPLE_KINDS = ("plan_couple", "schedule_joint")
#: What else of a person may be open to an actor: flag to (kind, category behind it).
PERSON_FLAGS = {
    "hours": (("attendance", ""), ("attendance", ".facts")),
    "diagnoses": (("diagnosis", ".facts"),),
    "diagnose": (("diagnosis", ".write"),),
    "screens": (("ipv_screen", ""),),
    "level": (("episode", ""),),
    "forms": (("instrument", ""),),
    "checkins": (("checkin", ""),),
    "insurance": (("insurance_card", ""),),
    "leaving": (("discharge_summary", ".write"),),
    "plan": (("plan_individual", ""),),
    "worksheets": (("worksheet", ""),),
    "safety": (("safety_plan", ""),),
    "medicines": (("medication", ""),),
    "tests": (("toxicology", ""),),
    "incidents": (("incident", ".author"), ("incident", ".write")),
}


@dataclass(frozen=True)
class AddendumView:
    """An addendum as read: by whom, when, why, what."""

    by: str
    at: datetime
    reason: str
    text: str


@dataclass(frozen=True)
class NoteView:
    """A note with its text, as one actor reads it."""

    note: Note
    kind: NoteKind
    parts: list[tuple[Section, str]]
    place: str
    version: int
    by: str
    addenda: list[AddendumView]
    objectives: list[Choice]
    chosen: list[str]
    patterns: list[str]
    why_late: str = ""
    cosigned_at: datetime | None = None

    @property
    def signed(self) -> bool:
        """Whether it is closed."""
        return self.note.status == "signed"

    @property
    def tagged(self) -> list[str]:
        """The patterns that it names, in words."""
        return [word(tag) for tag in self.patterns]

    @property
    def linked(self) -> list[Choice]:
        """The objectives that it links."""
        return [choice for choice in self.objectives if str(choice.key) in self.chosen]


def facts(actor: Actor) -> WalledQuerySet[Note]:
    """Facts of the notes an actor may know of; a draft's only for staff (C-76)."""
    rows: WalledQuerySet[Note] = Note.objects.visible_to(actor)
    if actor.is_staff:
        return rows
    if actor.id is None or record_closed(actor):
        return rows.none()
    return rows.filter(Q(status="signed") | Q(author_id=actor.id))


def bodies(actor: Actor) -> WalledQuerySet[NoteBody]:
    """Texts an actor may read; a draft's for its author alone (F-10)."""
    rows: WalledQuerySet[NoteBody] = NoteBody.objects.visible_to(actor)
    if actor.id is None:
        return rows.none()
    return rows.filter(Q(signed=True) | Q(author_id=actor.id))


def record_closed(actor: Actor) -> bool:
    """Whether a person closed their own portal record (C-76)."""
    return actor.is_person and ClosedRecord.objects.filter(person_id=actor.sure_id).exists()


def note(actor: Actor, public_id: UUID) -> NoteView:
    """A note with its text.

    Raises:
        NotThere: absent, forbidden, somebody else's draft, and closed by its person look the same
            (P-2, F-10, C-76).
    """
    if record_closed(actor):
        raise NotThere
    body = (
        bodies(actor)
        .filter(note__public_id=public_id)
        .select_related("note", "note__session")
        .first()
    )
    if body is None:
        raise NotThere
    found = body.note
    words = text_of(body)
    sections = TEMPLATES[found.template].sections
    added = list(Addendum.objects.visible_to(actor).filter(note=found).order_by("signed_at"))
    names = staff_names([found.author_id, *(a.author_id for a in added)])
    where = plan_subject(found)
    under = CoSignature.objects.filter(note=found).values_list("signed_at", flat=True).first()
    audit.read(found.kind, found.subject_id, found.id)
    return NoteView(
        note=found,
        kind=KINDS[found.kind],
        parts=[(section, words.get(section.key, "")) for section in sections],
        place=body.place,
        version=body.version,
        by=names.get(found.author_id, ""),
        addenda=[
            AddendumView(names.get(a.author_id, ""), a.signed_at, a.reason, _added(a))
            for a in added
        ],
        objectives=objectives_on(actor, *where, found.service_date) if where else [],
        chosen=[str(key) for key in body.objectives],
        patterns=list(body.patterns),
        why_late=why_late(body),
        cosigned_at=under,
    )


def _added(row: Addendum) -> str:
    if row.kind in SEALED and row.sealed is not None:
        return open_sealed(row.sealed, str(row.id))
    return row.text


def notes_of(
    actor: Actor, subjects: Iterable[UUID], kinds: Iterable[str] | None = None, limit: int = 60
) -> list[Note]:
    """Facts of the notes of these subjects, newest first; ``opens`` says whether the text is
    the actor's to read. One query."""
    asked, wanted = list(subjects), tuple(kinds) if kinds is not None else None
    if actor.is_staff and len(asked) == 1:
        return list(_NOTES.objects(actor, (wanted, limit), subject=asked[0]))
    return list(_notes(actor, asked, wanted, limit))


def _notes(actor: Actor, subjects: list[UUID], kinds: Any, limit: int) -> Any:
    rows = facts(actor).filter(subject_id__in=subjects)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    opens = bodies(actor).filter(note_id=OuterRef("pk"))
    return rows.annotate(opens=Exists(opens)).order_by("-starts_at", "-id")[:limit]


_NOTES: Kept[Note] = Kept(
    lambda actor, kinds, limit, subject: _notes(actor, [subject], kinds, limit)
)


@dataclass(frozen=True)
class Unsigned:
    """A session that waits for a signed note of the one who held it (C-70)."""

    session: Session
    started: bool
    due: datetime
    overdue: bool


def unsigned(actor: Actor, *, now: datetime | None = None, days: int = 30) -> list[Unsigned]:
    """The actor's ended sessions of the last days without a signed note, oldest first; one query.

    A session whose couple note is signed but one own-chart note isn't still waits.
    """
    from datetime import timedelta

    from mutual.week.kinds import KINDS as SESSION_KINDS

    moment = now or timezone.now()
    mine = Note.objects.visible_to(actor).filter(session_id=OuterRef("pk"), author_id=actor.sure_id)
    held = (
        Session.objects.visible_to(actor)
        .filter(
            clinician_id=actor.sure_id,
            during__endswith__lte=moment,
            during__startswith__gte=moment - timedelta(days=days),
        )
        .exclude(status="cancelled")
        .annotate(written=Exists(mine), started=Exists(mine.exclude(status="signed")))
        .exclude(written=True, started=False)
        .order_by("during")
    )
    waiting = []
    for session in held:
        kind = SESSION_KINDS[session.kind].note if session.kind in SESSION_KINDS else ""
        if not kind or kind not in KINDS:
            continue
        day = session.during.lower.astimezone(zone()).date()
        due = rules.due(kind, day, session.during.upper, zone())
        waiting.append(Unsigned(session, session.started, due, due < moment))
    return waiting


def cosign_waiting(actor: Actor) -> list[Note]:
    """Notes that wait for the actor's co-signature, oldest first (C-72)."""
    under = CoSignature.objects.filter(note_id=OuterRef("pk"))
    rows = Note.objects.visible_to(actor).filter(cosign_by=actor.sure_id, status="signed")
    return list(rows.filter(~Exists(under)).order_by("signed_at"))


def open_tabs(actor: Actor, couple_id: UUID, a: UUID, b: UUID) -> set[str]:
    """Which of ``a``, ``ours``, ``b`` the actor may look into; one query (screens 3).

    Flags such as ``hours_a`` or ``diagnose_b`` say what else is open of a partner: those of
    ``PERSON_FLAGS``, with the side.
    """
    asked: dict[str, tuple[UUID, tuple[tuple[str, str], ...]]] = {
        "a": (a, _read(LANE_KINDS)),
        "ours": (couple_id, _read(COUPLE_KINDS)),
        "b": (b, _read(LANE_KINDS)),
        "plan_ours": (couple_id, (("plan_couple", ""),)),
    }
    for side, person in (("a", a), ("b", b)):
        asked |= {f"{flag}_{side}": (person, kinds) for flag, kinds in PERSON_FLAGS.items()}
    wanted = {kind + suffix for _, kinds in asked.values() for kind, suffix in kinds}
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject, category from wall.held(%s, %s)", [[a, couple_id, b], sorted(wanted)]
        )
        held = set(cursor.fetchall())
    return {
        name
        for name, (subject, kinds) in asked.items()
        if any((subject, kind + suffix) in held for kind, suffix in kinds)
    }


def _read(kinds: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, suffix) for kind in kinds for suffix in ("", ".facts"))


def conditions(kind: str, partner: str = "") -> str:
    """One sentence on who else may come to read it, and that the partner doesn't."""
    entry = policy_of(kind)
    said = []
    if any(r.consent == "cj" for r in entry.rights("self")):
        said.append(_("Each partner can read it once both have signed for it."))
    elif entry.cell("partner") == "-" and partner:
        said.append(_("%(partner)s can't read it.") % {"partner": partner})
    if any(r.verb == "A" for r in entry.rights("own_counselor")) and entry.sealed:
        said.append(_("Yours alone, unless a separate consent opens it."))
    elif entry.sealed:
        said.append(_("Kept sealed."))
    return " ".join(said)


def reader_line(kind: str, person: str, partner: str = "") -> str:
    """The label beside the box: who reads this note (interface 2, P-15)."""
    names = readers(kind, person)
    first = (
        _("Once signed, read by %(readers)s.") % {"readers": get_text_list(names, _("and"))}
        if names
        else ""
    )
    return f"{first} {conditions(kind, partner)}".strip()


def joint_state(actor: Actor, couple_id: UUID) -> str:
    """How the couple notes stand for one partner: ``open``, ``review`` or ``closed`` (C-74).

    ``review`` is what a partner reads who has signed while both halves aren't in force, whatever
    the other did (P-24).
    """
    with connection.cursor() as cursor:
        cursor.execute("select %s = any(wall.subjects('conjoint_note'))", [couple_id])
        row = cursor.fetchone()
    if row and row[0]:
        return "open"
    return "review" if has_consent(actor.sure_id, "cj") else "closed"


def couple_id_of(actor: Actor) -> UUID | None:
    """The open couple of a partner."""
    row = CoupleMember.objects.filter(
        person_id=actor.sure_id, couple__ended_on__isnull=True
    ).first()
    return row.couple_id if row else None
