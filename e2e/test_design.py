"""The page of all components: nothing for axe to find, and room on the narrowest screen."""

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, open_page, sign_in
from piiri.people.tests.factories import PersonFactory

LOOKS = [
    ({"color_scheme": "light"}, ()),
    ({"color_scheme": "dark"}, ()),
    ({"forced_colors": "active"}, ("color-contrast",)),
]


@pytest.mark.browser
@pytest.mark.parametrize(("look", "but"), LOOKS, ids=["light", "dark", "forced"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_design_page_is_accessible(browser, live_server, client, look, but, width):
    page = open_page(browser, live_server.url, width, **look)
    sign_in(page, client, PersonFactory(is_operator=True))

    answer = page.goto(reverse("base:design"))

    assert answer.status == 200
    assert_no_axe_violations(page, but=but)
    assert_no_sideways_scroll(page)
    page.context.close()


@pytest.mark.browser
def test_design_page_fits_320_px(browser, live_server, client):
    page = open_page(browser, live_server.url, "phone")
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, client, PersonFactory(is_operator=True))

    page.goto(reverse("base:design"))

    assert_no_sideways_scroll(page)
    page.context.close()
