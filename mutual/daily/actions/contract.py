"""The recovery contract, its daily trust talk, its optional parts, and thanks: what is ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.daily import rules
from mutual.daily.models import (
    PARTS,
    ContractPart,
    ContractReadiness,
    Gratitude,
    PartConsent,
    PartDay,
    RecoveryContract,
    TrustDay,
    TrustTick,
)
from mutual.daily.queries import side_by_side_now
from mutual.episode.models import CareAssignment
from mutual.episode.queries import week_sentence
from mutual.measures.daily import refuse_closed_day
from mutual.people.lookups import couple_of
from mutual.people.models import Couple, CoupleMember, Person, StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current

#: A contract that was begun in a session may be written down within this time.
LATE_BY = timedelta(days=7)


def record_contract_readiness(
    actor: Actor,
    person: Person,
    *,
    accepts_abstinence: bool | None,
    means_to_stay: bool | None,
    has_sud: bool = True,
    now: datetime | None = None,
) -> None:
    """What one partner said, alone, to their own counselor (C-47); ``None`` is undecided."""
    if (
        not actor.is_staff
        or not Person.objects.filter(id=person.id, id__granted="screening.write").exists()
    ):
        raise NotThere
    ContractReadiness.objects.update_or_create(
        person=person,
        defaults={
            "has_sud": has_sud,
            "accepts_abstinence": accepts_abstinence,
            "means_to_stay": means_to_stay,
            "asked_at": now or timezone.now(),
        },
    )
    audit.note("write", "screening", person.id, None, "contract readiness")


def _members(couple_id: UUID) -> list[UUID]:
    rows = CoupleMember.objects.filter(couple_id=couple_id)
    return list(rows.values_list("person_id", flat=True))


def start_contract(
    actor: Actor,
    couple: Couple,
    statement: str,
    thanks: str,
    *,
    promises: Sequence[tuple[str, str]] = (),
    on: date | None = None,
    now: datetime | None = None,
) -> RecoveryContract:
    """The couples therapist opens the contract with a couple.

    Args:
        on: the day from which it runs, if they began before it was written down; today otherwise.

    Raises:
        Refused: with the sentence of C-16 and no name, where one isn't ready (C-47); in words
            where a text is missing, the day is not one of the last seven, or one is open already.
        NotThere: for anybody who may not write the couple's contract.
    """
    moment = now or timezone.now()
    _writable(actor, couple.id)
    for field, text in (("statement", statement), ("thanks", thanks)):
        if not text.strip():
            raise Refused(_("Write the words that each will say."), rule="C-49", field=field)
    today = timezone.localdate(moment)
    start = on or today
    if not today - LATE_BY <= start <= today:
        raise Refused(_("Today, or one of the seven days before."), rule="C-47", field="on")
    with as_service("contract_halves"):
        halves = list(
            ContractReadiness.objects.filter(person_id__in=_members(couple.id)).values_list(
                "has_sud", "accepts_abstinence", "means_to_stay"
            )
        )
    if not rules.may_open_contract(halves):
        raise Refused(week_sentence(couple.id), rule="C-47")
    row = RecoveryContract(
        couple=couple,
        statement=statement.strip(),
        thanks=thanks.strip(),
        promises=[list(pair) for pair in promises],
        started_on=start,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("A contract is open. End it first."), rule="C-47") from error
    audit.note("write", "recovery_contract", couple.id, row.id, "started")
    return row


def _writable(actor: Actor, couple_id: UUID) -> None:
    if not Couple.objects.filter(id=couple_id, id__granted="recovery_contract.write").exists():
        raise NotThere


def _open(couple_id: UUID) -> RecoveryContract:
    found = RecoveryContract.objects.filter(couple_id=couple_id, ended_on__isnull=True).first()
    if found is None:
        raise NotThere
    return found


def _change(actor: Actor, couple: Couple, what: str, **values: date | None) -> None:
    _writable(actor, couple.id)
    row = _open(couple.id)
    RecoveryContract.objects.filter(id=row.id).update(**values)
    audit.note("write", "recovery_contract", couple.id, row.id, what)


def pause_contract(actor: Actor, couple: Couple, *, now: datetime | None = None) -> None:
    """Rest every item of the contract for both at once (C-53)."""
    _change(actor, couple, "paused", paused_on=timezone.localdate(now))


def resume_contract(actor: Actor, couple: Couple) -> None:
    """Take the contract up again, for both at once."""
    _change(actor, couple, "resumed", paused_on=None)


def end_contract(actor: Actor, couple: Couple, *, now: datetime | None = None) -> None:
    """End the contract for both."""
    _change(actor, couple, "ended", ended_on=timezone.localdate(now))


# The trust talk -------------------------------------------------------------------------------


def _running(actor: Actor, moment: datetime) -> tuple[Couple, Person]:
    """The couple of a partner whose contract runs now.

    Raises:
        Refused: while it rests, in the words of C-16 for every cause (C-53).
        NotThere: where there is none.
    """
    person = Person.objects.filter(id=actor.sure_id).first() if actor.is_person else None
    couple = couple_of(actor.sure_id) if person else None
    if person is None or couple is None:
        raise NotThere
    contract = _open(couple.id)
    if contract.paused_on is not None or side_by_side_now(actor, moment):
        raise Refused(week_sentence(couple.id), rule="C-53")
    return couple, person


def confirm_trust_talk(
    actor: Actor, *, day: date | None = None, now: datetime | None = None
) -> None:
    """Hand in one's own half of a day's trust talk; the day fills in once both have (C-49).

    Saying it twice is saying it once. Nothing is answered: whether the other had confirmed shows
    only as the pair's own state.

    Raises:
        Refused: while the contract rests (C-53), for a closed day (I-21).
        NotThere: without a contract.
    """
    moment = now or timezone.now()
    couple, person = _running(actor, moment)
    zone = ZoneInfo(person.zone)
    on = day or moment.astimezone(zone).date()
    refuse_closed_day(on, moment, zone)
    # No row is read back to find out: the half is write-only, even for its own author.
    TrustTick.objects.bulk_create(
        [TrustTick(couple=couple, person=person, day=on)], ignore_conflicts=True
    )
    with as_service("trust_days"):
        said = TrustTick.objects.filter(couple=couple, day=on).values("person_id").distinct()
        if said.count() == len(_members(couple.id)) == 2:
            TrustDay.objects.bulk_create([TrustDay(couple=couple, day=on)], ignore_conflicts=True)


def give_thanks(
    actor: Actor, text: str, *, day: date | None = None, now: datetime | None = None
) -> Gratitude:
    """One line of thanks to the partner; ours.

    Raises:
        Refused: an empty or too long line.
        NotThere: without a couple.
    """
    moment = now or timezone.now()
    couple = couple_of(actor.sure_id) if actor.is_person else None
    person = Person.objects.filter(id=actor.sure_id).first()
    if couple is None or person is None:
        raise NotThere
    if couple.parted_at is not None:
        raise Refused(week_sentence(couple.id), rule="P-71", field="text")
    words = " ".join(text.split())
    if not words:
        raise Refused(_("Write a few words first."), field="text")
    if len(words) > 280:
        raise Refused(_("Shorten it to 280 characters."), field="text")
    row = Gratitude(
        couple=couple,
        person=person,
        text=words,
        day=day or moment.astimezone(ZoneInfo(person.zone)).date(),
        made_at=moment,
    )
    row.save(force_insert=True)
    audit.note("write", "gratitude", couple.id, row.id)
    return row


# Optional parts -------------------------------------------------------------------------------


def _code(code: str) -> str:
    if code not in dict(PARTS):
        raise NotThere
    return code


def consent_to_part(actor: Actor, code: str, *, now: datetime | None = None) -> None:
    """One partner's own half of an optional part; it stands once both have given theirs (C-50)."""
    moment = now or timezone.now()
    couple = couple_of(actor.sure_id) if actor.is_person else None
    if couple is None:
        raise NotThere
    if couple.parted_at is not None:
        raise Refused(week_sentence(couple.id), rule="P-71")
    _open(couple.id)
    if not PartConsent.objects.filter(
        person_id=actor.sure_id, code=_code(code), revoked_at__isnull=True
    ).exists():
        PartConsent(person_id=actor.sure_id, couple_id=couple.id, code=code, given_at=moment).save(
            force_insert=True
        )
    audit.note("write", "consent", actor.sure_id, None, code)
    refresh_parts(couple.id, moment)


