"""Who acts, in this transaction.

The actor is proven to the database by a token that it verifies (house.md). It is set for one
transaction only (carrier.py); outside of one nobody is anybody and sees nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import timezone

from mutual.base.home import secret
from mutual.wall import policy
from mutual.wall.carrier import Carrier

SERVICE_SPACE = UUID("6d757475-616c-4000-8000-736572766963")
SESSION_HOURS = 12


@dataclass(frozen=True)
class Actor:
    """The one who acts: a person in treatment, a member of staff, a service, or nobody.

    Attributes:
        id: the person's, staff member's or service's id; ``None`` for nobody.
        kind: ``person``, ``staff``, ``service`` or ``nobody``.
        roles: programme-wide roles in force now.
    """

    id: UUID | None
    kind: str
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_person(self) -> bool:
        """Whether this is one of the partners."""
        return self.kind == "person"

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of staff."""
        return self.kind == "staff"

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of the roles."""
        return bool(self.roles.intersection(roles))

    @property
    def sure_id(self) -> UUID:
        """The id of somebody who is somebody.

        Raises:
            PermissionError: for nobody.
        """
        if self.id is None:
            raise PermissionError("nobody acts here")
        return self.id


NOBODY = Actor(None, "nobody")


def _carrier() -> Carrier[Actor]:
    return Carrier.of()


def current() -> Actor:
    """The actor of this transaction."""
    frame = _carrier().top()
    return frame.who if frame else NOBODY


def _inside_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an actor acts inside a transaction only")


_BEGIN = "select actor, kind, roles from wall.begin(%s)"
_BEGIN_ACTIVE = "select actor, kind, roles from wall.begin_active(%s)"


def _begin(token: str, active: bool) -> Actor:
    with connection.cursor() as cursor, _carrier().setting(token):
        cursor.execute(_BEGIN_ACTIVE if active else _BEGIN, [token])
        row = cursor.fetchone()
    assert row is not None
    who, kind, roles = row
    return NOBODY if who is None else Actor(who, kind, frozenset(roles))


@contextmanager
def acting(token: str, *, active: bool = False) -> Iterator[Actor]:
    """Act under ``token`` until the block ends; needs a transaction, restores what was before.

    An unknown or expired token acts as nobody.

    Args:
        active: somebody asked for this, so that their 15 idle minutes begin again (P-84).
    """
    _inside_a_transaction()
    with _carrier().stand(token, _begin(token, active)) as actor:
        yield actor


@contextmanager
def posing(who: Actor) -> Iterator[Actor]:
    """For code alone that builds a query for ``who`` and asks nothing: the database knows no
    token for this block and would take it for nobody (kept.py)."""
    _inside_a_transaction()
    with _carrier().stand("", who) as actor:
        yield actor


def service_id(name: str) -> UUID:
    """The actor id of a service."""
    return uuid5(SERVICE_SPACE, name)


def service_token(name: str) -> str:
    """The token of a declared service, derived from a secret outside the database.

    Raises:
        KeyError: if no room declares the service.
    """
    policy.collect()[1][name]
    return hmac.new(secret("services"), name.encode(), hashlib.sha256).hexdigest()


@contextmanager
def as_service(name: str) -> Iterator[Actor]:
    """Act as a declared service until the block ends (house.md, service actors).

    Who that is need not be asked: its token goes out with the first statement of the block.
    """
    _inside_a_transaction()
    who = Actor(service_id(name), "service", frozenset({f"service:{name}"}))
    with _carrier().stand(service_token(name), who) as actor:
        yield actor


def token_hash(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def open_session(actor: UUID, kind: str, until: datetime | None = None) -> str:
    """Open a session for an actor who has just proven who they are; returns its token.

    Only sign-in code calls this: the database checks a proof made with the sign-in secret.
    """
    token = secrets.token_urlsafe(32)
    expires = (until or timezone.now() + timedelta(hours=SESSION_HOURS)).replace(microsecond=0)
    digest = token_hash(token)
    text = f"{actor}{kind}{digest.hex()}{int(expires.timestamp())}"
    proof = hashlib.sha256(secret("sign_in") + text.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "select wall.open_session(%s, %s, %s, %s, %s)", [actor, kind, digest, expires, proof]
        )
    return token


def touch_session() -> None:
    """The session that acts now is in use: its 15 idle minutes begin again (P-84)."""
    with connection.cursor() as cursor:
        cursor.execute("select wall.touch_session()")


def end_sessions(actor: UUID, *, only: bytes | None = None, but: bytes | None = None) -> int:
    """End sessions of somebody from the same second; returns how many ended (P-84, P-86).

    Only sign-in code calls this: the database checks a proof made with the sign-in secret.

    Args:
        only: the hash of one token; without it all end.
        but: the hash of the token that goes on.
    """
    text = f"end{actor}{only.hex() if only else ''}{but.hex() if but else ''}"
    proof = hashlib.sha256(secret("sign_in") + text.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("select wall.end_sessions(%s, %s, %s, %s)", [actor, only, but, proof])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def own_sessions() -> dict[bytes, tuple[datetime, datetime]]:
    """By hash of the token: since when it is open, and when it was last used; the actor's own."""
    with connection.cursor() as cursor:
        cursor.execute("select hash, opened, used from wall.own_sessions()")
        return {bytes(row[0]): (row[1], row[2]) for row in cursor.fetchall()}


def close_session() -> None:
    """End the session of the token that acts now; it is refused from the same second."""
    with connection.cursor() as cursor:
        cursor.execute("select wall.close_session()")
