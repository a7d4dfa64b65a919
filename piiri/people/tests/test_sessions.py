"""Who comes back, by the session in their cookie."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from piiri.people.models import Person
from piiri.people.sessions import SessionStore
from piiri.people.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Somebody who is signed in with `client`."""
    one = PersonFactory(language="en")
    client.force_login(one)
    return one


def is_known(client) -> bool:
    return client.get("/account/").status_code == 200


def test_who_comes_back_is_the_whole_person(client, person):
    seen = client.get("/account/").wsgi_request.user

    assert type(seen) is Person
    assert {field.attname: getattr(seen, field.attname) for field in Person._meta.concrete_fields} == {
        field.attname: getattr(person, field.attname) for field in Person._meta.concrete_fields
    }


def test_an_old_session_an_unknown_one_and_one_that_was_tampered_with_know_nobody(client, person):
    assert is_known(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_known(client)
    Session.objects.update(expire_date=timezone.now() + timedelta(days=1), session_data="nothing signed")
    assert not is_known(client)
    client.cookies["sessionid"] = "never-was"
    assert not is_known(client)


@pytest.mark.parametrize("change", [{"is_active": False}, {"sessions_key": "another"}])
def test_a_closed_account_and_ended_sessions_know_nobody(client, person, change):
    Person.objects.filter(pk=person.pk).update(**change)

    assert not is_known(client)


def test_sessions_are_read_with_one_query(django_assert_num_queries):
    kept = SessionStore()
    kept["word"] = "hello"
    kept.save()

    with django_assert_num_queries(1):
        assert SessionStore(kept.session_key)["word"] == "hello"
