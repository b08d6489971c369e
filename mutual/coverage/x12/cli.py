"""`mutual x12 check | json | echo`: exit codes 0 good, 1 refused, 2 wrong usage."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.tokenizer import X12Error
from mutual.coverage.x12.view import as_json
from mutual.coverage.x12.writer import echo

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, REFUSED, USAGE = 0, 1, 2


def _say(text: str) -> None:
    """One line on standard error, whatever characters a file name holds."""
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _read(name: str) -> bytes | None:
    """The bytes of a file (`-` is standard input), or None after saying why not."""
    try:
        if name == "-":
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        _say(f"{name}: can't be read: {error.strerror or 'unknown reason'}")
        return None


def _line(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def check_command(files: Sequence[str], json_output: bool) -> int:
    """Checks each file; one JSON object per line, or words. A file that isn't there is usage."""
    code = GOOD
    for name in files:
        data = _read(name)
        if data is None:
            code = USAGE
            continue
        result = check_file(data, name)
        if not result["ok"] and code == GOOD:
            code = REFUSED
        if json_output:
            _line(result)
        else:
            _words(result)
    return code


def _words(result: dict[str, Any]) -> None:
    """The verdict on standard output, the reasons of a refusal on standard error."""
    name = str(result["file"]).encode("utf-8", "backslashreplace").decode()
    sys.stdout.write(f"{name}: {'accepted' if result['ok'] else 'refused'}\n")
    for fault in result["errors"]:
        _say(_fault(name, fault))
    for item in result["transactions"]:
        guide = item["guide"] or "guide not loaded"
        verdict = "accepted" if item["accepted"] else "refused"
        sys.stdout.write(f"  {item['set']} {item['control'] or ''} ({guide}): {verdict}\n")
        for fault in item["errors"]:
            _say(_fault(name, fault))


def _fault(name: str, fault: dict[str, Any]) -> str:
    place = f"segment {fault['segment']} {fault['id']}{fault['element'] or ''}"
    loop = f" in loop {fault['loop']}" if fault["loop"] else ""
    return f"{name}: {place}{loop}: {fault['text']} [{fault['code']}]"


def json_command(file: str) -> int:
    """The file's loops and segments as one JSON value."""
    data = _read(file)
    if data is None:
        return USAGE
    try:
        view = as_json(data)
    except X12Error as error:
        _say(f"{file}: refused: {error}")
        return REFUSED
    _line(view)
    return GOOD


def echo_command(file: str) -> int:
    """Writes back the file that was read (B-8); nothing when it can't be read to its end."""
    data = _read(file)
    if data is None:
        return USAGE
    out = io.BytesIO()
    try:
        echo(data, out)
    except X12Error as error:
        _say(f"{file}: refused: {error}")
        return REFUSED
    sys.stdout.buffer.write(out.getvalue())
    sys.stdout.buffer.flush()
    return GOOD


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Registers `x12` with its commands; each sets `run(args) -> exit code`.

    `parser.get_default("x12_commands")` of the result takes further commands.
    """
    raw = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        "x12",
        help="check, show or write back X12 files",
        description="Check, show or write back X12 files.",
        epilog="example:\n  mutual x12 check --json answer.271",
        formatter_class=raw,
    )
    commands = parser.add_subparsers(dest="x12_command", required=True, metavar="COMMAND")
    parser.set_defaults(x12_commands=commands)
    check = commands.add_parser(
        "check",
        help="syntax, envelope and guide",
        description="Say of each file whether it is accepted, and why not.",
        epilog="example:\n  mutual x12 check --json claims.837 payment.835",
        formatter_class=raw,
    )
    check.add_argument("files", nargs="+", metavar="FILE", help="an X12 file, - for standard input")
    check.add_argument("--json", action="store_true", help="one JSON object per file and line")
    check.set_defaults(run=lambda args: check_command(args.files, args.json))
    show = commands.add_parser(
        "json",
        help="loops and segments as JSON",
        description="Print the loops and segments of a file as JSON.",
        epilog="example:\n  mutual x12 json payment.835",
        formatter_class=raw,
    )
    show.add_argument("file", metavar="FILE", help="an X12 file, - for standard input")
    show.add_argument("--json", action="store_true", help="already the form of the answer")
    show.set_defaults(run=lambda args: json_command(args.file))
    back = commands.add_parser(
        "echo",
        help="write back what was read",
        description="Write back the file that was read, byte for byte.",
        epilog="example:\n  mutual x12 echo claims.837 > copy.837",
        formatter_class=raw,
    )
    back.add_argument("file", metavar="FILE", help="an X12 file, - for standard input")
    back.set_defaults(run=lambda args: echo_command(args.file))
    return parser
