"""Each quarter somebody looks at who may do what here, role by role (P-86)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.outcomes.leaving import MAY, SERVICE
from mutual.people.models import AccessReview, AccessReviewLine, Account, Staff
from mutual.people.roles import ROLES
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.relations import end_role

EVERY = timedelta(days=91)


@dataclass(frozen=True)
class Colleague:
    """A member of staff and their way in.

    Attributes:
        seen: day of the last sign-in, or nothing.
        strong: signs in with what can't be phished.
    """

    public_id: UUID
    name: str
    roles: list[str]
    strong: bool
    seen: date | None
    left: date | None


@dataclass(frozen=True)
class Question:
    """One line of a review that waits, or was answered."""

    public_id: UUID
    name: str
    role: str
    answer: str
    mine: bool


@dataclass(frozen=True)
class State:
    """Where the reviews stand: since when the last is over, and whether one is due."""

    last: datetime | None
    due: bool
    open_since: datetime | None
    questions: list[Question]


def words_of(role: str) -> str:
    """A role as people say it."""
    return str(ROLES[role].title) if role in ROLES else role


def colleagues(actor: Actor) -> list[Colleague]:
    """Everybody who works here or did, those who left last; three queries.

    Raises:
        NotThere: for whoever may not look.
    """
    if not actor.has(*MAY):
        raise NotThere
    accounts = {a.actor_id: a for a in Account.objects.filter(actor_kind="staff")}
    strong = set(
        Authenticator.objects.filter(
            type=Authenticator.Type.WEBAUTHN, user__actor_kind="staff"
        ).values_list("user__actor_id", flat=True)
    )
    rows = [
        Colleague(
            one.public_id,
            one.name,
            [words_of(role) for role in one.roles],
            one.id in strong,
            _seen(accounts.get(one.id)),
            one.active_until,
        )
        for one in Staff.objects.order_by("name")
    ]
    return sorted(rows, key=lambda row: row.left is not None)


def _seen(account: Account | None) -> date | None:
    last = account.last_login if account else None
    return timezone.localdate(last) if last else None


def state(actor: Actor, *, now: datetime | None = None) -> State:
    """The review that is open, or when the next is due; three queries.

    Raises:
        NotThere: for whoever may not look.
    """
    if not actor.has(*MAY):
        raise NotThere
    moment = now or timezone.now()
    last = AccessReview.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
    running = AccessReview.objects.filter(closed_at__isnull=True).first()
    questions = [
        Question(
            line.public_id, line.staff.name, words_of(line.role), line.answer,
            line.staff_id == actor.id,
        )
        for line in AccessReviewLine.objects.filter(review=running)
        .select_related("staff")
        .order_by("staff__name", "role")
    ] if running else []  # fmt: skip
    closed = last.closed_at if last else None
    due = running is None and (closed is None or closed < moment - EVERY)
    return State(closed, due, running.begun_at if running else None, questions)


def begin(actor: Actor, *, now: datetime | None = None) -> AccessReview:
    """Begin a review: one line for each role of everybody who works here; one at a time.

    Raises:
        NotThere: for whoever may not.
    """
    if not actor.has(*MAY):
        raise NotThere
    running = AccessReview.objects.filter(closed_at__isnull=True).first()
    if running is not None:
        return running
    with transaction.atomic():
        review = AccessReview(begun_at=now or timezone.now(), begun_by_id=actor.sure_id)
        review.save(force_insert=True)
        AccessReviewLine.objects.bulk_create(
            AccessReviewLine(review=review, staff=one, role=role)
            for one in Staff.objects.filter(active_until__isnull=True)
            for role in one.roles
        )
    audit.note("role", "staff", None, review.id, "review begun")
    return review


def answer(actor: Actor, public_id: UUID, *, keep: bool, now: datetime | None = None) -> None:
    """Say that a role is still needed, or take it away from the same second.

    The last answer closes the review.

    Raises:
        NotThere: for whoever may not, and for a line of no open review.
        Refused: for one's own role: somebody else looks at it.
    """
    moment = now or timezone.now()
    line = (
        AccessReviewLine.objects.select_related("staff", "review")
        .filter(public_id=public_id, review__closed_at__isnull=True)
        .first()
    )
    if line is None or not actor.has(*MAY):
        raise NotThere
    if line.staff_id == actor.id:
        raise Refused(_("Somebody else looks at your own role."), rule="P-86")
    if line.answer:
        return
    with transaction.atomic():
        line.answer, line.answered_at = "keep" if keep else "end", moment
        line.answered_by_id = actor.sure_id
        line.save(update_fields=["answer", "answered_at", "answered_by"])
        if not keep:
            staff = line.staff
            staff.roles = [role for role in staff.roles if role != line.role]
            staff.save(update_fields=["roles"])
            with as_service(SERVICE):
                end_role(staff.id, line.role, moment)
        audit.note("role", "staff", None, line.staff_id, f"{line.role} {line.answer}")
        if not line.review.lines.filter(answer="").exists():
            AccessReview.objects.filter(id=line.review_id).update(closed_at=moment)
