"""The port for text messages: one neutral text, to one number; adapters by a setting (P-49).

``MUTUAL_SMS_URL`` and ``MUTUAL_SMS_TOKEN`` name a gateway that takes ``{"to", "text"}`` as JSON by
POST with a bearer token. Without a gateway nothing is sent, and the outbox says so. The demo keeps
text messages in its own mailbox.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from urllib.error import URLError
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from mutual.base.mail import update_words

#: Seconds a gateway may take.
PATIENCE = 10


def send_update(number: str, language: str = "en") -> None:
    """Tell somebody by text message that something waits: the words of every notice.

    Raises:
        OSError: without a gateway, or when it can't be reached or refuses.
    """
    adapter: Callable[[str, str], None] = import_string(settings.SMS_ADAPTER)
    adapter(number, update_words(language)[1])


def over_http(number: str, text: str) -> None:
    """Hand a text to the gateway that the settings name.

    Raises:
        OSError: if there is none, or it refuses.
    """
    if not settings.SMS_URL:
        raise OSError("no gateway for text messages is set")
    if urlsplit(settings.SMS_URL).scheme != "https":
        raise OSError("the gateway's address must begin with https://")
    request = urllib.request.Request(
        settings.SMS_URL,
        data=json.dumps({"to": number, "text": text}).encode(),
        headers={
            "content-type": "application/json",
            "authorization": f"Bearer {settings.SMS_TOKEN}",
        },
    )
    try:
        # https alone, asked above.
        with urllib.request.urlopen(request, timeout=PATIENCE):  # nosec B310
            return
    except URLError as error:
        raise OSError("the gateway refused") from error
