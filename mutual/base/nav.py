"""Where the shells lead: tabs of the partner app, the staff rail by work, the public pages.

Addresses are a table, not URL names, so that a shell renders before the room behind a tab is
built. The role names are those of `people/roles.py`; an empty set means everyone on the staff.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Locks the private part of the session (POST, answers 204); a link for pages without script.
LOCK = "/lock/"
EXIT = "/exit/"
#: Where a quick exit ends: harmless, always up, and tells nothing (P-66).
HARMLESS = "https://www.weather.gov/"
THEME = "/theme/"
LANGUAGE = "/language/"
SEARCH = "/staff/search/"


@dataclass(frozen=True)
class Item:
    """One place to go: its key (what a page names as `tab` or `rail`), words, icon, address."""

    key: str
    words: str | Promise
    icon: str
    href: str
    roles: frozenset[str] = field(default_factory=frozenset)


PARTNER = (
    Item("today", _("Today"), "sun", "/today/"),
    Item("week", _("Week"), "calendar-days", "/week/"),
    Item("us", _("Us"), "mark:together", "/us/"),
    Item("me", _("Me"), "user-round", "/me/"),
    Item("messages", _("Messages"), "message-circle", "/messages/"),
)

#: Who opens what beside Today; tests keep it equal to the rails in `people/roles.py`.
_CARE = {"couples_therapist", "counselor", "prescriber", "nurse", "supervisor", "director"}
_COUPLES = frozenset(_CARE | {"admissions"})
_WEEK = frozenset(_CARE | {"admissions", "group_leader", "care_coordinator"})
_MESSAGES = frozenset({"couples_therapist", "counselor"})
_ADMISSIONS = frozenset({"admissions", "director"})
_BILLING = frozenset({"biller"})
_PROGRAMME = frozenset({"director"})
_PRIVACY = frozenset({"privacy_officer"})
_AUDIT = frozenset({"auditor"})
_STAFF = frozenset(_WEEK | _BILLING | _PRIVACY)

STAFF = (
    Item("today", _("Today"), "sun", "/staff/"),
    Item("couples", _("Couples"), "users-round", "/staff/couples/", _COUPLES),
    Item("week", _("Week"), "calendar-days", "/staff/week/", _WEEK),
    Item("messages", _("Messages"), "message-circle", "/staff/messages/", _MESSAGES),
    Item("admissions", _("Admissions"), "door-open", "/staff/admissions/", _ADMISSIONS),
    Item("billing", _("Billing"), "receipt-text", "/staff/billing/", _BILLING),
    Item("programme", _("Programme"), "book-open", "/staff/programme/", _PROGRAMME),
    Item("privacy", _("Privacy"), "shield-check", "/staff/privacy/", _PRIVACY),
    Item("oncall", _("On call"), "phone-call", "/staff/on-call/", _STAFF),
    Item("audit", _("Audit"), "clipboard-check", "/staff/audit/", _AUDIT),
)

PUBLIC = (
    Item("how", _("How it works"), "", "/how-it-works/"),
    Item("couples", _("For couples"), "", "/for-couples/"),
    Item("insurance", _("Insurance"), "", "/insurance/"),
    Item("questions", _("Questions"), "", "/questions/"),
)

PUBLIC_FOOT = (
    Item("privacy", _("Privacy"), "", "/privacy/"),
    Item("contact", _("Contact"), "", "/contact/"),
    Item("exit", _("About the exit button"), "", "/privacy/exit/"),
)


def staff_items(roles: Iterable[str] | None) -> list[Item]:
    """The rail of somebody with these roles; the whole rail when the roles aren't known."""
    if roles is None:
        return list(STAFF)
    held = frozenset(roles)
    return [item for item in STAFF if not item.roles or item.roles & held]
