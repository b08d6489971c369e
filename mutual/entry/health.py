"""Health of what Mutual needs: database, roles, queue, clock, mail, storage, video port."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sys
import time
from collections.abc import Callable

import psycopg

from mutual.base import database
from mutual.base.embedded import DatabaseUnavailable
from mutual.base.home import home


def _database() -> str:
    from mutual.entry.database import ensure_server

    ensure_server()
    with psycopg.connect(**database.dsn(database.APP)) as link:
        row = link.execute("show server_version").fetchone()
    assert row is not None
    if int(str(row[0]).split(".")[0]) < 16:
        raise RuntimeError(f"PostgreSQL {row[0]} is too old: 16 or newer is needed")
    return f"PostgreSQL {row[0]}"


def _roles() -> str:
    from mutual.entry.database import role_problem

    if problem := role_problem():
        raise RuntimeError(problem)
    return "the serving role owns nothing"


def _queue() -> str:
    with psycopg.connect(**database.dsn(database.APP)) as link:
        row = link.execute(
            "select count(*) filter (where status = 'todo'),"
            " count(*) filter (where status = 'failed') from procrastinate_jobs"
        ).fetchone()
    assert row is not None
    if row[1]:
        raise RuntimeError(f"{row[1]} jobs failed and wait for somebody")
    return f"{row[0]} jobs wait"


def _clock() -> str:
    with psycopg.connect(**database.dsn(database.APP)) as link:
        row = link.execute("select extract(epoch from clock_timestamp())").fetchone()
    assert row is not None
    apart = abs(time.time() - float(row[0]))
    if apart > 2:
        raise RuntimeError(f"the database's clock is {apart:.0f} s away from this machine's")
    return f"{apart:.1f} s apart"


def _mail() -> str:
    import django
    from django.conf import settings

    django.setup()
    if settings.DEMO or not os.environ.get("MUTUAL_SMTP_HOST"):
        return "no SMTP server is set: the demo keeps mail at /demo/mail"
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as link:
        link.noop()
    return f"{settings.EMAIL_HOST} answers"


def _storage() -> str:
    free = shutil.disk_usage(home()).free // 2**20
    probe = home() / ".write-probe"
    probe.write_text("x")
    probe.unlink()
    if free < 200:
        raise RuntimeError(f"only {free} MB free")
    return f"{free} MB free"


def _video() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((os.environ.get("MUTUAL_MEDIA_HOST", "127.0.0.1"), 0))
    return "a UDP port can be opened"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "roles": _roles,
    "queue": _queue,
    "clock": _clock,
    "mail": _mail,
    "storage": _storage,
    "video": _video,
}


def check(*, as_json: bool) -> int:
    """Run all checks; 0 if all are good, else 3."""
    results = []
    for name, ask in CHECKS.items():
        try:
            results.append({"name": name, "ok": True, "detail": ask()})
        except (DatabaseUnavailable, psycopg.Error, OSError, RuntimeError) as error:
            words = str(error).strip().splitlines()
            results.append({"name": name, "ok": False, "detail": words[-1] if words else "?"})
    ok = all(r["ok"] for r in results)
    if as_json:
        from mutual.entry.cli import show_json

        show_json({"ok": ok, "checks": results})
    else:
        for r in results:
            print(f"{'ok ' if r['ok'] else 'BAD'} {r['name']:10} {r['detail']}")
    if not ok:
        print("Something that Mutual needs isn't there: see the lines marked BAD.", file=sys.stderr)
    return 0 if ok else 3
