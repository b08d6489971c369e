"""The demo's sign-in page: one click each, every persona on a host name of its own."""

from __future__ import annotations

import time

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mutual.entry.demo.people import BY_KEY, PASSWORD, PERSONAS, PIN
from mutual.people.models import Account


def demo(request: HttpRequest) -> HttpResponse:
    """The table of sign-ins."""
    port = request.get_port()
    rows = [{"who": p, "href": f"http://{p.key}.localhost:{port}/demo/enter"} for p in PERSONAS]
    return render(request, "demo/demo.html", {"rows": rows, "pin": PIN, "password": PASSWORD})


def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the persona whose name the host carries, and go to their first page."""
    persona = BY_KEY.get(request.get_host().split(".")[0])
    if persona is None:
        raise Http404
    account = Account.objects.filter(email=persona.email).first()
    if account is None:
        raise Http404
    login(request, account, backend="mutual.people.backend.Backend")
    if request.GET.get("pin") == PIN:
        request.session["pin_until"] = time.time() + 15 * 60
    target = request.GET.get("next", "")
    if target.startswith("/") and not target.startswith("//"):
        return redirect(target)
    return redirect("/staff/" if account.actor_kind == "staff" else "/today/")
