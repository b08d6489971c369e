"""The answer to a received file: a 999 for each group, or a TA1 that refuses an interchange.

It says what :mod:`mutual.coverage.x12.check` finds, and no value of the file: IK404, the copy of
a bad element, stays empty because it would be somebody's data. Acknowledgments are not
acknowledged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mutual.coverage.x12.check import examine
from mutual.coverage.x12.elements import is_date, is_time
from mutual.coverage.x12.envelope import FUNCTIONAL, GroupInfo, InterchangeInfo, TransactionInfo
from mutual.coverage.x12.findings import (
    ELEMENT_ACK,
    GROUP_ACK,
    INTERCHANGE_ACK,
    ISA_ACK,
    SEGMENT_ACK,
    SET_ACK,
    Finding,
)
from mutual.coverage.x12.tokenizer import Delimiters, Segment, X12Error
from mutual.coverage.x12.writer import Envelope, Group, Transaction, build, write_groups

GUIDE = "005010X231A1"
#: How many codes a trailer holds (IK502 to IK506, AK905 to AK909).
_CODES = 5
_NOT_ID = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back for one file.

    Attributes:
        data: the interchanges to send, one for each that asks for an answer; may be empty.
        accepted: whether everything in the file was accepted.
        sets: which acknowledgments are in it, in order: ``TA1``, ``999``.
    """

    data: bytes
    accepted: bool
    sets: tuple[str, ...]


def acknowledge(data: bytes, at: datetime, control: int | None = None) -> Answer:
    """The acknowledgments of a file, addressed back to who sent it.

    Args:
        at: when the answer is made, in the sender's clock.
        control: ISA13 of the first answer; the next ones count on. Who really sends allocates
            them where they never repeat (B-3). Without it an answer bears the number it answers.

    Raises:
        X12Error: if no interchange can be read at all, so that nobody could be answered.
    """
    envelope, _checks, _broken = examine(data)
    if not envelope.interchanges:
        first = envelope.findings[0]
        raise X12Error(first.segment, first.id, first.element, first.code, first.text)
    written: list[bytes] = []
    sets: list[str] = []
    accepted = not envelope.findings
    for interchange in envelope.interchanges:
        faults = [*interchange.findings, *envelope.findings]
        before: list[Segment] = []
        groups: list[GroupInfo] = []
        if faults or interchange.isa.get(14) == "1":
            before.append(_ta1(interchange, faults, at))
        if not faults:
            groups = [g for g in interchange.groups if g.functional != FUNCTIONAL["999"]]
        accepted = accepted and not faults and all(_good(g) for g in interchange.groups)
        if not before and not groups:
            continue
        number = None if control is None else control + len(written)
        written.append(_interchange(interchange, before, groups, at, number))
        sets += ["TA1"] * len(before) + ["999"] * len(groups)
    return Answer(b"".join(written), accepted, tuple(sets))


def _good(group: GroupInfo) -> bool:
    return not group.findings and not any(t.findings for t in group.transactions)


def _interchange(
    asked: InterchangeInfo,
    before: Sequence[Segment],
    groups: Sequence[GroupInfo],
    at: datetime,
    number: int | None,
) -> bytes:
    isa, marks = asked.isa, _marks(asked)
    control = number if number is not None else int(_digits(asked.control) or 1)
    envelope = Envelope(
        sender_qualifier=isa.get(7), sender=asked.receiver or "UNKNOWN",
        receiver_qualifier=isa.get(5), receiver=asked.sender or "UNKNOWN",
        group_sender="", group_receiver="", interchange_control=control, group_control=0,
        usage=asked.usage if asked.usage in ("P", "T") else "P", delimiters=marks,
    )  # fmt: skip
    answers = [
        Group(
            FUNCTIONAL["999"], group.receiver or "UNKNOWN", group.sender or "UNKNOWN", str(n),
            [Transaction("999", GUIDE, f"{n:04}", _body(group, marks))],
        )
        for n, group in enumerate(groups, 1)
    ]  # fmt: skip
    plain = marks.terminator not in "\r\n"
    return write_groups(envelope, answers, at, before=before, line_ends=plain)


