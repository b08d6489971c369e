"""What is asked of the solver beside the instance: how its answer is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from mutual.week.bridge.reading import Pairing
from mutual.week.kinds import SessionKind
from mutual.week.models import Group, Session
from mutual.week.solver.instance import DAYS

GRID = 15
#: When sessions may be held at all; the staff's own hours narrow it.
OPEN = [
    {"days": list(DAYS[:5]), "from": "08:00", "to": "22:00"},
    {"days": list(DAYS[5:]), "from": "08:00", "to": "18:00"},
]
#: Most planned minutes of one partner a day, and their pause between two sessions.
DAY_MINUTES, PAUSE = 300, 15
PROCESS_LEAST = 3


@dataclass
class Section:
    """One section of a group kind: of a group that exists, or one to be made."""

    name: str
    kind: str
    group: Group | None = None
    session: Session | None = None
    start: datetime | None = None
    leader: UUID | None = None
    taken: int = 0


@dataclass
class Wanted:
    """One want of the instance, and the session that stands for it today."""

    id: str
    kind: SessionKind
    pair: Pairing
    people: list[UUID]
    session: Session | None = None
    pinned: bool = False


@dataclass
class Question:
    """The instance, how to read its answer, and the earlier solution."""

    raw: dict[str, Any]
    wants: dict[str, Wanted] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
