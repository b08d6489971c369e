"""How forms are drawn: label, hint, error and box tied together, what was typed kept.

Set as `FORM_RENDERER`. A form prints itself with `{{ form }}`, one field with
`{{ form.name.as_field_group }}`; both come out in the kit's markup, and Django ties hint and
error to the box with `aria-describedby`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import django.forms
from django.forms.renderers import DjangoTemplates as FormTemplates
from django.template.backends.django import DjangoTemplates

from mutual.base.refusal import Refused

_OWN = Path(__file__).parent / "templates"
_DJANGO = Path(django.forms.__file__).parent / "templates"


class Renderer(FormTemplates):
    """Draws forms with the kit: own templates first, Django's widgets behind them."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self) -> DjangoTemplates:
        """An engine that knows the kit's tags, as the pages' own does."""
        params: dict[str, Any] = {
            "APP_DIRS": True,
            "DIRS": [_OWN, _DJANGO],
            "NAME": "kitforms",
            "OPTIONS": {
                "builtins": [
                    "django.templatetags.i18n",
                    "django.templatetags.static",
                    "mutual.base.templatetags.kit",
                ]
            },
        }
        return DjangoTemplates(params)


class DayInput(django.forms.DateInput):
    """The browser's own choice of a day; what stands in it is written as browsers read it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(django.forms.TimeInput):
    """The browser's own choice of a time of day, in minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MomentInput(django.forms.DateTimeInput):
    """The browser's own choice of a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PartsForm(django.forms.Form):
    """Named texts, a large box each, and the version that the writer had before their eyes.

    Args:
        parts: key, label and hint of each box, in order.
        longest: characters a box takes.
    """

    version = django.forms.IntegerField(
        widget=django.forms.HiddenInput, required=False, min_value=0
    )

    def __init__(
        self, parts: Iterable[tuple[str, str, str]], *args: Any, longest: int = 4000, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = []
        for key, label, hint in parts:
            self.keys.append(key)
            self.fields[key] = django.forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                max_length=longest,
                widget=django.forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            )

    def texts(self) -> dict[str, str]:
        """What was typed, by key."""
        return {key: self.cleaned_data.get(key, "") for key in self.keys}

    def seen(self) -> int:
        """The version that the writer had before their eyes; 0 for none."""
        return self.cleaned_data.get("version") or 0

    def refused(
        self, refusal: Refused, saved: Mapping[str, str], version: int
    ) -> list[tuple[str, str]]:
        """Show the form again with a refusal, as it was typed.

        Args:
            saved: the texts that are kept, by key.
            version: theirs; after a save of another window the next one is over it.

        Returns:
            Label and saved words of the boxes that differ from what was typed, when another window
            saved meanwhile (F-14); else nothing.
        """
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.text)
        if refusal.rule != "F-14":
            return []
        typed = self.texts()
        self._now_over(version)
        return [
            (str(self.fields[key].label), saved.get(key, ""))
            for key in self.keys
            if saved.get(key, "") != typed[key].strip()
        ]

    def _now_over(self, version: int) -> None:
        data: Any = self.data
        data = data.copy()
        data["version"] = str(version)
        self.data = data
