"""A clinician's threads and their answers; a person's check-ins for those who may read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base.refusal import Refused
from mutual.daily import queries, threads
from mutual.daily.actions import write_to_couple, write_to_own
from mutual.daily.actions.messages import LONGEST
from mutual.people.lookups import partners, shown_names
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

CARE = ("counselor", "couples_therapist")


class AnswerForm(forms.Form):
    """An answer."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


@staff_only(*CARE)
def threads_page(request: ActorRequest) -> HttpResponse:
    """The list: those waiting for an answer first."""
    rows = threads.threads_of_staff(request.actor)
    context = {"rail": "messages", "rows": rows, "waiting": sum(r.waiting for r in rows)}
    return render(request, "staff/messages/threads.html", context)


@staff_only("counselor")
def own(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The thread with one person one counsels."""
    person = threads.person_of_thread(request.actor, public_id)
    name = shown_names([person.id]).get(person.id, ("", ""))[0]
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_to_own(request.actor, form.cleaned_data["text"], person=person)
            messages.success(request, _("Sent."))
            return redirect("staff-messages-own", public_id)
        except Refused as refusal:
            form.add_error("text", refusal.text)
    lines = threads.own_thread(request.actor, person.id)
    return _thread(request, form, lines, [name], "mine")


@staff_only("couples_therapist")
def ours(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The thread with one's couple."""
    couple = threads.couple_of_thread(request.actor, public_id)
    names = [p.name for p in partners([couple.id]).get(couple.id, [])]
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_to_couple(request.actor, form.cleaned_data["text"], couple=couple)
            messages.success(request, _("Sent."))
            return redirect("staff-messages-ours", public_id)
        except Refused as refusal:
            form.add_error("text", refusal.text)
    lines = threads.couple_thread(request.actor, couple.id)
    return _thread(request, form, lines, names, "ours")


def _thread(
    request: ActorRequest,
    form: AnswerForm,
    lines: list[threads.Line],
    names: list[str],
    kind: str,
) -> HttpResponse:
    context = {
        "rail": "messages",
        "kind": kind,
        "lines": lines,
        "form": form,
        "to": get_text_list(names, _("and")),
        "programme_name": settings.PROGRAMME_NAME,
    }
    return render(request, "staff/messages/thread.html", context)


def checkins_context(seen: queries.CheckIns, name: str) -> dict[str, Any]:
    """What the chart of ``staff/checkins/list.html`` takes beside ``seen``."""
    oldest_first = list(reversed(seen.days))
    return {
        "series": [
            {
                "name": name,
                "side": "a",
                "values": [d.body.urge if d.body else None for d in oldest_first],
            }
        ],
        "moments": [date_format(d.day, "j M") for d in oldest_first],
        "bands": [{"from": 7, "to": 10, "words": _("strong, 7+"), "tone": "warn"}],
    }


@staff_only()
def checkins(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A person's check-ins; the piece ``staff/checkins/list.html`` stands in other pages too."""
    person = queries.person_by_public_id(request.actor, public_id)
    seen = queries.checkins_for(request.actor, person.id)
    name = shown_names([person.id]).get(person.id, ("", ""))[0]
    context = {"rail": "couples", "name": name, "seen": seen, **checkins_context(seen, name)}
    return render(request, "staff/checkins/page.html", context)
