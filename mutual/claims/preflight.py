"""Everything that must be right before a claim leaves: our own checks.

Source: rules/coverage.md B-15 to B-31, rules/privacy.md P-28. pyx12 gives a second
opinion on the bytes (`pyx12_check`); the business rules stand only here. A finding that is
`block` needs a correction, `hold` waits for something to happen, `warn` may be sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.claims.claim import Claim, ClaimError, ServiceLine
from mutual.claims.facts import Authorization, ClaimFacts, LineFacts
from mutual.claims.professional import claim_segments
from mutual.claims.rules import (
    PROGRAMME_DAY,
    Billable,
    bare,
    billable_day,
    diagnosis_shaped,
    filing_stage,
    npi_valid,
    relationship_only,
    substance_use,
    tax_id_valid,
    zip9_valid,
)
from mutual.coverage.x12.tokenizer import Segment, X12Error

BLOCK, HOLD, WARN = "block", "hold", "warn"
HOME, ELSEWHERE, AUDIO = "10", "02", "93"


@dataclass(frozen=True)
class Finding:
    """One thing that is not right; `line` is the line's control number, "" for the claim."""

    rule: str
    text: str
    severity: str = BLOCK
    line: str = ""


def preflight(claim: Claim, facts: ClaimFacts) -> list[Finding]:
    """All findings of one claim, the claim's own first; empty means that it may be sent."""
    found = [*_consent(facts), *_identity(claim, facts), *_providers(claim, facts)]
    found.extend(_diagnoses(claim, facts))
    left = {index: one.units_left for index, one in enumerate(facts.authorizations)}
    for line in claim.lines:
        told = facts.lines.get(line.control)
        if told is None:
            text = _("Nothing is known of the session behind this line.")
            found.append(Finding("B-21", say(text), HOLD, line.control))
            continue
        found.extend(_belongs(claim, line, told))
        found.extend(_place(claim, line, told))
        found.extend(_signed(line, told))
        found.extend(_conjoint(line, told, facts))
        found.extend(_authorized(claim, line, facts, left))
        found.extend(_credentialed(claim, line, facts))
        found.extend(_timely(line, facts))
    found.extend(_programme_days(claim, facts))
    found.extend(_bundles(claim, facts))
    found.extend(_duplicates(claim, facts))
    found.extend(_outgoing(claim, facts))
    return found


def may_send(findings: list[Finding]) -> bool:
    """Whether nothing blocks or holds the claim."""
    return all(finding.severity == WARN for finding in findings)


def _consent(facts: ClaimFacts) -> Iterator[Finding]:
    if not facts.consent_in_force:
        text = _("Held: consent. The patient's own payment consent is not in force.")
        yield Finding("P-28", say(text), HOLD)


