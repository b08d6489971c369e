"""The list of couples and the page of one couple, lane by lane."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.plan import diagnoses
from mutual.record import couples as queries
from mutual.record.couples import CoupleRow, Event, LanePage
from mutual.record.queries import open_tabs
from mutual.record.templates import KINDS
from mutual.staff.gate import staff_only
from mutual.staff.views.diagnosis_form import DiagnosisForm, blank_fields
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest

READERS = (
    "couples_therapist", "counselor", "prescriber", "nurse", "supervisor", "director",
    "admissions", "group_leader",
)  # fmt: skip
#: Clinical minutes a week at level 2.1 (C-35).
GOAL = 540
SHOW = (
    ("", gettext_lazy("All")),
    ("go", gettext_lazy("Together: go")),
    ("not_yet", gettext_lazy("Not yet")),
    ("screening", gettext_lazy("Screening")),
    ("closed", gettext_lazy("Ended")),
)
#: A person's own pages beside the timeline: flag of `open_tabs`, icon, words, address.
PAGES = (
    ("screens", "clipboard-check", gettext_lazy("Screening"), "staff-screening"),
    ("level", "gauge", gettext_lazy("Level of care"), "staff-level"),
    ("forms", "clipboard-list", gettext_lazy("Forms"), "staff-forms"),
    ("insurance", "shield-check", gettext_lazy("Insurance"), "staff-insurance"),
    ("checkins", "sun", gettext_lazy("Check-ins"), "staff-check-ins"),
    ("worksheets", "notebook-pen", gettext_lazy("Worksheets"), "staff-worksheets"),
    ("safety", "life-buoy", gettext_lazy("Safety plan"), "staff-safety-plan"),
    ("medicines", "pill", gettext_lazy("Medicines"), "staff-medicines"),
    ("tests", "flask-conical", gettext_lazy("Tests"), "staff-tests"),
    ("incidents", "triangle-alert", gettext_lazy("Report an incident"), "staff-incident-new"),
)
PARTS = (
    ("", gettext_lazy("All")),
    ("sessions", gettext_lazy("Sessions")),
    ("notes", gettext_lazy("Notes")),
)


@require_safe
@staff_only(*READERS)
def listing(request: ActorRequest) -> HttpResponse:
    """All couples that the actor may see; filtered in the page, names never in the address."""
    show = request.GET.get("show", "")
    number = request.GET.get("page", "1")
    page = int(number) if number.isdigit() else 1
    rows, more = queries.couples(request.actor, show=show, page=page)
    today = timezone.localdate()
    return render(
        request,
        "staff/couples/list.html",
        {
            "rail": "couples",
            "rows": [(row, row.day(today)) for row in rows],
            "chips": [(words, f"?show={key}" if key else "?", key == show) for key, words in SHOW],
            "earlier": f"?show={show}&page={page - 1}" if page > 1 else "",
            "later": f"?show={show}&page={page + 1}" if more else "",
        },
    )


@require_safe
@staff_only(*READERS)
def first(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """To the lane in which the actor works: the shared record, else the only own one."""
    row = queries.couple(request.actor, public_id)
    tabs = open_tabs(request.actor, row.id, row.a.person_id, row.b.person_id)
    own = [lane for lane in ("a", "b") if lane in tabs]
    if len(own) == 1:
        return redirect("staff-couple-lane", public_id, own[0])
    for lane in ("ours", *own):
        if lane in tabs:
            return redirect("staff-couple-lane", public_id, lane)
    raise NotThere


@require_safe
@staff_only(*READERS)
def lane(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """One lane of a couple's page."""
    return _lane(request, public_id, lane)


