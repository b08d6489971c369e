"""Segments to bytes (rule B-8), and envelopes around new transaction sets.

Control numbers are arguments: who sends allocates them where they can never repeat (B-3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from mutual.coverage.x12.tokenizer import Delimiters, Reader, Segment, X12Error

STANDARD = Delimiters()


def encode_segment(segment: Segment) -> bytes:
    """The segment with what stood before it and its terminator: the bytes that were read."""
    text = segment.lead + segment.raw() + segment.delimiters.terminator
    return text.encode("utf-8", "surrogateescape")


def write_segments(segments: Iterable[Segment]) -> bytes:
    """All segments as bytes. For what was read from a file this is the file again (B-8)."""
    return b"".join(encode_segment(s) for s in segments)


def echo(source: bytes | BinaryIO, out: BinaryIO) -> None:
    """Writes back what it reads, as a stream. Raises X12Error like the reader."""
    reader = Reader(source)
    for segment in reader:
        out.write(encode_segment(segment))
    out.write(reader.trailing)


Element = str | Sequence[str]
"""An element to write: text, or the components of a composite."""


class Repeats(tuple[str, ...]):
    """Repetitions of one element, for `build`."""

    __slots__ = ()


def build(
    id: str, *elements: Element, delimiters: Delimiters = STANDARD, position: int = 0
) -> Segment:
    """A segment to send; empty elements at the end, and components, are left out.

    Raises X12Error (code "delimiter_in_data") when a value holds a delimiter (B-1).
    """
    marks = (
        delimiters.element, delimiters.repetition, delimiters.component, delimiters.terminator
    )  # fmt: skip
    written: list[str] = []
    for n, element in enumerate(elements, 1):
        parts = [element] if isinstance(element, str) else list(element)
        # ISA itself names the separators, in elements 11 and 16.
        if not (id == "ISA" and n in (11, 16)):
            for part in parts:
                if any(mark and mark in part for mark in marks):
                    raise X12Error(
                        position, id, f"{n:02}", "delimiter_in_data",
                        f"{id}{n:02} holds a character that separates X12 data; leave it out",
                    )  # fmt: skip
        if isinstance(element, Repeats):
            written.append(delimiters.repetition.join(parts))
            continue
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        written.append(delimiters.component.join(parts))
    while written and not written[-1]:
        written.pop()
    return Segment(id, written, position, delimiters)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom and the numbers of this file. Ids without padding."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    group_sender: str
    group_receiver: str
    interchange_control: int
    group_control: int
    usage: str = "P"
    acknowledge: bool = False
    delimiters: Delimiters = STANDARD


@dataclass(frozen=True, slots=True)
class Transaction:
    """A set to send: its body without ST and SE."""

    set: str
    guide: str
    control: str
    body: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group to send: GS01, GS02, GS03, GS06 and its sets, all of one guide."""

    functional: str
    sender: str
    receiver: str
    control: str
    transactions: Sequence[Transaction]


def write_interchange(
    envelope: Envelope,
    functional: str,
    transactions: Sequence[Transaction],
    at: datetime,
    line_ends: bool = True,
) -> bytes:
    """One interchange with one group, numbered and counted (B-1, B-2).

    `functional` is GS01 (HS, HC, HP, ...). Every transaction must be of one guide. Raises
    X12Error for values that don't fit the fixed ISA and ValueError for mixed or no guides.
    """
    control = str(envelope.group_control)
    group = Group(functional, envelope.group_sender, envelope.group_receiver, control, transactions)
    return write_groups(envelope, [group], at, line_ends=line_ends)


def write_groups(
    envelope: Envelope,
    groups: Sequence[Group],
    at: datetime,
    *,
    before: Sequence[Segment] = (),
    line_ends: bool = True,
) -> bytes:
    """One interchange with any groups; `before` stands ahead of them (TA1). Raises as above."""
    marks = envelope.delimiters
    isa = _isa(envelope, at)
    lines = [isa, *before]
    for group in groups:
        guides = {t.guide for t in group.transactions}
        if len(guides) != 1:
            raise ValueError("a group carries transactions of exactly one guide")
        lines.append(
            build(
                "GS", group.functional, group.sender, group.receiver,
                at.strftime("%Y%m%d"), at.strftime("%H%M"), group.control, "X", guides.pop(),
                delimiters=marks,
            )
        )  # fmt: skip
        for item in group.transactions:
            # The 835 has no ST03 in common use of its guide; every other set of 5010 has one.
            head = (item.set, item.control) if item.set == "835" else (
                item.set, item.control, item.guide
            )  # fmt: skip
            lines.append(build("ST", *head, delimiters=marks))
            lines.extend(item.body)
            lines.append(build("SE", str(len(item.body) + 2), item.control, delimiters=marks))
        lines.append(build("GE", str(len(group.transactions)), group.control, delimiters=marks))
    lines.append(build("IEA", str(len(groups)), isa.elements[12], delimiters=marks))
    end = "\n" if line_ends else ""
    text = "".join(s.raw() + marks.terminator + end for s in lines)
    return text.encode("utf-8", "surrogateescape")


def _isa(envelope: Envelope, at: datetime) -> Segment:
    marks = envelope.delimiters
    fixed = {
        5: (envelope.sender_qualifier, 2),
        6: (envelope.sender, 15),
        7: (envelope.receiver_qualifier, 2),
        8: (envelope.receiver, 15),
        13: (str(envelope.interchange_control).zfill(9), 9),
        15: (envelope.usage, 1),
    }
    for n, (value, width) in fixed.items():
        if not value.isascii() or not 0 < len(value) <= width:
            raise X12Error(
                1, "ISA", f"{n:02}", "isa_length", f"ISA{n:02} holds 1 to {width} plain characters"
            )
    return build(
        "ISA", "00", " " * 10, "00", " " * 10,
        envelope.sender_qualifier.ljust(2), envelope.sender.ljust(15),
        envelope.receiver_qualifier.ljust(2), envelope.receiver.ljust(15),
        at.strftime("%y%m%d"), at.strftime("%H%M"), marks.repetition or "U", "00501",
        str(envelope.interchange_control).zfill(9), "1" if envelope.acknowledge else "0",
        envelope.usage, marks.component, delimiters=marks,
    )  # fmt: skip
