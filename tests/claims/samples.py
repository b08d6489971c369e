"""Invented people, payer and programme for the claim tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mutual.claims.professional import (
    Address,
    BillingProvider,
    Claim,
    ClaimFile,
    Patient,
    Payer,
    Person,
    Receiver,
    RenderingProvider,
    ServiceLine,
    Submitter,
    Subscriber,
)
from mutual.coverage.x12.writer import Envelope

AT = dt.datetime(2027, 1, 8, 9, 30)
MONDAY = dt.date(2027, 1, 4)
HOME = Address("12 Example Street", "Springfield", "IL", "62704")
BILLING = BillingProvider(
    "Example Programme",
    "1234567893",
    "12-3456789",
    Address("1 Example Plaza", "Springfield", "IL", "62704-1234"),
    "261QR0405X",
)
ALEX = Person("Doe", "Alex", dt.date(1990, 3, 1), "F", HOME)
SAM = Person("Roe", "Samuel", dt.date(1988, 7, 9), "M", HOME)
POLICY = Subscriber(ALEX, "M100", "GRP7")
PAYER = Payer("Example Payer", "12345")
THERAPIST = RenderingProvider("Example", "Robin", "1245319599", "101YA0400X")
ENVELOPE = Envelope(
    "ZZ", "PROGRAMME", "ZZ", "CLEARING", "PROGRAMME", "CLEARING", 905, 12, usage="T"
)


def line(n: int = 1, code: str = "H0015", **more: object) -> ServiceLine:
    base: dict[str, object] = {
        "control": f"L{n}",
        "date": MONDAY + dt.timedelta(days=n - 1),
        "code": code,
        "charge": Decimal("450.00"),
        "modifiers": ("HF", "95"),
    }
    return ServiceLine(**(base | more))  # type: ignore[arg-type]


def claim(*lines: ServiceLine, **more: object) -> Claim:
    base: dict[str, object] = {
        "control": "C1",
        "patient_key": "alex",
        "subscriber": POLICY,
        "payer": PAYER,
        "lines": lines or (line(1), line(2)),
        "diagnoses": ("F10.20", "Z63.0"),
        "place": "10",
        "rendering": THERAPIST,
        "authorization": "AUTH1",
    }
    return Claim(**(base | more))  # type: ignore[arg-type]


def spouse_claim(*lines: ServiceLine, **more: object) -> Claim:
    return claim(
        *lines,
        **({"control": "C2", "patient_key": "sam", "patient": Patient(SAM, "01")} | more),
    )


def file_of(*claims: Claim) -> ClaimFile:
    return ClaimFile(
        "BATCH1",
        Submitter("Example Programme", "PROGRAMME", "Billing Office", "217-555-0100"),
        Receiver("Example Clearing", "CLEARING"),
        BILLING,
        claims,
    )
