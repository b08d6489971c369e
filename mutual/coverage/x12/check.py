"""Checks a whole file: syntax, envelope and guide, without ever raising.

Balancing of money and the rules of claims are checked where claims and payments are handled.
"""

from __future__ import annotations

import re

from mutual.coverage.x12.elements import is_date, is_time
from mutual.coverage.x12.envelope import Envelope, InterchangeInfo, TransactionInfo
from mutual.coverage.x12.findings import Finding
from mutual.coverage.x12.guides import find_guide
from mutual.coverage.x12.tokenizer import Reader, Segment, X12Error
from mutual.coverage.x12.walk import Walker

MAX_FINDINGS = 500
"""Faults listed per set; more would bury the first, which usually causes the rest."""
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z")
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
_GUESS = re.compile(rb"ST([^A-Za-z0-9\s])([0-9]{3})\1")


class _SetCheck:
    """What is followed in one set besides its guide: segment ids, HL tree, LX numbers."""

    def __init__(self, info: TransactionInfo) -> None:
        self.info = info
        guide = find_guide(info.set, info.version)
        self.guide = guide
        self.walker = Walker(guide) if guide else None
        self._levels: dict[str, tuple[int, str]] = {}
        self._parents: set[str] = set()
        self._line = 0

    def _add(self, segment: Segment, element: str | None, code: str, text: str) -> None:
        loop = self.walker.loop if self.walker else None
        self.info.findings.append(
            Finding(segment.position, segment.id, element, code, loop, text)
        )  # fmt: skip

    def feed(self, segment: Segment) -> None:
        if segment.id == "SE":
            if self.walker:
                self.walker.finish(segment)
            self._finish_levels()
            return
        if segment.id == "ST":
            return
        if self.walker:
            self.walker.feed(segment)
        self._syntax(segment)
        if segment.id == "HL":
            self._level(segment)
        if self.info.set == "837":
            if segment.id == "CLM":
                self._line = 0
            elif segment.id == "LX":
                self._line += 1
                if segment.get(1) != str(self._line):
                    self._add(
                        segment, "01", "sequence",
                        f"LX01 is not {self._line}: lines of a claim count up from 1",
                    )  # fmt: skip

    def _syntax(self, segment: Segment) -> None:
        if not _SEGMENT_ID.match(segment.id):
            if not self.walker:
                self._add(segment, None, "segment_unknown", "this is no segment id")
            return
        if not any(segment.elements):
            self._add(segment, None, "element_missing", f"{segment.id} holds nothing")
        if not self.walker and segment.id not in ("BIN", "BDS"):
            for n, value in enumerate(segment.elements, 1):
                if _CONTROL.search(value):
                    self._add(segment, f"{n:02}", "character", "a control character stands here")

    def _level(self, segment: Segment) -> None:
        number, parent, has_children = segment.get(1), segment.get(2), segment.get(4)
        if number != str(len(self._levels) + 1):
            self._add(
                segment,
                "01",
                "sequence",
                f"HL01 is not {len(self._levels) + 1}: levels count from 1",
            )
        if parent:
            if parent not in self._levels:
                self._add(segment, "02", "sequence", "HL02 names no level before this one")
            self._parents.add(parent)
        self._levels.setdefault(number, (segment.position, has_children))

    def _finish_levels(self) -> None:
        for number, (position, flag) in self._levels.items():
            if flag == "0" and number in self._parents:
                text = "HL04 says that no level follows below, but one does"
            elif flag == "1" and number not in self._parents:
                text = "HL04 says that a level follows below, but none does"
            else:
                continue
            self.info.findings.append(Finding(position, "HL", "04", "sequence", None, text))

    def settle(self) -> None:
        """Brings the guide's findings into the set's, in order of place."""
        if self.walker:
            self.info.findings.extend(self.walker.findings)
        self.info.findings.sort(key=lambda f: f.segment)


