"""What people do here: enrol a person, form a couple, take up work, set a PIN."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from mutual.base.refusal import Refused
from mutual.people.models import (
    Account,
    ContactLocation,
    Couple,
    CoupleMember,
    Person,
    ShownName,
    Staff,
)
from mutual.wall import audit
from mutual.wall.context import Actor
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
            couple = Couple(
                **({"id": couple_id} if couple_id else {}), number=number, formed_on=on
            )
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


def open_account(email: str, password: str, actor_id: UUID, kind: str, zone: str) -> Account:
    """An account for somebody who has come by invitation (P-82).

    Raises:
        Refused: if the address is taken; the words are those of P-32.
    """
    try:
        with transaction.atomic():
            return Account.objects.create_user(
                email, password, actor_id=actor_id, actor_kind=kind, zone=zone
            )
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


