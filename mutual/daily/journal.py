"""A person's own journal: sealed with a key outside the database, read by nobody else (P-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.refusal import NotThere, Refused
from mutual.daily.models import JournalPage
from mutual.people.models import Person
from mutual.wall.context import Actor

LONGEST = 20_000
#: Pages on one screen.
PAGE = 20


@dataclass(frozen=True)
class Entry:
    """A page as its person reads it."""

    public_id: UUID
    day: date
    text: str
    version: int

    @property
    def first_words(self) -> str:
        """Its beginning, for the list."""
        line = " ".join(self.text.split())
        return line if len(line) <= 80 else f"{line[:79].rstrip()}…"


def entries(actor: Actor, before: date | None = None) -> tuple[list[Entry], bool]:
    """The own pages, newest first, and whether there are older ones; one query."""
    if not actor.is_person:
        raise NotThere
    rows = JournalPage.objects.visible_to(actor).filter(person_id=actor.sure_id)
    if before is not None:
        rows = rows.filter(day__lt=before)
    found = list(rows.order_by("-day", "-id")[: PAGE + 1])
    return [_opened(row) for row in found[:PAGE]], len(found) > PAGE


def entry(actor: Actor, public_id: UUID) -> Entry:
    """One own page.

    Raises:
        NotThere: absent, or somebody else's.
    """
    return _opened(_own(actor, public_id))


def write(
    actor: Actor,
    text: str,
    *,
    public_id: UUID,
    version: int = 0,
    now: datetime | None = None,
) -> Entry:
    """Keep a page under the id that its form carries; a new id makes a new page (F-13).

    Raises:
        Refused: empty, too long, or changed in another window meanwhile (F-14): nothing is
            overwritten.
        NotThere: for anybody but a person in care.
    """
    moment = now or timezone.now()
    person = Person.objects.visible_to(actor).filter(id=actor.sure_id).first()
    if not actor.is_person or person is None:
        raise NotThere
    if not text.strip():
        raise Refused(_("Write a few words first."), field="text")
    if len(text) > LONGEST:
        raise Refused(_("Shorten it to %(n)d characters.") % {"n": LONGEST}, field="text")
    row = JournalPage.objects.visible_to(actor).filter(public_id=public_id).first()
    if row is None:
        row = JournalPage(
            public_id=public_id, person=person, day=moment.astimezone(ZoneInfo(person.zone)).date()
        )
        row.sealed = _sealed(row, text)
        row.saved_at = moment
        row.save(force_insert=True)
        return _opened(row)
    saved = JournalPage.objects.filter(id=row.id, version=version).update(
        sealed=_sealed(row, text), version=version + 1, saved_at=moment
    )
    if not saved:
        same = _opened(row)
        if same.text == text:  # a repeat of the same save
            return same
        raise Refused(
            _("This page was changed in another window. Copy what you typed, then open it again."),
            rule="F-14",
        )
    row.refresh_from_db()
    return _opened(row)


def throw_away(actor: Actor, public_id: UUID) -> None:
    """Delete an own page for good: it is part of no record."""
    _own(actor, public_id).delete()


def _own(actor: Actor, public_id: UUID) -> JournalPage:
    rows = JournalPage.objects.visible_to(actor).filter(person_id=actor.sure_id)
    return rows.sole(public_id=public_id)


def _sealed(row: JournalPage, text: str) -> bytes:
    return seal(text, str(row.id))


def _opened(row: JournalPage) -> Entry:
    return Entry(row.public_id, row.day, open_sealed(row.sealed, str(row.id)), row.version)
