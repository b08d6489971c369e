"""The scene of the matrix: a database of its own, viewers in every relation, consents at will.

One row of each kind for Ana (and her couple and a group), one for Cleo (and hers). The owner
changes relations and consents; the application's role, on a connection of its own, looks.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg

from mutual.base import database as roles
from mutual.entry import database as d
from mutual.wall import masks, policy
from mutual.wall.compile import masked_tables
from mutual.wall.context import SERVICE_SPACE, service_id, service_token
from tests.probes import oracle
from tests.probes.rows import PARENTS, Shelf, named_columns, put, row_of, shelves
from tests.world import id_of

#: Whom nobody knows: the one named in rows that are about somebody else.
STRANGER = uuid5(SERVICE_SPACE, "probe stranger")
SUBJECTS = {"P": id_of("ana"), "C": id_of("ab"), "G": uuid5(SERVICE_SPACE, "probe group")}
OTHERS = {"P": id_of("cleo"), "C": id_of("cd"), "G": uuid5(SERVICE_SPACE, "probe other group")}
#: Roles that are also held without an assignment; those not in the table's note open nothing.
ROLES = (
    *oracle.WIDE, "care_coordinator", "privacy_officer", "on_call",
    "couples_therapist", "counselor", "group_leader", "prescriber", "nurse", "supervisor",
    "auditor",
)  # fmt: skip


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: what they are, and how they stand to the subjects (or a role alone)."""

    name: str
    id: UUID
    kind: str = "staff"
    relations: dict[str, str] = field(default_factory=dict, hash=False)
    role: str = ""

    @property
    def token(self) -> str:
        """A session of the scene's own, known to the database by its hash."""
        return f"probe-{self.id.hex}"

    def may(self, line: oracle.Line, consents: oracle.Consents = oracle.NONE) -> frozenset[str]:
        """What the table opens of the scene's subject of this kind."""
        if self.role:
            return oracle.role_allows(line, self.role)
        relation = self.relations.get(line.of, "")
        return oracle.allows(line, relation, consents) if relation else frozenset()


class ServiceViewer(Viewer):
    """A declared service; what it may do is what its declaration says, for everybody."""

    @property
    def token(self) -> str:
        """The service's own."""
        return service_token(self.name)

    def may(self, line: oracle.Line, consents: oracle.Consents = oracle.NONE) -> frozenset[str]:
        """What the declaration opens of this kind."""
        verb = policy.collect()[1][self.name].rights.get(line.kind, "-")
        cells = {"service": verb}
        return oracle.allows(oracle.Line(line.kind, line.of, line.sealed, cells), "service")


def services() -> list[ServiceViewer]:
    """Every service that acts here."""
    return [
        ServiceViewer(name, service_id(name), "service", role=f"service:{name}")
        for name in policy.collect()[1]
    ]


def viewers() -> list[Viewer]:
    """One for each relation, one for each role alone, and those who are nothing to the subject."""
    relations = next(iter(oracle.table().values())).cells
    found = [
        Viewer("self", id_of("ana"), "person", {"P": "self", "C": "self", "G": "self"}),
        Viewer("partner", id_of("ben"), "person", {"P": "partner", "C": "self"}),
    ]
    for relation in (*relations, "break_glass"):
        if relation in ("self", "partner"):
            continue
        given = dict.fromkeys("PCG", relation)
        kind = "person" if relation == "member" else "staff"
        found.append(Viewer(relation, uuid5(SERVICE_SPACE, f"probe {relation}"), kind, given))
    found.append(
        Viewer(
            "partner's place", uuid5(SERVICE_SPACE, "probe partner"), "person",
            {"C": "partner", "G": "partner"},
        )
    )  # fmt: skip
    found += [
        Viewer(f"role {role}", uuid5(SERVICE_SPACE, f"probe role {role}"), role=role)
        for role in ROLES
    ]
    found += [
        Viewer("person of another couple", id_of("dan"), "person"),
        Viewer("staff of nobody", uuid5(SERVICE_SPACE, "probe idle")),
    ]
    return found


