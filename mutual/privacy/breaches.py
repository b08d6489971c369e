"""The register of breaches: assessed, told to each at a safe channel, in time (P-36)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.privacy import clocks
from mutual.privacy.channel import tell
from mutual.privacy.models import Breach, BreachPerson
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

#: The four factors of the risk assessment (164.402(2)).
FACTORS = ("nature", "who_got_it", "acquired", "mitigated")


def log_breach(
    actor: Actor,
    what: str,
    discovered_on: date,
    people: Iterable[UUID],
    *,
    by_partner: bool = False,
) -> Breach:
    """Write down that something may have been seen by who should not have; a partner too (P-36).

    Raises:
        NotThere: for anybody but the privacy officer.
        Refused: without words, or without anybody it touched.
    """
    _refuse_others(actor)
    chosen = list(dict.fromkeys(people))
    if len(what.strip()) < 10:
        raise Refused(_("Write what happened."), rule="P-36", field="what")
    if not chosen:
        raise Refused(_("Choose whom it touched."), rule="P-36", field="people")
    with transaction.atomic():
        row = Breach(
            discovered_on=discovered_on, what=what.strip(), by_partner=by_partner,
            by_id=actor.sure_id,
        )  # fmt: skip
        row.save(force_insert=True)
        with as_service("legal_answers"):
            states = dict(Person.objects.filter(id__in=chosen).values_list("id", "state"))
        BreachPerson.objects.bulk_create(
            BreachPerson(breach=row, person_id=person, state=states.get(person, ""))
            for person in chosen
        )
    audit.note("write", "breach", None, row.id)
    return row


def assess(
    actor: Actor, row: Breach, factors: Mapping[str, str], low_risk: bool,
    *, now: datetime | None = None,
) -> Breach:  # fmt: skip
    """Write the risk assessment; only a low probability in all four makes it no breach (P-36).

    Raises:
        Refused: with one of the four factors empty.
    """
    _refuse_others(actor)
    for name in FACTORS:
        if not factors.get(name, "").strip():
            raise Refused(_("All four parts are needed."), rule="P-36", field=name)
        setattr(row, name, factors[name].strip())
    row.low_risk, row.assessed_at = low_risk, now or timezone.now()
    row.save()
    audit.note("write", "breach", None, row.id, "assessed")
    return row


def tell_people(actor: Actor, row: Breach, *, now: datetime | None = None) -> int:
    """Tell everybody who wasn't told yet, each at their own safe channel; returns how many (P-36).

    The notice says that there is an update; what happened stands on the person's own page.
    """
    _refuse_others(actor)
    if row.assessed_at is None:
        raise Refused(_("Assess the risk first."), rule="P-36")
    moment = now or timezone.now()
    count = 0
    for one in BreachPerson.objects.filter(breach=row, told_at__isnull=True):
        one.way = tell(one.person_id, f"breach:{row.id}", now=moment)
        one.told_at = moment
        one.save(update_fields=["told_at", "way"])
        count += 1
    audit.note("write", "breach", None, row.id, f"{count} told")
    return count


def report_on(
    actor: Actor, row: Breach, *, hhs: date | None = None, media: date | None = None
) -> Breach:
    """Write down when HHS and, where it must be, the media were told."""
    _refuse_others(actor)
    row.hhs_told_on = hhs or row.hhs_told_on
    row.media_told_on = media or row.media_told_on
    row.save(update_fields=["hhs_told_on", "media_told_on"])
    audit.note("write", "breach", None, row.id, "reported")
    return row


def close(actor: Actor, row: Breach, *, now: datetime | None = None) -> Breach:
    """Close a breach of which everything the law asks is done.

    Raises:
        Refused: naming what is still open.
    """
    _refuse_others(actor)
    open_ = standing_of(row, BreachPerson.objects.filter(breach=row), timezone.localdate()).todo
    if open_:
        raise Refused(_("Not yet: %(what)s") % {"what": open_[0]}, rule="P-36")
    row.closed_at = now or timezone.now()
    row.save(update_fields=["closed_at"])
    audit.note("write", "breach", None, row.id, "closed")
    return row


@dataclass(frozen=True)
class BreachLine:
    """A breach with its clock and what is still to do, in words."""

    row: Breach
    people: int
    told: int
    due: date
    days_left: int
    alarm: bool
    hhs_due: date
    media: list[str]
    todo: list[str]


def standing_of(row: Breach, people: Iterable[BreachPerson], today: date) -> BreachLine:
    """How a breach stands on a day (P-36)."""
    touched = list(people)
    told = sum(1 for p in touched if p.told_at)
    last = clocks.breach_due(row.discovered_on)
    media = clocks.media_states([p.state for p in touched])
    todo: list[str] = []
    if row.assessed_at is None:
        todo.append(_("assess the risk"))
    elif not row.low_risk:
        if told < len(touched):
            todo.append(_("tell the people it touched"))
        if row.hhs_told_on is None:
            todo.append(_("tell HHS"))
        if media and row.media_told_on is None:
            todo.append(_("tell the media of %(states)s") % {"states": ", ".join(media)})
    open_ = row.closed_at is None
    return BreachLine(
        row=row,
        people=len(touched),
        told=told,
        due=last,
        days_left=(last - today).days,
        alarm=open_ and clocks.alarm(last, today),
        hhs_due=clocks.hhs_due(row.discovered_on, len(touched)),
        media=media,
        todo=todo if open_ else [],
    )


def register(actor: Actor, today: date | None = None) -> list[BreachLine]:
    """All breaches, those with the least time first; two queries."""
    if not actor.has("privacy_officer", "director"):
        raise NotThere
    day = today or timezone.localdate()
    rows = Breach.objects.prefetch_related("people")
    lines = [standing_of(row, row.people.all(), day) for row in rows]
    return sorted(lines, key=lambda line: (line.row.closed_at is not None, line.due))


def one(actor: Actor, key: UUID, today: date | None = None) -> BreachLine:
    """One breach.

    Raises:
        NotThere: to everybody but privacy officer and director.
    """
    if not actor.has("privacy_officer", "director"):
        raise NotThere
    row = Breach.objects.filter(public_id=key).first()
    if row is None:
        raise NotThere
    return standing_of(row, row.people.all(), today or timezone.localdate())


def _refuse_others(actor: Actor) -> None:
    if not actor.has("privacy_officer"):
        raise NotThere
