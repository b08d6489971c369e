"""Our own checks before a claim leaves (B-15 to B-29, B-31, P-28, F-16)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from mutual.claims.facts import (
    Authorization,
    Billed,
    ClaimFacts,
    Credential,
    LineFacts,
    PayerFacts,
)
from mutual.claims.preflight import may_send, preflight
from mutual.claims.professional import Claim, Patient
from mutual.claims.rules import ProgrammeDay
from tests.claims.samples import ALEX, BILLING, MONDAY, POLICY, claim, line, spouse_claim

GOOD_DAY = ProgrammeDay(190, 10, attendance_signed=True, notes_signed=True)
TUESDAY = MONDAY + dt.timedelta(days=1)
PAYER_FACTS = PayerFacts(180, frozenset({"H0004", "90834", "90853"}), authorization="required")


def told(key: str = "alex", **more: Any) -> LineFacts:
    base: dict[str, Any] = {
        "patient_key": key,
        "location": "home",
        "attendance_signed": True,
        "note_signed": True,
    }
    return LineFacts(**(base | more))


def facts(**more: Any) -> ClaimFacts:
    base: dict[str, Any] = {
        "billing": BILLING,
        "payer": PAYER_FACTS,
        "consent_in_force": True,
        "has_sud_diagnosis": True,
        "lines": {"L1": told(), "L2": told()},
        "days": {MONDAY: GOOD_DAY, TUESDAY: GOOD_DAY},
        "authorizations": (Authorization("AUTH1", "H0015", MONDAY, TUESDAY, 12),),
        "credentials": (Credential("1245319599", MONDAY),),
        "partner_names": ("Samuel Roe", "Sam Roe"),
        "record_numbers": ("MRN-4711",),
        "diagnosis_valid": lambda code, on: True,
    }
    return ClaimFacts(**(base | more))


def rules(one: Claim, given: ClaimFacts) -> set[str]:
    return {finding.rule for finding in preflight(one, given)}


def only(one: Claim, given: ClaimFacts) -> tuple[str, str, str]:
    (finding,) = preflight(one, given)
    return finding.rule, finding.text, finding.severity


def session(code: str, **more: Any) -> Claim:
    """A claim of one session that needs no programme day."""
    return claim(line(1, code, modifiers=("95",)), **({"authorization": ""} | more))


FREE = PayerFacts(None, authorization="not_required")


@pytest.mark.rule("B-15", "B-16", "B-18", "B-19", "B-21", "B-25", "B-26", "B-28", "B-31")
def test_a_right_claim_has_no_findings() -> None:
    assert preflight(claim(), facts()) == []
    assert may_send([])


@pytest.mark.rule("P-28")
def test_without_the_patients_own_consent_the_claim_is_held() -> None:
    rule, text, severity = only(claim(), facts(consent_in_force=False))
    assert (rule, severity) == ("P-28", "hold") and text.startswith("Held: consent")


@pytest.mark.rule("B-15")
def test_a_line_of_the_partner_never_joins_the_claim() -> None:
    given = facts(lines={"L1": told(), "L2": told("sam")})
    assert only(claim(), given)[0] == "B-15"


@pytest.mark.rule("B-17")
def test_the_patient_is_a_dependent_exactly_when_the_partner_holds_the_policy() -> None:
    assert "B-17" in rules(claim(), facts(partner_is_subscriber=True))
    assert "B-17" in rules(claim(patient=Patient(ALEX, "01")), facts())
    assert "B-17" in rules(spouse_claim(patient=Patient(ALEX, "")), facts())


@pytest.mark.rule("B-18")
@pytest.mark.parametrize(
    "change",
    [
        {"npi": "1234567890"},
        {"npi": "123456789"},
        {"tax_id": "12-345678"},
        {"address": dataclasses.replace(BILLING.address, zip="62704")},
    ],
)
def test_the_programmes_identifiers_are_checked(change: dict[str, Any]) -> None:
    given = facts(billing=dataclasses.replace(BILLING, **change))
    assert only(claim(), given)[0] == "B-18"


@pytest.mark.rule("B-19")
def test_a_code_must_be_valid_on_the_day_of_service() -> None:
    ended = facts(diagnosis_valid=lambda code, on: on < TUESDAY or code != "F1020")
    rule, text, severity = only(claim(), ended)
    assert (rule, severity) == ("B-19", "block") and "2027-01-05" in text
    unknown = facts(diagnosis_valid=lambda code, on: None)
    assert {f.severity for f in preflight(claim(), unknown)} == {"hold"}


@pytest.mark.rule("B-19")
@pytest.mark.parametrize("codes", [("F33.1",), ("10.20",), ("F10.20", "F1020"), ()])
def test_a_programme_day_needs_its_own_principal_diagnosis(codes: tuple[str, ...]) -> None:
    assert "B-19" in rules(claim(diagnoses=codes), facts())


@pytest.mark.rule("B-20")
def test_relationship_distress_alone_or_first_is_blocked() -> None:
    lines = facts(payer=FREE, lines={"L1": told()})
    alone = only(session("90847", diagnoses=("Z63.0",)), lines)
    assert alone[0] == "B-20" and alone[2] == "block"
    assert only(session("90847", diagnoses=("Z630", "F10.20")), lines)[0] == "B-20"
    assert "B-20" not in rules(session("90847", diagnoses=("F10.20", "Z63.0")), lines)


@pytest.mark.rule("B-21")
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dataclasses.replace(GOOD_DAY, minutes=189), "179 minutes count"),
        (dataclasses.replace(GOOD_DAY, attendance_signed=False), "attendance"),
        (dataclasses.replace(GOOD_DAY, notes_signed=False), "note"),
    ],
)
def test_a_short_or_unsigned_day_is_held(day: ProgrammeDay, words: str) -> None:
    rule, text, severity = only(claim(), facts(days={MONDAY: day, TUESDAY: GOOD_DAY}))
    assert (rule, severity) == ("B-21", "hold") and words in text


@pytest.mark.rule("B-21")
def test_an_unknown_minimum_holds_the_day() -> None:
    given = facts(payer=dataclasses.replace(PAYER_FACTS, minimum_minutes=None))
    assert [f.severity for f in preflight(claim(), given)] == ["hold", "hold"]


@pytest.mark.rule("B-21")
def test_a_day_is_one_unit_and_billed_once() -> None:
    two = claim(line(1, units=Decimal(2)), line(2))
    assert "B-21" in rules(two, facts())
    twice = claim(line(1), line(2, date=MONDAY, modifiers=("HF",)))
    assert "B-21" in rules(twice, facts())
    before = facts(billed=(Billed(MONDAY, "H0015", ("HQ",)),))
    assert only(claim(), before)[0] == "B-21"
    again = claim(frequency="7", payer_claim_number="P1")
    assert preflight(again, before) == []


@pytest.mark.rule("B-22")
def test_a_programme_day_and_a_service_in_it_exclude_each_other() -> None:
    both = claim(line(1), line(2, "90834", date=MONDAY, modifiers=("95",)))
    given = facts(
        authorizations=(
            Authorization("AUTH1", "H0015", MONDAY, TUESDAY, 12),
            Authorization("AUTH1", "90834", MONDAY, TUESDAY, 12),
        )
    )
    assert [f.line for f in preflight(both, given) if f.rule == "B-22"] == ["L1", "L2"]
    earlier = facts(billed=(Billed(MONDAY, "H0004", ()),))
    assert [f.line for f in preflight(claim(), earlier)] == ["L1"]


@pytest.mark.rule("B-23")
def test_a_joint_session_is_billed_for_one_partner_who_was_there() -> None:
    def joint(code: str, **more: Any) -> set[str]:
        return rules(session(code), facts(payer=FREE, lines={"L1": told(**more)}))

    assert joint("90847") == set() and joint("T1006") == set()
    assert joint("T1006", billed_for_partner=True) == {"B-23"}
    assert joint("90847", patient_attended=False) == {"B-23"}
    assert joint("90846") == {"B-23"}
    assert joint("90846", patient_attended=False) == set()


@pytest.mark.rule("B-24")
def test_a_partner_without_a_diagnosis_has_no_programme_day() -> None:
    rule, _text, severity = only(claim(), facts(has_sud_diagnosis=False))
    assert (rule, severity) == ("B-24", "block")


@pytest.mark.rule("B-25")
def test_the_place_follows_the_location_and_voice_only_is_marked() -> None:
    away = facts(lines={"L1": told(location="other"), "L2": told()})
    assert only(claim(), away)[0] == "B-25"
    assert preflight(claim(line(1, place="02"), line(2)), away) == []
    voice = facts(lines={"L1": told(audio_only=True), "L2": told()})
    assert only(claim(), voice)[0] == "B-25"
    assert preflight(claim(line(1, modifiers=("HF", "93")), line(2)), voice) == []
    assert only(claim(line(1, modifiers=("HF", "93")), line(2)), facts())[0] == "B-25"


@pytest.mark.rule("B-26", "F-16")
def test_the_thirteenth_of_twelve_units_is_held() -> None:
    def units(left: int) -> ClaimFacts:
        return facts(authorizations=(Authorization("AUTH1", "H0015", MONDAY, TUESDAY, left),))

    assert preflight(claim(), units(2)) == []
    (finding,) = preflight(claim(), units(1))
    assert (finding.rule, finding.severity, finding.line) == ("B-26", "hold", "L2")
    assert finding.text == "No units left on the authorization."


@pytest.mark.rule("B-26")
@pytest.mark.parametrize(
    "one",
    [
        Authorization("AUTH2", "H0015", MONDAY, TUESDAY, 12),
        Authorization("AUTH1", "S9480", MONDAY, TUESDAY, 12),
        Authorization("AUTH1", "H0015", MONDAY, MONDAY, 12),
    ],
)
def test_number_code_and_dates_of_the_authorization_must_fit(one: Authorization) -> None:
    assert rules(claim(), facts(authorizations=(one,))) == {"B-26"}


@pytest.mark.rule("B-26")
def test_an_unknown_need_for_authorization_holds_and_a_missing_number_blocks() -> None:
    unknown = dataclasses.replace(PAYER_FACTS, authorization="unknown")
    bare = claim(authorization="")
    assert {f.severity for f in preflight(bare, facts(payer=unknown, authorizations=()))} == {
        "hold"
    }
    assert {f.severity for f in preflight(bare, facts())} == {"block"}
    none = dataclasses.replace(PAYER_FACTS, authorization="not_required")
    assert preflight(bare, facts(payer=none, authorizations=())) == []


@pytest.mark.rule("B-27")
def test_a_replacement_without_the_payers_number_is_blocked() -> None:
    assert "B-27" in rules(claim(frequency="7"), facts())


@pytest.mark.rule("B-28")
@pytest.mark.parametrize(
    "one",
    [
        Credential("1234567893", MONDAY),
        Credential("1245319599", TUESDAY),
        Credential("1245319599", MONDAY - dt.timedelta(days=90), MONDAY - dt.timedelta(days=1)),
    ],
)
def test_a_clinician_not_credentialed_on_the_day_is_held(one: Credential) -> None:
    assert "B-28" in rules(claim(), facts(credentials=(one,)))


@pytest.mark.rule("B-29")
def test_the_same_service_is_not_billed_twice() -> None:
    given = facts(payer=FREE, lines={"L1": told()}, billed=(Billed(MONDAY, "90834", ("95",)),))
    assert only(session("90834"), given)[0] == "B-29"
    replacing = session("90834", frequency="7", payer_claim_number="P1")
    assert preflight(replacing, given) == []


@pytest.mark.rule("B-30")
@pytest.mark.parametrize(
    ("days", "severity"),
    [(44, None), (45, "warn"), (71, "warn"), (72, "warn"), (90, "warn"), (91, "block")],
)
def test_the_filing_clock_warns_at_half_and_four_fifths(days: int, severity: str | None) -> None:
    ninety = dataclasses.replace(FREE, filing_days=90)
    given = facts(payer=ninety, lines={"L1": told()}, today=MONDAY + dt.timedelta(days=days))
    found = preflight(session("90834"), given)
    assert [f.severity for f in found] == ([severity] if severity else [])
    assert may_send(found) is (severity != "block")
    if severity == "warn":
        assert found[0].text.startswith("80" if days >= 72 else "50")


@pytest.mark.rule("B-31")
def test_the_partners_name_and_record_numbers_never_leave() -> None:
    named = claim(line(1, control="ROE-SAMUEL"), line(2))
    given = facts(lines={"ROE-SAMUEL": told(), "L2": told()})
    assert only(named, given)[0] == "B-31"
    numbered = claim(control="mrn-4711")
    assert only(numbered, facts())[0] == "B-31"


@pytest.mark.rule("B-31")
def test_a_partner_who_holds_the_policy_is_named_there_and_nowhere_else() -> None:
    sam = {
        "lines": {"L1": told("sam"), "L2": told("sam")},
        "partner_names": ("Alex Doe",),
        "partner_is_subscriber": True,
    }
    assert preflight(spouse_claim(), facts(**sam)) == []
    assert only(spouse_claim(control="DOE-ALEX"), facts(**sam))[0] == "B-31"
    group = dataclasses.replace(POLICY, group="DOE ALEX")
    assert only(spouse_claim(subscriber=group), facts(**sam))[0] == "B-31"


def test_what_cannot_be_written_is_a_finding() -> None:
    bad = claim(subscriber=dataclasses.replace(POLICY, member_id="M*1"))
    assert only(bad, facts())[0] == "B-1"


def test_a_line_of_which_nothing_is_known_is_held() -> None:
    finding = preflight(claim(), facts(lines={"L1": told()}))[0]
    assert (finding.line, finding.severity) == ("L2", "hold")
