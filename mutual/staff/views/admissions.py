"""The admissions board and one inquiry's page; the rules live in `episode`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mutual.base import typed
from mutual.base.forms import DayInput
from mutual.base.mail import send_invitation
from mutual.base.refusal import Refused
from mutual.base.states import CODES
from mutual.episode import actions
from mutual.episode import board as queries
from mutual.episode import inquiry as inquiries
from mutual.episode.actions.inviting import GOOD_FOR
from mutual.episode.models import BOARD, Inquiry
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

READERS = ("admissions", "director")
SHOW = (
    ("", gettext_lazy("All")),
    ("waiting", gettext_lazy("Waiting for an answer")),
    ("due", gettext_lazy("Next step due")),
)


class NextForm(forms.Form):
    """What comes next, and until when."""

    text = forms.CharField(label=gettext_lazy("Next step"), max_length=200, required=False)
    on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DayInput,
    )


class InviteForm(forms.Form):
    """The private address of one person."""

    email = forms.EmailField(
        label=gettext_lazy("Private email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class DeclineForm(forms.Form):
    """Why, and where they were pointed."""

    why = forms.CharField(label=gettext_lazy("Why, and where did you point them?"), max_length=200)


@staff_only(*READERS)
@require_safe
def board(request: ActorRequest) -> HttpResponse:
    """All columns; the filters stand in the address, names never do."""
    show = request.GET.get("show", "")
    state = request.GET.get("state", "")
    column = request.GET.get("column", "")
    show = show if show in dict(SHOW) else ""
    state = state if state in CODES else ""
    column = column if column in inquiries.STAGES else ""
    today = timezone.localdate(timezone=ZoneInfo(settings.PROGRAMME_ZONE))
    found = queries.board(request.actor, show=show, state=state, column=column, today=today)

    def href(**changed: str) -> str:
        wanted = {"show": show, "state": state, "column": column} | changed
        query = "&".join(f"{k}={v}" for k, v in wanted.items() if v)
        return f"?{query}" if query else reverse("staff-admissions")

    counts = {"": "", "waiting": found.waiting, "due": found.due}
    context = {
        "rail": "admissions",
        "board": found,
        "chips": [
            {"words": words, "href": href(show=key), "on": key == show, "count": counts[key]}
            for key, words in SHOW
        ],
        "states": sorted({c.inquiry.state for col in found.columns for c in col.cards} | {state}),
        "state": state,
        "show": show,
        "column": column,
        "whole": href(column=""),
        "today": today,
    }
    return render(request, "staff/admissions/board.html", context)


@staff_only(*READERS)
@require_safe
def inquiry(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One inquiry."""
    return _page(request, public_id)


def _page(
    request: ActorRequest, public_id: UUID, *, status: int = 200, **given: Any
) -> HttpResponse:
    page = queries.inquiry_page(request.actor, public_id)
    row = page.inquiry
    at = inquiries.OPEN.index(row.status) if row.status in inquiries.OPEN else -1
    following = inquiries.OPEN[at + 1] if 0 < at + 1 < len(inquiries.OPEN) else ""
    context: dict[str, Any] = {
        "rail": "admissions",
        "page": page,
        "inquiry": row,
        "stages": [words for key, words in BOARD if key != "declined"],
        "at": inquiries.STAGES.index(row.status) + 1,
        "following": (following, dict(BOARD)[following])
        if following not in ("", "contacted")
        else None,
        "moves": [
            (key, words)
            for key, words in BOARD
            if key in inquiries.OPEN[1:] and key not in (row.status, following)
        ],
        "next_form": NextForm(initial={"text": row.next_action, "on": row.next_on}),
        "invite_form": InviteForm(initial={"email": row.reach if row.safe_route == "mail" else ""}),
        "decline_form": DeclineForm(),
        "now": timezone.now(),
    }
    return render(request, "staff/admissions/inquiry.html", context | given, status=status)


