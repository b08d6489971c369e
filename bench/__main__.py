"""``make bench``: each row a ratio, its aim beside it.

python -m bench                 all rows at a smaller size, a few minutes
python -m bench --whole         1,000,000 notes, weeks of 160 couples, files of full size
python -m bench wall pages      these rows only
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")

Rows = list[tuple[str, float, str]]
#: Notes of the row policies' bench: the aims are meant for the larger one.
NOTES, ALL_NOTES = 100_000, 1_000_000
MB = 1 << 20


def main() -> int:
    """Measure and print."""
    import django

    from tests.conftest import _template

    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--whole", action="store_true", help="full sizes; more than 20 minutes")
    parser.add_argument("rows", nargs="*", help="x12, week, wall, pages (default: all)")
    asked = parser.parse_args()
    django.setup()
    from bench import pages, wall, week, x12

    whole = asked.whole
    each: dict[str, Callable[[], Rows]] = {
        "x12": lambda: x12.measure(8 * MB if whole else 2 * MB),
        "week": week.measure if whole else lambda: week.measure((10, 40), (5,)),
        "wall": lambda: wall.measure(_template(), ALL_NOTES if whole else NOTES),
        "pages": lambda: pages.measure(_template()),
    }
    if unknown := set(asked.rows) - set(each):
        parser.error(f"no rows called {', '.join(sorted(unknown))}: there are {', '.join(each)}")
    print("what | ratio | aim")
    for name in asked.rows or each:
        for what, ratio, aim in each[name]():
            print(f"{what} | {ratio:.2f} | {aim}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
