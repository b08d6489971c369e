"""*Today*: one next step; nothing private without the PIN; the same page for both partners."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.daily import rules
from mutual.daily.actions import check_in, confirm_trust_talk
from mutual.episode.actions import withdraw_clearance
from mutual.people.models import Couple, Person
from mutual.week.actions import publish_week
from tests.daily.factories import CALM, contract, couples_session, local
from tests.week.factories import individual, monday
from tests.week.factories import planned as plan
from tests.world import id_of


def words(page) -> str:
    """The visible words of a page, without names, dates and tokens."""
    html = page.content.decode()
    html = html[html.index("<main") : html.index("</main>")]
    text = re.sub(r"<[^>]+>", " ", re.sub(r'value="[^"]*"', "", html))
    return re.sub(r"\s+", " ", text)


def next_steps(html: str) -> int:
    """How many buttons of the page itself ask to be the next step (the closed lock has its own)."""
    return html[html.index("<main") : html.index("</main>")].count("btn act")


def neutral(text: str) -> str:
    """A page without what may differ between the two: names and times (C-16)."""
    text = re.sub(r"\b(Ana|Ben|Mo Lindgren|Kit Amari)\b", "N", text)
    text = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Today|Tonight|Tomorrow)\b", "D", text)
    return re.sub(r"\d+:\d\d( [ap]m)?( [A-Z]{3})?", "T", text)


def test_a_session_of_today_is_the_one_next_step_and_wakes_15_minutes_before(act, browse) -> None:
    now = timezone.now()
    session = couples_session(act, now + timedelta(minutes=12))
    page = browse("ana").get("/today/")
    html = page.content.decode()
    if local("ana", 0, days=1) > now + timedelta(minutes=12):
        assert "Session with Dr. Reyes, your couples therapist" in html
        assert f'href="/join/{session.public_id}/"' in html
        assert next_steps(html) == 1


def test_a_session_later_today_does_not_open_yet(act, browse) -> None:
    now = timezone.now()
    start = now + timedelta(minutes=40)
    if start > local("ana", 0, days=1):
        pytest.skip("too close to midnight for a session of today")
    session = couples_session(act, start)
    html = browse("ana").get("/today/").content.decode()
    assert f"/join/{session.public_id}/" not in html and "Opens at" in html


@pytest.mark.rule("P-68")
def test_an_own_session_reads_session_and_names_nobody(act, browse) -> None:
    start = timezone.now() + timedelta(days=1)
    with act("mo") as mo:
        individual(mo, "ana", "mo", start)
    text = words(browse("ana", pin=False).get("/today/"))
    assert "Session" in text
    for private in ("Mo Lindgren", "Individual", "counseling"):
        assert private not in text


@pytest.mark.rule("P-68")
def test_today_needs_no_pin_and_the_private_pages_do(browse) -> None:
    client = browse("ana", pin=False)
    for open_page in ("/today/", "/us/", "/messages/", "/messages/ours/"):
        assert client.get(open_page).status_code == 200, open_page
    for private in ("/check-in/", "/messages/own/", "/check-in/thanks/", "/us/parts/"):
        answer = client.get(private)
        assert answer.status_code == 302 and answer["Location"].startswith("/pin/"), private


def test_an_evening_without_a_session_leads_to_the_check_in(act, browse) -> None:
    html = browse("ana").get("/today/").content.decode()
    assert "Start check-in" in html and next_steps(html) == 1
    with act("ana") as ana:
        check_in(ana, CALM)
    html = browse("ana").get("/today/").content.decode()
    assert "Start check-in" not in html and "1-minute check-in" in html
    assert "Rest well" in html


@pytest.mark.rule("P-48")
def test_the_partners_check_in_changes_nothing_on_ones_page(act, browse) -> None:
    before = words(browse("ben").get("/today/"))
    with act("ana") as ana:
        check_in(ana, {**CALM, "urge": "9", "used": "yes"}, call_me=True)
    assert words(browse("ben").get("/today/")) == before


@pytest.mark.rule("C-49", "P-48")
def test_one_half_of_the_trust_talk_changes_neither_page(act, browse) -> None:
    contract(act)
    couples_session(act, timezone.now() + timedelta(days=1))
    before = {who: words(browse(who).get("/today/")) for who in ("ana", "ben")}
    assert "not yet today" in before["ana"]
    with act("ana") as ana:
        confirm_trust_talk(ana)
    assert {who: words(browse(who).get("/today/")) for who in ("ana", "ben")} == before


@pytest.mark.rule("C-16", "C-53")
@pytest.mark.parametrize("cause", ["plan review", "hold by one counselor", "hold by the other"])
def test_a_side_by_side_week_reads_the_same_to_both_whatever_the_cause(
    act, browse, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract(act)
    with act("ada") as ada:
        plan(ada, "side_by_side" if cause == "plan review" else "shared")
        publish_week(ada, id_of("ab"), monday())
    if cause != "plan review":
        counselor, person = ("mo", "ana") if cause.endswith("one counselor") else ("kit", "ben")
        with act(counselor) as staff:
            withdraw_clearance(
                staff, Couple.objects.get(id=id_of("ab")), Person.objects.get(id=id_of(person))
            )
    from tests.week.factories import at

    now = at(0, 8)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    pages = {who: words(browse(who).get("/today/")) for who in ("ana", "ben")}
    assert "You are both in treatment this week." in pages["ana"]
    assert "Trust talk" not in pages["ana"] and "Trust talk" not in pages["ben"]
    us = {who: words(browse(who).get("/us/")) for who in ("ana", "ben")}
    assert neutral(us["ana"]) == neutral(us["ben"])
    assert "of 7 days" not in us["ana"]
    for text in (*pages.values(), *us.values()):
        for word in ("hold", "clearance", "assessment", "track"):
            assert not re.search(rf"\b{word}\b", text, re.IGNORECASE)
    cut = {who: neutral(text) for who, text in pages.items()}
    assert cut["ana"] == cut["ben"]
    ANSWERS.setdefault(cause, (cut["ana"], neutral(us["ana"])))
    assert len({repr(v) for v in ANSWERS.values()}) == 1


#: What each cause showed: all equal.
ANSWERS: dict[str, tuple[str, str]] = {}


@pytest.mark.rule("C-16")
def test_the_shape_of_a_week_is_read_from_its_seats_alone() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Row:
        kind: str
        hours: int
        status: str = "planned"

        @property
        def start(self):
            return NOW + timedelta(hours=self.hours)

        @property
        def end(self):
            return self.start + timedelta(hours=1)

    NOW = timezone.now()
    normal = [Row("individual", -20), Row("couples_skills", -10), Row("conjoint", 10)]
    assert not rules.side_by_side(normal, NOW)
    late = [Row("conjoint", -10), Row("relapse_prevention", 10)]
    assert not rules.side_by_side(late, NOW)
    held = [Row("couples_skills", -10), Row("second_individual", 10)]
    assert rules.side_by_side(held, NOW)
    moved = [Row("conjoint", 10, "cancelled"), Row("second_individual", 10)]
    assert rules.side_by_side(moved, NOW)
    assert not rules.side_by_side([], NOW)


@pytest.mark.rule("P-69")
def test_the_crisis_card_is_the_same_for_everyone(browse) -> None:
    cards = set()
    for who in ("ana", "ben", "cleo"):
        html = browse(who).get("/today/").content.decode()
        cards.add(html[html.index('<section class="crisis"') :].split("</section>")[0])
    assert len(cards) == 1 and "tel:988" in cards.pop()


@pytest.mark.rule("P-61", "P-66")
def test_every_page_has_a_quick_exit_a_neutral_title_and_is_kept_nowhere(browse) -> None:
    client = browse("ana")
    for path in (
        "/today/", "/check-in/", "/us/", "/messages/", "/messages/own/", "/messages/ours/",
        "/check-in/thanks/", "/check-in/coping/",
    ):  # fmt: skip
        page = client.get(path)
        html = page.content.decode()
        assert 'href="/exit/"' in html, path
        assert "<title>Mutual</title>" in html, path
        assert page["Cache-Control"].find("no-store") >= 0, path


def test_today_takes_few_queries(act, browse, django_assert_max_num_queries) -> None:
    couples_session(act, timezone.now() + timedelta(days=1))
    client = browse("ana")
    client.get("/today/")
    # Five belong to every request: savepoint, actor, session, and the end of both.
    with django_assert_max_num_queries(8):
        assert client.get("/today/").status_code == 200


def test_staff_find_no_partner_page(browse) -> None:
    for path in ("/today/", "/us/", "/check-in/", "/messages/"):
        assert browse("mo").get(path).status_code == 404
