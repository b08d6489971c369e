"""A care team from screening on, screens before admission, admission, and the end of a stay."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from mutual.episode import actions, queries
from mutual.episode import inquiry as inquiries
from mutual.episode.models import CareAssignment, CoupleEpisode, Episode, Inquiry
from mutual.people.models import Couple, Person, Staff
from tests.episode.test_admission import pair, ready
from tests.world import id_of

TEAM = {"couples_therapist": "vale", "counselor_a": "mo", "counselor_b": "kit",
        "prescriber": "pruitt"}  # fmt: skip


@pytest.fixture
def couple(act) -> tuple[Couple, Person, Person]:
    """Eve and Fay in screening: no team yet."""
    with act("ada") as ada:
        made = pair(ada)
        for person in made[1:]:
            actions.open_episode(ada, person, timezone.localdate())
    return made


def address(couple: tuple[Couple, Person, Person]) -> str:
    return f"/staff/couples/{couple[0].public_id}/admission/"


def chosen(**other: str) -> dict[str, str]:
    return {"team": "1"} | {place: str(id_of(name)) for place, name in (TEAM | other).items()}


@pytest.mark.rule("C-4")
def test_admissions_assigns_the_team_while_they_are_in_screening(act, browse, couple) -> None:
    ada = browse("ada")
    assert ada.post(address(couple), chosen()).status_code == 302
    page = ada.get(address(couple)).content.decode()
    assert "Mo Lindgren" in page and "Dr. Vale" in page
    assert 'name="counselor_a"' not in page and 'name="supervisor"' in page
    with act("ada"):
        assert not CoupleEpisode.objects.filter(couple=couple[0]).exists()
        assert queries.team_of(couple[1].id)["counselor"].id == id_of("mo")
        assert queries.team_of(couple[2].id)["counselor"].id == id_of("kit")


@pytest.mark.rule("C-3", "C-4", "C-6")
@pytest.mark.parametrize(
    ("roles", "changes", "words"),
    [
        ({"vale": "counselor"}, {"counselor_b": "vale"}, "Already this couple"),
        ({}, {"counselor_b": "mo"}, "does not counsel the partner"),
        ({"mo": "supervisor"}, {"supervisor": "mo"}, "Counsels one of this couple"),
    ],
)
def test_a_refused_place_says_so_and_what_was_chosen_stays(
    act, browse, couple, roles: dict[str, str], changes: dict[str, str], words: str
) -> None:
    for name, role in roles.items():
        member = Staff.objects.get(id=id_of(name))
        Staff.objects.filter(id=member.id).update(roles=[*member.roles, role])
    answer = browse("ada").post(address(couple), chosen(**changes))
    page = answer.content.decode()
    assert answer.status_code == 409 and words in page.replace("&#x27;", "'")
    place = next(iter(changes))
    assert f'aria-invalid="true" aria-describedby="id_{place}_error"' in page.replace(
        f'aria-describedby="id_{place}_error" aria-invalid="true"',
        f'aria-invalid="true" aria-describedby="id_{place}_error"',
    )
    for name in {**TEAM, **changes}.values():
        assert f'<option value="{id_of(name)}" selected>' in page
    with act("ada"):
        assert not CareAssignment.objects.filter(couple=couple[0]).exists()


@pytest.mark.rule("C-4", "C-13")
def test_the_assigned_counselor_finds_and_screens_the_person_before_admission(
    act, browse, couple
) -> None:
    mo = browse("mo")
    assert "Eve" not in mo.get("/staff/couples/").content.decode()
    browse("ada").post(address(couple), chosen())
    listed = mo.get("/staff/couples/?show=screening").content.decode()
    assert "Eve" in listed and "screening" in listed and "Ana" not in listed
    lane = mo.get(f"/staff/couples/{couple[0].public_id}/", follow=True).content.decode()
    screening = f"/staff/people/{couple[1].public_id}/screening/"
    assert screening in lane and f"/staff/people/{couple[1].public_id}/level/" in lane
    asked = mo.post(
        screening + "safety/",
        {"alone": "yes", "private": "yes", "safe": "yes", "item_1": "no", "item_2": "no",
         "item_3": "no", "item_4": "no"},
        follow=True,
    )  # fmt: skip
    said = asked.content.decode()
    assert "Negative" in said or "Deferred" in said
    other = f"/staff/people/{couple[2].public_id}/screening/"
    assert mo.get(other).status_code == 404
    assert browse("noor").get(screening).status_code == 404


@pytest.mark.rule("C-10")
def test_with_the_team_there_admission_asks_only_for_what_is_missing(act, browse, couple) -> None:
    ada = browse("ada")
    today = f"{timezone.localdate()}"
    ada.post(address(couple), chosen())
    short = ada.post(address(couple), {"admit": "1", "on": today})
    assert short.status_code == 409 and "needs headphones" in short.content.decode()
    with act("ada") as actor:
        ready(actor, *couple[1:])
    assert ada.post(address(couple), {"admit": "1", "on": today}).status_code == 302
    with act("ada"):
        assert CoupleEpisode.objects.filter(couple=couple[0], status="open").exists()


def test_an_empty_choice_is_said_and_nothing_is_assigned(browse, couple) -> None:
    answer = browse("ada").post(address(couple), {"team": "1"})
    assert answer.status_code == 409 and "Choose at least one" in answer.content.decode()


def test_the_board_leads_to_the_care_team_in_two_clicks(act, browse, couple) -> None:
    asked: Any = inquiries.receive_inquiry(
        name="Eve", safe_route="call", reach="5125550100", safe_hours="noon", state="TX"
    )
    with act("ada"):
        Inquiry.objects.filter(id=asked.id).update(person=couple[1], status="screening")
    ada = browse("ada")
    inquiry = f"/staff/admissions/{asked.public_id}/"
    assert inquiry in ada.get("/staff/admissions/").content.decode()
    page = ada.get(inquiry).content.decode()
    assert address(couple) in page and "/screening/" not in page
    assert address(couple) not in browse("dee").get(inquiry).content.decode()


@pytest.mark.rule("C-31")
def test_the_director_ends_a_stay_with_words_and_the_counselor_discharges(act, browse) -> None:
    with act("dee"):
        ana = Person.objects.get(id=id_of("ana"))
        lane = f"/staff/couples/{Couple.objects.get(id=id_of('ab')).public_id}/a/discharge/"
    end = f"/staff/people/{ana.public_id}/end/"
    dee = browse("dee")
    assert dee.get(lane).headers["Location"] == end
    assert browse("mo").get(lane).status_code == 200
    assert browse("mo").get(end).status_code == 404
    bare = dee.post(end, {"reason": "administrative", "words": ""})
    assert bare.status_code == 409 and "how to appeal" in bare.content.decode()
    assert dee.post(end, {"reason": "completed", "words": "x"}).status_code == 200
    done = dee.post(end, {"reason": "administrative", "words": "Threats; appeal in 30 days."})
    assert done.status_code == 302
    with act("mo"):
        assert Episode.objects.get(person_id=id_of("ana")).stage == "closed"


@pytest.mark.rule("C-31")
def test_admissions_ends_a_stay_only_before_admission(act, browse, couple) -> None:
    ada = browse("ada")
    with act("ada"):
        ana = Person.objects.get(id=id_of("ana"))
    assert (
        "The own counselor discharges"
        in ada.get(f"/staff/people/{ana.public_id}/end/").content.decode()
    )
    end = f"/staff/people/{couple[1].public_id}/end/"
    assert ada.post(end, {"reason": "own_choice", "words": ""}).status_code == 302
    with act("ada"):
        assert Episode.objects.get(person=couple[1]).stage == "closed"
