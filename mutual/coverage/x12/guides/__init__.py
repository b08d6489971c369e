"""Guide tables as data: which loops, segments and elements a transaction set may carry.

Each `*.txt` here is one guide. Form, one line each, depth by leading spaces:

    guide SET VERSION OTHER_ACCEPTED_VERSIONS...
    /LOOP usage repeat @rank [label | same]     a loop; `same` repeats its earlier definition
    SEG usage repeat @rank ELEMENT... ; CONDITION...

Usage is R (required) or S (situational); repeat is a number or `>` (no limit). Children of one
rank may come in any order, those of a lower rank come first. An element is `N` (not used) or
usage, number of the X12 data element and optionally `=codes` or `/pattern/`; `*n:` before the
number lets it repeat, `R(...)` is a composite; `_` in a code is a space. Conditions are X12's:
P paired, R at least one, E at most one, C first needs the others, L first needs one of them.

Facts come from public maps and the public structure of the guides; codes are bare.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from mutual.coverage.x12.tokenizer import Segment

UNLIMITED = 1 << 30
_ELEMENT = re.compile(r"([RS])(?:\*(\d+|>):)?(\w+)(?:=([^/]*))?(?:/(.*)/)?\Z")
_COMPOSITE = re.compile(r"([RS])(?:\*(\d+|>))?\((.*)\)\Z")
_TOKEN = re.compile(r"[RS](?:\*(?:\d+|>))?\([^)]*\)|\S+")
_PLAIN = {"AN": r"[A-Za-z0-9 .,'#/-]{%d,%d}", "ID": "[A-Z0-9]{%d,%d}", "N0": "[0-9]{%d,%d}"}
"""Right values of a type that hold no usual separator; others take the long way."""
_GUIDES = ("270", "271", "820", "834", "835", "837p", "837i", "997", "999")


@dataclass(frozen=True, slots=True)
class ElementRule:
    """One element, or component. `parts` is filled for a composite; `usage` N is not used."""

    usage: str
    type: str = "AN"
    least: int = 1
    most: int = UNLIMITED
    repeat: int = 1
    codes: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    parts: tuple[ElementRule, ...] = ()
    number: str = ""
    plainly: Callable[[str], object] | None = None
    """Quick test that is true only of right values, for what neither repeats nor is composite."""


@dataclass(slots=True, eq=False)
class SegmentRule:
    """One place of a segment in a loop."""

    id: str
    usage: str
    repeat: int
    rank: int
    elements: tuple[ElementRule, ...]
    conditions: tuple[tuple[str, tuple[int, ...]], ...]
    qualifier: tuple[int, frozenset[str]] | None = None
    """Element and codes that tell places of one segment id apart."""

    periods: tuple[int, ...] = ()
    """Elements whose date is in the form that the element before them names."""

    def matches(self, segment: Segment) -> bool:
        """Whether the segment carries this place's qualifier."""
        if self.qualifier is None:
            return True
        n, codes = self.qualifier
        if n > len(segment.elements):
            return False
        value = segment.elements[n - 1]
        if value in codes:
            return True
        marks = segment.delimiters
        first = value.split(marks.repetition, 1)[0] if marks.repetition else value
        return first.split(marks.component, 1)[0] in codes


@dataclass(slots=True, eq=False)
class LoopRule:
    """One loop; its first child is the segment that opens it."""

    id: str
    usage: str
    repeat: int
    rank: int
    label: str = ""
    children: list[SegmentRule | LoopRule] = field(default_factory=list)
    by_segment: dict[str, list[SegmentRule | LoopRule]] = field(default_factory=dict)
    """Children that a segment id may be or open, in order of rank."""
    required: list[SegmentRule | LoopRule] = field(default_factory=list)

    @property
    def opener(self) -> SegmentRule:
        first = self.children[0]
        assert isinstance(first, SegmentRule)
        return first


@dataclass(frozen=True, slots=True)
class Guide:
    """One implementation guide: its set, the versions it speaks for and its loops."""

    set: str
    version: str
    versions: frozenset[str]
    root: LoopRule
    segments: frozenset[str]


@lru_cache(maxsize=1)
def element_facts() -> dict[str, tuple[str, int, int]]:
    """Type, least and greatest length of each X12 data element that a guide names."""
    facts: dict[str, tuple[str, int, int]] = {}
    for line in _read("elements.txt"):
        number, kind, least, most = line.split()
        facts[number] = (kind, int(least), int(most))
    return facts