def check_file(data: bytes, name: str) -> dict[str, object]:
    """What `mutual x12 check` says of one file. Never raises, whatever the bytes are.

    `ok` means: read to the end and every set accepted. A set without a loaded guide is accepted
    on syntax and envelope, with `guide` null.
    """
    envelope, checks, broken = examine(data)
    file_findings = list(envelope.findings)
    transactions: list[dict[str, object]] = []
    whole = not file_findings
    for interchange in envelope.interchanges:
        transactions.extend(_acknowledgments(interchange, whole))
        file_findings.extend(interchange.findings)
        for group in interchange.groups:
            file_findings.extend(group.findings)
            enclosed = whole and not interchange.findings and not group.findings
            for info in group.transactions:
                check = checks.get(info)
                errors = info.findings[:MAX_FINDINGS]
                if not enclosed and not errors:
                    errors = [_refused_with(info, whole)]
                transactions.append(
                    {
                        "set": info.set,
                        "guide": check.guide.version if check and check.guide else None,
                        "control": info.control,
                        "accepted": enclosed and not info.findings,
                        "errors": [f.as_json() for f in errors],
                    }
                )
    if not transactions and (broken or file_findings):
        guess = _GUESS.search(data[: 1 << 16])
        if guess:
            transactions.append(
                {
                    "set": guess.group(2).decode("ascii"),
                    "guide": None,
                    "control": None,
                    "accepted": False,
                    "errors": [f.as_json() for f in file_findings],
                }
            )
    ok = not file_findings and all(t["accepted"] for t in transactions)
    if ok and not transactions:
        ok = bool(envelope.interchanges)
    return {
        "file": name,
        "ok": ok,
        "transactions": transactions,
        "errors": [f.as_json() for f in file_findings[:MAX_FINDINGS]],
    }


def examine(data: bytes) -> tuple[Envelope, dict[TransactionInfo, _SetCheck], bool]:
    """What encloses what in a file, with every fault found; whether it broke off unreadably."""
    envelope = Envelope()
    checks: dict[TransactionInfo, _SetCheck] = {}
    reader = Reader(data)
    broken = False
    try:
        for segment in reader:
            info = envelope.feed(segment)
            if info is None:
                continue
            check = checks.get(info)
            if check is None:
                check = checks[info] = _SetCheck(info)
            check.feed(segment)
        envelope.finish(reader.position)
    except X12Error as error:
        broken = True
        text = f"{error.text}: the file is refused whole"
        envelope.findings.append(
            Finding(error.position, error.segment, error.element, error.code, None, text)
        )
    for check in checks.values():
        check.settle()
    return envelope, checks, broken


def _refused_with(info: TransactionInfo, whole: bool) -> Finding:
    what = "its interchange or group" if whole else "the file"
    return Finding(
        info.start, "ST", None, "refused_with", None,
        f"refused because {what} is; see the errors of the file",
    )  # fmt: skip


def _acknowledgments(interchange: InterchangeInfo, whole: bool) -> list[dict[str, object]]:
    """The TA1 segments of an interchange, as sets of their own."""
    found: list[dict[str, object]] = []
    for segment in interchange.acknowledgments:
        errors = check_ta1(segment)
        found.append(
            {
                "set": "TA1",
                "guide": None,
                "control": segment.get(1),
                "accepted": whole and not errors and not interchange.findings,
                "errors": [f.as_json() for f in errors],
            }
        )
    return found


def check_ta1(segment: Segment) -> list[Finding]:
    """The five elements of an interchange acknowledgment."""
    faults: list[Finding] = []

    def add(element: str, code: str, text: str) -> None:
        faults.append(Finding(segment.position, "TA1", element, code, None, text))

    control, note = segment.get(1), segment.get(5)
    if not (control.isascii() and control.isdigit() and len(control) == 9):
        add("01", "number", "TA101 is not a control number of 9 digits")
    if not is_date(segment.get(2)):
        add("02", "date", "TA102 is not a date")
    if not is_time(segment.get(3)):
        add("03", "time", "TA103 is not a time")
    if segment.get(4) not in ("A", "E", "R"):
        add("04", "code", "TA104 is none of A, E, R")
    if not (note.isascii() and note.isdigit() and len(note) == 3 and int(note) <= 31):
        add("05", "code", "TA105 is not a note code from 000 to 031")
    return faults
