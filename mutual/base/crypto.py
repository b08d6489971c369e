"""Sealing: text encrypted by the application with a key outside the database (P-9).

AES-256-GCM from ``cryptography``. The associated data binds a sealed text to the row it belongs
to, so that a sealed body copied to another row does not open.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mutual.base.home import secret


class SealBroken(Exception):
    """A sealed text doesn't open: other key, other row, or changed bytes."""


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    return AESGCM(secret("seal"))


def seal(text: str, bound_to: str) -> bytes:
    """``text`` encrypted; ``bound_to`` names its row (for instance its id)."""
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(nonce, text.encode(), bound_to.encode())


def seal_alike(text: str, bound_to: str) -> bytes:
    """Like :func:`seal`, but the same text gives the same bytes: two answers stay comparable."""
    nonce = hmac.digest(secret("seal"), f"{bound_to}|{text}".encode(), "sha256")[:12]
    return nonce + _cipher().encrypt(nonce, text.encode(), bound_to.encode())


def open_sealed(data: bytes | memoryview, bound_to: str) -> str:
    """The text sealed by :func:`seal`.

    Raises:
        SealBroken: if key, row or bytes differ.
    """
    raw = bytes(data)
    try:
        return _cipher().decrypt(raw[:12], raw[12:], bound_to.encode()).decode()
    except InvalidTag as error:
        raise SealBroken("This sealed text does not open here.") from error
