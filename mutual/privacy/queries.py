"""What screens ask here: which consents stand, what a consent opens, who can see what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from mutual.base.refusal import Refused
from mutual.people.models import Licence
from mutual.privacy import forms
from mutual.privacy.joint import setting_at
from mutual.privacy.models import Consent, JointConsent
from mutual.privacy.standing import standing
from mutual.privacy.words import KIND_WORDS, RELATION_WORDS, VERB_WORDS
from mutual.wall import audit, policy
from mutual.wall.context import Actor, as_service
from mutual.wall.models import ConsentFact, Relation

State = str


@dataclass(frozen=True)
class ConsentLine:
    """One consent as its own person sees it."""

    form: forms.Form
    #: ``given``, ``declined`` or ``open`` (never asked, taken back or ended: all one, P-22).
    state: State
    consent: Consent | None
    #: For an agreement of both: whether it is in force now (D13); else ``None``.
    in_force: bool | None

    @property
    def address(self) -> str:
        """Where its page stands: silent about what it is (P-52)."""
        return forms.address(self.form.code)


def my_consents(
    actor: Actor, couple_id: UUID | None = None, wanted: Iterable[forms.Form] | None = None
) -> list[ConsentLine]:
    """Every consent, or those wanted, with its state for oneself; 3 queries."""
    now = timezone.now()
    mine: dict[str, list[Consent]] = {}
    for consent in (
        Consent.objects.visible_to(actor).filter(person_id=actor.sure_id).order_by("-signed_at")
    ):
        mine.setdefault(consent.code, []).append(consent)
    joint: dict[str, bool] = {}
    if couple_id:
        joint = dict(
            JointConsent.objects.visible_to(actor)
            .filter(couple_id=couple_id)
            .values_list("code", "in_force")
        )
    lines = []
    for form in forms.offered() if wanted is None else wanted:
        rows = mine.get(form.code, [])
        good = standing(rows, now)
        last = rows[0] if rows else None
        state = "given" if good else "open"
        if good is None and last is not None and last.answer == "declined":
            state = "declined"
        lines.append(
            ConsentLine(form, state, good, joint.get(form.code, False) if form.joint else None)
        )
    return lines


def my_consent(actor: Actor, public_id: UUID) -> Consent:
    """One signed consent of one's own, for its copy.

    Raises:
        NotThere: for anybody else's and for none.
    """
    found = Consent.objects.visible_to(actor).sole(public_id=public_id, person_id=actor.sure_id)
    audit.read("consent", found.person_id, found.id)
    return found


def missing(person_id: UUID, codes: Iterable[str], at: datetime | None = None) -> list[str]:
    """Which of ``codes`` a person has not in force at a moment (P-23).

    Runs as the service ``consent_check``: the answer names codes, never answers or times, and
    the same code is missing whether it was refused, ended or never asked (P-22).
    """
    moment = at or timezone.now()
    wanted = list(codes)
    with as_service("consent_check"):
        have = set(
            ConsentFact.objects.filter(
                person_id=person_id, code__in=wanted, valid__contains=moment
            ).values_list("code", flat=True)
        )
    return [code for code in wanted if code not in have]


def confidences_in_force(couple_id: UUID) -> bool:
    """Whether both signed the same version of the confidences agreement (P-12)."""
    return JointConsent.objects.filter(
        couple_id=couple_id, code="confidences", in_force=True
    ).exists()


def refuse_conjoint(couple_id: UUID) -> None:
    """Refuse a conjoint session before both signed the confidences agreement (P-12).

    Raises:
        Refused: in words for staff; the couple reads the sentence of C-16 instead.
    """
    if not confidences_in_force(couple_id):
        raise Refused(
            gettext(
                "The agreement on confidences is not signed by both. Plan the side-by-side week."
            ),
            rule="P-12",
        )


def refuse_solo_contact(couple_id: UUID) -> None:
    """Refuse the couples therapist a contact with one partner alone (C-7).

    Raises:
        Refused: before both signed, and always under the setting ``no_solo_contact``.
    """
    if not confidences_in_force(couple_id):
        raise Refused(gettext("Agreement not signed by both."), rule="C-7")
    if forms.setting() == "no_solo_contact":
        raise Refused(
            gettext("This programme's couples therapists speak with both partners together."),
            rule="C-7",
        )


def confidence_label(couple_id: UUID) -> str:
    """What stands beside a box that reaches the couples therapist, before typing (P-15)."""
    return label_words(forms.setting() if confidences_in_force(couple_id) else "")


def confidence_label_at(couple_id: UUID, moment: datetime) -> str:
    """Under which words something said alone at a moment stands, whatever came later (P-14)."""
    return label_words(setting_at(couple_id, moment))


def label_words(setting: str) -> str:
    """Who may learn words said to the couples therapist alone, under a setting; empty: none."""
    if setting == "share_at_discretion":
        return gettext("Your couples therapist may bring this into your shared session.")
    if setting == "hold_with_limits":
        return gettext("Your couples therapist keeps this, within the limits you both signed.")
    return gettext("Your couples therapist reads this with both of you.")


@dataclass(frozen=True)
class Opens:
    """One thing that a consent opens: to whom, in words."""

    what: str
    who: str
    how: str


def opens(code: str) -> list[Opens]:
    """What a consent opens, read from the access table itself; empty for most (P-1)."""
    rows = []
    for name, kind in sorted(policy.collect()[0].items()):
        for relation in policy.RELATIONS:
            for right in kind.rights(relation):
                if right.consent == code:
                    rows.append(
                        Opens(
                            str(KIND_WORDS[name]),
                            str(RELATION_WORDS[relation]),
                            str(VERB_WORDS[right.verb]),
                        )
                    )
    return rows


def licence_lines(actor: Actor) -> tuple[str, ...]:
    """The licences of one's own clinicians, for the words of the video consent (P-74)."""
    now = timezone.now()
    ids = set(
        Relation.objects.filter(
            subject_id=actor.sure_id,
            valid__contains=now,
            relation__in=("own_counselor", "couples_therapist", "prescriber", "nurse"),
        ).values_list("viewer_id", flat=True)
    )
    today = timezone.localdate()
    return tuple(
        f"{licence.staff.name}, {licence.kind}, {licence.state} {licence.number}"
        for licence in Licence.objects.filter(staff_id__in=ids, valid__contains=today)
        .select_related("staff")
        .order_by("staff__name", "state")
    )
