"""Which WebSocket address belongs to which room."""

from __future__ import annotations

from typing import Any

from django.urls import path

from mutual.room.consumers import RoomConsumer
from mutual.wall.live_socket import LiveConsumer

socket_urls: list[Any] = [
    path("ws/room/<uuid:session>/", RoomConsumer.as_asgi(), name="room-socket"),
    path("ws/live/", LiveConsumer.as_asgi(), name="live-socket"),
]
