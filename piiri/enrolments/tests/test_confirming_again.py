"""The press in the mail: what is said before it, what its repetition does, and how many such mails go out."""

import pytest
from django.test import Client
from django.urls import reverse

from piiri.enrolments.models import Application, Unconfirmed
from piiri.enrolments.tests.test_confirming import VISITOR, fill, link, mails, page_of, take
from piiri.enrolments.tests.test_enrol_pages import address, answers
from piiri.enrolments.views import confirming
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.people import codes
from piiri.people.models import CodeRequest, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def wishing():
    unit = UnitFactory()
    row = ProgrammeFactory(organisation=unit.organisation)
    ThemeFactory.create_batch(3, programme=row)
    return row


@pytest.fixture
def group():
    return GroupFactory(programme=ProgrammeFactory(parameters={"enrol_way": "place"}))


def test_the_link_says_what_will_be_sent(client, wishing):
    themes = list(wishing.themes.all())
    client.post(address(wishing), answers(wishing, **VISITOR))

    content = Client().get(link()).content.decode()

    unit = wishing.organisation.units.get()
    for told in ("Noora Salmi", unit.name, str(themes[1]), str(themes[0])):
        assert told in content
    assert str(themes[2]) not in content


def test_the_link_says_which_group_and_names_no_sensitive_theme(client, group):
    take(client, group)
    pages = [Client().get(link()).content.decode()]
    group.theme.sensitive = True
    group.theme.save()
    pages.append(Client().get(link()).content.decode())

    assert [group.theme.title["en"] in page for page in pages] == [True, False]
    assert all("Noora Salmi" in page and "Library" in page for page in pages)
    assert "Its theme is not named here" in pages[1]


def look(client):
    """The secret of the page as it is shown; what its button sends."""
    return {"press": client.get(link()).context["press"]}


def test_a_press_whose_answer_was_lost_leads_to_the_same_outcome_when_it_is_repeated(client, group):
    take(client, group)
    phone = Client()
    press = look(phone)
    first = phone.post(link(), press)
    lost = Client()

    again = lost.post(link(), press)

    assert first["Location"] == again["Location"] == f"/applications/{Application.objects.get().uid}/"
    assert lost.get(again["Location"]).status_code == 200
    assert mails() == ["confirm", "place"]


def test_the_browser_that_wrote_the_form_may_press_after_another_device(client, group):
    take(client, group)
    Client().post(link())

    looked, pressed = client.get(link()), client.post(link())

    assert looked.status_code == 409
    assert pressed["Location"] == f"/applications/{Application.objects.get().uid}/"
    assert client.get(pressed["Location"]).status_code == 200


def test_a_used_link_alone_signs_nobody_in(client, group):
    take(client, group)
    press = look(Client())
    Client().post(link(), press)
    stranger = Client()

    answers = [stranger.post(link(), {"press": told}) for told in ("", "a" * 32)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "_auth_user_id" not in stranger.session


def test_two_presses_at_once_lead_to_the_same_outcome(client, group, monkeypatch):
    take(client, group)
    phone, slow = Client(), Client()
    press, carried_out = look(phone), confirming.carried_out
    quick = []

    def late(row):
        monkeypatch.setattr(confirming, "carried_out", carried_out)
        quick.append(phone.post(link(), press))
        return carried_out(row)

    monkeypatch.setattr(confirming, "carried_out", late)
    answer = slow.post(link(), press)

    assert answer["Location"] == quick[0]["Location"] == f"/applications/{Application.objects.get().uid}/"
    assert slow.get(answer["Location"]).status_code == 200
    assert mails() == ["confirm", "place"]


def test_a_press_without_an_application_is_repeated_on_the_page_of_the_group(client):
    terms = {"enrol_way": "place", "waiting_list": False}
    group = GroupFactory(programme=ProgrammeFactory(parameters=terms))
    take(client, group)
    fill(group)
    press = look(client)

    places = [client.post(link(), press)["Location"] for _time in range(2)]

    assert places == [page_of(group)] * 2


def test_somebody_else_is_told_whom_the_press_goes_on_as_and_switched(client, group):
    take(client, group)
    other = Client()
    other.force_login(PersonFactory(email="other@city.example"))

    page = other.get(link()).content.decode()
    other.post(link())

    assert "You are signed in as <b>other@city.example</b>." in page
    assert "goes on as <b>noora.salmi@city.example</b>." in " ".join(page.split())
    assert other.session["_auth_user_id"] == str(Person.objects.get(email="noora.salmi@city.example").pk)
    assert "You are signed in as" not in Client().get(link()).content.decode()


def test_a_link_is_no_fresh_code_for_a_step_up_and_a_code_is(client, group):
    to_code = take(client, group)["Location"]
    phone = Client()
    phone.post(link())

    assert "step_up" not in phone.session

    take(client, group, email="second@city.example")
    code = Message.objects.filter(kind="enrolments/email/confirm").latest("pk").words["code"]
    client.post(to_code, {"code": code})

    assert client.session["step_up"]["code_at"] == NOW.isoformat()


def test_a_press_ends_only_what_the_same_browser_wrote(client, group):
    other = Client()
    take(other, group)
    take(client, group)
    take(client, group)
    client.post(link())

    left = Unconfirmed.objects.filter(confirmed_at=None)

    assert [row.browser for row in left] == [other.session["browser"]]


def asked_before(number, **about):
    """As many mails went to this network already."""
    network = codes.network_hash("127.0.0.1", **about)
    before = [
        CodeRequest(email=f"{n}@x.example", network_hash=network, asked_at=NOW, expires_at=NOW)
        for n in range(number)
    ]
    CodeRequest.objects.bulk_create(before)


def test_a_network_has_a_bound_of_its_own_for_these_mails_and_keeps_its_codes(client, group, settings):
    settings.MAILS_A_NETWORK = 302
    asked_before(301, counted="enrolments")

    answers = [take(client, group, email=f"n{number}@city.example").status_code for number in range(2)]
    sign_in = Client().post(reverse("people:sign-in"), {"email": "other@city.example"})

    assert answers == [302, 422]
    assert sign_in.status_code == 302


def test_codes_to_sign_in_use_up_nothing_of_the_mails_that_confirm(client, group):
    asked_before(300)

    assert Client().post(reverse("people:sign-in"), {"email": "other@city.example"}).status_code == 422
    assert take(client, group).status_code == 302
