"""The consents of this programme, each with its complete own plain words (P-12, P-16 to P-18).

Words are the programme's own, for counsel to read once. A changed text is a new version: what
somebody signed stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from mutual.base.refusal import Refused
from mutual.privacy.rules import CONFIDENCES, JOINT, refuse_setting

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
    """

    code: str
    version: str
    title: StrPromise
    need: Need
    discloser: StrPromise
    recipient: StrPromise
    description: StrPromise
    purpose: StrPromise
    expiry: StrPromise
    refusing: StrPromise
    revocation: StrPromise
    paragraphs: tuple[StrPromise, ...]
    days: int | None = None

    @property
    def optional(self) -> bool:
        """Whether care, schedule and price are the same without it."""
        return not self.need

    @property
    def joint(self) -> bool:
        """Whether it takes effect only when both have signed, each alone (P-24)."""
        return self.code in JOINT

    def expires_on(self, signed: date) -> date | None:
        """The last day on which it counts."""
        return None if self.days is None else signed + timedelta(days=self.days)


_TAKE_BACK = _(
    "You can take this back at any time: here under Me, Consents, or on paper at our office. It "
    "ends at once. What was already done while it was in force can't be undone."
)
_PROGRAMME = _("This programme and the people who work in it")
_CARE = _("Your care here goes on as it is: same schedule, same price, same people.")

NOTICE = Form(
    code="notice",
    version="1",
    title=_("How we protect what you tell us"),
    need="admission",
    discloser=_PROGRAMME,
    recipient=_("You"),
    description=_("That you were given this notice"),
    purpose=_("So that you know your rights before care begins"),
    expiry=_("none: this is a receipt"),
    refusing=_("Care can't begin before you have the notice. Signing only says that you got it."),
    revocation=_TAKE_BACK,
    paragraphs=(
        _(
            "Federal law (42 CFR Part 2) protects the records of everyone treated here for "
            "substance use. We may not tell anyone outside that you are here, or anything about "
            "your care, unless you agree in writing or the law makes an exception."
        ),
        _(
            "The exceptions are few: a medical emergency, a report of suspected child abuse or "
            "neglect that the law demands, a crime on our premises or against our staff, audit "
            "and evaluation under strict terms, research under strict terms, and a special court "
            "order. A subpoena alone opens nothing."
        ),
        _(
            "Your partner is not an exception. Your record is yours alone. Your partner can't see "
            "your own notes, answers, tests or bills unless you sign for it."
        ),
        _(
            "You may see and get a copy of your record, ask us to correct it, ask how it was "
            "shared, ask us to reach you only in the way you choose, and ask us not to tell your "
            "health plan what you pay for yourself."
        ),
        _(
            "If you think we broke these rules, tell our privacy officer, or the Secretary of "
            "Health and Human Services. Nobody will treat you worse for it. If your records are "
            "ever seen by someone who should not have, we will tell you."
        ),
    ),
)
TELE = Form(
    code="tele",
    version="1",
    title=_("Care by video"),
    need="admission",
    discloser=_PROGRAMME,
    recipient=_("You and the clinicians in your sessions"),
    description=_("Sessions by video and sound, and what is said in them"),
    purpose=_("Treatment at a distance"),
    expiry=_("the day your care here ends"),
    refusing=_("We give care by video only. Without this we help you find care in person."),
    revocation=_TAKE_BACK,
    paragraphs=(
        _(
            "What may go wrong: the connection can fail, sound or picture can be poor, and someone "
            "near you could hear. A clinician at a distance can't examine you by hand and may "
            "advise care in person."
        ),
        _("Other ways: care in person near you. We help you find it if you prefer it."),
        _(
            "If the connection fails: stay where you are. We call the number you gave for that "
            "session. In danger call 911; in a crisis call or text 988."
        ),
        _(
            "At each session we ask where you are, who is near and a number to call back. You use "
            "a device and headphones of your own, in a place where you can speak alone."
        ),
        _(
            "Sessions are never recorded by us. You may not record them either. You may stop a "
            "session or video care as a whole at any time, without losing your right to care."
        ),
        _("Your clinicians are licensed in the state where you are; their licences are below."),
    ),
)
TPO = Form(
    code="tpo",
    version="1",
    title=_("Treatment, payment and running the programme"),
    need="admission",
    discloser=_("This programme"),
    recipient=_("My treating providers, health plans, and those who help run this programme"),
    description=_("My records from this programme that are needed for the purpose"),
    purpose=_("Treatment, payment and health care operations"),
    expiry=_("none"),
    refusing=_(
        "Without it we can't ask your plan to pay or work with your other doctors. You may still "
        "ask us about care that you pay for yourself."
    ),
    revocation=_TAKE_BACK,
    paragraphs=(
        _(
            "This is one consent for all future uses and disclosures for treatment, payment and "
            "health care operations. It does not include counseling notes kept apart, and it does "
            "not include your partner: nothing here opens your record to your partner."
        ),
        _(
            "Records given to a health plan or provider under this consent may be shared again by "
            "them as the HIPAA rules allow, and may then no longer be protected by 42 CFR Part 2. "
            "They may never be used against you in a court or other proceeding without your "
            "separate consent or a special court order."
        ),
        _("It covers no other purpose: a school, an employer or a lawyer gets nothing under it."),
    ),
)
GROUP = Form(
    code="group",
    version="1",
    title=_("Agreement for groups and classes"),
    need="groups",
    discloser=_("You"),
    recipient=_("The members and leaders of your groups and classes"),
    description=_("Your first name, your picture and voice, and what you choose to say there"),
    purpose=_("Treatment in groups"),
    expiry=_("the day your care here ends"),
    refusing=_("Groups are part of this programme. Without it we plan individual care with you."),
    revocation=_TAKE_BACK,
    paragraphs=(
        _(
            "What is said in the group stays in the group. We use first names only. Nobody "
            "records, takes pictures or lets someone else listen."
        ),
        _(
            "You and your partner are never in the same process group. Classes and couples groups "
            "may be shared, once each of you has signed this alone."
        ),
        _(
            "We can't promise that every member keeps to this. Whoever does not may lose the "
            "group. Tell a leader at once if someone breaks it."
        ),
    ),
)
_CONFIDENCES_WORDS: Mapping[str, tuple[StrPromise, ...]] = {
    "share_at_discretion": (
        _(
            "Sometimes your couples therapist speaks with one of you alone. What one of you says "
            "there may be brought into the shared sessions, when the therapist judges that it "
            "helps the work. The therapist keeps no secrets between you, and will speak with you "
            "first about when and how."
        ),
    ),
    "hold_with_limits": (
        _(
            "Sometimes your couples therapist speaks with one of you alone. What one of you says "
            "there stays with the therapist, unless you agree. If the therapist can't go on "
            "working with both while holding it, the shared sessions pause; the reason is not told."
        ),
    ),
    "no_solo_contact": (
        _(
            "Your couples therapist speaks with the two of you together only. What you want to "
            "say alone, you say to your own counselor."
        ),
    ),
}
_CONFIDENCES_COMMON = (
    _(
        "This is about spoken words only. It opens no record to your partner. It never covers "
        "answers about safety at home, your safety plan, tests, or anything of which you say that "
        "it could put you in danger. What you tell your own counselor stays there."
    ),
    _("Each of you reads and signs this alone. It counts when both have signed the same text."),
)
CJ = Form(
    code="cj",
    version="1",
    title=_("Both of you may read the notes of your shared sessions"),
    need="",
    discloser=_("This programme"),
    recipient=_("You and your partner"),
    description=_("Notes of the sessions in which both of you took part"),
    purpose=_("To read what was worked on together"),
    expiry=_("one year after signing"),
    refusing=_CARE,
    revocation=_TAKE_BACK,
    days=365,
    paragraphs=(
        _(
            "If both of you sign, each of you may read the couples therapist's notes of your "
            "shared sessions. Nothing else opens. If either of you takes it back, or the "
            "programme ends it, the notes close for both, and it isn't said who ended it."
        ),
    ),
)
TEAM = Form(
    code="team",
    version="1",
    title=_("Both counselors may read the notes of your shared sessions"),
    need="",
    discloser=_("This programme"),
    recipient=_("Your counselor and your partner's counselor"),
    description=_("Notes of the sessions in which both of you took part"),
    purpose=_("So that your counselors know what was worked on together"),
    expiry=_("one year after signing"),
    refusing=_CARE,
    revocation=_TAKE_BACK,
    days=365,
    paragraphs=(
        _(
            "If both of you sign, both counselors may read the couples therapist's notes of your "
            "shared sessions. Your own notes stay where they are. If either of you takes it back, "
            "or the programme ends it, the notes close, and it isn't said who ended it."
        ),
    ),
)


