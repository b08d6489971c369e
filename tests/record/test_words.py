"""Finding notes by their words: what is closed is not found, not counted and not hinted at."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mutual.people.models import Couple
from mutual.record import actions, words
from mutual.wall import audit
from tests.record.factories import draft, signed, start
from tests.world import id_of


def found(act, name: str, subject: str, asked: str) -> list:
    with act(name) as actor:
        return words.find(actor, id_of(subject), asked)[0]


def excerpt(hit: words.Hit) -> str:
    return "".join(f"[{text}]" if marked else text for text, marked in hit.pieces)


def test_all_the_words_are_found_whatever_their_endings_and_marked(act) -> None:
    with act("mo") as mo:
        first = signed(mo, words="She walked to the lake and called her sponsor.")
        signed(mo, words="She slept badly.")
    hits = found(act, "mo", "ana", "lakes walk")
    assert [h.note.id for h in hits] == [first.id]
    assert "[walked]" in excerpt(hits[0])
    assert "[lake]" in excerpt(hits[0])
    assert found(act, "mo", "ana", "lake slept") == []
    assert found(act, "mo", "ana", '"called her sponsor"') != []
    assert found(act, "mo", "ana", "walked -sponsor") == []


def test_an_addendum_leads_to_its_note(act) -> None:
    with act("mo") as mo:
        note = signed(mo)
        actions.add_addendum(mo, note, "The kayak trip is planned for Sunday.", "Forgotten")
    assert [h.note.id for h in found(act, "mo", "ana", "kayak")] == [note.id]


@pytest.mark.rule("P-2", "P-47", "P-53")
def test_words_of_a_closed_note_are_found_by_nobody_else(act) -> None:
    with act("mo") as mo:
        signed(mo, words="The word is zanzibar.")
    assert len(found(act, "mo", "ana", "zanzibar")) == 1
    for other in ("kit", "ben", "reyes"):
        assert found(act, other, "ana", "zanzibar") == []


@pytest.mark.rule("F-10")
def test_a_draft_is_found_by_its_author_alone(act) -> None:
    with act("mo") as mo:
        draft(mo, start(mo), "An unfinished xylophone.")
    assert len(found(act, "mo", "ana", "xylophone")) == 1
    assert found(act, "sol", "ana", "xylophone") == []


@pytest.mark.rule("P-9")
def test_words_of_a_sealed_note_are_in_no_index(act) -> None:
    with act("mo") as mo:
        note = start(mo, kind="sud_counseling_note")
        draft(mo, note, "A hidden quokka.")
        assert words.find(mo, id_of("ana"), "quokka")[0] == []
        with connection.cursor() as cursor:
            cursor.execute("select words::text from record_notebody where note_id = %s", [note.id])
            assert cursor.fetchone() == ("",)


@pytest.mark.rule("P-87")
def test_a_note_whose_excerpt_was_shown_counts_as_read(act) -> None:
    with act("mo") as mo:
        note = signed(mo, words="A rare okapi.")
        audit.begin("a request")
        words.find(mo, id_of("ana"), "okapi")
        assert ("progress_note", note.subject_id) in audit.read_so_far()
        audit.flush()


def test_the_page_shows_what_was_sought_and_keeps_it_out_of_the_address(act, browse) -> None:
    with act("mo") as mo:
        signed(mo, words="Kept a promise: <b>garden</b> on Monday.")
        couple = Couple.objects.get(id=id_of("ab"))
    there = reverse("staff-words", args=[couple.public_id, "a"])
    mine = browse("mo")
    with CaptureQueriesContext(connection) as queries:
        page = mine.post(there, {"q": "garden"})
    assert page.status_code == 200
    assert len(queries) <= 12
    text = page.content.decode()
    assert "<mark>garden</mark>" in text
    assert "<b>" not in text
    empty = mine.post(there, {"q": " "})
    assert empty.status_code == 422
    assert "Type a word that stands in the note." in empty.content.decode()
    assert browse("kit").post(there, {"q": "garden"}).status_code == 404
