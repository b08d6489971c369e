"""When every key is lost: asking for help, stopping it, and the way in a day later (P-85)."""

from __future__ import annotations

from contextlib import suppress

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mutual.base.refusal import NotThere, Refused
from mutual.people.adapter import network
from mutual.portal.views.account import page
from mutual.portal.views.accounts import BACKEND, refused
from mutual.privacy import recovery
from mutual.wall.web import ActorRequest


class AskForm(forms.Form):
    """The address one signs in with."""

    email = forms.EmailField(
        label=gettext_lazy("The address you sign in with"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """Ask for help; the answer is the same for every address (P-32)."""
    form = AskForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        recovery.ask(form.cleaned_data["email"], network(request))
    return render(request, "portal/accounts/recover.html", {"form": form, "asked": asked})


class EnterForm(AskForm):
    """What was read out, and a password of one's own."""

    words = forms.CharField(
        label=gettext_lazy("The twelve digits you wrote down on the call"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    password = forms.CharField(
        label=gettext_lazy("A new password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters. Three or four words are good."),
    )


@never_cache
@sensitive_post_parameters("words", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActorRequest) -> HttpResponse:
    """A day later: the digits open the account, once; a new key is enrolled at once."""
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = recovery.enter(**form.cleaned_data, where=network(request))
        except Refused as refusal:
            refused(form, refusal)
        else:
            login(request, account, backend=BACKEND)
            record_authentication(
                request, account, method="password", email=account.email, reauthenticated=True
            )
            return redirect("/account/enrol/")
    status = 422 if form.errors else 200
    return render(request, "portal/accounts/renew.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: ActorRequest) -> HttpResponse:
    """A renewal of one's own account waits: from any session it can be stopped (P-85)."""
    if request.actor.id is None:
        return redirect("account_login")
    if request.method == "POST":
        with suppress(NotThere):
            recovery.stop(request.actor)
        request.session.pop(recovery.FLAG, None)
        messages.success(request, _("Stopped. Nothing changes. Call us if you are worried."))
        return redirect("/staff/" if request.actor.is_staff else "/today/")
    return page(request, "waiting", {"renewal": recovery.own(request.actor)})
