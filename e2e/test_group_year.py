"""A group's year in Finnish, by touch on a phone and by keyboard alone; a pair's, a self-run group's."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from e2e.year import fi, let_work
from piiri.agreements import actions as agreements
from piiri.agreements.models import Agreement, Goal
from piiri.base import clock
from piiri.groups.models import Group
from piiri.groups.tests.factories import ProgrammeFactory, ThemeFactory
from piiri.mail.models import Message
from piiri.meetings.models import Meeting
from piiri.meetings.tests.factories import RunningGroupFactory, SessionFactory, members_of, mentor_of
from piiri.people.models import Person
from piiri.programmes.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
MOST_TABS = 150
PRESSED = 300
SAID = ("Your yes is noted. Roles change once both have said yes.", "You have changed roles.")
NAMES = ("Aino Lehtonen", "Noora Salmi", "Elias Virtanen", "Sofia Lindgren")


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what the server does after a press, ten seconds at most."""
    ends = time.monotonic() + 10
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.05)
    assert is_so()


class Hands:
    """One person at one browser: what they press and write is found by what it says."""

    def __init__(self, page) -> None:
        self.page = page

    def go(self, name: str, group: Group) -> None:
        self.page.goto(reverse(name, args=[group.uid]))

    def press(self, role: str, says: str) -> None:
        self.page.get_by_role(role, name=says).first.click()

    def write(self, label: str, text: str) -> None:
        self.page.get_by_role("textbox", name=label).first.fill(text)

    def tick(self, role: str, says: str) -> None:
        self.page.get_by_role(role, name=says).locator("..").click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def phase(self) -> str:
        return self.page.locator('.phases [aria-current="step"] b').inner_text()

    def whole(self) -> None:
        """Nothing that hinders anybody, and nothing to scroll sideways."""
        self.page.wait_for_load_state()
        assert_no_axe_violations(self.page)
        assert_no_sideways_scroll(self.page)


class Keys(Hands):
    """The same without ever touching a mouse: Tab to it, then Enter or Space."""

    def reach(self, target) -> None:
        """Press Tab until the target has the focus."""
        target.wait_for()
        for _press in range(MOST_TABS):
            if target.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no key leads to {target}")

    def press(self, role: str, says: str) -> None:
        self.reach(self.page.get_by_role(role, name=says).first)
        self.page.keyboard.press("Enter")
        # A press does not wait for what it begins, as a click does.
        self.page.wait_for_timeout(PRESSED)
        self.page.wait_for_load_state("networkidle")

    def write(self, label: str, text: str) -> None:
        self.reach(self.page.get_by_role("textbox", name=label).first)
        self.page.keyboard.type(text)

    def tick(self, role: str, says: str) -> None:
        self.reach(self.page.get_by_role(role, name=says))
        self.page.keyboard.press("Space")


@pytest.fixture(params=[("phone", Hands), ("desk", Keys)], ids=["phone", "keys"])
def opened(request, browser, live_server):
    """Opens Finnish pages for people, as the parameter says; closes them all."""
    width, hands = request.param
    pages = []

    def open_for(person):
        Person.objects.filter(pk=person.pk).update(language="fi")
        page = open_page(browser, live_server.url, width, locale="fi-FI")
        sign_in(page, Client(), person)
        pages.append(page)
        return hands(page)

    yield open_for
    for page in pages:
        page.context.close()


@pytest.fixture
def turn(clock_file):
    """Moves the clock on to so many days after today."""
    began = datetime.now(tz=UTC)

    def to(days: float) -> None:
        clock_file.write_text(str((began + days * DAY - datetime.now(tz=UTC)).total_seconds()))

    return to


def running(**more) -> Group:
    """A group that begins today, in a year of 280 days with a joint closing ten days before its end."""
    now = datetime.now(tz=UTC)
    programme = ProgrammeFactory(
        title={"fi": "Vertaisryhmät"},
        languages=["fi"],
        enrol_opens_at=now - 90 * DAY,
        enrol_closes_at=now - 60 * DAY,
        answers_by=(now - 50 * DAY).date(),
        starts_on=(now - DAY).date(),
        ends_on=(now + 280 * DAY).date(),
        parameters={"swap": True},
    )
    SessionFactory(programme=programme, kind=Event.Kind.CLOSING, starts_at=now + 270 * DAY)
    theme = ThemeFactory(programme=programme, title={"fi": "Uran alussa"})
    group = RunningGroupFactory(programme=programme, theme=theme, started_at=now, **more)
    group.memberships.update(joined_at=now - DAY)
    group.mentorships.update(started_at=now - DAY)
    people = [*[seat.person for seat in group.mentorships.all()], *members_of(group)]
    for person, name in zip(people, NAMES, strict=False):
        Person.objects.filter(pk=person.pk).update(name=name)
    Group.objects.filter(pk=group.pk).update(weekday=1, local_time="14:30")
    return Group.objects.select_related("programme", "theme").get(pk=group.pk)


def title(message: str) -> str:
    """A phase's name in Finnish."""
    return fi(f"phase\x04{message}").removeprefix("phase\x04")


def begin(lead: Hands, group: Group) -> None:
    """The first date by the group's own rhythm, in one press."""
    lead.go("home:group", group)
    assert lead.phase() == title("Preparing")
    lead.whole()
    lead.press("button", fi("Book it"))
    until(lambda: group.meetings.count() == 1)
    lead.go("home:group", group)
    assert lead.phase() == title("Negotiating")
    assert group.meetings.get().state == Meeting.State.PLANNED


