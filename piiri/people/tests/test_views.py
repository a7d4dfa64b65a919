import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from piiri.mail.models import Message
from piiri.people import views
from piiri.people.models import CodeRequest, Person, StepUp
from piiri.people.tests.factories import DemoAccountFactory, PersonFactory

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def bytes_of(response):
    return TOKEN.sub(b"", response.content)


def newest_code():
    return Message.objects.order_by("pk").last().words["code"]


def ask(client, email, **more):
    return client.post(reverse("people:sign-in"), {"email": email} | more)


def test_sign_in_answers_known_and_unknown_addresses_alike(client, django_assert_max_num_queries):
    PersonFactory(email="known@city.example")
    PersonFactory(email="close@city.example", is_active=False)
    seen = set()

    for email in ("known@city.example", "never@city.example", "close@city.example"):
        client.cookies.clear()
        with django_assert_max_num_queries(14) as asked:
            response = ask(client, email)
            page = client.get(response.url)
        seen.add(
            (response.status_code, response.url, len(asked), bytes_of(page).replace(email.encode(), b""))
        )

    assert len(seen) == 1
    assert Message.objects.count() == 3


def test_sign_in_makes_the_person_and_keeps_the_way(client):
    ask(client, " New@City.example", next="/account/")
    assert not Person.objects.exists()

    response = client.post(reverse("people:code"), {"code": newest_code(), "next": "/account/"})

    assert response.url == "/account/"
    assert Person.objects.get().email == "new@city.example"
    assert client.get(reverse("people:account")).status_code == 200


def test_sign_in_never_leads_to_another_site(client):
    ask(client, "new@city.example", next="https://elsewhere.example/")

    response = client.post(
        reverse("people:code"), {"code": newest_code(), "next": "https://elsewhere.example/"}
    )

    assert response.url == "/"


def test_sign_in_says_what_is_wrong_with_an_address(client):
    response = ask(client, "fatima")

    assert response.status_code == 422
    assert b"Write the whole address" in response.content
    assert b'value="fatima"' in response.content


def test_code_is_not_used_up_by_looking(client):
    ask(client, "new@city.example")

    for _ in range(7):
        client.get(reverse("people:code"))

    assert CodeRequest.objects.get().tries == 0


@pytest.mark.parametrize("typed", ["{} ", "{0:.3} {1}", "{0:.3}-{1}"])
def test_code_may_be_typed_with_gaps(client, typed):
    ask(client, "new@city.example")
    code = newest_code()

    response = client.post(reverse("people:code"), {"code": typed.format(code, code[3:])})

    assert response.status_code == 302


def test_code_that_is_wrong_loses_nothing(client):
    ask(client, "new@city.example", next="/account/")
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06d}"

    response = client.post(reverse("people:code"), {"code": wrong, "next": "/account/"})

    assert response.status_code == 422
    assert b"not the code we sent last" in response.content
    assert b'value="/account/"' in response.content
    assert client.post(reverse("people:code"), {"code": newest_code()}).status_code == 302


def test_code_is_bound_to_the_browser_that_asked(client):
    ask(client, "new@city.example")
    client.cookies.clear()

    response = client.post(reverse("people:code"), {"code": newest_code()})

    assert response.url.startswith(reverse("people:sign-in"))
    assert not Person.objects.exists()


def test_code_begins_a_new_session(client):
    ask(client, "new@city.example")
    before = client.session.session_key

    client.post(reverse("people:code"), {"code": newest_code()})

    assert client.session.session_key != before


def test_sign_out_needs_a_post(client):
    client.force_login(PersonFactory())

    assert client.get(reverse("people:sign-out")).status_code == 405
    assert client.post(reverse("people:sign-out")).url == "/"
    assert client.get(reverse("people:account")).status_code == 302


def test_end_sessions_ends_them_on_every_device(client, client_elsewhere):
    person = PersonFactory()
    client.force_login(person)
    client_elsewhere.force_login(person)

    client.post(reverse("people:end-sessions"))

    assert client_elsewhere.get(reverse("people:account")).status_code == 302


@pytest.fixture
def client_elsewhere():
    return Client()


