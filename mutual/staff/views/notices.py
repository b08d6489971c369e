"""Notices that did not leave: tried again, or closed because the person was reached otherwise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mutual.privacy import sender
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

#: The sender's words for a failure, for people.
WHY = {
    "hours": _("Their safe hours can't be read: ask them."),
    "address": _("No address or number for the way they chose."),
    "unknown": _("It may have left: the sender stopped in the middle."),
    "no mail": _("The mail server did not take it."),
    "no sms": _("The gateway for text messages did not take it."),
}


@require_safe
@staff_only("director")
def page(request: ActorRequest) -> HttpResponse:
    """The list; empty on a good day."""
    rows = [(row, WHY.get(row.why, row.why)) for row in sender.failures(request.actor)]
    return render(request, "staff/notices/page.html", {"rail": "programme", "rows": rows})


@require_POST
@staff_only("director")
def settle(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Once more, or closed."""
    again = request.POST.get("what") == "again"
    sender.settle(request.actor, public_id, again=again)
    messages.success(
        request, gettext("It goes out again.") if again else gettext("Closed: reached otherwise.")
    )
    return redirect("staff-notices")
