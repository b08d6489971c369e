"""Who may see what in privacy: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "consent",
        Of.PERSON,
        "self W; own_counselor R; couples_therapist D7; leader D7; prescriber D7; nurse "
        "D7; admissions R; biller D7; supervisor R; director R; auditor S",
        why=_(
            "Who acts on your signature must see that it stands. Each reads only what names them."
        ),
    ),
    Kind(
        "consent_joint",
        Of.COUPLE,
        "self D13; partner D13; own_counselor D13; partner_counselor D13; "
        "couples_therapist D13; admissions D13; supervisor R; director R; auditor S",
        why=_(
            "Everybody sees only whether an agreement of both is in force, never who signed "
            "or who did not."
        ),
    ),
    Kind(
        "disclosure_log",
        Of.PERSON,
        "self R; biller D7; director R; auditor S",
        why=_("It is your list of what left this programme."),
    ),
    Kind(
        "privacy_request",
        Of.PERSON,
        "self R/w",
        added="what a person asks about their record (P-38 to P-43): they ask and read the answer;"
        " the privacy officer answers, and whom the officer names decides",
        why=_("You asked it, and the privacy officer answers; nobody else, your partner neither."),
        also=_("whoever the officer asks to decide"),
    ),
    Kind(
        "legal_demand",
        Of.PERSON,
        "",
        added="subpoenas, orders and deletion holds (P-30, P-45): the privacy officer alone",
        why=_("The privacy officer alone answers lawyers and courts."),
    ),
    Kind(
        "breach",
        Of.PERSON,
        "director R",
        added="whom a breach touched and when they were told (P-36): the privacy officer's",
        why=_(
            "The privacy officer looks into it and tells you; the director knows that it happened."
        ),
    ),
    Kind(
        "received_record",
        Of.PERSON,
        "self R; own_counselor W; prescriber R; nurse R; supervisor R; director B; auditor S",
        added="records that came from elsewhere keep their Part 2 label (P-29)",
        why=_("Your counselor files what came from elsewhere, for your own team."),
    ),
]

SERVICES = [
    Service(
        "joint_consents",
        "joins the two halves of an agreement of both to one yes or no, never whose (D13, P-24)",
        {"consent": "R", "consent_joint": "W", "couple": "R"},
    ),
    Service(
        "consent_check",
        "answers yes or no: whether what a session or an admission needs is signed (P-37, C-10)",
        {"consent": "R"},
    ),
    Service(
        "disclosure_gate",
        "checks at the gate whether what leaves has a consent in force, and logs it (P-27)",
        {"consent": "R", "couple": "R", "disclosure_log": "W", "privacy_request": "R"},
    ),
    Service(
        "paper_consents",
        "writes down that a consent was taken back on paper (P-21)",
        {"consent": "W", "couple": "R"},
    ),
    Service(
        "safe_channel",
        "says by which way a person may be reached, and by no other (P-38)",
        {"contact_location": "R"},
    ),
    Service(
        "legal_answers",
        "finds whether a name asked for is of somebody here, for the officer who answers (P-30)",
        {"person_profile": "R", "consent": "R", "disclosure_log": "W"},
    ),
    Service(
        "audit_samples",
        "lists who may stand in an audit's sample, for the director who opens it (P-33)",
        {"person_profile": "R", "couple": "R", "disclosure_log": "W"},
    ),
    Service(
        "request_desk",
        "takes in what a person asks about their record, and their later words to it (P-40, P-43)",
        {"privacy_request": "W", "consent_joint": "R", "couple": "R"},
    ),
    Service(
        "release_job",
        "lets a prepared copy go, or withdraws it, after asking the gate again (P-21)",
        {"disclosure_log": "W"},
    ),
    Service(
        "separation",
        "ends what two partners opened to each other, and tells their clinicians (P-71)",
        {"couple": "W", "consent": "W", "care_team": "W", "staff_task": "A"},
    ),
    Service(
        "revocations",
        "ends again what had ended, after a backup was restored (P-21)",
        {
            "consent": "W",
            "revocations": "R",
            "care_team": "W",
            "couple": "W",
            "group_roster": "W",
            "account_device": "W",
        },
    ),
    Service(
        "emergency_desk",
        "finds the one person whom an emergency is about, by the whole name, and opens the hour"
        " (P-10); gives those on call an address for each name they may read",
        {"person_profile": "R", "glass.write": "W"},
    ),
    Service(
        "audit_watch",
        "looks through sums of the trail for what somebody should look at, and tells the counselor"
        " of whom a partner tried to look at (P-87, P-88)",
        {"audit_trail": "R", "person_profile": "R", "care_team": "R", "staff_task": "A"},
    ),
]
