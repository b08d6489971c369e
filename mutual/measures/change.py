"""Whether a score changed, for one person and for a couple (I-11, I-31 to I-37): pure.

Screening results never become diagnoses here, one couple is n = 1, and a word for a change exists
only where a threshold with a source does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import median
from typing import Literal

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures.scale import Change, Instrument

RELIABLE = 1.96
PAIR_WITHIN_DAYS = 3
SLOPE_FROM_POINTS = 5

Word = Literal["recovered", "improved", "unchanged", "worse"]
CoupleWord = Literal[
    "both better", "one better", "no change", "diverging", "one worse", "both worse"
]
WORDS: dict[str, str] = {
    "recovered": _("recovered"),
    "improved": _("improved"),
    "unchanged": _("unchanged"),
    "worse": _("worse"),
    "both better": _("both better"),
    "one better": _("one better"),
    "no change": _("no change"),
    "diverging": _("diverging"),
    "one worse": _("one worse"),
    "both worse": _("both worse"),
}
PLANE_FIELDS: dict[str, str] = {
    "both content": _("both content"),
    "A below": _("A below"),
    "B below": _("B below"),
    "both below": _("both below"),
}


@dataclass(frozen=True)
class Judged:
    """A change from one score to another in the measure's own points.

    `index` is the reliable change index where spread and reliability are known. `word` is None
    where no threshold with a source exists, and then `text` only counts points (I-11).
    """

    points: int
    word: Word | None
    across: bool
    index: float | None
    text: str


def standard_error_of_difference(sd: float, r: float) -> float:
    """sqrt(2) x SD x sqrt(1 - r), in points (Jacobson & Truax 1991; I-33)."""
    return math.sqrt(2) * sd * math.sqrt(1 - r)


def reliable_change_index(before: float, after: float, sd: float, r: float) -> float:
    """(after - before) / Sdiff; beyond 1.96 either way is reliable (I-33)."""
    return (after - before) / standard_error_of_difference(sd, r)


def least_reliable_points(sd: float, r: float) -> float:
    """The least change in points that counts as reliable (I-33)."""
    return RELIABLE * standard_error_of_difference(sd, r)


def cut_from_norms(mean_normal: float, sd_normal: float, mean_care: float, sd_care: float) -> float:
    """Jacobson & Truax's cut c from norms: (SD0 M1 + SD1 M0) / (SD0 + SD1), 0 normal (I-34)."""
    return (sd_normal * mean_care + sd_care * mean_normal) / (sd_normal + sd_care)


def _better_side(change: Change, total: int) -> bool:
    if change.cut is None:
        return False
    return total >= change.cut if change.higher_is_better else total < change.cut


def judge(instrument: Instrument, before: int, after: int) -> Judged:
    """Judge a change of totals in one version of one instrument (I-33, I-34).

    The direction comes from the instrument: CSI, RDAS and BARC-10 are better when higher.
    """
    change = instrument.change
    points = after - before
    across = _better_side(change, after) and not _better_side(change, before)
    index = None
    if change.least is None:
        return Judged(points, None, False, None, _points_text(points))
    if change.sd is not None and change.r is not None:
        index = reliable_change_index(before, after, change.sd, change.r)
        reliable = abs(index) > RELIABLE
    else:
        reliable = abs(points) >= change.least
    better = points > 0 if change.higher_is_better else points < 0
    word: Word
    if not reliable:
        word, text = "unchanged", say(_("no reliable change"))
    elif not better:
        word, text = "worse", say(_("reliable, in the other direction"))
    elif across:
        word, text = "recovered", say(_("reliable and across the cut"))
    else:
        word, text = "improved", say(_("reliable, not across the cut"))
    return Judged(points, word, across, index, text)


def _points_text(points: int) -> str:
    count = abs(points)
    if count == 1:
        return say(_("changed by 1 point"))
    return say(_("changed by {n} points"), n=count)


def couple_word(a: Word | None, b: Word | None) -> CoupleWord | None:
    """The couple's word, or None when either has none (I-35).

    Only call it with measures that the viewer may see of both. "Diverging" raises a task for the
    couples therapist. One worse beside one unchanged is named as what it is.
    """
    if a is None or b is None:
        return None
    better = (a in ("recovered", "improved")) + (b in ("recovered", "improved"))
    worse = (a == "worse") + (b == "worse")
    if better == 2:
        return "both better"
    if worse == 2:
        return "both worse"
    if better and worse:
        return "diverging"
    if better:
        return "one better"
    return "one worse" if worse else "no change"


@dataclass(frozen=True)
class Pair:
    """A dot of the couple plane: both totals close in time, on the later of the two days."""

    day: date
    a: int
    b: int

    @property
    def mean(self) -> float:
        """The mean of both totals, in points."""
        return (self.a + self.b) / 2

    @property
    def difference(self) -> int:
        """A minus B, in points."""
        return self.a - self.b


def pairs(a: Sequence[tuple[date, int]], b: Sequence[tuple[date, int]]) -> tuple[Pair, ...]:
    """Join answers within 3 days of each other, nearest first, each used once (I-32)."""
    near = sorted(
        (abs((day_a - day_b).days), max(day_a, day_b), i, j)
        for i, (day_a, _a) in enumerate(a)
        for j, (day_b, _b) in enumerate(b)
        if abs((day_a - day_b).days) <= PAIR_WITHIN_DAYS
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    found = []
    for _gap, day, i, j in near:
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            found.append(Pair(day, a[i][1], b[j][1]))
    return tuple(sorted(found, key=lambda pair: pair.day))


def plane_field(a: int, b: int, cut: float) -> str:
    """Which of the plane's four named fields a dot lies in (I-31): a key of `PLANE_FIELDS`."""
    if a < cut:
        return "both below" if b < cut else "A below"
    return "B below" if b < cut else "both content"


def slope_per_week(points: Sequence[tuple[float, float]]) -> float | None:
    """Theil-Sen slope of (week, score): the median of pair slopes; None below 5 points (I-37)."""
    if len(points) < SLOPE_FROM_POINTS:
        return None
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x1 != x2]
    return float(median(slopes)) if slopes else None
