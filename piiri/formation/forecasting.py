"""A forecast: how many some wishes would leave without a place, and where one more mentor would help most."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from piiri.formation import solving
from piiri.formation.problem import Answer, Mentor, Offer, Participant, Problem, slots_of
from piiri.formation.scarcity import Part

MORE = "one-more"  # the id of the mentor, and the group, that are not there
TOLD = 5
TRIED = 12  # more mentors that are tried, and how many of them for one theme
OF_A_THEME = 4
BEFORE_MORE = 0.5  # the share of the time for the question as it is
SHORTER, FEWEST_MOVES = 8, 400  # moves for each further look, as a share of the first and at least
LOOKS = 8  # further looks at the question as it is, at most

Tell = Callable[[float, int], bool]
Titles = Mapping[str, Mapping[str, str]]  # of themes by uid: the title by language


@dataclass(frozen=True, slots=True)
class More:
    """One more mentor who is free in a part of the week and offers one group: `places` people sit more."""

    part: Part
    theme: str
    language: str
    region: str
    places: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a forecast found. `again` counts the moves of each look beside the first one's `base.work`.

    `settled` is the answer all of `more` are compared with, see `settle`. `stopped`: not all that was meant
    to be tried was.
    """

    base: Answer
    settled: Answer
    more: Sequence[More]
    tried: int
    again: int
    stopped: bool

    @property
    def left(self) -> int:
        return left_of(self.settled)


def forecast(
    problem: Problem,
    *,
    parts: Mapping[Part, int],
    sizes: tuple[int, int],
    seconds: float,
    seed: int,
    tell: Tell,
) -> Outlook | None:
    """Answer the question as it is, then with one more mentor here and there; the best of those first.

    `parts` are masks of slots, `sizes` the least and the most people of a group. `tell(share, cost)` answers
    whether to go on. None when it was stopped before anything was found.
    """
    base = solving.find(
        problem,
        seconds=seconds * BEFORE_MORE,
        seed=seed,
        tell=lambda share, cost: tell(share * BEFORE_MORE, cost),
        keep=lambda _: None,
    )
    if base is None:
        return None
    work = max(FEWEST_MOVES, base.work // SHORTER)
    settled = settle(problem, base, work=work, seed=seed)
    meant = candidates(problem, settled, parts=parts)
    found: list[More] = []
    for at, one in enumerate(meant):
        if not tell(BEFORE_MORE + (1 - BEFORE_MORE) * at / len(meant), settled.cost):
            break
        asked = with_one_more(problem, one, mask=parts[one.part], sizes=sizes)
        then = solving.again(asked, settled, work=work, seed=seed)
        found.append(replace(one, places=left_of(settled) - left_of(then)))
    helping = sorted((one for one in found if one.places > 0), key=lambda one: -one.places)
    return Outlook(base, settled, helping[:TOLD], len(found), work, len(found) < len(meant))


def settle(problem: Problem, base: Answer, *, work: int, seed: int) -> Answer:
    """The base after further looks, as long as those with one more mentor, until one brings nothing.

    So nothing is put down to a mentor that time alone would have found.
    """
    for more in range(1, LOOKS + 1):
        then = solving.again(problem, base, work=work, seed=seed + more)
        if then.cost >= base.cost:
            break
        base = then
    return base


def left_of(answer: Answer) -> int:
    """How many have no place."""
    return sum(group is None for group in answer.assignment.values())


def candidates(problem: Problem, answer: Answer, *, parts: Mapping[Part, int]) -> list[More]:
    """The mentors worth trying: for each theme and part of the week where most of those left out could come.

    Each in the language and the place that suit most of them, those that suit most first.
    """
    left = [one for one in problem.participants if answer.assignment[one.id] is None]
    best: dict[tuple[str, Part], tuple[int, More]] = {}
    for (theme, language, region), people in sorted(_crowds(problem, left).items()):
        for part, mask in parts.items():
            fitting = max(sum(one.available >> slot & 1 for one in people) for slot in slots_of(mask))
            if fitting > best.get((theme, part), (0, None))[0]:
                best[theme, part] = fitting, More(part, theme, language, region)
    ranked = sorted(best.values(), key=lambda one: (-one[0], one[1].theme, one[1].part))
    of_a_theme = Counter[str]()
    chosen = []
    for _fitting, more in ranked:
        of_a_theme[more.theme] += 1
        if of_a_theme[more.theme] <= OF_A_THEME:
            chosen.append(more)
    return chosen[:TRIED]


def _crowds(problem: Problem, left: Iterable[Participant]) -> dict[tuple[str, str, str], list[Participant]]:
    """Those left out by the theme, language and place of a group that they could sit in."""
    themes = {offer.id: offer.theme for offer in problem.groups}
    every = sorted(set(themes.values()) | {theme for one in problem.participants for theme in one.themes})
    crowds: dict[tuple[str, str, str], list[Participant]] = {}
    for one in left:
        wanted = every if one.any_theme else {*one.themes, *(themes[group] for group in one.groups)}
        for key in {(t, lang, place) for t in wanted for lang in one.languages for place in one.regions}:
            crowds.setdefault(key, []).append(one)
    return crowds


def with_one_more(problem: Problem, more: More, *, mask: int, sizes: tuple[int, int]) -> Problem:
    """The same question with one more mentor, who offers one group of `sizes` people.

    Who wishes for groups by name is fine with this one where one of them is of its theme.
    """
    least, most = (1, 1) if problem.mode == "pairs" else sizes
    offer = Offer(MORE, MORE, more.theme, more.language, more.region, least, most)
    of_theme = {one.id for one in problem.groups if one.theme == more.theme}
    people = [
        replace(one, groups=(*one.groups, MORE)) if of_theme & set(one.groups) else one
        for one in problem.participants
    ]
    return replace(
        problem,
        participants=people,
        mentors=[*problem.mentors, Mentor(MORE, mask)],
        groups=[*problem.groups, offer],
    )


def same_themes(before: Titles, after: Titles) -> dict[str, str]:
    """The theme of this year for one of the year before: the first with the same title in any language."""
    named = {
        (language, _plain(title)): uid
        for uid, titles in reversed(list(after.items()))
        for language, title in titles.items()
        if title
    }
    found = {}
    for uid, titles in before.items():
        hits = [named[key] for key in ((code, _plain(text)) for code, text in titles.items()) if key in named]
        if hits:
            found[uid] = hits[0]
    return found


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
