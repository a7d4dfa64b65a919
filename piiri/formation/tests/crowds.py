"""Random questions of any size, with everything the format knows when asked for."""

import random

from piiri.formation.problem import (
    Hard,
    Mentor,
    Offer,
    Participant,
    Problem,
    Weights,
    mask_of,
    window_overlaps,
)


def crowd(people, *, seed=1):
    """A plain mgf-1 question: mentors with a group each, workplaces, three wishes."""
    draw = random.Random(seed)
    themes = [f"theme{at}" for at in range(max(3, people // 20))]
    participants = [
        Participant(
            f"p{at}", mask_of(draw.sample(range(12), 6)), ["fi"], ["online"], draw.sample(themes, 3),
            org=f"school{draw.randrange(9)}", experienced=draw.random() < 0.5,
        )
        for at in range(people)
    ]  # fmt: skip
    mentors = [Mentor(f"m{at}", mask_of(draw.sample(range(12), 6))) for at in range(people // 4)]
    groups = [Offer(f"g{at}", one.id, draw.choice(themes), "fi", "online") for at, one in enumerate(mentors)]
    return Problem(participants, mentors, groups, slots=12, hard=Hard(2))


def anything(seed, *, most=10):
    """A small question with random mixtures of all optional keys; the same seed, the same question."""
    draw = random.Random(seed)
    names = [f"p{at}" for at in range(draw.randint(1, most))]
    offers = [_offer(draw, f"g{at}") for at in range(draw.randint(1, 3))]
    groups = [one.id for one in offers]

    def some(values, odds=0.5, size=2):
        return draw.sample(values, min(len(values), draw.randint(1, size))) if draw.random() < odds else []

    people = [
        Participant(
            name, draw.getrandbits(6) | draw.getrandbits(6), ["fi"], ["online"], some("tuv", 0.9),
            org=draw.choice(["x", "y", ""]), any_theme=draw.random() < 0.3, experienced=draw.random() < 0.5,
            not_with=[one for one in some([*names, "m1"], 0.2) if one != name],
            wants_with=draw.choice([None, None, *(one for one in names if one != name)]),
            groups=some(groups, 0.15),
        )
        for name in names
    ]  # fmt: skip
    closed = some(groups, 0.15, 1)
    return Problem(
        people,
        [_mentor(draw, f"m{at}", some(names, 0.2)) for at in range(2)],
        offers,
        slots=6,
        weights=Weights(size_target=3, mix_min=draw.randint(0, 2)),
        hard=Hard(draw.randint(1, 2)),
        overlaps=draw.choice([(), window_overlaps(range(0, 360, 60), minutes=120)]),
        pinned={name: draw.choice(groups) for name in some(names, 0.3)},
        banned={name: some(groups, 1) for name in some(names, 0.3)},
        together=[draw.sample(names, draw.randint(2, 3)) for _ in some("ab", 0.3)] if len(names) > 2 else [],
        opened=[one for one in some(groups, 0.2, 1) if one not in closed],
        closed=closed,
        previous={name: draw.choice([None, *groups]) for name in some(names, 0.3, 4)},
        stability=draw.choice([0, 25]),
    )  # fmt: skip


def _mentor(draw, name, not_with):
    free = draw.getrandbits(6) | draw.getrandbits(6)
    return Mentor(name, free, draw.choice("xy"), draw.randint(0, 2), not_with)


def _offer(draw, name):
    mentor = draw.choice(["m0", "m1", None])
    lower = draw.randint(1, 3)
    co_mentors = ("m1",) if mentor == "m0" and draw.random() < 0.3 else ()
    return Offer(name, mentor, draw.choice("tuv"), "fi", "online", lower, draw.randint(lower, 5), co_mentors)
