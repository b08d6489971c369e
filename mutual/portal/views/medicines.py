"""What the person takes and what tests said: one tile for everyone, behind the PIN (P-69)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutual.people.models import Person
from mutual.portal.gate import private
from mutual.privacy.readers import readers
from mutual.record import medicines, queries, toxicology
from mutual.wall.web import ActorRequest


@require_safe
@private
def page(request: ActorRequest) -> HttpResponse:
    """The own list and the own tests; a closed record looks like an empty one (C-76)."""
    person = Person.objects.visible_to(request.actor).sole(id=request.actor.sure_id)
    closed = queries.record_closed(request.actor)
    lines = [] if closed else medicines.medicines_of(request.actor, person)
    tests = [] if closed else toxicology.tests_of(request.actor, person)
    return render(
        request,
        "portal/record/medicines.html",
        {
            "tab": "me",
            "running": [line for line in lines if line.running],
            "ended": [line for line in lines if not line.running],
            "tests": [line for line in tests if line.specimen is not None],
            "kit": None if closed else medicines.naloxone_of(request.actor, person),
            "readers": readers("medication", _("you")),
        },
    )
