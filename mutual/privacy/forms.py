"""The consents of this programme, each with its complete own plain words (P-12, P-16 to P-18).

Words are the programme's own, for counsel to read once. A changed text is a new version: what
somebody signed stays as it was.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from mutual.base.home import secret
from mutual.base.refusal import Refused
from mutual.privacy.forms_apart import APART_FORMS
from mutual.privacy.forms_base import CARE, PROGRAMME, TAKE_BACK, Form
from mutual.privacy.forms_kinds import families
from mutual.privacy.models import ConfidencesSetting
from mutual.privacy.rules import CONFIDENCES, refuse_setting

__all__ = ["Form", "families"]

NOTICE = Form(
    code="notice",
    version="1",
    title=_("How we protect what you tell us"),
    need="admission",
    discloser=PROGRAMME,
    recipient=_("You"),
    description=_("That you were given this notice"),
    purpose=_("So that you know your rights before care begins"),
    expiry=_("none: this is a receipt"),
    refusing=_("Care can't begin before you have the notice. Signing only says that you got it."),
    revocation=TAKE_BACK,
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
    discloser=PROGRAMME,
    recipient=_("You and the clinicians in your sessions"),
    description=_("Sessions by video and sound, and what is said in them"),
    purpose=_("Treatment at a distance"),
    expiry=_("the day your care here ends"),
    refusing=_("We give care by video only. Without this we help you find care in person."),
    revocation=TAKE_BACK,
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
    revocation=TAKE_BACK,
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
    revocation=TAKE_BACK,
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
    refusing=CARE,
    revocation=TAKE_BACK,
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
    refusing=CARE,
    revocation=TAKE_BACK,
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
    """The programme's `couple_confidences` setting that holds now (P-12)."""
    return setting_now()[0]


def setting_now() -> tuple[str, int]:
    """The setting and its version: the newest chosen, else the installation's (P-14)."""
    newest = ConfidencesSetting.objects.order_by("-version").first()
    if newest is not None:
        return newest.value, newest.version
    return setting_installed(), 1


def setting_installed() -> str:
    """The setting of the installation, before a director chose one."""
    value: str = getattr(settings, "COUPLE_CONFIDENCES", CONFIDENCES[0])
    refuse_setting(value)
    return value


def confidences(value: str | None = None, version: int | None = None) -> Form:
    """The confidences agreement under a setting; its version names the setting (P-14)."""
    if value is None:
        value, version = setting_now()
    refuse_setting(value)
    return Form(
        code="confidences",
        version=f"{version or 1}:{value}",
        title=_("What you tell your couples therapist alone"),
        need="conjoint",
        discloser=_("Your couples therapist"),
        recipient=_("Your partner, in a shared session, as described"),
        description=_("Words said by one of you to the couples therapist alone"),
        purpose=_("Couples therapy"),
        expiry=_("the day your shared work here ends"),
        refusing=_("Shared sessions can't begin before both have signed. All other care goes on."),
        revocation=TAKE_BACK,
        paragraphs=(*_CONFIDENCES_WORDS[value], *_CONFIDENCES_COMMON),
    )


def all_forms() -> tuple[Form, ...]:
    """Every consent with words of its own, in the order in which it is offered; under the
    installation's setting, without a database. The families stand in :func:`families`."""
    return (NOTICE, TELE, TPO, GROUP, confidences(setting_installed(), 1), CJ, TEAM, *APART_FORMS)


def offered() -> tuple[Form, ...]:
    """Every consent that a person can sign by themselves, under the setting that holds now."""
    fixed = tuple(confidences() if f.code == "confidences" else f for f in all_forms())
    return (*fixed, *(f for f in families() if not f.to_partner))


def get(code: str) -> Form:
    """The consent of that code.

    Raises:
        Refused: for a code that isn't signed here; a consent to somebody outside is made for
            its recipient (`forms_outside`).
    """
    for form in (*all_forms(), *families()):
        if form.code == code:
            return confidences() if code == "confidences" else form
    raise Refused(str(_("There is no such form. Choose one from the list.")), rule="P-16")


def title_of(code: str) -> str:
    """The title of a consent, also of one that isn't offered any more."""
    if code.startswith("ext:"):
        return str(_("A copy to somebody outside"))
    if code.startswith("legal:"):
        return str(_("Use in a court or other proceeding"))
    return next((str(f.title) for f in (*all_forms(), *families()) if f.code == code), code)


def address(code: str) -> str:
    """How a form stands in an address: no page's path says what a consent is about (P-52)."""
    digest = hmac.new(secret("addresses"), code.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:20]


def by_address(key: str, forms: Iterable[Form]) -> Form | None:
    """The form that stands at an address."""
    return next((f for f in forms if hmac.compare_digest(address(f.code), key)), None)
