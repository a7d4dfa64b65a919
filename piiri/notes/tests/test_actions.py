"""Writing, answering, taking away, voting, letting out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import NOW, PersonFactory
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.notes import actions, queries
from piiri.notes.models import Line, Piece, Vote, Word
from piiri.notes.rules import NotesRefusal
from piiri.notes.tests.factories import CANARY, LineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return RunningGroupFactory()


@pytest.fixture
def seats(group):
    """Everybody round the table: three participants and the mentor."""
    return [*members_of(group), mentor_of(group)]


def refused(deed, *args, **kwargs):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        deed(*args, **kwargs)
    return refusal.value.reason


def join(group):
    person = PersonFactory()
    Membership.objects.create(
        group=group, programme=group.programme, person=person, joined_at=NOW, confirmed_at=NOW
    )
    return person


def test_a_line_is_sealed_and_noted_without_words(group, seats):
    line = actions.write(group, kind="post", text=f"  {CANARY} ", by=seats[0], now=NOW)

    kept = Line.objects.filter(pk=line.pk).extra(select={"raw": "text"}).values_list("raw", flat=True)[0]
    assert Line.objects.get().text == CANARY
    assert CANARY.encode() not in bytes(kept)
    entry = Entry.objects.get(deed="line_written")
    assert (entry.by, entry.about, entry.place) == (seats[0].uid, line.uid, group.uid)
    assert CANARY not in str(entry.facts)


@pytest.mark.parametrize("state", [Group.State.CLOSED, Group.State.CANCELLED, Group.State.MERGED])
def test_an_ended_group_takes_nothing_new_and_gives_back_what_is_ones_own(group, seats, state):
    line = LineFactory(group=group)
    group.state = state
    group.save()

    write = {"kind": "post", "text": "More", "by": seats[0], "now": NOW}
    assert refused(actions.write, group, **write) == NotesRefusal.ENDED
    assert refused(actions.answer, line, text="Yes", by=seats[1], now=NOW) == NotesRefusal.ENDED
    file = {"name": "a", "content": b"x", "by": seats[0], "now": NOW}
    assert refused(actions.put_file, group, **file) == NotesRefusal.ENDED
    actions.take_away(line, by=seats[0], now=NOW)
    assert not Line.objects.exists()


def test_nothing_is_written_without_words(group, seats):
    assert refused(actions.write, group, kind="topic", text=" ", by=seats[0], now=NOW) == NotesRefusal.EMPTY
    line = LineFactory(group=group)
    assert refused(actions.edit, line, text=" ", by=seats[0], now=NOW) == NotesRefusal.EMPTY


def test_the_same_words_again_within_a_minute_are_the_first_line(group, seats):
    def write(text="Hi", by=seats[0], seconds=0, kind="post", **more):
        now = NOW + timedelta(seconds=seconds)
        return actions.write(group, kind=kind, text=text, by=by, now=now, **more)

    first = write()

    assert write(" Hi ", seconds=59) == first
    others = [
        write("Ho"),
        write(by=seats[1]),
        write(kind="topic"),
        write(seconds=60),
        actions.answer(first, text="Hi", by=seats[0], now=NOW),
        write(kind="link", address="https://a.example"),
        write(kind="link", address="https://b.example"),
    ]
    assert actions.answer(first, text="Hi", by=seats[0], now=NOW) == others[4]
    assert len({first, *others}) == Line.objects.count() == 8
    assert Entry.objects.filter(deed="line_written").count() == 7


def test_answers_go_one_level_deep(group, seats):
    post = LineFactory(group=group)
    answer = actions.answer(post, text="Yes", by=seats[1], now=NOW)

    assert refused(actions.answer, answer, text="No", by=seats[0], now=NOW) == NotesRefusal.NO_DEEPER
    assert answer.answers == post


def test_a_post_taken_away_under_answers_leaves_an_empty_place_until_they_are_gone(group, seats):
    post = LineFactory(group=group)
    answer = actions.answer(post, text="Yes", by=seats[1], now=NOW)

    actions.take_away(post, by=seats[0], now=NOW)
    [shown] = queries.showing(queries.posts(group), reader=seats[2])
    assert shown.is_hollow
    assert [reply.line for reply in shown.replies] == [answer]
    assert refused(actions.answer, post, text="More", by=seats[2], now=NOW) == NotesRefusal.GONE

    actions.take_away(answer, by=seats[1], now=NOW)
    actions.take_away(answer, by=seats[1], now=NOW)
    assert not Line.objects.exists()


def test_a_file_taken_away_leaves_no_byte(group, seats):
    file = actions.put_file(group, name="a.txt", content=b"x" * 3_000_000, by=seats[0], now=NOW)
    assert file.pieces.count() == 3

    actions.take_away(file, by=seats[0], now=NOW)

    assert not Piece.objects.exists()
    assert queries.used_bytes(group) == 0


def test_one_vote_a_person(group, seats):
    topic = LineFactory(group=group, kind="topic")
    for wanted in (True, True, False, False, True):
        actions.vote(topic, wanted=wanted, by=seats[1], now=NOW)
    actions.vote(topic, wanted=True, by=seats[2], now=NOW)

    assert Vote.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(line=topic, person=seats[1])


def test_topics_stand_in_the_order_of_votes_and_those_taken_up_last(group, seats):
    few, many, done, later = [
        LineFactory(group=group, kind="topic", written_at=NOW + timedelta(hours=n)) for n in range(4)
    ]
    for person in seats[:3]:
        actions.vote(many, wanted=True, by=person, now=NOW)
        actions.vote(done, wanted=True, by=person, now=NOW)
    actions.vote(few, wanted=True, by=seats[0], now=NOW)
    actions.take_up(done, done=True, by=seats[0], now=NOW)
    actions.take_up(later, done=True, by=seats[0], now=NOW + timedelta(days=1))

    shown = queries.showing(queries.topics(group, reader=seats[0]), reader=seats[0])
    assert [one.line for one in shown] == [many, few, later, done]
    assert [(one.votes, one.voted) for one in shown] == [(3, True), (1, True), (0, False), (3, True)]

    actions.take_up(later, done=False, by=seats[0], now=NOW)
    assert Line.objects.get(pk=later.pk).done_at is None


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "topic", "answers": True},
        {"kind": "post", "done_at": NOW},
        {"kind": "post", "size": 3},
        {"kind": "post", "released_at": NOW},
        {"kind": "post", "answers": True, "proposed_at": NOW},
    ],
)
def test_the_database_refuses_lines_that_cannot_be(group, broken):
    if broken.get("answers"):
        broken = broken | {"answers": LineFactory(group=group)}

    with pytest.raises(IntegrityError), transaction.atomic():
        LineFactory(group=group, **broken)


def test_a_line_leaves_only_when_everybody_has_said_yes(group, seats):
    line = LineFactory(group=group)

    said = [actions.agree(line, by=person, now=NOW, names_group=True) for person in seats]

    assert said == [False, False, False, True]
    line.refresh_from_db()
    assert line.released_at == NOW
    assert line.names_group
    assert queries.released(group.programme) == [line]


def test_saying_yes_twice_is_once_and_only_the_first_asks_for_the_name(group, seats):
    line = LineFactory(group=group)
    for _n in range(9):
        actions.agree(line, by=seats[0], now=NOW)
    actions.agree(line, by=seats[1], now=NOW, names_group=True)

    line.refresh_from_db()
    assert (line.released_at, line.names_group, Word.objects.count()) == (None, False, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Word.objects.create(line=line, person=seats[0], given_at=NOW)


def test_one_no_ends_it_before_and_after(group, seats):
    line = LineFactory(group=group)
    for person in seats[:3]:
        actions.agree(line, by=person, now=NOW)
    actions.keep_here(line, by=seats[3], now=NOW)
    assert not actions.agree(line, by=seats[3], now=NOW)
    assert Word.objects.count() == 1

    for person in seats:
        actions.agree(line, by=person, now=NOW)
    assert queries.released(group.programme) == [line]
    actions.keep_here(line, by=seats[1], now=NOW)
    actions.keep_here(line, by=seats[1], now=NOW)

    assert queries.released(group.programme) == []
    assert not Word.objects.exists()


def test_who_joins_before_it_leaves_is_asked_too(group, seats):
    line = LineFactory(group=group)
    for person in seats[:3]:
        actions.agree(line, by=person, now=NOW)
    newcomer = join(group)

    assert not actions.agree(line, by=seats[3], now=NOW)
    assert actions.agree(line, by=newcomer, now=NOW)


def test_whose_access_is_paused_is_waited_for(group, seats):
    line = LineFactory(group=group)
    Membership.objects.filter(person=seats[2]).update(paused_at=NOW)

    said = [actions.agree(line, by=person, now=NOW) for person in (seats[0], seats[1], seats[3])]

    assert said == [False, False, False]


def test_other_words_need_new_yeses(group, seats):
    line = LineFactory(group=group)
    for person in seats:
        actions.agree(line, by=person, now=NOW)

    actions.edit(line, text="Something quite different", by=seats[0], now=NOW)

    assert queries.released(group.programme) == []
    assert not actions.agree(line, by=seats[0], now=NOW)


def test_when_the_last_silent_one_leaves_the_rest_is_agreed(group, seats):
    line = LineFactory(group=group)
    for person in (seats[0], seats[1], seats[3]):
        actions.agree(line, by=person, now=NOW)
    assert actions.release_agreed(now=NOW) == 0
    Membership.objects.filter(person=seats[2]).update(ended_at=NOW)

    assert actions.release_agreed(now=NOW) == 1
    assert actions.release_agreed(now=NOW) == 0
    assert queries.released(group.programme) == [line]


def test_what_somebody_wrote_who_has_left_stays_here(group, seats):
    line = LineFactory(group=group)
    for person in seats[:3]:
        actions.agree(line, by=person, now=NOW)
    Membership.objects.filter(person=seats[0]).update(ended_at=NOW)

    assert refused(actions.agree, line, by=seats[3], now=NOW) == NotesRefusal.AUTHOR_GONE
    Word.objects.create(line=line, person=seats[3], given_at=NOW)
    assert actions.release_agreed(now=NOW) == 0


def test_an_answer_stays_in_the_group(group, seats):
    answer = actions.answer(LineFactory(group=group), text="Yes", by=seats[1], now=NOW)

    assert refused(actions.agree, answer, by=seats[1], now=NOW) == NotesRefusal.ANSWERS_STAY


def test_the_trail_keeps_no_name_of_who_votes_and_who_agrees(group, seats):
    topic, line = LineFactory(group=group, kind="topic"), LineFactory(group=group)

    actions.vote(topic, wanted=True, by=seats[0], now=NOW)
    actions.agree(line, by=seats[0], now=NOW)
    actions.keep_here(line, by=seats[1], now=NOW)

    said = Entry.objects.filter(deed__in=("topic_voted", "line_agreed", "line_kept"))
    assert list(said.values_list("by", flat=True)) == ["", "", ""]
