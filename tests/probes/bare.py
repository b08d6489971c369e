"""Tables whose policies are written out by hand: who reads, adds, changes and deletes, in words.

The access table has no line for them; so their oracle stands here, a line for each, and says it
without asking the policies. Which member of the scene a word means is read from the access table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import models
from psycopg import sql
from psycopg.types.range import TimestamptzRange

from mutual.wall.compile import declaration, mutual_models
from mutual.wall.policy import Raw
from tests.probes import oracle, raw
from tests.probes.rows import filler
from tests.probes.scene import STRANGER, SUBJECTS, Scene, Viewer

Who = Callable[[Viewer], bool]


def nobody(viewer: Viewer) -> bool:
    """No one of the scene."""
    return False


def anybody(viewer: Viewer) -> bool:
    """Whoever is signed in."""
    return True


def works(viewer: Viewer) -> bool:
    """Whoever works here, and what works by itself."""
    return viewer.kind in ("staff", "service")


def wide(right: str, kind: str) -> Who:
    """Whoever has this right on this kind of everybody."""
    return lambda viewer: bool(viewer.role) and right in viewer.may(oracle.table()[kind])


def wide_writer(kind: str) -> Who:
    """Whoever may write this kind of everybody."""
    return wide("write", kind)


def ana(viewer: Viewer) -> bool:
    """The one the row is about."""
    return viewer.name == "self"


def service(*names: str) -> Who:
    """These services."""
    return lambda viewer: viewer.kind == "service" and viewer.name in names


def counselor(viewer: Viewer) -> bool:
    """The clinician whose session the row's is."""
    return viewer.name == "own_counselor"


def roles(*names: str) -> Who:
    """Whoever holds one of these roles for the whole programme."""
    wanted = {f"role {name}" for name in names}
    return lambda viewer: viewer.name in wanted


def may(right: str, kind: str) -> Who:
    """Whoever the table (or a service's declaration) gives this right of the scene's subject."""
    return lambda viewer: right in viewer.may(oracle.table()[kind])


def either(*several: Who) -> Who:
    """One of them."""
    return lambda viewer: any(who(viewer) for who in several)


@dataclass(frozen=True)
class Bare:
    """Who may do what with the row of the scene."""

    read: Who
    add: Who = nobody
    change: Who = nobody
    delete: Who = nobody
    #: Columns of the scene's row; a callable is asked with the scene.
    row: dict[str, Any] = field(default_factory=dict, hash=False)
    #: Whether somebody who isn't signed in reads it, too.
    public: bool = False


def _named(table: str, column: str, name: str, wanted: str) -> Callable[[Scene], Any]:
    """A column of the scene's row that names a viewer in a column of a walled table."""

    def found(scene: Scene) -> Any:
        place, pk = next(
            (place, pk) for (place, by, viewer), pk in scene.named.items()
            if scene.shelves[place].table == table and (by, viewer) == (column, name)
        )  # fmt: skip
        row = scene.owner.execute(
            f'select "{wanted}" from public."{table}" where "{scene.shelves[place].pk}" = %s', [pk]
        ).fetchone()
        assert row is not None
        return row[0]

    return found


def _is(name: str) -> Callable[[Scene], Any]:
    """The id of a viewer of the scene."""
    return lambda scene: next(v.id for v in scene.viewers if v.name == name)


_counselor = _is("own_counselor")


_LATER = datetime(2199, 1, 1, tzinfo=UTC)
_OPEN = TimestamptzRange(datetime(2026, 1, 1, tzinfo=UTC), None)
_HELD = {
    "clinician_id": _counselor,
    "session_id": _named("week_session", "clinician_id", "own_counselor", "id"),
}
#: Whoever writes down who works here: the director, and what ends it all for one who leaves.
_STAFFING = either(roles("director"), service("offboarding"))
#: Who works on the trail, that and the director, and who plans hours of work.
_TRAIL = wide("body", "audit_trail")
_CONFLICTS = either(_STAFFING, _TRAIL)
_HOURS = either(_STAFFING, wide_writer("schedule_own"))


