"""Sign somebody of the test world in as a browser does, through the sign-in page."""

from __future__ import annotations

from typing import Any

from django.test import Client

from mutual.people.models import Account
from mutual.people.second_factor import KNOWN
from mutual.wall.context import end_sessions
from tests.world import PASSWORD, id_of


def visitor(**headers: str) -> Client:
    """Somebody who is not signed in, behind a proxy that ended TLS."""
    return Client(headers={"x-forwarded-proto": "https", **headers})


def account(name: str) -> Account:
    """The account of somebody of the test world."""
    return Account.objects.get(actor_id=id_of(name))


def signed_in(name: str, **session: Any) -> Client:
    """A browser that gave address and password; the second factor is taken as given."""
    client = visitor()
    enter(client, name)
    held = client.session
    held[KNOWN] = True
    for key, value in session.items():
        held[key] = value
    held.save()
    return client


def enter(client: Client, name: str) -> Any:
    """Give address and password."""
    return client.post("/account/login/", {"login": account(name).email, "password": PASSWORD})


def went_idle(name: str) -> None:
    """As after 15 idle minutes: the database ended what the browser's token could open."""
    end_sessions(id_of(name))
