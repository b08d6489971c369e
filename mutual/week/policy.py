"""Who may see what in week: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of

KINDS = [
    Kind(
        "group_roster",
        Of.GROUP,
        "self D1; own_counselor M; leader W; member D1; admissions W; biller M; "
        "supervisor R; director R; auditor S",
    ),
    Kind(
        "schedule_own",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; couples_therapist D5; leader D5; "
        "prescriber W; nurse W; admissions W; biller M; supervisor R; director R; auditor "
        "S",
    ),
    Kind(
        "schedule_joint",
        Of.COUPLE,
        "self R; partner R; own_counselor R; partner_counselor R; couples_therapist W; "
        "prescriber D5; nurse D5; admissions W; biller M; supervisor R; director R; "
        "auditor S",
    ),
    Kind(
        "attendance",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; couples_therapist R@ct; leader W; "
        "prescriber W; nurse W; admissions M; biller R; supervisor R; director R; auditor "
        "S",
    ),
]
