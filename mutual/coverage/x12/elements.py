"""Checks the elements of one segment against its rule in a guide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from mutual.coverage.x12.guides import ElementRule, SegmentRule
from mutual.coverage.x12.tokenizer import Segment

Report = Callable[[str | None, str, str], None]
"""Takes the element ("03", "05-2"), the code of the fault and its words."""

_IN_TEXT = " .,'#/-"
"""Characters of plain text: where one of them separates, no value is plain."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WHOLE = re.compile(r"-?[0-9]+\Z")
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:[0-9]{1,2})?)?\Z")


@lru_cache(maxsize=4096)
def is_date(value: str) -> bool:
    """CCYYMMDD or YYMMDD of a day that exists."""
    if not (value.isascii() and value.isdigit() and len(value) in (6, 8)):
        return False
    full = value if len(value) == 8 else "20" + value
    try:
        date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return False
    return True


def is_time(value: str) -> bool:
    """HHMM, HHMMSS or with hundredths."""
    return _TIME.match(value) is not None


def _is_period(qualifier: str, value: str) -> bool:
    """Whether a date in free format fits the qualifier before it."""
    if qualifier == "D8":
        return len(value) == 8 and is_date(value)
    if qualifier == "D6":
        return len(value) == 6 and is_date(value)
    if qualifier == "RD8":
        first, _, last = value.partition("-")
        return len(first) == len(last) == 8 and is_date(first) and is_date(last)
    if qualifier == "TM":
        return is_time(value)
    if qualifier == "DT":
        return is_date(value[:8]) and is_time(value[8:])
    return True


def check_elements(segment: Segment, rule: SegmentRule, report: Report) -> None:
    """Reports every fault of the segment's elements: presence, type, length, codes, conditions."""
    elements, rules = segment.elements, rule.elements
    if len(elements) > len(rules) and any(elements[len(rules) :]):
        report(
            f"{len(rules) + 1:02}",
            "too_many_elements",
            f"{segment.id} has at most {len(rules)} elements here",
        )
    marks = segment.delimiters
    usual = marks.component not in _IN_TEXT and (marks.repetition or ":") not in _IN_TEXT
    count = len(elements)
    for n, element in enumerate(rules):
        value = elements[n] if n < count else ""
        if not value:
            if element.usage == "R":
                _check_element(segment, element, f"{n + 1:02}", value, report)
        elif element.plainly is None or not usual or not element.plainly(value):
            _check_element(segment, element, f"{n + 1:02}", value, report)
    for n in rule.periods:
        value = segment.get(n)
        if value and not _is_period(segment.get(n - 1), value):
            report(f"{n:02}", "date", f"{segment.id}{n:02} is not a date of the stated form")
    if rule.conditions:
        _check_conditions(segment, rule, report)


def _check_element(
    segment: Segment, rule: ElementRule, where: str, value: str, report: Report
) -> None:
    name = f"{segment.id}{where}"
    if not value.strip(" "):
        if rule.usage == "R":
            report(where, "element_missing", f"{name} is required")
        return
    if rule.usage == "N":
        report(where, "not_used", f"{name} is not used by this guide; leave it out")
        return
    marks = segment.delimiters
    # Where one character serves as both separators, only a repeating element is split by it.
    splits = marks.repetition != marks.component or rule.repeat > 1
    values = value.split(marks.repetition) if marks.repetition and splits else [value]
    if len(values) > rule.repeat:
        report(where, "too_many_repeats", f"{name} may stand {rule.repeat} time(s) only")
    for one in values[: rule.repeat]:
        if rule.parts:
            _check_parts(segment, rule, where, one, report)
        elif marks.component in one:
            report(where, "too_many_components", f"{name} is not a composite")
        else:
            check_value(rule, where, name, one, report)


def _check_parts(
    segment: Segment, rule: ElementRule, where: str, value: str, report: Report
) -> None:
    parts = value.split(segment.delimiters.component)
    if len(parts) > len(rule.parts) and any(parts[len(rule.parts) :]):
        report(
            where,
            "too_many_components",
            f"{segment.id}{where} has at most {len(rule.parts)} components",
        )
    for m, part in enumerate(rule.parts, 1):
        inner = parts[m - 1] if m <= len(parts) else ""
        name = f"{segment.id}{where}-{m}"
        if not inner.strip(" "):
            if part.usage == "R":
                report(f"{where}-{m}", "element_missing", f"{name} is required")
        elif part.usage == "N":
            report(f"{where}-{m}", "not_used", f"{name} is not used by this guide; leave it out")
        else:
            check_value(part, f"{where}-{m}", name, inner, report)


def check_value(rule: ElementRule, where: str, name: str, value: str, report: Report) -> None:
    """One simple value: characters, type, length, code, pattern."""
    if _CONTROL.search(value):
        report(where, "character", f"{name} holds a control character")
        return
    kind = rule.type
    length = len(value)
    if kind == "R" or kind[0] == "N":
        length = len(value.lstrip("-").replace(".", ""))
        if not (_DECIMAL if kind == "R" else _WHOLE).match(value):
            report(where, "number", f"{name} is not a number")
            return
    elif kind == "DT" and not is_date(value):
        report(where, "date", f"{name} is not a date")
        return
    elif kind == "TM" and not is_time(value):
        report(where, "time", f"{name} is not a time")
        return
    if length < rule.least:
        report(where, "too_short", f"{name} needs at least {rule.least} character(s)")
    elif length > rule.most:
        report(where, "too_long", f"{name} has {length} characters, {rule.most} at most")
    elif rule.codes and value not in rule.codes:
        report(where, "code", f"{name} is not a code of this guide")
    elif rule.pattern and not rule.pattern.fullmatch(value):
        report(where, "pattern", f"{name} has not the form that this guide asks for")


def _check_conditions(segment: Segment, rule: SegmentRule, report: Report) -> None:
    count = len(segment.elements)
    for kind, numbers in rule.conditions:
        if kind != "R" and numbers[0] > count and numbers[-1] > count:
            continue
        used = [n for n in numbers if segment.get(n)]
        names = ", ".join(f"{segment.id}{n:02}" for n in numbers)
        rest = names.partition(", ")[2]
        # A part that the guide doesn't use can't be asked for.
        asked = [
            n for n in numbers if n <= len(rule.elements) and rule.elements[n - 1].usage != "N"
        ]
        missing = [n for n in asked if n not in used]
        if kind == "P" and used and missing:
            report(f"{missing[0]:02}", "condition", f"{names} stand together or not at all")
        elif kind == "R" and not used and asked:
            report(f"{asked[0]:02}", "condition", f"one of {names} is required")
        elif kind == "E" and len(used) > 1:
            report(f"{used[1]:02}", "exclusion", f"only one of {names} may stand")
        elif kind == "C" and numbers[0] in used and missing:
            report(f"{missing[0]:02}", "condition", f"{segment.id}{numbers[0]:02} needs {rest}")
        elif kind == "L" and used == [numbers[0]] and missing:
            report(
                f"{missing[0]:02}", "condition", f"{segment.id}{numbers[0]:02} needs one of {rest}"
            )
