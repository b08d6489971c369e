"""Proposals for the programme's week: asked for, watched, compared, accepted."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from mutual.base import typed
from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week.bridge import accepting, looking
from mutual.week.bridge.proposing import PLANNERS, SECONDS, propose
from mutual.week.models import Proposal
from mutual.week.tasks import propose_task
from mutual.week.templates import monday_of


class AskForm(forms.Form):
    """Which week, how, and how long it may think."""

    monday = forms.DateField(label=gettext_lazy("Week of"), widget=DayInput)
    how = forms.ChoiceField(
        label=gettext_lazy("What do you need?"),
        choices=[
            ("new", gettext_lazy("A week for every couple without a published one")),
            ("repair", gettext_lazy("A repair of what stands, with the fewest moves")),
        ],
        widget=forms.RadioSelect,
        initial="new",
    )
    seconds = forms.TypedChoiceField(
        label=gettext_lazy("It may think for"), coerce=int, initial=10,
        choices=[(n, gettext_lazy("%(n)d seconds") % {"n": n}) for n in SECONDS],
    )  # fmt: skip


@staff_only(*PLANNERS)
def page(request: ActorRequest) -> HttpResponse:
    """Ask for a proposal; the latest ones."""
    start = monday_of(timezone.now()) + timedelta(days=7)
    form = AskForm(request.POST or None, initial={"monday": start.isoformat()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        day: date = data["monday"]
        try:
            made = propose(
                request.actor,
                day - timedelta(days=day.weekday()),
                seconds=data["seconds"],
                repair=data["how"] == "repair",
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
        else:
            propose_task.defer(proposal=str(made.id))
            return redirect("staff-proposal", public_id=made.public_id)
    return render(
        request,
        "staff/solve/page.html",
        {
            "rail": "week",
            "form": form,
            "rows": [(p, _week(p), _state(p)) for p in looking.recent(request.actor)],
            "zone": settings.PROGRAMME_ZONE,
        },
        status=409 if form.errors else 200,
    )


def _week(proposal: Proposal) -> str:
    return f"{date_format(proposal.monday, 'j M')} – " + date_format(
        proposal.monday + timedelta(days=6), "j M"
    )


def _state(proposal: Proposal) -> tuple[str, str]:
    tones = {"ready": "ok", "nothing": "warn", "failed": "danger"}
    return str(proposal.get_state_display()), tones.get(proposal.state, "")


def _sole(request: ActorRequest, public_id: UUID) -> Proposal:
    found = Proposal.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


@staff_only(*PLANNERS)
def proposal(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One proposal: how far it is, or both weeks beside each other."""
    found = _sole(request, public_id)
    works = found.state in ("waiting", "running")
    context = {
        "rail": "week",
        "proposal": found,
        "week": _week(found),
        "works": works,
        "state": _state(found),
        "passed": _passed(found),
        "zone": settings.PROGRAMME_ZONE,
    }
    if request.headers.get("HX-Request") and works:
        return render(request, "staff/solve/progress.html", context)
    if request.headers.get("HX-Request"):
        # Done: the whole page comes anew.
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    if not works:
        context["look"] = looking.look(request.actor, found)
    return render(request, "staff/solve/proposal.html", context)


def _passed(proposal: Proposal) -> int:
    """Seconds worked so far, at most those it may."""
    if proposal.started_at is None:
        return 0
    end = proposal.done_at or timezone.now()
    return min(int((end - proposal.started_at).total_seconds()), proposal.seconds)


@require_POST
@staff_only(*PLANNERS)
def accept(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Book one session of a proposal, or everything that is still open."""
    found = _sole(request, public_id)
    if "row" in request.POST:
        try:
            accepting.accept(request.actor, typed.key(request.POST["row"]))
            messages.success(request, _("Booked."))
        except Refused as refusal:
            messages.error(request, refusal.text)
    else:
        done, refused = accepting.accept_all(request.actor, found)
        words = ngettext("%(n)d session is booked as proposed.",
                         "%(n)d sessions are booked as proposed.", done)  # fmt: skip
        messages.success(request, words % {"n": done})
        if refused:
            words = ngettext("%(n)d could not be booked; the list says why.",
                             "%(n)d could not be booked; the list says why.", refused)  # fmt: skip
            messages.warning(request, words % {"n": refused})
    return redirect("staff-proposal", public_id=public_id)
