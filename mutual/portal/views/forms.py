"""Forms that one person answers alone: calm, nothing filled in before, no way back (I-13, P-64)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from mutual.base.languages import SOURCE
from mutual.base.refusal import NotThere, Refused
from mutual.measures import queries
from mutual.measures.actions import submit_form
from mutual.measures.scale import Instrument
from mutual.people.lookups import couple_of
from mutual.portal.gate import private
from mutual.portal.views.accounts import refused
from mutual.privacy import sight
from mutual.wall.web import ActorRequest

SKIP = "-"


class AnswerForm(forms.Form):
    """One group of large answers for each question; "skip" is always one of them (F-18)."""

    def __init__(self, instrument: Instrument, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.instrument = instrument
        for item in instrument.items:
            labels = item.labels or tuple(str(value) for value in item.values)
            choices = [
                *((str(value), label) for value, label in zip(item.values, labels, strict=True)),
                (SKIP, _("Skip this one")),
            ]
            self.fields[f"item_{item.number}"] = forms.ChoiceField(
                label=item.text or item.handle,
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer, or skip this one.")},
            )

    def answers(self) -> list[int | None]:
        """The answers in item order; a skipped one is missing, never 0."""
        given = [self.cleaned_data[f"item_{item.number}"] for item in self.instrument.items]
        return [None if answer == SKIP else int(answer) for answer in given]


@private
def mine(request: ActorRequest) -> HttpResponse:
    """Open forms, and one's own totals by day without a name (I-13)."""
    context = {
        "tab": "me",
        "open_forms": queries.my_open_forms(request.actor),
        "results": queries.my_results(request.actor),
    }
    return render(request, "portal/forms/mine.html", context)


@never_cache
@private
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One form on a calm page; sent once, never shown again (P-64, I-13)."""
    if queries.already_sent(request.actor, public_id):
        return redirect("portal-forms")  # Back after sending ends here (P-64).
    assignment, instrument = queries.my_form(request.actor, public_id)
    form = AnswerForm(instrument, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            submit_form(request.actor, assignment.public_id, form.answers())
            return redirect("portal-form-thanks")
        except Refused as refusal:
            refused(form, refusal)
    couple = couple_of(request.actor.sure_id)
    kind = "dyadic_instrument" if assignment.family == "dyadic" else "instrument"
    context = {
        "tab": "me",
        "form": form,
        "stem": instrument.stem,
        "credit": instrument.credit,
        # The wordings that are installed are English, and none is translated here (I-4).
        "words_in": SOURCE if (get_language() or SOURCE).split("-")[0] != SOURCE else "",
        "readers": sight.readers_of(request.actor, kind, couple.id if couple else None),
    }
    return render(request, "portal/forms/answer.html", context)


@private
def thanks(request: ActorRequest) -> HttpResponse:
    """The same thanks after every form."""
    if request.method != "GET":
        raise NotThere
    return render(request, "portal/forms/thanks.html", {"tab": "me"})
