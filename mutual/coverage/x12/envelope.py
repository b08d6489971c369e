"""Interchanges, groups and transaction sets: who encloses what, and whether it adds up (B-2).

A fault of an interchange, group or set refuses that and what it encloses; a file that ends too
early is refused whole (B-6); a bad set leaves its neighbours alone (B-9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from mutual.coverage.x12.elements import is_date, is_time
from mutual.coverage.x12.findings import Finding
from mutual.coverage.x12.tokenizer import Reader, Segment, X12Error

ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
FUNCTIONAL = {
    "270": "HS", "271": "HB", "275": "PI", "276": "HR", "277": "HN", "278": "HI", "820": "RA",
    "834": "BE", "835": "HP", "837": "HC", "997": "FA", "999": "FA",
}  # fmt: skip
_BETWEEN = ("TA1", "TA3", "ISB", "ISE")
"""What may stand in an interchange outside groups."""
_ENDS = frozenset(("ISA", "IEA", "GS", "GE", "ST", "SE"))
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z")
_QUALIFIER = re.compile(r"[0-9A-Z]{1,3}\Z")


@dataclass(slots=True, eq=False)
class TransactionInfo:
    """One ST..SE: what it says it is and what is wrong with it."""

    set: str
    version: str
    control: str
    start: int
    st_version: str = ""
    group: GroupInfo | None = None
    findings: list[Finding] = field(default_factory=list)
    segments: int = 1
    closed: bool = False


@dataclass(slots=True, eq=False)
class GroupInfo:
    """One GS..GE; `said` is how many sets GE01 says there are."""

    functional: str
    version: str
    control: str
    start: int
    sender: str
    receiver: str
    transactions: list[TransactionInfo] = field(default_factory=list)
    controls: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    said: str = ""
    closed: bool = False


@dataclass(slots=True, eq=False)
class InterchangeInfo:
    """One ISA..IEA. `acknowledgments` are its TA1 segments."""

    isa: Segment
    control: str
    start: int
    sender: str
    receiver: str
    version: str
    usage: str
    groups: list[GroupInfo] = field(default_factory=list)
    controls: set[str] = field(default_factory=set)
    acknowledgments: list[Segment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    closed: bool = False


class Envelope:
    """Takes segments one by one; memory grows with the number of sets, not of segments."""

    def __init__(self) -> None:
        self.interchanges: list[InterchangeInfo] = []
        self.findings: list[Finding] = []
        """Faults of the file as a whole: any of them refuses everything in it."""
        self._interchange: InterchangeInfo | None = None
        self._group: GroupInfo | None = None
        self._set: TransactionInfo | None = None

    def feed(self, segment: Segment) -> TransactionInfo | None:
        """Places one segment; the set it belongs to (ST and SE included), or None."""
        name = segment.id
        if self._set is not None and name not in _ENDS:
            self._set.segments += 1
            return self._set
        if name == "ISA":
            self._open_interchange(segment)
        elif self._interchange is None:
            self.findings.append(_fault(segment, None, "outside", "stands outside an interchange"))
        elif name == "IEA":
            self._close_interchange(segment)
        elif name == "GS":
            self._open_group(segment)
        elif name == "GE":
            self._close_group(segment)
        elif name == "ST":
            return self._open_set(segment)
        elif name == "SE":
            return self._close_set(segment)
        elif self._group is not None:
            self._group.findings.append(
                _fault(segment, None, "outside", "stands outside a transaction set")
            )
        elif name == "TA1":
            self._interchange.acknowledgments.append(segment)
        elif not _SEGMENT_ID.match(name):
            text = "no segment starts here: what ends ISA is not what ends the other segments"
            self._interchange.findings.append(
                Finding(segment.position, name, None, "segment_unknown", None, text)
            )
        elif name not in _BETWEEN:
            self._interchange.findings.append(
                _fault(segment, None, "outside", "stands outside a group")
            )
        return None

    def finish(self, last: int) -> None:
        """Says what the end of the file left open; `last` is the position of its last segment."""
        if self._interchange is not None:
            self.findings.append(
                Finding(
                    last + 1, "IEA", None, "truncated", None,
                    "the file ends before IEA: it is refused whole; ask for it again",
                )
            )  # fmt: skip

    def _open_interchange(self, isa: Segment) -> None:
        if self._interchange is not None:
            self._end_group(isa)
            self._interchange.findings.append(
                Finding(isa.position, "IEA", None, "iea_missing", None, "IEA is missing before ISA")
            )
        get = isa.get
        made = InterchangeInfo(
            isa, get(13), isa.position, get(6).strip(), get(8).strip(), get(12), get(15)
        )
        made.findings.extend(check_isa(isa))
        self.interchanges.append(made)
        self._interchange = made

    def _close_interchange(self, iea: Segment) -> None:
        self._end_group(iea)
        made = self._interchange
        assert made is not None
        if iea.get(2) != made.control:
            made.findings.append(
                _fault(iea, "02", "iea_control", "IEA02 differs from ISA13 of this interchange")
            )
        count = len(made.groups)
        # An interchange with nothing but TA1 is commonly counted as one.
        alone = count == 0 and bool(made.acknowledgments) and iea.get(1) == "1"
        if not alone and not _same_count(iea.get(1), count):
            made.findings.append(
                _fault(iea, "01", "iea_count", f"IEA01 is not {count}, its groups")
            )
        if len(iea.elements) > 2:
            made.findings.append(_fault(iea, "03", "too_many_elements", "IEA has 2 elements"))
        made.closed = True
        self._interchange = None

    def _open_group(self, gs: Segment) -> None:
        self._end_group(gs)
        assert self._interchange is not None
        get = gs.get
        made = GroupInfo(get(1), get(8), get(6), gs.position, get(2), get(3))
        made.findings.extend(check_gs(gs))
        if made.control in self._interchange.controls:
            made.findings.append(
                _fault(gs, "06", "gs_control_repeat", "GS06 stood already in this interchange")
            )
        self._interchange.controls.add(made.control)
        self._interchange.groups.append(made)
        self._group = made

    def _close_group(self, ge: Segment) -> None:
        self._end_set(ge)
        made = self._group
        assert self._interchange is not None
        if made is None:
            self._interchange.findings.append(_fault(ge, None, "outside", "closes no group"))
            return
        if ge.get(2) != made.control:
            made.findings.append(
                _fault(ge, "02", "ge_control", "GE02 differs from GS06 of this group")
            )
        if not _same_count(ge.get(1), len(made.transactions)):
            made.findings.append(
                _fault(ge, "01", "ge_count", f"GE01 is not {len(made.transactions)}, its sets")
            )
        if len(ge.elements) > 2:
            made.findings.append(_fault(ge, "03", "too_many_elements", "GE has 2 elements"))
        made.said = ge.get(1)
        made.closed = True
        self._group = None

    def _open_set(self, st: Segment) -> TransactionInfo | None:
        self._end_set(st)
        assert self._interchange is not None
        group = self._group
        if group is None:
            self._interchange.findings.append(_fault(st, None, "outside", "stands outside a group"))
            return None
        version = st.get(3) or group.version
        made = TransactionInfo(
            st.get(1), version, st.get(2), st.position, st.get(3), group
        )  # fmt: skip
        made.findings.extend(check_st(st, group))
        group.controls.add(made.control)
        group.transactions.append(made)
        self._set = made
        return made

    def _close_set(self, se: Segment) -> TransactionInfo | None:
        made = self._set
        assert self._interchange is not None
        if made is None:
            owner = self._group or self._interchange
            owner.findings.append(_fault(se, None, "outside", "closes no transaction set"))
            return None
        made.segments += 1
        if se.get(2) != made.control:
            made.findings.append(_fault(se, "02", "se_control", "SE02 differs from ST02"))
        if not _same_count(se.get(1), made.segments):
            made.findings.append(
                _fault(se, "01", "se_count", f"SE01 is not {made.segments}, ST and SE included")
            )
        if len(se.elements) > 2:
            made.findings.append(_fault(se, "03", "too_many_elements", "SE has 2 elements"))
        made.closed = True
        self._set = None
        return made

    def _end_set(self, by: Segment) -> None:
        if self._set is not None:
            self._set.findings.append(
                Finding(
                    by.position, "SE", None, "se_missing", None, f"SE is missing before {by.id}"
                )
            )
            self._set = None

    def _end_group(self, by: Segment) -> None:
        self._end_set(by)
        if self._group is not None:
            self._group.findings.append(
                Finding(
                    by.position, "GE", None, "ge_missing", None, f"GE is missing before {by.id}"
                )
            )
            self._group = None


def _fault(segment: Segment, element: str | None, code: str, text: str) -> Finding:
    if element is None:
        text = f"{segment.id} {text}" if _SEGMENT_ID.match(segment.id) else f"a segment {text}"
    return Finding(segment.position, segment.id, element, code, None, text)


def _same_count(text: str, count: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and int(text) == count


def check_isa(isa: Segment) -> Iterator[Finding]:
    """Fixed lengths, codes and distinct separators of an ISA (B-1)."""
    for n, width in enumerate(ISA_WIDTHS, 1):
        if len(isa.get(n)) != width:
            yield _fault(isa, f"{n:02}", "isa_length", f"ISA{n:02} has not {width} characters")
    marks = isa.delimiters
    if marks.repetition and marks.repetition == marks.component:
        yield _fault(
            isa, "11", "delimiters", "ISA11 and ISA16 name the same character for two separators"
        )
    allowed = {
        1: tuple(f"{n:02}" for n in range(9)),
        3: ("00", "01"),
        14: ("0", "1"),
        15: ("P", "T", "I"),
    }
    for n, codes in allowed.items():
        if isa.get(n) not in codes:
            yield _fault(isa, f"{n:02}", "code", f"ISA{n:02} is none of {', '.join(codes)}")
    for n in (5, 7):
        if not _QUALIFIER.match(isa.get(n).strip()):
            yield _fault(isa, f"{n:02}", "code", f"ISA{n:02} is no qualifier")
    if not is_date(isa.get(9)):
        yield _fault(isa, "09", "date", "ISA09 is not a date")
    if not is_time(isa.get(10)):
        yield _fault(isa, "10", "time", "ISA10 is not a time")
    for n in (12, 13):
        if not (isa.get(n).isascii() and isa.get(n).isdigit()):
            yield _fault(isa, f"{n:02}", "number", f"ISA{n:02} is not all digits")


def check_gs(gs: Segment) -> Iterator[Finding]:
    """Presence and form of the elements of a GS."""
    for n in range(1, 9):
        if not gs.get(n).strip():
            yield _fault(gs, f"{n:02}", "element_missing", f"GS{n:02} is required")
    if len(gs.elements) > 8:
        yield _fault(gs, "09", "too_many_elements", "GS has 8 elements")
    if gs.get(4) and not is_date(gs.get(4)):
        yield _fault(gs, "04", "date", "GS04 is not a date")
    if gs.get(5) and not is_time(gs.get(5)):
        yield _fault(gs, "05", "time", "GS05 is not a time")
    control = gs.get(6)
    if control and not (control.isascii() and control.isdigit() and len(control) <= 9):
        yield _fault(gs, "06", "number", "GS06 is not a number of at most 9 digits")
    if gs.get(7) and gs.get(7) not in ("X", "T"):
        yield _fault(gs, "07", "code", "GS07 is not X")


def check_st(st: Segment, group: GroupInfo) -> Iterator[Finding]:
    """Whether a set fits the group it stands in."""
    set_id, control = st.get(1), st.get(2)
    expected = FUNCTIONAL.get(set_id)
    if not set_id:
        yield _fault(st, "01", "st_set", "ST01 is required")
    elif expected and group.functional and expected != group.functional:
        yield _fault(st, "01", "st_set", f"a set {set_id} can't stand in a group of this GS01")
    if not 1 <= len(control) <= 9:
        yield _fault(st, "02", "st_control", "ST02 needs 1 to 9 characters")
    elif control in group.controls:
        yield _fault(st, "02", "st_control_repeat", "ST02 stood already in this group")
    # One may name the release or the guide, the other its errata: no contradiction.
    st_guide, gs_guide = st.get(3), group.version
    if st_guide and not (st_guide.startswith(gs_guide) or gs_guide.startswith(st_guide)):
        yield _fault(st, "03", "st_guide", "ST03 and GS08 name different guides")
    if len(st.elements) > 3 and any(st.elements[3:]):
        yield _fault(st, "04", "too_many_elements", "ST has at most 3 elements")


@dataclass(slots=True, eq=False)
class TransactionSet:
    """One set with its segments, ST and SE included, for readers of small files."""

    info: TransactionInfo
    interchange: InterchangeInfo
    segments: list[Segment] = field(default_factory=list)


def read_transactions(source: bytes | BinaryIO) -> list[TransactionSet]:
    """All sets of a file with their segments; for small files, as it holds them in memory.

    Raises X12Error when the file can't be read to its IEA (B-6). Faults within are in `info`.
    """
    envelope = Envelope()
    reader = Reader(source)
    sets: dict[TransactionInfo, TransactionSet] = {}
    for segment in reader:
        info = envelope.feed(segment)
        if info is not None:
            if info not in sets:
                sets[info] = TransactionSet(info, envelope.interchanges[-1])
            sets[info].segments.append(segment)
    envelope.finish(reader.position)
    for fault in envelope.findings:
        raise X12Error(fault.segment, fault.id, fault.element, fault.code, fault.text)
    return list(sets.values())
