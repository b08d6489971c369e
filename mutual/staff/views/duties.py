"""The privacy officer's duties: legal demands, breaches, vendors (P-30, P-34, P-36)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.documents import pdf_response, render_pdf
from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.privacy import answering, legal
from mutual.privacy import breaches as register
from mutual.privacy import vendors as agreements
from mutual.privacy.exits import EXITS
from mutual.privacy.forms_outside import OUTSIDE_KINDS
from mutual.privacy.models import Breach, Consent, LegalDemand, LegalHold, Vendor
from mutual.privacy.words import KIND_WORDS
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

LETTER = """
= #data.title
#facts(data.facts)
#for part in data.parts [ #par(part) ]
"""


def show_refusal(form: forms.BaseForm, refusal: Refused) -> bool:
    """Put a refusal beside its field, or over the form; what was typed stays."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    return True


class DemandForm(forms.ModelForm):  # type: ignore[type-arg]
    """What came."""

    ordered_kinds = forms.MultipleChoiceField(
        label=_("What the court ordered"),
        help_text=_("Only for a court order under 42 CFR Part 2."),
        choices=[(k, KIND_WORDS[k]) for k in OUTSIDE_KINDS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = LegalDemand
        fields = (
            "form", "name_asked", "sender", "received_on", "asks_for", "part2_order", "compelled",
        )  # fmt: skip
        widgets = {"received_on": DayInput, "asks_for": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012


class BreachForm(forms.Form):
    """What happened."""

    what = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}))
    discovered_on = forms.DateField(label=_("Discovered on"), widget=DayInput)
    people = forms.MultipleChoiceField(
        label=_("Whom it touched"),
        help_text=_("People stand here under the name they signed with."),
        widget=forms.CheckboxSelectMultiple,
    )
    by_partner = forms.BooleanField(label=_("A partner looked"), required=False)

    def __init__(self, names: dict[Any, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(((str(k), v) for k, v in names.items()), key=lambda p: p[1].casefold())
        self.fields["people"].choices = choices  # type: ignore[attr-defined]


class AssessForm(forms.ModelForm):  # type: ignore[type-arg]
    """The four factors (164.402(2))."""

    low_risk = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("no", _("A breach: people must be told")),
            ("yes", _("Low probability in all four: no breach")),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Breach
        fields = register.FACTORS


class ReportForm(forms.Form):
    """When others were told."""

    hhs = forms.DateField(label=_("HHS told on"), widget=DayInput, required=False)
    press = forms.DateField(label=_("Media told on"), widget=DayInput, required=False)


class VendorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A firm and its agreements."""

    class Meta:
        model = Vendor
        fields = ("name", "connection", "qso_until", "baa_until")
        widgets = {"qso_until": DayInput, "baa_until": DayInput}  # noqa: RUF012

    def validate_unique(self) -> None:
        """A line that has a firm is written anew."""


@staff_only("privacy_officer")
def page(request: ActorRequest) -> HttpResponse:
    """All duties at a glance, what is short of time first; and every way out."""
    lines = answering.queue(request.actor)
    waits = [x for x in lines if x.row.state == "open" or x.waits_for_review]
    context = {
        "rail": "privacy",
        "requests": waits[:8],
        "demands": legal.demands(request.actor)[:8],
        "breaches": [b for b in register.register(request.actor) if b.row.closed_at is None],
        "vendors": [(v, agreements.is_on(v)) for v in Vendor.objects.order_by("connection")],
        "exits": EXITS.values(),
    }
    return render(request, "staff/duties/page.html", context)


@staff_only("privacy_officer")
def demands(request: ActorRequest) -> HttpResponse:
    """Legal demands, and a form to write one down (P-30)."""
    form = DemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = legal.log_demand(request.actor, **form.cleaned_data)
            messages.success(request, gettext("Saved and judged."))
            return redirect("staff-demand", made.public_id)
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {"rail": "privacy", "rows": legal.demands(request.actor), "form": form}
    return render(request, "staff/duties/demands.html", context)


@staff_only("privacy_officer")
def demand(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One demand: what it rests on, what may go, its hold and its letter."""
    row = legal.demand(request.actor, public_id)
    if request.method == "POST":
        if request.POST.get("do") == "answered":
            legal.answer_demand(request.actor, row)
        elif request.POST.get("do") == "lift" and row.person_id:
            legal.lift(request.actor, row.person_id)
        messages.success(request, gettext("Saved."))
        return redirect("staff-demand", public_id)
    held = (
        row.person_id is not None
        and LegalHold.objects.visible_to(request.actor)
        .filter(person_id=row.person_id, lifted_at__isnull=True)
        .exists()
    )
    context = {
        "rail": "privacy",
        "row": row,
        "held": held,
        "kinds": [KIND_WORDS[k] for k in row.ordered_kinds],
    }
    return render(request, "staff/duties/demand.html", context)


@staff_only("privacy_officer")
def letter(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The answer that neither confirms nor denies; the same for everybody (2.13(c))."""
    row = legal.demand(request.actor, public_id)
    lang = (get_language() or "en").split("-")[0]
    words = legal.letter_words(row, settings.PROGRAMME_NAME)
    return pdf_response(render_pdf(LETTER, {"lang": lang, **words}))


@staff_only("privacy_officer", "director")
def breaches(request: ActorRequest) -> HttpResponse:
    """The register, and a form to open a line (P-36)."""
    officer = request.actor.has("privacy_officer")
    rows = Consent.objects.visible_to(request.actor).order_by("signed_at")
    names = dict(rows.values_list("person_id", "signed_name")) if officer else {}
    form = BreachForm(names, request.POST or None)
    if request.method == "POST" and officer and form.is_valid():
        given = form.cleaned_data
        try:
            made = register.log_breach(
                request.actor, given["what"], given["discovered_on"],
                [UUID(key) for key in given["people"]], by_partner=given["by_partner"],
            )  # fmt: skip
            messages.success(request, gettext("Saved."))
            return redirect("staff-breach", made.public_id)
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {
        "rail": "privacy" if officer else "programme",
        "lines": register.register(request.actor),
        "form": form if officer else None,
    }
    return render(request, "staff/duties/breaches.html", context)


@staff_only("privacy_officer", "director")
def breach(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One breach: assessment, who was told, HHS and media."""
    line = register.one(request.actor, public_id)
    do = request.POST.get("do", "")
    factors = {name: getattr(line.row, name) for name in register.FACTORS}
    assess = AssessForm(request.POST if do == "assess" else None, initial=factors)
    report = ReportForm(request.POST if do == "report" else None)
    error = ""
    if request.method == "POST":
        try:
            if do == "assess" and assess.is_valid():
                given = assess.cleaned_data
                register.assess(request.actor, line.row, given, given["low_risk"] == "yes")
            elif do == "tell":
                register.tell_people(request.actor, line.row)
            elif do == "report" and report.is_valid():
                given = report.cleaned_data
                register.report_on(request.actor, line.row, hhs=given["hhs"], media=given["press"])
            elif do == "close":
                register.close(request.actor, line.row)
            if not (assess.errors or report.errors):
                messages.success(request, gettext("Saved."))
                return redirect("staff-breach", public_id)
        except Refused as refusal:
            error = refusal.text
    context = {
        "rail": "privacy" if request.actor.has("privacy_officer") else "programme",
        "line": line,
        "assess": assess,
        "report": report,
        "error": error,
        "today": timezone.localdate(),
    }
    return render(request, "staff/duties/breach.html", context)


@staff_only("privacy_officer", "director")
def vendors(request: ActorRequest) -> HttpResponse:
    """Firms, their agreements, and the switch of each line (P-34)."""
    do = request.POST.get("do", "")
    form = VendorForm(request.POST if do == "write" else None)
    error = ""
    if request.method == "POST":
        try:
            if do == "write" and form.is_valid():
                given = form.cleaned_data
                agreements.write_vendor(
                    request.actor, given["name"], given["connection"], given["qso_until"],
                    given["baa_until"],
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return redirect("staff-vendors")
            if do in ("on", "off"):
                row = Vendor.objects.filter(connection=request.POST.get("vendor", "")).first()
                if row is not None:
                    agreements.switch(request.actor, row, do == "on")
                return redirect("staff-vendors")
        except Refused as refusal:
            if do == "write":
                show_refusal(form, refusal)
            else:
                error = refusal.text
    context = {
        "rail": "privacy" if request.actor.has("privacy_officer") else "programme",
        "rows": [(v, agreements.is_on(v)) for v in Vendor.objects.order_by("connection")],
        "form": form,
        "error": error,
    }
    return render(request, "staff/duties/vendors.html", context)
