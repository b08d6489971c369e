"""What people do with plans: open, add a row, change it, sign or decline, review (C-63 to C-67)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import CareAssignment
from mutual.people.models import Couple, CoupleMember, Person, StaffTask
from mutual.plan import rules
from mutual.plan.models import (
    CoupleObjective,
    CouplePlan,
    CoupleSignature,
    GroupGoal,
    IndividualObjective,
    IndividualPlan,
    IndividualSignature,
)
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.relations import has_consent

Plan = IndividualPlan | CouplePlan
Objective = IndividualObjective | CoupleObjective


class Moved(Refused):
    """Somebody else changed the row meanwhile: both versions are shown (F-14).

    Attributes:
        theirs: the words that stand there now.
        version: of those words; saving with it chooses one's own.
    """

    def __init__(self, theirs: dict[str, str], version: int) -> None:
        super().__init__(
            _("Someone changed this goal while you wrote. Both versions are below; choose one."),
            rule="F-14",
        )
        self.theirs = theirs
        self.version = version


def today() -> date:
    """Today on the programme's calendar."""
    return timezone.localdate(timezone=ZoneInfo(settings.PROGRAMME_ZONE))


def kind_of(plan: Plan) -> tuple[str, UUID]:
    """The record kind of a plan and whose it is."""
    if isinstance(plan, IndividualPlan):
        return "plan_individual", plan.person_id
    return "plan_couple", plan.couple_id


def open_plan(actor: Actor, subject: Person | Couple, on: date | None = None) -> Plan:
    """The open plan of a person or couple; makes a draft if there is none (F-13: once is once)."""
    day = on or today()
    due = rules.review_due(day)
    if isinstance(subject, Person):
        own = IndividualPlan.objects.filter(person=subject).exclude(status="closed").first()
        if own:
            return own
        made: Plan = IndividualPlan(person=subject, opened_on=day, review_due=due)
    else:
        ours = CouplePlan.objects.filter(couple=subject).exclude(status="closed").first()
        if ours:
            return ours
        made = CouplePlan(couple=subject, opened_on=day, review_due=due)
    made.save(force_insert=True)
    audit.note("write", *kind_of(made), made.id, "opened")
    return made


def add_objective(
    actor: Actor, plan: Plan, row: rules.Row, *, active_from: date | None = None
) -> Objective:
    """Add a row to a plan; a plan that was active waits for signatures again (C-64).

    Raises:
        Refused: without a measure or a date (C-63), or with another word missing.
    """
    _check(row)
    words = {name: getattr(row, name).strip() for name in rules.WORDS}
    common: dict[str, Any] = {
        **words,
        "theme": row.theme,
        "target_date": row.target_date,
        "active_from": active_from or today(),
    }
    made: Objective
    if isinstance(plan, IndividualPlan):
        made = IndividualObjective(plan=plan, person_id=plan.person_id, **common)
    else:
        made = CoupleObjective(plan=plan, couple_id=plan.couple_id, **common)
    made.save(force_insert=True)
    _new_revision(plan)
    audit.note("write", *kind_of(plan), made.id)
    return made


def change_objective(
    actor: Actor, row: Objective, changes: Mapping[str, Any], version: int
) -> Objective:
    """Change the words of a row, if nobody else did since ``version`` (F-14).

    Raises:
        Moved: with the words that stand there now.
        Refused: if a measure or date would be lost (C-63).
    """
    model = type(row)
    new = {name: changes.get(name, getattr(row, name)) for name in (*rules.WORDS, "target_date")}
    _check(rules.Row(**new))
    changed = (
        model.objects.writable_by(actor)
        .filter(id=row.id, version=version)
        .update(**new, version=version + 1)
    )
    now = model.objects.visible_to(actor).sole(id=row.id)
    if not changed:
        theirs = {name: str(getattr(now, name)) for name in (*rules.WORDS, "target_date")}
        raise Moved(theirs, now.version)
    _new_revision(now.plan)
    audit.note("write", *kind_of(now.plan), now.id, "changed")
    return now


