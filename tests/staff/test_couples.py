"""The couples list, the page of a couple and its notes, as clinicians use them."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from mutual.people.models import Couple, Person
from mutual.record.group import start_notes
from mutual.record.models import Note, NoteBody
from tests.plan.factories import couple_plan, own_plan
from tests.record.factories import draft, held, same, signed, start
from tests.world import id_of

SAY = "Worked on the goal."


def page_of(name: str = "ab", lane: str = "") -> str:
    found = Couple.objects.values_list("id", "public_id")
    public = dict(found)[id_of(name)]
    return f"/staff/couples/{public}/{lane + '/' if lane else ''}"


def couple_page(act, lane: str = "") -> str:
    with act("dee"):
        return page_of("ab", lane)


def fields(html: str) -> dict[str, str]:
    """The hidden values of a page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.mark.rule("P-11")
@pytest.mark.parametrize(
    ("who", "names"),
    [("reyes", {"Ana", "Ben"}), ("mo", {"Ana", "Ben"}), ("noor", {"Cleo", "Dan"}),
     ("dee", {"Ana", "Ben", "Cleo", "Dan"})],
)  # fmt: skip
def test_the_list_holds_the_couples_of_the_care_team(browse, who: str, names: set[str]) -> None:
    text = browse(who).get("/staff/couples/").content.decode()
    assert {
        n
        for n in ("Ana", "Ben", "Cleo", "Dan")
        if f">{n}" in text or f"{n} and" in text or f"and {n}" in text
    } == names


def test_the_list_takes_at_most_eight_queries(browse, django_assert_max_num_queries) -> None:
    client = browse("dee")
    client.get("/staff/couples/")
    with django_assert_max_num_queries(8):
        assert client.get("/staff/couples/").status_code == 200


@pytest.mark.rule("P-32")
def test_the_filter_never_puts_a_name_into_the_address(browse) -> None:
    assert "data-private" in browse("dee").get("/staff/couples/").content.decode()


@pytest.mark.parametrize("lane", ["a", "ours"])
def test_a_lane_takes_at_most_twelve_queries_however_much_stands_on_it(
    act, browse, django_assert_max_num_queries, lane: str
) -> None:
    url = couple_page(act, lane)
    for hours in range(10, 40, 3):
        held("mo", "individual", "P", "ana", ["ana"], hours_ago=hours)
    with act("mo") as mo:
        own_plan(mo, "ana")
        for _ in range(5):
            signed(mo, "ana", "contact_note")
    client = browse("mo")
    client.get(url)
    with django_assert_max_num_queries(12):
        assert client.get(url).status_code == 200


@pytest.mark.rule("P-2", "P-48")
@pytest.mark.parametrize(
    ("who", "there", "hidden"),
    [("mo", ("a", "ours"), "b"), ("kit", ("ours", "b"), "a"), ("reyes", ("a", "ours", "b"), "")],
)
def test_a_lane_that_is_not_the_viewers_has_no_tab_and_no_page(
    act, browse, who: str, there: tuple[str, ...], hidden: str
) -> None:
    client = browse(who)
    for lane in there:
        answer = client.get(couple_page(act, lane))
        assert answer.status_code == 200
        tabs = re.findall(r'href="/staff/couples/[^"]+/(a|ours|b)/"', answer.content.decode())
        assert set(tabs) >= set(there) and hidden not in tabs
        assert "Mutual" in re.search(r"<title>(.*?)</title>", answer.content.decode()).group(1)
    if hidden:
        assert client.get(couple_page(act, hidden)).status_code == 404


def test_the_page_says_in_words_which_record_it_is(act, browse) -> None:
    text = browse("mo").get(couple_page(act, "a")).content.decode()
    assert "own record" in text and 'class="record-tabs in-a"' in text
    ours = browse("mo").get(couple_page(act, "ours")).content.decode()
    assert "You are in their shared record." in ours


def test_what_the_two_share_is_not_called_one_partners(act, browse) -> None:
    page = browse("reyes").get(couple_page(act, "ours")).content.decode()
    assert "More of the two" in page
    assert "More of Ana" not in page and "More of Ben" not in page


