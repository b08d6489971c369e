"""A person's medicines: the list, orders with what the law asks first, naloxone (C-84, C-90)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mutual.base import typed
from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.record import medicine_rules as rules
from mutual.record import medicines
from mutual.record.medicines import Order
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


def _date(label: Any, **more: Any) -> forms.DateField:
    widget = DayInput()
    return forms.DateField(label=label, widget=widget, **more)


class MedicineForm(forms.Form):
    """What every entry of the list has."""

    use_required_attribute = False

    substance = forms.ChoiceField(label=gettext_lazy("Medicine"))
    name = forms.CharField(
        label=gettext_lazy("Name and strength"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    directions = forms.CharField(
        label=gettext_lazy("How it is taken"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substance: Any = self.fields["substance"]
        substance.choices = [(key, one.word) for key, one in rules.SUBSTANCES.items()]


class OrderForm(MedicineForm):
    """An order; the checklist of each medicine stands below its name (C-93)."""

    days = forms.IntegerField(label=gettext_lazy("Days of supply"), min_value=1, max_value=365)
    path = forms.ChoiceField(
        label=gettext_lazy("Lawful path of a controlled medicine"), required=False
    )
    checked = forms.MultipleChoiceField(
        label=gettext_lazy("Confirmed"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        path: Any = self.fields["path"]
        path.choices = [("", "–"), *((key, _(words)) for key, words in rules.PATHS.items())]
        checked: Any = self.fields["checked"]
        checked.choices = [
            (f"{key}.{item}", f"{one.word}: {_(words)}")
            for key, one in rules.SUBSTANCES.items()
            for item, words in one.checklist
        ]

    def order(self) -> Order:
        """What was sent, as the record takes it."""
        said = self.cleaned_data
        mine = f"{said['substance']}."
        return Order(
            substance=said["substance"],
            name=said["name"],
            directions=said["directions"],
            days=said["days"],
            checked=tuple(c.removeprefix(mine) for c in said["checked"] if c.startswith(mine)),
            path=said["path"],
        )


class ToldForm(MedicineForm):
    """What the person says they take."""

    since = _date(gettext_lazy("Since"), initial=timezone.localdate)


class QueryForm(forms.Form):
    """A look into the monitoring program (C-92)."""

    answered = forms.ChoiceField(
        label=gettext_lazy("The program"),
        choices=[
            ("yes", gettext_lazy("answered; the past year was looked at")),
            ("no", gettext_lazy("could not be reached")),
        ],
        widget=forms.RadioSelect,
    )


class KitForm(forms.Form):
    """Naloxone, offered to everyone (C-84)."""

    taken = forms.ChoiceField(
        label=gettext_lazy("Offered, and the person"),
        choices=[("yes", gettext_lazy("has a kit")), ("no", gettext_lazy("declined for now"))],
        widget=forms.RadioSelect,
    )
    expires_on = _date(gettext_lazy("The kit is good until"), required=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("prescriber", "nurse", "counselor", "couples_therapist", "supervisor")
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The list, and for prescriber and nurse what they may add; a refusal keeps what was typed."""
    person = medicines.person_with_medicines(request.actor, public_id)
    keeps = medicines.may_write(person)
    does = request.POST.get("do", "") if request.method == "POST" else ""
    if does and not keeps:
        raise NotThere
    bound = {
        "order": OrderForm(request.POST if does == "order" else None, prefix="order"),
        "told": ToldForm(request.POST if does == "told" else None, prefix="told"),
        "query": QueryForm(request.POST if does == "query" else None, prefix="query"),
        "kit": KitForm(request.POST if does == "kit" else None, prefix="kit"),
    }
    status = 200
    if does:
        refusal = _do(request, person, does, bound)
        if refusal is None:
            return redirect("staff-medicines", public_id)
        status = 422
        if does == "stop":
            messages.warning(request, refusal)
            return redirect("staff-medicines", public_id)
    lines = medicines.medicines_of(request.actor, person)
    return render(
        request,
        "staff/safety/medicines.html",
        {
            "rail": "couples",
            "person": person,
            "running": [line for line in lines if line.running],
            "ended": [line for line in lines if not line.running],
            "keeps": keeps,
            "orders": keeps and request.actor.has("prescriber"),
            "forms": bound,
            "kit": medicines.naloxone_of(request.actor, person),
            "query": medicines.last_query(request.actor, person),
        },
        status=status,
    )


def _do(request: ActorRequest, person: Person, does: str, bound: dict[str, Any]) -> str | None:
    """Carry out what was sent; the words of a refusal, or ``None`` when it is done."""
    actor = request.actor
    form: Any = bound.get(does)
    if form is not None and not form.is_valid():
        return _("Look at the marked boxes.")
    try:
        if does == "order":
            medicines.order(actor, person, form.order())
        elif does == "told":
            said = form.cleaned_data
            told = Order(said["substance"], said["name"], said["directions"], None)
            medicines.note_taken(actor, person, told, since=said["since"])
        elif does == "query":
            answered = form.cleaned_data["answered"] == "yes"
            medicines.log_query(actor, person, person.state, answered=answered)
        elif does == "kit":
            medicines.offer_naloxone(
                actor,
                person,
                taken=form.cleaned_data["taken"] == "yes",
                expires_on=form.cleaned_data["expires_on"],
            )
        elif does == "stop":
            medicines.stop(
                actor, person, typed.key(request.POST.get("which")), request.POST.get("reason", "")
            )
        else:
            raise NotThere
    except Refused as refusal:
        if form is not None:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
        return refusal.text
    messages.success(request, _("Kept."))
    return None
