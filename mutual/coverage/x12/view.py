"""A file as plain data for people and programs: interchanges, groups, sets, loops, segments."""

from __future__ import annotations

from mutual.coverage.x12.envelope import Envelope, TransactionInfo
from mutual.coverage.x12.guides import find_guide
from mutual.coverage.x12.tokenizer import Reader, Segment, X12Error
from mutual.coverage.x12.walk import Walker

Node = dict[str, object]


def as_json(data: bytes) -> Node:
    """`{"interchanges": [...]}`: segments as lists, first the id; loops by the guide of the set.

    A set without a loaded guide shows its segments flat. Raises X12Error when the file can't be
    read or ends too early.
    """
    envelope = Envelope()
    reader = Reader(data)
    interchanges: list[Node] = []
    views: dict[TransactionInfo, _SetView] = {}
    groups: list[Node] = []
    sets: list[Node] = []
    outside: list[object] = []
    for segment in reader:
        info = envelope.feed(segment)
        if info is not None:
            view = views.get(info)
            if view is None:
                view = views[info] = _SetView(info)
                sets.append(view.node)
            view.feed(segment)
        elif segment.id == "ISA":
            groups, outside = [], []
            interchanges.append({"isa": _plain(segment), "groups": groups, "segments": outside})
        elif segment.id == "GS":
            sets = []
            groups.append({"gs": _plain(segment), "transactions": sets})
        elif segment.id == "GE" and groups:
            groups[-1]["ge"] = _plain(segment)
        elif segment.id == "IEA" and interchanges:
            interchanges[-1]["iea"] = _plain(segment)
        else:
            outside.append(_plain(segment))
    envelope.finish(reader.position)
    for fault in envelope.findings:
        raise X12Error(fault.segment, fault.id, fault.element, fault.code, fault.text)
    return {"interchanges": interchanges}


def _plain(segment: Segment) -> Node:
    """Position, id and elements; repetitions and components as inner lists."""
    marks = segment.delimiters
    elements: list[object] = []
    for value in segment.elements:
        if segment.id in ("ISA", "BIN", "BDS"):
            elements.append(value)
            continue
        repeats: list[object] = []
        for one in value.split(marks.repetition) if marks.repetition else [value]:
            repeats.append(one.split(marks.component) if marks.component in one else one)
        elements.append(repeats[0] if len(repeats) == 1 else {"repeats": repeats})
    return {"segment": segment.position, "id": segment.id, "elements": elements}


class _SetView:
    """One set growing loop by loop."""

    def __init__(self, info: TransactionInfo) -> None:
        guide = find_guide(info.set, info.version)
        self._walker = Walker(guide, check=False) if guide else None
        self._root: list[object] = []
        self._open: list[list[object]] = [self._root]
        self.node: Node = {
            "set": info.set,
            "guide": guide.version if guide else None,
            "control": info.control,
            "loop": "ST",
            "content": self._root,
        }

    def feed(self, segment: Segment) -> None:
        plain = _plain(segment)
        if self._walker is None or segment.id in ("ST", "SE"):
            self._root.append(plain)
            return
        opened = self._walker.feed(segment)
        depth = len(self._walker.path)
        if opened:
            del self._open[depth - 1 :]
            content: list[object] = []
            self._open[-1].append({"loop": self._walker.loop, "content": content})
            self._open.append(content)
        else:
            del self._open[depth:]
        self._open[-1].append(plain)
