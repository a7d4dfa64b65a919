"""Reasons of random questions: true, telling nobody apart, giving no wish of others away."""

from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from piiri.formation.problem import Offer, Participant, mask_of
from piiri.formation.reasons import MORE_TIMES, MoreTime, WhyNot, explain
from piiri.formation.scoring import rank_of, score
from piiri.formation.tests.test_problem import offer, person, problem
from piiri.formation.tests.test_solver import CALM as CALM_ONES
from piiri.formation.tests.test_solver import problems

CALM = settings(CALM_ONES, max_examples=100, phases=(Phase.explicit, Phase.reuse, Phase.generate))
HARD = {"language", "region", "theme", "not-with", "common-slots", "banned", "pinned"}


@st.composite
def seated(draw):
    """A question and places that break no hard rule but the least size of groups."""
    asked = draw(problems())
    seats = {}
    for one in asked.participants:
        group = draw(st.sampled_from([None, *[g.id for g in asked.groups]]))
        if group is not None and not broken(asked, seats | {one.id: group}):
            seats[one.id] = group
    return asked, seats


def broken(asked, seats):
    sizes = {g.id: g.upper for g in asked.groups}
    over = any(list(seats.values()).count(group) > upper for group, upper in sizes.items())
    return over or {breach[0] for breach in score(asked, seats).violations} & HARD


@given(seated())
@CALM
def test_explain_tells_only_own_wishes_and_never_somebody_else(case):
    asked, seats = case

    for uid, reason in explain(asked, seats).items():
        one = next(person for person in asked.participants if person.id == uid)
        own = {*one.themes, *one.groups, None}
        assert {unmet.theme for unmet in reason.unmet} | {unmet.group for unmet in reason.unmet} <= own
        assert {more.wish for more in reason.more_time} <= own
        assert all(unmet.fitting is None or isinstance(unmet.fitting, int) for unmet in reason.unmet)


@given(seated())
@CALM
def test_explain_does_not_depend_on_the_wish_of_anybody_else_to_sit_with_somebody(case):
    asked, seats = case
    without = replace(asked, participants=[replace(one, wants_with=None) for one in asked.participants])

    for uid, reason in explain(asked, seats).items():
        assert replace(reason, friend=None) == explain(without, seats)[uid]


@given(seated())
@CALM
def test_one_more_time_would_have_been_enough_for_a_better_wish(case):
    asked, seats = case
    offers = {one.id: one for one in asked.groups}
    people = {one.id: one for one in asked.participants}

    for uid, reason in explain(asked, seats).items():
        assert len({more.slot for more in reason.more_time}) == len(reason.more_time) <= MORE_TIMES
        for more in reason.more_time:
            one = replace(people[uid], available=people[uid].available | 1 << more.slot)
            better = replace(asked, participants=[one if p.id == uid else p for p in asked.participants])
            open_ones = set(seats.values()) - {seats.get(uid)}
            could = [offers[g] for g in open_ones if not broken(better, seats | {uid: g})]
            assert any(suits(one, group, more, than=reason.rank) for group in could)
            assert all(broken(asked, seats | {uid: g.id}) for g in could if suits(one, g, more, than=None))


def suits(one: Participant, group: Offer, more: MoreTime, *, than: int | None) -> bool:
    rank = rank_of(one, group)
    if more.rank is None:
        return one.any_theme
    return more.wish in (group.theme, group.id) and rank is not None and (than is None or rank + 1 < than)


def two_groups(**about):
    """`w` is full with a and b; `v`, of another theme, has room and a time that only b can."""
    people = [
        person("x"),
        person("a", themes=["calm"]),
        person("b", themes=["calm", "other"]),
        person("c", themes=["other"], slots=(2,)),
    ]
    groups = [offer("w", upper=2, lower=1), offer("v", theme="other", lower=1, **about)]
    return problem(people, groups=groups)


def test_full_says_whether_one_of_the_group_could_make_room():
    seats = {"a": "w", "b": "w", "c": "v"}

    [could] = explain(two_groups(), seats)["x"].unmet
    [could_not] = explain(two_groups(upper=1), seats)["x"].unmet

    assert (could.code, could.fitting) == (WhyNot.FULL, 1)
    assert (could_not.code, could_not.fitting) == (WhyNot.FULL, 0)


def test_more_time_names_the_slots_of_the_best_wish_and_passes_over_people_kept_apart():
    people = [person("x", slots=(0,)), person("a", slots=(1, 2)), person("b", slots=(1, 2))]
    apart = [person("x", slots=(0,), not_with=["a"]), *people[1:]]
    seats = {"a": "g", "b": "g"}

    told = explain(problem(people), seats)["x"].more_time

    assert mask_of(more.slot for more in told) == 0b110
    assert {(more.rank, more.wish) for more in told} == {(1, "calm")}
    assert explain(problem(apart), seats)["x"].more_time == ()
