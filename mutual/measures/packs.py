"""An owner's wording for an instrument whose wording does not ship: reading and checking (I-2).

Pure: the file becomes a `Pack` or is refused whole, with the line and the reason of every fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf.locale import LANG_INFO

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures import registry
from mutual.measures.instruments import sccs
from mutual.measures.scale import Instrument, Item

_TOP = ("key", "version", "language", "title", "credit", "permission", "items", "subscales")
_PERMISSION = ("text", "by", "date", "scope")
_HEADER = re.compile(r"^\s*\[\[\s*items\s*\]\]")
_ANSWERS = re.compile(r"^\s*(answers\s*=|\[\[\s*items\s*\.\s*answers\s*\]\])")
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class PackItem:
    """One item's official wording: `answers` are (label, value) as printed."""

    number: str
    text: str
    answers: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Permission:
    """Who allowed the use of the wording, when, and for what."""

    text: str
    by: str
    date: str
    scope: str


@dataclass(frozen=True)
class Pack:
    """A checked file; stored and exported only together with its permission."""

    key: str
    version: str
    language: str
    title: str
    credit: str
    permission: Permission
    items: tuple[PackItem, ...]
    subscales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_pack(text: str) -> Pack:
    """Read `mutual instruments install FILE.toml`; raises `Refused`, one fault a line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines()) or 1
        reason = _TOML_LINE.sub("", str(error)).strip()
        raise Refused(_at(line, reason), rule="I-2") from None
    faults: list[str] = []
    lines = text.splitlines()
    for name in data:
        if name not in _TOP:
            reason = say(_('"{name}" is not a key of an instrument file'), name=name)
            faults.append(_at(_line_of(lines, name), reason))
    words = {name: _word(data, name, lines, faults) for name in _TOP[:5]}
    instrument = _instrument(words, lines, faults)
    language = words["language"]
    if language and language.lower() not in LANG_INFO:
        reason = say(
            _('language "{language}" is not known: write for instance en'), language=language
        )
        faults.append(_at(_line_of(lines, "language"), reason))
    permission = _permission(data, lines, faults)
    items: tuple[PackItem, ...] = ()
    subscales: dict[str, tuple[str, ...]] = {}
    if instrument is not None:
        items = _items(data, instrument, lines, faults)
        subscales = _subscales(data, instrument, lines, faults)
    if faults or permission is None or instrument is None:
        raise Refused("\n".join(faults), rule="I-2")
    return Pack(
        words["key"],
        words["version"],
        language,
        words["title"],
        words["credit"],
        permission,
        items,
        subscales,
    )


def _at(line: int, reason: str) -> str:
    return say(_("line {line}: {reason}"), line=line, reason=reason)


def _line_of(lines: list[str], name: str) -> int:
    """The first line that sets or opens `name`, else the last line."""
    pattern = re.compile(rf"^\s*(\[+\s*)?\"?{re.escape(name)}\"?\s*[=\].]")
    for number, line in enumerate(lines, start=1):
        if pattern.match(line):
            return number
    return len(lines) or 1


def _item_lines(lines: list[str]) -> list[tuple[int, int]]:
    """For each item, the line of its header and that of its answers (or the header again)."""
    found: list[tuple[int, int]] = []
    for number, line in enumerate(lines, start=1):
        if _HEADER.match(line):
            found.append((number, number))
        elif found and found[-1][0] == found[-1][1] and _ANSWERS.match(line):
            found[-1] = (found[-1][0], number)
    return found


def _word(data: Mapping[str, object], name: str, lines: list[str], faults: list[str]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        faults.append(_at(_line_of(lines, name), say(_("{name} is empty"), name=name)))
        return ""
    return value.strip()


def _instrument(words: Mapping[str, str], lines: list[str], faults: list[str]) -> Instrument | None:
    if not words["key"]:
        return None
    try:
        instrument = registry.get(words["key"])
    except Refused as refused:
        faults.append(_at(_line_of(lines, "key"), refused.text))
        return None
    if words["version"] and words["version"] != instrument.version:
        reason = say(
            _('version "{got}" of {key} is not known, the scoring here is for "{known}"'),
            got=words["version"],
            key=instrument.key,
            known=instrument.version,
        )
        faults.append(_at(_line_of(lines, "version"), reason))
    return instrument


def _permission(
    data: Mapping[str, object], lines: list[str], faults: list[str]
) -> Permission | None:
    given = data.get("permission")
    line = _line_of(lines, "permission")
    if not isinstance(given, dict):
        reason = say(_("permission is empty: give its text, by, date and scope"))
        faults.append(_at(line, reason))
        return None
    parts: dict[str, str] = {}
    for name in _PERMISSION:
        value = given.get(name)
        value = value.isoformat() if isinstance(value, date) else value
        if not isinstance(value, str) or not value.strip():
            faults.append(_at(line, say(_("{name} is empty"), name=f"permission.{name}")))
        else:
            parts[name] = value.strip()
    return Permission(**parts) if len(parts) == len(_PERMISSION) else None


def _items(
    data: Mapping[str, object], instrument: Instrument, lines: list[str], faults: list[str]
) -> tuple[PackItem, ...]:
    given = data.get("items")
    given = given if isinstance(given, list) else []
    if len(given) != len(instrument.items):
        reason = say(
            _("{key} has {n} items, found {got}"),
            key=instrument.key,
            n=len(instrument.items),
            got=len(given),
        )
        faults.append(_at(_line_of(lines, "items"), reason))
        return ()
    places = _item_lines(lines)
    if len(places) != len(given):
        # Items written inline have no line of their own.
        places = [(_line_of(lines, "items"),) * 2] * len(given)
    read = []
    for item, raw, (head, answers) in zip(instrument.items, given, places, strict=True):
        one = raw if isinstance(raw, dict) else {}
        number = str(one.get("number", ""))
        if number != item.number:
            reason = say(_("item {number} expected, found {got}"), number=item.number, got=number)
            faults.append(_at(head, reason))
            continue
        text = one.get("text")
        if not isinstance(text, str) or not text.strip():
            faults.append(_at(head, say(_("item {number} has no text"), number=number)))
            text = ""
        read.append(PackItem(number, text.strip(), _answers(one, item, answers, faults)))
    return tuple(read)


def _answers(
    raw: Mapping[str, object], item: Item, line: int, faults: list[str]
) -> tuple[tuple[str, int], ...]:
    given = raw.get("answers")
    given = given if isinstance(given, list) else []
    if len(given) != len(item.values):
        reason = say(
            _("item {number} needs {n} answers, found {got}"),
            number=item.number,
            n=len(item.values),
            got=len(given),
        )
        faults.append(_at(line, reason))
        return ()
    pairs: list[tuple[str, int]] = []
    for answer in given:
        label = answer.get("label") if isinstance(answer, dict) else None
        value = answer.get("value") if isinstance(answer, dict) else None
        if (
            not isinstance(label, str)
            or not label.strip()
            or not isinstance(value, int)
            or isinstance(value, bool)
        ):
            reason = say(
                _("item {number}: each answer needs a label and a whole value"), number=item.number
            )
            faults.append(_at(line, reason))
            return ()
        pairs.append((label.strip(), value))
    if sorted(value for _label, value in pairs) != sorted(item.values):
        reason = say(
            _("item {number} takes the values {allowed}, found {got}"),
            number=item.number,
            allowed=", ".join(str(value) for value in item.values),
            got=", ".join(str(value) for _label, value in pairs),
        )
        faults.append(_at(line, reason))
    return tuple(pairs)


def _subscales(
    data: Mapping[str, object], instrument: Instrument, lines: list[str], faults: list[str]
) -> dict[str, tuple[str, ...]]:
    given = data.get("subscales")
    line = _line_of(lines, "subscales")
    if instrument.key != sccs.KEY:
        if given is not None:
            reason = say(_("{key} takes no subscales from a file"), key=instrument.key)
            faults.append(_at(line, reason))
        return {}
    layout: dict[str, tuple[str, ...]] = {}
    if isinstance(given, dict):
        for name, numbers in given.items():
            layout[name] = tuple(str(n) for n in numbers) if isinstance(numbers, list) else ()
    try:
        sccs.score_with((1,) * len(sccs.ITEMS), layout)
    except Refused as refused:
        faults.append(_at(line, refused.text))
    return layout
