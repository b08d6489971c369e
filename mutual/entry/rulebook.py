"""Every rule number of the specification, with the tests that carry it.

The numbers and titles come from the specification's files where they are at hand (a checkout
that has ``../shared/design/rules``), else from the generated list of the last release
(``docs/reference/rules.json``); the tests are found by their marks, without running them.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SPEC = ROOT.parent / "shared" / "design"
CHAPTERS = {
    "C": "Clinical",
    "P": "Privacy, consent, security",
    "B": "Coverage and claims",
    "I": "Instruments",
    "F": "Field cases",
}
_RULE = re.compile(r"^(?:- )?\*\*([CPBIF]-\d+)\*?\*?\s*(.*)$")


def _title(text: str) -> str:
    clean = re.sub(r"[*`]", "", text).strip()
    first = re.split(r"(?<=[.;:])\s", clean)[0]
    return first.rstrip(".;:")[:140]


def _from_spec() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in [*sorted((SPEC / "rules").glob("*.md")), SPEC / "field-cases.md"]:
        for line in path.read_text("utf-8").splitlines():
            match = _RULE.match(line.strip())
            if match:
                found[match.group(1)] = _title(match.group(2))
    return found


def titles() -> dict[str, str]:
    """Rule number to title."""
    if (SPEC / "rules").is_dir():
        return _from_spec()
    known = ROOT / "docs" / "reference" / "rules.json"
    if not known.exists():
        return {}
    return {r["rule"]: r["title"] for r in json.loads(known.read_text("utf-8"))}


def marks() -> dict[str, list[str]]:
    """Rule number to tests (``file::name``) that carry its mark."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        where = path.relative_to(ROOT)
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            for number in _numbers(node.decorator_list):
                found.setdefault(number, []).append(f"{where}::{node.name}")
        for statement in tree.body:  # pytestmark = pytest.mark.rule(...)
            if isinstance(statement, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "pytestmark" for t in statement.targets
            ):
                for number in _numbers([statement.value]):
                    found.setdefault(number, []).append(str(where))
    return found


def _numbers(nodes: list[ast.expr]) -> list[str]:
    numbers = []
    for node in nodes:
        for call in ast.walk(node):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "rule"
            ):
                numbers += [
                    a.value
                    for a in call.args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
    return numbers


def rules() -> list[dict[str, Any]]:
    """Each rule with chapter, title and tests, in the order of the chapters."""
    carried = marks()
    named = titles()
    order = {letter: place for place, letter in enumerate(CHAPTERS)}
    numbers = sorted(
        named | dict.fromkeys(carried, ""),
        key=lambda n: (order[n[0]], int(n.split("-")[1])),
    )
    return [
        {
            "rule": number,
            "chapter": CHAPTERS[number[0]],
            "title": named.get(number, ""),
            "tests": sorted(set(carried.get(number, []))),
        }
        for number in numbers
    ]
