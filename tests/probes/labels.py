"""Finds boxes in which something of a record is written and that don't say who reads it (P-15)."""

from __future__ import annotations

from html.parser import HTMLParser

#: Pages with a box whose words go into no record of a person, and why.
NO_RECORD = {
    "portal-calendar": "the word that stands in one's own calendar; the page says who sees it",
    "portal-recover-code": "a recovery code: compared, never kept",
    "portal-pin-forgotten": "a factor: compared, never kept",
    "staff-audits": "an engagement with an auditor; it names nobody in treatment",
    "staff-billing-numbers": "the programme's own numbers",
    "staff-conflicts": "what staff say of themselves: wall of its own, the page says who sees it",
    "staff-finding": "the officer's own work, a wall of its own",
    "staff-glass": "the page's own panel says who is told, and that the words aren't",
    "staff-glass-review": "the officer's own work, a wall of its own",
    "staff-vendors": "a contract with a firm",
    "staff-watched": "the officer's own work, a wall of its own",
    "staff-work": "hours and holidays of staff",
}


class Boxes(HTMLParser):
    """Forms that are sent, with their text boxes, and whether a label stands by them.

    A label within the form counts, or one before it that belongs to the whole page.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = self.of_page = self.label = self.closed = False
        self.boxes: list[str] = []
        self.bare: list[list[str]] = []
        #: Boxes whose words the browser may keep and offer to whoever types next (P-61).
        self.kept: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, a box, or a label."""
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("method", "get").lower() == "post"
            self.label, self.boxes = self.of_page, []
            self.closed = "autocomplete" in given
        text = tag == "input" and given.get("type", "text") == "text" and "readonly" not in given
        if self.inside and (tag == "textarea" or text):
            self.boxes.append(given.get("name", ""))
            if not self.closed and "autocomplete" not in given:
                self.kept.append(given.get("name", ""))
        if "readers" in given.get("class", "").split():
            self.label = True
            self.of_page = self.of_page or not self.inside

    def handle_endtag(self, tag: str) -> None:
        """A form ends: its boxes had a label, or they are bare."""
        if tag == "form" and self.inside:
            if self.boxes and not self.label:
                self.bare.append(self.boxes)
            self.inside = False
