"""Who may see what in outcomes: it holds no records of its own, only counts of others'."""

from mutual.wall.policy import Kind, Service

KINDS: list[Kind] = []

SERVICES = [
    Service(
        "programme_report",
        "counts attended and documented minutes of a week and the share of side-by-side weeks;"
        " says numbers, never a record or whose hold it was",
        {
            "attendance": "M",
            "schedule_own": "M",
            "schedule_joint": "M",
            "progress_note": "M",
            "conjoint_own_note": "M",
            "group_note": "M",
            "medical_note": "M",
            "clearance": "R",
        },
    ),
    Service(
        "offboarding",
        "ends everything that opened something to a colleague who leaves, and hands over (P-86)",
        {
            "care_team": "W",
            "group_roster": "W",
            "couple": "R",
            "staff_task": "A",
            "schedule_own": "M",
            "schedule_joint": "M",
            "progress_note": "M",
            "conjoint_own_note": "M",
            "conjoint_note": "M",
            "couple_solo_note": "M",
            "group_note": "M",
            "medical_note": "M",
            "staffing.write": "R",
            "glass.write": "R",
            "on_call.write": "R",
        },
    ),
]
