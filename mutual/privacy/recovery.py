"""Every key is lost: two members of staff who see the person on video, a day's wait, one way in.

Never by mail or text message alone (P-85): whoever holds a mailbox or a phone holds no more than
that. The words that open the account are read out on the video call, and count a day later; until
then every session that is open, the counselor, and the safe channel have been told, and any of
them can stop it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people import devices
from mutual.people.actions import tell_counselors
from mutual.people.journal import keys_gone
from mutual.people.lookups import shown, staff_names
from mutual.people.models import Account, Person, Recovery, Staff
from mutual.people.throttle import ASKING, clear, go
from mutual.privacy import channel
from mutual.privacy.sender import call_words
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.outbox import leave

WAIT = timedelta(hours=24)
#: For so long the words count, once they do; and a request waits for staff.
GOOD_FOR, OPEN_FOR = timedelta(days=7), timedelta(days=14)
#: Who may see a person on video for this; of a colleague's account, the two last.
VERIFIERS = (
    "counselor", "couples_therapist", "admissions", "care_coordinator", "director",
    "privacy_officer",
)  # fmt: skip
OF_STAFF = ("director", "privacy_officer")
#: In the browser's session: a renewal waits; every page says so, and how to stop it.
FLAG = "renewal"


def ask(email: str, where: str, *, now: datetime | None = None) -> None:
    """Somebody asks for help with an address: a row for any address, and no word to anybody yet.

    The caller answers alike whatever the address is (P-32).

    Args:
        where: what slows down whoever asks too often: their network, never the address.
    """
    moment = now or timezone.now()
    typed = email.strip().lower()
    account = Account.objects.filter(email=typed, is_active=True).first()
    if go(ASKING, "ask", typed, where, now=moment):
        with as_service("recovery"):
            Recovery(actor_id=account.actor_id if account else None, asked_at=moment).save(
                force_insert=True
            )


@dataclass(frozen=True)
class Asked:
    """A request as staff see it."""

    public_id: UUID
    actor_id: UUID
    name: str
    asked_at: datetime
    first: str
    second: str
    opens_at: datetime | None
    how: str
    mine: bool


def _live(moment: datetime) -> Q:
    return Q(
        actor_id__isnull=False, stopped_at__isnull=True, used_at__isnull=True,
        asked_at__gt=moment - OPEN_FOR,
    ) & (Q(opens_at__isnull=True) | Q(opens_at__gt=moment - GOOD_FOR))  # fmt: skip


def waiting(actor: Actor, *, now: datetime | None = None) -> list[Asked]:
    """The open requests of people whom the actor may know; the newest of each.

    Raises:
        NotThere: for whoever doesn't do this.
    """
    if not actor.has(*VERIFIERS):
        raise NotThere
    moment = now or timezone.now()
    with as_service("recovery"):
        rows = list(Recovery.objects.filter(_live(moment)).order_by("-asked_at")[:200])
    newest: dict[UUID, Recovery] = {}
    for row in rows:
        if row.actor_id is not None:
            kept = newest.get(row.actor_id)
            if kept is None or (kept.first_id is None and row.first_id is not None):
                newest[row.actor_id] = row
    names = _names(actor, list(newest))
    staff = staff_names([i for r in rows for i in (r.first_id, r.second_id) if i])
    return [
        Asked(
            row.public_id, who, names[who], row.asked_at,
            staff.get(row.first_id, "") if row.first_id else "",
            staff.get(row.second_id, "") if row.second_id else "",
            row.opens_at, "", row.first_id == actor.id,
        )
        for who, row in newest.items()
        if who in names and who != actor.id
    ]  # fmt: skip


def _names(actor: Actor, ids: list[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = dict(
        Person.objects.visible_to(actor)
        .filter(id__in=ids)
        .annotate(called=shown("name", "id"))
        .values_list("id", "called")
    )
    if actor.has(*OF_STAFF):
        found |= staff_names(ids)
    return found


def one(actor: Actor, public_id: UUID, *, now: datetime | None = None) -> Asked:
    """One request, with the safe way to reach the person.

    Raises:
        NotThere: if it isn't one the actor may see.
    """
    for found in waiting(actor, now=now):
        if found.public_id == public_id:
            staff = Staff.objects.filter(id=found.actor_id).exists()
            how = "" if staff else _how(channel.way(found.actor_id))
            return Asked(**{**vars(found), "how": how})
    raise NotThere


def _how(way: channel.Way) -> str:
    """How to reach somebody for this; whom only the portal is safe for calls us."""
    if way.route != "portal":
        return call_words(way)
    words = _("They chose to be reached inside Mutual alone: do not call. Wait until they call us.")
    if way.code_word:
        words += " " + _("“%(word)s” means: I can't speak freely.") % {"word": way.code_word}
    return words


def seen(actor: Actor, public_id: UUID, *, alone: bool, now: datetime | None = None) -> str:
    """The actor has seen the person on video; the second of two starts the wait.

    Returns:
        for the second: the words to read out now, shown this once; for the first: nothing.

    Raises:
        NotThere: if it isn't one the actor may see.
        Refused: when the person isn't alone, or the same member of staff comes twice.
    """
    moment = now or timezone.now()
    found = one(actor, public_id, now=moment)
    if not alone:
        raise Refused(_("Then not now. Find another time, in the safe way below."), rule="P-85")
    with as_service("recovery"):
        row = Recovery.objects.select_for_update().get(public_id=public_id)
        if row.second_id is not None:
            raise Refused(_("Two of you have confirmed this already."), rule="P-85")
        if row.first_id is None:
            row.first_id, row.first_at = actor.sure_id, moment
            row.save(update_fields=["first_id", "first_at"])
            words = ""
        elif row.first_id == actor.sure_id:
            raise Refused(_("The second look is somebody else's."), rule="P-85")
        else:
            words = _words()
            row.second_id, row.second_at = actor.sure_id, moment
            row.words_hash, row.opens_at = make_password(_bare(words)), moment + WAIT
            row.save(update_fields=["second_id", "second_at", "words_hash", "opens_at"])
    audit.note("write", "account_device", found.actor_id, row.id, "seen on video")
    if words:
        _tell(row, moment)
    return words


def _tell(row: Recovery, moment: datetime) -> None:
    """The safe channel, every open session, and the own counselor hear of it (P-85)."""
    assert row.actor_id is not None
    leave(row.actor_id, f"renewal:{row.id}", moment)
    account = Account.objects.filter(actor_id=row.actor_id).first()
    if account is not None:
        devices.mark(account, FLAG, True)
        if account.actor_kind == "person":
            text = _("A new way to sign in opens tomorrow. If it isn't wanted, stop it.")
            tell_counselors([row.actor_id], "P-85", text, moment)


def _words() -> str:
    """Twelve digits to read out, in groups of four: 40 bits, tried a few times an hour at most."""
    digits = f"{secrets.randbelow(10**12):012d}"
    return " ".join(digits[i : i + 4] for i in range(0, 12, 4))


def _bare(words: str) -> str:
    return "".join(sign for sign in words if sign.isdigit())


def own(actor: Actor, *, now: datetime | None = None) -> Recovery | None:
    """The renewal that waits for the actor's own account, if one does."""
    moment = now or timezone.now()
    return Recovery.objects.filter(
        _live(moment), actor_id=actor.sure_id, opens_at__isnull=False
    ).first()


