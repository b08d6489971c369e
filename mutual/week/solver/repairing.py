"""After a change (a sick day, a cancellation): a whole week again with the fewest moved sessions.

Sessions whose place is no longer allowed must move: their number is a lower bound. If moving just
these is enough, it is proved the fewest at once; otherwise CP-SAT looks among the couples
concerned, then wider, and at last in the whole week, where its optimum is the proof.
"""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.week.solver.calendar import first_calendar
from mutual.week.solver.greedy import cheapest
from mutual.week.solver.model import Part
from mutual.week.solver.outcome import Outcome, moved_state, same_place
from mutual.week.solver.problem import Place, Problem
from mutual.week.solver.result import Before
from mutual.week.solver.search import Search
from mutual.week.solver.state import State


class Repair:
    """One repair; `proved` says whether no repair moves fewer sessions."""

    def __init__(self, search: Search, before: Before) -> None:
        self.search, self.problem, self.before = search, search.problem, before
        self.led: set[int] = set()
        self.state = State(self.problem, self._calendar())
        self.hit = self._keep()
        self.proved = False

    def _calendar(self) -> list[int]:
        """Sections where they stood; one whose leader is away gets another at the same hour."""
        calendar = [-1] * len(self.problem.sections)
        away: list[int] = []
        for index, (start, leaders) in self.before.sections.items():
            options = self.problem.sections[index].options
            for n, option in enumerate(options):
                if option.start == start and sorted(option.leaders) == sorted(leaders):
                    calendar[index] = n
            if calendar[index] < 0:
                away.append(index)
        state = State(self.problem, list(calendar))
        for index in away:
            start = self.before.sections[index][0]
            self.led.add(index)
            for n, option in enumerate(self.problem.sections[index].options):
                if option.start == start and state.may_lead(index, n):
                    state.lead(index, n)
                    break
        return first_calendar(self.problem, state.calendar)

    def _keep(self) -> list[int]:
        """Put what may stay; the units that cannot."""
        hit = []
        for index, old in self.before.places.items():
            unit = self.problem.units[index]
            places = self.problem.places(unit, self.state.calendar)
            place = next((p for p in places if same_place(p, old)), None)
            if place is not None and self.state.fits(unit, place):
                self.state.put(unit, place)
            else:
                hit.append(index)
        return hit

    @property
    def least(self) -> int:
        """No repair moves fewer: sessions whose place is gone, sections whose leader is."""
        return len(self.hit) + len(self.led)

    def moved(self, state: State) -> list[int]:
        """Units that are not where they were."""
        return [
            index for index, old in self.before.places.items()
            if (now := state.choice[index]) is None or not same_place(now, old)
        ]  # fmt: skip

    def run(self) -> State:
        """Repair."""
        self._directly()
        enough = not self.state.missing and self._count() == self.least
        self.proved = enough or self._wider()
        self._settle()
        self.search.state = self.state
        return self.state

    def _count(self) -> int:
        return len(self.moved(self.state)) + len(self.led)

    def _directly(self) -> None:
        """Everything that has no place, into what is free."""
        waiting = [u for u in self.problem.units if self.state.choice[u.index] is None]
        for unit in sorted(waiting, key=lambda u: (not u.must, len(u.places or u.sections))):
            found = cheapest(self.state, unit,
                             self.problem.places(unit, self.state.calendar), None)  # fmt: skip
            if found:
                self.state.put(unit, found[0])

    def _wider(self) -> bool:
        """With CP-SAT: whether the fewest moves are proved."""
        search, count = self.search, len(self.problem.of_couple)
        old = dict(self.before.places)
        hurt = {self.problem.units[u].couple for u in self.hit}
        hurt |= {self.problem.units[u].couple for u in self.state.missing}
        for size in (6, 16, count):
            couples = set(hurt)
            for n in sorted(hurt):
                couples |= set(search.near(n, size)) if size < count else set(range(count))
            if size < count and len(couples) > 40:
                continue
            if search.left < 0.2:
                return False
            search.state = self.state
            part = Part(self.state, couples, before=old)
            outcome = part.solve(search.limits(search.left if size >= count else search.left / 2))
            self._take(outcome, old)
            if not self.state.missing and self._count() == self.least:
                return True
            if outcome.status == "optimal" and len(couples) == count:
                return True
        return False

    def _take(self, outcome: Outcome, old: dict[int, Place]) -> None:
        if outcome.status == "none":
            return
        fresh = moved_state(self.problem, self.state, outcome)
        worse = (len(fresh.missing), len(self.moved(fresh)), fresh.cost())
        if worse < (len(self.state.missing), len(self.moved(self.state)), self.state.cost()):
            self.state = fresh

    def _settle(self) -> None:
        """The moved sessions once more, each at its cheapest place; nothing else moves."""
        for index in self.moved(self.state):
            unit = self.problem.units[index]
            now = self.state.take(unit)
            if now is None:
                continue
            cost = {}
            for place in cheapest(
                self.state, unit, self.problem.places(unit, self.state.calendar), None
            )[:8]:
                self.state.put(unit, place)
                cost[place] = self.state.cost()
                self.state.take(unit)
            self.state.put(unit, min(cost, key=lambda place: cost[place]) if cost else now)

    def words(self) -> list[str]:
        """Each move in words."""
        found = []
        for index in self.moved(self.state):
            unit, old = self.problem.units[index], self.before.places[index]
            now = self.state.choice[index]
            who = ", ".join(self.problem.persons[p].id for p in unit.persons)
            title = self.problem.instance.kinds[unit.kind.key].title
            if now is None:
                found.append(say(_("{title} of {who} on {old} is cancelled"), title=title, who=who,
                                 old=self._clock(old)))  # fmt: skip
            else:
                found.append(say(_("{title} of {who} moves from {old} to {new}"), title=title,
                                 who=who, old=self._clock(old), new=self._clock(now)))  # fmt: skip
        for index in sorted(self.led):
            option = self.state.calendar[index]
            if option >= 0:
                leaders = self.problem.sections[index].options[option].leaders
                names = ", ".join(self.problem.helpers[s].id for s in leaders)
                found.append(say(_("{group} is led by {names}"),
                                 group=self.problem.sections[index].id, names=names))  # fmt: skip
        return found

    def _clock(self, place: Place) -> str:
        moment = self.problem.week.moment(place.start).astimezone(self.problem.week.zone)
        staff = f" ({self.problem.helpers[place.staff].id})" if place.staff >= 0 else ""
        return moment.strftime("%a %H:%M") + staff


def repair(problem: Problem, search: Search, before: Before) -> Repair:
    """Repair an earlier solution on this problem."""
    made = Repair(search, before)
    made.run()
    return made
