"""Kinds of session, one entry each: minutes, who attends, who leads, what it counts and bills as.

To add a kind, add an entry (house.md). Titles are for the person's own eye and for staff who may
see the session; on screens without the PIN an own session reads "Session" (P-68).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from mutual.base.refusal import Refused
from mutual.week import minutes as rules

#: What an own session is called where a partner may look on (P-68).
NEUTRAL = _("Session")


@dataclass(frozen=True)
class SessionKind:
    """A kind of session.

    Attributes:
        key: kept in ``Session.kind``.
        title: for staff and the person's own eye.
        minutes: net of breaks.
        attendance: ``together`` needs both partners, ``side`` allows both in a class, ``apart``
            refuses both (C-40).
        subject: ``P`` an own session, ``C`` the couple's, ``G`` a group's.
        leads: roles of which the clinician needs one.
        note: record kind of the note that it asks for.
        billing: slot that the payer's dated code list fills.
        hours_as: the kind of time in :mod:`mutual.week.minutes` (C-34); empty counts.
        breaks: minutes of break inside it, added to its length.
        capacity: clients in a group; ``capacity_two`` with a second leader (C-42).
        needs_clearance: conjoint work with the couples therapist (C-14, P-12).
        short: title for a narrow lane.
    """

    key: str
    title: StrPromise
    minutes: int
    attendance: Literal["together", "side", "apart"]
    subject: Literal["P", "C", "G"]
    leads: tuple[str, ...]
    note: str
    billing: str
    hours_as: str = ""
    breaks: int = 0
    capacity: int = 0
    capacity_two: int = 0
    needs_clearance: bool = False
    short: StrPromise | str = ""

    @property
    def label(self) -> StrPromise | str:
        """A title that fits a narrow lane of the grid."""
        return self.short or self.title

    @property
    def counts(self) -> bool:
        """Whether its minutes count toward the level of care (C-34)."""
        return rules.counts(self.hours_as)

    @property
    def whole_minutes(self) -> int:
        """Minutes from start to end, breaks included."""
        return self.minutes + self.breaks


_COUNSELOR = ("counselor",)
_LEADERS = ("group_leader", "counselor")
_MEDICAL = ("prescriber", "nurse")

_ALL = (
    SessionKind("skills_group", _("Recovery skills group"), 90, "apart", "G", _LEADERS,
                "group_note", "group", capacity=12, short=_("Skills group")),
    SessionKind("psychoeducation", _("Psychoeducation class"), 90, "side", "G", _LEADERS,
                "group_note", "psychoeducation", capacity=12, short=_("Class")),
    SessionKind("process_group", _("Process group"), 90, "apart", "G", _LEADERS,
                "group_note", "group", capacity=10, capacity_two=12),
    SessionKind("couples_skills", _("Couples skills group"), 90, "together", "G",
                ("couples_therapist",), "group_note", "multi_family_group", capacity=10,
                needs_clearance=True, short=_("Couples skills")),
    SessionKind("individual", _("Individual counseling"), 60, "apart", "P", _COUNSELOR,
                "progress_note", "individual", short=_("Session")),
    SessionKind("boundaries", _("Boundaries and self group"), 60, "apart", "G", _LEADERS,
                "group_note", "group", capacity=12, short=_("Boundaries")),
    SessionKind("conjoint", _("Couples session"), 60, "together", "C", ("couples_therapist",),
                "conjoint_note", "conjoint", needs_clearance=True),
    SessionKind("relapse_prevention", _("Relapse prevention class"), 90, "side", "G", _LEADERS,
                "group_note", "psychoeducation", capacity=12, short=_("Class")),
    SessionKind("own_skills", _("Own skills section"), 90, "apart", "G", _LEADERS,
                "group_note", "group", capacity=12, short=_("Own skills")),
    SessionKind("second_individual", _("Second individual session"), 60, "apart", "P", _COUNSELOR,
                "progress_note", "individual", short=_("Session")),
    SessionKind("orientation", _("Orientation"), 30, "together", "C",
                ("admissions", "care_coordinator", "counselor"), "contact_note", "none",
                hours_as="orientation"),
    SessionKind("intake", _("Intake assessment"), 90, "apart", "P", _COUNSELOR,
                "progress_note", "assessment", short=_("Intake")),
    SessionKind("plan_session", _("Plan session"), 60, "apart", "P", _COUNSELOR,
                "progress_note", "individual", short=_("Plan")),
    SessionKind("medical_visit", _("Medical visit"), 30, "apart", "P", _MEDICAL,
                "medical_note", "medical", hours_as=rules.PRESCRIBER_VISIT, short=_("Visit")),
    SessionKind("medication_check", _("Medication check"), 15, "apart", "P", _MEDICAL,
                "medical_note", "medical", hours_as=rules.PRESCRIBER_VISIT, short=_("Visit")),
    SessionKind("check_in_call", _("Check-in call"), 15, "apart", "P",
                ("counselor", "nurse", "couples_therapist"), "contact_note", "none",
                hours_as="check_in", short=_("Call")),
    SessionKind("sober_activity", _("Sober activity"), 60, "apart", "P",
                ("counselor", "group_leader", "care_coordinator"), "contact_note", "none",
                hours_as="sober_activity", short=_("Activity")),
    # C-59: what is left of a conjoint session when one partner does not come.
    SessionKind("practical_contact", _("Practical contact"), 25, "apart", "P",
                ("couples_therapist",), "couple_solo_note", "none"),
)  # fmt: skip

KINDS: dict[str, SessionKind] = {kind.key: kind for kind in _ALL}
#: What each of the couples therapist's sessions becomes in a side-by-side week (C-15, C-17).
INSTEAD = {"couples_skills": "own_skills", "conjoint": "second_individual"}


def kind_of(key: str) -> SessionKind:
    """The kind of that key.

    Raises:
        Refused: if there is none.
    """
    try:
        return KINDS[key]
    except KeyError:
        words = gettext("Choose one of these kinds: %(kinds)s.") % {
            "kinds": ", ".join(str(kind.title) for kind in _ALL)
        }
        raise Refused(words, field="kind") from None


def counts(key: str) -> bool:
    """Whether the minutes of a kind count toward the level of care (C-34)."""
    return key in KINDS and KINDS[key].counts
