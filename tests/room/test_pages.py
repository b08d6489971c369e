"""The pages before and after the room: what a partner and a clinician get to see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.room import actions
from mutual.room.models import Confirmation
from mutual.week.models import Attendance, Seat, Session
from tests.room import factories as make
from tests.world import id_of

PLACE = {
    "place": "home", "phone": "known", "emergency_confirmed": "on", "private_now": "yes",
}  # fmt: skip


def plain(page: bytes) -> str:
    """A page without its form token, which is new each time."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", page.decode())


def url(session, more: str = "") -> str:
    return f"/join/{session.public_id}/{more}"


@pytest.mark.rule("P-77")
def test_a_link_to_a_session_of_others_is_the_same_page_as_no_session(act, browse) -> None:
    session = make.individual()
    ben, kit = browse("ben"), browse("kit")
    here, nowhere = ben.get(url(session)), ben.get("/join/00000000-0000-4000-8000-000000000001/")
    assert here.status_code == nowhere.status_code == 404
    assert plain(here.content) == plain(nowhere.content)
    assert kit.get(f"/staff/room/{session.public_id}/").status_code == 404
    assert browse("mo").get(url(session)).status_code == 404


def test_too_early_says_when_the_room_opens(act, browse) -> None:
    session = make.conjoint(timezone.now() + timedelta(hours=3))
    page = browse("ana").get(url(session)).content.decode()
    assert "The room opens at" in page


@pytest.mark.rule("P-68")
def test_an_own_session_asks_for_the_pin_and_a_joint_one_does_not(act, browse) -> None:
    own, joint = make.individual(), make.conjoint(make.soon() + timedelta(hours=1))
    ana = browse("ana", pin=False)
    asked = ana.get(url(own))
    assert asked.status_code == 302
    assert asked["Location"].startswith("/pin/")
    assert ana.get(url(joint)).status_code == 200


@pytest.mark.rule("C-78", "P-75", "P-68")
def test_the_place_is_asked_by_its_label_and_the_page_shows_no_address(act, browse) -> None:
    session = make.conjoint()
    ana = browse("ana", pin=False)
    page = ana.get(url(session)).content.decode()
    assert "Home, still there" in page
    assert "Example Lane" not in page
    assert "Sister of Ana" not in page
    assert "555-010" not in page
    assert ana.post(url(session, "place/"), PLACE).status_code == 302
    with act("reyes"):
        row = Confirmation.objects.get()
        assert (row.address, row.state, row.private_now) == ("1 Example Lane", "TX", True)
    assert "Before you begin" in ana.get(url(session)).content.decode()


@pytest.mark.rule("C-46", "P-76")
def test_in_another_state_the_words_refuse_and_crisis_help_stays(act, browse) -> None:
    session = make.conjoint()
    ana = browse("ana")
    ana.post(
        url(session, "place/"),
        PLACE | {"place": "*", "label": "Place 2", "address": "3 Rain Street", "state": "OR"},
    )
    page = ana.get(url(session)).content.decode()
    assert "Dr. Reyes is not licensed there" in page
    assert "Call 988" in page


@pytest.mark.rule("P-78")
def test_each_tap_gets_the_same_answer_and_the_page_stays_as_it_was(act, browse) -> None:
    session = make.conjoint()
    make.confirm("ana", session)
    ana = browse("ana")
    before = plain(ana.get(url(session)).content)
    for what in ("alone", "go", "not_today"):
        json = {"accept": "application/json"}
        quiet = ana.post(url(session, "taps/"), {"tap": what}, headers=json)
        assert (quiet.status_code, quiet.content) == (204, b"")
        loud = ana.post(url(session, "taps/"), {"tap": what})
        assert (loud.status_code, loud["Location"]) == (302, url(session))
        assert plain(ana.get(url(session)).content) == before
    ana.post(url(session, "taps/"), {"tap": "on"})
    assert "You are waiting alone" in ana.get(url(session)).content.decode()


@pytest.mark.rule("C-16", "P-78")
def test_from_the_start_both_read_the_same_page_after_not_today(act, browse) -> None:
    session = make.conjoint(timezone.now() - timedelta(minutes=1))
    for name, tap in (("ana", ("not_today",)), ("ben", ("alone", "go"))):
        make.confirm(name, session)
        make.taps(name, session, *tap)
    found = []
    for name in ("ana", "ben"):
        page = browse(name).get(url(session)).content.decode()
        found.append(page[page.index("<main") : page.index("</main>")])
    assert found[0] == found[1]
    assert "You are both in treatment this week." in found[0]