@dataclass
class Scene:
    """Both connections and the rows that were put there."""

    name: str
    owner: psycopg.Connection[Any]
    app: psycopg.Connection[Any]
    shelves: list[Shelf]
    viewers: list[Viewer]
    #: (shelf index, "subject" or "other") -> primary key; (index, column, viewer) -> primary key.
    rows: dict[tuple[int, str], Any]
    named: dict[tuple[int, str, str], Any]

    def become(self, viewer: Viewer | None, link: psycopg.Connection[Any] | None = None) -> None:
        """Act as a viewer (``None``: signed out) in this transaction."""
        token = viewer.token if viewer else ""
        (link or self.app).execute("select set_config('app.token', %s, true)", [token])

    @contextmanager
    def consented(
        self, own: Iterable[str] = (), partner: Iterable[str] = (), during: str = "now"
    ) -> Iterator[None]:
        """Codes in force for Ana and for Ben; ``during``: now, revoked, expired or later."""
        spans = {
            "now": "tstzrange(now() - interval '1 day', null)",
            "revoked": "tstzrange(now() - interval '1 day', now())",
            "expired": "tstzrange(now() - interval '9 day', now() - interval '1 day')",
            "later": "tstzrange(now() + interval '1 day', null)",
        }
        facts = [
            (uuid4(), person, code)
            for person, given in ((id_of("ana"), own), (id_of("ben"), partner))
            for code in given
        ]
        # One is given as it is in life, by trigger; of many the grants are made once.
        with self.owner.transaction(), self._at_once(len(facts) > 2):
            for fact in facts:
                self.owner.execute(
                    "insert into wall_consentfact (id, person_id, code, valid)"
                    f" values (%s, %s, %s, {spans[during]})",
                    fact,
                )
        try:
            yield
        finally:
            with self.owner.transaction(), self._at_once(len(facts) > 2):
                self.owner.execute("delete from wall_consentfact")

    @contextmanager
    def _at_once(self, many: bool) -> Iterator[None]:
        """Within a transaction: what changes many grants makes them all at its end."""
        if many:
            self.owner.execute("set local session_replication_role = replica")
        yield
        if many:
            self.owner.execute("set local session_replication_role = origin")
            self.owner.execute("select wall.regrant_all()")

    @contextmanager
    def relations_are(self, span: str) -> Iterator[None]:
        """Every relation of the scene holds in another span (SQL), and afterwards as before."""
        self._hold_for(span)
        try:
            yield
        finally:
            self._hold_for("tstzrange('-infinity', null)")

    def _hold_for(self, span: str) -> None:
        with self.owner.transaction(), self._at_once(True):
            self.owner.execute(
                f"update wall_relation set valid = {span} where relation not like 'service:%'"
            )


def build(template: str) -> Scene:
    """Make the scene from the tests' template database."""
    name = f"mutual_probe_{os.getpid()}"
    d.clone_database(template, name)
    owner = d.connect(roles.SUPER, name)
    people = viewers()
    with owner.transaction():
        owner.execute("delete from wall_consentfact")
        # The scene's relations are all there are; only Ana and Ben remain the two of their couple.
        owner.execute(
            "delete from wall_relation where relation not like 'service:%'"
            " and not (subject_of = 'C' and relation = 'self')"
        )
        for viewer in people:
            _enter(owner, viewer)
        found = shelves()
        only_walls(owner, found)
        owner.execute("set local session_replication_role = replica")
        rows: dict[tuple[int, str], Any] = {}
        named: dict[tuple[int, str, str], Any] = {}
        for place, shelf in enumerate(found):
            of = oracle.table()[shelf.kind].of
            for whose, subjects in (("subject", SUBJECTS), ("other", OTHERS)):
                row = row_of(shelf, subjects[of], STRANGER)
                rows[place, whose] = put(owner, shelf, row)
            for column in named_columns(shelf.wall):
                for viewer in people:
                    row = row_of(shelf, SUBJECTS[of], STRANGER, **{column: viewer.id})
                    made = put(owner, shelf, row)
                    if made == row[shelf.pk]:
                        named[place, column, viewer.name] = made
        _parents(owner, found, rows)
        # This row closes the person's own view of all notes (C-76, tests/record): not here.
        owner.execute("delete from record_closedrecord")
        with owner.cursor() as cursor:  # the rows were put beside the triggers
            owner.execute("set local session_replication_role = origin")
            for table in masked_tables():
                masks.number(cursor, table)
                cursor.execute(f'alter table public."{table}" disable trigger user')
    app = d.connect(roles.APP, name)
    app.autocommit = False
    return Scene(name, owner, app, found, people, rows, named)


