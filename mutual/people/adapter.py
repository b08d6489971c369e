"""How accounts sign in: invitation only, a second factor for everyone, neutral words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


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
        """Account mails say what every notice says (P-49), except codes asked for."""
        super().send_mail(template_prefix, email, context)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors named neutrally."""

    def get_totp_label(self, user: Any) -> str:
        """What an authenticator shows: no address, no programme."""
        return "Mutual"
