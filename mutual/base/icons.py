"""Icons (Lucide, ISC) and the four marks, as inline SVG that screen readers pass over.

An icon never stands without its word, so none has a name of its own.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

#: kind of mark: its drawing in a box of 24 by 16.
_MARKS = {
    "together": (
        '<circle class="mark-soft" cx="8.5" cy="8" r="6"/>'
        '<circle class="mark-soft" cx="15.5" cy="8" r="6"/>'
        '<path class="mark-full" d="M12 3.13a6 6 0 0 1 0 9.74 6 6 0 0 1 0-9.74z"/>'
    ),
    "side": (
        '<circle class="mark-full" cx="6.5" cy="8" r="5"/>'
        '<circle class="mark-hollow" cx="17.5" cy="8" r="4.6"/>'
    ),
    "apart": '<circle class="mark-full" cx="12" cy="8" r="5"/>',
}


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> SafeString:
    """The Lucide icon `name`, `size` pixels wide; raises `IconDoesNotExist` for a wrong name.

    `mark:together` and its like draw a mark, so that a menu may hold either.
    """
    if name.startswith("mark:"):
        return mark(name[5:], size, square=True)
    drawing: str = lucide(name, size=size, aria_hidden="true", focusable="false", stroke_width=2)
    # A drawing of the package, its name checked by it.
    return mark_safe(drawing)  # nosec B308 B703


@lru_cache(maxsize=64)
def mark(kind: str, size: int = 18, square: bool = False) -> SafeString:
    """The mark for together, side (by side), apart or lock; `KeyError` for another kind.

    `square` gives it the height of an icon, so that words under both stand on one line.
    """
    if kind == "lock":
        return icon("lock-keyhole", size)
    height = size if square else round(size * 2 / 3, 1)
    # Numbers and drawings of this file.
    return mark_safe(  # nosec B308 B703
        f'<svg class="mark" width="{size}" height="{height}" viewBox="0 0 24 16"'
        f' aria-hidden="true" focusable="false">{_MARKS[kind]}</svg>'
    )
