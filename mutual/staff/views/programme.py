"""The director's page: who is in care, whose week is short of their level."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mutual.outcomes import queries
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@staff_only("director")
@require_safe
def page(request: ActorRequest) -> HttpResponse:
    """Census, hours, the share of side-by-side weeks."""
    context = {"rail": "programme", "page": queries.programme(request.actor)}
    return render(request, "staff/programme/page.html", context)
