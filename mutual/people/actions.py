"""What people do here: enrol a person, form a couple, take up work, set a PIN."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from mutual.base.refusal import Refused
from mutual.people.contact_rules import refuse_hours
from mutual.people.models import (
    Account,
    ContactLocation,
    Couple,
    CoupleMember,
    Person,
    ShownName,
    Staff,
    StaffTask,
)
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current
from mutual.wall.models import Relation
from mutual.wall.relations import relate

PIN_TRIES = 5


def add_person(
    actor: Actor,
    *,
    given_name: str,
    family_name: str,
    birth_date: date | None = None,
    zone: str = "America/Chicago",
    state: str = "TX",
    sex: str = "U",
    pronouns: str = "",
    person_id: UUID | None = None,
) -> Person:
    """Write down a person; their relation to their own record comes with it."""
    person = Person(
        **({"id": person_id} if person_id else {}),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        birth_date=birth_date,
        zone=zone,
        state=state,
        sex=sex,
    )
    person.save(force_insert=True)
    relate(person.id, "self", person.id, "P", reason="own record")
    ShownName.objects.create(person=person, name=person.given_name, pronouns=pronouns)
    ContactLocation.objects.create(person=person)
    audit.note("write", "person_profile", person.id, person.id)
    return person


def form_couple(
    actor: Actor, a: Person, b: Person, on: date, *, couple_id: UUID | None = None
) -> Couple:
    """Two different adults enrol together (C-1).

    Raises:
        Refused: if one is under 18, both are one, or one is in an open couple.
    """
    if a.id == b.id:
        raise Refused(_("A couple is two different people."), rule="C-1")
    for person in (a, b):
        if person.birth_date and age(person.birth_date, on) < 18:
            raise Refused(_("Both partners must be 18 or older."), rule="C-1")
    try:
        with transaction.atomic():
            number = (Couple.objects.aggregate(last=Max("number"))["last"] or 0) + 1
            couple = Couple(**({"id": couple_id} if couple_id else {}), number=number, formed_on=on)
            couple.save(force_insert=True)
            for person, side in ((a, "A"), (b, "B")):
                CoupleMember.objects.create(
                    couple=couple, person=person, side=side, during=DateRange(on, None)
                )
                relate(person.id, "self", couple.id, "C", reason="member of this couple")
            relate(a.id, "partner", b.id, "P", reason="partner")
            relate(b.id, "partner", a.id, "P", reason="partner")
    except IntegrityError as error:
        raise Refused(_("One of them is already in an open couple."), rule="C-1") from error
    audit.note("write", "couple", couple.id, couple.id)
    return couple


def age(born: date, on: date) -> int:
    """Whole years on a day (F-22: a birth date has no zone)."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def take_up_work(actor: Actor, staff: Staff, *, since: datetime | None = None) -> None:
    """Write down the roles of a member of staff as relations, from now (or ``since``)."""
    start = since or timezone.now()
    for role in staff.roles:
        relate(staff.id, role, None, "*", reason=f"works as {role}", since=start)


def open_account(
    email: str,
    password: str | None,
    actor_id: UUID,
    kind: str,
    zone: str,
    *,
    password_hash: str = "",
) -> Account:
    """An account for somebody who has come by invitation (P-82).

    Args:
        email: proven by a code sent to it, or by whoever runs the programme for staff.
        password_hash: instead of ``password``, as kept while the code was on its way.

    Raises:
        Refused: if the address is taken; the words are those of P-32.
    """
    try:
        with transaction.atomic():
            account = Account.objects.create_user(
                email, password, actor_id=actor_id, actor_kind=kind, zone=zone
            )
            if password_hash:
                account.password = password_hash
                account.save(update_fields=["password"])
            EmailAddress.objects.create(
                user=account, email=account.email, verified=True, primary=True
            )
            return account
    except IntegrityError as error:
        raise Refused(
            _("This address can't be used here. Choose another, or ask us for help."), rule="P-82"
        ) from error


def set_pin(account: Account, pin: str, again: str) -> None:
    """Set the PIN of the private area (P-68): 4 to 8 digits, not one digit repeated.

    Raises:
        Refused: with what to do.
    """
    if not (pin.isdigit() and 4 <= len(pin) <= 8):
        raise Refused(_("Choose 4 to 8 digits."), rule="P-68", field="pin")
    if len(set(pin)) == 1 or pin in "0123456789" or pin in "9876543210":
        raise Refused(_("Choose digits that are harder to guess."), rule="P-68", field="pin")
    if pin != again:
        raise Refused(_("The two PINs differ. Type the same one twice."), field="again")
    account.pin_hash = make_password(pin)
    account.pin_tries = 0
    account.save(update_fields=["pin_hash", "pin_tries"])


