"""The commands that need the whole house: serve, work, migrate, check, access, rules, audit."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any


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
    audit = commands.add_parser(
        "audit", help="the audit trail", epilog="Example: mutual audit verify --json"
    )
    verify = audit.add_subparsers(required=True, metavar="WHAT").add_parser(
        "verify", help="walk the chain", epilog="Example: mutual audit verify --json"
    )
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_audit_verify)


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


def _audit_verify(arguments: argparse.Namespace) -> int:
    from mutual.base import database
    from mutual.entry.cli import show_json
    from mutual.entry.database import connect, ensure_server
    from mutual.wall import heads

    ensure_server()
    name = str(database.settings()["NAME"])
    with connect(database.OWNER, name) as link:
        entries, bad = heads.verify(link, name)
    if arguments.json:
        show_json({"ok": bad is None, "entries": entries, "first_bad": bad})
    elif bad is None:
        print(f"The chain is whole: {entries} entries.")
    else:
        print(f"Entry {bad} is the first that does not fit the chain.", file=sys.stderr)
    return 0 if bad is None else 1
