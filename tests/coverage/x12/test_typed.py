"""Remittances and claims read to types."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from bench.x12 import make_835, make_837, memory, ratios
from mutual.coverage.x12.claims835 import ClaimPayment, Remittance, RemittanceEnd, read_835
from mutual.coverage.x12.claims837 import BatchEnd, Claim, read_837
from mutual.coverage.x12.tokenizer import X12Error
from tests.coverage.x12.conftest import FILES

GOOD_835 = (FILES / "good.835").read_bytes()
GOOD_837 = (FILES / "good.837").read_bytes()


def test_a_remittance_reads_to_its_head_claims_lines_and_adjustments() -> None:
    head, claim, end = read_835(GOOD_835)
    assert isinstance(head, Remittance)
    assert (head.total, head.method, head.paid_on) == (Decimal(240), "NON", date(2027, 1, 4))
    assert (head.trace, head.payer_id) == ("TRACE1", "1999999999")
    assert head.payer and head.payer.last == "SIMULATED PAYER"
    assert head.payee and head.payee.id == "1234567893"
    assert isinstance(claim, ClaimPayment) and claim.remittance is head
    assert (claim.control, claim.status, claim.payer_control) == ("C1", "1", "P1")
    assert (claim.billed, claim.paid, claim.patient_responsibility) == (450, 240, 60)
    assert claim.names["QC"].id == "M1" and claim.dates["050"] == date(2027, 1, 3)
    (line,) = claim.lines
    assert (line.procedure.code, line.procedure.modifiers) == ("H0015", ("HF",))
    assert (line.control, line.allowed, line.remarks) == ("L1", Decimal(300), ["N1"])
    assert line.dates["472"] == date(2027, 1, 2)
    assert [(a.group, a.reason, a.amount) for a in line.adjustments] == [
        ("CO", "45", 150), ("PR", "1", 20), ("PR", "2", 40),
    ]  # fmt: skip
    assert isinstance(end, RemittanceEnd) and end.claims == 1 and end.findings == []
    assert [(p.reason, p.reference, p.amount) for p in end.provider_adjustments] == [
        ("L6", "INT", -5), ("WO", "OLD", 5),
    ]  # fmt: skip


def test_money_is_exact_and_never_a_float() -> None:
    data = GOOD_835.replace(b"*450*240*", b"*0.30*0.1*")
    claim = next(c for c in read_835(data) if isinstance(c, ClaimPayment))
    assert claim.billed - claim.paid == Decimal("0.2")
    for item in (claim, *claim.lines, *claim.lines[0].adjustments):
        for field in dataclasses.fields(item):
            assert not isinstance(getattr(item, field.name), float)


@pytest.mark.parametrize("value", [b"NaN", b"1e5", b"1_0", b"Infinity", b"1,5", b"--1"])
def test_what_is_no_plain_number_is_refused_with_its_place(value: bytes) -> None:
    with pytest.raises(X12Error) as caught:
        list(read_835(GOOD_835.replace(b"*450*240*60", b"*450*" + value + b"*60")))
    assert (caught.value.segment, caught.value.element) == ("CLP", "04")


@pytest.mark.rule("B-6")
def test_a_cut_remittance_ends_in_an_error() -> None:
    for cut in (len(GOOD_835) // 2, GOOD_835.index(b"IEA")):
        with pytest.raises(X12Error) as caught:
            list(read_835(GOOD_835[:cut]))
        assert caught.value.code == "truncated"


@pytest.mark.rule("B-2")
def test_faults_of_the_envelope_reach_whoever_posts() -> None:
    wrong = GOOD_835.replace(b"SE*23*0001", b"SE*24*0001").replace(b"SE*22*0001", b"SE*24*0001")
    end = list(read_835(wrong))[-1]
    assert isinstance(end, RemittanceEnd)
    assert [f.code for f in end.findings] == ["se_count"]


def test_a_claim_reads_with_the_levels_above_it() -> None:
    claim, end = read_837(GOOD_837)
    assert isinstance(claim, Claim) and isinstance(end, BatchEnd)
    assert (claim.control, claim.total, claim.place) == ("C1", Decimal(900), "10")
    assert (claim.place_kind, claim.frequency, claim.order, claim.filing) == ("B", "1", "P", "CI")
    assert claim.billing and claim.billing.zip == "122070001"
    assert claim.billing.taxonomy == "261QR0405X" and claim.billing.references == {
        "EI": "123456789"
    }
    assert claim.subscriber and claim.subscriber.name.first == "SAM"
    assert claim.patient is claim.dependent and claim.patient
    assert claim.patient.name.first == "ALEX" and claim.patient.birth == date(1990, 1, 1)
    assert claim.relationship == "01" and claim.authorization == "AUTH1"
    assert claim.diagnoses == [("ABK", "F1020"), ("ABF", "Z630")]
    assert claim.parties["82"].taxonomy == "101YA0400X"
    assert [(x.control, x.procedure.code, x.charge, x.units) for x in claim.lines] == [
        ("L1", "H0015", 450, 1), ("L2", "H0015", 450, 1),
    ]  # fmt: skip
    assert claim.lines[0].dates["472"] == (date(2027, 1, 2), date(2027, 1, 2))
    assert claim.lines[0].pointers == ("1", "2")
    assert (end.claims, end.findings) == (1, [])


def test_the_next_subscriber_inherits_nothing_of_the_one_before() -> None:
    data = GOOD_837.replace(
        b"SE*35*0001",
        b"HL*4*1*22*0~\nSBR*P*18*******CI~\nNM1*IL*1*OTHER*KIT****MI*M2~\nCLM*C2*1***10:B:1~\nSE*39*0001",
    )
    first, second, _end = read_837(data)
    assert isinstance(first, Claim) and isinstance(second, Claim)
    assert second.dependent is None and second.relationship == "18"
    assert second.patient and second.patient.name.first == "KIT"
    assert second.payer is None and second.lines == []


@pytest.mark.rule("B-7")
def test_memory_stays_flat_when_the_remittance_grows() -> None:
    small, large = memory(2 << 20), memory(12 << 20)
    assert large["peak_mb"] < 60
    assert large["peak_mb"] - small["peak_mb"] < 6


def test_reading_to_types_costs_no_more_than_25_bare_tokenizers() -> None:
    figures = ratios(size=1 << 19, rounds=3)
    for kind in ("835", "837"):
        assert figures[kind]["typed_ratio"] < 25, figures


def test_the_generated_files_are_what_they_claim() -> None:
    import io

    out = io.BytesIO()
    assert make_835(1, out) == sum(isinstance(i, ClaimPayment) for i in read_835(out.getvalue()))
    out = io.BytesIO()
    assert make_837(1, out) == sum(isinstance(i, Claim) for i in read_837(out.getvalue()))
