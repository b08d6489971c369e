"""Who may see what in record: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "progress_note",
        Of.PERSON,
        "self R; own_counselor W; partner_counselor R@pc; couples_therapist R@ct; "
        "prescriber R; nurse R; biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "psychotherapy_note",
        Of.PERSON,
        "own_counselor A; partner_counselor R@psy; couples_therapist R@psy; prescriber "
        "R@psy; supervisor T",
        sealed=True,
    ),
    Kind(
        "sud_counseling_note",
        Of.PERSON,
        "own_counselor A; partner_counselor R@sudn; couples_therapist R@sudn; prescriber "
        "R@sudn; supervisor T",
        sealed=True,
    ),
    Kind(
        "conjoint_own_note",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist W; prescriber R; nurse R; biller M; "
        "supervisor R; director B; auditor S",
    ),
    Kind(
        "medical_note",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist R@ct; prescriber W; nurse W; biller "
        "M; supervisor R; director B; auditor S",
    ),
    Kind(
        "crisis_note",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist A; leader A; prescriber W; nurse W; "
        "biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "contact_note",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist A; leader A; prescriber R; nurse W; "
        "admissions A; biller A; supervisor R; director B; auditor S",
    ),
    Kind(
        "conjoint_note",
        Of.COUPLE,
        "self R@@cj; partner R@@cj; own_counselor R@@team; partner_counselor R@@team; "
        "couples_therapist W; biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "couple_solo_note",
        Of.PERSON,
        "self R; own_counselor R@oc; couples_therapist W; biller M; supervisor R; "
        "director B; auditor S",
        sealed=True,
    ),
    Kind(
        "group_note",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist R@ct; leader W; prescriber R; nurse "
        "R; biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "toxicology",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; partner_counselor R@pc; couples_therapist "
        "R@ct; prescriber W; nurse W; biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "medication",
        Of.PERSON,
        "self R; partner R@pt; own_counselor R; couples_therapist R@ct; prescriber W; "
        "nurse W; biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "discharge_summary",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist R@ct; prescriber R; nurse R; "
        "admissions M; biller M; supervisor R; director B; auditor S",
    ),
    Kind(
        "incident",
        Of.PERSON,
        "own_counselor A; couples_therapist A; leader A; prescriber A; nurse A; "
        "admissions A; supervisor W; director W; auditor S",
    ),
    Kind(
        "safety_plan",
        Of.PERSON,
        "self W; own_counselor W; couples_therapist R@safety; prescriber R; nurse R; "
        "supervisor R; director B",
        sealed=True,
    ),
]

SERVICES = [
    Service(
        "release",
        "Says whether each partner's half of a release of the couple's notes is in force.",
        {"consent": "R", "couple": "R"},
    ),
    Service(
        "safety_plan",
        "says whether a partner may stand in a person's own safety plan, and prompts the own"
        " counselor if not (C-82); no answer of a screen leaves it",
        {"ipv_screen": "R", "care_team": "R", "staff_task": "A"},
    ),
    Service(
        "care_dates",
        "writes tasks for a first medical visit that is missing and a naloxone kit that ends"
        " (C-84, C-90); reads dates, no medicine and no note",
        {
            "medication": "R",
            "episode": "D",
            "schedule_own": "M",
            "care_team": "R",
            "staff_task": "A",
        },
    ),
]
