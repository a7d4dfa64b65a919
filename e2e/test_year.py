"""One programme year in a browser, in Finnish, from a city's files to the hours its employers are told.

The files are those beside the checkout (`../shared/domain/input`), else the made-up ones of the tests.
`PIIRI_SHOTS=DIR` keeps a picture of every page at both widths.
"""

from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from e2e.browser import open_page
from e2e.year import Year, as_person, city, do_now, fi, let_work, sign_in_by_mail, step_up
from piiri.base import work
from piiri.enrolments.models import Application
from piiri.formation.models import Run
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import OrganisationFactory, PersonFactory
from piiri.mail.tests.conftest import sink  # noqa: F401 - a fixture
from piiri.meetings.models import Meeting
from piiri.networks.models import OrganisationAdmin
from piiri.people.models import Person
from piiri.programmes.models import Availability, Coordinator, Programme, Theme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WISHES = 12  # where the wishes stand in a row of `taken`
SECONDS = 3  # the search; the office's own is 10


@pytest.fixture
def year(browser, live_server, client, clock_file, monkeypatch, sink):  # noqa: F811
    """An administrator of Järvilä at the desk, speaking Finnish, before anything has been set up."""
    monkeypatch.setattr(work, "start_child", do_now)
    organisation = OrganisationFactory(name={"fi": "Järvilän kaupunki"}, slug="jarvila")
    administrator = PersonFactory(
        name="Risto Kivimäki", language="fi", email="risto.kivimaki@jarvila.example"
    )
    page = open_page(browser, live_server.url, "desk", locale="fi-FI")
    year = Year(page, client, clock_file, sink.mails, city())
    year.turn_to(8, 10)
    OrganisationAdmin.objects.create(
        person=administrator, organisation=organisation, since=datetime.now(tz=UTC)
    )
    as_person(year, administrator)
    yield year
    page.context.close()


def set_up(year: Year) -> None:
    """From the city preset to a programme that is open, without changing a word."""
    page = year.page
    year.go("programmes:new")
    year.look("new")
    page.locator("input[name=preset][value=city]").check()
    year.press("Next: names")
    year.look("names")
    year.press("Make the draft")
    for step in ("rules", "themes", "dates", "words"):
        page.wait_for_url(f"**/setup/{step}/")
        year.look(step)
        page.locator("main form .btn--primary[type=submit]").last.click()
    page.wait_for_url("**/setup/check/")
    year.look("check")
    year.press("Open the programme")
    page.get_by_text(fi("The programme is open to the world.")).wait_for()
    for order, title in enumerate(year.files.themes):
        Theme.objects.create(programme=year.programme, title={"fi": title}, order=order)


def give_the_role(year: Year, email: str) -> None:
    """Make somebody coordinator, who comes by the link of the mail."""
    page = year.page
    year.go("programmes:coordinators", year.programme.uid)
    year.look("coordinators")
    page.locator("input[name=email]").fill(email)
    year.press("Give the role")
    page.get_by_text(email).first.wait_for()
    year.mails.clear()
    let_work()
    [letter] = year.mails
    sign_in_by_mail(year, letter)
    page.wait_for_url("**/office/**")


def bring(year: Year, kind: str, file: Path) -> None:
    """Upload a file and come to its report."""
    page = year.page
    year.go("enrolments:imports", year.programme.uid)
    page.locator(f"input[name=kind][value={kind}]").check()
    page.locator("input[name=file]").set_input_files(file)
    page.locator("main form[enctype] button[type=submit]").click()
    page.wait_for_url("**/imports/**")
    let_work()
    page.reload()


def take(year: Year) -> None:
    """Bring in whoever is clear, leaving open what nobody decided."""
    page = year.page
    if page.locator("input[name=leave_open]").count():
        page.locator("input[name=leave_open]").check()
    page.locator("form[action$='/take/'] button").click()
    let_work()
    page.reload()
    page.get_by_role("heading", name=fi("The file has been taken")).wait_for()


def decide(year: Year) -> None:
    """Take what is nearest to a mistyped theme; leave out what is near to none."""
    choices = year.page.locator("form[action$='/decide/'] select")
    for at in range(choices.count()):
        first = choices.nth(at).locator("option").nth(1)
        if not choices.nth(at).locator("option[value='-']").count():
            continue  # an address, which is written and not chosen
        theme = first.get_attribute("value").removeprefix("=")
        is_near = first.inner_text() == fi("%(name)s (nearest)") % {"name": theme}
        choices.nth(at).select_option(f"={theme}" if is_near else "-")
    year.press("Keep these decisions")


