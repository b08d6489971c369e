"""Three weeks of the demo programme: plans, weeks, attendance, notes, money, a discharge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from psycopg.types.range import TimestamptzRange

from mutual.claims import actions as claims
from mutual.coverage.models import Payer
from mutual.entry.demo.acting import acting_as
from mutual.entry.demo.cast import Pair
from mutual.entry.demo.starting import PAYER
from mutual.measures import actions as measures
from mutual.people.models import Couple, Person, Staff
from mutual.plan import actions as plans_
from mutual.plan import rules as plan_rules
from mutual.plan.library import LIBRARY, Goal
from mutual.plan.models import CoupleObjective, IndividualObjective
from mutual.record import discharge, group
from mutual.record.actions import Draft, save_draft, sign_note
from mutual.record.models import Note, NoteBody
from mutual.record.templates import sections
from mutual.week import attending, booking, planning
from mutual.week.models import PersonBooking, Seat, Session, StaffBooking

if TYPE_CHECKING:
    from uuid import UUID

    from mutual.entry.demo.load import Programme
    from mutual.wall.context import Actor

#: The couple whose whole record is written; the others have sessions, hours and some notes.
WHOLE = "ab"


def _members(programme: Programme, pair: Pair) -> list[Person]:
    return [programme.people[name.lower()] for name in (pair.a[0], pair.b[0])]


def _row(goal: Goal, responsible: str, until: date) -> plan_rules.Row:
    return plan_rules.Row(
        **goal.said(), responsible=responsible, target_date=until, theme=goal.theme
    )


def plans(programme: Programme, pairs: Sequence[Pair]) -> None:
    """Each one's plan and ours, signed by all who must."""
    from mutual.entry.demo.load import id_of

    own = [g for g in LIBRARY if "own" in g.lanes]
    ours = [g for g in LIBRARY if "ours" in g.lanes]
    for number, pair in enumerate(pairs):
        on = programme.today - timedelta(days=max(programme.days(pair) - 1, 0))
        then = programme.ago(max(programme.days(pair) - 1, 0))
        until = programme.today + timedelta(days=30)
        for side, person in enumerate(_members(programme, pair)):
            with acting_as(id_of(pair.counselors[side]), "staff") as counselor:
                plan = plans_.open_plan(counselor, person, on)
                for goal in (own[0], own[(1 + number + side) % len(own)]):
                    row = plans_.add_objective(
                        counselor, plan, _row(goal, person.given_name, until), active_from=on
                    )
                    assert isinstance(row, IndividualObjective)
                    plans_.show_to_group(counselor, row)
                plans_.sign_plan(counselor, plan, now=then)
            with acting_as(person.id, "person") as self_:
                plans_.sign_plan(self_, plan, now=then)
        with acting_as(id_of(pair.therapist), "staff") as therapist:
            joint = plans_.open_plan(therapist, programme.couples[pair.key], on)
            for goal in (ours[number % len(ours)], ours[(number + 1) % len(ours)]):
                plans_.add_objective(therapist, joint, _row(goal, "both", until), active_from=on)
            plans_.sign_plan(therapist, joint, now=then)
        if pair.weeks:
            for person in _members(programme, pair):
                with acting_as(person.id, "person") as self_:
                    plans_.sign_plan(self_, joint, now=then)


def weeks(programme: Programme, pairs: Sequence[Pair]) -> None:
    """The weeks since each admission, this one, and a draft of the next for some."""
    from mutual.entry.demo.load import id_of

    with acting_as(id_of("ada"), "staff") as planner:
        for back in (3, 2, 1, 0):
            monday = programme.monday - timedelta(days=7 * back)
            for pair in pairs:
                if pair.weeks < back:
                    continue
                # What the rules would have chosen then (C-15): first, then the shape of the couple.
                shape = "first" if pair.weeks == back else ""
                couple_id = programme.couples[pair.key].id
                then = min(programme.now, programme.now - timedelta(days=7 * back + 2))
                planning.plan_week(planner, couple_id, monday, shape, now=then)
                planning.publish_week(planner, couple_id, monday, now=then)


def attendance(programme: Programme, pairs: Sequence[Pair]) -> None:
    """What has happened so far, confirmed by whoever held it."""
    seats: dict[UUID, list[Seat]] = {}
    for seat in Seat.objects.filter(cancelled=False, during__endswith__lte=programme.now):
        seats.setdefault(seat.session_id, []).append(seat)
    held = Session.objects.filter(id__in=list(seats), status="planned").order_by("during")
    for clinician_id, sessions in _by_clinician(enumerate(held)):
        with acting_as(clinician_id, "staff") as actor:
            for number, session in sessions:
                _confirm(actor, session, seats[session.id], number)


