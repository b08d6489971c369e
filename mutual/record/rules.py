"""Decisions about notes: what is empty, what is late, what they link, whom they name. No ORM."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mutual.record.templates import KINDS, Section, sections

#: C-70 (D): business days to signing; C-72: days to the supervisor's signature; C-102: summary.
SIGN_DAYS = 3
COSIGN_DAYS = 7
SUMMARY_DAYS = 7


@dataclass(frozen=True)
class Signed:
    """Everything a signature stands for; its hash proves that nothing changed since (F-11)."""

    note: str
    kind: str
    subject: str
    author: str
    service_date: str
    starts_at: str
    ends_at: str
    modality: str
    template: str
    place: str
    objectives: tuple[str, ...]
    text: str


def content_hash(signed: Signed) -> bytes:
    """SHA-256 over the signed content in one canonical form.

    For a sealed kind ``text`` is the sealed text, so that the hash tells nothing about the words.
    """
    form = json.dumps(asdict(signed), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(form.encode()).digest()


def first_empty(template: str, text: Mapping[str, str]) -> Section | None:
    """The first section without words; every section of a template is needed (C-69)."""
    return next((s for s in sections(template) if not text.get(s.key, "").strip()), None)


def kept(template: str, text: Mapping[str, str]) -> dict[str, str]:
    """The words under the keys of the template; a key of another template is left out."""
    return {s.key: text.get(s.key, "").replace("\r\n", "\n") for s in sections(template)}


def business_days_after(day: date, count: int) -> date:
    """The day ``count`` business days (Monday to Friday) after ``day``."""
    left = count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def due(kind: str, service_date: date, ends_at: datetime, zone: ZoneInfo) -> datetime:
    """Until when a note is signed in time: three business days, a crisis note 24 hours (C-70)."""
    hours = KINDS[kind].hours
    if hours:
        return ends_at + timedelta(hours=hours)
    last = business_days_after(service_date, SIGN_DAYS)
    return datetime.combine(last, time(23, 59, 59), zone)


def is_late(
    kind: str, service_date: date, ends_at: datetime, now: datetime, zone: ZoneInfo
) -> bool:
    """Whether a signature at ``now`` is late (C-70)."""
    return now > due(kind, service_date, ends_at, zone)


def named(text: str, names: Iterable[str]) -> str:
    """The first of ``names`` (or initials such as ``B.F.``) that stands in the text, or ``""``.

    A group note names no other client: no name, initials or device name (C-73).
    """
    for name in names:
        word = name.strip()
        if not word:
            continue
        # Bare initials count as written, in capitals: "IS" is a name, "is" is a word.
        loose = 0 if len(word) == 2 and word.isupper() else re.IGNORECASE
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, loose):
            return word
    return ""


def ways_to_name(given: str, family: str = "", device: str = "") -> list[str]:
    """What would name a person in a text: names, initials, the name of a device (C-73)."""
    found = [given, family, device]
    if given and family:
        a, b = given[0], family[0]
        found += [f"{a}.{b}.", f"{a}. {b}.", f"{a}{b}."]
    return [name for name in found if name]


def lacking_objective(kind: str, chosen: Sequence[str], active: Iterable[str], plan: bool) -> bool:
    """Whether a note may not be signed for want of an active objective (C-66).

    Args:
        chosen: keys of the objectives that the note links.
        active: keys of those active on the service date in the same chart's plan.
        plan: whether that plan had a row on the service date; before the first plan a note links
            to the admission problem list.
    """
    if not KINDS[kind].links or not plan:
        return False
    return not chosen or not set(chosen) <= set(active)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes of a contact, rounded down."""
    return max(0, int((end - start).total_seconds() // 60))
