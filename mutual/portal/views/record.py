"""What a partner reads of the own record, and signs: private parts open with the PIN (P-68)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mutual.base import zones
from mutual.base.documents import pdf_response
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import Person
from mutual.plan import actions
from mutual.plan import queries as plans
from mutual.plan.queries import Lane
from mutual.portal.gate import partner_only, private
from mutual.privacy.readers import readers
from mutual.record import papers, queries
from mutual.record.models import DischargeFacts
from mutual.record.templates import KINDS
from mutual.wall.web import ActorRequest

PAPERS = {"summary": papers.summary_pdf, "plan": papers.recovery_pdf}


class SignForm(forms.Form):
    """Sign, sign with a comment, or say no (C-67). Nothing is prefilled."""

    signature = forms.CharField(max_length=120, required=False)
    comment = forms.CharField(
        label=gettext_lazy("Anything you want to add"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_plan(request: ActorRequest) -> HttpResponse:
    """The own plan, with signing: not the partner's to see."""
    who = request.actor.sure_id
    lane = plans.lane_of_person(request.actor, who)
    return _plan(request, lane, "mine", "portal-plan", who)


@require_http_methods(["GET", "HEAD", "POST"])
@partner_only
def our_plan(request: ActorRequest) -> HttpResponse:
    """The couple's plan; each partner signs alone and sees only the own answer."""
    couple = queries.couple_id_of(request.actor)
    lane = plans.lane_of_couple(request.actor, couple) if couple else Lane()
    return _plan(request, lane, "ours", "portal-our-plan", request.actor.sure_id)


def _plan(
    request: ActorRequest, lane: Lane | None, kind: str, name: str, who: UUID
) -> HttpResponse:
    found = lane or Lane()
    shown = shown_names([who]).get(who, ("", ""))[0]
    form = SignForm(request.POST or None)
    error, status = "", 200
    if request.method == "POST" and found.plan is not None and form.is_valid():
        answer = request.POST.get("answer", "")
        if answer == "signed" and not form.cleaned_data["signature"].strip():
            error, status = _("Type your name to sign."), 422
        else:
            try:
                actions.sign_plan(
                    request.actor,
                    found.plan,
                    answer=answer,
                    comment=form.cleaned_data["comment"],
                )
            except Refused as refusal:
                error, status = refusal.text, 409
            else:
                if answer == "signed":
                    messages.success(request, _("Signed."))
                else:
                    messages.success(request, _("Kept. Your care goes on; your team will ask."))
                return redirect(name)
    return render(
        request,
        "portal/record/plan.html",
        {
            "tab": "us" if kind == "ours" else "me",
            "lane": found,
            "kind": kind,
            "form": form,
            "error": error,
            "who": shown,
            "readers": _plan_readers(kind),
            # What one partner answers under ours is never the other's to see (P-48).
            "answer_readers": [r for r in _plan_readers(kind) if r != _("both of you")],
            "back": "/us/" if kind == "ours" else "/me/",
        },
        status=status,
    )


def _plan_readers(kind: str) -> list[str]:
    if kind == "ours":
        return readers("plan_couple", _("both of you"))
    return readers("plan_individual", _("you"))


@require_safe
@private
def notes(request: ActorRequest) -> HttpResponse:
    """Own signed notes and papers; a closed record looks like an empty one (C-76)."""
    who = request.actor.sure_id
    couple = queries.couple_id_of(request.actor)
    rows = queries.notes_of(request.actor, [who, *([couple] if couple else [])])
    zone = _zone(who)
    closed = queries.record_closed(request.actor)
    written = (
        [] if closed
        else list(
            DischargeFacts.objects.visible_to(request.actor)
            .filter(person_id=who, signed_at__isnull=False)
            .order_by("-due_on")
        )
    )  # fmt: skip
    state = queries.joint_state(request.actor, couple) if couple and not closed else "closed"
    return render(
        request,
        "portal/record/notes.html",
        {
            "tab": "me",
            "events": [_event(row, zone) for row in rows if getattr(row, "opens", False)],
            "papers": written,
            "review": state == "review",
        },
    )


@require_safe
@private
def note(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One own note; another's, absent and closed look the same (P-2)."""
    view = queries.note(request.actor, public_id)
    ours = view.note.subject_of == "C"
    who = request.actor.sure_id
    other = "" if ours else _("Your partner")
    return render(
        request,
        "portal/record/note.html",
        {
            "tab": "me",
            "view": view,
            "kind": "ours" if ours else "mine",
            "zone": _zone(who),
            "readers": readers(view.note.kind, _("both of you") if ours else _("you")),
            "line": queries.conditions(view.note.kind, other),
        },
    )


@require_safe
@private
def paper(request: ActorRequest, public_id: UUID, which: str) -> HttpResponse:
    """An own paper as PDF (P-51)."""
    if which not in PAPERS or queries.record_closed(request.actor):
        raise NotThere
    return pdf_response(PAPERS[which](request.actor, public_id))


def _zone(person_id: UUID) -> str:
    found = Person.objects.filter(id=person_id).values_list("zone", flat=True).first()
    return found or "UTC"


def _event(row: Any, zone: str) -> dict[str, Any]:
    ours = row.subject_of == "C"
    return {
        "day": zones.day(row.starts_at, zone),
        "time": zones.clock(row.starts_at.astimezone(zones.zone(zone))),
        "title": KINDS[row.kind].word,
        "detail": _("%(n)d min") % {"n": row.minutes},
        "mark": "together" if ours else "lock",
        "side": "ours" if ours else "mine",
        "href": reverse("portal-note", args=[row.public_id]),
    }
