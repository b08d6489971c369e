"""What people do between sessions, one transaction each."""

from mutual.daily.actions.checkins import check_in, look_for_silence
from mutual.daily.actions.contract import (
    confirm_trust_talk,
    consent_to_part,
    end_contract,
    give_thanks,
    note_part,
    pause_contract,
    record_contract_readiness,
    refresh_parts,
    resume_contract,
    revoke_part,
    spoke_about_part,
    start_contract,
)
from mutual.daily.actions.messages import write_to_couple, write_to_own

__all__ = [
    "check_in",
    "confirm_trust_talk",
    "consent_to_part",
    "end_contract",
    "give_thanks",
    "look_for_silence",
    "note_part",
    "pause_contract",
    "record_contract_readiness",
    "refresh_parts",
    "resume_contract",
    "revoke_part",
    "spoke_about_part",
    "start_contract",
    "write_to_couple",
    "write_to_own",
]
