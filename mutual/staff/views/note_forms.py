"""Forms of the notes pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base.forms import MomentInput
from mutual.record.actions import Draft
from mutual.record.patterns import PATTERNS, split, word
from mutual.record.queries import NoteView
from mutual.record.templates import KINDS, MODALITIES


class Part(forms.CharField):
    """A part that the signature needs and a draft doesn't: never "optional", never in the way."""

    def validate(self, value: Any) -> None:
        """Anything may be kept; whether a part is empty is asked at signing (C-69)."""


class NoteForm(forms.Form):
    """Every part of one note; the parts are those of its template (C-69)."""

    use_required_attribute = False
    place = Part(
        label=gettext_lazy("Where the person was"),
        help_text=gettext_lazy("City and state, and the kind of room."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    modality = forms.ChoiceField(label=gettext_lazy("Held by"), required=False)
    objectives = forms.MultipleChoiceField(
        label=gettext_lazy("Objectives it serves"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    patterns = forms.MultipleChoiceField(
        label=gettext_lazy("Patterns seen"),
        help_text=gettext_lazy("What happened between the two. Each of them may read it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_patterns = forms.CharField(
        label=gettext_lazy("Patterns in your own words"),
        help_text=gettext_lazy("With commas between them; four at most."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    late_reason = forms.CharField(
        label=gettext_lazy("Why it is late"), max_length=200, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tab = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    subject = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, view: NoteView, late: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [section.key for section, _text in view.parts]
        for section, _text in view.parts:
            self.fields[f"part-{section.key}"] = Part(
                label=section.word,
                help_text=section.help,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
            )
        modality: Any = self.fields["modality"]
        modality.choices = [(key, _(word)) for key, word in MODALITIES.items()]
        objectives: Any = self.fields["objectives"]
        objectives.choices = [(str(c.key), c.words) for c in view.objectives]
        if not view.objectives:
            del self.fields["objectives"]
        if view.note.kind == "conjoint_note":
            seen: Any = self.fields["patterns"]
            seen.choices = [(key, word(key)) for key in PATTERNS]
        else:
            del self.fields["patterns"], self.fields["own_patterns"]
        if not late:
            del self.fields["late_reason"]
        self.order_fields(
            [
                *(f"part-{key}" for key in self.parts),
                "objectives",
                "patterns",
                "own_patterns",
                "place",
            ]
        )

    def keep_version(self, version: int) -> None:
        """Show the form again so that the next save is over this version."""
        data: Any = self.data
        self.data = data.copy()
        data = self.data
        data["version"] = str(version)

    def draft(self) -> Draft:
        """What was sent, as the record takes it."""
        said = self.cleaned_data
        return Draft(
            sections={key: said.get(f"part-{key}", "") for key in self.parts},
            version=said.get("version") or 0,
            tab=said.get("tab", ""),
            place=said.get("place", ""),
            objectives=said.get("objectives") if "objectives" in self.fields else None,
            patterns=[*said["patterns"], *split(said["own_patterns"])]
            if "patterns" in self.fields
            else None,
            modality=said.get("modality") or None,
            template=self.data.get("template") or None,
            subject=said.get("subject"),
        )


class NewForm(forms.Form):
    """A note without a session: a call, a crisis, separate notes."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Began"),
        widget=MomentInput,
        help_text=gettext_lazy("On the programme's clock."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=600)
    key = forms.UUIDField(widget=forms.HiddenInput)
    subject = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, kinds: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(key, KINDS[key].word) for key in kinds]


class AddendumForm(forms.Form):
    """What is added to a signed note, and why (C-71)."""

    text = forms.CharField(label=gettext_lazy("What you add"), widget=forms.Textarea)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)
    key = forms.UUIDField(widget=forms.HiddenInput)
