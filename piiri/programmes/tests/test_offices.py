"""Who may do what in a programme's office, from outside; who gives the role of coordinator."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from piiri.networks.tests.factories import (
    AffiliationFactory,
    NetworkAdminFactory,
    OrganisationAdminFactory,
)
from piiri.people.tests.factories import PersonFactory
from piiri.programmes.models import Coordinator
from piiri.programmes.tests.factories import (
    CoordinatorFactory,
    DraftFactory,
    EventFactory,
    EventSessionFactory,
    ProgrammeFactory,
)

NEVER = "a" * 16
pytestmark = pytest.mark.django_db


def address(programme, name, *more):
    return reverse(f"programmes:{name}", args=[programme.uid, *more])


def administrator(client, programme):
    """An administrator of the programme's organisation, signed in."""
    person = OrganisationAdminFactory(organisation=programme.organisation).person
    client.force_login(person)
    return person


def doors_of(programme):
    event = EventSessionFactory(event=EventFactory(programme=programme)).event
    return [
        *[address(programme, "setup", name) for name in ("name", "rules", "themes", "dates", "check")],
        reverse("programmes:close", args=[programme.uid]),
        reverse("programmes:new-event", args=[programme.uid]),
        reverse("programmes:coordinators", args=[programme.uid]),
        reverse("programmes:edit-event", args=[event.uid]),
    ]


def test_a_coordinator_may_all_but_choose_coordinators(client):
    role = CoordinatorFactory()
    client.force_login(role.person)

    told = {address: client.get(address).status_code for address in doors_of(role.programme)}

    refused = reverse("programmes:coordinators", args=[role.programme.uid])
    assert told.pop(refused) == 403
    assert set(told.values()) == {200}


@pytest.mark.parametrize("state", ["draft", "published"])
def test_another_organisations_programme_is_not_there(client, state):
    client.force_login(OrganisationAdminFactory().person)
    foreign = ProgrammeFactory(state=state)

    for address in doors_of(foreign):
        answer = client.get(address)
        assert answer.status_code == 404
    never = client.get(reverse("programmes:setup", args=[NEVER, "check"]))
    assert answer.content == never.content
    for name in ("publish", "copy", "close"):
        assert client.post(reverse(f"programmes:{name}", args=[foreign.uid])).status_code == 404


def test_people_of_the_organisation_read_that_the_office_is_not_theirs(client):
    programme = ProgrammeFactory()
    person = AffiliationFactory(organisation=programme.organisation).person
    client.force_login(person)

    assert {client.get(address).status_code for address in doors_of(programme)} == {403}


def test_people_of_the_organisation_do_not_hear_of_a_draft(client):
    programme = DraftFactory()
    client.force_login(AffiliationFactory(organisation=programme.organisation).person)

    assert client.get(address(programme, "setup", "check")).status_code == 404


def test_a_network_administrator_runs_no_programme(client):
    programme = DraftFactory()
    client.force_login(NetworkAdminFactory(network=programme.organisation.network).person)

    assert client.get(address(programme, "setup", "check")).status_code == 403


def test_nobody_sets_up_a_programme_without_an_organisation(client):
    client.force_login(PersonFactory())

    assert client.get(reverse("programmes:new")).status_code == 403
    assert client.get(reverse("programmes:index")).status_code == 403


def test_visitors_sign_in_whether_or_not_the_programme_exists(client):
    programme = ProgrammeFactory()

    real, never = (
        client.get(address(programme, "setup", "check")),
        client.get(reverse("programmes:setup", args=[NEVER, "check"])),
    )

    assert (real.status_code, never.status_code) == (302, 302)
    assert real.content == never.content


def step_up(client, person):
    """As if the person had just shown a code and written a reason."""
    session, moment = client.session, datetime.now(UTC).isoformat()
    session["step_up"] = {"person": person.uid, "code_at": moment, "reason_at": moment}
    session.save()


def test_coordinators_are_given_the_role_and_lose_it(client, clock):
    draft = DraftFactory()
    step_up(client, administrator(client, draft))
    page = reverse("programmes:coordinators", args=[draft.uid])

    client.post(page, {"email": "new@city.example"})
    role = Coordinator.objects.get()
    assert "new@city.example" in client.get(page).content.decode()
    again = client.post(page, {"email": "NEW@city.example"})
    client.post(reverse("programmes:remove-coordinator", args=[draft.uid, role.person.uid]))

    assert again.status_code == 422
    assert not Coordinator.objects.exists()


def test_choosing_coordinators_needs_a_step_up(client):
    draft = DraftFactory()
    administrator(client, draft)

    answer = client.post(reverse("programmes:coordinators", args=[draft.uid]), {"email": "new@city.example"})

    assert answer.status_code == 403
    assert answer.headers["X-Step-Up"]
    assert not Coordinator.objects.exists()
