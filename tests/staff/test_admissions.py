"""The admissions board and one inquiry's page, as admissions and others meet them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.episode import board as queries
from mutual.episode import inquiry as actions
from mutual.episode.models import Inquiry, Invitation
from tests.world import id_of

Act = Callable[[str], AbstractContextManager[Any]]
NOW = timezone.now()


def ask(
    name: str = "Rosa", *, word: str = "", at: datetime = NOW, reach: str = "5125550100"
) -> Inquiry:
    return actions.receive_inquiry(
        name=name,
        safe_route="mail" if "@" in reach else "call",
        reach=reach,
        safe_hours="weekdays 12 to 1",
        state="TX",
        question=f"A question of {name}",
        couple_word=word,
        now=at,
    )


def page_of(inquiry: Inquiry, tail: str = "") -> str:
    return f"/staff/admissions/{inquiry.public_id}/{tail}"


def test_the_board_stays_within_eight_queries_at_any_length(
    act: Act, browse: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        ask(f"Person {n}", word=f"word{n // 2}", at=NOW - timedelta(hours=n))
    ada = browse("ada")
    ada.get("/staff/admissions/")
    with django_assert_max_num_queries(8):
        answer = ada.get("/staff/admissions/")
    html = answer.content.decode()
    assert html.count('class="ask') == queries.SHORT
    assert "40 more" in html
    with django_assert_max_num_queries(8):
        alone = ada.get("/staff/admissions/?column=new").content.decode()
    assert alone.count('class="ask') == 60


def test_the_clock_runs_until_the_first_contact(act: Act) -> None:
    late = ask("Rosa", at=NOW - timedelta(hours=30))
    soon = ask("Theo", at=NOW - timedelta(hours=5))
    fresh = ask("Imani", at=NOW - timedelta(minutes=20))
    assert queries.clock_of(late, NOW).tone == "danger"
    assert queries.clock_of(soon, NOW).tone == "warn"
    assert queries.clock_of(fresh, NOW).tone == "ok"
    with act("ada") as ada:
        assert queries.board(ada, now=NOW).late == 1
        answered = actions.record_contact(ada, late, now=NOW - timedelta(hours=28))
        clock = queries.clock_of(answered, NOW)
        assert (clock.running, clock.minutes) == (False, 120)
        tried = actions.record_contact(ada, soon, reached=False, now=NOW)
        assert queries.clock_of(tried, NOW).running
        assert tried.next_action == "Try again at the safe time"
        again = actions.record_contact(ada, late, now=NOW)
        assert again.contacted_at == NOW - timedelta(hours=28)


def test_filters_narrow_the_board_and_keep_names_out_of_the_address(act: Act, browse: Any) -> None:
    first, second = ask("Rosa"), ask("Theo")
    with act("ada") as ada:
        actions.record_contact(ada, first)
        actions.plan_next(ada, first, "Call her sister's clinic", NOW.date() - timedelta(days=1))
        waiting = queries.board(ada, show="waiting", now=NOW)
        due = queries.board(ada, show="due", now=NOW, today=NOW.date())
        assert [c.inquiry.name for col in waiting.columns for c in col.cards] == ["Theo"]
        assert [c.inquiry.name for col in due.columns for c in col.cards] == ["Rosa"]
        assert due.columns[1].cards[0].overdue
        assert queries.board(ada, state="NV").columns[0].count == 0
    html = browse("ada").get("/staff/admissions/?show=waiting").content.decode()
    assert "Theo" in html and str(second.public_id) in html
    links = " ".join(re.findall(r'(?:href|action)="([^"]*)"', html))
    assert "?show=due" in links and "Theo" not in links and "Rosa" not in links


def test_moves_follow_the_board_and_refusals_say_what_to_do(act: Act) -> None:
    row = ask()
    with act("ada") as ada:
        for to, words in (
            ("screening", "First note that you reached them"),
            ("admitted", "in one act"),
            ("declined", "Say why"),
            ("elsewhere", "no such column"),
        ):
            with pytest.raises(Refused, match=words):
                actions.move_inquiry(ada, row, to)
        actions.record_contact(ada, row, now=NOW)
        moved = actions.move_inquiry(ada, row, "screening", now=NOW)
        assert (moved.status, moved.moved_at) == ("screening", NOW)
        with pytest.raises(Refused, match="was answered"):
            actions.move_inquiry(ada, row, "new")
        gone = actions.move_inquiry(ada, row, "declined", why="Moved abroad; sent a list")
        assert gone.next_action == "Moved abroad; sent a list"
        back = actions.move_inquiry(ada, row, "contacted")
        assert (back.status, back.next_action) == ("contacted", "")


def test_only_admissions_moves_and_the_director_reads(act: Act) -> None:
    row = ask()
    with act("dee") as dee:
        assert queries.inquiry_of(dee, row.public_id).name == "Rosa"
        with pytest.raises(NotThere):
            actions.record_contact(dee, row)
    for name in ("mo", "reyes", "bill", "ana", "pia"):
        with act(name) as actor:
            assert not Inquiry.objects.visible_to(actor).exists()
            with pytest.raises(NotThere):
                queries.inquiry_page(actor, row.public_id)


def test_other_staff_and_partners_find_no_board(browse: Any) -> None:
    row = ask()
    for name in ("mo", "bill", "ana"):
        assert browse(name).get("/staff/admissions/").status_code == 404
        assert browse(name).get(page_of(row)).status_code == 404
    director = browse("dee")
    html = director.get(page_of(row)).content.decode()
    assert "A question of Rosa" in html and "Reached them" not in html
    assert director.post(page_of(row, "contact/"), {"reached": "yes"}).status_code == 404


@pytest.mark.rule("F-19")
def test_one_address_never_links_two_people_and_the_page_says_so(act: Act, browse: Any) -> None:
    rosa, theo = ask("Rosa"), ask("Theo")
    with act("ada") as ada:
        page = queries.inquiry_page(ada, rosa.public_id)
        assert page.partner is None and page.same_address == 1
    html = browse("ada").get(page_of(rosa)).content.decode()
    assert "They may be two people" in html and "Theo" in html
    assert str(theo.public_id) in html


@pytest.mark.rule("F-19", "C-1")
def test_admissions_links_two_by_hand_and_never_a_third(act: Act) -> None:
    rosa, theo, eve = ask("Rosa", word="Heron"), ask("Theo", word="heron "), ask("Eve")
    with act("ada") as ada:
        page = queries.inquiry_page(ada, rosa.public_id)
        assert [(c.name, same) for c, same in page.candidates][0] == ("Theo", True)
        with pytest.raises(Refused, match="two different people"):
            actions.link_partners(ada, rosa, rosa)
        actions.link_partners(ada, rosa, theo)
        actions.link_partners(ada, rosa, theo)
        with pytest.raises(Refused, match="linked to somebody"):
            actions.link_partners(ada, eve, theo)
        linked = queries.inquiry_page(ada, rosa.public_id)
        assert linked.partner is not None and linked.partner.name == "Theo"
        names = {c.inquiry.name: c.partner for c in queries.board(ada).columns[0].cards}
        assert names == {"Rosa": "Theo", "Theo": "Rosa", "Eve": ""}
        actions.unlink_partners(ada, rosa)
        assert queries.inquiry_page(ada, theo.public_id).partner is None


def test_the_page_works_by_buttons_alone_and_keeps_what_was_typed(act: Act, browse: Any) -> None:
    row, other = ask("Rosa"), ask("Theo")
    ada = browse("ada")
    assert ada.post(page_of(row, "contact/"), {"reached": "yes"}).status_code == 302
    assert ada.post(page_of(row, "move/"), {"to": "screening"}).status_code == 302
    step = {"text": "Book both screenings", "on": "2026-01-15"}
    assert ada.post(page_of(row, "next/"), step).status_code == 302
    assert ada.post(page_of(row, "link/"), {"other": other.public_id}).status_code == 302
    html = ada.get(page_of(row)).content.decode()
    assert "Book both screenings" in html and "Move to Verified" in html and "Theo" in html
    wrong = ada.post(page_of(row, "next/"), {"text": "Call the clinic", "on": "soon"})
    assert wrong.status_code == 422 and "Call the clinic" in wrong.content.decode()
    refused = ada.post(page_of(row, "move/"), {"to": "admitted"})
    assert refused.status_code == 409 and "in one act" in refused.content.decode()
    empty = ada.post(page_of(row, "move/"), {"to": "declined", "why": ""})
    assert empty.status_code == 422 and 'aria-invalid="true"' in empty.content.decode()
    assert ada.post(page_of(row, "link/"), {"other": "no id"}).status_code == 404


def test_one_inquiry_takes_few_queries(browse: Any, django_assert_max_num_queries: Any) -> None:
    row = ask("Rosa", word="heron")
    for n in range(30):
        ask(f"Person {n}", word="heron" if n % 2 else "")
    ada = browse("ada")
    ada.get(page_of(row))
    with django_assert_max_num_queries(12):
        ada.get(page_of(row))


@pytest.mark.rule("F-19", "P-49")
def test_each_partner_gets_a_link_of_their_own_that_names_nobody(act: Act, browse: Any) -> None:
    rosa, theo = ask("Rosa"), ask("Theo")
    ada = browse("ada")
    ada.post(page_of(rosa, "invite/"), {"email": "rosa@private.example"})
    refused = ada.post(page_of(theo, "invite/"), {"email": "rosa@private.example"})
    assert refused.status_code == 409
    assert "belongs to another person" in refused.content.decode()
    ada.post(page_of(theo, "invite/"), {"email": "theo@private.example"})
    assert [m.to for m in mail.outbox] == [["rosa@private.example"], ["theo@private.example"]]
    links = {line for m in mail.outbox for line in m.body.splitlines() if line.startswith("http")}
    assert len(links) == 2 and all("/welcome/" in link for link in links)
    for message in mail.outbox:
        whole = f"{message.subject} {message.body} {message.from_email}".lower()
        for word in ("rosa", "theo", "treatment", "couple", "recovery", "alcohol", "therapy"):
            assert word not in whole
    with act("ada") as actor:
        for kept in Invitation.objects.visible_to(actor):
            assert bytes(kept.token_hash).hex() not in "".join(links)
            assert kept.expires_at > timezone.now() + timedelta(days=6)


def test_a_link_whose_mail_fails_is_not_kept(act: Act, browse: Any, settings: Any) -> None:
    row = ask()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = browse("ada").post(page_of(row, "invite/"), {"email": "rosa@private.example"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "could not be sent" in html and "rosa@private.example" in html
    with act("ada") as ada:
        assert not Invitation.objects.visible_to(ada).exists()


@pytest.mark.rule("F-19", "F-13")
def test_two_who_took_up_their_links_become_a_couple_once(act: Act, browse: Any) -> None:
    from mutual.episode.actions import accept_invitation, invite

    rosa, theo = ask("Rosa"), ask("Theo")
    with act("ada") as ada:
        actions.link_partners(ada, rosa, theo)
        tokens = {
            row.name: invite(ada, row, f"{row.name.lower()}@private.example")
            for row in (rosa, theo)
        }
        assert not queries.inquiry_page(ada, rosa.public_id).can_form_couple
    for name, token in tokens.items():
        accept_invitation(
            token,
            email=f"{name.lower()}@private.example",
            password="obviously-fictional-1",
            given_name=name,
            family_name="Fiction",
        )
    with act("ada") as ada:
        assert queries.inquiry_page(ada, rosa.public_id).can_form_couple
    client = browse("ada")
    for _ in range(2):
        assert client.post(page_of(rosa, "couple/")).status_code == 302
    with act("ada") as ada:
        page = queries.inquiry_page(ada, rosa.public_id)
        assert page.couple is not None and page.inquiry.status == "screening"
        person = page.inquiry.person
        with pytest.raises(Refused, match="couple already"):
            actions.unlink_partners(ada, rosa)
    html = client.get(page_of(rosa)).content.decode()
    for tail in (
        f"/staff/people/{person.public_id}/level/",
        f"/staff/people/{person.public_id}/insurance/",
        f"/staff/couples/{page.couple.public_id}/admission/",
    ):
        assert tail in html
    assert str(person.id) not in html and str(id_of("ada")) not in html
