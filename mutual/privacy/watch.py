"""The watch: each hour it looks through sums of the trail for what the officer should look at.

What it finds is a question, not a judgement; the officer says what it was. A partner's refused try
at the other's record goes to that person's counselor, too (P-87).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import staff_names
from mutual.people.models import Person, Staff, StaffTask
from mutual.privacy import watch_rules
from mutual.privacy.glass import signed_names
from mutual.privacy.models import OnCallShift, UnusualAccess, WatchedPerson
from mutual.privacy.watch_rules import Facts, Finding, Sum
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current
from mutual.wall.models import Relation

#: The watch looks again at yesterday: what was written while it ran is not missed.
LOOKS_BACK = timedelta(days=1)
USUAL_DAYS = 30


def look(now: datetime | None = None) -> int:
    """Look through yesterday and today; returns how many findings are new or grew."""
    moment = now or timezone.now()
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    first = moment.astimezone(zone).date() - LOOKS_BACK
    since = datetime.combine(first, time.min, zone)
    with transaction.atomic(), as_service("audit_watch"):
        sums = _sums(since, moment + timedelta(seconds=1))
        findings = watch_rules.judge(sums, _facts(sums, since, moment))
        kept = [one for one in findings if _keep(one, moment)]
        _tell_counselors([one for one in kept if one.rule == "partner_try"], moment)
        audit.note("job", "audit_trail", None, None, f"watch: {len(kept)} to look at")
    return len(kept)


def _sums(since: datetime, until: datetime) -> list[Sum]:
    """Sums of the lines in between; a refused try gets the subject its address belongs to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select day, actor, actor_kind, coalesce(subject, wall.subject_of(object)), under,"
            " action, lines, night, last_seq from wall.audit_sums(%s, %s, %s)",
            [since, until, settings.PROGRAMME_ZONE],
        )
        rows = cursor.fetchall()
    return [
        Sum(day, who, kind == "staff", whose, frozenset((under or "").split()), action, lines,
            night, last)
        for day, who, kind, whose, under, action, lines, night, last in rows
    ]  # fmt: skip


def _facts(sums: list[Sum], since: datetime, moment: datetime) -> Facts:
    subjects = {one.subject for one in sums if one.subject is not None}
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    ended: dict[UUID, date] = {}
    in_care: set[UUID] = set()
    for subject, valid in Relation.objects.filter(
        subject_id__in=subjects, relation__in=watch_rules.CARE
    ).values_list("subject_id", "valid"):
        if subject is None or valid.isempty:
            continue
        if valid.upper is None or valid.upper > since:
            in_care.add(subject)
        else:
            last = valid.upper.astimezone(zone).date()
            ended[subject] = max(last, ended.get(subject, last))
    shifts = {
        (staff, during.lower.astimezone(zone).date() + timedelta(days=n))
        for staff, during in OnCallShift.objects.filter(
            during__overlap=(since, moment + timedelta(days=1))
        ).values_list("staff_id", "during")
        for n in range((during.upper.date() - during.lower.date()).days + 1)
    }
    return Facts(
        staff_names=dict(Staff.objects.values_list("id", "name")),
        family_names=dict(
            Person.objects.filter(id__in=subjects).values_list("id", "family_name")
        ),
        care_ended={key: day for key, day in ended.items() if key not in in_care},
        on_call=shifts,
        watched=set(
            WatchedPerson.objects.filter(ended_at__isnull=True).values_list("person_id", flat=True)
        ),
        usual=_usual(sums, since),
    )  # fmt: skip


