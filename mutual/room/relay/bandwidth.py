"""How much picture each page may send, from what the weakest of its viewers can take.

Pages report an estimate (REMB) that follows what arrives, about 1.5 times of it. As a cap it
would lock everybody low, so it counts only when it falls below what we send times ``NEARLY``. The
weakest viewer lowers a picture for all, down to ``FLOOR``; below it that viewer gets sound only
for a while.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FLOOR = 100_000
"""Bits per second under which a picture is no longer worth sending."""
CEILING = 1_200_000
"""Bits per second of one picture at most (640×360 needs about 700,000)."""
START = 500_000
ROOM_BUDGET = 2_500_000
"""Bits per second that all pictures sent to one viewer may take together."""
NEARLY = 1.2
GROWTH = 1.08
HEAVY_LOSS = 0.10
STRIKES = 3
"""Seconds in a row under ``FLOOR`` until a viewer gets sound only."""
SOUND_ONLY = 12.0
"""Seconds of sound only until the picture is tried again."""


def viewer_limit(estimate: int | None, sent: int, pictures: int, lost: float) -> int | None:
    """Bits per second that a viewer can take of each picture; ``None`` when nothing limits it.

    ``estimate`` is the viewer's own in bits per second, ``sent`` what all its pictures took in the
    last second, ``pictures`` their number, ``lost`` the share it lost (0 to 1).
    """
    if pictures <= 0 or sent <= 0:
        return None
    limits = []
    if estimate is not None and estimate < NEARLY * sent:
        limits.append(estimate // pictures)
    if lost > HEAVY_LOSS:
        limits.append(int(sent * (1 - lost / 2)) // pictures)
    return min(limits) if limits else None


def next_cap(present: int, limits: Iterable[int | None], viewers_pictures: int) -> int:
    """The cap of one picture for the next second.

    ``limits`` are those of its viewers, ``viewers_pictures`` the most pictures that any one of them
    gets: what each may take shrinks with it.
    """
    ceiling = max(FLOOR, min(CEILING, ROOM_BUDGET // max(1, viewers_pictures)))
    wanted = int(present * GROWTH) if present else START
    tight = [limit for limit in limits if limit is not None]
    if tight:
        wanted = min(wanted, *tight)
    return max(FLOOR, min(wanted, ceiling))


@dataclass(slots=True)
class SoundOnly:
    """Whether one viewer's network is too weak for any picture, decided once a second."""

    strikes: int = 0
    until: float = 0.0

    def decide(self, limit: int | None, now: float) -> bool:
        """True while pictures must be held back; ``now`` in monotonic seconds."""
        if now < self.until:
            return True
        self.strikes = self.strikes + 1 if limit is not None and limit < FLOOR else 0
        if self.strikes >= STRIKES:
            self.strikes = 0
            self.until = now + SOUND_ONLY
        return now < self.until
