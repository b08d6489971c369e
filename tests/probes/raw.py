"""The walls asked in SQL, under the application's role: who reads, changes, adds, deletes what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql

from tests.probes import oracle
from tests.probes.rows import Shelf, insert, named_columns, row_of
from tests.probes.scene import OTHERS, STRANGER, SUBJECTS, Scene, Viewer

Surprise = tuple[object, ...]
#: How a policy says no; any other error comes after it said yes.
REFUSED = "42501"
#: Columns that say whose hand it was; a row in another's name is refused to everybody.
HANDS = ("author_id", "signer_id", "supervisor_id")


@dataclass(frozen=True)
class Odd:
    """Where a table is narrower or wider than its line, on purpose: with the reason."""

    why: str
    #: ``narrower``: what the line allows may be refused here. ``wider``: the reverse.
    way: str = "narrower"


#: (table, verb) -> why. The single place where the walls may differ from the table.
ODD: dict[tuple[str, str], Odd] = {
    ("plan_couplesignature", "read"): Odd("what a partner answers is that partner's (P-48)"),
    ("plan_couplesignature", "add"): Odd("both partners sign what is theirs (C-64)", "wider"),
    ("plan_individualsignature", "read"): Odd("what a person answers is that person's (P-48)"),
    ("plan_individualsignature", "add"): Odd("a person signs the own plan (C-67)", "wider"),
    ("measures_assignment", "read"): Odd("a person finds the own open form (I-14)", "wider"),
    ("measures_assignment", "write"): Odd("and hands it in (I-9)", "wider"),
    ("record_closedrecord", "read"): Odd("the scene takes it away: it would close all"),
    ("record_closedrecord", "write"): Odd("the scene takes it away: it would close all"),
    ("record_closedrecord", "delete"): Odd("the scene takes it away: it would close all"),
    ("record_cosignature", "add"): Odd("only whom the note waits for co-signs (C-72)"),
    ("record_safetyplan", "add"): Odd("a version bears its writer's name"),
    ("daily_trusttick", "add"): Odd("a half is handed in for oneself (C-49)"),
    ("daily_trustday", "add"): Odd("only the service joins two halves (C-49)"),
    ("daily_contractpart", "add"): Odd("only the service joins two halves (C-50)"),
    ("daily_contractpart", "write"): Odd("only the service joins two halves (C-50)"),
    ("daily_partday", "add"): Odd("only the service joins two halves (C-50)"),
    ("daily_partday", "write"): Odd("only the service joins two halves (C-50)"),
    ("daily_gratitude", "add"): Odd("thanks are said in one's own name"),
    ("daily_gratitude", "write"): Odd("thanks are said in one's own name"),
    ("privacy_disclosure", "add"): Odd("the gate logs whoever disclosed (P-27, P-31)", "wider"),
    ("episode_levelrating", "sign"): Odd("a rating names its licensed signer (C-26)", "wider"),
}


def opens(shelf: Shelf, allowed: frozenset[str]) -> bool:
    """Whether a right reads a row of this shelf: a summary holds what facts or extract show."""
    wanted = {"summary": {"facts", "extract"}}.get(shelf.level, {shelf.level})
    return bool(wanted & allowed)


def lists(scene: Scene, link: psycopg.Connection[Any] | None = None,
          tables: Iterable[str] | None = None) -> dict[str, dict[str, str]]:  # fmt: skip
    """Table -> visible primary keys with their subjects, without any filter of ours."""
    wanted = sorted(set(tables) if tables is not None else {s.table for s in scene.shelves})
    by_table = {shelf.table: shelf for shelf in scene.shelves}
    parts = [
        f'select \'{name}\', "{by_table[name].pk}"::text, "{by_table[name].subject}"::text'
        f' from public."{name}"'
        for name in wanted
    ]
    found: dict[str, dict[str, str]] = {name: {} for name in wanted}
    for name, pk, subject in (link or scene.app).execute(" union all ".join(parts)):
        found[name][pk] = subject
    return found


def by_id(scene: Scene, places: list[int]) -> set[tuple[int, str]]:
    """Which of the scene's own rows answer to their very id."""
    parts = []
    for place in places:
        shelf = scene.shelves[place]
        for whose in ("subject", "other"):
            parts.append(
                f"select {place}, '{whose}' from public.\"{shelf.table}\""
                f" where \"{shelf.pk}\" = '{scene.rows[place, whose]}'"
            )
    return {(place, whose) for place, whose in scene.app.execute(" union all ".join(parts))}


def expected(scene: Scene, viewer: Viewer | None, shelf: Shelf, whose: str,
             consents: oracle.Consents) -> bool:  # fmt: skip
    """Whether the table lets a viewer read the row of the subject, or of the other couple."""
    return opens(shelf, rights(viewer, shelf, whose, consents))


def rights(
    viewer: Viewer | None, shelf: Shelf, whose: str, consents: oracle.Consents
) -> frozenset[str]:
    """What the table opens for a viewer (``None``: signed out) of a row of this shelf."""
    if viewer is None:
        return frozenset()
    line = oracle.table()[shelf.kind]
    if whose == "other":
        if viewer.name == "person of another couple":
            # The scene leaves Dan what is his couple's, and no relation to a person.
            return oracle.allows(line, "self") if line.of == "C" else frozenset()
        return viewer.may(line) if viewer.role else frozenset()
    return viewer.may(line, consents)


