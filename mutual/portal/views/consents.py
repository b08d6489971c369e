"""Consents: each read, signed and taken back alone; optional ones say so (P-16, P-21, P-24)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from mutual.base.documents import pdf_response, render_pdf
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import couple_of
from mutual.people.models import Person
from mutual.portal.gate import private
from mutual.privacy import actions, queries
from mutual.privacy import forms as consent_forms
from mutual.wall.web import ActorRequest

PAPER = """
= #data.title
#facts(data.facts)
#for part in data.parts [ #par(part) ]
== #data.back_title
#par(data.back)
== #data.sign_title
#facts(data.signed)
"""


def _lines(request: ActorRequest) -> list[queries.ConsentLine]:
    couple = couple_of(request.actor.sure_id)
    return queries.my_consents(request.actor, couple.id if couple else None)


@private
def listing(request: ActorRequest) -> HttpResponse:
    """All consents with their state; needed ones first, optional ones apart."""
    lines = _lines(request)
    context = {
        "tab": "me",
        "needed": [line for line in lines if not line.form.optional],
        "optional": [line for line in lines if line.form.optional],
    }
    return render(request, "portal/me/consents.html", context)


@private
def one(request: ActorRequest, code: str) -> HttpResponse:
    """One consent: its words, what it opens, and signing, declining or taking it back."""
    line = next((line for line in _lines(request) if line.form.code == code), None)
    if line is None:
        raise NotThere
    error = ""
    if request.method == "POST":
        try:
            return _decide(request, line.form)
        except Refused as refusal:
            error = refusal.text
    person = Person.objects.get(id=request.actor.sure_id)
    context = {
        "tab": "me",
        "line": line,
        "form": line.form,
        "opens": queries.opens(code),
        "licences": queries.licence_lines(request.actor) if code == "tele" else (),
        "person": person,
        "error": error,
    }
    return render(request, "portal/me/consent.html", context, status=200)


def _decide(request: ActorRequest, form: consent_forms.Form) -> HttpResponse:
    what = request.POST.get("do", "")
    if what == "sign":
        details = queries.licence_lines(request.actor) if form.code == "tele" else ()
        actions.sign_consent(
            request.actor, form.code, request.POST.get("signature", ""), details=details
        )
        messages.success(request, gettext("Signed."))
    elif what == "decline":
        actions.decline(request.actor, form.code)
        messages.success(request, gettext("Noted. Nothing else changes."))
    elif what == "revoke":
        actions.revoke(request.actor, form.code)
        messages.success(request, gettext("Taken back, from now on."))
    return redirect("portal-consents")


@private
def copy(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A copy of what one signed, as a document with a neutral name (P-51)."""
    consent = queries.my_consent(request.actor, public_id)
    person = Person.objects.get(id=request.actor.sure_id)
    if consent.expires_on:
        ends = date_format(consent.expires_on)
    else:
        ends = consent.expiry_event
    signed = [
        [gettext("Name"), consent.signed_name],
        [gettext("Date"), date_format(timezone.localdate(consent.signed_at))],
    ]
    if consent.revoked_at:
        signed.append([gettext("Taken back"), date_format(timezone.localdate(consent.revoked_at))])
    data = {
        "lang": consent.language,
        "title": str(consent_forms.title_of(consent.code)),
        "facts": [
            [gettext("Whose"), str(person)],
            [gettext("Who tells"), consent.discloser],
            [gettext("Who may hear it"), consent.recipient],
            [gettext("What"), consent.description],
            [gettext("What for"), consent.purpose],
            [gettext("Until"), ends],
        ],
        "parts": consent.words.split("\n\n"),
        "back_title": gettext("Taking it back"),
        "back": consent.revocation,
        "sign_title": gettext("Signed"),
        "signed": signed,
    }
    return pdf_response(render_pdf(PAPER, data))
