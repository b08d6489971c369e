"""*If we part*: what happens, how to be safe, one button; the same page for all (P-69, P-71)."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutual.base.refusal import NotThere
from mutual.portal.crisis import plan_href
from mutual.portal.gate import private
from mutual.privacy.separation import separate
from mutual.wall.web import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
@private
def page(request: ActorRequest) -> HttpResponse:
    """What happens before anything does; then it is done at once, and says no more than that."""
    missing = False
    if request.method == "POST":
        if request.POST.get("sure") == "yes":
            # Without a couple there is nothing to end; the answer is the same.
            with suppress(NotThere):
                separate(request.actor)
            messages.success(request, _("Done. Your counselor will speak with you, in your way."))
            return redirect("portal-me")
        missing = True
    context = {"tab": "me", "missing": missing, "plan_href": plan_href()}
    return render(request, "portal/parting/page.html", context, status=422 if missing else 200)