@require_POST
@staff_only("counselor", "prescriber")
def diagnosis(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """Write down a diagnosis, or that one no longer stands; a refusal keeps what was typed."""
    head = header(request.actor, public_id, lane)
    if f"diagnose_{lane}" not in head["open"]:
        raise NotThere
    person_id = head["row"].partner(lane).person_id
    if request.POST.get("do") == "end":
        found = diagnoses.open_diagnosis(request.actor, person_id, request.POST.get("code", ""))
        diagnoses.end_diagnosis(request.actor, found, timezone.localdate())
        messages.success(request, _("Ended today. It stays in the record."))
        return redirect("staff-couple-lane", public_id, lane)
    form = DiagnosisForm(request.POST)
    if not form.is_valid():
        return _lane(request, public_id, lane, form, 422)
    try:
        diagnoses.record_diagnosis(
            request.actor,
            Person.objects.visible_to(request.actor).sole(id=person_id),
            **form.cleaned_data,
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
        return _lane(request, public_id, lane, form, 409)
    messages.success(request, _("Diagnosis written down."))
    return redirect("staff-couple-lane", public_id, lane)


def _lane(
    request: ActorRequest,
    public_id: UUID,
    lane: str,
    form: DiagnosisForm | None = None,
    status: int = 200,
) -> HttpResponse:
    head = header(request.actor, public_id, lane)
    row: CoupleRow = head["row"]
    part = request.GET.get("part", "")
    found = queries.lane(request.actor, row, lane)
    shown = [e for e in found.past if _fits(e, part)]
    open_ = head["open"]
    return render(
        request,
        "staff/couples/lane.html",
        {
            **head,
            "events": [_shown(e, lane) for e in shown],
            "ahead": _ahead(found),
            "chips": [(words, f"?part={key}" if key else "?", key == part) for key, words in PARTS],
            "may_note": _note_button(request.actor, row, lane),
            "plan_url": reverse("staff-plan", args=[public_id])
            if open_ & {"plan_a", "plan_ours", "plan_b"}
            else "",
            "room_url": _room(found),
            "diagnoses": diagnoses.diagnoses_of(request.actor, row.partner(lane).person_id)
            if f"diagnoses_{lane}" in open_
            else None,
            "may_diagnose": f"diagnose_{lane}" in open_,
            "diagnosis_form": form,
            "diagnosis_blank": blank_fields,
            "who": row.partner(lane).name,
            "links": _links(request.actor, row, lane, open_),
        },
        status=status,
    )


def _links(actor: Actor, row: CoupleRow, lane: str, flags: set[str]) -> list[tuple[str, str, str]]:
    """Where else this person's record goes on, as far as it is open: icon, words, address."""
    found = []
    if actor.has("admissions") and "screening" in (row.a.stage, row.b.stage):
        there = reverse("staff-admission", args=[row.public_id])
        found.append(("users-round", _("Care team and admission"), there))
    course = reverse("staff-course", args=[row.public_id, lane])
    if lane == "ours":
        agenda = reverse("staff-agenda", args=[row.public_id])
        return [
            *found,
            ("handshake", _("Agenda and agreements"), agenda),
            ("activity", _("Patterns and balance"), course),
        ]
    if f"hours_{lane}" in flags:
        found.append(("activity", _("Balance of hours"), course))
    public = row.partner(lane).public_id
    found += [
        (icon, str(words), reverse(name, args=[public]))
        for flag, icon, words, name in PAGES
        if public and f"{flag}_{lane}" in flags
    ]
    if actor.has("counselor") and f"leaving_{lane}" in flags:
        leave = reverse("staff-discharge", args=[row.public_id, lane])
        found.append(("door-open", _("Discharge"), leave))
    elif actor.has("director") and public:
        found.append(("door-open", _("End the stay"), reverse("staff-end-stay", args=[public])))
    return found


def header(actor: Actor, public_id: UUID, lane: str) -> dict[str, Any]:
    """What stands over every page of a couple's record; three queries.

    Raises:
        NotThere: if the couple or this lane isn't the actor's to see.
    """
    row = queries.couple(actor, public_id)
    tabs = open_tabs(actor, row.id, row.a.person_id, row.b.person_id)
    if lane not in tabs:
        raise NotThere
    seen = [p for p in (row.a, row.b) if f"hours_{p.side}" in tabs]
    people = [p.person_id for p in seen]
    minutes = queries.hours(actor, people, queries.this_monday(), known=people)
    today = timezone.localdate()
    return {
        "rail": "couples",
        "row": row,
        "lane": lane,
        "hue": {"a": "in-a", "b": "in-b"}.get(lane, ""),
        "day": row.day(today),
        "go": row.go if actor.has("couples_therapist") or lane == "ours" else None,
        "cards": [
            {
                "partner": p,
                "minutes": minutes.get(p.person_id, 0),
                "rings": p in seen,
                "goal": GOAL,
                "clock": zones.when(timezone.now(), p.zone) if p.zone else "",
            }
            for p in (row.a, row.b)
        ],
        "tabs": [
            (key, _("Ours") if key == "ours" else row.partner(key).name,
             reverse("staff-couple-lane", args=[public_id, key]))
            for key in queries.LANES if key in tabs
        ],
        "where": where(row, lane),
        "open": tabs,
    }  # fmt: skip


def where(row: CoupleRow, lane: str) -> tuple[str, str]:
    """In which record a page is, in words, and who reads it."""
    if lane == "ours":
        return (
            _("You are in their shared record."),
            _("Notes here are about both. Each can read them once both have signed."),
        )
    mine, other = (row.a, row.b) if lane == "a" else (row.b, row.a)
    return (
        _("You are in %(name)s’s own record.") % {"name": mine.name},
        _("%(name)s can read it. %(other)s reads only what %(name)s has signed to share.")
        % {"name": mine.name, "other": other.name},
    )


def _fits(event: Event, part: str) -> bool:
    if part == "sessions":
        return event.session is not None
    if part == "notes":
        return event.note is not None
    return True


def _shown(event: Event, lane: str) -> dict[str, Any]:
    note = event.note
    title = event.title or (KINDS[note.kind].word if note else "")
    chip, tone = "", ""
    if event.cancelled:
        chip = _("cancelled")
    elif note is not None and note.status == "signed":
        chip, tone = _("signed"), "ok"
    elif event.due or (note is not None and event.session is None):
        chip, tone = _("note due"), "warn"
    href = ""
    if note is not None and getattr(note, "opens", False):
        href = reverse("staff-note", args=[note.public_id])
    elif event.due and event.session:
        href = reverse("staff-notes-for", args=[event.session])
    detail = _("%(n)d min") % {"n": event.minutes}
    return {
        "day": zones.day(event.start, settings.PROGRAMME_ZONE),
        "time": zones.clock(event.start.astimezone(zones.zone(settings.PROGRAMME_ZONE))),
        "title": title,
        "detail": f"{detail} · {event.clinician}" if event.clinician else detail,
        "icon": "square-pen" if event.session is None else "user-round",
        "mark": "together" if lane == "ours" else "",
        "side": lane,
        "href": href,
        "chip": chip,
        "tone": tone,
    }


def _ahead(found: LanePage) -> list[tuple[str, str, str]]:
    zone = settings.PROGRAMME_ZONE
    rows = [(e.start, e.title, _("%(n)d min") % {"n": e.minutes}) for e in found.ahead]
    lines = [
        (f"{zones.day(at, zone)} {zones.clock(at.astimezone(zones.zone(zone)))}", title, detail)
        for at, title, detail in rows
    ]
    if found.review_due:
        lines.append((zones.day(found.review_due), _("Plan review"), _("due by then")))
    return lines


def _room(found: LanePage) -> str:
    soon = next((e for e in found.ahead if e.mine and e.session and not e.cancelled), None)
    return f"/staff/room/{soon.session}/" if soon else ""


def _note_button(actor: Actor, row: CoupleRow, lane: str) -> str:
    """The words of the button that starts a note of its own here; empty where none is theirs."""
    if lane == "ours" or not actor.has("counselor", "prescriber", "nurse", "couples_therapist"):
        return ""
    return _("Note for %(name)s") % {"name": row.partner(lane).name}
