import pytest

from piiri.formation.solver.tables import encounters, tables


def crowd(groups, size):
    """People named after their groups, and the group of each."""
    group_of = {f"{group}{at}": group for group in groups for at in range(size)}
    return list(group_of), group_of


@pytest.mark.parametrize(
    ("groups", "size", "sizes", "rounds"),
    [("abcd", 4, [4] * 4, 4), ("abcde", 7, [5] * 7, 3), ("abcdefghij", 6, [6] * 10, 3)],
)
def test_nobody_meets_their_own_group_or_anybody_twice_when_that_can_be_avoided(groups, size, sizes, rounds):
    people, group_of = crowd(groups, size)

    plan = tables(people, group_of, sizes, rounds, work=400_000)
    met = encounters(plan, group_of)

    assert [[len(table) for table in one] for one in plan] == [sizes] * rounds
    assert all(sorted(person for table in one for person in table) == sorted(people) for one in plan)
    assert (met.own_group, met.again) == (0, 0)
    assert met.fewest == met.mean == met.most


def test_repeats_that_cannot_be_avoided_are_as_few_as_possible():
    people, group_of = crowd("abcdef", 5)

    met = encounters(tables(people, group_of, [6] * 5, 2, work=400_000), group_of)

    # Six at a table come from five earlier tables: at each table one pair meets again.
    assert (met.own_group, met.again) == (0, 5)


def test_kept_apart_people_never_sit_together():
    people, group_of = crowd("abc", 4)
    apart = [("a0", other) for other in people if other[0] == "b"] + [("c0", "c1")]

    plan = tables(people, group_of, [4] * 3, 4, apart=apart, work=50_000)

    seated = [set(table) for one in plan for table in one]
    assert not any({one, other} <= table for one, other in apart for table in seated)


def test_kept_apart_people_who_do_not_fit_are_refused():
    apart = [("a0", "b0"), ("a0", "c0"), ("b0", "c0")]

    with pytest.raises(ValueError, match="kept apart do not fit"):
        tables(*crowd("abc", 1), [2, 2], 1, apart=apart, work=1000)


def test_a_table_may_stay_short_of_people():
    people, group_of = crowd("abcd", 4)

    plan = tables(people, group_of, [6, 6, 6], 2, work=50_000)

    assert all(sum(map(len, one)) == 16 and max(map(len, one)) <= 6 for one in plan)


def test_more_rounds_than_new_people_repeat_as_little_as_possible():
    people, group_of = crowd("abc", 2)

    met = encounters(tables(people, group_of, [2] * 3, 6, work=50_000), group_of)

    assert (met.fewest, met.mean, met.most) == (4, 4, 4)
    assert met.own_group + met.again == 6  # eighteen meetings, twelve pairs of different groups


def test_the_same_work_and_seed_give_the_same_tables():
    asked = *crowd("abcd", 5), [5] * 4, 3

    assert tables(*asked, seed=2, work=5000) == tables(*asked, seed=2, work=5000)
    assert tables(*asked, seed=2, work=5000) != tables(*asked, seed=3, work=5000)


@pytest.mark.parametrize(("sizes", "rounds"), [([2, 1], 1), ([4], 0)])
def test_too_few_seats_or_rounds_are_refused(sizes, rounds):
    with pytest.raises(ValueError, match="4 people do not fit"):
        tables(*crowd("ab", 2), sizes, rounds, work=10)


def test_encounters_counts_new_people_once_and_repeats_apart():
    group_of = {"a": "x", "b": "x", "c": "y", "d": "z"}

    met = encounters([[["a", "b"], ["c", "d"]], [["a", "c"], ["b", "d"]], [["a", "c"], ["d", "b"]]], group_of)

    assert dict(met.new) == {"a": 1, "b": 1, "c": 2, "d": 2}
    assert (met.fewest, met.mean, met.most, met.own_group, met.again) == (1, 1.5, 3, 1, 2)
