"""What `preflight` has to be told about a claim: facts of other rooms, as plain arguments.

Nothing here is looked up: whoever asks for the check gathers attendance, notes, authorizations
and payer data first, so that the same facts always give the same findings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mutual.claims.claim import BillingProvider
from mutual.claims.rules import ProgrammeDay


def _nothing_known(code: str, on: dt.date) -> bool | None:
    return None


@dataclass(frozen=True)
class PayerFacts:
    """Dated rules of one payer contract. `minimum_minutes` None means: not known.

    `bundled` holds the per-service codes that a programme day already contains; `conjoint` the
    codes of a session of both partners; `patient_absent` those that need the patient's absence.
    """

    minimum_minutes: int | None
    bundled: frozenset[str] = frozenset()
    conjoint: frozenset[str] = frozenset({"90847", "T1006"})
    patient_absent: frozenset[str] = frozenset({"90846"})
    authorization: str = "unknown"
    filing_days: int | None = None


@dataclass(frozen=True)
class Authorization:
    """One authorization of this patient at this payer; both days belong to it."""

    number: str
    code: str
    first: dt.date
    last: dt.date
    units_left: int


@dataclass(frozen=True)
class Credential:
    """A clinician's enrolment with this payer; no `last` means that it has no end yet."""

    npi: str
    first: dt.date
    last: dt.date | None = None


@dataclass(frozen=True)
class Billed:
    """A line of this patient that was billed before."""

    date: dt.date
    code: str
    modifiers: tuple[str, ...]


@dataclass(frozen=True)
class LineFacts:
    """What happened behind one service line.

    `location` is what the session's start recorded: home or other. For a session of both
    partners, `billed_for_partner` says that the other one's claim already carries it.
    """

    patient_key: str
    location: str
    audio_only: bool = False
    attendance_signed: bool = False
    note_signed: bool = False
    patient_attended: bool = True
    session: str = ""
    billed_for_partner: bool = False


@dataclass(frozen=True)
class ClaimFacts:
    """Everything around one claim. `diagnosis_valid(code, day)` answers None when unknown.

    `partner_names` and `record_numbers` are searched for in the outgoing bytes (B-31);
    `consent_in_force` is the patient's own payment consent (P-28). `today` runs the filing clock.
    """

    billing: BillingProvider
    payer: PayerFacts
    consent_in_force: bool
    has_sud_diagnosis: bool
    lines: Mapping[str, LineFacts]
    days: Mapping[dt.date, ProgrammeDay] = field(default_factory=dict)
    authorizations: tuple[Authorization, ...] = ()
    credentials: tuple[Credential, ...] = ()
    billed: tuple[Billed, ...] = ()
    partner_names: tuple[str, ...] = ()
    record_numbers: tuple[str, ...] = ()
    partner_is_subscriber: bool = False
    diagnosis_valid: Callable[[str, dt.date], bool | None] = _nothing_known
    today: dt.date | None = None
