"""Search by name or couple number; what is sought travels in the body, never in the address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mutual.people.search import Found, find
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import READERS
from mutual.staff.views.insurance import KEEPERS
from mutual.wall.web import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def search(request: ActorRequest) -> HttpResponse:
    """The people found, each leading to what the reader works with."""
    text = request.POST.get("q", "")[:100].replace("\x00", "")
    found, more = find(request.actor, text)
    rows = [(row, _leads(request, row)) for row in found]
    context = {"rail": "", "rows": rows, "more": more, "asked": text.strip()}
    return render(request, "staff/search/page.html", context)


def _leads(request: ActorRequest, row: Found) -> str:
    if row.couple and request.actor.has(*READERS):
        return reverse("staff-couple", args=[row.couple])
    if request.actor.has(*KEEPERS):
        return reverse("staff-insurance", args=[row.public_id])
    return ""
