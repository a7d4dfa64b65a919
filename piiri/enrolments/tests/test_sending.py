"""Sending where places go first come first served: the dearest free place, else a turn in every list."""

import pytest

from piiri.base.errors import Refused
from piiri.enrolments import actions, queries, rules
from piiri.enrolments.models import Application, Approval, Wish
from piiri.enrolments.rules import EnrolRefusal
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db
State = Application.State


def draft(programme, **more):
    return ApplicationFactory(programme=programme, state=State.DRAFT, sent_at=None, **more)


def wish(application, *wants):
    for rank, want in enumerate(wants, start=1):
        kind = "group" if want._meta.model_name == "group" else "theme"
        Wish.objects.create(application=application, rank=rank, **{kind: want})
    return application


def send(application):
    return actions.send_application(application, by=application.person, now=NOW)


def kinds():
    return [one.kind.rpartition("/")[2] for one in Message.objects.order_by("pk")]


@pytest.fixture
def programme():
    return ProgrammeFactory(parameters={"enrol_way": "place"})


def test_a_theme_gives_a_place_in_a_group_of_it_that_suits(programme):
    theme = ThemeFactory(programme=programme)
    GroupFactory(programme=programme, theme=theme, language="fi")
    GroupFactory(programme=programme, theme=theme, language="en", form="online")
    suiting = GroupFactory(programme=programme, theme=theme, language="en", form="onsite")

    sent = send(wish(draft(programme, languages=["en"], form="onsite"), theme))

    assert sent.state == State.PLACED
    assert sent.person.memberships.get().group == suiting
    assert kinds() == ["place"]


def test_the_dearest_free_group_gives_the_place(programme):
    full = GroupFactory(programme=programme, members=8)
    second, third = GroupFactory(programme=programme), GroupFactory(programme=programme)

    sent = send(wish(draft(programme), full, third, second))

    assert sent.person.memberships.get().group == third


def test_without_a_free_place_one_waits_in_all_lists_that_were_wished_for(programme):
    groups = [GroupFactory(programme=programme, members=8) for _number in range(2)]
    GroupFactory(programme=programme)

    sent = send(wish(draft(programme), *groups))

    assert sent.state == State.WAITING
    assert {turn.group for turn in sent.turns.all()} == set(groups)
    assert kinds() == ["received"]


def test_anything_is_fine_gives_any_place_and_else_every_list(programme):
    theme = ThemeFactory(programme=programme)
    GroupFactory(programme=programme, theme=theme, places=1, language="en")

    first, second = (send(draft(programme, any_theme=True, languages=["en"])) for _person in range(2))

    assert first.state == State.PLACED
    assert [turn.theme for turn in second.turns.all()] == [theme]


def test_without_waiting_lists_the_office_looks_for_a_place():
    programme = ProgrammeFactory(parameters={"enrol_way": "place", "waiting_list": False})
    full = GroupFactory(programme=programme, members=8)

    sent = send(wish(draft(programme), full))

    assert (sent.state, sent.turns.count()) == (State.WAITING, 0)


def test_a_group_that_refuses_the_person_is_passed_over(programme):
    application = draft(programme)
    own = GroupFactory(programme=programme, mentor=application.person)
    other = GroupFactory(programme=programme)

    sent = send(wish(application, own, other))

    assert sent.person.memberships.get().group == other


def test_a_running_group_without_newcomers_is_passed_over(programme):
    running = GroupFactory(programme=programme, state="running")

    assert send(wish(draft(programme), running)).state == State.WAITING


@pytest.mark.parametrize(
    ("parameters", "beginning", "priority"),
    [({}, "new", 0), ({}, "back", 0), ({}, "", 1), ({"new_first": False}, "new", 1)],
)
def test_sending_gives_a_place_in_the_order(parameters, beginning, priority):
    programme = ProgrammeFactory(parameters=parameters)

    sent = send(draft(programme, beginning=beginning))

    sent.refresh_from_db()
    expected = rules.order_of(programme, person_uid=sent.person.uid, sent_at=NOW)
    assert (sent.priority, sent.order) == (priority, expected)


def test_by_lottery_the_lot_does_not_change_with_the_moment():
    programme, person = ProgrammeFactory(parameters={"order": "lottery"}), PersonFactory()
    first = send(draft(programme, person=person)).order
    actions.withdraw_application(Application.objects.get(), by=person, now=NOW)

    assert send(draft(programme, person=person)).order == first != int(NOW.timestamp() * 1_000_000)


def test_the_line_manager_is_told_when_it_is_sent_and_again_when_another_is_named():
    programme = ProgrammeFactory()
    sent = send(draft(programme, manager_email="first@city.example"))
    answers = {"wishes": [], "mask": TUESDAY_AFTERNOON, "by": sent.person, "now": NOW}

    actions.save_application(programme, person=sent.person, manager_email="second@city.example", **answers)

    told = Approval.objects.standing().get()
    assert told.manager.email == "second@city.example"


def test_a_draft_is_written_before_the_opening_and_not_sent():
    programme, person = ProgrammeFactory(), PersonFactory()
    early = programme.enrol_opens_at.replace(day=1)
    told = {"person": person, "wishes": [], "mask": TUESDAY_AFTERNOON, "by": person, "now": early}

    saved = actions.save_application(programme, **told)

    assert saved.state == State.DRAFT
    with pytest.raises(Refused) as refused:
        actions.send_application(saved, by=person, now=early)
    assert refused.value.reason == EnrolRefusal.BEFORE


@pytest.mark.parametrize("more", [{"state": "draft"}, {"state": "closed"}])
def test_no_draft_is_written_in_a_programme_that_is_not_published(more):
    programme = ProgrammeFactory(**more)

    assert rules.why_not_draft(programme, now=programme.enrol_opens_at.replace(day=1)) is not None


def test_submitted_twice_it_is_sent_once_and_leads_to_one_page():
    programme, person = ProgrammeFactory(), PersonFactory()
    press = actions.Press("abcdefgh23456722", "form")
    told = {"person": person, "by": person, "now": NOW, "wishes": [], "mask": TUESDAY_AFTERNOON}

    pages = {actions.submit_application(programme, press=press, **told) for _time in range(2)}

    assert pages == {f"/applications/{Application.objects.get().uid}/"}
    assert kinds() == ["received"]


def test_free_by_group_counts_where_places_are_pressed_for():
    way = {"enrol_way": "place", "wish_for": "group"}
    group = GroupFactory(programme=ProgrammeFactory(parameters=way), members=3)

    assert queries.free_by_group(group.programme) == {group.pk: 5}
    assert queries.free_by_group(ProgrammeFactory()) == {}
