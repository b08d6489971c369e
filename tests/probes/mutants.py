"""Walls broken on purpose, one at a time, each in a transaction that is undone.

DDL is transactional: the owner breaks a cell, a policy or a filter, becomes the application's
role in the same transaction, and the probes of the matrix look with a few witnesses until one sees
something else than the table says. A mutant nobody sees is a hole in the probes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

from mutual.wall.policy import OPENS, Kind, Of
from tests.probes import bare, narrow, oracle, raw
from tests.probes.scene import Scene, Viewer, services
from tests.world import id_of

Found = list[raw.Surprise]
#: A cell is opened to the next stronger one; what can't be opened further is closed.
SUFFIXES = ("", ".facts", ".extract", ".write", ".submit", ".author")


@contextmanager
def undone(scene: Scene, *statements: str) -> Iterator[Scene]:
    """The scene with these statements run as the owner, seen by the application's role."""
    with scene.owner.transaction(force_rollback=True):
        for statement in statements:
            scene.owner.execute(statement)
        yield seen_by_app(scene)


def seen_by_app(scene: Scene) -> Scene:
    """The scene on the owner's connection, from here on as the application's role."""
    scene.owner.execute("set local role mutual_app")
    return replace(scene, app=scene.owner)


@dataclass(frozen=True)
class Cell:
    """A cell of the table, changed: the grant rules of one relation on one kind."""

    kind: str
    relation: str
    was: str
    becomes: str

    @property
    def name(self) -> str:
        """For the report."""
        return f"{self.kind} of {self.relation}: {self.was} -> {self.becomes}"


def cells() -> list[Cell]:
    """Every cell opened one step (``-`` to ``R``, a consent dropped, ``R`` to ``W``), and every
    cell that opens something closed."""
    found = []
    for line in oracle.table().values():
        for relation, was in line.cells.items():
            letters = {letter for letter, _, _ in oracle.parts(was)}
            free = {letter for letter, code, _ in oracle.parts(was) if not code}
            stronger = "R" if not free & {"R", "S", "W"} else "W"
            if "W" not in free:
                found.append(Cell(line.kind, relation, was, stronger))
            if letters - {"T", "B"}:
                found.append(Cell(line.kind, relation, was, "-"))
    return found


def rules_of(cell: Cell) -> list[tuple[str, str, bool]]:
    """Grant rules (category, consent, of both) that the changed cell makes."""
    of = Of(oracle.table()[cell.kind].of)
    changed = Kind(cell.kind, of, f"{cell.relation} {cell.becomes}")
    return [
        (cell.kind + suffix, right.consent, right.joint)
        for right in changed.rights(cell.relation)
        for suffix in OPENS[right.verb]
    ]


def looks_at_cell(scene: Scene, cell: Cell) -> Found:
    """What the probes see of a changed cell: grants first, then rows."""
    line = oracle.table()[cell.kind]
    viewer = next(v for v in scene.viewers if v.relations.get(line.of) == cell.relation)
    owner = scene.owner
    with owner.transaction(force_rollback=True):
        consents = _give(scene, line, cell) if cell.becomes == "-" else oracle.NONE
        owner.execute(
            "delete from wall.rule where relation = %s and subject_of = %s and category = any(%s)",
            [cell.relation, line.of, [cell.kind + s for s in SUFFIXES]],
        )
        for category, consent, joint in rules_of(cell):
            owner.execute(
                "insert into wall.rule (relation, subject_of, category, consent, joint)"
                " values (%s, %s, %s, %s, %s) on conflict do nothing",
                [cell.relation, line.of, category, consent, joint],
            )
        owner.execute(
            "select wall.regrant(id) from public.wall_relation"
            " where viewer_id = %s and relation = %s",
            [viewer.id, cell.relation],
        )
        seen = seen_by_app(scene)
        return raw.grant_surprises(seen, viewer, consents, "mutant", [cell.kind])[0]


def _give(scene: Scene, line: oracle.Line, cell: Cell) -> oracle.Consents:
    """For a cell that is open under a consent alone: the consent, so that closing it shows."""
    wanted = [(oracle.whole_code(line.kind, c), both) for _, c, both in oracle.parts(cell.was) if c]
    if not wanted or any(not c for _, c, _ in oracle.parts(cell.was)):
        return oracle.NONE
    own = frozenset(code for code, _ in wanted)
    partner = frozenset(code for code, both in wanted if both)
    # Only this cell's relation is granted anew: the others' grants aren't looked at.
    scene.owner.execute("alter table public.wall_consentfact disable trigger user")
    for person, codes in ((id_of("ana"), own), (id_of("ben"), partner)):
        for code in codes:
            scene.owner.execute(
                "insert into wall_consentfact (id, person_id, code, valid) values"
                " (%s, %s, %s, tstzrange(now() - interval '1 day', null))",
                [uuid4(), person, code],
            )
    return oracle.Consents(own, partner)


