"""The real week and the solver: asked, proposed, accepted; what cannot be is said in words."""

from __future__ import annotations

from datetime import time

import pytest

from mutual.base.refusal import NotThere, Refused
from mutual.wall.context import as_service
from mutual.week import availability
from mutual.week.actions import cancel, plan_week, publish_week
from mutual.week.bridge.accepting import accept, accept_all
from mutual.week.bridge.asking import ask
from mutual.week.bridge.looking import look
from mutual.week.bridge.proposing import propose, spoken, work_out
from mutual.week.bridge.reading import Programme
from mutual.week.checker import check
from mutual.week.clocks import Stretch
from mutual.week.models import Proposal, ProposedSession, Seat, Session, WeekPlan
from mutual.week.planning import planned
from tests.week.factories import AB, at, individual, monday, staff
from tests.world import id_of

WEEK = 2


def _solved(ada, *, repair: bool = False) -> Proposal:
    asked = propose(ada, monday(WEEK), seconds=5, repair=repair)
    work_out(asked.id, seconds=2)
    return Proposal.objects.get(id=asked.id)


@pytest.mark.rule("C-35", "C-40", "C-45", "C-3", "C-4")
def test_a_proposed_week_passes_the_independent_checker_and_is_booked_whole(act) -> None:
    with act("ada") as ada:
        with as_service("week_planner"):
            question = ask(Programme(monday(WEEK), repair=False, now=at(0, 0, weeks=0)))
        found = _solved(ada)
        assert (found.state, found.conflicts) == ("ready", [])
        assert not Session.objects.filter(series__isnull=False).exists()
        rows = ProposedSession.objects.filter(proposal=found)
        assert {r.kind for r in rows} >= {"individual", "conjoint", "process_group"}
        done, refused = accept_all(ada, found)
        assert (refused, done) == (0, rows.count())
        for person in planned(id_of("ab"), monday(WEEK)).people:
            assert 540 <= person.minutes <= 1140
        publish_week(ada, id_of("ab"), monday(WEEK))
        # Once is once.
        assert accept_all(ada, found) == (0, 0)
    assert question.raw["couples"][0]["id"].startswith("c")
    assert "Ana" not in str(question.raw)


def test_the_instance_and_its_answer_hold_for_the_checker(act) -> None:
    from mutual.week.solver.parse import read
    from mutual.week.solver.search import Effort
    from mutual.week.solver.solving import solve

    with act("ana") as ana:
        never = [Stretch(d, time(8), time(16), "never") for d in range(5)]
        availability.set_free_times(ana, ana.id, never)
    with act("cory") as cory:
        availability.take_time_off(cory, staff("mo"), at(3, 0), at(4, 0))
    with act("ada"), as_service("week_planner"):
        question = ask(Programme(monday(WEEK), repair=False, now=at(0, 0, weeks=0)))
    result = solve(read(question.raw), Effort(2.0))
    assert result.feasible, result.conflicts
    verdict = check(question.raw, result.as_json())
    assert verdict["ok"], verdict["violations"]


def test_a_sick_day_is_repaired_with_the_fewest_moves_and_nothing_else_changes(act) -> None:
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(WEEK), "shared")
        publish_week(ada, id_of("ab"), monday(WEEK))
        before = {
            s.id: s.during.lower
            for s in Session.objects.filter(status="planned", subject_of__in=["P", "C"])
        }
        mine = Session.objects.get(kind="individual", subject_id=id_of("ana"), status="planned")
        day = mine.during.lower.astimezone().date()
        availability.take_time_off(ada, staff("mo"), at(day.weekday(), 0), at(day.weekday() + 1, 0))
        found = _solved(ada, repair=True)
        assert found.state == "ready"
        changed = ProposedSession.objects.filter(proposal=found).exclude(change="same")
        assert [(r.kind, r.change) for r in changed.filter(subject_of__in=["P", "C"])] == [
            ("individual", "move")
        ]
        assert accept_all(ada, found)[1] == 0
        after = {s.id: s.during.lower for s in Session.objects.filter(id__in=list(before))}
        assert {k for k in before if before[k] != after[k]} == {mine.id}


def test_a_cancelled_session_is_put_back_by_a_repair(act) -> None:
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(WEEK), "shared")
        publish_week(ada, id_of("ab"), monday(WEEK))
        lost = Session.objects.get(kind="conjoint", status="planned")
        cancel(ada, lost, reason="a storm")
        found = _solved(ada, repair=True)
        row = ProposedSession.objects.get(proposal=found, kind="conjoint")
        assert row.change == "new"
        accept(ada, row.public_id)
        accept(ada, row.public_id)
        assert Session.objects.filter(kind="conjoint", status="planned").count() == 1


