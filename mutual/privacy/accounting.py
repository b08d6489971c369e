"""How one's record was shared: the list each person gets, of their own disclosures (P-35)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mutual.people.models import Person
from mutual.privacy.clocks import in_accounting
from mutual.privacy.models import Consent, Disclosure
from mutual.wall import audit
from mutual.wall.context import Actor


def my_disclosures(actor: Actor, now: datetime | None = None) -> list[Disclosure]:
    """Every disclosure of one's own that the law lists, the newest first; one query (P-35).

    With consent, for treatment, payment and operations too: three years; all others: six.
    """
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    today = (now or timezone.now()).astimezone(zone).date()
    rows = (
        Disclosure.objects.visible_to(actor).filter(person_id=actor.sure_id).order_by("-at", "-id")
    )
    return [
        row
        for row in rows
        if in_accounting(row.at.astimezone(zone).date(), today, with_consent=not row.exception)
    ]


def in_reliance(actor: Actor, consent: Consent) -> list[Disclosure]:
    """What was done while a consent was in force: it stays, and is listed (P-21)."""
    return list(Disclosure.objects.visible_to(actor).filter(consent=consent).order_by("-at"))


def paper_words(actor: Actor, rows: list[Disclosure], lang: str) -> dict[str, Any]:
    """The list as a document; it is the person's own copy."""
    person = Person.objects.get(id=actor.sure_id)
    zone = ZoneInfo(person.zone)
    audit.note("print", "disclosure_log", person.id, None)
    return {
        "lang": lang,
        "title": _("How my record was shared"),
        "facts": [
            [_("Name"), str(person)],
            [_("Made on"), date_format(timezone.localdate(timezone=zone))],
            [_("Number of disclosures"), str(len(rows))],
        ],
        "parts": [
            _(
                "Disclosures made with your written consent in the last three years, also for"
                " treatment, payment and running the programme, and all others of the last six."
            )
        ],
        "heads": [_("When"), _("To whom"), _("What"), _("What for"), _("On what ground")],
        "rows": [
            [
                date_format(row.at.astimezone(zone).date()),
                row.recipient,
                row.what,
                row.purpose,
                row.basis,
            ]
            for row in rows
        ],
    }
