"""What happened: attendance, no-shows, a conjoint session with one partner (C-55 to C-60)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import CareAssignment
from mutual.people.lookups import shown_names
from mutual.people.models import StaffTask
from mutual.privacy import queries as privacy
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week import booking, outreach, settling
from mutual.week.kinds import kind_of
from mutual.week.minutes import attendance_of, refuse_mark
from mutual.week.models import Attendance, AttendanceReason, Seat, Session, StaffBooking

#: C-59: when a conjoint session with one partner ends, and how long the contact may be.
WAIT_FOR_BOTH = timedelta(minutes=15)
CONTACT_MOST = 25
CONTACT_EVERY = timedelta(weeks=4)
OFFER_AGAIN = timedelta(hours=72)


def net_minutes(session: Session) -> int:
    """Planned minutes of a session less its breaks."""
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    return int((end - start) / timedelta(minutes=1)) - session.break_minutes


def confirm_attendance(
    actor: Actor,
    session: Session,
    person_id: UUID,
    *,
    measured: int,
    minutes: int | None = None,
    reason: str = "",
    late: bool = False,
    left_early: bool = False,
    audio_only: bool = False,
    now: datetime | None = None,
) -> Attendance:
    """Confirm how many minutes one person was there (C-55); what was measured stays beside it.

    Args:
        measured: whole minutes over all connections, breaks left out.
        minutes: what the clinician confirms, if it differs; then with a reason.

    Raises:
        Refused: more minutes than the session had, a difference without a reason, or a conjoint
            session whose other partner did not come (C-60).
        NotThere: if the person has no seat, or the actor neither holds this session nor counsels
            this person.
    """
    by_phone = _refuse_stranger(actor, session, person_id)
    most = net_minutes(session)
    confirmed = measured if minutes is None else minutes
    if not 0 <= confirmed <= most:
        raise Refused(
            _("This session had %(most)d minutes. Enter 0 to %(most)d.") % {"most": most},
            rule="C-55",
            field="minutes",
        )
    if confirmed != measured and not reason.strip():
        raise Refused(_("Say why the minutes differ."), rule="C-55", field="reason")
    if confirmed and session.kind == "conjoint":
        _refuse_alone(session, person_id)
    # Whoever took part by phone was heard only: the claim carries modifier 93.
    audio_only = audio_only or (bool(confirmed) and by_phone)
    return _write(
        actor, session, person_id, measured, confirmed, attendance_of(confirmed, most), now,
        reason=reason.strip(), late=late, left_early=left_early, audio_only=audio_only,
    )  # fmt: skip


def confirm_all(
    actor: Actor,
    session: Session,
    measured: Mapping[UUID, int],
    *,
    late: Collection[UUID] = (),
    now: datetime | None = None,
) -> list[Attendance]:
    """Confirm what was measured of several people at once, as one by one (C-55).

    Few queries for those who have no mark yet, whatever their number; who has one is confirmed
    anew. Raises as :func:`confirm_attendance`; then nobody is confirmed.
    """
    moment, most = now or timezone.now(), net_minutes(session)
    with as_service("week_rules"):
        seats = Seat.objects.filter(session_id=session.id, cancelled=False)
        phones = dict(seats.values_list("person_id", "phone_at"))
    marked = set(Attendance.objects.filter(session=session).values_list("person_id", flat=True))
    rows, again = [], []
    for person, minutes in measured.items():
        simple = person in phones and actor.id == session.clinician_id and 0 <= minutes <= most
        if not simple or marked:
            again.append(person)
            continue
        rows.append(
            Attendance(
                session=session, person_id=person, clinician_id=session.clinician_id,
                measured=minutes, minutes=minutes, status=attendance_of(minutes, most),
                confirmed_at=moment, confirmed_by=actor.sure_id, late=person in late,
                audio_only=bool(minutes) and phones[person] is not None,
            )
        )  # fmt: skip
    with transaction.atomic():
        found = Attendance.objects.bulk_create(rows)
        for row in rows:
            audit.note("write", "attendance", row.person_id, row.id, row.status)
        for person in again:
            found.append(
                confirm_attendance(
                    actor, session, person, measured=measured[person], late=person in late,
                    now=moment,
                )
            )  # fmt: skip
    return found


def excuse(
    actor: Actor, session: Session, person_id: UUID, reason: str, *, now: datetime | None = None
) -> Attendance:
    """Excuse an absence, with a reason (C-55)."""
    refuse_mark("excused", reason)
    _refuse_stranger(actor, session, person_id)
    return _write(
        actor, session, person_id, 0, 0, "excused", now, reason=reason.strip(),
        late=False, left_early=False, audio_only=False,
    )  # fmt: skip


def mark_no_show(
    actor: Actor, session: Session, person_id: UUID, *, now: datetime | None = None
) -> Attendance:
    """Mark a no-show; the person's own counselor gets the task to call (C-57).

    How soon follows from the record (:mod:`mutual.week.outreach`); the partner is not asked.
    """
    _refuse_stranger(actor, session, person_id)
    moment = now or timezone.now()
    with transaction.atomic():
        row = _write(
            actor, session, person_id, 0, 0, "no_show", now, reason="",
            late=False, left_early=False, audio_only=False,
        )  # fmt: skip
        counselor = own_counselor(person_id, booking.local_day(session.during.lower))
        if counselor is not None:
            outreach.task_call(session, person_id, counselor, moment)
    return row


def one_partner_came(
    actor: Actor,
    session: Session,
    present: UUID,
    absent: UUID,
    *,
    contact_minutes: int = 0,
    held: bool = False,
    now: datetime | None = None,
) -> Session:
    """End a conjoint session as conjoint when one partner is absent at 15 minutes (C-59, C-60).

    With ``contact_minutes`` the therapist holds one practical contact with the partner who came:
    minutes for that partner alone, no couple note, nothing conjoint to claim. Without, it is
    cancelled and offered again within 72 h. In a hold (``held``) nobody is marked a no-show.

    Raises:
        Refused: before 15 minutes, more than 25 minutes, without the agreement on confidences
            (C-7), or a second contact within 4 weeks.
    """
    moment = now or timezone.now()
    if not may_end_with_one(session):
        raise Refused(_("Only a couples session that is open can end this way."), rule="C-59")
    _refuse_stranger(actor, session, present)
    _refuse_stranger(actor, session, absent)
    if moment < session.during.lower + WAIT_FOR_BOTH:
        raise Refused(_("Wait until 15 minutes after the start."), rule="C-59")
    if contact_minutes:
        _refuse_contact(session, present, contact_minutes)
    with transaction.atomic():
        if not held:
            mark_no_show(actor, session, absent, now=moment)
        if contact_minutes:
            contact = _as_contact(session, present)
            _write(
                actor, contact, present, contact_minutes, contact_minutes, "attended", now,
                reason="", late=False, left_early=False, audio_only=False,
            )  # fmt: skip
            _offer_again(actor, session, present, moment)
            return contact
        with as_service("rosters"):
            booking.free(session)
            session.status = "cancelled"
            session.save(update_fields=["status"])
        _offer_again(actor, session, present, moment)
    return session


def may_end_with_one(session: Session) -> bool:
    """Whether a session can still end as the contact with one partner (C-59).

    Leaving the room by hand ends a session: that settles nothing until minutes are confirmed.
    """
    if session.kind != "conjoint" or session.status == "cancelled":
        return False
    settled = Attendance.objects.filter(session=session, minutes__gt=0)
    return session.status != "ended" or not settled.exists()


def end_session(actor: Actor, session: Session) -> Session:
    """A session is over."""
    if actor.id != session.clinician_id:
        raise NotThere
    if session.status in ("planned", "running"):
        session.status = "ended"
        session.save(update_fields=["status"])
        audit.note("write", "attendance", session.subject_id, session.id, "ended")
    return session


def own_counselor(person_id: UUID, on: object) -> UUID | None:
    """A person's counselor on a day."""
    with as_service("week_rules"):
        return (
            CareAssignment.objects.filter(
                person_id=person_id, role="counselor", during__contains=on
            )
            .values_list("staff_id", flat=True)
            .first()
        )


