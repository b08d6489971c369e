"""Patterns between two partners, as their therapist sees them. No ORM.

A couple note may name the patterns of its session. They are part of what is signed and read by
whoever reads that note; nothing here looks into an own record. Words say what happens between
two people and blame neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mutual.base.words import mark as _
from mutual.base.words import say

#: Own words beside the list: as many in one note, of so many letters at most.
OWN_MOST = 4
OWN_LONGEST = 40


@dataclass(frozen=True)
class Pattern:
    """Something that happens between two partners.

    Attributes:
        key: kept in the note.
        title: in plain words.
        helps: whether it carries the relationship; else it strains it.
    """

    key: str
    title: str
    helps: bool = False


#: Adding one is one entry. Pursue and withdraw, criticism, contempt, defence and withdrawal, and
#: repair are those of couple research (Christensen; Gottman); enabling and rescuing those of
#: codependency (clinical.md, K2).
PATTERNS: dict[str, Pattern] = {
    p.key: p
    for p in (
        Pattern("pursue_withdraw", _("One presses on, one steps back")),
        Pattern("criticism", _("Criticism meets defence")),
        Pattern("contempt", _("Talking down")),
        Pattern("stonewalling", _("Falling silent")),
        Pattern("escalation", _("Louder and louder")),
        Pattern("enabling", _("Help that keeps use going")),
        Pattern("rescuing", _("Taking over the other’s part")),
        Pattern("checking", _("Checking and hiding")),
        Pattern("old_account", _("The past comes up again")),
        Pattern("repair", _("Repair offered and taken"), helps=True),
        Pattern("turning_to", _("Turning to each other"), helps=True),
        Pattern("boundary", _("A boundary said and kept"), helps=True),
        Pattern("supporting", _("Support that leaves each their part"), helps=True),
        Pattern("solving", _("Solving it together"), helps=True),
    )
}


def word(tag: str) -> str:
    """A tag in the reader's language; own words as they were written."""
    return say(PATTERNS[tag].title) if tag in PATTERNS else tag


def kept(tags: Iterable[str]) -> list[str]:
    """The tags of a note: those of the list in its order, then own words, each once.

    What is too long is cut, what is too many is left out.
    """
    said = [" ".join(tag.split())[:OWN_LONGEST] for tag in tags]
    own: dict[str, str] = {}
    for words in said:
        if words and words not in PATTERNS:
            own.setdefault(words.casefold(), words)
    return [key for key in PATTERNS if key in said] + list(own.values())[:OWN_MOST]


def split(text: str) -> list[str]:
    """Own words as they are typed, with commas between."""
    return [piece.strip() for piece in text.split(",") if piece.strip()]
