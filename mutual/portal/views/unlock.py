"""The screen of a session that was idle: one way to open it, and nothing of whose it is (P-84)."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mutual.base.refusal import NotThere, Refused
from mutual.people import idle, unlocking
from mutual.people.models import Account
from mutual.portal.gate import PIN_SECONDS
from mutual.portal.views.accounts import next_page
from mutual.wall.web import ActorRequest

_FIRST = {"person": "/today/", "staff": "/staff/"}


class PinForm(forms.Form):
    """The PIN of the private area."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PasswordForm(forms.Form):
    """The password, where there is neither a PIN nor a passkey."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class KeyForm(forms.Form):
    """What a passkey answered; a script fills it in."""

    credential = forms.JSONField(widget=forms.HiddenInput)


FORMS: dict[str, type[forms.Form]] = {
    "pin": PinForm,
    "password": PasswordForm,
    "passkey": KeyForm,
}


# Locking harms nobody, and a token gone stale must not keep the page open.
@csrf_exempt
@never_cache
@require_POST
def lock(request: ActorRequest) -> HttpResponse:
    """A page was idle: lock this browser; answers with the way that opens it."""
    if request.actor.id is not None:
        idle.lock(request)
    account = request.user
    if not isinstance(account, Account) or not idle.is_locked(request):
        return JsonResponse({"way": ""})
    return JsonResponse({"way": unlocking.way(account)})


@csrf_exempt
@require_POST
def alive(request: ActorRequest) -> HttpResponse:
    """Somebody types in a page that asks nothing else of the server: that is activity (P-84)."""
    return HttpResponse(status=204 if request.actor.id is not None else idle.LOCKED)


@never_cache
@sensitive_post_parameters("pin", "password", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: ActorRequest) -> HttpResponse:
    """Open the screen again; for the script of a page as JSON."""
    json_wanted = "json" in request.headers.get("accept", "")
    account = request.user
    if not isinstance(account, Account) or not idle.is_locked(request):
        if json_wanted:
            return JsonResponse({"open": request.actor.id is not None})
        return redirect(next_page(request) if request.actor.id is not None else "account_login")
    way = unlocking.way(account)
    if request.method != "POST" and json_wanted:
        ask = unlocking.options(account) if way == "passkey" else {}
        return JsonResponse({"open": False, "way": way, "options": ask})
    form = FORMS[way](request.POST or None)
    status = 200
    if request.method == "POST":
        words = _try(request, account, form)
        if words is None:
            return JsonResponse({"open": True}) if json_wanted else redirect(_where(request))
        status = 422
        if json_wanted:
            return JsonResponse({"open": False, "words": words}, status=status)
    context: dict[str, Any] = {"form": form, "way": way, "next": next_page(request)}
    if way == "passkey":
        context["js_data"] = {"request_options": unlocking.options(account)}
    context["kept"] = idle.read_kept(request) is not None
    return render(request, "portal/accounts/unlock.html", context, status=status)


def _try(request: HttpRequest, account: Account, form: forms.Form) -> str | None:
    """Try what was given; ``None`` when it opened, else what to say."""
    if not form.is_valid():
        return str(_("Give it once more."))
    try:
        unlocking.opens(account, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
        return refusal.text
    idle.unlock(request, account)
    if "pin" in form.cleaned_data:
        request.session["pin_until"] = time.time() + PIN_SECONDS
    return None


def _where(request: HttpRequest) -> str:
    return "portal-kept" if idle.read_kept(request) is not None else next_page(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: ActorRequest) -> HttpResponse:
    """A form that was sent while locked: send it now, or let it go. Nothing of it is shown."""
    account = request.user
    found = idle.read_kept(request)
    if request.actor.id is None or not isinstance(account, Account):
        return redirect("account_login")
    first = _FIRST[account.actor_kind]
    if found is None or request.method == "POST":
        idle.drop_kept(request)
        return redirect(first)
    context = {"path": found["path"], "fields": found["fields"]}
    return render(request, "portal/accounts/kept.html", context)


class ForgottenForm(forms.Form):
    """Two things of one's own: what one knows, and a paper code."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("One of your paper codes"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: ActorRequest) -> HttpResponse:
    """A PIN that was forgotten: a new one by password and paper code, else with our help (P-68)."""
    account = request.user
    if not isinstance(account, Account):
        return redirect("account_login")
    if account.actor_kind != "person":
        raise NotThere
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            unlocking.forgot_pin(account, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            if idle.is_locked(request):
                idle.unlock(request, account)
            request.session.pop("locked", None)
            return redirect("/pin/?next=/me/")
    return render(
        request,
        "portal/accounts/forgotten.html",
        {"form": form},
        status=422 if form.errors else 200,
    )
