"""One's own application, and pairs kept apart."""

import pytest
from django.urls import reverse

from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import (
    KeptApartFactory,
    PersonFactory,
    ProgrammeFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def own(client, application, name="application", **kwargs):
    return client.get(reverse(f"enrolments:{name}", args=[application.uid]), **kwargs)


def test_an_application_is_its_person_s_alone(client):
    office = PersonFactory()
    application = ApplicationFactory(programme=ProgrammeFactory(office=office))
    never = reverse("enrolments:application", args=["a" * 16])
    codes = {}
    for name, person in [("own", application.person), ("office", office), ("stranger", PersonFactory())]:
        client.force_login(person)
        codes[name] = own(client, application).status_code
    assert own(client, application).content == client.get(never).content
    assert codes == {"own": 200, "office": 404, "stranger": 404}


def test_withdrawing_asks_first(client):
    application = ApplicationFactory()
    client.force_login(application.person)
    assert "Take your application back?" in own(client, application, "withdraw").content.decode()

    client.post(reverse("enrolments:withdraw", args=[application.uid]))

    application.refresh_from_db()
    assert application.state == Application.State.WITHDRAWN


def test_pairs_are_kept_apart_by_the_coordinator_among_the_programme_s_people(client):
    office = PersonFactory()
    programme = ProgrammeFactory(office=office)
    first, second = (ApplicationFactory(programme=programme).person for _number in range(2))
    stranger = PersonFactory()
    client.force_login(office)
    pairs = reverse("enrolments:kept-apart", args=[programme.uid])

    unknown = client.post(pairs, {"first": first.email, "second": stranger.email})
    client.post(pairs, {"first": first.email, "second": second.email})

    assert unknown.status_code == 422
    assert "Nobody with this address is in the programme." in unknown.content.decode()
    pair = programme.kept_apart.get()
    client.post(reverse("enrolments:decide-pair", args=[programme.uid, pair.uid]), {"op": "dismiss"})
    pair.refresh_from_db()
    assert pair.state == "dismissed"


def test_all_suggested_pairs_are_kept_apart_with_one_press(client):
    office = PersonFactory()
    programme = ProgrammeFactory(office=office)
    first, second, third = (PersonFactory() for _each in range(3))
    KeptApartFactory(programme=programme, first=first, second=second, state="suggested")
    KeptApartFactory(programme=programme, first=first, second=third, state="suggested")
    let_go = KeptApartFactory(programme=programme, first=second, second=third, state="dismissed")
    client.force_login(office)
    pairs = reverse("enrolments:kept-apart", args=[programme.uid])

    page = client.get(pairs)
    client.post(pairs, {"op": "keep-all"})

    assert "Keep all 2 suggested pairs apart" in " ".join(page.content.decode().split())
    let_go.refresh_from_db()
    assert let_go.state == "dismissed"
    assert programme.kept_apart.filter(state="kept").count() == 2
