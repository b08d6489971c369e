"""Firms that work for the programme: without agreements in force their line is off (P-34)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.privacy.models import Vendor
from mutual.privacy.rules import agreements_hold
from mutual.wall import audit
from mutual.wall.context import Actor


def refuse_without_agreement(connection: str, moment: datetime) -> None:
    """Refuse to send over a vendor's line that is off or whose agreements ended (P-34).

    What was to be sent stays in its queue. A line without a vendor is the programme's own.

    Raises:
        Refused: "agreement ended"; the queue is kept by whoever called.
    """
    vendor = Vendor.objects.filter(connection=connection).first()
    if vendor is None:
        return
    if not vendor.on:
        raise Refused(_("Held: the connection to this firm is off."), rule="P-34")
    if not agreements_hold(vendor.qso_until, vendor.baa_until, _day(moment)):
        raise Refused(_("Held: the agreement with this firm ended."), rule="P-34")


def is_on(vendor: Vendor, now: datetime | None = None) -> bool:
    """Whether its line works now."""
    day = _day(now or timezone.now())
    return vendor.on and agreements_hold(vendor.qso_until, vendor.baa_until, day)


def write_vendor(
    actor: Actor,
    name: str,
    connection: str,
    qso_until: date | None,
    baa_until: date | None,
) -> Vendor:
    """Write down a firm and its agreements; its line stays as it was, at first off.

    Raises:
        NotThere: for anybody but the director and the privacy officer.
        Refused: without a name, or for no such line.
    """
    _refuse_others(actor)
    lines = dict(Vendor._meta.get_field("connection").choices or ())
    if connection not in lines:
        raise Refused(_("Choose what the firm does."), rule="P-34", field="connection")
    if not name.strip():
        raise Refused(_("Type the firm's name."), rule="P-34", field="name")
    row = Vendor.objects.filter(connection=connection).first() or Vendor(connection=connection)
    row.name, row.qso_until, row.baa_until = name.strip(), qso_until, baa_until
    row.by_id = actor.sure_id
    row.save()
    audit.note("setting", "vendor", None, row.id, "agreements written")
    return row


def switch(actor: Actor, vendor: Vendor, on: bool, *, now: datetime | None = None) -> Vendor:
    """Switch a firm's line on or off.

    Raises:
        Refused: on without both agreements in force (P-34).
    """
    _refuse_others(actor)
    day = _day(now or timezone.now())
    if on and not agreements_hold(vendor.qso_until, vendor.baa_until, day):
        raise Refused(
            _("Both agreements must be in force first: service (QSO) and business associate."),
            rule="P-34",
        )
    vendor.on = on
    vendor.save(update_fields=["on"])
    audit.note("setting", "vendor", None, vendor.id, "on" if on else "off")
    return vendor


def _refuse_others(actor: Actor) -> None:
    if not actor.has("director", "privacy_officer"):
        raise NotThere


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.PROGRAMME_ZONE)).date()
