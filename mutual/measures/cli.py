"""`mutual measures list` and `mutual measures score KEY 1,2,-,0`: no programme, no data needed."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures import registry
from mutual.measures.scale import FLAG_WORDS, Instrument, Result

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, REFUSED = 0, 1
_EXAMPLE = """example:
  mutual measures list
  mutual measures score phq9 1,2,1,1,0,1,0,0,0
  mutual measures score gad7 1,1,0,-,0,1,1 --json"""


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Register `measures`; the parsed arguments carry `run`, which returns the exit code."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        "measures", help="instruments and their scores", epilog=_EXAMPLE, formatter_class=raw
    )
    actions = parser.add_subparsers(dest="measures_action", metavar="ACTION", required=True)
    listing = actions.add_parser(
        "list", help="every instrument", epilog=_EXAMPLE, formatter_class=raw
    )
    listing.add_argument("--json", action="store_true", help="one JSON value on standard output")
    listing.set_defaults(run=run_list)
    scoring = actions.add_parser(
        "score", help="score answers", epilog=_EXAMPLE, formatter_class=raw
    )
    scoring.add_argument("--json", action="store_true", help="one JSON value on standard output")
    scoring.add_argument("key", metavar="KEY", help="an instrument of `mutual measures list`")
    # Everything that is left, because answers may begin with "-" for a missing one.
    scoring.add_argument(
        "answers",
        metavar="ANSWERS",
        nargs=argparse.REMAINDER,
        help="answers in item order with commas between; - is missing, y and n are yes and no",
    )
    scoring.set_defaults(run=run_score, parser=scoring)
    return parser


def parse_answers(instrument: Instrument, text: str) -> tuple[int | None, ...]:
    """Answers from `1,2,-,0`; raises `Refused` naming the answer that is no number."""
    yes_no = {"y": 1, "n": 0}
    found: list[int | None] = []
    for position, part in enumerate(text.split(","), start=1):
        word = part.strip().lower()
        if word == "-":
            found.append(None)
        elif word in yes_no and any(item.yes_no for item in instrument.items):
            found.append(yes_no[word])
        elif word.isascii() and word.isdigit():
            found.append(int(word))
        else:
            raise Refused(
                say(
                    _('answer {n} is "{word}": write a whole number, or - for a missing one'),
                    n=position,
                    word=part.strip(),
                ),
                rule="I-7",
            )
    return tuple(found)


def run_list(args: argparse.Namespace) -> int:
    """Print every instrument; exit code 0."""
    if args.json:
        _print_json([_described(instrument) for instrument in registry.all()])
        return GOOD
    for instrument in registry.all():
        count = len(instrument.scored_items)
        sys.stdout.write(
            f"{instrument.key:14} {count:3}  {say(instrument.title)}: {say(instrument.purpose)}\n"
        )
    return GOOD


def run_score(args: argparse.Namespace) -> int:
    """Print the score; 0 when the answers were taken, also when no total exists, 1 if refused."""
    rest = [part for part in args.answers if part != "--json"]
    as_json = args.json or len(rest) < len(args.answers)
    if len(rest) != 1:
        args.parser.error("give the answers as one word, for instance 1,2,-,0")
    try:
        instrument = registry.get(args.key)
        result = instrument.score(parse_answers(instrument, rest[0]))
    except Refused as refused:
        if as_json:
            _print_json(Result(args.key, False, reason=refused.text).as_json())
        else:
            sys.stderr.write(f"refused: {refused.text}\n")
        return REFUSED
    if as_json:
        _print_json(result.as_json())
    else:
        sys.stdout.write(_in_words(instrument, result))
    return GOOD


def _described(instrument: Instrument) -> dict[str, object]:
    return {
        "key": instrument.key,
        "title": say(instrument.title),
        "version": instrument.version,
        "purpose": say(instrument.purpose),
        "items": [
            {"number": item.number, "handle": say(item.handle), "values": list(item.values)}
            for item in instrument.items
        ],
        "shelf": instrument.shelf,
        "wording": instrument.ships_wording,
        "source": say(instrument.source),
    }


def _in_words(instrument: Instrument, result: Result) -> str:
    lines = [say(instrument.title)]
    if not result.scorable:
        lines.append(f"{say(_('not scorable'))}: {result.reason}")
    if result.total is not None:
        estimated = f" ({say(_('estimated'))})" if result.estimated else ""
        lines.append(f"{say(_('total'))} {result.total}{estimated}")
    lines += [f"{name} {value:g}" for name, value in result.subscales.items()]
    if result.band:
        lines.append(say(result.band))
    lines += [f"- {say(FLAG_WORDS[flag])}" for flag in result.flags]
    return "\n".join(lines) + "\n"


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
