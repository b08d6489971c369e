"""What people do here: sign, decline and take back consents, each alone, for themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import ShownName
from mutual.privacy import forms, journal
from mutual.privacy.joint import refresh_joint, refresh_joint_of
from mutual.privacy.models import Consent, ReleaseOffer
from mutual.privacy.rules import (
    JOINT,
    RELEASE_BEGINS_AFTER,
    Elements,
    refuse_incomplete,
)
from mutual.privacy.signals import consent_ended, consent_given
from mutual.privacy.standing import of_person, standing
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.models import ConsentFact
from mutual.wall.relations import consent_ends, consent_in_force

__all__ = ["decline", "refresh_joint", "refresh_joint_of", "revoke", "sign_consent", "standing"]


def sign_consent(
    actor: Actor,
    code: str,
    signature: str,
    *,
    now: datetime | None = None,
    details: tuple[str, ...] = (),
    offer: ReleaseOffer | None = None,
) -> Consent:
    """Sign one consent for oneself, with its very words (P-16, P-17).

    Args:
        actor: the person; nobody signs for another (P-82).
        code: as in `privacy/forms.py`.
        signature: the typed name.
        now: when it is signed.
        details: lines under the words, for instance the clinicians' licences (P-74).
        offer: what the own counselor opened in a session, for a release to the partner (P-25).

    Raises:
        Refused: if a part is missing, or the code isn't signed here.
    """
    form = forms.get(code)
    moment = now or timezone.now()
    if form.to_partner:
        refuse_without_offer(_self(actor), code, offer, moment)
    return sign_form(actor, form, signature, now=moment, details=details)


def refuse_without_offer(
    person_id: UUID, code: str, offer: ReleaseOffer | None, moment: datetime
) -> None:
    """Refuse a release to the partner outside a session of one's own (P-25)."""
    if (
        offer is None
        or (offer.person_id, offer.code) != (person_id, code)
        or not offer.opened_at <= moment < offer.until
    ):
        raise Refused(
            gettext("This is signed with your counselor, in a session of your own."), rule="P-25"
        )


def sign_form(
    actor: Actor,
    form: forms.Form,
    signature: str,
    *,
    now: datetime | None = None,
    details: tuple[str, ...] = (),
) -> Consent:
    """Sign a form that was made for somebody outside, or any other, for oneself (P-17).

    Raises:
        Refused: if a part is missing.
    """
    person_id = _self(actor)
    moment = now or timezone.now()
    found = of_person(person_id, form.code, moment)
    if found is not None and _same(found, form) and _counts(person_id, form.code, moment):
        return found  # F-13: once is once.
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
    if found is not None:
        end(person_id, form.code, moment)
    consent = _paper(person_id, form, moment, signature.strip())
    consent.words = "\n\n".join([*(str(p) for p in form.paragraphs), str(form.refusing), *details])
    consent.expires_on = form.expires_on(_day(moment))
    begins = moment
    if form.to_partner:
        begins = consent.starts_at = moment + RELEASE_BEGINS_AFTER
    consent.save(force_insert=True)
    consent_in_force(person_id, form.code, begins, _until(consent))
    # The trail never names a release that may still be dropped without a trace (P-25).
    told = "release" if form.to_partner else form.code
    audit.note("consent", "consent", person_id, consent.id, f"{told} given")
    if form.joint:
        refresh_joint_of(person_id, moment)
    consent_given.send(sender=Consent, person_id=person_id, code=form.code)
    return consent


def decline(actor: Actor, code: str, *, now: datetime | None = None) -> Consent:
    """Say no to a consent, or take back one given; nothing else changes (P-16)."""
    person_id = _self(actor)
    moment = now or timezone.now()
    form = forms.get(code)
    if of_person(person_id, code, moment) is not None:
        revoke(actor, code, now=moment)
    shown = ShownName.objects.filter(person_id=person_id).values_list("name", flat=True).first()
    consent = _paper(person_id, form, moment, shown or gettext("declined"))
    consent.answer = "declined"
    consent.save(force_insert=True)
    audit.note("consent", "consent", person_id, consent.id, f"{code} declined")
    return consent


