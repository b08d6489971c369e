"""Separation in one action (P-71): what the two opened to each other ends; each one's care goes on.

Either partner, or their couples therapist, does it alone. The other hears it from a clinician: to
the app it looks as every week without shared sessions does (C-16), and no page, notice or message
tells who did it, or that anybody did.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere
from mutual.people.lookups import couple_of
from mutual.people.models import Couple, CoupleMember, StaffTask
from mutual.privacy import journal as consents_journal
from mutual.privacy.joint import refresh_joint
from mutual.privacy.models import Consent
from mutual.privacy.signals import couple_parted
from mutual.wall import audit, journal
from mutual.wall.context import Actor, as_service, current
from mutual.wall.models import ConsentFact, Relation
from mutual.wall.relations import consent_ends, end_relations

#: What opens one partner's record to the other or to the other's counselor, and of both (P-71).
PREFIXES = ("pt:", "pc:")
CODES = ("cj", "team", "bill")
#: A clinician speaks with each of them within this time.
SPEAK_WITHIN = timedelta(hours=24)


def separate(actor: Actor, couple: Couple | None = None, *, now: datetime | None = None) -> bool:
    """End the couple; returns whether there was one to end. A second time is no error (F-13).

    Args:
        couple: whom a therapist separates; a partner ends their own.

    Raises:
        NotThere: to everybody but the two and their couples therapist.
    """
    moment = now or timezone.now()
    ours = couple_of(actor.sure_id) if actor.is_person else couple
    if ours is None:
        raise NotThere
    if not actor.is_person and not _therapist(actor, ours.id, moment):
        raise NotThere
    ours.refresh_from_db(fields=["parted_at"])
    if ours.parted_at is not None:
        return False
    with transaction.atomic():
        _part(ours.id, moment)
        audit.note("write", "couple", ours.id, ours.id, "separated")
        _tell_clinicians(ours.id, moment)
    return True


def _therapist(actor: Actor, couple_id: UUID, moment: datetime) -> bool:
    return Relation.objects.filter(
        viewer_id=actor.sure_id, subject_id=couple_id, relation="couples_therapist",
        valid__contains=moment,
    ).exists()  # fmt: skip


def _part(couple_id: UUID, moment: datetime) -> None:
    with as_service("separation"):
        people = list(
            CoupleMember.objects.filter(couple_id=couple_id).values_list("person_id", flat=True)
        )
        Couple.objects.filter(id=couple_id, parted_at__isnull=True).update(parted_at=moment)
        journal.ended("couple", moment, couple=couple_id)
        for person in people:
            _end_consents(person, moment)
        for one in people:
            for viewer in _viewers(one, moment):
                end_relations(viewer, one, "partner", "partner_counselor", at=moment)
    refresh_joint(couple_id, moment)
    couple_parted.send(sender=Couple, couple_id=couple_id, at=moment)


@journal.applies("couple")
def _part_again(what: dict[str, str], at: datetime) -> None:
    """In a restored database: the same end; consents and relations have lines of their own."""
    with as_service("separation"):
        Couple.objects.filter(id=what["couple"], parted_at__isnull=True).update(parted_at=at)
    couple_parted.send(sender=Couple, couple_id=UUID(what["couple"]), at=at)


def _viewers(person: UUID, moment: datetime) -> list[UUID]:
    return list(
        Relation.objects.filter(
            subject_id=person, relation__in=("partner", "partner_counselor"),
            valid__contains=moment,
        ).values_list("viewer_id", flat=True).distinct()
    )  # fmt: skip


def _end_consents(person: UUID, moment: datetime) -> None:
    """What opens to the other or of both; also what was signed and has not begun yet (P-25)."""
    signed = Consent.objects.filter(person_id=person, answer="given", revoked_at__isnull=True)
    codes = set(signed.values_list("code", flat=True)) | set(
        ConsentFact.objects.filter(person_id=person).values_list("code", flat=True)
    )
    for code in sorted(codes):
        if code in CODES or code.startswith(PREFIXES):
            signed.filter(code=code).update(revoked_at=moment)
            consent_ends(person, code, moment)
            consents_journal.revoked(person, code, moment)
            # The trail never names a release that may still be dropped without a trace (P-25).
            named = "release" if code.startswith("pt:") else code
            audit.note("consent", "consent", person, None, f"{named} ended with the couple")


def told(actor: Actor, couple: Couple, *, now: datetime | None = None) -> bool:
    """Both have heard it from a clinician: the couple is closed on its pages, too.

    Raises:
        NotThere: to everybody but the couples therapist and the director.
    """
    moment = now or timezone.now()
    if not (actor.has("director") or _therapist(actor, couple.id, moment)):
        raise NotThere
    if couple.parted_at is None or couple.ended_on is not None:
        return False
    today = timezone.localdate(moment)
    with transaction.atomic(), as_service("separation"):
        Couple.objects.filter(id=couple.id).update(ended_on=today)
        for member in CoupleMember.objects.filter(couple_id=couple.id):
            member.during = type(member.during)(
                member.during.lower, max(today, member.during.lower)
            )
            member.save(update_fields=["during"])
    audit.note("write", "couple", couple.id, couple.id, "both were told")
    return True


def _tell_clinicians(couple_id: UUID, moment: datetime) -> None:
    """A task for both counselors and the therapist: whom to speak with, and in which words."""
    with as_service("separation"):
        people = list(
            CoupleMember.objects.filter(couple_id=couple_id)
            .order_by("side")
            .values_list("person_id", flat=True)
        )
        for person in people:
            for viewer in Relation.objects.filter(
                subject_id=person, subject_of="P", valid__contains=moment,
                relation__in=("own_counselor", "couples_therapist"),
            ).values_list("viewer_id", flat=True).distinct():  # fmt: skip
                StaffTask(
                    person_id=person, author_id=current().sure_id, addressee_id=viewer,
                    rule="P-71", due=moment + SPEAK_WITHIN, text=task_words(),
                ).save(force_insert=True)  # fmt: skip


def task_words() -> str:
    """What a clinician reads and says; the same for both partners and all three clinicians."""
    return _(
        "The couple work has ended; each one's own care goes on. Speak with this person, alone, in"
        " their safe way and hours: ask about safety first (violence, suicide, where they stay),"
        " then say it. Words: “Your work as a couple here has ended. Your own care goes on with the"
        " same people. You don't have to explain anything.” Never say who ended it. Agree on own"
        " class hours, so that the two don't meet."
    )
