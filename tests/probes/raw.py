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
from tests.probes.odd import HAND_OF, HANDS, NAMED_ODD, meant
from tests.probes.rows import Shelf, insert, row_of
from tests.probes.scene import OTHERS, STRANGER, SUBJECTS, Scene, Viewer

Surprise = tuple[object, ...]
#: How a policy says no; any other error comes after it said yes.
REFUSED = "42501"


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
    places: list[int] | None = None, *, ids: list[int] | None = None,
) -> tuple[list[Surprise], int]:  # fmt: skip
    """Compare what a viewer lists (and opens by id) with the table; in a transaction of its own."""
    by_ids = set(ids or ())
    chosen = list(range(len(scene.shelves))) if places is None else places
    with scene.app.transaction():
        scene.become(viewer)
        listed = lists(scene, tables={scene.shelves[p].table for p in chosen})
        opened = by_id(scene, sorted(by_ids)) if by_ids else set()
    who = viewer.name if viewer else "signed out"
    found: list[Surprise] = []
    cases = 0
    for place in chosen:
        shelf = scene.shelves[place]
        for whose in ("subject", "other"):
            allowed = rights(viewer, shelf, whose, consents)
            wanted = meant(
                shelf.table, "read", viewer, allowed, opens(shelf, allowed), whose
            )  # fmt: skip
            have = str(scene.rows[place, whose]) in listed[shelf.table]
            cases += 1 + (place in by_ids)
            for verb, is_there in (("list", have), ("read", (place, whose) in opened)):
                if (verb == "list" or place in by_ids) and is_there != wanted:
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
          places: Iterable[int],
          whom: tuple[str, ...] = ("subject", "other")) -> list[Try]:  # fmt: skip
    """Change, add, delete, sign in another's name, and move to another: for each shelf."""
    found = []
    text = scene.app
    for place in places:
        shelf = scene.shelves[place]
        of = oracle.table()[shelf.kind].of
        for whose in whom:
            subjects = SUBJECTS if whose == "subject" else OTHERS
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
        if viewer is None:
            for blind in (f'update public."{shelf.table}" set "{shelf.subject}" = default',
                          f'delete from public."{shelf.table}"'):  # fmt: skip
                found.append(Try("blind", place, "subject", blind, False))
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
    return [name for name in (*HANDS, HAND_OF.get(shelf.table, "")) if name in columns]


def _filled(link: psycopg.Connection[Any], statement: str, row: dict[str, Any]) -> str:
    with psycopg.ClientCursor(link) as cursor:
        return cursor.mogrify(statement, list(row.values()))


def write_surprises(
    scene: Scene, viewer: Viewer | None, consents: oracle.Consents, state: str,
    places: Iterable[int] | None = None, whom: tuple[str, ...] = ("subject", "other"),
) -> tuple[list[Surprise], int]:  # fmt: skip
    """Try every way of writing and compare with the table."""
    where = range(len(scene.shelves)) if places is None else places
    chosen = tries(scene, viewer, consents, where, whom)
    with scene.app.transaction():
        scene.become(viewer)
        outcomes = attempt(scene.app, [one.statement for one in chosen])
    who = viewer.name if viewer else "signed out"
    found: list[Surprise] = []
    for one, outcome in zip(chosen, outcomes, strict=True):
        shelf = scene.shelves[one.place]
        allowed = rights(viewer, shelf, one.whose, consents)
        wanted = meant(shelf.table, one.verb, viewer, allowed, one.wanted, one.whose)
        # Without a condition nothing is read: only the policy for changes may say no.
        bad = outcome != "none" if one.verb == "blind" else (outcome == "yes") != wanted
        if bad:
            found.append((state, who, one.verb, shelf.name, one.whose, outcome))
    return found, len(chosen)


