"""The command line ``mutual``: a public interface (docs/reference/cli.md).

Exit codes: 0 good, 1 the input was refused, 2 wrong usage, 3 a needed service is not there.
Never a traceback.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

#: Modules that bring commands of their own; each has ``add_parser(subparsers)`` and sets ``run``.
BRINGING = (
    "mutual.coverage.x12.cli",
    "mutual.coverage.cli",
    "mutual.measures.cli",
    "mutual.entry.commands",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="mutual",
        description="Mutual: a virtual intensive outpatient programme for couples.",
        epilog="Example: mutual demo --port 8000",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in BRINGING:
        module: Any = import_module(name)
        module.add_parser(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    from mutual.base.embedded import DatabaseUnavailable
    from mutual.base.refusal import Refused

    try:
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments) or 0)
    except (Refused, ValueError) as error:
        return _refuse(str(error), 1)
    except DatabaseUnavailable as error:
        return _refuse(str(error), 3)
    except FileNotFoundError as error:
        return _refuse(f"No such file: {error.filename}", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _refuse(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def show_json(value: object) -> None:
    """Print one JSON value on standard output."""
    print(json.dumps(value, ensure_ascii=False, default=str))


if __name__ == "__main__":
    sys.exit(main())
