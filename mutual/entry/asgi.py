"""The ASGI application: pages over HTTP, rooms over WebSocket, jobs and relay by lifespan."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from mutual.entry.lifespan import Lifespan  # noqa: E402
from mutual.entry.sockets import socket_urls  # noqa: E402

Scope = dict[str, Any]
Message = Callable[..., Awaitable[Any]]
_by_protocol = ProtocolTypeRouter(
    {"http": pages, "websocket": AllowedHostsOriginValidator(URLRouter(socket_urls))}
)
_lifespan = Lifespan()


async def application(scope: Scope, receive: Message, send: Message) -> None:
    """Answer a request, a socket, or the server's own start and stop."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await _by_protocol(scope, receive, send)
