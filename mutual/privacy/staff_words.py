"""Kinds, actions and relations in words for staff: the officer's screens, emergencies, shifts."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

KIND_NAMES: dict[str, StrPromise] = {
    "progress_note": _("Progress notes"),
    "psychotherapy_note": _("Psychotherapy notes"),
    "sud_counseling_note": _("SUD counseling notes"),
    "conjoint_own_note": _("Own-chart notes of shared sessions"),
    "medical_note": _("Medical notes"),
    "crisis_note": _("Crisis notes"),
    "contact_note": _("Notes of calls and contacts"),
    "conjoint_note": _("Notes of shared sessions"),
    "couple_solo_note": _("Notes of talks with the couples therapist alone"),
    "group_note": _("Group notes"),
    "group_roster": _("Group rosters"),
    "plan_individual": _("Individual treatment plans"),
    "plan_couple": _("Couple treatment plans"),
    "screening": _("Screening"),
    "ipv_screen": _("Safety questions asked in person"),
    "live_screen": _("Questions asked in person"),
    "clearance": _("Clearance for shared sessions"),
    "instrument": _("Questionnaires"),
    "dyadic_instrument": _("Questionnaires about the relationship"),
    "toxicology": _("Tests"),
    "medication": _("Medicines"),
    "message_own": _("Messages with the own team"),
    "message_couple": _("Messages of a couple with its therapist"),
    "checkin": _("Daily check-ins"),
    "journal": _("Journals"),
    "worksheet": _("Worksheets"),
    "agreement": _("Agreements of couples"),
    "activity": _("Shared activities"),
    "trust_discussion": _("Daily trust talks"),
    "gratitude": _("Appreciation"),
    "person_profile": _("Names and profiles"),
    "couple": _("Couples"),
    "episode": _("Episodes of care"),
    "couple_episode": _("Episodes of couples"),
    "care_team": _("Care teams"),
    "diagnosis": _("Diagnoses"),
    "authorization": _("Authorizations"),
    "benefit": _("Coverage"),
    "discharge_summary": _("Discharge summaries"),
    "staff_task": _("Tasks of staff"),
    "inquiry": _("Inquiries"),
    "incident": _("Incident reports"),
    "recovery_contract": _("Recovery contracts"),
    "schedule_own": _("Own sessions"),
    "schedule_joint": _("Shared sessions"),
    "attendance": _("Attendance"),
    "insurance_card": _("Insurance cards"),
    "claim": _("Claims"),
    "statement_eob": _("Statements"),
    "safety_plan": _("Safety plans"),
    "contact_location": _("How to reach them, where they are, emergency contact"),
    "consent": _("Consents"),
    "consent_joint": _("Agreements of both"),
    "disclosure_log": _("Disclosures"),
    "audit_trail": _("The trail itself"),
    "account_device": _("Sign-in and devices"),
    "recording": _("Recordings (there are none)"),
    "privacy_request": _("Requests about records"),
    "legal_demand": _("Legal demands"),
    "breach": _("Breaches"),
    "received_record": _("Records from elsewhere"),
    "on_call": _("Shifts on call"),
    "break_glass": _("Emergency access"),
    "conflict": _("Conflicts of interest"),
    "vendor": _("Firms"),
    "billing_identity": _("Numbers for billing"),
    "payer_terms": _("Terms of payers"),
}
ACTION_NAMES: dict[str, StrPromise] = {
    "read": _("Read"),
    "refused": _("Refused"),
    "write": _("Wrote"),
    "sign": _("Signed"),
    "print": _("Printed"),
    "export": _("Took a copy"),
    "disclosure": _("Let out"),
    "consent": _("Consent"),
    "revoke": _("Consent taken back"),
    "grant": _("Right given or ended"),
    "break-glass": _("Emergency access"),
    "setting": _("Setting"),
    "search": _("Searched"),
    "sign-in": _("Signed in"),
    "sign-out": _("Signed out"),
    "sign-in failed": _("Sign-in failed"),
    "account": _("Account changed"),
    "job": _("Background work"),
    "feed": _("Calendar feed opened"),
    "admit": _("Let into a room"),
    "put out": _("Put out of a room"),
    "lock": _("Room locked"),
    "unlock": _("Room opened"),
    "aside": _("Spoke aside"),
    "together": _("Together again"),
}
RELATION_NAMES: dict[str, StrPromise] = {
    "self": _("own record"),
    "partner": _("partner"),
    "own_counselor": _("own counselor"),
    "partner_counselor": _("partner's counselor"),
    "couples_therapist": _("couples therapist"),
    "leader": _("group leader"),
    "member": _("group member"),
    "prescriber": _("prescriber"),
    "nurse": _("nurse"),
    "admissions": _("admissions"),
    "biller": _("billing"),
    "supervisor": _("supervisor"),
    "director": _("director"),
    "auditor": _("auditor"),
    "sysadmin": _("system's administrator"),
    "care_coordinator": _("care coordinator"),
    "privacy_officer": _("privacy officer"),
    "on_call": _("on call"),
    "break_glass": _("emergency"),
}


def kind_name(kind: str) -> str:
    """A kind for staff; what has none, where somebody was refused, is a page by its name."""
    known = KIND_NAMES.get(kind)
    return str(known) if known else _page(kind)


def _page(name: str) -> str:
    return gettext("the page %(name)s") % {"name": name} if "-" in name else name


def action_name(action: str) -> str:
    """What was done, for staff."""
    return str(ACTION_NAMES.get(action, action))


def under_names(under: str | None) -> str:
    """By which rights somebody read, for staff; empty for none."""
    return ", ".join(str(RELATION_NAMES.get(one, one)) for one in (under or "").split())
