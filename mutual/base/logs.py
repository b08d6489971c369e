"""Logs without content: no query string, no exception text of a person's data (P-62)."""

from __future__ import annotations

import logging
import re

_QUERY = re.compile(r"\?\S*")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")


class Neutral(logging.Filter):
    """Masks query strings, ids and addresses; a traceback keeps its frames, not its message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        text = record.getMessage()
        if record.name.startswith("django.") and (request := getattr(record, "request", None)):
            # An address may hold what somebody typed: the route that answered says enough.
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "<no such page>"
            text = f"{text.split(': ')[0]}: {route}"
        text = _MAIL.sub("<mail>", _UUID.sub("<id>", _QUERY.sub("", text)))
        record.msg, record.args = text, ()
        if record.exc_info and record.exc_info[1] is not None:
            kind, error, trace = record.exc_info
            name = kind.__name__ if kind else "Error"
            # A database error quotes the row; keep where it happened, drop what it said.
            safe = RuntimeError(f"{name} (message withheld)")
            record.exc_info = (RuntimeError, safe, trace)
            record.exc_text = None
        return True
