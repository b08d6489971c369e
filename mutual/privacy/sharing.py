"""What a consent would open, shown before it is signed; and what one shares now (P-16, P-25)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from mutual.people.models import Person, Staff
from mutual.privacy import forms
from mutual.privacy.forms_kinds import FAMILIES
from mutual.privacy.models import Consent
from mutual.privacy.queries import ConsentLine, my_consents
from mutual.privacy.words import KIND_WORDS, RELATION_WORDS, VERB_WORDS
from mutual.wall import policy
from mutual.wall.compile import mutual_models
from mutual.wall.context import Actor
from mutual.wall.models import Relation
from mutual.wall.policy import Of, Walled


@dataclass(frozen=True)
class Opening:
    """One kind that a consent would open, to whom, and how much there is of it today.

    Attributes:
        who: by name where the person has such people, else by duty.
        count: the person's own records of the kind today; ``None`` where it isn't theirs to count.
    """

    what: str
    who: tuple[str, ...]
    how: str
    count: int | None


@dataclass(frozen=True)
class Preview:
    """What signing would do: what opens, since when and until."""

    openings: tuple[Opening, ...]
    since: date | None
    until: str


def preview(actor: Actor, form: forms.Form, *, now: datetime | None = None) -> Preview:
    """What a consent would open if it were signed today, from the access table itself (P-1).

    Counts are of the person's own records only: nothing tells how much there is of the partner's
    or of what isn't open to the person.
    """
    person = Person.objects.get(id=actor.sure_id)
    names = _team(actor)
    openings: list[Opening] = []
    counts: dict[str, int | None] = {}
    for kind, relation, verb in _rights(form.code):
        if kind not in counts:
            counts[kind] = count_today(actor, kind)
        duty = str(RELATION_WORDS[relation])
        who = tuple(f"{name}, {duty}" for name in names.get(relation, ())) or (duty,)
        openings.append(Opening(str(KIND_WORDS[kind]), who, str(VERB_WORDS[verb]), counts[kind]))
    if not openings:
        openings = [
            Opening(str(KIND_WORDS[kind]), (str(form.recipient),), "", count_today(actor, kind))
            for kind in form.kinds
        ]
    since = timezone.localdate(person.made_at) if openings else None
    last = form.expires_on(timezone.localdate(now))
    return Preview(tuple(openings), since, last.isoformat() if last else str(form.expiry))


def count_today(actor: Actor, kind: str) -> int | None:
    """How many records of a kind of one's own exist; ``None`` for what isn't one's own to read."""
    entry = policy.kind(kind)
    if entry.of != Of.PERSON or not any(r.verb in "RWA" for r in entry.rights("self")):
        return None
    count, known = 0, False
    for model in mutual_models():
        walled = getattr(model, "wall", None)
        if not isinstance(walled, Walled) or walled.level not in ("body", "summary"):
            continue
        for value, name in walled.each():
            if name == kind:
                known = True
                rows = model.objects.visible_to(actor).filter(  # type: ignore[attr-defined]
                    **{walled.subject: actor.sure_id}
                )
                count += rows.filter(**{walled.column: value}).count() if value else rows.count()
    return count if known else None


def _rights(code: str) -> Iterable[tuple[str, str, str]]:
    for name, entry in sorted(policy.collect()[0].items()):
        for relation in policy.RELATIONS:
            for right in entry.rights(relation):
                if right.consent == code:
                    yield name, relation, right.verb


def _team(actor: Actor) -> dict[str, list[str]]:
    now = timezone.now()
    rows = Relation.objects.filter(subject_id=actor.sure_id, valid__contains=now).exclude(
        relation__in=("self", "partner")
    )
    pairs = list(rows.values_list("relation", "viewer_id"))
    names = dict(Staff.objects.filter(id__in={v for _, v in pairs}).values_list("id", "name"))
    found: dict[str, list[str]] = {}
    for relation, viewer in pairs:
        if viewer in names and names[viewer] not in found.setdefault(relation, []):
            found[relation].append(names[viewer])
    return found


@dataclass(frozen=True)
class ReaderGroup:
    """Everything that could be opened to one reader, with its state."""

    key: str
    title: str
    lines: tuple[ConsentLine, ...]
    shared: int


def by_reader(actor: Actor) -> list[ReaderGroup]:
    """The per-kind consents by reader; to the partner only what stands or waits (P-25)."""
    lines = my_consents(actor, None, forms.families())
    groups = []
    for prefix, (who, _purpose) in FAMILIES.items():
        mine = [x for x in lines if x.form.code.partition(":")[0] == prefix]
        shared = [x for x in mine if x.state == "given"]
        shown = shared if prefix == "pt" else mine
        groups.append(ReaderGroup(prefix, str(who), tuple(shown), len(shared)))
    return groups


def outside(actor: Actor) -> list[Consent]:
    """One's own consents to somebody outside, those in force first; one query."""
    rows = Consent.objects.visible_to(actor).filter(person_id=actor.sure_id)
    found = [
        *rows.filter(code__startswith="ext:", answer="given"),
        *rows.filter(code__startswith="legal:", answer="given"),
    ]
    return sorted(found, key=lambda c: (c.revoked_at is not None, -c.signed_at.timestamp()))


def papers_of(actor: Actor, person_id: UUID) -> list[Consent]:
    """Consents to somebody outside that stand now, for staff who may read the person's consents."""
    today = timezone.localdate()
    rows = Consent.objects.visible_to(actor).filter(
        person_id=person_id, answer="given", revoked_at__isnull=True
    )
    found = rows.filter(code__regex=r"^(ext|legal):").order_by(F("signed_at").desc())
    return [c for c in found if c.expires_on is None or c.expires_on >= today]
