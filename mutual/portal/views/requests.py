"""How my record was shared, and what I ask about it: behind the PIN (P-35, P-40 to P-43)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.documents import document_name, pdf_response, render_pdf
from mutual.base.refusal import Refused
from mutual.portal.gate import private
from mutual.portal.views.accounts import refused
from mutual.privacy import accounting, requests
from mutual.privacy.models.requests import KINDS
from mutual.record import release
from mutual.wall.web import ActorRequest

PAPER = """
= #data.title
#facts(data.facts)
#for part in data.parts [ #par(part) ]
#if data.rows.len() > 0 [
  #table(
    columns: (auto, 1fr, 1.4fr, 1fr, 1fr),
    stroke: 0.5pt + rgb("#c8ccd2"),
    inset: 6pt,
    table.header(..data.heads.map(head => strong(head))),
    ..data.rows.flatten()
  )
]
"""


class AskForm(forms.Form):
    """What one asks."""

    kind = forms.ChoiceField(
        label=_("What do you ask for"), choices=KINDS, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What it is about"),
        help_text=_("For a correction: what is written, and what it should say."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        required=False,
    )
    form = forms.ChoiceField(
        label=_("If you ask for a copy"),
        choices=[("pdf", _("To read and print")), ("json", _("As data, for another system"))],
        widget=forms.RadioSelect,
        initial="pdf",
    )
    self_pay = forms.BooleanField(
        label=_("I pay in full by myself: tell my health plan nothing"), required=False
    )


@private
def shared(request: ActorRequest) -> HttpResponse:
    """Every disclosure of one's own: when, to whom, what, why, on what ground (P-35)."""
    rows = accounting.my_disclosures(request.actor)
    return render(request, "portal/requests/shared.html", {"tab": "me", "rows": rows})


@private
def shared_copy(request: ActorRequest) -> HttpResponse:
    """The same list as a document with a neutral name (P-51)."""
    rows = accounting.my_disclosures(request.actor)
    lang = (get_language() or "en").split("-")[0]
    return pdf_response(render_pdf(PAPER, accounting.paper_words(request.actor, rows, lang)))


@private
def listing(request: ActorRequest) -> HttpResponse:
    """What one asked, with the clock of each, and a form to ask."""
    form = AskForm(request.POST or None, initial={"form": "pdf"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = requests.ask(
                request.actor, given["kind"], given["words"], form=given["form"],
                self_pay=given["self_pay"],
            )  # fmt: skip
            messages.success(request, gettext("Sent. You find the answer here."))
            return redirect("portal-request", made.public_id)
        except Refused as refusal:
            refused(form, refusal)
    context = {"tab": "me", "form": form, "lines": requests.mine(request.actor)}
    return render(request, "portal/requests/list.html", context)


@private
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One request: its clock, its answer, and what one can still do."""
    row = requests.own(request.actor, public_id)
    error = ""
    if request.method == "POST":
        try:
            return _act(request, public_id)
        except Refused as refusal:
            error = refusal.text
    context: dict[str, Any] = {
        "tab": "me",
        "line": requests.line_of(row, timezone.localdate()),
        "row": row,
        "ground": requests.GROUNDS.get(row.ground, ""),
        "may_review": row.state == "denied"
        and row.ground in requests.REVIEWABLE
        and not row.review_asked_at,
        "prepared": requests.prepared_text(request.actor, row),
        "error": error,
    }
    return render(request, "portal/requests/one.html", context)


def _act(request: ActorRequest, public_id: UUID) -> HttpResponse:
    what = request.POST.get("do", "")
    if what == "take_back":
        requests.take_back(request.actor, public_id)
        messages.success(request, gettext("Taken back."))
    elif what == "review":
        requests.ask_review(request.actor, public_id)
        messages.success(request, gettext("Another professional will look at it."))
    elif what == "statement":
        requests.add_statement(request.actor, public_id, request.POST.get("statement", ""))
        messages.success(request, gettext("Kept. It goes along with your record."))
    return redirect("portal-request", public_id)


@private
def copy(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The copy of one's record, once agreed; a neutral name, kept nowhere (P-40, P-51)."""
    kind, content = release.own_copy(request.actor, public_id)
    answer = pdf_response(content)
    if kind == "application/json":
        answer = HttpResponse(content, content_type=kind)
        name = document_name().replace(".pdf", ".json")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        answer["X-Content-Type-Options"] = "nosniff"
    return answer
