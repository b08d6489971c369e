"""What the probes share: the scene of the matrix, and the report at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.probes import scene as scenes
from tests.probes.report import REPORT
from tests.probes.scene import Scene


@pytest.fixture(scope="package")
def scene(django_db_blocker: Any) -> Iterator[Scene]:
    """The matrix's own database; made once a run."""
    from tests.conftest import _template

    made = scenes.build(_template())
    yield made
    scenes.drop(made)


def pytest_sessionfinish(session: Any) -> None:
    """A process among several hands its counts to the one that prints."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["probes"] = REPORT.packed()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take in what a process counted."""
    REPORT.add(getattr(node, "workeroutput", {}).get("probes", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Cases, surprises, mutants, pages, seconds."""
    lines = REPORT.lines()
    if lines:
        terminalreporter.section("who sees what")
        for line in lines:
            terminalreporter.write_line(line)
