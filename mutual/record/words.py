"""Finding notes by their words, among those whose text an actor may read anyway.

The row policies come first and the words second: PostgreSQL asks a question of text only of rows
that the reader sees, so neither an answer, nor a count, nor the time it takes tells of a note
that is closed to them (P-47, P-53). Sealed notes have no words to find (P-9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from mutual.record.models import Addendum, Note
from mutual.record.queries import bodies, facts, record_closed
from mutual.wall import audit
from mutual.wall.context import Actor

#: As many notes as are shown at once; more words narrow the answer.
MOST = 40
LONGEST = 100
#: Around a found word in an excerpt; neither can be typed into a note by a keyboard.
FROM, TO = "\x02", "\x03"
_EXCERPT = f"StartSel={FROM}, StopSel={TO}, MaxWords=24, MinWords=12, MaxFragments=2"


@dataclass(frozen=True)
class Hit:
    """A note in which the words stand: its facts, and excerpts as (text, found) pieces."""

    note: Note
    pieces: list[tuple[str, bool]]


def find(actor: Actor, subject: UUID, asked: str) -> tuple[list[Hit], bool]:
    """The notes of a person or a couple with all these words, newest first, and whether there
    are more than are shown; three queries.

    Words in quotes must stand together, a word after a minus must not stand there. Endings don't
    matter (``walk`` finds *walked*). Every note with an excerpt counts as read (P-87).
    """
    words = asked.replace("\x00", "").strip()[:LONGEST]
    if not words or record_closed(actor):
        return [], False
    matched: dict[UUID, list[str]] = {}
    for row in _texts(actor, subject, words):
        matched.setdefault(row["note_id"], []).append(row["excerpt"])
    for row in _added(actor, subject, words):
        matched.setdefault(row["note_id"], []).append(row["excerpt"])
    rows = list(
        facts(actor)
        .filter(subject_id=subject, id__in=list(matched))
        .order_by("-starts_at", "-id")[: MOST + 1]
    )
    for row in rows[:MOST]:
        audit.read(row.kind, row.subject_id, row.id, "search")
    hits = [Hit(row, _pieces(matched[row.id])) for row in rows[:MOST]]
    return hits, len(rows) > MOST


def _texts(actor: Actor, subject: UUID, words: str) -> Any:
    whole = "(select string_agg(s.value, ' · ') from jsonb_each_text(record_notebody.sections) s)"
    return _holding(bodies(actor), "record_notebody", whole, subject, words)


def _added(actor: Actor, subject: UUID, words: str) -> Any:
    rows = Addendum.objects.visible_to(actor)
    return _holding(rows, "record_addendum", "record_addendum.text", subject, words)


def _holding(rows: Any, table: str, text: str, subject: UUID, words: str) -> Any:
    asked = "websearch_to_tsquery('english', %s)"
    # Table and column are names of our own code; what was typed is a parameter.
    excerpted = f"ts_headline('english', {text}, {asked}, %s)"
    holds = RawSQL(f"{table}.words @@ {asked}", [words], BooleanField())  # nosec B611
    excerpt = RawSQL(excerpted, [words, _EXCERPT])  # nosec B611
    return (
        rows.filter(subject_id=subject)
        .alias(holds=holds)
        .filter(holds=True)
        .order_by("-note_id")
        .values("note_id", excerpt=excerpt)[: MOST + 1]
    )


def _pieces(excerpts: list[str]) -> list[tuple[str, bool]]:
    """Excerpts cut where a found word begins and ends."""
    found = []
    for piece in re.split(f"({FROM}[^{TO}]*{TO})", " … ".join(excerpts)):
        if piece:
            found.append((piece.strip(FROM + TO), piece.startswith(FROM)))
    return found
