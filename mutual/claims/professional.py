"""A typed professional claim and its 837P bytes (guide 005010X222A1).

Source: rules/coverage.md, "837P spine", B-15 to B-17. What can't be written truly is refused
here (`ClaimError`); whether a claim *should* be sent is decided by `preflight`. Loop facts come
from public maps, not from the purchased guide: no certification is claimed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.claims.claim import (
    Address,
    Adjustment,
    BillingProvider,
    Claim,
    ClaimError,
    ClaimFile,
    EarlierPayer,
    PaidLine,
    Patient,
    Payer,
    Person,
    Receiver,
    RenderingProvider,
    ServiceLine,
    Submitter,
    Subscriber,
)
from mutual.coverage.x12.tokenizer import Delimiters, Segment
from mutual.coverage.x12.writer import (
    STANDARD,
    Element,
    Envelope,
    Transaction,
    build,
    write_interchange,
)

GUIDE = "005010X222A1"
MOST_LINES = 50
MOST_DIAGNOSES = 12
MOST_MODIFIERS = 4
MOST_CLAIMS = 100
SELF = "18"

__all__ = [
    "Adjustment",
    "EarlierPayer",
    "PaidLine",
    "Address",
    "BillingProvider",
    "Claim",
    "ClaimError",
    "ClaimFile",
    "Patient",
    "Payer",
    "Person",
    "Receiver",
    "RenderingProvider",
    "ServiceLine",
    "Submitter",
    "Subscriber",
    "build_837p",
    "claim_segments",
    "split_claim",
    "transaction_segments",
]


def plain(text: str) -> str:
    """`text` in the capital letters that claims carry: accents dropped, spaces single.

    Raises:
        ClaimError: a character has no plain form; the person decides how to spell it.
    """
    folded = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ß", "ss"))
    kept = "".join(mark for mark in folded if not unicodedata.combining(mark))
    kept = " ".join(kept.split()).upper()
    if not (kept.isascii() and kept.isprintable()):
        raise ClaimError(
            say(_("A name or address has letters that claims can't carry: spell it in A to Z."))
        )
    return kept


def money(amount: Decimal) -> str:
    """Dollars as X12 writes them: no zeros at the end of the cents."""
    if amount < 0 or amount != amount.quantize(Decimal("0.01")):
        raise ClaimError(say(_("A charge must be whole cents and not below zero.")))
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(date: dt.date) -> str:
    """A day as X12 writes it; a birth date has no zone (F-22)."""
    return date.strftime("%Y%m%d")


def split_claim(claim: Claim) -> list[Claim]:
    """The claim in parts of at most 50 lines, each with a control number of its own (B-16)."""
    if len(claim.lines) <= MOST_LINES:
        return [claim]
    if claim.frequency != "1":
        raise ClaimError(
            say(_("A replacement or void can't have more than 50 lines: replace each part."))
        )
    parts = [
        claim.lines[start : start + MOST_LINES] for start in range(0, len(claim.lines), MOST_LINES)
    ]
    return [
        dataclasses.replace(claim, control=f"{claim.control}-{n}", lines=lines)
        for n, lines in enumerate(parts, 1)
    ]


def build_837p(
    file: ClaimFile, *, envelope: Envelope, transaction_control: str, at: dt.datetime
) -> bytes:
    """The file as bytes, claims of more than 50 lines split.

    Control numbers come from the caller, who never repeats them (B-3).

    Raises:
        ClaimError: a claim can't be written.
        X12Error: a value holds a character that separates X12 data (B-1).
    """
    body = transaction_segments(file, at, envelope.delimiters)
    transaction = Transaction("837", GUIDE, transaction_control, body)
    return write_interchange(envelope, "HC", [transaction], at)


def transaction_segments(
    file: ClaimFile, at: dt.datetime, delimiters: Delimiters = STANDARD
) -> list[Segment]:
    """Everything between ST and SE."""
    claims = [part for claim in file.claims for part in split_claim(claim)]
    if not 0 < len(claims) <= MOST_CLAIMS:
        raise ClaimError(say(_("One file carries 1 to 100 claims; send the rest in another.")))
    controls = [claim.control for claim in claims]
    if len(set(controls)) != len(controls):
        raise ClaimError(say(_("Two claims of the file have the same control number.")))
    out = _Writer(delimiters)
    stamp = (at.strftime("%Y%m%d"), at.strftime("%H%M"))
    out("BHT", "0019", "00", _short(file.reference, 50), *stamp, "CH")
    sender, receiver = file.submitter, file.receiver
    out("NM1", "41", "2", plain(sender.name), "", "", "", "", "46", sender.identifier)
    out("PER", "IC", plain(sender.contact), "TE", _digits(sender.phone))
    out("NM1", "40", "2", plain(receiver.name), "", "", "", "", "46", receiver.identifier)
    _billing(out, file.billing)
    for claim in claims:
        _claim_loops(out, claim)
    return out.segments


def claim_segments(claim: Claim, delimiters: Delimiters = STANDARD) -> list[Segment]:
    """The loops of one claim alone (2000B on), for checks on what would leave."""
    out = _Writer(delimiters)
    for part in split_claim(claim):
        _claim_loops(out, part)
    return out.segments


class _Writer:
    """Collects segments and numbers the hierarchy."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.segments: list[Segment] = []
        self.delimiters = delimiters
        self.levels = 0

    def __call__(self, name: str, *elements: Element) -> None:
        self.segments.append(build(name, *elements, delimiters=self.delimiters))

    def level(self, code: str, parent: int | None, children: bool) -> int:
        """One HL; returns its number."""
        self.levels += 1
        above = "" if parent is None else str(parent)
        self("HL", str(self.levels), above, code, "1" if children else "0")
        return self.levels


