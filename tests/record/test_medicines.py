"""Medicines, tests and incidents: who orders, what is asked first, who reads (C-84 to C-93)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person, StaffTask
from mutual.record import care_dates, incidents, medicines, toxicology
from mutual.record import medicine_rules as rules
from mutual.record.medicines import Order
from mutual.record.models import Medicine, MedicineFacts, Specimen
from tests.world import id_of

NOW = datetime(2026, 6, 1, 17, tzinfo=UTC)


def ana() -> Person:
    return Person.objects.get(id=id_of("ana"))


def naltrexone(checked: tuple[str, ...] | None = None) -> Order:
    every = tuple(key for key, _words in rules.SUBSTANCES["naltrexone"].checklist)
    return Order(
        "naltrexone", "Naltrexone 50 mg", "One a day", 30, every if checked is None else checked
    )


@pytest.mark.rule("C-90")
def test_only_a_prescriber_orders_and_the_own_counselor_reads(act) -> None:
    with act("pruitt") as pruitt:
        medicines.order(pruitt, ana(), naltrexone())
    with act("mo") as mo:
        assert [line.word for line in medicines.medicines_of(mo, ana())] == ["Naltrexone 50 mg"]
        with pytest.raises(NotThere):
            medicines.order(mo, ana(), naltrexone())
    with act("ana") as actor:
        assert [line.word for line in medicines.medicines_of(actor, ana())] == ["Naltrexone 50 mg"]


@pytest.mark.rule("C-90", "C-5", "P-3")
@pytest.mark.parametrize("who", ["ben", "reyes", "kit", "noor", "ada", "dee"])
def test_nobody_else_reads_the_list_without_a_release(act, who: str) -> None:
    with act("pruitt") as pruitt:
        medicines.order(pruitt, ana(), naltrexone())
    with act(who):
        assert not Medicine.objects.exists()


@pytest.mark.rule("C-90", "P-7")
def test_the_biller_learns_dates_and_no_name(act) -> None:
    with act("pruitt") as pruitt:
        medicines.order(pruitt, ana(), naltrexone())
    with act("bill"):
        assert MedicineFacts.objects.filter(person_id=id_of("ana")).exists()
        assert not Medicine.objects.exists()


@pytest.mark.rule("C-93")
@pytest.mark.parametrize("key", ["naltrexone", "acamprosate", "disulfiram"])
def test_each_item_of_a_checklist_is_asked(key: str) -> None:
    every = [item for item, _words in rules.SUBSTANCES[key].checklist]
    rules.refuse_order(key, now=NOW, today=NOW.date(), state="TX", days=30, checked=every)
    for missing in every:
        with pytest.raises(Refused) as refused:
            rules.refuse_order(
                key, now=NOW, today=NOW.date(), state="TX", days=30,
                checked=[item for item in every if item != missing],
            )  # fmt: skip
        assert refused.value.rule == "C-93"


@pytest.mark.rule("C-91")
@pytest.mark.parametrize(
    ("today", "path", "refused"),
    [
        (date(2026, 12, 31), "", False),
        (date(2027, 1, 2), "", True),
        (date(2027, 1, 2), "in_person", False),
        (date(2027, 1, 2), "referral", False),
        (date(2027, 1, 2), "buprenorphine", True),
        (date(2027, 1, 2), "anything", True),
    ],
)
def test_a_controlled_medicine_needs_a_lawful_path_once_the_flexibilities_end(
    today: date, path: str, refused: bool
) -> None:
    def ask() -> None:
        rules.refuse_order("stimulant", now=NOW, today=today, state="TX", days=30, path=path)

    if refused:
        with pytest.raises(Refused) as found:
            ask()
        assert found.value.rule == "C-91"
    else:
        ask()
    # C-93's medicines are not controlled: C-91 is silent.
    every = [item for item, _words in rules.SUBSTANCES["naltrexone"].checklist]
    rules.refuse_order("naltrexone", now=NOW, today=today, state="TX", days=30, checked=every)


@pytest.mark.rule("C-92")
@pytest.mark.parametrize(
    ("query", "days", "refused"),
    [
        (None, 7, True),
        (rules.Query("TX", NOW - timedelta(hours=1), True), 180, False),
        (rules.Query("TX", NOW - timedelta(hours=1), True), 181, True),
        (rules.Query("NV", NOW - timedelta(hours=1), True), 7, True),
        (rules.Query("TX", NOW - timedelta(hours=25), True), 7, True),
        (rules.Query("TX", NOW - timedelta(hours=1), False), 7, False),
        (rules.Query("TX", NOW - timedelta(hours=1), False), 14, True),
    ],
)
def test_buprenorphine_waits_for_the_monitoring_program(query, days: int, refused: bool) -> None:
    def ask() -> None:
        rules.refuse_order(
            "buprenorphine", now=NOW, today=date(2027, 5, 1), state="TX", days=days, query=query
        )

    if refused:
        with pytest.raises(Refused) as found:
            ask()
        assert found.value.rule == "C-92"
    else:
        ask()


@pytest.mark.rule("C-92", "C-46")
def test_an_order_uses_the_prescribers_own_logged_look(act) -> None:
    wanted = Order("buprenorphine", "Buprenorphine 8 mg", "One a day", 28)
    with act("pruitt") as pruitt:
        with pytest.raises(Refused, match="monitoring program of TX"):
            medicines.order(pruitt, ana(), wanted)
        with pytest.raises(Refused, match="TX"):
            medicines.log_query(pruitt, ana(), "NV", answered=True)
        medicines.log_query(pruitt, ana(), "tx", answered=True)
        facts = medicines.order(pruitt, ana(), wanted)
        assert Medicine.objects.get(facts=facts).lawful_path == "buprenorphine"


@pytest.mark.rule("C-90", "F-13")
def test_an_order_ends_once_with_its_reason_and_stays_in_the_list(act) -> None:
    with act("pruitt") as pruitt:
        facts = medicines.order(pruitt, ana(), naltrexone())
        with pytest.raises(Refused, match="why"):
            medicines.stop(pruitt, ana(), facts.public_id, " ")
        medicines.stop(pruitt, ana(), facts.public_id, "Nausea")
        medicines.stop(pruitt, ana(), facts.public_id, "Again")
        line = medicines.medicines_of(pruitt, ana())[0]
        assert (line.running, line.medicine.stop_reason) == (False, "Nausea")


@pytest.mark.rule("C-84")
def test_a_kit_that_ends_within_thirty_days_brings_one_task(act) -> None:
    today = timezone.localdate()
    with act("pruitt") as pruitt:
        with pytest.raises(Refused, match="good"):
            medicines.offer_naloxone(pruitt, ana(), taken=True)
        medicines.offer_naloxone(pruitt, ana(), taken=True, expires_on=today + timedelta(days=30))
        care_dates.look_at_dates()
        care_dates.look_at_dates()
        found = StaffTask.objects.filter(person_id=id_of("ana"), rule="C-84")
        assert [task.addressee_id for task in found] == [pruitt.id]
        assert rules.kit_due(today + timedelta(days=31), today) is False


@pytest.mark.rule("C-90")
def test_a_missing_first_visit_becomes_a_task(act) -> None:
    with act("pruitt") as pruitt:
        care_dates.look_at_dates()
        task = StaffTask.objects.get(person_id=id_of("ana"), rule="C-90")
        assert task.addressee_id == pruitt.id


@pytest.mark.rule("C-87")
def test_a_test_is_presumptive_until_a_laboratory_confirms_it(act) -> None:
    with act("mo") as mo:
        with pytest.raises(Refused, match="never the partner"):
            toxicology.ask(mo, ana(), id_of("ben"))
        facts = toxicology.ask(mo, ana(), mo.sure_id)
        with pytest.raises(Refused, match="for what"):
            toxicology.write_result(mo, ana(), facts.public_id, "positive")
        toxicology.write_result(mo, ana(), facts.public_id, "positive", ["alcohol"])
        assert toxicology.tests_of(mo, ana())[0].settled == "presumptive"
        with pytest.raises(Refused, match="presumptive"):
            rules.refuse_citing("positive", "")
        with pytest.raises(Refused):
            toxicology.confirm(mo, ana(), facts.public_id, "positive", "")
        toxicology.confirm(mo, ana(), facts.public_id, "negative", "Lab One")
        assert toxicology.tests_of(mo, ana())[0].settled == "negative"
        rules.refuse_citing("positive", "positive")
    with act("ben"):
        assert not Specimen.objects.exists()


@pytest.mark.rule("C-87")
def test_days_are_drawn_at_random_and_never_twice() -> None:
    start = date(2026, 6, 1)
    drawn = {tuple(toxicology.random_days(start, 3, 14, seed)) for seed in range(40)}
    assert len(drawn) > 20
    for days in drawn:
        assert len(set(days)) == 3
        assert all(start <= day < start + timedelta(days=14) for day in days)
    with pytest.raises(Refused):
        toxicology.random_days(start, 15, 14)


@pytest.mark.rule("C-87")
def test_drawn_days_are_tasks_that_the_person_never_sees(act, browse) -> None:
    with act("mo") as mo:
        days = toxicology.draw_days(mo, ana(), 3, 14)
        rows = StaffTask.objects.filter(person_id=id_of("ana"), rule="C-87").order_by("due")
        assert [timezone.localdate(row.due) for row in rows] == days
        assert timezone.localdate() not in days
        with pytest.raises(Refused, match="drawn already"):
            toxicology.draw_days(mo, ana(), 1, 14)
        rows.update(done_at=timezone.now())
        url = f"/staff/people/{ana().public_id}/tests/"
    for who in ("ana", "ben"):
        with act(who):
            assert not StaffTask.objects.exists()
    mo_ = browse("mo")
    refused = mo_.post(url, {"do": "draw", "count": "9", "span": "4"})
    assert refused.status_code == 422 and "fewer tests" in refused.content.decode()
    assert mo_.post(url, {"do": "draw", "count": "2", "span": "10"}).status_code == 302
    with act("mo"):
        assert rows.filter(done_at__isnull=True).count() == 2


def test_an_incident_is_closed_by_somebody_else_and_lies_apart(act) -> None:
    wanted = incidents.Report(
        "technical", timezone.now() - timedelta(hours=1), "The room closed.", "Called back."
    )
    with act("mo") as mo:
        row = incidents.report(mo, ana(), wanted)
        assert [line.word for line in incidents.incidents(mo)] == ["A failure that touched care"]
        assert not incidents.may_close(mo, row)
    with act("dee") as dee:
        with pytest.raises(Refused, match="found"):
            incidents.close(dee, row.public_id, " ")
        incidents.close(dee, row.public_id, "The relay restarted; watched now.")
        assert incidents.incident(dee, row.public_id).incident.closed_at is not None
    for who in ("ana", "ben", "reyes", "kit"):
        with act(who) as other, pytest.raises(NotThere):
            incidents.incident(other, row.public_id)


def test_the_staff_pages_take_and_refuse(browse, act) -> None:
    with act("mo"):
        public = ana().public_id
    url = f"/staff/people/{public}/medicines/"
    doctor = browse("pruitt")
    assert doctor.get(url).status_code == 200
    sent = {
        "do": "order", "order-substance": "naltrexone", "order-name": "Naltrexone 50 mg",
        "order-directions": "One a day", "order-days": "30",
    }  # fmt: skip
    refused = doctor.post(url, sent)
    assert refused.status_code == 422
    assert "Naltrexone 50 mg" in refused.text
    every = [f"naltrexone.{key}" for key, _ in rules.SUBSTANCES["naltrexone"].checklist]
    assert doctor.post(url, {**sent, "order-checked": every}).status_code == 302
    assert "Naltrexone 50 mg" in browse("mo").get(url).text
    assert browse("mo").post(url, {**sent, "order-checked": every}).status_code == 404
    assert browse("reyes").get(url).status_code == 404
    assert "Naltrexone 50 mg" in browse("ana").get("/me/daily/").text
    assert "Naltrexone 50 mg" not in browse("ben").get("/me/daily/").text
    tests = f"/staff/people/{public}/tests/"
    counselor = browse("mo")
    assert counselor.post(tests, {"do": "ask"}).status_code == 302
    assert "Write the result down" in counselor.get(tests).text
