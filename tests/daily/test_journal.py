"""The journal: one person's own, sealed, behind the PIN, theirs to throw away."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from mutual.base.refusal import NotThere, Refused
from mutual.daily import journal
from tests.daily.factories import raw


def kept(act, text: str = "A quiet pelican day.", who: str = "ana") -> journal.Entry:
    with act(who) as actor:
        return journal.write(actor, text, public_id=uuid4())


@pytest.mark.rule("P-2", "P-3")
def test_nobody_but_its_person_finds_a_page(act) -> None:
    page = kept(act)
    for other in ("ben", "mo", "reyes", "dee", "pia", "sol"):
        with act(other) as actor:
            assert raw("select 1 from daily_journalpage") == []
            with pytest.raises(NotThere):
                journal.entry(actor, page.public_id)
            with pytest.raises(NotThere):
                journal.throw_away(actor, page.public_id)
    with act("ana") as ana:
        assert [e.text for e in journal.entries(ana)[0]] == ["A quiet pelican day."]


@pytest.mark.rule("P-9")
def test_the_words_are_nowhere_in_the_database(act) -> None:
    kept(act)
    with act("ana"):
        rows = raw("select row_to_json(j)::text, encode(sealed, 'escape') from daily_journalpage j")
    assert rows
    assert not any("pelican" in text for row in rows for text in row)


@pytest.mark.rule("F-14")
def test_a_second_window_overwrites_nothing_and_a_repeat_is_quiet(act) -> None:
    page = kept(act)
    with act("ana") as ana:
        newer = journal.write(ana, "Newer.", public_id=page.public_id, version=page.version)
        again = journal.write(ana, "Newer.", public_id=page.public_id, version=page.version)
        assert (again.text, again.version) == (newer.text, newer.version)
        with pytest.raises(Refused, match="another window"):
            journal.write(ana, "Older.", public_id=page.public_id, version=page.version)
        assert journal.entry(ana, page.public_id).text == "Newer."


def test_a_page_thrown_away_is_gone(act) -> None:
    page = kept(act)
    with act("ana") as ana:
        journal.throw_away(ana, page.public_id)
        assert journal.entries(ana) == ([], False)
        assert raw("select 1 from daily_journalpage") == []


@pytest.mark.rule("P-68", "P-69")
def test_the_pages_open_with_the_pin_alone_and_keep_what_was_typed(browse) -> None:
    there = reverse("portal-journal")
    closed = browse("ana", pin=False).get(there)
    assert closed.status_code == 302
    assert closed["Location"].startswith("/pin/")
    mine = browse("ana")
    page = mine.get(there).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    long = "heron " * 4000
    refused = mine.post(there, {"text": long, "key": key, "version": "0"})
    assert refused.status_code == 422
    assert "heron heron" in refused.content.decode()
    assert mine.post(there, {"text": "A heron.", "key": key, "version": "0"}).status_code == 302
    assert "A heron." in mine.get(there).content.decode()
    one = reverse("portal-journal-page", args=[key])
    assert "A heron." in mine.get(one).content.decode()
    assert browse("ben").get(one).status_code == 404
    assert mine.post(one, {"do": "throw"}).status_code == 302
    assert mine.get(one).status_code == 404
