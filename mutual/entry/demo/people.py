"""Who can be entered as in the demo. Everybody is obviously made up."""

from __future__ import annotations

from dataclasses import dataclass

#: The PIN of the private area and the password, the same for every demo account.
PIN = "2468"
PASSWORD = "obviously-fictional-1"  # noqa: S105 the demo alone has it, on a loopback address


@dataclass(frozen=True)
class Persona:
    """A sign-in of the demo, on a host name of its own so that each keeps a session."""

    key: str
    name: str
    what: str

    @property
    def email(self) -> str:
        """The address of the account."""
        return f"{self.key}@demo.example"


PERSONAS = (
    Persona("ana", "Ana Fiction", "partner A of the demo couple, at home in Texas"),
    Persona("ben", "Ben Fiction", "partner B, travelling in Nevada this week"),
    Persona("reyes", "Dr. Reyes", "couples therapist of Ana and Ben"),
    Persona("mo", "Mo Lindgren", "Ana's drug and alcohol counselor"),
    Persona("kit", "Kit Amari", "Ben's drug and alcohol counselor"),
    Persona("pruitt", "Dr. Pruitt", "prescriber"),
    Persona("ada", "Ada Moss", "admissions"),
    Persona("bill", "Bill Penny", "billing"),
    Persona("dee", "Dee Harbor", "programme director"),
    Persona("cory", "Cory Lane", "care coordinator"),
    Persona("pia", "Pia Quill", "privacy officer"),
    Persona("otis", "Otis Ledger", "auditor from outside, for a few days and two records"),
)
BY_KEY = {p.key: p for p in PERSONAS}
