"""Who may see what in claims: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of

KINDS = [
    Kind(
        "claim",
        Of.PERSON,
        "self R; biller W; director R; auditor S",
    ),
    Kind(
        "statement_eob",
        Of.PERSON,
        "self R; partner R@bill; biller W; director R; auditor S",
    ),
]
