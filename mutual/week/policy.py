"""Who may see what in week: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "group_roster",
        Of.GROUP,
        "self D1; own_counselor M; leader W; member D1; admissions W; biller M; "
        "supervisor R; director R; auditor S",
        why=_("A group works with first names only; who plans it needs to know who comes."),
    ),
    Kind(
        "schedule_own",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; couples_therapist D5; leader D5; "
        "prescriber W; nurse W; admissions W; biller M; supervisor R; director R; auditor "
        "S",
        why=_(
            "Who treats you needs to know when. Your partner does not even see that you are busy."
        ),
    ),
    Kind(
        "schedule_joint",
        Of.COUPLE,
        "self R; partner R; own_counselor R; partner_counselor R; couples_therapist W; "
        "prescriber D5; nurse D5; admissions W; biller M; supervisor R; director R; "
        "auditor S",
        why=_("Both of you come, so both of you and everybody who plans it see the times."),
    ),
    Kind(
        "attendance",
        Of.PERSON,
        "self R; partner R@pt; own_counselor W; couples_therapist R@ct; leader W; "
        "prescriber W; nurse W; admissions M; biller R; supervisor R; director R; auditor "
        "S",
        why=_("Who held the session writes who came, and the bill needs the minutes."),
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
            "contact_location": "M",
        },
    ),
    Service(
        "rosters",
        "keeps group rosters, seats and busy times in step when a week is planned or moved",
        {
            "group_roster": "W",
            "schedule_own": "W",
            "schedule_joint": "W",
            "couple": "R",
            "contact_location": "M",
        },
    ),
    Service(
        "approvals",
        "compares planned days with what a payer authorized, for who may know it (F-16)",
        {"authorization": "R"},
    ),
    Service(
        "outreach",
        "says whether a missed session asks for a call within two hours, and writes the own"
        " counselor's task (C-57); no answer, level or result leaves it",
        {
            "live_screen": "R",
            "diagnosis": "R",
            "checkin": "R",
            "toxicology": "R",
            "person_profile": "R",
            "staff_task": "W",
        },
    ),
    Service(
        "reminders",
        "writes down the neutral reminders of sessions that are near, when each person chose",
        {"account_device": "R", "schedule_own": "M", "schedule_joint": "M", "couple": "R"},
    ),
    Service(
        "calendar",
        "answers a calendar feed by its secret with the busy times of its one person",
        {"account_device": "R", "schedule_own": "M", "schedule_joint": "M", "couple": "R"},
    ),
    Service(
        "week_planner",
        "reads the programme's whole week for the solver and keeps what it proposes",
        {
            "schedule_own": "W",
            "schedule_joint": "W",
            "group_roster": "W",
            "person_profile": "R",
            "couple": "R",
            "episode": "D",
            "care_team": "R",
            "clearance": "D",
            "consent": "R",
            "consent_joint": "D",
            "contact_location": "M",
        },
    ),
    Service(
        "stand_ins",
        "opens the charts of one session to who stands in for its clinician, for a few days",
        {"care_team": "W", "group_roster": "W", "couple": "R", "schedule_own": "M"},
    ),
    Service(
        "week_asks",
        "answers what a partner asked about their times, and gives back a seat in time",
        {
            "contact_location": "W",
            "schedule_own": "W",
            "schedule_joint": "M",
            "group_roster": "R",
            "couple": "R",
            "care_team": "R",
            "staff_task": "A",
        },
    ),
    Service(
        "hours_forecast",
        "tells counselors by Wednesday noon whose week ends short, and who was silent for days",
        {
            "schedule_own": "M",
            "schedule_joint": "M",
            "attendance": "M",
            "episode": "D",
            "care_team": "R",
            "couple": "R",
            "staff_task": "A",
        },
    ),
]
