"""The goal library, as data: what couples and partners work on, one measurable objective each.

The words of the programme stand here once: boundaries, enabling to supporting, communication,
trust, intimacy, individual growth, emotional independence, mutual respect, accountability, and
substance use. A goal is offered, never imposed: every word may be changed before it is added.
"""

from __future__ import annotations

from dataclasses import dataclass

from mutual.base.words import mark as _
from mutual.base.words import say


@dataclass(frozen=True)
class Goal:
    """One goal of the library.

    Args:
        theme: its key.
        title: the word people use for it.
        lanes: where it may stand: ``own`` (a person's plan), ``ours`` (the couple's).
        problem, goal, objective: plain words, to be made one's own.
        measure: how both will know.
        intervention, frequency: what is done, how often.
        serves: kinds of sessions that serve it.
        weeks: until when, at first.
    """

    theme: str
    title: str
    lanes: tuple[str, ...]
    problem: str
    goal: str
    objective: str
    measure: str
    intervention: str
    frequency: str
    serves: tuple[str, ...]
    weeks: int = 6

    def said(self) -> dict[str, str]:
        """The words of a plan row in the reader's language."""
        return {
            name: say(getattr(self, name))
            for name in ("problem", "goal", "objective", "measure", "intervention", "frequency")
        }

    @property
    def word(self) -> str:
        """The title in the reader's language."""
        return say(self.title)


BOTH = ("own", "ours")
LIBRARY: tuple[Goal, ...] = (
    Goal(
        "substance_use",
        _("Substance use"),
        ("own",),
        _("Use has continued although it harms health, work or home."),
        _("Live without alcohol and other drugs, or with the use agreed with the care team."),
        _("Has no day of use in 4 weeks running."),
        _("Days of use in the daily check-in and test results"),
        _("Individual counseling, skills group, medication where agreed"),
        _("Weekly, and the group three times a week"),
        ("individual", "group", "medical"),
        4,
    ),
    Goal(
        "boundaries",
        _("Boundaries"),
        BOTH,
        _("A no is hard to say, hard to hear, or not kept."),
        _("Say what is all right and what is not, and keep it."),
        _("Names one limit a week aloud and keeps it on 5 of 7 days."),
        _("Boundaries scale, and the week's tally"),
        _("Boundary practice in session, one limit written down each week"),
        _("Once a week"),
        ("conjoint", "individual", "group"),
    ),
    Goal(
        "enabling",
        _("From enabling to supporting"),
        BOTH,
        _("Help at home makes it easier to keep using: covering up, paying, calling in sick."),
        _("Replace help that keeps use going with help that supports recovery."),
        _("Replaces two enabling habits with two supporting ones and keeps both for 3 weeks."),
        _("Enabling checklist, before and after"),
        _("List of habits, a replacement for each, review in session"),
        _("Once a week"),
        ("group", "individual", "conjoint"),
    ),
    Goal(
        "communication",
        _("Communication"),
        BOTH,
        _("Talks about hard things end in a quarrel or in silence."),
        _("Talk about hard things and be understood."),
        _("Holds two speaker and listener talks of 10 minutes a week for 4 weeks."),
        _("Talks ticked by both, and the communication items of the relationship measure"),
        _("Speaker and listener practice"),
        _("Twice a week"),
        ("conjoint", "group"),
    ),
    Goal(
        "trust",
        _("Trust"),
        ("ours",),
        _("Promises about use were broken, and each watches the other."),
        _("Trust each other again, day by day."),
        _("Holds the daily trust talk on 5 of 7 days for 4 weeks."),
        _("Days that both confirmed"),
        _("Recovery contract with a daily trust talk"),
        _("Daily, five minutes"),
        ("conjoint",),
    ),
    Goal(
        "intimacy",
        _("Intimacy"),
        ("ours",),
        _("Closeness has gone, or happened only with use."),
        _("Feel close without alcohol or drugs."),
        _("Shares one caring gesture a day and one evening a week that both chose."),
        _("Satisfaction items of the relationship measure, week 1 and week 6"),
        _("Caring gestures, shared sober activities"),
        _("Daily, and one evening a week"),
        ("conjoint",),
    ),
    Goal(
        "growth",
        _("Individual growth"),
        ("own",),
        _("Own interests, work or learning have been given up."),
        _("Have something of one's own that is worth staying well for."),
        _("Spends 3 hours a week on one own interest for 4 weeks."),
        _("Hours noted in the weekly plan"),
        _("Values work, activity planning"),
        _("Once a week"),
        ("individual", "group"),
    ),
    Goal(
        "independence",
        _("Emotional independence"),
        ("own",),
        _("Own calm depends on the partner's mood or use."),
        _("Calm oneself, and reach out to more than one person."),
        _("Uses two own ways to calm down on 5 of 7 days, and names two people to call."),
        _("Daily check-in: skill used, and urge before and after"),
        _("Skills for strong feelings, a support list"),
        _("Daily practice, weekly review"),
        ("individual", "group"),
    ),
    Goal(
        "respect",
        _("Mutual respect"),
        BOTH,
        _("Contempt, insults or threats have become part of quarrels."),
        _("Treat each other with respect, also in a quarrel."),
        _("Takes a time-out before voices rise, in 4 of 5 quarrels."),
        _("Quarrels and time-outs noted by each, alone"),
        _("Time-out plan, repair after a quarrel"),
        _("As needed, reviewed once a week"),
        ("conjoint", "individual"),
    ),
    Goal(
        "accountability",
        _("Accountability"),
        BOTH,
        _("What was agreed is forgotten, and nobody speaks of it."),
        _("Keep what was promised, and say so early when it can't be kept."),
        _("Keeps 4 of 5 agreements a week, and names a missed one within a day."),
        _("Agreements ticked in Ours"),
        _("Shared agreements with a day, reviewed in each session"),
        _("Once a week"),
        ("conjoint", "individual"),
    ),
)


def offered(lane: str) -> tuple[Goal, ...]:
    """The goals that may stand in a lane (``own`` or ``ours``)."""
    return tuple(goal for goal in LIBRARY if lane in goal.lanes)


def goal(theme: str) -> Goal | None:
    """The library's goal of a theme, or ``None``."""
    return next((entry for entry in LIBRARY if entry.theme == theme), None)
