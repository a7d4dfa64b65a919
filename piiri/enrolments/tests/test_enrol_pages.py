"""Enrolling through its doors: without script, without an account, in three pages."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups.tests.factories import (
    GroupFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.networks.models import OrganisationAdmin
from piiri.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Application.State


@pytest.fixture
def programme():
    unit = UnitFactory()
    row = ProgrammeFactory(organisation=unit.organisation)
    ThemeFactory.create_batch(3, programme=row)
    return row


def address(programme, name="enrol"):
    return reverse(f"enrolments:{name}", args=[programme.organisation.slug, programme.slug])


def newest_code():
    return Message.objects.filter(kind="enrolments/email/confirm").latest("pk").words["code"]


def answers(programme, **more):
    themes = list(programme.themes.all())
    unit = programme.organisation.units.get()
    whole = {
        "wishes": [themes[1].uid, themes[0].uid],
        "part": ["1a"],
        "unit": unit.uid,
        "job": "Teacher",
        "years": "4",
        "way": "onsite",
        "languages": ["fi", "en"],
        "op": "send",
    }
    return whole | more


def test_a_signed_in_person_sends_in_one_press(client, programme):
    person = PersonFactory()
    client.force_login(person)

    answer = client.post(address(programme), answers(programme, wish="To talk"))

    sent = Application.objects.get()
    assert answer["Location"] == reverse("enrolments:application", args=[sent.uid])
    assert (sent.state, sent.years, sent.languages, sent.wish) == (State.SENT, 4, ["fi", "en"], "To talk")
    assert [wish.theme for wish in sent.wishes.all()] == list(programme.themes.all())[1::-1]


def test_a_visitor_sends_in_three_pages(client, programme):
    """The programme page, the form, the code; then the page says that it is sent."""
    pages = [client.get(address(programme, "programme")), client.get(address(programme))]
    visitor = {"name": "Noora Salmi", "email": "Noora.Salmi@city.example"}

    to_code = client.post(address(programme), answers(programme, **visitor))
    pages.append(client.get(to_code["Location"]))
    code = Message.objects.get(kind="enrolments/email/confirm").words["code"]
    done = client.post(to_code["Location"], {"code": code}, follow=True)

    sent = Application.objects.get()
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert (sent.state, sent.person.email, sent.person.name) == (
        State.SENT,
        "noora.salmi@city.example",
        "Noora Salmi",
    )
    assert done.redirect_chain[-1][0] == reverse("enrolments:application", args=[sent.uid])
    assert "Your application has been sent" in done.content.decode()


def test_before_the_code_nothing_is_written_down_about_anybody(client, programme):
    visitor = {"name": "Noora Salmi", "email": "noora@city.example", "wish": "canary"}

    client.post(address(programme), answers(programme, **visitor))

    assert not Person.objects.exists()
    assert not Application.objects.exists()
    assert "canary" not in str(dict(client.session))


def test_the_code_of_somebody_else_sends_nothing(client, programme):
    client.post(address(programme), answers(programme, name="Noora", email="noora@city.example"))
    client.force_login(PersonFactory())

    looked = client.get(address(programme, "code"))
    pressed = client.post(address(programme, "code"), {"code": newest_code()})

    assert looked["Location"] == pressed["Location"] == address(programme)
    assert not Application.objects.exists()


def test_a_wrong_code_and_a_look_at_the_page_send_nothing(client, programme):
    visitor = {"name": "Noora", "email": "noora@city.example"}
    to_code = client.post(address(programme), answers(programme, **visitor))["Location"]

    wrong = "000000" if newest_code() != "000000" else "111111"
    answer = client.post(to_code, {"code": wrong})

    assert (client.get(to_code).status_code, answer.status_code) == (200, 422)
    assert not Application.objects.exists()
    assert not Person.objects.exists()


def test_a_new_code_sends_too_and_twice_is_once(client, programme):
    visitor = {"name": "Noora", "email": "noora@city.example"}
    to_code = client.post(address(programme), answers(programme, **visitor))["Location"]
    first = newest_code()

    assert client.post(to_code, {"email": "other@city.example"})["Location"] == to_code
    second = newest_code()
    client.post(to_code, {"code": second})
    client.post(to_code, {"code": second})

    assert first != second
    assert Application.objects.get().person.email == "noora@city.example"
    assert Message.objects.filter(kind="enrolments/email/received").count() == 1


def test_a_code_that_was_asked_for_elsewhere_sends_nothing(client, programme):
    client.post(address(programme), answers(programme, name="Noora", email="noora@city.example"))
    client.post(reverse("people:sign-in"), {"email": "other@city.example"})

    answer = client.post(address(programme, "code"), {"code": newest_code()})

    assert answer["Location"] == address(programme)
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"wishes": []}, "Choose at least one"),
        ({"part": []}, "Tick at least one time"),
        ({"part": [], "hour": ["1-13"]}, "Tick at least one time"),
        ({"unit": ""}, "Choose your workplace"),
        ({"unit": "other"}, "Write the name of your workplace."),
        ({"languages": []}, "Tick at least one language."),
        ({"years": "many"}, "Enter a whole number."),
    ],
)
def test_sending_says_what_is_missing_and_loses_nothing(client, programme, missing, sentence):
    client.force_login(PersonFactory())

    answer = client.post(address(programme), answers(programme, job="Kept job", **missing))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Kept job" in answer.content.decode()


def test_any_theme_needs_no_wish(client, programme):
    client.force_login(PersonFactory())

    client.post(address(programme), answers(programme, wishes=[], any_theme="on"))

    assert Application.objects.get().state == State.SENT


@pytest.mark.parametrize("signed_in", [True, False])
def test_buttons_rank_without_script_and_keep_everything(client, programme, signed_in):
    if signed_in:
        client.force_login(PersonFactory())
    first, second, third = programme.themes.all()
    half = answers(programme, wishes=[first.uid, second.uid], job="Kept job")

    client.post(address(programme), half | {"op": f"add:{third.uid}"})
    moved = client.post(address(programme), half | {"op": f"up:{second.uid}"})
    again = client.get(address(programme))

    for page in (moved, again):
        content = page.content.decode()
        assert page.status_code == 200
        assert content.index(f'name="wishes" value="{second.uid}"') < content.index(
            f'name="wishes" value="{first.uid}"'
        )
        assert "Kept job" in content
        assert "Look at these again" not in content


def test_a_press_with_htmx_gets_the_ranks_and_the_summary_only(client, programme):
    client.force_login(PersonFactory())
    theme = programme.themes.first()

    answer = client.post(
        address(programme), answers(programme, op=f"remove:{theme.uid}"), headers={"HX-Request": "true"}
    )

    content = answer.content.decode()
    assert 'id="ranks"' in content
    assert 'id="summary" hx-swap-oob="true"' in content
    assert "<html" not in content
    assert Application.objects.get().state == State.DRAFT


def test_a_draft_saves_itself_unfinished(client, programme):
    client.force_login(PersonFactory())

    client.post(address(programme), {"op": "save", "job": "Teacher"}, headers={"HX-Request": "true"})

    draft = Application.objects.get()
    assert (draft.state, draft.job) == (State.DRAFT, "Teacher")


def test_what_was_sent_changes_only_when_it_stays_whole(client, programme):
    person = PersonFactory()
    client.force_login(person)
    client.post(address(programme), answers(programme))

    client.post(address(programme), answers(programme, wishes=[], job="Lost", op="save"))
    client.post(address(programme), answers(programme, unit="other", workplace="Library", op="send"))

    sent = Application.objects.get()
    assert (sent.job, sent.workplace, sent.unit, sent.wishes.count()) == ("Teacher", "Library", None, 2)
    assert Message.objects.filter(kind="enrolments/email/received").count() == 1


@pytest.mark.parametrize(("others", "told"), [(4, False), (5, True)])
def test_sharing_is_told_from_five_people_up(client, programme, others, told):
    theme = programme.themes.first()
    for _number in range(others):
        ApplicationFactory(programme=programme, wishes=[theme], mask=TUESDAY_AFTERNOON)
    client.force_login(PersonFactory())

    answer = client.post(
        address(programme),
        answers(programme, wishes=[theme.uid], op="save"),
        headers={"HX-Request": "true"},
    )

    assert ("5 of the 5 people" in answer.content.decode()) == told


@pytest.mark.parametrize(("day", "looked"), [(2, 200), (31, 409)])
def test_outside_the_window_the_form_says_why(client, programme, clock, day, looked):
    """Before enrolment opens, the page is one to wait on; after it, one to go on from."""
    clock.move_to(datetime(2027, 1, day, 12, tzinfo=UTC))

    answers_given = [client.get(address(programme)), client.post(address(programme), answers(programme))]

    assert [answer.status_code for answer in answers_given] == [looked, 409]
    assert "Enrolment has" in answers_given[0].content.decode()
    assert not Message.objects.exists()


def test_the_office_applies_with_another_account(client):
    office, admin = PersonFactory(), PersonFactory()
    organisation = OrganisationFactory()
    OrganisationAdmin.objects.create(
        organisation=organisation, person=admin, since=datetime(2027, 1, 1, tzinfo=UTC)
    )
    row = ProgrammeFactory(organisation=organisation, office=office)

    codes = []
    for person in (office, admin):
        client.force_login(person)
        codes.append(client.get(address(row)).status_code)

    assert codes == [403, 403]


def test_sensitive_themes_are_wished_for_after_sign_in_only(client, programme):
    ThemeFactory(programme=programme, title={"en": "Worn out"}, sensitive=True)

    as_visitor = client.get(address(programme)).content.decode()
    client.force_login(PersonFactory())
    signed_in = client.get(address(programme)).content.decode()

    assert ("Worn out" in as_visitor, "Worn out" in signed_in) == (False, True)


def test_a_wish_pressed_on_the_programme_page_is_there(client, programme):
    theme = programme.themes.last()

    page = client.get(f"{address(programme)}?wish={theme.uid}").content.decode()

    assert f'name="wishes" value="{theme.uid}"' in page


def test_a_group_is_wished_for_where_people_wish_for_groups(client, programme):
    programme.parameters = {"wish_for": "group"}
    programme.save()
    group = GroupFactory(programme=programme)
    client.force_login(PersonFactory())

    client.post(address(programme), answers(programme, wishes=[group.uid]))

    assert Application.objects.get().wishes.get().group == group
