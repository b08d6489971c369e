"""Who can read what is typed into a box: the words of the label beside it (P-1, P-15).

All of it comes from the access table; nothing is typed by hand. Staff read duties ("the
counselor"), a person in treatment reads the same as their own ("your counselor").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as mark
from django_stubs_ext import StrPromise

from mutual.privacy.sight_words import EXTRACTS
from mutual.privacy.words import RELATION_WORDS
from mutual.wall import policy
from mutual.wall.policy import Kind, Of, Right

_EXTRACT = re.compile(r"D(\d+)")
#: Duties as colleagues name them. A kind's engagement of auditors and its facts for others are on
#: the page of the whole table; a box names who reads its words.
DUTIES: dict[str, StrPromise] = {
    "own_counselor": mark("the counselor"),
    "partner_counselor": mark("the partner's counselor"),
    "couples_therapist": mark("the couples therapist"),
    "leader": mark("the group's leader"),
    "prescriber": mark("the medical team"),
    "nurse": mark("the medical team"),
    "admissions": mark("admissions"),
    "biller": mark("billing"),
    "supervisor": mark("the supervisor"),
    "director": mark("the director"),
}


@dataclass(frozen=True)
class Label:
    """What stands beside a box.

    Attributes:
        together: the partner reads it too.
        head: about the partner, in a few words.
        names: who reads it without any consent.
        note: what a consent may open, and how it is kept.
    """

    together: bool
    head: str
    names: tuple[str, ...]
    note: str


def readers(kind: str, person: str = "") -> list[str]:
    """Who reads a kind's words without any consent, from the access table itself (P-1).

    Args:
        kind: a record kind.
        person: how the person it is about is named; without it they are left out.

    Raises:
        KeyError: if no room declares the kind.
    """
    entry = policy.kind(kind)
    return _names(entry, person, DUTIES)


def label(kind: str, person: str = "", partner: str = "") -> Label:
    """The label for a colleague's eyes.

    Args:
        kind: a record kind.
        person: the person's name, "the person" if it isn't at hand.
        partner: the partner's name, likewise.

    Raises:
        KeyError: if no room declares the kind.
    """
    entry = policy.kind(kind)
    both = entry.of == Of.COUPLE and any(_plain(r) for r in entry.rights("partner"))
    self_word = "" if both else (person or _("the person"))
    head, note = _partner(entry, partner)
    return Label(
        together=both,
        head=head,
        names=tuple(_names(entry, self_word, DUTIES)),
        note=" ".join(part for part in (note, _consents(entry)) if part),
    )


def own_label(kind: str) -> Label:
    """The label for the eyes of the person it is about: their own team, by duty.

    Raises:
        KeyError: if no room declares the kind.
    """
    entry = policy.kind(kind)
    both = any(_plain(r) for r in entry.rights("partner"))
    duties = {r: RELATION_WORDS[r] for r in DUTIES}
    duties |= {"admissions": DUTIES["admissions"], "biller": DUTIES["biller"]}
    return Label(
        together=both,
        head=_("Ours.") if both else _("Not my partner."),
        names=tuple(_names(entry, "", duties)),
        note="",
    )


def _plain(right: Right) -> bool:
    return right.verb in "RW" and not right.consent


def _names(entry: Kind, person: str, duties: dict[str, StrPromise]) -> list[str]:
    found: list[str] = []

    def add(word: str) -> None:
        if word and word not in found:
            found.append(word)

    for relation in policy.RELATIONS:
        if any(_plain(right) for right in entry.rights(relation)):
            add(person if relation == "self" else str(duties.get(relation, "")))
    if entry.name in (*policy.PRIVACY_OFFICER, *policy.PRIVACY_OFFICER_WRITES):
        add(_("the privacy officer"))
    add(str(entry.also))
    if policy.ON_CALL.get(entry.name) == "R":
        add(_("the clinician on call"))
    authors = [r for r in policy.RELATIONS if any(a.verb == "A" for a in entry.rights(r))]
    if authors:
        add(_("its author") if len(authors) == 1 else _("who writes it and whom it is sent to"))
    return found


def _partner(entry: Kind, partner: str) -> tuple[str, str]:
    """The head, about the partner, and what could come to be open to them."""
    rights = [right for right in entry.rights("partner") if right.verb in "RWAD"]
    if any(_plain(right) for right in rights):
        return _("Both partners."), ""
    closed = _("Not %(partner)s.") % {"partner": partner or _("the partner")}
    if not rights:
        return closed, ""
    right = rights[0]
    if right.joint and right.consent.partition(":")[0] != "pt":
        return _("Neither partner."), _("Each partner can read it once both have signed for it.")
    if right.verb == "D":
        match = _EXTRACT.search(entry.cell("partner"))
        if match and match.group(1) in EXTRACTS:
            return closed, _("The partner sees %(extract)s.") % {
                "extract": EXTRACTS[match.group(1)]
            }
    if right.verb == "A":
        return _("Both partners."), ""
    return closed, _("A consent may open it to the partner.")


def _consents(entry: Kind) -> str:
    """Colleagues whom a consent of the person, or of both, may let in; and the seal."""
    said = []
    others: list[str] = []
    for relation, word in DUTIES.items():
        rights = entry.rights(relation)
        opened = any(right.consent and right.verb in "RW" for right in rights)
        if opened and not any(_plain(right) for right in rights) and str(word) not in others:
            others.append(str(word))
    if others:
        said.append(
            _("With a consent also %(readers)s.") % {"readers": get_text_list(others, _("and"))}
        )
    if entry.sealed:
        said.append(_("Kept sealed."))
    return " ".join(said)
