"""Claims (837 professional, institutional, dental) read to typed claims, as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from mutual.coverage.x12.envelope import Envelope, TransactionInfo
from mutual.coverage.x12.findings import Finding
from mutual.coverage.x12.tokenizer import Reader, Segment, X12Error
from mutual.coverage.x12.typed import Name, Procedure, day, decimal, name, period, procedure


@dataclass(slots=True)
class Party:
    """Who is named at a place of the claim: name, address, references and birth as sent."""

    segment: int
    name: Name
    address: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip: str = ""
    references: dict[str, str] = field(default_factory=dict)
    birth: date | None = None
    sex: str = ""
    taxonomy: str = ""


@dataclass(slots=True)
class OtherPayer:
    """Another plan of the patient (2320): order, relationship, what it paid."""

    segment: int
    order: str
    relationship: str
    filing: str
    amounts: dict[str, Decimal] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)


@dataclass(slots=True)
class ClaimLine:
    """One service line: what was done, when, how often, for how much."""

    segment: int
    number: str
    procedure: Procedure = Procedure("", "")
    revenue: str = ""
    charge: Decimal = Decimal(0)
    unit: str = ""
    units: Decimal = Decimal(0)
    place: str = ""
    pointers: tuple[str, ...] = ()
    dates: dict[str, tuple[date, date]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)

    @property
    def control(self) -> str:
        """The sender's line number (REF*6R)."""
        return self.references.get("6R", "")


