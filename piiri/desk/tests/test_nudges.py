"""Mentors hear first, the office later; each once, kindly, and without a word of what groups are about."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.desk import actions, queries
from piiri.desk.models import Nudge, RollUp
from piiri.desk.rules import NudgeRefusal
from piiri.desk.signs import Sign
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.meetings.models import Meeting
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.programmes.models import Break

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MONDAY = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)  # nine in Helsinki
DAY = timedelta(days=1)
CANARY = "Canary"


@pytest.fixture
def helena():
    return PersonFactory(name="Helena Ranta")


@pytest.fixture
def programme(helena):
    made = ProgrammeFactory(
        office=helena, starts_on=(MONDAY - 150 * DAY).date(), ends_on=(MONDAY + 150 * DAY).date()
    )
    RollUp.objects.create(programme=made, as_of=MONDAY, rest_until=MONDAY)
    return made


@pytest.fixture
def group(programme):
    """A running group that met two weeks ago and has no next date."""
    made = RunningGroupFactory(programme=programme, members=5, title=CANARY)
    last = MONDAY - 14 * DAY
    MeetingFactory(group=made, starts_at=last, state="held", recorded_at=last, title=CANARY)
    return made


def nudges(**where):
    return list(Nudge.objects.filter(**where).order_by("pk"))


def mails(kind):
    return list(Message.objects.filter(kind=f"desk/email/{kind}").order_by("pk"))


def test_the_mentor_hears_first_by_one_mail_and_the_office_a_week_later(group):
    assert actions.look_for_signs(now=MONDAY) == 1
    [nudge] = nudges()
    assert (nudge.sign, nudge.told_mentor_at, nudge.told_office_at) == (Sign.NO_NEXT, MONDAY, None)
    [mail] = mails("nudge")
    assert (mail.person_uid, mail.link) == (mentor_of(group).uid, f"/groups/{group.uid}/signs/")
    assert mail.words == {"signs": ["no_next"]}

    for day in range(1, 7):
        actions.look_for_signs(now=MONDAY + day * DAY)
        assert nudges()[0].told_office_at is None
    actions.look_for_signs(now=MONDAY + 7 * DAY)

    assert nudges()[0].told_office_at == MONDAY + 7 * DAY
    assert len(mails("nudge")) == 1


def test_nobody_is_nudged_twice_on_one_day_in_the_evening_at_weekends_or_in_breaks(programme, group):
    for quiet in (MONDAY.replace(hour=4), MONDAY.replace(hour=19), MONDAY - DAY):
        assert actions.look_for_signs(now=quiet) == 0
    pause = Break.objects.create(
        programme=programme, title={"en": "Holiday"}, starts_on=MONDAY.date(), ends_on=MONDAY.date()
    )
    assert actions.look_for_signs(now=MONDAY) == 0
    assert not nudges()
    pause.delete()

    looked = [actions.look_for_signs(now=MONDAY + DAY + timedelta(hours=hour)) for hour in range(3)]

    assert looked == [1, 0, 0]
    assert len(mails("nudge")) == 1


def test_before_and_after_its_year_a_programme_is_left_in_peace(programme, group):
    for day in (-151, 151):
        assert actions.look_for_signs(now=MONDAY + day * DAY) == 0
    assert not nudges()


def test_when_the_reason_is_gone_the_nudge_ends_without_a_mail(group):
    actions.look_for_signs(now=MONDAY)
    MeetingFactory(group=group, starts_at=MONDAY + 10 * DAY)

    actions.look_for_signs(now=MONDAY + DAY)

    assert nudges()[0].ended_at == MONDAY + DAY
    assert len(mails("nudge")) == 1
    assert not nudges(told_office_at__isnull=False)


def test_a_sign_that_comes_again_is_a_new_nudge_but_mails_keep_a_week_apart(group):
    actions.look_for_signs(now=MONDAY)
    meeting = MeetingFactory(group=group, starts_at=MONDAY + 10 * DAY)
    actions.look_for_signs(now=MONDAY + DAY)
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")

    told = []
    for day in (2, 3, 7, 8):
        actions.look_for_signs(now=MONDAY + day * DAY)
        told.append(len(mails("nudge")))

    assert len(nudges()) == 2
    assert told == [1, 1, 2, 2]


def test_several_signs_of_a_group_are_one_mail(programme):
    group = RunningGroupFactory(programme=programme, members=2)
    for days in (70, 90):
        MeetingFactory(group=group, starts_at=MONDAY - days * DAY, state="held", recorded_at=MONDAY)

    actions.look_for_signs(now=MONDAY)

    [mail] = mails("nudge")
    assert mail.words == {"signs": ["no_next", "gap", "too_few", "no_agreement", "no_goals"]}
    assert Entry.objects.get(deed="signs_looked_for").facts["begun"] == 5


def test_where_nobody_sees_to_the_meetings_the_office_hears_at_once(programme):
    group = RunningGroupFactory(programme=programme, members=5, mentor=False)
    MeetingFactory(group=group, starts_at=MONDAY - 14 * DAY, state="held", recorded_at=MONDAY)

    actions.look_for_signs(now=MONDAY)

    assert nudges()[0].told_office_at == MONDAY
    assert not mails("nudge")


def test_in_a_group_that_runs_itself_everybody_hears(programme):
    group = RunningGroupFactory(programme=programme, members=4, mentor=False, self_run=True)
    MeetingFactory(group=group, starts_at=MONDAY - 14 * DAY, state="held", recorded_at=MONDAY)

    actions.look_for_signs(now=MONDAY)

    assert {mail.person_uid for mail in mails("nudge")} == {person.uid for person in members_of(group)}


def test_a_silenced_nudge_waits_thirty_days_and_the_office_reads_why(client, helena, programme, group):
    actions.look_for_signs(now=MONDAY)
    client.force_login(mentor_of(group))
    page = client.get(reverse("desk:signs", args=[group.uid])).content.decode()
    assert "The group has no next date yet." in page
    assert "The programme office reads this" in page
    said = {"why": "agreed", "word": "We meet again in March"}
    client.post(reverse("desk:silence", args=[group.uid, nudges()[0].uid]), said)

    for day in (7, 14, 29):
        actions.look_for_signs(now=MONDAY + day * DAY)
    assert nudges()[0].told_office_at is None
    client.force_login(helena)
    assert (
        "We meet again in March"
        in client.get(reverse("desk:overview", args=[programme.uid])).content.decode()
    )
    actions.look_for_signs(now=MONDAY + 30 * DAY)

    assert nudges(sign=Sign.NO_NEXT)[0].told_office_at == MONDAY + 30 * DAY
    assert Entry.objects.get(deed="nudge_silenced").place == group.uid


def test_what_has_ended_cannot_be_silenced(group):
    actions.look_for_signs(now=MONDAY)
    [nudge] = nudges()
    Nudge.objects.update(ended_at=MONDAY)

    with pytest.raises(Refused) as refused:
        actions.silence_nudge(nudge, why="busy", by=mentor_of(group), now=MONDAY)

    assert refused.value.reason == NudgeRefusal.ENDED


def test_only_those_who_see_to_the_meetings_read_the_signs(client, helena, programme, group):
    actions.look_for_signs(now=MONDAY)
    other = mentor_of(RunningGroupFactory(programme=programme))
    path = reverse("desk:signs", args=[group.uid])
    silence = reverse("desk:silence", args=[group.uid, nudges()[0].uid])

    for person, status in ((members_of(group)[0], 403), (helena, 403), (other, 404), (PersonFactory(), 404)):
        client.force_login(person)
        assert client.get(path).status_code == status
        assert client.post(silence, {"why": "busy"}).status_code == status
    assert nudges()[0].silenced_until is None


def test_the_overview_shows_a_group_once_the_office_is_told(client, helena, programme, group):
    MeetingFactory(group=group, starts_at=MONDAY - 90 * DAY, state="held", recorded_at=MONDAY)
    actions.look_for_signs(now=MONDAY)

    def counts():
        return queries.survey(programme, now=MONDAY)[0].reasons

    assert (counts()["no_next"], counts()["well"]) == (0, 1)
    Nudge.objects.filter(sign=Sign.NO_NEXT).update(told_office_at=MONDAY)
    assert counts()["no_next"] == 1
    Nudge.objects.update(silenced_until=MONDAY + DAY)
    assert counts()["no_next"] == 0


def test_the_office_gets_one_mail_on_mondays_with_what_needs_it(programme, helena, group):
    actions.look_for_signs(now=MONDAY)
    assert actions.write_on_mondays(now=MONDAY) == 0
    assert not mails("monday")
    Nudge.objects.update(told_office_at=MONDAY)

    times = [
        MONDAY + 6 * DAY,
        MONDAY.replace(hour=5) + 7 * DAY,
        MONDAY + 7 * DAY,
        MONDAY + 7 * DAY,
        MONDAY + 8 * DAY,
    ]
    told = [actions.write_on_mondays(now=now) for now in times]

    assert told == [0, 0, 1, 0, 0]
    [mail] = mails("monday")
    assert (mail.person_uid, mail.link) == (helena.uid, f"/office/{programme.uid}/")
    assert mail.words["todo"] == [["no_next", 1]]


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_mail_reads_well_in_every_language(language):
    nudge = letter.write(
        "desk/email/nudge", words={"signs": list(Sign)}, language=language, url="https://x.example/"
    )
    codes = ["support", "no_mentor", "stopped", "few", "quiet", "no_next", "agreement"]
    words = {"programme": {"fi": "Verme", "en": "Groups"}, "todo": [[code, 2] for code in codes]}
    monday = letter.write("desk/email/monday", words=words, language=language, url="https://x.example/")

    assert nudge.text.count("\n- ") == len(Sign)
    assert monday.text.count("\n- ") == len(codes)
    assert len(set(monday.text.split("\n"))) > len(codes)


def test_no_mail_says_what_a_group_is_about(programme, helena, group):
    actions.look_for_signs(now=MONDAY)
    Nudge.objects.update(told_office_at=MONDAY)
    actions.write_on_mondays(now=MONDAY)

    assert Message.objects.count() == 2
    for mail in Message.objects.all():
        written = letter.write(mail.kind, words=mail.words, language="en", url="https://x.example/")
        assert CANARY not in written.text + written.subject + written.html
