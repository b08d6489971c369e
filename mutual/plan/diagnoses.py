"""Diagnoses of one person: by ICD-10-CM code, one principal at a time."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.plan.models import Diagnosis
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.wall.kept import Kept

_CODE = re.compile(r"^[A-TV-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?$")


def record_diagnosis(
    actor: Actor,
    person: Person,
    code: str,
    words: str,
    *,
    principal: bool,
    since: date,
) -> Diagnosis:
    """Write down a diagnosis; a new principal one takes the place of the old.

    Args:
        code: ICD-10-CM, with or without its dot; kept with it.
        words: what it means, person-first, in the programme's words.

    Raises:
        Refused: if the code can't be one, the words are missing, or the day is yet to come.
        NotThere: to anybody who doesn't diagnose this person.
    """
    bare = code.strip().upper()
    if not _CODE.match(bare):
        raise Refused(
            _("Write the ICD-10-CM code, for instance F10.20."), rule="B-19", field="code"
        )
    if not words.strip():
        raise Refused(_("Say what it means in a few words."), field="words")
    if since > timezone.localdate():
        raise Refused(_("This day is yet to come. Write since when it stands."), field="since")
    bare = bare.replace(".", "")
    kept = bare if len(bare) == 3 else f"{bare[:3]}.{bare[3:]}"
    if not may_diagnose(actor, person):
        raise NotThere
    with transaction.atomic():
        same = Diagnosis.objects.filter(person=person, code=kept, until__isnull=True).first()
        if principal:
            Diagnosis.objects.filter(person=person, principal=True, until__isnull=True).exclude(
                code=kept
            ).update(principal=False)
        if same is not None:
            same.principal, same.words = principal, words.strip()
            same.save(update_fields=["principal", "words"])
            audit.note("write", "diagnosis", person.id, same.id)
            return same
        made = Diagnosis(
            person=person,
            code=kept,
            words=words.strip(),
            principal=principal,
            since=since,
            by_id=actor.sure_id,
        )
        made.save(force_insert=True)
    audit.note("write", "diagnosis", person.id, made.id)
    return made


def end_diagnosis(actor: Actor, diagnosis: Diagnosis, on: date) -> None:
    """A diagnosis no longer stands from a day on; it stays in the record.

    Raises:
        Refused: if that day lies before its first.
        NotThere: to anybody who doesn't diagnose this person.
    """
    if not may_diagnose(actor, diagnosis.person):
        raise NotThere
    if on < diagnosis.since:
        raise Refused(_("It can't end before it began."), field="on")
    diagnosis.until = on
    diagnosis.save(update_fields=["until"])
    audit.note("write", "diagnosis", diagnosis.person_id, diagnosis.id, "ended")


def open_diagnosis(actor: Actor, person_id: object, code: str) -> Diagnosis:
    """The diagnosis of a person that stands under a code, for the actor who may read it.

    Raises:
        NotThere: if none stands, or it isn't theirs to read.
    """
    return (
        Diagnosis.objects.visible_to(actor)
        .select_related("person")
        .sole(person_id=person_id, code=code, until__isnull=True)
    )


def may_diagnose(actor: Actor, person: Person) -> bool:
    """Whether the actor writes this person's diagnoses (table: own counselor, prescriber)."""
    return (
        actor.id is not None
        and Person.objects.filter(id=person.id, id__granted="diagnosis.write").exists()
    )


def diagnoses_of(actor: Actor, person_id: UUID) -> list[Diagnosis]:
    """A person's diagnoses as far as the actor may read them; one query.

    Those that stand come first, the principal one at their head; then the ended, newest first.
    """
    audit.read("diagnosis", person_id)
    return list(_OF_PERSON.objects(actor, person=person_id))


def _of_person(actor: Actor, person: UUID) -> QuerySet[Diagnosis]:
    rows = Diagnosis.objects.visible_to(actor).filter(person_id=person)
    return rows.order_by(F("until").desc(nulls_first=True), "-principal", "since", "code")


_OF_PERSON: Kept[Diagnosis] = Kept(_of_person)
