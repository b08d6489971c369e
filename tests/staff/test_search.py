"""Search: what one may see anyway, nothing else, and no trace of the words."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from mutual.people.models import Couple
from mutual.people.search import find
from mutual.wall.testing import acting_as
from tests.world import id_of


def number_of(couple: str) -> str:
    with transaction.atomic(), acting_as(id_of("dee"), "staff"):
        return str(Couple.objects.get(id=id_of(couple)).number)


def seek(client, words: str) -> str:
    answer = client.post("/staff/search/", {"q": words})
    assert answer.status_code == 200
    page = answer.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", page)


def test_a_therapist_finds_her_couple_by_name_and_by_number(browse) -> None:
    client = browse("reyes")
    for words in ("ana", "Fiction", "ben FICT", number_of("ab")):
        page = seek(client, words)
        assert "/staff/couples/" in page.split("<main")[1], words
        assert "Fiction" in page


@pytest.mark.rule("P-53")
def test_whom_one_may_not_see_is_like_nonsense(browse) -> None:
    client = browse("reyes")
    nothing = seek(client, "qqzzyy")
    assert "Nobody found" in nothing
    for words in ("Cleo", "Madeup", number_of("cd"), "Cleo Madeup"):
        assert seek(client, words) == nothing, words


@pytest.mark.rule("P-53")
def test_words_that_are_too_short_or_odd_find_nobody(act) -> None:
    with act("dee") as actor:
        for words in ("", " ", "a", "%", "__", "\\", "9" * 40, "²²", "' or 1=1 --"):
            assert find(actor, words) == ([], False), words


def test_what_is_sought_never_stands_in_an_address(browse) -> None:
    page = browse("reyes").get("/staff/search/?q=Ana").content.decode()
    assert "Ana" not in page
    assert re.search(r'action="/staff/search/" method="post"', page)


def test_a_search_costs_few_queries(act, django_assert_max_num_queries) -> None:
    with act("dee") as actor, django_assert_max_num_queries(3):
        found, more = find(actor, "fiction")
    assert [row.name for row in found] == ["Ana Fiction", "Ben Fiction"] and not more


def test_a_partner_finds_no_search(browse) -> None:
    assert browse("ana").get("/staff/search/").status_code == 404
