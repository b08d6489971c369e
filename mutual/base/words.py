"""Words for people, marked where they are written and translated where they are said.

Pure rules run without settings too (the command line scores an instrument on a machine that has
no programme), so a rule may not need Django's catalogue. `mark` leaves the text as it is for
the extraction of messages; `say` translates it when the catalogue is there and fills its blanks.
"""

from __future__ import annotations

from django.apps import apps


def mark(text: str) -> str:
    """Return `text` unchanged; import it as `_`, so that the extraction of messages finds it."""
    return text


def say(text: str, **blanks: object) -> str:
    """Return `text` in the reader's language with its `{blanks}` filled; English without Django."""
    if apps.ready:
        from django.utils.translation import gettext

        text = gettext(text)
    return text.format(**blanks) if blanks else text