def revoke(actor: Actor, code: str, *, now: datetime | None = None) -> int:
    """Take a consent back: its grants are gone when this transaction ends (P-21).

    A release to the partner that hasn't begun is dropped without a trace (P-25).

    Returns the number of consents ended; 0 when none was in force, which is no error (F-13).
    """
    person_id = _self(actor)
    moment = now or timezone.now()
    if code.startswith("pt:") and _drop(person_id, code, moment):
        return 1
    return _taken_back(person_id, code, moment)


def revoke_on_paper(
    actor: Actor, consent_key: UUID, *, why: str = "", now: datetime | None = None
) -> int:
    """Write down that a person took a consent back on paper (P-21); ``why`` for a false one (P-23).

    Staff who may read the consent do it: own counselor, admissions, director, privacy officer.

    Raises:
        NotThere: for everybody else and for no consent.
    """
    if not actor.is_staff:
        raise NotThere
    found = Consent.objects.visible_to(actor).sole(public_id=consent_key)
    moment = now or timezone.now()
    with as_service("paper_consents"):
        count = _taken_back(found.person_id, found.code, moment, by=actor.sure_id)
    if count:
        reason = "found to be false" if why else "taken back on paper"
        audit.note("consent", "consent", found.person_id, found.id, reason)
    return count


def _taken_back(person_id: UUID, code: str, moment: datetime, by: UUID | None = None) -> int:
    count = end(person_id, code, moment, by)
    if count:
        journal.revoked(person_id, code, moment)
        if code in JOINT:
            refresh_joint_of(person_id, moment)
        consent_ended.send(sender=Consent, person_id=person_id, code=code)
    return count


def end(person_id: UUID, code: str, moment: datetime, by: UUID | None = None) -> int:
    """End what is in force of a code, in this transaction; returns how many papers."""
    count = 0
    for consent in Consent.objects.filter(
        person_id=person_id, code=code, answer="given", revoked_at__isnull=True
    ):
        consent.revoked_at = moment
        consent.revoked_by_id = by
        consent.save(update_fields=["revoked_at", "revoked_by_id"])
        audit.note("consent", "consent", person_id, consent.id, f"{code} taken back")
        count += 1
    consent_ends(person_id, code, moment)
    return count


def _drop(person_id: UUID, code: str, moment: datetime) -> bool:
    pending = Consent.objects.filter(person_id=person_id, code=code, starts_at__gt=moment)
    if not pending.exists():
        return False
    ConsentFact.objects.filter(
        person_id=person_id, code=code, valid__startswith__gt=moment
    ).delete()
    for consent in pending:
        audit.note("consent", "consent", person_id, consent.id, "release dropped")
    pending.delete()
    journal.dropped(person_id, code, moment)
    return True


def _paper(person_id: UUID, form: forms.Form, moment: datetime, name: str) -> Consent:
    return Consent(
        person_id=person_id,
        code=form.code,
        version=form.version,
        language=get_language() or "en",
        discloser=str(form.discloser),
        recipient=str(form.recipient),
        description=str(form.description),
        purpose=str(form.purpose),
        revocation=str(form.revocation),
        words="\n\n".join(str(p) for p in form.paragraphs),
        expiry_event=str(form.expiry),
        signed_name=name,
        signed_at=moment,
        kinds=list(form.kinds),
        reach=form.reach,
    )


def _same(found: Consent, form: forms.Form) -> bool:
    if found.version != form.version:
        return False
    return not form.until or (found.kinds, found.purpose, found.expires_on, found.reach) == (
        list(form.kinds),
        str(form.purpose),
        form.until,
        form.reach,
    )


def _counts(person_id: UUID, code: str, moment: datetime) -> bool:
    """Whether a fact stands for it: the programme may have ended an agreement of both (P-24)."""
    rows = ConsentFact.objects.filter(person_id=person_id, code=code)
    return any(r.valid.upper is None or r.valid.upper > moment for r in rows if not r.valid.isempty)


def _self(actor: Actor) -> UUID:
    if not actor.is_person:
        raise NotThere
    return actor.sure_id


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.PROGRAMME_ZONE)


def _day(moment: datetime) -> date:
    return moment.astimezone(_zone()).date()


def _until(consent: Consent) -> datetime | None:
    if consent.expires_on is None:
        return None
    return datetime.combine(consent.expires_on + timedelta(days=1), time.min, _zone())
