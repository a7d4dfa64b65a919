"""A line manager without account or script: from the link of a mail to an answer, by keyboard."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from e2e.browser import WIDTHS, assert_no_axe_violations, assert_no_sideways_scroll, open_page
from piiri.desk.tests import walk
from piiri.enrolments import actions, links
from piiri.enrolments.models import Application, Approval, LineManager
from piiri.mail.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager():
    """Of a running programme of the made-up world: told, asked, answered; and one more who asks."""
    told = walk.seeded()
    row = told.first("manager", programme=told.by_role["mentor"]["programme"])
    manager = LineManager.objects.select_related("programme").get(uid=row["id"])
    manager.programme.parameters |= {"manager": "approve"}
    manager.programme.save()
    another = Application.objects.standing().filter(programme=manager.programme, approvals=None).first()
    another.manager_email = manager.email
    actions.tell_manager(another, by=another.person, now=timezone.now() - timedelta(days=1))
    return manager


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manager_answers_by_keyboard_without_script(browser, live_server, manager, width):
    page = open_page(browser, live_server.url, width, java_script_enabled=False)
    link = Message.objects.get(kind="enrolments/email/manager_asked").link
    assert link == links.manager_path(manager)

    page.goto(f"{link}?lang=en")
    assert page.get_by_role("heading", level=1).inner_text() == "2 of your staff ask for time"
    one = Approval.objects.filter(state="asked", manager=manager).order_by("asked_at").first()
    name = one.application.name_as_written
    page.get_by_role("button", name=re.compile(f"Yes, this is possible.*{name}")).focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**said=yes**")
    assert page.get_by_role("status").inner_text() == "Thank you. Your answer is written down."
    assert "Can " in page.get_by_role("heading", level=1).inner_text()
    one.refresh_from_db()
    assert one.state == "approved"
    page.locator("#asked ~ form summary, section.card--now summary").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("No substitute can be found").first.check()
    page.get_by_role("button", name=re.compile("Say that it is not possible")).first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**said=no**")
    assert Approval.objects.filter(state="declined", reason="cover", answered_at__gt=one.answered_at).exists()
    assert page.context.cookies() == []
    page.context.close()


def test_the_page_is_whole_in_three_languages(page, manager):
    for language in ("fi", "sv", "en"):
        page.goto(f"{links.manager_path(manager)}?lang={language}")
        page.locator("details").first.evaluate("one => { one.open = true; }")

        assert page.locator("html").get_attribute("lang") == language
        assert_no_sideways_scroll(page)
        assert_no_axe_violations(page)
