"""Worksheets: a person's own, worked on with the own counselor; the partner's by consent alone.

A worksheet is begun, kept as often as one likes and finished once; the next time it is begun
anew, and the finished one stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.daily.models import Worksheet
from mutual.daily.sheets import SHEETS, Sheet
from mutual.people.models import Person
from mutual.wall import audit
from mutual.wall.context import Actor

#: Characters of one answer, and finished worksheets on a page.
LONGEST = 4_000
PAGE = 20


@dataclass(frozen=True)
class Written:
    """A worksheet as its reader sees it: which, its answers by key, version, days."""

    public_id: UUID
    sheet: Sheet
    text: Mapping[str, str]
    version: int
    saved_at: datetime
    finished_at: datetime | None

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Question and answer, in the order of the sheet."""
        return [(str(q.words), self.text.get(q.key, "")) for q in self.sheet.questions]


def sheet_of(key: str) -> Sheet:
    """The worksheet of this key.

    Raises:
        NotThere: there is none.
    """
    found = SHEETS.get(key)
    if found is None:
        raise NotThere
    return found


def numbered(number: int) -> Sheet:
    """The worksheet with this place among all, from 1.

    Raises:
        NotThere: there are not so many.
    """
    if not 1 <= number <= len(SHEETS):
        raise NotThere
    return list(SHEETS.values())[number - 1]


def person_with_sheets(actor: Actor, public_id: UUID) -> Person:
    """A person whose worksheets the actor may read.

    Raises:
        NotThere: to everybody else.
    """
    people = Person.objects.visible_to(actor).filter(id__granted="worksheet")
    return people.sole(public_id=public_id)


def open_of(actor: Actor) -> dict[str, Written]:
    """The own worksheets that are begun and not finished, by key; one query."""
    rows = Worksheet.objects.visible_to(actor).filter(
        person_id=actor.sure_id, finished_at__isnull=True
    )
    return {row.sheet: _written(row) for row in rows if row.sheet in SHEETS}


def finished_of(actor: Actor, person_id: UUID) -> list[Written]:
    """Finished worksheets of a person that the actor may read, newest first; one query.

    A partner without the consent, and a colleague without a right, get none (P-1).
    """
    rows = Worksheet.objects.visible_to(actor).filter(
        person_id=person_id, finished_at__isnull=False
    )
    return [_written(row) for row in rows.order_by("-finished_at")[:PAGE] if row.sheet in SHEETS]


def of_person(actor: Actor, person: Person) -> list[Written]:
    """All worksheets of a person for who treats them, the open ones first; the read is noted."""
    rows = Worksheet.objects.visible_to(actor).filter(person_id=person.id)
    found = [_written(row) for row in rows.order_by("-saved_at")[:PAGE] if row.sheet in SHEETS]
    audit.read("worksheet", person.id)
    return sorted(found, key=lambda one: one.finished_at is not None)


def one(actor: Actor, public_id: UUID) -> Written:
    """One worksheet that the actor may read; the read of somebody else's is noted.

    Raises:
        NotThere: absent, or not open to the actor.
    """
    row = Worksheet.objects.visible_to(actor).sole(public_id=public_id)
    if row.person_id != actor.id:
        if row.finished_at is None:
            raise NotThere  # what is still being written is its writer's and their team's
        audit.read("worksheet", row.person_id, row.id)
    return _written(row)


def write(
    actor: Actor,
    key: str,
    text: Mapping[str, str],
    *,
    version: int,
    finish: bool = False,
    now: datetime | None = None,
) -> Written:
    """Keep the own open worksheet of a kind, beginning it if there is none; or finish it.

    Raises:
        Refused: nothing written at all, an answer too long, or changed in another window
            meanwhile (F-14): nothing is overwritten.
        NotThere: no such worksheet, or for anybody but a person in care.
    """
    sheet, moment = sheet_of(key), now or timezone.now()
    if not actor.is_person:
        raise NotThere
    kept = {q.key: text.get(q.key, "").strip() for q in sheet.questions}
    if not any(kept.values()):
        raise Refused(_("Write a few words first."), field=sheet.questions[0].key)
    for name, words in kept.items():
        if len(words) > LONGEST:
            raise Refused(_("Shorten it to %(n)d characters.") % {"n": LONGEST}, field=name)
    mine = Worksheet.objects.visible_to(actor).filter(person_id=actor.sure_id, sheet=key)
    row = mine.filter(finished_at__isnull=True).first()
    done = moment if finish else None
    if row is None and version == 0:
        row = Worksheet(
            person_id=actor.sure_id, sheet=key, text=kept, version=1,
            saved_at=moment, finished_at=done,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise _elsewhere() from error
        return _written(row)
    changed = row is not None and Worksheet.objects.filter(
        id=row.id, version=version, finished_at__isnull=True
    ).update(text=kept, version=version + 1, saved_at=moment, finished_at=done)
    if row is None or not changed:
        if row is not None and row.text == kept and not finish:  # a repeat of the same save
            return _written(row)
        raise _elsewhere()
    row.refresh_from_db()
    return _written(row)


def _elsewhere() -> Refused:
    words = _("This worksheet was changed in another window. What you typed is still here.")
    return Refused(words, rule="F-14")


def _written(row: Worksheet) -> Written:
    return Written(
        row.public_id, SHEETS[row.sheet], row.text, row.version, row.saved_at, row.finished_at
    )