def _billing(out: _Writer, billing: BillingProvider) -> None:
    out.level("20", None, True)
    if billing.taxonomy:
        out("PRV", "BI", "PXC", billing.taxonomy)
    out("NM1", "85", "2", plain(billing.name), "", "", "", "", "XX", billing.npi)
    _address(out, billing.address)
    out("REF", "EI", _digits(billing.tax_id))


def _claim_loops(out: _Writer, claim: Claim) -> None:
    _check(claim)
    own = claim.patient is None
    level = out.level("22", 1, not own)
    payer, subscriber = claim.payer, claim.subscriber
    # 18 says that patient and subscriber are one person; otherwise the element stays empty (B-17).
    group = plain(subscriber.group)
    rest = ("", "", "", "", "", payer.filing)
    out("SBR", payer.rank, SELF if own else "", group, *rest)
    _person(out, "IL", subscriber.person, subscriber.member_id)
    if own:
        _address(out, subscriber.person.address)
        _demographics(out, subscriber.person)
    out("NM1", "PR", "2", plain(payer.name), "", "", "", "", "PI", payer.identifier)
    if claim.patient is not None:
        out.level("23", level, False)
        out("PAT", claim.patient.relationship)
        _person(out, "QC", claim.patient.person, "")
        _address(out, claim.patient.person.address)
        _demographics(out, claim.patient.person)
    _claim(out, claim)


def _claim(out: _Writer, claim: Claim) -> None:
    place = (claim.place, "B", claim.frequency)
    out("CLM", claim.control, money(claim.total), "", "", place, "Y", "A", "Y", "Y")
    if claim.authorization:
        out("REF", "G1", claim.authorization)
    if claim.payer_claim_number:
        out("REF", "F8", claim.payer_claim_number)
    codes = [code.replace(".", "").upper() for code in claim.diagnoses]
    out("HI", *((("ABK" if n == 0 else "ABF"), code) for n, code in enumerate(codes)))
    if claim.rendering is not None:
        who = claim.rendering
        out("NM1", "82", "1", plain(who.last), plain(who.first), "", "", "", "XX", who.npi)
        if who.taxonomy:
            out("PRV", "PE", "PXC", who.taxonomy)
    for earlier in claim.earlier:
        _earlier(out, claim, earlier)
    for number, line in enumerate(claim.lines, 1):
        out("LX", str(number))
        pointers = tuple(str(pointer) for pointer in line.pointers)
        place_of_line = line.place if line.place != claim.place else ""
        procedure = ("HC", line.code, *line.modifiers)
        units = format(line.units.normalize(), "f")
        out("SV1", procedure, money(line.charge), line.unit, units, place_of_line, "", pointers)
        out("DTP", "472", "D8", day(line.date))
        out("REF", "6R", line.control)
        for earlier in claim.earlier:
            _earlier_line(out, earlier, line)


