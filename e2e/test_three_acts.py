"""Three acts and two mails from a link to a place or a sent application, in a browser; a page that waits."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from e2e.test_enrolling import fill_in, page_of, year
from piiri.enrolments.models import Application
from piiri.groups.models import Group
from piiri.groups.tests.factories import PersonFactory
from piiri.mail.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "noora.salmi@city.example"
State = Application.State


def place_year(**more):
    return year(parameters={"enrol_way": "place"}, **more)


def group_page(group: Group) -> str:
    programme = group.programme
    return reverse("enrolments:group", args=[programme.organisation.slug, programme.slug, group.uid])


def link() -> str:
    return str(Message.objects.filter(kind="enrolments/email/confirm").latest("pk").link)


def mails() -> list[str]:
    return [one.kind.rpartition("/")[2] for one in Message.objects.filter(address=EMAIL).order_by("pk")]


def whole(page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


class Acts:
    """A person at a browser: counts what they do beyond writing into fields."""

    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def open(self, address: str) -> None:
        self.count += 1
        self.page.goto(address)

    def press(self, name: str) -> None:
        self.count += 1
        self.page.get_by_role("button", name=name).click()


def write_place_form(page) -> None:
    page.get_by_label("Your name").fill("Noora Salmi")
    page.get_by_label("Work e-mail").fill(EMAIL)
    page.get_by_label("Workplace").fill("North School")


def test_a_place_takes_three_acts_and_two_mails(page):
    acts, group = Acts(page), place_year().groups.first()

    acts.open(group_page(group))
    whole(page)
    write_place_form(page)
    acts.press("Take a place")
    page.get_by_role("heading", name="Look in your mail").wait_for()
    whole(page)
    acts.open(link())
    page.get_by_role("heading", name="You have a place in a group").wait_for()
    whole(page)

    application = Application.objects.get()
    assert (application.state, application.unit.name) == (State.PLACED, "North School")
    assert acts.count == 3
    assert mails() == ["confirm", "place"]


def test_sent_wishes_take_three_acts_and_two_mails(page):
    acts, programme = Acts(page), year()

    acts.open(page_of(programme, "enrol"))
    whole(page)
    fill_in(page, email=EMAIL)
    acts.press("Send my wish")
    page.get_by_role("heading", name="Look in your mail").wait_for()
    acts.open(link())
    page.get_by_role("heading", name="Your application has been sent").wait_for()

    assert Application.objects.get().state == State.SENT
    assert acts.count == 3
    assert mails() == ["confirm", "received"]


@pytest.mark.parametrize("script", [True, False])
def test_on_another_device_or_without_script_it_is_one_button_more(browser, live_server, script):
    first = open_page(browser, live_server.url, "desk", java_script_enabled=script)
    group = place_year().groups.first()
    first.goto(group_page(group))
    write_place_form(first)
    first.get_by_role("button", name="Take a place").click()
    first.get_by_role("heading", name="Look in your mail").wait_for()
    other = open_page(browser, live_server.url, "phone") if script else first

    other.goto(link())
    assert other.get_by_role("heading", name="Take your place?").is_visible()
    if script:
        whole(other)
    other.get_by_role("button", name="Take my place").click()
    other.get_by_role("heading", name="You have a place in a group").wait_for()

    assert Application.objects.get().state == State.PLACED
    first.context.close()
    if script:
        other.context.close()


def test_by_keyboard_alone(phone):
    group = place_year().groups.first()
    phone.goto(group_page(group))
    for label, words in [("Your name", "Noora Salmi"), ("Work e-mail", EMAIL), ("Workplace", "Library")]:
        reach(phone, phone.get_by_label(label))
        phone.keyboard.type(words)
    reach(phone, phone.get_by_role("button", name="Take a place"))
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="Look in your mail").wait_for()
    phone.goto(link())
    phone.get_by_role("heading", name="You have a place in a group").wait_for()

    assert Application.objects.get().workplace == "Library"


def reach(page, control) -> None:
    """Press Tab until the control has the focus; the field no person sees is passed over."""
    for _time in range(40):
        if control.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert not page.evaluate("() => document.activeElement.name === 'website'")
    raise AssertionError("never reached")


def test_a_place_without_script(browser, live_server, client):
    page = open_page(browser, live_server.url, "phone", java_script_enabled=False)
    group, person = place_year().groups.first(), PersonFactory()
    sign_in(page, client, person)

    page.goto(group_page(group))
    page.get_by_label("Workplace").fill("Library")
    page.get_by_role("button", name="Take a place").click()

    page.get_by_role("heading", name="You have a place in a group").wait_for()
    assert group.places.get(membership__person=person).number == 1
    page.context.close()


def test_a_full_group_leads_to_its_list_and_to_the_next_best(page, client):
    programme, person = place_year(), PersonFactory()
    group, other = programme.groups.all()[:2]
    group.places.exclude(number=1).delete()
    take_all(group)
    sign_in(page, client, person)

    page.goto(group_page(group))
    whole(page)
    assert page.get_by_role("heading", name="The one place is taken").is_visible()
    page.get_by_role("link", name=str(other), exact=True).click()
    page.get_by_role("heading", name="8 of 8 places are free").wait_for()
    page.go_back()
    page.get_by_label("Workplace").fill("Library")
    page.get_by_role("button", name="Put me on the waiting list").click()

    page.get_by_role("heading", name="You are on the waiting list").wait_for()
    whole(page)
    assert Application.objects.get(person=person).turns.get().group == group


def take_all(group: Group) -> None:
    """Somebody in every place."""
    for place in group.places.all():
        place.membership = group.memberships.create(
            programme=group.programme,
            person=PersonFactory(),
            joined_at=group.created_at,
            confirmed_at=group.created_at,
        )
        place.save()


def test_the_waiting_page_goes_on_when_the_server_says_so(page, client):
    programme, person = place_year(), PersonFactory()
    opens_in(programme, seconds=6)
    sign_in(page, client, person)

    page.goto(group_page(programme.groups.first()))
    assert page.get_by_text("by our clock, and that clock decides.").is_visible()
    assert not page.get_by_role("button", name="Take a place").is_visible()
    whole(page)

    page.get_by_role("button", name="Take a place").wait_for(timeout=20_000)
    assert datetime.now(tz=UTC) >= programme.enrol_opens_at


def test_a_draft_written_before_the_opening_can_be_sent_when_it_opens(phone, client):
    programme, person = year(), PersonFactory()
    opens_in(programme, seconds=12)
    sign_in(phone, client, person)

    phone.goto(page_of(programme, "enrol"))
    phone.get_by_role("button", name="First years", exact=True).click()
    phone.locator('input[name=part][value="1a"]').check()
    phone.get_by_label("Workplace", exact=True).select_option(label="North School")
    assert phone.get_by_role("button", name="Save my draft").is_visible()
    whole(phone)

    phone.get_by_role("button", name="Send my wish").click(timeout=30_000)
    phone.get_by_role("heading", name="Your application has been sent").wait_for()
    assert [str(wish.theme) for wish in Application.objects.get().wishes.all()] == ["First years"]


def opens_in(programme, *, seconds: int) -> None:
    programme.enrol_opens_at = datetime.now(tz=UTC) + timedelta(seconds=seconds)
    programme.save()


@pytest.mark.parametrize("language", ["fi-FI", "sv-FI", "en-GB"])
def test_the_pages_are_whole_in_every_language(browser, live_server, language):
    page = open_page(browser, live_server.url, "phone", locale=language)
    programme = place_year()
    full = programme.groups.last()
    take_all(full)

    for address in (group_page(programme.groups.first()), group_page(full), page_of(programme, "enrol")):
        page.goto(address)
        whole(page)
    page.context.close()
