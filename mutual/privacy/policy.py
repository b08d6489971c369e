"""Who may see what in privacy: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "consent",
        Of.PERSON,
        "self W; own_counselor R; couples_therapist D7; leader D7; prescriber D7; nurse "
        "D7; admissions R; biller D7; supervisor R; director R; auditor S",
    ),
    Kind(
        "consent_joint",
        Of.COUPLE,
        "self D13; partner D13; own_counselor D13; partner_counselor D13; "
        "couples_therapist D13; admissions D13; supervisor R; director R; auditor S",
    ),
    Kind(
        "disclosure_log",
        Of.PERSON,
        "self R; biller D7; director R; auditor S",
    ),
]

SERVICES = [
    Service(
        "joint_consents",
        "joins the two halves of an agreement of both to one yes or no, never whose (D13, P-24)",
        {"consent": "R", "consent_joint": "W", "couple": "R"},
    ),
    Service(
        "consent_check",
        "answers yes or no: whether what a session or an admission needs is signed (P-37, C-10)",
        {"consent": "R"},
    ),
    Service(
        "revocations",
        "ends again what was taken back, after a backup was restored (P-21)",
        {"consent": "W"},
    ),
]
