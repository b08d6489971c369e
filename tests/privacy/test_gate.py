"""One gate for whatever leaves: a basis, a notice, a line; or nothing (P-26 to P-35, P-39)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mutual.base.crypto import open_sealed
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.privacy import accounting, actions, clocks, emergencies, gate, received, requests
from mutual.privacy.exits import EXITS
from mutual.privacy.models import Disclosure, OutgoingRelease, ReceivedRecord
from mutual.record import release
from mutual.wall import policy
from tests.privacy.factories import CLINIC, LAWYER, for_court, leaving, outside
from tests.record.factories import signed
from tests.world import id_of


def lines(name: str = "ana") -> int:
    return Disclosure.objects.filter(person_id=id_of(name)).count()


@pytest.mark.rule("P-27")
@pytest.mark.parametrize("way", sorted(EXITS))
def test_no_exit_opens_without_a_basis_and_nothing_is_written(act, way: str) -> None:
    purpose = EXITS[way].purposes[0]
    with act("dee") as dee:
        before = lines()
        with pytest.raises(Refused) as refused:
            gate.let_out(dee, [leaving(way, purpose=purpose, consent="")])
        assert refused.value.rule == "P-27"
        # An exception that the law makes elsewhere opens no other door.
        for exception in set(gate.EXCEPTIONS) - set(EXITS[way].exceptions):
            with pytest.raises(Refused):
                gate.let_out(dee, [leaving(way, purpose=purpose, exception=exception)])
        assert lines() == before


@pytest.mark.rule("P-18", "P-20", "P-27")
def test_treatment_payment_and_operations_cover_no_other_purpose(act) -> None:
    with act("dee") as dee:
        with pytest.raises(Refused):
            gate.let_out(dee, [leaving(recipient="A school", purpose="other")])
        with pytest.raises(Refused):
            gate.let_out(dee, [leaving("proceeding", purpose="proceedings")])
        (passed,) = gate.let_out(dee, [leaving()])
        assert lines() == 1
    assert passed.notice == str(gate.NOTICE) and "42 CFR part 2" in passed.notice
    assert passed.disclosure.notice_id.startswith("2.32-")


@pytest.mark.rule("P-27", "P-35")
def test_what_passes_carries_notice_and_scope_and_stands_on_the_persons_list(act) -> None:
    with act("ana") as ana:
        consent = outside(ana)
    with act("mo") as mo:
        one = leaving(purpose="other", consent=consent.code, kinds=("progress_note",))
        (passed,) = gate.let_out(mo, [one])
    assert CLINIC in passed.scope and "treatment" in passed.scope.lower()
    with act("ana") as ana:
        (line,) = accounting.my_disclosures(ana)
        assert (line.recipient, line.what, line.consent_id) == (CLINIC, "A copy", consent.id)
        assert line.by_id == id_of("mo") and line.notice_id == passed.disclosure.notice_id
    with act("ben") as ben:
        assert accounting.my_disclosures(ben) == []


@pytest.mark.rule("P-27")
def test_one_notice_serves_the_messages_to_one_payer_and_the_next_consent_brings_a_new_one(
    act,
) -> None:
    def claim() -> gate.Passed:
        one = leaving(recipient="Plan", purpose="operations", repeat="payer-one")
        return gate.let_out(dee, [one])[0]

    with act("dee") as dee:
        first, second = claim(), claim()
    assert first.notice and not second.notice
    assert first.disclosure.notice_id == second.disclosure.notice_id


@pytest.mark.rule("P-16", "P-23")
def test_a_consent_names_its_recipient_and_its_kinds_and_ends(act) -> None:
    with act("ana") as ana:
        code = outside(ana).code
    with act("mo") as mo:
        for wrong in (
            leaving(recipient="Somebody else", purpose="other", consent=code),
            leaving(purpose="other", consent=code, kinds=("toxicology",)),
        ):
            with pytest.raises(Refused) as refused:
                gate.let_out(mo, [wrong])
            assert refused.value.rule == "P-16"
        late = timezone.now() + timedelta(days=31)
        with pytest.raises(Refused):
            gate.let_out(mo, [leaving(purpose="other", consent=code)], now=late)
    with act("ana") as ana:
        actions.revoke(ana, code)
    with act("mo") as mo, pytest.raises(Refused):
        gate.let_out(mo, [leaving(purpose="other", consent=code)])
    with act("dee"):
        assert lines() == 0


@pytest.mark.rule("P-26")
@pytest.mark.parametrize("name", ["ana", "ben"])
def test_the_gate_is_the_same_for_a_partner_without_any_disorder(act, name: str) -> None:
    """Nobody has a diagnosis in this world: the gate asks none."""
    from mutual.plan.models import Diagnosis

    with act("mo"):
        assert not Diagnosis.objects.filter(person_id=id_of(name)).exists()
    with act("dee") as dee:
        with pytest.raises(Refused):
            gate.let_out(dee, [leaving(name=name, purpose="other")])
        (passed,) = gate.let_out(dee, [leaving(name=name)])
    assert passed.notice == str(gate.NOTICE)


@pytest.mark.rule("P-27")
def test_no_person_opens_the_gate_themselves(act) -> None:
    with act("ana") as ana, pytest.raises(PermissionError):
        gate.let_out(ana, [leaving()])


@pytest.mark.rule("C-74", "P-42")
def test_what_is_shared_leaves_with_both_consents_and_says_not_whose_is_missing(act) -> None:
    kinds = ("conjoint_note",)
    with act("ana") as ana:
        code = outside(ana, "ana", kinds).code
    one = leaving(purpose="other", consent=code, kinds=kinds)
    with act("reyes") as reyes:
        with pytest.raises(Refused) as refused:
            gate.let_out(reyes, [one])
        assert refused.value.rule == "C-74" and "Ben" not in refused.value.text
    with act("ben") as ben:
        outside(ben, "ben", kinds)
    with act("reyes") as reyes:
        assert len(gate.let_out(reyes, [one])) == 1
    with act("ben") as ben:
        actions.revoke(ben, code)
    with act("reyes") as reyes, pytest.raises(Refused):
        gate.let_out(reyes, [one])


@pytest.mark.rule("P-19")
@pytest.mark.parametrize("kind", ["psychotherapy_note", "sud_counseling_note"])
def test_notes_kept_apart_leave_through_no_exit(act, kind: str) -> None:
    with act("dee") as dee, pytest.raises(Refused) as refused:
        gate.let_out(dee, [leaving(kinds=(kind,))])
    assert refused.value.rule == "P-19"


@pytest.mark.rule("P-39")
def test_a_plan_hears_nothing_of_who_pays_alone(act) -> None:
    with act("ana") as ana:
        requests.ask(ana, "restriction", self_pay=True)
    with act("dee") as dee:
        for way in ("claim", "eligibility", "authorization"):
            with pytest.raises(Refused) as refused:
                gate.let_out(dee, [leaving(way, purpose="payment", recipient="Plan")])
            assert refused.value.rule == "P-39"
        # Her doctor still gets what she signed for, and Ben's plan hears of Ben.
        assert gate.let_out(dee, [leaving()])
        assert gate.let_out(dee, [leaving("claim", "ben", purpose="payment")])


@pytest.mark.rule("P-21")
def test_a_prepared_copy_is_withdrawn_when_its_consent_goes_before_it_does(act) -> None:
    with act("mo") as mo:
        signed(mo, words="Only for the clinic.")
    with act("ana") as ana:
        consent = outside(ana)
    with act("mo") as mo:
        ana_row = Person.objects.get(id=id_of("ana"))
        first = release.prepare_release(mo, ana_row, consent.public_id)
        second = release.prepare_release(mo, ana_row, consent.public_id)
    assert release.carry_out(first.id) == "sent"
    with act("ana") as ana:
        actions.revoke(ana, consent.code)
    assert release.carry_out(second.id) == "withdrawn"
    with act("mo") as mo:
        assert release.release_paper(mo, first.public_id).startswith(b"%PDF-")
        with pytest.raises(NotThere):
            release.release_paper(mo, second.public_id)
        gone = OutgoingRelease.objects.get(id=second.id)
        assert gone.sealed is None and gone.disclosure_id is None
    with act("dee"):
        assert lines() == 1


@pytest.mark.rule("P-29")
def test_a_record_that_came_under_part_2_keeps_its_label_when_it_goes_on(act) -> None:
    with act("mo") as mo:
        ana_row = Person.objects.get(id=id_of("ana"))
        given = {"source": "Old programme", "title": "Summary", "text": "From before.",
                 "received_on": date(2026, 1, 5)}  # fmt: skip
        received.receive(mo, ana_row, given)
        received.receive(mo, ana_row, {**given, "title": "Letter", "part2": False})
        assert ReceivedRecord.objects.get(title="Summary").part2
    with act("ana") as ana:
        consent = outside(ana, kinds=("received_record",))
    with act("mo") as mo:
        row = release.prepare_release(mo, ana_row, consent.public_id)
    release.carry_out(row.id)
    with act("mo"):
        row.refresh_from_db()
        said = open_sealed(bytes(row.sealed), str(row.id))
    assert said.count("Received under 42 CFR part 2") == 1 and "prohibit" in said
    with act("kit") as kit, pytest.raises(NotThere):
        received.receive(kit, ana_row, given)


@pytest.mark.rule("P-31")
def test_what_was_told_in_an_emergency_is_closed_whole_or_not_at_all(act) -> None:
    parts = {
        "recipient": "Dr. Shore", "facility": "County Hospital", "discloser": "Mo Lindgren",
        "told_at": timezone.now(), "nature": "Overdose", "what": "Medicines",
        "why_no_consent": "Not awake",
    }  # fmt: skip
    with act("mo") as mo:
        row = emergencies.begin(mo, Person.objects.get(id=id_of("ana")))
        for name in emergencies.PARTS:
            with pytest.raises(Refused) as refused:
                emergencies.write(mo, row, {**parts, name: None}, close=True)
            assert (refused.value.rule, refused.value.field) == ("P-31", name)
        row.refresh_from_db()
        emergencies.write(mo, row, parts, close=True)
        assert row.closed_at
        with pytest.raises(Refused):
            emergencies.write(mo, row, {"what": "More"})
    with act("ana") as ana:
        (line,) = accounting.my_disclosures(ana)
        assert line.exception == "medical_emergency" and "County Hospital" in line.recipient
    with act("noor") as noor, pytest.raises((NotThere, Person.DoesNotExist)):
        emergencies.begin(noor, Person.objects.get(id=id_of("ana")))


@pytest.mark.rule("P-31")
def test_the_database_itself_closes_no_emergency_with_a_part_missing(act) -> None:
    from django.db import IntegrityError, transaction

    with act("mo") as mo:
        row = emergencies.begin(mo, Person.objects.get(id=id_of("ana")))
        row.closed_at = timezone.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


@pytest.mark.rule("P-35")
def test_seven_made_are_seven_lines_and_the_list_ends_where_the_law_does(act, browse) -> None:
    with act("dee") as dee:
        for number in range(7):
            gate.let_out(dee, [leaving(recipient=f"Clinic {number}")])
        gate.let_out(dee, [leaving(name="ben")])
    with act("ana") as ana:
        assert len(accounting.my_disclosures(ana)) == 7
        later = timezone.now() + timedelta(days=3 * 366)
        assert accounting.my_disclosures(ana, now=later) == []
    page = browse("ana").get("/me/shared/").content.decode()
    assert page.count("Clinic ") >= 7 and "Ben" not in page
    paper = browse("ana").get("/me/shared/copy/")
    assert paper.content.startswith(b"%PDF-") and "document-" in paper["Content-Disposition"]
    today = date(2026, 11, 25)
    assert clocks.in_accounting(date(2020, 11, 26), today, with_consent=False)
    assert not clocks.in_accounting(date(2020, 11, 25), today, with_consent=False)
    assert not clocks.in_accounting(date(2023, 11, 25), today, with_consent=True)
    assert clocks.due("accounting", today) == today + timedelta(days=60)


@pytest.mark.rule("P-20", "P-30")
def test_only_the_paper_for_a_proceeding_opens_a_proceeding(act) -> None:
    with act("ana") as ana:
        other = outside(ana, to=LAWYER)
        court = for_court(ana)
    given = {"recipient": LAWYER, "purpose": "proceedings", "kinds": ("progress_note",)}
    with act("mo") as mo:
        with pytest.raises(Refused):
            gate.let_out(mo, [leaving("proceeding", consent=other.code, **given)])
        assert gate.let_out(mo, [leaving("proceeding", consent=court.code, **given)])
        with pytest.raises(Refused):
            gate.let_out(
                mo, [leaving("release", consent=court.code, **{**given, "purpose": "other"})]
            )


def test_every_exit_has_words_and_purposes_and_every_exception_a_door() -> None:
    used = {exception for way in EXITS.values() for exception in way.exceptions}
    assert used == set(gate.EXCEPTIONS)
    for way in EXITS.values():
        assert way.purposes and set(way.purposes) <= set(gate.PURPOSES) and str(way.words)
    for name in ("psychotherapy_note", "sud_counseling_note"):
        assert policy.kind(name).sealed
