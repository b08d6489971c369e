"""The week's solver beside a plainly written CP-SAT model, both on the same files and threads.

    python -m bench.week                 10, 40 and 160 couples, 10 s and 60 s (about 8 minutes)
    python -m bench.week --quick         10 and 40 couples, 5 s

Costs are the checker's own, never the solvers'. Each run is a process of its own, so that the
peak of memory is its own; a plain model that finds no week in the time counts as ratio 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

WORKERS = 2


def _peak() -> float:
    try:
        with open("/proc/self/status") as status:
            kb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        import resource

        kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kb / 1024


def one(what: str, couples: int, seed: int, seconds: float) -> dict[str, Any]:
    """One run in this process: ``ours``, ``plain`` (intervals) or ``sick`` (a repair)."""
    from mutual.week.checker import check
    from mutual.week.solver.generate import generate
    from mutual.week.solver.parse import read
    from mutual.week.solver.problem import Problem
    from mutual.week.solver.result import sessions_of
    from mutual.week.solver.search import Effort, Progress
    from mutual.week.solver.solving import solve

    raw = generate(couples, seed, hard="none")
    import ortools.sat.python.cp_model  # noqa: F401  (the aims count from after the import)

    began, cpu = time.perf_counter(), time.process_time()
    answer: dict[str, Any] = {"first": None, "first_cpu": None}
    if what == "plain":
        from bench.plain_week import Plain

        problem = Problem(read(raw))
        state = Plain(problem).solve(max(seconds - (time.perf_counter() - began), 1), WORKERS)
        solution = {"sessions": sessions_of(problem, state)} if state is not None else None
    else:

        def tell(progress: Progress) -> None:
            if answer["first"] is None and not progress.missing:
                answer["first"] = round(time.perf_counter() - began, 2)
                answer["first_cpu"] = round(time.process_time() - cpu, 2)

        if what == "ours":
            solution = solve(read(raw), Effort(seconds, WORKERS), tell=tell).as_json()
        else:
            week = solve(read(raw), Effort(seconds, WORKERS)).as_json()
            therapist = raw["staff"][0]
            monday = date.fromisoformat(raw["programme"]["monday"])
            day = max(
                (s["local"][4:14] for s in week["sessions"] if therapist["id"] in s["staff"]),
                key=lambda d: sum(
                    s["local"][4:14] == d and therapist["id"] in s["staff"]
                    for s in week["sessions"]
                ),
                default=(monday + timedelta(days=3)).isoformat(),
            )
            therapist["time_off"] = [{"from": f"{day}T00:00", "to": f"{day}T23:59"}]
            began = time.perf_counter()
            solution = solve(read(raw), Effort(3, WORKERS), before=week).as_json()
            answer.update(moved=solution["moved"], proved=solution["proved"])
    answer["seconds"] = round(time.perf_counter() - began, 2)
    verdict = check(raw, solution) if solution else {"ok": False, "cost": None}
    return {**answer, "ok": verdict["ok"], "cost": verdict["cost"], "peak_mb": round(_peak())}


def run(what: str, couples: int, seed: int, seconds: float) -> dict[str, Any]:
    """The same in a fresh process."""
    command = [sys.executable, "-m", "bench.week", "--one", what, str(couples), str(seed),
               str(seconds)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(
    sizes: tuple[int, ...] = (10, 40, 160), times: tuple[int, ...] = (10, 60), seed: int = 1
) -> list[tuple[str, float, str]]:
    """Rows (what, figure, aim) for ``python -m bench``; details go to standard error."""
    rows: list[tuple[str, float, str]] = []
    for couples in sizes:
        for seconds in times:
            ours, plain = (run(what, couples, seed, seconds) for what in ("ours", "plain"))
            print(f"{couples} couples, {seconds} s: ours {ours}, plain {plain}", file=sys.stderr)
            aim = 0.9 if couples >= 160 else 0.95 if seconds <= 10 else 1.0
            ratio = ours["cost"] / plain["cost"] if ours["ok"] and plain["cost"] else 0.0
            if not ours["ok"]:
                ratio = 99.0
            name = f"week of {couples} couples: cost at {seconds} s, by a plain CP-SAT model"
            rows.append((name, ratio, f"<= {aim}"))
            if seconds == times[0]:
                first = 1.0 if couples <= 40 else 2.0
                name = f"week of {couples} couples: first whole week in seconds"
                rows.append((name, ours["first"] or 99.0, f"<= {first:g}"))
            rows.append((f"week of {couples} couples: peak MB in {seconds} s",
                         ours["peak_mb"], "<= 600"))  # fmt: skip
        sick = run("sick", couples, seed, times[0])
        print(f"{couples} couples, therapist ill: {sick}", file=sys.stderr)
        name = f"week of {couples} couples: repair after a sick day in seconds"
        rows.append((name, sick["seconds"] if sick["ok"] else 99.0, "<= 3"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10 and 40 couples, 5 s")
    parser.add_argument("--one", nargs=4, metavar=("WHAT", "COUPLES", "SEED", "SECONDS"))
    given = parser.parse_args()
    if given.one:
        what, couples, seed, seconds = given.one
        print(json.dumps(one(what, int(couples), int(seed), float(seconds))))
        return
    rows = measure((10, 40), (5,)) if given.quick else measure()
    for what, figure, aim in rows:
        print(f"{what} | {figure:.2f} | {aim}", flush=True)


if __name__ == "__main__":
    main()
