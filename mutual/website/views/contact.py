"""The form that asks us: short, works without script, answers everybody alike (P-32)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from mutual.base.refusal import Refused
from mutual.base.states import STATES
from mutual.episode.inquiry import receive_inquiry
from mutual.episode.models import Inquiry
from mutual.website import limits


class InquiryForm(forms.Form):
    """One partner's question; nothing is asked about the other."""

    error_css_class = "wrong"

    name = forms.CharField(
        label=_("What may we call you?"),
        help_text=_("A first name or any name you like."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    safe_route = forms.ChoiceField(
        label=_("How may we reach you?"),
        help_text=_("Choose a way that only you read or hear."),
        choices=Inquiry._meta.get_field("safe_route").choices or (),
        widget=forms.RadioSelect,
    )
    reach = forms.CharField(
        label=_("The number or the email address"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    safe_hours = forms.CharField(
        label=_("When is a good time?"),
        help_text=_("For instance: weekdays from 12 to 1. We write or call at no other time."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("Which state are you in?"),
        help_text=_("Our clinicians need a licence where you are."),
        choices=[("", _("Choose your state")), *STATES],
    )
    question = forms.CharField(
        label=_("What would you like to ask or tell us?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 4}),
    )
    couple_word = forms.CharField(
        label=_("A word you and your partner share"),
        help_text=_(
            "Will your partner write to us too? Agree on any word and both type it here. It lets"
            " our staff see that you belong together. Leave it empty if you write on your own."
        ),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    source = forms.ChoiceField(
        label=_("How did you find us?"),
        required=False,
        choices=[("", _("Rather not say")), *(Inquiry._meta.get_field("source").choices or ())],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form; keep what was typed when something is missing."""
    form = InquiryForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if not limits.may_write(request):
                form.add_error(None, limits.words())
                status = 429
            else:
                try:
                    receive_inquiry(language=get_language() or "en", **form.cleaned_data)
                except Refused as refusal:
                    form.add_error(refusal.field or None, refusal.text)
                else:
                    return redirect("website-thanks")
        if status == 200:
            status = 422
    # Who has a right to read it, in the words of the label beside the box (rules/privacy.md 1).
    readers = [_("our admissions team"), _("the programme’s director")]
    context: dict[str, Any] = {"tab": "contact", "form": form, "readers": readers}
    return render(request, "website/contact.html", context, status=status)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The same words for everybody, known to us or not (P-32)."""
    return render(request, "website/thanks.html", {"tab": "contact"})
