"""Every page of a made-up world as those see it who use it most: on a phone, in light and dark."""

import pytest
from django.test import Client
from django.utils import timezone

from e2e.browser import assert_no_sideways_scroll, axe_violations, open_page
from piiri.base import listing
from piiri.desk.tests import walk
from piiri.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROLES = ("coordinator", "mentor", "participant")
# A mail as it is and a part that loads by itself have no page around them; signing in as somebody else would
# end the walk.
LEFT_OUT = {"home:mail-html", "enrolments:opening", "people:demo-sign-in"}

# All that changes with the colours.
IN_THE_DARK = ("color-contrast",)


def cookie_of(person: Person) -> dict[str, str]:
    """A session of somebody who has shown a fresh code and a reason."""
    client = Client()
    client.force_login(person)
    session, now = client.session, timezone.now().isoformat()
    session["step_up"] = {"person": person.uid, "code_at": now, "reason_at": now}
    session.save()
    return {"name": "sessionid", "value": session.session_key, "domain": "localhost", "path": "/"}


def paths(told: walk.Told) -> list[str]:
    """One address of each page, with what is nearest to the first programme's first group."""
    own, found = walk.places(told)[0], []
    for door in listing.doors():
        if door.method == "GET" and door.channel == "page" and door.name not in LEFT_OUT:
            ids = walk.ids_at(told, door, own)
            found += [door.path.format(**ids)] if ids is not None else []
    return found


def handing(answer):
    return lambda route: route.fulfill(response=answer)


def test_every_page_is_whole_for_those_who_use_it(browser, live_server):
    told = walk.seeded()
    wanted, seen, wrong = paths(told), set(), []
    for role in ROLES:
        person = Person.objects.get(email=told.by_role[role]["email"])
        page = open_page(browser, live_server.url, "phone", locale="fi-FI")
        page.context.add_cookies([cookie_of(person)])
        for path in wanted:
            answer = page.request.get(path, max_redirects=0)
            if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
                continue
            page.route(path, handing(answer), times=1)  # what was just got is looked at, not asked for again
            page.goto(path)
            seen.add(path)
            assert_no_sideways_scroll(page)
            wrong += [f"{role} {path}: {one}" for one in axe_violations(page)]
            page.emulate_media(color_scheme="dark")
            wrong += [f"{role} {path} in the dark: {one}" for one in axe_violations(page, only=IN_THE_DARK)]
            page.emulate_media(color_scheme="light")
        page.context.close()

    assert not wrong, "\n".join(wrong)
    assert len(seen) > 40
