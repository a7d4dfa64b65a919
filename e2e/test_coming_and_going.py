"""A mentor's link to the second person inside, a newcomer, a goodbye, a manager among us, in a browser."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.enrolments import actions
from piiri.enrolments.models import Conflict
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, JoinLink, Leaving, Membership
from piiri.groups.tests.factories import MentorFactory, PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.mail.models import Message
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.programmes.models import Coordinator, Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def year(**more) -> Programme:
    now = datetime.now(tz=UTC)
    return ProgrammeFactory(
        enrol_opens_at=now - 90 * DAY,
        enrol_closes_at=now - 60 * DAY,
        answers_by=(now - 50 * DAY).date(),
        starts_on=(now - 45 * DAY).date(),
        ends_on=(now + 200 * DAY).date(),
        **more,
    )


def running() -> Group:
    """A group that began a month ago, everybody with an application that has a place."""
    began = datetime.now(tz=UTC) - 30 * DAY
    programme = year()
    theme = ThemeFactory(programme=programme, title={"en": "First years"})
    group = RunningGroupFactory(programme=programme, theme=theme, started_at=began)
    group.memberships.update(joined_at=began - DAY, confirmed_at=began - DAY)
    for person in members_of(group):
        ApplicationFactory(programme=programme, person=person, state="placed")
    return group


def whole(page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


def people_of(group) -> str:
    return reverse("home:people", args=[group.uid])


def home_of(group) -> str:
    return reverse("home:group", args=[group.uid])


def test_mentor_opens_a_group_with_a_link_and_two_people_join_by_it(page, browser, live_server, client):
    programme = year()
    mentor = MentorFactory(programme=programme, person=PersonFactory(name="Maija Mentor")).person
    slugs = [programme.organisation.slug, programme.slug]
    began = datetime.now(tz=UTC)

    sign_in(page, client, mentor)
    page.goto(reverse("groups:offer", args=slugs))
    page.get_by_role("link", name="Open a group with a link").click()
    whole(page)
    page.get_by_label("Name of the group").fill("Beginning with a class")
    page.get_by_label("What, when and where").fill("Tuesdays at 14.30, first on 2 February.")
    page.get_by_role("button", name="Open the group").click()
    page.get_by_role("heading", name="Point your phone here to join").wait_for()
    whole(page)
    address = page.get_by_label("The link", exact=True).input_value()
    path = address[address.index("/join/") :]

    # Somebody signed in: one press.
    first = open_page(browser, live_server.url, "phone")
    sign_in(first, client, PersonFactory(name="Aino Ahola"))
    first.goto(path)
    whole(first)
    first.get_by_role("button", name="Join the group").click()
    first.get_by_text("You are in.").wait_for()
    whole(first)
    first.context.close()

    # A visitor: a name, an address, one press in the mail.
    second = open_page(browser, live_server.url, "phone")
    second.goto(path)
    whole(second)
    second.get_by_label("Your name").fill("Benjamin Björk")
    second.get_by_label("Work e-mail").fill("benjamin@city.example")
    second.get_by_role("button", name="Join the group").click()
    second.get_by_role("heading", name="Look in your mail").wait_for()
    second.goto(Message.objects.get(address="benjamin@city.example").link)
    button = second.locator("main form button[type=submit]")
    if button.count():
        button.first.click()
    second.get_by_role("heading", name="Beginning with a class").wait_for()
    second.context.close()

    assert Membership.objects.active().count() == 2
    assert JoinLink.objects.get().uses == 2
    assert datetime.now(tz=UTC) - began < timedelta(minutes=3)
    sign_in(page, client, mentor)
    page.goto(home_of(Group.objects.get()))
    page.get_by_text("2 more and you can begin").wait_for()
    whole(page)


def test_newcomer_is_welcomed_and_shown_around(page, client):
    group = running()
    group.takes_newcomers = True
    group.save()
    newcomer = PersonFactory(name="Noora New")
    link = group_actions.make_link(group, by=mentor_of(group), now=datetime.now(tz=UTC))
    actions.join_by_link(link, person=newcomer, by=newcomer, now=datetime.now(tz=UTC))

    sign_in(page, client, newcomer)
    page.goto(home_of(group))
    page.get_by_role("heading", name="Welcome to the group").wait_for()
    whole(page)

    sign_in(page, client, members_of(group)[0])
    page.goto(home_of(group))
    page.get_by_role("link", name="Show Noora New around").click()
    page.get_by_role("button", name="I show them around").click()
    page.get_by_text("You show them around.").wait_for()
    whole(page)

    sign_in(page, client, mentor_of(group))
    page.goto(home_of(group))
    whole(page)
    page.get_by_role("link", name="People", exact=True).click()
    whole(page)
    page.get_by_role("button", name="We are complete").click()
    page.get_by_text("You are complete").wait_for()


def test_member_leaves_with_a_goodbye(page, client):
    group = running()
    me, other = members_of(group)[:2]

    sign_in(page, client, me)
    page.goto(home_of(group))
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Leave the group").click()
    page.get_by_role("heading", name="Leave the group?").wait_for()
    whole(page)
    page.get_by_role("button", name="Leave the group").click()
    whole(page)
    page.get_by_label("Too much else at work").check()
    page.get_by_label("A few words to the group").fill("Thank you all, I learned a lot.")
    page.get_by_role("button", name="Leave the group").click()
    page.get_by_text("You have left the group.").wait_for()
    whole(page)

    sign_in(page, client, other)
    page.goto(home_of(group))
    page.get_by_text("Thank you all, I learned a lot.").wait_for()
    whole(page)
    assert Leaving.objects.get().reason == "workload"


def test_manager_among_us_is_told_first_and_the_office_finds_a_way(page, client):
    group = running()
    me, other = members_of(group)[:2]
    helena = PersonFactory(name="Helena Office")
    Coordinator.objects.create(programme=group.programme, person=helena, since=group.created_at)

    sign_in(page, client, me)
    page.goto(people_of(group))
    page.get_by_role("link", name="One of us has become the other’s manager").click()
    whole(page)
    page.get_by_label(other.name).check()
    page.get_by_role("button", name="Tell the office and pause").click()
    page.get_by_role("heading", name="waits for you").wait_for()
    whole(page)
    page.goto("/")
    page.get_by_text("waits for you").wait_for()
    whole(page)

    sign_in(page, client, helena)
    page.goto(reverse("enrolments:kept-apart", args=[group.programme.uid]))
    page.get_by_role("heading", name="1 person waits outside their group").wait_for()
    whole(page)
    page.get_by_role("button", name="Both agree to stay").click()
    page.get_by_text("Noted that both agree.").wait_for()

    sign_in(page, client, me)
    page.goto(home_of(group))
    page.get_by_role("heading", name="Meetings", exact=True).wait_for()


def test_somebody_is_named_and_taken_back(page, client):
    group = running()
    me, helena = members_of(group)[0], PersonFactory()
    Coordinator.objects.create(programme=group.programme, person=helena, since=group.created_at)

    sign_in(page, client, me)
    page.goto(people_of(group))
    page.get_by_role("link", name="Somebody you should not be in a group with").click()
    whole(page)
    page.get_by_label("Someone I should not be in a group with").fill("Eeva Entinen")
    page.get_by_role("button", name="Tell the office").click()
    page.get_by_role("heading", name="You have named 1 person").wait_for()
    whole(page)

    sign_in(page, client, helena)
    page.goto(reverse("enrolments:kept-apart", args=[group.programme.uid]))
    page.get_by_text("named “Eeva Entinen”").wait_for()
    whole(page)
    page.goto(reverse("enrolments:leavings", args=[group.programme.uid]))
    whole(page)

    sign_in(page, client, me)
    page.goto(reverse("enrolments:apart", args=[group.programme.organisation.slug, group.programme.slug]))
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("Taken back.").wait_for()
    assert not Conflict.objects.exists()


def test_joining_works_without_script(browser, live_server, client):
    programme = year()
    mentor = MentorFactory(programme=programme).person
    opened = actions.open_by_link(
        programme, theme=None, places=4, by=mentor, now=datetime.now(tz=UTC), title="First years"
    )
    page = open_page(browser, live_server.url, "phone", java_script_enabled=False)
    sign_in(page, client, PersonFactory())

    page.goto(reverse("enrolments:join", args=[opened.link.uid, opened.link.signature]))
    page.get_by_role("button", name="Join the group").click()

    page.get_by_role("heading", name="First years").wait_for()
    assert Membership.objects.active().count() == 1
    page.context.close()
