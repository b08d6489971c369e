"""*Me*: the same tiles for everyone, and who can see what about me (P-69)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mutual.people.lookups import couple_and_partner
from mutual.portal.gate import private
from mutual.privacy import sight
from mutual.wall.web import ActorRequest

#: Words, detail, icon, address: one list for all, used or not (P-69).
TILES = (
    (_("Check-ins"), _("How your days were"), "heart-pulse", "/me/check-ins/"),
    (_("Journal"), _("For your own eyes alone"), "book-open", "/me/pages/"),
    (_("Forms"), _("Open forms and your totals"), "clipboard-list", "/me/forms/"),
    (_("Plan"), _("Your own goals and steps"), "target", "/me/plan/"),
    (_("Notes"), _("What was written about your care"), "file-text", "/me/notes/"),
    (_("My plan"), _("For hard hours: what helps, whom to call"), "life-buoy", "/me/own/"),
    (
        _("Worksheets"),
        _("Questions, at your own pace"),
        "notebook-pen",
        "/me/sheets/",
    ),
    (
        _("Medicines and tests"),
        _("What you take, and what tests said"),
        "pill",
        "/me/daily/",
    ),
    (_("Money"), _("Coverage, bills and what is left"), "wallet", "/me/money/"),
    (_("Who can see what about me"), _("By name, and why"), "eye", "/me/who/"),
    (_("Who looked"), _("Who of the staff opened your record"), "search-check", "/me/looked/"),
    (_("Consents"), _("What you signed, and how to take it back"), "signature", "/me/consents/"),
    (_("How to reach me"), _("Safe ways, address, emergency contact"), "phone", "/me/contact/"),
    (_("Hours"), _("Attended and written down, week by week"), "clock", "/me/hours/"),
    (_("Calendar feed"), _("Your busy times elsewhere"), "calendar-days", "/week/calendar/"),
    (_("Reminders"), _("When you hear of a session"), "bell", "/week/reminders/"),
    (_("If we part"), _("What happens, and how to be safe"), "split", "/me/changes/"),
    (_("Sign-in and devices"), _("Passkeys, codes, open sessions"), "key-round", "/account/"),
)


@private
def tiles(request: ActorRequest) -> HttpResponse:
    """The tiles; no count, badge or date on any of them (P-48, P-69)."""
    return render(request, "portal/me/tiles.html", {"tab": "me", "tiles": TILES})


@private
def who(request: ActorRequest) -> HttpResponse:
    """Who can see what about me: the declaration, today's relations, my consents (P-1)."""
    couple_id, partner_id = couple_and_partner(request.actor.sure_id)
    found = sight.page(request.actor, couple_id, partner_id)
    return render(request, "portal/me/who.html", {"tab": "me", "page": found})
