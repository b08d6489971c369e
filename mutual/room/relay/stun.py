"""STUN for an ICE-lite server: only answers, and only to those who know the password (RFC 8445)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aioice import stun


@dataclass(frozen=True, slots=True)
class Check:
    """A connectivity check whose user name and integrity fit."""

    ufrag: str
    """The server's half of the user name: it names the peer."""
    remote_ufrag: str
    nominates: bool
    """Whether the page has chosen this path (USE-CANDIDATE)."""
    transaction: bytes
    password: str

    def answer(self, host: str, port: int) -> bytes:
        """The success response; it tells a page its own address and nothing else."""
        message: Any = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=self.transaction,
        )
        message.attributes["XOR-MAPPED-ADDRESS"] = (host, port)
        message.add_message_integrity(self.password.encode())
        return bytes(message)


def check(data: bytes, password_of: Callable[[str], str | None]) -> Check | None:
    """Read a binding request; ``None`` for anything that isn't one of ours, so no answer goes out.

    ``password_of`` maps the server's half of the user name to the password, or to ``None``.
    """
    try:
        message: Any = stun.parse_message(data)
    except (ValueError, UnicodeDecodeError, IndexError, LookupError):
        return None
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        return None
    ufrag, colon, remote = str(message.attributes.get("USERNAME", "")).partition(":")
    password = password_of(ufrag) if colon else None
    if password is None or not message.check_message_integrity(password.encode()):
        return None
    return Check(
        ufrag,
        remote,
        "USE-CANDIDATE" in message.attributes,
        message.transaction_id,
        password,
    )
