"""Continued stay: when it is decided, by whom, the task before it, the pages (C-29)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.coverage import actions as coverage
from mutual.episode.actions import decide_stay
from mutual.episode.models import Episode, StayDecision
from mutual.people.models import Person, StaffTask
from mutual.record import care_dates
from mutual.record.staying import due_days
from tests.coverage import factories as make
from tests.world import id_of

ANA = id_of("ana")


def ana() -> Person:
    return Person.objects.get(id=ANA)


def stay(days: int) -> dict:
    """Ana in care since so many days, as `due_days` takes it."""
    since = timezone.localdate() - timedelta(days=days)
    Episode.objects.filter(person_id=ANA).update(admitted_on=since)
    return {ANA: since}


def decide(actor, **given):
    said = {"progressing": True, "able_to_progress": False, "new_problem": False, "words": "Comes."}
    return decide_stay(actor, ana(), **{**said, **given})


@pytest.mark.rule("C-29")
def test_it_is_due_after_two_weeks_and_five_days_before_an_authorization_ends(act) -> None:
    today = timezone.localdate()
    with act("mo") as mo:
        since = stay(6)
        assert due_days(since)[ANA] == today + timedelta(days=8)
    with act("bill") as bill:
        coverage.add_authorization(
            bill, ana(), make.payer(bill), number="N1", units=12,
            first_day=today - timedelta(days=6), last_day=today + timedelta(days=9),
        )  # fmt: skip
    with act("mo") as mo:
        assert due_days(since)[ANA] == today + timedelta(days=4)
        decide(mo, now=timezone.now() + timedelta(days=4))
        assert due_days(since)[ANA] == today + timedelta(days=18)


@pytest.mark.rule("C-29")
@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({}, "stay"),
        ({"progressing": False, "able_to_progress": True}, "stay"),
        ({"progressing": False, "new_problem": True}, "stay"),
        ({"progressing": False}, "transfer_or_discharge"),
    ],
)
def test_any_of_the_three_is_a_reason_to_stay_and_nothing_happens_by_it(
    act, said: dict, outcome: str
) -> None:
    with act("mo") as mo:
        with pytest.raises(Refused, match="rests on"):
            decide(mo, words=" ")
        assert decide(mo, **said).outcome == outcome
        assert Episode.objects.get(person_id=ANA).stage == "admitted"
    with act("kit"):
        assert not StayDecision.objects.exists()


@pytest.mark.rule("C-29")
@pytest.mark.parametrize("who", ["kit", "ada", "dee", "reyes"])
def test_only_the_own_counselor_decides(act, who: str) -> None:
    with act("mo"):
        person = ana()
    with act(who) as actor, pytest.raises(NotThere):
        decide_stay(
            actor, person, progressing=True, able_to_progress=False, new_problem=False, words="x"
        )


@pytest.mark.rule("C-29")
def test_it_becomes_one_task_of_the_own_counselor_and_deciding_does_it(act) -> None:
    with act("mo") as mo:
        stay(12)
        care_dates.look_at_dates()
        care_dates.look_at_dates()
        (task,) = StaffTask.objects.filter(rule="C-29", person_id=ANA)
        assert task.addressee_id == mo.id
        assert timezone.localdate(task.due) == timezone.localdate() + timedelta(days=2)
        decide(mo)
        task.refresh_from_db()
        assert task.done_at is not None
        care_dates.look_at_dates()
        assert StaffTask.objects.filter(rule="C-29", person_id=ANA).count() == 1


@pytest.mark.rule("C-29")
def test_the_page_decides_and_the_director_sees_who_waits(act, browse) -> None:
    with act("mo"):
        stay(20)
        url = f"/staff/people/{ana().public_id}/stay/"
    assert url in browse("dee").get("/staff/programme/").content.decode()
    mo = browse("mo")
    refused = mo.post(url, {"progressing": "on", "words": ""})
    assert refused.status_code == 422
    assert mo.post(url, {"words": "No change in four weeks."}).status_code == 302
    assert "Transfer or discharge" in mo.get(url).content.decode()
    page = browse("dee").get("/staff/programme/").content.decode()
    assert url not in page
    assert browse("dee").get(url).status_code == 200
    assert browse("dee").post(url, {"words": "x"}).status_code == 404
    for who in ("kit", "reyes", "bill", "ada"):
        assert browse(who).get(url).status_code == 404
