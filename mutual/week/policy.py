"""Who may see what in week: rules/privacy.md section 1, kind by kind (P-1)."""

from mutual.wall.policy import Kind, Of, Service

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

SERVICES = [
    Service(
        "week_rules",
        "checks a week before it is booked or published: says minutes, yes or no, never a record",
        {
            "schedule_own": "M",
            "schedule_joint": "M",
            "group_roster": "R",
            "person_profile": "R",
            "couple": "R",
            "episode": "D",
            "care_team": "R",
            "clearance": "D",
            "consent": "R",
            "consent_joint": "D",
            "attendance": "M",
        },
    ),
    Service(
        "rosters",
        "keeps group rosters, seats and busy times in step when a week is planned or moved",
        {"group_roster": "W", "schedule_own": "W", "schedule_joint": "W", "couple": "R"},
    ),
    Service(
        "reminders",
        "writes down the neutral reminders of sessions that are near",
        {"schedule_own": "M", "schedule_joint": "M", "couple": "R"},
    ),
    Service(
        "calendar",
        "answers a calendar feed by its secret with the busy times of its one person",
        {"account_device": "R", "schedule_own": "M", "schedule_joint": "M", "couple": "R"},
    ),
]
