"""The commands that need the whole house: serve, work, migrate, check, access, audit, backup …"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


def _port(text: str) -> int:
    """A TCP port; 0 lets the system choose."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 0 to 65535")
    return int(text)


def add_parser(commands: Any) -> None:
    """Register this module's commands."""

    def add(name: str, help_text: str, example: str, run: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(
            name, help=help_text, description=help_text, epilog=f"Example: {example}"
        )
        made.set_defaults(run=run)
        return made

    demo = add("demo", "load and serve the demo programme", "mutual demo --port 8000", _demo)
    demo.add_argument("--port", type=_port, default=os.environ.get("PORT", "8000"))
    demo.add_argument("--home", help="folder for data (default ./.mutual or MUTUAL_HOME)")
    demo.add_argument("--no-load", action="store_true", help="don't load the demo programme")
    serve = add("serve", "serve the web application", "mutual serve --port 8000", _serve)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=os.environ.get("PORT", "8000"))
    add("work", "run background jobs", "mutual work", _work)
    add("migrate", "bring the schema and the walls up to date", "mutual migrate", _migrate)
    check = add("check", "health of everything that is needed", "mutual check --json", _check)
    check.add_argument("--json", action="store_true")
    access = add("access", "who may see what, as the code has it", "mutual access --json", _access)
    access.add_argument("--json", action="store_true")
    rules = add("rules", "the spec's rules and the tests that carry them", "mutual rules", _rules)
    rules.add_argument("--json", action="store_true")
    backup = add(
        "backup", "back the database up and prove it", "mutual backup /backups/mutual", _backup
    )
    backup.add_argument("folder", metavar="FOLDER", type=Path)
    backup.add_argument(
        "--log-only", action="store_true", help="only collect the log since the last time (quick)"
    )
    backup.add_argument("--json", action="store_true")
    restore = add(
        "restore", "bring a backup back, and what has ended since to an end again",
        "mutual restore /backups/mutual --to 2026-05-04T17:55:00-05:00", _restore,
    )  # fmt: skip
    restore.add_argument("folder", metavar="FOLDER", type=Path, nargs="?")
    restore.add_argument("--to", metavar="TIME", type=_moment, help="the state at this moment")
    restore.add_argument(
        "--after", action="store_true",
        help="the database was restored by other means: only end again what had ended",
    )  # fmt: skip
    restore.add_argument("--json", action="store_true")
    instruments = commands.add_parser(
        "instruments", help="wording of instruments that an owner holds",
        epilog="Example: mutual instruments install csi4.toml",
    )  # fmt: skip
    install = instruments.add_subparsers(required=True, metavar="WHAT").add_parser(
        "install", help="install an owner's wording with its permission",
        epilog="Example: mutual instruments install csi4.toml --json",
    )  # fmt: skip
    install.add_argument("file", metavar="FILE.toml", type=Path)
    install.add_argument("--json", action="store_true")
    install.set_defaults(run=_instruments_install)
    audit = commands.add_parser(
        "audit", help="the audit trail", epilog="Example: mutual audit verify --json"
    )
    verify = audit.add_subparsers(required=True, metavar="WHAT").add_parser(
        "verify", help="walk the chain", epilog="Example: mutual audit verify --json"
    )
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_audit_verify)


