"""How accounts sign in: invitation only, a second factor for everyone, neutral words."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.mail import send_update
from mutual.people import devices
from mutual.people.throttle import KNOWN, MAIL, NETWORK, UNKNOWN, Lane, clear, go

NO_NETWORK = devices.NO_NETWORK
_BOUND = "second factor"
_NOBODY = UUID(int=0)


#: What the sign-in package may say on the next page; whatever is not here it keeps to itself.
WORDS = {
    "account/messages/password_changed.txt": gettext_lazy("Your password is changed."),
    "mfa/messages/totp_activated.txt": gettext_lazy("Your code app is on."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("Your code app is off."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("Your passkey is added."),
}


def neutral_mail(to: str, line: str = "") -> None:
    """The one mail that leaves here (P-49): one subject, one text, and at most what was asked for.

    A mailbox gets a few an hour at most: nobody can flood somebody else's (P-32).

    Args:
        line: a code or link that the reader asked for a moment ago, or nothing.
    """
    if go(MAIL, to.strip().lower()):
        send_update(to, get_language() or "en", asked_for=line)


def network(request: HttpRequest) -> str:
    """The network a request comes from; one for all where that can't be known."""
    return str(truncate_ip(AccountAdapter(request).get_client_ip(request)))


def origin(request: HttpRequest, email: str) -> tuple[str, str]:
    """Where tries for an address come from: a device it knows, else a network. One query."""
    word = devices.word_of(request)
    if devices.known(email, word):
        return ("device", word)
    return ("network", network(request))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: an account begins with an invitation (F-19)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Wait half a minute, then try once more. A passkey works at once."
        ),
        "email_password_mismatch": gettext_lazy(
            "Address and password do not fit together. Look at both again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Each to their own first page."""
        user = request.user
        return "/staff/" if getattr(user, "actor_kind", "") == "staff" else "/today/"

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the browser; one word for all where the server doesn't say it."""
        try:
            found: str = super().get_client_ip(request)
        except PermissionDenied:
            return NO_NETWORK
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow tries down where they come from; the same for every address (P-32)."""
        email = str(credentials.get("email") or "").strip().lower()
        kind, where = origin(request, email)
        self._lanes: list[tuple[Lane, tuple[str, ...]]] = [
            (KNOWN if kind == "device" else UNKNOWN, (email, where)),
            (NETWORK, (network(request),)),
        ]
        may = [go(lane, *parts) for lane, parts in self._lanes]  # both are counted
        if not all(may):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        lane, parts = self._lanes[0]
        clear(lane, *parts)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our words or none: nobody who looks on reads an address or what kind of key it was."""
        words = message or WORDS.get(message_template or "", "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Staff check themselves with what can't be phished, where they have it (P-86)."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use your passkey"),
        }
        named = [{**one, "description": words.get(one["id"], one["description"])} for one in found]
        keys = [one for one in named if one["id"] == "mfa_reauthenticate:webauthn"]
        if keys and getattr(user, "actor_kind", "") == "staff":
            return keys
        return keys + [one for one in named if one not in keys]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Account mails say what every notice says (P-49), beside a code or link asked for.

        A known and an unknown address get a mail alike (P-32). A mailbox is a way in for nobody:
        without a second factor of the account's own the mail carries no link (P-85).
        """
        line = str(context.get("password_reset_url") or context.get("code") or "")
        account = context.get("user")
        factors = Authenticator.objects.filter(user_id=getattr(account, "pk", _NOBODY))
        if not factors.exists() and "password_reset_url" in context:
            line = ""
        neutral_mail(email, line)


def strong_types(account: Any) -> set[str]:
    """The factors of which an account keeps one: staff one that can't be phished (P-83, P-86)."""
    person = account.actor_kind != "staff"
    return {Authenticator.Type.WEBAUTHN, *([Authenticator.Type.TOTP] if person else [])}


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors named neutrally, their secrets sealed (P-9)."""

    def get_totp_label(self, user: Any) -> str:
        """What an authenticator shows: no address, no programme."""
        return "Mutual"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the device shows beside a passkey: the name alone, nothing of the field."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Mutual"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A name to begin with."""
        return _("My passkey")

    def encrypt(self, text: str) -> str:
        """Sealed with a key outside the database."""
        return base64.b64encode(seal(text, _BOUND)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed."""
        return open_sealed(base64.b64decode(encrypted_text), _BOUND)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays: without one nothing opens (P-83, P-86)."""
        left = set(
            Authenticator.objects.filter(user=authenticator.user)
            .exclude(pk=authenticator.pk)
            .values_list("type", flat=True)
        )
        return bool(left & strong_types(authenticator.user))