def stop(actor: Actor, public_id: UUID | None = None, *, now: datetime | None = None) -> None:
    """Stop it: whoever it is about, from any session, or one of those who may see it (P-85).

    Args:
        public_id: of the request, for staff; one's own needs none.

    Raises:
        NotThere: if there is nothing to stop.
    """
    moment = now or timezone.now()
    who = actor.sure_id
    if public_id is not None:
        who = one(actor, public_id, now=moment).actor_id
    with as_service("recovery"):
        ended = Recovery.objects.filter(_live(moment), actor_id=who).update(stopped_at=moment)
    if not ended:
        raise NotThere
    account = Account.objects.filter(actor_id=who).first()
    if account is not None:
        devices.mark(account, FLAG, False)
    audit.note("write", "account_device", who, None, "renewal stopped")


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return make_password(secrets.token_hex(16))


def enter(
    email: str, words: str, password: str, where: str, *, now: datetime | None = None
) -> Account:
    """The words are given, the wait is over: every old key goes, and a new password counts.

    The caller signs the account in, to enrol a key at once.

    Raises:
        Refused: alike for a wrong address, wrong words, and one of another time (P-32).
    """
    moment = now or timezone.now()
    typed = email.strip().lower()
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), rule="P-82", field="password") from error
    wrong = Refused(
        _("These do not fit, or their time has not come. Look again, or call us."), rule="P-85"
    )
    if not go(ASKING, "enter", typed, where, now=moment):
        raise wrong
    account = Account.objects.filter(email=typed, is_active=True).first()
    with as_service("recovery"):
        row = Recovery.objects.filter(
            _live(moment), actor_id=account.actor_id if account else UUID(int=0),
            opens_at__lte=moment,
        ).first()  # fmt: skip
    right = check_password(_bare(words), row.words_hash if row else _nobodys())
    if not right or row is None or account is None:
        raise wrong
    with as_service("recovery"):
        Recovery.objects.filter(id=row.id).update(used_at=moment)
    clear(ASKING, "enter", typed, where)
    devices.end_all(account)
    Authenticator.objects.filter(user=account).delete()
    with as_service("recovery"):
        keys_gone(account.actor_id, moment)
    account.set_password(password)
    account.pin_hash, account.pin_tries, account.pin_blocked_until = "", 0, None
    account.save()
    with as_service("recovery"):
        leave(account.actor_id, f"renewed:{row.id}", moment)
    audit.note("write", "account_device", account.actor_id, row.id, "renewed")
    return account
