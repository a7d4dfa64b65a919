"""Whoever got no place reads why on their own page, and what one more free time would have changed."""

import pytest
from django.urls import reverse

from piiri.formation.models import Publishing, Reason
from piiri.formation.tests.factories import NOW, RunFactory, world

pytestmark = pytest.mark.django_db


def left_without(here, *, codes, state=Publishing.State.DONE, left_out=""):
    """Somebody on the waiting list after a publishing in this state."""
    [one] = here.apply()
    one.state = "waiting"
    one.save()
    run = RunFactory(programme=here.programme, seats=[(one, None)])
    publishing = Publishing.objects.create(
        run=run, programme=here.programme, state=state, hold_until=NOW, asked_at=NOW
    )
    Reason.objects.create(
        publishing=publishing, application=one, codes=codes, state_before="sent", left_out=left_out
    )
    return one


def page_of(client, application):
    client.force_login(application.person)
    return client.get(reverse("home:index")).content.decode()


def test_index_says_why_there_was_no_place_and_what_more_time_would_have_changed(client):
    here = world()
    theme = here.themes[0]
    theme.refresh_from_db()
    codes = {
        "unmet": [[1, theme.uid, "full", 1]],
        "more_time": [[3, 14 * 60, 16 * 60, 1, theme.uid]],
    }

    page = page_of(client, left_without(here, codes=codes))

    assert f"“{theme}”: its groups are full. One person would have to move, and could." in page
    assert f"One more free time would have been enough for “{theme}”: Thursdays 14.00–16.00." in page


@pytest.mark.parametrize(
    "about",
    [{"state": Publishing.State.HOLDING}, {"state": Publishing.State.UNDONE}, {"left_out": "kept_apart"}],
)
def test_index_says_nothing_before_the_mails_go_nor_why_a_place_was_lost_meanwhile(client, about):
    here = world()
    unmet = [] if "left_out" in about else [[1, here.themes[0].uid, "full", 0]]

    page = page_of(client, left_without(here, codes={"unmet": unmet}, **about))

    assert "Why there was no place" not in page
