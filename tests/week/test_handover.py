"""A place on the care team ends or goes to somebody else, with the sessions that are planned."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.range import DateRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode.handing import change_place
from mutual.episode.models import CareAssignment, TeamChange
from mutual.episode.queries import team_of
from mutual.episode.team import assign
from mutual.people.models import Couple, Licence, Person, Staff, StaffTask
from mutual.wall.models import Relation
from mutual.week.handover import hand_over, planned
from mutual.week.models import Seat, Session
from mutual.week.series import start_series
from tests.week.factories import at, conjoint, individual
from tests.world import id_of

ANA, BEN, AB = id_of("ana"), id_of("ben"), id_of("ab")


def couple() -> Couple:
    return Couple.objects.get(id=AB)


def person(name: str) -> Person:
    return Person.objects.get(id=id_of(name))


def staff(name: str) -> Staff:
    return Staff.objects.get(id=id_of(name))


def second_counselor(act) -> Staff:
    """Noor works as a counselor, too, licensed where Ana and Ben are."""
    with act("ada"):
        Staff.objects.filter(id=id_of("noor")).update(roles=["group_leader", "counselor"])
        for row in Licence.objects.filter(staff_id=id_of("mo")):
            Licence.objects.get_or_create(
                staff_id=id_of("noor"), state=row.state, kind=row.kind,
                defaults={"number": "N", "valid": row.valid},
            )  # fmt: skip
        return staff("noor")


def opens(who, name: str) -> bool:
    """Whether somebody may open Ana's notes, that is: counsels or treats her."""
    return Person.objects.filter(id=id_of(name), id__granted="progress_note").exists()


@pytest.mark.rule("C-4", "P-8")
def test_a_counselor_who_is_replaced_today_opens_nothing_from_that_second(act) -> None:
    noor = second_counselor(act)
    today = timezone.localdate()
    with act("mo") as mo:
        assert opens(mo, "ana")
    with act("ada") as ada:
        change_place(ada, couple(), [person("ana")], "counselor", today, "fit", noor)
        assert team_of(ANA)["counselor"].id == noor.id
        assert TeamChange.objects.get().why == "fit"
    with act("mo") as mo:
        assert not opens(mo, "ana")
        assert (
            not Relation.objects.filter(viewer_id=mo.id, subject_id=BEN)
            .filter(valid__contains=timezone.now())
            .exists()
        )
    with act("noor") as who:
        assert opens(who, "ana") and not opens(who, "ben")


@pytest.mark.rule("C-4", "P-8")
def test_what_ends_and_begins_later_does_so_that_day(act) -> None:
    noor = second_counselor(act)
    later = timezone.localdate() + timedelta(days=5)
    with act("ada") as ada:
        change_place(ada, couple(), [person("ana")], "counselor", later, "leaves", noor)
        assert team_of(ANA)["counselor"].id == id_of("mo")
        assert team_of(ANA, later)["counselor"].id == noor.id
        spans = Relation.objects.filter(subject_id=ANA, relation="own_counselor")
        (old,) = spans.filter(viewer_id=id_of("mo"))
        (new,) = spans.filter(viewer_id=noor.id)
        assert timezone.localdate(old.valid.upper) == later and old.valid.upper == new.valid.lower
    with act("mo") as mo:
        assert opens(mo, "ana")
    with act("noor") as who:
        assert not opens(who, "ana")


@pytest.mark.rule("C-4")
def test_nobody_in_care_is_left_without_a_counselor(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="without a counselor") as refusal:
        change_place(ada, couple(), [person("ana")], "counselor", timezone.localdate(), "leaves")
    assert refusal.value.field == "successor"
    with act("ada"):
        assert team_of(ANA)["counselor"].id == id_of("mo")


