"""One person presses twice, or in two tabs: one application, sent once."""

import pytest

from piiri.base.tests.at_once import at_once
from piiri.base.uids import new_uid
from piiri.enrolments import access, actions, queries
from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
State = Application.State


def test_saved_in_many_tabs_it_is_one_application():
    programme, person = ProgrammeFactory(), PersonFactory()
    wish = ThemeFactory(programme=programme)

    def save(same):
        actions.save_application(
            programme, person=same, wishes=[wish], mask=TUESDAY_AFTERNOON, by=same, now=NOW
        )

    assert all(at_once(save, [person] * 6))
    assert Application.objects.get().wishes.count() == 1


def test_sent_by_many_presses_it_is_sent_once():
    application = ApplicationFactory(state=State.DRAFT, sent_at=None)

    def send(person):
        fresh = Application.objects.select_related("programme", "person").get(pk=application.pk)
        actions.send_application(fresh, by=person, now=NOW)

    went_well = at_once(send, [application.person] * 6)

    assert sum(went_well) == 1
    assert Message.objects.filter(kind="enrolments/email/received").count() == 1


def test_saved_in_one_tab_and_sent_in_the_other_nothing_breaks():
    application = ApplicationFactory(state=State.DRAFT, sent_at=None)
    programme, person = application.programme, application.person
    wish = ThemeFactory(programme=programme)

    def save():
        actions.save_application(
            programme, person=person, wishes=[wish], mask=TUESDAY_AFTERNOON, by=person, now=NOW
        )

    def send():
        actions.send_application(Application.objects.get(pk=application.pk), by=person, now=NOW)

    at_once(lambda deed: deed(), [save, send, save, send])

    application.refresh_from_db()
    assert (Application.objects.count(), application.state) == (1, State.SENT)
    assert Message.objects.count() == 1


def step(group, person):
    return queries.doorstep(
        access.visible_group_pages,
        person=person,
        organisation=group.programme.organisation.slug,
        programme=group.programme.slug,
        group=group.uid,
    )


def test_pressed_many_times_at_once_one_button_gives_one_place_and_one_page():
    group, person = (
        GroupFactory(programme=ProgrammeFactory(parameters={"enrol_way": "place"})),
        PersonFactory(),
    )
    press, pages = actions.Press("abcdefgh23456722", "form"), []
    # As seen by six windows before any of them pressed.
    steps = [step(group, person) for _window in range(6)]

    def take(before):
        told = {"work": {"workplace": "Library"}, "press": press, "by": person, "now": NOW}
        pages.append(actions.take_place(before, **told))

    assert all(at_once(take, steps))
    assert pages == [f"/applications/{Application.objects.get().uid}/"] * 6
    assert group.places.taken().count() == Message.objects.count() == 1


def test_pressed_in_two_groups_at_once_one_person_gets_one_place():
    programme, person = ProgrammeFactory(parameters={"enrol_way": "place"}), PersonFactory()
    steps = [step(GroupFactory(programme=programme), person) for _group in range(4)]

    def take(before):
        press = actions.Press(new_uid(), "form")
        actions.take_place(before, work={"workplace": "Library"}, press=press, by=person, now=NOW)

    assert sum(at_once(take, steps)) == 1
    assert person.memberships.count() == Application.objects.count() == Message.objects.count() == 1
