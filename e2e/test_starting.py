"""The start decision in a browser: a short group is merged, one starts, one does not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups.models import Group, Offer
from piiri.groups.tests.factories import GroupFactory, PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.mail.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def whole(page) -> None:
    """Nothing that hinders anybody, and nothing to scroll sideways."""
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def programme(office):
    """On its day of decision."""
    now = datetime.now(tz=UTC)
    return ProgrammeFactory(
        office=office,
        enrol_opens_at=now - 30 * DAY,
        enrol_closes_at=now - 7 * DAY,
        answers_by=now.date(),
        starts_on=(now + 3 * DAY).date(),
        ends_on=(now + 200 * DAY).date(),
    )


def filled(programme, *, title: str, members: int, **more) -> Group:
    group = GroupFactory(
        programme=programme, title=title, members=members, language="en", state=Group.State.FORMING, **more
    )
    for one in group.memberships.all():
        ApplicationFactory(
            programme=programme,
            person=one.person,
            state=Application.State.PLACED,
            decided_at=programme.enrol_closes_at,
            wishes=[group.theme],
            mask=TUESDAY_AFTERNOON,
        )
    return group


def test_a_short_group_is_merged_after_its_members_were_asked(page, client, programme, office):
    theme = ThemeFactory(programme=programme, title={"en": "First years"})
    short = filled(programme, title="Small circle", members=3, theme=theme)
    into = filled(programme, title="Larger circle", members=4, theme=theme)
    sign_in(page, client, office)

    page.goto(reverse("enrolments:starts", args=[programme.uid]))
    page.get_by_role("heading", name="1 group can start, 1 is short of people").wait_for()
    whole(page)
    page.get_by_role("link", name=re.compile("Merge.*Small circle")).click()
    page.get_by_role("heading", name="Larger circle").wait_for()
    assert page.get_by_text("3 weekly times suit all 7").is_visible()
    whole(page)
    page.get_by_role("link", name=re.compile("See the mails.*Larger circle")).click()
    page.get_by_role("heading", name="4 mails go out").wait_for()
    assert page.get_by_text("Will you move to another group in Peer groups?").is_visible()
    assert not Offer.objects.exists()
    whole(page)
    page.get_by_role("button", name="Ask 3 participants").click()
    page.get_by_text("3 participants have been asked.").wait_for()
    whole(page)

    assert Offer.objects.open().filter(group=into, instead_of__group=short).count() == 3


@pytest.mark.parametrize("script", [True, False])
def test_a_member_moves_by_the_link_of_the_mail(browser, live_server, client, programme, office, script):
    short = filled(programme, title="Small circle", members=1)
    into = filled(programme, title="Larger circle", members=4)
    client.force_login(office)
    client.post(reverse("enrolments:merge", args=[short.uid]), {"into": into.uid})
    page = open_page(browser, live_server.url, "phone", java_script_enabled=script)

    page.goto(Message.objects.get(kind__endswith="merge_asked").link)
    page.get_by_role("heading", name="Will you move to this group?").wait_for()
    if script:
        whole(page)
    page.get_by_role("button", name="Yes, I move").click()
    page.get_by_role("heading", name="You have moved").wait_for()
    if script:
        whole(page)

    assert into.memberships.active().count() == 5
    page.context.close()


def test_all_that_have_enough_start_after_a_look_at_the_mails(page, client, programme, office):
    for number in range(2):
        filled(programme, title=f"Circle {number}", members=4)
    sign_in(page, client, office)

    page.goto(reverse("enrolments:starts", args=[programme.uid]))
    page.get_by_role("link", name="Start all 2 that have enough").click()
    page.get_by_role("heading", name="10 mails go out").wait_for()
    whole(page)
    page.get_by_role("button", name="Start 2 groups").click()
    page.get_by_text("2 groups have started.").wait_for()
    whole(page)

    assert programme.groups.running().count() == 2


def test_a_group_that_does_not_start_leads_its_people_elsewhere(page, client, programme, office):
    short = filled(programme, title="Small circle", members=2)
    GroupFactory(programme=programme, title="Open circle", language="en")
    sign_in(page, client, office)

    page.goto(reverse("enrolments:cancel", args=[short.uid]))
    whole(page)
    page.get_by_role("button", name="Call it off").click()
    page.get_by_text("The group has been called off.").wait_for()
    whole(page)
    for name in ("postpone", "close"):
        page.goto(reverse(f"enrolments:{name}", args=[programme.groups.get(title="Open circle").uid]))
        whole(page)

    told = Message.objects.filter(kind__endswith="/not_starting").first()
    sign_in(page, client, Application.objects.get(uid=told.link.split("/")[2]).person)
    page.goto(told.link)
    whole(page)
    page.get_by_role("button", name=re.compile("Take the place.*Open circle")).click()
    page.get_by_text("You have a place.").wait_for()

    assert programme.groups.get(title="Open circle").memberships.active().count() == 1