def _plans_weeks(viewer: Viewer) -> bool:
    """Whoever writes everybody's own and joint weeks and the groups."""
    kinds = ("schedule_own", "schedule_joint", "group_roster")
    return all(wide_writer(kind)(viewer) for kind in kinds)


BARE: dict[str, Bare] = {
    "people_recovery": Bare(
        either(ana, service("recovery")), service("recovery"), either(ana, service("recovery")),
        row={"actor_id": SUBJECTS["P"]},
    ),
    # Whoever opens, plans, declares or watches does it in the own name.
    "privacy_breakglass": Bare(
        either(counselor, wide("extract", "audit_trail")), counselor, either(counselor, _TRAIL),
        row={"person_id": SUBJECTS["P"], "by_id": _counselor},
    ),
    "privacy_conflictofinterest": Bare(
        _CONFLICTS, roles("director"), _CONFLICTS,
        row={"staff_id": STRANGER, "by_id": _is("role director")},
    ),
    "privacy_conflictmatch": Bare(_CONFLICTS, nobody, _CONFLICTS),
    "privacy_oncallshift": Bare(
        works, roles("director"),
        either(roles("director", "care_coordinator"), service("offboarding")),
        row={"staff_id": STRANGER, "by_id": _is("role director")},
    ),
    "privacy_unusualaccess": Bare(_TRAIL, _TRAIL, _TRAIL),
    "privacy_watchedperson": Bare(
        _TRAIL, roles("privacy_officer"), _TRAIL, row={"by_id": _is("role privacy_officer")}
    ),
    "week_closedday": Bare(anybody, _HOURS, _HOURS, _HOURS),
    "week_proposal": Bare(_plans_weeks, _plans_weeks, _plans_weeks),
    "week_timeaway": Bare(works, _HOURS, _HOURS, row={"staff_id": STRANGER}),
    "week_worktime": Bare(works, _HOURS, _HOURS, _HOURS, row={"staff_id": STRANGER}),
    "wall_relation": Bare(
        either(may("body", "care_team"), wide("facts", "care_team"), wide("facts", "group_roster")),
        may("write", "care_team"), may("write", "care_team"),
        row={"subject_id": SUBJECTS["P"], "subject_of": "P", "relation": "prescriber",
             "viewer_id": STRANGER, "valid": _OPEN},
    ),
    "wall_consentfact": Bare(
        may("body", "consent"), may("write", "consent"), may("write", "consent"),
        lambda viewer: viewer.kind != "service" and may("write", "consent")(viewer),
        row={"person_id": SUBJECTS["P"], "code": "probe", "valid": TimestamptzRange(_LATER, None)},
    ),
    "wall_notice": Bare(
        either(ana, service("notices")), anybody, service("notices"),
        row={"viewer_id": SUBJECTS["P"]},
    ),
    "wall_ended": Bare(service("revocations"), anybody),
    "privacy_confidencessetting": Bare(anybody, _STAFFING, public=True),
    "privacy_auditengagement": Bare(
        wide("body", "disclosure_log"), _STAFFING, _STAFFING
    ),
    "privacy_engagementperson": Bare(wide("body", "disclosure_log"), _STAFFING),
    "privacy_vendor": Bare(
        anybody, either(_STAFFING, roles("privacy_officer")),
        either(_STAFFING, roles("privacy_officer"))
    ),
    "privacy_retentionrule": Bare(works, _STAFFING, _STAFFING),
    "privacy_breach": Bare(
        roles("director", "privacy_officer"), roles("privacy_officer"), roles("privacy_officer")
    ),
    "coverage_payer": Bare(anybody, works, works),
    "coverage_payerterms": Bare(anybody, works, works),
    "week_keepapart": Bare(
        wide_writer("group_roster"), wide_writer("group_roster"), wide_writer("group_roster")
    ),
    "week_staffbooking": Bare(works, works, works),
    "room_roomseat": Bare(
        either(ana, service("room_gate", "room_presence")), ana, ana,
        row={"person_id": SUBJECTS["P"], "clinician_id": STRANGER,
             "session_id": _named("week_seat", "person_id", "self", "session_id")},
    ),
    "room_admission": Bare(
        either(ana, counselor, service("room_gate", "room_presence")), counselor, counselor,
        row={"person_id": SUBJECTS["P"], **_HELD},
    ),
    "room_roomstate": Bare(
        either(counselor, service("room_gate", "room_presence")), counselor, counselor, row=_HELD
    ),
    "room_clinicianpresence": Bare(
        either(counselor, service("room_gate", "room_presence")),
        wide_writer("attendance"), wide_writer("attendance"), row=_HELD,
    ),
    "claims_billingidentity": Bare(works, wide_writer("claim"), wide_writer("claim")),
    "claims_claimfile": Bare(wide_writer("claim"), wide_writer("claim")),
}  # fmt: skip


