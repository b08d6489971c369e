"""``make bench``: each row a ratio, its aim beside it."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")


def main() -> int:
    """Measure everything and print."""
    import django

    from tests.conftest import _template

    django.setup()
    from bench import pages, wall, week, x12

    template = _template()
    print("what | ratio | aim")
    for rows in (
        x12.measure,
        week.measure,
        lambda: wall.measure(template),
        lambda: pages.measure(template),
    ):
        for what, ratio, aim in rows():
            print(f"{what} | {ratio:.2f} | {aim}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
