"""Agreements: a page of *Us*, the same for both partners."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.daily import agreements, queries, readers
from mutual.episode.queries import week_sentence
from mutual.portal.gate import partner_only
from mutual.wall.web import ActorRequest


class AgreementForm(forms.Form):
    """What one proposes."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("What we agree on"),
        help_text=gettext_lazy("Small and clear: what each does, when."),
        max_length=agreements.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write what you agree on.")},
    )
    due_on = forms.DateField(label=gettext_lazy("Until when"), required=False, widget=DayInput)
    key = forms.UUIDField(widget=forms.HiddenInput)


class DayForm(forms.Form):
    """Another day for an agreement."""

    due_on = forms.DateField(label=gettext_lazy("Until when"), required=False, widget=DayInput)


@require_http_methods(["GET", "HEAD", "POST"])
@partner_only
def page(request: ActorRequest) -> HttpResponse:
    """What we agreed on, and a form for something new."""
    actor = request.actor
    couple = agreements.own_couple(actor)
    me = queries.myself(actor)
    rests = agreements.rests(actor, couple)
    form = AgreementForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if rests:
                raise Refused(week_sentence(couple.id, me.today))
            agreements.propose(actor, couple, said["words"], due_on=said["due_on"], key=said["key"])
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
        else:
            messages.success(request, _("Proposed. It stands once you have both said yes."))
            return redirect("portal-agreements")
    every, _contract = readers.us_readers(couple.id, me.partner, "agreement")
    context = {
        "tab": "us",
        "me": me,
        "found": agreements.agreements(actor, couple.id, me.today, resting=rests),
        "rests": rests,
        "sentence": week_sentence(couple.id, me.today) if rests else "",
        "readers": every,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "portal/us/agreements.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@partner_only
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One agreement: say yes, say that it was kept, give it another day, let it go."""
    actor = request.actor
    row = agreements.one(actor, public_id)
    if request.method != "POST":
        return _one(request, public_id, DayForm(initial={"due_on": row.due_on}))
    what = request.POST.get("do", "")
    form = DayForm(request.POST)
    try:
        if what == "agree":
            agreements.agree(actor, row)
        elif what == "move":
            if not form.is_valid():
                return _one(request, public_id, form, status=422)
            agreements.move(actor, row, form.cleaned_data["due_on"])
        else:
            agreements.close(actor, row, what)
    except Refused as refusal:
        messages.info(request, refusal.text)
        return redirect("portal-agreement", public_id)
    messages.success(request, _("Kept."))
    return redirect("portal-agreements")


def _one(
    request: ActorRequest, public_id: UUID, form: DayForm, *, status: int = 200
) -> HttpResponse:
    couple = agreements.own_couple(request.actor)
    me = queries.myself(request.actor)
    found = agreements.agreements(request.actor, couple.id, me.today)
    every, _contract = readers.us_readers(couple.id, me.partner, "agreement")
    lines = [*found.proposed, *found.standing, *found.past]
    line = next((n for n in lines if n.row.public_id == public_id), None)
    context = {"tab": "us", "me": me, "line": line, "readers": every, "form": form}
    if line is None:
        return redirect("portal-agreements")
    return render(request, "portal/us/agreement.html", context, status=status)
