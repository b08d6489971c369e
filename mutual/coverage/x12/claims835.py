"""A remittance (835) read to typed claims, as a stream: memory holds one claim at a time.

Whether the money balances (B-38) is for posting to decide: nothing is left out or repaired here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from mutual.coverage.x12.envelope import Envelope, TransactionInfo
from mutual.coverage.x12.findings import Finding
from mutual.coverage.x12.tokenizer import Reader, Segment, X12Error
from mutual.coverage.x12.typed import Name, Procedure, day, decimal, name, number, procedure


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS: group CO, PR, OA or PI; money as sent, negative on reversals."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None
    segment: int


@dataclass(slots=True)
class LinePayment:
    """One service line (SVC) and what the payer did with it."""

    segment: int
    procedure: Procedure
    billed: Decimal
    paid: Decimal
    revenue: str
    units: Decimal
    original: Procedure | None
    original_units: Decimal | None
    dates: dict[str, date] = field(default_factory=dict)
    adjustments: list[Adjustment] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def control(self) -> str:
        """Our own line number, as the payer returns it (REF*6R)."""
        return self.references.get("6R", "")

    @property
    def allowed(self) -> Decimal | None:
        """What the payer allows (AMT*B6), when it says so."""
        return self.amounts.get("B6")


@dataclass(slots=True)
class ClaimPayment:
    """One claim (CLP) of a remittance."""

    segment: int
    remittance: Remittance
    control: str
    status: str
    billed: Decimal
    paid: Decimal
    patient_responsibility: Decimal
    filing: str
    payer_control: str
    facility: str
    frequency: str
    names: dict[str, Name] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    adjustments: list[Adjustment] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    lines: list[LinePayment] = field(default_factory=list)

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One amount of a PLB: positive takes money away from the payment."""

    provider: str
    year_end: date
    reason: str
    reference: str
    amount: Decimal
    segment: int


@dataclass(slots=True)
class Remittance:
    """The head of one 835. Comes before its claims; `payee` and `trace` are filled by then."""

    control: str
    version: str
    interchange: str
    total: Decimal = Decimal(0)
    credit: bool = True
    method: str = ""
    paid_on: date | None = None
    trace: str = ""
    payer_id: str = ""
    payer: Name | None = None
    payee: Name | None = None
    produced: date | None = None


@dataclass(slots=True)
class RemittanceEnd:
    """The end of one 835: provider adjustments, and faults of envelope and counts if any."""

    remittance: Remittance
    claims: int
    provider_adjustments: list[ProviderAdjustment]
    findings: list[Finding]


Item = Remittance | ClaimPayment | RemittanceEnd


def read_835(source: bytes | BinaryIO) -> Iterator[Item]:
    """For each 835 of a file: its head, its claims one by one, its end. Other sets are skipped.

    Raises X12Error where the file can't be read or ends too early (B-6): whoever posts does so
    in one transaction that this error undoes.
    """
    envelope = Envelope()
    reader = Reader(source)
    one: _One | None = None
    info: TransactionInfo | None = None
    feed = envelope.feed
    for segment in reader:
        info = feed(segment)
        if info is None or info.set != "835":
            continue
        if segment.id == "ST":
            one = _One(info, envelope.interchanges[-1].control)
        elif one is not None:
            reads = _READS.get(segment.id)
            if reads is not None:
                reads(one, segment)
            elif segment.id in _BREAKS:
                yield from one.feed(segment)
                if segment.id == "SE":
                    one = None
    envelope.finish(reader.position)
    for fault in envelope.findings:
        raise X12Error(fault.segment, fault.id, fault.element, fault.code, fault.text)


