"""Finds the dates of a whole year: a rhythm round breaks, and the dates that are fairest to everybody."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple


class Option(NamedTuple):
    """A date that could be taken, and the keys of those who would miss it."""

    day: date
    missing: frozenset[int]


class Score(NamedTuple):
    """How fair dates are: how many of them one person misses at most, and all misses together."""

    most: int
    total: int


def score(dates: Iterable[Option]) -> Score:
    """Smaller is fairer."""
    chosen = list(dates)
    each = misses(chosen)
    return Score(max(each.values(), default=0), sum(each.values()))


def misses(dates: Iterable[Option]) -> dict[int, int]:
    """How many of the dates each person misses; those who miss none are left out."""
    found: dict[int, int] = {}
    for option in dates:
        for key in option.missing:
            found[key] = found.get(key, 0) + 1
    return found


def most_meetings(*, cap: int, joint: int, minutes: int) -> int:
    """How many meetings of this length fit into the hours beside the joint events; all in minutes."""
    return max(0, (cap - joint) // minutes) if minutes else 0


def rhythm(
    first: date, last: date, *, weekday: int, weeks: int, number: int, closed: Collection[date]
) -> list[date]:
    """So many dates on a weekday, every so many weeks, none on a closed day, all from first to last.

    Where the turn falls into a break, the group meets in the last week before it, if at least half of the
    rhythm has passed since the meeting before; else in the first week after it. From there the count goes on.
    """
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    found: list[date] = []
    while len(found) < number and (day := open_day(day, found, weeks=weeks, closed=closed)) <= last:
        found.append(day)
        day += timedelta(weeks=weeks)
    return found


def open_day(day: date, before: list[date], *, weeks: int, closed: Collection[date]) -> date:
    """The day itself, the last before a break if that is not too soon, or the first after it."""
    if day not in closed:
        return day
    earlier = day
    while before and earlier in closed and earlier > before[-1]:
        earlier -= timedelta(weeks=1)
    if before and earlier not in closed and earlier - before[-1] >= timedelta(weeks=-(-weeks // 2)):
        return earlier
    while day in closed:
        day += timedelta(weeks=1)
    return day


def fairest(rounds: Sequence[Sequence[Option]], *, gap: int = 1) -> list[Option] | None:
    """One date of each round, at least `gap` days apart and in order: the fairest; None where there is none.

    The largest number of misses of anyone is as small as can be, then all misses together, then the dates
    are as early as can be. Exact, by branch and bound: dates are tried in order; a branch is left when even
    the kindest rest of the year (for everybody together, and weighted by who is missed most) could not beat
    the best found, or when somebody stood here before with no more misses of anyone.
    """
    search = Search.of(rounds, gap)
    best: list[Option] | None = None
    for most in range(len(rounds) + 1):
        if best := search.within(most):
            break
    return best


BITS = 6  # a person's misses: at most 31, and a bit above them to compare by


@dataclass
class Search:
    """The rounds, their people as bits, and for some weights of people the least that the rest must miss."""

    rounds: list[list[tuple[Option, int]]]
    gap: int
    people: list[int]
    # For each weighting: (its weights by person, least weighted misses of rounds n…).
    weighted: list[tuple[list[int], list[int]]] = field(default_factory=list)
    seen: dict[tuple[int, date | None], list[int]] = field(default_factory=dict)
    best: tuple[int, list[Option]] | None = None
    guard: int = 0

    @classmethod
    def of(cls, rounds: Sequence[Sequence[Option]], gap: int) -> "Search":
        people = sorted({key for options in rounds for option in options for key in option.missing})
        place = {key: 1 << number * BITS for number, key in enumerate(people)}
        packed = [
            [(each, sum(place[key] for key in each.missing)) for each in sorted(options, key=lambda o: o.day)]
            for options in rounds
        ]
        search = cls(packed, gap, people, guard=sum(32 << BITS * n for n in range(len(people))))
        search.weighted = [search.rest(weights) for weights in search.weightings()]
        return search

    def weightings(self) -> Iterator[list[int]]:
        """Everybody alike; then, some rounds of play: who is missed most weighs more."""
        weights = [16.0] * len(self.people)
        yield [16] * len(self.people)
        number = {key: at for at, key in enumerate(self.people)}
        for turn in range(24):
            hurt = [0] * len(self.people)
            for options in self.rounds:
                kindest = min(
                    (option for option, _misses in options),
                    key=lambda option: sum(weights[number[key]] for key in option.missing),
                    default=None,
                )
                for key in kindest.missing if kindest else ():
                    hurt[number[key]] += 1
            most = max(hurt, default=0)
            heavier = [1.3 if times == most else 0.9 if times == 0 else 1.0 for times in hurt]
            weights = [weight * by for weight, by in zip(weights, heavier, strict=True)]
            if turn % 6 == 5:
                yield [round(weight) for weight in weights]

    def rest(self, weights: list[int]) -> tuple[list[int], list[int]]:
        """For each round the least that it and all later ones cost by these weights."""
        number = {key: at for at, key in enumerate(self.people)}
        least = [0]
        for options in reversed(self.rounds):
            costs = [sum(weights[number[key]] for key in option.missing) for option, _misses in options]
            least.append(least[-1] + min(costs, default=0))
        return weights, least[::-1]

    def within(self, most: int) -> list[Option] | None:
        """The dates with the fewest misses in all among those where nobody misses more than `most`."""
        self.seen, self.best = {}, None
        self.go(0, 0, [], most)
        return self.best[1] if self.best else None

    def go(self, turn: int, missed: int, chosen: list[Option], most: int) -> None:
        """Try every date of this round in order, after those chosen."""
        each = [missed >> number * BITS & 31 for number in range(len(self.people))]
        if self.hopeless(turn, each, most) or self.beaten(turn, missed, chosen):
            return
        if turn == len(self.rounds):
            self.best = (sum(each), list(chosen))
            return
        for option, misses in self.rounds[turn]:
            if not chosen or (option.day - chosen[-1].day).days >= self.gap:
                chosen.append(option)
                self.go(turn + 1, missed + misses, chosen, most)
                chosen.pop()

    def hopeless(self, turn: int, each: list[int], most: int) -> bool:
        """Whether somebody misses too much already, or the rest of the year must cost more than is left."""
        if any(number > most for number in each):
            return True
        for weights, least in self.weighted:
            if (
                sum(weight * (most - number) for weight, number in zip(weights, each, strict=True))
                < least[turn]
            ):
                return True
        total = 16 * sum(each) + self.weighted[0][1][turn]
        return self.best is not None and total >= 16 * self.best[0]

    def beaten(self, turn: int, missed: int, chosen: list[Option]) -> bool:
        """Whether one stood here before with no more misses of anyone; else remember these."""
        here = self.seen.setdefault((turn, self.matters(turn, chosen)), [])
        guard = self.guard
        if any((missed | guard) - other & guard == guard for other in here):
            return True
        here.append(missed)
        return False

    def matters(self, turn: int, chosen: list[Option]) -> date | None:
        """The last day, where it rules out some date of this round."""
        if not chosen or turn == len(self.rounds):
            return None
        last = chosen[-1].day
        return last if any((option.day - last).days < self.gap for option, _ in self.rounds[turn]) else None
