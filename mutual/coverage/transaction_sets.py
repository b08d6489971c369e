"""Transaction sets of one kind out of a file, with the envelope checked (B-2, B-6, B-9).

A wrong count or control number inside one transaction refuses that transaction alone; a file
that is cut off or whose interchange does not close refuses everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mutual.coverage.x12.tokenizer import Segment, X12Error, read_segments


@dataclass
class TransactionSet:
    """The segments from ST to SE, or the reason why the set is refused."""

    set_id: str
    segments: list[Segment] = field(default_factory=list)
    error: X12Error | None = None


def _error(segment: Segment, element: str | None, code: str, text: str) -> X12Error:
    return X12Error(segment.position, segment.id, element, code, text)


def read_sets(data: bytes, wanted: str) -> list[TransactionSet]:
    """All transaction sets of `data`; those that are not `wanted` carry an error.

    Raises:
        X12Error: the file can't be read on, is cut off, or ISA/IEA or GS/GE do not agree.
    """
    return list(_walk(read_segments(data), wanted))


def _walk(segments: Iterator[Segment], wanted: str) -> Iterator[TransactionSet]:
    isa: Segment | None = None
    gs: Segment | None = None
    current: TransactionSet | None = None
    groups = sets = 0
    for segment in segments:
        name = segment.id
        if current is not None and name in ("ISA", "GS", "ST", "GE", "IEA"):
            # Only this transaction is lost, if the group around it closes (B-9).
            text = f"{name} comes before the SE of the transaction"
            current.error = _error(segment, None, "no_se", text)
            yield current
            current = None
        if name == "ISA":
            if isa is not None:
                raise _error(segment, None, "no_iea", "a new ISA before the IEA of the last one")
            isa, groups = segment, 0
        elif name == "GS":
            if gs is not None:
                raise _error(segment, None, "no_ge", "a new GS before the GE of the last one")
            gs, sets, groups = segment, 0, groups + 1
        elif name == "ST":
            if gs is None:
                raise _error(segment, None, "no_gs", "ST stands outside a group")
            sets += 1
            current = TransactionSet(segment.get(1), [segment])
            if segment.get(1) != wanted:
                current.error = _error(
                    segment, "01", "other_set", f"this is a {segment.get(1)[:3]}, not a {wanted}"
                )
        elif name == "SE":
            if current is None:
                raise _error(segment, None, "no_st", "SE without ST")
            current.segments.append(segment)
            current.error = current.error or _close(current)
            yield current
            current = None
        elif name == "GE":
            if gs is None:
                raise _error(segment, None, "no_gs", "GE without GS")
            _agree(segment, gs.get(6), sets, "GS06", "transactions")
            gs = None
        elif name == "IEA":
            if isa is None or gs is not None:
                raise _error(segment, None, "no_ge", "IEA before the group's GE")
            _agree(segment, isa.get(13), groups, "ISA13", "groups")
            isa = None
        elif current is not None:
            current.segments.append(segment)
        elif name != "TA1":
            raise _error(segment, None, "outside", f"{name} stands outside a transaction")
    if isa is not None:
        raise X12Error(
            isa.position, "ISA", None, "truncated", "the file ends before the IEA of this ISA"
        )


def _close(one: TransactionSet) -> X12Error | None:
    st, se = one.segments[0], one.segments[-1]
    if se.get(2) != st.get(2):
        return _error(se, "02", "control", "SE02 is not the control number of ST02")
    if se.get(1).lstrip("0") != str(len(one.segments)):
        return _error(
            se, "01", "count", f"SE01 says {se.get(1)[:10]} segments, {len(one.segments)} counted"
        )
    return None


def _agree(end: Segment, control: str, count: int, first: str, what: str) -> None:
    if end.get(2) != control:
        raise _error(end, "02", "control", f"{end.id}02 is not the control number of {first}")
    if end.get(1).lstrip("0") != str(count):
        raise _error(end, "01", "count", f"{end.id}01 says {end.get(1)[:10]} {what}, not {count}")
