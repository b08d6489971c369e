"""One declaration (P-1): the code says each line of the table, with its reason, and no other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict

import pytest

from mutual.privacy.words import KIND_WORDS, RELATION_WHY, RELATION_WORDS
from mutual.wall import compile as walls
from mutual.wall import policy
from tests.probes import oracle
from tests.probes.test_walls_stand import SPEC

#: Kinds of which somebody has ``M`` or ``D`` and no table of its own holds that part: the right
#: then opens nothing, which is the safe side. What the viewer needs comes as named here.
NOT_PROJECTED = {
    "account_device": "the system's administrator counts sessions, and reads no row of them",
    "audit_trail": "the trail is no table of a room: its own functions answer (wall/audit.sql)",
    "authorization": "admissions asks billing; no page of theirs shows an approval",
    "benefit": "the director reads sums of the programme, never one person's coverage",
    "insurance_card": "the director reads sums of the programme, never one person's card",
    "consent": "who acts on a signature asks a service that says yes or no (consent_check)",
    "contact_location": "the place for a bill comes from charge capture, in a session from its own"
    " place card; neither reads the sheet",
    "disclosure_log": "the biller knows what was filed from the claims' own files",
    "message_couple": "nobody reads another's messages: who covers is added to the care team",
    "message_own": "nobody reads another's messages: who covers is added to the care team",
    "recovery_contract": "the medical team needs no date of it",
    "screening": "the bill needs no date of it",
    "person_profile": "the system's administrator counts people, and reads no row of them",
}


def levels() -> dict[str, dict[str, set[str]]]:
    """Kind to level to tables, as the models declare them."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for model in walls.mutual_models():
        walled = walls.declaration(model)
        if isinstance(walled, policy.Walled):
            for _value, kind in walled.each():
                found[kind][walled.level].add(model._meta.db_table)
    return found


@pytest.mark.rule("P-1")
def test_the_command_prints_the_table_cell_by_cell() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mutual.entry.cli", "access", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    have = {
        line["kind"]: (line["of"], line["sealed"], line["cells"])
        for line in json.loads(done.stdout)["kinds"]
    }
    wanted = {
        name: (line.of, line.sealed, dict(line.cells)) for name, line in oracle.table().items()
    }
    assert have == wanted


@pytest.mark.rule("P-1")
def test_the_tables_copy_here_is_the_specifications() -> None:
    if not SPEC.exists():
        pytest.skip("the specification is not beside this checkout")
    spec = oracle.parse(SPEC.read_text("utf-8"))
    added = {name for name, kind in policy.collect()[0].items() if kind.added}
    mine = {name: line for name, line in oracle.table().items() if name not in added}
    assert {n: (x.of, x.sealed, x.cells) for n, x in mine.items()} == {
        n: (x.of, x.sealed, x.cells) for n, x in spec.items()
    }


@pytest.mark.rule("P-1")
def test_each_kind_and_each_relation_says_why_in_words() -> None:
    kinds, services = policy.collect()
    for name, kind in kinds.items():
        assert len(str(kind.why).split()) > 5, name
        assert name in KIND_WORDS
    assert set(RELATION_WHY) == set(RELATION_WORDS) == set(policy.RELATIONS)
    for service in services.values():
        assert len(service.why.split()) > 4, service.name


@pytest.mark.rule("P-1")
def test_each_kind_stands_in_the_room_whose_records_it_names() -> None:
    """A line may stand above its tables' room (C-78's own sheets), never below."""
    order = ["wall", "people", "privacy", "episode", "plan", "measures", "coverage", "week",
             "record", "room", "daily", "claims", "outcomes"]  # fmt: skip
    from importlib import import_module

    for room in order:
        for kind in getattr(import_module(f"mutual.{room}.policy"), "KINDS", ()):
            for tables in levels().get(kind.name, {}).values():
                for table in tables:
                    assert order.index(table.partition("_")[0]) >= order.index(room), table


@pytest.mark.rule("P-7")
@pytest.mark.parametrize("name", sorted(policy.collect()[0]))
def test_facts_and_extracts_have_tables_of_their_own(name: str) -> None:
    kind = policy.kind(name)
    verbs = {right.verb for relation in policy.RELATIONS for right in kind.rights(relation)}
    have = levels()[name]
    for verb, level in (("M", "facts"), ("D", "extract")):
        if verb not in verbs:
            continue
        apart = have.get(level, set()) | have.get("summary", set())
        if apart:
            # What M or D opens shares no table with the words that R opens.
            assert not apart & have.get("body", set()), name
        else:
            assert NOT_PROJECTED.get(name), f"{name}: nobody projects what {verb} may see"


@pytest.mark.rule("P-7")
def test_no_table_of_facts_has_a_column_for_text() -> None:
    """A long text is no fact: minutes, dates and codes are short."""
    from django.db import models

    # Subtotals are numbers; a hash proves that a signed text was not changed, and tells none of it.
    allowed = {("measures_responsetotal", "subscales"), ("record_note", "content_hash")}
    found = set()
    for model in walls.mutual_models():
        walled = walls.declaration(model)
        if isinstance(walled, policy.Walled) and walled.level in ("facts", "extract", "summary"):
            for column in model._meta.concrete_fields:
                if isinstance(column, models.TextField | models.BinaryField | models.JSONField):
                    found.add((model._meta.db_table, column.name))
    assert found == allowed
