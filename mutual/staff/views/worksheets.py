"""A person's worksheets, for who treats them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mutual.daily import worksheets
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@never_cache
@require_safe
@staff_only()
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Begun and finished ones, with every answer."""
    person = worksheets.person_with_sheets(request.actor, public_id)
    return render(
        request,
        "staff/worksheets/page.html",
        {"rail": "couples", "person": person, "found": worksheets.of_person(request.actor, person)},
    )
