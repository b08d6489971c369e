"""The 837P that a typed claim becomes (B-1, B-2, B-15 to B-17, B-32)."""

from __future__ import annotations

import dataclasses
import logging
from decimal import Decimal

import pytest

from mutual.claims.professional import (
    Adjustment,
    Claim,
    ClaimError,
    ClaimFile,
    EarlierPayer,
    PaidLine,
    Patient,
    Payer,
    Subscriber,
    build_837p,
    split_claim,
)
from mutual.claims.pyx12_check import difference, second_opinion
from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.claims837 import BatchEnd, read_837
from mutual.coverage.x12.claims837 import Claim as ReadClaim
from mutual.coverage.x12.tokenizer import X12Error, read_segments
from tests.claims.samples import (
    ALEX,
    AT,
    BILLING,
    ENVELOPE,
    POLICY,
    SAM,
    claim,
    file_of,
    line,
    spouse_claim,
)


def built(*claims: Claim) -> bytes:
    return build(file_of(*claims))


def build(file: ClaimFile) -> bytes:
    return build_837p(file, envelope=ENVELOPE, transaction_control="0001", at=AT)


def rows(data: bytes, name: str) -> list[str]:
    return [segment.raw() for segment in read_segments(data) if segment.id == name]


@pytest.mark.rule("B-17", "B-19")
def test_a_subscribers_own_claim_follows_the_spine() -> None:
    got = [segment.raw() for segment in read_segments(built(claim(line(1))))]
    assert got[2:] == [
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*BATCH1*20270108*0930*CH",
        "NM1*41*2*EXAMPLE PROGRAMME*****46*PROGRAMME",
        "PER*IC*BILLING OFFICE*TE*2175550100",
        "NM1*40*2*EXAMPLE CLEARING*****46*CLEARING",
        "HL*1**20*1",
        "PRV*BI*PXC*261QR0405X",
        "NM1*85*2*EXAMPLE PROGRAMME*****XX*1234567893",
        "N3*1 EXAMPLE PLAZA",
        "N4*SPRINGFIELD*IL*627041234",
        "REF*EI*123456789",
        "HL*2*1*22*0",
        "SBR*P*18*GRP7******CI",
        "NM1*IL*1*DOE*ALEX****MI*M100",
        "N3*12 EXAMPLE STREET",
        "N4*SPRINGFIELD*IL*62704",
        "DMG*D8*19900301*F",
        "NM1*PR*2*EXAMPLE PAYER*****PI*12345",
        "CLM*C1*450***10:B:1*Y*A*Y*Y",
        "REF*G1*AUTH1",
        "HI*ABK:F1020*ABF:Z630",
        "NM1*82*1*EXAMPLE*ROBIN****XX*1245319599",
        "PRV*PE*PXC*101YA0400X",
        "LX*1",
        "SV1*HC:H0015:HF:95*450*UN*1***1",
        "DTP*472*D8*20270104",
        "REF*6R*L1",
        "SE*28*0001",
        "GE*1*12",
        "IEA*1*000000905",
    ]


@pytest.mark.rule("B-15", "B-17")
def test_a_dependent_gets_a_loop_of_their_own_and_no_18() -> None:
    data = built(claim(), spouse_claim())
    assert rows(data, "HL") == ["HL*1**20*1", "HL*2*1*22*0", "HL*3*1*22*1", "HL*4*3*23*0"]
    assert rows(data, "SBR") == ["SBR*P*18*GRP7******CI", "SBR*P**GRP7******CI"]
    assert rows(data, "PAT") == ["PAT*01"]
    assert [row.split("*")[1] for row in rows(data, "CLM")] == ["C1", "C2"]
    dependent = data.decode().split("HL*3*1*22*1")[1]
    assert dependent.count("DMG") == 1 and "DMG*D8*19880709*M" in dependent


@pytest.mark.rule("B-17")
def test_a_subscriber_listed_as_dependent_is_refused() -> None:
    with pytest.raises(ClaimError, match="must not be listed apart"):
        built(claim(patient=Patient(ALEX, "18")))


