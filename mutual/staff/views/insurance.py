"""A person's insurance: card, what the payer said, units, the next two weeks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.claims.estimates import first_weeks
from mutual.coverage import actions, queries
from mutual.coverage.models import Authorization, InsuranceCard, Payer, PayerTerms
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

KEEPERS = ("admissions", "biller")


class CardForm(forms.ModelForm):  # type: ignore[type-arg]
    """The card as it is printed, and the address as the plan has it."""

    payer_name = forms.CharField(label=gettext_lazy("Insurance company"), max_length=60)
    payer_number = forms.CharField(
        label=gettext_lazy("Electronic payer number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Only for a company that isn't on file yet."),
    )

    class Meta:
        model = InsuranceCard
        fields = (
            "plan_name", "member_id", "group_number", "relationship", "holder_given",
            "holder_family", "holder_birth", "holder_sex", "address", "city", "state", "postcode",
            "active_from", "self_pay_since",
        )  # fmt: skip
        widgets = dict.fromkeys(("holder_birth", "active_from", "self_pay_since"), DayInput)

    field_order = ("payer_name", "payer_number")


class AuthorizationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the payer allowed, as its letter says."""

    class Meta:
        model = Authorization
        fields = ("number", "units", "used", "first_day", "last_day")
        widgets = dict.fromkeys(("first_day", "last_day"), DayInput)


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the contract says from a day on; empty means that it isn't known."""

    since = forms.DateField(label=gettext_lazy("Since"), widget=DayInput)

    class Meta:
        model = PayerTerms
        fields = (
            "in_network", "minimum_minutes", "filing_days", "authorization", "charge", "allowed",
            "allowed_low", "allowed_high", "source",
        )  # fmt: skip

    field_order = ("since",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("minimum_minutes", "filing_days", "charge", "allowed", "allowed_low",
                     "allowed_high"):  # fmt: skip
            self.fields[name].required = False


@staff_only(*KEEPERS)
@require_safe
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Everything about one person's insurance."""
    return _page(request, public_id)


@staff_only(*KEEPERS)
@require_POST
def card(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Keep the card."""
    person = queries.person_of(request.actor, public_id)
    form = CardForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                payer = Payer.objects.filter(name__iexact=given["payer_name"].strip()).first()
                if payer is None:
                    if not given["payer_number"]:
                        raise Refused(
                            _("This company isn't on file yet: type its electronic number."),
                            field="payer_number",
                        )
                    payer = actions.add_payer(
                        request.actor, given["payer_name"].strip(), given["payer_number"]
                    )
                actions.save_card(request.actor, person, payer, given)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff-insurance", public_id)
    return _page(request, public_id, status=422, card_form=form)


@staff_only(*KEEPERS)
@require_POST
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Import a payer's answer; a refusal stands beside the file box."""
    person = queries.person_of(request.actor, public_id)
    given = request.FILES.get("file")
    try:
        if given is None:
            raise Refused(_("Choose the payer's file first."), field="file")
        if (given.size or 0) > actions.MOST_BYTES:
            raise Refused(_("The file is too large for an answer."), rule="B-6", field="file")
        with transaction.atomic():
            actions.import_271(request.actor, person, given.read(), given.name or "")
    except Refused as refused:
        return _page(request, public_id, status=422, file_error=refused.text)
    messages.success(request, _("The payer's answer is imported."))
    return redirect("staff-insurance", public_id)


@staff_only("biller")
@require_POST
def authorization(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Note an authorization."""
    person = queries.person_of(request.actor, public_id)
    known = queries.insurance(request.actor, person.id)
    form = AuthorizationForm(request.POST)
    if known.card is None:
        return _page(request, public_id, status=422, authorization_form=form)
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.add_authorization(
                    request.actor, person, known.card.payer, **form.cleaned_data
                )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff-insurance", public_id)
    return _page(request, public_id, status=422, authorization_form=form)


@staff_only("biller")
@require_POST
def terms(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """New terms of this person's payer from a day on."""
    person = queries.person_of(request.actor, public_id)
    known = queries.insurance(request.actor, person.id)
    form = TermsForm(request.POST)
    if known.card is not None and form.is_valid():
        said = dict(form.cleaned_data)
        since, source = said.pop("since"), said.pop("source")
        try:
            actions.set_terms(request.actor, known.card.payer, since, source, **said)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff-insurance", public_id)
    return _page(request, public_id, status=422, terms_form=form)


def _page(
    request: ActorRequest, public_id: UUID, *, status: int = 200, **given: Any
) -> HttpResponse:
    actor = request.actor
    person = queries.person_of(actor, public_id)
    known = queries.insurance(actor, person.id)
    first = {"active_from": timezone.localdate()}
    context = {
        "rail": "billing" if actor.has("biller") else "admissions",
        "person": person,
        "known": known,
        "biller": actor.has("biller"),
        "weeks": first_weeks(actor, person.id, known=known),
        "card_form": CardForm(
            instance=known.card,
            initial={"payer_name": known.card.payer.name} if known.card else first,
        ),
        "authorization_form": AuthorizationForm(),
        "terms_form": TermsForm(
            instance=known.terms, initial={"since": timezone.localdate(), "source": ""}
        ),
        "today": timezone.localdate(),
    }
    return render(request, "staff/insurance/page.html", context | given, status=status)
