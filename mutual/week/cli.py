"""`mutual week instance|solve|check`: a programme's week from files, without a database.

Exit codes: 0 good, 1 refused or no whole week, 2 wrong usage. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from mutual.base.words import mark as _
from mutual.base.words import say

GOOD, REFUSED = 0, 1
_MOST_BYTES = 64 << 20
_EXAMPLE = """example:
  mutual week instance --couples 40 --seed 1 > week.json
  mutual week solve week.json --seconds 10 --json > solution.json
  mutual week check week.json solution.json"""


class _Refusal(Exception):
    """Words for standard error."""


def add_parser(subparsers: Any) -> None:
    """Register `week` and its three actions."""
    raw = argparse.RawDescriptionHelpFormatter
    top = subparsers.add_parser(
        "week", help=say(_("a programme's week: make, solve and check an instance")),
        epilog=_EXAMPLE, formatter_class=raw,
    )  # fmt: skip
    actions = top.add_subparsers(dest="week_action", metavar="ACTION", required=True)

    def add(name: str, words: str, run: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(
            name, help=words, description=words, epilog=_EXAMPLE, formatter_class=raw
        )
        made.add_argument("--json", action="store_true", help=say(_("print JSON only")))
        made.set_defaults(run=run)
        return made

    instance = add("instance", say(_("a random programme's week")), run_instance)
    instance.add_argument("--couples", type=_whole, required=True, metavar="N")
    instance.add_argument("--seed", type=_whole, required=True, metavar="S")
    instance.add_argument("--hard", default="", metavar="FLAW",
                          help=say(_("a flaw that makes it impossible, or none")))  # fmt: skip
    instance.add_argument("--calendar", choices=("held", "open"), default="held",
                          help=say(_("whether the groups have their hours already")))  # fmt: skip
    solve = add("solve", say(_("a week for an instance, or a repair")), run_solve)
    solve.add_argument("instance", metavar="INSTANCE")
    solve.add_argument("--seconds", type=_seconds, default=10.0, metavar="T")
    solve.add_argument(
        "--from",
        dest="before",
        metavar="SOLUTION",
        help=say(_("repair this solution with the fewest moved sessions")),
    )
    solve.add_argument("--workers", type=_workers, default=2, metavar="N")
    solve.add_argument("--seed", type=_whole, default=1, metavar="S")
    check = add("check", say(_("judge a solution by the rules")), run_check)
    check.add_argument("instance", metavar="INSTANCE")
    check.add_argument("solution", metavar="SOLUTION")


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(say(_("write a whole number from 0")))
    return int(text)


def _workers(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError(say(_("write a number from 1 to 64")))
    return number


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.1 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(say(_("write seconds from 0.1 to 86400")))
    return seconds


def _read(path: str) -> Any:
    """A JSON value from a file, `-` for standard input."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise _Refusal(f"{path}: {error.strerror or error}") from error
    if len(data) > _MOST_BYTES:
        raise _Refusal(say(_("{path}: larger than {n} MB"), path=path, n=_MOST_BYTES >> 20))
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _Refusal(say(_("{path}: not JSON ({error})"), path=path, error=error)) from error


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _refuse(words: str, as_json: bool, value: dict[str, Any]) -> int:
    if as_json:
        _print(value)
    else:
        sys.stderr.write(words + "\n")
    return REFUSED


def run_instance(args: argparse.Namespace) -> int:
    """Print a generated instance."""
    from mutual.week.solver.generate import generate
    from mutual.week.solver.reading import InstanceError

    try:
        _print(generate(args.couples, args.seed, hard=args.hard, calendar=args.calendar))
    except InstanceError as error:
        return _refuse(error.text, args.json, {"error": error.text, "path": error.path})
    return GOOD


def run_solve(args: argparse.Namespace) -> int:
    """Solve or repair; what the checker then finds makes the answer not feasible."""
    from mutual.week.checker import check
    from mutual.week.solver.parse import read
    from mutual.week.solver.reading import InstanceError
    from mutual.week.solver.search import Effort, Progress
    from mutual.week.solver.solving import solve

    def tell(progress: Progress) -> None:
        sys.stderr.write(
            say(
                _("{s:.1f} s: {n} sessions missing, cost {cost}\n"),
                s=progress.seconds,
                n=progress.missing,
                cost=progress.cost,
            )
        )

    try:
        raw = _read(args.instance)
        before = _read(args.before) if args.before else None
        asked = read(raw)
        effort = Effort(args.seconds, args.workers, args.seed)
        answer = solve(asked, effort, before=before, tell=tell).as_json()
    except (_Refusal, InstanceError) as error:
        empty = {"feasible": False, "sessions": [], "objective": None, "bound": None,
                 "moved": None, "conflicts": [str(error)], "seconds": 0.0}  # fmt: skip
        return _refuse(str(error), args.json, empty)
    if answer["feasible"]:
        verdict = check(raw, answer)
        answer["feasible"] = verdict["ok"]
        answer["conflicts"] += [one["text"] for one in verdict["violations"]]
    if args.json:
        _print(answer)
    else:
        _show(answer)
    return GOOD if answer["feasible"] else REFUSED


def _show(answer: dict[str, Any]) -> None:
    for one in answer["sessions"]:
        sys.stdout.write(f"{one['local']}  {one['id']:40} {', '.join(one['staff'])}\n")
    for words in [*answer["moves"], *answer["notes"]]:
        sys.stdout.write(words + "\n")
    for words in answer["conflicts"]:
        sys.stderr.write(words + "\n")


def run_check(args: argparse.Namespace) -> int:
    """Print the checker's verdict."""
    from mutual.week.checker import Unreadable, check

    try:
        verdict = check(_read(args.instance), _read(args.solution))
    except (_Refusal, Unreadable) as error:
        shape = {"rule": "shape", "text": str(error), "sessions": []}
        return _refuse(str(error), args.json, {"ok": False, "violations": [shape]})
    if args.json:
        _print(verdict)
    else:
        for one in verdict["violations"]:
            sys.stderr.write(f"{one['rule']}: {one['text']}\n")
        for one in verdict["warnings"]:
            sys.stdout.write(f"{one['rule']}: {one['text']}\n")
        sys.stdout.write(say(_("Every rule holds.\n")) if verdict["ok"] else "")
    return GOOD if verdict["ok"] else REFUSED
