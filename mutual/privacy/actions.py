"""What people do here: sign, decline and take back consents, each alone, for themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from mutual.base.refusal import NotThere
from mutual.people.models import CoupleMember, ShownName
from mutual.privacy import forms, journal
from mutual.privacy.models import Consent, JointConsent
from mutual.privacy.rules import (
    JOINT,
    Elements,
    Half,
    joint_in_force,
    refuse_incomplete,
    still_counts,
)
from mutual.privacy.signals import consent_ended, consent_given
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.models import ConsentFact
from mutual.wall.relations import consent_ends, consent_in_force


def sign_consent(
    actor: Actor,
    code: str,
    signature: str,
    *,
    now: datetime | None = None,
    details: tuple[str, ...] = (),
) -> Consent:
    """Sign one consent for oneself, with its very words (P-16, P-17).

    Args:
        actor: the person; nobody signs for another (P-82).
        code: as in `privacy/forms.py`.
        signature: the typed name.
        now: when it is signed.
        details: lines under the words, for instance the clinicians' licences (P-74).

    Raises:
        Refused: if a part is missing, or the code isn't signed here.
    """
    person_id = _self(actor)
    moment = now or timezone.now()
    form = forms.get(code)
    standing = _standing(person_id, code, moment)
    if standing is not None and standing.version == form.version:
        return standing  # F-13: once is once.
    ends = form.expires_on(_day(moment))
    refuse_incomplete(
        Elements(
            patient=str(person_id),
            discloser=str(form.discloser),
            description=str(form.description),
            recipient=str(form.recipient),
            purpose=str(form.purpose),
            revocation=str(form.revocation),
            expiry=str(form.expiry),
            signature=signature,
            signed_at=moment,
        )
    )
    if standing is not None:
        _end(person_id, code, moment)
    consent = Consent(
        person_id=person_id,
        code=code,
        version=form.version,
        language=get_language() or "en",
        discloser=str(form.discloser),
        recipient=str(form.recipient),
        description=str(form.description),
        purpose=str(form.purpose),
        revocation=str(form.revocation),
        words="\n\n".join([*(str(p) for p in form.paragraphs), str(form.refusing), *details]),
        expires_on=ends,
        expiry_event=str(form.expiry),
        signed_name=signature.strip(),
        signed_at=moment,
    )
    consent.save(force_insert=True)
    consent_in_force(person_id, code, moment, _until(consent))
    audit.note("consent", "consent", person_id, consent.id, f"{code} given")
    if form.joint:
        refresh_joint_of(person_id, moment)
    consent_given.send(sender=Consent, person_id=person_id, code=code)
    return consent


def decline(actor: Actor, code: str, *, now: datetime | None = None) -> Consent:
    """Say no to a consent, or take back one given; nothing else changes (P-16)."""
    person_id = _self(actor)
    moment = now or timezone.now()
    form = forms.get(code)
    if _standing(person_id, code, moment) is not None:
        revoke(actor, code, now=moment)
    shown = ShownName.objects.filter(person_id=person_id).values_list("name", flat=True).first()
    consent = Consent(
        person_id=person_id,
        code=code,
        version=form.version,
        language=get_language() or "en",
        discloser=str(form.discloser),
        recipient=str(form.recipient),
        description=str(form.description),
        purpose=str(form.purpose),
        revocation=str(form.revocation),
        words="\n\n".join(str(p) for p in form.paragraphs),
        expiry_event=str(form.expiry),
        signed_name=shown or gettext("declined"),
        signed_at=moment,
        answer="declined",
    )
    consent.save(force_insert=True)
    audit.note("consent", "consent", person_id, consent.id, f"{code} declined")
    return consent


def revoke(actor: Actor, code: str, *, now: datetime | None = None) -> int:
    """Take a consent back: its grants are gone when this transaction ends (P-21).

    Returns the number of consents ended; 0 when none was in force, which is no error (F-13).
    """
    person_id = _self(actor)
    moment = now or timezone.now()
    count = _end(person_id, code, moment)
    if count:
        journal.revoked(person_id, code, moment)
        if code in JOINT:
            refresh_joint_of(person_id, moment)
        consent_ended.send(sender=Consent, person_id=person_id, code=code)
    return count


def refresh_joint_of(person_id: UUID, now: datetime | None = None) -> None:
    """Write down anew what is in force for the open couple of a person, if there is one (D13)."""
    with as_service("joint_consents"):
        member = CoupleMember.objects.filter(
            person_id=person_id, couple__ended_on__isnull=True
        ).first()
    if member is not None:
        refresh_joint(member.couple_id, now)


def refresh_joint(couple_id: UUID, now: datetime | None = None) -> None:
    """Write down which agreements of both are in force for a couple (P-12, P-14, P-24).

    Runs as the service ``joint_consents``, which returns and leaves a yes or no, never whose.
    """
    moment = now or timezone.now()
    with as_service("joint_consents"):
        members = list(
            CoupleMember.objects.filter(couple_id=couple_id).values_list("person_id", flat=True)
        )
        for code in JOINT:
            halves = [_half(person, code, moment) for person in members] + [None, None]
            wanted = forms.confidences().version if code == "confidences" else ""
            value = joint_in_force(halves[0], halves[1], only_version=wanted)
            state = JointConsent.objects.filter(couple_id=couple_id, code=code).first()
            if state is None:
                JointConsent(couple_id=couple_id, code=code, in_force=value).save(force_insert=True)
            elif state.in_force != value:
                state.in_force = value
                state.save(update_fields=["in_force"])


def _half(person_id: UUID, code: str, moment: datetime) -> Half | None:
    signed = _standing(person_id, code, moment)
    if signed is None:
        return None
    fact = ConsentFact.objects.filter(person_id=person_id, code=code, valid__contains=moment)
    return Half(fact.exists(), signed.version)


def _self(actor: Actor) -> UUID:
    if not actor.is_person:
        raise NotThere
    return actor.sure_id


def standing(newest_first: list[Consent], moment: datetime) -> Consent | None:
    """Of one code's consents, the given one that counts at a moment (P-23)."""
    today = _day(moment)
    for consent in newest_first:
        if consent.answer == "given" and still_counts(
            consent.expires_on, consent.revoked_at is not None, today
        ):
            return consent
    return None


def _standing(person_id: UUID, code: str, moment: datetime) -> Consent | None:
    rows = Consent.objects.filter(person_id=person_id, code=code).order_by("-signed_at")
    return standing(list(rows), moment)


def _end(person_id: UUID, code: str, moment: datetime) -> int:
    count = 0
    for consent in Consent.objects.filter(
        person_id=person_id, code=code, answer="given", revoked_at__isnull=True
    ):
        consent.revoked_at = moment
        consent.save(update_fields=["revoked_at"])
        audit.note("consent", "consent", person_id, consent.id, f"{code} taken back")
        count += 1
    consent_ends(person_id, code, moment)
    return count


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.PROGRAMME_ZONE)


def _day(moment: datetime) -> date:
    return moment.astimezone(_zone()).date()


def _until(consent: Consent) -> datetime | None:
    if consent.expires_on is None:
        return None
    return datetime.combine(consent.expires_on + timedelta(days=1), time.min, _zone())
