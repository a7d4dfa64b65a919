"""Applying as deeds: one open application, sent once, changed in time, taken back, declined."""

from datetime import timedelta

import pytest
from django.db import connection

from piiri.base.errors import Refused
from piiri.enrolments import actions, queries, rules
from piiri.enrolments.models import Application
from piiri.enrolments.rules import EnrolRefusal, Stage
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    MentorFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.programmes import windows

pytestmark = pytest.mark.django_db
State = Application.State
TICK = timedelta(microseconds=1)


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.reason


def save(programme, person, *, wishes=(), **answers):
    return actions.save_application(
        programme, person=person, wishes=wishes, mask=TUESDAY_AFTERNOON, by=person, now=NOW, **answers
    )


def test_stage_counts_both_ends_of_the_window_as_open():
    programme = ProgrammeFactory.build(organisation=None)
    opens, closes = programme.enrol_opens_at, programme.enrol_closes_at

    stages = [rules.stage(programme, now=moment) for moment in (opens - TICK, opens, closes, closes + TICK)]

    assert stages == [Stage.BEFORE, Stage.OPEN, Stage.OPEN, Stage.CLOSED]
    assert rules.stage(programme, now=closes + timedelta(days=200)) == Stage.OVER


@pytest.mark.parametrize(
    ("deed", "uid", "ranked"),
    [
        ("add", "c", ["a", "b", "c"]),
        ("add", "b", ["a", "b"]),
        ("up", "b", ["b", "a"]),
        ("up", "a", ["a", "b"]),
        ("down", "a", ["b", "a"]),
        ("down", "b", ["a", "b"]),
        ("remove", "a", ["b"]),
        ("remove", "z", ["a", "b"]),
    ],
)
def test_moved_ranks_wishes(deed, uid, ranked):
    assert rules.moved(["a", "b"], deed=deed, uid=uid, most=3) == ranked


def test_moved_adds_nothing_beyond_the_most():
    assert rules.moved(["a", "b"], deed="add", uid="c", most=2) == ["a", "b"]


def test_save_application_keeps_one_open_application_a_programme():
    programme, person = ProgrammeFactory(), PersonFactory()
    first, second = ThemeFactory(programme=programme), ThemeFactory(programme=programme)

    save(programme, person, wishes=[first], job="Teacher")
    save(programme, person, wishes=[second, first])

    application = Application.objects.get()
    assert (application.state, application.job) == (State.DRAFT, "Teacher")
    assert queries.wishes_of(application) == [second, first]
    assert person.availabilities.get().mask == TUESDAY_AFTERNOON


def test_save_application_seals_the_wish():
    programme, person = ProgrammeFactory(), PersonFactory()

    save(programme, person, wish="canary at lunch")

    with connection.cursor() as cursor:
        cursor.execute("SELECT wish FROM enrolments_application")
        stored = bytes(cursor.fetchone()[0])
    assert b"canary" not in stored
    assert Application.objects.get().wish == "canary at lunch"


def test_send_application_posts_one_mail_without_content_and_tells_the_employer():
    unit = UnitFactory()
    programme, person = ProgrammeFactory(organisation=unit.organisation), PersonFactory()
    theme = ThemeFactory(programme=programme, title={"en": "Canary theme"})
    application = save(programme, person, wishes=[theme], unit=unit, job="Teacher", wish="canary")

    actions.send_application(application, by=person, now=NOW)

    assert reason(actions.send_application, application, by=person, now=NOW) == EnrolRefusal.SENT
    message = Message.objects.get()
    assert (message.kind, message.person_uid) == ("enrolments/email/received", person.uid)
    assert "anary" not in str(message.words)
    assert person.affiliations.get().job == "Teacher"


def test_send_application_is_refused_after_closing():
    programme, person = ProgrammeFactory(), PersonFactory()
    application = save(programme, person)
    late = programme.enrol_closes_at + TICK

    assert reason(actions.send_application, application, by=person, now=late) == EnrolRefusal.CLOSED


def test_send_application_takes_a_place_where_places_go_first_come_first_served():
    programme = ProgrammeFactory(parameters={"enrol_way": "place", "wish_for": "group"})
    full, free = GroupFactory(programme=programme, places=1, members=1), GroupFactory(programme=programme)
    lucky, late = PersonFactory(), PersonFactory()

    for person, wishes in [(lucky, [full, free]), (late, [full])]:
        actions.send_application(save(programme, person, wishes=wishes), by=person, now=NOW)

    assert lucky.applications.get().state == State.PLACED
    assert lucky.memberships.get().group == free
    assert late.applications.get().state == State.WAITING
    assert reason(save, programme, lucky) == EnrolRefusal.PLACED


