"""What the codes of a 271 mean, in short words of our own, and what to do after a refusal.

The code texts of X12 are not shipped; these words describe only what the programme needs.
Source of the codes: rules/coverage.md 2.1 and the public map of the 271.
"""

from __future__ import annotations

from mutual.base.words import mark as _

KINDS = {
    "1": "active",
    "2": "active",
    "3": "active",
    "4": "active",
    "5": "active",
    "6": "inactive",
    "7": "inactive",
    "8": "inactive",
    "A": "coinsurance",
    "B": "copay",
    "C": "deductible",
    "CB": "coverage_basis",
    "D": "description",
    "E": "excluded",
    "F": "limit",
    "G": "out_of_pocket",
    "H": "unlimited",
    "I": "not_covered",
    "J": "cost_containment",
    "K": "reserve",
    "L": "primary_care",
    "M": "preexisting",
    "MC": "managed_care",
    "N": "restricted_to_provider",
    "O": "not_necessary",
    "P": "disclaimer",
    "Q": "second_opinion",
    "R": "other_payer",
    "S": "prior_year",
    "T": "card_lost",
    "U": "ask_elsewhere",
    "V": "cannot_process",
    "W": "other_source",
    "X": "facility",
    "Y": "spend_down",
}

LEVELS = {
    "IND": "individual",
    "FAM": "family",
    "EMP": "employee_only",
    "ESP": "employee_and_spouse",
    "ECH": "employee_and_children",
    "SPO": "spouse_only",
    "SPC": "spouse_and_children",
    "CHD": "children_only",
    "DEP": "dependents_only",
}

NETWORKS = {"Y": "in", "N": "out", "W": "both", "U": "unknown"}

AUTHORIZATIONS = {"Y": "required", "N": "not_required", "U": "unknown"}

REMAINING = "29"
LIFETIME_REMAINING = "33"
PERIODS = {
    "6": "hour",
    "7": "day",
    "13": "24_hours",
    "21": "years",
    "22": "service_year",
    "23": "calendar_year",
    "24": "year_to_date",
    "25": "contract_year",
    "26": "episode",
    "27": "visit",
    "28": "outlier",
    "29": "remaining",
    "30": "exceeded",
    "31": "not_exceeded",
    "32": "lifetime",
    "33": "lifetime",
    "34": "month",
    "35": "week",
    "36": "admission",
}

QUANTITIES = {
    "VS": "visits",
    "DY": "days",
    "HS": "hours",
    "MN": "months",
    "P6": "services",
    "YY": "years",
    "FL": "units",
    "CA": "covered_days",
    "LA": "lifetime_reserve_days",
    "99": "quantity_used",
}

CARVE_OUTS = frozenset({"managed_care", "ask_elsewhere", "other_payer", "facility"}) | {
    "restricted_to_provider"
}

CONTACTS = {
    "TE": "phone",
    "UR": "web",
    "EM": "email",
    "FX": "fax",
    "WP": "phone",
    "HP": "phone",
    "CP": "phone",
    "BN": "phone",
}

_FIX_PROVIDER = _(
    "Compare the programme's NPI and name with the payer's enrolment, then ask again."
)
_FIX_DATE = _("Correct the date of service and ask again.")
_FIX_PERSON = _("Compare with the insurance card, correct the person's details and ask again.")
_FIX_SERVICE = _("Ask again with another service type, or call the payer.")
_CALL = _("Call the payer.")
_LATER = _("Nothing to correct: ask again later.")

