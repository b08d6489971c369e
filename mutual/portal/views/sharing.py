"""Sharing: what opens to whom, per kind; what may go outside (P-16, P-25, P-27)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.people.models import Person
from mutual.portal.gate import private
from mutual.portal.views.accounts import refused
from mutual.privacy import accounting, actions, forms_outside, queries, sharing
from mutual.privacy import forms as consent_forms
from mutual.privacy.words import KIND_WORDS
from mutual.record import signing
from mutual.wall.web import ActorRequest

KIND_CHOICES = [(k, KIND_WORDS[k]) for k in forms_outside.OUTSIDE_KINDS]


class RecipientForm(forms.Form):
    """Who gets what, until when; asked of the person alone."""

    recipient = forms.CharField(label=_("Who may get it"), max_length=200)
    reach = forms.CharField(label=_("Their address, fax or mailbox"), max_length=300)
    kinds = forms.MultipleChoiceField(
        label=_("What may go"), choices=KIND_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("Within a year."),
        widget=DayInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            if name != "kinds":
                one.widget.attrs["autocomplete"] = "off"


class OutsideForm(RecipientForm):
    """A copy for somebody outside."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=list(forms_outside.PURPOSES.items()),
        widget=forms.RadioSelect,
    )
    detail = forms.CharField(label=_("In your own words"), max_length=120, required=False)
    field_order = ("recipient", "reach", "purpose", "detail", "kinds", "until")


class ProceedingForm(RecipientForm):
    """Use in a proceeding: a paper of its own (P-20)."""

    proceeding = forms.CharField(label=_("Which proceeding"), max_length=200)
    field_order = ("proceeding", "recipient", "reach", "kinds", "until")


@private
def hub(request: ActorRequest) -> HttpResponse:
    """Everything one could open, by reader, and to whom copies may go."""
    offers = {offer.code for offer in signing.my_offers(request.actor)}
    waiting = [f for f in consent_forms.families() if f.code in offers]
    context = {
        "tab": "me",
        "groups": sharing.by_reader(request.actor),
        "offers": [(f, consent_forms.address(f.code)) for f in waiting],
        "papers": [(c, c.revoked_at is not None) for c in sharing.outside(request.actor)],
        "today": timezone.localdate(),
    }
    return render(request, "portal/sharing/hub.html", context)


@private
def outside(request: ActorRequest) -> HttpResponse:
    """A new consent to somebody outside."""

    def make(given: dict[str, Any], today: date) -> consent_forms.Form:
        return forms_outside.external(
            given["recipient"], given["reach"], given["kinds"], given["purpose"], given["until"],
            today=today, detail=given["detail"],
        )  # fmt: skip

    return _new(request, OutsideForm(request.POST or None), make, "outside")


@private
def proceeding(request: ActorRequest) -> HttpResponse:
    """A new consent to a use in a proceeding, by itself (P-20)."""

    def make(given: dict[str, Any], today: date) -> consent_forms.Form:
        return forms_outside.legal(
            given["recipient"], given["reach"], given["kinds"], given["proceeding"],
            given["until"], today=today,
        )  # fmt: skip

    return _new(request, ProceedingForm(request.POST or None), make, "proceeding")


def _new(request: ActorRequest, form: RecipientForm, make: Any, which: str) -> HttpResponse:
    """Filled in, read as a whole, then signed; nothing is kept before the signature."""
    made: consent_forms.Form | None = None
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = make(form.cleaned_data, timezone.localdate())
            if request.POST.get("do") == "sign":
                actions.sign_form(request.actor, made, request.POST.get("signature", ""))
                messages.success(request, gettext("Signed."))
                return redirect("portal-sharing")
        except Refused as refusal:
            if refusal.field == "signature":
                error = refusal.text
            else:
                made = None
                refused(form, refusal)
    context = {
        "tab": "me",
        "form": form,
        "made": made if request.POST.get("do") in ("read", "sign") else None,
        "which": which,
        "error": error,
        "person": Person.objects.get(id=request.actor.sure_id),
        "preview": sharing.preview(request.actor, made) if made else None,
    }
    return render(request, "portal/sharing/new.html", context)


@private
def paper(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One consent to somebody outside: its words, what was sent under it, taking it back."""
    consent = queries.my_consent(request.actor, public_id)
    if request.method == "POST" and request.POST.get("do") == "revoke":
        actions.revoke(request.actor, consent.code)
        messages.success(request, gettext("Taken back, from now on."))
        return redirect("portal-sharing")
    context = {
        "tab": "me",
        "consent": consent,
        "title": consent_forms.title_of(consent.code),
        "parts": consent.words.split("\n\n"),
        "relied": accounting.in_reliance(request.actor, consent),
        "over": consent.expires_on is not None and consent.expires_on < timezone.localdate(),
    }
    return render(request, "portal/sharing/paper.html", context)
