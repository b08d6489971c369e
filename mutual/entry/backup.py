"""``mutual backup``: a base backup and the log since, proven by restoring it (P-46, P-89).

A backup folder holds ``base-<time>/`` (PostgreSQL's own base backup, compressed, with
``mutual.json`` beside it), ``wal/`` (the log since the first of them) and ``outside/`` (the copies
of the audit's heads and of what has ended, which live outside the database). The secrets are not
in it: keep ``secrets/`` of the installation's home elsewhere, or the sealed texts stay sealed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mutual.base import database, embedded
from mutual.base.home import home, secret
from mutual.wall import heads

FACTS = "mutual.json"
#: Secrets without which a restored database is of no use.
NEEDED = ("seal", "services", "sign_in", "database_super", "database_owner", "database_app")


@dataclass
class Facts:
    """What a base backup holds."""

    made_at: str
    server: str
    secrets: dict[str, str]
    #: Database to table to number of rows, as found by restoring it.
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: float = 0.0


def refuse_own_server() -> None:
    """A server of one's own has its own backups.

    Raises:
        ValueError: saying so, and what to do after a restore.
    """
    if os.environ.get("DATABASE_URL"):
        raise ValueError(
            "Your own PostgreSQL server has its own backups (pg_basebackup, your provider's)."
            " After restoring one, run 'mutual restore --after' before anyone signs in."
        )


def fingerprints() -> dict[str, str]:
    """Of the secrets a backup depends on: enough to know them again, not to have them."""
    return {name: hashlib.sha256(secret(name) + b"mutual").hexdigest()[:16] for name in NEEDED}


def archive(where: Path) -> Path:
    """Where the server puts its log until a backup collects it."""
    return where / "archive"


def back_up(folder: Path, *, log_only: bool = False) -> Facts | None:
    """Collect the log, and unless ``log_only`` make a base backup and prove it.

    Returns the facts of the base backup.

    Raises:
        DatabaseUnavailable: when the server can't be reached or the backup doesn't restore.
    """
    refuse_own_server()
    begun = time.monotonic()
    server = embedded.start(home())
    for part in (folder, folder / "wal", folder / "outside"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    _keep_log(server)
    facts = None
    if not log_only:
        made = datetime.now(UTC)
        name = folder / f"base-{made:%Y%m%dT%H%M%SZ}"
        _run(
            [server.bin / "pg_basebackup", "-D", name, "-Ft", "-z", "-X", "stream",
             "--checkpoint=fast", "-h", server.socket, "-U", database.SUPER, "-w"],
            "The base backup",
        )  # fmt: skip
        facts = Facts(made.isoformat(), version(server), fingerprints())
        facts.rows = prove(name)
    collect_log(server, folder)
    for kind in ("audit-heads", "ends"):
        if (home() / kind).exists():
            shutil.copytree(home() / kind, folder / "outside" / kind, dirs_exist_ok=True)
    if facts is not None:
        facts.seconds = round(time.monotonic() - begun, 1)
        text = json.dumps(asdict(facts), indent=1, sort_keys=True)
        (name / FACTS).write_text(text, "utf-8")
        # For the privacy officer's page: when the last proof was, without asking the folder.
        (home() / "last-backup.json").write_text(text, "utf-8")
    return facts


def version(server: embedded.Server) -> str:
    """The server's version, for the facts."""
    with psycopg.connect(**_super("postgres"), autocommit=True) as link:
        row = link.execute("show server_version").fetchone()
    assert row is not None
    return str(row[0])


def _super(name: str) -> dict[str, Any]:
    return database.dsn(database.SUPER, name)


def _keep_log(server: embedded.Server) -> None:
    """From the first backup on the server keeps its log until it is collected."""
    folder = archive(embedded.place(home()))
    embedded.give_to_server(folder)
    kept = f"{folder}/%f"
    command = f'test -f "{kept}" || (cp "%p" "{kept}.part" && mv "{kept}.part" "{kept}")'
    with psycopg.connect(**_super("postgres"), autocommit=True) as link:
        link.execute(sql.SQL("alter system set archive_command = {}").format(sql.Literal(command)))
        link.execute("alter system set archive_timeout = '60s'")
        link.execute("select pg_reload_conf()")


