"""A real server on a copy of the test world, for tests that drive a browser.

Use the fixture ``live`` (module scope): ``live.url``, ``live.cookies("ana")`` to sign a context in,
``live.call("tests.room.scene:couple")`` to write something before or while the pages run. What is
called runs in one process beside the server, under the application's role, each time in a
transaction of its own, and answers with JSON.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[2]


class Live:
    """A running server with a database of its own."""

    def __init__(self, url: str, environment: dict[str, str]) -> None:
        self.url = url
        self._hand = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.live"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, what: str, *arguments: Any) -> Any:
        """Run ``module:function`` with JSON arguments on the server's database."""
        assert self._hand.stdin is not None and self._hand.stdout is not None
        self._hand.stdin.write(json.dumps([what, arguments]) + "\n")
        self._hand.stdin.flush()
        answer = json.loads(self._hand.stdout.readline() or '{"failed": "the process ended"}')
        if "failed" in answer:
            raise RuntimeError(f"{what} failed:\n{answer['failed'][-3000:]}")
        return answer["answer"]

    def close(self) -> None:
        """End the process that writes."""
        self._hand.communicate()

    def cookies(self, name: str) -> list[dict[str, Any]]:
        """Cookies of somebody of the test world, signed in with PIN given."""
        made: dict[str, str] = self.call("tests.browser.live:sign_in", name)
        return [{"name": key, "value": value, "url": self.url} for key, value in made.items()]

    def context(self, browser: Browser, name: str, **options: Any) -> BrowserContext:
        """A browser context signed in as somebody."""
        context = browser.new_context(base_url=self.url, **options)
        context.add_cookies(self.cookies(name))  # type: ignore[arg-type]
        return context


def sign_in(name: str) -> dict[str, str]:
    """Open a session for somebody; the cookies' names and values."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from mutual.people.models import Account
    from mutual.people.recheck import FRESH
    from mutual.wall.context import open_session
    from mutual.wall.web import COOKIE
    from tests.world import PEOPLE, id_of

    account = Account.objects.get(actor_id=id_of(name))
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store["second_factor"] = True  # taken as given, as in the fixture `browse`
    store["pin_until"] = time.time() + 900
    store[FRESH] = time.time() + 900
    store.create()
    token = open_session(id_of(name), "person" if name in PEOPLE else "staff")
    return {COOKIE: token, settings.SESSION_COOKIE_NAME: str(store.session_key)}


@contextmanager
def serving(**more: str) -> Iterator[Live]:
    """Serve a fresh copy of the test world until the block ends."""
    from mutual.entry import database
    from tests.conftest import _template

    name = f"mutual_live_{os.getpid()}_{int(time.time() * 1000) % 100000}"
    # A named template saves making one, where the code it depends on is known to be the same.
    database.clone_database(os.environ.get("MUTUAL_LIVE_TEMPLATE") or _template(), name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="live") as folder:
        environment = os.environ | {
            "MUTUAL_DATABASE": name,
            "MUTUAL_HTTPS": "0",
            "MUTUAL_MEDIA_SOCKET": f"{folder}/media.sock",
            "DJANGO_SETTINGS_MODULE": "mutual.base.settings",
            **more,
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "mutual.entry.asgi:application", "--port", str(port),
             "--host", "127.0.0.1", "--log-level", "warning"],
            cwd=ROOT,
            env=environment,
        )  # fmt: skip
        try:
            url = f"http://localhost:{port}"
            _wait(url, server)
            with closing(Live(url, environment)) as live:
                yield live
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(5)
            database.drop_database(name)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server ended while it started; its words are above")
        try:
            urllib.request.urlopen(f"{url}/static/base/mark.svg", timeout=2)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server didn't start within a minute")


def _answer(what: str, arguments: list[Any]) -> dict[str, Any]:
    from django.db import close_old_connections, transaction

    module, function = what.split(":")
    try:
        with redirect_stdout(sys.stderr), transaction.atomic():
            return {"answer": getattr(import_module(module), function)(*arguments)}
    except Exception:  # said by the test that asked
        close_old_connections()
        return {"failed": traceback.format_exc()}


if __name__ == "__main__":
    import django

    django.setup()
    for line in sys.stdin:
        print(json.dumps(_answer(*json.loads(line))), flush=True)
