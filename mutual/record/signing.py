"""Where a session decides whether a consent may be signed now (P-24, P-25)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.privacy import actions, forms
from mutual.privacy.models import Consent, ReleaseOffer
from mutual.privacy.rules import JOINT
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.models import Seat, Session

#: Kinds of session in which a person is alone with their own counselor (P-25).
OWN = ("individual", "second_individual", "intake", "plan_session")
#: A shared session counts as going on from a little before its start (P-24).
BEFORE = timedelta(minutes=10)


def offer_release(
    actor: Actor, session_key: UUID, code: str, *, now: datetime | None = None
) -> ReleaseOffer:
    """In a running own session the own counselor opens a release for the person to sign (P-25).

    Raises:
        NotThere: for a session that isn't the actor's.
        Refused: for another kind of session, one that isn't running, or for no release.
    """
    moment = now or timezone.now()
    session = running_own_session(actor, session_key, moment)
    if not forms.get(code).to_partner:
        raise Refused(_("Choose a release to the partner."), rule="P-25", field="code")
    found = ReleaseOffer.objects.filter(
        person_id=session.subject_id, code=code, session_id=session.id
    ).first()
    if found is not None:
        return found
    row = ReleaseOffer(
        person_id=session.subject_id,
        code=code,
        session_id=session.id,
        by_id=actor.sure_id,
        opened_at=moment,
        until=session.during.upper,
    )
    row.save(force_insert=True)
    audit.note("consent", "consent", row.person_id, row.id, "release opened for signing")
    return row


def running_own_session(actor: Actor, session_key: UUID, moment: datetime | None = None) -> Session:
    """The actor's running individual session with somebody whose own counselor they are (P-25).

    Raises:
        NotThere: for a session that isn't the actor's.
        Refused: for another kind of session, or one that isn't running.
    """
    session = Session.objects.visible_to(actor).sole(
        public_id=session_key, clinician_id=actor.sure_id
    )
    if session.subject_of != "P" or session.kind not in OWN or session.status != "running":
        raise Refused(
            _("A release to the partner is opened in a running individual session."), rule="P-25"
        )
    if not Consent.objects.visible_to(actor).filter(person_id=session.subject_id).exists():
        raise NotThere
    return session


def my_offers(actor: Actor, now: datetime | None = None) -> list[ReleaseOffer]:
    """What one's counselor opened for signing in the session that runs now; one query."""
    moment = now or timezone.now()
    return list(
        ReleaseOffer.objects.visible_to(actor)
        .filter(person_id=actor.sure_id, opened_at__lte=moment, until__gt=moment)
        .order_by("opened_at")
    )


def sign(
    actor: Actor,
    code: str,
    signature: str,
    *,
    details: tuple[str, ...] = (),
    now: datetime | None = None,
) -> Consent:
    """Sign one consent for oneself, where and when it may be signed (P-24, P-25).

    Raises:
        Refused: an agreement of both while a shared session goes on; a release to the partner
            outside a running session of one's own; and as `privacy.actions.sign_consent`.
    """
    moment = now or timezone.now()
    if code in JOINT and _in_shared_session(actor, moment):
        raise Refused(_("Sign this alone: not while a shared session goes on."), rule="P-24")
    offer = None
    if code.startswith("pt:"):
        offer = next((o for o in my_offers(actor, moment) if o.code == code), None)
        if (
            offer is not None
            and not Session.objects.visible_to(actor)
            .filter(id=offer.session_id, status="running")
            .exists()
        ):
            offer = None
    return actions.sign_consent(actor, code, signature, details=details, now=moment, offer=offer)


def _in_shared_session(actor: Actor, moment: datetime) -> bool:
    return (
        Seat.objects.visible_to(actor)
        .filter(
            person_id=actor.sure_id,
            subject_of="C",
            cancelled=False,
            during__startswith__lte=moment + BEFORE,
            during__endswith__gt=moment,
            session__status__in=["planned", "running"],
        )
        .exists()
    )
