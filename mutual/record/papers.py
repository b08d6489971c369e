"""The record on paper: discharge summary and continuing recovery plan as PDF (P-51)."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mutual.base import zones
from mutual.base.documents import render_pdf
from mutual.people.lookups import staff_names
from mutual.record.discharge import summary
from mutual.record.models import DischargeSummary
from mutual.wall import audit
from mutual.wall.context import Actor


@lru_cache(maxsize=1)
def _paper() -> str:
    return (Path(__file__).parent / "typst" / "paper.typ").read_text("utf-8")


def summary_pdf(actor: Actor, public_id: UUID) -> bytes:
    """The discharge summary of one person; of the partner, one sentence (C-102).

    Raises:
        NotThere: if it isn't the actor's to read.
    """
    found = summary(actor, public_id)
    audit.note("print", "discharge_summary", found.person_id, found.facts_id)
    return render_pdf(_paper(), summary_words(found))


def recovery_pdf(actor: Actor, public_id: UUID) -> bytes:
    """The continuing recovery plan of one person (C-103).

    Raises:
        NotThere: if it isn't the actor's to read.
    """
    found = summary(actor, public_id)
    audit.note("print", "discharge_summary", found.person_id, found.facts_id)
    return render_pdf(_paper(), recovery_words(found))


def reasons() -> dict[str, str]:
    """Why an episode ends (C-31), in the reader's words."""
    return {
        "completed": _("Completed"),
        "transferred": _("Transferred"),
        "own_choice": _("Own choice"),
        "lost": _("Lost to contact"),
        "administrative": _("Administrative"),
        "died": _("Died"),
    }


def summary_words(found: DischargeSummary) -> dict[str, Any]:
    """Everything that the summary says, ready for the template."""
    said = found.content
    status = {"active": _("goes on"), "met": _("met"), "closed": _("closed")}
    minutes = int(said.get("minutes", 0))
    parts: list[dict[str, Any]] = [
        _part(_("Course of treatment"), text=said.get("course", "")),
        _part(
            _("Diagnoses"),
            items=[f"{code} {words}" for code, words in said.get("diagnoses", [])],
        ),
        _part(
            _("Progress by objective"),
            heads=[_("Objective"), _("How we know"), _("State")],
            rows=[[a, b, status.get(c, c)] for a, b, c in said.get("objectives", [])],
        ),
        _part(
            _("Measures"),
            heads=[_("Measure"), _("First"), _("Last")],
            rows=said.get("measures", []),
        ),
        _part(_("Medication"), text=said.get("medication", "")),
        _part(_("Risk"), text=said.get("risk", "")),
        _part(_("Referrals"), text=said.get("referrals", "")),
    ]
    if said.get("couple_work"):
        parts.append(_part(_("Couple work"), text=_("Couple work took place.")))
    return {
        **_head(found, _("Discharge summary")),
        "facts": [
            *_whose(found),
            [_("Admitted"), _day(said.get("admitted_on", ""))],
            [_("Discharged"), _day(said.get("closed_on", ""))],
            [_("Reason"), reasons().get(said.get("reason", ""), "–")],
            [_("Levels of care"), ", ".join(said.get("levels", [])) or "–"],
            [_("Clinical hours attended"), zones.duration(minutes)],
        ],
        "parts": [p for p in parts if p["text"] or p["items"] or p["rows"]],
    }


def recovery_words(found: DischargeSummary) -> dict[str, Any]:
    """Everything that the recovery plan says, ready for the template."""
    plan = found.recovery_plan
    zone = found.person.zone
    first = _moment(plan.get("appointment_at", ""), zone)
    visits = [f"{first}: {plan.get('appointment_with', '')}"]
    if plan.get("joint_at"):
        who = plan.get("joint_with", "") or _("couple follow-up")
        visits.append(f"{_moment(plan['joint_at'], zone)}: {who}")
    parts = [
        _part(_("First appointments"), items=visits if plan.get("appointment_at") else []),
        _part(_("What I go on doing"), text=plan.get("steps", "")),
        _part(_("Signs that tell me to ask for help"), text=plan.get("warning_signs", "")),
        _part(_("Who I can call"), text=plan.get("supports", "")),
        _part(_("At any hour"), text=_("Call or text 988. In danger, call 911.")),
    ]
    return {
        **_head(found, _("Continuing recovery plan")),
        "facts": _whose(found),
        "parts": [p for p in parts if p["text"] or p["items"]],
    }


def _head(found: DischargeSummary, title: str) -> dict[str, Any]:
    by = staff_names([found.facts.author_id]).get(found.facts.author_id, "")
    signed = found.facts.signed_at
    foot = (
        _("Signed by %(name)s, %(day)s.")
        % {"name": by, "day": zones.day(signed, settings.PROGRAMME_ZONE)}
        if signed
        else _("Draft, not signed.")
    )
    return {
        "lang": (get_language() or "en").split("-")[0],
        "title": title,
        "lead": settings.PROGRAMME_NAME,
        "foot": f"{foot} {redisclosure()}",
    }


def redisclosure() -> str:
    """What goes with a record protected by federal rules (2.32)."""
    return _("42 CFR part 2 prohibits unauthorized use or disclosure of these records.")


def _whose(found: DischargeSummary) -> list[list[str]]:
    person = found.person
    born = date_format(person.birth_date, "Y-m-d") if person.birth_date else "–"
    return [[_("Name"), str(person)], [_("Date of birth"), born]]


def _part(
    title: str,
    *,
    text: str = "",
    items: list[str] | None = None,
    heads: list[str] | None = None,
    rows: list[list[str]] | None = None,
) -> dict[str, Any]:
    lines = [[str(cell) for cell in row] for row in rows or []]
    return {
        "title": title,
        "text": text,
        "items": items or [],
        "heads": (heads or []) if lines else [],
        "rows": lines,
    }


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j M Y") if iso else "–"


def _moment(iso: str, zone: str) -> str:
    if not iso:
        return "–"
    at = datetime.fromisoformat(iso)
    return f"{zones.day(at, zone)} {zones.when(at, zone)}"
