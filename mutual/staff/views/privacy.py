"""The privacy officer's pages: consents and disclosures of everybody, person by person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mutual.privacy import officer
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@staff_only("privacy_officer")
@require_safe
def everybody(request: ActorRequest) -> HttpResponse:
    """Who signed, took back and declined how much, and what was disclosed."""
    lines = officer.everybody(request.actor)
    return render(request, "staff/privacy/list.html", {"rail": "privacy", "lines": lines})


@staff_only("privacy_officer")
@require_safe
def person(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One person's consents and disclosures, found by one of their consents."""
    page = officer.person(request.actor, public_id)
    return render(request, "staff/privacy/person.html", {"rail": "privacy", "page": page})