def revoke_part(actor: Actor, code: str, *, now: datetime | None = None) -> None:
    """Take one's own half back, alone (C-50).

    No entry is kept from this moment. The other's tile reads as on a day without an entry until
    the own counselor has spoken with this person, at most 72 h.
    """
    moment = now or timezone.now()
    couple = couple_of(actor.sure_id) if actor.is_person else None
    if couple is None:
        raise NotThere
    until = moment + rules.SHOWN_AFTER_REVOKING
    changed = PartConsent.objects.filter(
        person_id=actor.sure_id, code=_code(code), revoked_at__isnull=True
    ).update(revoked_at=moment, shown_until=until)
    if not changed:
        return
    audit.note("revoke", "consent", actor.sure_id, None, code)
    with as_service("contract_halves"):
        counselor = (
            CareAssignment.objects.filter(
                person_id=actor.sure_id,
                role="counselor",
                during__contains=timezone.localdate(moment),
            )
            .values_list("staff_id", flat=True)
            .first()
        )
        if counselor is not None:
            StaffTask(
                person_id=actor.sure_id,
                author_id=current().sure_id,
                addressee_id=counselor,
                rule="C-50",
                text=_("Took back a part of the contract: speak with them first."),
                due=until,
            ).save(force_insert=True)
    refresh_parts(couple.id, moment)


