"""A clinician falls ill: who can stand in, one click, everybody told once (C-3, C-4, C-46)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Licence, ShownName
from mutual.wall.context import as_service
from mutual.wall.models import Notice, Relation
from mutual.week import standins
from mutual.week.models import Seat
from tests.week.factories import at, conjoint, group, individual, staff
from tests.world import id_of


def _names(choices) -> list[str]:
    return [c.staff.name for c in choices]


@pytest.mark.rule("C-4")
def test_the_partners_counselor_never_covers_and_the_others_are_offered(act) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 18))
    with act("cory") as cory:
        assert _names(standins.choices_for(cory, session)) == ["Noor Bakshi", "Sol Bright"]
        with pytest.raises(Refused, match="does not counsel the partner") as refused:
            standins.stand_in(cory, session, staff("kit"))
        assert refused.value.rule == "C-4"


@pytest.mark.rule("C-3")
def test_nobody_who_counsels_or_treats_one_of_them_holds_the_couples_session(act) -> None:
    with act("ada") as ada:
        session = conjoint(ada, at(1, 18))
    with act("cory") as cory:
        assert _names(standins.choices_for(cory, session)) == ["Dr. Vale"]
        mo = staff("mo")
        mo.roles = [*mo.roles, "couples_therapist"]
        mo.save(update_fields=["roles"])
        with pytest.raises(Refused) as refused:
            standins.stand_in(cory, session, mo)
        assert refused.value.rule == "C-3"
        assert _names(standins.choices_for(cory, session)) == ["Dr. Vale"]


@pytest.mark.rule("C-5")
def test_no_partners_counselor_takes_over_a_process_group(act) -> None:
    with act("ada") as ada:
        _made, session = group(ada, "process_group", "sol", at(1, 18), "ana", "dan")
    with act("cory") as cory:
        # Kit counsels the partner of Ana, Noor the partner of Dan.
        assert _names(standins.choices_for(cory, session)) == ["Mo Lindgren"]


@pytest.mark.rule("C-46")
def test_busy_away_or_unlicensed_is_not_offered_and_who_knows_them_comes_first(act) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 18))
        before = individual(ada, "ana", "mo", at(1, 18) - timedelta(days=20))
        Seat.objects.filter(session=before).update(clinician_id=id_of("sol"))
    with act("cory") as cory:
        first, second = standins.choices_for(cory, session)
        assert (first.staff.name, first.known) == ("Sol Bright", 1)
        assert first.words == "met them 1 times in 90 days"
        Licence.objects.filter(staff_id=id_of("sol"), state="TX").delete()
        assert _names(standins.choices_for(cory, session)) == ["Noor Bakshi"]
        standins.call_in_sick(cory, staff("noor"), at(1, 0), at(2, 0))
        assert standins.choices_for(cory, session) == []


@pytest.mark.rule("F-13", "P-49")
def test_one_click_moves_the_session_opens_the_chart_for_days_and_tells_everybody_once(act) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 18))
    with act("noor"):
        assert not ShownName.objects.filter(person_id=id_of("ana")).exists()
    with act("cory") as cory:
        for _again in range(3):
            standins.stand_in(cory, standins.session_of(cory, session.public_id), staff("noor"))
    with act("ada"):
        session.refresh_from_db()
    assert session.clinician_id == id_of("noor") and session.during.lower == at(1, 18)
    with act("noor"):
        assert ShownName.objects.filter(person_id=id_of("ana")).exists()
        until = Relation.objects.get(viewer_id=id_of("noor"), subject_id=id_of("ana")).valid.upper
    assert until == at(1, 19) + standins.OPEN_FOR
    with act("mo"), as_service("notices"):
        told = list(
            Notice.objects.filter(occasion__startswith="change:").exclude(occasion__endswith=":new")
        )
    assert sorted(n.viewer_id for n in told) == sorted([id_of("ana"), id_of("noor")])


def test_all_that_a_sick_day_leaves_open_is_listed_with_choices_for_each(act) -> None:
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(1, 16))
        group(ada, "skills_group", "mo", at(1, 18), "cleo")
        individual(ada, "ana", "mo", at(2, 16))
    with act("cory") as cory:
        _away, left = standins.call_in_sick(cory, staff("mo"), at(1, 0), at(2, 0))
        assert [one.session.kind for one in left] == ["individual", "skills_group"]
        assert all(one.choices for one in left)
    with act("kit") as kit, pytest.raises(NotThere):
        standins.left_open(kit, staff("mo"), at(1, 0), at(2, 0))


def test_the_coordinator_does_it_by_hand(browse, act, django_assert_max_num_queries) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 16))
    mine = browse("cory")
    day = at(1, 16).date().isoformat()
    asked = {"who": str(staff("mo").public_id), "since": day, "until": day}
    assert mine.post("/staff/week/stand-ins/", asked).status_code == 302
    with django_assert_max_num_queries(14):  # two are the test's own savepoint
        page = mine.get("/staff/week/stand-ins/", asked).content.decode()
    assert "Noor Bakshi" in page and "Ana" not in page
    mine.post(
        f"/staff/week/stand-ins/{session.public_id}/",
        {**asked, "staff": str(staff("noor").public_id)},
    )
    page = mine.get("/staff/week/stand-ins/", asked).content.decode()
    assert "Nothing is left open." in page
