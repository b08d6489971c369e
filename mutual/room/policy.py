"""Who may see what in room: rules/privacy.md section 1, kind by kind (P-1)."""

from django.utils.translation import gettext_lazy as _

from mutual.wall.policy import Kind, Of, Service

KINDS = [
    Kind(
        "recording",
        Of.PERSON,
        "",
        why=_("There are none: nothing here can record a session."),
    ),
]

SERVICES = [
    Service(
        "room_gate",
        "says go or not yet of both taps, who hears whom, and the names in a room to those in it;"
        " tells an own counselor to call; never says what was tapped (P-78)",
        {
            "ipv_screen": "R",
            "room": "R",
            "schedule_own": "M",
            "schedule_joint": "M",
            "group_roster": "R",
            "person_profile": "D",
            "staff_task": "A",
        },
    ),
    Service(
        "room_presence",
        "writes down from when to when somebody's page was connected, also as they lose it (C-56)",
        {"attendance": "W", "room": "R"},
    ),
]
