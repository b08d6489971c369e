"""Accepting a proposal, whole or session by session, through the ordinary booking actions.

Every rule and constraint holds once more; what is refused says why and leaves the week as it was.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week import booking, checks, groups
from mutual.week.bridge.proposing import PLANNERS
from mutual.week.kinds import KINDS
from mutual.week.models import Proposal, ProposedSession, Seat, Session, WeekPlan
from mutual.week.planning import template_for
from mutual.week.templates import monday_of, week_span


def accept(actor: Actor, row_public_id: UUID) -> ProposedSession:
    """Book one proposed session; accepted twice is accepted once (F-13).

    Raises:
        Refused: with the words of the rule that stands against it now.
        NotThere: for who doesn't plan every week.
    """
    if not actor.has(*PLANNERS):
        raise NotThere
    with transaction.atomic():
        row = (
            ProposedSession.objects.select_for_update(of=("self",))
            .select_related("proposal", "group", "clinician", "session")
            .filter(public_id=row_public_id)
            .first()
        )
        if row is None:
            raise NotThere
        if row.state == "accepted":
            return row
        _take(actor, row)
        row.state, row.words = "accepted", ""
        row.save(update_fields=["state", "words"])
    audit.note("write", "group_roster", None, row.id, "proposal accepted")
    return row


def accept_all(actor: Actor, proposal: Proposal) -> tuple[int, int]:
    """Book everything that is still open; returns how many were, and how many were refused.

    What stands in another's way goes after it: sessions are tried again while any of them still
    gets through. Those that stay refused keep the words of the rule.
    """
    if not actor.has(*PLANNERS):
        raise NotThere
    done, waiting = 0, _open(proposal)
    words: dict[UUID, str] = {}
    while waiting:
        left = []
        for key in waiting:
            try:
                with transaction.atomic():
                    accept(actor, key)
                done += 1
            except Refused as refusal:
                words[key] = refusal.text
                left.append(key)
        if len(left) == len(waiting):
            break
        waiting = left
    else:
        waiting = []
    for key in waiting:
        ProposedSession.objects.filter(public_id=key).update(
            state="refused", words=words[key][:300]
        )
    return done, len(waiting)


def _open(proposal: Proposal) -> list[UUID]:
    rows = ProposedSession.objects.filter(proposal=proposal).exclude(state="accepted")
    # What ends first, then groups, then what gives way to them.
    order = {"gone": 0, "G": 1, "C": 2, "P": 3}
    return [
        row.public_id
        for row in sorted(
            rows, key=lambda r: (0 if r.change == "gone" else order[r.subject_of], r.during.lower)
        )
    ]


def _take(actor: Actor, row: ProposedSession) -> None:
    if row.change == "same":
        return
    if row.during.lower <= timezone.now():
        raise Refused(_("This time is over."), field="start")
    if row.subject_of == "G":
        _take_group(actor, row)
    elif row.change == "gone":
        assert row.session is not None
        if row.session.status == "planned":
            booking.cancel(actor, row.session, reason=_("the week was planned anew"))
    elif row.session is None:
        couple = row.subject_id if row.subject_of == "C" else _couple_of(row)
        plan = _plan(couple, row)
        booking.book_session(
            actor, row.kind, clinician=row.clinician, start=row.during.lower,
            persons=list(row.people), couple_id=couple if row.subject_of == "C" else None,
            series=plan.id,
        )  # fmt: skip
    else:
        if row.session.status != "planned":
            raise Refused(_("This session was cancelled or held meanwhile."), field="start")
        booking.reschedule(actor, row.session, row.during.lower, clinician=row.clinician)


def _take_group(actor: Actor, row: ProposedSession) -> None:
    people: list[UUID] = list(row.people)
    kind = KINDS[row.kind]
    if row.group is None:
        row.group = groups.make_group(actor, kind, row.clinician)
        row.subject_id = row.group.id
        row.save(update_fields=["group", "subject_id"])
    for couple in checks.couples_of(people):
        _plan(couple, row)
    session = row.session
    if session is None:
        with as_service("rosters"):
            session = Session.objects.filter(
                subject_id=row.group.id, status="planned", during=row.during
            ).first()
    _leave_others(row, people, session)
    if session is None:
        booking.book_session(
            actor, kind, clinician=row.clinician, start=row.during.lower, group=row.group,
            persons=people,
        )  # fmt: skip
        return
    if session.status != "planned":
        raise Refused(_("This session was cancelled or held meanwhile."), field="start")
    if session.clinician_id != row.clinician_id:
        booking.reschedule(actor, session, session.during.lower, clinician=row.clinician)
    booking.seat_in_group(actor, session, people)


def _leave_others(row: ProposedSession, people: list[UUID], stays: Session | None) -> None:
    """Who moves to another section of the week gives the old seat up."""
    start, end = week_span(monday_of(row.during.lower))
    with as_service("rosters"):
        seats = Seat.objects.filter(
            person_id__in=people, kind=row.kind, cancelled=False,
            during__startswith__gte=start, during__startswith__lt=end,
            session__status="planned", session__subject_of="G",
        ).select_related("session")  # fmt: skip
        for seat in seats.exclude(session=stays) if stays else seats:
            booking.free(seat.session, [seat.person_id])


def _couple_of(row: ProposedSession) -> UUID:
    found = checks.couples_of(row.people)
    if not found:
        raise Refused(_("They are no couple of this programme any more."))
    return found.pop()


def _plan(couple_id: UUID, row: ProposedSession) -> WeekPlan:
    """The couple's plan of that week: the draft its sessions belong to."""
    monday = monday_of(row.during.lower)
    plan = WeekPlan.objects.filter(couple_id=couple_id, monday=monday).first()
    if plan is None:
        shape = template_for(couple_id, monday).key
        plan = WeekPlan(couple_id=couple_id, monday=monday, shape=shape)
        plan.save(force_insert=True)
    return plan
