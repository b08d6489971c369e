"""Who may see what in measures: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "instrument",
        Of.PERSON,
        "self w/D9; partner D9@@pt; own_counselor W; partner_counselor R@pc; "
        "couples_therapist R@ct; prescriber R; nurse R; biller M; supervisor R; director "
        "B; auditor S",
        why=_(
            "Your own team reads the answers. You see the total, never the answers again, so "
            "that nobody beside you can."
        ),
    ),
    Kind(
        "dyadic_instrument",
        Of.PERSON,
        "self w/D9; partner D9@@pt; own_counselor R; couples_therapist R; biller M; "
        "supervisor R; director B; auditor S",
        why=_(
            "It is about the relationship, so the couples therapist reads it; your partner "
            "does not."
        ),
    ),
]

SERVICES = [
    Service(
        "forms",
        "gives out forms when they are due, keeps what was answered live, and tells the counselor"
        " what an answer demands (I-9, I-14, C-81)",
        {
            "instrument": "W",
            "dyadic_instrument": "W",
            "staff_task": "A",
            "care_team": "R",
            "episode": "R",
            "person_profile": "R",
        },
    ),
]