def setting() -> str:
    """The programme's `couple_confidences` setting (P-12)."""
    value: str = getattr(settings, "COUPLE_CONFIDENCES", CONFIDENCES[0])
    refuse_setting(value)
    return value


def confidences(value: str | None = None) -> Form:
    """The confidences agreement under a setting; its version names the setting (P-14)."""
    chosen = value or setting()
    refuse_setting(chosen)
    return Form(
        code="confidences",
        version=f"1:{chosen}",
        title=_("What you tell your couples therapist alone"),
        need="conjoint",
        discloser=_("Your couples therapist"),
        recipient=_("Your partner, in a shared session, as described"),
        description=_("Words said by one of you to the couples therapist alone"),
        purpose=_("Couples therapy"),
        expiry=_("the day your shared work here ends"),
        refusing=_("Shared sessions can't begin before both have signed. All other care goes on."),
        revocation=_TAKE_BACK,
        paragraphs=(*_CONFIDENCES_WORDS[chosen], *_CONFIDENCES_COMMON),
    )


def all_forms() -> tuple[Form, ...]:
    """Every consent in the order in which it is offered; the optional ones last."""
    return (NOTICE, TELE, TPO, GROUP, confidences(), CJ, TEAM)


def get(code: str) -> Form:
    """The consent of that code.

    Raises:
        Refused: for a code that isn't signed here; releases to the partner are signed in an
            individual session only (P-25).
    """
    for form in all_forms():
        if form.code == code:
            return form
    if code.startswith("pt:"):
        raise Refused(
            str(_("This is signed with your counselor, in a session of your own.")), rule="P-25"
        )
    raise Refused(str(_("There is no such form. Choose one from the list.")), rule="P-16")


def title_of(code: str) -> str:
    """The title of a consent, also of one that isn't offered any more."""
    return next((str(form.title) for form in all_forms() if form.code == code), code)
