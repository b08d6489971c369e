"""The demo's mailbox: what would be mailed is kept in one file and read at /demo/mail."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from mutual.base.home import home

SHOWN = 200


@dataclass(frozen=True)
class Mail:
    """One mail that left."""

    id: str
    at: str
    to: str
    sender: str
    subject: str
    text: str

    @property
    def moment(self) -> datetime:
        """When it was sent."""
        return datetime.fromisoformat(self.at)

    @property
    def linked(self) -> SafeString:
        """The text with its addresses as links."""
        parts = re.split(r"(https?://\S+)", self.text)
        # Every part is escaped below.
        return mark_safe(  # nosec B308 B703
            "".join(
                format_html('<a href="{0}">{0}</a>', part) if n % 2 else conditional_escape(part)
                for n, part in enumerate(parts)
            )
        )


def box() -> Path:
    """The file: one mail a line, readable by its owner alone."""
    folder = home() / "demo-mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "mail.jsonl"


def keep(mail: Mail) -> None:
    """Append a mail."""
    handle = os.open(box(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(json.dumps(asdict(mail)) + "\n")


def kept() -> list[Mail]:
    """All mails, newest first; a torn last line is left out."""
    path = box()
    if not path.exists():
        return []
    found = []
    for line in path.read_text("utf-8").splitlines():
        try:
            found.append(Mail(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found[::-1]


def keep_text(number: str, text: str) -> None:
    """The demo's adapter for text messages: they lie beside the mails, sent to a number."""
    keep(Mail(str(uuid4()), datetime.now(UTC).isoformat(), number, "", "Text message", text))


class DemoBackend(BaseEmailBackend):
    """Django's mail backend of the demo: nothing leaves this machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail once for each address it goes to."""
        count = 0
        for message in email_messages:
            for address in message.recipients():
                now = datetime.now(UTC).isoformat()
                keep(
                    Mail(
                        str(uuid4()),
                        now,
                        address,
                        message.from_email,
                        str(message.subject),
                        str(message.body),
                    )
                )
            count += 1
        return count


def mailbox(request: HttpRequest) -> HttpResponse:
    """The list of mails, newest first."""
    mails = kept()
    return render(
        request, "demo/mailbox.html", {"mails": mails[:SHOWN], "more": max(0, len(mails) - SHOWN)}
    )


def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One mail as it arrived."""
    found = next((m for m in kept() if m.id == str(mail_id)), None)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})
