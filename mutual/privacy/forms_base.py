"""What a consent form is made of; the forms themselves lie in the modules beside (P-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from mutual.base.refusal import Refused
from mutual.base.words import mark, say
from mutual.privacy.rules import ALONE, JOINT

#: Note kinds kept apart, and the only code that may open them (P-19).
APART = {"psychotherapy_note": "psy", "sud_counseling_note": "sudn"}
Need = Literal["admission", "groups", "conjoint", ""]


@dataclass(frozen=True)
class Form:
    """One consent.

    Attributes:
        code: as in rules/privacy.md section 4.
        version: of the words; signing stores it.
        need: what can't begin without it; empty: optional, and refusing changes nothing (P-16).
        days: after which it ends; ``None``: it ends with ``expiry``, an event or "none".
        refusing: what happens if it isn't signed.
        revocation: the right to take it back, and how.
        kinds: record kinds that it names, for what leaves the programme or stands apart.
        until: the last day, where the signer chose one.
        reach: address, fax or mailbox of somebody outside.
    """

    code: str
    version: str
    title: StrPromise | str
    need: Need
    discloser: StrPromise | str
    recipient: StrPromise | str
    description: StrPromise | str
    purpose: StrPromise | str
    expiry: StrPromise | str
    refusing: StrPromise | str
    revocation: StrPromise | str
    paragraphs: tuple[StrPromise | str, ...]
    days: int | None = None
    kinds: tuple[str, ...] = ()
    until: date | None = None
    reach: str = ""

    def __post_init__(self) -> None:
        """Notes kept apart stand in a document of their own (P-19)."""
        for kind, code in APART.items():
            if kind in self.kinds and self.code != code:
                raise Refused(say(mark("Notes kept apart need a paper of their own.")), rule="P-19")

    @property
    def optional(self) -> bool:
        """Whether care, schedule and price are the same without it."""
        return not self.need

    @property
    def joint(self) -> bool:
        """Whether it takes effect only when both have signed, each alone (P-24)."""
        return self.code in JOINT

    @property
    def alone(self) -> bool:
        """Whether it is combined with nothing (P-19, P-20)."""
        return self.code.partition(":")[0] in ALONE

    @property
    def to_partner(self) -> bool:
        """Whether it is signed in a session of one's own only (P-25)."""
        return self.code.startswith("pt:")

    def expires_on(self, signed: date) -> date | None:
        """The last day on which it counts."""
        if self.until is not None:
            return self.until
        return None if self.days is None else signed + timedelta(days=self.days)


TAKE_BACK = _(
    "You can take this back at any time: here under Me, Consents, or on paper at our office. It "
    "ends at once. What was already done while it was in force can't be undone."
)
PROGRAMME = _("This programme and the people who work in it")
CARE = _("Your care here goes on as it is: same schedule, same price, same people.")
