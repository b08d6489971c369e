"""The couples therapist ends a couple, and later says that both have been told (P-71)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutual.base.refusal import NotThere
from mutual.people.lookups import partners
from mutual.people.models import Couple
from mutual.privacy.separation import separate, task_words, told
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("couples_therapist", "director")
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What happens, the words to say, and one button."""
    actor = request.actor
    couple = Couple.objects.visible_to(actor).sole(public_id=public_id)
    if request.method == "POST":
        if request.POST.get("what") == "told":
            told(actor, couple)
            messages.success(request, _("Closed. Both have been told."))
        elif request.POST.get("what") == "part":
            separate(actor, couple)
            messages.success(request, _("Done. Speak with both, apart, within a day."))
        else:
            raise NotThere
        return redirect("staff-parting", public_id)
    names = [p.name for p in partners([couple.id]).get(couple.id, [])]
    return render(
        request,
        "staff/parting/page.html",
        {"rail": "couples", "couple": couple, "names": names, "words": task_words()},
    )
