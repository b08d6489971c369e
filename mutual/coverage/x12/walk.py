"""Follows the segments of one transaction set through the loops of its guide."""

from __future__ import annotations

from mutual.coverage.x12.elements import check_elements
from mutual.coverage.x12.findings import Finding
from mutual.coverage.x12.guides import Guide, LoopRule, SegmentRule
from mutual.coverage.x12.tokenizer import Segment

LIMIT = 2000
"""Faults kept of one set; what follows so many says nothing new."""

Child = SegmentRule | LoopRule


class _Frame:
    """An open loop: where we are in it and how often each child stood."""

    __slots__ = ("counts", "loop", "missed", "rank")

    def __init__(self, loop: LoopRule) -> None:
        self.loop = loop
        self.rank = 0
        self.counts: dict[Child, int] = {}
        self.missed: dict[Child, Finding] = {}


def _opener(child: Child) -> SegmentRule:
    return child.opener if isinstance(child, LoopRule) else child


class Walker:
    """Places segments one by one and collects what the guide forbids."""

    def __init__(self, guide: Guide, check: bool = True) -> None:
        self.guide = guide
        self.findings: list[Finding] = []
        self._check = check
        self._stack = [_Frame(guide.root)]

    @property
    def loop(self) -> str:
        """The id of the loop that the last segment stood in."""
        return self._stack[-1].loop.id

    @property
    def path(self) -> list[str]:
        """The ids of the open loops, outermost (ST) first."""
        return [f.loop.id for f in self._stack]

    def _add(self, segment: Segment, element: str | None, code: str, text: str) -> None:
        self._keep(Finding(segment.position, segment.id, element, code, self.loop, text))

    def _keep(self, finding: Finding) -> None:
        if len(self.findings) < LIMIT:
            self.findings.append(finding)

    def feed(self, segment: Segment) -> bool:
        """Places one segment between ST and SE; True when it opened a loop."""
        found = (
            self._find(segment, ordered=True, room=True, qualified=True)
            or self._find(segment, ordered=True, room=False, qualified=True)
            or self._find(segment, ordered=False, room=True, qualified=True)
            or self._find(segment, ordered=True, room=True, qualified=False)
        )
        if found is None:
            known = segment.id in self.guide.segments
            self._add(
                segment,
                None,
                "segment_unexpected" if known else "segment_unknown",
                f"{segment.id} can't stand here"
                if known
                else "this segment id is not one of the guide",
            )
            return False
        depth, child = found
        return self._enter(segment, depth, child)

    def _find(
        self, segment: Segment, ordered: bool, room: bool, qualified: bool
    ) -> tuple[int, Child] | None:
        """The innermost place for a segment: not too late, not too often, of its qualifier."""
        id = segment.id
        for depth in range(len(self._stack) - 1, -1, -1):
            frame = self._stack[depth]
            for child in frame.loop.by_segment.get(id, ()):
                if child is frame.loop.children[0] and depth > 0:
                    continue  # the opener of an open loop can only open it again, from outside
                if ordered and child.rank < frame.rank:
                    continue
                if room and frame.counts.get(child, 0) >= child.repeat:
                    continue
                if not qualified or _opener(child).matches(segment):
                    return depth, child
        return None

    def _enter(self, segment: Segment, depth: int, child: Child) -> bool:
        while len(self._stack) - 1 > depth:
            self._close(segment)
        frame = self._stack[-1]
        if child.rank < frame.rank:
            missed = frame.missed.pop(child, None)
            if missed in self.findings:  # it was not missing but late
                self.findings.remove(missed)
            self._add(segment, None, "segment_order", f"{segment.id} stands too late in its loop")
        else:
            self._missing(frame, child.rank, segment)
            frame.rank = child.rank
        count = frame.counts[child] = frame.counts.get(child, 0) + 1
        opened = isinstance(child, LoopRule)
        if count > child.repeat:
            if isinstance(child, LoopRule):
                text = f"loop {child.id} may stand {child.repeat} time(s) only"
                self._add(segment, None, "loop_repeat", text)
            else:
                text = f"{segment.id} may stand {child.repeat} time(s) only"
                self._add(segment, None, "segment_repeat", text)
        if isinstance(child, LoopRule):
            inner = _Frame(child)
            inner.counts[child.children[0]] = 1
            inner.rank = child.opener.rank
            self._stack.append(inner)
        if self._check:
            loop = self.loop

            def report(element: str | None, code: str, text: str) -> None:
                self._keep(Finding(segment.position, segment.id, element, code, loop, text))

            check_elements(segment, _opener(child), report)
        return opened

    def _close(self, segment: Segment) -> None:
        self._missing(self._stack[-1], 1 << 30, segment)
        self._stack.pop()

    def _missing(self, frame: _Frame, before: int, segment: Segment) -> None:
        """Required children that should have stood before the rank `before`."""
        rank = frame.rank
        if rank == before:
            return
        for child in frame.loop.required:
            if rank <= child.rank < before:
                if frame.counts.get(child) or child in frame.missed:
                    continue
                if isinstance(child, LoopRule):
                    code, text = "loop_missing", f"required loop {child.id} is missing"
                else:
                    code, text = "segment_missing", f"required {child.id} is missing"
                missed = frame.missed[child] = Finding(
                    segment.position,
                    _opener(child).id,
                    None,
                    code,
                    frame.loop.id,
                    f"{text} before this segment",
                )
                self._keep(missed)

    def finish(self, segment: Segment) -> None:
        """Closes all loops at SE."""
        while len(self._stack) > 1:
            self._close(segment)
        self._missing(self._stack[0], 1 << 30, segment)
