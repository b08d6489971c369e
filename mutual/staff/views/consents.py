"""Consents where staff have a part: the programme's setting, paper, the session (P-12, P-25)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.refusal import Refused
from mutual.people.lookups import partners, shown_names
from mutual.people.models import Couple
from mutual.people.recheck import rechecked_to_send
from mutual.privacy import actions, joint, queries
from mutual.privacy import forms as consent_forms
from mutual.privacy.models import Consent, ReleaseOffer
from mutual.record import signing
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest

SETTINGS = [
    ("share_at_discretion", _("The therapist may bring it into the shared session (no secrets)")),
    ("hold_with_limits", _("The therapist keeps it, within limits")),
    ("no_solo_contact", _("The therapist speaks with both together only")),
]


class SettingForm(forms.Form):
    """The setting."""

    value = forms.ChoiceField(
        label=_("Words said to the couples therapist alone"),
        choices=SETTINGS,
        widget=forms.RadioSelect,
    )


class EndForm(forms.Form):
    """End an agreement of both for one couple."""

    couple = forms.ModelChoiceField(
        label=_("Couple"), queryset=Couple.objects.none(), to_field_name="public_id"
    )
    code = forms.ChoiceField(
        label=_("Which"),
        choices=[
            ("cj", _("Both read the notes of shared sessions")),
            ("team", _("Both counselors read the notes of shared sessions")),
            ("confidences", _("What is told to the couples therapist alone")),
        ],
    )
    why = forms.CharField(label=_("Reason, for the record"), max_length=300)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        rows = Couple.objects.filter(ended_on__isnull=True).order_by("number")
        named = partners([c.id for c in rows])
        field: Any = self.fields["couple"]
        field.queryset = rows
        field.choices = [("", "–")] + [
            (str(c.public_id), " & ".join(p.name for p in named.get(c.id, []))) for c in rows
        ]


@staff_only("director")
@rechecked_to_send
def setting(request: ActorRequest) -> HttpResponse:
    """The programme's confidences setting and its version; ending an agreement of both."""
    value, version = consent_forms.setting_now()
    do = request.POST.get("do", "")
    form = SettingForm(request.POST if do == "set" else None, initial={"value": value})
    ending = EndForm(request.POST if do == "end" else None)
    if request.method == "POST":
        try:
            if do == "set" and form.is_valid():
                joint.choose_setting(request.actor, form.cleaned_data["value"])
                messages.success(request, gettext("In force. Each partner signs the new words."))
                return redirect("staff-confidences")
            if do == "end" and ending.is_valid():
                given = ending.cleaned_data
                joint.end_joint(request.actor, given["couple"], given["code"], given["why"])
                messages.success(request, gettext("Ended for both, and nobody is named."))
                return redirect("staff-confidences")
        except Refused as refusal:
            show_refusal(form if do == "set" else ending, refusal)
    context = {
        "rail": "programme",
        "form": form,
        "ending": ending,
        "version": version,
        "paragraphs": consent_forms.confidences().paragraphs,
    }
    return render(request, "staff/consents/setting.html", context)


@staff_only()
def paper(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write down that a consent was taken back on paper, or found to be false (P-21, P-23)."""
    consent = Consent.objects.visible_to(request.actor).sole(public_id=public_id)
    if request.method == "POST":
        why = "false" if request.POST.get("do") == "false" else ""
        actions.revoke_on_paper(request.actor, public_id, why=why)
        messages.success(request, gettext("Ended, from now on."))
        return redirect("staff-consent-paper", public_id)
    context = {
        "rail": "privacy" if request.actor.has("privacy_officer") else "couples",
        "consent": consent,
        "title": consent_forms.title_of(consent.code),
    }
    return render(request, "staff/consents/paper.html", context)


@staff_only()
@rechecked_to_send
def offer(request: ActorRequest, session: UUID) -> HttpResponse:
    """In a running own session the counselor opens a release for the person (P-25)."""
    found = signing.running_own_session(request.actor, session)
    if request.method == "POST":
        form = consent_forms.by_address(request.POST.get("form", ""), consent_forms.families())
        try:
            signing.offer_release(request.actor, session, form.code if form else "")
            messages.success(request, gettext("Open. It stands on their own page under Sharing."))
        except Refused as refusal:
            messages.warning(request, refusal.text)
        return redirect("staff-sharing-offer", session)
    opened = set(ReleaseOffer.objects.filter(session_id=found.id).values_list("code", flat=True))
    name = shown_names([found.subject_id]).get(found.subject_id, ("", ""))[0]
    rows = [
        (f, consent_forms.address(f.code), f.code in opened, queries.opens(f.code))
        for f in consent_forms.families()
        if f.to_partner
    ]
    context = {"rail": "today", "rows": rows, "name": name, "session": session}
    return render(request, "staff/consents/offer.html", context)