class _One:
    """Reads one set."""

    def __init__(self, info: TransactionInfo, interchange: str) -> None:
        self.info = info
        self.head = Remittance(info.control, info.version, interchange)
        self.headed = False
        self.claim: ClaimPayment | None = None
        self.line: LinePayment | None = None
        self.claims = 0
        self.provider: list[ProviderAdjustment] = []

    def feed(self, segment: Segment) -> Iterator[Item]:
        """Takes what ends a claim: the next one, the next group, the totals, the end."""
        id = segment.id
        if id == "CLP":
            yield from self._done()
            self.claims += 1
            self.line = None
            get = segment.get
            self.claim = ClaimPayment(
                segment.position, self.head, get(1), get(2), decimal(segment, 3),
                decimal(segment, 4), decimal(segment, 5), get(6), get(7), get(8), get(9),
            )  # fmt: skip
            return
        yield from self._done()
        if id == "PLB":
            self._provider(segment)
        elif id == "SE":
            yield RemittanceEnd(self.head, self.claims, self.provider, self.info.findings)

    def _done(self) -> Iterator[Item]:
        if not self.headed:
            self.headed = True
            yield self.head
        if self.claim is not None:
            claim, self.claim = self.claim, None
            yield claim

    def _provider(self, plb: Segment) -> None:
        for n in range(3, 15, 2):
            if plb.get(n):
                self.provider.append(
                    ProviderAdjustment(
                        plb.get(1), day(plb.get(2), plb, 2), plb.component(n, 1),
                        plb.component(n, 2), decimal(plb, n + 1), plb.position,
                    )
                )  # fmt: skip

    def svc(self, s: Segment) -> None:
        if self.claim is not None:
            self.line = LinePayment(
                s.position, procedure(s, 1), decimal(s, 2), decimal(s, 3), s.get(4),
                decimal(s, 5, "1"), procedure(s, 6) if s.get(6) else None,
                decimal(s, 7) if s.get(7) else None,
            )  # fmt: skip
            self.claim.lines.append(self.line)

    def cas(self, s: Segment) -> None:
        owner = self.line or self.claim
        if owner is None:
            return
        elements = s.elements
        group = s.get(1)
        for i in range(1, len(elements), 3):
            if elements[i]:
                quantity = elements[i + 2] if i + 2 < len(elements) else ""
                owner.adjustments.append(
                    Adjustment(
                        group, elements[i], decimal(s, i + 2),
                        number(quantity, s, i + 3) if quantity else None, s.position,
                    )
                )  # fmt: skip

    def amt(self, s: Segment) -> None:
        owner = self.line or self.claim
        if owner is not None:
            owner.amounts[s.get(1)] = decimal(s, 2)

    def ref(self, s: Segment) -> None:
        owner = self.line or self.claim
        if owner is not None:
            owner.references[s.get(1)] = s.get(2)

    def dtm(self, s: Segment) -> None:
        owner = self.line or self.claim
        if owner is not None:
            owner.dates[s.get(1)] = day(s.get(2), s, 2)
        elif s.get(1) == "405":
            self.head.produced = day(s.get(2), s, 2)

    def lq(self, s: Segment) -> None:
        if self.line is not None:
            self.line.remarks.append(s.get(2))

    def moa(self, s: Segment) -> None:
        if self.claim is not None:
            self.claim.remarks.extend(v for v in map(s.get, range(3, 8)) if v)

    def mia(self, s: Segment) -> None:
        if self.claim is not None:
            self.claim.remarks.extend(v for v in map(s.get, (5, 20, 21, 22, 23)) if v)

    def nm1(self, s: Segment) -> None:
        if self.claim is not None:
            self.claim.names[s.get(1)] = name(s)

    def n1(self, s: Segment) -> None:
        if s.get(1) == "PR":
            self.head.payer = name(s)
        elif s.get(1) == "PE":
            self.head.payee = name(s)

    def bpr(self, s: Segment) -> None:
        head = self.head
        head.total, head.credit, head.method = decimal(s, 2), s.get(3) != "D", s.get(4)
        head.paid_on = day(s.get(16), s, 16) if s.get(16) else None

    def trn(self, s: Segment) -> None:
        self.head.trace, self.head.payer_id = s.get(2), s.get(3)


_BREAKS = ("CLP", "LX", "PLB", "SE")
_READS: dict[str, Callable[[_One, Segment], None]] = {
    "SVC": _One.svc, "CAS": _One.cas, "AMT": _One.amt, "REF": _One.ref, "DTM": _One.dtm,
    "LQ": _One.lq, "MOA": _One.moa, "MIA": _One.mia, "NM1": _One.nm1, "N1": _One.n1,
    "BPR": _One.bpr, "TRN": _One.trn,
}  # fmt: skip