@pytest.mark.rule("F-20")
def test_staff_of_other_couples_find_nothing(act, browse) -> None:
    for lane in ("", "a", "ours", "plan"):
        assert browse("noor").get(couple_page(act, lane)).status_code == 404


def test_from_today_a_note_is_one_link_and_the_session_opens_the_right_notes(act, browse) -> None:
    session = held("reyes", "conjoint", "C", "ab", ["ana", "ben"])
    client = browse("reyes")
    assert str(session.public_id) in client.get("/staff/notes/").content.decode()
    for _ in range(2):
        answer = client.get(f"/staff/notes/for/{session.public_id}/", follow=True)
        text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Couple note", "Ana", "Ben", "shared record", "both have signed"):
        assert words in text
    with act("reyes"):
        assert Note.objects.count() == 3
    assert browse("mo").get(f"/staff/notes/for/{session.public_id}/").status_code == 404


@pytest.mark.rule("F-13", "C-69")
def test_a_note_is_written_signed_and_read_in_the_page(act, browse) -> None:
    with act("mo") as mo:
        _, objective = own_plan(mo, "ana")
        note = start(mo)
    client = browse("mo")
    url = f"/staff/notes/{note.public_id}/"
    text = client.get(url).content.decode()
    sent = {
        **fields(text),
        "part-data": SAY,
        "part-assessment": SAY,
        "place": "Reno NV",
        "modality": "video",
        "objectives": str(objective.public_id),
        "do": "sign",
    }
    refused = client.post(url, sent)
    assert refused.status_code == 409 and "Plan is empty" in refused.content.decode()
    assert SAY in refused.content.decode()
    sent |= {**fields(refused.content.decode()), "part-plan": SAY}
    for _ in range(5):
        assert client.post(url, sent).status_code == 302
    read = client.get(url).content.decode()
    assert "Signed by Mo Lindgren" in read and "<textarea" in read  # the addendum's
    with act("mo"):
        assert Note.objects.get(id=note.id).status == "signed"
    assert "signed" in browse("mo").get(couple_page(act, "a")).content.decode()


@pytest.mark.rule("F-10")
def test_what_was_typed_outlives_an_ended_sign_in(act, browse) -> None:
    from django.test import Client

    with act("mo") as mo:
        note = start(mo)
    client = browse("mo")
    page = fields(client.get(f"/staff/notes/{note.public_id}/").content.decode())
    typed = {**page, "part-data": "word " * 2000}
    ended = Client().post(f"/staff/notes/{note.public_id}/draft/", typed, secure=True)
    assert ended.status_code == 302  # never a 2xx that the page would take for "saved"
    again = browse("mo")
    assert again.post(f"/staff/notes/{note.public_id}/draft/", typed).status_code == 200
    other_device = browse("mo").get(f"/staff/notes/{note.public_id}/").content.decode()
    assert other_device.count("word ") >= 2000
    assert browse("kit").get(f"/staff/notes/{note.public_id}/").status_code == 404


@pytest.mark.rule("F-12")
def test_the_form_of_one_chart_sent_to_anothers_address_writes_nothing_and_keeps_the_text(
    act, browse
) -> None:
    with act("mo") as mo:
        first, second = start(mo), start(mo, hours_ago=5)
    with act("dee"):
        other = Person.objects.get(id=id_of("ben")).public_id
    client = browse("mo")
    url = f"/staff/notes/{second.public_id}/"
    page = fields(client.get(f"/staff/notes/{first.public_id}/").content.decode())
    sent = {**page, "subject": str(other), "part-data": "kept words", "do": "save"}
    answer = client.post(url, sent)
    assert answer.status_code == 409
    assert "another record" in answer.content.decode() and "kept words" in answer.content.decode()
    assert client.post(f"{url}draft/", sent).status_code == 409
    with act("mo"):
        assert {b.version for b in NoteBody.objects.all()} == {0}


