"""From the programme page to a sent application, and from a new programme to an open one, in a browser."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups.tests.factories import (
    GroupFactory,
    KeptApartFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def year(*, opens: int = -10, closes: int = 10, ends: int = 200, **more) -> Programme:
    """A programme; the days count from now."""
    now = datetime.now(tz=UTC)
    programme = ProgrammeFactory(
        organisation=UnitFactory(name="North School").organisation,
        enrol_opens_at=now + opens * DAY,
        enrol_closes_at=now + closes * DAY,
        answers_by=(now + (closes + 7) * DAY).date(),
        starts_on=(now + (closes + 10) * DAY).date(),
        ends_on=(now + ends * DAY).date(),
        **more,
    )
    for name in ("First years", "Languages", "Leading"):
        GroupFactory(programme=programme, theme=ThemeFactory(programme=programme, title={"en": name}))
    return programme


def page_of(programme: Programme, name: str = "programme") -> str:
    return reverse(f"enrolments:{name}", args=[programme.organisation.slug, programme.slug])


def pages_seen(page) -> list[str]:
    """The addresses of the pages that were shown, each once in a row; grows as the page goes on."""
    seen: list[str] = []

    def note(frame) -> None:
        path = urlsplit(frame.url).path
        if frame == page.main_frame and seen[-1:] != [path]:
            seen.append(path)

    page.on("framenavigated", note)
    return seen


def whole(page) -> None:
    """Nothing that hinders anybody, and nothing to scroll sideways."""
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


def fill_in(page, *, email: str) -> None:
    """Two wishes, Tuesday afternoons, a workplace from the list; the rest is there already or may stay."""
    for name in ("First years", "Languages"):
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name=f"Remove {name}").wait_for()
    page.get_by_role("button", name="Move Languages up").click()
    page.locator("ol.ranks li", has_text="1").get_by_text("Languages").wait_for()
    page.locator('input[name=part][value="1a"]').check()
    page.get_by_label("Your name").fill("Noora Salmi")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Workplace", exact=True).select_option(label="North School")


def code_of(email: str) -> str:
    return str(Message.objects.filter(address=email).latest("pk").words["code"])


@pytest.mark.parametrize("script", [True, False])
def test_a_visitor_has_applied_after_three_pages(browser, live_server, script):
    page = open_page(browser, live_server.url, "phone", java_script_enabled=script)
    look = whole if script else (lambda _page: None)
    programme, seen = year(), pages_seen(page)

    page.goto(page_of(programme))
    look(page)
    page.get_by_role("link", name="Choose your themes").click()
    look(page)
    fill_in(page, email="noora.salmi@city.example")
    page.get_by_role("button", name="Send my wish").click()
    page.get_by_role("heading", name="Look in your mail").wait_for()
    look(page)
    page.get_by_label("code").fill(code_of("noora.salmi@city.example"))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Your application has been sent").wait_for()
    look(page)

    application = Application.objects.get()
    assert seen == [
        page_of(programme),
        page_of(programme, "enrol"),
        page_of(programme, "code"),
        reverse("enrolments:application", args=[application.uid]),
    ]
    assert application.state == Application.State.SENT
    assert [str(wish.theme) for wish in application.wishes.all()] == ["Languages", "First years"]
    assert page.get_by_role("heading", name="What happens next").is_visible()
    page.context.close()


def test_the_form_says_what_is_missing_and_loses_nothing(phone):
    programme = year()
    phone.goto(page_of(programme, "enrol"))
    phone.get_by_label("Your name").fill("Noora Salmi")

    phone.get_by_role("button", name="Send my wish").click()

    phone.get_by_text("Nothing is lost.").wait_for()
    whole(phone)
    assert phone.get_by_label("Your name").input_value() == "Noora Salmi"


def test_an_unlisted_workplace_is_asked_for_where_it_is_missed(phone):
    phone.goto(page_of(year(), "enrol"))
    name = phone.get_by_label("Name of your workplace")
    assert not name.is_visible()

    workplace = phone.get_by_label("Workplace", exact=True)
    workplace.focus()
    workplace.select_option(label="Not in the list")

    assert name.is_visible()
    phone.keyboard.press("Tab")
    assert name.evaluate("field => field === document.activeElement")


def test_ranking_by_keyboard_keeps_the_focus(phone):
    phone.goto(page_of(year(), "enrol"))
    for name in ("First years", "Languages", "Leading"):
        phone.get_by_role("button", name=name, exact=True).focus()
        phone.keyboard.press("Enter")
        phone.get_by_role("button", name=f"Remove {name}").wait_for()
    up = phone.get_by_role("button", name="Move Leading up")
    up.focus()

    for place in (2, 1):
        phone.keyboard.press("Enter")
        phone.locator(f"ol.ranks > li:nth-child({place})", has_text="Leading").wait_for()
        assert up.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"opens": 5, "closes": 20}, "Enrolment opens on"),
        ({}, "Choose your themes"),
        ({"opens": -30, "closes": -5}, "Everybody who applied hears by"),
        ({"opens": -300, "closes": -270, "ends": -5}, "This year is over."),
    ],
)
def test_the_programme_page_is_whole_in_every_state(page, when, said):
    page.goto(page_of(year(**when)))

    assert page.locator(".hero").get_by_text(said).is_visible()
    whole(page)


def test_a_form_that_is_not_open_says_so(phone):
    phone.goto(page_of(year(opens=5, closes=20), "enrol"))

    assert phone.get_by_role("heading", name="Enrolment has not opened yet.").is_visible()
    whole(phone)


def test_a_draft_saves_itself_and_tells_who_shares_the_times(phone, client):
    programme, person = year(), PersonFactory()
    theme = programme.themes.get(title__en="First years")
    for _number in range(5):
        ApplicationFactory(programme=programme, wishes=[theme], mask=TUESDAY_AFTERNOON)
    sign_in(phone, client, person)
    phone.goto(page_of(programme, "enrol"))

    phone.get_by_role("button", name="First years", exact=True).click()
    phone.locator('input[name=part][value="1a"]').check()

    phone.locator("#sharing", has_text="5 of the 5 people").wait_for()
    whole(phone)
    assert Application.objects.get(person=person).state == Application.State.DRAFT


def test_the_applicant_s_pages_are_whole(phone, client):
    programme = year()
    sent = ApplicationFactory(
        programme=programme, wishes=list(programme.themes.all()[:2]), mask=TUESDAY_AFTERNOON
    )
    sign_in(phone, client, sent.person)

    for name in ("application", "withdraw"):
        phone.goto(reverse(f"enrolments:{name}", args=[sent.uid]))
        whole(phone)
    phone.get_by_role("button", name="Take it back").click()
    phone.get_by_text("Your application has been taken back.").wait_for()
    whole(phone)


def test_the_office_s_lists_are_whole(page, client):
    programme, office = year(), PersonFactory()
    programme.coordinators.create(person=office, since=programme.created_at)
    sent = ApplicationFactory(programme=programme, wishes=list(programme.themes.all()[:2]), job="Teacher")
    MentorFactory(programme=programme)
    KeptApartFactory(programme=programme, first=sent.person, second=PersonFactory(), state="suggested")
    group = programme.groups.first()
    sign_in(page, client, office)

    for address in (
        reverse("enrolments:applications", args=[programme.uid]),
        reverse("enrolments:applications", args=[programme.uid]) + "?q=nobody",
        reverse("enrolments:decide", args=[programme.uid]) + f"?deed=decline&pick={sent.uid}",
        reverse("enrolments:kept-apart", args=[programme.uid]),
        reverse("groups:mentors", args=[programme.uid]),
        reverse("groups:offer", args=[programme.organisation.slug, programme.slug]),
        reverse("groups:edit", args=[group.uid]),
        reverse("enrolments:cancel", args=[group.uid]),
        reverse("programmes:index"),
        reverse("programmes:close", args=[programme.uid]),
        reverse("programmes:new-event", args=[programme.uid]),
    ):
        answer = page.goto(address)
        assert answer.status == 200, address
        whole(page)


def test_a_mentor_offers_a_group(phone, client):
    programme = year()
    mentor = MentorFactory(programme=programme).person
    sign_in(phone, client, mentor)

    phone.goto(reverse("groups:offer", args=[programme.organisation.slug, programme.slug]))
    whole(phone)
    phone.get_by_label("Theme").select_option(label="Leading")
    phone.locator('input[name=part][value="2a"]').check()
    phone.get_by_role("button", name="Offer this group").click()
    phone.get_by_text("Your group is on the programme page.").wait_for()
    whole(phone)

    assert programme.groups.filter(mentorships__person=mentor, times__contains="2a").exists()


def test_a_programme_is_set_up_and_opened(page, client):
    organisation, administrator = OrganisationFactory(), PersonFactory()
    OrganisationAdmin.objects.create(
        person=administrator, organisation=organisation, since=datetime.now(tz=UTC)
    )
    sign_in(page, client, administrator)

    page.goto(reverse("programmes:new"))
    whole(page)
    page.locator("input[name=preset]").first.check()
    page.get_by_role("button", name="Next: names").click()
    whole(page)
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_role("heading", name="What this means").wait_for()
    whole(page)
    for step in ("Themes", "Dates and breaks", "Words of the page", "Check and open"):
        page.get_by_role("button", name=f"Next: {step}").click()
        page.locator(".steps [aria-current=step]", has_text=step).wait_for()
        whole(page)
    page.get_by_role("button", name="Open the programme").click()
    page.get_by_text("The programme is open to the world.").wait_for()
    whole(page)

    assert Programme.objects.get(organisation=organisation).state == Programme.State.PUBLISHED


def test_the_rules_say_at_once_what_a_press_means(desk, client):
    programme, office = year(state=Programme.State.DRAFT, published_at=None), PersonFactory()
    programme.coordinators.create(person=office, since=programme.created_at)
    sign_in(desk, client, office)
    desk.goto(reverse("programmes:setup", args=[programme.uid, "rules"]))
    more = desk.get_by_role("button", name="One more: and has at most")
    before = int(desk.get_by_label("and has at most", exact=True).input_value())

    more.click()

    desk.locator("#meaning", has_text=f"full: {before + 1}").wait_for()
    assert more.evaluate("button => button === document.activeElement")


def test_a_theme_is_moved_by_a_button_and_stays_there(desk, client):
    programme, office = year(state=Programme.State.DRAFT, published_at=None), PersonFactory()
    programme.coordinators.create(person=office, since=programme.created_at)
    sign_in(desk, client, office)
    desk.goto(reverse("programmes:setup", args=[programme.uid, "themes"]))

    up = desk.get_by_role("button", name="Move Leading up")
    up.click()
    desk.locator("#theme-1", has_text="Leading").wait_for()
    assert up.evaluate("button => button === document.activeElement")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("Saved.").wait_for()

    assert [str(theme) for theme in programme.themes.order_by("order")] == [
        "First years",
        "Leading",
        "Languages",
    ]
