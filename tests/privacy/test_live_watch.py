"""What an open page may tell of itself, and what its socket compares (P-8, P-52)."""

from __future__ import annotations

import re

import pytest

from mutual.wall import live
from mutual.wall.relations import end_relations
from tests.record.factories import signed
from tests.world import id_of


@pytest.mark.rule("P-8")
def test_granted_pairs_are_those_the_actor_has_now(act) -> None:
    pairs = frozenset({("progress_note", id_of("ana")), ("progress_note", id_of("cleo"))})
    with act("mo"):
        assert live.granted(pairs) == {("progress_note", id_of("ana"))}
    with act("dee"):
        end_relations(id_of("mo"), id_of("ana"))
    with act("mo"):
        assert live.granted(pairs) == frozenset()


@pytest.mark.rule("P-52", "P-47")
def test_the_note_on_a_page_is_sealed_equal_for_equal_pages_and_only_ours(act) -> None:
    pair = ("progress_note", id_of("ana"))
    note = live.watch_of({pair})
    assert note == live.watch_of({pair}) and str(id_of("ana")) not in note
    assert live.read_watch(note) == (frozenset({pair}), False)
    assert live.read_watch(live.watch_of({pair}, sure=True))[1]
    for forged in ("", "x", note[:-4] + "AAAA", "é"):
        assert live.read_watch(forged) == (frozenset(), False)
    assert live.watch_of([]) == ""


@pytest.mark.rule("P-8", "P-48")
def test_a_page_that_shows_ones_own_things_carries_no_note_and_a_chart_does(act, browse) -> None:
    with act("mo") as mo:
        note = signed(mo)
    page = browse("mo").get(f"/staff/notes/{note.public_id}/").content.decode()
    found = re.search(r'<live-page hidden watch="([^"]+)">', page)
    assert found and ("progress_note", id_of("ana")) in live.read_watch(found[1])[0]
    assert "<live-page hidden></live-page>" in browse("ana").get("/me/").content.decode()
    assert "<live-page" not in browse("ana").get("/privacy/").content.decode()
