"""The pages: what they say, what they keep when something is wrong, and what they cost."""

import logging
import re

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from piiri.base import clock
from piiri.groups.models import Group
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.notes import actions, queries, rules
from piiri.notes.models import Line, Piece, Word
from piiri.notes.tests.factories import CANARY, LineFactory, address, put, text_of
from piiri.vault import queries as vault

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

EMPTY = {"board": "The board is still quiet", "topics": "The basket is empty", "files": "Nothing is here yet"}
MEGABYTE = 1024 * 1024


@pytest.fixture
def group():
    return RunningGroupFactory(title="Calm starts")


@pytest.fixture
def member(client, group):
    person = members_of(group)[0]
    client.force_login(person)
    return person


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_page_says_what_will_come_and_who_reads(client, group, name):
    page = text_of(client.get(address(name, group)))

    assert EMPTY[name] in page
    assert "Only your group reads this: its members and mentors." in page
    assert "Write so that no pupil, client or colleague can be recognised." in page


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("name", "sent", "kind"),
    [
        ("board", {"text": CANARY}, "post"),
        ("topics", {"text": CANARY}, "topic"),
        ("files", {"text": CANARY, "address": "https://example.org/a"}, "link"),
    ],
)
def test_writing_leads_back_to_the_line(client, group, name, sent, kind):
    response = client.post(address(name, group), sent)

    line = Line.objects.get()
    assert (line.kind, line.text) == (kind, CANARY)
    assert response["Location"] == f"{address(name, group)}#l-{line.uid}"
    assert CANARY in text_of(client.get(address(name, group)))


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("board", {"text": ""}, "Write something first."),
        ("topics", {"text": "x" * 201}, "200"),
        ("files", {"text": CANARY, "address": "no address"}, "Write the whole address"),
        ("files", {"text": CANARY, "address": "javascript:alert(1)"}, "Write the whole address"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(client, group, name, sent, said):
    response = client.post(address(name, group), sent)

    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert sent["text"] in page
    assert not Line.objects.exists()


def test_words_are_shown_as_words(client, group, member):
    LineFactory(group=group, text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(address("board", group)).content.decode()


def test_answering_editing_and_taking_away(client, group, member):
    post = LineFactory(group=group)
    assert client.post(address("answer", post), {"text": " "}).status_code == 422
    client.post(address("answer", post), {"text": "I agree"})
    assert "I agree" in text_of(client.get(address("board", group)))

    assert CANARY in text_of(client.get(address("edit", post)))
    client.post(address("edit", post), {"text": "Other words"})
    page = text_of(client.get(address("board", group)))
    assert "Other words" in page
    assert CANARY not in page

    client.post(address("take-away", post))
    page = text_of(client.get(address("board", group)))
    assert "Its author took this away." in page
    assert "Other words" not in page


def test_a_vote_comes_back_as_the_list_alone_for_htmx(client, group, member):
    topic = LineFactory(group=group, kind="topic")

    part = text_of(client.post(address("vote", topic), {"wanted": "yes"}, headers={"HX-Request": "true"}))
    assert 'aria-pressed="true"' in part
    assert "<html" not in part
    assert 'name="csrfmiddlewaretoken"' in part

    assert client.post(address("done", topic), {"done": "yes"}).status_code == 302
    assert "Taken up" in text_of(client.get(address("topics", group)))
    assert client.post(address("vote", LineFactory(group=group))).status_code == 404


def say_yes(client, line, **more):
    """As the form says it that stands there now."""
    page = client.get(address("may-leave", line)).content.decode()
    read = re.search('name="read" value="([^"]*)"', page)[1]
    return client.post(address("may-leave", line), {"said": "yes", "read": read, **more})


def test_a_yes_to_other_words_or_to_an_unnamed_group_is_no_yes(client, group, member):
    line, other = LineFactory(group=group, author=mentor_of(group)), members_of(group)[1]
    unasked = Line.objects.get().version
    actions.agree(line, by=other, now=clock.now(), names_group=True)
    asked = Line.objects.get().version

    assert client.post(address("may-leave", line), {"said": "yes", "read": unasked}).status_code == 409
    actions.edit(line, text="Something else", by=line.author, now=clock.now())
    actions.agree(line, by=line.author, now=clock.now())
    assert client.post(address("may-leave", line), {"said": "yes", "read": asked}).status_code == 409
    assert list(Word.objects.values_list("person", flat=True)) == [line.author.pk]

    assert say_yes(client, line).status_code == 302
    # Pressed again with the same page it is once.
    assert client.post(address("may-leave", line), {"said": "yes", "read": asked}).status_code == 302
    assert Word.objects.count() == 2


def test_a_group_is_asked_and_a_line_leaves(client, group, member):
    line = LineFactory(group=group)
    others = [*members_of(group)[1:], mentor_of(group)]
    say_yes(client, line, names_group="yes")
    page = text_of(client.get(address("board", group)))
    assert "1 of 4 have said yes; it leaves only when all have." in page
    assert "Your group would be named with it." in page
    for person in others:
        client.force_login(person)
        say_yes(client, line)

    page = text_of(client.get(address("released", group.programme)))
    assert CANARY in page
    assert "Calm starts" in page
    client.post(address("may-leave", line), {"said": "no"})
    assert CANARY not in text_of(client.get(address("released", group.programme)))
    assert "Take it back into the group" not in text_of(client.get(address("board", group)))


@pytest.mark.usefixtures("member")
def test_ten_megabytes_fit_and_the_group_has_an_end(client, group, monkeypatch):
    assert put(client, group, b"x" * (10 * MEGABYTE)).status_code == 302
    monkeypatch.setattr(rules, "MOST_OF_A_GROUP", 10 * MEGABYTE)

    response = put(client, group, b"y", name="One more")

    assert "have reached 200 MB" in text_of(response)
    assert "One more" in text_of(response)
    assert Line.objects.count() == 1


def test_without_the_master_key_pages_stand_and_nothing_is_lost(client, group, member, settings, tmp_path):
    put(client, group)
    LineFactory(group=group)
    settings.MASTER_KEY_FILE = tmp_path / "none"
    vault.forget_kept_keys()

    assert "Sealed for the moment." in text_of(client.get(address("board", group)))
    assert client.get(address("file", Line.objects.get(kind="file"))).status_code == 409
    response = client.post(address("board", group), {"text": "Do not lose me"})
    assert response.status_code == 422
    assert "Do not lose me" in text_of(response)
    vault.forget_kept_keys()


@pytest.mark.parametrize(("name", "kind"), [("board", "post"), ("topics", "topic"), ("files", "link")])
def test_pages_cost_the_same_for_one_line_and_for_many(client, group, member, name, kind):
    def cost():
        vault.forget_kept_keys()
        with (
            CaptureQueriesContext(connections["default"]) as asked,
            CaptureQueriesContext(connections["vault"]) as keys,
        ):
            assert client.get(address(name, group)).status_code == 200
        return len(asked), len(keys)

    def lines(count):
        for author in members_of(group) * count:
            line = LineFactory(group=group, kind=kind, author=author, proposed_at=clock.now())
            Word.objects.create(line=line, person=author, given_at=clock.now())
            if kind == "post":
                LineFactory(group=group, author=mentor_of(group), answers=line)

    lines(1)
    client.get(address(name, group))
    few = cost()
    lines(3)
    actions.look(group, person=member, by=member, now=clock.now())

    assert cost() == few
    assert few[0] <= 12
    assert few[1] == 1


def test_the_page_of_what_left_costs_the_same_for_one_group_and_for_many(client, group, member):
    def cost():
        vault.forget_kept_keys()
        with (
            CaptureQueriesContext(connections["default"]) as asked,
            CaptureQueriesContext(connections["vault"]) as keys,
        ):
            client.get(address("released", group.programme))
        return len(asked), len(keys)

    out = {"proposed_at": clock.now(), "released_at": clock.now(), "names_group": True}
    LineFactory(group=group, **out)
    few = cost()
    for _n in range(3):
        LineFactory(group=RunningGroupFactory(programme=group.programme), **out)

    assert cost() == few
    assert few[0] <= 12
    assert few[1] == 1


def test_old_posts_are_a_page_further(client, group, member):
    for number in range(25):
        LineFactory(group=group, text=f"Post number {number}.")

    assert "Page 1 of 2" in text_of(client.get(address("board", group)))
    assert len(queries.showing(queries.posts(group), reader=member)) == 25


def test_asking_the_group_has_a_page_of_its_own(client, group, member):
    line = LineFactory(group=group, author=mentor_of(group))

    assert "May this leave the group?" in text_of(client.get(address("board", group)))
    page = text_of(client.get(address("may-leave", line)))
    assert CANARY in page
    assert "One no is enough" in page
    assert Line.objects.get().proposed_at is None


def test_no_log_line_and_no_address_carries_what_was_written(client, group, member, caplog, capfd):
    went_to = []
    with caplog.at_level(logging.INFO):
        for name, sent in {
            "board": {"text": CANARY},
            "topics": {"text": CANARY},
            "files": {"text": CANARY, "address": "https://example.org/a"},
        }.items():
            went_to.append(client.post(address(name, group), sent)["Location"])
            client.post(address(name, group), sent | {"text": CANARY * 400})
        went_to.append(put(client, group, CANARY.encode(), name=CANARY)["Location"])
        client.get(address("file", Line.objects.get(kind="file")))
        client.get(address("file", Line.objects.get(kind="topic")))
        Piece.objects.all().delete()
        client.get(address("file", Line.objects.get(kind="file")))

    told = "".join(capfd.readouterr()) + caplog.text + "".join(went_to)
    assert "Not Found" in caplog.text
    assert not [word for word in CANARY.split() if word in told]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("board", {"text": "Do not lose me"}),
        ("topics", {"text": "Do not lose me"}),
        ("files", {"text": "Do not lose me", "address": "https://example.org/a"}),
    ],
)
def test_what_was_typed_when_the_group_ended_stays_too(client, group, member, name, sent):
    Group.objects.filter(pk=group.pk).update(state=Group.State.CLOSED)

    response = client.post(address(name, group), sent)

    assert response.status_code == 422
    assert "The group has ended, so nothing new is written." in text_of(response)
    assert "Do not lose me" in text_of(response)
    assert 'name="text"' not in text_of(client.get(address(name, group)))


def test_an_answer_and_a_change_that_cannot_be_kept_stay_typed(client, group, member, settings, tmp_path):
    post = LineFactory(group=group)
    Group.objects.filter(pk=group.pk).update(state=Group.State.CLOSED)
    response = client.post(address("answer", post), {"text": "Do not lose me"})
    assert (response.status_code, "Do not lose me" in text_of(response)) == (422, True)

    settings.MASTER_KEY_FILE = tmp_path / "none"
    vault.forget_kept_keys()
    response = client.post(address("edit", post), {"text": "Nor me"})
    assert (response.status_code, "Nor me" in text_of(response)) == (422, True)
    vault.forget_kept_keys()
