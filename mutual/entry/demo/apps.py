"""The demo as an application: it refuses to exist anywhere but on this machine."""

from __future__ import annotations

import ipaddress
import os

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    name = host.strip().strip("[]").lower()
    if name in ("localhost", ".localhost") or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_exposed(*hosts: str) -> None:
    """Refuse to run the demo where others could reach it or where real data lies.

    Raises:
        ImproperlyConfigured: beside ``DATABASE_URL``, or for an address that isn't loopback.
    """
    if os.environ.get("DATABASE_URL"):
        raise ImproperlyConfigured(
            "The demo lets anybody in with one click, so it never runs on a database of your own."
            " Unset DATABASE_URL, or unset MUTUAL_DEMO and use 'mutual serve'."
        )
    for host in hosts:
        if not is_loopback(host):
            raise ImproperlyConfigured(
                f"The demo lets anybody in with one click, so it answers on this machine only, not"
                f" on {host!r}. Take it out of MUTUAL_HOSTS (or --host), or unset MUTUAL_DEMO."
            )


class DemoConfig(AppConfig):
    """Checked at start, before anything is served."""

    name = "mutual.entry.demo"
    label = "demo"

    def ready(self) -> None:
        """Refuse a database of one's own and any other than a loopback address."""
        from django.conf import settings

        refuse_exposed(*settings.ALLOWED_HOSTS)
