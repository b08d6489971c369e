"""A couple's whole week: planned from a template, checked, published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions import withdraw_clearance
from mutual.episode.models import Episode
from mutual.people.models import Licence
from mutual.privacy.actions import revoke
from mutual.wall.models import Notice
from mutual.week.actions import cancel, plan_week, publish_week, reschedule, template_for
from mutual.week.kinds import KINDS
from mutual.week.models import Seat, Session, WeekPlan
from mutual.week.planning import planned
from mutual.week.queries import planned_minutes
from tests.week.factories import AB, at, individual, monday
from tests.week.factories import planned as plan
from tests.world import id_of


def seats(person: str, weeks: int = 2) -> list[Seat]:
    span = TimestamptzRange(at(0, 0, weeks=weeks), at(0, 0, weeks=weeks + 1))
    return list(
        Seat.objects.filter(
            person_id=id_of(person), cancelled=False, during__overlap=span
        ).order_by("during")
    )


@pytest.mark.rule("C-35")
def test_a_planned_shared_week_has_630_minutes_for_each(act) -> None:
    with act("ada") as ada:
        plan(ada)
        assert [planned_minutes(p, monday()) for p in AB] == [630, 630]
        made, warnings = publish_week(ada, id_of("ab"), monday())
        assert made.published_at is not None and warnings == ()


@pytest.mark.rule("C-40")
def test_partners_share_classes_and_sit_in_different_groups(act) -> None:
    with act("ada") as ada:
        plan(ada)
        a = {s.kind: s.session_id for s in seats("ana")}
        b = {s.kind: s.session_id for s in seats("ben")}
    assert a.keys() == b.keys()
    for key, session in a.items():
        shared = KINDS[key].attendance in ("side", "together")
        assert (b[key] == session) is shared, key


@pytest.mark.rule("C-40", "C-42")
def test_the_second_couple_joins_the_groups_that_are_there(act) -> None:
    with act("ada") as ada:
        plan(ada)
        before = Session.objects.filter(subject_of="G", status="planned").count()
        plan(ada, "side_by_side", "cd")
        classes = {s.session_id for s in seats("cleo") if KINDS[s.kind].attendance == "side"}
        assert classes == {s.session_id for s in seats("ana") if KINDS[s.kind].attendance == "side"}
        made = Session.objects.filter(subject_of="G", status="planned").count() - before
        # Only the own skills sections of the side-by-side week are new.
        assert made == 2


@pytest.mark.rule("C-15", "P-12")
def test_a_couple_not_cleared_gets_the_side_by_side_week_and_no_other(act) -> None:
    with act("ada") as ada:
        assert template_for(id_of("cd"), monday()).key == "side_by_side"
        with pytest.raises(Refused, match="Not yet"):
            plan(ada, "shared", "cd")
        plan(ada, "side_by_side", "cd")
        assert planned_minutes(id_of("cleo"), monday()) == 630
        publish_week(ada, id_of("cd"), monday())
    with act("ben") as ben:
        revoke(ben, "confidences")
    with act("ada") as ada:
        assert template_for(id_of("ab"), monday()).key == "side_by_side"
        with pytest.raises(Refused, match="not signed by both"):
            plan(ada, "shared", "ab")


@pytest.mark.rule("C-15")
def test_the_first_seven_days_and_one_week_in_four_are_side_by_side(act) -> None:
    today = timezone.localdate()
    with act("ada") as ada:
        Episode.objects.filter(person_id__in=AB).update(admitted_on=monday(1))
        assert template_for(id_of("ab"), monday(1)).key == "first"
        with pytest.raises(Refused, match="first 7 days"):
            plan_week(ada, id_of("ab"), monday(1), "shared")
        shapes = [template_for(id_of("ab"), monday(1 + n)).key for n in range(1, 9)]
    assert shapes == ["shared", "shared", "shared", "side_by_side"] * 2
    assert today < monday(1)


@pytest.mark.rule("C-37")
def test_a_first_week_starts_on_the_day_of_admission_and_is_not_judged(act) -> None:
    with act("ada") as ada:
        Episode.objects.filter(person_id__in=AB).update(admitted_on=monday(1) + timedelta(days=3))
        plan_week(ada, id_of("ab"), monday(1))
        days = {s.during.lower.date() for s in seats("ana", 1)}
        assert min(days) >= monday(1) + timedelta(days=3)
        _made, warnings = publish_week(ada, id_of("ab"), monday(1))
        assert warnings == ()


@pytest.mark.rule("C-35")
def test_a_week_that_is_short_is_not_published_and_says_by_how_much(act) -> None:
    with act("ada") as ada:
        plan(ada)
        for seat in seats("ben"):
            if seat.kind == "skills_group":
                Seat.objects.filter(id=seat.id).update(cancelled=True)
            if seat.kind == "boundaries":
                session = Session.objects.get(id=seat.session_id)
                end = session.during.lower + timedelta(minutes=45)
                Seat.objects.filter(id=seat.id).update(
                    during=TimestamptzRange(session.during.lower, end)
                )
        with pytest.raises(Refused, match="Ben is 15 minutes short") as refusal:
            publish_week(ada, id_of("ab"), monday())
        assert "Ana" not in refusal.value.text
        assert WeekPlan.objects.get().published_at is None


@pytest.mark.rule("C-34")
def test_a_sober_activity_counts_nothing_and_leaves_the_week_short(act) -> None:
    with act("ada") as ada:
        plan(ada)
        for seat in seats("ana"):
            if seat.kind == "skills_group":
                Seat.objects.filter(id=seat.id).update(cancelled=True)
            if seat.kind == "boundaries":
                Seat.objects.filter(id=seat.id).update(kind="sober_activity")
        found = planned(id_of("ab"), monday()).people[0]
        assert (found.minutes, found.not_counting) == (480, 60)
        with pytest.raises(Refused, match="60 minutes short for Ana"):
            publish_week(ada, id_of("ab"), monday())


@pytest.mark.rule("C-35")
def test_a_day_short_of_the_payers_minimum_is_a_warning(act) -> None:
    with act("ada") as ada:
        plan(ada)
        for seat in seats("ana") + seats("ben"):
            if seat.kind == "process_group":
                end = seat.during.lower + timedelta(minutes=75)
                Seat.objects.filter(id=seat.id).update(
                    during=TimestamptzRange(seat.during.lower, end)
                )
        _made, warnings = publish_week(ada, id_of("ab"), monday())
        assert "Wednesday is 15 minutes short of a billable day" in warnings


@pytest.mark.rule("C-45")
def test_a_week_without_an_individual_or_a_couples_session_is_refused_naming_it(act) -> None:
    with act("ada") as ada:
        plan(ada)
        cancel(ada, Session.objects.get(kind="conjoint", status="planned"))
        individual(ada, "ana", "mo", at(4, 9))
        individual(ada, "ben", "kit", at(4, 9))
        with pytest.raises(Refused, match="The couple has no couples session"):
            publish_week(ada, id_of("ab"), monday())


@pytest.mark.rule("C-41")
def test_with_one_room_apart_sessions_never_overlap(act) -> None:
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(), "shared", one_room=True)
        apart = {
            name: [s.during for s in seats(name) if KINDS[s.kind].attendance == "apart"]
            for name in ("ana", "ben")
        }
        for one in apart["ana"]:
            for other in apart["ben"]:
                assert one.upper <= other.lower or other.upper <= one.lower
        assert [planned_minutes(p, monday()) for p in AB] == [630, 630]


@pytest.mark.rule("C-46", "P-76")
def test_a_week_whose_therapist_lacks_a_partners_state_is_refused(act) -> None:
    Licence.objects.filter(staff_id=id_of("reyes"), state="NV").delete()
    Licence.objects.filter(staff_id=id_of("vale"), state="NV").delete()
    with act("ada") as ada, pytest.raises(Refused, match="licensed"):
        plan(ada)


@pytest.mark.rule("C-11")
def test_a_partner_at_a_lower_level_gets_the_hours_of_that_level(act) -> None:
    with act("ada") as ada:
        Episode.objects.filter(person_id=id_of("ben")).update(level="1.5")
        plan(ada)
        assert [planned_minutes(p, monday()) for p in AB] == [630, 480]
        publish_week(ada, id_of("ab"), monday())


@pytest.mark.rule("C-11", "C-15", "C-35")
@pytest.mark.parametrize("levels", [("2.1", "1.5"), ("1.5", "2.1"), ("1.5", "1.5")])
def test_a_first_week_keeps_each_partner_within_their_own_level(act, levels) -> None:
    with act("ada") as ada:
        for person, level in zip(AB, levels, strict=True):
            Episode.objects.filter(person_id=person).update(level=level, admitted_on=monday(1))
        plan_week(ada, id_of("ab"), monday(1))
        hours = {"2.1": 780, "1.5": 480}
        assert [planned_minutes(p, monday(1)) for p in AB] == [hours[level] for level in levels]
        both = [{s.kind: s.session_id for s in seats(name, 1)} for name in ("ana", "ben")]
        for kind in ("psychoeducation", "relapse_prevention", "orientation"):
            assert both[0][kind] == both[1][kind]
        assert {"intake", "plan_session"} <= both[0].keys() & both[1].keys()
        publish_week(ada, id_of("ab"), monday(1))


def test_planning_again_replaces_the_draft_and_never_a_published_week(act) -> None:
    with act("ada") as ada:
        plan(ada, "shared")
        plan(ada, "side_by_side")
        assert [planned_minutes(p, monday()) for p in AB] == [630, 630]
        assert not any(KINDS[s.kind].needs_clearance for s in seats("ana"))
        plan(ada, "shared")
        publish_week(ada, id_of("ab"), monday())
        with pytest.raises(Refused, match="published"):
            plan(ada, "side_by_side")


@pytest.mark.rule("P-49")
def test_publishing_tells_both_the_same_and_once(act) -> None:
    with act("ada") as ada:
        plan(ada)
        publish_week(ada, id_of("ab"), monday())
        publish_week(ada, id_of("ab"), monday())
    for name in ("ana", "ben"):
        with act(name):
            assert Notice.objects.filter(viewer_id=id_of(name)).count() == 1


@pytest.mark.parametrize("who", ["reyes", "mo", "ana", "bill"])
def test_only_those_who_keep_rosters_plan_a_week(act, who: str) -> None:
    with act(who) as actor, pytest.raises(NotThere):
        plan(actor)


def test_the_couples_therapist_publishes_what_was_planned(act) -> None:
    with act("cory") as cory:
        plan(cory)
    with act("reyes") as reyes:
        made, _warnings = publish_week(reyes, id_of("ab"), monday())
        assert made.published_by == id_of("reyes")
    with act("vale") as vale, pytest.raises(NotThere):
        publish_week(vale, id_of("ab"), monday())


@pytest.mark.rule("C-17", "C-16")
def test_a_hold_replaces_the_conjoint_seats_at_the_same_hours_for_both(act) -> None:
    with act("ada") as ada:
        plan(ada)
        publish_week(ada, id_of("ab"), monday())
        joint = [s.during for s in seats("ana") if KINDS[s.kind].needs_clearance]
        classes = {s.session_id for s in seats("ana") if KINDS[s.kind].attendance == "side"}
    with act("kit") as kit:
        from mutual.people.models import Couple, Person

        withdraw_clearance(
            kit, Couple.objects.get(id=id_of("ab")), Person.objects.get(id=id_of("ben"))
        )
    with act("ada"):
        for name in ("ana", "ben"):
            own = seats(name)
            assert not any(KINDS[s.kind].needs_clearance for s in own)
            hours = [s.during for s in own]
            assert all(during in hours for during in joint)
            assert planned_minutes(id_of(name), monday()) == 630
            assert classes == {s.session_id for s in own if KINDS[s.kind].attendance == "side"}


def test_a_moved_session_shows_in_the_week_it_moves_to(act) -> None:
    with act("ada") as ada:
        plan(ada)
        session = Session.objects.get(kind="conjoint", status="planned")
        reschedule(ada, session, at(3, 18, weeks=3))
        assert planned_minutes(id_of("ana"), monday()) == 570
        assert planned_minutes(id_of("ana"), monday(3)) == 60
