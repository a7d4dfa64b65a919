"""What the workbench says: how groups are, what a move would do, where else somebody fits."""

import pytest

from piiri.enrolments.models import Wish
from piiri.formation import actions, queries
from piiri.formation.scoring import score
from piiri.formation.tests.factories import NEVER, NOW, TUESDAY, RunFactory, world
from piiri.formation.tests.workbench import asked, ready
from piiri.groups.models import Group
from piiri.groups.tests.factories import KeptApartFactory

pytestmark = pytest.mark.django_db


def named(here, *titles):
    """The groups of a world by these names."""
    for group, title in zip(here.groups, titles, strict=True):
        Group.objects.filter(pk=group.pk).update(title=title)


def test_a_move_says_what_it_does_to_both_groups():
    here = world()
    run = ready(here)
    named(here, "First years", "Well-being")
    one, to = here.applications[0], here.groups[1]

    effect = queries.effect(run, {one.uid: to.uid})

    assert effect.allowed
    assert effect.text == "“First years” goes from 5 to 4 and still starts. “Well-being” grows from 5 to 6."
    before, after = effect.groups[0].before, effect.groups[0].after
    assert (before.people, after.people) == (5, 4)
    assert (before.first_wishes, after.first_wishes) == (5, 4)
    assert (after.common, after.starts) == (6, True)
    assert (effect.warnings, effect.left_out) == ([], [])
    moved = run.proposal["assignment"] | {one.uid: to.uid}
    assert effect.cost_after == score(queries.question_of(run), moved).cost
    assert effect.cost_before == run.proposal["cost"]
    run.refresh_from_db()
    assert run.version == 0


def test_a_group_that_becomes_too_small_is_a_warning_and_who_is_left_out_is_named():
    here = world()
    run = ready(here)
    named(here, "First years", "Well-being")
    people = [one.uid for one in here.applications[:2]]

    effect = queries.effect(run, dict.fromkeys(people))

    assert effect.allowed
    assert effect.warnings == ["“First years” goes from 5 to 3: too few to start, 4 are needed."]
    assert effect.left_out == [one.person.name for one in here.applications[:2]]
    assert effect.text.endswith("2 people are without a place.")
    freed = queries.effect(run, {people[0]: None})
    assert freed.text.endswith(f"{here.applications[0].person.name} is without a place.")
    emptied = queries.effect(run, {one.uid: here.groups[1].uid for one in here.applications[:3]})
    assert emptied.groups[0].after.people == 2


