"""Who may see what in room: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of

KINDS = [
    Kind(
        "recording",
        Of.PERSON,
        "",
    ),
]
