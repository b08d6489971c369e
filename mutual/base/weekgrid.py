"""Layout of a week: plain blocks in, rows and lanes out.

Rows are steps of five minutes. Places are class names (`r-13 s-18`) out of `grid.css`, because
the content security policy forbids style attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from mutual.base.zones import minute_of_day

STEP = 5
HOUR = 60 // STEP
#: A folded stretch takes this many rows.
FOLD = 4
#: Empty hours in a row before they fold.
FOLD_FROM = 2
ROWS = 24 * HOUR

LANES = ("a", "b", "both")
KINDS = ("together", "side", "apart", "visit")
STATUSES = ("done", "planned", "moving", "ghost", "visit", "cancelled")


@dataclass(frozen=True)
class Block:
    """A stretch of somebody's day.

    `day` counts from the first day shown; `start` is a minute of the day on the programme's
    clock; `minutes` its length. `lane` is whose it is, `kind` colours it, `status` patterns it.
    """

    day: int
    start: int
    minutes: int
    lane: str
    kind: str
    status: str
    label: str
    detail: str = ""
    href: str = ""

    def __post_init__(self) -> None:
        for value, known in ((self.lane, LANES), (self.kind, KINDS), (self.status, STATUSES)):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}.")
        if self.minutes <= 0 or not 0 <= self.start < 1440:
            raise ValueError("A block needs a start within its day and a length above 0 minutes.")

    @property
    def mark(self) -> str:
        """The mark beside the label; apart blocks stand in their lane and need none."""
        return {"together": "together", "side": "side"}.get(self.kind, "")

    @property
    def end(self) -> int:
        """Last minute of the day, at most midnight."""
        return min(self.start + self.minutes, 1440)


@dataclass(frozen=True)
class Placed:
    """A block with its place, its times in words and its state in words."""

    block: Block
    classes: str
    when: str
    state: str


@dataclass(frozen=True)
class Day:
    """One column."""

    heading: str
    today: bool
    blocks: list[Placed]


@dataclass(frozen=True)
class Tick:
    """An hour line: its row class, its hour here and, with a second zone, over there."""

    place: str
    hour: int
    words: str
    other: str


@dataclass(frozen=True)
class Fold:
    """A stretch without anything planned."""

    place: str
    words: str


@dataclass(frozen=True)
class Grid:
    """All that the template draws."""

    days: list[Day]
    ticks: list[Tick]
    folds: list[Fold]


def _hour(hour: int) -> str:
    return gettext("noon") if hour == 12 else minute_of_day(hour * 60, minutes=False)


def _state(status: str) -> str:
    return {
        "done": gettext("done"),
        "planned": gettext("planned"),
        "moving": gettext("moving from here"),
        "ghost": gettext("moving to here"),
        "visit": gettext("visit, counts 0 minutes"),
        "cancelled": gettext("cancelled"),
    }[status]


def as_blocks(blocks: Iterable[Block | Mapping[str, Any]]) -> list[Block]:
    """Blocks from blocks or mappings of the same names; `ValueError` for a wrong value."""
    return [block if isinstance(block, Block) else Block(**block) for block in blocks]


def stretches(blocks: Sequence[Block], least: tuple[int, int] = (9, 17)) -> list[tuple[int, int]]:
    """The runs of full hours to show, folded between them: `[(10, 12), (16, 21)]`."""
    if not blocks:
        return [least]
    first = min(block.start for block in blocks) // 60
    last = max(-(-block.end // 60) for block in blocks)
    busy = [
        any(block.start < (hour + 1) * 60 and block.end > hour * 60 for block in blocks)
        for hour in range(first, last)
    ]
    runs: list[tuple[int, int]] = []
    hour = first
    while hour < last:
        end = hour
        while end < last and busy[end - first]:
            end += 1
        runs.append((hour, end))
        hour = end
        while hour < last and not busy[hour - first]:
            hour += 1
    merged = [runs[0]]
    for run in runs[1:]:
        if run[0] - merged[-1][1] < FOLD_FROM:
            merged[-1] = (merged[-1][0], run[1])
        else:
            merged.append(run)
    return merged


def lay_out(
    first: date,
    blocks: Iterable[Block | Mapping[str, Any]],
    *,
    days: int = 7,
    today: date | None = None,
    second_offset: int | None = None,
) -> Grid:
    """The grid of `days` days from `first`.

    `second_offset` is how many minutes the second zone's clock is ahead of the programme's
    (behind: negative); `None` shows one zone.
    """
    items = sorted(as_blocks(blocks), key=lambda b: (b.day, b.start, b.lane))
    items = [item for item in items if 0 <= item.day < days]
    ticks: list[Tick] = []
    folds: list[Fold] = []
    start_of: dict[int, int] = {}
    row = 1
    runs = stretches(items)
    for number, (low, high) in enumerate(runs):
        if number:
            words = gettext("%(from)s to %(to)s: nothing planned") % {
                "from": _hour(runs[number - 1][1]),
                "to": _hour(low),
            }
            folds.append(Fold(f"r-{row} s-{FOLD}", words))
            row += FOLD
        for hour in range(low, high):
            start_of[hour] = row
            other = ""
            if second_offset is not None:
                other = minute_of_day(hour * 60 + second_offset, minutes=False)
            words = minute_of_day(hour * 60, minutes=False)
            ticks.append(Tick(f"r-{row} s-{HOUR}", hour, words, other))
            row += HOUR
    columns = []
    for number in range(days):
        date_ = first + timedelta(days=number)
        placed = [_place(item, start_of) for item in items if item.day == number]
        columns.append(Day(date_format(date_, "D j"), date_ == today, placed))
    return Grid(columns, ticks, folds)


def _place(block: Block, start_of: Mapping[int, int]) -> Placed:
    row = start_of[block.start // 60] + block.start % 60 // STEP
    length = max(1, round((block.end - block.start) / STEP))
    when = f"{minute_of_day(block.start)} – {minute_of_day(block.end)}"
    classes = f"r-{row} s-{length} lane-{block.lane} {block.kind} {block.status}"
    return Placed(block, classes, when, _state(block.status))


def stylesheet() -> str:
    """`grid.css`: a class for every row and every length of a day."""
    lines = ["/* Written by mutual.base.weekgrid.stylesheet; places in a week, 5 minutes a row. */"]
    lines.append("@layer components {\n  @media (min-width: 700px) {")
    for name, place in (("r", "grid-row-start: {}"), ("s", "grid-row-end: span {}")):
        classes = [f".{name}-{n}{{{place.format(n)}}}" for n in range(1, ROWS + 1)]
        lines += ["    " + " ".join(classes[n : n + HOUR]) for n in range(0, ROWS, HOUR)]
    lines.append("  }\n}\n")
    return "\n".join(lines)
