"""``mutual demo``: set up, load once, serve, say where, stop cleanly."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from mutual.base import database
from mutual.base.embedded import DatabaseUnavailable


def say(text: str) -> None:
    """Progress goes to standard error."""
    print(text, file=sys.stderr, flush=True)


def run(*, port: int, home: str | None, load: bool) -> int:
    """Run the demo until Ctrl-C; returns the exit code."""
    if os.environ.get("DATABASE_URL"):
        say(
            "The demo lets anybody in with one click, so it never runs on a database of your own."
            " Unset DATABASE_URL, or use 'mutual serve'."
        )
        return 2
    if home:
        os.environ["MUTUAL_HOME"] = str(Path(home).absolute())
    os.environ["MUTUAL_DEMO"] = "1"
    os.environ.setdefault("MUTUAL_HTTPS", "0")
    os.environ["MUTUAL_DATABASE"] = name = "mutual_demo"
    if _taken(port):
        say(f"Port {port} is in use. Choose another: mutual demo --port {port + 1}")
        return 3
    begun = time.monotonic()
    say("demo: starting the database")
    try:
        _prepare(name)
        if load:
            _load(name)
    except DatabaseUnavailable as error:
        say(str(error))
        return 3
    say(f"demo: ready after {time.monotonic() - begun:.1f} s")
    return _serve(port)


def _prepare(name: str) -> None:
    """Server, schema and walls; the schema only when the code has changed since the last start."""
    from mutual.base.home import home as folder
    from mutual.entry.database import connect, ensure_server, setup

    stamp = folder() / "demo-schema"
    digest = _digest()
    if stamp.exists() and stamp.read_text("ascii") == digest:
        ensure_server()
        try:
            connect(database.OWNER, name).close()
            return
        except DatabaseUnavailable:
            say("demo: the database is gone; making it anew")
    setup(name)
    stamp.write_text(digest, "ascii")


def _digest() -> str:
    """Of everything that the schema and the walls are made from."""
    seen = hashlib.sha256()
    package = Path(__file__).resolve().parents[2]
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.sql")]):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _load(name: str) -> None:
    """Load the demo programme in a process of its own, as the owner, in one transaction."""
    say("demo: looking after the demo programme (the first time this takes half a minute)")
    done = subprocess.run(
        [sys.executable, "-m", "mutual.entry.demo.load"],
        env=os.environ | {"MUTUAL_ROLE": database.OWNER, "MUTUAL_DATABASE": name},
        check=False,
    )
    if done.returncode:
        raise DatabaseUnavailable(
            "The demo programme did not load; nothing of it was kept. The lines above say why."
            " Run the command again to try once more."
        )


def _serve(port: int) -> int:
    import uvicorn

    from mutual.entry.serving import refuse_wrong_role

    os.environ["DJANGO_SETTINGS_MODULE"] = "mutual.base.settings"
    if refuse_wrong_role():
        return 3
    server = uvicorn.Server(
        uvicorn.Config(
            "mutual.entry.asgi:application",
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
    )
    threading.Thread(target=_announce, args=(server, port), daemon=True).start()
    server.run()
    _stop_database()
    say("demo: stopped; the data is kept for the next start")
    return 0


def _announce(server: object, port: int) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.05)
    from mutual.entry.demo.people import PASSWORD, PERSONAS, PIN

    print(
        f"\nMutual runs at http://localhost:{port}/   all sign-ins: http://localhost:{port}/demo\n"
    )
    for p in PERSONAS:
        print(f"  {p.name:14} http://{p.key}.localhost:{port}/demo/enter   {p.what}")
    print(f"\n  PIN of the private area {PIN}, password {PASSWORD}. Ctrl-C stops.\n", flush=True)


def _stop_database() -> None:
    """Stop the embedded server unless somebody else (tests, another demo) still uses it."""
    from mutual.base import embedded
    from mutual.base.home import home
    from mutual.entry.database import connect

    try:
        with connect(database.SUPER, "postgres") as link:
            row = link.execute(
                "select count(*) from pg_stat_activity"
                " where backend_type = 'client backend' and pid <> pg_backend_pid()"
                " and datname <> 'mutual_demo'"
            ).fetchone()
        if row and row[0] == 0:
            embedded.stop(home())
    except DatabaseUnavailable:
        pass
