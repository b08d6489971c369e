"""Who may see what in episode: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "screening",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist R@ct; prescriber R; nurse R; "
        "admissions W; biller M; supervisor R; director R; auditor S",
        why=_("Your own team starts from it. The plan hears only that it took place."),
    ),
    Kind(
        "ipv_screen",
        Of.PERSON,
        "own_counselor W; supervisor R",
        sealed=True,
        why=_(
            "It is asked of everybody, alone. Only your own counselor and who supervises them "
            "read it; the couple's team hears no more than “go” or “not yet”."
        ),
    ),
    Kind(
        "live_screen",
        Of.PERSON,
        "own_counselor W; prescriber W; nurse R; supervisor R",
        sealed=True,
        why=_(
            "It is asked of everybody, in person, for your safety. Only your own counselor "
            "and the medical team read it."
        ),
    ),
    Kind(
        "clearance",
        Of.COUPLE,
        "own_counselor W; partner_counselor W; couples_therapist D3; prescriber D3; nurse "
        "D3; admissions D3; supervisor R; director D3; auditor S",
        why=_(
            "Who plans shared sessions needs “go” or “not yet” for the couple, never whose it "
            "is or why."
        ),
    ),
    Kind(
        "episode",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist D11; leader M; prescriber R; nurse R; "
        "admissions W; biller M; supervisor R; director R; auditor S",
        why=_(
            "Your own team and who runs the programme need to know since when and at which "
            "level you are here."
        ),
    ),
    Kind(
        "couple_episode",
        Of.COUPLE,
        "self R; partner R; own_counselor R; partner_counselor R; couples_therapist W; "
        "prescriber M; nurse M; admissions W; biller M; supervisor R; director R; auditor "
        "S",
        why=_("It is the stay of both of you: its dates plan the shared sessions."),
    ),
    Kind(
        "care_team",
        Of.PERSON,
        "self R; own_counselor R; couples_therapist R; leader M; prescriber R; nurse R; "
        "admissions W; biller M; supervisor R; director W; auditor S",
        why=_("You and everybody on your team know who else is on it."),
    ),
    Kind(
        "inquiry",
        Of.PERSON,
        "self w; admissions W; director R; auditor S",
        why=_("Admissions answers it. It is not part of your record."),
    ),
]

SERVICES = [
    Service(
        "website",
        "writes down a visitor's question; reads nothing back (P-32)",
        {"inquiry": "w"},
    ),
    Service(
        "clearance",
        "joins both partners' sealed screens and signatures to go or not yet, never whose (D3)",
        {
            "ipv_screen": "R",
            "live_screen": "R",
            "clearance": "W",
            "couple": "R",
            "couple_episode": "R",
        },
    ),
    Service(
        "discharge",
        "ends one person's episode and holds the joint work, leaving the other's as it is (C-97)",
        {"episode": "W", "couple_episode": "W", "couple": "R"},
    ),
]
