"""The recovery contract, another level, a goal for the group: pages of staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.daily.actions import consent_to_part, revoke_part
from mutual.daily.models import ContractReadiness, PartConsent, RecoveryContract
from mutual.episode.actions import rate_level
from mutual.episode.models import Episode, LevelChange
from mutual.people.models import Couple, Person
from mutual.plan.models import GroupGoal, IndividualPlan
from mutual.record.models import ClosedRecord
from tests.daily.factories import contract, ready
from tests.plan.factories import own_plan
from tests.world import id_of

WORDS = {"statement": "Today I choose not to use.", "thanks": "Thank you.", "do": "start"}
LEVELS = {n: ("2.5" if n == 1 else "2.1", "more days") for n in range(1, 6)}


def address(act, what: str) -> str:
    with act("reyes" if what == "contract" else "mo"):
        if what == "contract":
            return f"/staff/couples/{Couple.objects.get(id=id_of('ab')).public_id}/contract/"
        return f"/staff/people/{Person.objects.get(id=id_of('ana')).public_id}/{what}/"


@pytest.mark.rule("C-47", "C-49")
def test_a_contract_starts_on_the_page_once_both_are_ready_and_names_nobody(act, browse) -> None:
    url, today = address(act, "contract"), timezone.localdate()
    reyes = browse("reyes")
    sent = {**WORDS, "promises": "Meet on Sunday\n\nCall at noon", "on": today.isoformat()}
    refused = reyes.post(url, sent)
    text = refused.content.decode()
    assert refused.status_code == 409 and "Today I choose not to use." in text
    assert "ready as" not in text
    ready(act)
    late = reyes.post(url, {**sent, "on": (today - timedelta(days=8)).isoformat()})
    assert late.status_code == 409 and "seven days before" in late.content.decode()
    sent["on"] = (today - timedelta(days=2)).isoformat()
    assert reyes.post(url, sent).status_code == 302
    with act("reyes"):
        row = RecoveryContract.objects.get()
        assert row.started_on == today - timedelta(days=2)
        assert row.promises == [["Meet on Sunday", ""], ["Call at noon", ""]]


@pytest.mark.rule("C-53")
def test_a_contract_rests_goes_on_and_ends_for_both_at_once(act, browse) -> None:
    contract(act)
    url = address(act, "contract")
    reyes = browse("reyes")
    for do, rests, ended in (
        ("pause", True, False),
        ("resume", False, False),
        ("end", False, True),
    ):
        assert reyes.post(url, {"do": do}).status_code == 302
        with act("reyes"):
            row = RecoveryContract.objects.get()
            assert (row.paused_on is not None, row.ended_on is not None) == (rests, ended)
    for who in ("mo", "vale", "ada", "dee", "bill"):
        assert browse(who).get(url).status_code == 404


@pytest.mark.rule("C-47", "C-13")
def test_readiness_is_asked_by_the_own_counselor_alone(act, browse) -> None:
    url = address(act, "alone")
    mo = browse("mo")
    sent = {
        "do": "ready",
        "has_sud": "on",
        "accepts_abstinence": "yes",
        "means_to_stay": "undecided",
    }
    assert mo.post(url, sent).status_code == 302
    with act("mo"):
        row = ContractReadiness.objects.get(person_id=id_of("ana"))
        assert (row.has_sud, row.accepts_abstinence, row.means_to_stay) == (True, True, None)
    for who in ("kit", "reyes", "sol", "ada", "dee", "bill"):
        assert browse(who).get(url).status_code == 404
        assert browse(who).post(url, sent).status_code == 404


@pytest.mark.rule("C-76")
def test_a_record_is_closed_and_opened_again_in_a_private_contact(act, browse) -> None:
    url = address(act, "alone")
    mo = browse("mo")
    assert mo.post(url, {"do": "close"}).status_code == 302
    assert "Closed since" in mo.get(url).content.decode()
    with act("mo"):
        assert ClosedRecord.objects.get().person_id == id_of("ana")
    mo.post(url, {"do": "open"})
    with act("mo"):
        assert not ClosedRecord.objects.exists()


@pytest.mark.rule("C-50")
def test_once_they_spoke_about_a_part_taken_back_the_tile_may_go(act, browse) -> None:
    contract(act)
    for name in ("ana", "ben"):
        with act(name) as actor:
            consent_to_part(actor, "observed_dose")
    with act("ana") as ana:
        revoke_part(ana, "observed_dose")
    url = address(act, "alone")
    mo = browse("mo")
    assert "We spoke about it" in mo.get(url).content.decode()
    mo.post(url, {"do": "spoke", "code": "observed_dose"})
    assert "We spoke about it" not in mo.get(url).content.decode()
    with act("mo"):
        row = PartConsent.objects.get(person_id=id_of("ana"))
        assert row.shown_until <= timezone.now()


@pytest.mark.rule("C-30", "C-65")
def test_another_level_is_offered_after_a_rating_and_brings_the_review_forward(act, browse) -> None:
    url, today = address(act, "level"), timezone.localdate()
    mo = browse("mo")
    assert "Change the level" not in mo.get(url).content.decode()
    with act("mo") as counselor:
        own_plan(counselor, "ana")
        IndividualPlan.objects.update(review_due=today + timedelta(days=20))
        rate_level(counselor, Person.objects.get(id=id_of("ana")), LEVELS)
    assert "From level 2.1 to 2.5" in mo.get(url).content.decode()
    refused = mo.post(url, {"do": "change", "receiver": "", "first_date": ""})
    assert refused.status_code == 409 and "name who receives" in refused.content.decode().lower()
    done = {"do": "change", "receiver": "Day clinic", "first_date": today.isoformat()}
    assert mo.post(url, done).status_code == 302
    with act("mo"):
        assert Episode.objects.get(person_id=id_of("ana")).level == "2.5"
        row = LevelChange.objects.get()
        assert (row.was, row.level, row.receiver) == ("2.1", "2.5", "Day clinic")
        assert IndividualPlan.objects.get().review_due == today
    assert "Day clinic" in browse("dee").get(url).content.decode()
    with act("kit"):
        assert Episode.objects.get(person_id=id_of("ben")).level == "2.1"


@pytest.mark.rule("P-4")
def test_a_goal_is_shown_to_the_groups_leader_by_the_own_counselor(act, browse) -> None:
    with act("mo") as counselor:
        _plan, goal = own_plan(counselor, "ana")
        couple = Couple.objects.get(id=id_of("ab")).public_id
    mo = browse("mo")
    url = f"/staff/couples/{couple}/a/plan/goal/{goal.public_id}/"
    assert "Show to the group" in mo.get(url).content.decode()
    assert mo.post(url, {"do": "show"}).status_code == 302
    text = mo.get(url).content.decode()
    assert "Show to the group" not in text and "leads this person" in text
    with act("mo"):
        assert GroupGoal.objects.get().key == goal.public_id
