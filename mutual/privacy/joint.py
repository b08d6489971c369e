"""Agreements of both: what is in force, since when, and their end (P-12, P-14, P-24)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Couple, CoupleMember
from mutual.privacy import forms
from mutual.privacy.models import ConfidencesSetting, JointConsent, JointEnd, JointSpan
from mutual.privacy.rules import JOINT, Half, joint_in_force, refuse_setting
from mutual.privacy.standing import of_person
from mutual.wall import audit, journal
from mutual.wall.context import Actor, as_service
from mutual.wall.models import ConsentFact
from mutual.wall.relations import consent_ends


def refresh_joint_of(person_id: UUID, now: datetime | None = None) -> None:
    """Write down anew what is in force for the open couple of a person, if there is one (D13)."""
    with as_service("joint_consents"):
        member = CoupleMember.objects.filter(
            person_id=person_id, couple__ended_on__isnull=True
        ).first()
    if member is not None:
        refresh_joint(member.couple_id, now)


def refresh_joint(couple_id: UUID, now: datetime | None = None) -> None:
    """Write down which agreements of both are in force for a couple (P-12, P-14, P-24).

    Runs as the service ``joint_consents``, which returns and leaves a yes or no, never whose.
    """
    moment = now or timezone.now()
    wanted = {"confidences": forms.confidences().version}
    with as_service("joint_consents"):
        members = list(
            CoupleMember.objects.filter(couple_id=couple_id).values_list("person_id", flat=True)
        )
        for code in JOINT:
            halves = [_half(person, code, moment) for person in members] + [None, None]
            value = joint_in_force(halves[0], halves[1], only_version=wanted.get(code, ""))
            state = JointConsent.objects.filter(couple_id=couple_id, code=code).first()
            if state is None:
                JointConsent(couple_id=couple_id, code=code, in_force=value).save(force_insert=True)
            elif state.in_force != value:
                state.in_force = value
                state.save(update_fields=["in_force"])
            _span(couple_id, code, value and halves[0] or None, moment)


def _span(couple_id: UUID, code: str, half: Half | None, moment: datetime) -> None:
    """Keep since when and in which version both agreed: words keep their setting (P-14)."""
    version = half.version if half else ""
    last = JointSpan.objects.filter(couple_id=couple_id, code=code, ended_at__isnull=True).first()
    if last is not None and last.version == version:
        return
    if last is not None:
        last.ended_at = moment
        last.save(update_fields=["ended_at"])
    if version:
        JointSpan(couple_id=couple_id, code=code, version=version, begun_at=moment).save(
            force_insert=True
        )


def _half(person_id: UUID, code: str, moment: datetime) -> Half | None:
    signed = of_person(person_id, code, moment)
    if signed is None:
        return None
    fact = ConsentFact.objects.filter(person_id=person_id, code=code, valid__contains=moment)
    return Half(fact.exists(), signed.version)


def setting_at(couple_id: UUID, moment: datetime) -> str:
    """Under which setting both had agreed at a moment; empty: under none (P-14)."""
    with as_service("joint_consents"):
        span = (
            JointSpan.objects.filter(couple_id=couple_id, code="confidences", begun_at__lte=moment)
            .order_by("-begun_at")
            .first()
        )
    if span is None or (span.ended_at is not None and span.ended_at <= moment):
        return ""
    return span.version.partition(":")[2]


def end_joint(
    actor: Actor, couple: Couple, code: str, why: str, *, now: datetime | None = None
) -> None:
    """The programme ends an agreement of both; to each it looks as if the other had (P-24).

    The director does it. Each one's own paper stays as they signed it; both halves end.

    Raises:
        NotThere: for everybody else.
        Refused: for another code, or without a reason.
    """
    if not actor.has("director"):
        raise NotThere
    if code not in JOINT:
        raise Refused(_("Choose an agreement of both."), rule="P-24", field="code")
    if len(why.strip()) < 10:
        raise Refused(_("Write the reason, for the record."), rule="P-24", field="why")
    moment = now or timezone.now()
    with transaction.atomic():
        with as_service("joint_consents"):
            members = list(
                CoupleMember.objects.filter(couple_id=couple.id).values_list("person_id", flat=True)
            )
            JointEnd(
                couple_id=couple.id, code=code, at=moment, by_id=actor.sure_id, why=why.strip()
            ).save(force_insert=True)
        _both_end(members, couple.id, code, moment)
        journal.ended("joint", moment, couple=couple.id, code=code, by=actor.sure_id)
    audit.note("consent", "consent_joint", couple.id, None, f"{code} ended by the programme")


def _both_end(people: list[UUID], couple_id: UUID, code: str, moment: datetime) -> None:
    with as_service("revocations"):
        for person in people:
            consent_ends(person, code, moment)
    refresh_joint(couple_id, moment)


@journal.applies("joint")
def _end_again(what: dict[str, str], at: datetime) -> None:
    """In a restored database: what the programme ended for both ends again (P-21, P-24)."""
    couple = UUID(what["couple"])
    with as_service("joint_consents"):
        people = list(
            CoupleMember.objects.filter(couple_id=couple).values_list("person_id", flat=True)
        )
        JointEnd(
            couple_id=couple, code=what["code"], at=at, by_id=UUID(what["by"]),
            why="Ended before the database was restored.",
        ).save(force_insert=True)  # fmt: skip
    _both_end(people, couple, what["code"], at)


def choose_setting(actor: Actor, value: str, *, now: datetime | None = None) -> ConfidencesSetting:
    """Choose what holds for words said to the couples therapist alone, from now on (P-12, P-14).

    Both partners of each couple have to sign the new version, each alone; until then no shared
    session can be booked. Earlier words stay under the earlier setting.

    Raises:
        NotThere: for anybody but the director.
        Refused: for an unknown value, or the one that holds already.
    """
    if not actor.has("director"):
        raise NotThere
    refuse_setting(value)
    before, version = forms.setting_now()
    if before == value:
        raise Refused(_("This holds already."), rule="P-12", field="value")
    moment = now or timezone.now()
    with transaction.atomic():
        row = ConfidencesSetting(
            value=value, version=version + 1, since=moment, by_id=actor.sure_id
        )
        row.save(force_insert=True)
        with as_service("joint_consents"):
            couples = list(
                Couple.objects.filter(ended_on__isnull=True).values_list("id", flat=True)
            )
        for couple_id in couples:
            refresh_joint(couple_id, moment)
    audit.note("setting", "consent_joint", None, row.id, value)
    return row
