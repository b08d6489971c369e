"""How forms are drawn: label, hint, error and box tied together, what was typed kept.

Set as `FORM_RENDERER`. A form prints itself with `{{ form }}`, one field with
`{{ form.name.as_field_group }}`; both come out in the kit's markup, and Django ties hint and
error to the box with `aria-describedby`.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import django.forms
from django.forms.renderers import DjangoTemplates as FormTemplates
from django.template.backends.django import DjangoTemplates

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
