"""What the shell's script does with answers to htmx: a line among the messages, never a page in a page."""

import pytest

BUTTON = """() => {
  const main = document.querySelector('#main');
  main.insertAdjacentHTML('beforeend',
    '<div id="place">kept</div><button hx-get="/try/" hx-target="#place">Try</button>');
  htmx.process(main);
}"""
PAGE = "<!DOCTYPE html><html><body>a whole page</body></html>"


def answer_with(page, **answer: object) -> None:
    page.route("**/try/", lambda route: route.fulfill(content_type="text/html", **answer))
    page.goto("/about/privacy/")
    page.evaluate(BUTTON)
    page.get_by_role("button", name="Try").click()


@pytest.mark.browser
def test_a_fragment_takes_its_place(phone):
    answer_with(phone, body="fresh")

    phone.locator("#place", has_text="fresh").wait_for()


@pytest.mark.browser
def test_a_refusal_goes_among_the_messages(phone):
    headers = {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"}
    answer_with(phone, status=422, headers=headers, body='<div class="notice">The group is full.</div>')

    phone.locator("#messages", has_text="The group is full.").wait_for()
    assert phone.locator("#place").inner_text() == "kept"


@pytest.mark.browser
@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_page_for_what_went_wrong_leaves_the_content(phone, status):
    answer_with(phone, status=status, body=PAGE)

    phone.locator("#messages .notice").wait_for()
    assert phone.locator("#place").inner_text() == "kept"


@pytest.mark.browser
def test_a_door_that_sends_on_is_followed(phone):
    phone.goto("/about/privacy/")
    phone.evaluate(BUTTON.replace("/try/", "/account/"))
    phone.get_by_role("button", name="Try").click()

    phone.wait_for_url("**/sign-in/**")
