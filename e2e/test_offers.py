"""A held place answered from the mail, one's own place in line, the office's lists: at two widths."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from e2e.browser import WIDTHS, assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.enrolments import actions, offer_link
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.tests.lists import free_a_place, full_group, stand, waiting
from piiri.groups.models import Offer
from piiri.groups.tests.factories import PersonFactory
from piiri.programmes.models import Coordinator, Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked():
    """Somebody who is asked for a place now, and waits for a theme as well."""
    now = datetime.now(tz=UTC)
    group = full_group(title="Tuesdays in Kaleva", place="Kaleva library")
    free_a_place(group)
    Programme.objects.update(
        starts_on=now.date() - timedelta(days=9),
        ends_on=now.date() + timedelta(days=99),
        answers_by=now.date(),
    )
    person = waiting(group)
    stand(person, group.theme)
    waiting(group.theme, minutes=5)
    Application.objects.update(sent_at=now, decided_at=now)
    Waiting.objects.update(since_at=now)
    actions.offer_free_places(now=now)
    return person


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("language", ["fi-FI", "sv-FI", "en-GB"])
def test_a_place_is_taken_from_the_mail_without_script(browser, live_server, asked, width, language):
    page = open_page(browser, live_server.url, width, locale=language, java_script_enabled=False)

    page.goto(offer_link.path(Offer.objects.get().uid))
    page.locator("button[value=accept]").click()

    asked.refresh_from_db()
    assert asked.state == Application.State.PLACED
    assert page.locator("button[value=accept]").count() == 0
    page.context.close()


def test_the_pages_of_an_offer_read_well(page, asked, client):
    page.goto(offer_link.path(Offer.objects.get().uid))
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)

    sign_in(page, client, asked.person)
    page.goto(reverse("enrolments:application", args=[asked.uid]))
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)

    page.get_by_role("button", name="Let it go").press("Enter")
    page.wait_for_url("**/offers/**")
    assert page.get_by_role("heading", name="You let this place go").is_visible()
    assert_no_axe_violations(page)


def test_a_list_is_left_by_keyboard(page, asked, client):
    sign_in(page, client, asked.person)
    page.goto(reverse("enrolments:application", args=[asked.uid]))

    leave = page.get_by_role("button", name="Leave this list").last
    leave.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_role("button", name="Leave this list").count() == 1
    assert asked.turns.standing().count() == 1


def test_the_office_moves_somebody_in_a_list(page, asked, client):
    theme = asked.turns.exclude(theme=None).get().theme
    later = Waiting.objects.filter(theme=theme).in_order().last()
    office = PersonFactory()
    Coordinator.objects.create(programme=asked.programme, person=office, since=datetime.now(tz=UTC))
    sign_in(page, client, office)

    page.goto(f"{reverse('enrolments:lists', args=[asked.programme.uid])}?of={theme.uid}")
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name=later.application.person.name).click()
    assert_no_axe_violations(page)
    page.get_by_label("New place in the list").fill("1")
    page.get_by_label("Why").fill("Their leave begins in May.")
    page.get_by_role("button", name="Move").click()

    assert page.get_by_text("Their leave begins in May.").is_visible()
    assert Waiting.objects.filter(theme=theme).in_order().first() == later
