"""What shows that a rule holds in this programme today: settings and counts, read now."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutual.base.home import home
from mutual.outcomes.law.safeguards import SAFEGUARDS
from mutual.privacy.exits import EXITS
from mutual.privacy.trail import head_state
from mutual.wall import heads, policy
from mutual.wall.context import SESSION_HOURS

#: A backup that was proven longer ago than this is told as old.
BACKUP_DAYS = 2
#: One statement for all counts; each table's own policy says what this reader may count.
_COUNTS = """
select (select count(*) from privacy_breakglass),
       (select count(*) from privacy_breakglass where reviewed_at is null),
       (select count(*) from privacy_conflictofinterest where ended_at is null),
       (select count(*) from privacy_consent where answer = 'given' and revoked_at is null),
       (select count(*) from privacy_consent where revoked_at is not null),
       (select count(*) from privacy_disclosure),
       (select count(*) from privacy_privacyrequest where state = 'open'),
       (select count(*) from privacy_legaldemand where answered_at is null),
       (select count(*) from privacy_legalhold where lifted_at is null),
       (select count(*) from privacy_breach where closed_at is null),
       (select count(*) from privacy_auditengagement
         where first_day <= current_date and last_day >= current_date and confirmed_on is null),
       (select count(*) from privacy_vendor where "on"),
       (select count(*) from privacy_emergencydisclosure where closed_at is null),
       (select count(*) from privacy_unusualaccess where disposition = ''),
       (select count(*) from privacy_retentionrule),
       (select value from privacy_confidencessetting order by version desc limit 1)
"""
_NAMES = (
    "glass", "glass_waiting", "conflicts", "consents", "taken_back", "disclosures", "requests",
    "demands", "holds", "breaches", "audits", "vendors", "told", "unusual", "retention",
    "confidences",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A state in words, and whether somebody has to look."""

    words: str
    tone: str = ""


def read(today: date | None = None) -> dict[str, Fact]:
    """Every fact by its key; one query."""
    here = today or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        row = cursor.fetchone()
    counts: dict[str, Any] = dict(zip(_NAMES, row or (), strict=True))
    return {key: make(counts, here) for key, make in FACTS.items()}


def _table(counts: dict[str, Any], today: date) -> Fact:
    kinds, services = policy.collect()
    words = _("%(kinds)d kinds of record, %(services)d background services")
    return Fact(words % {"kinds": len(kinds), "services": len(services)})


def _sealed(counts: dict[str, Any], today: date) -> Fact:
    sealed = sum(kind.sealed for kind in policy.collect()[0].values())
    words = ngettext("%(n)d kind sealed", "%(n)d kinds sealed", sealed) % {"n": sealed}
    given = "MUTUAL_SECRET_SEAL" in os.environ
    there = given or (home() / "secrets" / "seal").exists()
    key = _("the key is kept outside the database") if there else _("the key is missing")
    return Fact(f"{words}; {key}", "" if there else "danger")


def _glass(counts: dict[str, Any], today: date) -> Fact:
    waiting = counts["glass_waiting"]
    words = _("%(n)d openings so far, %(waiting)d to review")
    return Fact(words % {"n": counts["glass"], "waiting": waiting}, "warn" if waiting else "")


def _confidences(counts: dict[str, Any], today: date) -> Fact:
    value = counts["confidences"] or settings.COUPLE_CONFIDENCES
    words = {
        "share_at_discretion": _("The therapist may bring it into the shared session"),
        "hold_with_limits": _("The therapist holds it, with limits"),
        "no_solo_contact": _("No talks with one partner alone"),
    }
    return Fact(words.get(value, value))


def _exits(counts: dict[str, Any], today: date) -> Fact:
    return Fact(_("%(n)d ways out, all through the gate") % {"n": len(EXITS)})


def _head(counts: dict[str, Any], today: date) -> Fact:
    head = head_state(today)
    if head.problem:
        return Fact(_("The file of copied heads was written over."), "danger")
    words = (
        _("Last copied on %(day)s, at entry %(n)d") % {"day": date_format(head.day), "n": head.seq}
        if head.day
        else _("Never copied yet")
    )
    checked = heads.verified(str(connection.settings_dict["NAME"]))
    if checked is not None:
        at, entries, bad = checked
        told = _("whole") if bad is None else _("broken at entry %(n)d") % {"n": bad}
        words += "; " + _("verified on %(day)s, %(entries)d entries: %(told)s") % {
            "day": date_format(at.date()), "entries": entries, "told": told,
        }  # fmt: skip
        if bad is not None:
            return Fact(words, "danger")
    return Fact(words, "warn" if head.stale else "")


def _backup(counts: dict[str, Any], today: date) -> Fact:
    path = home() / "last-backup.json"
    if not path.exists():
        return Fact(_("No backup was made on this machine yet"), "warn")
    facts = json.loads(path.read_text("utf-8"))
    made = datetime.fromisoformat(facts["made_at"])
    words = _("Made and proven by restoring it on %(day)s, in %(seconds)d s") % {
        "day": date_format(made.date()), "seconds": round(facts["seconds"]),
    }  # fmt: skip
    return Fact(words, "warn" if (today - made.date()).days > BACKUP_DAYS else "")


def _retention(counts: dict[str, Any], today: date) -> Fact:
    words = _("%(n)d states set, ten years elsewhere; %(holds)d legal holds")
    return Fact(words % {"n": counts["retention"], "holds": counts["holds"]})


def _count(key: str, one: str, many: str, tone: str = "") -> Callable[[dict[str, Any], date], Fact]:
    def make(counts: dict[str, Any], today: date) -> Fact:
        n = counts[key]
        return Fact(ngettext(one, many, n) % {"n": n}, tone if n else "")

    return make


FACTS: dict[str, Callable[[dict[str, Any], date], Fact]] = {
    "table": _table,
    "sealed": _sealed,
    "glass": _glass,
    "confidences": _confidences,
    "exits": _exits,
    "head": _head,
    "backup": _backup,
    "retention": _retention,
    "conflicts": _count("conflicts", "%(n)d conflict declared", "%(n)d conflicts declared"),
    "consents": _count("consents", "%(n)d signature stands", "%(n)d signatures stand"),
    "taken_back": _count("taken_back", "%(n)d taken back so far", "%(n)d taken back so far"),
    "disclosures": _count("disclosures", "%(n)d disclosure logged", "%(n)d disclosures logged"),
    "requests": _count("requests", "%(n)d request open", "%(n)d requests open", "warn"),
    "demands": _count("demands", "%(n)d demand to answer", "%(n)d demands to answer", "warn"),
    "breaches": _count("breaches", "%(n)d breach open", "%(n)d breaches open", "warn"),
    "audits": _count("audits", "%(n)d audit runs today", "%(n)d audits run today"),
    "vendors": _count("vendors", "%(n)d line switched on", "%(n)d lines switched on"),
    "told": _count("told", "%(n)d not complete yet", "%(n)d not complete yet", "warn"),
    "unusual": _count("unusual", "%(n)d to look at", "%(n)d to look at", "warn"),
    "trail": lambda counts, today: Fact(_("Each line says the right it was read under")),
    "idle": lambda counts, today: Fact(
        _("15 idle minutes; %(hours)d hours at most") % {"hours": SESSION_HOURS}
    ),
    "accounts": lambda counts, today: Fact(
        _("Demo: a second factor is not asked") if settings.DEMO else _("Asked of everybody"),
        "warn" if settings.DEMO else "",
    ),
    "safeguards": lambda counts, today: Fact(
        _("%(n)d items, each with tests") % {"n": len(SAFEGUARDS)}
    ),
}
