"""Who may see what in people: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "person_profile",
        Of.PERSON,
        "self W; partner D10; own_counselor R; partner_counselor D10; couples_therapist "
        "R; leader D10; member D1; prescriber R; nurse R; admissions W; biller R; "
        "supervisor R; director R; auditor S; sysadmin M",
        why=_(
            "People here need to know whom they speak with. Your partner sees the name you "
            "chose to show."
        ),
    ),
    Kind(
        "couple",
        Of.COUPLE,
        "self R; partner R; own_counselor R; partner_counselor R; couples_therapist R; "
        "leader M; prescriber M; nurse M; admissions W; biller M; supervisor R; director "
        "R; auditor S",
        why=_("Who plans shared sessions must know who belongs together."),
    ),
    Kind(
        "contact_location",
        Of.PERSON,
        "self W; own_counselor R; couples_therapist R; leader D6; prescriber R; nurse R; "
        "admissions W; biller D6; supervisor R; director R",
        why=_("Somebody must be able to reach you, and to send help to where you are."),
    ),
    Kind(
        "account_device",
        Of.PERSON,
        "self W; sysadmin M",
        why=_("It is your own way in. Nobody else can use or read it."),
    ),
    Kind(
        "staff_task",
        Of.PERSON,
        "own_counselor A; couples_therapist A; leader A; prescriber A; nurse A; "
        "admissions A; biller A; supervisor R; director R; auditor S",
        why=_("Your team reminds itself of what you were promised."),
    ),
]

SERVICES = [
    Service(
        "sign_in",
        "takes up an invitation: writes down the person who came by it, before an account exists",
        {"inquiry": "W", "person_profile": "W", "couple": "W", "contact_location": "W"},
    ),
    Service(
        "contact_review",
        "sends the contact sheets of both to review after a move, and a choice of nobody (C-2)",
        {"couple": "R", "staff_task": "A", "care_team": "R"},
    ),
    Service(
        "recovery",
        "keeps the requests of those who lost every key, for the two who see them on video (P-85)",
        {"recovery": "R"},
    ),
    Service("notices", "sends the neutral notices that are due", {"notices": "R"}),
]
