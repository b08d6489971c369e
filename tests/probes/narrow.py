"""What stands beside the access table: drafts, a closed record, one's own answer, a co-signature.

Rooms narrow their tables further with policies of their own. Each such situation is set up here in
the scene and asked of every viewer: who reads or writes then, in words of the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psycopg

from tests.probes import oracle, raw
from tests.probes.rows import Shelf, insert, row_of
from tests.probes.scene import STRANGER, SUBJECTS, Scene, Viewer
from tests.world import id_of

Who = Callable[[Viewer, frozenset[str]], bool]


@dataclass(frozen=True)
class Situation:
    """A state of some rows of the scene, and who may do something with one of them then.

    Attributes:
        rule: its number.
        shelf: the table, and the value of its separating column or "".
        given: run by the owner; ``{table}`` is the primary key of the scene's row there.
        verb: ``read``, ``change`` or ``add`` (then ``columns`` of the row that is added).
        who: whether a viewer with these rights of the line may.
    """

    rule: str
    shelf: tuple[str, str]
    given: tuple[str, ...]
    verb: str
    who: Who
    columns: tuple[tuple[str, str], ...] = ()


def _staff(viewer: Viewer, may: frozenset[str]) -> bool:
    return bool(raw_reads(may)) and viewer.kind == "staff"


def raw_reads(may: frozenset[str]) -> frozenset[str]:
    """Of the rights those that read."""
    return may & frozenset(oracle.READS)


def _supervisor(viewer: Viewer, may: frozenset[str]) -> bool:
    return viewer.name == "supervisor"


def _self(viewer: Viewer, may: frozenset[str]) -> bool:
    return viewer.name == "self"


def _nobody(viewer: Viewer, may: frozenset[str]) -> bool:
    return False


_CLOSED = (
    "insert into record_closedrecord (person_id, closed_at, by_id)"
    f" values ('{id_of('ana')}', now(), '{STRANGER}')",
)
_DRAFT = "update record_note set status = 'draft' where id = '{record_note}'"
_NOTE = ("record_note", "progress_note")
_BODY = ("record_notebody", "progress_note")
SITUATIONS = [
    Situation("F-10", _NOTE, (_DRAFT,),
              "read", lambda v, may: "facts" in may and v.kind == "staff"),
    Situation("F-10", _BODY,
              ("update record_notebody set signed = false where note_id = '{record_notebody}'",),
              "read", _nobody),
    Situation("C-76", _NOTE, _CLOSED, "read", lambda v, may: "facts" in may and _staff(v, may)),
    Situation("C-76", _BODY, _CLOSED, "read", lambda v, may: "body" in may and _staff(v, may)),
    Situation("C-76", ("record_addendum", "progress_note"), _CLOSED, "read",
              lambda v, may: "body" in may and _staff(v, may)),
    Situation("C-76", ("record_closedrecord", ""), _CLOSED, "read",
              lambda v, may: "body" in may),
    Situation("C-76", ("record_closedrecord", ""), _CLOSED, "change",
              lambda v, may: "write" in may),
    Situation("C-76", ("record_closedrecord", ""), _CLOSED, "delete",
              lambda v, may: "write" in may),
    Situation("C-102", ("record_dischargesummary", ""),
              ("update record_dischargefacts set signed_at = null where id ="
               " '{record_dischargefacts}'",),
              "read", lambda v, may: "body" in may and _staff(v, may)),
    Situation("C-72", ("record_cosignature", "progress_note"),
              ("update record_note set cosign_by = (select viewer_id from wall_relation where"
               " relation = 'supervisor' and subject_id is not null limit 1)"
               " where id = '{record_note}'",),
              "add", _supervisor, (("note_id", "{record_note}"), ("supervisor_id", "{viewer}"))),
    Situation("C-53", ("daily_gratitude", ""),
              (f"update daily_gratitude set person_id = '{id_of('ana')}'"
               " where id = '{daily_gratitude}'",),
              "change", _self),
    Situation("P-48", ("plan_couplesignature", ""),
              (f"update plan_couplesignature set signer_id = '{id_of('ana')}'"
               " where id = '{plan_couplesignature}'",),
              "read", lambda v, may: "body" in may and (v.kind == "staff" or v.name == "self")),
    Situation("P-48", ("plan_individualsignature", ""),
              ("insert into wall_consentfact (id, person_id, code, valid) values"
               f" (gen_random_uuid(), '{id_of('ana')}', 'pt:plan_individual',"
               " tstzrange(now() - interval '1 day', null))",),
              "read", lambda v, may: "body" in may and (v.kind == "staff" or v.name == "self")),
]  # fmt: skip


def _place(scene: Scene, which: tuple[str, str]) -> tuple[int, Shelf]:
    return next((p, s) for p, s in enumerate(scene.shelves) if (s.table, s.value) == which)


def set_up(scene: Scene, situation: Situation) -> dict[str, str]:
    """Bring it about, as the owner; what the words in braces mean."""
    words = {
        shelf.table: str(scene.rows[place, "subject"])
        for place, shelf in reversed(list(enumerate(scene.shelves)))
    }
    for which in (situation.shelf, _NOTE, _BODY):
        place, shelf = _place(scene, which)
        words[shelf.table] = str(scene.rows[place, "subject"])
    if situation.shelf[0] == "record_closedrecord":
        words["record_closedrecord"] = str(id_of("ana"))
    for statement in situation.given:
        scene.owner.execute(statement.format(**words))
    # What waits for the end of the transaction would bar changes of the table.
    scene.owner.execute("set constraints all immediate")
    return words


def surprises(
    scene: Scene, situation: Situation, words: dict[str, str], viewers: Iterable[Viewer | None]
) -> tuple[list[raw.Surprise], int]:
    """Who may and shouldn't, or the reverse; as the app role, after :func:`set_up`."""
    _, shelf = _place(scene, situation.shelf)
    line = oracle.table()[shelf.kind]
    at = f"\"{shelf.pk}\" = '{words[shelf.table]}'"
    found: list[raw.Surprise] = []
    cases = 0
    for viewer in viewers:
        cases += 1
        with scene.app.transaction():
            scene.become(viewer)
            match situation.verb:
                case "read":
                    row = scene.app.execute(
                        f"select count(*) from public.{shelf.table} where {at}"
                    ).fetchone()
                    done = bool(row and row[0])
                case "change":
                    done = _tried(scene, f'update public.{shelf.table} set "{shelf.subject}" ='
                                  f' "{shelf.subject}" where {at}')  # fmt: skip
                case "delete":
                    done = _tried(scene, f"delete from public.{shelf.table} where {at}")
                case _:
                    who = {**words, "viewer": str(viewer.id if viewer else STRANGER)}
                    columns = {c: value.format(**who) for c, value in situation.columns}
                    row_ = row_of(shelf, SUBJECTS[line.of], STRANGER, **columns)
                    with psycopg.ClientCursor(scene.app) as cursor:
                        done = _tried(scene, cursor.mogrify(*insert(shelf, row_)))
        wanted = viewer is not None and situation.who(viewer, viewer.may(line))
        if done != wanted:
            name = viewer.name if viewer else "signed out"
            found.append((situation.rule, name, situation.verb, shelf.name, done))
    return found, cases


def _tried(scene: Scene, statement: str) -> bool:
    return raw.attempt(scene.app, [statement]) == ["yes"]
