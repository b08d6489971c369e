"""`/styleguide`: every component in every state, with people who don't exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

MONDAY = date(2026, 1, 12)

COLOURS = [
    ("paper", "page"),
    ("surface", "cards"),
    ("sunken", "wells, rail"),
    ("line", "hairlines"),
    ("edge", "field borders"),
    ("ink", "text"),
    ("ink-2", "second text"),
    ("ours", "shared"),
    ("ours-soft", "shared wash"),
    ("ours-ink", "shared text"),
    ("mine", "private"),
    ("mine-soft", "private wash"),
    ("mine-ink", "private text"),
    ("act", "one next step"),
    ("a", "partner A"),
    ("a-soft", "A wash"),
    ("b", "partner B"),
    ("b-soft", "B wash"),
    ("ok", "good"),
    ("warn", "look at"),
    ("danger", "urgent"),
]


class SampleForm(forms.Form):
    """Fields of each kind; sent empty or with a short number it shows its errors."""

    helped = forms.CharField(label="What helped today?", help_text="A few words are enough.")
    phone = forms.CharField(label="Phone to call back", required=False)
    wish = forms.ChoiceField(
        label="How strong was the wish to drink today?",
        help_text="There is no wrong answer. Wishes come and go.",
        choices=[("0", "Not there at all"), ("1", "A little"), ("2", "Somewhat strong")],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(label="Anything else?", widget=forms.Textarea, required=False)
    zone = forms.ChoiceField(
        label="Where are you today?", choices=[("tx", "Austin, Texas"), ("nv", "Reno, Nevada")]
    )
    remind = forms.BooleanField(label="Remind me tomorrow", required=False)

    def clean_phone(self) -> str:
        """An error that says what happened, what was kept and what to do."""
        phone = str(self.cleaned_data["phone"])
        digits = sum(sign.isdigit() for sign in phone)
        if phone and digits < 10:
            raise forms.ValidationError(f"{digits} digits so far. Your other answers are kept.")
        return phone


def _block(
    day: int, at: tuple[int, int, int], lane: str, kind: str, status: str, *words: str
) -> dict[str, Any]:
    hour, minute, length = at
    label, detail = words
    return {
        "day": day,
        "start": hour * 60 + minute,
        "minutes": length,
        "lane": lane,
        "kind": kind,
        "status": status,
        "label": label,
        "detail": detail,
        "href": "#week",
    }


BLOCKS = [
    _block(0, (17, 0, 90), "a", "apart", "done", "Skills group", "1, Mo"),
    _block(0, (17, 0, 90), "b", "apart", "done", "Skills group", "2, Kit"),
    _block(0, (18, 45, 90), "both", "side", "done", "Class", "side by side, Noor"),
    _block(1, (16, 30, 30), "b", "visit", "visit", "Visit", ""),
    _block(2, (17, 0, 90), "a", "apart", "done", "Process group", "1, Mo"),
    _block(2, (17, 0, 90), "b", "apart", "done", "Process group", "2, Kit"),
    _block(2, (18, 45, 90), "both", "together", "done", "Couples skills", "with Dr. Reyes"),
    _block(3, (16, 0, 60), "a", "apart", "planned", "Session", "Mo"),
    _block(3, (16, 0, 60), "b", "apart", "planned", "Session", "Kit"),
    _block(3, (17, 0, 60), "a", "apart", "planned", "Boundaries", "group 1"),
    _block(3, (17, 0, 60), "b", "apart", "moving", "Boundaries", "moving"),
    _block(3, (18, 0, 60), "both", "together", "planned", "Couples session", "Dr. Reyes"),
    _block(4, (17, 0, 60), "b", "apart", "ghost", "Boundaries", "5:00 pm"),
    _block(5, (10, 0, 90), "both", "side", "planned", "Class", "side by side, Noor"),
]

EVENTS = [
    {
        "day": "Wednesday 14 January",
        "time": "7:30 pm",
        "title": "Skills group, with 3 couples",
        "detail": "Both came, 90 min. Practised speaker and listener.",
        "mark": "together",
        "side": "ours",
        "chip": "note due",
        "tone": "warn",
    },
    {
        "day": "Thursday 8 January",
        "time": "6:00 pm",
        "title": "Couples session, weekend plan",
        "detail": "Agreed: phones in the kitchen after 9 pm.",
        "mark": "together",
        "side": "ours",
        "chip": "signed",
        "tone": "ok",
        "href": "#lists",
    },
    {
        "day": "Thursday 8 January",
        "time": "6:40 pm",
        "title": "Two agreements added",
        "detail": "Written by both in the session.",
        "icon": "handshake",
        "side": "ours",
    },
    {
        "day": "Earlier",
        "time": "5 Jan",
        "title": "Individual session",
        "detail": "Goal 2, sleep.",
        "icon": "user-round",
        "side": "a",
    },
]

SHELLS = ("public", "partner", "staff", "room", "plain")

WEEKS = ["week 1", "2", "3", "4", "5", "week 6"]


def sample() -> dict[str, Any]:
    """Everything that the page shows. Ana, Ben and their team are made up."""
    return {
        "colours": COLOURS,
        "spaces": [4, 8, 12, 16, 24, 32, 48],
        "form": SampleForm(
            {"helped": "A walk before the group", "phone": "555 0142", "wish": "2", "zone": "tx"}
        ),
        "fresh": SampleForm(prefix="fresh"),
        "readers": ["Mo, your counselor", "the medical team"],
        "our_readers": ["you", "Ben", "Dr. Reyes"],
        "monday": MONDAY,
        "thursday": date(2026, 1, 15),
        "blocks": BLOCKS,
        "own_blocks": [block for block in BLOCKS if block["lane"] != "b"],
        "events": EVENTS,
        "weeks": WEEKS,
        "closeness": [
            {"name": "Ana", "side": "a", "values": [52, 55, 66, 63, 74, 82]},
            {"name": "Ben", "side": "b", "values": [62, 57, 59, 70, 72, 76]},
        ],
        "closeness_bands": [{"from": 80, "to": 100, "words": "more content", "tone": "ok"}],
        "phq": [{"name": "Ana", "side": "a", "values": [15, 13, 10, None, 8, 14]}],
        "phq_bands": [
            {"from": 15, "to": 20, "words": "moderately severe, 15+", "tone": "danger"},
            {"from": 10, "to": 15, "words": "moderate, 10+", "tone": "warn"},
        ],
        "spark_a": [8, 9, 8, 9, 8, 14],
        "spark_b": [8, 7, 8, 9, 11, 12],
        "parts": [
            {"amount": 412, "words": "$412", "tone": "before"},
            {"amount": 900, "words": "week 1", "tone": "mine"},
            {"amount": 120, "words": "week 2", "tone": "mine"},
        ],
        "seven": [
            ("Mon", True, False),
            ("Tue", True, False),
            ("Wed", False, False),
            ("Today", False, True),
            ("Fri", False, False),
            ("Sat", False, False),
            ("Sun", False, False),
        ],
        "heads": ["Person", "Kind", "Minutes"],
        "rows": [["Ana", "group", 90], ["Ben", "group", 90], ["Ben", "visit", 0]],
        "page_of": Paginator(range(1, 61), 20).page(2),
        "steps_named": ["You", "Card", "Sign"],
        "start": datetime(2026, 1, 16, 0, 0, tzinfo=UTC),
        "end": datetime(2026, 1, 16, 1, 0, tzinfo=UTC),
    }


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The reference page of the kit, for builders and for the browser tests."""
    return render(request, "website/styleguide.html", sample())


@require_safe
def shell(request: HttpRequest, name: str) -> HttpResponse:
    """One shell around sample content: public, partner, staff, room or plain."""
    if name not in SHELLS:
        raise Http404
    chosen = {"tab": "today", "rail": "today", "with_side": name == "room"}
    return render(request, f"website/shell_{name}.html", {**sample(), **chosen})
