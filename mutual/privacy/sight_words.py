"""The words of the page "Who can see what about me": levels, extracts, sections."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

#: How much a reader sees.
LEVELS: dict[str, StrPromise] = {
    "all": _("all of it"),
    "own": _("only what they wrote or were sent"),
    "summary": _("a short summary"),
    "exists": _("only that it exists: kind, date, minutes"),
}
#: The extracts of the access table, by their number there.
EXTRACTS: dict[str, StrPromise] = {
    "1": _("first names, during the session"),
    "2": _("the goals set for the group"),
    "3": _("“go” or “not yet” for the couple, never whose and never why"),
    "4": _("only while covering for somebody absent"),
    "5": _("that you are busy, and when"),
    "6": _("your present address and emergency contact, in a session or for a bill"),
    "7": _("only what names them"),
    "8": _("who looked, when and why"),
    "9": _("the total and what it means, never an answer"),
    "10": _("the name and pronouns you chose to show"),
    "11": _("level, start and end"),
    "12": _("“both confirmed” or “not yet”"),
    "13": _("in force or not"),
}
#: Kinds in the order of the page; a test holds it against the table.
SECTIONS: tuple[tuple[StrPromise, tuple[str, ...]], ...] = (
    (
        _("Your own care"),
        (
            "progress_note", "psychotherapy_note", "sud_counseling_note", "conjoint_own_note",
            "medical_note", "crisis_note", "contact_note", "couple_solo_note", "group_note",
            "group_roster", "plan_individual", "diagnosis", "toxicology", "medication",
            "safety_plan", "discharge_summary", "received_record",
        ),
    ),
    (
        _("What was asked"),
        ("screening", "ipv_screen", "live_screen", "clearance", "instrument",
         "dyadic_instrument", "inquiry"),
    ),
    (
        _("The two of you"),
        ("conjoint_note", "plan_couple", "agreement", "activity", "trust_discussion", "gratitude",
         "recovery_contract", "couple", "couple_episode"),
    ),
    (
        _("Your days"),
        ("checkin", "journal", "worksheet", "message_own", "message_couple"),
    ),
    (
        _("Times"),
        ("schedule_own", "schedule_joint", "attendance", "recording"),
    ),
    (
        _("Money"),
        ("insurance_card", "benefit", "authorization", "claim", "statement_eob"),
    ),
    (
        _("You, and what you signed"),
        ("person_profile", "contact_location", "episode", "care_team", "account_device", "consent",
         "consent_joint", "privacy_request"),
    ),
    (
        _("What the programme keeps"),
        ("disclosure_log", "audit_trail", "staff_task", "incident", "legal_demand", "breach"),
    ),
)  # fmt: skip