def _by_clinician(
    sessions: Iterable[tuple[int, Session]],
) -> Iterable[tuple[UUID, Iterable[tuple[int, Session]]]]:
    """Numbered sessions one clinician after the other: each sits down to it once."""

    def whose(numbered: tuple[int, Session]) -> UUID:
        return numbered[1].clinician_id

    return groupby(sorted(sessions, key=whose), key=whose)


def _confirm(actor: Actor, session: Session, seats: Sequence[Seat], number: int) -> None:
    whole = attending.net_minutes(session)
    over = session.during.upper
    measured: dict[UUID, int] = {}
    late = set()
    for place, seat in enumerate(seats):
        # Every so often somebody comes late; once in a while somebody is missing.
        if (number * 7 + place * 3) % 97 == 5 and session.subject_of == "P":
            attending.excuse(actor, session, seat.person_id, "ill that day", now=over)
            continue
        measured[seat.person_id] = whole
        if (number + place) % 19 == 3:
            measured[seat.person_id] = whole - 12
            late.add(seat.person_id)
    attending.confirm_all(actor, session, measured, late=late, now=over)
    attending.end_session(actor, session)


def _words(kind: str, template: str, name: str) -> dict[str, str]:
    said = {
        "shared": "Topic: saying what I need without blame. The group practised in rounds.",
        "own": "Took part, spoke of an evening at home, practised twice.",
        "agreements": "Ten minutes of trust talk each evening after dinner.",
        "homework": "Catch each other doing something kind, one note a day.",
    }
    text = "Worked on the chosen objective; practised one step and planned the next for the week."
    return {s.key: said.get(s.key, text) for s in sections(template)}


def notes(programme: Programme, pairs: Sequence[Pair]) -> None:
    """Notes for what was held: all of the whole couple, the individual ones of the others."""
    whole = {p.id for pair in pairs if pair.key == WHOLE for p in _members(programme, pair)}
    whole.add(programme.couples[WHOLE].id)
    recent = programme.ago(2)
    held = Session.objects.filter(status="ended").order_by("during").select_related("clinician")
    seated: dict[UUID, set[UUID]] = {}
    for session_id, person_id in Seat.objects.filter(cancelled=False).values_list(
        "session_id", "person_id"
    ):
        seated.setdefault(session_id, set()).add(person_id)
    for clinician_id, sessions in _by_clinician(enumerate(held)):
        with acting_as(clinician_id, "staff") as actor:
            for _number, session in sessions:
                theirs = bool(seated.get(session.id, set()) & whole)
                own = session.subject_of == "P" and session.kind == "individual"
                if not theirs and not own:
                    continue
                # The newest stay open, so that the list of notes to finish has something in it.
                leave_open = session.during.upper > recent and own and not theirs
                for note in group.start_notes(actor, session):
                    if not leave_open and (session.subject_of != "G" or note.subject_id in whole):
                        _write(programme, actor, session, note)


def _write(programme: Programme, actor: Actor, session: Session, note: Note) -> None:
    body = NoteBody.objects.get(note_id=note.id)
    day = note.service_date
    if note.kind in ("conjoint_note", "conjoint_own_note"):
        rows = CoupleObjective.objects.filter(couple_id=session.subject_id, active_from__lte=day)
        chosen = [str(r.public_id) for r in rows[:1]]
    elif note.kind == "contact_note":
        chosen = []
    else:
        own = IndividualObjective.objects.filter(person_id=note.subject_id, active_from__lte=day)
        chosen = [str(r.public_id) for r in own[:1]]
    draft = Draft(
        _words(note.kind, note.template, ""),
        body.version,
        place="at home, alone in the room",
        objectives=chosen,
        patterns=_patterns(note, programme) if note.kind == "conjoint_note" else None,
    )
    save_draft(actor, note, draft)
    signed = session.during.upper + timedelta(minutes=25)
    sign_note(actor, note, now=min(signed, programme.now))


def _patterns(note: Note, programme: Programme) -> list[str]:
    """What the therapist saw: less strain and more repair from week to week."""
    weeks = (programme.today - note.service_date).days // 7
    early = ["pursue_withdraw", "criticism", "old_account"]
    late = ["pursue_withdraw", "repair", "turning_to", "boundary"]
    return early if weeks >= 2 else late if weeks == 0 else ["pursue_withdraw", "repair"]


