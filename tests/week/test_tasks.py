"""One reminder per person, session and lead time, whoever runs the job how often."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mutual.base.refusal import NotThere, Refused
from mutual.wall.models import Notice
from mutual.week.actions import cancel, publish_week
from mutual.week.reminders import LEADS, choose, chosen_by, remind
from tests.week.factories import at, conjoint, individual, monday, planned
from tests.world import id_of


def _reminders():
    """The reminders among one's notices; that a session was booked or changed is told apart."""
    return Notice.objects.filter(occasion__startswith="session:")


@pytest.mark.rule("F-6")
def test_five_runs_make_one_reminder_for_each_lead_time(act) -> None:
    with act("ada") as ada:
        conjoint(ada, at(3, 18))
    for minutes in (0, 2, 5, 10, 20):
        remind(at(2, 18) + timedelta(minutes=minutes))
    for minutes in (0, 5, 29):
        remind(at(3, 17) + timedelta(minutes=minutes))
    for name in ("ana", "ben"):
        with act(name):
            assert _reminders().count() == 2
            due = sorted(n.due for n in _reminders())
            assert due == [at(2, 18), at(3, 17)]


@pytest.mark.rule("F-6")
def test_a_job_that_was_away_too_long_reminds_of_nothing(act) -> None:
    with act("mo") as mo:
        individual(mo, "ana", "mo", at(1, 16))
    remind(at(0, 17))
    with act("ana"):
        assert _reminders().count() == 0


@pytest.mark.rule("F-6", "P-49")
def test_cancelled_sessions_and_drafts_remind_nobody_and_a_notice_names_nothing(act) -> None:
    with act("ada") as ada:
        joint = conjoint(ada, at(3, 18, weeks=3))
        cancel(ada, joint)
        planned(ada)
    remind(at(2, 18, weeks=3))
    remind(at(2, 18))
    with act("ana"):
        assert _reminders().count() == 0
    with act("ada") as ada:
        publish_week(ada, id_of("ab"), monday())
    remind(at(2, 18))
    with act("ana"):
        (notice,) = Notice.objects.filter(occasion__endswith=":1440")
        assert not {"conjoint", "individual", "reyes"} & set(notice.occasion.lower().split(":"))


@pytest.mark.rule("F-6", "P-49")
def test_each_partner_hears_at_the_times_they_chose_and_at_none_when_they_chose_none(act) -> None:
    with act("ada") as ada:
        conjoint(ada, at(3, 18))
    with act("ana") as ana:
        assert chosen_by(ana) == (1440, 60)
        choose(ana, [15, 180])
        assert chosen_by(ana) == (180, 15)
    with act("ben") as ben:
        choose(ben, [])
    for minutes in LEADS:
        remind(at(3, 18) - timedelta(minutes=minutes))
    with act("ana"):
        assert sorted(n.due for n in _reminders()) == [at(3, 15), at(3, 17, 45)]
    with act("ben"):
        assert not _reminders().exists()


def test_a_time_that_is_not_offered_is_refused_and_staff_choose_none(act) -> None:
    with act("ana") as ana, pytest.raises(Refused):
        choose(ana, [7])
    with act("mo") as mo, pytest.raises(NotThere):
        choose(mo, [60])


def test_a_partner_chooses_on_the_page_behind_the_pin(browse) -> None:
    assert browse("ana", pin=False).get("/week/reminders/").status_code == 302
    ana = browse("ana")
    assert ana.post("/week/reminders/", {"leads": ["15"]}).status_code == 302
    page = ana.get("/week/reminders/").content.decode()
    (box,) = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert 'value="15"' in box
