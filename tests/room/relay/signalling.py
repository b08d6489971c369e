"""A tiny web server for the browser tests: pages, one socket each, and the real client.

It stands where the application's consumer will: it seats whoever asks, and the test routes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

import mutual.room
from mutual.room.relay.client import RelayClient
from mutual.room.relay.page import PageLink

_HERE = Path(__file__).parent / "pages"
_STATIC = Path(mutual.room.__file__).parent / "static" / "room"
_FILES = {
    "/": (_HERE / "index.html", "text/html"),
    "/page.js": (_HERE / "page.js", "text/javascript"),
    "/media.js": (_STATIC / "media.js", "text/javascript"),
    "/devices.js": (_STATIC / "devices.js", "text/javascript"),
    "/share.js": (_STATIC / "share.js", "text/javascript"),
}
ROOM = "room-1"

T = TypeVar("T")


class Signalling:
    """Runs in a thread of its own, so that the test can drive browsers meanwhile."""

    def __init__(self, socket: Path, *, tcp_only: bool = False) -> None:
        self.client = RelayClient(socket, tcp_only=tcp_only)
        self.events: list[dict[str, Any]] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Signalling:
        self._thread.start()
        self.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one coroutine on the server's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def route(self, **matrix: str) -> None:
        """``route(A="BC")``: A hears and sees B and C, nobody else hears anybody."""
        self.run(self.client.route(ROOM, {seat: list(others) for seat, others in matrix.items()}))

    def stats(self) -> dict[str, dict[str, Any]]:
        """The relay's counts by seat."""
        return {peer["seat"]: peer for peer in self.run(self.client.stats(ROOM))}

    def url(self, seat: str, **more: str) -> str:
        """Address of the page for one seat."""
        extra = "".join(f"&{key}={value}" for key, value in more.items())
        return f"http://127.0.0.1:{self.port}/?seat={seat}{extra}"

    async def _start(self) -> None:
        await self.client.start()
        self._server = await serve(self._page, "127.0.0.1", 0, process_request=self._file)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        await self.client.close()

    def _file(self, _: ServerConnection, request: Request) -> Response | None:
        path = urlsplit(request.path).path
        if path == "/socket":
            return None
        if path not in _FILES:
            return Response(404, "Not Found", Headers())
        file, kind = _FILES[path]
        body = file.read_bytes()
        headers = Headers({"Content-Type": kind, "Content-Length": str(len(body))})
        return Response(200, "OK", headers, body)

    async def _page(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        seat = parse_qs(urlsplit(connection.request.path).query)["seat"][0]
        link = PageLink(self.client, ROOM, seat, _sender(connection), on_event=self._remember)
        try:
            async for text in connection:
                await link.receive(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            link.detach()

    async def _remember(self, event: dict[str, Any]) -> None:
        self.events.append(event)


def _sender(connection: ServerConnection) -> Callable[[dict[str, Any]], Awaitable[None]]:
    async def send(message: dict[str, Any]) -> None:
        with contextlib.suppress(ConnectionClosed):
            await connection.send(json.dumps(message))

    return send
