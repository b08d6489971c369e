"""What a consent must say before it can be signed, and what agreements of both need (P-12 to P-24).

Pure: no records, no clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say

#: What the programme may decide about words said to the couples therapist alone (P-12).
CONFIDENCES = ("share_at_discretion", "hold_with_limits", "no_solo_contact")
#: Codes that take effect only when both partners have signed (P-24).
JOINT = ("confidences", "cj", "team")
#: Codes that stand in a document of their own and are combined with nothing (P-19, P-20).
ALONE = ("sudn", "psy", "legal")
#: A release to the partner begins this long after it was signed (P-25).
RELEASE_BEGINS_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Elements:
    """The nine parts of a written consent (42 CFR 2.31(a)); each is needed (P-17)."""

    patient: str
    discloser: str
    description: str
    recipient: str
    purpose: str
    revocation: str
    expiry: str
    signature: str
    signed_at: datetime | None


_NAMES = {
    "patient": _("whose consent it is"),
    "discloser": _("who tells"),
    "description": _("what is told"),
    "recipient": _("who may hear it"),
    "purpose": _("what for"),
    "revocation": _("how to take it back"),
    "expiry": _("when it ends"),
    "signature": _("your signature"),
    "signed_at": _("the date"),
}


def refuse_incomplete(parts: Elements) -> None:
    """Raise `Refused` naming the first part that is missing (P-17, P-23)."""
    for name, words in _NAMES.items():
        value = getattr(parts, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Refused(
                say(_("This can't be signed yet. Missing: {part}."), part=say(words)),
                rule="P-17",
                field="signature" if name == "signature" else "",
            )


def refuse_combination(codes: Collection[str]) -> None:
    """Raise `Refused` for a document that would tie together what must stand alone (P-19, P-20)."""
    apart = [code for code in codes if code in ALONE]
    if apart and len(codes) > 1:
        raise Refused(say(_("This one is signed by itself, in its own document.")), rule="P-20")


def refuse_setting(value: str) -> None:
    """Raise `Refused` unless `value` is one of the three settings of P-12."""
    if value not in CONFIDENCES:
        listed = ", ".join(CONFIDENCES)
        raise Refused(say(_("Choose one of: {listed}"), listed=listed), rule="P-12")


@dataclass(frozen=True)
class Half:
    """One partner's half of an agreement of both: in force now, and in which version."""

    in_force: bool
    version: str


def joint_in_force(a: Half | None, b: Half | None, *, only_version: str = "") -> bool:
    """Whether both halves are in force in the same version, and in `only_version` if given.

    P-12: both sign the same version; P-14: another setting needs two new signatures; P-24: it
    ends when either withdraws.
    """
    if a is None or b is None or not (a.in_force and b.in_force):
        return False
    return a.version == b.version and (not only_version or a.version == only_version)


def covers(code: str, purpose: str) -> bool:
    """Whether a consent of `code` allows a disclosure outside for `purpose` (P-18, P-20).

    `tpo` covers treatment, payment and operations and nothing else; a consent made for one
    recipient covers what it says, but no proceeding; only `legal` covers a proceeding. No other
    code covers a disclosure outside the programme.
    """
    family = code.partition(":")[0]
    if family == "legal":
        return purpose == "proceedings"
    if family == "ext":
        return purpose != "proceedings"
    return code == "tpo" and purpose in ("treatment", "payment", "operations")


def still_counts(expires_on: date | None, revoked: bool, today: date) -> bool:
    """Whether a given consent still counts on `today` (P-23)."""
    return not revoked and (expires_on is None or today <= expires_on)


def agreements_hold(qso_until: date | None, baa_until: date | None, today: date) -> bool:
    """Whether a vendor's two agreements are both in force on a day (P-34)."""
    return all(last is not None and today < last for last in (qso_until, baa_until))


def lawful_basis(*, legal_consent: bool, part2_order: bool, compelled: bool) -> str:
    """What a legal demand rests on: ``legal``, ``order`` or ``none`` (P-30, 2.61, 2.31(d)).

    An order alone permits and a subpoena alone compels; it takes both, or the person's consent.
    """
    if part2_order and compelled:
        return "order"
    return "legal" if legal_consent else "none"