def bare_models() -> dict[str, type[models.Model]]:
    """Table -> model, of every table with policies written out."""
    return {m._meta.db_table: m for m in mutual_models() if isinstance(declaration(m), Raw)}


def row_for(scene: Scene, table: str) -> dict[str, Any]:
    """A row as :data:`BARE` wants it, the rest filled in."""
    found: dict[str, Any] = {}
    for column in bare_models()[table]._meta.concrete_fields:
        found[column.column] = None if column.null else filler(column, "probe")
    for name, value in BARE[table].row.items():
        found[name] = value(scene) if callable(value) else value
    return found


def put(scene: Scene, table: str) -> tuple[Any, str]:
    """Write the row as one who passes all walls, in the owner's transaction.

    Returns its primary key, and the statement that adds another one like it.
    """
    owner = scene.owner
    owner.execute("set local session_replication_role = replica")
    rules = owner.execute(
        "select quote_ident(conname) from pg_constraint where contype in ('c', 'x', 'u')"
        " and conrelid = %s::regclass", [f"public.{table}"],
    ).fetchall()  # fmt: skip
    for (rule,) in rules:
        owner.execute(f"alter table public.{table} drop constraint {rule}")
    row = row_for(scene, table)
    owner.execute(_insert(owner, table, row))
    owner.execute("set local session_replication_role = origin")
    pk = bare_models()[table]._meta.pk
    assert pk is not None
    return row[pk.column], _insert(owner, table, row_for(scene, table))


def _insert(link: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> str:
    statement = sql.SQL("insert into public.{} ({}) values ({})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )  # fmt: skip
    with psycopg.ClientCursor(link) as cursor:
        return cursor.mogrify(statement, list(row.values()))


def surprises(
    scene: Scene, table: str, made: tuple[Any, str], viewers: Iterable[Viewer | None]
) -> tuple[list[raw.Surprise], int]:
    """What the viewers may do with the row and shouldn't, or the reverse; as the app role."""
    line = BARE[table]
    model_pk = bare_models()[table]._meta.pk
    assert model_pk is not None
    at = f"\"{model_pk.column}\" = '{made[0]}'"
    found: list[raw.Surprise] = []
    cases = 0
    for viewer in viewers:
        verbs = {
            "change": f'update public.{table} set "{model_pk.column}" = "{model_pk.column}"'
            f" where {at}",
            "delete": f"delete from public.{table} where {at}",
            "add": made[1],
        }
        if viewer is None:  # without a condition only the policy for changes may say no
            verbs["blind change"] = f'update public.{table} set "{model_pk.column}" = default'
            verbs["blind delete"] = f"delete from public.{table}"
        with scene.app.transaction():
            scene.become(viewer)
            row = scene.app.execute(f"select count(*) from public.{table} where {at}").fetchone()
            have = dict(zip(verbs, raw.attempt(scene.app, list(verbs.values())), strict=True))
        assert row is not None
        seen = viewer is None and line.public or viewer is not None and line.read(viewer)
        who = viewer.name if viewer else "signed out"
        cases += 4
        if bool(row[0]) != seen:
            found.append(("bare", who, "read", table, f"sees {bool(row[0])}"))
        for verb, outcome in have.items():
            if verb.startswith("blind"):
                if outcome != "none":
                    found.append(("bare", who, verb, table, outcome))
                continue
            wanted = viewer is not None and getattr(line, verb)(viewer)
            # To change or delete a row one must see it, too.
            wanted = wanted and (verb == "add" or seen)
            if (outcome == "yes") != wanted:
                found.append(("bare", who, verb, table, outcome))
    return found, cases
