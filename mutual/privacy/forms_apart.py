"""Consents that stand in a document of their own, and those to one reader (P-19, P-20)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutual.privacy.forms_base import CARE, TAKE_BACK, Form

_READERS = _("Your partner's counselor, your couples therapist and your prescriber")
_APART = _(
    "This is a paper of its own. Your care, your place here and what your plan pays never depend "
    "on it, and nobody may ask you to sign it together with anything else."
)
PSY = Form(
    code="psy",
    version="1",
    title=_("A therapist's own working notes"),
    need="",
    discloser=_("The therapist who wrote them"),
    recipient=_READERS,
    description=_("Psychotherapy notes: what a therapist wrote down apart from your record"),
    purpose=_("So that they can work with the therapist's own thoughts on your treatment"),
    expiry=_("90 days after signing"),
    refusing=CARE,
    revocation=TAKE_BACK,
    days=90,
    kinds=("psychotherapy_note",),
    paragraphs=(
        _(
            "A therapist may keep notes apart from your record to think about a conversation. "
            "Nobody else reads them, and they are not part of the copy of your record. If you "
            "sign, the people named here may read them. Your partner never does."
        ),
        _APART,
    ),
)
SUDN = Form(
    code="sudn",
    version="1",
    title=_("A counselor's own working notes"),
    need="",
    discloser=_("The counselor who wrote them"),
    recipient=_READERS,
    description=_("Substance use disorder counseling notes, kept apart from your record"),
    purpose=_("So that they can work with the counselor's own thoughts on your treatment"),
    expiry=_("90 days after signing"),
    refusing=CARE,
    revocation=TAKE_BACK,
    days=90,
    kinds=("sud_counseling_note",),
    paragraphs=(
        _(
            "A counselor may keep notes apart from your record to think about a conversation "
            "(42 CFR 2.11). Nobody else reads them. If you sign, the people named here may read "
            "them. Your partner never does."
        ),
        _APART,
    ),
)
SAFETY = Form(
    code="safety",
    version="1",
    title=_("Your couples therapist may read your safety plan"),
    need="",
    discloser=_("You and your counselor"),
    recipient=_("Your couples therapist"),
    description=_("Your safety plan, as it is now and as you change it"),
    purpose=_("So that shared sessions are planned with your safety in mind"),
    expiry=_("one year after signing"),
    refusing=CARE,
    revocation=TAKE_BACK,
    days=365,
    paragraphs=(
        _(
            "If you sign, your couples therapist may read your safety plan. It never opens to "
            "your partner, and what stands in it is never brought into a shared session, whatever "
            "the two of you agreed about words said alone."
        ),
    ),
)
BILL = Form(
    code="bill",
    version="1",
    title=_("Your partner may see your statements"),
    need="",
    discloser=_("This programme"),
    recipient=_("Your partner"),
    description=_("Your statements: days billed, what the plan paid, what is left to pay"),
    purpose=_("To pay bills together"),
    expiry=_("one year after signing"),
    refusing=CARE,
    revocation=TAKE_BACK,
    days=365,
    paragraphs=(
        _(
            "A statement shows days of care and amounts. If you sign, your partner may see yours "
            "here. No note, test, answer or diagnosis opens. You can look after your own bills "
            "without this."
        ),
    ),
)
APART_FORMS = (SAFETY, BILL, PSY, SUDN)
