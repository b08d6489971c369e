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
from mutual.privacy import accounting, actions, queries, sharing
from mutual.privacy import forms as consent_forms
from mutual.record import signing
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
    fixed = [f for f in consent_forms.offered() if ":" not in f.code]
    return queries.my_consents(request.actor, couple.id if couple else None, fixed)


@private
def listing(request: ActorRequest) -> HttpResponse:
    """All consents with their state; needed ones first, optional ones apart."""
    lines = _lines(request)
    context = {
        "tab": "me",
        "needed": [line for line in lines if not line.form.optional],
        "optional": [line for line in lines if line.form.optional and not line.form.alone],
        "alone": [line for line in lines if line.form.alone],
    }
    return render(request, "portal/me/consents.html", context)


@private
def one(request: ActorRequest, code: str) -> HttpResponse:
    """One consent: its words, what it would open, and signing, declining or taking it back.

    Found by its code where everybody has it alike, or by its silent address (P-52).
    """
    found = next((f for f in consent_forms.offered() if f.code == code), None)
    found = found or consent_forms.by_address(
        code, (*consent_forms.offered(), *consent_forms.families())
    )
    if found is None:
        raise NotThere
    couple = couple_of(request.actor.sure_id)
    line = queries.my_consents(request.actor, couple.id if couple else None, [found])[0]
    offered = not found.to_partner or any(
        o.code == found.code for o in signing.my_offers(request.actor)
    )
    if line.state != "given" and not offered:
        raise NotThere
    error = ""
    if request.method == "POST":
        try:
            return _decide(request, line.form)
        except Refused as refusal:
            error = refusal.text
    context = {
        "tab": "me",
        "line": line,
        "form": line.form,
        "preview": sharing.preview(request.actor, found),
        "relied": accounting.in_reliance(request.actor, line.consent) if line.consent else [],
        "pending": line.consent is not None
        and line.consent.starts_at is not None
        and line.consent.starts_at > timezone.now(),
        "licences": queries.licence_lines(request.actor) if found.code == "tele" else (),
        "person": Person.objects.get(id=request.actor.sure_id),
        "error": error,
        "back": "portal-sharing" if ":" in found.code else "portal-consents",
    }
    return render(request, "portal/me/consent.html", context, status=200)


def _decide(request: ActorRequest, form: consent_forms.Form) -> HttpResponse:
    what = request.POST.get("do", "")
    if what == "sign":
        details = queries.licence_lines(request.actor) if form.code == "tele" else ()
        signing.sign(request.actor, form.code, request.POST.get("signature", ""), details=details)
        messages.success(request, gettext("Signed."))
    elif what == "decline" and not form.to_partner:
        actions.decline(request.actor, form.code)
        messages.success(request, gettext("Noted. Nothing else changes."))
    elif what == "revoke":
        actions.revoke(request.actor, form.code)
        messages.success(request, gettext("Taken back, from now on."))
    return redirect("portal-sharing" if ":" in form.code else "portal-consents")


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
        [gettext("Version and language"), f"{consent.version}, {consent.language}"],
    ]
    if consent.starts_at:
        signed.append([gettext("Begins"), date_format(timezone.localdate(consent.starts_at))])
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