def _enter(owner: psycopg.Connection[Any], viewer: Viewer) -> None:
    owner.execute(
        "insert into wall.session (token_hash, actor, kind, expires)"
        " values (%s, %s, %s, now() + interval '1 day')",
        [hashlib.sha256(viewer.token.encode()).digest(), viewer.id, viewer.kind],
    )
    wanted = [(SUBJECTS[of], of, relation) for of, relation in viewer.relations.items()]
    if viewer.role:
        wanted = [(None, "*", viewer.role)]
    for subject, of, relation in wanted:
        if relation == "self" and of == "C":
            continue  # as the world has it
        if relation == "break_glass" and of != "P":
            continue  # an emergency is one person's
        owner.execute(
            "insert into wall_relation"
            " (id, viewer_id, subject_id, subject_of, relation, valid, reason)"
            " values (%s, %s, %s, %s, %s, tstzrange(%s::timestamptz, %s), 'probe')",
            [uuid4(), viewer.id, subject, of, relation, *_valid(relation)],
        )


#: What the database ends by itself (P-10): as long as it lets it last.
SHORT = {"break_glass": timedelta(minutes=59), "on_call": timedelta(days=6)}


def _valid(relation: str) -> tuple[str | datetime, datetime | None]:
    """For ever, but for emergencies and shifts."""
    if relation not in SHORT:
        return "-infinity", None
    since = datetime.now(UTC) - timedelta(seconds=30)
    return since, since + SHORT[relation]


def _parents(
    owner: psycopg.Connection[Any], found: list[Shelf], rows: dict[tuple[int, str], Any]
) -> None:
    """Rows that are seen only with their parent belong to the one of the same person."""
    place = {shelf.table: number for number, shelf in enumerate(found)}
    for (child, column), parent in PARENTS.items():
        for whose in ("subject", "other"):
            owner.execute(
                f'update public."{child}" set "{column}" = %s'
                f' where "{found[place[child]].pk}" = %s',
                [rows[place[parent], whose], rows[place[child], whose]],
            )
            if column == found[place[child]].pk:
                rows[place[child], whose] = rows[place[parent], whose]


def only_walls(owner: psycopg.Connection[Any], found: list[Shelf]) -> None:
    """What rules keep (a note is whole, and closed once signed) isn't asked here: who may try is.

    So in this database the walls stand alone, and a row needs no sense to be a probe.
    """
    for table in sorted({shelf.table for shelf in found}):
        owner.execute(f'alter table public."{table}" disable trigger user')
    rules = owner.execute(
        "select conrelid::regclass::text, quote_ident(conname) from pg_constraint"
        " where contype in ('c', 'x') and conrelid = any(%s::regclass[])",
        [[f'public."{table}"' for table in sorted({shelf.table for shelf in found})]],
    ).fetchall()
    for table, rule in rules:
        owner.execute(f"alter table {table} drop constraint {rule}")


def drop(scene: Scene) -> None:
    """Leave nothing behind."""
    scene.app.close()
    scene.owner.close()
    d.drop_database(scene.name)