def _read(name: str) -> list[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _count(text: str | None) -> int:
    return UNLIMITED if text == ">" else int(text or 1)


def _element(word: str) -> ElementRule:
    if word == "N":
        return ElementRule("N")
    made = _COMPOSITE.match(word)
    if made:
        usage, repeat, inner = made.groups()
        parts = tuple(_element(t) for t in inner.split())
        return ElementRule(usage, repeat=_count(repeat), parts=parts)
    made = _ELEMENT.match(word)
    if not made:
        raise ValueError(f"guide data: {word!r} is no element")
    usage, repeat, number, codes, pattern = made.groups()
    kind, least, most = element_facts()[number]
    plainly: Callable[[str], object] | None = None
    if codes:
        plainly = frozenset(codes.replace("_", " ").split(",")).__contains__
    elif not pattern and repeat is None and kind in _PLAIN:
        plainly = re.compile(_PLAIN[kind] % (least, most)).fullmatch
    return ElementRule(
        usage,
        kind,
        least,
        most,
        _count(repeat),
        frozenset(codes.replace("_", " ").split(",")) if codes else frozenset(),
        re.compile(pattern) if pattern else None,
        number=number,
        plainly=plainly,
    )


def _qualifier(id: str, elements: tuple[ElementRule, ...]) -> tuple[int, frozenset[str]] | None:
    if id == "HL":
        return (3, elements[2].codes)
    if id in ("PER", "NM1", "N1") and elements[0].codes:
        return (1, elements[0].codes)
    first = elements[0] if elements else ElementRule("N")
    if first.parts:
        first = first.parts[0]
    return (1, first.codes) if first.codes else None


def _segment(words: str) -> SegmentRule:
    body, _, tail = words.partition(" ; ")
    tokens = _TOKEN.findall(body)
    id, usage, repeat, rank = tokens[:4]
    elements = tuple(_element(t) for t in tokens[4:])
    conditions = tuple(
        (c[0], tuple(int(c[i : i + 2]) for i in range(1, len(c), 2))) for c in tail.split()
    )
    periods = tuple(
        n for n in range(2, len(elements) + 1)
        if elements[n - 2].number == "1250" and elements[n - 1].number == "1251"
    )  # fmt: skip
    return SegmentRule(
        id,
        usage,
        _count(repeat),
        int(rank[1:]),
        elements,
        conditions,
        _qualifier(id, elements),
        periods,
    )


def _loop(words: str, seen: dict[str, LoopRule]) -> LoopRule:
    id, usage, repeat, rank, *label = words[1:].split()
    loop = LoopRule(id, usage, _count(repeat), int(rank[1:]), " ".join(label))
    if loop.label == "same":
        loop.label = seen[id].label
        loop.children = seen[id].children
        loop.by_segment = seen[id].by_segment
        loop.required = seen[id].required
    seen[id] = loop
    return loop


def _index(loop: LoopRule) -> None:
    if loop.by_segment:
        return
    for child in loop.children:
        if isinstance(child, LoopRule):
            _index(child)
        opener = child.opener if isinstance(child, LoopRule) else child
        loop.by_segment.setdefault(opener.id, []).append(child)
        if child.usage == "R":
            loop.required.append(child)


@lru_cache(maxsize=16)
def load_guide(name: str) -> Guide:
    """The guide in the file `name`.txt of this folder."""
    head, *lines = _read(f"{name}.txt")
    _, set_id, *versions = head.split()
    root = LoopRule("ST", "R", 1, 0, "set")
    stack = [root]
    seen: dict[str, LoopRule] = {}
    ids: set[str] = set()
    for line in lines:
        words = line.lstrip(" ")
        del stack[len(line) - len(words) + 1 :]
        if words.startswith("/"):
            loop = _loop(words, seen)
            stack[-1].children.append(loop)
            stack.append(loop)
        else:
            rule = _segment(words)
            ids.add(rule.id)
            stack[-1].children.append(rule)
    _index(root)
    return Guide(set_id, versions[0], frozenset(versions), root, frozenset(ids))


def find_guide(set_id: str, version: str) -> Guide | None:
    """The guide for a set and its GS08 or ST03, or None when none is loaded."""
    for name in _GUIDES:
        if name.startswith(set_id) and set_id:
            guide = load_guide(name)
            if version in guide.versions:
                return guide
    return None