@pytest.mark.rule("P-37", "P-74")
def test_without_consents_the_page_names_the_forms(act, browse) -> None:
    from mutual.wall.relations import consent_ends

    session = make.conjoint()
    with act("ana"):
        consent_ends(id_of("ana"), "tele")
    page = browse("ana").get(url(session)).content.decode()
    assert "These forms need your signature first" in page


@pytest.mark.rule("P-2", "P-79")
def test_the_room_page_holds_no_name_and_says_truthfully_how_video_travels(act, browse) -> None:
    session = make.conjoint()
    make.waits("ana", session)
    page = browse("ana").get(url(session)).content.decode()
    for word in ("Ben", "Dr. Reyes", "Example Lane"):
        assert word not in page
    assert "not end-to-end encrypted yet" in page
    assert "<title>Mutual</title>" in page


@pytest.mark.rule("C-78")
def test_the_clinicians_page_shows_place_and_local_number_and_the_note(act, browse) -> None:
    session = make.conjoint()
    make.waits("ana", session)
    page = browse("reyes").get(f"/staff/room/{session.public_id}/").content.decode()
    assert "1 Example Lane, TX" in page
    assert "emergency there: 555-010-9110" in page
    assert "<auto-draft" in page
    assert "Not yet" in page


@pytest.mark.rule("C-55", "C-57")
def test_minutes_are_confirmed_corrected_with_a_reason_or_excused(act, browse) -> None:
    session = make.individual(timezone.now() - timedelta(minutes=30))
    mo = browse("mo")
    where = f"/staff/room/{session.public_id}/attendance/"
    with act("mo"):
        seat = str(Seat.objects.get(session=session).public_id)
    wrong = mo.post(where, {"seat": seat, "minutes": "40", "reason": ""})
    assert wrong.status_code == 409
    assert "Say why the minutes differ." in wrong.content.decode()
    assert mo.post(where, {"seat": seat, "minutes": "40", "reason": "By phone"}).status_code == 302
    with act("mo"):
        assert Attendance.objects.get().minutes == 40
    mo.post(where, {"seat": seat, "minutes": "0", "reason": ""})
    with act("mo"):
        assert Attendance.objects.get().status == "no_show"
    mo.post(where, {"seat": seat, "minutes": "0", "reason": "Ill", "excused": "1"})
    with act("mo"):
        assert Attendance.objects.get().status == "excused"


@pytest.mark.rule("C-59", "C-60")
def test_with_one_partner_the_page_ends_the_couples_session_as_a_short_contact(act, browse) -> None:
    session = make.conjoint(timezone.now() - timedelta(minutes=40))
    make.waits("ana", session)
    where = f"/staff/room/{session.public_id}/one-came/"
    reyes = browse("reyes")
    assert where in reyes.get(f"/staff/room/{session.public_id}/attendance/").content.decode()
    with act("reyes") as actor:
        seat = str(Seat.objects.get(session=session, person_id=id_of("ana")).public_id)
        actions.end_room(actor, session)  # ended by hand first: nothing is settled yet
    said = {"present": seat, "minutes": "26", "absent": "no_show"}
    too_long = reyes.post(where, said)
    assert too_long.status_code == 409 and "at most 25" in too_long.content.decode()
    done = reyes.post(where, {**said, "minutes": "20"})
    with act("reyes"):
        contact = Session.objects.get(kind="practical_contact")
        assert Session.objects.get(id=session.id).status == "cancelled"
    assert done["Location"] == f"/staff/notes/for/{contact.public_id}/"
    with act("mo"):
        assert Attendance.objects.get(session=contact).minutes == 20
    with act("kit"):
        assert Attendance.objects.get().status == "no_show"
    assert reyes.get(where).status_code == 404
    assert browse("vale").get(where).status_code == 404


@pytest.mark.rule("C-59")
def test_without_a_contact_it_is_cancelled_and_a_hold_marks_nobody(act, browse) -> None:
    session = make.conjoint(timezone.now() - timedelta(minutes=16))
    where = f"/staff/room/{session.public_id}/one-came/"
    reyes = browse("reyes")
    with act("reyes"):
        seat = str(Seat.objects.get(session=session, person_id=id_of("ana")).public_id)
    done = reyes.post(where, {"present": seat, "minutes": "0", "absent": "held"})
    assert done["Location"] == "/staff/"
    with act("reyes"):
        assert Session.objects.get(id=session.id).status == "cancelled"
        assert not Attendance.objects.exists()


@pytest.mark.rule("C-55")
def test_before_a_session_an_absence_is_excused_and_no_minutes_are_asked(browse) -> None:
    session = make.individual(timezone.now() + timedelta(hours=3))
    page = browse("mo").get(f"/staff/room/{session.public_id}/attendance/").content.decode()
    assert "Excuse" in page and 'name="minutes"' not in page
