"""Finding notes of one record by their words; what is sought travels in the body only (P-52)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mutual.base import zones
from mutual.record import words
from mutual.record.templates import KINDS
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import READERS, header
from mutual.wall.web import ActorRequest


class WordsForm(forms.Form):
    """What to look for."""

    q = forms.CharField(
        label=_("Words in the notes"),
        max_length=words.LONGEST,
        error_messages={"required": _("Type a word that stands in the note.")},
        help_text=_(
            "All the words, in any order and with any ending. Words in quotes stand together; a"
            " minus before a word leaves it out."
        ),
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*READERS)
def page(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """The notes of a lane in which the words stand."""
    head = header(request.actor, public_id, lane)
    row = head["row"]
    subject = row.id if lane == "ours" else row.partner(lane).person_id
    form = WordsForm(request.POST if request.method == "POST" else None)
    sought = form.is_valid()
    hits, more = (
        words.find(request.actor, subject, form.cleaned_data["q"]) if sought else ([], False)
    )
    context: dict[str, Any] = {
        **head,
        "form": form,
        "sought": sought,
        "hits": [_shown(hit) for hit in hits],
        "more": more,
    }
    status = 422 if form.is_bound and not sought else 200
    return render(request, "staff/couples/words.html", context, status=status)


def _shown(hit: words.Hit) -> dict[str, Any]:
    note = hit.note
    return {
        "href": reverse("staff-note", args=[note.public_id]),
        "title": KINDS[note.kind].word,
        "day": zones.day(note.starts_at, settings.PROGRAMME_ZONE),
        "draft": note.status != "signed",
        "pieces": hit.pieces,
    }
