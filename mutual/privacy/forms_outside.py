"""Consents to somebody outside: ``ext:<recipient>`` and ``legal``, each made for one purpose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from mutual.base.refusal import Refused
from mutual.privacy.forms_base import CARE, TAKE_BACK, Form
from mutual.privacy.words import KIND_WORDS

#: What may be named for somebody outside; notes kept apart never are (P-19).
OUTSIDE_KINDS = (
    "episode", "attendance", "diagnosis", "plan_individual", "progress_note", "conjoint_own_note",
    "group_note", "medical_note", "medication", "toxicology", "screening", "instrument",
    "crisis_note", "safety_plan", "discharge_summary", "received_record", "conjoint_note",
)  # fmt: skip
PURPOSES: dict[str, StrPromise] = {
    "treatment": gettext_lazy("My treatment with them"),
    "payment": gettext_lazy("Payment"),
    "school_work": gettext_lazy("School or work"),
    "family": gettext_lazy("Support by somebody close"),
    "other": gettext_lazy("Another purpose of mine"),
}
#: The longest a consent to somebody outside may last.
MOST_DAYS = 365


def external(
    recipient: str,
    reach: str,
    kinds: Collection[str],
    purpose: str,
    until: date,
    *,
    today: date,
    detail: str = "",
) -> Form:
    """A consent for one recipient, these kinds, this purpose, until a day (2.31(a)).

    Args:
        reach: address, fax or mailbox.
        purpose: a key of ``PURPOSES``; ``detail`` adds the person's own words.

    Raises:
        Refused: for a part that is missing or can't be; for a proceeding (P-20).
    """
    if purpose == "proceedings":
        raise Refused(_("A court or proceeding needs a paper of its own."), rule="P-20")
    if purpose not in PURPOSES:
        raise Refused(_("Choose what it is for."), rule="P-17", field="purpose")
    chosen = _chosen(kinds)
    _refuse(recipient, reach, until, today)
    return Form(
        code=f"ext:{slugify(recipient)[:60] or 'recipient'}",
        version="1",
        title=gettext_lazy("A copy to somebody outside"),
        need="",
        discloser=gettext_lazy("This programme"),
        recipient=recipient.strip()[:200],
        description="; ".join(str(KIND_WORDS[k]) for k in chosen),
        purpose=f"{PURPOSES[purpose]}. {detail}".strip(". ")[:200],
        expiry=until.isoformat(),
        refusing=CARE,
        revocation=TAKE_BACK,
        until=until,
        kinds=chosen,
        reach=reach.strip()[:300],
        paragraphs=(
            gettext_lazy(
                "Only what is ticked goes to this recipient, with a notice that federal law "
                "forbids them to pass it on without your written consent."
            ),
            *_both(chosen),
        ),
    )


def legal(
    recipient: str,
    reach: str,
    kinds: Collection[str],
    proceeding: str,
    until: date,
    *,
    today: date,
) -> Form:
    """A consent to use records in one civil, criminal, administrative or legislative proceeding.

    It is signed by itself (P-20, 2.31(d)).

    Raises:
        Refused: for a part that is missing or can't be.
    """
    if not proceeding.strip():
        raise Refused(_("Say which proceeding."), rule="P-17", field="proceeding")
    chosen = _chosen(kinds)
    _refuse(recipient, reach, until, today)
    return Form(
        code=f"legal:{slugify(recipient)[:60] or 'recipient'}",
        version="1",
        title=gettext_lazy("Use in a court or other proceeding"),
        need="",
        discloser=gettext_lazy("This programme"),
        recipient=recipient.strip()[:200],
        description="; ".join(str(KIND_WORDS[k]) for k in chosen),
        purpose=proceeding.strip()[:200],
        expiry=until.isoformat(),
        refusing=CARE,
        revocation=TAKE_BACK,
        until=until,
        kinds=chosen,
        reach=reach.strip()[:300],
        paragraphs=(
            gettext_lazy(
                "Records of care like yours may not be used against you in a proceeding unless "
                "you sign this or a court gives a special order. Ask a lawyer of your own first."
            ),
            *_both(chosen),
        ),
    )


def _both(kinds: Collection[str]) -> tuple[StrPromise, ...]:
    if "conjoint_note" not in kinds:
        return ()
    return (
        gettext_lazy(
            "Notes of shared sessions go only if your partner has signed the same for this "
            "recipient. Nobody is told who has or has not."
        ),
    )


def _chosen(kinds: Collection[str]) -> tuple[str, ...]:
    strange = [k for k in kinds if k not in OUTSIDE_KINDS]
    if strange and any(k in ("psychotherapy_note", "sud_counseling_note") for k in strange):
        raise Refused(_("Notes kept apart need a paper of their own."), rule="P-19", field="kinds")
    chosen = tuple(k for k in OUTSIDE_KINDS if k in kinds)
    if strange or not chosen:
        raise Refused(_("Choose at least one kind of record."), rule="P-17", field="kinds")
    return chosen


def _refuse(recipient: str, reach: str, until: date, today: date) -> None:
    if not recipient.strip():
        raise Refused(_("Say who may get it."), rule="P-17", field="recipient")
    if not reach.strip():
        raise Refused(_("Say where they are reached."), rule="P-17", field="reach")
    if not today <= until <= today + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose an end within a year."), rule="P-17", field="until")