def _identity(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    if claim.patient is None and facts.partner_is_subscriber:
        text = _("The partner holds the policy: the patient must be listed as a dependent.")
        yield Finding("B-17", say(text))
    if claim.patient is not None:
        if claim.patient.person == claim.subscriber.person:
            text = _("The patient is the subscriber and must not be listed as a dependent.")
            yield Finding("B-17", say(text))
        if not re.fullmatch(r"[0-9A-Z]{2}", claim.patient.relationship):
            yield Finding(
                "B-17", say(_("The patient's relationship to the subscriber is missing."))
            )
    if claim.frequency in ("7", "8") and not claim.payer_claim_number:
        text = _("A replacement or void needs the payer's claim number.")
        yield Finding("B-27", say(text))


def _providers(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    billing = facts.billing
    if not npi_valid(billing.npi):
        yield Finding("B-18", say(_("The programme's NPI is not valid: check its digits.")))
    if claim.rendering is not None and not npi_valid(claim.rendering.npi):
        yield Finding("B-18", say(_("The clinician's NPI is not valid: check its digits.")))
    if not tax_id_valid(billing.tax_id):
        yield Finding("B-18", say(_("The programme's tax number must have nine digits.")))
    if not zip9_valid(billing.address.zip):
        yield Finding("B-18", say(_("The programme's ZIP code must have nine digits.")))


def _diagnoses(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    if not claim.diagnoses:
        yield Finding("B-19", say(_("The claim has no diagnosis.")))
        return
    for code in claim.diagnoses:
        if not diagnosis_shaped(code):
            yield Finding("B-19", say(_("{code} is not an ICD-10-CM code."), code=code))
            continue
        for date in sorted({line.date for line in claim.lines}):
            valid = facts.diagnosis_valid(bare(code), date)
            if valid is not True:
                text = (
                    _("{code} is not a valid code on {date}.")
                    if valid is False
                    else _("Whether {code} is valid on {date} is not known: load the code set.")
                )
                severity = BLOCK if valid is False else HOLD
                yield Finding("B-19", say(text, code=code, date=date.isoformat()), severity)
                break
    if len({bare(code) for code in claim.diagnoses}) != len(claim.diagnoses):
        yield Finding("B-19", say(_("A diagnosis is listed twice.")))
    if all(relationship_only(code) for code in claim.diagnoses):
        yield Finding("B-20", say(_("Relationship distress (Z63.0) alone is not payable.")))
    elif relationship_only(claim.diagnoses[0]):
        text = _("Relationship distress (Z63.0) can't be the first diagnosis.")
        yield Finding("B-20", say(text))
    programme = [line for line in claim.lines if line.code == PROGRAMME_DAY]
    if programme and not substance_use(claim.diagnoses[0]):
        text = _("A programme day needs a principal diagnosis of F10 to F19.")
        yield Finding("B-19", say(text))
    if programme and not facts.has_sud_diagnosis:
        text = _("A partner without a substance use diagnosis of their own has no programme day.")
        yield Finding("B-24", say(text))


def _belongs(claim: Claim, line: ServiceLine, told: LineFacts) -> Iterator[Finding]:
    if told.patient_key != claim.patient_key:
        text = _("This line belongs to another patient: every claim has one patient.")
        yield Finding("B-15", say(text), BLOCK, line.control)


def _place(claim: Claim, line: ServiceLine, told: LineFacts) -> Iterator[Finding]:
    expected = HOME if told.location == "home" else ELSEWHERE
    if (line.place or claim.place) != expected:
        text = _("The place of service must be {place}, as the session's start recorded.")
        yield Finding("B-25", say(text, place=expected), BLOCK, line.control)
    if told.audio_only and AUDIO not in line.modifiers:
        yield Finding(
            "B-25", say(_("A session by voice only needs modifier 93.")), BLOCK, line.control
        )
    if not told.audio_only and AUDIO in line.modifiers:
        text = _("Modifier 93 says voice only, but the session had video.")
        yield Finding("B-25", say(text), BLOCK, line.control)


def _signed(line: ServiceLine, told: LineFacts) -> Iterator[Finding]:
    if line.code == PROGRAMME_DAY:
        return  # the whole day is judged at once
    if not told.attendance_signed:
        yield Finding("B-21", say(_("The attendance is not signed.")), HOLD, line.control)
    if not told.note_signed:
        yield Finding("B-21", say(_("The note is not signed.")), HOLD, line.control)


def _conjoint(line: ServiceLine, told: LineFacts, facts: ClaimFacts) -> Iterator[Finding]:
    if line.code in facts.payer.conjoint:
        if told.billed_for_partner:
            text = _("This joint session is already billed for the other partner.")
            yield Finding("B-23", say(text), BLOCK, line.control)
        if not told.patient_attended:
            text = _("A joint session needs the patient's presence in the attendance.")
            yield Finding("B-23", say(text), BLOCK, line.control)
    if line.code in facts.payer.patient_absent and told.patient_attended:
        text = _("This code is for sessions without the patient, who attended.")
        yield Finding("B-23", say(text), BLOCK, line.control)


def _covers(one: Authorization, claim: Claim, line: ServiceLine) -> bool:
    return (
        one.code == line.code
        and one.first <= line.date <= one.last
        and claim.authorization in ("", one.number)
    )


def _authorized(
    claim: Claim, line: ServiceLine, facts: ClaimFacts, left: dict[int, int]
) -> Iterator[Finding]:
    """Use up units line by line, so that the claim's own lines count too (B-26, F-16)."""
    need = facts.payer.authorization
    if need == "not_required" and not claim.authorization:
        return
    if need == "unknown" and not facts.authorizations:
        text = _("Whether this code needs an authorization is not known: ask the payer.")
        yield Finding("B-26", say(text), HOLD, line.control)
        return
    fitting = [n for n, one in enumerate(facts.authorizations) if _covers(one, claim, line)]
    if not fitting:
        text = _("No authorization covers this code on this day.")
        yield Finding("B-26", say(text), HOLD, line.control)
        return
    for index in fitting:
        if left[index] >= line.units:
            left[index] -= int(line.units)
            if not claim.authorization:
                text = _("The claim must carry authorization {number}.")
                number = facts.authorizations[index].number
                yield Finding("B-26", say(text, number=number), BLOCK, line.control)
            return
    yield Finding("B-26", say(_("No units left on the authorization.")), HOLD, line.control)


def _credentialed(claim: Claim, line: ServiceLine, facts: ClaimFacts) -> Iterator[Finding]:
    if claim.rendering is None:
        return
    for one in facts.credentials:
        inside = one.first <= line.date and (one.last is None or line.date <= one.last)
        if one.npi == claim.rendering.npi and inside:
            return
    text = _("The clinician is not credentialed with this payer on that day.")
    yield Finding("B-28", say(text), HOLD, line.control)


def _timely(line: ServiceLine, facts: ClaimFacts) -> Iterator[Finding]:
    if facts.today is None:
        return
    stage = filing_stage(line.date, facts.today, facts.payer.filing_days)
    if stage == "late":
        yield Finding("B-30", say(_("The payer's filing limit has passed.")), BLOCK, line.control)
    elif stage in ("half", "urgent"):
        share = "80" if stage == "urgent" else "50"
        text = _("{share} % of the payer's filing time are gone.")
        yield Finding("B-30", say(text, share=share), WARN, line.control)
    elif stage == "unknown":
        text = _("The payer's filing limit is not known: look it up.")
        yield Finding("B-30", say(text), WARN, line.control)


def _programme_days(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    lines = [line for line in claim.lines if line.code == PROGRAMME_DAY]
    replaces = claim.frequency in ("7", "8")
    billed = {one.date for one in facts.billed if one.code == PROGRAMME_DAY and not replaces}
    seen = Counter(line.date for line in lines)
    for line in lines:
        if line.units != 1 or line.unit != "UN" or seen[line.date] > 1:
            text = _("A programme day is one unit per day and patient.")
            yield Finding("B-21", say(text), BLOCK, line.control)
        day = facts.days.get(line.date)
        if day is None:
            text = _("No minutes are documented for this day.")
            yield Finding("B-21", say(text), HOLD, line.control)
            continue
        verdict = billable_day(
            line.date, day, facts.payer.minimum_minutes, already_billed=line.date in billed
        )
        if not isinstance(verdict, Billable):
            yield Finding("B-21", verdict.reason, HOLD, line.control)


def _bundles(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    """A programme day already contains its sessions, in this claim or in earlier ones (B-22)."""
    earlier = set() if claim.frequency in ("7", "8") else {(b.date, b.code) for b in facts.billed}
    every = earlier | {(line.date, line.code) for line in claim.lines}
    for line in claim.lines:
        codes = {code for date, code in every if date == line.date}
        if (line.code in facts.payer.bundled and PROGRAMME_DAY in codes) or (
            line.code == PROGRAMME_DAY and codes & facts.payer.bundled
        ):
            text = _("A programme day and a service that it contains are on one day.")
            yield Finding("B-22", say(text), BLOCK, line.control)


def _duplicates(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    if claim.frequency == "7":
        return
    seen = set() if claim.frequency == "8" else {
        (one.date, one.code, tuple(sorted(one.modifiers))) for one in facts.billed
    }  # fmt: skip
    for line in claim.lines:
        key = (line.date, line.code, tuple(sorted(line.modifiers)))
        if key in seen:
            text = _("The same service of this day is billed already.")
            yield Finding("B-29", say(text), BLOCK, line.control)
        seen.add(key)


def _outgoing(claim: Claim, facts: ClaimFacts) -> Iterator[Finding]:
    try:
        segments = claim_segments(claim)
    except (ClaimError, X12Error) as error:
        yield Finding("B-1", str(error))
        return
    yield from search_outgoing(segments, facts)


def search_outgoing(segments: list[Segment], facts: ClaimFacts) -> Iterator[Finding]:
    """Look for the partner's name and our record numbers in what would leave (B-31).

    Where the partner holds the policy, the payer needs that name in the subscriber's loop and
    nowhere else.
    """
    in_subscriber = False
    for segment in segments:
        if segment.id == "NM1":
            in_subscriber = segment.get(1) == "IL"
        elif segment.id in ("HL", "CLM"):
            in_subscriber = False
        words = _words(segment.raw())
        # A patient's own shared surname stands in their own name; only the whole name tells.
        if not (in_subscriber and facts.partner_is_subscriber):
            for name in facts.partner_names:
                wanted = _words(name)
                if wanted and wanted <= words:
                    text = _("The partner's name stands in {segment}: take it out.")
                    yield Finding("B-31", say(text, segment=segment.id))
        for number in facts.record_numbers:
            if number and number.upper() in segment.raw().upper():
                text = _("A record number of ours stands in {segment}: take it out.")
                yield Finding("B-31", say(text, segment=segment.id))


def _words(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", text)
    bare_text = "".join(mark for mark in folded if not unicodedata.combining(mark)).upper()
    return set(re.findall(r"[A-Z0-9']+", bare_text))
