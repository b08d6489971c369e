"""Two who book one hour at once: locks in one order, and words for what the database refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base import zones
from mutual.base.refusal import Refused
from mutual.people.lookups import shown_names
from mutual.people.models import Staff
from mutual.week.models import PersonBooking, StaffBooking
from mutual.week.templates import programme_zone


@contextmanager
def no_longer_free(
    staff: Sequence[UUID],
    people: Sequence[UUID],
    during: TimestamptzRange | None,
    moving: UUID | None = None,
) -> Iterator[None]:
    """One transaction; an overlap that the database refuses becomes words (F-4).

    ``during`` is the time asked for; without it a whole plan is written.

    Locks in one order keep ten who book at once from waiting for each other in a circle; the
    exclusion constraints stand whether anybody takes the locks or not.
    """
    keys = sorted(str(i) for i in (*staff, *people))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for key in keys:
                    cursor.execute(
                        "select pg_advisory_xact_lock(hashtextextended(%s, 7202))", [key]
                    )
            yield
    except (IntegrityError, OperationalError) as error:
        code = getattr(error.__cause__, "sqlstate", "")
        if code not in ("23P01", "40P01"):  # exclusion violation, deadlock
            raise
        if during is None:
            words = _("No longer free: somebody was booked meanwhile. Plan the week again.")
            raise Refused(words, rule="F-4") from error
        raise Refused(
            busy_words(staff, people, during, moving), rule="F-4", field="start"
        ) from error


def busy_words(
    staff: Sequence[UUID],
    people: Sequence[UUID],
    during: TimestamptzRange,
    moving: UUID | None = None,
) -> str:
    """Who is busy then, as far as the actor may see busy times; never with whom."""
    return taken_words(staff, people, during, moving) or _not_free([], during)


def taken_words(
    staff: Sequence[UUID],
    people: Sequence[UUID],
    during: TimestamptzRange,
    moving: UUID | None = None,
) -> str:
    """The same for a time that may be free: then, or where the actor sees nobody's, ``""``."""
    but = [moving] if moving else []
    taken = StaffBooking.objects.filter(
        staff_id__in=list(staff), cancelled=False, during__overlap=during
    ).exclude(session_id__in=but)
    names = list(
        Staff.objects.filter(id__in=taken.values("staff_id")).values_list("name", flat=True)
    )
    busy = (
        PersonBooking.objects.filter(
            person_id__in=list(people), cancelled=False, during__overlap=during
        )
        .exclude(session_id__in=but)
        .values_list("person_id", flat=True)
    )
    names += [name for name, _w in shown_names(list(busy)).values()]
    return _not_free(names, during) if names else ""


def _not_free(names: Sequence[str], during: TimestamptzRange) -> str:
    start, end = during.lower, during.upper
    assert start is not None and end is not None
    when = zones.span(start, end, programme_zone())
    if not names:
        return _("No longer free: %(when)s. Choose another time.") % {"when": when}
    return _("No longer free: %(names)s busy then (%(when)s). Choose another time.") % {
        "names": ", ".join(names),
        "when": when,
    }
