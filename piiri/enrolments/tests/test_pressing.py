"""One press on a group's page takes a place: few queries, one effect, an honest answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.uids import new_uid
from piiri.enrolments.models import Application
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    PersonFactory,
    ProgrammeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.networks.models import Affiliation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Application.State
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def programme():
    return ProgrammeFactory(parameters={"enrol_way": "place"})


@pytest.fixture
def teacher(programme):
    """Somebody of whom the organiser knows where they work."""
    person = PersonFactory()
    unit = UnitFactory(organisation=programme.organisation, name="North School")
    Affiliation.objects.create(
        person=person, organisation=programme.organisation, unit=unit, job="Teacher", years=4
    )
    return person


def address(group, name="take"):
    programme = group.programme
    return reverse(f"enrolments:{name}", args=[programme.organisation.slug, programme.slug, group.uid])


def press(client, group, **more):
    return client.post(address(group), {"key": new_uid(), **more})


def counted(queries):
    """The statements that read or write."""
    return [one["sql"] for one in queries if not one["sql"].startswith(TRANSACTION)]


def test_one_press_takes_a_place_and_leads_to_the_application(client, programme, teacher):
    group = GroupFactory(programme=programme)
    client.force_login(teacher)

    answer = press(client, group)

    application = Application.objects.get()
    assert answer["Location"] == reverse("enrolments:application", args=[application.uid])
    assert (application.state, application.unit.name, application.job) == (
        State.PLACED,
        "North School",
        "Teacher",
    )
    assert (application.employer, application.sent_at) == (programme.organisation, NOW)
    assert (application.priority, application.order) == (1, int(NOW.timestamp() * 1_000_000))
    assert group.places.get(membership__person=teacher).number == 1
    assert Message.objects.get().kind == "enrolments/email/place"
    assert list(Entry.objects.values_list("deed", flat=True)) == ["place_taken"]


@pytest.mark.parametrize(("taken", "most"), [(0, 9), (7, 9), (8, 7)])
def test_a_press_costs_few_queries(client, programme, teacher, taken, most):
    group = GroupFactory(programme=programme, members=taken)
    client.force_login(teacher)
    client.get(address(group, "group"))

    with CaptureQueriesContext(connection) as queries:
        answer = press(client, group)

    assert answer.status_code == (302 if taken < 8 else 409)
    assert len(counted(queries)) <= most, "\n".join(counted(queries))
