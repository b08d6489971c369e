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

__all__ = [
    "AuditEngagement",
    "Breach",
    "BreachPerson",
    "ConfidencesSetting",
    "Consent",
    "Disclosure",
    "EmergencyDisclosure",
    "EngagementPerson",
    "JointConsent",
    "JointEnd",
    "JointSpan",
    "LegalDemand",
    "LegalHold",
    "OutgoingRelease",
    "PrivacyRequest",
    "ReceivedRecord",
    "ReleaseOffer",
    "RetentionRule",
    "Vendor",
]
