"""Break-glass: in an emergency a clinician opens one person's record for an hour (P-10).

It opens at once, because lives wait for nobody's approval; it ends by itself; every read under it
is marked in the trail by the database; the privacy officer is told at once and must close it; the
person finds it among who looked at their record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import at_work, staff_names
from mutual.people.models import Person
from mutual.people.roles import is_clinical
from mutual.privacy.models import BreakGlass, Consent
from mutual.privacy.staff_words import kind_name
from mutual.wall import audit, policy
from mutual.wall.context import Actor, as_service
from mutual.wall.outbox import leave
from mutual.wall.relations import end_relations, relate

MINUTES = 60
LEAST_WORDS = 20
#: The officer looks at each opening within this time.
REVIEW_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Opening:
    """One opening for a list: who, of whom, how it stands."""

    row: BreakGlass
    by: str
    name: str
    live: bool
    late: bool


def may_open(actor: Actor) -> bool:
    """A clinician or the director (P-10)."""
    return actor.is_staff and ("director" in actor.roles or is_clinical(actor.roles))


def opens() -> list[str]:
    """What an emergency opens of one person, in words: from the table, and nothing else."""
    return sorted((kind_name(k) for k in policy.break_glass_kinds()), key=str.casefold)


def stays_shut() -> list[str]:
    """What stays closed even then, in words."""
    open_ = set(policy.break_glass_kinds())
    shut = [
        name
        for name, entry in policy.collect()[0].items()
        if entry.sealed and name not in open_ and entry.of == policy.Of.PERSON
    ]
    return sorted((kind_name(k) for k in shut), key=str.casefold)


def open_record(
    actor: Actor,
    name: str,
    kind: str,
    reason: str,
    *,
    born: date | None = None,
    now: datetime | None = None,
) -> BreakGlass:
    """Open one person's record for an hour, at once; tell the officer and the person (P-10).

    Args:
        name: first and last name, whole: nobody is found by a part of one.
        born: needed where two people have the same name.

    Raises:
        NotThere: for who is neither clinician nor director.
        Refused: without a kind, with fewer than 20 characters of reason, or when nobody is found:
            one answer for "not here", "not you" (P-6) and "which of two", and nothing is opened.
    """
    if not may_open(actor):
        raise NotThere
    moment = now or timezone.now()
    if kind not in dict(BreakGlass._meta.get_field("kind").choices or ()):
        raise Refused(_("Choose what kind of emergency it is."), rule="P-10", field="kind")
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused(
            _("Say in at least 20 characters why it can't wait."), rule="P-10", field="reason"
        )
    person = _found(name, born)
    if person is None:
        audit.note("refused", "break_glass", None, None, "nobody found")
        raise Refused(
            _(
                "Nobody was found by this name. Nothing was opened. Write the first and last name"
                " in full; where two people share a name, add the date of birth."
            ),
            rule="P-10",
            field="name",
        )
    running = BreakGlass.objects.filter(
        by_id=actor.sure_id, person=person, closed_at__isnull=True, ends_at__gt=moment
    ).first()
    if running is not None:
        return running
    row = BreakGlass(
        person=person,
        by_id=actor.sure_id,
        kind=kind,
        reason=reason.strip(),
        opened_at=moment,
        ends_at=moment + timedelta(minutes=MINUTES),
    )
    with transaction.atomic():
        row.save(force_insert=True)
        with as_service("emergency_desk"):
            relate(
                actor.sure_id, "break_glass", person.id, "P",
                reason="emergency", since=row.opened_at, until=row.ends_at,
            )  # fmt: skip
        for officer in officers():
            leave(officer, f"glass:{row.id}", moment)
        leave(person.id, f"glass:{row.id}", moment)
    audit.note("break-glass", "break_glass", person.id, row.id, kind)
    return row


def _found(name: str, born: date | None) -> Person | None:
    """The one person of that whole name, none of whom the actor has a conflict with (P-6)."""
    given, _space, family = " ".join(name.split()).partition(" ")
    with connection.cursor() as cursor:
        cursor.execute("select wall.conflicts()")
        row = cursor.fetchone()
    shut: list[UUID] = list(row[0]) if row else []
    if not family:
        return None
    with as_service("emergency_desk"):
        rows = Person.objects.filter(given_name__iexact=given, family_name__iexact=family)
        if born is not None:
            rows = rows.filter(birth_date=born)
        found = [one for one in rows[:3] if one.id not in shut]
    return found[0] if len(found) == 1 else None


def officers() -> list[UUID]:
    """Privacy officers at work."""
    rows = at_work(timezone.localdate()).filter(roles__contains=["privacy_officer"])
    return list(rows.values_list("id", flat=True))


def end(actor: Actor, row: BreakGlass, *, now: datetime | None = None) -> BreakGlass:
    """End an opening before its hour is over: who opened it, or the privacy officer.

    Raises:
        NotThere: for everybody else.
    """
    if row.by_id != actor.id and not actor.has("privacy_officer"):
        raise NotThere
    moment = now or timezone.now()
    if row.closed_at is None and row.ends_at > moment:
        row.closed_at, row.closed_by_id = moment, actor.sure_id
        with transaction.atomic():
            row.save(update_fields=["closed_at", "closed_by_id"])
            with as_service("emergency_desk"):
                end_relations(row.by_id, row.person_id, "break_glass", at=moment)
        audit.note("break-glass", "break_glass", row.person_id, row.id, "ended")
    return row


def live(row: BreakGlass, now: datetime) -> bool:
    """Whether it is open at a moment."""
    return row.closed_at is None and row.opened_at <= now < row.ends_at


def mine(actor: Actor, now: datetime | None = None) -> list[Opening]:
    """The actor's own openings, the newest first."""
    moment = now or timezone.now()
    rows = list(BreakGlass.objects.filter(by_id=actor.sure_id).order_by("-opened_at")[:20])
    names = _full_names([row.person_id for row in rows if live(row, moment)])
    return [
        Opening(row, "", names.get(row.person_id, ""), live(row, moment), False) for row in rows
    ]


