"""``mutual restore``: the database as it was, and then every end since applied again (P-21, P-46).

Nothing is deleted: what was there is set aside under a name with the time. The log that the old
server still holds is used as well, so that no acknowledged write is lost while its disk lives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from mutual.base import database, embedded
from mutual.base.home import home
from mutual.entry import backup
from mutual.wall import heads


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    base: str
    databases: list[str]
    #: Ends of consents, relations, accounts and so on that were applied again.
    applied: int
    sessions_ended: int
    set_aside: str
    seconds: float


def restore(folder: Path, to: datetime | None = None) -> Restored:
    """Bring the newest state of a backup folder back, or the state at a moment.

    Raises:
        ValueError: without a fitting base backup, or when the secrets here are others.
        DatabaseUnavailable: when the server doesn't come up; what was there is back in its place.
    """
    backup.refuse_own_server()
    begun = time.monotonic()
    base, facts = _choose(folder, to)
    _refuse_other_secrets(facts)
    where = embedded.place(home())
    data = where / "postgres"
    embedded.stop(home())
    logs = where / "restore-wal"
    _gather_log(folder, where, data, logs)
    aside = _set_aside(data)
    try:
        backup.unpack(base, data)
        embedded.prepare_recovery(where, data, logs, to)
        embedded.start(home())
        _wait_until_writable()
        embedded.forget_recovery(where, data)
    except BaseException:
        _put_back(data, aside)
        raise
    finally:
        shutil.rmtree(logs, ignore_errors=True)
    server = embedded.start(home())
    names = backup.databases(server)
    _bring_outside(folder)
    applied = ended = 0
    for name in names:
        done = after(name, cut=to is not None)
        applied, ended = applied + done[0], ended + done[1]
    return Restored(
        base.name, names, applied, ended, aside.name if aside else "",
        round(time.monotonic() - begun, 1),
    )  # fmt: skip


def after(name: str, *, cut: bool) -> tuple[int, int]:
    """What a restored database needs before anyone signs in: (ends applied, sign-ins ended).

    Everybody signs in anew: a restored sign-in could be one that had ended.

    Args:
        cut: the database stands at an earlier moment on purpose: the heads of the audit since
            then are set aside, not lost.
    """
    with psycopg.connect(**database.dsn(database.OWNER, name), autocommit=True) as link:
        ended = link.execute("delete from wall.session where kind <> 'service'").rowcount
        link.execute("delete from public.usersessions_usersession")
        link.execute("delete from public.django_session")
        if cut:
            _entries, bad = heads.find_break(link, heads.kept(name))
            _whole, broken = heads.find_break(link, [])
            if bad is not None and broken is None:
                heads.set_aside(name)
    return _apply(name), ended


def _apply(name: str) -> int:
    """The ends, in a process of its own under the application's role."""
    done = subprocess.run(
        [sys.executable, "-m", "mutual.entry.restore", name],
        env=os.environ | {"MUTUAL_DATABASE": name, "MUTUAL_ROLE": database.APP},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise embedded.DatabaseUnavailable(
            "The database is restored, but what has ended since could not be applied; nobody may"
            f" sign in yet: {said[-1] if said else 'no word why'}"
        )
    return int(done.stdout.strip().splitlines()[-1])


def apply_here() -> int:
    """Apply the ends to the connected database; also what each start runs (P-21)."""
    from mutual.wall import audit, journal

    count = journal.apply_again()
    if count:
        from django.db import transaction

        with transaction.atomic():
            audit.note("setting", "audit_trail", reason=f"restored: {count} ends applied again")
    return count


def _choose(folder: Path, to: datetime | None) -> tuple[Path, backup.Facts]:
    found = [(p, f) for made, p, f in backup.bases(folder) if to is None or made <= to]
    if not found:
        raise ValueError(
            f"There is no proven base backup in {folder}"
            + (f" from before {to.isoformat()}." if to else ". Make one: mutual backup FOLDER")
        )
    return found[-1]


def _refuse_other_secrets(facts: backup.Facts) -> None:
    here = backup.fingerprints()
    other = sorted(n for n, mark in facts.secrets.items() if here.get(n) != mark)
    if other:
        raise ValueError(
            f"The secrets here are not those of the backup ({', '.join(other)}): bring the folder"
            f" {home() / 'secrets'} of that installation first, or what is sealed stays sealed."
        )


def _gather_log(folder: Path, where: Path, data: Path, logs: Path) -> None:
    """All of the log there is: collected, waiting to be collected, and the old server's own."""
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(mode=0o700)
    for source in (data / "pg_wal", backup.archive(where), folder / "wal"):
        if source.exists():
            for piece in source.iterdir():
                if piece.is_file() and piece.suffix != ".part":
                    shutil.copyfile(piece, logs / piece.name)
    embedded.give_to_server(logs)


def _set_aside(data: Path) -> Path | None:
    if not data.exists():
        return None
    aside = data.with_name(f"postgres-replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    data.rename(aside)
    return aside


def _put_back(data: Path, aside: Path | None) -> None:
    embedded.stop(home())
    if data.exists():
        shutil.rmtree(data)
    if aside is not None:
        aside.rename(data)


def _wait_until_writable() -> None:
    options: dict[str, Any] = database.dsn(database.SUPER, "postgres")
    for _ in range(36_000):
        with psycopg.connect(**options, autocommit=True) as link:
            row = link.execute("select pg_is_in_recovery()").fetchone()
        if row and not row[0]:
            return
        time.sleep(0.1)
    raise embedded.DatabaseUnavailable("The restored database did not become writable.")


def _bring_outside(folder: Path) -> None:
    """Heads and ends that the home has lost come from the backup; what is here is newer."""
    for kind in ("audit-heads", "ends"):
        for kept in (folder / "outside" / kind).glob("*"):
            target = home() / kind / kept.name
            if not target.exists():
                target.parent.mkdir(mode=0o700, exist_ok=True)
                shutil.copyfile(kept, target)
                target.chmod(0o600)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    django.setup()
    print(apply_here())
