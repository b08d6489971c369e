"""What the law asks of the programme itself: demands, audits, firms, breaches, keeping."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.privacy import breaches, clocks, engagements, gate, legal, rules, vendors
from mutual.privacy.models import Breach, BreachPerson, Disclosure, LegalHold
from mutual.record import release
from mutual.wall.models import Notice
from tests.privacy.factories import LAWYER, for_court, leaving
from tests.record.factories import signed
from tests.world import id_of

TODAY = timezone.localdate()


def demand(act, name: str = "Ana Fiction", **more):
    given = {
        "name_asked": name, "form": "subpoena", "sender": LAWYER, "received_on": TODAY,
        "asks_for": "Everything",
    }  # fmt: skip
    with act("pia") as pia:
        return legal.log_demand(pia, **{**given, **more})


@pytest.mark.rule("P-30")
@pytest.mark.parametrize("form", ["subpoena", "warrant", "letter", "order"])
def test_a_demand_alone_opens_nothing_and_holds_deletion(act, form: str) -> None:
    row = demand(act, form=form, compelled=form != "letter")
    assert row.basis == "none" and row.ordered_kinds == []
    with act("pia") as pia:
        assert LegalHold.objects.filter(person_id=id_of("ana"), lifted_at__isnull=True).exists()
        with pytest.raises(Refused):
            gate.let_out(pia, [leaving("proceeding", recipient=LAWYER, purpose="proceedings")])


@pytest.mark.rule("P-30", "P-32")
def test_the_answer_is_the_same_letter_for_somebody_who_was_never_here(act) -> None:
    here, strange = demand(act), demand(act, "Nobody Known")
    assert here.person_id == id_of("ana") and strange.person_id is None
    letters = [legal.letter_words(row, settings.PROGRAMME_NAME) for row in (here, strange)]
    assert letters[0] == letters[1]
    text = " ".join(str(part) for part in letters[0]["parts"])
    assert "neither confirm nor deny" in text and "Ana" not in text


@pytest.mark.rule("P-30")
def test_the_partners_own_subpoena_counts_for_nothing_more(act) -> None:
    row = demand(act, sender="Lawyer of Ben Fiction", compelled=True)
    assert row.basis == "none"
    with act("ben") as ben, pytest.raises(NotThere):
        legal.demands(ben) or legal.demand(ben, row.public_id)


@pytest.mark.rule("P-30")
def test_it_takes_the_persons_paper_or_an_order_and_compulsion_and_then_only_what_is_ordered(
    act,
) -> None:
    assert rules.lawful_basis(legal_consent=False, part2_order=True, compelled=False) == "none"
    assert rules.lawful_basis(legal_consent=False, part2_order=False, compelled=True) == "none"
    with pytest.raises(Refused) as refused:
        demand(act, form="order", part2_order=True, compelled=True)
    assert refused.value.field == "ordered_kinds"
    order = demand(act, form="order", part2_order=True, compelled=True,
                   ordered_kinds=["attendance"])  # fmt: skip
    assert (order.basis, order.ordered_kinds) == ("order", ["attendance"])
    with act("ana") as ana:
        for_court(ana)
    assert demand(act).basis == "legal"
    # Somebody else's lawyer finds no such paper.
    assert demand(act, sender="Another lawyer").basis == "none"


@pytest.mark.rule("P-30", "P-2")
def test_nobody_but_the_privacy_officer_knows_of_a_demand(act) -> None:
    row = demand(act)
    for viewer in ("ana", "ben", "mo", "dee", "reyes"):
        with act(viewer) as actor:
            assert legal.demands(actor) == []
            with pytest.raises(NotThere):
                legal.demand(actor, row.public_id)
            with pytest.raises(NotThere):
                legal.hold(actor, id_of("ana"), "mine")


def terms(first: date, last: date, **more) -> engagements.Terms:
    given = {
        "organisation": "State audit", "purpose": "Yearly review", "first_day": first,
        "last_day": last, "duty_signed_on": first, "duty_signed_name": "Noor Bakshi",
        "ends_with": "destroyed",
    }  # fmt: skip
    return engagements.Terms(**{**given, **more})


@pytest.fixture
def auditor(act) -> Staff:
    """Somebody with the role alone, which opens nothing by itself."""
    staff = Staff.objects.get(id=id_of("noor"))
    staff.roles = [*staff.roles, "auditor"]
    staff.save()
    return staff


@pytest.mark.rule("P-33")
def test_an_auditor_sees_the_sample_on_the_days_of_the_audit_and_nothing_else(act, auditor) -> None:
    with act("mo") as mo:
        signed(mo, words="A note for the sample.")
    with act("kit") as kit:
        signed(kit, "ben", words="A note outside of it.")
    with act("noor") as noor:
        assert engagements.engagements(noor) == []
    with act("dee") as dee:
        row = engagements.open_engagement(dee, auditor, terms(TODAY, TODAY), [id_of("ana")])
    with act("noor") as noor:
        _row, sample = engagements.sample_of(noor, row.public_id)
        parts = release.audit_view(noor, row.public_id, sample[0].public_id)
        said = str(parts)
        assert "A note for the sample." in said and "outside of it" not in said
        with pytest.raises(NotThere):
            engagements.sample_of(noor, row.public_id, timezone.now() + timedelta(days=1))
        with pytest.raises(NotThere):
            engagements.sample_of(noor, row.public_id, timezone.now() - timedelta(days=1))
    with act("dee") as dee:
        assert Disclosure.objects.filter(person_id=id_of("ana"), way="audit").count() == 1
        assert not Disclosure.objects.filter(person_id=id_of("ben")).exists()
        engagements.end_engagement(dee, row, TODAY)
    with act("noor") as noor:
        with pytest.raises(NotThere):
            release.audit_view(noor, row.public_id, sample[0].public_id)
        with connection.cursor() as cursor:
            cursor.execute("select %s = any(wall.subjects('progress_note'))", [id_of("ana")])
            assert cursor.fetchone()[0] is not True


@pytest.mark.rule("P-33")
@pytest.mark.parametrize(
    ("part", "value"),
    [("organisation", " "), ("purpose", ""), ("duty_signed_name", ""), ("duty_signed_on", None),
     ("last_day", TODAY - timedelta(days=1)), ("ends_with", "kept")],
)  # fmt: skip
def test_an_audit_without_one_of_its_parts_is_not_opened(act, auditor, part, value) -> None:
    with act("dee") as dee:
        with pytest.raises(Refused) as refused:
            engagements.open_engagement(
                dee, auditor, terms(TODAY, TODAY, **{part: value}), [id_of("ana")]
            )
        assert (refused.value.rule, refused.value.field) == ("P-33", part)
        with pytest.raises(Refused):
            engagements.open_engagement(dee, auditor, terms(TODAY, TODAY), [])
        with pytest.raises(NotThere):
            mo = Staff.objects.get(id=id_of("mo"))
            engagements.open_engagement(dee, mo, terms(TODAY, TODAY), [id_of("ana")])


@pytest.mark.rule("P-34")
def test_a_firms_line_is_off_until_both_agreements_hold_and_off_again_when_one_ends(act) -> None:
    tomorrow = TODAY + timedelta(days=1)
    one = leaving("claim", purpose="payment", recipient="Plan")
    with act("dee") as dee:
        row = vendors.write_vendor(dee, "Fast Claims", "clearinghouse", tomorrow, None)
        assert not row.on
        with pytest.raises(Refused) as refused:
            vendors.switch(dee, row, True)
        assert refused.value.rule == "P-34"
        with pytest.raises(Refused):
            gate.let_out(dee, [one])
        vendors.write_vendor(dee, "Fast Claims", "clearinghouse", tomorrow, tomorrow)
        row.refresh_from_db()
        vendors.switch(dee, row, True)
        assert gate.let_out(dee, [one])
        with pytest.raises(Refused) as refused:
            gate.let_out(dee, [one], now=timezone.now() + timedelta(days=1))
        assert refused.value.rule == "P-34"
        assert vendors.is_on(row) and not vendors.is_on(row, timezone.now() + timedelta(days=2))
    with act("mo") as mo, pytest.raises(NotThere):
        vendors.switch(mo, row, True)


FACTORS = dict.fromkeys(breaches.FACTORS, "Named, with a diagnosis; seen by a stranger.")


@pytest.mark.rule("P-36", "P-49")
def test_a_breach_is_assessed_told_to_each_in_one_neutral_text_and_closed_only_whole(act) -> None:
    with act("pia") as pia:
        row = breaches.log_breach(
            pia, "A partner looked at the other's phone.", TODAY, [id_of("ana"), id_of("cleo")],
            by_partner=True,
        )  # fmt: skip
        with pytest.raises(Refused):
            breaches.tell_people(pia, row)
        for name in breaches.FACTORS:
            with pytest.raises(Refused) as refused:
                breaches.assess(pia, row, {**FACTORS, name: ""}, False)
            assert refused.value.field == name
        breaches.assess(pia, row, FACTORS, False)
        with pytest.raises(Refused):
            breaches.close(pia, row)
        assert breaches.tell_people(pia, row) == 2
        assert breaches.tell_people(pia, row) == 0
        assert all(p.told_at for p in BreachPerson.objects.filter(breach=row))
        with pytest.raises(Refused):
            breaches.close(pia, row)
        breaches.report_on(pia, row, hhs=TODAY)
        assert breaches.close(pia, row).closed_at
    assert not hasattr(Notice, "text"), "a notice has no words of its own"


@pytest.mark.rule("P-36")
def test_day_fifty_is_an_alarm_and_the_laws_numbers_decide_whom_else_to_tell(act) -> None:
    with act("pia") as pia:
        breaches.log_breach(pia, "A letter went astray.", TODAY, [id_of("ana")])
        for days, alarm in ((49, False), (50, True)):
            (line,) = breaches.register(pia, TODAY + timedelta(days=days))
            assert (line.alarm, line.due) == (alarm, TODAY + timedelta(days=60))
    day = date(2026, 5, 1)
    assert clocks.hhs_due(day, 499) == date(2027, 3, 1)
    assert clocks.hhs_due(day, 500) == date(2026, 6, 30)
    assert clocks.media_states(["TX"] * 500 + ["NV"] * 501) == ["NV"]


@pytest.mark.rule("P-36", "P-2")
def test_a_breach_is_the_officers_and_its_people_see_only_that_there_is_an_update(act) -> None:
    with act("pia") as pia:
        row = breaches.log_breach(pia, "A letter went astray.", TODAY, [id_of("ana")])
    for viewer in ("ana", "ben", "mo"):
        with act(viewer) as actor:
            assert not Breach.objects.exists() and not BreachPerson.objects.exists()
            with pytest.raises(NotThere):
                breaches.one(actor, row.public_id)


@pytest.mark.rule("P-45")
@pytest.mark.parametrize(("years", "kept"), [(5, True), (7, False)])
def test_the_database_keeps_what_was_signed_for_six_years_and_longer_under_a_hold(
    db, years: int, kept: bool
) -> None:
    """Asked as the owner, whom no row policy holds: the trigger does."""
    from mutual.entry import database

    old = dict.fromkeys(("signed_at", "starts_at"), f"now() - make_interval(years => {years})")
    new = {"id": "gen_random_uuid()", "public_id": "gen_random_uuid()", **old}
    made = ", ".join(f"'{column}', {value}" for column, value in new.items())
    with database.connect("mutual_owner", connection.settings_dict["NAME"]) as owner:
        owner.execute("begin")
        try:
            (found,) = owner.execute(
                "insert into privacy_consent select (jsonb_populate_record(c,"
                f" jsonb_build_object({made}))).* from privacy_consent c limit 1 returning id"
            ).fetchone()
            wanted = "delete from privacy_consent where id = %s"
            if kept:
                with pytest.raises(Exception, match="kept for 6 years"):
                    owner.execute(wanted, [found])
                return
            owner.execute("savepoint before")
            assert owner.execute(wanted, [found]).rowcount == 1
            owner.execute("rollback to before")
            owner.execute(
                "insert into privacy_legalhold (id, person_id, why, begun_at, by_id)"
                " select gen_random_uuid(), person_id, 'demand', now(), person_id"
                " from privacy_consent where id = %s",
                [found],
            )
            with pytest.raises(Exception, match="legal hold"):
                owner.execute(wanted, [found])
        finally:
            owner.execute("rollback")


@pytest.mark.rule("P-45")
def test_the_serving_role_deletes_none_of_it_at_any_age(act) -> None:
    with act("pia"):
        for table in ("privacy_consent", "privacy_disclosure", "privacy_legaldemand"):
            with connection.cursor() as cursor, transaction.atomic():
                try:
                    cursor.execute(f"delete from {table}")
                    assert cursor.rowcount == 0
                except DatabaseError:
                    transaction.set_rollback(True)