def close_objective(
    actor: Actor, row: Objective, *, met: bool, on: date | None = None
) -> Objective:
    """End a row as met or closed from a day on; it stays readable."""
    row.status = "met" if met else "closed"
    row.closed_on = on or today()
    row.save(update_fields=["status", "closed_on"])
    if isinstance(row, IndividualObjective):
        GroupGoal.objects.filter(objective=row).update(closed_on=row.closed_on)
    audit.note("write", *kind_of(row.plan), row.id, row.status)
    return row


def show_to_group(actor: Actor, row: IndividualObjective) -> GroupGoal:
    """The own counselor shows one objective to the leader of the person's group (D2)."""
    goal, made = GroupGoal.objects.get_or_create(
        objective=row,
        defaults={
            "person_id": row.person_id,
            "key": row.public_id,
            "words": row.objective[:300],
            "active_from": row.active_from,
            "closed_on": row.closed_on,
        },
    )
    if made:
        audit.note("write", "plan_individual", row.person_id, row.id, "shown to the group")
    return goal


def sign_plan(
    actor: Actor,
    plan: Plan,
    *,
    answer: str = "signed",
    comment: str = "",
    now: datetime | None = None,
) -> IndividualSignature | CoupleSignature:
    """Sign a plan, sign it with a comment, or decline (C-67); a repeat gets the first answer.

    The plan is active once all who have to sign have signed this revision: of a person's plan the
    person and the own counselor, of the couple's plan both partners and the couples therapist
    (C-64). Declining never stops care; it makes a task to talk within 7 days.

    Raises:
        Refused: if the plan has no row, or the actor's signature isn't one of those needed.
    """
    moment = now or timezone.now()
    who = actor.sure_id
    kind, subject = kind_of(plan)
    if answer not in ("signed", "declined"):
        raise Refused(_("Choose: sign, or say no."), field="answer")
    if who not in needed(plan):
        raise Refused(_("Your signature isn't needed on this plan."), rule="C-64")
    model: Any = IndividualSignature if kind == "plan_individual" else CoupleSignature
    rows: Any = IndividualObjective if kind == "plan_individual" else CoupleObjective
    if not rows.objects.filter(plan=plan).exists():
        raise Refused(_("Add a goal first; an empty plan can't be signed."), rule="C-63")
    first = model.objects.filter(plan=plan, revision=plan.revision, signer_id=who).first()
    if first:
        return first  # type: ignore[no-any-return]
    owner = {"person_id": subject} if kind == "plan_individual" else {"couple_id": subject}
    made = model(
        plan=plan, revision=plan.revision, signer_id=who, answer=answer,
        comment=comment.strip(), signed_at=moment, **owner,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return model.objects.get(plan=plan, revision=plan.revision, signer_id=who)  # type: ignore[no-any-return]
    audit.note("sign", kind, subject, plan.id, answer)
    if answer == "declined":
        _talk(actor, plan, moment)
    _settle(plan)
    return made  # type: ignore[no-any-return]


def review(actor: Actor, plan: Plan, on: date | None = None) -> Plan:
    """The plan was reviewed with those whose it is; the next review is in 30 days (C-65)."""
    plan.review_due = rules.review_due(on or today())
    plan.save(update_fields=["review_due"])
    audit.note("write", *kind_of(plan), plan.id, "reviewed")
    return plan


def review_at_once(person_id: UUID, cause: str, on: date | None = None) -> int:
    """A change of level, a hold or a return to use brings the review forward (C-65).

    Of a person's plan; for a hold of the couple's too. Runs as the service that keeps plan
    states, and returns how many plans it concerns.
    """
    if cause not in rules.REVIEW_CAUSES:
        raise ValueError(f"no cause of a review: {cause}")
    day = on or today()
    with as_service("plan_states"):
        count = IndividualPlan.objects.filter(
            person_id=person_id, review_due__gt=day
        ).exclude(status="closed").update(review_due=day)  # fmt: skip
        if cause == "hold":
            count += CouplePlan.objects.filter(
                couple__members__person_id=person_id, review_due__gt=day
            ).exclude(status="closed").update(review_due=day)  # fmt: skip
    return count


def needed(plan: Plan, on: date | None = None) -> list[UUID]:
    """Who has to sign: the person and the own counselor; or both partners and the therapist."""
    day = on or today()
    team = CareAssignment.objects.filter(during__contains=day)
    with as_service("plan_states"):
        if isinstance(plan, IndividualPlan):
            staff = team.filter(person_id=plan.person_id, role="counselor")
            return [plan.person_id, *staff.values_list("staff_id", flat=True)]
        members = CoupleMember.objects.filter(couple_id=plan.couple_id).order_by("side")
        both = list(members.values_list("person_id", flat=True))
        staff = team.filter(couple_id=plan.couple_id, role="couples_therapist")
        return both + sorted(set(staff.values_list("staff_id", flat=True)))


def cite(actor: Actor, couple: Couple, row: IndividualObjective) -> None:
    """Refuse a row of a partner's own plan in the couple's plan without that partner's release.

    Raises:
        Refused: if the person hasn't released the plan to the partner (C-64).
        NotThere: if the actor may not read the row at all.
    """
    if not IndividualObjective.objects.visible_to(actor).filter(id=row.id).exists():
        raise NotThere
    with as_service("plan_states"):
        released = has_consent(row.person_id, "pt:plan_individual")
    if not released:
        raise Refused(
            _("This goal is in one partner's own plan. Ask them first, in their own session."),
            rule="C-64",
        )


def _check(row: rules.Row) -> None:
    if rules.unmeasurable(row):
        field = "measure" if not row.measure.strip() else "target_date"
        raise Refused(_("How will you both know, and by when?"), rule="C-63", field=field)
    for name in rules.missing(row):
        raise Refused(_("Fill in every part of this goal."), rule="C-63", field=name)


def _new_revision(plan: Plan) -> None:
    """Rows changed after somebody signed: what they signed is another revision."""
    signatures: Any = IndividualSignature if isinstance(plan, IndividualPlan) else CoupleSignature
    if signatures.objects.filter(plan=plan, revision=plan.revision).exists():
        plan.revision += 1
        plan.status = "draft"
        plan.save(update_fields=["revision", "status"])


def _settle(plan: Plan) -> None:
    """Active once all have signed; only the service sees all the signatures."""
    signatures: Any = IndividualSignature if isinstance(plan, IndividualPlan) else CoupleSignature
    wanted = needed(plan)
    with as_service("plan_states"):
        signed = signatures.objects.filter(
            plan=plan, revision=plan.revision, answer="signed"
        ).values_list("signer_id", flat=True)
        if rules.complete(wanted, signed):
            type(plan).objects.filter(id=plan.id, status="draft").update(status="active")
            plan.status = "active"


def _talk(actor: Actor, plan: Plan, now: datetime) -> None:
    """A task for the own counselor, or the therapist of the couple: talk within 7 days (C-67)."""
    kind, subject = kind_of(plan)
    with as_service("plan_states") as service:
        day = now.astimezone(ZoneInfo(settings.PROGRAMME_ZONE)).date()
        team = CareAssignment.objects.filter(during__contains=day)
        if kind == "plan_individual":
            to = team.filter(person_id=subject, role="counselor").first()
        else:
            to = team.filter(couple_id=subject, role="couples_therapist").first()
        person = subject
        if kind == "plan_couple":
            member = CoupleMember.objects.filter(couple_id=subject, person_id=actor.sure_id)
            first = CoupleMember.objects.filter(couple_id=subject).order_by("side")
            person = (member.first() or first[0]).person_id
        if to is None:
            return
        due = datetime.combine(
            day + timedelta(days=rules.TALK_DAYS), time(17), ZoneInfo(settings.PROGRAMME_ZONE)
        )
        StaffTask(
            person_id=person,
            author_id=service.sure_id,
            addressee_id=to.staff_id,
            rule="C-67",
            text=_("Talk about the plan: it was not signed."),
            due=due,
        ).save(force_insert=True)