@pytest.mark.rule("C-3", "C-4")
@pytest.mark.parametrize(
    ("role", "whose", "to", "words"),
    [
        ("counselor", "ana", "kit", "does not counsel the partner"),
        ("counselor", "ben", "reyes", "Already this couple's therapist"),
        ("couples_therapist", "ana", "mo", "Counsels or treats one of this couple"),
    ],
)
def test_a_successor_that_the_rule_forbids_is_refused_and_nothing_changes(
    act, role: str, whose: str, to: str, words: str
) -> None:
    with act("ada") as ada:
        Staff.objects.filter(id=id_of(to)).update(roles=["counselor", "couples_therapist"])
        before = {(r.person_id, r.staff_id) for r in CareAssignment.objects.filter(role=role)}
        with pytest.raises(Refused, match=words) as refusal:
            change_place(
                ada, couple(), [person(whose)], role, timezone.localdate(), "load", staff(to)
            )
        assert refusal.value.field == "successor"
        after = {
            (r.person_id, r.staff_id)
            for r in CareAssignment.objects.filter(role=role, during__contains=timezone.localdate())
        }
        assert after == before and not TeamChange.objects.exists()


@pytest.mark.rule("C-3", "C-4")
def test_the_database_refuses_a_successor_on_a_day_that_overlaps(act) -> None:
    noor = second_counselor(act)
    later = timezone.localdate() + timedelta(days=5)
    with act("ada") as ada:
        change_place(ada, couple(), [person("ana")], "counselor", later, "leaves", noor)
        for whose, role, slot in (("ana", "counselor", f"counselor:{ANA}"), ("ben", "nurse", "x")):
            with pytest.raises(IntegrityError), transaction.atomic():
                CareAssignment.objects.create(
                    couple_id=AB, person_id=id_of(whose), staff_id=noor.id, role=role, slot=slot,
                    during=DateRange(later + timedelta(days=1), later + timedelta(days=9)),
                )  # fmt: skip


@pytest.mark.rule("C-3")
def test_the_couples_therapist_goes_for_both_at_once(act) -> None:
    today = timezone.localdate()
    with act("ada") as ada:
        change_place(ada, couple(), [person("ana")], "couples_therapist", today, "leave",
                     staff("vale"))  # fmt: skip
        assert {team_of(p)["couples_therapist"].id for p in (ANA, BEN)} == {id_of("vale")}
    with act("reyes"):
        assert not Couple.objects.filter(id=AB, id__granted="conjoint_note").exists()
    with act("vale"):
        assert Couple.objects.filter(id=AB, id__granted="conjoint_note").exists()


@pytest.mark.rule("C-5", "P-8")
def test_a_prescriber_who_leaves_one_partner_keeps_the_other(act) -> None:
    today = timezone.localdate()
    with act("ada") as ada:
        for name in ("ana", "ben"):
            if "prescriber" not in team_of(id_of(name)):
                assign(ada, couple(), person(name), staff("pruitt"), "prescriber", today)
        change_place(ada, couple(), [person("ana")], "prescriber", today, "load")
        assert "prescriber" not in team_of(ANA) and team_of(BEN)["prescriber"].name
        assert Relation.objects.filter(
            viewer_id=id_of("pruitt"), subject_id=AB, valid__contains=timezone.now()
        ).exists()
    with act("pruitt") as pruitt:
        assert not opens(pruitt, "ana") and opens(pruitt, "ben")


@pytest.mark.rule("C-4")
def test_a_day_that_is_over_and_a_place_without_a_reason_are_refused(act) -> None:
    noor = second_counselor(act)
    today = timezone.localdate()
    with act("ada") as ada:
        for on, why, field in ((today - timedelta(days=1), "fit", "on"), (today, "", "why")):
            with pytest.raises(Refused) as refusal:
                change_place(ada, couple(), [person("ana")], "counselor", on, why, noor)
            assert refusal.value.field == field


@pytest.mark.parametrize("who", ["mo", "reyes", "bill", "cory"])
def test_only_who_keeps_the_team_changes_it(act, who: str) -> None:
    noor = second_counselor(act)
    with act("ada"):
        pair, ana = couple(), person("ana")
    with act(who) as actor, pytest.raises(NotThere):
        change_place(actor, pair, [ana], "counselor", timezone.localdate(), "fit", noor)


