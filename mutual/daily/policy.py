"""Who may see what in daily: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "message_own",
        Of.PERSON,
        "self A; own_counselor A; couples_therapist A; leader A; prescriber A; nurse A; "
        "admissions A; biller A; supervisor D4; director B",
        why=_("A message is read by the one you write to, and by nobody else."),
    ),
    Kind(
        "message_couple",
        Of.COUPLE,
        "self A; partner A; couples_therapist A; supervisor D4; director B",
        why=_("This thread belongs to the three of you: both partners and the couples therapist."),
    ),
    Kind(
        "checkin",
        Of.PERSON,
        "self W; own_counselor R; couples_therapist R@ct; prescriber R; nurse R; "
        "supervisor R; director B",
        why=_(
            "Your own team reads it, so that they can ask. Your partner does not even see "
            "that there is one."
        ),
    ),
    Kind(
        "journal",
        Of.PERSON,
        "self W",
        sealed=True,
        why=_("It is yours alone. Nobody here can open it, staff neither."),
    ),
    Kind(
        "worksheet",
        Of.PERSON,
        "self W; partner R@pt; own_counselor R; couples_therapist R@ct; prescriber R; "
        "nurse R; supervisor R; director B; auditor S",
        why=_(
            "Your own counselor works on it with you. Your partner sees it only if you choose so."
        ),
    ),
    Kind(
        "agreement",
        Of.COUPLE,
        "self W; partner W; own_counselor R; partner_counselor R; couples_therapist W; "
        "supervisor R; director B; auditor S",
        why=_(
            "You made it together, so both of you write it and everybody who treats you "
            "together knows it."
        ),
    ),
    Kind(
        "activity",
        Of.COUPLE,
        "self W; partner W; own_counselor R; partner_counselor R; couples_therapist W; "
        "supervisor R; director R; auditor S",
        why=_(
            "You plan it together, so both of you write it and everybody who treats you "
            "together knows it."
        ),
    ),
    Kind(
        "trust_discussion",
        Of.COUPLE,
        "self w/D12; partner w/D12; own_counselor D12; partner_counselor D12; "
        "couples_therapist D12; supervisor D12; auditor S",
        why=_(
            "It shows only “both confirmed” or “not yet”, never who or when or a word of the talk."
        ),
    ),
    Kind(
        "gratitude",
        Of.COUPLE,
        "self W; partner W; couples_therapist R; supervisor R; auditor S",
        why=_("You wrote it for each other; the couples therapist reads it to build on it."),
    ),
    Kind(
        "recovery_contract",
        Of.COUPLE,
        "self W; partner W; own_counselor R; partner_counselor R; couples_therapist W; "
        "prescriber M; nurse M; supervisor R; director R; auditor S",
        why=_(
            "You made it together, so both of you and everybody who treats you together know it."
        ),
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
