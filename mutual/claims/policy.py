"""Who may see what in claims: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "claim",
        Of.PERSON,
        "self R; biller W; director R; auditor S",
        why=_(
            "Billing sends it to your plan. Your partner sees nothing of it here, also if the "
            "plan is theirs."
        ),
    ),
    Kind(
        "statement_eob",
        Of.PERSON,
        "self R; partner R@bill; biller W; director R; auditor S",
        why=_("It says what you owe. Your partner sees it only if you choose so."),
    ),
]

SERVICES = [
    Service(
        "charge_capture",
        "joins who came, that notes are signed, and what the plan allows to billable days; reads"
        " no text of any note",
        {
            "attendance": "M",
            "schedule_own": "M",
            "schedule_joint": "M",
            "progress_note": "M",
            "conjoint_own_note": "M",
            "group_note": "M",
            "medical_note": "M",
            "diagnosis": "M",
            "authorization": "R",
            "insurance_card": "R",
            "person_profile": "R",
            "couple": "R",
            "consent": "R",
            # The place named at a session's start, for the place of service (B-25).
            "contact_location": "R",
            "claim": "W",
        },
    ),
]