def _usual(sums: list[Sum], since: datetime) -> dict[UUID, list[int]]:
    """Records opened on each of the last days by those who opened many; else nobody is asked."""
    people: dict[tuple[UUID, date], set[UUID | None]] = {}
    for one in sums:
        if one.staff and one.action in watch_rules.READING:
            people.setdefault((one.actor, one.day), set()).add(one.subject)
    many = {who for (who, _day), some in people.items() if len(some) >= watch_rules.MANY_PEOPLE}
    if not many:
        return {}
    before: dict[tuple[UUID, date], set[UUID | None]] = {}
    for one in _sums(since - timedelta(days=USUAL_DAYS), since):
        if one.actor in many and one.action in watch_rules.READING:
            before.setdefault((one.actor, one.day), set()).add(one.subject)
    usual: dict[UUID, list[int]] = {}
    for (who, _day), some in before.items():
        usual.setdefault(who, []).append(len(some))
    return usual


def _keep(one: Finding, moment: datetime) -> bool:
    """Write a finding down, or add to the day's; whether it is new or grew.

    What the officer had put aside comes back when it went on after that.
    """
    row, made = UnusualAccess.objects.get_or_create(
        rule=one.rule,
        actor_id=one.actor,
        subject_id=one.subject,
        day=one.day,
        defaults={"facts": one.facts, "last_seq": one.last_seq, "found_at": moment},
    )
    if made or row.last_seq >= one.last_seq:
        return made
    row.facts, row.last_seq, row.disposition = one.facts, one.last_seq, ""
    row.save(update_fields=["facts", "last_seq", "disposition"])
    return True


def _tell_counselors(tries: list[Finding], moment: datetime) -> None:
    """A task for the own counselor of whose record the partner tried to open (P-87)."""
    for one in tries:
        if one.subject is None:
            continue
        around = Relation.objects.filter(subject_id=one.subject, valid__contains=moment)
        if not around.filter(relation="partner", viewer_id=one.actor).exists():
            continue
        for counselor in around.filter(relation="own_counselor", subject_of="P").values_list(
            "viewer_id", flat=True
        ):
            if StaffTask.objects.filter(
                person_id=one.subject, addressee_id=counselor, rule="P-87", done_at__isnull=True
            ).exists():
                continue
            StaffTask(
                person_id=one.subject, author_id=current().sure_id, addressee_id=counselor,
                rule="P-87", text=task_words(), due=moment + timedelta(days=1),
            ).save(force_insert=True)  # fmt: skip


def task_words() -> str:
    """What a counselor reads about a partner's refused try."""
    return _(
        "The partner's account asked for a page of this person's own record and was refused."
        " It may have been a shared device. Next time alone: ask how things are at home, and"
        " whether PIN and device are theirs only. Don't mention it while the partner may hear."
    )


@dataclass(frozen=True)
class Shown:
    """A finding for the officer's eyes."""

    row: UnusualAccess
    rule: str
    who: str
    whose: str
    words: str


def findings(actor: Actor, *, disposed: bool = False) -> list[Shown]:
    """What waits for the officer, newest day first; or the last that were put aside; 3 queries.

    Raises:
        NotThere: for everybody but the privacy officer.
    """
    if not actor.has("privacy_officer"):
        raise NotThere
    rows = UnusualAccess.objects.order_by("-day", "-last_seq")
    rows = rows.exclude(disposition="") if disposed else rows.filter(disposition="")
    audit.read("audit_trail", None, None, "unusual access")
    return _shown(list(rows[:100]))


def one(actor: Actor, key: UUID) -> Shown:
    """One finding.

    Raises:
        NotThere: for everybody but the privacy officer.
    """
    row = UnusualAccess.objects.filter(public_id=key).first()
    if row is None or not actor.has("privacy_officer"):
        raise NotThere
    return _shown([row])[0]


def _shown(rows: Iterable[UnusualAccess]) -> list[Shown]:
    rows = list(rows)
    ids = {row.actor_id for row in rows} | {row.subject_id for row in rows if row.subject_id}
    staff = staff_names(list(ids))
    signed = signed_names(ids)
    return [
        Shown(
            row,
            str(watch_rules.RULES.get(row.rule, row.rule)),
            staff.get(row.actor_id) or signed.get(row.actor_id, ""),
            (signed.get(row.subject_id) or _("a couple or somebody who signed nothing"))
            if row.subject_id
            else "",
            explain(row),
        )
        for row in rows
    ]