# Row policies


@dataclass(frozen=True)
class Policy:
    """A row policy of the database, and what is done to it."""

    table: str
    name: str
    command: str
    narrows: bool
    how: str

    @property
    def statement(self) -> str:
        """The mutation."""
        if self.how == "without row security":
            return f'alter table public."{self.table}" disable row level security'
        if self.how == "dropped":
            return f'drop policy "{self.name}" on public."{self.table}"'
        using = " using (true)" if self.command != "INSERT" else ""
        check = " with check (true)" if self.command in ("INSERT", "UPDATE") else ""
        return f'alter policy "{self.name}" on public."{self.table}"{using}{check}'


def policies(scene: Scene, table: str = "") -> list[Policy]:
    """Each policy dropped; each that opens rows opened to all; each table without any.

    A policy that opens nothing (``false``) is the same when it is dropped, one that opens all
    (``true``) the same when it is opened.
    """
    rows = scene.owner.execute(
        "select tablename, policyname, cmd, permissive = 'RESTRICTIVE',"
        " coalesce(qual, with_check) from pg_policies"
        " where schemaname = 'public' and roles = '{mutual_app}' and tablename like %s"
        " order by 1, 2",
        [table or "%"],
    ).fetchall()
    found = []
    for of, name, command, narrows, says in rows:
        if narrows or says != "false":
            found.append(Policy(of, name, command, narrows, "dropped"))
        if not narrows and says != "true":
            found.append(Policy(of, name, command, narrows, "opened"))
    for of in sorted({row[0] for row in rows}):
        found.append(Policy(of, "", "ALL", False, "without row security"))
    return found


#: Held by two policies at once, each of which is enough: broken together, which is seen.
TWICE = {
    ("daily_contractpart", "INSERT"), ("daily_contractpart", "UPDATE"),
    ("daily_partday", "INSERT"), ("daily_partday", "UPDATE"), ("daily_trustday", "INSERT"),
    ("daily_partconsent", "INSERT"), ("daily_gratitude", "UPDATE"),
    ("daily_ownmessage", "UPDATE"), ("daily_couplemessage", "UPDATE"),
    ("daily_agreementyes", "UPDATE"),
    ("record_cosignature", "INSERT"),
}  # fmt: skip


def looks_at_policy(scene: Scene, policy: Policy, witnesses: list[Viewer | None]) -> Found:
    """What the first witness that sees a broken policy of this table sees."""
    broken = [policy.statement]
    if (policy.table, policy.command) in TWICE:
        broken = [p.statement for p in policies(scene, policy.table) if p.command == policy.command
                  and p.how == ("dropped" if p.narrows else "opened")]  # fmt: skip
    for look in (_rows, _bare, _narrowed):
        found = look(scene, policy, broken, witnesses)
        if found:
            return found
    return []


def _rows(scene: Scene, policy: Policy, broken: list[str], witnesses: list[Viewer | None]) -> Found:
    places = [p for p, s in enumerate(scene.shelves) if s.table == policy.table]
    if not places:
        return []
    with undone(scene, *broken) as seen:
        for viewer in witnesses:
            found: Found = []
            if policy.command in ("SELECT", "ALL"):
                found += raw.read_surprises(seen, viewer, oracle.NONE, "mutant", places)[0]
            else:
                found += raw.write_surprises(seen, viewer, oracle.NONE, "mutant", places)[0]
            if viewer is not None and not found:
                found += raw.named_surprises(seen, viewer, "mutant", places)[0]
            if found:
                return found
    return []


def _bare(scene: Scene, policy: Policy, broken: list[str], witnesses: list[Viewer | None]) -> Found:
    if policy.table not in bare.BARE:
        return []
    with scene.owner.transaction(force_rollback=True):
        made = bare.put(scene, policy.table)
        for statement in broken:
            scene.owner.execute(statement)
        seen = seen_by_app(scene)
        for viewer in witnesses:
            found, _ = bare.surprises(seen, policy.table, made, [viewer])
            if found:
                return found
    return []


def _narrowed(
    scene: Scene, policy: Policy, broken: list[str], witnesses: list[Viewer | None]
) -> Found:
    for situation in narrow.SITUATIONS:
        if situation.shelf[0] != policy.table:
            continue
        with scene.owner.transaction(force_rollback=True):
            words = narrow.set_up(scene, situation)
            for statement in broken:
                scene.owner.execute(statement)
            seen = seen_by_app(scene)
            for viewer in witnesses:
                found, _ = narrow.surprises(seen, situation, words, [viewer])
                if found:
                    return found
    return []


def ordered(scene: Scene, first: Iterable[str]) -> list[Viewer | None]:
    """All viewers, those first that see most mutants; services last."""
    names = list(first)
    rest = [v for v in scene.viewers if v.name not in names]
    chosen = [v for n in names for v in scene.viewers if v.name == n]
    return [*chosen, None, *rest, *services()]
