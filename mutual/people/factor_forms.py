"""Forms of the second factor: slowed down where tries come from, and words for people (P-83)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    default_token_generator,
)
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.people.adapter import AccountAdapter, origin
from mutual.people.models import Account
from mutual.people.throttle import CODE, CODE_ALL, clear, go


def code_input() -> forms.TextInput:
    """Where a code is typed."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})


def may_try(request: HttpRequest, account: Account) -> tuple[str, ...]:
    """Count one try of a code of this account, where it comes from; returns its lane's parts.

    Raises:
        ValidationError: while it has to wait.
    """
    parts = (str(account.pk), *origin(request, account.email))
    if not go(CODE, *parts) or not go(CODE_ALL, str(account.pk)):
        raise ValidationError(_("Wait half a minute, then try once more."))
    return parts


class _Coded(forms.Form):
    user: Account

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from your app, or a paper code")
        self.fields["code"].widget = code_input()

    def clean_code(self) -> str:
        """The code, if it fits; slowed down by where it comes from."""
        from allauth.core import context

        parts = may_try(context.request, self.user)
        code: str = super().clean_code()  # type: ignore[misc]
        clear(CODE, *parts)
        return code


class CodeForm(_Coded, AuthenticateForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class RecheckForm(_Coded, ReauthenticateForm):  # type: ignore[misc]
    """The same person, once more, before something that matters."""


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password; how long this device keeps the session is asked in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "remember" in self.fields:
            kept = self.fields["remember"]
            kept.label = gettext_lazy("Keep me signed in here, for 12 hours at most")
            kept.help_text = gettext_lazy("Only where nobody else uses this device.")


class ChangeForm(ChangePasswordForm):  # type: ignore[misc]
    """A new password from inside: the page says once what is asked of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": gettext_lazy("Your password"),
            "password1": gettext_lazy("New password"),
            "password2": gettext_lazy("The same password again"),
        }
        for name, label in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, with a name by which its owner knows it again."""

    name = forms.CharField(
        label=gettext_lazy("Name it"),
        help_text=gettext_lazy("So that you know it again: my phone, the blue key."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    passwordless = forms.BooleanField(
        label=gettext_lazy("Sign in with it alone, without the password"),
        required=False,
        initial=True,
    )


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """A forgotten password: the same work for an address that is known and one that isn't."""

    def clean_email(self) -> str:
        """The address; nothing is said about it."""
        email: str = self.cleaned_data["email"].strip().lower()
        self.account = Account.objects.filter(email=email, is_active=True).first()
        return email

    def save(self, request: HttpRequest, **_more: Any) -> str:
        """Send the link, or the mail without one (P-32, P-85)."""
        email: str = self.cleaned_data["email"]
        account = self.account or Account(email=email)
        key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
        adapter = AccountAdapter(request)
        url = adapter.get_reset_password_from_key_url(key)
        context = {"user": self.account, "password_reset_url": url}
        adapter.send_mail("account/email/password_reset_key", email, context)
        return email


class CodedResetForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password: the mailbox alone is never enough, a code goes with it (P-85)."""

    code = forms.CharField(
        label=gettext_lazy("Code from your app, or a paper code"),
        max_length=20,
        widget=code_input(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("The same password again")

    def clean_code(self) -> str:
        """A code of this account's own app or paper."""
        from allauth.core import context

        code: str = "".join(self.cleaned_data["code"].split())
        parts = may_try(context.request, self.user)
        own = Authenticator.objects.filter(
            user=self.user,
            type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES],
        )
        if not any(factor.wrap().validate_code(code) for factor in own):
            raise ValidationError(_("This code does not fit."))
        clear(CODE, *parts)
        return code
