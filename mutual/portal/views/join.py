"""*Join*: confirm place and phone, three silent taps, then the room (C-78, P-75 to P-78)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base.headers import uses_camera
from mutual.base.refusal import Refused
from mutual.base.states import STATES
from mutual.people.lookups import staff_names
from mutual.portal.gate import partner_only, private
from mutual.privacy import forms as consents
from mutual.room import actions, doorway, queries, rules
from mutual.wall.web import ActorRequest

NEW = "*"


class PlaceForm(forms.Form):
    """Where somebody is this evening; places by the label they named, never by address (P-68)."""

    place = forms.ChoiceField(label=_("Where are you?"), widget=forms.RadioSelect)
    label = forms.CharField(
        label=_("A name for this place"),
        max_length=40,
        required=False,
        help_text=_("Such as “Place 2”. Only this name is shown next time."),
    )
    address = forms.CharField(
        label=_("Street, number and town"),
        max_length=200,
        required=False,
        help_text=_("Your clinician sees it, so that help can come. Your partner doesn’t."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", "—"), *STATES])
    near = forms.CharField(
        label=_("Who else is there?"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.ChoiceField(
        label=_("If the picture breaks, call me at"), widget=forms.RadioSelect
    )
    call_back = forms.CharField(
        label=_("Another number for this evening"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )  # fmt: skip
    emergency_confirmed = forms.BooleanField(
        label=_("My emergency contact is still right"), required=False
    )
    private_now = forms.ChoiceField(
        label=_("Are you in private now?"),
        help_text=_("Nobody can hear you or see your screen."),
        choices=[("yes", _("Yes")), ("no", _("Not now"))],
        widget=forms.RadioSelect,
    )
    headphones = forms.BooleanField(label=_("I use headphones"), required=False)

    def __init__(self, mine: doorway.MySession, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.known = doorway.my_places(actor)
        place: Any = self.fields["place"]
        place.choices = [
            *((label, gettext("%(place)s, still there") % {"place": _shown(label)})
              for label in self.places),
            (NEW, gettext("Another place")),
        ]  # fmt: skip
        phone: Any = self.fields["phone"]
        known = rules.ending(self.known)
        phone.choices = [
            *([("known", gettext("My number ending %(ends)s") % {"ends": known})] if known else []),
            (NEW, gettext("Another number")),
        ]
        if mine.kind.attendance == "together":
            # One question fewer where both sit at one screen (F-7).
            del self.fields["headphones"]

    def said(self) -> doorway.Place:
        """What was said, as the room takes it."""
        data = self.cleaned_data
        known = self.places.get(data["place"], {})
        return doorway.Place(
            label=data["place"] if known else data.get("label", ""),
            address=known.get("address") or data.get("address", ""),
            state=known.get("state") or data.get("state", ""),
            near=data.get("near", ""),
            call_back=self.known if data["phone"] == "known" else data.get("call_back", ""),
            emergency_confirmed=data.get("emergency_confirmed", False),
            private_now=data["private_now"] == "yes",
            headphones=data.get("headphones", False),
        )


def _shown(label: str) -> str:
    return gettext("Home") if label == "home" else label


def _mine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the own session; an own one opens with the PIN, a joint one and classes don't (P-68)."""

    @partner_only
    def found(request: ActorRequest, session: UUID) -> HttpResponse:
        mine = doorway.my_session(request.actor, session)

        def shown(again: ActorRequest) -> HttpResponse:
            return view(again, mine)

        return private(shown)(request) if mine.own else shown(request)

    return found


@uses_camera
@require_safe
@_mine
def join(request: ActorRequest, mine: doorway.MySession) -> HttpResponse:
    """Whatever comes next: the words of a closed door, a question, or the room."""
    now = timezone.now()
    door = mine.door(now)
    if door != "open":
        return _page(request, mine, "door", {"door": door, "opens": mine.start - rules.WAKES})
    if doorway.held(mine, now):
        return _held(request, mine)
    step = doorway.step(request.actor, mine, now)
    if step == "room":
        return _room(request, mine)
    if step == "confirm" or (request.GET.get("again") and step in ("unlicensed", "not_private")):
        return _place(request, mine, PlaceForm(mine, request.actor))
    if step == "taps":
        return _page(request, mine, "taps", {})
    more: dict[str, Any] = {"step": step}
    if step == "consents":
        more["titles"] = [consents.get(code).title for code in doorway.lacking(mine, now)]
    if step == "unlicensed":
        clinician = mine.session.clinician_id
        more["clinician"] = staff_names([clinician]).get(clinician, "")
    return _page(request, mine, "stop", more)


@uses_camera
@require_http_methods(["GET", "HEAD", "POST"])
@_mine
def place(request: ActorRequest, mine: doorway.MySession) -> HttpResponse:
    """Confirm where one is; also again, after moving."""
    if mine.door(timezone.now()) != "open":
        return redirect("portal-join", mine.session.public_id)
    form = PlaceForm(mine, request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_place(request.actor, mine, form.said())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
        else:
            return redirect("portal-join", mine.session.public_id)
    return _place(request, mine, form, 422 if request.method == "POST" else 200)


@require_POST
@_mine
def taps(request: ActorRequest, mine: doorway.MySession) -> HttpResponse:
    """A silent tap, or on; the answer is the same whatever was tapped (P-78)."""
    what = request.POST.get("tap", "")
    if what == "on":
        actions.taps_done(request.actor, mine)
    else:
        actions.tap(request.actor, mine, what)
    if request.headers.get("accept") == "application/json":
        return HttpResponse(status=204)
    return redirect("portal-join", mine.session.public_id)


def _held(request: ActorRequest, mine: doorway.MySession) -> HttpResponse:
    words = queries.held_sentence(request.actor)
    return _page(request, mine, "held", {"words": words})


def _place(
    request: ActorRequest, mine: doorway.MySession, form: PlaceForm, status: int = 200
) -> HttpResponse:
    return _page(request, mine, "place", {"form": form}, status)


def _room(request: ActorRequest, mine: doorway.MySession) -> HttpResponse:
    return _page(request, mine, "room", {})


def _page(
    request: ActorRequest, mine: doorway.MySession, name: str, more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    return render(
        request,
        f"portal/join/{name}.html",
        {"tab": "today", "mine": mine, "address": mine.session.public_id, **more},
        status=status,
    )