def check_pin(account: Account, pin: str) -> bool:
    """Whether ``pin`` opens the private area; five wrong tries close it for 15 minutes.

    Raises:
        Refused: while it is closed.
    """
    now = timezone.now()
    if account.pin_blocked_until and account.pin_blocked_until > now:
        raise Refused(_("Too many tries. Wait 15 minutes, then try again."), rule="P-68")
    if account.pin_hash and check_password(pin, account.pin_hash):
        Account.objects.filter(id=account.id).update(pin_tries=0, pin_blocked_until=None)
        return True
    account.pin_tries += 1
    if account.pin_tries >= PIN_TRIES:
        account.pin_tries = 0
        account.pin_blocked_until = now + timedelta(minutes=15)
    account.save(update_fields=["pin_tries", "pin_blocked_until"])
    return False


def save_contact(
    actor: Actor,
    *,
    phone: str,
    safe_route: str,
    safe_hours: str,
    voicemail: bool,
    code_word: str,
    emergency_name: str,
    emergency_phone: str,
    emergency_nobody: bool,
    emergency_is_partner: bool = False,
    home_address: str = "",
    home_state: str = "",
    safe_mail: str = "",
    safe_days: str = "",
    safe_from: time | None = None,
    safe_to: time | None = None,
    now: datetime | None = None,
) -> ContactLocation:
    """Write down how one may safely be reached, and whom to call (C-19, C-79, P-38, P-70).

    Nothing is copied to or from the partner (P-59). A new home address sends the contact sheets
    of both to review, each to the own counselor (C-2).

    Raises:
        Refused: if the only emergency contact is the partner, or none was named and nobody not
            chosen; for hours without an end; without an address for the chosen way.
    """
    refuse_hours(safe_from, safe_to)
    if safe_route in ("call", "sms") and not phone.strip():
        raise Refused(_("Write the number for this way."), rule="P-38", field="phone")
    moment = now or timezone.now()
    row = ContactLocation.objects.writable_by(actor).sole(person_id=actor.sure_id)
    name = emergency_name.strip()
    if not emergency_nobody and (
        not name or emergency_is_partner or name.casefold() in _partner_names(row.person_id)
    ):
        raise Refused(
            _("Add someone outside the couple, or say nobody."), rule="C-79", field="emergency_name"
        )
    before = (row.places.get("home") or {}).get("address", "")
    newly_nobody = emergency_nobody and not row.emergency_nobody
    row.phone, row.safe_route, row.safe_hours = phone.strip(), safe_route, safe_hours.strip()
    row.safe_mail, row.safe_days = safe_mail.strip().lower(), safe_days
    row.safe_from, row.safe_to = safe_from, safe_to
    row.voicemail, row.code_word = voicemail, code_word.strip()
    row.emergency_nobody = emergency_nobody
    row.emergency_name = "" if emergency_nobody else name
    row.emergency_phone = "" if emergency_nobody else emergency_phone.strip()
    address = home_address.strip()
    if address:
        row.places = {**row.places, "home": {"address": address, "state": home_state}}
    row.save()
    audit.note("write", "contact_location", row.person_id, row.person_id)
    if newly_nobody:
        # staff: a task, in the language of those who do it
        words = _("No emergency contact by choice: write the plan for an emergency.")
        tell_counselors([row.person_id], "C-79", words, moment)
    if address and address != before:
        # staff: a task, in the language of those who do it
        words = _("Review the contact sheet.")
        tell_counselors(_both(row.person_id), "C-2", words, moment)
    return row


def save_shown_name(actor: Actor, name: str, pronouns: str) -> ShownName:
    """Choose the name and pronouns that the partner and groups see (D10).

    Raises:
        Refused: without a name.
    """
    if not name.strip():
        raise Refused(_("Write the name to show."), rule="P-38", field="name")
    row = ShownName.objects.get(person_id=actor.sure_id)
    row.name, row.pronouns = name.strip(), pronouns.strip()
    row.save(update_fields=["name", "pronouns"])
    audit.note("write", "person_profile", row.person_id, row.person_id)
    return row


def _partner_names(person_id: UUID) -> set[str]:
    names = ShownName.objects.exclude(person_id=person_id).values_list("name", flat=True)
    return {name.casefold() for name in names}


def _both(person_id: UUID) -> list[UUID]:
    with as_service("contact_review"):
        mine = CoupleMember.objects.filter(
            person_id=person_id, couple__ended_on__isnull=True, couple__parted_at__isnull=True
        )
        return list(
            CoupleMember.objects.filter(couple_id__in=mine.values("couple_id")).values_list(
                "person_id", flat=True
            )
        ) or [person_id]


def tell_counselors(person_ids: list[UUID], rule: str, words: str, moment: datetime) -> None:
    """A task for the own counselor of each, written by a service: no person sees it."""
    with as_service("contact_review"):
        for person_id in person_ids:
            for counselor in Relation.objects.filter(
                subject_id=person_id, relation="own_counselor", valid__contains=moment
            ).values_list("viewer_id", flat=True):
                StaffTask(
                    person_id=person_id,
                    author_id=current().sure_id,
                    addressee_id=counselor,
                    rule=rule,
                    text=words,
                    due=moment + timedelta(days=2),
                ).save(force_insert=True)
