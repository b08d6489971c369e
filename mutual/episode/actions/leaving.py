"""Discharge of one person, and what it leaves to the other (C-31, C-97, C-98)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions.clearing import refresh_clearance
from mutual.episode.models import Closing, CoupleEpisode, Episode
from mutual.people.lookups import couple_of
from mutual.people.models import Couple, CoupleMember, Person
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

REASONS = ("completed", "transferred", "own_choice", "lost", "administrative", "died")
#: A couple episode stays held this long after one partner's discharge (C-97).
HELD_FOR = timedelta(days=30)


def close_episode(
    actor: Actor, person: Person, reason: str, words: str = "", *, now: datetime | None = None
) -> Episode:
    """Discharge one person; the other's episode goes on, the couple episode is held (C-31, C-97).

    Raises:
        Refused: for an unknown reason, an administrative one by anybody but the director or
            without written words, a loss of contact without what was tried (C-57).
        NotThere: to anybody who doesn't decide this.
    """
    moment = now or timezone.now()
    if reason not in REASONS:
        raise Refused(_("Choose one of the reasons."), rule="C-31", field="reason")
    if reason == "administrative" and not actor.has("director"):
        raise Refused(_("The director decides."), rule="C-31", field="reason")
    if reason in ("administrative", "lost") and not words.strip():
        raise Refused(
            _("Write down the reason, and how to appeal.")
            if reason == "administrative"
            else _("Write down which ways were tried, and when."),
            rule="C-31",
            field="words",
        )
    episode = Episode.objects.filter(person=person).order_by("-opened_on", "-id").first()
    if episode is None:
        raise NotThere
    allowed = (
        actor.has("director") or Episode.objects.writable_by(actor).filter(id=episode.id).exists()
    )
    if not allowed:
        raise NotThere
    if episode.stage == "closed":
        return episode  # F-13: once is once.
    day = timezone.localdate(moment)
    couple = couple_of(person.id)
    with as_service("discharge"):
        episode.stage = "closed"
        episode.closed_on = day
        episode.save(update_fields=["stage", "closed_on"])
        Closing(
            episode=episode,
            person=person,
            reason=reason,
            words=words.strip(),
            decided_by_id=actor.sure_id,
            decided_at=moment,
        ).save(force_insert=True)
        if couple is not None:
            CoupleEpisode.objects.filter(couple=couple, status="open").update(status="held")
            people = CoupleMember.objects.filter(couple=couple).values("person_id")
            stays = Episode.objects.filter(person_id__in=people, closed_on__isnull=True).exists()
    if couple is not None and not stays:
        # Nobody of the two is in care: nothing is left to be held for (C-97).
        end_joint_work(couple.id, day)
    audit.note("write", "episode", person.id, episode.id, "closed")
    if couple is not None:
        refresh_clearance(couple.id, day)
    return episode


def close_lapsed(today: date | None = None) -> int:
    """Close couple episodes held for 30 days after a partner's discharge (C-97); daily."""
    day = today or timezone.localdate()
    count = 0
    with as_service("discharge"):
        for joint in CoupleEpisode.objects.filter(status="held"):
            people = CoupleMember.objects.filter(couple_id=joint.couple_id).values("person_id")
            left = (
                Episode.objects.filter(person_id__in=people, closed_on__isnull=False)
                .order_by("closed_on")
                .values_list("closed_on", flat=True)
                .first()
            )
            if left is not None and day >= left + HELD_FOR:
                _close(joint, day)
                count += 1
    return count


def end_couple_episode(actor: Actor, couple: Couple, *, now: datetime | None = None) -> bool:
    """Either partner, or the couples therapist, ends the joint work alone (C-97, C-98).

    Each one's own episode goes on. Returns whether something ended; a second time is no error.
    """
    moment = now or timezone.now()
    mine = CoupleMember.objects.filter(couple=couple, person_id=actor.sure_id).exists()
    if not mine and not CoupleEpisode.objects.writable_by(actor).filter(couple=couple).exists():
        raise NotThere
    if not end_joint_work(couple.id, timezone.localdate(moment)):
        return False
    refresh_clearance(couple.id, timezone.localdate(moment))
    return True


def end_joint_work(couple_id: UUID, day: date) -> bool:
    """Close the couple episode, whoever acts; the caller refreshes the clearance."""
    with as_service("discharge"):
        joint = CoupleEpisode.objects.filter(couple_id=couple_id).exclude(status="closed").first()
        if joint is None:
            return False
        _close(joint, day)
    audit.note("write", "couple_episode", couple_id, joint.id, "closed")
    return True


def _close(joint: CoupleEpisode, day: date) -> None:
    joint.status = "closed"
    joint.closed_on = day
    joint.save(update_fields=["status", "closed_on"])
