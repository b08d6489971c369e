"""The pages a visitor reads: words and pictures, no script, nothing from elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mutual.website.questions import QUESTIONS
from mutual.website.readers import COLUMNS, lines


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, who it is for, one button."""
    return render(request, "website/home.html")


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The team, the plan, the week and the stay."""
    return render(request, "website/how.html", {"tab": "how"})


@require_safe
def couples(request: HttpRequest) -> HttpResponse:
    """What the two of you work on, together and apart."""
    return render(request, "website/couples.html", {"tab": "couples"})


@require_safe
def insurance(request: HttpRequest) -> HttpResponse:
    """What is checked before you begin; what is covered, not covered, not billed."""
    return render(request, "website/insurance.html", {"tab": "insurance"})


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Questions and answers, marked up for search engines by microdata."""
    return render(request, "website/questions.html", {"tab": "questions", "questions": QUESTIONS})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what: from others, and between the two of you."""
    return render(
        request,
        "website/privacy.html",
        {"tab": "privacy", "heads": [head for _, head in COLUMNS], "lines": lines()},
    )


@require_safe
def exit_page(request: HttpRequest) -> HttpResponse:
    """What the exit button does and what it can't do (P-67)."""
    return render(request, "website/exit.html", {"tab": "exit"})
