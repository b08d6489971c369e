"""Sessions and notes as the tests need them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.people.models import Couple, Person
from mutual.record import actions
from mutual.record.actions import Draft
from mutual.record.models import Note, NoteBody
from mutual.record.templates import sections
from mutual.wall.relations import relate
from mutual.wall.testing import acting_as
from mutual.week.models import Group, Seat, Session
from tests.world import id_of


def held(
    clinician: str,
    kind: str,
    of: str,
    subject: str | UUID,
    people: Sequence[str],
    *,
    hours_ago: float = 2,
    minutes: int = 60,
) -> Session:
    """A session that was held, with its seats, booked by admissions."""
    begin = timezone.now().replace(microsecond=0) - timedelta(hours=hours_ago)
    during = TimestamptzRange(begin, begin + timedelta(minutes=minutes))
    subject_id = subject if isinstance(subject, UUID) else id_of(subject)
    with acting_as(id_of("ada"), "staff"):
        session = Session(
            kind=kind, subject_of=of, subject_id=subject_id, clinician_id=id_of(clinician),
            during=during, status="ended", made_by=id_of("ada"),
        )  # fmt: skip
        session.save(force_insert=True)
        for name in people:
            Seat(
                session=session, person_id=id_of(name), subject_of="C" if of == "C" else "P",
                subject_id=subject_id if of == "C" else id_of(name),
                clinician_id=id_of(clinician), kind=kind, during=during,
            ).save(force_insert=True)  # fmt: skip
    return session


def skills(act: Callable[[str], AbstractContextManager[object]], hours_ago: float = 2) -> Session:
    """A skills group of Sol's that was held with Ana and Cleo."""
    with act("ada"):
        group = Group(name="Skills", kind="skills_group", leader_id=id_of("sol"))
        group.save(force_insert=True)
        relate(id_of("sol"), "leader", group.id, "G", reason="leads")
        for name in ("ana", "cleo"):
            relate(id_of("sol"), "leader", id_of(name), "P", reason="leads your group")
    return held("sol", "skills_group", "G", group.id, ["ana", "cleo"], hours_ago=hours_ago)


def start(actor, name: str = "ana", kind: str = "progress_note", hours_ago: float = 2) -> Note:
    """A note without a session, of a contact that ended an hour after its start."""
    begin: datetime = timezone.now().replace(microsecond=0) - timedelta(hours=hours_ago)
    subject = Couple(id=id_of(name)) if len(name) == 2 else Person(id=id_of(name))
    return actions.start_note(
        actor, None, kind, subject, starts_at=begin, ends_at=begin + timedelta(minutes=60)
    )


def filled(note: Note, words: str = "Worked on the goal.") -> dict[str, str]:
    return {section.key: words for section in sections(note.template)}


def draft(actor, note: Note, words: str = "Worked on the goal.", **more) -> int:
    version = NoteBody.objects.get(note_id=note.id).version
    return actions.save_draft(
        actor, note, Draft(filled(note, words), version, place="Home, TX", **more)
    )


def signed(actor, name: str = "ana", kind: str = "progress_note", words: str = "Worked.") -> Note:
    note = start(actor, name, kind)
    draft(actor, note, words)
    return actions.sign_note(actor, note)


_NONCES = re.compile(rb'X-CSRFToken(&quot;|"): *(&quot;|")[^"&]+|csrfmiddlewaretoken" value="[^"]+')


def plain(content: bytes) -> bytes:
    """A page without the reader's own nonces (P-47)."""
    return _NONCES.sub(b"", content)


def same(one, two) -> bool:
    """Status, body and headers equal, but for the request's own id and nonces (P-2)."""
    heads = [
        {k: v for k, v in answer.headers.items() if k.lower() not in ("x-request-id", "set-cookie")}
        for answer in (one, two)
    ]
    if plain(one.content) != plain(two.content):
        pairs = zip(plain(one.content).splitlines(), plain(two.content).splitlines(), strict=False)
        print(next((p for p in pairs if p[0] != p[1]), "length"))
    return (
        one.status_code == two.status_code
        and plain(one.content) == plain(two.content)
        and heads[0] == heads[1]
    )
