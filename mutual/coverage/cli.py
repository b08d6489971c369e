"""`mutual benefits FILE` and `mutual estimate CASE.json` (design: the command line).

Exit codes: 0 good, 1 refused, 2 wrong usage. With `--json`, one JSON value on standard output
and nothing else there; a refusal is then told in that JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.coverage.benefits import BenefitReport, error_json, read_benefits, report_json
from mutual.coverage.case import CaseError
from mutual.coverage.estimate import estimate_case
from mutual.coverage.x12.tokenizer import X12Error

GOOD, REFUSED, USAGE = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    """Register both commands; each sets `run(args) -> exit code` as its default."""
    _command(
        subparsers,
        "benefits",
        say(_("what a payer's answer (271) says of each person")),
        "FILE",
        "mutual benefits answer.271 --json",
        run_benefits,
    )
    _command(
        subparsers,
        "estimate",
        say(_("what planned services cost each partner under one plan")),
        "CASE.json",
        "mutual estimate case.json --json",
        run_estimate,
    )


def _command(
    subparsers: Any,
    name: str,
    words: str,
    what: str,
    example: str,
    run: Callable[[argparse.Namespace], int],
) -> None:
    parser = subparsers.add_parser(
        name, help=words, description=words, epilog=say(_("Example: {example}"), example=example)
    )
    parser.add_argument("file", metavar=what)
    parser.add_argument("--json", action="store_true", help=say(_("print JSON only")))
    parser.set_defaults(run=run)


def run_benefits(args: argparse.Namespace) -> int:
    """Read one file of 271 transactions and say what is in it."""
    data = _read(args.file)
    if data is None:
        return USAGE
    try:
        report = read_benefits(data)
    except X12Error as error:
        answer = {"file": args.file, "people": [], "errors": [error_json(error)]}
        return _refuse(args.json, answer, f"{args.file}: {error}")
    answer = report_json(report, args.file)
    if args.json:
        _json(answer)
    else:
        _show_benefits(report)
        for refused in report.errors:
            _err(f"{args.file}: {refused}")
    return REFUSED if report.errors else GOOD


def run_estimate(args: argparse.Namespace) -> int:
    """Work out one case."""
    data = _read(args.file)
    if data is None:
        return USAGE
    try:
        # Numbers keep their decimal digits: money never passes through binary fractions.
        case = json.loads(data, parse_float=Decimal, parse_constant=str, object_pairs_hook=_once)
    except CaseError as error:
        return _refuse(args.json, {"errors": [{"text": str(error)}]}, f"{args.file}: {error}")
    except (ValueError, RecursionError):
        words = say(_("the file is not JSON; see --help for an example"))
        return _refuse(args.json, {"errors": [{"text": words}]}, f"{args.file}: {words}")
    try:
        answer = estimate_case(case)
    except CaseError as error:
        return _refuse(args.json, {"errors": [{"text": str(error)}]}, f"{args.file}: {error}")
    if args.json:
        _json(answer)
    else:
        _show_estimate(answer)
    return GOOD


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose keys stand once: the second would silently win."""
    table = dict(pairs)
    if len(table) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise CaseError(say(_("the key {key} stands twice"), key=twice))
    return table


def _read(name: str) -> bytes | None:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        reason = error.strerror or say(_("cannot be read"))
        _err(f"{name}: {reason}")
        return None


def _refuse(as_json: bool, answer: dict[str, object], words: str) -> int:
    if as_json:
        _json(answer)
    else:
        _err(words)
    return REFUSED


def _json(answer: object) -> None:
    # Escaped, because a file may hold bytes that no terminal can show.
    sys.stdout.write(json.dumps(answer, indent=1) + "\n")


def _out(text: str) -> None:
    """To standard output, with a mark in place of what it can't show."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _err(text: str) -> None:
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], right: int) -> None:
    """Columns from `right` on are numbers and stand flush right."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    for row in (head, *rows):
        cells = [
            cell.rjust(width) if n >= right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        _out("  ".join(cells).rstrip() + "\n")


def _show_benefits(report: BenefitReport) -> None:
    for person in report.people:
        state = {True: say(_("active")), False: say(_("not active")), None: say(_("not said"))}
        who = say(_("subscriber")) if person.subscriber else say(_("dependent"))
        plan = person.plan or say(_("plan not named"))
        number = person.member_id or "-"
        _out(f"{number}  {who}  {plan}: {state[person.active]}\n")
        for refusal in person.refused:
            _out(f"  {refusal.code}: {refusal.text} {refusal.next_step}\n")
        for out in person.carve_outs:
            contacts = ", ".join(value for _kind, value in out.contacts)
            vendor = out.vendor or say(_("not named"))
            _out("  " + say(_("Ask elsewhere: {vendor}"), vendor=vendor))
            _out(f" ({contacts})\n" if contacts else "\n")
        rows = []
        for fact in person.benefits:
            value = next(
                (
                    format(v, "f")
                    for v in (fact.amount, fact.percent, fact.quantity)
                    if v is not None
                ),
                "",
            )
            left = say(_("left")) if fact.remaining else ""
            rows.append(
                (
                    fact.service_type or "",
                    fact.kind,
                    fact.level or "",
                    fact.network or "",
                    " ".join(part for part in (fact.period, left) if part),
                    " ".join(str(n) for n in fact.segments),
                    value,
                )
            )
        if rows:
            head = (
                say(_("type")),
                say(_("what")),
                say(_("level")),
                say(_("network")),
                say(_("period")),
                say(_("segments")),
                say(_("value")),
            )
            _table(head, rows, right=6)


def _show_estimate(answer: dict[str, Any]) -> None:
    keys = {
        "date": _("date"),
        "member": _("person"),
        "allowed": _("allowed"),
        "deductible": _("deductible"),
        "copay": _("copay"),
        "coinsurance": _("coinsurance"),
        "not_covered": _("not covered"),
        "balance": _("balance"),
        "owes": _("owes"),
        "plan_pays": _("plan pays"),
    }
    rows = [[line[key] for key in keys] for line in answer["lines"]]
    _table([say(words) for words in keys.values()], rows, right=2)
    _out("\n")
    for member, amount in answer["owes"].items():
        _out(say(_("{member} owes {amount}"), member=member, amount=amount) + "\n")
    low, high = answer["range"]
    _out(
        say(
            _("Together {total}, between {low} and {high}"),
            total=answer["total"],
            low=low,
            high=high,
        )
        + "\n\n"
    )
    for assumption in answer["assumptions"]:
        _out(f"- {assumption}\n")
