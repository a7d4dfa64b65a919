"""A question in mode "diverse" in the ordinary form: groups that run themselves, without themes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from piiri.formation.problem.question import Offer, Participant, Problem


def self_run_offers(problem: Problem, *, lower: int = 4, upper: int = 8) -> Problem:
    """The same people, asked for groups without mentors and themes, as mixed as the weights say.

    Offers of the problem without a mentor stay, whatever their theme. Where there are none, new ones, "self1"
    and so on, are as many in each region and language as people could fill with `lower` people each, so
    `solve` decides how many open. Wishes for themes and groups, other offers and what names them fall away;
    times, languages, regions, and who must not or would like to sit together stay.
    """
    kept = [replace(one, theme="") for one in problem.groups if not one.mentors]
    offers = kept or _as_many_as_could_open(problem.participants, lower, upper)
    ids = {offer.id for offer in offers}
    return replace(
        problem,
        participants=[replace(one, themes=("",), groups=(), any_theme=False) for one in problem.participants],
        groups=offers,
        pinned={one: group for one, group in problem.pinned.items() if group in ids},
        banned={one: [group for group in groups if group in ids] for one, groups in problem.banned.items()},
        opened=[group for group in problem.opened if group in ids],
        closed=[group for group in problem.closed if group in ids],
        previous={one: group for one, group in problem.previous.items() if group is None or group in ids},
        mode="themes",
    )


def _as_many_as_could_open(people: Iterable[Participant], lower: int, upper: int) -> list[Offer]:
    around = Counter(place for person in people for place in _places(person))
    offers = [
        Offer("", None, "", language, region, lower, upper)
        for (region, language), near in sorted(around.items())
        for _ in range(near // lower)
    ]
    return [replace(offer, id=f"self{at}") for at, offer in enumerate(offers, 1)]


def _places(person: Participant) -> Iterable[tuple[str, str]]:
    return {(region, language) for region in person.regions for language in person.languages}
