"""The password of an address, at one query and one hash whether the address is known or not."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from mutual.people.models import Account


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by address and password (P-32, P-82)."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        email = str(credentials.get("email") or credentials.get("username") or "")
        found = Account.objects.filter(email=email.strip().lower()).first()
        return self._check_password(found, str(credentials.get("password") or ""))
