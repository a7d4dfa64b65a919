"""A group's year in a browser, in Finnish: forming groups, meetings, hours, joint events, statements."""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.formation import actions as formation
from piiri.formation import work
from piiri.formation.models import Publishing, Run
from piiri.formation.tests.factories import world
from piiri.groups.models import Membership
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.hours.models import Statement
from piiri.meetings.models import Meeting
from piiri.meetings.tests.factories import (
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.networks import actions as networks
from piiri.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
HELSINKI = ZoneInfo("Europe/Helsinki")


def whole(page) -> None:
    """Nothing that hinders anybody, and nothing to scroll sideways."""
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


@pytest.fixture
def opened(browser, live_server):
    """Opens a page in Finnish for a person, who has shown a fresh code and a reason; closes them all."""
    pages = []

    def open_for(person, width="phone"):
        Person.objects.filter(pk=person.pk).update(language="fi")
        page, client = open_page(browser, live_server.url, width, locale="fi-FI"), Client()
        sign_in(page, client, person)
        session, now = client.session, datetime.now(tz=UTC).isoformat()
        session["step_up"] = {"person": person.uid, "code_at": now, "reason_at": now}
        session.save()
        pages.append(page)
        return page

    yield open_for
    for page in pages:
        page.context.close()


@pytest.fixture
def group():
    """A group with a mentor and three participants, in a year that has begun, with an office."""
    now = datetime.now(tz=UTC)
    programme = ProgrammeFactory(
        title={"fi": "Vertaisryhmät"},
        languages=["fi"],
        office=PersonFactory(name="Helena Rautio"),
        enrol_opens_at=now - 90 * DAY,
        enrol_closes_at=now - 60 * DAY,
        answers_by=(now - 50 * DAY).date(),
        starts_on=(now - 40 * DAY).date(),
        ends_on=(now + 200 * DAY).date(),
    )
    theme = ThemeFactory(programme=programme, title={"fi": "Uran alussa"})
    made = RunningGroupFactory(programme=programme, theme=theme)
    made.mentorships.update(started_at=now - 30 * DAY)
    made.memberships.update(joined_at=now - 30 * DAY, confirmed_at=now - 30 * DAY)
    names = ("Aino Lehtonen", "Noora Salmi", "Elias Virtanen", "Sofia Lindgren")
    for person, name in zip([mentor_of(made), *members_of(made)], names, strict=True):
        Person.objects.filter(pk=person.pk).update(name=name)
        networks.affiliate(programme.organisation, known=networks.Known(person, name_as_written=name))
    return made


def office_of(group) -> Person:
    return group.programme.coordinators.get().person


def test_a_meeting_is_set_and_answered(opened, group):
    mentor, noora = opened(mentor_of(group)), opened(members_of(group)[0])
    day = datetime.now(tz=HELSINKI) + 7 * DAY

    mentor.goto(reverse("meetings:new", args=[group.uid]))
    whole(mentor)
    mentor.get_by_label("Päivä").fill(f"{day:%Y-%m-%d}")
    mentor.get_by_label("Alkaa klo").fill("14:30")
    mentor.get_by_label("Mistä puhutte").fill("Viestit kodeista")
    mentor.get_by_role("button", name="Sovi tapaaminen").click()
    mentor.get_by_text("Tapaaminen on sovittu.").wait_for()
    whole(mentor)
    noora.goto("/")
    whole(noora)
    noora.get_by_role("button", name="Tulossa").click()
    noora.get_by_text("Ilmoitit tulevasi.").wait_for()
    noora.get_by_role("link", name="Ryhmieni kaikki tapaamiset").click()
    noora.get_by_role("link", name="Viestit kodeista").click()
    noora.get_by_role("heading", name="1/4 on ilmoittanut tulevansa").wait_for()
    whole(noora)

    assert f"{day.day}.{day.month}. klo 14.30–" in noora.locator(".lead").inner_text()
    assert "Tulen" in noora.locator("[aria-pressed=true]").inner_text()


def test_a_meeting_is_recorded_by_touching_seats_and_counted(opened, group):
    meeting = MeetingFactory(group=group, minutes=120, starts_at=datetime.now(tz=UTC) - timedelta(hours=3))
    mentor, noora = opened(mentor_of(group)), opened(members_of(group)[0])

    mentor.goto("/")
    mentor.get_by_role("link", name="Merkitse", exact=True).click()
    whole(mentor)
    mentor.get_by_role("checkbox", name="Sofia").locator("..").click()
    mentor.get_by_role("button", name="Tallenna merkintä").click()
    mentor.get_by_role("heading", name="2/3 osallistujaa oli paikalla").wait_for()
    whole(mentor)
    noora.goto(reverse("hours:mine"))
    whole(noora)

    assert noora.locator(".big").inner_text().split() == ["2", "h", "/", "18", "h"]
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.HELD
    absent = set(members_of(group)) - {row.person for row in meeting.attendances.all()}
    assert {person.name for person in absent} == {"Sofia Lindgren"}


def test_hours_are_corrected_with_a_reason_that_the_person_reads(opened, group):
    meeting = MeetingFactory(group=group, minutes=120, starts_at=datetime.now(tz=UTC) - DAY)
    noora = members_of(group)[0]
    recorded(meeting)
    office = opened(office_of(group), "desk")

    office.goto(reverse("hours:office", args=[group.programme.uid]))
    whole(office)
    office.get_by_role("link", name=re.compile("Korjaa.*Noora Salmi")).click()
    whole(office)
    office.get_by_role("link", name=re.compile("^Korjaa")).click()
    office.get_by_label("Minuuttia").fill("90")
    office.get_by_role("button", name="Korjaa").click()
    office.get_by_text("Kirjoita, miksi korjaat tätä.").first.wait_for()
    whole(office)
    assert office.get_by_label("Minuuttia").input_value() == "90"
    office.get_by_label("Miksi").fill("Lähti puoli tuntia ennen loppua.")
    office.get_by_role("button", name="Korjaa").click()
    office.get_by_text("Korjattu.").wait_for()
    whole(office)
    page = opened(noora)
    page.goto(reverse("hours:mine"))
    whole(page)

    said = " ".join(page.locator("main").inner_text().split())
    assert "ennen 2 h, nyt 1,5 h: ”Lähti puoli tuntia ennen loppua.”" in said


def recorded(meeting) -> None:
    """Held, with everybody there."""
    Meeting.objects.filter(pk=meeting.pk).update(state="held", recorded_at=meeting.ends_at)
    for person, role in [(mentor_of(meeting.group), "mentor")] + [
        (person, "participant") for person in members_of(meeting.group)
    ]:
        meeting.attendances.create(
            person=person, role=role, minutes=meeting.minutes, marked_at=meeting.ends_at
        )


def test_the_code_at_the_door_leads_to_one_press(opened, group):
    session = SessionFactory(programme=group.programme, starts_at=datetime.now(tz=UTC))
    office, noora = opened(office_of(group), "desk"), opened(members_of(group)[0])

    office.goto(reverse("meetings:code", args=[session.uid]))
    whole(office)
    address = office.locator("p.small.muted").inner_text()
    noora.goto("/" + address.split("/", 3)[3])
    whole(noora)
    noora.get_by_role("button", name="Olen paikalla").click()
    noora.get_by_text("Olet mukana.").wait_for()
    whole(noora)
    for name in ("tables", "attendance"):
        office.goto(reverse(f"meetings:{name}", args=[session.uid]))
        whole(office)

    assert office.get_by_role("heading", name="1/4 on tullut").is_visible()
    assert office.get_by_role("checkbox", name="Noora Salmi").is_checked()


def test_a_statement_is_frozen_and_taken_out_as_a_sheet(opened, group):
    recorded(MeetingFactory(group=group, minutes=120, starts_at=datetime.now(tz=UTC) - DAY))
    office = opened(office_of(group), "desk")

    office.goto(reverse("hours:office", args=[group.programme.uid]))
    office.get_by_role("button", name="Tee tuntiselvitys").click()
    office.get_by_text("Tunnit on kirjattu").wait_for()
    whole(office)
    with office.expect_download() as download:
        office.get_by_role("link", name="XLSX").click()

    assert Statement.objects.count() == 1
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    written = {str(cell.value) for row in sheet for cell in row}
    assert {"Noora Salmi", "Aino Lehtonen"} <= written
    assert not written & {"Uran alussa", "Messages from parents"}


def test_groups_are_formed_published_and_taken_back(opened):
    here = world(themes=1)
    groups = [here.offer(), here.offer()]
    here.apply(9)
    now = datetime.now(tz=UTC)
    type(here.programme).objects.update(ends_on=(now + 200 * DAY).date())
    office = opened(here.office, "desk")

    office.goto(reverse("formation:board", args=[here.programme.uid]))
    office.get_by_role("heading", name="9 henkilöä odottaa paikkaa").wait_for()
    whole(office)
    office.get_by_role("button", name="Etsi ryhmät").click()
    office.get_by_role("heading", name="Haku alkaa hetken päästä").wait_for()
    whole(office)
    Run.objects.update(seconds=2)
    work.find_groups(Run.objects.get(), now=now)
    office.get_by_role("heading", name="henkilöllä on paikka").wait_for()
    whole(office)
    office.locator("a.seat__disc").first.click()
    office.get_by_role("heading", name="Miksi tämä paikka").wait_for()
    whole(office)
    office.get_by_role("link", name="Julkaise", exact=True).click()
    whole(office)
    office.get_by_role("button", name="Julkaise", exact=True).click()
    office.get_by_role("heading", name="Paikkoja jaetaan").wait_for()
    whole(office)
    publishing = Publishing.objects.get()
    while publishing.state == Publishing.State.PREPARING:
        formation.carry_on(publishing, now=now)
        publishing.refresh_from_db()
    office.get_by_role("heading", name="9 henkilöllä on paikka").wait_for()
    whole(office)
    sitting = Membership.objects.active().filter(group__in=groups)
    assert sitting.count() == 9
    office.get_by_role("link", name="Peru julkaisu").click()
    whole(office)
    office.get_by_role("button", name="Peru julkaisu").click()
    office.get_by_text("Kaikki on kuten ennen").wait_for()
    whole(office)

    assert not sitting.exists()
