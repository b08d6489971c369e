"""What a 271 says, and what of it may feed an estimate (B-9, B-11 to B-14, B-47)."""

from __future__ import annotations

import datetime as dt
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from mutual.coverage.benefit_math import ChargeLine, CopayBasis, Mode, Network
from mutual.coverage.benefits import (
    PersonBenefits,
    PlanParameters,
    benefits_json,
    plan_parameters,
    read_benefits,
    start_for,
)
from mutual.coverage.estimate import estimate
from mutual.coverage.x12.tokenizer import X12Error

D = Decimal
CORPORA = Path(os.environ.get("MUTUAL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
GOLD = ("EB*1**30*PR*GOLD 123", "EB*A*IND*AI*****.2****Y")


def answer(*body: str, count: int = 0, head: tuple[str, ...] | None = None) -> bytes:
    """A 271 about one subscriber; `body` follows the NM1 (which is segment 11)."""
    spine = head or (
        "BHT*0022*11*10001234*20270104*1319",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE PAYER*****PI*12345",
        "HL*2*1*21*1",
        "NM1*1P*2*EXAMPLE PROGRAMME*****XX*1234567893",
        "HL*3*2*22*0",
        "TRN*2*1*9877281234",
        "NM1*IL*1*DOE*ALEX****MI*M100",
    )
    rows = ["ST*271*0001*005010X279A1", *spine, *body]
    rows.append(f"SE*{count or len(rows) + 1}*0001")
    isa = (
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROGRAMME      "
        "*270104*1319*^*00501*000000001*0*T*:"
    )
    envelope = [isa, "GS*HB*PAYER*PROGRAMME*20270104*1319*1*X*005010X279A1", *rows]
    return ("~".join([*envelope, "GE*1*1", "IEA*1*000000001"]) + "~").encode()


def person(*body: str) -> PersonBenefits:
    (only,) = read_benefits(answer(*body)).people
    return only


def parameters(*body: str, network: Network = Network.IN) -> PlanParameters:
    return plan_parameters(person(*body), network)


@pytest.mark.rule("B-47")
def test_every_service_type_of_a_repeated_element_is_a_fact_with_its_segments() -> None:
    facts = person("EB*C*FAM*30^MH^AI***23*1500*****Y", "MSG*SEE BOOKLET").benefits
    assert [fact.service_type for fact in facts] == ["30", "MH", "AI"]
    for fact in facts:
        assert (fact.kind, fact.level, fact.network) == ("deductible", "family", "in")
        assert (fact.amount, fact.period, fact.remaining) == (D(1500), "calendar_year", False)
        assert fact.segments == (12, 13) and fact.messages == ("SEE BOOKLET",)


def test_the_json_has_the_published_shape() -> None:
    data = answer(*GOLD, "EB*F*IND*AI***23***DY*30*Y*Y", "HSD*VS*12", "AAA*N**72*C")
    told = json.loads(json.dumps(benefits_json(data, "a.271")))
    assert set(told) == {"file", "people"}
    (one,) = told["people"]
    assert set(one) == {
        "member_id",
        "subscriber",
        "active",
        "plan",
        "benefits",
        "refused",
        "carve_outs",
    }
    assert (one["member_id"], one["subscriber"], one["active"]) == ("M100", True, True)
    assert one["plan"] == "GOLD 123"
    assert one["benefits"][1] == {
        "service_type": "AI",
        "kind": "coinsurance",
        "level": "individual",
        "network": "in",
        "period": None,
        "amount": None,
        "percent": "0.20",
        "quantity": None,
        "quantity_kind": None,
        "remaining": False,
        "authorization": None,
        "segments": [13],
        "messages": [],
    }
    limit = one["benefits"][2]
    assert (limit["quantity"], limit["quantity_kind"]) == ("30", "days")
    assert limit["authorization"] == "required"
    assert set(one["refused"][0]) == {"code", "text", "next_step"}


@pytest.mark.rule("B-11")
def test_a_refusal_becomes_a_plain_reason_and_a_next_step() -> None:
    (refusal,) = person("AAA*N**72*C").refused
    assert refusal.code == "72" and refusal.segments == (12,)
    assert refusal.text == "The subscriber's member number is missing or not valid."
    assert "insurance card" in refusal.next_step
    (waiting,) = person("AAA*Y**42*X").refused
    assert waiting.next_step == "Wait 10 days before asking again."
    (strange,) = person("AAA*N**ZZ*C").refused
    assert strange.code == "ZZ" and "Call the payer" in strange.next_step


@pytest.mark.rule("B-11")
def test_a_refusal_above_the_person_reaches_the_person_and_stops_the_estimate() -> None:
    head = (
        "BHT*0022*11*1*20270104*1319",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE PAYER*****PI*12345",
        "AAA*Y**42*P",
    )
    (nobody,) = read_benefits(answer(head=head)).people
    assert nobody.member_id is None and [one.code for one in nobody.refused] == ["42"]
    assert plan_parameters(nobody, Network.IN).plans == ()


def test_a_dependent_answers_under_the_subscribers_number() -> None:
    body = ("HL*4*3*23*0", "TRN*2*2*9877281234", "NM1*03*1*DOE*SAM", *GOLD)
    head_with_child = answer(*body).replace(b"HL*3*2*22*0", b"HL*3*2*22*1")
    (only,) = read_benefits(head_with_child).people
    assert (only.member_id, only.subscriber, only.active) == ("M100", False, True)


@pytest.mark.rule("B-12")
def test_remaining_beats_the_limit() -> None:
    found = parameters(
        *GOLD,
        "EB*C*IND*30***23*1500*****Y",
        "EB*C*IND*30***29*500*****Y",
        "EB*C*FAM*30***29*700*****Y",
    )
    (plan,) = found.plans
    assert plan.individual_deductible == 1500 and found.met.ded == 1000
    assert plan.family_deductible == 700 and plan.mode is Mode.DED_THEN_COINS
    assert found.sources["individual deductible"] == (14, 15)


@pytest.mark.rule("B-12")
def test_without_remaining_the_limit_stands_with_a_flag_or_less_what_is_met() -> None:
    bare = parameters(*GOLD, "EB*C*IND*30***23*1500*****Y")
    assert bare.met.ded == 0 and bare.remaining_unknown == ("individual deductible",)
    to_date = parameters(*GOLD, "EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***24*400*****Y")
    assert to_date.met.ded == 400 and to_date.remaining_unknown == ()


@pytest.mark.rule("B-12")
def test_both_networks_count_for_each_and_out_never_feeds_in() -> None:
    body = (
        "EB*1**30",
        "EB*C*IND*30***29*500*****W",
        "EB*A*IND*AI*****.4****N",
        "EB*A*IND*30*****.2****Y",
    )
    inside, outside = parameters(*body), parameters(*body, network=Network.OUT)
    assert inside.plans[0].coinsurance == D("0.2") and outside.plans[0].coinsurance == D("0.4")
    assert inside.plans[0].individual_deductible == 500
    assert outside.plans[0].individual_deductible == 500
    only_out = parameters("EB*1**30", "EB*C*IND*30***29*500*****N", "EB*A*IND*AI*****.4****N")
    assert only_out.plans == ()
    assert any("did not state a deductible" in text for text in only_out.unknown)


def test_the_most_specific_fact_wins() -> None:
    body = [*GOLD, "EB*C*IND*30***29*0*****Y", "EB*A*IND*30*****.5****Y", "EB*A*IND*MH*****.3****Y"]
    assert parameters(*body).plans[0].coinsurance == D("0.2")
    body.append("EB*A*IND*CJ*****.1****Y*HC:H0015")
    assert parameters(*body).plans[0].coinsurance == D("0.1")
    body.append("EB*A*IND*CJ*****.9****Y*HC:90837")
    assert parameters(*body).plans[0].coinsurance == D("0.1")


@pytest.mark.rule("B-13")
def test_a_carve_out_stops_the_estimate_and_names_the_vendor() -> None:
    body = (
        *GOLD,
        "EB*C*IND*30***29*0*****Y",
        "EB*U**MH^AI",
        "LS*2120",
        "NM1*VN*2*EXAMPLE BEHAVIORAL",
        "PER*IC**TE*8005550100",
        "LE*2120",
    )
    found = parameters(*body)
    assert found.plans == ()
    (stop,) = found.stops
    assert stop.vendor == "EXAMPLE BEHAVIORAL" and "EXAMPLE BEHAVIORAL" in stop.text
    (out,) = person(*body).carve_outs
    assert out.contacts == (("phone", "8005550100"),) and out.service_types == ("MH", "AI")
    assert parameters(*(row.replace("MH^AI", "35") for row in body)).plans


@pytest.mark.rule("B-14")
def test_copay_and_coinsurance_for_one_service_give_both_readings() -> None:
    found = parameters(*GOLD, "EB*C*IND*30***29*0*****Y", "EB*B*IND*AI***7*35*****Y")
    assert [plan.mode for plan in found.plans] == [Mode.DED_THEN_COINS, Mode.COPAY_ONLY]
    assert found.plans[1].copay == 35 and found.plans[1].copay_basis is CopayBasis.DAY
    line = ChargeLine(dt.date(2027, 1, 4), "A", D(450), D(300))
    result = estimate(found.plans, start_for({"A": found}), [line])
    assert (result.low, result.high) == (D(35), D(60))


@pytest.mark.parametrize(
    ("row", "kind"),
    [("EB*I**AI", "not_covered"), ("EB*E**AI", "excluded"), ("EB*6**30", "inactive")],
)
def test_no_cover_stops_the_estimate(row: str, kind: str) -> None:
    found = parameters("EB*A*IND*AI*****.2****Y", "EB*C*IND*30***29*0*****Y", row)
    assert found.plans == () and kind in {stop.kind for stop in found.stops}


def test_authorization_has_three_answers() -> None:
    assert parameters(*GOLD).authorization == "unknown"
    assert parameters(*GOLD, "EB*1**AI********Y*Y").authorization == "required"
    silent = parameters(*GOLD, "EB*1**30********Y*Y", "EB*1**AI********N*Y")
    assert silent.authorization == "not_required"


def test_a_message_never_becomes_a_number_and_is_pointed_out() -> None:
    found = parameters(*GOLD, "EB*B*IND*AI***26*50*****Y", "MSG*50 PER DAY AFTER DEDUCTIBLE")
    assert found.plans == ()
    assert any("episode" in text for text in found.unknown)
    noted = parameters(*GOLD, "EB*C*IND*30***29*100*****Y", "MSG*WAIVED FOR LABS")
    assert any("message to the individual deductible" in text for text in noted.unknown)


def test_a_day_limit_keeps_what_is_left() -> None:
    body = (*GOLD, "EB*C*IND*30***29*0*****Y", "EB*F*IND*AI***23***DY*30**Y")
    found = parameters(*body, "EB*F*IND*AI***29***DY*2**Y")
    assert found.plans[0].limit == 30 and found.met.used == 28
    assert any("not in days" in t for t in parameters(*body, "EB*F*IND*AI***29***HS*9**Y").unknown)


@pytest.mark.rule("B-34")
def test_the_answer_of_vector_14_gives_its_amounts() -> None:
    body = (
        "EB*C*IND*30***29*500*****Y",
        "EB*C*FAM*30***29*700*****Y",
        "EB*A*IND*AI*****.2****Y",
        "EB*G*IND*30***29*4000*****Y",
        "EB*1*FAM*30^AI*PR*EXAMPLE PLAN",
    )
    each = {"A": parameters(*body), "S": parameters(*body)}
    lines = [
        ChargeLine(dt.date(2027, 1, 4) + dt.timedelta(days=n), who, D(450), D(300))
        for n in range(3)
        for who in "AS"
    ]
    result = estimate(each["A"].plans, start_for(each), lines)
    assert result.owes == {"A": D(500), "S": D(420)} and result.low == result.high == D(920)


@pytest.mark.rule("B-6")
def test_a_cut_off_file_says_nothing() -> None:
    data = answer(*GOLD)
    for end in range(1, len(data) - 1, 7):
        with pytest.raises(X12Error):
            read_benefits(data[:end])


@pytest.mark.rule("B-2", "B-9")
def test_a_bad_transaction_refuses_only_itself() -> None:
    with pytest.raises(X12Error) as refused:
        read_benefits(answer(*GOLD, count=99))
    assert refused.value.segment == "SE" and refused.value.position == 14
    good = answer(*GOLD).decode().split("~")
    bad = [row.replace("0001", "0002") for row in good[2:14]]
    bad[-1] = "SE*5*0002"
    data = "~".join([*good[:14], *bad, "GE*2*1", "IEA*1*000000001", ""]).encode()
    report = read_benefits(data)
    assert len(report.people) == 1 and len(report.errors) == 1
    open_end = "~".join([*good[:14], *bad[:-1], "GE*2*1", "IEA*1*000000001", ""]).encode()
    assert [e.code for e in read_benefits(open_end).errors] == ["se_missing"]
    told = benefits_json(data, "x")
    assert told["errors"] == [
        {
            "segment": 26,
            "id": "SE",
            "element": "01",
            "code": "se_count",
            "text": "SE01 is not 12, ST and SE included",
        }
    ]


def test_an_amount_that_is_no_number_refuses_with_its_place() -> None:
    with pytest.raises(X12Error) as refused:
        read_benefits(answer("EB*C*IND*30***23*1,500*****Y"))
    assert (refused.value.position, refused.value.element) == (12, "07")


def test_another_transaction_is_refused_by_name() -> None:
    with pytest.raises(X12Error, match="not a 271"):
        read_benefits(answer(*GOLD).replace(b"ST*271", b"ST*835"))


def test_every_public_sample_is_read_or_refused_with_place_and_reason() -> None:
    folder = CORPORA / "x12" / "271"
    if not folder.is_dir():
        pytest.skip("the sample files are not here")
    read = 0
    for path in sorted(folder.iterdir()):
        try:
            report = read_benefits(path.read_bytes())
        except X12Error as error:
            assert error.position and error.segment and error.text
            continue
        read += 1
        json.dumps(benefits_json(path.read_bytes(), path.name))
        for one in report.people:
            for network in Network:
                plan_parameters(one, network)
    assert read == 10


def test_a_sample_with_a_byte_order_mark_and_repeats_reads_like_the_plain_one() -> None:
    path = CORPORA / "x12" / "271" / "oopfactory___271-_5010__Example_3_1_2.txt"
    if not path.is_file():
        pytest.skip("the sample files are not here")
    (one,) = read_benefits(path.read_bytes()).people
    copays = [fact for fact in one.benefits if fact.kind == "copay" and fact.service_type == "MH"]
    assert [(fact.amount, fact.network, fact.period) for fact in copays] == [
        (D(10), "in", "visit"),
        (D(30), "out", "visit"),
    ]
