"""The own journal, behind the PIN: one tile for everyone, used or not (P-69)."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutual.base import typed
from mutual.base.refusal import Refused
from mutual.daily import journal
from mutual.portal.gate import private
from mutual.wall.web import ActorRequest


class PageForm(forms.Form):
    """A page."""

    use_required_attribute = False
    text = forms.CharField(
        label=gettext_lazy("For my own eyes"),
        strip=False,
        max_length=journal.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write a few words first.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def pages(request: ActorRequest) -> HttpResponse:
    """The pages so far, and a new one."""
    form = PageForm(request.POST or None, initial={"key": uuid4(), "version": 0})
    if request.method == "POST" and _kept(request, form):
        return redirect("portal-journal")
    found, older = journal.entries(request.actor, typed.day(request.GET.get("before", "")))
    context = {"tab": "me", "entries": found, "older": older, "form": form, "readers": [_("you")]}
    return render(request, "portal/journal/pages.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One page: read it, change it, throw it away."""
    found = journal.entry(request.actor, public_id)
    if request.method == "POST" and request.POST.get("do") == "throw":
        journal.throw_away(request.actor, public_id)
        messages.success(request, _("It is gone."))
        return redirect("portal-journal")
    first = {"text": found.text, "key": found.public_id, "version": found.version}
    form = PageForm(request.POST or None, initial=first)
    if request.method == "POST" and _kept(request, form, public_id):
        return redirect("portal-journal")
    context = {"tab": "me", "entry": found, "form": form, "readers": [_("you")]}
    return render(request, "portal/journal/page.html", context, status=422 if form.errors else 200)


def _kept(request: ActorRequest, form: PageForm, public_id: UUID | None = None) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        journal.write(
            request.actor,
            said["text"],
            public_id=public_id or said["key"],
            version=said["version"] or 0,
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.text)
        return False
    messages.success(request, _("Kept."))
    return True
