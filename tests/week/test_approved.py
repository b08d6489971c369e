"""Planned days beside what the payer authorized: who is told, and of which days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.coverage import actions as coverage
from mutual.people.models import Couple, Person
from mutual.week.actions import publish_week
from mutual.week.approved import warnings
from tests.coverage import factories as make
from tests.week.factories import monday
from tests.week.factories import planned as plan
from tests.world import id_of

NAMES = {id_of("ana"): "Ana", id_of("ben"): "Ben"}


def authorized(act, person: str, left: int, *, last_day: int = 60) -> None:
    """An authorization with so many units left, from yesterday on."""
    today = timezone.localdate()
    with act("bill") as bill:
        coverage.add_authorization(
            bill, Person.objects.get(id=id_of(person)), make.payer(bill), number="N1", units=12,
            used=12 - left, first_day=today - timedelta(days=1),
            last_day=today + timedelta(days=last_day),
        )  # fmt: skip


@pytest.mark.rule("F-16", "B-26")
def test_a_week_beyond_the_units_warns_for_that_partner_alone(act) -> None:
    authorized(act, "ana", 2)
    with act("ada") as ada:
        plan(ada)
        (words,) = warnings(NAMES, monday())
        assert words.startswith("Ana: No units left") and words.count("Thu") == 1
        assert "Mon" not in words and "Ben" not in words
        publish_week(ada, id_of("ab"), monday())


@pytest.mark.rule("F-16")
def test_weeks_that_are_planned_before_take_their_units_first(act) -> None:
    authorized(act, "ana", 3)
    with act("ada") as ada:
        plan(ada, weeks=1)
        assert warnings(NAMES, monday(1)) == []
        plan(ada, weeks=2)
        assert warnings(NAMES, monday(1)) == []
        (words,) = warnings(NAMES, monday(2))
        assert words.count("Mon") == words.count("Wed") == 1


@pytest.mark.rule("F-16", "B-26")
def test_days_after_an_authorization_ended_are_named(act) -> None:
    gap = (monday() - timezone.localdate()).days
    authorized(act, "ben", 12, last_day=gap)
    with act("ada") as ada:
        plan(ada)
        (words,) = warnings(NAMES, monday())
        assert words.startswith("Ben: No authorization covers") and "Mon" not in words


@pytest.mark.rule("F-16", "P-4")
@pytest.mark.parametrize(
    ("who", "told"), [("ada", True), ("mo", True), ("dee", True), ("kit", False), ("reyes", False)]
)
def test_only_who_may_know_an_authorization_is_told(act, who: str, told: bool) -> None:
    authorized(act, "ana", 0)
    with act("ada") as ada:
        plan(ada)
    with act(who):
        assert bool(warnings(NAMES, monday())) is told


@pytest.mark.rule("F-16")
def test_the_page_of_the_week_and_publishing_say_it(act, browse) -> None:
    authorized(act, "ana", 0)
    with act("ada") as ada:
        plan(ada)
        address = f"/staff/week/{Couple.objects.get(id=id_of('ab')).public_id}/"
    week = f"?monday={monday().isoformat()}"
    client = browse("ada")
    assert "No units left" in client.get(address + week).content.decode()
    said = client.post(f"{address}publish/{week}", follow=True).content.decode()
    assert said.count("No units left") >= 2
    assert "No units left" not in browse("reyes").get(address + week).content.decode()
