"""A page's end of a socket, without a browser (Channels' own needs a server that we don't have)."""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class PageSocket(ApplicationCommunicator):
    """Speaks the ASGI websocket protocol with an application."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket", "path": path, "query_string": b"", "headers": headers,
            "subprotocols": [],
        }  # fmt: skip
        super().__init__(application, scope)

    async def connect(self, timeout: float = 5) -> tuple[bool, int]:
        """Whether it was accepted; else with which code it was closed."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(timeout)
        if answer["type"] == "websocket.close":
            return False, int(answer.get("code") or 1000)
        return True, 0

    async def send_json_to(self, data: dict[str, Any]) -> None:
        """A message from the page."""
        await self.send_input({"type": "websocket.receive", "text": json.dumps(data)})

    async def receive_json_from(self, timeout: float = 5) -> dict[str, Any]:
        """The next message to the page."""
        answer = await self.receive_output(timeout)
        assert answer["type"] == "websocket.send", answer
        message: dict[str, Any] = json.loads(answer["text"])
        return message

    async def disconnect(self) -> None:
        """The page goes away."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(5)
