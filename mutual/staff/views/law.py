"""The law in words: every rule, its state here, what shows it (P-44 and all others)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mutual.outcomes import law
from mutual.outcomes.law.page import READERS
from mutual.outcomes.law.safeguards import SAFEGUARDS
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@staff_only(*READERS)
@require_safe
def page(request: ActorRequest) -> HttpResponse:
    """One page to read and to print."""
    sections = law.read_law(request.actor)
    lines = [line for section in sections for line in section.lines]
    rails = {"privacy_officer": "privacy", "director": "programme", "auditor": "audit"}
    context = {
        "rail": next(words for role, words in rails.items() if request.actor.has(role)),
        "sections": sections,
        "total": len(lines),
        "tested": sum(1 for line in lines if line.tests),
        "open": [line for line in lines if not line.rule.where],
        "safeguards": SAFEGUARDS,
        "programme_name": settings.PROGRAMME_NAME,
        "now": timezone.now(),
    }
    return render(request, "staff/law/page.html", context)
