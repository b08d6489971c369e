"""*How to reach me*: way, address and hours that every sender obeys, and whom to call (C-19, C-79).

Asked alone, of each; nothing of it is copied from or to the partner (P-59, P-70).
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.forms import ClockInput
from mutual.base.refusal import Refused
from mutual.people.actions import save_contact, save_shown_name
from mutual.people.lookups import couple_of
from mutual.people.models import ContactLocation, ShownName
from mutual.portal.gate import private
from mutual.portal.views.accounts import refused
from mutual.privacy import sight
from mutual.wall.web import ActorRequest


class ContactForm(forms.Form):
    """Asked alone, of each (P-59, P-70)."""

    name = forms.CharField(label=_("The name we may show"), max_length=80)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    safe_route = forms.ChoiceField(
        label=_("A safe way to reach you"),
        choices=ContactLocation._meta.get_field("safe_route").choices or [],
        widget=forms.RadioSelect,
        help_text=_(
            "Whatever goes out takes this way and no other, and only says that you have an update:"
            " no name, no link. “Only inside Mutual”: nothing goes out."
        ),
    )
    phone = forms.CharField(label=_("Your phone"), max_length=30)
    safe_mail = forms.EmailField(
        label=_("A mailbox that only you read"),
        required=False,
        help_text=_("Left empty, we use the address you sign in with."),
    )
    safe_days = forms.ChoiceField(
        label=_("Safe days"),
        required=False,
        choices=[
            ("", _("As I write below")),
            *(ContactLocation._meta.get_field("safe_days").choices or []),
        ],
    )
    safe_from = forms.TimeField(label=_("Safe from"), required=False, widget=ClockInput)
    safe_to = forms.TimeField(
        label=_("Safe until"),
        required=False,
        widget=ClockInput,
        help_text=_("On your own clock. Outside these hours nothing goes out and nobody calls."),
    )
    safe_hours = forms.CharField(
        label=_("For who calls: more about your safe hours"), max_length=80, required=False
    )
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


#: Fields of the form that are columns of the row.
_COLUMNS = (
    "phone", "safe_route", "safe_mail", "safe_days", "safe_from", "safe_to", "safe_hours",
    "voicemail", "code_word", "emergency_name", "emergency_phone", "emergency_nobody",
)  # fmt: skip


@private
def contact(request: ActorRequest) -> HttpResponse:
    """How to reach one and whom to call; read by those whom the label names (C-19, C-79)."""
    actor = request.actor
    row = ContactLocation.objects.visible_to(actor).sole(person_id=actor.sure_id)
    named = ShownName.objects.get(person_id=actor.sure_id)
    home = row.places.get("home") or {}
    form = ContactForm(
        request.POST or None,
        initial={
            "name": named.name,
            "pronouns": named.pronouns,
            "home_address": home.get("address", ""),
            "home_state": home.get("state", ""),
            **{name: getattr(row, name) for name in _COLUMNS},
        },
    )
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
    couple = couple_of(actor.sure_id)
    readers = sight.readers_of(actor, "contact_location", couple.id if couple else None)
    return render(
        request, "portal/me/contact.html", {"tab": "me", "form": form, "readers": readers}
    )
