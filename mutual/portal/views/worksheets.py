"""Worksheets behind the PIN: all of them for everyone, begun or not (P-69)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutual.base.forms import PartsForm
from mutual.base.refusal import Refused
from mutual.daily import worksheets
from mutual.daily.sheets import SHEETS
from mutual.people.lookups import couple_and_partner
from mutual.portal.gate import private
from mutual.privacy.readers import readers
from mutual.wall.web import ActorRequest


@require_safe
@private
def sheets(request: ActorRequest) -> HttpResponse:
    """Every worksheet, the own finished ones, and those that the partner lets one read."""
    me = request.actor.sure_id
    begun = worksheets.open_of(request.actor)
    _couple, partner = couple_and_partner(me)
    return render(
        request,
        "portal/worksheets/list.html",
        {
            "tab": "me",
            "sheets": [(one, begun.get(one.key)) for one in SHEETS.values()],
            "finished": worksheets.finished_of(request.actor, me),
            "theirs": worksheets.finished_of(request.actor, partner) if partner else [],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def sheet(request: ActorRequest, number: int) -> HttpResponse:
    """One worksheet: go on where one stopped, keep it, finish it; what was typed stays."""
    kind = worksheets.numbered(number)
    found = worksheets.open_of(request.actor).get(kind.key)
    first: dict[str, Any] = {**found.text, "version": found.version} if found else {"version": 0}
    parts = [(q.key, str(q.words), str(q.hint)) for q in kind.questions]
    form = PartsForm(parts, request.POST or None, initial=first, longest=worksheets.LONGEST)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        finish = request.POST.get("do") == "finish"
        try:
            worksheets.write(
                request.actor, kind.key, form.texts(), version=form.seen(), finish=finish
            )
        except Refused as refusal:
            theirs = form.refused(
                refusal, found.text if found else {}, found.version if found else 0
            )
        else:
            messages.success(request, _("Finished. It is kept as it is.") if finish else _("Kept."))
            return redirect("portal-worksheets" if finish else request.path)
    return render(
        request,
        "portal/worksheets/sheet.html",
        {
            "tab": "me",
            "sheet": kind,
            "form": form,
            "theirs": theirs,
            "readers": readers("worksheet", _("you")),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_safe
@private
def finished(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One worksheet to read: the own, or one that the partner's consent opens."""
    found = worksheets.one(request.actor, public_id)
    return render(request, "portal/worksheets/read.html", {"tab": "me", "one": found})
