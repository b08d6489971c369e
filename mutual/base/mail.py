"""The one sender of mail: the same neutral words for everything (P-49), and the private link.

A lock screen, a mailbox list or a partner who looks over a shoulder learns nothing from either:
no name, no programme's purpose, no kind of news.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from mutual.base import languages, zones


def update_words(language: str = "en") -> tuple[str, str]:
    """Subject and text of every notice, whatever it is about (P-49)."""
    with translation.override(languages.spoken(language)):
        return (
            _("Mutual: you have an update"),
            _("You have an update. Sign in the way you usually do to read it."),
        )


def send_update(address: str, language: str = "en", asked_for: str = "") -> None:
    """Tell somebody that something waits for them: no name, no link, no kind.

    Args:
        address: a mailbox that its owner called a safe way (C-19).
        asked_for: a code or link that the reader asked for a moment ago at sign-in, or nothing.

    Raises:
        OSError: if the mail server can't be reached or refuses.
    """
    subject, text = update_words(language)
    _send(address, subject, f"{text}\n\n{asked_for}" if asked_for else text)


def send_invitation(
    address: str, link: str, until: datetime, language: str = "en", zone: str = ""
) -> None:
    """Send a private link to the one address given for it: the only mail with a link (F-19).

    Args:
        link: the whole address of the page, used once.
        until: when it ends, shown on the clock of ``zone``.

    Raises:
        OSError: if the mail server can't be reached or refuses.
    """
    where = zone or settings.PROGRAMME_ZONE
    with translation.override(languages.spoken(language)):
        text = _(
            "Here is the private link you asked for. It is for you alone and works once,"
            " until %(until)s.\n\n%(link)s\n\nYou did not ask for it? Then do nothing; it ends by"
            " itself."
        ) % {
            "until": f"{zones.day(until, where)}, {zones.when(until, where)}",
            "link": link,
        }
        subject = _("Mutual: you have an update")
    _send(address, subject, text)


def _send(address: str, subject: str, text: str) -> None:
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]).send()
