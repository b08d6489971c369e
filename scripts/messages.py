"""Message catalogues without gettext's tools: extract with Babel, compile with polib.

A catalogue holds what visitors and partners read. Staff read English: a text that stands only in
the places of `STAFF`, or under a comment that begins with ``staff:``, is not collected, and
neither is the wording of an instrument (I-4).

Usage: python scripts/messages.py extract | compile
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "mutual" / "locale"
LANGUAGES = ("es",)
#: Files whose texts nobody but staff reads, or that are not ours to translate.
STAFF = re.compile(
    r"^mutual/(staff|claims(?!/(estimates|policy))|outcomes(?!/policy)|interop|entry)/"
    r"|/cli\.py$|/(constraints|staff_words)\b"
    r"|^mutual/(base/templates/shells/staff\.html|base/templates/kit/keys\.html)"
    r"|^mutual/coverage/(x12/|(actions|answers|benefit_words|case)\.py)"
    r"|^mutual/daily/actions/contract\.py"
    r"|^mutual/episode/(actions/(admitting|clearing|leaving|screening|staying)|asam"
    r"|handing|screening_rules|team)\b"
    r"|^mutual/measures/(instruments/(?!daily_checkin)|(actions|change|csi|packs"
    r"|registry|scale|wordings)\b)"
    r"|^mutual/plan/(actions|diagnoses|library|models)\.py|^mutual/people/roles\.py"
    r"|^mutual/privacy/(models/(agreements|duties|watching)\.py"
    r"|(accounting|answering|breaches|conflicts|duties|emergencies|engagements|exits|glass|legal"
    r"|oncall|received|sender|separation|vendors|watch|watch_rules)\.py)"
    r"|^mutual/record/(actions|care_dates|discharge|group|incidents|staying|medicine_rules|medicines"
    r"|patterns|signing|starting|toxicology|models/safety)\.py"
    r"|^mutual/room/(board|emergency|models|rules)\.py"
    r"|^mutual/week/(solver/|bridge/|(approved|attending|booking|busyfile|checks|consequences"
    r"|forecast|groups|handover|holds|locks|minutes|outreach|placing|planning|planning_models|series|standins|templates"
    r"|waiting)\.py)"
)


def compile_all() -> None:
    """Every ``django.po`` to the ``.mo`` beside it, if it is newer."""
    import polib

    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            # Whole at once: several processes may find it stale in the same moment.
            fresh = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)


def collect() -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Every text of Python and templates: (context, text) to its plural and the files it is in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    import django
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
        where = path.relative_to(ROOT).as_posix()
        for item in babel_extract(
            "python", io.BytesIO(text.encode()), keywords=keywords, comment_tags=("staff:",)
        ):
            if item[2]:
                continue
            message, context = item[1], item[3]
            many = ""
            if isinstance(message, tuple):
                message, many = message[0], message[1] if len(message) > 1 else ""
            if message:
                entry = found.setdefault((context or "", message), (many or "", []))
                if where not in entry[1]:
                    entry[1].append(where)
    return found


def read_by_people(places: list[str]) -> bool:
    """Whether a text of these files may be read by a visitor or a partner."""
    return not all(STAFF.search(place) for place in places)


def extract() -> None:
    """Write what is read by visitors and partners into each language's catalogue."""
    import polib

    found = collect()
    for language in LANGUAGES:
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
            if not read_by_people(places):
                continue
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
