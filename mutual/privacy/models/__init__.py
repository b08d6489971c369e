"""What this room keeps: consents, what left, what was asked, what went wrong."""

from mutual.privacy.models.agreements import (
    AuditEngagement,
    ConfidencesSetting,
    EngagementPerson,
    RetentionRule,
    Vendor,
)
from mutual.privacy.models.consents import Consent, JointConsent, JointEnd, JointSpan, ReleaseOffer
from mutual.privacy.models.disclosures import (
    Disclosure,
    EmergencyDisclosure,
    OutgoingRelease,
    ReceivedRecord,
)
from mutual.privacy.models.duties import Breach, BreachPerson, LegalDemand, LegalHold
from mutual.privacy.models.requests import PrivacyRequest
from mutual.privacy.models.watching import (
    BreakGlass,
    ConflictMatch,
    ConflictOfInterest,
    OnCallShift,
    UnusualAccess,
    WatchedPerson,
)

__all__ = [
    "AuditEngagement",
    "Breach",
    "BreachPerson",
    "BreakGlass",
    "ConfidencesSetting",
    "ConflictMatch",
    "ConflictOfInterest",
    "Consent",
    "Disclosure",
    "EmergencyDisclosure",
    "EngagementPerson",
    "JointConsent",
    "JointEnd",
    "JointSpan",
    "LegalDemand",
    "LegalHold",
    "OnCallShift",
    "OutgoingRelease",
    "PrivacyRequest",
    "ReceivedRecord",
    "ReleaseOffer",
    "RetentionRule",
    "UnusualAccess",
    "Vendor",
    "WatchedPerson",
]