@dataclass(slots=True)
class Claim:
    """One CLM with the levels above it. `patient` is the subscriber or the dependent."""

    segment: int
    set_control: str
    version: str
    control: str
    total: Decimal
    place: str
    place_kind: str
    frequency: str
    billing: Party | None
    subscriber: Party | None
    dependent: Party | None
    payer: Party | None
    order: str
    relationship: str
    filing: str
    group: str
    diagnoses: list[tuple[str, str]] = field(default_factory=list)
    dates: dict[str, tuple[date, date]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    others: list[OtherPayer] = field(default_factory=list)
    lines: list[ClaimLine] = field(default_factory=list)

    @property
    def patient(self) -> Party | None:
        return self.dependent or self.subscriber

    @property
    def authorization(self) -> str:
        """Prior authorization number (REF*G1), or empty."""
        return self.references.get("G1", "")


@dataclass(slots=True)
class BatchEnd:
    """The end of one 837: how many claims, and faults of envelope and counts if any."""

    control: str
    version: str
    claims: int
    findings: list[Finding]


def read_837(source: bytes | BinaryIO) -> Iterator[Claim | BatchEnd]:
    """The claims of each 837 of a file, then its end. Other sets are skipped.

    Raises X12Error where the file can't be read or ends too early (B-6).
    """
    envelope = Envelope()
    reader = Reader(source)
    one: _One | None = None
    feed = envelope.feed
    for segment in reader:
        info = feed(segment)
        if info is None or info.set != "837":
            continue
        id = segment.id
        if id == "ST":
            one = _One(info)
        elif one is not None:
            if id in ("CLM", "HL", "SE"):
                claim = one.take()
                if claim is not None:
                    yield claim
            if id == "SE":
                yield BatchEnd(info.control, info.version, one.claims, info.findings)
                one = None
                continue
            reads = _READS.get(id)
            if reads is not None:
                reads(one, segment)
    envelope.finish(reader.position)
    for fault in envelope.findings:
        raise X12Error(fault.segment, fault.id, fault.element, fault.code, fault.text)


class _One:
    """Reads one set; levels above the claim stay until the next HL of their kind."""

    def __init__(self, info: TransactionInfo) -> None:
        self.info = info
        self.claims = 0
        self.level = ""
        self.billing: Party | None = None
        self.subscriber: Party | None = None
        self.dependent: Party | None = None
        self.payer: Party | None = None
        self.party: Party | None = None
        self.taxonomy = ""
        self.sbr: tuple[str, str, str, str] = ("", "", "", "")
        self.relationship = ""
        self.claim: Claim | None = None
        self.line: ClaimLine | None = None
        self.other: OtherPayer | None = None

    def take(self) -> Claim | None:
        claim, self.claim = self.claim, None
        self.line = self.other = self.party = None
        return claim

    def hl(self, s: Segment) -> None:
        self.level = s.get(3)
        if self.level == "20":
            self.billing = self.subscriber = self.payer = self.dependent = None
            self.taxonomy = ""
        elif self.level == "22":
            self.subscriber = self.payer = self.dependent = None
            self.sbr, self.relationship = ("", "", "", ""), ""
        elif self.level == "23":
            self.dependent = None

    def sbr_(self, s: Segment) -> None:
        if self.claim is None:
            self.sbr = (s.get(1), s.get(2), s.get(9), s.get(3))
            self.relationship = s.get(2)
        else:
            self.party = None
            self.other = OtherPayer(s.position, s.get(1), s.get(2), s.get(9))
            self.claim.others.append(self.other)

    def pat(self, s: Segment) -> None:
        if self.level == "23":
            self.relationship = s.get(1)

    def nm1(self, s: Segment) -> None:
        entity = s.get(1)
        party = self.party = Party(s.position, name(s))
        if self.claim is not None:
            owner = self.line or self.other or self.claim
            owner.parties[entity] = party
        elif entity == "85":
            self.billing = party
            party.taxonomy = self.taxonomy
        elif entity == "IL":
            self.subscriber = party
        elif entity == "PR":
            self.payer = party
        elif entity == "QC":
            self.dependent = party

    def n3(self, s: Segment) -> None:
        if self.party is not None:
            self.party.address = tuple(e for e in s.elements[:2] if e)

    def n4(self, s: Segment) -> None:
        if self.party is not None:
            self.party.city, self.party.state, self.party.zip = s.get(1), s.get(2), s.get(3)

    def dmg(self, s: Segment) -> None:
        if self.party is not None:
            self.party.birth = day(s.get(2), s, 2) if s.get(2) else None
            self.party.sex = s.get(3)

    def prv(self, s: Segment) -> None:
        if self.claim is None and self.billing is None:
            self.taxonomy = s.get(3)
        elif self.party is not None:
            self.party.taxonomy = s.get(3)

    def ref(self, s: Segment) -> None:
        # Inside a claim a reference behind a name is the name's, before one the claim's or line's.
        owner: Party | ClaimLine | Claim | None = self.party or self.line or self.claim
        if owner is not None:
            owner.references[s.get(1)] = s.get(2)

    def clm(self, s: Segment) -> None:
        self.claims += 1
        order, relationship, filing, group = self.sbr
        parts = s.components(5) + ["", "", ""]
        self.claim = Claim(
            s.position, self.info.control, self.info.version, s.get(1), decimal(s, 2),
            parts[0], parts[1], parts[2], self.billing, self.subscriber, self.dependent,
            self.payer, order, self.relationship or relationship, filing, group,
        )  # fmt: skip

    def hi(self, s: Segment) -> None:
        if self.claim is not None:
            for n in range(1, len(s.elements) + 1):
                parts = s.components(n)
                if len(parts) > 1:
                    self.claim.diagnoses.append((parts[0], parts[1]))

    def dtp(self, s: Segment) -> None:
        owner = self.line or self.claim
        if owner is not None and s.get(2) in ("D8", "RD8", "DT") and self.other is None:
            owner.dates[s.get(1)] = period(s)

    def amt(self, s: Segment) -> None:
        owner = self.other or self.claim
        if owner is not None and self.line is None:
            owner.amounts[s.get(1)] = decimal(s, 2)

    def lx(self, s: Segment) -> None:
        if self.claim is not None:
            self.other = self.party = None
            self.line = ClaimLine(s.position, s.get(1))
            self.claim.lines.append(self.line)

    def sv1(self, s: Segment) -> None:
        if self.line is not None:
            self._service(s, 1, 0)
            self.line.place = s.get(5)
            self.line.pointers = tuple(s.components(7))

    def sv2(self, s: Segment) -> None:
        if self.line is not None:
            self.line.revenue = s.get(1)
            self._service(s, 2, 1)

    def sv3(self, s: Segment) -> None:
        if self.line is not None:
            self.line.procedure, self.line.charge = procedure(s, 1), decimal(s, 2)
            self.line.place, self.line.units = s.get(3), decimal(s, 6, "1")

    def _service(self, s: Segment, code: int, shift: int) -> None:
        line = self.line
        assert line is not None
        line.procedure, line.charge = procedure(s, code), decimal(s, 2 + shift)
        line.unit, line.units = s.get(3 + shift), decimal(s, 4 + shift)


_READS: dict[str, Callable[[_One, Segment], None]] = {
    "HL": _One.hl, "SBR": _One.sbr_, "PAT": _One.pat, "NM1": _One.nm1, "N3": _One.n3,
    "N4": _One.n4, "DMG": _One.dmg, "PRV": _One.prv, "REF": _One.ref, "CLM": _One.clm,
    "HI": _One.hi, "DTP": _One.dtp, "AMT": _One.amt, "LX": _One.lx, "SV1": _One.sv1,
    "SV2": _One.sv2, "SV3": _One.sv3,
}  # fmt: skip