def test_a_group_that_goes_or_comes_says_so():
    here = world()
    run = ready(here, groups=2, people=4)
    named(here, "First years", "Well-being")
    here.offer(title="New one")
    run = asked(here.programme, [(one, here.groups[at // 4]) for at, one in enumerate(here.applications[:8])])

    effect = queries.effect(run, {one.uid: here.groups[2].uid for one in here.applications[:4]})

    assert effect.text == (
        "“First years” is left without people and does not open. “New one” grows from 0 to 4 and can start."
    )


def test_another_weekly_time_is_said():
    here = world()
    first, second = here.offer(title="Late"), here.offer(title="Early")
    late, early = here.apply(4), here.apply(5, mask=TUESDAY)
    run = asked(here.programme, [(one, first) for one in late] + [(one, second) for one in early])
    run.proposal["windows"][first.uid] = [3, 14 * 60]

    effect = queries.effect(run, {early[0].uid: first.uid})

    assert effect.text.endswith(
        "“Late” meets at another time: Tuesdays 13.00–15.00 instead of Thursdays 14.00–16.00."
    )


@pytest.mark.parametrize(
    ("there", "about", "rule", "sentence"),
    [
        (
            {"language_": "sv"},
            {"languages": ["en"]},
            "language",
            "“There” speaks a language that was not chosen.",
        ),
        (
            {"form": "onsite"},
            {"form": "online"},
            "region",
            "“There” does not meet in the way that was chosen.",
        ),
        ({"theme": 1}, {}, "theme", "“There” is not among the wishes, and “any theme” is not ticked."),
        ({"places": 4}, {}, "full", "“There” is full: somebody would have to move first."),
        ({}, {"mask": NEVER}, "common-slots", "“There”: no time would work for the whole group."),
    ],
)
def test_what_cannot_be_says_why(there, about, rule, sentence):
    here = world()
    language = there.pop("language_", None)
    here.offer(title="Here")
    group = here.offer(title="There", **there)
    if language:
        Group.objects.filter(pk=group.pk).update(language=language)
    [one] = here.apply(1, **about)
    others = here.apply(4, theme=there.get("theme", 0), languages=["en", "sv"])
    run = asked(here.programme, [(one, None), *((other, group) for other in others)])

    effect = queries.effect(run, {one.uid: group.uid})

    assert (effect.allowed, effect.rule, effect.why_not) == (False, rule, sentence)


def test_people_kept_apart_are_never_told_from_anything_else():
    here = world()
    run = ready(here)
    one, other = here.applications[0], here.applications[5]
    KeptApartFactory(programme=here.programme, first=one.person, second=other.person)
    seats = [(row, here.groups[at // 5] if at < 10 else None) for at, row in enumerate(here.applications)]
    run = asked(here.programme, seats)
    named(here, "First years", "Well-being")

    effect = queries.effect(run, {one.uid: here.groups[1].uid})

    assert effect.why_not == "“Well-being”: it did not fit for another reason."
    assert effect.rule == "not-with"
    assert other.person.name not in str(effect)
    assert other.person.name not in str(queries.options(run, one.uid))


def test_a_mentor_leads_no_more_groups_than_they_wanted():
    here = world()
    first = here.offer()
    mentor = first.mentorships.get().person
    second, third = here.offer(mentor=mentor), here.offer(mentor=mentor, title="Third")
    people = here.apply(9)
    run = asked(here.programme, [(one, first if at < 4 else second) for at, one in enumerate(people)])

    effect = queries.effect(run, {people[8].uid: third.uid})

    assert effect.rule == "mentor-load"
    assert effect.why_not == "“Third”: its mentor leads as many groups as they wanted already."


def test_what_is_not_there_any_more_is_said_and_never_an_error():
    here = world()
    run = ready(here)
    named(here, "First years", "Well-being")
    left, stays = here.applications[0], here.applications[1]
    left.state = "withdrawn"
    left.save()
    assert queries.effect(run, {left.uid: here.groups[1].uid}).rule == "left"
    assert queries.effect(run, {left.uid: None}).allowed
    assert queries.effect(run, {"unknown": None}).rule == "left"
    assert queries.effect(run, {stays.uid: "unknown"}).rule == "gone"
    Group.objects.filter(pk=here.groups[1].pk).update(state="cancelled")

    effect = queries.effect(run, {stays.uid: here.groups[1].uid})

    assert effect.why_not == "“Well-being” is not there any more."
    bench = queries.bench(run)
    assert [group.gone for group in bench.groups] == [True, False]
    assert bench.groups[0].says == "Not there any more."
    assert [one.gone for one in bench.groups[1].members] == [True, *[False] * 4]


def test_a_group_that_others_joined_since_is_full_sooner():
    here = world()
    run = ready(here)
    group = here.groups[1]
    for place in group.places.all()[:3]:
        place.delete()

    assert queries.effect(run, {here.applications[0].uid: group.uid}).rule == "full"


def test_a_breach_that_was_there_before_is_not_the_fault_of_a_move():
    here = world()
    first, second = here.offer(), here.offer()
    people = [*here.apply(5), *here.apply(1, mask=NEVER)]
    run = asked(here.programme, [(one, first) for one in people] + [(one, second) for one in here.apply(4)])

    assert queries.effect(run, {people[0].uid: second.uid}).allowed
    assert queries.effect(run, {people[5].uid: second.uid}).rule == "common-slots"


def test_options_are_the_wishes_in_order_then_any_theme():
    here = world(themes=4)
    groups = [here.offer(theme=at, title=title) for at, title in enumerate(("Own", "Full", "Beyond"))]
    Group.objects.filter(pk=groups[1].pk).update(title="Full")
    [one] = here.apply(1, any_theme=True)
    for rank, theme in enumerate((here.themes[1], here.themes[3]), start=2):
        Wish.objects.create(application=one, rank=rank, theme=theme)
    seats = [(one, groups[0]), *((row, groups[0]) for row in here.apply(4))]
    seats += [(row, groups[1]) for row in here.apply(8, theme=1)]
    run = asked(here.programme, seats)

    options = queries.options(run, one.uid)

    assert [(option.rank_text, option.name, option.works) for option in options] == [
        ("Second wish", "Full", False),
        ("Third wish", here.themes[3].title["en"], False),
        ("Any theme", "Beyond", True),
    ]
    assert [option.text for option in options[:2]] == [
        "Full: somebody would have to move first.",
        "No group with this theme has a free place.",
    ]
    assert options[2].text.startswith("“Own” goes from 5 to 4 and still starts.")
    assert options[2].at
    assert queries.options(run, "unknown") == []


def test_the_weakest_groups_come_first():
    here = world(themes=2)
    strong, short, few_times, few_wishes = (
        here.offer(title=name) for name in ("Strong", "Short", "Times", "Wishes")
    )
    seats = [(one, strong) for one in here.apply(5)] + [(one, short) for one in here.apply(3)]
    seats += [(one, few_times) for one in here.apply(5, mask=TUESDAY)]
    seats += [(one, few_wishes) for one in here.apply(5, theme=1, any_theme=True)]
    run = asked(here.programme, seats)

    bench = queries.bench(run)

    assert [group.name for group in bench.groups] == ["Short", "Times", "Wishes", "Strong"]
    assert [group.weak for group in bench.groups] == [True, False, False, False]
    assert bench.groups[0].says == "3 participants: 1 more and it can start"
    assert bench.groups[3].says.startswith("5 of 5 have their first wish.")


def test_the_bench_says_who_is_left_and_why_and_what_can_be_undone():
    here = world()
    run = ready(here)
    one = here.applications[0]
    named(here, "First years", "Well-being")
    run = actions.move(
        run, moves={one.uid: here.groups[1].uid}, seen=0, by=here.office, now=NOW, reason="She asked"
    )

    bench = queries.bench(run)

    assert bench.version == 1
    assert [(row.member.name, row.reason) for row in bench.left_out] == [
        (here.applications[10].person.name, "No time of a whole meeting was ticked.")
    ]
    assert bench.can_undo.text == f"{one.person.name} to “Well-being”"
    assert (bench.can_undo.by, bench.can_undo.reason) == (here.office.name, "She asked")
    assert bench.can_redo is None
    run = actions.undo_step(run, seen=1, by=here.office, now=NOW)
    bench = queries.bench(run)
    assert (bench.can_undo, bench.can_redo.number) == (None, 1)
    run = actions.lock(run, people=[one.uid], locked=True, seen=2, by=here.office, now=NOW)
    bench = queries.bench(run)
    assert [step.text for step in bench.steps] == ["1 place locked"]
    assert [row.uid for group in bench.groups for row in group.members if row.locked] == [one.uid]


def test_costs_of_groups_are_there_on_request():
    here = world()
    run = ready(here)

    groups = queries.bench(run, costs=True).groups

    parts = run.proposal["parts"]
    assert sum(group.cost["open"] for group in groups) == parts["open"]
    assert queries.bench(run).groups[0].cost == {}


@pytest.mark.parametrize("people", [4, 7])
def test_the_bench_takes_eight_queries_for_any_number(people, django_assert_num_queries):
    here = world()
    run = ready(here, groups=people // 2, people=people)
    queries.question_of(run)
    run = type(run).objects.select_related("programme").get(pk=run.pk)

    with django_assert_num_queries(8):
        queries.bench(run)


def test_a_published_proposal_and_one_without_a_question_can_be_seen():
    here = world()
    seats = [(one, group) for group in (here.offer(), here.offer()) for one in here.apply(5)]
    run = RunFactory(programme=here.programme, seats=seats)
    publishing = actions.publish(run, by=here.office, now=NOW)
    while publishing.state == "preparing":
        actions.carry_on(publishing, now=NOW)
        publishing.refresh_from_db()

    bench = queries.bench(run)

    assert [(group.size, group.free, len(group.members)) for group in bench.groups] == [(5, 3, 5), (5, 3, 5)]
    assert not any(one.gone for group in bench.groups for one in group.members)
    assert bench.can_undo is None
    assert queries.numbers(run).people == 10


def test_numbers_and_a_seat():
    here = world()
    run = ready(here)

    numbers = queries.numbers(run)

    assert (numbers.people, numbers.groups, numbers.first_wishes, numbers.left_out) == (11, 2, 100, 1)
    assert (numbers.placed, numbers.share_a_time) == (10, 100)
    seat = queries.seat(run, here.applications[0].uid)
    assert (seat.group, seat.at) == (here.groups[0].uid, "Tuesdays 14.00–16.00")
    assert seat.why[0].text == "This was the first wish."
    left = queries.seat(run, here.applications[10].uid)
    assert (left.group, left.unmet) == (None, ["No time of a whole meeting was ticked."])
    assert queries.seat(run, "unknown") is None