def named_surprises(
    scene: Scene, viewer: Viewer, state: str, places: Iterable[int] | None = None
) -> tuple[list[Surprise], int]:  # fmt: skip
    """Rows that name the viewer: as declared for the column, or by an ``A`` in the table."""
    chosen = set(range(len(scene.shelves)) if places is None else places)
    rows = [(p, c, pk) for (p, c, n), pk in scene.named.items() if n == viewer.name and p in chosen]
    if not rows:
        return [], 0
    changes = []
    for place, _column, pk in rows:
        shelf = scene.shelves[place]
        changes.append(
            f'update public."{shelf.table}" set "{shelf.subject}" = "{shelf.subject}"'
            f" where \"{shelf.pk}\" = '{pk}'"
        )
    with scene.app.transaction():
        scene.become(viewer)
        listed = lists(scene, tables={scene.shelves[p].table for p, _, _ in rows})
        outcomes = attempt(scene.app, changes)
    found: list[Surprise] = []
    for (place, column, pk), outcome in zip(rows, outcomes, strict=True):
        shelf = scene.shelves[place]
        allowed = viewer.may(oracle.table()[shelf.kind])
        by_author = column == shelf.wall.author and "author" in allowed
        by_address = column == shelf.wall.addressee and "author" in allowed
        seen = opens(shelf, allowed) or column in shelf.wall.seen_by or by_author or by_address
        wanted = {
            "read": seen,
            "write": seen
            and ("write" in allowed or column in shelf.wall.written_by or by_author)
            and (shelf.table, "write") not in NAMED_ODD,
        }
        have = {"read": str(pk) in listed[shelf.table], "write": outcome == "yes"}
        found += [
            (state, viewer.name, verb, shelf.name, f"named in {column}", have[verb])
            for verb in wanted
            if have[verb] != wanted[verb]
        ]
    return found, 2 * len(rows)


def granted(
    scene: Scene, viewer: Viewer | None, kinds: Iterable[str]
) -> dict[str, set[str]]:  # fmt: skip
    """What the functions of the wall say a viewer may do: kind -> of the oracle's words."""
    suffixes = {"": "body", ".facts": "facts", ".extract": "extract", ".write": "write",
                ".submit": "submit", ".author": "author"}  # fmt: skip
    asked = [(k, s) for k in kinds for s in suffixes]
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
    found: dict[str, set[str]] = {kind: set() for kind, _ in asked}
    for kind, suffix, is_there in rows:
        if is_there:
            found[kind].add(suffixes[suffix])
    return found


def grant_surprises(
    scene: Scene, viewer: Viewer | None, consents: oracle.Consents, state: str,
    kinds: Iterable[str] | None = None,
) -> tuple[list[Surprise], int]:  # fmt: skip
    """The grants against the table, also of kinds that have no table of the database yet."""
    have = granted(scene, viewer, oracle.table() if kinds is None else kinds)
    found: list[Surprise] = []
    for kind in have:
        line = oracle.table()[kind]
        wanted = set(viewer.may(line, consents)) if viewer else set()
        if have[kind] != wanted:
            who = viewer.name if viewer else "signed out"
            found.append((state, who, "grant", kind, f"{sorted(have[kind])} for {sorted(wanted)}"))
    return found, len(have) * 6


def places_of(scene: Scene, kinds: Iterable[str]) -> list[int]:
    """The shelves of some kinds."""
    wanted = set(kinds)
    return [p for p, shelf in enumerate(scene.shelves) if shelf.kind in wanted]


def one_of_each_kind(scene: Scene, turn: int, every: int = 1) -> list[int]:
    """A shelf of each kind (or of every few), another with each turn: for a sampled run."""
    by_kind: dict[str, list[int]] = {}
    for place, shelf in enumerate(scene.shelves):
        by_kind.setdefault(shelf.kind, []).append(place)
    kinds = sorted(by_kind)[turn % every :: every]
    return sorted(by_kind[kind][turn % len(by_kind[kind])] for kind in kinds)
