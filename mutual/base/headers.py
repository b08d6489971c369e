"""Headers that every answer carries, also errors, redirects and static files.

They stand outermost, so that no answer made further in, whoever made it, leaves without them.
What a browser may use is closed by a list of names; the room's pages alone open camera,
microphone and screen to themselves, and to nobody embedded in them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
#: What the pages of a room use, and no other page.
ROOM = ("camera", "display-capture", "microphone", "screen-wake-lock", "speaker-selection")
#: Passkeys: asked for by our own pages only.
_KEYS = ("publickey-credentials-create", "publickey-credentials-get")
#: What no page uses.
_CLOSED = (
    "accelerometer", "autoplay", "browsing-topics", "encrypted-media", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
    "local-fonts", "magnetometer", "midi", "otp-credentials", "payment", "picture-in-picture",
    "serial", "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip


def _policy(room: bool) -> str:
    may = dict.fromkeys(_KEYS, "(self)")
    may |= dict.fromkeys(ROOM, "(self)" if room else "()")
    if room:
        may["autoplay"] = "(self)"
    return ", ".join(f"{name}={may.get(name, '()')}" for name in sorted({*may, *_CLOSED}))


PERMISSIONS, ROOM_PERMISSIONS = _policy(room=False), _policy(room=True)
#: What isn't Django's own to set; what a view set for itself stays.
ALWAYS = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}


class HeadersMiddleware:
    """Stands outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response


def uses_camera(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """A page of a room: camera, microphone and screen are open to it."""

    @wraps(view)
    def opened(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Permissions-Policy"] = ROOM_PERMISSIONS
        return response

    return opened
