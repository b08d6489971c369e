"""Judges a week's solution by the instance alone, sharing no code with the solver.

It reads both files for itself, thinks in moments instead of slots, and names each broken rule.
A test and an import contract keep it apart from :mod:`mutual.week.solver`.
"""

from __future__ import annotations

from typing import Any

from mutual.week.checker.cost import cost
from mutual.week.checker.facts import Facts, Unreadable
from mutual.week.checker.people import check_couples
from mutual.week.checker.sessions import check_sessions

__all__ = ["Unreadable", "check"]


def check(instance: Any, solution: Any) -> dict[str, Any]:
    """The verdict ``{"ok", "violations", "warnings", "cost"}``; each violation is
    ``{"rule", "text", "sessions"}``. The cost is None where the solution is not whole.

    Raises:
        Unreadable: if either file cannot be understood.
    """
    try:
        facts = Facts(instance, solution)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        what = f"{type(error).__name__}: {error}"
        raise Unreadable(f"the instance or the solution cannot be read ({what})") from error
    if not facts.violations:
        check_sessions(facts)
        check_couples(facts)
    violations = facts.violations
    whole = not violations
    return {
        "ok": whole, "violations": violations, "warnings": facts.warnings,
        "cost": cost(facts) if whole else None,
    }  # fmt: skip
