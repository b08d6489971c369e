"""Notes on each page what it shows of others, for its live socket (P-8)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mutual.wall import audit, live

#: As the shells of signed-in people write it.
BLANK = b"<live-page hidden></live-page>"


LEAVE_NOTHING = '"cache", "storage"'


class LiveMiddleware:
    """Stands inside :class:`mutual.wall.web.ActorMiddleware`; touches whole HTML pages alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with what was read of others sealed into the page."""
        live.begin()
        response = self.get_response(request)
        if getattr(request, "mutual_token", None) == "":
            # Signed out: whatever a browser may have kept of these pages goes (P-61).
            response["Clear-Site-Data"] = LEAVE_NOTHING
        actor = getattr(request, "actor", None)
        if actor is None or actor.id is None or response.streaming or response.status_code != 200:
            return response
        if BLANK in response.content:
            pairs = live.shown() | {p for p in audit.read_so_far() if p[1] != actor.id}
            note = live.watch_of(pairs)
            if note:
                made = f'<live-page hidden watch="{note}"></live-page>'.encode()
                response.content = response.content.replace(BLANK, made, 1)
        return response
