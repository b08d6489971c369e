"""Who may see what in coverage: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of

KINDS = [
    Kind(
        "authorization",
        Of.PERSON,
        "self R; own_counselor R; admissions M; biller W; supervisor R; director R; auditor S",
    ),
    Kind(
        "benefit",
        Of.PERSON,
        "self R; admissions W; biller W; director M; auditor S",
    ),
    Kind(
        "insurance_card",
        Of.PERSON,
        "self W; admissions W; biller W; director M; auditor S",
    ),
]
