"""The one way in which a rule says no."""

from __future__ import annotations


class Refused(Exception):
    """An action a rule refuses: nothing was written, and the words say what to do.

    Args:
        text: for the actor, translated.
        rule: the rule's number, for instance ``"C-3"``.
        field: the form field it concerns, or ``""``.
    """

    def __init__(self, text: str, *, rule: str = "", field: str = "") -> None:
        super().__init__(str(text))
        self.text = str(text)
        self.rule = rule
        self.field = field


class NotThere(Exception):
    """The thing does not exist for this actor: absent and forbidden are the same (P-2)."""