def _full_names(people: Iterable[UUID]) -> dict[UUID, str]:
    return {p.id: str(p) for p in Person.objects.filter(id__in=list(people))}


def running(actor: Actor, key: UUID, now: datetime | None = None) -> BreakGlass:
    """An opening of the actor's own that is open now.

    Raises:
        NotThere: a minute too late, ended, somebody else's, or none: all one.
    """
    moment = now or timezone.now()
    row = BreakGlass.objects.filter(public_id=key, by_id=actor.sure_id).first()
    if row is None or not live(row, moment):
        raise NotThere
    # A conflict of interest declared since then closes it, too (P-6).
    row.person = Person.objects.visible_to(actor).sole(id=row.person_id)
    return row


def queue(actor: Actor, now: datetime | None = None) -> tuple[list[Opening], list[Opening]]:
    """Those that wait for the officer's review, the oldest first, and the last reviewed ones.

    Raises:
        NotThere: for everybody but the privacy officer and the director, who reads along.
    """
    if not actor.has("privacy_officer", "director"):
        raise NotThere
    moment = now or timezone.now()
    waiting = list(BreakGlass.objects.filter(reviewed_at__isnull=True).order_by("opened_at"))
    done = list(BreakGlass.objects.filter(reviewed_at__isnull=False).order_by("-opened_at")[:50])
    lines = _lines([*waiting, *done], moment)
    return lines[: len(waiting)], lines[len(waiting) :]


def one(actor: Actor, key: UUID, now: datetime | None = None) -> Opening:
    """One opening for the officer.

    Raises:
        NotThere: for everybody but the privacy officer and the director.
    """
    if not actor.has("privacy_officer", "director"):
        raise NotThere
    row = BreakGlass.objects.filter(public_id=key).first()
    if row is None:
        raise NotThere
    audit.read("break_glass", row.person_id, row.id)
    return _lines([row], now or timezone.now())[0]


def signed_names(people: Iterable[UUID]) -> dict[UUID, str]:
    """People under the name they signed with, which is all the officer knows of them."""
    rows = Consent.objects.filter(person_id__in=list(people)).order_by("signed_at")
    return dict(rows.values_list("person_id", "signed_name"))


def _lines(rows: list[BreakGlass], moment: datetime) -> list[Opening]:
    names = signed_names({row.person_id for row in rows})
    staff = staff_names([row.by_id for row in rows])
    return [
        Opening(
            row,
            staff.get(row.by_id, ""),
            names.get(row.person_id, ""),
            live(row, moment),
            row.reviewed_at is None and moment - row.opened_at > REVIEW_WITHIN,
        )
        for row in rows
    ]


def review(
    actor: Actor,
    row: BreakGlass,
    verdict: str,
    comment: str,
    follow_up: str,
    *,
    now: datetime | None = None,
) -> BreakGlass:
    """The officer closes an opening: right or not, why, and what follows (P-10).

    Raises:
        NotThere: for everybody but a privacy officer who didn't open it.
        Refused: without a verdict; "not justified" without words and something that follows.
    """
    if not actor.has("privacy_officer") or row.by_id == actor.id:
        raise NotThere
    if row.reviewed_at is not None:
        raise Refused(_("This was reviewed already."), rule="P-10")
    fields = BreakGlass._meta
    if verdict not in dict(fields.get_field("verdict").choices or ()):
        raise Refused(_("Say whether it was justified."), rule="P-10", field="verdict")
    follow_up = follow_up or "none"
    if follow_up not in dict(fields.get_field("follow_up").choices or ()):
        raise Refused(_("Choose what follows."), rule="P-10", field="follow_up")
    if verdict == "unjustified" and not comment.strip():
        raise Refused(_("Say why not, in a sentence."), rule="P-10", field="comment")
    if verdict == "unjustified" and follow_up == "none":
        raise Refused(
            _("Something follows when it wasn't justified."), rule="P-10", field="follow_up"
        )
    moment = now or timezone.now()
    if live(row, moment):
        end(actor, row, now=moment)
    row.verdict, row.comment, row.follow_up = verdict, comment.strip(), follow_up
    row.reviewed_at, row.reviewed_by_id = moment, actor.sure_id
    row.save(update_fields=["verdict", "comment", "follow_up", "reviewed_at", "reviewed_by_id"])
    audit.note("write", "break_glass", row.person_id, row.id, f"reviewed: {verdict}")
    return row
