"""Why a programme day is held: a code in the database, words and a way to mend it on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mutual.base.words import mark as _
from mutual.base.words import say


@dataclass(frozen=True)
class Reason:
    """A reason: its words with blanks, its rule, and which page mends it.

    Attributes:
        fix: ``insurance`` (the person's insurance page), ``week`` or ``""`` where only the person
            or a clinician can.
        who: who can mend it.
    """

    words: str
    rule: str
    fix: str
    who: str


_BILLING, _CLINICIAN, _PERSON = _("billing"), _("the clinician"), _("the person")
REASONS: dict[str, Reason] = {
    "consent": Reason(
        _("Held: consent. The payment consent is not in force."), "P-28", "", _PERSON
    ),
    "self_pay": Reason(_("This person pays without the plan."), "P-39", "insurance", _PERSON),
    "card": Reason(_("No insurance card is on file."), "B-15", "insurance", _BILLING),
    "told": Reason(
        _("Not asked yet about confidential letters from the plan."), "P-56", "", _PERSON
    ),
    "diagnosis": Reason(
        _("No substance use diagnosis of their own on this day."), "B-24", "", _CLINICIAN
    ),
    "code": Reason(
        _("{diagnosis} is not known as a valid code on this day."), "B-19", "", _CLINICIAN
    ),
    "attendance": Reason(_("The attendance is not confirmed."), "B-21", "", _CLINICIAN),
    "note": Reason(_("A note of the day is not signed."), "B-21", "", _CLINICIAN),
    "minimum_unknown": Reason(
        _("The payer's minimum minutes for a day are not known."), "B-21", "insurance", _BILLING
    ),
    "minutes": Reason(_("{counted} minutes count, the payer asks for {minimum}."), "B-21", "", ""),
    "charge": Reason(_("The charge for a day is not known."), "B-16", "insurance", _BILLING),
    "authorization": Reason(_("No authorization covers this day."), "B-26", "insurance", _BILLING),
    "auth_unknown": Reason(
        _("Whether an authorization is needed is not known: ask the payer."),
        "B-26",
        "insurance",
        _BILLING,
    ),
    "units": Reason(_("No units left on the authorization."), "F-16", "insurance", _BILLING),
    "late": Reason(_("The payer's filing limit has passed."), "B-30", "", ""),
    "absent": Reason(_("Did not attend."), "C-55", "", ""),
}


def words(code: str, detail: Mapping[str, object]) -> str:
    """The reason in the reader's language."""
    return say(REASONS[code].words, **detail)
