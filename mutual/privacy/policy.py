"""Who may see what in privacy: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of

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
