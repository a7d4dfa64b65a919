"""Whoever got no place reads why, on a phone and at a desk."""

import pytest

from e2e.browser import assert_no_sideways_scroll, axe_violations, sign_in
from piiri.formation.tests.factories import world
from piiri.home.tests.test_why import left_without

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_reasons_for_no_place_are_read_on_ones_own_page(page, client):
    here = world()
    wished, other = (theme.uid for theme in here.themes)
    codes = {
        "unmet": [[1, wished, "full", 1], [2, other, "not_opened", 3]],
        "more_time": [[3, 14 * 60, 16 * 60, 1, wished], [1, 9 * 60, 11 * 60, 2, other]],
    }
    sign_in(page, client, left_without(here, codes=codes).person)

    page.goto("/")

    reasons = page.get_by_role("region", name="Why there was no place")
    assert reasons.get_by_role("listitem").count() == 4
    assert_no_sideways_scroll(page)
    assert axe_violations(page) == []
