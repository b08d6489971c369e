"""The world the other tests stand on."""

from __future__ import annotations

import pytest

from mutual.episode import queries
from mutual.episode.models import CoupleEpisode, Episode
from mutual.people.models import Couple
from tests.world import id_of


@pytest.mark.rule("C-11")
def test_both_couples_are_admitted_at_2_1_and_only_one_is_cleared(act) -> None:
    with act("ada"):
        assert set(Episode.objects.values_list("level", "stage")) == {("2.1", "admitted")}
        assert CoupleEpisode.objects.filter(status="open").count() == 2
        assert Couple.objects.count() == 2
        assert queries.cleared(id_of("ab")) is True
        assert queries.cleared(id_of("cd")) is False
