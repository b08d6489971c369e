"""The worksheets: a theme of the plan each, a handful of questions, all in our own words.

Another worksheet is another entry at the end, and nothing else anywhere; its place is its number
in an address.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Question:
    """A box: its key, what is asked, and what helps to begin."""

    key: str
    words: StrPromise
    hint: StrPromise | str = ""


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its title, what it is for, its questions in order."""

    key: str
    title: StrPromise
    about: StrPromise
    questions: tuple[Question, ...]


SHEETS: dict[str, Sheet] = {
    sheet.key: sheet
    for sheet in (
        Sheet(
            "mine-and-yours",
            _("Mine, yours, ours"),
            _("Boundaries: what is yours to carry, and what isn't."),
            (
                Question("carry", _("What do I carry that belongs to my partner?"),
                         _("Calls I make for them, excuses, money, moods I try to fix.")),
                Question("fear", _("What do I fear would happen if I put one of these down?")),
                Question("mine", _("What is truly mine, and gets too little of me?")),
                Question("line", _("One line I want to draw this week, as I would say it."),
                         _("“I will …” rather than “you must …”.")),
            ),
        ),
        Sheet(
            "hard-talk",
            _("Before a hard talk"),
            _("Communication: one subject, said so that it can be heard."),
            (
                Question("subject", _("What is it about, in one sentence?")),
                Question("happened", _("What happened, as a camera would have seen it?")),
                Question("feel", _("What did I feel, and what did I need?")),
                Question("ask", _("What do I ask for? Could they say no?")),
                Question("pause", _("How will I know that I need a pause, and how do I say so?")),
            ),
        ),
        Sheet(
            "trust",
            _("What trust looked like this week"),
            _("Trust: small things that were done, not promises."),
            (
                Question("did", _("What did I do that could be relied on?")),
                Question("hid", _("What did I leave out or make smaller?"),
                         _("Write it for yourself; what you do with it is a second step.")),
                Question("saw", _("What did I see my partner do?")),
                Question("next", _("One small thing I will do until our next session.")),
            ),
        ),
        Sheet(
            "closeness",
            _("Near, and not too near"),
            _("Intimacy: what closeness is for each of us without substances."),
            (
                Question("before", _("Where did using take the place of being close?")),
                Question("near", _("When did I feel close to my partner lately, and sober?")),
                Question("slow", _("What is too fast or too much for me now?")),
                Question("wish", _("What do I wish for that I have not said?")),
            ),
        ),
        Sheet(
            "urge",
            _("An urge, from start to end"),
            _("Individual growth: what an urge was like, and what carried me through."),
            (
                Question("start", _("Where was I, with whom, what had happened?")),
                Question("told", _("What did it tell me, and where did I feel it?")),
                Question("did", _("What did I do? How long until it went down?")),
                Question("again", _("What do I want to have ready next time?")),
            ),
        ),
        Sheet(
            "own-feet",
            _("On my own feet"),
            _("Emotional independence: calming myself before I ask to be calmed."),
            (
                Question("mood", _("When my partner's mood turned, what happened to mine?")),
                Question("fix", _("What did I do to change their mood? What did it cost?")),
                Question("alone", _("What calms me that needs nobody?")),
                Question("mine", _("What was only mine this week: a person, a place, a joy?")),
            ),
        ),
    )
}  # fmt: skip
