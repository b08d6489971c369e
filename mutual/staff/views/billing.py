"""Billing: days with their reasons, claims, files; the rules live in `claims`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base.refusal import NotThere, Refused
from mutual.claims import actions, filing, queries
from mutual.claims.models import BillingIdentity
from mutual.people.recheck import rechecked
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


class IdentityForm(forms.ModelForm):  # type: ignore[type-arg]
    """The programme as payers and the clearinghouse know it."""

    class Meta:
        model = BillingIdentity
        fields = (
            "name", "npi", "tax_id", "taxonomy", "address", "city", "state", "postcode", "contact",
            "phone", "sender_id", "receiver_name", "receiver_id", "usage",
        )  # fmt: skip


@staff_only("biller")
@require_safe
def page(request: ActorRequest) -> HttpResponse:
    """Everything that waits."""
    return _page(request)


@staff_only("biller")
@require_POST
def check(request: ActorRequest) -> HttpResponse:
    """Check the days anew."""
    found = actions.capture_days(request.actor)
    count = sum(one.billable for one in found)
    messages.success(
        request,
        ngettext("Checked: %(n)d day can be billed.", "Checked: %(n)d days can be billed.", count)
        % {"n": count},
    )
    return redirect("staff-billing")


@staff_only("biller")
@require_POST
def claims(request: ActorRequest) -> HttpResponse:
    """Put what can be billed on claims."""
    made = actions.make_claims(request.actor)
    if made:
        words = ngettext("%(n)d claim is ready.", "%(n)d claims are ready.", len(made))
        messages.success(request, words % {"n": len(made)})
    else:
        messages.info(request, _("Nothing new can be billed. See what is held."))
    return redirect("staff-billing")


@staff_only("biller")
@require_POST
def file(request: ActorRequest) -> HttpResponse:
    """Build one file of the chosen claims; what holds it stands on the page."""
    try:
        wanted = [UUID(one) for one in request.POST.getlist("claim")]
    except ValueError:
        raise NotThere from None
    try:
        with transaction.atomic():
            chosen = queries.claims_of(request.actor, wanted)
            filing.build_file(request.actor, chosen)
    except filing.NothingLeft as held:
        return _page(request, status=422, problems=held.problems)
    except Refused as refused:
        return _page(request, status=422, refused=refused.text)
    messages.success(request, _("The file is built and checked. Download it below."))
    return redirect("staff-billing")


@staff_only("biller")
@rechecked
@require_safe
def download(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The bytes of a file, under a neutral name (P-51)."""
    row, data = filing.bytes_of(request.actor, public_id)
    return HttpResponse(
        data,
        content_type="text/plain; charset=us-ascii",
        headers={
            "Content-Disposition": f'attachment; filename="{row.name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@staff_only("biller")
@require_POST
def back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a claim back that is in no file."""
    (claim,) = queries.claims_of(request.actor, [public_id])
    actions.take_back(request.actor, claim)
    messages.success(request, _("Taken back: its days can be billed again."))
    return redirect("staff-billing")


@staff_only("biller")
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: ActorRequest) -> HttpResponse:
    """The programme's own numbers for claims."""
    row = BillingIdentity.objects.first()
    form = IdentityForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_identity(request.actor, dict(form.cleaned_data))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff-billing")
    status = 422 if form.errors else 200
    context = {"rail": "billing", "form": form}
    return render(request, "staff/billing/numbers.html", context, status=status)


def _page(request: ActorRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    context = {"rail": "billing", "page": queries.billing(request.actor)}
    return render(request, "staff/billing/page.html", context | given, status=status)
