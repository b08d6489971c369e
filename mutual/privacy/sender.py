"""The one sender: whatever goes out to a person goes the way that person chose (P-38, C-19).

Each notice is taken by one worker, asked about once more (cancelled? taken back? too late?), and
leaves at most once: it is marked before it goes, and what a worker took and didn't bring back is
shown to staff instead of sent again. One neutral text, no name, no link (P-49).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base import mail, sms, zones
from mutual.base.refusal import NotThere
from mutual.people.lookups import shown
from mutual.people.models import Account, StaffTask
from mutual.privacy import channel
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current
from mutual.wall.models import Notice, Relation
from mutual.wall.outbox import still_holds

#: Waits after each failure; after the last one somebody has to look.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
#: A worker that took a notice and is silent for so long has died.
SILENT = timedelta(minutes=10)
#: What waited longer (no sender ran) is not sent any more: it stands in the portal anyway.
STALE = timedelta(days=3)


@dataclass(frozen=True)
class Going:
    """A notice on its way: by which port, to which address, in which language."""

    id: UUID
    port: str
    address: str
    language: str


def send_due(now: datetime | None = None, *, limit: int = 100) -> dict[str, int]:
    """Send what is due; returns how many ended in each outcome. As many workers as you like."""
    moment = now or timezone.now()
    counts: dict[str, int] = {}
    with transaction.atomic():
        going = _take(moment, limit, counts)
    for one in going:
        outcome = _go(one, moment)
        counts[outcome or "again"] = counts.get(outcome or "again", 0) + 1
    return counts


def _take(moment: datetime, limit: int, counts: dict[str, int]) -> list[Going]:
    going = []
    with as_service("notices"):
        Notice.objects.filter(outcome="sending", next_try__lte=moment - SILENT).update(
            outcome="failed", why="unknown"
        )
        rows = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(outcome="", due__lte=moment)
            .exclude(next_try__gt=moment)
            .order_by("due")[:limit]
        )
    told: set[UUID] = set()
    for row in rows:
        one = None
        if row.viewer_id in told:
            # One text says it all: what falls due in the same minute goes with the first.
            row.outcome = "together"
        else:
            one = _decide(row, moment)
        if one is not None or row.outcome == "call":
            told.add(row.viewer_id)
        with as_service("notices"):
            row.save(update_fields=["outcome", "why", "next_try", "tries"])
        if one is not None:
            going.append(one)
        elif row.outcome:
            counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return going


def _decide(row: Notice, moment: datetime) -> Going | None:
    """What becomes of a notice now; sets its outcome or its next try."""
    account = Account.objects.filter(actor_id=row.viewer_id, is_active=True).first()
    if account is None or not still_holds(row.occasion, row.due):
        row.outcome = "withdrawn"
        return None
    if moment >= (row.until or row.due + STALE):
        row.outcome = "late"
        return None
    port, address = "mail", account.email
    if account.actor_kind == "person":
        way = channel.way(row.viewer_id)
        port, address = way.route, way.address
        if port == "portal":
            row.outcome = "portal"
            return None
        if way.safe is None:
            row.outcome, row.why = "failed", "hours"
            return None
        safe = way.safe.next(moment, zones.zone(account.zone))
        if safe > moment:
            row.next_try = safe
            if row.until is not None and safe >= row.until:
                row.outcome = "late"
            return None
        if port == "call":
            _ask_to_call(row.viewer_id, way, moment)
            row.outcome = "call"
            return None
    if not address:
        row.outcome, row.why = "failed", "address"
        return None
    row.outcome, row.next_try = "sending", moment
    row.tries += 1
    return Going(row.id, port, address, account.language)


def _go(one: Going, moment: datetime) -> str:
    ports: dict[str, Callable[[str, str], None]] = {
        "mail": mail.send_update, "sms": sms.send_update,
    }  # fmt: skip
    try:
        ports[one.port](one.address, one.language)
    except OSError:
        return _later(one, moment)
    with transaction.atomic(), as_service("notices"):
        Notice.objects.filter(id=one.id).update(outcome="sent", sent_at=moment)
    return "sent"


def _later(one: Going, moment: datetime) -> str:
    with transaction.atomic(), as_service("notices"):
        row = Notice.objects.select_for_update().get(id=one.id)
        if row.tries > len(WAITS):
            row.outcome, row.why = "failed", f"no {one.port}"
        else:
            row.outcome, row.next_try = "", moment + WAITS[row.tries - 1]
        row.save(update_fields=["outcome", "why", "next_try"])
    return row.outcome


def _ask_to_call(person_id: UUID, way: channel.Way, moment: datetime) -> None:
    """One open task for the own counselor: that there is news, and how to call safely (C-19)."""
    words = call_words(way)
    with as_service("contact_review"):
        for counselor in Relation.objects.filter(
            subject_id=person_id, subject_of="P", relation="own_counselor", valid__contains=moment
        ).values_list("viewer_id", flat=True):
            if StaffTask.objects.filter(
                person_id=person_id, addressee_id=counselor, rule="P-38", done_at__isnull=True
            ).exists():
                continue
            StaffTask(
                person_id=person_id, author_id=current().sure_id, addressee_id=counselor,
                rule="P-38", text=words, due=moment + timedelta(days=1),
            ).save(force_insert=True)  # fmt: skip


def call_words(way: channel.Way) -> str:
    """How to call somebody safely: number, hours, voicemail, code word."""
    parts = [
        _("Call: there is news waiting. %(phone)s.") % {"phone": way.address or _("no number")}
    ]
    if way.hours_words:
        parts.append(_("Safe: %(hours)s.") % {"hours": way.hours_words})
    parts.append(_("Voicemail is safe.") if way.voicemail else _("Leave nothing on voicemail."))
    if way.code_word:
        parts.append(_("“%(word)s” means: I can't speak freely.") % {"word": way.code_word})
    return " ".join(parts)


@dataclass(frozen=True)
class Failure:
    """A notice that didn't leave: of whom, since when, and why in a word."""

    public_id: UUID
    name: str
    due: datetime
    tries: int
    why: str


def failures(actor: Actor) -> list[Failure]:
    """The notices that somebody has to look at; for the director, three queries.

    Raises:
        NotThere: for everybody else.
    """
    if not actor.has("director"):
        raise NotThere
    with as_service("notices"):
        rows = list(
            Notice.objects.filter(outcome="failed")
            .order_by("due")[:200]
            .values_list("public_id", "viewer_id", "due", "tries", "why")
        )
    from mutual.people.models import Person

    people = dict(
        Person.objects.visible_to(actor)
        .filter(id__in=[row[1] for row in rows])
        .annotate(name_shown=shown("name", "id"))
        .values_list("id", "name_shown")
    )
    return [Failure(r[0], people.get(r[1], ""), r[2], r[3], r[4]) for r in rows]


def settle(actor: Actor, public_id: UUID, *, again: bool, now: datetime | None = None) -> None:
    """Try a failed notice once more, or close it: they were reached in another way.

    Raises:
        NotThere: for everybody but the director, and for a notice that didn't fail.
    """
    if not actor.has("director"):
        raise NotThere
    with as_service("notices"):
        row = Notice.objects.filter(public_id=public_id, outcome="failed").first()
        if row is None:
            raise NotThere
        row.outcome, row.why = ("", "") if again else ("seen", row.why)
        row.tries, row.next_try = 0, None
        row.save(update_fields=["outcome", "why", "tries", "next_try"])
    audit.note("write", "contact_location", row.viewer_id, row.id, "notice settled")
