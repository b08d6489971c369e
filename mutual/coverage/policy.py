"""Who may see what in coverage: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of

KINDS = [
    Kind(
        "authorization",
        Of.PERSON,
        "self R; own_counselor R; admissions M; biller W; supervisor R; director R; auditor S",
        why=_("What your plan approved decides which days can be billed."),
    ),
    Kind(
        "benefit",
        Of.PERSON,
        "self R; admissions W; biller W; director M; auditor S",
        why=_("What your plan covers decides what you are asked to pay."),
    ),
    Kind(
        "insurance_card",
        Of.PERSON,
        "self W; admissions W; biller W; director M; auditor S",
        why=_("Admissions and billing ask your plan with it; nobody who treats you needs it."),
    ),
]
