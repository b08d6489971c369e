"""From an inquiry to an account of one's own: private links, each for one person (F-19, P-82)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions.admitting import open_episode
from mutual.episode.models import Inquiry, Invitation
from mutual.people import actions as people
from mutual.people.models import Account, ContactLocation, Couple, CoupleMember, Person
from mutual.privacy.actions import refresh_joint
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

#: A link is good for this long.
GOOD_FOR = timedelta(days=7)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invite(actor: Actor, inquiry: Inquiry, email: str, now: datetime | None = None) -> str:
    """Make a private link for one partner; returns its token, which is kept nowhere (F-19).

    An earlier unused link of the same inquiry ends. The message that carries it says what every
    notice says (P-49).

    Raises:
        Refused: to staff, when the address already leads to another person: an address is not a
            person, and each needs a private one.
    """
    moment = now or timezone.now()
    address = email.strip().lower()
    taken = (
        Invitation.objects.filter(email=address).exclude(inquiry=inquiry).exists()
        or Account.objects.filter(email=address).exists()
    )
    if taken:
        raise Refused(
            _("This address already belongs to another person. Ask for a private one."),
            rule="F-19",
            field="email",
        )
    if (
        inquiry.person_id is not None
        and Account.objects.filter(actor_id=inquiry.person_id).exists()
    ):
        raise Refused(_("This person has an account already."), rule="P-82")
    Invitation.objects.filter(inquiry=inquiry, used_at__isnull=True).update(expires_at=moment)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        inquiry=inquiry,
        email=address,
        token_hash=_digest(token),
        expires_at=moment + GOOD_FOR,
    )
    invitation.save(force_insert=True)
    audit.note("write", "inquiry", inquiry.id, invitation.id, "invited")
    return token


def find_invitation(token: str, now: datetime | None = None) -> Invitation:
    """The invitation of a link that still counts.

    Raises:
        NotThere: for a used, ended or unknown one alike (P-32).
    """
    with as_service("sign_in"):
        found = (
            Invitation.objects.filter(
                token_hash=_digest(token),
                used_at__isnull=True,
                expires_at__gt=now or timezone.now(),
            )
            .select_related("inquiry")
            .first()
        )
    if found is None:
        raise NotThere
    return found


def note_address_taken(token: str) -> None:
    """Ask staff to call somebody whose chosen address belongs to another account (P-82)."""
    invitation = find_invitation(token)
    with as_service("sign_in"):
        Inquiry.objects.filter(id=invitation.inquiry_id).update(
            # staff: a task, in the language of those who do it
            next_action=_("Call on the safe way: needs an address of their own")
        )


def accept_invitation(
    token: str,
    *,
    email: str,
    password: str | None = None,
    password_hash: str = "",
    given_name: str,
    family_name: str,
    birth_date: date | None = None,
    zone: str = "America/Chicago",
    pronouns: str = "",
    now: datetime | None = None,
) -> Account:
    """Take up a link once: the person of the inquiry, with an account of their own (F-19, P-82).

    Runs as the service ``sign_in``, before anybody is known.

    Raises:
        NotThere: for a link that doesn't count any more.
        Refused: under 18 (C-1), or when the address can't be used; the caller answers the latter
            like any other address (P-32).
    """
    moment = now or timezone.now()
    invitation = find_invitation(token, moment)
    if birth_date is not None and people.age(birth_date, timezone.localdate(moment)) < 18:
        raise Refused(
            _("Care here is for adults. Call us and we help you find the right place."),
            rule="C-1",
            field="birth_date",
        )
    with as_service("sign_in") as service:
        inquiry = Inquiry.objects.select_for_update().get(id=invitation.inquiry_id)
        person = inquiry.person
        if person is None:
            person = people.add_person(
                service,
                given_name=given_name,
                family_name=family_name,
                birth_date=birth_date,
                zone=zone,
                state=inquiry.state,
                pronouns=pronouns,
            )
            ContactLocation.objects.filter(person=person).update(
                phone=inquiry.reach if inquiry.safe_route in ("call", "sms") else "",
                safe_route=inquiry.safe_route,
                safe_hours=inquiry.safe_hours[:80],
            )
        account = people.open_account(
            email, password, person.id, "person", zone, password_hash=password_hash
        )
        Inquiry.objects.filter(id=inquiry.id).update(person=person)
        Invitation.objects.filter(id=invitation.id).update(used_at=moment, person=person)
        audit.note("write", "account_device", person.id, None, "account opened by invitation")
    return account


def form_couple_of(
    actor: Actor, inquiry_a: Inquiry, inquiry_b: Inquiry, on: date | None = None
) -> Couple:
    """Admissions joins two who inquired together and both took up their links (C-1, F-19).

    Opens the stage *screening* for each. A repeat gives the couple that is there (F-13).

    Raises:
        Refused: unless both inquired together and both have accounts of their own.
    """
    day = on or timezone.localdate()
    if inquiry_a.id == inquiry_b.id or inquiry_a.couple_key != inquiry_b.couple_key:
        raise Refused(_("These two did not inquire together."), rule="F-19")
    pair: list[Person] = []
    for inquiry in (inquiry_a, inquiry_b):
        person = inquiry.person
        if person is None or not Account.objects.filter(actor_id=person.id).exists():
            raise Refused(
                _("%(name)s has not taken up the private link yet.") % {"name": inquiry.name},
                rule="F-19",
            )
        pair.append(person)
    there = (
        Couple.objects.filter(ended_on__isnull=True, members__person=pair[0])
        .filter(id__in=CoupleMember.objects.filter(person=pair[1]).values("couple_id"))
        .first()
    )
    couple = there or people.form_couple(actor, pair[0], pair[1], day)
    for person in pair:
        open_episode(actor, person, day)
    Inquiry.objects.filter(
        id__in=[inquiry_a.id, inquiry_b.id], status__in=("new", "contacted")
    ).update(status="screening")
    refresh_joint(couple.id)
    return couple