def _earlier(out: _Writer, claim: Claim, earlier: EarlierPayer) -> None:
    """Loops 2320 and 2330: who paid before, and the sum of what it paid for these lines."""
    payer, holder = earlier.payer, earlier.subscriber
    paid = sum((earlier.lines[line.control].paid for line in claim.lines), Decimal(0))
    rest = ("", "", "", "", "", payer.filing)
    out("SBR", payer.rank, earlier.relationship, plain(holder.group), *rest)
    out("AMT", "D", money(paid))
    out("OI", "", "", "Y", "", "", "Y")
    _person(out, "IL", holder.person, holder.member_id)
    _address(out, holder.person.address)
    out("NM1", "PR", "2", plain(payer.name), "", "", "", "", "PI", payer.identifier)


def _earlier_line(out: _Writer, earlier: EarlierPayer, line: ServiceLine) -> None:
    """Loop 2430; amounts stand on lines only, never again on the claim."""
    told = earlier.lines[line.control]
    procedure = ("HC", line.code, *line.modifiers)
    units = format(told.units.normalize(), "f")
    out("SVD", earlier.payer.identifier, money(told.paid), procedure, "", units)
    for group in dict.fromkeys(one.group for one in told.adjustments):
        elements: list[str] = []
        for one in told.adjustments:
            if one.group == group:
                elements += [one.reason, money(one.amount), ""]
        for start in range(0, len(elements), 18):  # six adjustments to a segment
            out("CAS", group, *elements[start : start + 18])
    out("DTP", "573", "D8", day(told.on))


def _earlier_problems(claim: Claim) -> Iterator[str]:
    for earlier in claim.earlier:
        if earlier.payer.rank == claim.payer.rank:
            yield say(_("two payers of it have the same rank"))
        for line in claim.lines:
            told = earlier.lines.get(line.control)
            if told is None:
                yield say(_("the earlier payer's decision on a line is missing"))
            elif told.paid + sum(one.amount for one in told.adjustments) != line.charge:
                yield say(_("an earlier payment and its adjustments don't add up to the charge"))


def _check(claim: Claim) -> None:
    """Refuse what the guide has no room for."""
    for problem in _problems(claim):
        raise ClaimError(
            say(_("Claim {control}: {problem}"), control=claim.control, problem=problem)
        )


def _problems(claim: Claim) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,20}", claim.control):
        yield say(_("its control number must be 1 to 20 letters, digits or hyphens"))
    if not claim.lines:
        yield say(_("it has no service lines"))
    if not 0 < len(claim.diagnoses) <= MOST_DIAGNOSES:
        yield say(_("it needs 1 to 12 diagnoses"))
    if claim.patient is not None and claim.patient.relationship == SELF:
        yield say(_("a patient who is the subscriber must not be listed apart"))
    if claim.frequency in ("7", "8") and not claim.payer_claim_number:
        yield say(_("a replacement or void needs the payer's claim number"))
    yield from _earlier_problems(claim)
    controls = [line.control for line in claim.lines]
    if len(set(controls)) != len(controls):
        yield say(_("two lines have the same control number"))
    for line in claim.lines:
        if not re.fullmatch(r"[A-Z0-9]{5}", line.code):
            yield say(_("a procedure code has five letters or digits"))
        if len(line.modifiers) > MOST_MODIFIERS:
            yield say(_("a line carries at most four modifiers"))
        if line.units <= 0:
            yield say(_("a line needs units above zero"))
        if not 0 < len(line.pointers) <= 4:
            yield say(_("a line points to 1 to 4 diagnoses"))
        if any(not 0 < pointer <= len(claim.diagnoses) for pointer in line.pointers):
            yield say(_("a line points to a diagnosis that is not on the claim"))


def _person(out: _Writer, code: str, person: Person, member_id: str) -> None:
    names = (plain(person.last), plain(person.first), plain(person.middle))
    identifier = ("MI", member_id) if member_id else ()
    out("NM1", code, "1", *names, "", "", *identifier)


def _address(out: _Writer, address: Address) -> None:
    out("N3", plain(address.line1), plain(address.line2))
    out("N4", plain(address.city), plain(address.state), _digits(address.zip))


def _demographics(out: _Writer, person: Person) -> None:
    out("DMG", "D8", day(person.birth), person.sex)


def _digits(text: str) -> str:
    return re.sub(r"[ ().+-]", "", text)


def _short(text: str, most: int) -> str:
    if not 0 < len(text) <= most:
        raise ClaimError(say(_("The file's reference must have 1 to {most} signs."), most=most))
    return text
