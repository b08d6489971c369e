"""What a session's clinician writes at once: group notes (C-73) and the conjoint three (C-74)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import Couple, CoupleMember, Person
from mutual.record import rules
from mutual.record.actions import Draft, DraftMoved, save_draft, sign_note, text_of
from mutual.record.models import Note, NoteBody
from mutual.record.starting import start_each, start_note
from mutual.wall.context import Actor
from mutual.week.kinds import KINDS as SESSION_KINDS
from mutual.week.models import GroupMember, Seat, Session


def start_notes(actor: Actor, session: Session) -> list[Note]:
    """The notes that a session asks of the one who held it, started where they aren't yet.

    A conjoint session asks for one couple note and one short own-chart note for each partner
    (C-74); a group session for one note per person with a seat (C-73); any other for one. Where
    a person's record is closed to the actor since, the others' notes are started all the same.

    Raises:
        NotThere: if the actor didn't hold the session.
    """
    if session.clinician_id != actor.id:
        raise NotThere
    kind = SESSION_KINDS[session.kind].note if session.kind in SESSION_KINDS else ""
    if session.subject_of == "C" and kind == "conjoint_note":
        return _conjoint(actor, session)
    if session.subject_of == "G":
        kind = "group_note"  # of a group that ran with one, too (C-43): its leader writes no other
    kind, seated = kind or "progress_note", seats(session)
    try:
        return start_each(actor, session, kind, seated)
    except NotThere:
        # Somebody has left the group or the team since: the others' notes are written all the same.
        notes = []
        for person in seated:
            with suppress(NotThere):
                notes.append(start_note(actor, session, kind, person))
        return notes


def seats(session: Session) -> list[Person]:
    """The people with a place in a session, in the order of their seats."""
    taken = Seat.objects.filter(session=session, cancelled=False).order_by("id")
    ids = list(taken.values_list("person_id", flat=True))
    found = {person.id: person for person in Person.objects.filter(id__in=ids)}
    # A leader sees no profile of a member (D10), yet writes the member's note.
    return [found.get(i) or Person(id=i) for i in ids]


def _conjoint(actor: Actor, session: Session) -> list[Note]:
    couple = Couple.objects.filter(id=session.subject_id).first()
    if couple is None:
        raise NotThere
    members = CoupleMember.objects.filter(couple=couple).order_by("side")
    people = [Person(id=p) for p in members.values_list("person_id", flat=True)]
    return [
        start_note(actor, session, "conjoint_note", couple),
        *start_each(actor, session, "conjoint_own_note", people),
    ]


@dataclass(frozen=True)
class Part:
    """What the page of a group sends about one person; ``None`` leaves a thing as it is.

    Attributes:
        own: the person's line.
        version: of this person's draft when the page was opened; ``None`` asks nothing.
        objectives: public ids of the person's objectives that the session served.
    """

    own: str | None = None
    version: int | None = None
    objectives: Sequence[str] | None = None


class GroupMoved(Refused):
    """Another page saved notes of this group meanwhile: nothing was overwritten (F-14).

    Attributes:
        shared: the shared part that is kept.
        own: person id to the line that is kept.
        versions: person id to the version that a save puts one's own words over.
    """

    def __init__(self, shared: str, own: dict[UUID, str], versions: dict[UUID, int]) -> None:
        super().__init__(
            _("These notes were changed in another window. Both texts are kept; choose one."),
            rule="F-14",
        )
        self.shared, self.own, self.versions = shared, own, versions


def save_group(
    actor: Actor,
    session: Session,
    shared: str,
    parts: Mapping[UUID, Part],
    *,
    place: str = "",
    tab: str = "",
) -> list[Note]:
    """Write the shared part into every draft of a group session, and each person's line (C-73).

    All drafts are kept or none.

    Args:
        parts: person id to what was typed about that person.
        tab: a random name of the page, so that a page never meets its own saves.

    Raises:
        Refused: if a part names another member.
        GroupMoved: if another page saved since this one was opened; nothing is overwritten.
    """
    notes = start_notes(actor, session)
    with transaction.atomic():
        for note in notes:
            if note.status == "signed":
                continue
            body = NoteBody.objects.get(note_id=note.id)
            part = parts.get(note.subject_id, Part())
            own = text_of(body).get("own", "") if part.own is None else part.own
            words = {"shared": shared, "own": own}
            refuse_other_names(actor, note, words)
            version = body.version if part.version is None else part.version
            draft = Draft(
                words, version, tab=tab, place=place or body.place, objectives=part.objectives
            )
            try:
                save_draft(actor, note, draft)
            except DraftMoved as moved:
                raise _moved(notes) from moved
    return notes


def _moved(notes: Sequence[Note]) -> GroupMoved:
    bodies = {b.note_id: b for b in NoteBody.objects.filter(note_id__in=[n.id for n in notes])}
    words = {n.subject_id: text_of(bodies[n.id]) for n in notes}
    shared = next((w["shared"] for w in words.values() if w.get("shared")), "")
    return GroupMoved(
        shared,
        {person: text.get("own", "") for person, text in words.items()},
        {n.subject_id: bodies[n.id].version for n in notes},
    )


def sign_group(
    actor: Actor, notes: Sequence[Note], *, now: datetime | None = None, late_reason: str = ""
) -> list[Note]:
    """Sign the notes of one group session in one sitting; each stays a signature of its own."""
    moment = now or timezone.now()
    return [sign_note(actor, note, now=moment, late_reason=late_reason) for note in notes]


def refuse_other_names(actor: Actor, note: Note, words: Mapping[str, str]) -> None:
    """Refuse a group note that names another member: name, initials or group name (C-73).

    Raises:
        Refused: naming the part; the name itself isn't repeated.
    """
    if note.session is None:
        return
    others = [p for p in _members(note.session) if p != note.subject_id]
    if not others:
        return
    ways = [w for name, _pronouns in shown_names(others).values() for w in rules.ways_to_name(name)]
    for person in Person.objects.filter(id__in=others):
        ways += rules.ways_to_name(person.given_name, person.family_name)
    ways += [
        alias
        for alias in GroupMember.objects.filter(
            group_id=note.session.subject_id, person_id__in=others
        ).values_list("alias", flat=True)
        if alias
    ]
    own = shown_names([note.subject_id]).get(note.subject_id, ("", ""))[0].lower()
    ways = [way for way in ways if way.lower() != own]
    for part, text in words.items():
        if rules.named(text, ways):
            raise Refused(
                _("This part names another member of the group. Write it without the name."),
                rule="C-73",
                field=part,
            )


def _members(session: Session) -> list[UUID]:
    return list(Seat.objects.filter(session=session).values_list("person_id", flat=True))
