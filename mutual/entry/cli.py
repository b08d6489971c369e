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
    "mutual.week.cli",
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
    import psycopg
    from django.core.exceptions import ImproperlyConfigured

    from mutual.base.embedded import DatabaseUnavailable
    from mutual.base.refusal import Refused

    try:
        arguments = parser().parse_args(argv)
        code = int(arguments.run(arguments) or 0)
        sys.stdout.flush()
        return code
    except (Refused, ValueError) as error:
        return _refuse(str(error), 1)
    except ImproperlyConfigured as error:
        return _refuse(str(error), 2)
    except DatabaseUnavailable as error:
        return _refuse(str(error), 3)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"{error.filename or 'This machine'}: {error.strerror or error}", 1)
    except psycopg.Error as error:
        # The first line alone: what follows may quote a row.
        words = str(error).strip().splitlines() or ["no reason given"]
        return _refuse(f"The database refused: {words[0]}", 3)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("MUTUAL_TRACEBACK") == "1":
            raise
        return _refuse(
            f"Mutual met an error of its own ({type(error).__name__}). Run it again with"
            " MUTUAL_TRACEBACK=1 to see where, and report that.",
            3,
        )


def _refuse(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def show_json(value: object) -> None:
    """Print one JSON value on standard output."""
    print(json.dumps(value, ensure_ascii=False, default=str))


if __name__ == "__main__":
    sys.exit(main())
