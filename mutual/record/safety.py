"""A person's safety plan: six parts, filled in by the person and the own counselor (C-82).

The headings are our own. Every save is a version, sealed (P-9); the newest is the plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.ids import uuid7
from mutual.base.refusal import NotThere, Refused
from mutual.base.words import mark, say
from mutual.episode.actions import screen_of
from mutual.episode.models import CareAssignment
from mutual.episode.screening_rules import ScreenState
from mutual.people.lookups import couple_of, partners
from mutual.people.models import Person, StaffTask
from mutual.record import rules
from mutual.record.models import SafetyPlan
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

#: Longest text of one part, in characters.
LONGEST = 2000


@dataclass(frozen=True)
class Part:
    """One of the six parts: key, heading and a hint in our own words."""

    key: str
    title: str
    hint: str

    @property
    def word(self) -> str:
        """The heading in the reader's language."""
        return say(self.title)

    @property
    def help(self) -> str:
        """The hint in the reader's language."""
        return say(self.hint)


PARTS = (
    Part(
        "signs",
        mark("How I notice that it gets hard"),
        mark("Thoughts, feelings, places or hours that tell me early."),
    ),
    Part(
        "coping",
        mark("What I can do by myself"),
        mark("Things that helped before, without calling anyone."),
    ),
    Part(
        "places",
        mark("Where I can go, and who takes my mind off it"),
        mark("A café, a park, a meeting, a friend for company. No need to explain."),
    ),
    Part("people", mark("Whom I can ask for help"), mark("Names and phone numbers.")),
    Part(
        "professionals",
        mark("Professionals and crisis lines"),
        mark("My counselor, the programme, 988 (call or text), 911 in danger."),
    ),
    Part(
        "surroundings",
        mark("Making the place around me safer"),
        mark("What to put away, lock up or give to someone for now."),
    ),
)


@dataclass(frozen=True)
class Plan:
    """The newest version as one reader sees it.

    Attributes:
        text: words by part.
        version: 0 when nothing was saved yet.
        partner: whether the person wishes the partner among those to ask.
        partner_stands: whether that wish stands: own violence screen negative (C-82).
    """

    text: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    partner: bool = False
    partner_stands: bool = False
    saved_at: datetime | None = None
    by_id: UUID | None = None


def plan_of(actor: Actor, person: Person) -> Plan:
    """The newest plan the actor may read; an empty one when there is none. Audited.

    Nothing saved and forbidden look alike to the partner (P-69).
    """
    row = SafetyPlan.objects.visible_to(actor).filter(person=person).order_by("-version").first()
    audit.read("safety_plan", person.id, row.id if row else None)
    return _opened(row) if row else Plan()


def person_with_plan(actor: Actor, public_id: UUID) -> Person:
    """A person whose safety plan the actor may read.

    Raises:
        NotThere: to everybody else.
    """
    people = Person.objects.visible_to(actor).filter(id__granted="safety_plan")
    return people.sole(public_id=public_id)


def may_write(actor: Actor, person: Person) -> bool:
    """Whether the actor fills this plan in: the person, or the own counselor."""
    return Person.objects.filter(id=person.id, id__granted="safety_plan.write").exists()


def save_plan(
    actor: Actor,
    person: Person,
    text: Mapping[str, str],
    *,
    version: int,
    partner: bool = False,
    now: datetime | None = None,
) -> Plan:
    """Save a version of the plan.

    Args:
        text: words by part; a part may stay empty.
        version: the version that the writer had before their eyes (0: none).
        partner: the wish that the partner is among those to ask. Only the person says so; by
            anybody else the last wish stands.

    A partner who is wished for stands in the plan only with the person's own violence screen
    negative. Otherwise the plan is saved as it was written, whoever looks on sees no difference,
    and the own counselor gets a private prompt (C-82, C-13).

    Raises:
        NotThere: to anybody who doesn't write this plan.
        Refused: if all parts are empty, one is too long, or somebody saved meanwhile (F-14).
    """
    if not may_write(actor, person):
        raise NotThere
    moment = now or timezone.now()
    words = {part.key: text.get(part.key, "").replace("\r\n", "\n").strip() for part in PARTS}
    if not any(words.values()):
        raise Refused(_("Write something in at least one part."), rule="C-82")
    for part in PARTS:
        if len(words[part.key]) > LONGEST:
            raise Refused(
                _("“%(part)s” is too long: at most %(n)d characters.")
                % {"part": part.word, "n": LONGEST},
                rule="C-82",
                field=part.key,
            )
    last = plan_of(actor, person)
    if last.version != version:
        raise Refused(
            _("The plan was saved by someone else meanwhile. Their words are below yours."),
            rule="F-14",
        )
    asked, stands = last.partner, last.partner_stands
    if actor.id == person.id:
        asked, stands = _partner(person, partner or _names_partner(person, words), moment)
    row = SafetyPlan(
        id=uuid7(), person=person, version=version + 1, by_id=actor.sure_id, saved_at=moment
    )
    content = {"text": words, "partner": asked, "partner_stands": stands}
    row.sealed = seal(json.dumps(content, ensure_ascii=False), f"safety_plan:{row.id}")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("The plan was saved by someone else meanwhile. Their words are below yours."),
            rule="F-14",
        ) from error
    audit.note("write", "safety_plan", person.id, row.id)
    return _opened(row)


def _opened(row: SafetyPlan) -> Plan:
    content = json.loads(open_sealed(row.sealed, f"safety_plan:{row.id}"))
    return Plan(
        text=content["text"],
        version=row.version,
        partner=content["partner"],
        partner_stands=content["partner_stands"],
        saved_at=row.saved_at,
        by_id=row.by_id,
    )


def _names_partner(person: Person, words: Mapping[str, str]) -> bool:
    """Whether the person wrote the partner's name among those to ask."""
    couple = couple_of(person.id)
    if couple is None:
        return False
    names = [p.name for p in partners([couple.id])[couple.id] if p.person_id != person.id]
    return bool(rules.named(words["people"], names))


def _partner(person: Person, wished: bool, moment: datetime) -> tuple[bool, bool]:
    if not wished:
        return False, False
    with as_service("safety_plan") as service:
        stands = screen_of(person.id)[0] is ScreenState.NEGATIVE
        counselor = (
            CareAssignment.objects.filter(
                person=person, role="counselor", during__contains=timezone.localdate(moment)
            )
            .values_list("staff_id", flat=True)
            .first()
        )
        if not stands and counselor is not None:
            StaffTask(
                person=person,
                author_id=service.sure_id,
                addressee_id=counselor,
                # Neutral words: others than those who may know of a screen read tasks (C-13).
                # staff: a task, in the language of those who do it
                text=_("Go through the safety plan together, alone, at the next contact."),
                due=_end_of_day(person, moment),
            ).save(force_insert=True)
    return True, stands


def _end_of_day(person: Person, moment: datetime) -> datetime:
    local = moment.astimezone(ZoneInfo(person.zone))
    return max(moment, datetime.combine(local.date(), time(23, 59), local.tzinfo))


def boxes() -> list[tuple[str, str, str]]:
    """Key, heading and hint of the six parts in the reader's language."""
    return [(part.key, part.word, part.help) for part in PARTS]
