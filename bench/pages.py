"""Pages beside a bare view: one query and a template, in the same process, in turns."""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path

from mutual.entry import database as setup
from mutual.entry.urls import urlpatterns as real

NAME = "mutual_bench_pages"
BARE = "/bench-bare"
ROUNDS = 5
_BARE = engines["django"].from_string(
    "<!doctype html><title>x</title><ul>{% for r in rows %}<li>{{ r.name }}</li>{% endfor %}</ul>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """The yardstick: one query, one template."""
    from mutual.people.models import Staff

    return HttpResponse(_BARE.render({"rows": Staff.objects.all()}, request))


urlpatterns = [path("bench-bare", bare), *real]


def _client(name: str) -> Any:
    from django.db import transaction

    from mutual.people.models import Account
    from mutual.wall.context import open_session
    from mutual.wall.web import COOKIE
    from tests.world import id_of

    client = Client(SERVER_NAME="localhost")
    with transaction.atomic():
        client.force_login(Account.objects.get(actor_id=id_of(name)))
        client.cookies[COOKIE] = open_session(id_of(name), "staff")
    # As after a sign-in with a passkey: the second factor stands.
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def _ratio(client: Any, address: str) -> float:
    """The rate of a page by the rate of the bare view, asked in turns."""
    times: dict[str, list[float]] = {BARE: [], address: []}
    for _ in range(30):
        for url in times:
            begun = time.perf_counter()
            answer = client.get(url)
            times[url].append(time.perf_counter() - begun)
            assert answer.status_code == 200, (url, answer.status_code)
    return statistics.median(times[BARE]) / statistics.median(times[address])


def measure(template: str) -> list[tuple[str, float, str]]:
    """Rows (what, ratio, aim): rate of the page by the rate of the bare view."""
    from django.db import connection

    from mutual.people.models import Couple
    from mutual.wall.testing import acting_as
    from tests.world import id_of

    setup.clone_database(template, NAME)
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        from django.db import transaction

        with transaction.atomic(), acting_as(id_of("mo"), "staff"):
            couple = Couple.objects.get(id=id_of("ab")).public_id
        client = _client("mo")
        pages = {
            "list page (couples)": ("/staff/couples/", ">= 0.5"),
            "chart (one partner's record)": (f"/staff/couples/{couple}/a/", ">= 0.25"),
        }
        rows = []
        with override_settings(ROOT_URLCONF="bench.pages"):
            for what, (address, aim) in pages.items():
                found = sorted(_ratio(client, address) for _ in range(ROUNDS))
                print("    rounds", " ".join(f"{one:.2f}" for one in found), file=sys.stderr)
                rows.append((what, statistics.median(found), aim))
        return rows
    finally:
        connection.close()
        setup.drop_database(NAME)
