"""Every kind, relation, verb and state, in SQL and through the managers (P-1, P-2, P-3)."""

from __future__ import annotations

import pytest

from tests.probes import oracle, raw
from tests.probes.report import WHOLE, surprises
from tests.probes.scene import Scene, Viewer


def related(scene: Scene) -> list[Viewer]:
    """Those who stand in a relation of the table to the subject; and, whole, everybody else."""
    return [v for v in scene.viewers if WHOLE or v.relations]


@pytest.mark.rule("P-1", "P-3")
def test_every_relation_reads_what_its_cell_opens(scene: Scene) -> None:
    every = list(range(len(scene.shelves)))
    found, cases = [], 0
    for turn, viewer in enumerate([*scene.viewers, None]):
        ids = every if WHOLE else raw.one_of_each_kind(scene, turn)
        for some, count in (
            raw.read_surprises(scene, viewer, oracle.NONE, "no consent", ids=ids),
            raw.grant_surprises(scene, viewer, oracle.NONE, "no consent"),
        ):
            found += some
            cases += count
    surprises("raw read", found, cases)


@pytest.mark.rule("P-3", "P-4")
def test_every_relation_writes_what_its_cell_lets(scene: Scene) -> None:
    """Sampled: a table of each kind for each relation, of a third of the kinds for a bare role."""
    found, cases = [], 0
    for turn, viewer in enumerate([*scene.viewers, None]):
        close = viewer is None or viewer.relations
        places = None if WHOLE else raw.one_of_each_kind(scene, turn, 1 if close else 3)
        whom = ("subject", "other") if WHOLE or turn % 3 == 0 else ("subject",)
        some, count = raw.write_surprises(
            scene, viewer, oracle.NONE, "no consent", places, whom
        )  # fmt: skip
        found += some
        cases += count
    surprises("raw write", found, cases)


@pytest.mark.rule("P-3")
def test_who_is_named_in_a_row(scene: Scene) -> None:
    found, cases = [], 0
    for viewer in related(scene):
        some, count = raw.named_surprises(scene, viewer, "no consent")
        found += some
        cases += count
    surprises("raw named", found, cases)


def _consents(code: str, both: bool) -> oracle.Consents:
    return oracle.Consents(frozenset({code}), frozenset({code}) if both else frozenset())


@pytest.mark.rule("P-1", "P-16", "P-23", "P-24")
@pytest.mark.parametrize("half", ["own", "both"])
def test_each_consent_opens_its_cells_and_no_other(scene: Scene, half: str) -> None:
    found, cases = [], 0
    # Sampled: every third code; whole: each.
    for turn, (code, cells) in enumerate(list(oracle.codes().items())[:: 1 if WHOLE else 3]):
        partner = [code] if half == "both" else []
        consents = _consents(code, half == "both")
        touched = {relation for _kind, relation in cells} | {"self", "partner"}
        touched_kinds = raw.places_of(scene, {kind for kind, _relation in cells})
        places = None if WHOLE else sorted({*touched_kinds, *raw.one_of_each_kind(scene, turn, 2)})
        with scene.consented([code], partner):
            for viewer in scene.viewers:
                if viewer.name not in touched:
                    continue
                some, count = raw.read_surprises(
                    scene, viewer, consents, f"{code} of {half}", places
                )  # fmt: skip
                found += some
                cases += count
    surprises(f"raw consent of {half}", found, cases)


@pytest.mark.rule("P-21", "P-22", "P-23")
@pytest.mark.parametrize("state", ["revoked", "expired", "later"])
def test_a_consent_that_is_not_in_force_opens_nothing(scene: Scene, state: str) -> None:
    found, cases = [], 0
    every = sorted(oracle.codes())
    waiting = {relation for cells in oracle.codes().values() for _kind, relation in cells}
    with scene.consented(every, every, state):
        for viewer in scene.viewers:
            if not WHOLE and viewer.name not in waiting | {"self", "partner's place"}:
                continue
            some, count = raw.read_surprises(scene, viewer, oracle.NONE, state)
            found += some
            cases += count
    surprises(f"raw {state}", found, cases)


@pytest.mark.rule("P-8", "P-11")
def test_who_was_on_the_team_reads_nothing_from_the_same_second(scene: Scene) -> None:
    every = sorted(oracle.codes())
    seen, cases = [], 0
    with (
        scene.consented(every, every),
        scene.relations_are("tstzrange('-infinity', now() - interval '1 second')"),
    ):
        for viewer in related(scene):
            if viewer.kind != "staff":
                continue
            with scene.app.transaction():
                scene.become(viewer)
                listed = raw.lists(scene)
            mine = {str(pk) for (_, _, name), pk in scene.named.items() if name == viewer.name}
            for table, rows in listed.items():
                cases += 1
                seen += [("former", viewer.name, table, pk) for pk in rows if pk not in mine]
    surprises("raw former", seen, cases)


@pytest.mark.rule("P-1")
def test_a_policy_loosened_on_purpose_is_seen(scene: Scene) -> None:
    """The probe is no formality: one more grant, one dropped policy, and it says so."""
    partner = next(v for v in scene.viewers if v.name == "partner")
    scene.owner.execute(
        "create policy probe_loose on public.record_notebody for select to mutual_app using (true)"
    )
    try:
        found, _cases = raw.read_surprises(scene, partner, oracle.NONE, "loosened")
    finally:
        scene.owner.execute("drop policy probe_loose on public.record_notebody")
    assert {line[3] for line in found} >= {"record_notebody[progress_note]"}
    assert raw.read_surprises(scene, partner, oracle.NONE, "as declared")[0] == []