@pytest.mark.rule("F-14")
def test_the_second_window_is_shown_both_texts(act, browse) -> None:
    with act("mo") as mo:
        note = start(mo)
    url = f"/staff/notes/{note.public_id}/"
    client = browse("mo")
    one, two = (fields(client.get(url).content.decode()) for _ in range(2))
    assert client.post(f"{url}draft/", {**one, "part-data": "first text"}).status_code == 200
    answer = client.post(url, {**two, "part-data": "second text", "do": "save"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "first text" in text and "second text" in text
    kept = {**two, **fields(text), "part-data": "second text", "do": "save"}
    assert client.post(url, kept).status_code == 302
    with act("mo"):
        assert NoteBody.objects.get(note_id=note.id).sections["data"] == "second text"


@pytest.mark.rule("C-71", "F-11")
def test_by_page_only_an_addendum_changes_a_signed_note(act, browse) -> None:
    with act("mo") as mo:
        note = signed(mo)
    client = browse("mo")
    url = f"/staff/notes/{note.public_id}/"
    assert client.post(f"{url}draft/", {"part-data": "other"}).status_code == 409
    client.post(url, {"part-data": "other", "do": "sign"})
    key = str(uuid4())
    for _ in range(3):
        answer = client.post(f"{url}addendum/", {"text": "More", "reason": "late lab", "key": key})
        assert answer.status_code == 302
    text = client.get(url).content.decode()
    assert text.count("late lab") == 1 and "other" not in text.split("note-paper")[1]


def test_a_contact_note_starts_in_the_record_whose_page_it_is(act, browse) -> None:
    url = couple_page(act, "a") + "note/"
    client = browse("mo")
    page = fields(client.get(url).content.decode())
    sent = {
        **page,
        "kind": "contact_note",
        "minutes": "10",
        "starts_at": f"{timezone.localtime() - timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    wrong = client.post(url, {**sent, "subject": str(uuid4())})
    assert wrong.status_code == 409
    for _ in range(3):
        assert client.post(url, sent).status_code == 302
    with act("mo"):
        assert Note.objects.get().kind == "contact_note"


@pytest.mark.rule("C-63", "C-64")
def test_the_plan_page_adds_refuses_and_signs_in_the_lanes_one_may_write(act, browse) -> None:
    with act("reyes") as reyes:
        couple_plan(reyes)
    client = browse("mo")
    plan = couple_page(act, "plan")
    new = couple_page(act, "a") + "plan/goal/"
    assert "Boundaries" in client.get(new).content.decode()
    form = client.get(f"{new}?theme=boundaries").content.decode()
    assert "Boundary practice" in form
    parts = ("problem", "goal", "objective", "intervention", "frequency", "responsible")
    words = dict.fromkeys(parts, "x")
    refused = client.post(new, words)
    assert refused.status_code == 409 and "How will you both know" in refused.content.decode()
    sent = {**words, "goal": "Sleep", "measure": "diary", "target_date": "2030-01-01"}
    assert client.post(new, sent).status_code == 302
    text = client.get(plan).content.decode()
    assert "Sleep" in text and "Quarrels" not in text.split("Sleep")[0].split("card b")[-1]
    assert client.get(couple_page(act, "ours") + "plan/goal/").status_code == 404
    assert client.post(couple_page(act, "a") + "plan/sign/").status_code == 302
    assert "signed" in client.get(plan).content.decode()


@pytest.mark.rule("C-103")
def test_the_discharge_page_asks_for_the_first_appointment_and_keeps_what_was_typed(
    act, browse
) -> None:
    url = couple_page(act, "a") + "discharge/"
    client = browse("mo")
    answer = client.post(url, {"reason": "completed", "course": "Six weeks of steady work"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "When is the first appointment?" in text and "Six weeks of steady work" in text
    assert browse("kit").get(url).status_code == 404


@pytest.mark.rule("F-20", "P-2")
def test_the_partners_counselor_gets_byte_equal_answers_for_a_note_and_for_nothing(
    act, browse
) -> None:
    session = held("mo", "individual", "P", "ana", ["ana"])
    with act("mo") as mo:
        note = start_notes(mo, session)[0]
        draft(mo, note)
    client = browse("kit")
    assert same(
        client.get(f"/staff/notes/{note.public_id}/"), client.get(f"/staff/notes/{uuid4()}/")
    )
