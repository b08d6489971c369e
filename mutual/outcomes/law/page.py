"""The page of the law: declaration, facts and the number of tests, put together."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from mutual.base.refusal import NotThere
from mutual.outcomes.law import facts
from mutual.outcomes.law.words import RULES, SECTIONS, Rule
from mutual.wall import audit
from mutual.wall.context import Actor

#: Who reads it: facts are counted for the first two only.
READERS = ("privacy_officer", "director", "auditor")
#: How many tests carry each rule; written by `make docs`.
TESTS = Path(__file__).parent / "tests.json"


@dataclass(frozen=True)
class Line:
    """One rule on the page."""

    rule: Rule
    fact: facts.Fact | None
    tests: int


@dataclass
class Section:
    """The rules of one section."""

    title: str
    lines: list[Line] = field(default_factory=list)


@lru_cache(maxsize=1)
def _tests() -> dict[str, int]:
    found: dict[str, int] = json.loads(TESTS.read_text("utf-8"))
    return found


def read_law(actor: Actor, today: date | None = None) -> list[Section]:
    """Every rule by section; two queries at most, the reading is audited.

    Raises:
        NotThere: for everybody but the privacy officer, the director and auditors.
    """
    if not actor.has(*READERS):
        raise NotThere
    # An auditor counts nothing beyond the sample: the words and the tests, and no figure.
    known = facts.read(today) if actor.has("privacy_officer", "director") else {}
    starts = {first: str(title) for title, first in SECTIONS}
    sections: list[Section] = []
    for rule in RULES:
        if rule.number in starts:
            sections.append(Section(starts[rule.number]))
        sections[-1].lines.append(Line(rule, known.get(rule.fact), _tests().get(rule.number, 0)))
    audit.read("audit_trail", None, None, "the law in words")
    return sections
