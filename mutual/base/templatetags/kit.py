"""The interface kit: every component once, as template tags loaded in every template.

docs/reference/kit.md shows each with its arguments; `/styleguide` shows each in its states.
"""

from __future__ import annotations

from mutual.base.kit import boxes, lists, words
from mutual.base.kit.library import register

__all__ = ["boxes", "lists", "register", "words"]
