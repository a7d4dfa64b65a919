"""Many at the same moment, each in a thread with its own connection."""

from itertools import count

import pytest

from piiri.base.tests.at_once import at_once
from piiri.groups.tests.factories import NOW
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.notes import actions, rules
from piiri.notes.models import Line, Look, Vote, Word
from piiri.notes.tests.factories import LineFactory

pytestmark = pytest.mark.django_db(transaction=True)


def everybody(group):
    return [*members_of(group), mentor_of(group)]


def test_of_last_yeses_at_once_exactly_one_lets_it_out():
    for _round in range(3):
        group = RunningGroupFactory()
        line, people, left = LineFactory(group=group), everybody(group), []

        at_once(
            lambda person, line=line, left=left: left.append(actions.agree(line, by=person, now=NOW)), people
        )

        assert sorted(left) == [False, False, False, True]
        assert Line.objects.get(pk=line.pk).released_at == NOW


def test_a_no_beside_the_last_yes_never_leaves_it_half_out():
    for _round in range(3):
        group = RunningGroupFactory()
        line, people = LineFactory(group=group), everybody(group)
        for person in people[:-1]:
            actions.agree(line, by=person, now=NOW)

        def say(person, line=line, people=people):
            deed = actions.agree if person == people[-1] else actions.keep_here
            deed(line, by=person, now=NOW)

        at_once(say, people[-2:])

        now = Line.objects.get(pk=line.pk)
        # Either the no came last and nothing is asked, or the yes came last and asks anew.
        assert now.released_at is None
        assert Word.objects.filter(line=line).count() == (1 if now.proposed_at else 0)


def test_a_vote_pressed_many_times_counts_once():
    group = RunningGroupFactory()
    topic, person = LineFactory(group=group, kind="topic"), mentor_of(group)

    at_once(lambda by: actions.vote(topic, wanted=True, by=by, now=NOW), [person] * 8)

    assert Vote.objects.count() == 1


def test_files_at_once_do_not_pass_the_limit_of_the_group(monkeypatch):
    group = RunningGroupFactory()
    monkeypatch.setattr(rules, "MOST_OF_A_GROUP", 250)

    def put(person):
        actions.put_file(group, name="a.txt", content=b"x" * 100, by=person, now=NOW)

    went_well = at_once(put, everybody(group) * 2)

    assert sum(went_well) == 2


def test_posts_at_once_make_one_look_a_person():
    group, number = RunningGroupFactory(), count()

    def write(person):
        actions.write(group, kind="post", text=f"Hi {next(number)}", by=person, now=NOW)

    at_once(write, everybody(group) * 2)

    assert Line.objects.count() == 8
    assert Look.objects.count() == 4


def test_a_post_and_an_answer_sent_many_times_at_once_stand_there_once():
    group = RunningGroupFactory()
    post, person = LineFactory(group=group), mentor_of(group)

    at_once(lambda by: actions.write(group, kind="post", text="Hi", by=by, now=NOW), [person] * 4)
    at_once(lambda by: actions.answer(post, text="Hi", by=by, now=NOW), [person] * 4)

    assert sorted(Line.objects.filter(author=person).values_list("answers", flat=True), key=bool) == [
        None,
        post.pk,
    ]
