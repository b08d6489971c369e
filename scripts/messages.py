"""Message catalogues without gettext's tools: extract with Babel, compile with polib.

Usage: python scripts/messages.py extract | compile
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "mutual" / "locale"


def compile_all() -> None:
    """Every ``django.po`` to the ``.mo`` beside it, if it is newer."""
    import polib

    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def extract() -> None:
    """Collect every string of Python and templates into each language's catalogue."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    import django
    import polib
    from babel.messages.extract import extract as babel_extract
    from django.utils.translation.template import templatize

    django.setup()
    keywords = {
        "gettext": None, "gettext_lazy": None, "_": None, "mark": None,
        "ngettext": (1, 2), "ngettext_lazy": (1, 2),
        "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    }  # fmt: skip
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for path in sorted((ROOT / "mutual").rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            text = path.read_text("utf-8")
        elif path.suffix == ".html":
            text = templatize(path.read_text("utf-8"), origin=str(path))
        else:
            continue
        where = str(path.relative_to(ROOT))
        for item in babel_extract("python", io.BytesIO(text.encode()), keywords=keywords):
            message, context = item[1], item[3]
            many = ""
            if isinstance(message, tuple):
                message, many = message[0], message[1] if len(message) > 1 else ""
            if message:
                entry = found.setdefault((context or "", message), (many or "", []))
                if where not in entry[1]:
                    entry[1].append(where)
    for language in ("en", "es"):
        file = LOCALE / language / "LC_MESSAGES" / "django.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        known = polib.pofile(str(file)) if file.exists() else polib.POFile()
        old = {(e.msgctxt or "", e.msgid): e for e in known}
        fresh = polib.POFile(wrapwidth=96)
        fresh.metadata = {
            "Language": language,
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for (context, message), (many, places) in sorted(found.items()):
            before = old.get((context, message))
            entry = polib.POEntry(
                msgid=message,
                msgctxt=context or None,
                msgid_plural=many,
                occurrences=[(p, "") for p in places],
                msgstr=before.msgstr if before and not many else "",
            )
            if many:
                entry.msgstr_plural = before.msgstr_plural if before else {0: "", 1: ""}
            fresh.append(entry)
        fresh.save(str(file))


if __name__ == "__main__":
    {"extract": extract, "compile": compile_all}[sys.argv[1]]()
