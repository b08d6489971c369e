"""How much picture each page may send."""

from __future__ import annotations

import pytest

from mutual.room.relay import bandwidth


@pytest.mark.parametrize(
    ("estimate", "sent", "pictures", "lost", "limit"),
    [
        (900_000, 600_000, 2, 0.0, None),  # follows what arrives: no limit
        (600_000, 600_000, 2, 0.0, 300_000),
        (None, 600_000, 2, 0.0, None),
        (900_000, 600_000, 2, 0.2, 270_000),  # heavy loss
        (500_000, 600_000, 2, 0.5, 225_000),
        (10_000, 0, 2, 0.0, None),
        (10_000, 600_000, 0, 0.0, None),
    ],
)
def test_a_viewers_estimate_counts_only_below_what_it_gets(
    estimate: int | None, sent: int, pictures: int, lost: float, limit: int | None
) -> None:
    assert bandwidth.viewer_limit(estimate, sent, pictures, lost) == limit


def test_a_picture_grows_slowly_to_its_ceiling_and_is_lowered_at_once() -> None:
    assert bandwidth.next_cap(0, [], 1) == bandwidth.START
    assert bandwidth.next_cap(500_000, [None, None], 2) == 540_000
    assert bandwidth.next_cap(1_190_000, [None], 1) == bandwidth.CEILING
    assert bandwidth.next_cap(1_000_000, [None, 250_000], 2) == 250_000
    assert bandwidth.next_cap(1_000_000, [10_000], 2) == bandwidth.FLOOR


def test_five_pictures_share_a_viewers_budget() -> None:
    assert bandwidth.next_cap(1_000_000, [None], 5) == bandwidth.ROOM_BUDGET // 5


def test_a_viewer_too_weak_for_pictures_gets_sound_for_a_while() -> None:
    state = bandwidth.SoundOnly()
    assert [state.decide(50_000, second) for second in (1.0, 2.0, 3.0)] == [False, False, True]
    assert state.decide(None, 10.0)
    assert not state.decide(None, 3.0 + bandwidth.SOUND_ONLY)


def test_a_short_weakness_keeps_the_picture() -> None:
    state = bandwidth.SoundOnly()
    limits = [50_000, 50_000, None, 50_000, 50_000]
    assert not any(state.decide(limit, float(second)) for second, limit in enumerate(limits))
