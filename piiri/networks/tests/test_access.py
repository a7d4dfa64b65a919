import pytest
from django.contrib.auth.models import AnonymousUser

from piiri.networks import access
from piiri.networks.tests.factories import (
    AffiliationFactory,
    NetworkAdminFactory,
    OrganisationAdminFactory,
    OrganisationFactory,
    UnitAdminFactory,
    UnitFactory,
)
from piiri.people.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """An organisation; a second one in its network and a foreign one stand by."""
    place = OrganisationFactory()
    OrganisationFactory(network=place.network)
    OrganisationFactory()
    return place


def somebody(role, place):
    """A person with this relation to the organisation."""
    person = PersonFactory(is_operator=role == "operator")
    match role:
        case "member":
            AffiliationFactory(person=person, organisation=place)
        case "unit_admin":
            UnitAdminFactory(person=person, unit=UnitFactory(organisation=place))
        case "organisation_admin":
            OrganisationAdminFactory(person=person, organisation=place)
        case "network_admin":
            NetworkAdminFactory(person=person, network=place.network)
        case "stranger":
            AffiliationFactory(person=person)
    return person


@pytest.mark.parametrize(
    ("role", "sees", "edits", "grants", "runs_network"),
    [
        ("member", 1, False, False, False),
        ("unit_admin", 1, False, False, False),
        ("organisation_admin", 1, True, True, False),
        ("network_admin", 2, False, True, True),
        ("operator", 4, False, False, True),
    ],
)
def test_rights_follow_the_relation(place, role, sees, edits, grants, runs_network):
    person = somebody(role, place)
    OrganisationFactory()

    assert access.visible_organisations(person).count() == sees
    assert place in access.visible_organisations(person)
    assert access.can_edit_organisation(person, place) is edits
    assert access.can_grant_organisation_admin(person, place) is grants
    assert access.can_run_network(person, place.network) is runs_network
    assert place.network in access.visible_networks(person)


def test_strangers_and_visitors_see_nothing(place):
    unit = UnitFactory(organisation=place)
    affiliation = AffiliationFactory(organisation=place)

    for person in (somebody("stranger", place), AnonymousUser()):
        assert place not in access.visible_organisations(person)
        assert place.network not in access.visible_networks(person)
        assert unit not in access.visible_units(person)
        assert affiliation not in access.own_affiliations(person)
        assert not access.can_grant_organisation_admin(person, place)
        assert not access.can_run_network(person, place.network)


def test_many_hats_add_up(place):
    person = somebody("network_admin", place)
    OrganisationAdminFactory(person=person, organisation=place)

    assert access.can_edit_organisation(person, place)
    assert access.can_run_network(person, place.network)


def test_who_looks_after_a_unit_sees_it_and_leaves_changing_it_to_the_organisation(place):
    ours = UnitFactory(organisation=place)
    overseer = UnitAdminFactory(unit=ours).person

    assert ours in access.visible_units(overseer)
    assert not access.can_edit_unit(overseer, ours)
    assert access.can_edit_unit(somebody("organisation_admin", place), ours)


def test_own_affiliations_are_nobody_elses(place):
    row = AffiliationFactory(organisation=place)
    elsewhere = AffiliationFactory(person=row.person)
    administrator = somebody("organisation_admin", place)

    assert not access.own_affiliations(administrator)
    assert set(access.own_affiliations(row.person)) == {row, elsewhere}