def collect_log(server: embedded.Server, folder: Path) -> int:
    """Close the current piece of the log, wait until it is kept, and move all into ``folder``."""
    kept = archive(embedded.place(home()))
    with psycopg.connect(**_super("postgres"), autocommit=True) as link:
        row = link.execute("select pg_walfile_name(pg_switch_wal())").fetchone()
        assert row is not None
        last = str(row[0])
        for _ in range(600):
            row = link.execute("select last_archived_wal from pg_stat_archiver").fetchone()
            if row is None or (row[0] or "") >= last or (kept / last).exists():
                break
            if _nothing_to_close(link, last):
                break
            time.sleep(0.1)
    count = 0
    for piece in sorted(kept.glob("*")):
        if piece.suffix == ".part":
            continue
        shutil.copyfile(piece, folder / "wal" / f"{piece.name}.part")
        _synced(folder / "wal" / f"{piece.name}.part")
        (folder / "wal" / f"{piece.name}.part").rename(folder / "wal" / piece.name)
        piece.unlink()
        count += 1
    return count


def _nothing_to_close(link: psycopg.Connection[Any], last: str) -> bool:
    """An untouched piece is not closed: what it would hold was kept before."""
    row = link.execute("select pg_walfile_name(pg_current_wal_lsn()) <= %s", [last]).fetchone()
    return bool(row and row[0])


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prove(base: Path) -> dict[str, dict[str, int]]:
    """Restore a base backup into a server of its own, count its rows, walk its audit chains.

    Raises:
        DatabaseUnavailable: when it doesn't start, or a chain doesn't fit.
    """
    where = embedded.place(home())
    with tempfile.TemporaryDirectory(prefix="proof-", dir=where) as name:
        scratch = Path(name)
        scratch.chmod(0o711)
        data, socket = scratch / "postgres", scratch / "run"
        unpack(base, data)
        embedded.give_to_server(data, socket)
        short = embedded.socket_folder(scratch)
        embedded.give_to_server(short)
        server = embedded.run_restored(where, data, short)
        try:
            return {one: _counted(server, one) for one in databases(server)}
        finally:
            embedded.stop_restored(server, data)
            if short != scratch / "run":
                shutil.rmtree(short, ignore_errors=True)


def unpack(base: Path, data: Path) -> None:
    """Put the files of a base backup and the log it needs in place."""
    data.mkdir(mode=0o700, parents=True)
    for name, into in (("base.tar.gz", data), ("pg_wal.tar.gz", data / "pg_wal")):
        with tarfile.open(base / name) as packed:
            # Our own base backup; the filter keeps every name inside the folder.
            packed.extractall(into, filter="tar")  # nosec B202


def databases(server: embedded.Server) -> list[str]:
    """The databases of this programme on a server: those with a wall."""
    found = []
    options = {**_super("postgres"), "host": str(server.socket)}
    with psycopg.connect(**options, autocommit=True) as link:
        names = [
            row[0]
            for row in link.execute(
                "select datname from pg_database where datallowconn and not datistemplate"
            ).fetchall()
        ]
    for name in names:
        with psycopg.connect(**{**options, "dbname": name}, autocommit=True) as link:
            row = link.execute("select to_regclass('wall.audit') is not null").fetchone()
            if row and row[0]:
                found.append(name)
    return sorted(found)


def _counted(server: embedded.Server, name: str) -> dict[str, int]:
    options = {**_super(name), "host": str(server.socket)}
    with psycopg.connect(**options, autocommit=True) as link:
        _entries, bad = heads.find_break(link, [])
        if bad is not None:
            raise embedded.DatabaseUnavailable(
                f"The audit of {name} in the backup doesn't fit from entry {bad} on."
            )
        tables = link.execute(
            "select tablename from pg_tables where schemaname = 'public' order by 1"
        ).fetchall()
        found = {}
        for (table,) in tables:
            row = link.execute(
                sql.SQL("select count(*) from public.{}").format(sql.Identifier(table))
            ).fetchone()
            assert row is not None
            found[table] = int(row[0])
    return found


def bases(folder: Path) -> list[tuple[datetime, Path, Facts]]:
    """The proven base backups of a folder, oldest first."""
    found = []
    for path in sorted(folder.glob("base-*")):
        if (path / FACTS).exists():
            facts = Facts(**json.loads((path / FACTS).read_text("utf-8")))
            found.append((datetime.fromisoformat(facts.made_at), path, facts))
    return found


def _run(args: list[Any], what: str) -> None:
    done = subprocess.run(
        [str(a) for a in args],
        env=os.environ | {"PGPASSWORD": str(_super("postgres")["password"])},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise embedded.DatabaseUnavailable(f"{what} failed: {said[-1] if said else 'no word why'}")
