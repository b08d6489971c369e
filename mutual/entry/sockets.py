"""Which WebSocket address belongs to which room."""

from __future__ import annotations

from typing import Any

from django.urls import path

from mutual.room.consumers import RoomConsumer

socket_urls: list[Any] = [
    path("ws/room/<uuid:session>/", RoomConsumer.as_asgi(), name="room-socket"),
]