@pytest.mark.rule("C-46", "F-4")
def test_sessions_are_shown_before_and_handed_over_as_chosen(act) -> None:
    noor = second_counselor(act)
    today = timezone.localdate()
    with act("mo") as mo:
        first = individual(mo, "ana", "mo", at(1, 10))
        second = individual(mo, "ana", "mo", at(2, 10))
        busy = individual(mo, "ana", "mo", at(3, 10))
    with act("ada") as ada:
        individual(ada, "cleo", "noor", at(3, 10))
        shown = planned([person("ana")], couple(), "counselor", staff("mo"), today, noor)
        assert [one.session.id for one in shown] == [first.id, second.id, busy.id]
        assert [bool(one.against) for one in shown] == [False, False, True]
        done = hand_over(
            ada, couple(), [person("ana")], "counselor", today, "fit", noor,
            {first.public_id, busy.public_id},
        )  # fmt: skip
        assert [one.session.id for one in done.moved] == [first.id]
        assert [one.session.id for one in done.left] == [second.id, busy.id]
        leads = dict(Session.objects.values_list("id", "clinician_id"))
        assert leads[first.id] == noor.id and leads[second.id] == id_of("mo")
        assert Seat.objects.get(session=first).clinician_id == noor.id
        assert "2 planned" in StaffTask.objects.get(addressee_id=ada.id).text


@pytest.mark.rule("F-3")
def test_a_weekly_meeting_taken_whole_goes_on_with_the_successor(act) -> None:
    noor = second_counselor(act)
    first = timezone.localdate() + timedelta(days=1)
    with act("mo") as mo:
        _series, made = start_series(
            mo, "individual", clinician=staff("mo"), first=first, at=time(10),
            last=first + timedelta(weeks=2), persons=[ANA],
        )  # fmt: skip
    with act("ada") as ada:
        hand_over(
            ada, couple(), [person("ana")], "counselor", timezone.localdate(), "fit", noor,
            {one.public_id for one in made},
        )  # fmt: skip
        rows = Session.objects.filter(id__in=[one.id for one in made])
        assert {row.clinician_id for row in rows} == {noor.id}
        assert not any(row.exception for row in rows)
        assert {row.repeats.clinician_id for row in rows if row.repeats} == {noor.id}


@pytest.mark.rule("C-3")
def test_conjoint_sessions_go_with_the_couples_therapists_place(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
    with act("ada") as ada:
        hand_over(
            ada, couple(), [], "couples_therapist", timezone.localdate(), "leave", staff("vale"),
            {session.public_id},
        )  # fmt: skip
        assert Session.objects.get(id=session.id).clinician_id == id_of("vale")


def test_the_page_shows_what_is_planned_and_changes_it_once_confirmed(act, browse) -> None:
    second_counselor(act)
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(1, 10))
    with act("ada"):
        address = f"/staff/couples/{couple().public_id}/team/"
    client = browse("ada")
    listing = client.get(address).content.decode()
    assert f"{address}counselor-a/" in listing and f"{address}couples_therapist/" in listing
    url = f"{address}counselor-a/"
    assert str(session.public_id) in client.get(url).content.decode()
    sent = {
        "successor": str(id_of("noor")), "on": timezone.localdate().isoformat(), "why": "fit",
        "do": "look",
    }  # fmt: skip
    looked = client.post(url, sent).content.decode()
    assert f'value="{session.public_id}" checked' in looked
    with act("ada"):
        assert team_of(ANA)["counselor"].id == id_of("mo")
    sent |= {"do": "change", "take": str(session.public_id)}
    assert client.post(url, sent).status_code == 302
    with act("ada"):
        assert team_of(ANA)["counselor"].id == id_of("noor")
        assert Session.objects.get(id=session.id).clinician_id == id_of("noor")
    for who in ("mo", "bill", "cory"):
        assert browse(who).get(url).status_code == 404
    refused = client.post(url, {**sent, "successor": "", "why": "fit"})
    assert refused.status_code == 422 and "without a counselor" in refused.content.decode()
