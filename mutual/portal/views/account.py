"""One's own way in, for partners and staff: keys, paper codes, devices, address (P-83, P-84)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base.refusal import NotThere, Refused
from mutual.people import address, devices, factors
from mutual.people.models import Account
from mutual.people.recheck import rechecked
from mutual.portal.gate import private
from mutual.portal.views.accounts import CodeForm
from mutual.wall.web import ActorRequest

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def own(view: View[P]) -> View[P]:
    """A page of one's own account: a person's opens with the PIN, a staff member's does not."""
    with_pin = private(view)

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.is_staff:
            return view(request, *args, **kwargs)
        return with_pin(request, *args, **kwargs)

    return guarded


def account_of(request: ActorRequest) -> Account:
    """The account that is signed in.

    Raises:
        NotThere: for nobody.
    """
    if not isinstance(request.user, Account):
        raise NotThere
    return request.user


def page(
    request: ActorRequest, name: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page in the shell of whoever reads it."""
    shell = "shells/staff.html" if request.actor.is_staff else "shells/partner.html"
    mine = {"shell": shell, "tab": "me", "rail": "me", "staff": request.actor.is_staff}
    return render(request, f"portal/account/{name}.html", mine | context, status=status)


@own
@require_safe
def hub(request: ActorRequest) -> HttpResponse:
    """Where each of these is; the same for everyone (P-69)."""
    return page(request, "hub", {"email": account_of(request).email})


@own
@require_safe
def keys(request: ActorRequest) -> HttpResponse:
    """Passkeys, the code app, paper codes: what there is, since when, last used when."""
    found = factors.factors_of(account_of(request))
    return page(request, "keys", {"factors": found})


class NameForm(forms.Form):
    """What a key is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@own
@rechecked
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: ActorRequest, handle: str) -> HttpResponse:
    """One key: another name, or taken away; after a re-check (P-83)."""
    account = account_of(request)
    found = next((k for k in factors.factors_of(account).keys if k.handle == handle), None)
    if found is None:
        raise NotThere
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST":
        try:
            if request.POST.get("what") == "remove":
                factors.remove_key(request, account, handle)
                messages.success(request, _("Removed. It opens nothing any more."))
                return redirect("portal-keys")
            if form.is_valid():
                factors.rename_key(account, handle, form.cleaned_data["name"])
                return redirect("portal-keys")
        except Refused as refusal:
            form.is_valid()
            form.add_error(refusal.field or None, refusal.text)
    status = 422 if form.errors else 200
    return page(request, "key", {"form": form, "key": found}, status)


@own
@require_safe
def sessions(request: ActorRequest) -> HttpResponse:
    """Where one is signed in: this browser first, each can be ended (P-84)."""
    found = devices.open_sessions(account_of(request), request.session.session_key)
    return page(request, "sessions", {"sessions": found, "others": len(found) > 1})


@own
@require_POST
def end_sessions(request: ActorRequest) -> HttpResponse:
    """End one session, or all but this one: at once, with their open pages."""
    account = account_of(request)
    if request.POST.get("which") == "others":
        devices.end_others(account, request.session.session_key)
    else:
        handle = request.POST.get("which", "")
        if handle == devices.handle_of(request.session.session_key or ""):
            raise NotThere
        devices.end_one(account, handle)
    messages.success(request, _("Ended, with every page that was open there."))
    return redirect("portal-devices")


class AddressForm(forms.Form):
    """A new address."""

    email = forms.EmailField(
        label=gettext_lazy("A new address that only you read"),
        help_text=gettext_lazy("We send a short code there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@own
@rechecked
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: ActorRequest) -> HttpResponse:
    """Sign in with another address: after a re-check, by a code sent there (P-82)."""
    account = account_of(request)
    waiting = address.pending(request.session) and "again" not in request.GET
    form: forms.Form
    if request.method == "POST" and "code" in request.POST:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                address.confirm(request.session, account, form.cleaned_data["code"])
            except Refused as refusal:
                form.add_error("code", refusal.text)
            else:
                messages.success(request, _("Done. Sign in with the new address from now on."))
                return redirect("portal-account")
    elif request.method == "POST":
        form = AddressForm(request.POST)
        if form.is_valid():
            address.begin(request.session, form.cleaned_data["email"])
            return redirect("portal-address")
    else:
        form = CodeForm() if waiting else AddressForm()
    status = 422 if form.errors else 200
    return page(request, "address", {"form": form, "waiting": waiting}, status)


@require_safe
def by_number(request: ActorRequest, number: int, what: str) -> HttpResponse:
    """Keys are named by handles here, never counted: a number is no address (P-52)."""
    raise NotThere
