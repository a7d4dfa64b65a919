"""Whom people of groups can talk to in confidence: who names them, and who is told."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.mail.models import Message
from piiri.networks.models import OrganisationAdmin
from piiri.people.models import Person
from piiri.people.tests.factories import PersonFactory
from piiri.programmes import actions, queries
from piiri.programmes.models import Coordinator
from piiri.programmes.tests.factories import ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
SECOND = "outi.salo@health.example"


@pytest.fixture
def office():
    return PersonFactory(name="Helena Rautio")


@pytest.fixture
def programme(office):
    return run_by(office)


def run_by(person, **more):
    programme = ProgrammeFactory(**more)
    Coordinator.objects.create(programme=programme, person=person, since=NOW)
    return programme


@pytest.fixture
def page(programme):
    return reverse("programmes:contacts", args=[programme.uid])


def test_the_office_names_both_and_the_second_is_told_once(client, programme, office, page):
    client.force_login(office)
    for _n in range(2):
        answer = client.post(page, {"first": office.uid, "second": f" {SECOND.upper()} "}, follow=True)
        assert answer.status_code == 200

    programme.refresh_from_db()
    second = Person.objects.get(email=SECOND)
    assert queries.contacts(programme) == [office, second]
    assert [message.address for message in Message.objects.filter(kind="programmes/email/contact")] == [
        SECOND
    ]
    entry = Entry.objects.filter(deed="contacts_named").first()
    assert entry.facts == {"first": office.uid, "second": second.uid}
    assert SECOND in client.get(page).content.decode()


def test_contacts_can_be_left_to_the_one_of_longest_standing(client, programme, office, page):
    Coordinator.objects.create(programme=programme, person=PersonFactory(), since=NOW)
    client.force_login(office)
    client.post(page, {"first": "", "second": ""})

    programme.refresh_from_db()
    assert programme.contact_person is None
    assert queries.contacts(programme) == [office]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first": "stranger", "second": ""}, "Select a valid choice"),
        ({"first": "office", "second": "office"}, "The second contact is somebody else"),
        ({"first": "", "second": "no address"}, "Write the whole address"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(client, programme, office, page, sent, said):
    people = {"office": office, "stranger": PersonFactory()}
    first = people[sent["first"]].uid if sent["first"] else ""
    second = people[sent["second"]].email if sent["second"] in people else sent["second"]
    client.force_login(office)

    answer = client.post(page, {"first": first, "second": second})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert second in answer.content.decode()
    programme.refresh_from_db()
    assert programme.second_contact is None


def test_only_the_office_and_its_administrators_name_them(client, programme, office, page):
    admin, sibling = PersonFactory(), PersonFactory()
    OrganisationAdmin.objects.create(person=admin, organisation=programme.organisation, since=NOW)
    run_by(sibling, organisation=programme.organisation)
    got = {}
    for who, person in {
        "office": office,
        "admin": admin,
        "sibling": sibling,
        "other": PersonFactory(),
    }.items():
        client.force_login(person)
        got[who] = client.get(page).status_code

    assert got == {"office": 200, "admin": 200, "sibling": 403, "other": 404}


def test_next_year_begins_with_the_same_contacts(programme, office):
    actions.name_contacts(programme, first=office, second=SECOND, by=office, now=NOW)

    later = actions.copy_to_next_year(programme, by=office, now=NOW)

    assert queries.contacts(later) == queries.contacts(programme)


def test_contacts_name_nobody_twice_when_the_second_is_the_one_of_longest_standing(programme, office):
    actions.name_contacts(programme, first=None, second=office.email, by=office, now=NOW)

    assert queries.contacts(programme) == [office]
