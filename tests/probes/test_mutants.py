"""Every wall broken on purpose is seen broken: cells, row policies, filters (P-1, P-3)."""

from __future__ import annotations

import pytest

from tests.probes import bare, filters, mutants, narrow, oracle, raw
from tests.probes.report import REPORT, WHOLE, surprises
from tests.probes.scene import Scene, services

#: Who sees most of the mutants: asked first.
FIRST = ("staff of nobody", "self", "partner", "own_counselor", "couples_therapist", "director")
EVERY = 1 if WHOLE else 9


@pytest.mark.rule("P-3")
def test_tables_with_policies_of_their_own_open_what_is_written_of_them(scene: Scene) -> None:
    assert set(bare.BARE) == set(bare.bare_models()), "say in bare.py who may do what"
    found, cases = [], 0
    everybody = [*scene.viewers, *services()]
    for turn, table in enumerate(bare.BARE):
        # Sampled: a third of the viewers for each table, others for the next.
        some_of = everybody if WHOLE else everybody[turn % 3 :: 3]
        with scene.owner.transaction(force_rollback=True):
            made = bare.put(scene, table)
            seen = mutants.seen_by_app(scene)
            some, count = bare.surprises(seen, table, made, [*some_of, None])
        found += some
        cases += count
    surprises("raw bare", found, cases)


@pytest.mark.rule("F-10", "C-72", "C-76", "C-102", "P-48")
def test_what_a_room_narrows_beside_the_table(scene: Scene) -> None:
    found, cases = [], 0
    for situation in narrow.SITUATIONS:
        with scene.owner.transaction(force_rollback=True):
            words = narrow.set_up(scene, situation)
            seen = mutants.seen_by_app(scene)
            some, count = narrow.surprises(seen, situation, words, [*scene.viewers, None])
        found += some
        cases += count
    surprises("raw narrowed", found, cases)


@pytest.mark.rule("P-3")
def test_a_service_does_what_it_is_declared_for_and_no_more(scene: Scene) -> None:
    found, cases = [], 0
    for service in services()[:: 1 if WHOLE else 3]:
        for some, count in (
            raw.read_surprises(scene, service, oracle.NONE, "service"),
            raw.grant_surprises(scene, service, oracle.NONE, "service"),
        ):
            found += some
            cases += count
    surprises("raw services", found, cases)


@pytest.mark.rule("P-1")
def test_every_cell_changed_is_seen(scene: Scene) -> None:
    survived = []
    for cell in mutants.cells()[::EVERY]:
        if mutants.looks_at_cell(scene, cell):
            REPORT.caught["cell"] += 1
        else:
            survived.append(cell.name)
    REPORT.survived += survived
    assert survived == []


@pytest.mark.rule("P-3")
def test_every_row_policy_dropped_or_opened_is_seen(scene: Scene) -> None:
    witnesses = mutants.ordered(scene, FIRST)
    survived = []
    for policy in mutants.policies(scene)[::EVERY]:
        if mutants.looks_at_policy(scene, policy, witnesses):
            REPORT.caught[f"policy {policy.how}"] += 1
        else:
            survived.append(f"{policy.table} {policy.name} {policy.how}")
    REPORT.survived += survived
    assert survived == []


@pytest.mark.rule("P-1", "P-3")
def test_each_filter_alone_holds_and_without_it_the_row_policies_do(scene: Scene, db: None) -> None:
    tables: dict[str, list[int]] = {}
    for place, shelf in enumerate(scene.shelves):
        if shelf.table != "record_closedrecord":  # the scene has no row of it (narrow.py)
            tables.setdefault(shelf.table, []).append(place)
    viewers = [*scene.viewers, *services(), None] if WHOLE else mutants.ordered(scene, FIRST)[:7]
    found, cases, survived = [], 0, []
    for table, places in list(tables.items())[:: 1 if WHOLE else 2]:
        some, count, seen, held = filters.surprises(scene, places, viewers)
        found += some
        cases += count
        if seen:
            REPORT.caught["filter dropped"] += 1
        else:
            survived.append(f"{table}: filter dropped")
        if not held:
            survived.append(f"{table}: without the filter the policies don't hold")
    REPORT.survived += survived
    surprises("filter", found, cases)
    assert survived == []
