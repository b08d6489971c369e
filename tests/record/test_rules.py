"""What is empty, late, linked or named: the decisions about notes, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mutual.record import rules
from mutual.record.templates import KINDS, TEMPLATES

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.rule("C-69")
@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_every_section_of_every_template_has_to_be_filled(key: str) -> None:
    for section in TEMPLATES[key].sections:
        words = {s.key: "x" for s in TEMPLATES[key].sections} | {section.key: "  \n"}
        assert rules.first_empty(key, words) == section
    assert rules.first_empty(key, {s.key: "x" for s in TEMPLATES[key].sections}) is None


@pytest.mark.rule("C-69")
def test_each_kind_fixes_its_templates() -> None:
    assert set(KINDS["progress_note"].templates) == {"soap", "dap", "birp"}
    assert [s.word for s in TEMPLATES["soap"].sections][-1] == "Plan"
    assert all(t in TEMPLATES for kind in KINDS.values() for t in kind.templates)


@pytest.mark.rule("C-70")
def test_a_note_of_friday_is_due_on_wednesday() -> None:
    friday = date(2026, 11, 6)
    end = datetime(2026, 11, 6, 19, tzinfo=CHICAGO)
    due = rules.due("progress_note", friday, end, CHICAGO)
    assert due.date() == date(2026, 11, 11)
    at = datetime(2026, 11, 11, 23, 0, tzinfo=CHICAGO)
    assert not rules.is_late("progress_note", friday, end, at, CHICAGO)
    assert rules.is_late("progress_note", friday, end, at + timedelta(hours=1), CHICAGO)


@pytest.mark.rule("C-70")
def test_a_crisis_note_is_due_in_twenty_four_hours() -> None:
    end = datetime(2026, 11, 6, 19, tzinfo=UTC)
    assert rules.due("crisis_note", end.date(), end, CHICAGO) == end + timedelta(hours=24)


@pytest.mark.rule("C-73")
@pytest.mark.parametrize("text", ["Ben nodded", "with B.F. today", "BEN's turn", "Ben's phone"])
def test_another_members_name_and_initials_are_found(text: str) -> None:
    assert rules.named(text, rules.ways_to_name("Ben", "Fiction", "Ben's phone"))


@pytest.mark.rule("C-73")
@pytest.mark.parametrize("text", ["Benign mood", "The bench", "She came on time", "fictional"])
def test_a_word_that_only_begins_like_a_name_is_no_name(text: str) -> None:
    assert rules.named(text, rules.ways_to_name("Ben", "Fiction")) == ""


@pytest.mark.rule("C-66")
def test_services_before_the_first_plan_and_contacts_link_to_the_problem_list() -> None:
    assert rules.lacking_objective("progress_note", [], ["a"], True)
    assert rules.lacking_objective("progress_note", ["b"], ["a"], True)
    assert not rules.lacking_objective("progress_note", ["a"], ["a"], True)
    assert not rules.lacking_objective("progress_note", [], [], False)
    for kind in ("crisis_note", "contact_note"):
        assert not rules.lacking_objective(kind, [], ["a"], True)


@pytest.mark.rule("F-11")
def test_the_hash_changes_with_anything_that_was_signed() -> None:
    whole = rules.Signed("n", "k", "s", "a", "d", "s", "e", "m", "t", "p", ("o",), "text")
    first = rules.content_hash(whole)
    for name in whole.__dataclass_fields__:
        other: object = ("x",) if name == "objectives" else "changed"
        changed = rules.Signed(**{**whole.__dict__, name: other})
        assert rules.content_hash(changed) != first, name
