"""The own counselor's pages open for the own counselor, and exist for nobody else."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from mutual.people.models import Couple, Person
from mutual.wall.testing import acting_as
from tests.world import id_of


def public(name: str) -> str:
    with transaction.atomic(), acting_as(id_of("ada"), "staff"):
        return str(Person.objects.get(id=id_of(name)).public_id)


def unmasked(page: bytes) -> bytes:
    """A page without its own nonces: the token against forgery is masked anew each time."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"-", page)


PAGES = ("screening/", "screening/safety/", "screening/risk/")


@pytest.mark.rule("C-13", "P-2")
@pytest.mark.parametrize("page", PAGES)
def test_screens_open_for_the_own_counselor_only(browse, page: str) -> None:
    address = f"/staff/people/{public('ana')}/{page}"
    assert browse("mo").get(address).status_code == 200
    absent = "/staff/people/00000000-0000-4000-8000-000000000000/" + page
    for name in ("kit", "reyes", "noor", "ada", "dee", "ana", "ben", "bill"):
        client = browse(name)
        answer, nothing = client.get(address), client.get(absent)
        assert answer.status_code == nothing.status_code == 404, name
        assert unmasked(answer.content) == unmasked(nothing.content), name


@pytest.mark.rule("C-12", "I-1")
def test_a_screen_is_keyed_by_handles_and_a_doubt_defers_it(browse) -> None:
    mo = browse("mo")
    address = f"/staff/people/{public('ana')}/screening/safety/"
    assert b"put down, hurt inside" in mo.get(address).content
    answer = mo.post(address, {"alone": "no", "item_1": "no", "item_2": "no", "item_3": "no",
                               "item_4": "no"}, follow=True)  # fmt: skip
    assert b"Deferred" in answer.content


@pytest.mark.rule("C-18")
def test_a_counselor_withdraws_by_one_button(browse, act) -> None:
    from mutual.episode.queries import cleared

    mo = browse("mo")
    answer = mo.post(f"/staff/people/{public('ana')}/screening/clearance/", {"do": "withdraw"},
                     follow=True)  # fmt: skip
    assert answer.status_code == 200
    with act("reyes"):
        assert cleared(id_of("ab")) is False


def test_forms_and_level_open_for_the_own_counselor(browse) -> None:
    mo = browse("mo")
    for page in ("forms/", "level/"):
        assert mo.get(f"/staff/people/{public('ana')}/{page}").status_code == 200, page


def test_the_admission_page_opens_for_admissions_only(browse) -> None:
    with transaction.atomic(), acting_as(id_of("ada"), "staff"):
        address = f"/staff/couples/{Couple.objects.get(id=id_of('ab')).public_id}/admission/"
    assert browse("ada").get(address).status_code == 200
    assert browse("mo").get(address).status_code == 404
