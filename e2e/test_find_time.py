"""Finding a time in a browser: by keyboard, by mouse, by touch, without script; booked in one press."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.base import clock
from piiri.groups.models import Group
from piiri.groups.tests.factories import ProgrammeFactory
from piiri.meetings import actions
from piiri.meetings.models import Meeting, Poll, PollAnswer
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.programmes.models import Availability

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)


@pytest.fixture
def group():
    """A running group in a programme round today, whose meetings lie between noon and six."""
    today = clock.today("Europe/Helsinki")
    programme = ProgrammeFactory(
        starts_on=today - 30 * DAY, ends_on=today + 200 * DAY, parameters={"day_from": 12, "day_to": 18}
    )
    group = RunningGroupFactory(programme=programme)
    Group.objects.filter(pk=group.pk).update(weekday=1, local_time="14:30")
    since = clock.now() - 30 * DAY
    group.memberships.update(joined_at=since, confirmed_at=since)
    group.mentorships.update(started_at=since)
    return Group.objects.select_related("programme").get(pk=group.pk)


@pytest.fixture
def poll(group):
    """About an ordinary week in which nothing is closed."""
    first = next_open_monday()
    now = clock.now()
    return actions.ask_for_time(
        group,
        first_on=first,
        last_on=first + 4 * DAY,
        minutes=90,
        form="onsite",
        answer_by=now + 2 * DAY,
        by=mentor_of(group),
        now=now,
    )


def next_open_monday() -> date:
    """A Monday of a week without public holidays."""
    from piiri.programmes.publicdays import public_holidays  # noqa: PLC0415

    day = clock.today("Europe/Helsinki") + 7 * DAY
    day -= day.weekday() * DAY
    while public_holidays(day, day + 4 * DAY, language="en"):
        day += 7 * DAY
    return day


@pytest.fixture
def opened(browser, live_server):
    pages = []

    def open_for(person, width, **context):
        page = open_page(browser, live_server.url, width, **context)
        sign_in(page, Client(), person)
        pages.append(page)
        return page

    yield open_for
    for page in pages:
        page.context.close()


def address(poll):
    return reverse("meetings:poll", args=[poll.group.uid, poll.uid])


def slot(page, weekday, clock_face):
    return page.locator(f'button.slot[aria-label^="{weekday} {clock_face},"]')


def marks_of(person):
    return PollAnswer.objects.get(person=person).marks


def whole(page):
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


def test_marked_by_keyboard_alone_and_booked_in_one_press(opened, group, poll):
    ann, mentor = members_of(group)[0], mentor_of(group)
    page = opened(ann, "desk")
    page.goto(address(poll))
    whole(page)

    page.locator("button.slot").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert slot(page, "Tuesday", "12.30").get_attribute("aria-pressed") == "true"
    assert slot(page, "Tuesday", "13.30").get_attribute("aria-label").endswith("1 of 4 can, you: works")
    page.keyboard.press("Space")  # what is marked is taken back
    page.get_by_label("Works", exact=True).focus()
    page.keyboard.press("ArrowRight")
    slot(page, "Wednesday", "14.00").focus()
    page.keyboard.press("Enter")
    assert slot(page, "Wednesday", "14.00").get_attribute("aria-pressed") == "mixed"
    page.get_by_role("button", name="Save my times").click()

    page.get_by_text("Your times are saved.").wait_for()
    marks = marks_of(ann)
    assert (marks[48 + 25 : 48 + 28], marks[96 + 28]) == ("220", "1")
    desk = opened(mentor, "desk")
    desk.goto(address(poll) + "?show=everyone")
    whole(desk)
    desk.locator('a.slot[aria-label^="Tuesday 13.00"]').click()
    desk.locator("#who").get_by_role("button", name="Book this time").click()
    desk.get_by_text("The time is booked.").wait_for()
    assert Meeting.objects.get().local_time.strftime("%H:%M") == "13:00"
    page.goto(address(poll))
    page.get_by_text("A time is booked:").wait_for()
    whole(page)


def test_painted_by_mouse_in_one_stroke(opened, group, poll):
    ann = members_of(group)[0]
    page = opened(ann, "desk")
    page.goto(address(poll))
    first, last = (
        slot(page, "Thursday", "12.30").bounding_box(),
        slot(page, "Thursday", "14.00").bounding_box(),
    )

    page.mouse.move(first["x"] + 20, first["y"] + 10)
    page.mouse.down()
    page.mouse.move(last["x"] + 20, last["y"] + 10, steps=12)
    page.mouse.up()
    page.get_by_role("button", name="Save my times").click()
    page.get_by_text("Your times are saved.").wait_for()

    assert marks_of(ann)[3 * 48 + 24 : 3 * 48 + 30] == "022220"


def test_tapped_on_a_phone_and_saved_on_the_way_to_everybody(opened, group, poll):
    ann = members_of(group)[0]
    page = opened(ann, "phone", has_touch=True)
    page.goto(address(poll))
    whole(page)

    for clock_face in ("13.00", "13.30", "14.00"):
        slot(page, "Monday", clock_face).tap()
    slot(page, "Monday", "14.00").tap()
    page.get_by_role("link", name="Everyone").tap()
    page.wait_for_url("**?show=everyone")

    assert marks_of(ann)[24:30] == "002200"


def test_marked_in_the_plain_list_without_script(opened, group, poll):
    ann = members_of(group)[0]
    page = opened(ann, "phone", java_script_enabled=False)
    page.goto(address(poll))

    page.get_by_text("Mark in a list instead").click()
    page.locator("fieldset").filter(has_text="Friday").get_by_label("13.00").select_option("works")
    page.get_by_role("button", name="Save my times").click()

    assert "Your times are saved." in page.content()
    assert marks_of(ann)[4 * 48 + 26] == "2"


def test_no_time_works(opened, group, poll):
    ann = members_of(group)[0]
    page = opened(ann, "phone")
    page.goto(address(poll))

    page.get_by_role("button", name="None of these days work").click()
    page.get_by_text("Your times are saved.").wait_for()

    assert PollAnswer.objects.get().none_work


def test_asked_for_on_a_phone_with_what_the_form_begins_with(opened, group):
    page = opened(mentor_of(group), "phone")
    page.goto(reverse("meetings:new-poll", args=[group.uid]))
    whole(page)

    page.get_by_role("button", name="Ask the group").click()
    page.get_by_text("Everybody in the group is asked by mail.").wait_for()

    assert Poll.objects.get().minutes == 120


def test_the_years_dates_are_set_in_two_taps_and_one_can_be_left_out(opened, group):
    mentor, ann = mentor_of(group), members_of(group)[0]
    mask = "".join("0" * 48 if day == 1 else "2" * 48 for day in range(7))
    Availability.objects.create(
        programme=group.programme, person=ann, mask=mask, updated_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    page = opened(mentor, "phone", has_touch=True)
    page.goto(reverse("meetings:year-dates", args=[group.uid]))
    whole(page)
    dates = page.get_by_role("checkbox").count()
    assert page.get_by_text("Person can’t").count() == dates >= 5

    page.get_by_role("checkbox").first.tap()
    page.get_by_role("button", name="Set these").tap()
    page.wait_for_url(f"**/groups/{group.uid}/")

    assert Meeting.objects.count() == dates - 1


def test_a_mentor_who_is_ill_this_morning_presses_once(opened, group):
    meeting = MeetingFactory(group=group, starts_at=clock.now() + timedelta(hours=3))
    page = opened(mentor_of(group), "phone", has_touch=True)
    page.goto(reverse("meetings:meeting", args=[meeting.uid]))
    whole(page)

    page.get_by_role("button", name="The group meets without me").tap()
    page.get_by_text("Everybody is told that you do not come.").wait_for()
    whole(page)
    page.get_by_role("button", name="Find another time").tap()
    page.get_by_text("Everybody is asked by mail for another time.").wait_for()

    meeting.refresh_from_db()
    assert meeting.convener in members_of(group)
    assert Poll.objects.get().moves == meeting


def test_ones_own_times_on_a_phone(opened, group):
    page = opened(members_of(group)[0], "phone")
    page.goto(reverse("meetings:my-times"))
    whole(page)

    page.get_by_label("Address of your calendar").fill("https://calendar.example/me.ics")
    page.get_by_role("button", name="Read this calendar").click()
    page.get_by_text("It is being read.").wait_for()
    page.get_by_label("First day").fill((clock.today("Europe/Helsinki") + 3 * DAY).isoformat())
    page.get_by_role("button", name="Note it").click()
    page.get_by_role("button", name="Take back").wait_for()
    whole(page)
