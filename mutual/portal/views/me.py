"""*Me*: the same tiles for everyone, who can see what, how to be reached (P-69, C-79)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.refusal import Refused
from mutual.people.actions import save_contact, save_shown_name
from mutual.people.lookups import couple_of
from mutual.people.models import ContactLocation, ShownName
from mutual.portal.gate import private
from mutual.portal.views.accounts import refused
from mutual.privacy import queries as privacy
from mutual.wall.web import ActorRequest

#: Words, detail, icon, address: one list for all, used or not (P-69).
TILES = (
    (_("Check-ins"), _("How your days were"), "heart-pulse", "/check-in/"),
    (_("Forms"), _("Open forms and your totals"), "clipboard-list", "/me/forms/"),
    (_("Plan"), _("Your own goals and steps"), "target", "/me/plan/"),
    (_("Notes"), _("What was written about your care"), "file-text", "/me/notes/"),
    (_("Money"), _("Coverage, bills and what is left"), "wallet", "/me/money/"),
    (_("Who can see what"), _("Every kind of record, by name"), "eye", "/me/who/"),
    (_("Consents"), _("What you signed, and how to take it back"), "signature", "/me/consents/"),
    (_("How to reach me"), _("Safe ways, address, emergency contact"), "phone", "/me/contact/"),
    (_("Hours and calendar"), _("Your week, and a feed for it"), "calendar-days", "/week/"),
    (_("Sign-in and devices"), _("Passkeys, codes, open sessions"), "key-round", "/account/2fa/"),
)


@private
def tiles(request: ActorRequest) -> HttpResponse:
    """The tiles; no count, badge or date on any of them (P-48, P-69)."""
    return render(request, "portal/me/tiles.html", {"tab": "me", "tiles": TILES})


@private
def who(request: ActorRequest) -> HttpResponse:
    """Who can see what, from the access table and today's relations (interface 2)."""
    couple = couple_of(request.actor.sure_id)
    sights = privacy.who_sees(request.actor, couple.id if couple else None)
    return render(request, "portal/me/who.html", {"tab": "me", "sights": sights})


class ContactForm(forms.Form):
    """Asked alone, of each (P-59, P-70)."""

    name = forms.CharField(label=_("The name we may show"), max_length=80)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    phone = forms.CharField(label=_("Your phone"), max_length=30)
    safe_route = forms.ChoiceField(
        label=_("A safe way to reach you"),
        choices=ContactLocation._meta.get_field("safe_route").choices or [],
        widget=forms.RadioSelect,
    )
    safe_hours = forms.CharField(label=_("Safe hours"), max_length=80, required=False)
    voicemail = forms.BooleanField(label=_("A message on voicemail is safe"), required=False)
    code_word = forms.CharField(
        label=_("Code word"),
        max_length=40,
        required=False,
        help_text=_("A harmless word that tells your counselor you can't speak freely."),
    )
    home_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    home_state = forms.CharField(label=_("State, two letters"), max_length=2, required=False)
    emergency_nobody = forms.BooleanField(
        label=_("Nobody. My counselor writes a plan with me."), required=False
    )
    emergency_name = forms.CharField(
        label=_("Emergency contact outside the couple"), max_length=120, required=False
    )
    emergency_phone = forms.CharField(label=_("Their phone"), max_length=30, required=False)
    emergency_is_partner = forms.BooleanField(label=_("This person is my partner"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


@private
def contact(request: ActorRequest) -> HttpResponse:
    """How to reach one and whom to call; read by those whom the label names (C-19, C-79)."""
    actor = request.actor
    row = ContactLocation.objects.visible_to(actor).sole(person_id=actor.sure_id)
    shown = ShownName.objects.get(person_id=actor.sure_id)
    home = row.places.get("home") or {}
    form = ContactForm(
        request.POST or None,
        initial={
            "name": shown.name,
            "pronouns": shown.pronouns,
            "home_address": home.get("address", ""),
            "home_state": home.get("state", ""),
            **{
                name: getattr(row, name)
                for name in (
                    "phone", "safe_route", "safe_hours", "voicemail", "code_word",
                    "emergency_name", "emergency_phone", "emergency_nobody",
                )
            },
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        name, pronouns = given.pop("name"), given.pop("pronouns")
        try:
            save_contact(actor, **given)
            save_shown_name(actor, name, pronouns)
            messages.success(request, gettext("Saved."))
            return redirect("portal-contact")
        except Refused as refusal:
            refused(form, refusal)
    context = {"tab": "me", "form": form, "readers": _readers(request, "contact_location")}
    return render(request, "portal/me/contact.html", context)


def _readers(request: ActorRequest, kind: str) -> list[str]:
    couple = couple_of(request.actor.sure_id)
    return privacy.readers_of(request.actor, kind, couple.id if couple else None)
