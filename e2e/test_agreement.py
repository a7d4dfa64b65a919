"""A group agrees: by keyboard at 1280, by touch at 390; a clause changed, ready, signed, a goal agreed on."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.agreements import actions, queries
from piiri.agreements.models import Agreement, Clause, Goal
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "We ask twice before we advise."


def whole(page) -> None:
    """Nothing that hinders anybody, and nothing to scroll sideways."""
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


class Hand:
    """Reaches and presses things as somebody with a keyboard, or with a finger, would."""

    def __init__(self, page, *, touch: bool) -> None:
        self.page, self.touch = page, touch

    def press(self, role: str, name: str, *, exact: bool = False) -> None:
        thing = self.page.get_by_role(role, name=name, exact=exact)
        if self.touch:
            thing.tap()
            return
        self.reach(thing)
        self.page.keyboard.press("Space" if role == "checkbox" else "Enter")

    def reach(self, thing) -> None:
        """Tab on until the focus is there."""
        for _ in range(120):
            if thing.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not come to {thing}")


@pytest.fixture
def opened(browser, live_server):
    """Opens a page of a person at a width; closes them all."""
    pages = []

    def open_for(person, width):
        page = open_page(browser, live_server.url, width, has_touch=width == "phone")
        sign_in(page, Client(), person)
        pages.append(page)
        return Hand(page, touch=width == "phone")

    yield open_for
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_group_writes_signs_and_agrees_on_a_goal(opened, width):
    group = RunningGroupFactory(members=2)
    mentor, (first, second) = mentor_of(group), members_of(group)
    address = reverse("agreements:agreement", args=[group.uid])

    hand = opened(mentor, width)
    page = hand.page
    page.goto(address)
    whole(page)
    hand.press("button", "Begin our agreement")
    page.wait_for_url("**/draft/")
    whole(page)
    hand.press("link", "Edit: Tone")
    box = page.get_by_label("The clause")
    box.wait_for()
    assert box.evaluate("element => element === document.activeElement")
    whole(page)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(WORDS)
    hand.press("button", "Save the clause")
    page.get_by_text(WORDS).wait_for()
    edited = page.get_by_role("link", name="Edit: Tone")
    assert edited.evaluate("element => element === document.activeElement")
    assert Clause.objects.get(code="tone").text == WORDS
    hand.press("link", "Edit: Time")
    hand.press("button", "Leave the clause out")
    page.get_by_role("button", name="Put Time back").wait_for()
    assert not Clause.objects.filter(code="time").exists()
    hand.press("link", "It is ready")
    page.wait_for_url("**/ready/")
    whole(page)
    hand.press("button", "Yes, it is ready")
    page.wait_for_url(f"**{address}")

    for person in (mentor, first, second):
        hand = hand if person == mentor else opened(person, width)
        hand.page.goto(address)
        hand.press("checkbox", "I have read this and will keep to it")
        hand.press("button", f"Sign as {person.name}")
        hand.page.get_by_text("You signed on").wait_for()
    whole(hand.page)
    assert hand.page.get_by_role("heading", name="3 of 3 have signed").is_visible()
    assert queries.signed_of([group])[group.pk][:3] == (1, 3, 3)

    hand.press("link", "Suggest a goal")
    hand.page.wait_for_url("**/goals/new/")
    whole(hand.page)
    hand.reach(hand.page.get_by_label("The goal")) if width == "desk" else hand.page.get_by_label(
        "The goal"
    ).tap()
    hand.page.keyboard.type("We try one new thing.")
    hand.press("button", "Suggest it to the group")
    hand.page.get_by_text("1 of 3 has said yes").wait_for()
    for person in (mentor, first):
        hand = opened(person, width)
        hand.page.goto(address)
        whole(hand.page)
        hand.press("button", "Yes, this is my goal too")
        hand.page.get_by_role("button", name="Yes, this is my goal too").wait_for(state="detached")
    assert Goal.objects.get().state == Goal.State.AGREED

    meeting = MeetingFactory(group=group)
    hand.page.goto(reverse("meetings:meeting", args=[meeting.uid]))
    assert hand.page.get_by_text("We try one new thing.").is_visible()
    assert hand.page.get_by_text("Version 1: 3 of 3 signed").is_visible()
    whole(hand.page)


def test_the_other_pages_hinder_nobody(opened):
    now = datetime.now(tz=UTC)
    group = RunningGroupFactory(members=2)
    mentor = mentor_of(group)
    draft = actions.begin(group, by=mentor, now=now)
    actions.make_ready(draft, edits=0, meaning=True, by=mentor, now=now)
    goal = actions.suggest_goal(group, sentence=WORDS, by=mentor, now=now)
    for person in members_of(group):
        actions.agree_to_goal(goal, by=person, now=now)
    actions.write_own_goal(group, sentence=WORDS, scale=3, by=mentor, now=now)
    actions.begin(group, by=mentor, now=now)
    clause = Agreement.objects.draft().get().clauses.first()
    page = opened(mentor, "phone").page

    pages = [("history", ()), ("add-clause", ()), ("make-ready", ()), ("suggest-goal", ()), ("own-goals", ())]
    pages += [("change-clause", (clause.uid,)), ("change-goal", (goal.uid,)), ("end-goal", (goal.uid,))]
    for name, more in pages:
        page.goto(reverse(f"agreements:{name}", args=[group.uid, *more]))
        whole(page)
    page.goto(reverse("agreements:change-clause", args=[group.uid, clause.uid]))
    actions.change_clause(
        Clause.objects.select_related("agreement__group__programme").get(pk=clause.pk),
        text="Somebody was faster.",
        language="en",
        edition=1,
        by=mentor,
        now=now,
    )
    page.get_by_label("The clause").fill(WORDS)
    page.get_by_role("button", name="Save the clause").click()
    page.get_by_text("What stands there now").wait_for()
    whole(page)
    assert page.get_by_label("The clause").input_value() == WORDS
    assert page.get_by_text("Somebody was faster.").is_visible()
