"""`{% read_by %}` and `{% read_by_mine %}`: the label of a box, made from the access table.

Both are loaded in every template, as the kit's tags are.
"""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from mutual.base.kit.words import privacy
from mutual.privacy import readers

register = template.Library()


@register.simple_tag
def read_by(kind: str, person: str = "", partner: str = "") -> SafeString:
    """`{% read_by "toxicology" person.given_name %}`: who reads it, for a colleague's eyes (P-1).

    Raises:
        KeyError: if no room declares the kind.
    """
    return _drawn(readers.label(kind, person, partner))


@register.simple_tag
def read_by_mine(kind: str) -> SafeString:
    """`{% read_by_mine "privacy_request" %}`: the same for the person it is about (P-15).

    Raises:
        KeyError: if no room declares the kind.
    """
    return _drawn(readers.own_label(kind))


def _drawn(label: readers.Label) -> SafeString:
    look = "ours" if label.together else "mine"
    return privacy(look, label.names, label.note, head=label.head)
