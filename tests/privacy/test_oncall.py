"""On call: a shift opens what the table's note says, from its start to its end, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import ContactLocation, Person, ShownName, Staff
from mutual.privacy import conflicts, oncall
from mutual.record import emergency_view
from mutual.wall.relations import relate
from tests.world import id_of


def shift(act, who: str = "noor", start: float = -1, hours: float = 8, by: str = "dee"):
    begin = timezone.now() + timedelta(hours=start)
    with act(by) as planner:
        staff = Staff.objects.get(id=id_of(who))
        return oncall.plan(planner, staff, begin, begin + timedelta(hours=hours))


def reach(act, who: str = "noor") -> set[str]:
    with act(who) as actor:
        ids = set(ContactLocation.objects.visible_to(actor).values_list("person_id", flat=True))
        return {name for name in ("ana", "ben", "cleo", "dan") if id_of(name) in ids}


@pytest.mark.rule("P-1", "P-11")
def test_a_shift_opens_contact_and_plan_of_everybody_and_no_note(act) -> None:
    assert reach(act) == {"cleo"}
    shift(act)
    assert reach(act) == {"ana", "ben", "cleo", "dan"}
    with act("noor"), connection.cursor() as cursor:
        for kind, wide in (
            ("safety_plan", True), ("medication", True), ("progress_note", False),
            ("psychotherapy_note", False), ("ipv_screen", False), ("toxicology", False),
            ("conjoint_note", False), ("message_own", False), ("person_profile", False),
            ("contact_location.write", False), ("crisis_note", False),
        ):  # fmt: skip
            cursor.execute("select wall.everyone(%s)", [kind])
            assert cursor.fetchone() == (wide,), kind


@pytest.mark.rule("P-8")
def test_it_ends_by_itself_and_by_hand_and_begins_on_time(act) -> None:
    shift(act, start=-9, hours=9.5)
    with act("dee") as dee:
        assert [one.now for one in oncall.roster(dee)] == [True]
    shift(act, "sol", start=1)
    assert reach(act, "sol") == {"dan"}, "not before it begins"
    with act("dee") as dee:
        for one in oncall.roster(dee):
            oncall.cut(dee, one.row.public_id)
        assert oncall.roster(dee) == []
    assert reach(act) == {"cleo"}


@pytest.mark.rule("P-8")
def test_after_the_end_the_pages_are_gone(act, browse) -> None:
    row = shift(act)
    client = browse("noor")
    assert "Ana" in client.get("/staff/on-call/people/").content.decode()
    with act("noor"):
        key = ShownName.objects.get(person_id=id_of("ana")).person_id
    with act("ada"):
        address = f"/staff/on-call/people/{Person.objects.get(id=key).public_id}/"
    page = client.get(address)
    assert page.status_code == 200 and "porch light" in page.content.decode()
    with act("cory") as cory:
        oncall.cut(cory, row.public_id)
    assert client.get(address).status_code == 404
    assert client.get("/staff/on-call/people/").status_code == 404


@pytest.mark.rule("P-6")
def test_a_conflict_of_interest_holds_in_a_shift_too(act) -> None:
    with act("noor") as noor:
        conflicts.declare(noor, "Ana Fiction", "friend")
    shift(act)
    with act("noor") as noor:
        names = {name for _key, name in oncall.everybody(noor)}
        assert names == {"Cleo", "Dan"}
    with act("ada"):
        key = Person.objects.get(id=id_of("ana")).public_id
    with act("noor") as noor, pytest.raises(NotThere):
        emergency_view.on_call(noor, key)


def test_the_coordinator_plans_and_everybody_on_the_staff_sees_who_is_on_call(act, browse) -> None:
    shift(act, by="cory")
    for who in ("mo", "bill", "pia", "ada"):
        assert "Noor Bakshi" in browse(who).get("/staff/on-call/").content.decode(), who
    assert browse("ana").get("/staff/on-call/").status_code == 404


@pytest.mark.rule("P-4")
def test_nobody_else_plans_not_in_sql_either(act) -> None:
    now = timezone.now()
    for who in ("mo", "noor", "bill", "ada", "pia"):
        with act(who) as actor:
            with pytest.raises(NotThere):
                oncall.plan(
                    actor, Staff.objects.get(id=id_of("noor")), now, now + timedelta(hours=1)
                )
            with pytest.raises(DatabaseError), transaction.atomic():
                relate(
                    actor.sure_id, "on_call", None, "*", reason="x", since=now,
                    until=now + timedelta(hours=1),
                )  # fmt: skip
    with act("cory") as cory, pytest.raises(DatabaseError), transaction.atomic():
        relate(cory.sure_id, "director", None, "*", reason="x")


@pytest.mark.parametrize(
    ("who", "start", "hours", "field"),
    [
        ("bill", -1, 8, "staff"),
        ("noor", -1, 80, "end"),
        ("noor", 2, -1, "end"),
        ("noor", -9, 1, "end"),
    ],
)
def test_a_shift_is_a_clinicians_and_has_a_beginning_and_an_end(
    act, who: str, start: float, hours: float, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        shift(act, who, start, hours)
    assert refused.value.field == field


def test_two_shifts_of_one_clinician_never_overlap(act) -> None:
    shift(act)
    with pytest.raises(Refused):
        shift(act, start=2)
    shift(act, "kit", start=2)


@pytest.mark.rule("P-8", "P-3")
def test_a_shift_without_end_is_refused_by_the_database(act) -> None:
    with act("dee"), pytest.raises(DatabaseError), transaction.atomic():
        relate(id_of("noor"), "on_call", None, "*", reason="x")