def test_speak_changes_the_language_of_a_visitor(client):
    response = client.post(reverse("people:speak"), {"language": "sv", "next": "/sign-in/"})

    assert response.url == "/sign-in/"
    assert client.get("/sign-in/").headers["Content-Language"] == "sv"


def test_speak_changes_the_language_of_a_person_everywhere(client):
    person = PersonFactory(language="en")
    client.force_login(person)

    client.post(reverse("people:speak"), {"language": "fi"})
    client.cookies.pop("language")

    person.refresh_from_db()
    assert person.language == "fi"
    assert b'<html lang="fi">' in client.get(reverse("people:account")).content


@pytest.mark.parametrize(("asks", "gets"), [("sv-FI,sv;q=0.9", "sv"), ("de", "en"), ("fi", "fi")])
def test_pages_speak_what_the_browser_asks_for(client, asks, gets):
    response = client.get(reverse("people:sign-in"), headers={"Accept-Language": asks})

    assert response.headers["Content-Language"] == gets


def test_account_keeps_name_and_language(client):
    person = PersonFactory()
    client.force_login(person)

    response = client.post(reverse("people:account"), {"name": "Fatima Hassan", "language": "sv"})

    person.refresh_from_db()
    assert response.status_code == 302
    assert (person.name, person.language) == ("Fatima Hassan", "sv")


def knock(client, person):
    """What a door behind a step-up answers to this client."""
    request = RequestFactory().get("/sealed/")
    request.user, request.session = person, client.session
    return views.step_up_first(request) or HttpResponse("open")


def test_step_up_after_a_fresh_sign_in_asks_for_the_reason_only(client):
    ask(client, "new@city.example")
    client.post(reverse("people:code"), {"code": newest_code()})
    person = Person.objects.get()
    assert knock(client, person).status_code == 403

    client.post(reverse("people:step-up"), {"reason": "I import the list.", "next": "/sealed/"})

    assert knock(client, person).status_code == 200
    assert StepUp.objects.get().path == "/sealed/"


def test_step_up_asks_for_a_code_when_the_last_is_old(client, clock):
    ask(client, "new@city.example")
    client.post(reverse("people:code"), {"code": newest_code()})
    person = Person.objects.get()
    clock.shift(timedelta(minutes=15))

    asked = client.post(reverse("people:step-up"), {"reason": "I import the list.", "next": "/sealed/"})
    assert asked.url.startswith(reverse("people:step-up-code"))
    assert knock(client, person).status_code == 403
    done = client.post(asked.url, {"code": newest_code(), "next": "/sealed/"})

    assert done.url == "/sealed/"
    assert knock(client, person).status_code == 200
    clock.shift(timedelta(minutes=15))
    assert knock(client, person).status_code == 403


def test_step_up_does_not_take_a_code_for_another_address(client, clock):
    ask(client, "other@city.example")
    asked_for_other, code = client.session["code"], newest_code()
    client.force_login(PersonFactory())
    session = client.session
    session["code"], session["reason"] = asked_for_other, "I import the list."
    session.save()

    response = client.post(reverse("people:step-up-code"), {"code": code})

    assert response.url.startswith(reverse("people:step-up"))
    assert not StepUp.objects.exists()


def test_demo_signs_in_by_the_printed_path(client):
    account = DemoAccountFactory()

    response = client.get(reverse("people:demo-sign-in", args=[account.person.uid]))

    assert response.status_code == 302
    assert account.person.email.encode() in client.get(reverse("people:account")).content


def test_demo_lists_one_account_of_each_role(client, django_assert_num_queries):
    accounts = [DemoAccountFactory(), DemoAccountFactory(role="mentor")]
    DemoAccountFactory(person__name="Another Participant")

    with django_assert_num_queries(1):
        page = client.get(reverse("people:demo"))

    assert all(account.person.name.encode() in page.content for account in accounts)
    assert b"Another Participant" not in page.content


def test_demo_signs_in_nobody_real(client):
    assert client.get(reverse("people:demo-sign-in", args=[PersonFactory().uid])).status_code == 404


def test_demo_is_not_there_in_production(client, settings):
    account = DemoAccountFactory()
    settings.DEMO = settings.TESTING = False

    assert client.get(reverse("people:demo")).status_code == 404
    assert client.post(reverse("people:demo-sign-in", args=[account.person.uid])).status_code == 404
