"""What a couple's session opens with: agreements, trust talk, the last patterns; nothing blames."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutual.base import typed
from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.daily import agreements
from mutual.daily.queries import trust_days
from mutual.people.models import Couple
from mutual.record import course
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import READERS, header
from mutual.wall.web import ActorRequest

#: Weeks whose patterns a session opens with.
LAST = 3


class AgreementForm(forms.Form):
    """What the therapist writes down for both to say yes to."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("What they agree on"),
        max_length=agreements.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write what you agree on.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("Until when"),
        required=False,
        widget=DayInput,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*READERS)
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The agenda, for whoever reads the couple's shared record; the therapist adds to it."""
    head = header(request.actor, public_id, "ours")
    row, today = head["row"], timezone.localdate()
    writes = request.actor.has("couples_therapist")
    form = AgreementForm(request.POST or None, initial={"key": uuid4()}) if writes else None
    if request.method == "POST":
        if form is None:
            raise NotThere
        if _done(request, row.id, form):
            return redirect("staff-agenda", public_id)
    both = trust_days(request.actor, row.id, today - timedelta(days=6))
    return render(
        request,
        "staff/couples/agenda.html",
        {
            **head,
            "found": agreements.agreements(request.actor, row.id, today),
            "trust": _("%(n)d of 7 days") % {"n": len(both)},
            "patterns": course.seen(request.actor, row.id, today, LAST).lines,
            "form": form,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _done(request: ActorRequest, couple_id: UUID, form: AgreementForm) -> bool:
    """Write down a new one, or close one; a refusal stands in the form."""
    outcome = request.POST.get("do", "")
    try:
        if outcome in ("kept", "let_go"):
            line = agreements.one(request.actor, typed.key(request.POST.get("agreement")))
            if line.couple_id != couple_id:
                raise NotThere
            agreements.close(request.actor, line, outcome)
            messages.success(request, _("Kept."))
            return True
        if not form.is_valid():
            return False
        said = form.cleaned_data
        couple = Couple.objects.visible_to(request.actor).sole(id=couple_id)
        agreements.propose(
            request.actor, couple, said["words"], due_on=said["due_on"], key=said["key"]
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.text)
        return False
    messages.success(request, _("Written down. It stands once both have said yes."))
    return True
