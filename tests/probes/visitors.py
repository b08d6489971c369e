"""Those who come to the pages of the test world, and what the access table gives each of Ana's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from mutual.base import database as roles
from mutual.entry import database as d
from mutual.people import actions as people
from mutual.people.models import Staff
from mutual.privacy import glass, oncall
from mutual.wall.models import Relation
from mutual.wall.relations import consent_in_force, relate
from tests.probes import oracle
from tests.probes.lives import Act
from tests.world import PASSWORD, PEOPLE, STAFF, id_of

#: Staff in the relations that nobody of the test world has: name -> (relation to Ana, roles).
ADDED: dict[str, tuple[str, list[str]]] = {
    "nell": ("nurse", ["nurse"]),
    "sue": ("supervisor", ["supervisor"]),
    "lea": ("leader", ["group_leader", "counselor"]),
    "audra": ("auditor", ["auditor"]),
    "glenn": ("break_glass", ["counselor"]),
    "fay": ("former", ["counselor", "couples_therapist", "nurse", "prescriber", "supervisor"]),
    "syd": ("sysadmin", []),
}
#: Relations that the world's own people are given besides.
MORE = {"noor": ("on_call", "*"), "cleo": ("member", "P"), "pruitt": ("prescriber", "P")}
#: Ana and the couple: whose things are asked for.
SUBJECTS = {"P": "ana", "C": "ab"}
OLD = timedelta(days=10)
WHY = "Nobody answers the phone at her home since noon."


@dataclass(frozen=True)
class Visitor:
    """Somebody of the test world (or nobody: signed out), and how they stand to Ana."""

    name: str
    held: tuple[tuple[str, str], ...]  # (relation, "P", "C" or "*": for everybody)

    def may(self, line: oracle.Line, consents: oracle.Consents = oracle.NONE) -> frozenset[str]:
        """What the table opens of Ana's, or of the couple's, record of this kind."""
        found: frozenset[str] = frozenset()
        for relation, of in self.held:
            if of == "*":
                found |= oracle.role_allows(line, relation)
            elif of == line.of:
                found |= oracle.allows(line, relation, consents)
        return found


def add_relations(act: Act) -> None:
    """Hire staff into every other relation to Ana and her couple, one who was on her team, too."""
    then, ended = timezone.now() - OLD, timezone.now() - timedelta(seconds=1)
    with act("dee") as dee:
        for name, (_relation, held) in ADDED.items():
            staff = Staff(
                id=id_of(name), name=name.title(), roles=held, active_from=then.date(),
                violence_screen_trained=True,
            )  # fmt: skip
            staff.save(force_insert=True)
            people.take_up_work(dee, staff, since=then)
            people.open_account(f"{name}@staff.example", PASSWORD, staff.id, "staff", staff.zone)
    with act("dee"):
        for name, (relation, held) in ADDED.items():
            if relation == "former":
                for of, whose in SUBJECTS.items():
                    for was in ("own_counselor", "couples_therapist", *held[2:]):
                        relate(
                            id_of(name), was, id_of(whose), of, reason="probe", since=then,
                            until=ended,
                        )  # fmt: skip
            elif relation == "sysadmin":
                relate(id_of(name), relation, None, "*", reason="probe", since=then)
            elif relation not in ("break_glass", "leader"):
                for of, whose in SUBJECTS.items():
                    relate(id_of(name), relation, id_of(whose), of, reason="probe", since=then)
        relate(id_of("pruitt"), "prescriber", id_of("ana"), "P", reason="probe", since=then)
    with act("ada"):  # who keeps the rosters of groups
        for name, relation in (("lea", "leader"), ("cleo", "member")):
            relate(id_of(name), relation, id_of("ana"), "P", reason="probe", since=then)
    with act("dee") as dee:
        if not Relation.objects.filter(relation="on_call", viewer_id=id_of("noor")).exists():
            staff, now = Staff.objects.get(id=id_of("noor")), timezone.now()
            oncall.plan(dee, staff, now - timedelta(hours=1), now + timedelta(hours=1))
    with act("glenn") as glenn:
        glass.open_record(glenn, "Ana Fiction", "medical", WHY)


def everybody() -> list[Visitor]:
    """All of the test world, with the relations the world gave them, and one who isn't signed in.

    Asked on a connection that no wall holds: what the pages may show is compared with this.
    """
    whose = {id_of(name): of for of, name in SUBJECTS.items()}
    held: dict[UUID, list[tuple[str, str]]] = {}
    with d.connect(roles.SUPER, str(connection.settings_dict["NAME"])) as owner:
        rows = owner.execute(
            "select viewer_id, subject_id, relation from wall_relation"
            " where valid @> now() and (subject_id is null or subject_id = any(%s))",
            [list(whose)],
        ).fetchall()
    for viewer, subject, relation in rows:
        held.setdefault(viewer, []).append((relation, whose.get(subject, "*")))
    for name, (relation, given) in ADDED.items():
        mine = held.setdefault(id_of(name), [(role, "*") for role in given])
        if relation == "sysadmin":
            mine.append((relation, "*"))
        elif relation != "former":
            alone = relation in ("break_glass", "leader")
            mine.extend((relation, of) for of in ("P" if alone else "PC"))
    for name, one in MORE.items():
        held.setdefault(id_of(name), []).append(one)
    names = [*PEOPLE, *STAFF, *ADDED]
    return [Visitor("", ()), *(Visitor(n, tuple(held.get(id_of(n), ()))) for n in names)]


@contextmanager
def consented(codes: list[str], state: str) -> Iterator[oracle.Consents]:
    """Ana's consents of these codes, ``now``, ``revoked`` or ``expired``; what counts of them."""
    now = timezone.now()
    spans = {
        "now": (now - OLD, None),
        "revoked": (now - OLD, now - timedelta(seconds=1)),
        "expired": (now - 2 * OLD, now - OLD),
    }
    since, until = spans[state]
    for code in codes:
        consent_in_force(id_of("ana"), code, since, until)
    yield oracle.Consents(frozenset(codes)) if state == "now" else oracle.NONE
