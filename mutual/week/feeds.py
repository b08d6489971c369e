"""Calendar feeds: one per person, off at first, busy times and nothing else (P-50)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.home import secret
from mutual.base.refusal import NotThere, Refused
from mutual.wall import audit, journal
from mutual.wall.context import Actor, as_service
from mutual.week.models import Feed, Seat, WeekPlan
from mutual.week.templates import monday_of

#: What a calendar shows: this far back and ahead.
BACK, AHEAD = timedelta(days=30), timedelta(days=60)
#: 32 random bytes: 256 bits (P-50 asks for 128 at least).
SECRET_BYTES = 32
_WORD_LENGTH = 40


@dataclass(frozen=True)
class BusyTime:
    """One entry of a feed: an id unrelated to any other, start, end, the person's word.

    ``sequence`` counts its changes; ``cancelled`` entries tell calendars that copied it.
    """

    uid: str
    start: datetime
    end: datetime
    word: str
    stamp: datetime
    sequence: int = 0
    cancelled: bool = False


def open_feed(actor: Actor, *, word: str = "") -> str:
    """Switch the own feed on, or renew its secret: the old address is dead from then on.

    Returns:
        the secret, shown once; the database keeps its SHA-256.

    Raises:
        Refused: for a word that is too long or has line breaks.
    """
    if not actor.is_person:
        raise NotThere
    word = word.strip()
    if len(word) > _WORD_LENGTH or "\n" in word or "\r" in word:
        raise Refused(_("Choose a word of up to 40 letters."), rule="P-50", field="word")
    token = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        _end(actor.sure_id)
        Feed(person_id=actor.sure_id, secret_hash=_hash(token), word=word).save(force_insert=True)
    audit.note("write", "account_device", actor.id, actor.id, "calendar feed")
    return token


def close_feed(actor: Actor) -> None:
    """Switch the own feed off."""
    with transaction.atomic():
        _end(actor.sure_id)
    audit.note("write", "account_device", actor.id, actor.id, "calendar feed off")


def _end(person_id: UUID) -> None:
    """The address of now is dead, also in a database restored from before (P-21)."""
    for feed in Feed.objects.filter(person_id=person_id):
        journal.ended("feed", timezone.now(), hash=bytes(feed.secret_hash).hex())
        feed.delete()


@journal.applies("feed")
def _end_again(what: dict[str, str], at: datetime) -> None:
    with as_service("revocations"):
        Feed.objects.filter(secret_hash=bytes.fromhex(what["hash"])).delete()


def has_feed(actor: Actor) -> Feed | None:
    """The own feed, if it is on."""
    return Feed.objects.visible_to(actor).filter(person_id=actor.sure_id).first()


def busy_times(token: str, *, now: datetime | None = None) -> list[BusyTime]:
    """The entries of the feed with this secret; answered as the service ``calendar``.

    Raises:
        NotThere: for a secret that is unknown, renewed or switched off.
    """
    moment = now or timezone.now()
    with as_service("calendar"):
        feed = Feed.objects.sole(secret_hash=_hash(token))
        during = TimestamptzRange(moment - BACK, moment + AHEAD)
        seats = list(
            Seat.objects.filter(person_id=feed.person_id, during__overlap=during).order_by("during")
        )
        drafts = draft_weeks(feed.person_id)
    audit.note("feed", "schedule_own", feed.person_id)
    return [
        BusyTime(
            _uid(seat, feed.person_id), seat.during.lower, seat.during.upper,
            feed.word or _("Busy"), feed.made_at, seat.sequence, seat.cancelled,
        )
        for seat in _told(seats, drafts)
    ]  # fmt: skip


def _told(seats: list[Seat], drafts: set[date]) -> Iterator[Seat]:
    """Seats that a calendar shows: none of a week that is still planned.

    A cancelled one is told where its time is free now. Beside another at the same time it would
    only say that something was replaced, which nobody is to read out of a calendar (C-17).
    """
    for seat in seats:
        start = seat.during.lower
        assert start is not None
        replaced = seat.cancelled and any(
            not other.cancelled
            and other.during.lower < seat.during.upper
            and other.during.upper > start
            for other in seats
        )
        if monday_of(start) not in drafts and not replaced:
            yield seat


def draft_weeks(person_id: UUID) -> set[date]:
    """Mondays of the weeks that the team is still planning; nothing of them is told yet."""
    return drafts_of([person_id]).get(person_id, set())


def drafts_of(people: Iterable[UUID]) -> dict[UUID, set[date]]:
    """The same of several people, by person; one query."""
    found: dict[UUID, set[date]] = {}
    rows = WeekPlan.objects.filter(
        couple__members__person_id__in=list(people), published_at__isnull=True
    )
    for person, monday in rows.values_list("couple__members__person_id", "monday"):
        found.setdefault(person, set()).add(monday)
    return found


def _uid(seat: Seat, person: UUID) -> str:
    """Not derivable without the installation's secret, so two feeds can't be joined."""
    digest = hmac.new(secret("feeds"), seat.id.bytes + person.bytes, hashlib.sha256)
    return digest.hexdigest()[:40]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
