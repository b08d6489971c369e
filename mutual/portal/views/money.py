"""What care may cost me: my own figures and the plan's family totals, nobody else's (P-57)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mutual.base.refusal import NotThere, Refused
from mutual.claims.estimates import first_weeks
from mutual.coverage import actions, queries
from mutual.people.models import Person
from mutual.portal.gate import private
from mutual.wall.web import ActorRequest


@private
@require_safe
def page(request: ActorRequest) -> HttpResponse:
    """My plan, used and left, and the next two weeks."""
    return _page(request)


@private
@require_POST
def letters(request: ActorRequest) -> HttpResponse:
    """I have read whom my plan writes to, and choose (P-56, B-46)."""
    try:
        with transaction.atomic():
            card = queries.own_card(request.actor)
            actions.answer_confidential(request.actor, card, request.POST.get("answer", ""))
    except Refused as refused:
        return _page(request, status=422, letters_error=refused.text)
    messages.success(request, _("Saved. You can change it here at any time."))
    return redirect("portal-money")


@private
@require_safe
def request_letter(request: ActorRequest) -> HttpResponse:
    """The ready request to the plan, to print and sign (P-56)."""
    card = queries.own_card(request.actor)
    if card.own:
        raise NotThere
    person = Person.objects.get(id=request.actor.sure_id)
    context = {"tab": "me", "card": card, "person": person}
    return render(request, "portal/money/request.html", context)


def _parts(bar: queries.Bar, taken: Decimal) -> list[dict[str, Any]]:
    """A bar that fills: used before, these weeks, still empty."""
    rest = bar.left - taken
    parts = [
        (bar.used, "before", bar.used_words),
        (taken, "mine", _("%(amount)s in these weeks") % {"amount": queries.dollars(taken)}),
        (rest, "empty", _("%(amount)s left") % {"amount": queries.dollars(rest)}),
    ]
    return [
        {"amount": amount, "tone": tone, "words": words} for amount, tone, words in parts if amount
    ]


def _page(request: ActorRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    actor = request.actor
    known = queries.insurance(actor, actor.sure_id)
    weeks = first_weeks(actor, actor.sure_id, known=known)
    context = {
        "tab": "me",
        "known": known,
        "told": known.benefits,
        "weeks": weeks,
        "bars": [
            (
                bar,
                _parts(bar, weeks.taken(bar)) if weeks and bar.money and not bar.family else None,
                float(bar.total),
            )
            for bar in (known.benefits.bars if known.benefits else ())
        ],
        "readers": [_("you"), _("admissions"), _("billing")],
    }
    return render(request, "portal/money/page.html", context | given, status=status)
