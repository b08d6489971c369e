"""Who may see what in plan: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "plan_individual",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; partner_counselor R@pc; couples_therapist "
        "R@ct; leader D2; prescriber R; nurse R; admissions M; biller M; supervisor R; "
        "director R; auditor S",
        why=_(
            "It is your plan: your own team works from it. A group's leader knows only the "
            "goals set for the group."
        ),
    ),
    Kind(
        "plan_couple",
        Of.COUPLE,
        "self R; partner R; own_counselor R; partner_counselor R; couples_therapist W; "
        "prescriber M; nurse M; admissions M; biller M; supervisor R; director R; auditor "
        "S",
        why=_(
            "It is the plan of both of you, so both of you and everybody who treats you "
            "together read it."
        ),
    ),
    Kind(
        "diagnosis",
        Of.PERSON,
        "self R; own_counselor W; couples_therapist M; prescriber W; nurse R; biller M; "
        "supervisor R; director B; auditor S",
        why=_("Your own team needs it to treat you, and the bill needs its code."),
    ),
]

SERVICES = [
    Service(
        "plan_states",
        "Counts the signatures under a plan, brings a review forward, and asks for a talk after"
        " a plan was declined; tells nobody who signed.",
        {
            "plan_individual": "W",
            "plan_couple": "W",
            "care_team": "R",
            "couple": "R",
            "consent": "R",
            "staff_task": "w",
        },
    ),
]
