"""*Us*: what belongs to both, who reads it said first; the same page for both partners."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mutual.base import typed
from mutual.base.refusal import NotThere, Refused
from mutual.daily import queries, readers
from mutual.daily.actions import (
    confirm_trust_talk,
    consent_to_part,
    give_thanks,
    note_part,
    revoke_part,
)
from mutual.daily.queries import Ours, Self
from mutual.episode.queries import week_sentence
from mutual.portal.gate import partner_only, private
from mutual.wall.web import ActorRequest


class ThanksForm(forms.Form):
    """One line of thanks."""

    text = forms.CharField(
        label=gettext_lazy("Thank you for"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


def _ours(request: ActorRequest) -> tuple[Self, Ours]:
    now = timezone.now()
    me = queries.myself(request.actor, now)
    ahead = queries.week_ahead(request.actor, now)
    return me, queries.ours(request.actor, me, ahead.side_by_side, now)


def _show(request: ActorRequest, form: ThanksForm) -> HttpResponse:
    me, ours = _ours(request)
    assert me.couple_id is not None
    every, contract_too = readers.us_readers(me.couple_id, me.partner)
    week = [
        (_("Today") if dot.today else date_format(dot.day, "D"), dot.both, dot.today)
        for dot in ours.week
    ]
    return render(
        request,
        "portal/us/page.html",
        {
            "tab": "us",
            "me": me,
            "ours": ours,
            "readers": every,
            "thanks_readers": every[1:],
            "contract_readers": get_text_list(contract_too, _("and")),
            "week": week,
            "count": _("%(n)d of 7 days") % {"n": ours.both_days},
            "ticks": [(day, day == me.today) for day in ours.tick_days],
            "thanks": [(line, line.person_id == me.person_id) for line in ours.thanks],
            "sentence": week_sentence(me.couple_id, me.today) if ours.rests else "",
            "form": form,
        },
    )


@partner_only
def page(request: ActorRequest) -> HttpResponse:
    """The page."""
    return _show(request, ThanksForm())


@require_POST
@partner_only
def thanks(request: ActorRequest) -> HttpResponse:
    """A line of thanks to the partner."""
    form = ThanksForm(request.POST)
    if form.is_valid():
        try:
            give_thanks(request.actor, form.cleaned_data["text"])
            messages.success(request, _("Said."))
            return redirect("portal-us")
        except Refused as refusal:
            form.add_error("text", refusal.text)
    return _show(request, form)


@partner_only
def trust(request: ActorRequest) -> HttpResponse:
    """One's own half of a day's trust talk; the answer is the same whoever was first (C-49)."""
    if request.method != "POST":
        return redirect("/us/#trust")
    try:
        confirm_trust_talk(request.actor, day=typed.day(request.POST.get("day", "")))
        messages.success(request, _("Thank you. The day fills in once you have both said so."))
    except Refused as refusal:
        messages.info(request, refusal.text)
    return redirect("/us/#trust")


@private
def parts(request: ActorRequest) -> HttpResponse:
    """The optional parts with one's own half of each: alike for everyone, used or not (P-69)."""
    me, ours = _ours(request)
    if ours.contract is None or ours.rests:
        return redirect("portal-us")
    context = {"tab": "us", "me": me, "parts": ours.parts, "readers": _own_readers(me)}
    return render(request, "portal/us/parts.html", context)


def _own_readers(me: Self) -> list[str]:
    names = readers.thread_readers(me.person_id, "own_counselor")
    return [_("%(name)s, your counselor") % {"name": name} for name in names]


@private
def part(request: ActorRequest, code: str) -> HttpResponse:
    """Agree to a part, note today's entry, or take it back after a word of care (C-50)."""
    me, ours = _ours(request)
    tile = next((p for p in ours.parts if p.code == code), None)
    if tile is None:
        raise NotThere
    if request.method == "POST":
        what = request.POST.get("what", "")
        try:
            if what == "agree":
                consent_to_part(request.actor, code)
            elif what == "entry":
                note_part(request.actor, code)
            elif what == "back":
                revoke_part(request.actor, code)
            messages.success(request, _("Kept."))
        except Refused as refusal:
            messages.info(request, refusal.text)
        return redirect("portal-parts")
    context = {"tab": "us", "me": me, "part": tile, "readers": _own_readers(me)}
    return render(request, "portal/us/part.html", context)
