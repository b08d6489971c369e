"""What people do from the first question to the discharge, one transaction each."""

from mutual.episode.actions.admitting import (
    CareTeam,
    admit_couple,
    assign_team,
    change_level,
    open_episode,
    rate_level,
    record_readiness,
)
from mutual.episode.actions.clearing import (
    refresh_all_clearances,
    refresh_clearance,
    refresh_clearance_of,
    screen_of,
    sign_clearance,
    withdraw_clearance,
)
from mutual.episode.actions.inviting import (
    accept_invitation,
    find_invitation,
    form_couple_of,
    invite,
    note_address_taken,
)
from mutual.episode.actions.leaving import close_episode, close_lapsed, end_couple_episode
from mutual.episode.actions.screening import record_suicide_screen, record_violence_screen
from mutual.episode.actions.staying import decide_stay

__all__ = [
    "CareTeam",
    "accept_invitation",
    "admit_couple",
    "assign_team",
    "change_level",
    "close_episode",
    "close_lapsed",
    "decide_stay",
    "end_couple_episode",
    "find_invitation",
    "form_couple_of",
    "invite",
    "note_address_taken",
    "open_episode",
    "rate_level",
    "record_readiness",
    "record_suicide_screen",
    "record_violence_screen",
    "refresh_all_clearances",
    "refresh_clearance",
    "refresh_clearance_of",
    "screen_of",
    "sign_clearance",
    "withdraw_clearance",
]
