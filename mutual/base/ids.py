"""Identifiers: time-ordered inside (UUIDv7), random outside (UUIDv4), see P-52."""

from __future__ import annotations

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, 74 random bits. Never leaves."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def public_id() -> uuid.UUID:
    """A random id for URLs, feeds and files (P-52: neither numbered nor timed)."""
    return uuid.uuid4()


def short_name() -> str:
    """Four random characters for a neutral file name, as in ``document-7F3K.pdf`` (P-51)."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4))
