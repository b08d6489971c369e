"""The day's check-in: one question a step, the readers named beside it, no way back to answers.

What was chosen travels from step to step inside the page and reaches the database once, at the
end: no draft, nothing filled in again, nothing in the browser's store (P-61, P-64).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_stubs_ext import StrPromise

from mutual.base.refusal import Refused
from mutual.daily import queries, readers
from mutual.daily.actions import check_in
from mutual.measures.instruments.daily_checkin import REQUIRED
from mutual.portal.gate import private
from mutual.wall.web import ActorRequest

_TEN = tuple((str(n), str(n)) for n in range(11))


@dataclass(frozen=True)
class Question:
    """One step: the field, its words, its answers; ``ends`` name the ends of a scale."""

    field: str
    words: StrPromise
    hint: StrPromise
    answers: tuple[tuple[str, StrPromise | str], ...] = ()
    ends: tuple[StrPromise, StrPromise] | None = None

    @property
    def required(self) -> bool:
        """Whether it can't be skipped (I-21)."""
        return self.field in REQUIRED


QUESTIONS = (
    Question(
        "urge",
        gettext_lazy("How strong was the strongest urge today?"),
        gettext_lazy("There is no wrong answer. Urges come and go."),
        _TEN,
        (gettext_lazy("0 is none at all"), gettext_lazy("10 is the strongest ever")),
    ),
    Question(
        "used",
        gettext_lazy("Did you use today?"),
        gettext_lazy("Either answer keeps your place here."),
        (
            ("no", gettext_lazy("No")),
            ("yes", gettext_lazy("Yes")),
            ("in_person", gettext_lazy("I’d rather say in person")),
        ),
    ),
    Question(
        "mood",
        gettext_lazy("How is your mood?"),
        gettext_lazy("Just for today."),
        _TEN,
        (gettext_lazy("0 is very low"), gettext_lazy("10 is very good")),
    ),
    Question(
        "sleep",
        gettext_lazy("How many hours did you sleep?"),
        gettext_lazy("Halves are fine, such as 7.5."),
    ),
    Question(
        "medicine",
        gettext_lazy("Medicine as planned?"),
        gettext_lazy("The last question."),
        (
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
            ("none", gettext_lazy("None planned")),
        ),
    ),
)
_FIELDS = tuple(q.field for q in QUESTIONS)


@never_cache
@private
def page(request: ActorRequest) -> HttpResponse:
    """A step of the check-in."""
    now = timezone.now()
    me = queries.myself(request.actor, now)
    days = queries.open_days_left(request.actor, me, now)
    # Today first; before noon a day missed yesterday, once today is done (I-23).
    day = _day(request, days[0] if days else me.today)
    if day not in days:
        messages.success(request, _("That day is done. Thank you."))
        return redirect("portal-today")
    step, error = 0, ""
    given: dict[str, str] = {}
    if request.method == "POST":
        step, given, error = _walk(request)
        if step == len(QUESTIONS):
            try:
                found = check_in(
                    request.actor,
                    {k: v for k, v in given.items() if v},
                    call_me=bool(request.POST.get("call_me")),
                    day=day,
                    now=now,
                )
            except Refused as refusal:
                error = refusal.text
                step = _FIELDS.index(refusal.field) if refusal.field in _FIELDS else 0
            else:
                to_coping = any(trigger.coping_page for trigger in found)
                name = "portal-check-in-coping" if to_coping else "portal-check-in-thanks"
                return redirect(name)
    context = _context(me, day, days, step, given, error)
    return render(request, "portal/checkin/step.html", context)


@private
def mine(request: ActorRequest) -> HttpResponse:
    """What check-ins are and who reads them; alike for all, given or not (P-64, P-69)."""
    names = readers.checkin_readers(request.actor.sure_id)
    return render(request, "portal/checkin/mine.html", {"tab": "me", "readers": names})


def _day(request: ActorRequest, today: date) -> date:
    """The day this is about: today, unless the page says another."""
    said = request.POST.get("day") or request.GET.get("day") or ""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return today


def _walk(request: ActorRequest) -> tuple[int, dict[str, str], str]:
    """Where the person goes from here, with what they said so far."""
    given = {field: request.POST.get(field, "")[:10] for field in _FIELDS}
    typed = request.POST.get("step", "0")
    step = min(int(typed), len(QUESTIONS) - 1) if typed.isdecimal() else 0
    question = QUESTIONS[step]
    go = request.POST.get("go", "next")
    if go == "back":
        back = max(step - 1, 0)
        # Asked anew, without the answer given before (P-64).
        return back, {**given, question.field: "", QUESTIONS[back].field: ""}, ""
    if go == "skip" and not question.required:
        return step + 1, {**given, question.field: ""}, ""
    allowed = {value for value, _words in question.answers}
    answer = given[question.field]
    if question.required and answer not in allowed:
        return step, given, _("Choose an answer. Any of them is fine.")
    if answer and allowed and answer not in allowed:
        return step, {**given, question.field: ""}, _("Choose one of these answers, or skip.")
    if question.field == "sleep" and answer and not _hours(answer):
        words = _("Write hours from 0 to 24, such as 7.5, or skip.")
        return step, {**given, "sleep": ""}, words
    return step + 1, given, ""


def _hours(typed: str) -> bool:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return False
    return 0 <= value <= 24 and (value * 2).is_integer()


def _context(
    me: queries.Self,
    day: date,
    days: tuple[date, ...],
    step: int,
    given: dict[str, str],
    error: str,
) -> dict[str, Any]:
    question = QUESTIONS[step]
    return {
        "tab": "today",
        "question": question,
        "step": step,
        "number": step + 1,
        "total": len(QUESTIONS),
        "kept": [(f, v) for f, v in given.items() if v and f != question.field],
        "day": day,
        "is_today": day == me.today,
        "other_days": [d for d in days if d != day] if step == 0 else [],
        "error": error,
        "last": step == len(QUESTIONS) - 1,
        "readers": readers.checkin_readers(me.person_id),
    }


@private
def thanks(request: ActorRequest) -> HttpResponse:
    """The same thanks whatever was answered (P-64)."""
    return render(request, "portal/checkin/thanks.html", {"tab": "today"})


@private
def coping(request: ActorRequest) -> HttpResponse:
    """What helps in the next half hour (I-22)."""
    return render(request, "portal/checkin/coping.html", {"tab": "today"})
