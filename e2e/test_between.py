"""What a group has between its meetings, and a talk in confidence, in a browser."""

import pytest
from django.urls import reverse

from e2e.browser import assert_no_axe_violations, assert_no_sideways_scroll, sign_in
from piiri.desk.models import SupportLine
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.notes.models import Line
from piiri.notes.tests.factories import LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def group():
    contact = PersonFactory(name="Helena Rautio")
    return RunningGroupFactory(programme=ProgrammeFactory(office=contact, contact_person=contact))


def whole(page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


def test_a_member_writes_votes_and_puts_in_a_file(page, live_server, client, group, tmp_path):
    sign_in(page, client, members_of(group)[0])
    first = LineFactory(group=group, kind="topic", text="Evenings", author=mentor_of(group))
    second = LineFactory(group=group, kind="topic", text="Mornings", author=mentor_of(group))
    page.goto(reverse("notes:board", args=[group.uid]))
    whole(page)
    page.get_by_label("What do you want to say to your group?").fill("Thank you for yesterday")
    page.get_by_role("button", name="Put it on the board").click()
    page.get_by_text("Thank you for yesterday", exact=True).wait_for()
    whole(page)

    page.get_by_role("link", name="Topics").click()
    page.locator(f"#vote-{second.uid}").focus()
    page.keyboard.press("Enter")
    page.locator(f"#vote-{second.uid}[aria-pressed=true]").wait_for()
    # The voted one comes first now, and the keyboard is still where it was.
    assert page.evaluate("document.activeElement.id") == f"vote-{second.uid}"
    places = page.locator("#topics article").evaluate_all("all => all.map(one => one.id)")
    assert places == [f"l-{second.uid}", f"l-{first.uid}"]
    whole(page)

    page.get_by_role("link", name="Links and files").click()
    page.get_by_text("Put in a file").click()
    page.get_by_role("button", name="Put in the file").click()
    page.get_by_text("Choose a file.").wait_for()
    whole(page)
    path = tmp_path / "plan.txt"
    path.write_bytes(b"Three questions")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Put in the file").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="plan.txt", exact=True).click()
    assert taken.value.path().read_bytes() == b"Three questions"
    assert taken.value.suggested_filename == "plan.txt"


def test_everybody_lets_a_line_out_and_somebody_talks_in_confidence(phone, live_server, client, group):
    line = LineFactory(group=group, text="Begin with a minute of silence")
    for person in [*members_of(group), mentor_of(group)]:
        sign_in(phone, client, person)
        phone.goto(reverse("notes:board", args=[group.uid]))
        if Line.objects.get(pk=line.pk).proposed_at:
            phone.get_by_role("button", name="Yes, it may leave").click()
        else:
            phone.get_by_role("link", name="May this leave the group?").click()
            whole(phone)
            phone.get_by_role("button", name="Say yes and ask the others").click()
        phone.get_by_text("Take it back into the group").or_(phone.get_by_text("have said yes")).wait_for()
        whole(phone)
    phone.goto(reverse("notes:released", args=[group.programme.uid]))
    phone.get_by_text("Begin with a minute of silence").wait_for()

    phone.goto(reverse("desk:ask-support", args=[group.uid]))
    whole(phone)
    phone.get_by_label("What would you like to talk about?").fill("How do I begin?")
    phone.get_by_role("button", name="Send in confidence").click()
    phone.get_by_role("heading", name="Between you and Helena Rautio").wait_for()
    whole(phone)
    assert SupportLine.objects.get().text == "How do I begin?"
