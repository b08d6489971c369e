"""Geometry of the pictures of numbers: hours ring, bars, trend and dyad chart, sparks.

Every length is computed here and becomes an SVG attribute (the content security policy forbids
styles in the page). Each function returns the context of its template under `kit/`; each
picture comes with the words and the table that say the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from mutual.base.zones import duration

SIDES = ("ours", "mine", "a", "b")


def _num(value: float) -> str:
    """A number for SVG: never localized, at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def share(part: float, whole: float) -> float:
    """Part of whole between 0 and 1; 0 when there is no whole."""
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0


def hours_ring(
    minutes: int, goal: int, side: str = "ours", title: str = "", size: int = 52, note: str = ""
) -> dict[str, Any]:
    """A ring of hours done out of a weekly goal, both in minutes."""
    radius = size / 2 - 4
    around = 2 * math.pi * radius
    return {
        "size": size,
        "middle": _num(size / 2),
        "radius": _num(radius),
        "around": _num(around),
        "filled": _num(around * share(minutes, goal)),
        "empty": minutes <= 0,
        "side": side,
        "title": title,
        "note": note,
        "done": duration(minutes),
        "goal": duration(goal),
    }


def hours_bar(
    minutes: int, goal: int, side: str = "a", letter: str = "", name: str = "", full: int = 0
) -> dict[str, Any]:
    """A thin bar of planned minutes with a gap at the goal; tinted words when short."""
    full = full or max(goal * 7 // 6, minutes)
    return {
        "filled": _num(200 * share(minutes, full)),
        "gap": _num(200 * share(goal, full) - 1.5),
        "side": side,
        "letter": letter or name[:1],
        "name": name,
        "words": duration(minutes),
        "short": minutes < goal,
        "goal": duration(goal),
    }


def benefit(
    used: float,
    total: float,
    used_words: str,
    left_words: str,
    side: str = "mine",
    title: str = "",
) -> dict[str, Any]:
    """A bar of what is used of a benefit, with the words for both ends."""
    return {
        "filled": _num(400 * share(used, total)),
        "side": side,
        "title": title,
        "used_words": used_words,
        "left_words": left_words,
    }


def progress(done: int, total: int, title: str, note: str = "") -> dict[str, Any]:
    """A bar for long work: what is done of how much. `total` 0 means not known yet."""
    return {
        "done": done,
        "total": total,
        "filled": _num(400 * share(done, total)),
        "title": title,
        "note": note or gettext("You can leave this page."),
    }


def segments(
    parts: Sequence[Mapping[str, Any]], total: float, title: str = "", note: str = ""
) -> dict[str, Any]:
    """A bar that fills by parts `{"amount", "words", "tone"}`: before, mine, ours, empty."""
    x = 0.0
    drawn = []
    for part in parts:
        wide = 100 * share(float(part["amount"]), total)
        words = str(part["words"])
        # In percent of the bar, at about 8 pixels a sign: of a phone's 300 and a desktop's 900.
        fits_phone, fits = len(words) * 2.7 + 3, len(words) * 0.9 + 1
        drawn.append(
            {
                "x": _num(x),
                "width": _num(wide),
                "end": _num(x + wide),
                "middle": _num(x + wide / 2),
                "words": words if wide > fits else "",
                "on_phone": wide > fits_phone,
                "all_words": words,
                "tone": part.get("tone", "mine"),
            }
        )
        x += wide
    return {"parts": drawn, "title": title, "note": note}


def steps(done: int, total: int, words: str = "") -> dict[str, Any]:
    """One piece for each question of a long form, filled up to the present one."""
    gap = 6.0
    wide = (400 - gap * (total - 1)) / max(total, 1)
    return {
        "parts": [
            {"x": _num(n * (wide + gap)), "width": _num(wide), "on": n < done} for n in range(total)
        ],
        "words": words or gettext("Question %(n)d of %(of)d") % {"n": done, "of": total},
    }


class Plane:
    """A drawing plane with an x for each position and a y for each score."""

    def __init__(self, count: int, low: float, high: float, wide: float, tall: float) -> None:
        self.count, self.low, self.high, self.wide, self.tall = count, low, high, wide, tall
        self.left, self.top = 40.0, 8.0

    def x(self, n: int) -> float:
        """Place of the n-th moment."""
        return self.left + 6 + (self.wide - 12) * (n / max(self.count - 1, 1))

    def y(self, value: float) -> float:
        """Place of a score; beyond the scale it stays at the edge."""
        return self.top + self.tall * (1 - share(value - self.low, self.high - self.low))

    def path(self, values: Sequence[float | None]) -> str:
        """A path through the values that exist; a gap stays a gap."""
        words = []
        pen = "M"
        for n, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            words.append(f"{pen}{_num(self.x(n))} {_num(self.y(value))}")
            pen = "L"
        return " ".join(words)


def chart(
    series: Sequence[Mapping[str, Any]],
    moments: Sequence[str],
    bands: Sequence[Mapping[str, Any]] = (),
    low: float = 0,
    high: float = 100,
    title: str = "",
    note: str = "",
) -> dict[str, Any]:
    """One or two lines on a plane with cut-off bands.

    `series`: `{"name", "side", "values"}`, a value `None` where none was given. `moments`: words
    under the values. `bands`: `{"from", "to", "words", "tone"}`, tone ok/warn/danger/plain.
    """
    plane = Plane(len(moments), low, high, 300.0, 130.0)
    drawn_bands = []
    for band in bands:
        top, bottom = plane.y(float(band["to"])), plane.y(float(band["from"]))
        drawn_bands.append(
            {
                "y": _num(top),
                "height": _num(bottom - top),
                "cut": _num(bottom if band.get("cut", "from") == "from" else top),
                "word_y": _num(top + 14 if bottom - top >= 16 else top + (bottom - top) / 2 + 4),
                "words": band["words"],
                "tone": band.get("tone", "plain"),
                "from": band["from"],
            }
        )
    lines = []
    ends: list[float] = []
    for one in series:
        values = list(one["values"])
        last = max((n for n, value in enumerate(values) if value is not None), default=None)
        line = {
            "name": one["name"],
            "side": one.get("side", "ours"),
            "path": plane.path(values),
            "values": values,
            "end": None,
        }
        if last is not None:
            y = plane.y(values[last])
            word_y = y
            for other in ends:
                if abs(word_y - other) < 14:
                    word_y = other + (14 if y >= other else -14)
            ends.append(word_y)
            line["end"] = {
                "x": _num(plane.x(last)),
                "y": _num(y),
                "diamond": one.get("side") == "b",
                "points": " ".join(
                    f"{_num(plane.x(last) + dx)},{_num(y + dy)}"
                    for dx, dy in ((0, -6), (6, 0), (0, 6), (-6, 0))
                ),
                "word_x": _num(plane.x(last) + 12),
                "word_y": _num(word_y + 4),
                "value": values[last],
            }
        lines.append(line)
    rows = [
        {"moment": moment, "values": [line["values"][n] for line in lines]}
        for n, moment in enumerate(moments)
    ]
    floor = plane.top + plane.tall
    ticks = [{"x": _num(plane.x(n)), "words": m} for n, m in _few(moments)]
    if ticks:
        ticks[0]["anchor"] = "start"
        ticks[-1]["anchor"] = "end" if len(ticks) > 1 else "start"
    return {
        "bands": drawn_bands,
        "lines": lines,
        "rows": rows,
        "ticks": ticks,
        "left": _num(plane.left),
        "right": _num(plane.left + plane.wide),
        "wide": _num(plane.wide),
        "floor": _num(floor),
        "tick_y": _num(floor + 18),
        "width": 420,
        "height": _num(floor + 24),
        "scale": [
            {"y": _num(plane.y(v) + 4), "words": f"{v:g}"}
            for v in sorted({low, high, *(float(b["from"]) for b in bands)})
        ],
        "title": title,
        "note": note,
        "said": "; ".join(
            f"{line['name']}: {line['end']['value']:g}" for line in lines if line["end"]
        ),
    }


def _few(moments: Sequence[str]) -> list[tuple[int, str]]:
    """First, middle and last of the moments: more words under a phone's chart collide."""
    last = len(moments) - 1
    places = sorted({0, last // 2, last}) if last >= 4 else sorted({0, last})
    return [(n, moments[n]) for n in places if 0 <= n <= last]


def spark(
    values: Sequence[float], side: str = "a", other: Sequence[float] = (), cut: float | None = None
) -> dict[str, Any]:
    """A tiny line at the end of a row, with its words in front of it; decoration for the eye."""
    everything = [*values, *other, *([cut] if cut is not None else [])]
    low, high = min(everything, default=0), max(everything, default=1)
    plane = Plane(max(len(values), len(other)), low, high if high > low else low + 1, 72, 20)
    plane.left, plane.top = 0.0, 3.0
    end = None
    if values:
        end = {"x": _num(plane.x(len(values) - 1)), "y": _num(plane.y(values[-1]))}
    return {
        "path": plane.path(values),
        "other": plane.path(other) if other else "",
        "side": side,
        "end": end,
        "cut": _num(plane.y(cut)) if cut is not None else "",
    }
