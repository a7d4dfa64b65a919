import pytest
from django.urls import reverse

from piiri.base import clock
from piiri.networks.models import Organisation, OrganisationAdmin
from piiri.networks.tests.factories import (
    AffiliationFactory,
    NetworkAdminFactory,
    OrganisationAdminFactory,
    OrganisationFactory,
    UnitFactory,
)
from piiri.people.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NEVER = "aaaaaaaaaaaaaaaa"


def enter(client, person, *, stepped_up=False):
    """Sign in; `stepped_up` as if a code and a reason had just been given."""
    client.force_login(person)
    if stepped_up:
        session, now = client.session, clock.now().isoformat()
        session["step_up"] = {"person": person.uid, "code_at": now, "reason_at": now}
        session.save()


def pages(uid):
    """Every address with this uid in it, and how it is asked for."""
    yield "get", reverse("networks:organisation", args=[uid])
    yield "post", reverse("networks:add-unit", args=[uid])
    yield "get", reverse("networks:administrators", args=[uid])
    yield "post", reverse("networks:remove-administrator", args=[uid, NEVER])
    yield "post", reverse("networks:suspend", args=[uid])
    yield "post", reverse("networks:reopen", args=[uid])
    yield "get", reverse("networks:unit", args=[uid])
    yield "get", reverse("networks:network", args=[uid])


@pytest.mark.parametrize("stepped_up", [False, True])
def test_foreign_and_never_used_are_the_same_page(client, stepped_up):
    place = OrganisationFactory()
    unit = UnitFactory(organisation=place)
    enter(client, OrganisationAdminFactory().person, stepped_up=stepped_up)

    for foreign in (place.uid, unit.uid, place.network.uid):
        for (method, known), (_method, unknown) in zip(pages(foreign), pages(NEVER), strict=True):
            here, there = getattr(client, method)(known), getattr(client, method)(unknown)
            assert here.status_code == there.status_code == 404
            assert here.content == there.content


def test_visitors_are_sent_to_sign_in_whether_it_exists_or_not(client):
    place = OrganisationFactory()

    for uid in (place.uid, NEVER):
        for method, address in pages(uid):
            response = getattr(client, method)(address)
            assert response.status_code == 302
            assert response.url.startswith(reverse("people:sign-in"))


def test_members_may_not_edit_what_they_may_know_of(client):
    row = AffiliationFactory()
    enter(client, row.person)

    for name in ("organisation", "administrators"):
        assert client.get(reverse(f"networks:{name}", args=[row.organisation.uid])).status_code == 403


def test_organisation_is_described_by_its_administrator(client):
    row = OrganisationAdminFactory()
    enter(client, row.person)

    client.post(
        reverse("networks:organisation", args=[row.organisation.uid]),
        {"name_fi": "Järvilä", "name_sv": "", "contact_address": "piiri@city.example"},
    )

    row.organisation.refresh_from_db()
    assert row.organisation.name == {"fi": "Järvilä"}
    assert row.organisation.contact_address == "piiri@city.example"


@pytest.mark.parametrize("units", [1, 3])
def test_organisation_needs_the_same_queries_for_any_number_of_units(
    client, units, django_assert_num_queries
):
    row = OrganisationAdminFactory()
    UnitFactory.create_batch(units, organisation=row.organisation)
    enter(client, row.person)

    with django_assert_num_queries(6):
        client.get(reverse("networks:organisation", args=[row.organisation.uid]))


def test_add_unit_says_that_a_name_is_taken_and_keeps_what_was_written(client):
    row = OrganisationAdminFactory()
    UnitFactory(organisation=row.organisation, name="East school")
    enter(client, row.person)

    response = client.post(
        reverse("networks:add-unit", args=[row.organisation.uid]), {"name": "East school", "area": "East"}
    )

    assert response.status_code == 422
    assert b"a unit of this name already" in response.content
    assert b'value="East"' in response.content


def test_unit_is_changed_by_the_administrator_of_its_organisation(client):
    row = OrganisationAdminFactory()
    unit = UnitFactory(organisation=row.organisation)
    enter(client, row.person)

    client.post(reverse("networks:unit", args=[unit.uid]), {"name": "North school", "area": "North"})

    unit.refresh_from_db()
    assert (unit.name, unit.area) == ("North school", "North")


def test_administrators_asks_for_a_step_up_first(client):
    row = OrganisationAdminFactory()
    url = reverse("networks:administrators", args=[row.organisation.uid])
    enter(client, row.person)

    for response in (client.get(url), client.post(url, {"email": "new@city.example"})):
        assert response.status_code == 403
        assert response.headers["X-Step-Up"] == reverse("people:step-up")
    assert OrganisationAdmin.objects.count() == 1


def test_administrators_give_and_take_the_role(client):
    row = OrganisationAdminFactory()
    url = reverse("networks:administrators", args=[row.organisation.uid])
    enter(client, row.person, stepped_up=True)

    client.post(url, {"email": "new@city.example"})
    granted = OrganisationAdmin.objects.get(person__email="new@city.example")
    assert b"new@city.example" in client.get(url).content
    client.post(reverse("networks:remove-administrator", args=[row.organisation.uid, granted.person.uid]))

    assert list(OrganisationAdmin.objects.all()) == [row]


def test_administrators_refuse_oneself_in_a_sentence(client):
    row = OrganisationAdminFactory()
    enter(client, row.person, stepped_up=True)

    response = client.post(
        reverse("networks:administrators", args=[row.organisation.uid]), {"email": row.person.email}
    )

    assert response.status_code == 422
    assert b"Nobody gives or takes away their own role" in response.content


def test_administrators_does_not_tell_whether_an_address_was_known(client):
    row = OrganisationAdminFactory()
    known = PersonFactory(name="Known Elsewhere")
    url = reverse("networks:administrators", args=[row.organisation.uid])
    enter(client, row.person, stepped_up=True)

    client.post(url, {"email": known.email})

    assert b"Known Elsewhere" not in client.get(url).content


def test_network_makes_and_suspends_organisations(client):
    row = NetworkAdminFactory()
    url = reverse("networks:network", args=[row.network.uid])
    enter(client, row.person)

    client.post(url, {"name_en": "Lakeside", "slug": "lakeside", "kind": "city"})
    made = Organisation.objects.get(slug="lakeside")
    client.post(reverse("networks:suspend", args=[made.uid]))
    assert b"suspended" in client.get(url).content
    client.post(reverse("networks:reopen", args=[made.uid]))

    made.refresh_from_db()
    assert made.suspended_at is None


def test_network_asks_an_operator_for_a_step_up(client):
    place = OrganisationFactory()
    url = reverse("networks:network", args=[place.network.uid])
    operator = PersonFactory(is_operator=True)

    enter(client, operator)
    assert client.get(url).status_code == 403
    enter(client, operator, stepped_up=True)
    assert client.get(url).status_code == 200


def test_affiliations_shows_ones_own(client, django_assert_num_queries):
    row = AffiliationFactory(job="Class teacher")
    AffiliationFactory(person=row.person)
    AffiliationFactory(organisation=row.organisation, job="Somebody else")
    enter(client, row.person)

    with django_assert_num_queries(4):
        page = client.get(reverse("networks:affiliations"))

    assert b"Class teacher" in page.content
    assert b"Somebody else" not in page.content


def test_index_lists_what_one_looks_after(client):
    row = OrganisationAdminFactory()
    foreign = OrganisationFactory()
    enter(client, row.person)

    page = client.get(reverse("networks:index"))

    assert row.organisation.uid.encode() in page.content
    assert foreign.uid.encode() not in page.content