def explain(row: UnusualAccess) -> str:
    """The numbers of a finding in a sentence."""
    n = int(row.facts.get("lines", 0))
    lines = ngettext("%(n)d line of the trail", "%(n)d lines of the trail", n) % {"n": n}
    if row.rule == "volume":
        return _("%(people)d different records; on a usual day %(usual)d. %(lines)s.") % {
            "people": row.facts.get("people", 0), "usual": row.facts.get("usual", 0),
            "lines": lines,
        }  # fmt: skip
    if row.rule == "after_care":
        return _("%(days)d days after the last of the care team ended. %(lines)s.") % {
            "days": row.facts.get("days", 0), "lines": lines,
        }  # fmt: skip
    if row.rule == "night":
        return _("Between 11 pm and 5 am, without a shift. %(lines)s.") % {"lines": lines}
    return f"{lines}."


def dispose(
    actor: Actor, key: UUID, disposition: str, comment: str, *, now: datetime | None = None
) -> UnusualAccess:
    """The officer says what it was: seen, explained (with words) or escalated (with words).

    Raises:
        NotThere: for everybody but the privacy officer, and for a finding about oneself.
        Refused: without a disposition, or without words where they are needed.
    """
    row = UnusualAccess.objects.filter(public_id=key).first()
    if row is None or not actor.has("privacy_officer") or row.actor_id == actor.id:
        raise NotThere
    if disposition not in dict(UnusualAccess._meta.get_field("disposition").choices or ()):
        raise Refused(_("Choose what it is."), rule="P-88", field="disposition")
    if disposition != "seen" and not comment.strip():
        raise Refused(_("Say it in a sentence."), rule="P-88", field="comment")
    row.disposition, row.comment = disposition, comment.strip()
    row.disposed_at, row.disposed_by_id = now or timezone.now(), actor.sure_id
    row.save(update_fields=["disposition", "comment", "disposed_at", "disposed_by_id"])
    audit.note("write", "audit_trail", row.subject_id, row.id, f"unusual: {disposition}")
    return row


def watched(actor: Actor) -> list[tuple[WatchedPerson, str]]:
    """Who is watched now, by the name they signed with.

    Raises:
        NotThere: for everybody but the privacy officer.
    """
    if not actor.has("privacy_officer"):
        raise NotThere
    rows = list(WatchedPerson.objects.filter(ended_at__isnull=True).order_by("-since"))
    names = signed_names(row.person_id for row in rows)
    return [(row, names.get(row.person_id, "")) for row in rows]


def watch(actor: Actor, person: UUID, why: str, *, now: datetime | None = None) -> WatchedPerson:
    """From now on each look at this person from outside their team is shown.

    Raises:
        NotThere: for everybody but the privacy officer.
        Refused: without a reason.
    """
    if not actor.has("privacy_officer"):
        raise NotThere
    if not why.strip():
        raise Refused(_("Say why many might be curious."), rule="P-88", field="why")
    row = WatchedPerson.objects.filter(person_id=person, ended_at__isnull=True).first()
    if row is None:
        row = WatchedPerson(
            person_id=person, why=why.strip()[:200], since=now or timezone.now(),
            by_id=actor.sure_id,
        )  # fmt: skip
        row.save(force_insert=True)
        audit.note("setting", "audit_trail", person, row.id, "watched")
    return row


def unwatch(actor: Actor, key: UUID, *, now: datetime | None = None) -> None:
    """No longer.

    Raises:
        NotThere: for everybody but the privacy officer.
    """
    row = WatchedPerson.objects.filter(public_id=key, ended_at__isnull=True).first()
    if row is None or not actor.has("privacy_officer"):
        raise NotThere
    row.ended_at = now or timezone.now()
    row.save(update_fields=["ended_at"])
    audit.note("setting", "audit_trail", row.person_id, row.id, "no longer watched")
