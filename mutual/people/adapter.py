"""How accounts sign in: invitation only, a second factor for everyone, neutral words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from mutual.base.mail import send_update


def neutral_mail(to: str, line: str = "") -> None:
    """The one mail that leaves here (P-49): one subject, one text, and at most what was asked for.

    Args:
        line: a code or link that the reader asked for a moment ago, or nothing.
    """
    send_update(to, get_language() or "en", asked_for=line)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: an account begins with an invitation (F-19)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Each to their own first page."""
        user = request.user
        return "/staff/" if getattr(user, "actor_kind", "") == "staff" else "/today/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Account mails say what every notice says (P-49), beside a code or link asked for.

        A known and an unknown address get a mail alike (P-32).
        """
        neutral_mail(email, str(context.get("password_reset_url") or context.get("code") or ""))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors named neutrally."""

    def get_totp_label(self, user: Any) -> str:
        """What an authenticator shows: no address, no programme."""
        return "Mutual"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the device shows beside a passkey: the name alone, nothing of the field."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Mutual"}
