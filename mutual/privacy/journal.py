"""Consents taken back, also written outside the database: a restored backup can't revive them.

One JSON line for each, in a 0600 file of the installation's home. After a restore
`mutual` calls :func:`apply_again`, which ends whatever the backup brought back (house.md).
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from mutual.base.home import home
from mutual.wall.context import as_service


def _path() -> Path:
    return home() / "revocations.jsonl"


def revoked(person_id: UUID, code: str, at: datetime) -> None:
    """Write a line once the revocation is committed; it holds an id, a code and a time."""
    line = json.dumps({"person": str(person_id), "code": code, "at": at.isoformat()})
    transaction.on_commit(lambda: _append(line))


def _append(line: str) -> None:
    handle = os.open(_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def apply_again() -> int:
    """End every journalled consent that a restored database still has; returns how many."""
    from mutual.privacy.models import Consent
    from mutual.wall.relations import consent_ends

    path = _path()
    if not path.exists():
        return 0
    count = 0
    with transaction.atomic(), as_service("revocations"):
        for text in path.read_text("utf-8").splitlines():
            line = json.loads(text)
            at = datetime.fromisoformat(line["at"])
            alive = Consent.objects.filter(
                person_id=line["person"], code=line["code"], answer="given",
                revoked_at__isnull=True, signed_at__lte=at,
            )  # fmt: skip
            ended = alive.update(revoked_at=at)
            if ended:
                consent_ends(UUID(line["person"]), line["code"], at)
                count += ended
    return count