def taken(programme: Programme) -> list[tuple]:
    """What files brought, in words that can be compared."""
    masks = dict(Availability.objects.filter(programme=programme).values_list("person__email", "mask"))
    rows = Application.objects.filter(programme=programme).order_by("person__email")
    return [
        (
            *(one.person.email, one.person.name, one.name_as_written, one.workplace, one.job, one.years),
            *(
                one.form,
                sorted(one.languages),
                str(one.wish),
                one.contact_ok,
                one.manager_name,
                one.answered_at,
            ),
            [str(wish.theme) for wish in one.wishes.all()],
            masks.get(one.person.email),
        )
        for one in rows.select_related("person").prefetch_related("wishes__theme")
    ]


def taken_by_command(programme: Programme) -> list[tuple]:
    """What the other file brings by command; then all is as it was."""
    with transaction.atomic(), transaction.atomic(using="vault"):
        command(programme, "mentors", city().mentors)
        command(programme, "enrolments", city().xlsx)
        found = taken(programme)
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="vault")
    return found


def command(programme: Programme, kind: str, file: Path) -> None:
    try:
        call_command(
            "import", kind, str(file), "--programme", programme.slug, "--leave-open", stdout=StringIO()
        )
    except SystemExit as end:
        assert end.code == 2  # noqa: PT017 - some rows are refused in both files


def come_in(year: Year) -> Person:
    """The administrator makes somebody coordinator, who comes in by the mail; that person."""
    year.page.goto(reverse("programmes:coordinators", args=[year.programme.uid]))
    step_up(year, "Annan toimistolle sen koordinaattorin.")
    give_the_role(year, "helena.rautio@jarvila.example")
    year.look("overview-empty")
    year.page.get_by_role("link", name=fi("Say your name")).click()
    year.page.locator("input[name=name]").fill("Helena Rautio")
    year.press("Save")
    year.page.wait_for_url("**/office/**")
    return Coordinator.objects.get().person


def bring_the_files(year: Year) -> list[tuple]:
    """Mentors, then enrolments with their decisions; what was taken."""
    page, programme = year.page, year.programme
    page.goto(reverse("enrolments:imports", args=[programme.uid]))
    year.look("step-up")
    step_up(year, "Tuon kaupungin ilmoittautumiset lomakkeelta.")
    year.look("imports")
    bring(year, "mentors", year.files.mentors)
    year.look("mentors-report")
    take(year)
    bring(year, "enrolments", year.files.csv)
    year.look("report")
    decide(year)
    year.look("report-decided")
    take(year)
    year.look("taken")
    return taken(programme)


def assert_same(by_page: list[tuple], by_command: list[tuple]) -> None:
    """The same people with the same answers; only what the office decided may make a wish more."""
    assert [row[:WISHES] + row[WISHES + 1 :] for row in by_page] == [
        row[:WISHES] + row[WISHES + 1 :] for row in by_command
    ]
    for one, other in zip(by_page, by_command, strict=True):
        assert [wish for wish in one[WISHES] if wish in other[WISHES]] == other[WISHES]


def tell_and_keep_apart(year: Year) -> int:
    """Write to whom the files brought, decide about the pairs; how many mails went."""
    page = year.page
    year.go("enrolments:imports", year.programme.uid)
    year.mails.clear()
    while page.locator("form[action$='/tell/'] button").count():
        page.locator("form[action$='/tell/'] button").first.click()
        page.locator(".messages .notice").wait_for()
    let_work()
    year.go("enrolments:kept-apart", year.programme.uid)
    year.look("kept-apart")
    if page.locator("button[value=keep-all]").count():
        page.locator("button[value=keep-all]").click()
        page.locator("button[value=keep]").first.wait_for(state="detached")
    return len(year.mails)


def form_groups(year: Year) -> None:
    """Look for groups, look at the proposal."""
    page = year.page
    year.go("formation:board", year.programme.uid)
    year.look("board")
    year.press("Look for groups")
    page.wait_for_url("**/runs/**")
    year.look("run")
    Run.objects.update(seconds=SECONDS)
    let_work()
    # The page asks by itself how far the search is; to load it again would cross that.
    page.locator("a[href$='/publish/']").first.wait_for()
    year.look("proposal")


def publish(year: Year) -> list:
    """Publish; the time to take it back passes, and everybody is told; the mails."""
    page = year.page
    page.locator("a[href$='/publish/']").first.click()
    year.look("publish")
    year.press("Publish")
    page.wait_for_url("**/publishings/**")
    year.mails.clear()
    let_work()
    page.reload()
    year.look("holding")
    assert not year.mails
    year.turn_to(9, 26, hour=15)
    let_work()
    page.reload()
    year.look("told")
    return list(year.mails)