def test_withdraw_application_frees_the_place_and_lets_one_apply_again():
    programme = ProgrammeFactory(parameters={"enrol_way": "place", "wish_for": "group"})
    group, person = GroupFactory(programme=programme), PersonFactory()
    application = actions.send_application(save(programme, person, wishes=[group]), by=person, now=NOW)

    actions.withdraw_application(application, by=person, now=NOW)

    assert group.places.taken().count() == 0
    assert (
        reason(actions.withdraw_application, Application.objects.get(), by=person, now=NOW)
        == EnrolRefusal.ENDED
    )
    assert save(programme, person).state == State.DRAFT


def test_withdraw_application_deletes_a_draft():
    person = PersonFactory()
    draft = save(ProgrammeFactory(), person)

    actions.withdraw_application(draft, by=person, now=NOW)

    assert not Application.objects.exists()


def test_decline_application_mails_the_reason_once():
    application, office = ApplicationFactory(), PersonFactory()
    decline = {"reason": "All groups are full.", "by": office, "now": NOW}

    actions.decline_application(application, **decline)

    assert reason(actions.decline_application, application, **decline) == EnrolRefusal.DECIDED
    assert Message.objects.get().words["reason"] == "All groups are full."


def test_wish_counts_leave_drafts_and_withdrawn_ones_out():
    theme = ThemeFactory()
    for state in ("sent", "waiting", "draft", "withdrawn"):
        ApplicationFactory(programme=theme.programme, state=state, wishes=[theme])

    assert queries.wish_counts(theme.programme) == {theme.pk: 2}


def test_sharing_counts_the_others_who_share_a_whole_meeting():
    theme = ThemeFactory()
    programme, person = theme.programme, PersonFactory()
    an_hour = windows.of_hours({(1, 13): 2})
    for mask in (TUESDAY_AFTERNOON, TUESDAY_AFTERNOON, an_hour):
        ApplicationFactory(programme=programme, wishes=[theme], mask=mask)
    ApplicationFactory(programme=programme, person=person, wishes=[theme], mask=TUESDAY_AFTERNOON)

    found = queries.sharing(programme, wish=theme, mask=TUESDAY_AFTERNOON, person=person)

    assert (found.sharing, found.people) == (2, 3)


def sent_draft(programme, **about):
    application = ApplicationFactory(programme=programme, state=State.DRAFT, **about)
    return actions.send_application(application, by=application.person, now=NOW)


@pytest.mark.parametrize("written", ["Ville Niemi", "niemi ville", "Aino Salo ja Ville Niemi"])
def test_send_application_suggests_a_pair_with_the_line_manager_who_mentors(written):
    programme = ProgrammeFactory()
    manager = MentorFactory(programme=programme, person__name="Ville Niemi").person

    application = sent_draft(programme, person__name="Aino Rinne", manager_name=written)

    pair = programme.kept_apart.get()
    assert {pair.first, pair.second} == {application.person, manager}
    assert pair.state == "suggested"


def test_send_application_suggests_a_pair_with_whoever_named_the_applicant():
    programme = ProgrammeFactory()
    named = ApplicationFactory(programme=programme, person__name="Aino Rinne", manager_name="Ville Niemi")
    ApplicationFactory(programme=programme, person__name="Other Person", manager_name="Liisa Niemi")

    application = sent_draft(programme, person__name="Ville Niemi")

    pair = programme.kept_apart.get()
    assert {pair.first, pair.second} == {application.person, named.person}


def test_send_application_suggests_nobody_where_nobody_bears_the_name():
    programme = ProgrammeFactory()
    MentorFactory(programme=programme, person__name="Ville Salo")
    MentorFactory(person__name="Ville Niemi")

    sent_draft(programme, manager_name="Ville Niemi")

    assert not programme.kept_apart.exists()


def test_coming_says_what_happens_until_the_answer():
    application = sent_draft(ProgrammeFactory())

    before = queries.coming(application, now=NOW)
    after = queries.coming(application, now=application.programme.enrol_closes_at + TICK)

    assert [line.state for line in before] == ["done", "now", ""]
    assert [line.state for line in after] == ["done", "done", "now"]
    assert before[2].when == "Fri 5 February"


def test_an_applicant_knows_the_groups_of_the_programme_and_may_not_edit_them(client):
    group = GroupFactory(programme=ProgrammeFactory())
    person = PersonFactory()
    save(group.programme, person)
    client.force_login(person)

    assert client.get(f"/groups/{group.uid}/edit/").status_code == 403
