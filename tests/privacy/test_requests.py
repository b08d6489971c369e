"""What people ask about their record, each on its legal clock (P-38 to P-43)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person, Staff
from mutual.privacy import actions, answering, clocks, requests
from mutual.privacy.models import PrivacyRequest
from mutual.record import release
from tests.privacy.factories import outside
from tests.record.factories import same, signed
from tests.world import id_of


def ask(act, kind: str = "access", who: str = "ana", **more) -> PrivacyRequest:
    with act(who) as person:
        return requests.ask(person, kind, more.pop("words", "All of it."), **more)


def seen(row: PrivacyRequest) -> PrivacyRequest:
    return PrivacyRequest.objects.get(id=row.id)


@pytest.mark.rule("P-40")
def test_a_copy_is_due_in_thirty_days_and_extended_once_with_a_reason(act) -> None:
    row = ask(act)
    today = timezone.localdate()
    assert row.due_on == today + timedelta(days=30)
    with act("pia") as pia:
        mine = seen(row)
        with pytest.raises(Refused):
            answering.extend(pia, mine, "Soon")
        with pytest.raises(Refused):
            answering.extend(pia, mine, "The archive is closed.", today=today + timedelta(days=31))
        answering.extend(pia, mine, "The archive is closed.")
        assert mine.extended_on == row.due_on + timedelta(days=30)
        with pytest.raises(Refused):
            answering.extend(pia, mine, "The archive is still closed.")
        with pytest.raises(IntegrityError), transaction.atomic():
            PrivacyRequest.objects.filter(id=row.id).update(extended_why="")
    with act("ana") as ana:
        assert requests.own(ana, row.public_id).extended_why == "The archive is closed."


@pytest.mark.rule("P-40", "P-43")
@pytest.mark.parametrize(("kind", "day"), [("access", 20), ("conjoint", 20), ("amendment", 50)])
def test_an_open_clock_is_an_alarm_ten_days_before_its_end(act, kind: str, day: int) -> None:
    row = ask(act, kind)
    with act("pia") as pia:
        start = timezone.localdate()
        for days, alarm in ((day - 1, False), (day, True), (day + 40, True)):
            (line,) = answering.queue(pia, start + timedelta(days=days))
            assert (line.row.id, line.alarm) == (row.id, alarm)


@pytest.mark.rule("P-40")
def test_a_persons_own_copy_holds_no_word_of_the_other_and_no_notes_kept_apart(act) -> None:
    with act("mo") as mo:
        signed(mo, words="Ana planned her week.")
        signed(mo, kind="sud_counseling_note", words="Counselor thinking aloud.")
    with act("kit") as kit:
        signed(kit, "ben", words="Ben spoke of his brother.")
    row = ask(act, form="json")
    with act("ana") as ana, pytest.raises(NotThere):
        release.own_copy(ana, row.public_id)
    with act("pia") as pia:
        answering.decide(pia, seen(row), True, "Here it is.")
    with act("ana") as ana:
        kind, content = release.own_copy(ana, row.public_id)
    said = content.decode()
    assert kind == "application/json" and json.loads(said)["parts"]
    assert "Ana planned her week." in said
    assert "Ben spoke of his brother." not in said and "thinking aloud" not in said
    with act("ben") as ben, pytest.raises(NotThere):
        release.own_copy(ben, row.public_id)


@pytest.mark.rule("P-40", "P-51")
def test_the_copy_goes_out_under_a_neutral_name_and_is_kept_nowhere(act, browse) -> None:
    row = ask(act)
    with act("pia") as pia:
        answering.decide(pia, seen(row), True, "Here it is.")
    address = f"/me/requests/{row.public_id}/copy/"
    answer = browse("ana").get(address)
    assert answer.content.startswith(b"%PDF-") and "document-" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert browse("ben").get(address).status_code == 404
    assert browse("ana", pin=False).get(address)["Location"].startswith("/pin/")


@pytest.mark.rule("P-41")
def test_only_a_professional_refuses_for_danger_and_only_another_reviews_it(act) -> None:
    row = ask(act)
    with act("pia") as pia:
        mine = seen(row)
        with pytest.raises(Refused) as refused:
            answering.decide(pia, mine, False, "It could hurt you.", ground="danger")
        assert refused.value.rule == "P-41"
        answering.name_decider(pia, mine, Staff.objects.get(id=id_of("mo")))
    with act("mo") as mo:
        answering.decide(mo, seen(row), False, "It could hurt you.", ground="danger")
    with act("ana") as ana:
        requests.ask_review(ana, row.public_id)
    with act("pia") as pia:
        mine = seen(row)
        with pytest.raises(Refused) as refused:
            answering.name_reviewer(pia, mine, Staff.objects.get(id=id_of("mo")))
        assert (refused.value.rule, refused.value.field) == ("P-41", "staff")
        with pytest.raises(Refused):
            answering.name_reviewer(pia, mine, Staff.objects.get(id=id_of("bill")))
        answering.name_reviewer(pia, mine, Staff.objects.get(id=id_of("reyes")))
        with pytest.raises(IntegrityError), transaction.atomic():
            PrivacyRequest.objects.filter(id=row.id).update(
                reviewer_id=id_of("mo"), reviewed_at=timezone.now()
            )
    with act("mo") as mo, pytest.raises(NotThere):
        answering.review(mo, seen(row), True, "Now it may go.")
    with act("reyes") as reyes:
        answering.review(reyes, seen(row), True, "Now it may go.")
    with act("ana") as ana:
        assert requests.own(ana, row.public_id).state == "granted"


@pytest.mark.rule("P-41")
def test_a_refusal_that_is_not_for_danger_has_no_review(act) -> None:
    row = ask(act)
    with act("pia") as pia:
        with pytest.raises(Refused):
            answering.decide(pia, seen(row), False, "No.", ground="accurate")
        answering.decide(pia, seen(row), False, "Made for a court.", ground="proceedings")
    with act("ana") as ana, pytest.raises(Refused):
        requests.ask_review(ana, row.public_id)


@pytest.mark.rule("P-42")
def test_the_shared_notes_open_with_both_and_else_the_officer_decides_without_naming_who(
    act, browse
) -> None:
    row = ask(act, "conjoint")
    assert row.state == "open"
    assert clocks.due("conjoint", date(2026, 1, 1)) == date(2026, 1, 31)
    before = browse("ben").get("/me/requests/")
    with act("pia") as pia:
        mine = seen(row)
        with pytest.raises(Refused) as refused:
            answering.decide(pia, mine, True, "Here they are.")
        assert refused.value.field == "prepared"
        answering.decide(pia, mine, True, "Here they are.", prepared="What you said yourself.")
        assert b"What you said" not in bytes(seen(row).prepared or b"")
    page = browse("ana").get(f"/me/requests/{row.public_id}/").content.decode()
    assert "What you said yourself." in page
    assert same(before, browse("ben").get("/me/requests/"))
    for name in ("ana", "ben"):
        with act(name) as person:
            actions.sign_consent(person, "cj", f"{name.title()} Fiction")
    assert ask(act, "conjoint", "ben").state == "granted"


@pytest.mark.rule("P-43")
def test_a_refused_correction_carries_the_persons_words_along_and_changes_no_note(act) -> None:
    with act("mo") as mo:
        note = signed(mo, words="Ana came late.")
    row = ask(act, "amendment", words="I was on time.")
    with act("pia") as pia:
        answering.decide(pia, seen(row), False, "The log says so.", ground="accurate")
    with act("ana") as ana:
        requests.add_statement(ana, row.public_id, "My bus was late, I was not.")
        consent = outside(ana)
    with act("mo") as mo:
        copy = release.prepare_release(mo, Person.objects.get(id=id_of("ana")), consent.public_id)
        from mutual.base.crypto import open_sealed

        said = open_sealed(bytes(copy.sealed), str(copy.id))
        note.refresh_from_db()
    assert "My bus was late, I was not." in said and "Ana came late." in said
    assert note.status == "signed"
    assert clocks.due("amendment", date(2026, 1, 1)) == date(2026, 3, 2)
    assert clocks.extended("amendment", date(2026, 3, 2)) == date(2026, 4, 1)


@pytest.mark.rule("P-38", "P-40")
def test_a_request_needs_no_reason_and_a_second_press_makes_no_second_one(act) -> None:
    first = ask(act, "confidential", words="")
    again = ask(act, "confidential", words="")
    assert first.id == again.id
    for kind in ("amendment", "restriction"):
        with act("ana") as ana, pytest.raises(Refused):
            requests.ask(ana, kind, " ")
    with act("mo") as mo, pytest.raises(NotThere):
        requests.ask(mo, "access")


@pytest.mark.rule("P-40", "P-2")
def test_nobody_but_the_officer_and_whom_the_officer_asked_sees_a_request(act) -> None:
    row = ask(act)
    for viewer in ("ben", "mo", "reyes", "ada", "bill"):
        with act(viewer) as actor:
            assert not PrivacyRequest.objects.filter(id=row.id).exists(), viewer
            with pytest.raises(NotThere):
                answering.request(actor, row.public_id)
    with act("pia") as pia:
        assert answering.request(pia, row.public_id).days_left == 30
        with pytest.raises(NotThere):
            requests.own(pia, row.public_id)
