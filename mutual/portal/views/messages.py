"""Two threads, in two colours, at two addresses; nothing moves between them (P-55)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base.refusal import NotThere, Refused
from mutual.daily import queries, readers, threads
from mutual.daily.actions import write_to_couple, write_to_own
from mutual.daily.actions.messages import LONGEST
from mutual.daily.queries import Self
from mutual.portal.crisis import plan_href
from mutual.portal.gate import partner_only, private
from mutual.wall.web import ActorRequest


class MessageForm(forms.Form):
    """A few words."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


def _therapists(me: Self) -> list[str]:
    if me.couple_id is None:
        raise NotThere
    return readers.thread_readers(me.couple_id, "couples_therapist")


def _counselors(me: Self) -> list[str]:
    return readers.thread_readers(me.person_id, "own_counselor")


@partner_only
def page(request: ActorRequest) -> HttpResponse:
    """The two doors; no content, no count, no date (P-48, P-68)."""
    me = queries.myself(request.actor)
    own, joint = _counselors(me), _therapists(me)
    context = {
        "tab": "messages",
        "own": own[0] if own else _("your counselor"),
        "joint": get_text_list([me.partner, *joint], _("and")),
        "plan_href": plan_href(),
    }
    return render(request, "portal/messages/page.html", context)


@private
def own(request: ActorRequest) -> HttpResponse:
    """The thread with one's own counselor."""
    me = queries.myself(request.actor)
    names = _counselors(me)
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_to_own(request.actor, form.cleaned_data["text"])
            messages.success(request, _("Sent."))
            return redirect("portal-messages-own")
        except Refused as refusal:
            form.add_error("text", refusal.text)
    return _thread(
        request,
        form,
        "mine",
        threads.own_thread(request.actor, me.person_id),
        [_("%(name)s, your counselor") % {"name": name} for name in names],
        names or [_("your counselor")],
    )


@partner_only
def ours(request: ActorRequest) -> HttpResponse:
    """The couple's thread with their couples therapist."""
    me = queries.myself(request.actor)
    if me.couple_id is None:
        raise NotThere
    names = [me.partner, *_therapists(me)]
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_to_couple(request.actor, form.cleaned_data["text"])
            messages.success(request, _("Sent."))
            return redirect("portal-messages-ours")
        except Refused as refusal:
            form.add_error("text", refusal.text)
    lines = threads.couple_thread(request.actor, me.couple_id)
    return _thread(request, form, "ours", lines, names, names)


def _thread(
    request: ActorRequest,
    form: MessageForm,
    kind: str,
    lines: list[threads.Line],
    read_by: list[str],
    send_to: list[str],
) -> HttpResponse:
    context: dict[str, Any] = {
        "tab": "messages",
        "kind": kind,
        "lines": lines,
        "form": form,
        "readers": read_by,
        "to": get_text_list(send_to, _("and")),
        "programme_name": settings.PROGRAMME_NAME,
    }
    return render(request, "portal/messages/thread.html", context)
