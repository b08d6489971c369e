"""What the record keeps, by what it is about."""

from mutual.record.models.notes import (
    NOTE_KINDS,
    SEALED,
    Addendum,
    CoSignature,
    Note,
    NoteBody,
)
from mutual.record.models.stay import ClosedRecord, DischargeFacts, DischargeSummary

__all__ = [
    "NOTE_KINDS",
    "SEALED",
    "Addendum",
    "ClosedRecord",
    "CoSignature",
    "DischargeFacts",
    "DischargeSummary",
    "Note",
    "NoteBody",
]
