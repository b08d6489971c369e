"""Masks: how a big table of several kinds is read (masks.sql, docs/adr).

Each row of such a table carries the number of its subject (``whose``) and the bit of its kind
(``bit``), both set by the database alone; they are no fields of the model. For a statement the
wall answers once with one mask for each subject, and a row is visible if its bit is set there.
"""

from __future__ import annotations

from typing import Any

from mutual.wall.policy import Walled, is_opened

#: Bits from here on open a row to its author alone.
AUTHORS = 16


def visible(table: str, author: str, *, actor: str, prefix: str = "") -> str:
    """The condition in SQL, the same in the row policy and in the manager's filter.

    Args:
        table: the name under which the masks are kept.
        author: the column that an ``A`` right looks at, or nothing.
        actor: SQL for who acts.
        prefix: of the columns, with its dot.
    """
    mask = f"((select wall.masks('{table}'))::integer[])[{prefix}whose]"
    read = f"{mask} & {prefix}bit <> 0"
    if not author:
        return read
    own = f"{mask} & ({prefix}bit << {AUTHORS}) <> 0"
    return f"{read} or {prefix}{author} = {actor} and {own}"


def statements(table: str) -> list[str]:
    """What the table itself needs; it may be repeated."""
    return [
        f'alter table public."{table}" add column if not exists whose integer not null default 0,'
        " add column if not exists bit integer not null default 0",
        f'create or replace trigger seat before insert or update on public."{table}"'
        " for each row execute function wall.seat()",
    ]


def opens(walled: Walled, bits: dict[str, int]) -> list[tuple[str, int]]:
    """Pairs of (category, bits that a grant of it sets), of the categories some rule opens."""
    found = [(c, bits[v]) for v, kind in walled.each() for c in walled.categories(kind)]
    if walled.author:
        found += [(f"{kind}.author", bits[v] << AUTHORS) for v, kind in walled.each()]
    return [(category, mask) for category, mask in found if is_opened(category)]


def write(cursor: Any, tables: dict[str, Walled]) -> None:
    """Give new kinds their bits, say what each category opens, and number old rows.

    Grants have to be made anew after it.
    """
    cursor.execute("delete from wall.opens")
    for table, walled in tables.items():
        for value, _kind in walled.each():
            cursor.execute(
                "insert into wall.kind_bit (bundle, value, bit)"
                " select %s, %s, coalesce((select max(bit) * 2 from wall.kind_bit"
                " where bundle = %s), 1) on conflict do nothing",
                [table, value, table],
            )
        cursor.execute("select value, bit from wall.kind_bit where bundle = %s", [table])
        bits: dict[str, int] = dict(cursor.fetchall())
        if max(bits.values()) >= 1 << AUTHORS - 1:
            raise ValueError(f"{table} holds more kinds than a mask has bits")
        cursor.executemany(
            "insert into wall.opens (bundle, category, mask) values (%s, %s, %s)",
            [(table, category, mask) for category, mask in opens(walled, bits)],
        )
        number(cursor, table)


def number(cursor: Any, table: str) -> None:
    """Number the rows of before the masks, or that were loaded beside the triggers."""
    cursor.execute(f'select exists (select from public."{table}" where whose = 0)')  # noqa: S608  # nosec B608
    if not cursor.fetchone()[0]:
        return
    # What is signed is closed to any other change.
    cursor.execute(f'alter table public."{table}" disable trigger user')
    cursor.execute(
        f'update public."{table}" r set whose = wall.number_of(r.subject_id),'  # noqa: S608  # nosec B608
        " bit = (select k.bit from wall.kind_bit k where k.bundle = %s and k.value = r.kind)"
        " where r.whose = 0",
        [table],
    )
    cursor.execute(f'alter table public."{table}" enable trigger user')
