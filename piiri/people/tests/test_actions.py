from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from piiri.base.errors import Refused
from piiri.mail.models import Message
from piiri.people import actions
from piiri.people.actions import Newcomer
from piiri.people.models import CodeRequest, Person
from piiri.people.rules import SignInRefusal
from piiri.people.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)


def ask(email="fatima@city.example", network="here", now=NOW):
    """A request and the code that went out for it."""
    request = actions.ask_for_code(email, language="sv", network=network, now=now)
    return request, Message.objects.get(about_uid=request.uid).words["code"]


def test_introduce_makes_an_unverified_person():
    person = actions.introduce(" Fatima@City.example ", name=" Fatima ", language="sv", now=NOW)

    assert (person.email, person.name, person.language) == ("fatima@city.example", "Fatima", "sv")
    assert person.verified_at is None


def test_introduce_never_edits():
    known = PersonFactory(email="fatima@city.example", name="Fatima", language="fi")
    before = Person.objects.filter(pk=known.pk).values().get()

    person = actions.introduce("FATIMA@city.example", name="Somebody Else", language="en", now=NOW)

    assert person == known
    assert Person.objects.filter(pk=known.pk).values().get() == before


def test_introduce_many_never_edits_and_takes_the_first_of_an_address():
    known = PersonFactory(email="a@city.example", name="Known")
    people = [
        Newcomer("A@city.example", "Changed"),
        Newcomer("b@city.example", "First"),
        Newcomer("B@city.example", "Second"),
    ]

    found = actions.introduce_many(people, now=NOW)

    assert found["a@city.example"] == known
    assert {email: person.name for email, person in found.items()} == {
        "a@city.example": "Known",
        "b@city.example": "First",
    }
    assert Person.objects.count() == 2


def test_addresses_with_capitals_do_not_reach_the_table():
    person = PersonFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(email="Capital@city.example")


def test_ask_for_code_keeps_no_code_and_speaks_the_language_of_the_page():
    request, code = ask()
    message = Message.objects.get()

    assert code not in str(CodeRequest.objects.filter(pk=request.pk).values().get())
    assert (message.address, message.language) == ("fatima@city.example", "sv")


def test_ask_for_code_stops_after_five_from_one_network():
    for _ in range(5):
        ask()

    with pytest.raises(Refused) as refused:
        ask()

    assert refused.value.reason == SignInRefusal.TOO_MANY_CODES
    assert ask(network="elsewhere")
    assert ask(now=NOW + timedelta(minutes=16))


def test_ask_for_code_forgets_requests_older_than_a_day():
    ask()

    ask(email="other@city.example", now=NOW + timedelta(days=1, seconds=1))

    assert CodeRequest.objects.get().email == "other@city.example"


def test_use_code_works_once():
    request, code = ask()

    actions.use_code(request, code=code, now=NOW)

    with pytest.raises(Refused) as refused:
        actions.use_code(request, code=code, now=NOW)
    assert refused.value.reason == SignInRefusal.USED
    request.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.use_code(request, code=code, now=NOW)
    assert refused.value.reason == SignInRefusal.USED


def test_use_code_locks_after_five_wrong_ones_even_for_the_right_one():
    request, code = ask()
    for _ in range(5):
        with pytest.raises(Refused, match=SignInRefusal.WRONG_CODE):
            actions.use_code(request, code="x" + code, now=NOW)

    with pytest.raises(Refused) as refused:
        actions.use_code(request, code=code, now=NOW)

    assert refused.value.reason == SignInRefusal.TOO_MANY_TRIES
    assert CodeRequest.objects.get().tries == 5


def test_use_code_ends_after_fifteen_minutes():
    request, code = ask()

    with pytest.raises(Refused, match=SignInRefusal.TOO_LATE):
        actions.use_code(request, code=code, now=NOW + timedelta(minutes=15))


def test_confirm_address_makes_the_person_once():
    request, _code = ask()

    first = actions.confirm_address(request, now=NOW)
    again = actions.confirm_address(request, now=NOW + timedelta(hours=1))

    assert first == again == Person.objects.get()
    assert Person.objects.get().verified_at == NOW


def test_confirm_address_verifies_who_was_introduced():
    known = PersonFactory(email="fatima@city.example", verified_at=None, language="fi")
    request, _code = ask()

    person = actions.confirm_address(request, now=NOW)

    known.refresh_from_db()
    assert person == known
    assert (known.verified_at, known.language) == (NOW, "fi")


def test_confirm_address_refuses_a_closed_account():
    PersonFactory(email="fatima@city.example", is_active=False)
    request, _code = ask()

    with pytest.raises(Refused, match=SignInRefusal.CLOSED):
        actions.confirm_address(request, now=NOW)


def test_press_once_has_one_effect_and_one_outcome():
    person, now = PersonFactory(), NOW

    assert actions.press_once(person, key="k", sent="group=1", outcome="/a/", now=now) is None
    assert actions.press_once(person, key="k", sent="group=1", outcome="/b/", now=now) == "/a/"
    assert actions.press_once(PersonFactory(), key="k", sent="group=1", outcome="/c/", now=now) is None
    with pytest.raises(Refused, match="other_press"):
        actions.press_once(person, key="k", sent="group=2", outcome="/a/", now=now)


def test_presses_are_forgotten_after_a_day():
    person, now = PersonFactory(), NOW
    actions.press_once(person, key="k", sent="", outcome="/a/", now=now)

    assert actions.forget_presses(now=now + timedelta(hours=24)) == 0
    assert actions.forget_presses(now=now + timedelta(hours=25)) == 1