def _moment(text: str) -> datetime:
    """A moment in ISO 8601; without an offset in the programme's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: write it like 2026-05-04T17:55:00-05:00"
        ) from None
    if found.tzinfo is None:
        zone = os.environ.get("MUTUAL_PROGRAMME_ZONE", "America/Chicago")
        found = found.replace(tzinfo=ZoneInfo(zone))
    return found


def _backup(arguments: argparse.Namespace) -> int:
    from mutual.entry.backup import back_up
    from mutual.entry.cli import show_json

    facts = back_up(arguments.folder.absolute(), log_only=arguments.log_only)
    if arguments.json:
        show_json({"ok": True, "base": asdict(facts) if facts else None})
    elif facts is None:
        print("The log is collected.")
    else:
        for name, tables in facts.rows.items():
            print(f"{name}: {len(tables)} tables, {sum(tables.values())} rows, audit chain whole")
        print(f"Backed up and restored once to prove it, in {facts.seconds:.0f} s.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from mutual.entry import restore
    from mutual.entry.cli import show_json

    if arguments.after:
        from mutual.base import database
        from mutual.entry.database import ensure_server

        ensure_server()
        applied, ended = restore.after(str(database.settings()["NAME"]), cut=True)
        print(f"{applied} ends applied again, {ended} sign-ins ended.")
        return 0
    if arguments.folder is None:
        print("Name the backup's folder: mutual restore FOLDER", file=sys.stderr)
        return 2
    done = restore.restore(arguments.folder.absolute(), arguments.to)
    if arguments.json:
        show_json({"ok": True, **asdict(done)})
        return 0
    print(f"Restored {', '.join(done.databases)} from {done.base} in {done.seconds:.0f} s.")
    print(f"{done.applied} ends applied again, {done.sessions_ended} sign-ins ended.")
    if done.set_aside:
        print(f"What was there before is kept as {done.set_aside}.")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from mutual.entry.demo.run import run

    return run(port=arguments.port, home=arguments.home, load=not arguments.no_load)


def _serve(arguments: argparse.Namespace) -> int:
    from mutual.entry.serving import serve

    return serve(arguments.host, arguments.port)


def _work(arguments: argparse.Namespace) -> int:
    from mutual.entry.serving import work

    return work()


def _migrate(arguments: argparse.Namespace) -> int:
    from mutual.base import database
    from mutual.entry.database import setup

    setup(str(database.settings()["NAME"]))
    print("The database is up to date.", file=sys.stderr)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from mutual.entry.health import check

    return check(as_json=arguments.json)


def _access(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    from mutual.entry.cli import show_json
    from mutual.wall.policy import access_table

    table = access_table()
    if arguments.json:
        show_json(table)
        return 0
    for kind in table["kinds"]:
        seal = " (sealed)" if kind["sealed"] else ""
        cells = ", ".join(f"{r} {c}" for r, c in kind["cells"].items() if c != "-")
        print(f"{kind['kind']}{seal} of {kind['of']}: {cells or 'nobody'}")
    for service in table["services"]:
        print(f"service {service['service']}: {service['why']}")
    return 0


def _rules(arguments: argparse.Namespace) -> int:
    from mutual.entry.cli import show_json
    from mutual.entry.rulebook import rules

    found = rules()
    if arguments.json:
        show_json(found)
        return 0
    for rule in found:
        print(f"{rule['rule']:6} {len(rule['tests']):3} tests  {rule['title']}")
    return 0


def _instruments_install(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    from mutual.base import database
    from mutual.base.refusal import Refused
    from mutual.entry.cli import show_json
    from mutual.entry.database import connect, ensure_server
    from mutual.measures import wordings
    from mutual.measures.packs import read_pack

    if not arguments.file.is_file():
        print(f"{arguments.file}: there is no such file", file=sys.stderr)
        return 2
    try:
        # Read before the database is asked: a refused file changes nothing.
        pack = read_pack(arguments.file.read_text("utf-8"))
        ensure_server()
        with connect(database.OWNER, str(database.settings()["NAME"])) as link:
            fresh = wordings.install(link, pack)
    except (Refused, UnicodeDecodeError) as error:
        words = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        if arguments.json:
            show_json({"ok": False, "errors": words.splitlines()})
        else:
            for line in words.splitlines():
                print(f"{arguments.file}: {line}", file=sys.stderr)
        return 1
    if arguments.json:
        show_json(
            {"ok": True, "key": pack.key, "version": pack.version, "language": pack.language,
             "items": len(pack.items), "new": fresh}
        )  # fmt: skip
    else:
        state = "installed" if fresh else "was installed already"
        print(
            f"{pack.key} version {pack.version} ({pack.language}) {state}: {len(pack.items)} items,"
            f" permission by {pack.permission.by}."
        )
    return 0


def _audit_verify(arguments: argparse.Namespace) -> int:
    from mutual.base import database
    from mutual.entry.cli import show_json
    from mutual.entry.database import connect, ensure_server
    from mutual.wall import heads

    ensure_server()
    name = str(database.settings()["NAME"])
    what = None
    with connect(database.OWNER, name) as link:
        entries, bad = heads.verify(link, name)
        if bad is not None:
            what = heads.explain(link, bad, entries)
    if arguments.json:
        show_json({"ok": bad is None, "entries": entries, "first_bad": bad, "what": what})
    elif what is None:
        print(f"The chain is whole: {entries} entries.")
    else:
        print(f"Entry {bad} is the first that does not fit the chain.", file=sys.stderr)
        print(heads.WORDS[what].format(seq=bad), file=sys.stderr)
    return 0 if bad is None else 1
