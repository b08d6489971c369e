"""The small form of a diagnosis on a person's lane."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from mutual.base.forms import DayInput
from mutual.staff.views.note_forms import Part


class DiagnosisForm(forms.Form):
    """Code, words, since when, and whether it is the principal one; the rule says what lacks."""

    use_required_attribute = False

    code = Part(
        label=gettext_lazy("ICD-10-CM code"),
        help_text=gettext_lazy("For instance F10.20."),
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = Part(
        label=gettext_lazy("What it means"),
        help_text=gettext_lazy("A few words, the person first."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = forms.DateField(
        label=gettext_lazy("Since"),
        widget=DayInput,
        initial=timezone.localdate,
    )
    principal = forms.BooleanField(label=gettext_lazy("The principal one"), required=False)


def blank_fields() -> SafeString:
    """The fields of an empty form, drawn once a day and language: they stand on every lane."""
    return _drawn(get_language() or "", timezone.localdate())


@lru_cache(maxsize=16)
def _drawn(language: str, day: date) -> SafeString:
    return DiagnosisForm().render()