@pytest.mark.rule("B-16")
def test_the_claims_charge_is_the_sum_of_its_lines() -> None:
    lines = (line(1, charge=Decimal("450.10")), line(2, charge=Decimal("0.40")))
    assert rows(built(claim(*lines)), "CLM")[0].startswith("CLM*C1*450.5*")


@pytest.mark.rule("B-16")
def test_more_than_fifty_lines_become_several_claims() -> None:
    long = claim(*(line(n) for n in range(1, 104)))
    parts = split_claim(long)
    assert [len(part.lines) for part in parts] == [50, 50, 3]
    assert sum(part.total for part in parts) == long.total
    data = built(long)
    clm = [row.split("*") for row in rows(data, "CLM")]
    assert [(row[1], row[2]) for row in clm] == [
        ("C1-1", "22500"),
        ("C1-2", "22500"),
        ("C1-3", "1350"),
    ]
    assert max(int(row.split("*")[1]) for row in rows(data, "LX")) == 50
    assert second_opinion(data) == []
    with pytest.raises(ClaimError, match="more than 50 lines"):
        built(dataclasses.replace(long, frequency="7", payer_claim_number="P1"))


@pytest.mark.rule("B-27")
def test_a_replacement_carries_the_payers_number_or_is_refused() -> None:
    data = built(claim(frequency="7", payer_claim_number="P99"))
    assert "REF*F8*P99" in rows(data, "REF") and ":B:7*" in rows(data, "CLM")[0]
    with pytest.raises(ClaimError, match="payer's claim number"):
        built(claim(frequency="8"))


@pytest.mark.rule("B-2", "B-32")
@pytest.mark.parametrize("claims", [(claim(),), (spouse_claim(),), (claim(), spouse_claim())])
def test_our_checker_and_pyx12_both_accept_what_we_send(claims: tuple[Claim, ...]) -> None:
    data = built(*claims)
    assert second_opinion(data) == []
    verdict = check_file(data, "out.837")
    assert verdict["ok"] is True, verdict


@pytest.mark.rule("B-32")
def test_what_only_pyx12_dislikes_is_listed(caplog: pytest.LogCaptureFixture) -> None:
    data = built(claim()).replace(b"DTP*472*D8*20270104~\n", b"")
    with caplog.at_level(logging.DEBUG):
        opinion = second_opinion(data)
    assert any(one.id == "DTP" and one.segment for one in opinion)
    assert difference(False, opinion) and not difference(True, opinion)
    assert caplog.records == [], "pyx12 quotes claim values in its log"


@pytest.mark.rule("B-32")
@pytest.mark.parametrize(
    "data",
    [
        "ISA caf\u00e9".encode(),
        b"",
        b"ISA",
        built(claim()).replace(b"10:B:1", b"10:B:1:2:3:4:5"),
        built(claim()).replace(b"005010X222A1", b"005010X999A9"),
    ],
)
def test_input_that_breaks_pyx12_is_an_error_and_not_a_crash(data: bytes) -> None:
    assert second_opinion(data)


@pytest.mark.rule("F-22")
def test_a_birth_date_is_written_as_it_was_typed() -> None:
    assert "DMG*D8*19900301*F" in rows(built(claim()), "DMG")


def test_accents_are_folded_and_other_letters_are_asked_about() -> None:
    person = dataclasses.replace(ALEX, last="Muñoz  Peña", first="Zoë")
    subscriber = dataclasses.replace(POLICY, person=person)
    assert "NM1*IL*1*MUNOZ PENA*ZOE****MI*M100" in rows(built(claim(subscriber=subscriber)), "NM1")
    greek = dataclasses.replace(POLICY, person=dataclasses.replace(ALEX, last="Ωmega"))
    with pytest.raises(ClaimError, match="spell it"):
        built(claim(subscriber=greek))


