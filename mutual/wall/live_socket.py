"""The socket of an open page: says once that the page may not stay, never why (P-8, P-22)."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import ExitStack
from http.cookies import CookieError, SimpleCookie
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError, transaction

from mutual.base.threads import in_thread
from mutual.wall import live
from mutual.wall.context import acting
from mutual.wall.web import COOKIE

#: Close codes: look again (what the page shows, or the sign-in, has ended); not signed in.
AGAIN, NOBODY = 4010, 4011
#: Still signed in, idle for too long: the page locks itself and keeps what was typed (P-84).
IDLE = 4012
#: Seconds between two looks without a signal: what ends by its own date sends none (P-10).
LOOK = 30.0


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One open page. It tells what it shows (a sealed note); the server tells when that ends."""

    async def connect(self) -> None:
        """Let in whoever is signed in."""
        jar = cookies_of(self.scope)
        self.token = jar.get(COOKIE, "")
        self.key = jar.get(settings.SESSION_COOKIE_NAME, "")
        self.pairs: live.Pairs = frozenset()
        self.stack = ExitStack()
        self.watcher: asyncio.Task[None] | None = None
        actor_id = await self._actor()
        if actor_id is None:
            if await self._signed_in():
                await self.accept()
                await self.close(IDLE)
            else:
                await self.close(NOBODY)
            return
        self.actor_id = actor_id
        self.stack.enter_context(live.hearing(actor_id, self.look))
        await self.accept()
        self.watcher = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        """The page went."""
        self.stack.close()
        if self.watcher is not None:
            self.watcher.cancel()

    async def receive_json(self, content: Any, **more: Any) -> None:
        """What the page shows. Answered with the same note, made sure, for the next connection."""
        note = content.get("watch") if isinstance(content, dict) else None
        if not isinstance(note, str):
            return
        pairs, sure = live.read_watch(note)
        held = await self._granted(pairs)
        if sure and held != pairs:
            await self._again()
            return
        self.pairs = held
        await self.send_json({"watch": live.watch_of(held, sure=True)})

    async def look(self) -> None:
        """Whether the page may stay as it is."""
        with contextlib.suppress(DatabaseError):  # the next look decides
            actor_id = await self._actor()
            if actor_id is None and await self._signed_in():
                await self.close(IDLE)
            elif actor_id != self.actor_id or await self._granted(self.pairs) != self.pairs:
                await self._again()

    async def _again(self) -> None:
        with contextlib.suppress(RuntimeError):  # it closed in this very moment
            await self.close(AGAIN)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            await self.look()

    @in_thread
    def _actor(self) -> UUID | None:
        with transaction.atomic(), acting(self.token) as actor:
            return actor.id if actor.id and live.browser_open(self.key) else None

    @in_thread
    def _signed_in(self) -> bool:
        return live.browser_open(self.key)

    @in_thread
    def _granted(self, pairs: live.Pairs) -> live.Pairs:
        if not pairs:
            return pairs
        with transaction.atomic(), acting(self.token):
            return live.granted(pairs)


def cookies_of(scope: dict[str, Any]) -> dict[str, str]:
    """The cookies a socket was opened with."""
    given = scope.get("cookies")
    if given:
        return dict(given)
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope.get("headers", []):
        if name == b"cookie":
            with contextlib.suppress(CookieError):
                jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items()}