def test_what_cannot_be_is_said_in_words_and_the_week_stays(act) -> None:
    with act("ben") as ben:
        never = [Stretch(d, time(0), time(0), "never") for d in range(6)]
        availability.set_free_times(ben, ben.id, never)
    with act("ada") as ada:
        found = _solved(ada)
        assert found.state == "nothing"
        assert found.conflicts
        assert not ProposedSession.objects.exists()
        assert not WeekPlan.objects.filter(monday=monday(WEEK)).exists()
        words = look(ada, found).conflicts
        assert any("Ben" in w for w in words), words


@pytest.mark.rule("F-4")
def test_what_was_booked_meanwhile_is_refused_and_says_why(act) -> None:
    with act("ada") as ada:
        found = _solved(ada)
        row = ProposedSession.objects.get(proposal=found, kind="individual", people=[AB[0]])
        individual(ada, "cleo", "noor", row.during.lower)
        individual(ada, "ana", "mo", row.during.lower)
        with pytest.raises(Refused, match="No longer free"):
            accept(ada, row.public_id)
        _done, refused = accept_all(ada, found)
        assert refused >= 1
        row.refresh_from_db()
        assert row.state == "refused" and "busy then" in row.words
        assert Seat.objects.filter(person_id=AB[0], kind="individual", cancelled=False).count() == 1


def test_one_proposal_a_week_at_a_time_and_a_job_run_twice_works_once(act) -> None:
    with act("ada") as ada:
        asked = propose(ada, monday(WEEK), seconds=5)
        with pytest.raises(Refused, match="already"):
            propose(ada, monday(WEEK))
        work_out(asked.id, seconds=2)
        count = ProposedSession.objects.count()
        work_out(asked.id, seconds=2)
        assert ProposedSession.objects.count() == count


@pytest.mark.rule("P-1")
def test_only_who_plans_every_week_proposes_or_reads_one(act, browse) -> None:
    with act("ada") as ada:
        found = _solved(ada)
        row = ProposedSession.objects.filter(proposal=found).first()
        assert row is not None
    for name in ("mo", "kit", "reyes", "cory", "ana"):
        with act(name) as actor:
            assert not Proposal.objects.exists()
            with pytest.raises(NotThere):
                propose(actor, monday(WEEK))
            with pytest.raises(NotThere):
                accept(actor, row.public_id)
    with act("ben"):
        # A row of Ana's own session is hers: never her partner's.
        seen = ProposedSession.objects.filter(subject_of="P")
        assert {r.subject_id for r in seen} <= {id_of("ben")}


def test_words_of_the_solver_name_whom_the_reader_may_name() -> None:
    said = spoken("c12.A is 20 minutes short; c7 has no room", lambda n, s: f"<{n}{s}>")
    assert said == "<12A> is 20 minutes short; <7> has no room"


def test_the_planner_asks_watches_and_accepts_by_hand(
    act, browse, django_assert_max_num_queries
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    mine = browse("ada")
    sent = {"monday": monday(WEEK).isoformat(), "how": "new", "seconds": "5"}
    answer = mine.post("/staff/week/propose/", sent)
    assert answer.status_code == 302
    jobs = ProcrastinateJob.objects.filter(task_name="week.propose")
    with act("ada"):
        made = Proposal.objects.get()
    assert [job.args for job in jobs] == [{"proposal": str(made.id)}]
    page = mine.get(answer.url).content.decode()
    assert "Waits for its turn" in page and "You can leave this page" in page
    part = mine.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="progress"')
    assert mine.post("/staff/week/propose/", sent).status_code == 409
    with act("ada"):
        work_out(made.id, seconds=2)
    done = mine.get(answer.url, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    with django_assert_max_num_queries(12):
        page = mine.get(answer.url).content.decode()
    assert "Today and proposed" in page and "Ana" in page and len(page) < 100_000
    with act("ada"):
        row = ProposedSession.objects.filter(kind="individual", people=[AB[0]]).get()
    assert mine.post(f"{answer.url}accept/", {"row": str(row.public_id)}).status_code == 302
    with act("ada"):
        row.refresh_from_db()
        assert row.state == "accepted"
    mine.post(f"{answer.url}accept/")
    assert "could not be booked" not in mine.get(answer.url).content.decode()
    assert browse("mo").get(answer.url).status_code == 404
