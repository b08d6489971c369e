"""The couples therapist ends a couple and says that both were told (P-71), or the work alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutual.base.refusal import NotThere
from mutual.episode.actions import end_couple_episode
from mutual.episode.queries import joint_work_runs
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
        elif request.POST.get("what") == "joint":
            end_couple_episode(actor, couple)
            messages.success(request, _("The joint work has ended. They stay a couple here."))
        else:
            raise NotThere
        return redirect("staff-parting", public_id)
    names = [p.name for p in partners([couple.id]).get(couple.id, [])]
    return render(
        request,
        "staff/parting/page.html",
        {
            "rail": "couples",
            "couple": couple,
            "names": names,
            "words": task_words(),
            "joint": actor.has("couples_therapist") and joint_work_runs(couple.id),
        },
    )