def _refuse_stranger(actor: Actor, session: Session, person_id: UUID) -> bool:
    """Raise `NotThere` for who has no seat or isn't the actor's; returns whether by phone."""
    with as_service("week_rules"):
        seat = (
            Seat.objects.filter(session_id=session.id, person_id=person_id, cancelled=False)
            .values_list("phone_at")
            .first()
        )
    if seat is None:
        raise NotThere
    if actor.id != session.clinician_id and not booking.may_write("attendance.write", person_id):
        raise NotThere
    return seat[0] is not None


def _refuse_alone(session: Session, person_id: UUID) -> None:
    """No conjoint attendance while the other is marked absent (C-60)."""
    others = Attendance.objects.filter(session=session).exclude(person_id=person_id)
    if others.filter(status__in=["no_show", "excused"]).exists():
        raise Refused(
            _("The other partner was not there. End it with “One partner came” instead."),
            rule="C-60",
        )


def _refuse_contact(session: Session, present: UUID, minutes: int) -> None:
    if minutes > CONTACT_MOST:
        raise Refused(
            _("A contact with one partner lasts at most 25 minutes."), rule="C-59", field="minutes"
        )
    with as_service("week_rules"):
        privacy.refuse_solo_contact(session.subject_id)
    since = session.during.lower - CONTACT_EVERY
    before = Seat.objects.filter(
        person_id=present, kind="practical_contact", cancelled=False,
        during__startswith__gt=since,
    )  # fmt: skip
    if before.exists():
        raise Refused(_("One such contact in 4 weeks. Offer another time to both."), rule="C-59")


