"""Finding people by name or couple number, among those an actor may see anyway (P-53)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from mutual.people.models import CoupleMember, Person
from mutual.wall import audit
from mutual.wall.context import Actor

MOST = 30
#: One letter would list half the programme; a number may have one digit.
LEAST = 2


@dataclass(frozen=True)
class Found:
    """A person that the actor may see, with the couple if that may be seen too."""

    name: str
    public_id: UUID
    couple: UUID | None = None
    number: int | None = None


def find(actor: Actor, text: str) -> tuple[list[Found], bool]:
    """People whose names hold every word of ``text``, or the partners of the couple it numbers.

    At most :data:`MOST`, by name, and whether there are more. Two queries. What the actor may
    not see is neither found nor counted; the words that were sought are kept nowhere (P-62).
    """
    words = text.split()
    if not words or (len(text.strip()) < LEAST and not text.strip().isdigit()):
        return [], False
    seen = Person.objects.visible_to(actor)
    members = CoupleMember.objects.visible_to(actor)
    wanted = Q()
    for word in words:
        wanted &= Q(given_name__icontains=word) | Q(family_name__icontains=word)
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and len(words[0]) < 9:
        wanted |= Q(id__in=members.filter(couple__number=int(words[0])).values("person_id"))
    people = list(seen.filter(wanted).order_by("family_name", "given_name", "id")[: MOST + 1])
    together = {
        m.person_id: m.couple
        for m in members.filter(person_id__in=[p.id for p in people])
        .select_related("couple")
        .order_by("during")
    }
    audit.note("search", "person_profile")
    found = []
    for person in people[:MOST]:
        couple = together.get(person.id)
        found.append(
            Found(
                str(person),
                person.public_id,
                couple.public_id if couple else None,
                couple.number if couple else None,
            )
        )
    return found, len(people) > MOST
