"""What the record keeps, by what it is about."""

from mutual.record.models.medicines import (
    Medicine,
    MedicineFacts,
    MonitoringQuery,
    NaloxoneOffer,
)
from mutual.record.models.notes import (
    NOTE_KINDS,
    SEALED,
    Addendum,
    CoSignature,
    Note,
    NoteBody,
)
from mutual.record.models.safety import Incident, SafetyPlan
from mutual.record.models.specimens import Specimen, SpecimenFacts
from mutual.record.models.stay import ClosedRecord, DischargeFacts, DischargeSummary

__all__ = [
    "NOTE_KINDS",
    "SEALED",
    "Addendum",
    "ClosedRecord",
    "CoSignature",
    "DischargeFacts",
    "DischargeSummary",
    "Incident",
    "Medicine",
    "MedicineFacts",
    "MonitoringQuery",
    "NaloxoneOffer",
    "Note",
    "NoteBody",
    "SafetyPlan",
    "Specimen",
    "SpecimenFacts",
]