def daily_life(programme: Programme, pairs: Sequence[Pair]) -> None:
    """Check-ins, trust talks, measures."""
    from mutual.entry.demo import evenings
    from mutual.entry.demo.load import id_of

    for number, pair in enumerate(pairs):
        for side, person in enumerate(_members(programme, pair)):
            with acting_as(id_of(pair.counselors[side]), "staff") as counselor:
                totals = ((2, 2, 1, 2, 1, 1, 1, 1, 0), (1, 1, 1, 1, 1, 1, 1, 0, 0))
                for answers, days in zip(
                    totals,
                    (programme.days(pair) - 1, max(programme.days(pair) - 15, 0)),
                    strict=True,
                ):
                    if days < 1:
                        continue
                    shift = (number + side) % 2
                    given = tuple(max(0, a - shift) for a in answers)
                    measures.record_live(
                        counselor, person, "phq9", given, mode="paper", now=programme.ago(days)
                    )
                measures.assign_form(counselor, person, "phq9", programme.today + timedelta(days=1))
    evenings.write(programme, [(pair, _members(programme, pair)) for pair in pairs])


def money(programme: Programme, pairs: Sequence[Pair]) -> None:
    """Cards, authorizations, diagnoses; what the payer answered for Ana and Ben; one claim file."""
    from mutual.entry.demo import insurance
    from mutual.entry.demo.load import id_of

    payer = Payer.objects.get(name=PAYER)
    for pair in pairs:
        for side, person in enumerate(_members(programme, pair)):
            insurance.diagnosis(programme, pair, side, person)
            insurance.cover(programme, pair, side, person, payer)
    with acting_as(id_of("bill"), "staff") as biller:
        insurance.identity(biller)
        whole = next(p for p in pairs if p.key == WHOLE)
        for person in _members(programme, whole):
            claims.make_claims(
                biller, person, programme.today - timedelta(days=21),
                programme.today - timedelta(days=8), now=programme.now,
            )  # fmt: skip


def parting(programme: Programme, pairs: Sequence[Pair]) -> None:
    """One partner is discharged as planned; the other goes on (C-97)."""
    from mutual.entry.demo.load import id_of

    pair = next(p for p in pairs if p.stage == "parted")
    person = _members(programme, pair)[0]
    with acting_as(id_of(pair.counselors[0]), "staff") as counselor:
        discharge.discharge(
            counselor,
            person,
            "completed",
            plan=discharge.RecoveryPlan(
                appointment_with="Community counselor",
                appointment_at=programme.now + timedelta(days=5),
                joint_with="Couples aftercare group",
                joint_at=programme.now + timedelta(days=9),
                steps="Two meetings a week; a walk each morning.",
                warning_signs="Short sleep, skipping calls.",
                supports="Sister; aftercare group; 988.",
            ),
            now=programme.now,
        )


def soon(programme: Programme) -> None:
    """A couples session of Ana and Ben that starts in ten minutes, unless one is near."""
    from mutual.entry.demo.load import id_of
    from mutual.people.models import Account

    ana = Account.objects.get(email="ana@demo.example").actor_id
    couple = Couple.objects.get(members__person_id=ana)
    start = programme.now + timedelta(minutes=10)
    near = Session.objects.filter(
        kind="conjoint", subject_id=couple.id, status="planned",
        during__overlap=TimestamptzRange(programme.now, start + timedelta(minutes=60)),
    )  # fmt: skip
    if near.exists():
        return
    reyes = Staff.objects.get(id=id_of("reyes"))
    # What has been held keeps its hours: then the new session begins after it.
    while _held(couple, reyes, start):
        start += timedelta(minutes=5)
    _make_room(couple, reyes, start)
    with acting_as(reyes.id, "staff") as therapist:
        booking.book_session(
            therapist, "conjoint", clinician=reyes, start=start, couple_id=couple.id,
            now=programme.now,
        )  # fmt: skip


def _held(couple: Couple, reyes: Staff, start: datetime) -> bool:
    span = TimestamptzRange(start, start + timedelta(minutes=60))
    members = list(couple.members.values_list("person_id", flat=True))
    taken = {"cancelled": False, "during__overlap": span}
    return (
        PersonBooking.objects.filter(person_id__in=members, **taken)
        .exclude(session__status="planned")
        .exists()
        or StaffBooking.objects.filter(staff=reyes, **taken)
        .exclude(session__status="planned")
        .exists()
    )


def _make_room(couple: Couple, reyes: Staff, start: datetime) -> None:
    """Whatever stands in the way of that hour is given up, as staff would do it by hand."""
    span = TimestamptzRange(start, start + timedelta(minutes=60))
    members = list(couple.members.values_list("person_id", flat=True))
    for busy in PersonBooking.objects.filter(
        person_id__in=members, cancelled=False, during__overlap=span
    ).select_related("session"):
        if busy.session.subject_of == "G":
            booking.free(busy.session, [busy.person_id])
        else:
            _cancel(busy.session)
    for taken in StaffBooking.objects.filter(
        staff=reyes, cancelled=False, during__overlap=span
    ).select_related("session"):
        _cancel(taken.session)


def _cancel(session: Session) -> None:
    booking.free(session)
    Session.objects.filter(id=session.id).update(status="cancelled")