def agree(lead: Hands, other: Hands, group: Group) -> None:
    """Agreement and one goal; who is not at a browser here says yes all the same."""
    lead.press("link", fi("Open the agreement"))
    lead.whole()
    lead.press("button", fi("Begin our agreement"))
    lead.press("link", fi("It is ready"))
    lead.press("button", fi("Yes, it is ready"))
    until(lambda: Agreement.objects.standing().filter(group=group).exists())
    for hands in (lead, other):
        hands.go("agreements:agreement", group)
        hands.tick("checkbox", fi("I have read this and will keep to it"))
        hands.press("button", fi("Sign as %(name)s").partition("%")[0].strip())
        hands.page.locator("#sign .notice").first.wait_for()
        hands.whole()
    lead.press("link", fi("Suggest a goal"))
    lead.write(fi("The goal"), "Kokeilemme yhtä uutta aloitusta")
    lead.press("button", fi("Suggest it to the group"))
    until(lambda: Goal.objects.filter(group=group).exists())
    other.go("agreements:agreement", group)
    other.press("button", fi("Yes, this is my goal too"))
    other.page.get_by_role("button", name=fi("Yes, this is my goal too")).wait_for(state="detached")


def others_agree(group: Group, but: list[Person]) -> None:
    """Those who are not at a browser sign and say yes."""
    for person in members_of(group):
        if person not in but:
            number = Agreement.objects.standing().get(group=group).number
            agreements.sign(group, number=number, by=person, now=clock.now())
            agreements.agree_to_goal(Goal.objects.get(group=group), by=person, now=clock.now())


def meet(lead: Hands, group: Group, turn) -> None:
    """The meeting that is next takes place and is recorded by touching seats."""
    meeting = group.meetings.get(state=Meeting.State.PLANNED)
    turn((meeting.ends_at - datetime.now(tz=UTC)) / DAY + 0.1)
    lead.go("home:group", group)
    lead.press("link", fi("Record"))
    lead.whole()
    lead.press("button", fi("Save the record"))
    lead.page.wait_for_url(f"**/meetings/{meeting.uid}/")
    assert Meeting.objects.get(pk=meeting.pk).state == Meeting.State.HELD


def test_a_group_s_year_from_the_first_date_to_the_closing(opened, turn):
    group = running()
    mentor, noora = opened(mentor_of(group)), opened(members_of(group)[0])

    begin(mentor, group)
    agree(mentor, noora, group)
    others_agree(group, but=members_of(group)[:1])
    meet(mentor, group, turn)
    mentor.go("home:group", group)
    assert mentor.phase() == title("Enabling growth")
    mentor.sees("Kokeilemme yhtä uutta aloitusta")
    mentor.whole()

    mentor.press("button", fi("Book it"))
    until(lambda: group.meetings.filter(state=Meeting.State.PLANNED).count() == 1)
    noora.page.goto("/")
    noora.whole()
    noora.press("button", fi("Coming"))
    noora.sees(fi("You said you are coming."))

    turn(245)
    meet_late(mentor, group)
    mentor.go("home:group", group)
    assert mentor.phase() == title("Closing")
    mentor.sees(fi("Gather what you learned"))
    mentor.whole()


def meet_late(lead: Hands, group: Group) -> None:
    """What was forgotten is recorded from the page of one's own."""
    lead.page.goto("/")
    lead.whole()
    lead.press("link", fi("Record"))
    lead.press("button", fi("Save the record"))
    lead.page.wait_for_url("**/meetings/*/")


def test_a_pair_s_year_begins_with_the_mentor_s_first_step_and_swaps_half_way(opened, turn):
    group = running(guidance="pair", places=1, members=1)
    mentor, other = mentor_of(group), members_of(group)[0]
    lead, follows = opened(mentor), opened(other)

    turn(4)
    let_work()
    assert Message.objects.filter(kind="meetings/email/first_step", person_uid=mentor.uid).count() == 1
    lead.go("home:group", group)
    lead.sees(fi("You and %(name)s") % {"name": "Noora"})
    lead.sees(fi("Take the first step"))
    lead.whole()
    lead.press("button", fi("Book it"))
    until(lambda: group.meetings.count() == 1)

    turn(150)
    for hands in (follows, lead):
        hands.go("home:group", group)
        hands.press("button", fi("Yes, let us change roles"))
        hands.sees(fi(SAID[hands is lead]))
    lead.sees(fi("You have changed roles."))
    lead.whole()
    assert group.mentorships.active().get().person == other

    lead.go("home:people", group)
    lead.press("link", fi("End the pair early: nobody is at fault"))
    lead.sees(fi("End the pair early?"))
    lead.whole()


def test_a_self_run_group_takes_turns(opened, turn):
    group = running(mentor=False, self_run=True)
    first, second, _third = members_of(group)
    one, two = opened(first), opened(second)

    one.go("home:group", group)
    one.whole()
    one.press("button", fi("Book it"))
    until(lambda: group.meetings.count() == 1)
    let_work()
    meeting = group.meetings.get()
    assert meeting.convener == first

    two.page.goto(reverse("meetings:meeting", args=[meeting.uid]))
    two.whole()
    two.press("button", fi("I take it"))
    two.sees(fi("It is your turn now: you see to this meeting. Thank you."))
    meeting.refresh_from_db()
    assert meeting.convener == second
    turn(300)
    two.go("home:group", group)
    assert two.phase() == title("Closing")
    two.whole()
