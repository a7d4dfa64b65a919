"""The office at work in a browser: the table, a decision about many, figures; on a phone and at a desk."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.browser import assert_no_axe_violations, sign_in
from e2e.test_enrolling import year
from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import PersonFactory
from piiri.mail.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
State = Application.State


def fits(page: Page) -> None:
    """No sideways scroll, and nothing axe objects to."""
    wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, page.url
    assert_no_axe_violations(page)


@pytest.fixture
def programme():
    row = year()
    row.parameters = row.parameters | {"enrol_way": "office"}
    row.save()
    return row


@pytest.fixture
def office(programme):
    person = PersonFactory()
    programme.coordinators.create(person=person, since=programme.created_at)
    return person


def applied(programme, number):
    themes = list(programme.themes.all())
    return [
        ApplicationFactory(programme=programme, wishes=themes[:2], order=place, job="Teacher")
        for place in range(1, number + 1)
    ]


def test_the_office_places_people_in_a_few_presses(page, client, programme, office):
    first, second, third = applied(programme, 3)
    sign_in(page, client, office)
    page.goto(reverse("enrolments:applications", args=[programme.uid]))
    fits(page)

    for one in (first, second):
        page.get_by_label(f"Choose {one.person.name}", exact=True).check()
    page.get_by_role("button", name="Place into a group").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Place 2 people into a group?")
    fits(page)
    page.get_by_role("button", name="Show the mail").click()
    expect(page.get_by_text("You have a place").first).to_be_visible()
    fits(page)
    assert not Message.objects.exists()
    page.get_by_role("button", name="Give 2 people a place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 people have a place now.")
    fits(page)
    page.get_by_role("link", name="Back to the applications").click()

    states = {one.pk: one.state for one in programme.applications.all()}
    assert states == {first.pk: State.PLACED, second.pk: State.PLACED, third.pk: State.SENT}


def test_all_that_fit_are_told_no_with_a_reason_they_read(page, client, programme, office):
    applied(programme, 3)
    sign_in(page, client, office)
    page.goto(reverse("enrolments:applications", args=[programme.uid]) + "?state=sent")

    page.get_by_label(re.compile("all 3 that fit")).check()
    page.get_by_role("button", name="Say no", exact=True).click()
    page.get_by_role("button", name="Show the mail").click()
    fits(page)
    expect(page.get_by_text("Write a sentence the person can do something with.").first).to_be_visible()
    page.get_by_label("The reason").fill("There are more wishes than places this year.")
    page.get_by_role("button", name="Show the mail").click()
    expect(page.get_by_text("There are more wishes than places this year.").first).to_be_visible()
    page.get_by_role("button", name="Write something else").click()
    page.get_by_label("The reason").fill("Every group is full this year, sadly.")
    page.get_by_role("button", name="Show the mail").click()
    page.get_by_role("button", name="Say no to 3 people").click()
    expect(page.get_by_text("3 people have been told").first).to_be_visible()

    assert {one.state for one in programme.applications.all()} == {State.DECLINED}
    assert Message.objects.count() == 3


def test_the_table_works_by_keyboard_alone(desk, client, programme, office):
    [one] = applied(programme, 1)
    sign_in(desk, client, office)
    desk.goto(reverse("enrolments:applications", args=[programme.uid]))

    desk.get_by_label("Name, address or workplace").focus()
    desk.keyboard.type(one.person.name)
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile("q="))
    desk.get_by_label(f"Choose {one.person.name}", exact=True).focus()
    desk.keyboard.press("Space")
    for _press in range(30):
        desk.keyboard.press("Tab")
        if desk.evaluate("() => document.activeElement.value") == "decline":
            break
    desk.keyboard.press("Enter")

    expect(desk.get_by_role("heading", level=1)).to_contain_text(f"No place for {one.person.name} this time?")


def test_the_pages_work_without_script(browser, live_server, client, programme, office):
    [one] = applied(programme, 1)
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    sign_in(page, client, office)
    page.goto(reverse("enrolments:applications", args=[programme.uid]))

    page.get_by_role("link", name="Choose all on this page").click()
    assert page.get_by_label(f"Choose {one.person.name}", exact=True).is_checked()
    page.get_by_role("button", name="Put on the waiting list").click()
    page.get_by_role("button", name="Put 1 person on the list").click()
    expect(page.get_by_text("1 person stands in the waiting lists now.").first).to_be_visible()
    context.close()

    one.refresh_from_db()
    assert one.state == State.WAITING


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_figures_and_one_application_are_whole(page, client, programme, office, language):
    [one, *_others] = applied(programme, 7)
    office.language = language
    office.save()
    sign_in(page, client, office)

    for address in (
        reverse("enrolments:demand", args=[programme.uid]),
        reverse("enrolments:coverage", args=[programme.uid]),
        reverse("enrolments:office-application", args=[programme.uid, one.uid]),
        reverse("enrolments:applications", args=[programme.uid]) + "?times=none",
    ):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        fits(page)
