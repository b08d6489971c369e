"""Which languages are offered: the one place that decides.

A switch that leads to a page half in another language is worse than none, so a language is
offered once nearly all of its catalogue is translated and compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The words of the code itself are English; every other language needs a catalogue.
SOURCE = "en"
KNOWN: tuple[tuple[str, str | Promise], ...] = (("en", _("English")), ("es", _("Spanish")))
#: How much of a catalogue must be translated, in percent of its texts.
LEAST_PERCENT = 95


def offered(folder: Path) -> list[tuple[str, str | Promise]]:
    """The languages a reader may choose, for Django's ``LANGUAGES``.

    Args:
        folder: the catalogues, ``<code>/LC_MESSAGES/django.po`` and its ``.mo``.
    """
    return [
        (code, name)
        for code, name in KNOWN
        if code == SOURCE or _ready(folder / code / "LC_MESSAGES" / "django.po")
    ]


def spoken(code: str) -> str:
    """The language to write to somebody in: theirs where it is offered, else the source's."""
    return code if code in dict(settings.LANGUAGES) else SOURCE


def _ready(catalogue: Path) -> bool:
    return catalogue.with_suffix(".mo").exists() and translated_percent(catalogue) >= LEAST_PERCENT


def translated_percent(catalogue: Path) -> int:
    """Whole percent of a catalogue's texts that have a translation; 0 where there is none.

    A text marked fuzzy, or with one of its plural forms empty, is not translated.
    """
    if not catalogue.exists():
        return 0
    found = list(_entries(catalogue.read_text("utf-8")))
    return sum(found) * 100 // len(found) if found else 0


def _entries(text: str) -> Iterator[bool]:
    """For each text of a catalogue whether it is translated; the header is no text."""
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        parts: list[list[str]] = []
        for line in lines:
            key, _space, rest = line.partition(" ")
            if key.startswith("msg"):
                parts.append([key, rest.strip()[1:-1]])
            elif line.startswith('"') and parts:
                parts[-1][1] += line.strip()[1:-1]
        source = next((words for key, words in parts if key == "msgid"), "")
        given = [words for key, words in parts if key.startswith("msgstr")]
        if source and given:
            fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
            yield all(given) and not fuzzy
