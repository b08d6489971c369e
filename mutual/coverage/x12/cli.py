"""`mutual x12 check | json | echo | ack`: exit codes 0 good, 1 refused, 2 wrong usage."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.coverage.x12.ack import acknowledge
from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.findings import Finding
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
        _say(say(_("{file}: can't be read: {why}"), file=name, why=error.strerror or ""))
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
    good, bad = say(_("accepted")), say(_("refused"))
    sys.stdout.write(f"{name}: {good if result['ok'] else bad}\n")
    for fault in result["errors"]:
        _say(_fault(name, fault))
    for item in result["transactions"]:
        guide = item["guide"] or say(_("guide not loaded"))
        verdict = good if item["accepted"] else bad
        sys.stdout.write(f"  {item['set']} {item['control'] or ''} ({guide}): {verdict}\n")
        for fault in item["errors"]:
            _say(_fault(name, fault))


def _fault(name: str, fault: dict[str, Any]) -> str:
    what = f"{fault['id']}{fault['element'] or ''}"
    text = f"{fault['text']} [{fault['code']}]"
    if fault["loop"]:
        words = _("{file}: segment {n} {what} in loop {loop}: {why}")
        return say(words, file=name, n=fault["segment"], what=what, loop=fault["loop"], why=text)
    return say(
        _("{file}: segment {n} {what}: {why}"), file=name, n=fault["segment"], what=what, why=text
    )


def json_command(file: str, json_output: bool = False) -> int:
    """The file's loops and segments as one JSON value."""
    data = _read(file)
    if data is None:
        return USAGE
    try:
        view = as_json(data)
    except X12Error as error:
        if json_output:
            _line({"interchanges": [], "errors": [_place(error)]})
        else:
            _say(say(_("{file}: refused: {why}"), file=file, why=error))
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
        _say(say(_("{file}: refused: {why}"), file=file, why=error))
        return REFUSED
    sys.stdout.buffer.write(out.getvalue())
    sys.stdout.buffer.flush()
    return GOOD


def ack_command(file: str, json_output: bool, control: int | None = None) -> int:
    """Writes the 999 or TA1 that answers the file; 1 where there is nothing to answer."""
    data = _read(file)
    if data is None:
        return USAGE
    at = datetime.now(UTC)
    try:
        answer = acknowledge(data, at, control)
    except X12Error as error:
        if json_output:
            _line({"file": file, "accepted": False, "sets": [], "errors": [_place(error)]})
        else:
            _say(say(_("{file}: refused: {why}"), file=file, why=error))
        return REFUSED
    if not answer.data:
        words = say(_("it holds nothing that asks for an answer"))
        if json_output:
            _line({"file": file, "accepted": answer.accepted, "sets": [],
                   "errors": [{"text": words}]})  # fmt: skip
        else:
            _say(say(_("{file}: refused: {why}"), file=file, why=words))
        return REFUSED
    if json_output:
        text = answer.data.decode("utf-8", "backslashreplace")
        _line({"file": file, "accepted": answer.accepted, "sets": answer.sets, "answer": text})
    else:
        sys.stdout.buffer.write(answer.data)
        sys.stdout.buffer.flush()
    return GOOD


def _place(error: X12Error) -> dict[str, object]:
    fault = Finding(error.position, error.segment, error.element, error.code, None, error.text)
    return fault.as_json()


def _control(text: str) -> int:
    """ISA13: up to nine digits."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(say(_("write a number from 1 to 999999999")))
    return int(text)


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Registers `x12` with its commands; each sets `run(args) -> exit code`.

    `parser.get_default("x12_commands")` of the result takes further commands.
    """
    parser = _command(
        subparsers,
        "x12",
        say(_("check, show or write back X12 files")),
        "mutual x12 check --json answer.271",
    )
    commands = parser.add_subparsers(dest="x12_command", required=True, metavar="COMMAND")
    parser.set_defaults(x12_commands=commands)
    which = say(_("an X12 file, - for standard input"))
    check = _command(
        commands,
        "check",
        say(_("say of each file whether it is accepted, and why not")),
        "mutual x12 check --json claims.837 payment.835",
    )
    check.add_argument("files", nargs="+", metavar="FILE", help=which)
    check.add_argument("--json", action="store_true", help=say(_("one JSON object per line")))
    check.set_defaults(run=lambda args: check_command(args.files, args.json))
    show = _command(
        commands,
        "json",
        say(_("print the loops and segments of a file as JSON")),
        "mutual x12 json payment.835",
    )
    show.add_argument("file", metavar="FILE", help=which)
    show.add_argument("--json", action="store_true", help=say(_("the answer is JSON anyway")))
    show.set_defaults(run=lambda args: json_command(args.file, args.json))
    back = _command(
        commands,
        "echo",
        say(_("write back the file that was read, byte for byte")),
        "mutual x12 echo claims.837 > copy.837",
    )
    back.add_argument("file", metavar="FILE", help=which)
    back.set_defaults(run=lambda args: echo_command(args.file))
    answer = _command(
        commands,
        "ack",
        say(_("write the 999 or TA1 that answers a file")),
        "mutual x12 ack claims.837 > answer.999",
    )
    answer.add_argument("file", metavar="FILE", help=which)
    answer.add_argument("--json", action="store_true", help=say(_("the answer in a JSON value")))
    answer.add_argument(
        "--control", type=_control, metavar="N",
        help=say(_("the answer's control number (otherwise that of the file)")),
    )  # fmt: skip
    answer.set_defaults(run=lambda args: ack_command(args.file, args.json, args.control))
    return parser


def _command(
    subparsers: Subparsers, name: str, words: str, example: str
) -> argparse.ArgumentParser:
    return subparsers.add_parser(
        name, help=words, description=words, epilog=say(_("Example: {example}"), example=example)
    )