def read_ones_place(year: Year, member: Membership, letters: list) -> None:
    """A participant comes by the mail and reads when, with whom and why."""
    [letter] = [one for one in letters if one["To"] == member.person.email]
    sign_in_by_mail(year, letter)
    year.page.wait_for_url(f"**/groups/{member.group.uid}/")
    year.look("group")
    year.go("home:people", member.group.uid)
    year.look("group-people")
    shown = year.page.locator("main").inner_text()
    names = [one.person.name for one in Membership.objects.active().filter(group=member.group)]
    assert all(name in shown for name in names)
    assert member.group.local_time.strftime("%H.%M") in shown
    assert year.page.get_by_role("heading", name=fi("Why this group")).is_visible()
    year.go("home:index")
    year.look("home-participant")


def meet(year: Year, group: Group) -> Meeting:
    """The mentor sets a meeting; everybody gets it for their calendar."""
    page = year.page
    as_person(year, group.mentorships.active()[0].person)
    year.go("meetings:new", group.uid)
    year.look("new-meeting")
    page.locator("input[name=on]").fill(f"{year.files.year}-10-06")
    page.locator("input[name=at]").fill("14:30")
    year.press("Set the meeting")
    page.wait_for_url("**/meetings/**")
    year.look("meeting")
    year.mails.clear()
    let_work()
    people = group.memberships.active().count() + group.mentorships.active().count()
    kinds = [{part.get_content_type() for part in letter.walk()} for letter in year.mails]
    assert len(kinds) == people
    assert all("text/calendar" in parts for parts in kinds)
    return Meeting.objects.get()


def record(year: Year, meeting: Meeting) -> None:
    """After the meeting the mentor takes the last seat away and saves."""
    page = year.page
    year.turn_to(10, 6, 16)
    year.go("home:index")
    year.look("home-mentor")
    year.go("meetings:record", meeting.uid)
    year.look("record")
    page.locator("label.seat-toggle").last.click()
    year.press("Save the record")
    page.wait_for_url(f"**/meetings/{meeting.uid}/")
    year.look("recorded")


def count(year: Year) -> list[tuple]:
    """What the office sees, and the statement for the city as a workbook's rows."""
    page, programme = year.page, year.programme
    for name in ("desk:overview", "desk:groups", "desk:people", "hours:office"):
        year.go(name, programme.uid)
        year.look(name.replace(":", "-"))
    year.press("Write a statement")
    step_up(year, "Kaupungin tuntiselvitys henkilöstölle.")
    if not page.locator("a[href$='hours.xlsx']").count():
        year.press("Write a statement")
    with page.expect_download() as coming:
        page.locator("a[href$='hours.xlsx']").first.click()
    book = openpyxl.load_workbook(BytesIO(Path(coming.value.path()).read_bytes()))
    return list(book.active.iter_rows(values_only=True))


def test_a_year_from_a_city_s_files_to_its_hours(year):
    with year.step("set up"):
        set_up(year)
    with year.step("coordinator"):
        office = come_in(year)
    year.turn_to(9, 21)
    with year.step("by command"):
        by_command = taken_by_command(year.programme)
    with year.step("by page"):
        by_page = bring_the_files(year)
    assert len(by_page) >= 30
    assert_same(by_page, by_command)
    with year.step("told"):
        assert tell_and_keep_apart(year) > len(by_page)
    with year.step("search"):
        form_groups(year)
    with year.step("publish"):
        letters = publish(year)
    members = Membership.objects.active().select_related("person", "group").order_by("pk")
    assert len({letter["To"] for letter in letters}) >= len(by_page)

    member = members[0]
    with year.step("place"):
        read_ones_place(year, member, letters)
    with year.step("meeting"):
        meeting = meet(year, member.group)
    with year.step("record"):
        record(year, meeting)
    as_person(year, member.person)
    year.go("hours:mine")
    year.look("hours-mine")
    as_person(year, office)
    with year.step("hours"):
        rows = count(year)

    came = [row for row in rows if row[0] == member.person.name]
    assert [(row[3], row[5]) for row in came] == [(2, 2)]
    assert len(rows) == 1 + members.filter(group=member.group).count()  # the mentor came, one did not
    print(f"{members.count()} of {len(by_page)} have a place; seconds: {year.spent}")  # noqa: T201 - seen with -s
