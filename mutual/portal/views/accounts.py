"""From a private link to an account, a second factor and a PIN; each person alone (P-82)."""

from __future__ import annotations

import time
from zoneinfo import available_timezones

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions import accept_invitation, find_invitation, note_address_taken
from mutual.people import joining
from mutual.people.actions import check_pin, set_pin
from mutual.people.models import Account
from mutual.people.second_factor import has_factor
from mutual.portal.gate import PIN_SECONDS
from mutual.wall.web import ActorRequest

BACKEND = "mutual.people.backend.Backend"


def refused(form: forms.Form, refusal: Refused) -> None:
    """Show a refusal in the form, at its field if it names one."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)


def _account(request: ActorRequest) -> Account:
    if not isinstance(request.user, Account):
        raise NotThere
    return request.user


def home(request: ActorRequest) -> HttpResponse:
    """Each to their own first page; a person sets the PIN on the way."""
    if request.actor.kind == "nobody":
        return redirect("/account/login/")
    if request.actor.is_staff:
        return redirect("/staff/")
    return redirect("/today/" if _account(request).pin_hash else "/pin/?next=/today/")


class WelcomeForm(forms.Form):
    """Who one is, and an address and password of one's own."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=DayInput,
    )
    email = forms.EmailField(
        label=_("An email address that only you read"),
        help_text=_("Not one you share. We send a short code there."),
    )
    password = forms.CharField(
        label=_("A password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Three or four words are good."),
    )
    zone = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(
        label=_("The code from the mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@never_cache
@sensitive_post_parameters("password", "code")
def welcome(request: ActorRequest, token: str) -> HttpResponse:
    """Take up a private link: details, then the code, then signed in to enrol (F-19, P-32)."""
    invitation = find_invitation(token)
    waiting = joining.pending(request.session, token)
    if request.method == "POST" and "code" in request.POST:
        form: forms.Form = CodeForm(request.POST)
        if form.is_valid():
            try:
                return _join(request, token, form.cleaned_data["code"])
            except Refused as refusal:
                refused(form, refusal)
        return render(request, "portal/accounts/code.html", {"form": form})
    if request.method == "POST":
        form = WelcomeForm(request.POST)
        if form.is_valid():
            typed = {
                name: str(form.cleaned_data[name] or "")
                for name in ("given_name", "family_name", "birth_date", "email", "zone")
            }
            try:
                if not joining.begin(request.session, token, typed, form.cleaned_data["password"]):
                    note_address_taken(token)
                return redirect(request.path)
            except Refused as refusal:
                refused(form, refusal)
        return render(request, "portal/accounts/welcome.html", {"form": form})
    if waiting is not None and "again" not in request.GET:
        return render(
            request, "portal/accounts/code.html", {"form": CodeForm(), "email": waiting["email"]}
        )
    form = WelcomeForm(initial={"given_name": invitation.inquiry.name, "email": invitation.email})
    return render(request, "portal/accounts/welcome.html", {"form": form})


def _join(request: ActorRequest, token: str, code: str) -> HttpResponse:
    typed = joining.confirm(request.session, token, code)
    born = forms.DateField(required=False).clean(typed["birth_date"])
    zone = typed["zone"] if typed["zone"] in available_timezones() else "America/Chicago"
    account = accept_invitation(
        token,
        email=typed["email"],
        password_hash=typed["password"],
        given_name=typed["given_name"],
        family_name=typed["family_name"],
        birth_date=born,
        zone=zone,
    )
    joining.done(request.session)
    login(request, account, backend=BACKEND)
    # The code from their own mailbox was typed a moment ago: no second question before the key.
    record_authentication(
        request, account, method="password", email=account.email, reauthenticated=True
    )
    return redirect("/account/enrol/")


class EnrolForm(forms.Form):
    """Whether the device at hand is one's own alone (P-83)."""

    shared = forms.ChoiceField(
        label=_("Does someone else use this phone or computer, or its cloud account?"),
        choices=[
            ("no", _("No, only I")),
            ("yes", _("Yes")),
            ("unsure", _("I'm not sure")),
        ],
        widget=forms.RadioSelect,
    )


@never_cache
def enrol(request: ActorRequest) -> HttpResponse:
    """Choose a second factor that nobody else can use (P-83); staff: a passkey (P-86)."""
    if request.actor.kind == "nobody":
        return redirect("/account/login/")
    account = _account(request)
    if request.actor.is_staff:
        done = has_factor(account)
        return render(request, "portal/accounts/enrol.html", {"staff": True, "done": done})
    form = EnrolForm(request.POST or None)
    shared = ""
    if request.method == "POST" and form.is_valid():
        shared = form.cleaned_data["shared"]
    context = {"form": form, "shared": shared, "done": has_factor(account)}
    return render(request, "portal/accounts/enrol.html", context)


class PinForm(forms.Form):
    """The PIN of the private area."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class NewPinForm(PinForm):
    """A new PIN, typed twice."""

    again = forms.CharField(
        label=_("The same PIN again"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def next_page(request: HttpRequest) -> str:
    """Where to go on to: an address of ours, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/today/"
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and wanted.startswith("/") else "/today/"


@never_cache
@sensitive_post_parameters("pin", "again")
def pin(request: ActorRequest) -> HttpResponse:
    """Set the PIN once, enter it after; also the screen after a quick exit (P-66, P-68)."""
    if request.actor.kind == "nobody":
        return redirect("/account/login/")
    if not request.actor.is_person:
        raise NotThere
    account = _account(request)
    if not account.pin_hash and request.session.get("locked"):
        # Locked before there was a PIN: only a full sign-in opens it again.
        logout(request)
        return redirect("/account/login/")
    new = not account.pin_hash or (
        "change" in request.GET and request.session.get("pin_until", 0) > time.time()
    )
    form = (NewPinForm if new else PinForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if new:
                set_pin(account, form.cleaned_data["pin"], form.cleaned_data["again"])
                opened = True
            else:
                opened = check_pin(account, form.cleaned_data["pin"])
            if opened:
                request.session["pin_until"] = time.time() + PIN_SECONDS
                request.session.pop("locked", None)
                return redirect(next_page(request))
            form.add_error("pin", _("This PIN does not fit."))
        except Refused as refusal:
            refused(form, refusal)
    context = {"form": form, "new": new, "next": next_page(request)}
    return render(request, "portal/accounts/pin.html", context)
