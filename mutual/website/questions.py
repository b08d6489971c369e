"""Questions people ask, and our answers in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Question:
    """A question with its answer, one paragraph each.

    Attributes:
        key: the anchor on the page.
    """

    key: str
    ask: StrPromise
    answer: tuple[StrPromise, ...]


QUESTIONS: tuple[Question, ...] = (
    Question(
        "together",
        _("Can we attend together?"),
        (
            _(
                "Yes. You are admitted together and your weeks are planned side by side. Some"
                " hours you spend in the same session, some in the same class, each on your own"
                " screen, and some apart."
            ),
            _(
                "You need two devices and two pairs of headphones, so that each of you can also"
                " talk to us alone."
            ),
        ),
    ),
    Question(
        "separated",
        _("Must we be separated while we are in treatment?"),
        (
            _(
                "No. You both stay at home, and you stay a couple. Care comes to you by video."
                " Nobody is sent to another house or another town."
            ),
            _(
                "Each of you still gets time alone with your own counselor and group. That is not"
                " distance. It gives each of you room to grow and something to bring back."
            ),
        ),
    ),
    Question(
        "codependency",
        _("How do you treat codependency?"),
        (
            _(
                "With care and without blame. Many couples come to live around the drinking or the"
                " use: one covers up, pays, calls in sick for the other, or feels at fault. It"
                " often starts as love."
            ),
            _(
                "Each of you looks at this alone first, with your own counselor. You learn to see"
                " what helps and what keeps things going. Then you practise with your couples"
                " therapist: a clear no, a clear ask, a plan of one's own. We measure it, so you"
                " can see it change."
            ),
        ),
    ),
    Question(
        "therapist",
        _("What does the couples therapist do?"),
        (
            _(
                "The couples therapist works with the two of you and with nobody else's interest"
                " in mind. This is never the counselor of either one. The therapist looks for the"
                " patterns you get stuck in, the moments when talks break down, and the needs that"
                " go unsaid."
            ),
            _(
                "Together you work on boundaries, honest talk, respect, trust and closeness, and"
                " on a daily recovery routine that belongs to both of you."
            ),
        ),
    ),
    Question(
        "one-uses",
        _("What if only one of us uses?"),
        (
            _(
                "You can still come together. The one who uses gets treatment at the level they"
                " need. The other takes part in couples work and classes and has a counselor of"
                " their own to talk to. A partner without a diagnosis is not billed as a patient."
            ),
        ),
    ),
    Question(
        "insurance",
        _("Does insurance cover it?"),
        (
            _(
                "Often, yes. Many PPO plans pay for an intensive outpatient programme. We ask your"
                " plan before you begin and show each of you a range in dollars, with what is"
                " covered, what is not, and what is never billed."
            ),
            _(
                "Each of you may have a different plan. We check both. You decide after you have"
                " seen the numbers."
            ),
        ),
    ),
    Question(
        "see",
        _("What can my partner see?"),
        (
            _(
                "Only what is shared: your plan as a couple, agreements you both make, and what"
                " each of you chooses to share. Your own notes, answers, messages and money"
                " are closed to your partner, and their own are closed to you."
            ),
            _(
                "Beside each box you type in, the page says who will read it. You can take back a"
                " permission at any time."
            ),
        ),
    ),
    Question(
        "afraid",
        _("What if I am afraid of my partner?"),
        (
            _(
                "Then please tell us when you are alone. We ask each person about this alone, with"
                " nobody else listening. What you say to your own counselor is not told to your"
                " partner."
            ),
            _(
                "Couples sessions are not right for everyone. If they are not right for you, your"
                " own care can go on without them, and we help you plan the next step."
            ),
            _(
                "To talk now: the National Domestic Violence Hotline answers day and night at"
                " 1-800-799-7233. If a phone or computer may be watched, use another one, such as"
                " a friend's or one at a library. In danger, call 911."
            ),
        ),
    ),
    Question(
        "return",
        _("What if one of us drinks or uses again?"),
        (
            _(
                "You stay in care. You tell us, we look at what happened, and the plan changes."
                " Nobody is sent away for it, and the other one's treatment goes on."
            ),
        ),
    ),
    Question(
        "unsure",
        _("What if we are not sure we want to stay together?"),
        (
            _(
                "That is fine. You do not need an answer to begin. Either of you can end the"
                " couples part, and each one's own treatment goes on."
            ),
        ),
    ),
    Question(
        "hours",
        _("How many hours a week, and for how long?"),
        (
            _(
                "About ten hours a week for each of you, on three or four days, mostly in the"
                " evening. Many people stay for eight to twelve weeks. You and your team look at"
                " this together every 30 days."
            ),
        ),
    ),
)