@pytest.mark.rule("B-1")
@pytest.mark.parametrize("sign", ["*", "~", ":", "^"])
def test_a_separator_in_a_name_never_reaches_the_file(sign: str) -> None:
    person = dataclasses.replace(ALEX, last=f"Do{sign}e")
    with pytest.raises(X12Error, match="separates"):
        built(claim(subscriber=dataclasses.replace(POLICY, person=person)))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (claim(diagnoses=()), "1 to 12 diagnoses"),
        (claim(diagnoses=tuple(f"F10.{n}" for n in range(13))), "1 to 12 diagnoses"),
        (claim(control="a b"), "control number"),
        (claim(line(1, code="H15")), "procedure code"),
        (claim(line(1, modifiers=("HF", "HQ", "95", "HO", "GT"))), "four modifiers"),
        (claim(line(1, pointers=(3,))), "not on the claim"),
        (claim(line(1, pointers=())), "1 to 4 diagnoses"),
        (claim(line(1, units=Decimal(0))), "units above zero"),
        (claim(line(1), line(1)), "same control number"),
        (claim(line(1, charge=Decimal("1.005"))), "whole cents"),
    ],
)
def test_what_the_guide_has_no_room_for_is_refused_in_words(bad: Claim, words: str) -> None:
    with pytest.raises(ClaimError, match=words):
        built(bad)


def test_a_file_holds_a_hundred_claims_and_each_number_once() -> None:
    with pytest.raises(ClaimError, match="1 to 100"):
        built(*(claim(line(1), control=f"C{n}") for n in range(101)))
    with pytest.raises(ClaimError, match="same control number"):
        built(claim(), claim())


def test_a_programme_without_taxonomy_leaves_the_segment_out() -> None:
    file = dataclasses.replace(file_of(claim()), billing=dataclasses.replace(BILLING, taxonomy=""))
    assert all("*BI*" not in row for row in rows(build(file), "PRV"))


def secondary(paid: str = "240", **more: object) -> Claim:
    """Sam's claim to Alex's plan after Sam's own plan has paid."""
    own = Subscriber(SAM, "S200", "GRP9")
    told = PaidLine(
        Decimal(paid),
        AT.date(),
        (
            Adjustment("CO", "45", Decimal("150")),
            Adjustment("PR", "2", Decimal("60")),
        ),
    )
    first = EarlierPayer(Payer("Primary Plan", "54321", rank="P"), own, "18", {"L1": told})
    base = {"payer": Payer("Example Payer", "12345", rank="S"), "earlier": (first,)}
    return spouse_claim(line(1), **(base | more))


@pytest.mark.rule("B-42")
def test_a_secondary_claim_carries_the_primarys_amounts_line_by_line() -> None:
    data = built(secondary())
    assert rows(data, "SBR") == ["SBR*S**GRP7******CI", "SBR*P*18*GRP9******CI"]
    assert rows(data, "AMT") == ["AMT*D*240"]
    assert rows(data, "SVD") == ["SVD*54321*240*HC:H0015:HF:95**1"]
    assert rows(data, "CAS") == ["CAS*CO*45*150", "CAS*PR*2*60"]
    assert "DTP*573*D8*20270108" in rows(data, "DTP")
    assert second_opinion(data) == []
    assert check_file(data, "out.837")["ok"] is True


@pytest.mark.rule("B-42")
def test_an_earlier_payment_that_does_not_balance_is_refused() -> None:
    with pytest.raises(ClaimError, match="add up to the charge"):
        built(secondary(paid="239.99"))
    with pytest.raises(ClaimError, match="same rank"):
        built(secondary(payer=Payer("Example Payer", "12345", rank="P")))
    with pytest.raises(ClaimError, match="decision on a line is missing"):
        built(dataclasses.replace(secondary(), lines=(line(2),)))


@pytest.mark.rule("B-15")
def test_our_own_reader_finds_what_was_written() -> None:
    *claims, end = read_837(built(claim(), spouse_claim()))
    assert isinstance(end, BatchEnd) and end.findings == []
    own, dependent = claims
    assert isinstance(own, ReadClaim) and isinstance(dependent, ReadClaim)
    assert (own.relationship, own.dependent) == ("18", None)
    assert dependent.dependent is not None and dependent.total == Decimal(900)
    assert dependent.dependent.birth == SAM.birth and dependent.authorization == "AUTH1"
    assert [one.control for one in own.lines] == ["L1", "L2"]