REFUSALS: dict[str, tuple[str, str]] = {
    "04": (_("More was asked for than is authorized."), _CALL),
    "15": (_("The question lacks something that this payer needs."), _FIX_PERSON),
    "33": (_("The payer could not read a part of the question."), _FIX_PERSON),
    "35": (
        _("The programme is outside this plan's network."),
        _("Ask about out-of-network benefits before an estimate is made."),
    ),
    "41": (
        _("The payer does not let us ask about this person or plan."),
        _("Check the enrolment with this payer or clearinghouse."),
    ),
    "42": (_("The payer's system does not answer at the moment."), _LATER),
    "43": (_("The payer does not accept the programme's identifier."), _FIX_PROVIDER),
    "44": (_("The payer does not accept the programme's name."), _FIX_PROVIDER),
    "45": (_("The payer does not accept the programme's specialty."), _FIX_PROVIDER),
    "46": (_("The payer does not accept the programme's telephone number."), _FIX_PROVIDER),
    "47": (_("The payer does not accept the programme's state."), _FIX_PROVIDER),
    "48": (_("The payer does not accept the referring provider's identifier."), _FIX_PROVIDER),
    "49": (_("The programme is not this person's primary care provider."), _CALL),
    "50": (
        _("The payer does not let this provider ask about benefits."),
        _("Check the enrolment with this payer or clearinghouse."),
    ),
    "51": (
        _("The payer does not know the programme."),
        _("Enrol with this payer, or ask with the identifier it knows."),
    ),
    "52": (
        _("The date of service lies outside the programme's contract with the payer."),
        _FIX_DATE,
    ),
    "53": (_("The payer does not give this benefit to this type of provider."), _FIX_SERVICE),
    "54": (_("The payer does not accept this kind of procedure code."), _FIX_SERVICE),
    "55": (_("The payer does not accept this procedure code."), _FIX_SERVICE),
    "56": (_("The payer does not accept this date."), _FIX_DATE),
    "57": (_("The date of service is missing or not valid."), _FIX_DATE),
    "58": (_("The date of birth is missing or not valid."), _FIX_PERSON),
    "60": (_("The date of birth lies after the date of service."), _FIX_PERSON),
    "61": (_("The payer's records end before the date of service."), _CALL),
    "62": (_("The date of service is too far back or ahead for this payer."), _FIX_DATE),
    "63": (_("The date of service lies in the future."), _FIX_DATE),
    "64": (_("The patient's member number is missing or not valid."), _FIX_PERSON),
    "65": (_("The patient's name is missing or not valid."), _FIX_PERSON),
    "66": (_("The patient's sex marker does not fit the payer's record."), _FIX_PERSON),
    "67": (_("The payer does not find the patient."), _FIX_PERSON),
    "68": (_("The patient's member number exists more than once at the payer."), _CALL),
    "69": (_("The payer gives this benefit only at another age."), _FIX_SERVICE),
    "70": (_("The benefit does not fit the sex marker in the payer's record."), _CALL),
    "71": (_("The date of birth does not match the payer's record."), _FIX_PERSON),
    "72": (_("The subscriber's member number is missing or not valid."), _FIX_PERSON),
    "73": (_("The subscriber's name is missing or not valid."), _FIX_PERSON),
    "74": (_("The subscriber's sex marker does not fit the payer's record."), _FIX_PERSON),
    "75": (_("The payer does not find the subscriber."), _FIX_PERSON),
    "76": (_("The subscriber's member number exists more than once at the payer."), _CALL),
    "77": (
        _("The payer finds the subscriber, but not this person on the policy."),
        _("Check that the person is covered by this policy, and the name and birth date."),
    ),
    "78": (_("The subscriber does not belong to the group or plan that was named."), _FIX_PERSON),
    "79": (
        _("The payer or sender identifier in the question is not valid."),
        _("Check the payer's identifier at the clearinghouse."),
    ),
    "80": (_("The payer's system gave no answer in time."), _LATER),
    "97": (_("The payer does not accept the programme's address."), _FIX_PROVIDER),
    "98": (_("The payer regards the service as experimental."), _CALL),
    "T4": (
        _("The payer's name or identifier is missing."),
        _("Check the payer's identifier at the clearinghouse."),
    ),
}

UNKNOWN_REFUSAL = (_("The payer refused the question with a code that is not known here."), _CALL)

FOLLOW_UPS = {
    "N": _("Do not send the same question again."),
    "P": _("The payer asks for the same question once more."),
    "S": _("Do not send it again: the payer is asking a third party."),
    "W": _("Wait 30 days before asking again."),
    "X": _("Wait 10 days before asking again."),
    "Y": _("Do not send it again: the payer keeps the question and will answer."),
}
WAITING = frozenset("SWXY")
"""Follow-ups after which nothing is to be sent for now."""
