"""Note kinds and their sections, as data (C-69).

A kind fixes which templates it may use, whose record it lies in, what its objectives are chosen
from, and whether it counts as a note of progress. Adding a template is one entry here.
"""

from __future__ import annotations

from dataclasses import dataclass

from mutual.base.words import mark as _
from mutual.base.words import say


@dataclass(frozen=True)
class Section:
    """One part of a note: its key in the text, its title and a hint for the writer."""

    key: str
    title: str
    hint: str = ""

    @property
    def word(self) -> str:
        """The title in the reader's language."""
        return say(self.title)

    @property
    def help(self) -> str:
        """The hint in the reader's language."""
        return say(self.hint) if self.hint else ""


@dataclass(frozen=True)
class Template:
    """A fixed set of sections; each must be filled before the note is signed (C-69)."""

    key: str
    title: str
    sections: tuple[Section, ...]

    @property
    def word(self) -> str:
        """The title in the reader's language."""
        return say(self.title)


@dataclass(frozen=True)
class NoteKind:
    """A kind of note.

    Args:
        key: the record kind, as in the access table.
        title: for screens.
        of: ``P`` a person's record, ``C`` the couple's.
        templates: what it may be written in, the first at first.
        links: where its objectives are chosen: ``own`` plan, ``ours``, or ``""`` for notes that
            link to the admission problem list instead (C-66).
        hours: signed within so many hours instead of three business days (C-70).
    """

    key: str
    title: str
    of: str
    templates: tuple[str, ...]
    links: str = "own"
    hours: int = 0

    @property
    def word(self) -> str:
        """The title in the reader's language."""
        return say(self.title)


_PLAN = Section("plan", _("Plan"), _("What happens next, by whom, until when."))

TEMPLATES: dict[str, Template] = {
    t.key: t
    for t in (
        Template(
            "dap",
            _("DAP"),
            (
                Section("data", _("Data"), _("What was said and seen.")),
                Section("assessment", _("Assessment"), _("What it means for the goals.")),
                _PLAN,
            ),
        ),
        Template(
            "soap",
            _("SOAP"),
            (
                Section("subjective", _("Subjective"), _("In the person's own words.")),
                Section("objective", _("Objective"), _("What was seen and measured.")),
                Section("assessment", _("Assessment"), _("What it means for the goals.")),
                _PLAN,
            ),
        ),
        Template(
            "birp",
            _("BIRP"),
            (
                Section("behavior", _("Behavior"), _("What the person did and said.")),
                Section("intervention", _("Intervention"), _("What you did.")),
                Section("response", _("Response"), _("How the person took it.")),
                _PLAN,
            ),
        ),
        Template(
            "group",
            _("Group"),
            (
                Section(
                    "shared",
                    _("Shared part"),
                    _("Topic and what the group did. The same for everyone, naming nobody."),
                ),
                Section("own", _("This person"), _("How this person took part. No other name.")),
            ),
        ),
        Template(
            "couple",
            _("Couple"),
            (
                Section("work", _("Work"), _("Done together. Nothing told in confidence.")),
                Section("agreed", _("Agreed and homework"), _("What they take home.")),
                _PLAN,
            ),
        ),
        Template(
            "own",
            _("Own chart"),
            (
                Section("diagnosis", _("Link to the diagnosis"), _("Why this served this person.")),
                Section("response", _("Response"), _("How this person took it.")),
                Section("risk", _("Risk"), _("What was asked, what was answered.")),
            ),
        ),
        Template(
            "solo",
            _("One partner"),
            (
                Section("topic", _("Topic"), _("What this partner brought, alone.")),
                _PLAN,
            ),
        ),
        Template(
            "medical",
            _("Medical"),
            (
                Section("history", _("History"), _("Since the last visit.")),
                Section("findings", _("Findings"), _("Vital signs, tests, what was seen.")),
                Section("assessment", _("Assessment")),
                Section("medication", _("Medication"), _("Started, changed, stopped, and why.")),
                _PLAN,
            ),
        ),
        Template(
            "crisis",
            _("Crisis"),
            (
                Section("event", _("What happened")),
                Section("risk", _("Risk"), _("What was asked, what was answered.")),
                Section("done", _("What was done")),
                _PLAN,
            ),
        ),
        Template(
            "contact",
            _("Contact"),
            (
                Section("who", _("Who and how"), _("Call, message, letter; with whom.")),
                Section("what", _("What it was about")),
                Section("next", _("Next step")),
            ),
        ),
        Template("free", _("Separate notes"), (Section("text", _("Text")),)),
    )
}

_PROGRESS = ("dap", "soap", "birp")

KINDS: dict[str, NoteKind] = {
    k.key: k
    for k in (
        NoteKind("progress_note", _("Progress note"), "P", _PROGRESS),
        NoteKind("group_note", _("Group note"), "P", ("group",)),
        NoteKind("conjoint_note", _("Couple note"), "C", ("couple",), links="ours"),
        NoteKind("conjoint_own_note", _("Own-chart note"), "P", ("own",), links="ours"),
        NoteKind("couple_solo_note", _("One-partner note"), "P", ("solo",), links="ours"),
        NoteKind("medical_note", _("Medical note"), "P", ("medical", "soap")),
        NoteKind("crisis_note", _("Crisis note"), "P", ("crisis",), links="", hours=24),
        NoteKind("contact_note", _("Contact note"), "P", ("contact",), links=""),
        NoteKind("psychotherapy_note", _("Psychotherapy notes"), "P", ("free",), links=""),
        NoteKind("sud_counseling_note", _("Counseling notes"), "P", ("free",), links=""),
    )
}

MODALITIES: dict[str, str] = {
    "video": _("Video"),
    "audio": _("Audio only"),
    "phone": _("Phone"),
    "in_person": _("In person"),
    "message": _("Message"),
}


def sections(template: str) -> tuple[Section, ...]:
    """The sections of a template.

    Raises:
        KeyError: for a template that doesn't exist.
    """
    return TEMPLATES[template].sections