def _as_contact(session: Session, present: UUID) -> Session:
    """The practical contact beside the conjoint session that did not take place."""
    kind = kind_of("practical_contact")
    with as_service("rosters"):
        booking.free(session)
        session.status = "cancelled"
        session.save(update_fields=["status"])
        contact = Session(
            kind=kind.key, subject_of="P", subject_id=present, clinician_id=session.clinician_id,
            during=session.during, status="ended", made_by=session.clinician_id,
        )  # fmt: skip
        contact.save(force_insert=True)
        StaffBooking.objects.create(
            staff_id=session.clinician_id, session=contact, during=session.during
        )
        seat, busy = booking.seat_rows(contact, present, session.clinician_id)
        seat.save(force_insert=True)
        busy.save(force_insert=True)
    return contact


def _offer_again(actor: Actor, session: Session, about: UUID, now: datetime) -> None:
    StaffTask.objects.create(
        person_id=about,
        author_id=actor.sure_id,
        addressee_id=session.clinician_id,
        rule="C-59",
        text=_("Offer the couples session again."),
        due=now + OFFER_AGAIN,
    )


def _write(
    actor: Actor,
    session: Session,
    person_id: UUID,
    measured: int,
    minutes: int,
    status: str,
    now: datetime | None,
    *,
    reason: str,
    **more: object,
) -> Attendance:
    moment = now or timezone.now()
    row = Attendance.objects.filter(session=session, person_id=person_id).first()
    fresh = row is None
    if row is None:
        row = Attendance(session=session, person_id=person_id, clinician_id=session.clinician_id)
    row.measured, row.minutes, row.status = measured, minutes, status
    row.confirmed_at, row.confirmed_by = moment, actor.sure_id
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    if reason or not fresh:
        _say_why(row, reason)
    audit.note("write", "attendance", person_id, row.id, status)
    if session.kind == "process_group":
        settling.once_known(session)
    return row


def _say_why(row: Attendance, words: str) -> None:
    """Keep the words apart from the minutes (P-7); words that no longer hold go."""
    kept = AttendanceReason.objects.filter(attendance=row)
    if not kept.update(words=words) and words:
        AttendanceReason(
            attendance=row, person_id=row.person_id, clinician_id=row.clinician_id, words=words
        ).save(force_insert=True)


def name_of(person_id: UUID) -> str:
    """The shown name of a person whom the actor may know."""
    return shown_names([person_id]).get(person_id, ("", ""))[0]
