"""A visitor's browser, as behind a proxy that ended TLS."""

from __future__ import annotations

from typing import Any

from django.test import Client


def visitor(**more: Any) -> Client:
    """A browser of its own, signed in as nobody."""
    return Client(headers={"x-forwarded-proto": "https"}, **more)
