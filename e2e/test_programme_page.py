"""The programme page in a browser: for everybody alike, one's own part with script and without, elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from e2e.test_enrolling import page_of, year
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import GroupFactory, PersonFactory, ThemeFactory
from piiri.programmes.models import Programme, Question
from piiri.programmes.presets import preset

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def told(**more) -> Programme:
    """A year whose page says everything it can."""
    page = preset("city").page
    programme = year(
        what=page.what,
        for_me=page.for_me,
        for_employer=page.for_employer,
        voice={"en": "I slept better.", "fi": "Nukuin paremmin."},
        voice_by={"en": "Noora, teacher", "fi": "Noora, opettaja"},
        contact_address="office@city.example",
        **more,
    )
    for order, (question, answer) in enumerate(page.questions):
        Question.objects.create(programme=programme, question=question, answer=answer, order=order)
    GroupFactory(
        programme=programme,
        state="running",
        takes_newcomers=True,
        next_at=datetime.now(tz=UTC) + timedelta(days=9),
    )
    return programme


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """The address of a site that is not ours and says `body`."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def whole(page) -> None:
    """Nothing that hinders anybody, and nothing to scroll sideways."""
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("way", ["wishes", "place", "office"])
def test_the_page_is_whole_however_places_are_given(page, way):
    programme = told(parameters={"enrol_way": way})
    full = GroupFactory(programme=programme, members=2, places=2)

    page.goto(page_of(programme))

    page.get_by_role("heading", name="What this is, and what it is not").wait_for()
    assert page.get_by_text("It is not therapy either.").is_visible()
    whole(page)
    if way == "place":
        assert (
            page.locator("li.theme", has=page.locator(f'a[href*="{full.uid}"]'))
            .get_by_text("Full.")
            .is_visible()
        )


def test_a_full_programme_is_whole(page):
    programme = year(parameters={"enrol_way": "place"})
    for group in programme.groups.all():
        group.places.all().delete()

    page.goto(page_of(programme))

    assert page.get_by_text("All places are taken for now.").is_visible()
    whole(page)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_link_shows_the_page_in_another_language(browser, live_server, language):
    page = open_page(browser, live_server.url, "phone", java_script_enabled=False)
    programme = told()
    page.goto(page_of(programme))

    page.locator(f'nav.lang a[hreflang="{language}"]').click()

    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("nav.lang a[aria-current]").get_attribute("lang") == language
    assert page.context.cookies() == []
    page.context.close()


def test_one_reads_questions_and_reaches_a_group_by_keyboard_alone(desk):
    programme = told()
    desk.goto(page_of(programme))
    question = desk.locator("summary", has_text="Does my line manager hear what I say?")
    question.focus()

    desk.keyboard.press("Enter")

    assert desk.get_by_text("They do not see the group").is_visible()
    group = desk.locator("li.theme a").first
    group.focus()
    address = group.get_attribute("href")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{address}")


def test_one_s_own_part_comes_by_itself(page, client):
    programme = told()
    hidden = ThemeFactory(programme=programme, title={"en": "Worn out"}, sensitive=True)
    GroupFactory(programme=programme, theme=hidden)
    sent = ApplicationFactory(programme=programme, person__name="Noora Salmi")
    sign_in(page, client, sent.person)

    page.goto(page_of(programme))

    page.get_by_text("Your application has been sent").wait_for()
    page.get_by_text("Worn out").wait_for()
    assert not page.get_by_role("link", name="Choose your themes").is_visible()
    assert page.get_by_text("Your account: Noora Salmi").count() == 1
    whole(page)


def test_the_language_switch_of_somebody_signed_in_comes_back_to_the_page(desk, client):
    programme = told()
    sign_in(desk, client, PersonFactory())
    desk.goto(page_of(programme))

    desk.locator("form.lang").get_by_role("button", name="FI").click()

    desk.locator('html[lang="fi"]').wait_for()
    assert desk.url.endswith(page_of(programme))


def test_without_script_one_s_own_part_is_a_page(browser, live_server, client):
    page = open_page(browser, live_server.url, "phone", java_script_enabled=False)
    programme = told()
    sent = ApplicationFactory(programme=programme)
    sign_in(page, client, sent.person)
    page.goto(page_of(programme))

    page.get_by_role("link", name="Sign in").click()

    assert page.get_by_text("Your application has been sent").is_visible()
    page.get_by_role("link", name="To the programme’s page").click()
    assert page.url.endswith(page_of(programme))
    page.context.close()


def test_the_office_is_led_to_its_office(phone, client):
    programme, office = told(), PersonFactory()
    programme.coordinators.create(person=office, since=programme.created_at)
    sign_in(phone, client, office)

    phone.goto(page_of(programme))

    phone.get_by_role("link", name="To the programme office").wait_for()
    assert not phone.get_by_role("link", name="Choose your themes").is_visible()
    whole(phone)


def test_a_long_list_is_walked_in_parts_without_script(browser, live_server):
    page = open_page(browser, live_server.url, "phone", java_script_enabled=False)
    programme = year()
    GroupFactory.create_batch(50, programme=programme, theme=programme.themes.first(), mentor=False)
    page.goto(page_of(programme))

    page.get_by_role("link", name="Part 2").click()

    assert page.locator("li.theme").count() == 3
    page.context.close()


def test_another_site_shows_the_groups(page, live_server):
    programme = told(parameters={"enrol_way": "place"})
    page.goto(page_of(programme, "embed"))
    whole(page)
    address = live_server.url + page_of(programme, "embed")
    body = f'<h1>Our site</h1><iframe title="Groups" src="{address}"></iframe>'

    with another_site(body) as elsewhere:
        page.goto(elsewhere)
        inside = page.frame_locator("iframe")
        inside.get_by_text("8 of 8 places are free").first.wait_for()
        inside.get_by_role("link", name="See the groups and how to come along").click()
        page.wait_for_url(f"**{page_of(programme)}")


def test_the_office_writes_the_words_of_the_page(page, client):
    programme, office = year(state=Programme.State.DRAFT, published_at=None), PersonFactory()
    programme.coordinators.create(person=office, since=programme.created_at)
    sign_in(page, client, office)
    page.goto(reverse("programmes:setup", args=[programme.uid, "words"]))
    whole(page)

    page.get_by_text("Why for me", exact=True).click()
    page.get_by_label("Why for me in English").fill("You are not alone.")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question in English").fill("How much?")
    page.get_by_label("Answer in English").fill("Nothing.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()
    whole(page)

    programme.refresh_from_db()
    assert str(programme.for_me) == "You are not alone."
    assert str(programme.questions.get()) == "How much?"
