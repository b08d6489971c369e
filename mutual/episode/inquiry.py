"""A first question, from the form to the calendar: receive, answer, move, plan, link (F-19, P-32).

Two partners may write with one mailbox and one phone: they are two inquiries, and stay so. What
joins them is a person of admissions, never an address.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.ids import uuid7
from mutual.base.refusal import Refused
from mutual.base.states import CODES
from mutual.episode.models import BOARD, Inquiry
from mutual.people.lookups import couple_of
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

STAGES = tuple(key for key, _words in BOARD)
#: Stages in which somebody still waits for us.
OPEN = ("new", "contacted", "screening", "verified", "scheduled")
CLOSED = ("admitted", "declined")


def check_reach(route: str, reach: str) -> str:
    """The number or address, trimmed, when it fits the way that was chosen.

    Raises:
        Refused: with what to check; everything else that was typed is kept.
    """
    text = " ".join(reach.split())
    if route == "mail":
        try:
            validate_email(text)
        except ValidationError as error:
            raise Refused(
                _("This isn't a whole email address yet. Check it; the rest is kept."),
                field="reach",
            ) from error
        return text
    digits = sum(sign.isdigit() for sign in text)
    if not 10 <= digits <= 15:
        raise Refused(
            _("We need 10 digits, with the area code; there are %(count)s. The rest is kept.")
            % {"count": digits},
            field="reach",
        )
    return text


def receive_inquiry(
    *,
    name: str,
    safe_route: str,
    reach: str,
    safe_hours: str,
    state: str,
    question: str = "",
    couple_word: str = "",
    source: str = "",
    language: str = "en",
    now: datetime | None = None,
) -> Inquiry:
    """Write down one partner's question, as the service ``website``, which reads nothing back.

    Nothing is compared with what is there already: the same address or phone makes another
    inquiry (F-19), and the answer can tell nobody anything (P-32).

    Raises:
        Refused: naming the field and what to do.
    """
    if not name.strip():
        raise Refused(_("Write a name we may use. It need not be your legal name."), field="name")
    if state not in CODES:
        raise Refused(_("Choose your state from the list."), field="state")
    inquiry = Inquiry(
        name=name.strip()[:80],
        safe_route=safe_route,
        reach=check_reach(safe_route, reach),
        safe_hours=safe_hours.strip()[:120],
        state=state,
        question=question.strip(),
        couple_word=fold(couple_word),
        source=source,
        language=language,
        received_at=now or timezone.now(),
    )
    with as_service("website"):
        inquiry.save(force_insert=True)
    audit.note("write", "inquiry", inquiry.id, None, "received")
    return inquiry


def fold(word: str) -> str:
    """A word two people share, as they would both type it: lower case, single spaces."""
    return " ".join(word.split()).casefold()[:40]


def record_contact(
    actor: Actor, inquiry: Inquiry, *, reached: bool = True, now: datetime | None = None
) -> Inquiry:
    """Note a try to reach somebody on their safe way; the first success stops the clock."""
    moment = now or timezone.now()
    row = _mine(actor, inquiry)
    if reached:
        row.contacted_at = row.contacted_at or moment
        if row.status == "new":
            row.status, row.moved_at = "contacted", moment
        words = "reached"
    else:
        row.next_action = _("Try again at the safe time")
        words = "no answer"
    row.save(update_fields=["contacted_at", "status", "moved_at", "next_action"])
    audit.note("write", "inquiry", row.id, None, words)
    return row


def move_inquiry(
    actor: Actor, inquiry: Inquiry, status: str, *, why: str = "", now: datetime | None = None
) -> Inquiry:
    """Move an inquiry to another column of the board.

    Args:
        why: the reason; needed for ``declined``.

    Raises:
        Refused: to ``admitted`` (admission is an act of its own, for both), out of ``admitted``,
            on from ``new`` before somebody was reached, to ``declined`` without a reason.
    """
    row = _mine(actor, inquiry)
    if status not in STAGES:
        raise Refused(_("There is no such column. Choose one from the list."))
    if status == row.status:
        return row  # F-13: pressed twice is pressed once.
    if row.status == "admitted":
        raise Refused(_("Admitted already. A stay ends by a discharge, not on this board."))
    if status == "admitted":
        raise Refused(
            _("Both are admitted in one act: open the couple and choose “Admit”."), rule="C-10"
        )
    if status == "new":
        raise Refused(_("This question was answered. Choose a later column."))
    if status == "declined":
        if not why.strip():
            raise Refused(_("Say why in a few words, and where you pointed them."), field="why")
        row.next_action, row.next_on = why.strip()[:200], None
    elif row.contacted_at is None:
        raise Refused(_("First note that you reached them: it stops the clock."))
    elif row.status == "declined":
        row.next_action = ""
    row.status = status
    row.moved_at = now or timezone.now()
    row.save(update_fields=["status", "moved_at", "next_action", "next_on"])
    audit.note("write", "inquiry", row.id, None, f"moved to {status}")
    return row


def plan_next(actor: Actor, inquiry: Inquiry, text: str, on: date | None = None) -> Inquiry:
    """Write down what comes next, and until when; empty words take it away."""
    row = _mine(actor, inquiry)
    row.next_action = text.strip()[:200]
    row.next_on = on if row.next_action else None
    row.save(update_fields=["next_action", "next_on"])
    audit.note("write", "inquiry", row.id, None, "next step")
    return row


def link_partners(actor: Actor, one: Inquiry, other: Inquiry) -> None:
    """Join two inquiries to one couple, by hand (F-19, C-1).

    Raises:
        Refused: one with itself, or when either is joined to somebody else already.
    """
    first, second = _mine(actor, one), _mine(actor, other)
    if first.id == second.id:
        raise Refused(_("A couple is two different people."), rule="C-1")
    if first.couple_key == second.couple_key:
        return
    for row in (first, second):
        if Inquiry.objects.filter(couple_key=row.couple_key).exclude(id=row.id).exists():
            raise Refused(
                _("%(name)s is linked to somebody already. Unlink them first.")
                % {"name": row.name},
                rule="C-1",
            )
    second.couple_key = first.couple_key
    second.save(update_fields=["couple_key"])
    for row in (first, second):
        audit.note("write", "inquiry", row.id, None, "linked")


def unlink_partners(actor: Actor, inquiry: Inquiry) -> None:
    """Part two inquiries that were linked by mistake.

    Raises:
        Refused: once they are a couple here; a couple ends by its own act.
    """
    row = _mine(actor, inquiry)
    if row.person_id is not None and couple_of(row.person_id) is not None:
        raise Refused(_("They are a couple already, which ends on its own page."), rule="C-98")
    row.couple_key = uuid7()
    row.save(update_fields=["couple_key"])
    audit.note("write", "inquiry", row.id, None, "unlinked")


def _mine(actor: Actor, inquiry: Inquiry) -> Inquiry:
    """The row, locked, when the actor may change it; absent otherwise (P-2)."""
    return Inquiry.objects.writable_by(actor).select_for_update().sole(id=inquiry.id)