def spoke_about_part(
    actor: Actor, person: Person, code: str, *, now: datetime | None = None
) -> None:
    """The own counselor has spoken with the one who took a part back: the tile may go (C-50)."""
    moment = now or timezone.now()
    couple = couple_of(person.id)
    mine = CareAssignment.objects.filter(
        person=person,
        staff_id=actor.sure_id,
        role="counselor",
        during__contains=timezone.localdate(moment),
    ).exists()
    if couple is None or not mine:
        raise NotThere
    with as_service("contract_halves"):
        PartConsent.objects.filter(person=person, code=_code(code), shown_until__gt=moment).update(
            shown_until=moment
        )
    audit.note("write", "consent", person.id, None, "spoken")
    refresh_parts(couple.id, moment)


def note_part(
    actor: Actor, code: str, *, day: date | None = None, now: datetime | None = None
) -> None:
    """An entry of today under a part. It is kept only while both consent; the answer is the same
    either way, so that nobody learns who took what back (C-50)."""
    moment = now or timezone.now()
    couple, person = _running(actor, moment)
    zone = ZoneInfo(person.zone)
    on = day or moment.astimezone(zone).date()
    refuse_closed_day(on, moment, zone)
    with as_service("contract_halves"):
        if rules.part_holds(_consenting(couple.id, _code(code))):
            PartDay.objects.bulk_create(
                [PartDay(couple=couple, code=code, day=on)], ignore_conflicts=True
            )


def _consenting(couple_id: UUID, code: str) -> list[UUID]:
    return list(
        PartConsent.objects.filter(
            couple_id=couple_id, code=code, revoked_at__isnull=True
        ).values_list("person_id", flat=True)
    )


def refresh_parts(couple_id: UUID, now: datetime | None = None) -> None:
    """Write down which tiles both see now; the service joins the halves and tells nobody whose."""
    moment = now or timezone.now()
    with as_service("contract_halves"):
        contract = RecoveryContract.objects.filter(
            couple_id=couple_id, ended_on__isnull=True
        ).first()
        if contract is None:
            return
        halves: dict[str, list[tuple[object, datetime | None, datetime | None]]] = {}
        for code, who, revoked, until in PartConsent.objects.filter(
            couple_id=couple_id
        ).values_list("code", "person_id", "revoked_at", "shown_until"):
            halves.setdefault(code, []).append((who, revoked, until))
        there = {p.code: p for p in ContractPart.objects.filter(contract=contract)}
        for code, rows in halves.items():
            shown = rules.part_shown(rows, moment)
            part = there.get(code)
            if part is None and rules.part_holds([w for w, revoked, _u in rows if not revoked]):
                ContractPart(couple_id=couple_id, contract=contract, code=code).save(
                    force_insert=True
                )
            elif part is not None and part.shown != shown:
                ContractPart.objects.filter(id=part.id).update(shown=shown)


def refresh_all_parts(now: datetime | None = None) -> int:
    """Let the tiles go whose 72 h are over; hourly, returns how many couples were looked at."""
    moment = now or timezone.now()
    with as_service("contract_halves"):
        couples = set(
            PartConsent.objects.filter(
                shown_until__lte=moment, shown_until__gt=moment - timedelta(days=2)
            ).values_list("couple_id", flat=True)
        )
    for couple_id in couples:
        refresh_parts(couple_id, moment)
    return len(couples)
