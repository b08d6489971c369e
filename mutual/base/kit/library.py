"""The one library that every part of the kit registers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


def attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """`data_opens` becomes `data-opens`; a value that is None or False leaves the attribute out."""
    return {
        name.rstrip("_").replace("_", "-"): value
        for name, value in given.items()
        if value is not None and value is not False
    }