def _do(
    request: ActorRequest,
    public_id: UUID,
    act: Callable[[Inquiry], str],
    form: forms.Form | None = None,
    name: str = "",
) -> HttpResponse:
    """Run an action on an inquiry; a refusal shows the page again with what was typed."""
    row = queries.inquiry_of(request.actor, public_id)
    if form is not None and not form.is_valid():
        return _page(request, public_id, status=422, **{name: form})
    try:
        # A savepoint: what a refusal comes after (a link whose mail failed) is undone.
        with transaction.atomic():
            said = act(row)
    except Refused as refusal:
        if form is not None and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.text)
            return _page(request, public_id, status=409, **{name: form})
        given = {name: form} if form is not None else {}
        return _page(request, public_id, status=409, refusal=refusal.text, **given)
    messages.success(request, said)
    return redirect("staff-inquiry", public_id)


@staff_only("admissions")
@require_POST
def contact(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Note that they were reached, or that nobody answered."""
    reached = request.POST.get("reached") == "yes"

    def act(row: Inquiry) -> str:
        inquiries.record_contact(request.actor, row, reached=reached)
        return _("Noted. The clock has stopped.") if reached else _("Noted: no answer.")

    return _do(request, public_id, act)


@staff_only("admissions")
@require_POST
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Move to another column."""
    to = request.POST.get("to", "")
    form = DeclineForm(request.POST) if to == "declined" else None

    def act(row: Inquiry) -> str:
        why = form.cleaned_data["why"] if form is not None else ""
        moved = inquiries.move_inquiry(request.actor, row, to, why=why)
        return _("Moved to “%(column)s”.") % {"column": moved.get_status_display()}

    return _do(request, public_id, act, form, "decline_form")


@staff_only("admissions")
@require_POST
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write down the next step."""
    form = NextForm(request.POST)

    def act(row: Inquiry) -> str:
        inquiries.plan_next(request.actor, row, form.cleaned_data["text"], form.cleaned_data["on"])
        return _("Next step saved.")

    return _do(request, public_id, act, form, "next_form")


@staff_only("admissions")
@require_POST
def link(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Join with the inquiry of the partner, by hand."""
    other = queries.inquiry_of(request.actor, typed.key(request.POST.get("other")))

    def act(row: Inquiry) -> str:
        inquiries.link_partners(request.actor, row, other)
        return _("%(a)s and %(b)s are linked.") % {"a": row.name, "b": other.name}

    return _do(request, public_id, act)


@staff_only("admissions")
@require_POST
def unlink(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Part two that were linked by mistake."""

    def act(row: Inquiry) -> str:
        inquiries.unlink_partners(request.actor, row)
        return _("They are two single inquiries again.")

    return _do(request, public_id, act)


@staff_only("admissions")
@require_POST
def invite(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Send one person a private link; the mail leaves before the invitation counts."""
    form = InviteForm(request.POST)

    def act(row: Inquiry) -> str:
        now = timezone.now()
        address = form.cleaned_data["email"]
        token = actions.invite(request.actor, row, address, now)
        path = reverse("portal-welcome", args=[token])
        try:
            send_invitation(
                address,
                request.build_absolute_uri(path),
                now + GOOD_FOR,
                row.language,
            )
        except OSError as error:
            raise Refused(
                _("The mail could not be sent, so no link was made. Try again in some minutes.")
            ) from error
        return _("A private link is on its way. It is good for 7 days.")

    return _do(request, public_id, act, form, "invite_form")


@staff_only("admissions")
@require_POST
def couple(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Both came by their own links: make them a couple here."""
    page = queries.inquiry_page(request.actor, public_id)
    other = page.partner

    def act(row: Inquiry) -> str:
        if other is None:
            raise Refused(_("Link the partner first."), rule="F-19")
        first, second = sorted((row, other), key=lambda i: i.received_at)
        actions.form_couple_of(request.actor, first, second)
        return _("They are a couple here. Next: screening of each, alone.")

    return _do(request, public_id, act)
