"""The typed professional claim: one patient, one payer, some service lines (B-15).

These are facts ready to be written as an 837P (`professional`); nothing here knows X12.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


class ClaimError(ValueError):
    """The claim can't be written; the text says what is missing or wrong."""


@dataclass(frozen=True)
class Address:
    """A postal address in the United States; `zip` is 5 or 9 digits."""

    line1: str
    city: str
    state: str
    zip: str
    line2: str = ""


@dataclass(frozen=True)
class Submitter:
    """Who sends the file, and whom the payer may call."""

    name: str
    identifier: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Receiver:
    """The clearinghouse or payer that receives the file."""

    name: str
    identifier: str


@dataclass(frozen=True)
class BillingProvider:
    """The programme as it is enrolled: 10-digit NPI, 9-digit tax number, 9-digit ZIP."""

    name: str
    npi: str
    tax_id: str
    address: Address
    taxonomy: str = ""


@dataclass(frozen=True)
class RenderingProvider:
    """The clinician who gave the service."""

    last: str
    first: str
    npi: str
    taxonomy: str = ""


@dataclass(frozen=True)
class Person:
    """Who somebody is to the payer; `sex` is F, M or U as the payer has it."""

    last: str
    first: str
    birth: dt.date
    sex: str
    address: Address
    middle: str = ""


@dataclass(frozen=True)
class Subscriber:
    """The person who holds the policy."""

    person: Person
    member_id: str
    group: str = ""


@dataclass(frozen=True)
class Patient:
    """A patient who is not the subscriber; `relationship` 01 spouse, 53 life partner, G8 other."""

    person: Person
    relationship: str


@dataclass(frozen=True)
class Payer:
    """The payer of this claim; `rank` P, S or T; `filing` CI commercial, BL Blue, HM HMO."""

    name: str
    identifier: str
    filing: str = "CI"
    rank: str = "P"


@dataclass(frozen=True)
class ServiceLine:
    """One service on one day; `charge` in dollars for all `units`; `pointers` count from 1."""

    control: str
    date: dt.date
    code: str
    charge: Decimal
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    unit: str = "UN"
    pointers: tuple[int, ...] = (1,)
    place: str = ""


@dataclass(frozen=True)
class Adjustment:
    """Why a payer did not pay a part: group (CO, PR, OA, PI), reason number, dollars."""

    group: str
    reason: str
    amount: Decimal


@dataclass(frozen=True)
class PaidLine:
    """What an earlier payer decided about one line; found by the line's control number."""

    paid: Decimal
    on: dt.date
    adjustments: tuple[Adjustment, ...] = ()
    units: Decimal = Decimal(1)


@dataclass(frozen=True)
class EarlierPayer:
    """A payer that has decided before this one, with its amounts line by line (B-42).

    `relationship` is the patient's to that policy's holder, 18 when it is the patient.
    """

    payer: Payer
    subscriber: Subscriber
    relationship: str
    lines: Mapping[str, PaidLine]


@dataclass(frozen=True)
class Claim:
    """One patient, one payer (B-15). `patient` is None exactly when the subscriber is the patient.

    `patient_key` is our own opaque key for the checks and never leaves. `frequency` 1 original,
    7 replacement, 8 void (both need `payer_claim_number`).
    """

    control: str
    patient_key: str
    subscriber: Subscriber
    payer: Payer
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...]
    place: str
    patient: Patient | None = None
    rendering: RenderingProvider | None = None
    frequency: str = "1"
    authorization: str = ""
    payer_claim_number: str = ""
    earlier: tuple[EarlierPayer, ...] = ()

    @property
    def total(self) -> Decimal:
        """The charge of the claim: the sum of its lines (B-16)."""
        return sum((line.charge for line in self.lines), Decimal(0))

    @property
    def treated(self) -> Person:
        """The person who was treated."""
        return self.subscriber.person if self.patient is None else self.patient.person


@dataclass(frozen=True)
class ClaimFile:
    """What goes into one transaction: one billing provider and its claims."""

    reference: str
    submitter: Submitter
    receiver: Receiver
    billing: BillingProvider
    claims: tuple[Claim, ...]
