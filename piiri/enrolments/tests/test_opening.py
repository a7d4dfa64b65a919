"""Before enrolment opens: a page that waits by the server's clock, and drafts that are ready."""

from datetime import timedelta

import pytest
from django.urls import reverse

from piiri.enrolments import queries
from piiri.enrolments.models import Application
from piiri.enrolments.tests.test_enrol_pages import address, answers
from piiri.groups.tests.factories import (
    GroupFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Application.State
SECOND = timedelta(seconds=1)


@pytest.fixture
def programme(clock):
    """A programme that opens in ten minutes."""
    unit = UnitFactory()
    row = ProgrammeFactory(organisation=unit.organisation, parameters={"enrol_way": "place"})
    ThemeFactory.create_batch(3, programme=row)
    clock.move_to(row.enrol_opens_at - timedelta(minutes=10))
    return row


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3), "in 3 days"),
        (timedelta(hours=47), "in 47 hours"),
        (timedelta(minutes=61), "in 61 minutes"),
        (timedelta(seconds=121), "in 3 minutes"),
        (timedelta(seconds=119), "in 119 seconds"),
        (timedelta(microseconds=1), "in 1 second"),
        (timedelta(0), "now"),
        (-SECOND, "now"),
    ],
)
def test_opening_promises_nothing_too_early(programme, left, words):
    assert queries.opening(programme, now=programme.enrol_opens_at - left).words == words


def test_the_fragment_tells_the_server_s_clock_to_everybody(client, programme, clock):
    path = address(programme, "opening")

    before = client.get(path)
    clock.move_to(programme.enrol_opens_at)
    after = client.get(path)

    assert 'data-seconds="600"' in before.content.decode()
    assert "in 10 minutes" in before.content.decode()
    assert 'data-seconds="0"' in after.content.decode()
    assert "Cookie" in before["Vary"]
    assert "max-age=1" in before["Cache-Control"]


def test_a_draft_programme_has_no_opening(client, programme):
    programme.state = "draft"
    programme.save()

    assert client.get(address(programme, "opening")).status_code == 404


def test_a_visitor_is_asked_to_sign_in_and_get_ready(client, programme):
    page = client.get(address(programme)).content.decode()

    assert "Enrolment has not opened yet." in page
    assert f'href="{reverse("people:sign-in")}?next={address(programme)}"' in page
    assert "data-opening" in page


def test_a_draft_is_written_before_the_opening_and_sent_after_it(client, programme, clock):
    person = PersonFactory()
    client.force_login(person)

    early = client.post(address(programme), answers(programme))
    draft = Application.objects.get()
    page = client.get(address(programme)).content.decode()
    clock.move_to(programme.enrol_opens_at)
    late = client.post(address(programme), answers(programme))

    assert (early.status_code, draft.state, draft.wishes.count()) == (409, State.DRAFT, 2)
    assert ("Save my draft" in page, 'value="send"' in page) == (True, False)
    assert late.status_code == 302
    assert Application.objects.get().state == State.WAITING


def test_a_group_s_page_waits_and_gives_no_place_before_the_opening(client, programme, clock):
    group = GroupFactory(programme=programme)
    client.force_login(PersonFactory())
    page = reverse("enrolments:group", args=[programme.organisation.slug, programme.slug, group.uid])
    told = {"key": "abcdefgh23456722", "workplace": "Library"}

    waiting, early = client.get(page).content.decode(), client.post(f"{page}take/", told)
    clock.move_to(programme.enrol_opens_at)

    assert "in 10 minutes" in waiting
    assert "Take a place" not in waiting
    assert early.status_code == 409
    assert client.post(f"{page}take/", told).status_code == 302
