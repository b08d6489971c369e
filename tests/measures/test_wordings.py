"""Installed wording takes the place of handles, keeps its permission, and stays once answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from mutual.base import database
from mutual.base.refusal import Refused
from mutual.entry.database import connect
from mutual.measures import wordings
from mutual.measures.actions import assign_form
from mutual.measures.models import Wording
from mutual.measures.packs import read_pack
from mutual.people.models import Person
from tests.measures.test_packs import HEAD, csi4, item
from tests.world import id_of


@pytest.fixture
def owner(db: None) -> Iterator[Any]:
    """A connection of the owner, as the command has; what it installs is taken away again."""
    with connect(database.OWNER, connection.settings_dict["NAME"]) as link:
        yield link
        link.execute("delete from measures_wording")


@pytest.mark.rule("I-1", "I-2")
def test_a_form_whose_wording_is_installed_can_be_given_and_shows_it(owner, act, browse) -> None:
    day = date.today()
    with act("reyes") as reyes:
        ana = Person(id=id_of("ana"))
        with pytest.raises(Refused, match="install the wording first"):
            assign_form(reyes, ana, "csi4", day)
        assert wordings.install(owner, read_pack(csi4())) is True
        form = assign_form(reyes, ana, "csi4", day)
    answer = browse("ana").get(f"/forms/{form.public_id}/")
    assert answer.status_code == 200, answer
    page = answer.content.decode()
    assert "words 1" in page and "answer 6" in page
    assert "overall happiness" not in page, "our handle gives way to the official words"
    row = Wording.objects.get()
    assert row.permission == {
        "text": "may be used in this programme", "by": "the authors",
        "date": "2026-03-01", "scope": "clinical use",
    }  # fmt: skip


@pytest.mark.rule("I-2")
def test_installing_again_changes_nothing_and_a_correction_replaces(owner) -> None:
    assert wordings.install(owner, read_pack(csi4())) is True
    assert wordings.install(owner, read_pack(csi4())) is False
    assert wordings.install(owner, read_pack(csi4().replace("words 1", "better 1"))) is True
    assert wordings.get("csi4").items[0].text == "better 1"


@pytest.mark.rule("I-4")
def test_words_that_were_answered_never_change(owner) -> None:
    with owner.transaction(force_rollback=True):
        wordings.install(owner, read_pack(csi4()))
        owner.execute(
            "insert into measures_response (id, public_id, person_id, family, key, version,"
            " language, mode, answered_at) values (uuidv7(), gen_random_uuid(), %s, 'dyadic',"
            " 'csi4', '1', 'en', 'self', now())",
            [id_of("ana")],
        )
        assert wordings.install(owner, read_pack(csi4())) is False
        with pytest.raises(Refused, match="answered with other words") as refused:
            wordings.install(owner, read_pack(csi4().replace("words 1", "better 1")))
        assert refused.value.rule == "I-4"


@pytest.mark.rule("I-4")
def test_only_the_language_that_is_offered_counts_as_installed(owner) -> None:
    head = HEAD.replace('language = "en"', 'language = "es"')
    wordings.install(owner, read_pack(csi4(head=head)))
    assert wordings.installed() == frozenset()
    assert wordings.get("csi4").items[0].text == ""


@pytest.mark.rule("I-2")
def test_the_codependency_pack_scores_by_its_own_layout(owner) -> None:
    layout = (
        "[subscales]\nemotional_suppression = [1, 4, 7]\ninterpersonal_control = [2, 5, 8]\n"
        "self_sacrifice = [3, 6, 9]\n\n"
    )
    body = "".join(item(number, range(1, 6)) for number in range(1, 10))
    wordings.install(owner, read_pack(HEAD.format(key="sccs") + layout + body))
    result = wordings.get("sccs").score((5, 1, 1, 5, 1, 1, 5, 1, 1))
    assert result.subscales["emotional_suppression"] == 5.0
    assert "test_layout" not in result.flags


@pytest.mark.rule("I-2")
def test_the_application_reads_wordings_and_never_writes_them(owner, act) -> None:
    wordings.install(owner, read_pack(csi4()))
    with act("dee"):
        for change in (
            lambda: Wording.objects.update(title="x"),
            lambda: Wording.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()