def read_surprises(
    scene: Scene, viewer: Viewer | None, consents: oracle.Consents, state: str,
    places: list[int] | None = None, *, ids: bool = False,
) -> tuple[list[Surprise], int]:  # fmt: skip
    """Compare what a viewer lists (and opens by id) with the table; in a transaction of its own."""
    chosen = list(range(len(scene.shelves))) if places is None else places
    with scene.app.transaction():
        scene.become(viewer)
        listed = lists(scene, tables={scene.shelves[p].table for p in chosen})
        opened = by_id(scene, chosen) if ids else set()
    who = viewer.name if viewer else "signed out"
    found: list[Surprise] = []
    cases = 0
    for place in chosen:
        shelf = scene.shelves[place]
        for whose in ("subject", "other"):
            wanted = expected(scene, viewer, shelf, whose, consents)
            have = str(scene.rows[place, whose]) in listed[shelf.table]
            cases += 1 + ids
            for verb, is_there in (("list", have), ("read", (place, whose) in opened)):
                if (verb == "list" or ids) and is_there != wanted:
                    odd = ODD.get((shelf.table, "read"))
                    if odd and (odd.way == "narrower") == wanted:
                        continue
                    found.append((state, who, verb, shelf.name, whose, f"sees {is_there}"))
    found += _of_nobody(scene, viewer, listed, state)
    return found, cases


def _of_nobody(
    scene: Scene, viewer: Viewer | None, listed: dict[str, dict[str, str]], state: str
) -> Iterator[Surprise]:
    """Rows of people a viewer is nothing to (the world's own ones too) must not be listed."""
    if viewer is not None and (viewer.role or viewer.relations.get("P") == "partner"):
        return
    near = {str(s) for s in SUBJECTS.values()} if viewer and viewer.relations else set()
    if viewer and viewer.name == "person of another couple":
        near = {str(OTHERS["C"])}
    mine = {str(pk) for (_, _, name), pk in scene.named.items() if viewer and name == viewer.name}
    for table, rows in listed.items():
        for pk, subject in rows.items():
            if subject not in near and pk not in mine:
                yield (state, viewer.name if viewer else "signed out", "list", table, "stray", pk)


@lru_cache(maxsize=1)
def _attempt() -> str:
    """Tries statements one by one, each undone, and leaves the outcomes in a setting."""
    return """
do $probe$
declare
  tries jsonb := current_setting('probe.tries')::jsonb;
  done text[] := '{}'; n integer; one text;
begin
  for one in select jsonb_array_elements_text(tries) loop
    begin
      execute one;
      get diagnostics n = row_count;
      raise exception using errcode = 'PR0' || case when n > 0 then '01' else '00' end;
    exception when others then
      done := done || sqlstate::text;
    end;
  end loop;
  perform set_config('probe.done', array_to_json(done)::text, true);
end $probe$
"""


def attempt(link: psycopg.Connection[Any], tries: list[str]) -> list[str]:
    """``yes``, ``none`` (no row) or ``no`` (refused by a policy) for each statement; all undone."""
    link.execute("select set_config('probe.tries', %s, true)", [json.dumps(tries)])
    link.execute(_attempt())
    row = link.execute("select current_setting('probe.done')").fetchone()
    assert row is not None
    words = {"PR001": "yes", "PR000": "none", REFUSED: "no"}
    return [words.get(code, "yes") for code in json.loads(row[0])]


@dataclass(frozen=True)
class Try:
    """One attempt to write, and whether the table lets it."""

    verb: str
    place: int
    whose: str
    statement: str
    wanted: bool


def tries(scene: Scene, viewer: Viewer | None, consents: oracle.Consents,
          places: Iterable[int]) -> list[Try]:  # fmt: skip
    """Change, add, delete, sign in another's name, and move to another: for each shelf."""
    found = []
    text = scene.app
    for place in places:
        shelf = scene.shelves[place]
        of = oracle.table()[shelf.kind].of
        for whose, subjects in (("subject", SUBJECTS), ("other", OTHERS)):
            allowed = rights(viewer, shelf, whose, consents)
            pk = scene.rows[place, whose]
            at = f'public."{shelf.table}" where "{shelf.pk}" = \'{pk}\''
            table, where = at.split(" where ")
            seen, may = opens(shelf, allowed), "write" in allowed
            change = f'update {table} set "{shelf.subject}" = "{shelf.subject}" where {where}'
            found.append(Try("write", place, whose, change, may and seen))
            found.append(
                Try("delete", place, whose, f"delete from {at}",
                    shelf.wall.deletable and may and seen)
            )  # fmt: skip
            own_hand = dict.fromkeys(_hands(shelf), viewer.id) if viewer else {}
            row = row_of(shelf, subjects[of], STRANGER, **own_hand)
            add = sql.Composed(insert(shelf, row)[0]).as_string(text)
            found.append(
                Try("add", place, whose, _filled(text, add, row),
                    may or "submit" in allowed or ("author" in allowed and bool(own_hand)))
            )  # fmt: skip
            if _hands(shelf):
                row = row_of(shelf, subjects[of], STRANGER)
                add = sql.Composed(insert(shelf, row)[0]).as_string(text)
                found.append(Try("sign", place, whose, _filled(text, add, row), False))
        to = OTHERS[of]
        if shelf.subject != shelf.pk:
            move = (
                f'update public."{shelf.table}" set "{shelf.subject}" = \'{to}\''
                f" where \"{shelf.pk}\" = '{scene.rows[place, 'subject']}'"
            )
            both = rights(viewer, shelf, "subject", consents) & rights(
                viewer, shelf, "other", consents
            )
            found.append(Try("move", place, "subject", move, "write" in both))
    return found


