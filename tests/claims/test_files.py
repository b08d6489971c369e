"""Claims and the files that carry them: one patient each, once, checked twice, logged."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection, transaction

from mutual.base.refusal import NotThere, Refused
from mutual.claims import actions, filing, queries
from mutual.claims.models import BillableDay, BillingIdentity, Claim, ClaimFile, ClaimLine
from mutual.claims.pyx12_check import second_opinion
from mutual.coverage import actions as coverage
from mutual.coverage import queries as insurance_queries
from mutual.coverage.models import Authorization
from mutual.people.models import Couple, Person
from mutual.privacy.actions import revoke
from mutual.privacy.models import Disclosure
from tests.claims import factories as make
from tests.coverage import factories as insurance
from tests.world import id_of


def both(authorization: str = "not_required") -> None:
    """Two days each for Ana and Ben, on policies of their own."""
    payer = make.insured("ana", authorization=authorization)
    make.diagnosed("ben", "F11.20")
    from mutual.wall.testing import acting_as

    with acting_as(id_of("bill"), "staff") as bill:
        insurance.card(bill, "ben", payer, member_id="M-BEN")
    for days in (6, 4):
        make.day("ana", make.ago(days))
        make.day("ben", make.ago(days))


def text_of(file: ClaimFile, act) -> str:
    with act("bill") as bill:
        return filing.bytes_of(bill, file.public_id)[1].decode("ascii")


@pytest.mark.rule("B-15", "B-16", "B-29")
def test_each_partner_has_a_claim_of_their_own(act) -> None:
    both()
    with act("bill") as bill:
        made = actions.make_claims(bill)
        assert {claim.person_id for claim in made} == {id_of("ana"), id_of("ben")}
        for claim in made:
            lines = list(ClaimLine.objects.filter(claim=claim))
            assert {line.person_id for line in lines} == {claim.person_id}
            assert claim.total == sum(line.charge for line in lines) == 900
        states = set(BillableDay.objects.values_list("state", flat=True))
        assert states == {"billed"}


@pytest.mark.rule("F-13", "B-29")
def test_pressing_five_times_makes_each_claim_and_each_file_once(act) -> None:
    both()
    with act("bill") as bill:
        made = [actions.make_claims(bill) for _ in range(5)]
        assert [len(one) for one in made] == [2, 0, 0, 0, 0]
        files = {filing.build_file(bill, made[0]).id for _ in range(5)}
        assert len(files) == 1
    with act("ana"):
        assert Disclosure.objects.filter(person_id=id_of("ana")).count() == 1


@pytest.mark.rule("B-29", "B-21")
def test_the_database_refuses_a_second_line_for_the_same_day(act) -> None:
    both()
    with act("bill") as bill:
        claim = actions.make_claims(bill)[0]
        line = ClaimLine.objects.filter(claim=claim)[0]
        with pytest.raises(DatabaseError), transaction.atomic():
            ClaimLine.objects.create(
                claim=claim, person_id=line.person_id, date=line.date, code=line.code,
                charge=line.charge, control="X",
            )  # fmt: skip
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            ClaimLine.objects.filter(id=line.id).update(charge=1)


@pytest.mark.rule("B-15", "B-18", "B-19", "B-25", "B-32", "F-22")
def test_the_file_is_a_whole_837p_that_pyx12_accepts(act) -> None:
    both()
    with act("bill") as bill:
        file = filing.build_file(bill, actions.make_claims(bill))
    data = text_of(file, act)
    assert second_opinion(data.encode()) == []
    assert data.count("CLM*") == 2 and data.count("SV1*HC:H0015") == 4
    assert "HI*ABK:F1020~" in data and "HI*ABK:F1120~" in data
    assert "DMG*D8*19900301*F" in data, "a birth date has no zone"
    assert re.search(r"CLM\*\w+\*900\*\*\*10:B:1", data)
    assert file.total == 1800 and file.claim_count == 2
    assert re.fullmatch(r"document-\w{4}\.txt", file.name)
    with act("bill"):
        sealed = bytes(ClaimFile.objects.get(id=file.id).sealed)
    assert b"H0015" not in sealed and b"FICTION" not in sealed


@pytest.mark.rule("B-31", "P-58", "F-17")
def test_no_byte_of_a_claim_names_the_partner_or_a_record_number(act) -> None:
    both()
    with act("bill") as bill:
        made = actions.make_claims(bill)
        mine = [claim for claim in made if claim.person_id == id_of("ana")]
        file = filing.build_file(bill, mine)
    with act("ada"):
        couple = Couple.objects.get(id=id_of("ab"))
        numbers = [couple.public_id, *Person.objects.values_list("public_id", flat=True)]
    data = text_of(file, act)
    assert "ANA" in data and "*BEN" not in data and "F1120" not in data
    assert not [one for one in numbers if str(one).upper() in data.upper()]


@pytest.mark.rule("B-17", "F-17", "B-31")
def test_a_dependent_stands_under_the_policyholder_and_nowhere_else(act) -> None:
    make.insured("ana")
    with act("bill") as bill:
        insurance.dependent_of_ben(bill, insurance.payer(bill))
    make.day("ana", make.ago(3))
    with act("ana") as ana:
        coverage.answer_confidential(ana, insurance_queries.own_card(ana), "usual")
    with act("bill") as bill:
        file = filing.build_file(bill, actions.make_claims(bill))
    data = text_of(file, act)
    assert re.search(r"SBR\*P\*\*GRP7", data), "SBR02 stays empty for a dependent"
    assert "PAT*01~" in data and "NM1*QC*1*FICTION*ANA" in data
    assert data.count("BEN") == 1 and "NM1*IL*1*FICTION*BEN" in data


@pytest.mark.rule("B-26")
def test_the_claim_carries_its_authorization_and_uses_its_units(act) -> None:
    payer = make.insured("ana", authorization="required")
    with act("bill") as bill:
        coverage.add_authorization(
            bill, Person.objects.get(id=id_of("ana")), payer, number="AUTH77", units=5,
            first_day=make.ago(20), last_day=make.ago(-20),
        )  # fmt: skip
    make.day("ana", make.ago(6))
    make.day("ana", make.ago(4))
    with act("bill") as bill:
        (claim,) = actions.make_claims(bill)
        assert Authorization.objects.get(number="AUTH77").left == 3
        file = filing.build_file(bill, [claim])
    assert "REF*G1*AUTH77~" in text_of(file, act)


@pytest.mark.rule("B-25")
def test_a_day_by_voice_only_carries_modifier_93(act) -> None:
    make.insured("ana")
    session = make.seat("ana", make.ago(3))
    make.came(session, "ana", audio_only=True)
    make.noted(session, "ana")
    with act("bill") as bill:
        file = filing.build_file(bill, actions.make_claims(bill))
    assert "SV1*HC:H0015:HF:93*450" in text_of(file, act)


@pytest.mark.rule("B-25")
def test_the_place_of_service_is_the_one_named_at_the_sessions_start(act) -> None:
    make.insured("ana")
    make.day("ana", make.ago(6))
    away = make.seat("ana", make.ago(4))
    make.placed(away, "ana", "work")
    make.came(away, "ana")
    make.noted(away, "ana")
    with act("bill") as bill:
        made = actions.make_claims(bill)
        assert sorted(claim.place for claim in made) == ["02", "10"]
        file = filing.build_file(bill, made)
    data = text_of(file, act)
    assert "***02:B:1" in data and "***10:B:1" in data


@pytest.mark.rule("P-27", "P-35")
def test_each_claim_that_leaves_is_a_line_in_its_persons_log(act) -> None:
    both()
    with act("bill") as bill:
        file = filing.build_file(bill, actions.make_claims(bill))
        assert file.claim_count == 2
    with act("ana"):
        (line,) = Disclosure.objects.all()
        assert line.person_id == id_of("ana") and line.recipient == "Example Payer"
        assert line.purpose == "payment" and line.notice_id.startswith("2.32-")
        assert "payment consent signed" in line.basis


@pytest.mark.rule("P-28", "B-45")
def test_a_consent_taken_back_after_the_claim_was_made_stops_the_file(act) -> None:
    both()
    with act("bill") as bill:
        made = actions.make_claims(bill)
    with act("ana") as ana:
        revoke(ana, "tpo")
    with act("bill") as bill:
        with pytest.raises(filing.NothingLeft) as held:
            filing.build_file(bill, made)
        assert {one.rule for one in held.value.problems} == {"P-28"}
        assert not ClaimFile.objects.exists()
        assert set(Claim.objects.values_list("state", flat=True)) == {"ready"}
    with act("ben"):
        assert not Disclosure.objects.exists(), "nothing left, not even the other's claim"


@pytest.mark.rule("B-32")
def test_a_file_that_pyx12_refuses_does_not_leave(act, monkeypatch) -> None:
    from mutual.claims.pyx12_check import SecondOpinion

    both()
    monkeypatch.setattr(
        filing, "second_opinion", lambda data: [SecondOpinion(9, "N3", "01", "1", "too long")]
    )
    with act("bill") as bill:
        with pytest.raises(filing.NothingLeft, match="too long"):
            filing.build_file(bill, actions.make_claims(bill))
        assert not ClaimFile.objects.exists()


@pytest.mark.rule("B-18")
def test_wrong_numbers_of_the_programme_are_refused(act) -> None:
    with act("bill") as bill:
        for name, bad in (("npi", "1234567890"), ("tax_id", "12"), ("postcode", "78701")):
            with pytest.raises(Refused) as refused:
                actions.save_identity(bill, {**make.IDENTITY, name: bad})
            assert refused.value.field == name
        assert not BillingIdentity.objects.exists()


@pytest.mark.rule("B-3")
def test_a_control_number_never_comes_again_after_a_rollback(act) -> None:
    with act("bill"):
        seen = []
        for _ in range(3):
            try:
                with transaction.atomic():
                    seen.append(filing.next_control("interchange"))
                    raise RuntimeError
            except RuntimeError:
                seen.append(filing.next_control("interchange"))
        assert len(set(seen)) == 6


@pytest.mark.rule("B-3")
@pytest.mark.django_db(transaction=False)
def test_two_workers_never_get_the_same_control_number(act) -> None:
    import psycopg

    from mutual.base import database

    with act("bill"):
        mine = [filing.next_control("group") for _ in range(5)]
        name = connection.settings_dict["NAME"]
        with psycopg.connect(**database.dsn(database.APP, name)) as other:
            theirs = [
                other.execute("select nextval('public.claims_group_control')").fetchone()[0]
                for _ in range(5)
            ]
        mine += [filing.next_control("group") for _ in range(5)]
        assert not set(mine) & set(theirs)


@pytest.mark.rule("B-3")
def test_each_file_has_numbers_of_its_own(act) -> None:
    both()
    with act("bill") as bill:
        files = [filing.build_file(bill, [claim]) for claim in actions.make_claims(bill)]
        assert len({one.interchange_control for one in files}) == 2
        assert len({one.group_control for one in files}) == 2
    first = text_of(files[0], act)
    assert f"*{files[0].interchange_control:09d}*0*T*:~" in first


def test_a_claim_in_a_file_is_not_taken_back_and_one_before_is(act) -> None:
    both()
    with act("bill") as bill:
        made = actions.make_claims(bill)
        assert actions.take_back(bill, made[0]).state == "voided"
        again = actions.make_claims(bill)
        assert len(again) == 1 and again[0].person_id == made[0].person_id
        filing.build_file(bill, [made[1]])
        with pytest.raises(Refused, match="in a file"):
            actions.take_back(bill, made[1])


@pytest.mark.rule("P-4", "F-17")
def test_nobody_but_a_biller_finds_files_and_nobody_but_the_person_their_claims(act) -> None:
    both()
    with act("bill") as bill:
        file = filing.build_file(bill, actions.make_claims(bill))
    for name in ("dee", "ada", "mo", "reyes", "ana", "ben"):
        with act(name) as somebody:
            assert not ClaimFile.objects.exists()
            with pytest.raises(NotThere):
                filing.bytes_of(somebody, file.public_id)
            with pytest.raises(NotThere):
                queries.billing(somebody)
    with act("ana"):
        assert {one.person_id for one in Claim.objects.all()} == {id_of("ana")}
    with act("mo"):
        assert not Claim.objects.exists()


def test_what_left_stays_as_it_left(act) -> None:
    both()
    with act("bill") as bill:
        file = filing.build_file(bill, actions.make_claims(bill))
        assert ClaimFile.objects.filter(id=file.id).update(name="other") == 0
