"""Beside every box in which something of a record is written stands who may read it (P-1, P-15).

A page with a box and no label fails in test_every_page.py, a template here; what is written into
no record is listed with its reason. The words themselves come from the access table alone.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mutual
from mutual.privacy import readers
from mutual.privacy.words import KIND_WORDS
from mutual.wall import policy
from tests.probes.labels import NO_RECORD, Boxes

ROOT = Path(mutual.__file__).parent
#: Templates likewise; those of the pages above, and parts without a text box.
NO_BOX = {
    "staff/admit/admission.html": "choices: who is on the team, which level",
    "staff/admit/place.html": "choices: who follows, from when, why",
    "staff/week/session.html": "days, times and choices; no text",
    "staff/audits/list.html": NO_RECORD["staff-audits"],
    "staff/billing/numbers.html": NO_RECORD["staff-billing-numbers"],
    "staff/conflicts/page.html": NO_RECORD["staff-conflicts"],
    "staff/consents/setting.html": "the setting is a choice; the reason beside it has its label",
    "staff/couples/words.html": "a search, kept nowhere",
    "staff/duties/vendors.html": NO_RECORD["staff-vendors"],
    "staff/emergency/page.html": NO_RECORD["staff-glass"],
    "staff/groups/group.html": "a choice: who joins",
    "staff/insurance/page.html": "terms of a payer; card and authorization have their labels",
    "staff/notes/new.html": "choices: the kind of note, before its own page",
    "staff/oncall/page.html": "a choice: who is on call, and when",
    "staff/requests/one.html": "choices of who decides; each text box has its label",
    "staff/room/one_came.html": "choices and minutes",
    "staff/screening/forms.html": "a choice: which form is given out",
    "staff/solve/page.html": "a choice: which week",
    "staff/standins/page.html": "a choice: who is away",
    "staff/watch/emergency.html": NO_RECORD["staff-glass-review"],
    "staff/watch/finding.html": NO_RECORD["staff-finding"],
    "staff/watch/trail.html": "a search, kept nowhere",
    "staff/watch/watched.html": NO_RECORD["staff-watched"],
    "staff/week/couple.html": "times",
    "staff/week/form.html": "times and choices",
    "staff/work/page.html": NO_RECORD["staff-work"],
}
_FORM = re.compile(r'<form\b(?=[^>]*method="post").*?</form>', re.S)
_FIELDS = re.compile(
    r"\{\{ *(?:\w*form\w*|forms\.\w+|assess|report|ending|away|work|closed|ready) *\}\}"
    r"|as_field_group|<textarea|class=\"input\"|\{% firstof \w*form"
)
_LABEL = re.compile(r"\{% (?:read_by|read_by_mine|privacy) ")


@pytest.mark.rule("P-1", "P-15")
def test_every_template_with_a_box_of_a_record_has_a_label() -> None:
    """Also of pages that the walk over all pages finds empty."""
    bare = []
    for path in sorted((ROOT / "staff" / "templates").rglob("*.html")):
        name, text = str(path.relative_to(ROOT / "staff" / "templates")), path.read_text()
        forms = [form for form in _FORM.findall(text) if _FIELDS.search(form)]
        outside = _FORM.sub("", text)
        if any(not _LABEL.search(form) and not _LABEL.search(outside) for form in forms):
            bare.append(name)
    assert sorted(set(bare) - set(NO_BOX)) == []
    assert sorted(set(NO_BOX) - set(bare)) == [], "no longer bare: take it off the list"


def test_a_box_without_a_label_is_found() -> None:
    form = '<form method="post"><textarea name="words"></textarea>{}</form>'
    label = '<p class="readers mine"></p>'
    assert Boxes(form.format("")).bare == [["words"]]
    assert Boxes(form.format(label)).bare == Boxes(label + form.format("")).bare == []
    assert Boxes(form.format(label) + form.format("")).bare == [["words"]]


@pytest.mark.rule("P-1", "P-15")
def test_the_words_beside_a_box_follow_the_table() -> None:
    note = readers.label("progress_note", "Ana", "Ben")
    assert (note.head, note.together) == ("Not Ben.", False)
    assert note.names == ("Ana", "the counselor", "the medical team", "the supervisor")
    assert note.note == ("With a consent also the partner's counselor and the couples therapist.")
    plan = readers.label("plan_couple")
    assert plan.together and plan.head == "Both partners." and "the person" not in plan.names
    assert readers.label("conjoint_note").head == "Neither partner."
    assert "Ana" not in readers.label("ipv_screen", "Ana").names
    assert "Kept sealed." in readers.label("ipv_screen").note
    assert readers.label("psychotherapy_note").names == ("its author",)
    assert "whoever the officer asks to decide" in readers.own_label("privacy_request").names


@pytest.mark.rule("P-1")
@pytest.mark.parametrize("kind", sorted(KIND_WORDS))
def test_every_kind_names_exactly_those_who_read_its_words(kind: str) -> None:
    entry = policy.kind(kind)
    named = set(readers.label(kind, "Ana", "Ben").names)
    for relation, word in readers.DUTIES.items():
        sharing = [r for r, w in readers.DUTIES.items() if w == word]
        opened = any(
            right.verb in "RW" and not right.consent
            for other in sharing
            for right in entry.rights(other)
        )
        assert (str(word) in named) is opened, (kind, relation)


def test_a_kind_that_nobody_declared_has_no_label() -> None:
    with pytest.raises(KeyError):
        readers.label("no_such_kind")