def _hands(shelf: Shelf) -> list[str]:
    columns = {f.column for f in shelf.model._meta.concrete_fields}
    return [name for name in HANDS if name in columns]


def _filled(link: psycopg.Connection[Any], statement: str, row: dict[str, Any]) -> str:
    with psycopg.ClientCursor(link) as cursor:
        return cursor.mogrify(statement, list(row.values()))


def write_surprises(
    scene: Scene, viewer: Viewer | None, consents: oracle.Consents, state: str,
    places: Iterable[int] | None = None,
) -> tuple[list[Surprise], int]:  # fmt: skip
    """Try every way of writing and compare with the table."""
    chosen = tries(scene, viewer, consents, range(len(scene.shelves)) if places is None else places)
    with scene.app.transaction():
        scene.become(viewer)
        outcomes = attempt(scene.app, [one.statement for one in chosen])
    who = viewer.name if viewer else "signed out"
    found: list[Surprise] = []
    for one, outcome in zip(chosen, outcomes, strict=True):
        if (outcome == "yes") != one.wanted:
            shelf = scene.shelves[one.place]
            odd = ODD.get((shelf.table, one.verb))
            if odd and (odd.way == "narrower") == one.wanted:
                continue
            found.append((state, who, one.verb, shelf.name, one.whose, outcome))
    return found, len(chosen)


def named_surprises(scene: Scene, viewer: Viewer, state: str) -> tuple[list[Surprise], int]:
    """Rows that name the viewer: as declared for the column, or by an ``A`` in the table."""
    with scene.app.transaction():
        scene.become(viewer)
        listed = lists(scene, tables={scene.shelves[p].table for p, _, _ in scene.named})
    found: list[Surprise] = []
    cases = 0
    for (place, column, name), pk in scene.named.items():
        if name != viewer.name:
            continue
        shelf = scene.shelves[place]
        allowed = viewer.may(oracle.table()[shelf.kind])
        wanted = opens(shelf, allowed) or column in shelf.wall.seen_by
        if column in (shelf.wall.author, shelf.wall.addressee):
            wanted = wanted or "author" in allowed
        cases += 1
        have = str(pk) in listed[shelf.table]
        if have != wanted and not ((shelf.table, "named") in ODD and wanted):
            found.append((state, viewer.name, "read", shelf.name, f"named in {column}", have))
    return found, cases


def granted(scene: Scene, viewer: Viewer | None) -> dict[str, set[str]]:
    """What the functions of the wall say a viewer may do: kind -> of the oracle's words."""
    suffixes = {"": "body", ".facts": "facts", ".extract": "extract", ".write": "write",
                ".submit": "submit", ".author": "author"}  # fmt: skip
    asked = [(k, s) for k in oracle.table() for s in suffixes]
    with scene.app.transaction():
        scene.become(viewer)
        rows = scene.app.execute(
            "select k, s, o.subject = any((select wall.subjects(k || s))::uuid[])"
            " or (select wall.everyone(k || s))"
            " from unnest(%s::text[], %s::text[], %s::uuid[]) as o(k, s, subject)",
            [
                [k for k, _ in asked],
                [s for _, s in asked],
                [SUBJECTS[oracle.table()[k].of] for k, _ in asked],
            ],
        ).fetchall()
    found: dict[str, set[str]] = {kind: set() for kind in oracle.table()}
    for kind, suffix, is_there in rows:
        if is_there:
            found[kind].add(suffixes[suffix])
    return found


def grant_surprises(
    scene: Scene, viewer: Viewer | None, consents: oracle.Consents, state: str
) -> tuple[list[Surprise], int]:
    """The grants against the table, also of kinds that have no table of the database yet."""
    have = granted(scene, viewer)
    found: list[Surprise] = []
    for kind, line in oracle.table().items():
        wanted = set(viewer.may(line, consents)) if viewer else set()
        if have[kind] != wanted:
            who = viewer.name if viewer else "signed out"
            found.append((state, who, "grant", kind, f"{sorted(have[kind])} for {sorted(wanted)}"))
    return found, len(have) * 6


def places_of(scene: Scene, kinds: Iterable[str]) -> list[int]:
    """The shelves of some kinds."""
    wanted = set(kinds)
    return [p for p, shelf in enumerate(scene.shelves) if shelf.kind in wanted]


__all__ = ["named_columns"]
