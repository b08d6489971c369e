"""What is asked of a week: the instance file of docs/reference/week-instance.md, typed.

Clock times are wall-clock times of somebody's zone; nothing here is a moment yet (F-1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

VERSION = 1
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Window:
    """A weekly stretch of wall clock: day of week (Monday 0), minutes after midnight."""

    day: int
    start: int
    end: int


@dataclass(frozen=True)
class Costs:
    """What one of each shortcoming costs; a wanted session that must be, and is not, is apart."""

    wish: int = 120
    per_diem: int = 60
    least: int = 20
    day: int = 8
    other_staff: int = 6
    prefer: int = 4
    classes: int = 4
    wait: int = 1


@dataclass(frozen=True)
class Kind:
    """A kind of session as the instance states it (see `mutual.week.kinds` for their source)."""

    key: str
    title: str
    minutes: int
    breaks: int
    attendance: str
    scope: str
    roles: tuple[str, ...]
    counts: bool
    capacity: int
    capacity_two: int
    least: int
    clearance: bool
    process: bool


@dataclass(frozen=True)
class Leave:
    """Time away, wall clock of the staff member's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Clinician:
    """One of the staff: roles, languages, hours, licences by state with their last day."""

    id: str
    name: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    zone: ZoneInfo
    hours: tuple[Window, ...]
    time_off: tuple[Leave, ...]
    licences: dict[str, date]
    day_minutes: int
    break_minutes: int


@dataclass(frozen=True)
class At:
    """Where a group stands in the calendar: programme's wall clock, leaders."""

    day: int
    minute: int
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """One section of a group kind; without `at` the solver chooses its hour and leaders."""

    id: str
    kind: str
    track: str
    language: str
    leaders: tuple[str, ...]
    leaders_needed: int
    at: At | None
    taken: int = 0  # seats held by people outside the instance


@dataclass(frozen=True)
class Travel:
    """Days on which a partner is in another zone and state, both days included."""

    first: date
    last: date
    zone: ZoneInfo
    state: str


@dataclass(frozen=True)
class Partner:
    """One partner's own facts; `authorised` limits planned minutes, `partial` is C-37's."""

    id: str
    side: str
    name: str
    zone: ZoneInfo
    state: str
    level: str
    authorised: int | None
    partial: bool
    free: tuple[Window, ...]
    never: tuple[Window, ...]
    prefer: tuple[Window, ...]
    travel: tuple[Travel, ...]
    counselor: str


@dataclass(frozen=True)
class Pin:
    """A session that stays where it is."""

    start: datetime
    staff: str


@dataclass(frozen=True)
class Want:
    """One session wanted in the week; for a group kind, one seat (two where it is together)."""

    id: str
    kind: str
    who: str
    must: bool
    staff: tuple[str, ...]
    usual: str
    pin: Pin | None


@dataclass(frozen=True)
class Couple:
    """Two partners, what binds them and what they are to have."""

    id: str
    track: str
    language: str
    rooms: int
    conjoint: bool
    therapist: str
    child_care: tuple[Window, ...]
    partners: tuple[Partner, Partner]
    wants: tuple[Want, ...]


@dataclass(frozen=True)
class Programme:
    """The programme's clock, hours and limits."""

    zone: ZoneInfo
    monday: date
    slot: int
    hours: tuple[Window, ...]
    holidays: tuple[date, ...]
    day_minutes: int
    partner_break: int
    per_diem_minutes: int
    per_diem_days: int
    levels: dict[str, tuple[int, int | None]]


@dataclass(frozen=True)
class Instance:
    """A whole week that is asked for."""

    name: str
    programme: Programme
    costs: Costs
    kinds: dict[str, Kind]
    staff: dict[str, Clinician]
    groups: tuple[Group, ...]
    couples: tuple[Couple, ...]
    keep_apart: tuple[tuple[str, str], ...] = field(default=())

    @property
    def partners(self) -> dict[str, Partner]:
        """Every partner by id."""
        return {p.id: p for c in self.couples for p in c.partners}
