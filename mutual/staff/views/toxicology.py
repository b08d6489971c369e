"""A person's tests: asking, what one said, what the laboratory confirmed (C-87)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.record import toxicology
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


class ResultForm(forms.Form):
    """What a test said, for one that was asked for."""

    which = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("The test said"),
        choices=[
            ("negative", gettext_lazy("Negative")),
            ("positive", gettext_lazy("Positive, presumptive")),
            ("invalid", gettext_lazy("Could not be read")),
            ("declined", gettext_lazy("Declined")),
        ],
        widget=forms.RadioSelect,
    )
    substances = forms.MultipleChoiceField(
        label=gettext_lazy("Positive for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substances: Any = self.fields["substances"]
        substances.choices = [(key, _(words)) for key, words in toxicology.SUBSTANCES.items()]


class ConfirmForm(forms.Form):
    """What the laboratory found."""

    which = forms.UUIDField(widget=forms.HiddenInput)
    found = forms.ChoiceField(
        label=gettext_lazy("The laboratory found"),
        choices=[("positive", gettext_lazy("Positive")), ("negative", gettext_lazy("Negative"))],
        widget=forms.RadioSelect,
    )
    lab = forms.CharField(label=gettext_lazy("Laboratory"), max_length=120)


class DrawForm(forms.Form):
    """How many tests within how many days; which days, chance decides (C-87)."""

    count = forms.IntegerField(label=gettext_lazy("Tests"), min_value=1, initial=2)
    span = forms.IntegerField(
        label=gettext_lazy("Within days"), min_value=1, max_value=toxicology.MOST_DAYS, initial=14
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("counselor", "prescriber", "nurse", "couples_therapist", "supervisor")
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The tests, newest first; whoever writes them asks, writes down and confirms here."""
    person = toxicology.person_with_tests(request.actor, public_id)
    keeps = toxicology.may_write(person)
    does = request.POST.get("do", "") if request.method == "POST" else ""
    if does and not keeps:
        raise NotThere
    result = ResultForm(request.POST if does == "result" else None)
    lab = ConfirmForm(request.POST if does == "confirm" else None)
    draw = DrawForm(request.POST if does == "draw" else None)
    if does and _done(request, person, does, {"result": result, "confirm": lab, "draw": draw}):
        return redirect("staff-tests", public_id)
    lines = toxicology.tests_of(request.actor, person)
    return render(
        request,
        "staff/safety/tests.html",
        {
            "rail": "couples",
            "person": person,
            "lines": lines,
            "waiting": next((line for line in lines if line.specimen is None), None),
            "presumptive": next((line for line in lines if line.settled == "presumptive"), None),
            "keeps": keeps,
            "result": result,
            "lab": lab,
            "draw": draw,
        },
        status=422 if result.errors or lab.errors or draw.errors else 200,
    )


def _done(request: ActorRequest, person: Person, does: str, sent: Mapping[str, forms.Form]) -> bool:
    actor = request.actor
    form = sent.get(does, forms.Form({}))
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        if does == "ask":
            toxicology.ask(actor, person, actor.sure_id)
        elif does == "draw":
            toxicology.draw_days(actor, person, said["count"], said["span"])
        elif does == "result":
            toxicology.write_result(
                actor, person, said["which"], said["outcome"], said["substances"]
            )
        elif does == "confirm":
            toxicology.confirm(actor, person, said["which"], said["found"], said["lab"])
        else:
            raise NotThere
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
        return False
    messages.success(request, _("Kept."))
    return True
