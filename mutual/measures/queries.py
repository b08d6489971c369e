"""What screens ask about forms: the open ones, totals for oneself, answers for the counselor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from mutual.measures import wordings
from mutual.measures.models import Assignment, Response, ResponseBody, ResponseTotal
from mutual.measures.scale import Instrument
from mutual.people.models import Person
from mutual.wall import audit
from mutual.wall.context import Actor


def my_open_forms(actor: Actor, today: date | None = None) -> list[Assignment]:
    """One's own forms that can be answered today, the first due first (I-14)."""
    day = today or timezone.localdate()
    return list(
        Assignment.objects.filter(
            person_id=actor.sure_id, done_at=None, opens_on__lte=day, closes_on__gte=day
        ).order_by("due_on", "id")
    )


def my_form(actor: Actor, public_id: UUID) -> tuple[Assignment, Instrument]:
    """One's own form that isn't sent yet, with its instrument.

    Raises:
        NotThere: for anybody else's and for one already sent.
    """
    form = Assignment.objects.visible_to(actor).sole(
        public_id=public_id, person_id=actor.sure_id, done_at=None
    )
    return form, wordings.get(form.key)


def already_sent(actor: Actor, public_id: UUID) -> bool:
    """Whether a form of one's own is sent already; no for anybody else's."""
    return Assignment.objects.filter(
        public_id=public_id, person_id=actor.sure_id, done_at__isnull=False
    ).exists()


@dataclass(frozen=True)
class OwnLine:
    """A form answered, as its own person sees it: a day and a total, no name (I-13)."""

    day: date
    total: str
    key: str


def my_results(actor: Actor) -> list[OwnLine]:
    """One's own totals, newest first: never items, never the instrument's name (I-10, I-13)."""
    rows = ResponseTotal.objects.visible_to(actor).filter(person_id=actor.sure_id)
    return [
        OwnLine(row.answered_on, "" if row.total is None else f"{row.total:.0f}", row.key)
        for row in rows.order_by("-answered_on", "-response_id")[:60]
    ]


def totals_of(actor: Actor, person: Person, keys: Iterable[str] = ()) -> list[ResponseTotal]:
    """Totals of a person that the actor may see, oldest first, for lines (I-30)."""
    rows = ResponseTotal.objects.visible_to(actor).filter(person=person)
    wanted = list(keys)
    if wanted:
        rows = rows.filter(key__in=wanted)
    audit.read("instrument", person.id)
    return list(rows.order_by("answered_on", "response_id"))


def answers_of(actor: Actor, response_id: UUID) -> ResponseBody:
    """The answers of one form, for those who may read them: never its author (I-13)."""
    body = ResponseBody.objects.visible_to(actor).sole(response__public_id=response_id)
    audit.read("instrument", body.person_id, body.response_id)
    return body


def responses_of(actor: Actor, person: Person) -> list[Response]:
    """Which forms of a person were answered and when, newest first, with their totals."""
    rows = Response.objects.visible_to(actor).filter(person=person).select_related("result")
    return list(rows.order_by("-answered_at")[:60])
