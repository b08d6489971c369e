"""Who may see what in daily: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "message_own",
        Of.PERSON,
        "self A; own_counselor A; couples_therapist A; leader A; prescriber A; nurse A; "
        "admissions A; biller A; supervisor D4; director B",
    ),
    Kind(
        "message_couple",
        Of.COUPLE,
        "self A; partner A; couples_therapist A; supervisor D4; director B",
    ),
    Kind(
        "checkin",
        Of.PERSON,
        "self W; own_counselor R; couples_therapist R@ct; prescriber R; nurse R; "
        "supervisor R; director B",
    ),
    Kind(
        "journal",
        Of.PERSON,
        "self W",
        sealed=True,
    ),
    Kind(
        "worksheet",
        Of.PERSON,
        "self W; partner R@pt; own_counselor R; couples_therapist R@ct; prescriber R; "
        "nurse R; supervisor R; director B; auditor S",
    ),
    Kind(
        "agreement",
        Of.COUPLE,
        "self W; partner W; own_counselor R; partner_counselor R; couples_therapist W; "
        "supervisor R; director B; auditor S",
    ),
    Kind(
        "activity",
        Of.COUPLE,
        "self W; partner W; own_counselor R; partner_counselor R; couples_therapist W; "
        "supervisor R; director R; auditor S",
    ),
    Kind(
        "trust_discussion",
        Of.COUPLE,
        "self w/D12; partner w/D12; own_counselor D12; partner_counselor D12; "
        "couples_therapist D12; supervisor D12; auditor S",
    ),
    Kind(
        "gratitude",
        Of.COUPLE,
        "self W; partner W; couples_therapist R; supervisor R; auditor S",
    ),
    Kind(
        "recovery_contract",
        Of.COUPLE,
        "self W; partner W; own_counselor R; partner_counselor R; couples_therapist W; "
        "prescriber M; nurse M; supervisor R; director R; auditor S",
    ),
]

SERVICES = [
    Service(
        "checkin_triggers",
        "tells the own counselor what a check-in asks for, and counts silent days (I-22)",
        {
            "checkin": "M",
            "episode": "D",
            "person_profile": "R",
            "care_team": "R",
            "staff_task": "A",
            "message_own": "A",
        },
    ),
    Service(
        "trust_days",
        "joins the two halves of a day's trust talk to both or not yet, never who or when (C-49)",
        {"trust_discussion": "W", "couple": "R"},
    ),
    Service(
        "contract_halves",
        "joins both partners' readiness and consents to open or not, and to a part's tile,"
        " never whose (C-47, C-50)",
        {
            "recovery_contract": "W",
            "screening": "R",
            "consent": "W",
            "couple": "R",
            "care_team": "R",
            "staff_task": "A",
        },
    ),
]
