"""Two threads that never meet: with one's own counselor, and the couple's (P-54, P-55)."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.daily.models import CoupleMessage, OwnMessage
from mutual.episode.queries import week_sentence
from mutual.people.lookups import couple_of
from mutual.people.models import Couple, CoupleMember, Person
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.wall.models import Notice, Relation

LONGEST = 4000


def write_to_own(
    actor: Actor, text: str, *, person: Person | None = None, now: datetime | None = None
) -> OwnMessage:
    """A person writes to their own counselor, or the counselor (``person`` given) answers.

    Raises:
        Refused: an empty or far too long message, or no counselor yet.
        NotThere: for anybody but the two of this thread.
    """
    moment = now or timezone.now()
    words = _words(text)
    if actor.is_person:
        owner, reader = actor.sure_id, counselor_of(actor.sure_id, moment)
        if reader is None:
            raise Refused(_("Your counselor is not set yet. Please call us."), rule="P-55")
    else:
        if person is None or counselor_of(person.id, moment) != actor.id:
            raise NotThere
        owner = reader = person.id
    message = OwnMessage(
        person_id=owner,
        author_id=actor.sure_id,
        addressee_id=reader,
        text=words,
        sent_at=moment,
    )
    message.save(force_insert=True)
    audit.note("write", "message_own", owner, message.id)
    _tell([reader], message.id, moment)
    return message


def write_to_couple(
    actor: Actor, text: str, *, couple: Couple | None = None, now: datetime | None = None
) -> UUID:
    """One of the three writes to the other two: both partners and their couples therapist.

    Raises:
        Refused: an empty or far too long message.
        NotThere: for anybody else.
    """
    moment = now or timezone.now()
    words = _words(text)
    ours = couple_of(actor.sure_id) if actor.is_person else couple
    if ours is None:
        raise NotThere
    if ours.parted_at is not None:
        # Frozen: it stays to be read, and says what every such week says (P-71, C-16).
        raise Refused(week_sentence(ours.id), rule="P-71")
    partners = list(CoupleMember.objects.filter(couple=ours).values_list("person_id", flat=True))
    everyone = {*partners, *_therapists(ours.id, moment)}
    if actor.id not in everyone:
        raise NotThere
    readers = sorted(everyone - {actor.sure_id})
    message = uuid.uuid4()
    for reader in readers:
        CoupleMessage(
            message_id=message,
            couple=ours,
            author_id=actor.sure_id,
            addressee_id=reader,
            text=words,
            sent_at=moment,
        ).save(force_insert=True)
    audit.note("write", "message_couple", ours.id, message)
    _tell(readers, message, moment)
    return message


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Refused(_("Write a few words first."), field="text")
    if len(words) > LONGEST:
        raise Refused(
            _("Shorten it to %(n)d characters, or send it in two.") % {"n": LONGEST},
            field="text",
        )
    return words


def counselor_of(person_id: UUID, now: datetime) -> UUID | None:
    """The own counselor at a moment, as far as the actor may know."""
    return (
        Relation.objects.filter(subject_id=person_id, relation="own_counselor", valid__contains=now)
        .order_by("-valid")
        .values_list("viewer_id", flat=True)
        .first()
    )


def _therapists(couple_id: UUID, now: datetime) -> list[UUID]:
    return list(
        Relation.objects.filter(
            subject_id=couple_id, relation="couples_therapist", valid__contains=now
        ).values_list("viewer_id", flat=True)
    )


def _tell(readers: list[UUID], message: UUID, moment: datetime) -> None:
    """One neutral notice for each reader, the same for every kind of news (P-49)."""
    Notice.objects.bulk_create(
        [Notice(viewer_id=r, occasion=f"news:{message}", due=moment) for r in readers],
        ignore_conflicts=True,
    )
