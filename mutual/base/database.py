"""How to reach the database: as the application's role, or as the owner that migrates."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from mutual.base import embedded
from mutual.base.home import home, secret

SUPER = "mutual_super"
OWNER = "mutual_owner"
APP = "mutual_app"


def _from_url(url: str, name: str | None) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise embedded.DatabaseUnavailable("DATABASE_URL must begin with postgresql://")
    return {
        "NAME": name or parts.path.lstrip("/") or "mutual",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


def settings(role: str = APP, name: str | None = None) -> dict[str, Any]:
    """Django's connection settings for a role; doesn't start the server.

    With ``DATABASE_URL`` set (for the application's role) and ``DATABASE_OWNER_URL`` (for the
    migrating one), those are used; else the embedded server under ``MUTUAL_HOME``.
    """
    base: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "mutual"},
    }
    url = os.environ.get("DATABASE_URL" if role == APP else "DATABASE_OWNER_URL")
    if url:
        return base | _from_url(url, name)
    place = embedded.place(home())
    return base | {
        "NAME": name or os.environ.get("MUTUAL_DATABASE", "mutual"),
        "USER": role,
        "PASSWORD": secret(f"database_{role.removeprefix('mutual_')}").hex(),
        "HOST": str(embedded.socket_folder(place)),
        "PORT": "",
    }


def dsn(role: str, name: str | None = None) -> dict[str, Any]:
    """Keyword arguments for ``psycopg.connect`` as ``role``."""
    given = settings(role, name)
    return {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"] or None,
    }
