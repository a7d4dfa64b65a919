"""A programme year under way: a city's files, its browser, its clock, its mails, a worker, who signs in."""

import os
import re
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from e2e.browser import WIDTHS, assert_no_axe_violations, assert_no_sideways_scroll, sign_in
from piiri.base import work
from piiri.people.models import Person
from piiri.programmes.models import Programme

ROOT = Path(__file__).parents[1]
SHOTS = os.environ.get("PIIRI_SHOTS", "")


class Files(NamedTuple):
    """What a city's forms gave, and the year it is for. `themes`: where they are not the preset's."""

    csv: Path
    xlsx: Path
    mentors: Path
    year: int
    themes: tuple[str, ...] = ()


def city() -> Files:
    real = ROOT.parent / "shared" / "domain" / "input"
    made_up = ROOT / "piiri" / "enrolments" / "tests" / "data"
    if real.is_dir():
        names = ("jarvila-2026-webropol.csv", "jarvila-2026-forms.xlsx", "jarvila-2026-mentors.csv")
        return Files(*(real / name for name in names), year=2026)
    names = ("koivula-webropol.csv", "koivula-forms.xlsx", "koivula-more-mentors.csv")
    themes = ("Ensimmäiset vuodet", "Arjen voimavarat", "Digi luokassa", "Oppijan tuki")
    return Files(*(made_up / name for name in names), year=2027, themes=themes)


def fi(message: str) -> str:
    """The words of the page in Finnish, or as they are while they are not translated."""
    with translation.override("fi"):
        return gettext(message)


class Year:
    """The year under way: its browser, its clock, what took how long."""

    def __init__(self, page, client, clock_file, mails: list, files: Files) -> None:
        self.page, self.client, self.clock_file, self.files = page, client, clock_file, files
        self.mails = mails  # delivered
        self.spent: dict[str, float] = {}
        self.pictures = 0

    def turn_to(self, month: int, day: int, hour: int = 9) -> None:
        """Move the clock to a day of the programme year."""
        year = self.files.year + (month < 8)
        moment = datetime(year, month, day, hour, tzinfo=UTC)
        self.clock_file.write_text(str((moment - datetime.now(tz=UTC)).total_seconds()))

    @property
    def programme(self) -> Programme:
        return Programme.objects.select_related("organisation").get()

    @contextmanager
    def step(self, name: str):
        began = time.monotonic()
        yield
        self.spent[name] = round(time.monotonic() - began, 1)

    def go(self, name: str, *args: str) -> None:
        answer = self.page.goto(reverse(name, args=args))
        assert answer.status < 400, f"{answer.url}: {answer.status}"

    def press(self, message: str) -> None:
        self.page.get_by_role("button", name=fi(message), exact=True).first.click()

    def look(self, name: str) -> None:
        """Nothing that hinders anybody at either width, and a picture where they are wanted."""
        self.pictures += 1
        self.page.wait_for_load_state()
        for width, (across, down) in WIDTHS.items():
            self.page.set_viewport_size({"width": across, "height": down})
            assert_no_sideways_scroll(self.page)
            if width == "phone":
                assert_no_axe_violations(self.page)
            if SHOTS:
                picture = Path(SHOTS) / f"{self.pictures:02d}-{name}-{across}.png"
                self.page.screenshot(path=picture, full_page=True)


class Finished:
    """A child process that is over."""

    def poll(self) -> int:
        return 0


def do_now(name: str, row) -> Finished:
    """What a worker's child does, here: another process would not find the database of the tests."""
    work.do_heavy(name, str(row._meta), row.uid)  # noqa: SLF001 - as the worker does
    return Finished()


def let_work() -> None:
    """Let a worker do all that is due."""
    worker = work.Worker()
    for _round in range(200):
        worker.asked.clear()
        if not worker.round():
            return
    pytest.fail("the work never ends")


def words(letter) -> str:
    """The plain text of a mail."""
    return letter.get_body(("plain",)).get_content()


def as_person(year: Year, person: Person) -> None:
    year.page.context.clear_cookies()
    sign_in(year.page, year.client, person)


def sign_in_by_mail(year: Year, letter) -> None:
    """Follow the link of a mail as somebody who has never been here."""
    page = year.page
    page.context.clear_cookies()
    page.goto(re.search(r"https?://[^/\s]+(/\S*)", words(letter))[1])
    page.locator("input[name=email]").fill(letter["To"])
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=code]").wait_for()
    write_code(year)


def step_up(year: Year, reason: str) -> None:
    """Tell why, and show by a fresh code that it is oneself."""
    page = year.page
    page.locator("input[name=reason]").fill(reason)
    year.press("Continue")
    if page.locator("input[name=code]").count():
        write_code(year)


def write_code(year: Year) -> None:
    """Write the code from the mail that just came."""
    year.mails.clear()
    let_work()
    # Other mails may have been due at the same moment.
    [code] = {found[0] for letter in year.mails if (found := re.search(r"\b\d{6}\b", words(letter)))}
    year.page.locator("input[name=code]").fill(code)
    year.press("Continue")
