"""Who may see what in record: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "progress_note",
        Of.PERSON,
        "self R; own_counselor W; partner_counselor R@pc; couples_therapist R@ct; "
        "prescriber R; nurse R; biller M; supervisor R; director B; auditor S",
        why=_("Your own care team needs them to treat you. Your partner never reads them."),
    ),
    Kind(
        "psychotherapy_note",
        Of.PERSON,
        "own_counselor A; partner_counselor R@psy; couples_therapist R@psy; prescriber "
        "R@psy; supervisor T",
        sealed=True,
        why=_(
            "A therapist thinks on paper here. The law keeps it apart, and only a paper you "
            "sign for it alone opens it."
        ),
    ),
    Kind(
        "sud_counseling_note",
        Of.PERSON,
        "own_counselor A; partner_counselor R@sudn; couples_therapist R@sudn; prescriber "
        "R@sudn; supervisor T",
        sealed=True,
        why=_(
            "A counselor thinks on paper here. The law keeps it apart, and only a paper you "
            "sign for it alone opens it."
        ),
    ),
    Kind(
        "conjoint_own_note",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist W; prescriber R; nurse R; biller M; "
        "supervisor R; director B; auditor S",
        why=_(
            "It says what a shared session means for your own care, so your own team reads it "
            "and your partner does not."
        ),
    ),
    Kind(
        "medical_note",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist R@ct; prescriber W; nurse W; biller "
        "M; supervisor R; director B; auditor S",
        why=_(
            "The medical team writes it to treat you; your counselor reads it so that both "
            "fit together."
        ),
    ),
    Kind(
        "crisis_note",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist A; leader A; prescriber W; nurse W; "
        "biller M; supervisor R; director B; auditor S",
        why=_(
            "Whoever helps you in a crisis writes down what was done, so that the next one knows."
        ),
    ),
    Kind(
        "contact_note",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist A; leader A; prescriber R; nurse W; "
        "admissions A; biller A; supervisor R; director B; auditor S",
        why=_(
            "Calls are written down by whoever made them, so that your counselor knows who "
            "reached you."
        ),
    ),
    Kind(
        "conjoint_note",
        Of.COUPLE,
        "self R@@cj; partner R@@cj; own_counselor R@@team; partner_counselor R@@team; "
        "couples_therapist W; biller M; supervisor R; director B; auditor S",
        why=_(
            "It is about both of you, so it opens to either of you, and to both counselors, "
            "only when both have signed."
        ),
    ),
    Kind(
        "couple_solo_note",
        Of.PERSON,
        "self R; own_counselor R@oc; couples_therapist W; biller M; supervisor R; "
        "director B; auditor S",
        sealed=True,
        why=_(
            "You said it to the couples therapist alone. It stays there unless you open it to "
            "your counselor."
        ),
    ),
    Kind(
        "group_note",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist R@ct; leader W; prescriber R; nurse "
        "R; biller M; supervisor R; director B; auditor S",
        why=_(
            "The leader writes how the group went for you, for your own team. No other member "
            "stands in it."
        ),
    ),
    Kind(
        "toxicology",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; partner_counselor R@pc; couples_therapist "
        "R@ct; prescriber W; nurse W; biller M; supervisor R; director B; auditor S",
        why=_(
            "Your own team needs the results to treat you. Your partner sees them only if you "
            "choose so."
        ),
    ),
    Kind(
        "medication",
        Of.PERSON,
        "self R; partner R@pt; own_counselor R; couples_therapist R@ct; prescriber W; "
        "nurse W; biller M; supervisor R; director B; auditor S",
        why=_(
            "The medical team orders it and your counselor knows it. Your partner sees it "
            "only if you choose so."
        ),
    ),
    Kind(
        "discharge_summary",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist R@ct; prescriber R; nurse R; "
        "admissions M; biller M; supervisor R; director B; auditor S",
        why=_("It tells who treats you next what helped."),
    ),
    Kind(
        "incident",
        Of.PERSON,
        "own_counselor A; couples_therapist A; leader A; prescriber A; nurse A; "
        "admissions A; supervisor W; director W; auditor S",
        why=_("The programme must look into what went wrong. It is not part of your record."),
    ),
    Kind(
        "safety_plan",
        Of.PERSON,
        "self W; own_counselor W; couples_therapist R@safety; prescriber R; nurse R; "
        "supervisor R; director B",
        sealed=True,
        why=_("You write it with your counselor; who is on duty reads it when you call for help."),
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
        "writes tasks for a first medical visit that is missing, a naloxone kit that ends and a"
        " stay to decide (C-84, C-90, C-29); reads dates, no medicine and no note",
        {
            "medication": "R",
            "episode": "R",
            "authorization": "R",
            "schedule_own": "M",
            "care_team": "R",
            "staff_task": "A",
        },
    ),
]