def _marks(asked: InterchangeInfo) -> Delimiters:
    """The separators of the file, so that its sender reads the answer as they write."""
    marks = asked.isa.delimiters
    return marks if marks.repetition != marks.component else Delimiters()


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 9 else ""


def _ta1(asked: InterchangeInfo, faults: Sequence[Finding], at: datetime) -> Segment:
    note = _note(faults[0]) if faults else "000"
    # It repeats date and time of what it answers, unless they are none: it must be readable.
    day, hour = asked.isa.get(9), asked.isa.get(10)
    return build(
        "TA1", _digits(asked.control) or "000000000",
        day if is_date(day) else at.strftime("%y%m%d"),
        hour if is_time(hour) else at.strftime("%H%M"),
        "R" if faults else "A", note, delimiters=_marks(asked),
    )  # fmt: skip


def _note(fault: Finding) -> str:
    if fault.id == "ISA" and fault.element:
        return ISA_ACK.get(fault.element, "022")
    return INTERCHANGE_ACK.get(fault.code, "022")


def _body(group: GroupInfo, marks: Delimiters) -> list[Segment]:
    """AK1, what is said of each set, and AK9."""
    lines = [build("AK1", group.functional, group.control, group.version, delimiters=marks)]
    refused = bool(group.findings)
    good = 0
    for info in group.transactions:
        if info.findings:
            lines += _set(info, marks)
        elif not refused:
            good += 1
            lines += [_ak2(info, marks), build("IK5", "A", delimiters=marks)]
    count = len(group.transactions)
    verdict = "A" if good == count and not refused else "P" if good else "R"
    codes = dict.fromkeys(GROUP_ACK.get(f.code, "1") for f in group.findings)
    said = group.said if group.said.isdigit() and len(group.said) <= 6 else str(count)
    lines.append(
        build("AK9", verdict, said, str(count), str(good), *list(codes)[:_CODES], delimiters=marks)
    )
    return lines


def _ak2(info: TransactionInfo, marks: Delimiters) -> Segment:
    return build("AK2", info.set, info.control, info.st_version, delimiters=marks)


def _set(info: TransactionInfo, marks: Delimiters) -> list[Segment]:
    """A refused set: each faulty segment with its faulty elements."""
    lines = [_ak2(info, marks)]
    codes: dict[str, None] = {}
    by_place: dict[tuple[int, str, str], list[Finding]] = {}
    for fault in info.findings:
        if fault.code in SET_ACK:
            codes[SET_ACK[fault.code]] = None
            continue
        by_place.setdefault((fault.segment, fault.id, _segment_code(fault)), []).append(fault)
    for (place, name, code), faults in by_place.items():
        loop = next((f.loop for f in faults if f.loop), "") or ""
        lines.append(
            build(
                "IK3", _NOT_ID.sub("", name.upper())[:3].ljust(2, "Z"), str(place - info.start + 1),
                loop[:4], code, delimiters=marks,
            )
        )  # fmt: skip
        if code == "8":
            lines += [_ik4(fault, marks) for fault in faults]
    if by_place:
        codes[SET_ACK["segments"]] = None
    lines.append(build("IK5", "R", *list(codes)[:_CODES], delimiters=marks))
    return lines


def _segment_code(fault: Finding) -> str:
    return SEGMENT_ACK.get(fault.code, "8") if fault.code not in ELEMENT_ACK else "8"


def _ik4(fault: Finding, marks: Delimiters) -> Segment:
    element, _dash, component = (fault.element or "01").partition("-")
    place = (str(int(element)), component) if component else str(int(element))
    code = ELEMENT_ACK.get(fault.code, "I9")
    return build("IK4", place, "", code, delimiters=marks)
