"""Readiness, the six dimensions, admission of a couple, a change of level (C-10, C-11, C-25)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import Refused
from mutual.episode import asam, queries, team
from mutual.episode.actions.clearing import refresh_clearance
from mutual.episode.models import (
    CoupleEpisode,
    Episode,
    Inquiry,
    LevelChange,
    LevelRating,
    Readiness,
)
from mutual.episode.signals import level_changed
from mutual.people.lookups import licensed
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.wall import audit
from mutual.wall.context import Actor


@dataclass(frozen=True)
class CareTeam:
    """Who treats a couple: one couples therapist, one counselor each, and the medical team.

    A place left empty stays as it is.
    """

    couples_therapist: Staff | None = None
    counselor_a: Staff | None = None
    counselor_b: Staff | None = None
    prescriber: Staff | None = None
    nurse: Staff | None = None
    supervisor: Staff | None = None


def open_episode(actor: Actor, person: Person, on: date) -> Episode:
    """Begin the stage *screening* for one person; an open episode is kept as it is (F-13)."""
    found = Episode.objects.filter(person=person, closed_on__isnull=True).first()
    if found is not None:
        return found
    episode = Episode(person=person, opened_on=on)
    try:
        with transaction.atomic():
            episode.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("This person's stay is open already."), rule="F-13") from error
    audit.note("write", "episode", person.id, episode.id)
    return episode


def record_readiness(
    actor: Actor,
    person: Person,
    *,
    own_device: bool | None,
    headphones: bool | None,
    private_place: bool | None,
    now: datetime | None = None,
) -> Readiness:
    """Write down what one person has at hand for care by video (C-10)."""
    values = {
        "own_device": own_device,
        "headphones": headphones,
        "private_place": private_place,
        "checked_at": now or timezone.now(),
    }
    found = Readiness.objects.filter(person=person).first()
    if found is None:
        found = Readiness(person=person, **values)
        found.save(force_insert=True)
    else:
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
    audit.note("write", "screening", person.id)
    return found


def rate_level(
    actor: Actor,
    person: Person,
    minimums: Mapping[int, tuple[str, str]],
    person_centered: asam.PersonCentered | None = None,
    *,
    chosen: str = "",
    reason: str = "",
    edition: int = 4,
    now: datetime | None = None,
) -> LevelRating:
    """Rate the six dimensions; the level is the highest minimum (C-25, C-26, C-28).

    Args:
        minimums: dimension 1-5 to (minimum level, reason).
        person_centered: dimension 6.
        chosen: another level than proposed; needs ``reason`` and a signer licensed where the
            person is.

    Raises:
        Refused: "say why", the missing dimensions, a foreign level, an unlicensed signer.
    """
    moment = now or timezone.now()
    sixth = person_centered or asam.PersonCentered()
    rating = asam.rate(edition, minimums, sixth, moment)
    proposal = asam.proposed(rating)
    signer = Staff.objects.get(id=actor.sure_id)
    level = asam.place(
        rating,
        chosen or proposal.level,
        reason=reason,
        signer_licensed=licensed(signer.id, person.state, timezone.localdate(moment)),
    )
    episode = open_episode(actor, person, timezone.localdate(moment))
    row = LevelRating(
        person=person,
        episode=episode,
        edition=edition,
        dimensions={
            **{
                str(r.dimension): {"minimum": r.minimum, "reason": r.reason}
                for r in rating.dimensions
            },
            "6": {
                "barriers": sixth.barriers,
                "preferences": sixth.preferences,
                "agreed": sixth.agreed,
            },
        },
        proposed=proposal.level,
        chosen=level,
        reason=reason.strip(),
        signer=signer,
        signed_at=moment,
    )
    row.save(force_insert=True)
    audit.note("sign", "episode", person.id, row.id, "level")
    return row


def admit_couple(
    actor: Actor,
    couple: Couple,
    on: date,
    *,
    care_team: CareTeam | None = None,
    collateral: frozenset[Literal["A", "B"]] = frozenset(),
    now: datetime | None = None,
) -> CoupleEpisode:
    """Admit both partners, each at their own level, and open the joint work (C-1, C-10, C-11).

    Args:
        on: the day of admission.
        care_team: assigned from ``on`` where it isn't yet; refused by C-3 and C-4.
        collateral: sides without a diagnosis: seen for the other's sake, no level, no claims.

    Raises:
        Refused: naming, to staff, everything that is missing for each person.
    """
    moment = now or timezone.now()
    running = CoupleEpisode.objects.filter(couple=couple).exclude(status="closed").first()
    if running is not None:
        return running  # F-13: once is once.
    if couple.ended_on is not None:
        raise Refused(_("This couple has ended."), rule="C-1")
    members = list(
        CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    )
    if len(members) != 2:
        raise Refused(_("A couple is two people: the second is missing."), rule="C-1")
    if care_team is not None:
        assign_team(actor, couple, care_team, on)
    gaps = queries.admission_gaps(couple, on, moment)
    if gaps:
        raise Refused(_("Not yet: %(gaps)s.") % {"gaps": "; ".join(gaps)}, rule="C-10")
    levels = {m.side: _level(m, m.side in collateral) for m in members}
    asam.enrol(levels["A"], levels["B"])
    for member in members:
        episode = open_episode(actor, member.person, on)
        if episode.stage == "screening":
            episode.stage = "admitted"
            episode.level = levels[member.side] or ""
            episode.admitted_on = on
            episode.save(update_fields=["stage", "level", "admitted_on"])
            audit.note("write", "episode", member.person_id, episode.id, "admitted")
    joint = CoupleEpisode(couple=couple, opened_on=on)
    joint.save(force_insert=True)
    audit.note("write", "couple_episode", couple.id, joint.id, "opened")
    Inquiry.objects.filter(person_id__in=[m.person_id for m in members]).update(status="admitted")
    refresh_clearance(couple.id, on)
    return joint


def assign_team(actor: Actor, couple: Couple, wanted: CareTeam, on: date) -> int:
    """Fill the empty places of a couple's care team, from the stage *screening* on (C-3 to C-6).

    A place that is taken stays as it is. Returns how many assignments were made.

    Raises:
        Refused: with the words of C-3, C-4 or C-6; ``field`` names the place.
    """
    if couple.ended_on is not None:
        raise Refused(_("This couple has ended."), rule="C-1")
    made = 0
    if wanted.couples_therapist and not queries.holders(couple.id, "couples_therapist", on):
        with _at("couples_therapist"):
            made += len(team.assign_therapist(actor, couple, wanted.couples_therapist, on))
    counselors = {"A": wanted.counselor_a, "B": wanted.counselor_b}
    for member in (
        CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    ):
        have = queries.team_of(member.person_id, on)
        for role, place, staff in (
            ("counselor", f"counselor_{member.side.lower()}", counselors[member.side]),
            ("prescriber", "prescriber", wanted.prescriber),
            ("nurse", "nurse", wanted.nurse),
            ("supervisor", "supervisor", wanted.supervisor),
        ):
            if staff is not None and role not in have:
                with _at(place):
                    team.assign(actor, couple, member.person, staff, role, on)
                made += 1
    return made


@contextmanager
def _at(place: str) -> Iterator[None]:
    """A refusal inside names the place on the team that it is about."""
    try:
        yield
    except Refused as refusal:
        raise Refused(refusal.text, rule=refusal.rule, field=place) from refusal


def change_level(
    actor: Actor,
    person: Person,
    level: str,
    *,
    receiver: str,
    first_date: date | None,
    now: datetime | None = None,
) -> Episode:
    """Move one person to another level; the other partner's episode is untouched (C-30).

    Raises:
        Refused: without a rating of the last 72 hours, a receiver and a first date.
    """
    moment = now or timezone.now()
    episode = Episode.objects.writable_by(actor).sole(person=person, stage="admitted")
    rating = LevelRating.objects.filter(episode=episode).order_by("-signed_at").first()
    asam.refuse_level_change(
        person.given_name,
        rated_at=rating.signed_at if rating else None,
        now=moment,
        receiver=receiver,
        first_date=first_date,
    )
    asam.rank(level)
    assert first_date is not None  # refused above
    was, episode.level = episode.level, level
    episode.save(update_fields=["level"])
    LevelChange(
        person=person, episode=episode, was=was, level=level, receiver=receiver.strip(),
        first_date=first_date, by_id=actor.sure_id, at=moment,
    ).save(force_insert=True)  # fmt: skip
    audit.note("write", "episode", person.id, episode.id, f"level {level}")
    level_changed.send(sender=Episode, person_id=person.id, on=timezone.localdate(moment))
    return episode


def _level(member: CoupleMember, collateral: bool) -> str | None:
    if collateral:
        return None
    rating = LevelRating.objects.filter(person_id=member.person_id).order_by("-signed_at").first()
    if rating is None:
        raise Refused(
            _("Rate the six dimensions of %(name)s first.") % {"name": member.person.given_name},
            rule="C-25",
        )
    return rating.chosen
