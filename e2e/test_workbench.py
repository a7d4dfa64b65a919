"""Forming groups in a browser: asked for by keyboard, dragged, moved by choice, and without script."""

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.formation.models import Run
from piiri.formation.tests.factories import NEVER, world
from piiri.formation.tests.workbench import ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def whole(page: Page) -> None:
    """Nothing that hinders anybody, and nothing to scroll sideways."""
    if folder := os.environ.get("PIIRI_SHOTS"):
        name = re.sub(r"\W+", "-", page.locator("h1").last.inner_text())[:40]
        page.screenshot(path=f"{folder}/{page.viewport_size['width']}-{name}.png", full_page=True)
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


def press(page: Page, name: str, *, key: str = "Enter") -> None:
    """Go on with Tab until what has the focus is called so, then press."""
    for _ in range(120):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const at = document.activeElement; return"
            " [at.labels?.[0]?.textContent, at.title, at.textContent].map((one) => one?.trim() ?? ''); }"
        )
        if any(one.startswith(name) for one in said):
            page.keyboard.press(key)
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


@pytest.fixture
def here():
    made = world()
    for _ in range(2):
        made.offer()
    made.apply(10)
    made.apply(1, mask=NEVER)
    return made


def test_groups_are_asked_for_by_keyboard_alone(desk, client, here):
    sign_in(desk, client, here.office)
    desk.goto(reverse("formation:board", args=[here.programme.uid]))
    whole(desk)
    press(desk, "New faces", key="ArrowRight")
    press(desk, "Look for groups")
    expect(desk.get_by_role("heading", level=1)).to_have_text("The search begins in a moment")
    whole(desk)
    assert Run.objects.get().weights["new_faces"] == 3


def test_a_person_is_dragged_onto_a_group(desk, client, here):
    run = ready(here, groups=2)
    sign_in(desk, client, here.office)
    desk.goto(reverse("formation:run", args=[run.uid]))
    one, was = next(pair for pair in run.proposal["assignment"].items() if pair[1])
    to = next(uid for uid in run.proposal["assignment"].values() if uid not in (None, was))

    desk.locator(f"#s-{one}").drag_to(desk.locator(f"#g-{to} h3"))
    desk.get_by_role("dialog").get_by_role("button", name="Move").click()

    expect(desk.locator(f"#g-{to} #s-{one}")).to_be_visible()
    assert Run.objects.get().proposal["assignment"][one] == to


def test_several_are_chosen_and_moved_at_any_width(page, client, here):
    run = ready(here, groups=2)
    sign_in(page, client, here.office)
    page.goto(reverse("formation:run", args=[run.uid]))
    page.locator(".bgroup h3 a").first.click()
    page.locator("#inspector input[type=checkbox]").first.wait_for()
    for box in page.locator("#inspector input[type=checkbox]").all()[:2]:
        box.check()
    page.locator("#to-group").select_option(label="no group, free the place")
    page.locator("#inspector").get_by_role("button", name="Show what it does").click()
    expect(page.get_by_role("dialog")).to_contain_text("Free the places of 2 people?")
    whole(page)
    page.get_by_role("dialog").get_by_role("button", name="Free").click()

    expect(page.locator("#messages")).to_contain_text("Moved.")
    assert sum(group is None for group in Run.objects.get().proposal["assignment"].values()) == 3
    whole(page)


def test_what_somebody_else_changed_is_shown_in_the_dialog(desk, client, here):
    run = ready(here, groups=2)
    sign_in(desk, client, here.office)
    desk.goto(reverse("formation:run", args=[run.uid]))
    desk.locator("a.seat__disc").first.click()
    desk.locator("a.move").first.click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    Run.objects.update(version=1)
    desk.get_by_role("dialog").get_by_role("button", name="Move").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody else has changed this proposal meanwhile")
    dialog.get_by_role("button", name="Move").click()

    expect(desk.locator("#messages")).to_contain_text("Moved.")
    assert Run.objects.get().version == 2


def test_the_workbench_works_without_script(browser, live_server, client, here):
    run = ready(here, groups=2)
    page = open_page(browser, live_server.url, "phone", java_script_enabled=False)
    sign_in(page, client, here.office)
    page.goto(reverse("formation:run", args=[run.uid]))

    page.locator("a.seat__disc").first.click()
    page.locator("a.move").first.click()
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Moved. You can undo it.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The last step is undone.")).to_be_visible()
    page.context.close()

    assert Run.objects.get().version == 2
