from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from piiri.base.errors import Refused
from piiri.base.fields import Translations
from piiri.mail.models import Message
from piiri.networks import actions
from piiri.networks.actions import Known
from piiri.networks.models import Affiliation, NetworkAdmin, Organisation, OrganisationAdmin
from piiri.networks.rules import NetworkRefusal
from piiri.networks.tests.factories import (
    AffiliationFactory,
    NetworkFactory,
    OrganisationAdminFactory,
    OrganisationFactory,
    UnitFactory,
)
from piiri.people.models import Person
from piiri.people.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
NAME = Translations({"fi": "Järvilä"})


def test_create_organisation_refuses_a_short_name_that_is_taken():
    taken = OrganisationFactory(slug="jarvila")

    with pytest.raises(Refused, match=NetworkRefusal.SLUG_TAKEN):
        actions.create_organisation(
            NetworkFactory(), name=NAME, slug="jarvila", kind="city", contact_address="", by=None, now=NOW
        )

    assert Organisation.objects.get() == taken


def test_found_network_and_grant_network_admin_twice_is_once():
    for _ in range(2):
        network = actions.found_network("lakeland", name=NAME, now=NOW)
        actions.grant_network_admin(network, email="nina@city.example", now=NOW)

    assert NetworkAdmin.objects.get().person.email == "nina@city.example"


def test_grant_organisation_admin_tells_the_new_administrator_once():
    place, by = OrganisationFactory(), PersonFactory()

    for _ in range(2):
        actions.grant_organisation_admin(place, email="Aino@city.example", by=by, now=NOW)

    assert OrganisationAdmin.objects.get().person.email == "aino@city.example"
    assert Message.objects.get().address == "aino@city.example"


def test_grant_organisation_admin_never_to_oneself():
    by = PersonFactory()

    with pytest.raises(Refused, match=NetworkRefusal.ONESELF):
        actions.grant_organisation_admin(OrganisationFactory(), email=by.email, by=by, now=NOW)

    assert not OrganisationAdmin.objects.exists()


def test_grant_organisation_admin_makes_nobody_when_refused():
    place = OrganisationFactory(suspended_at=NOW)
    by = PersonFactory()

    with pytest.raises(Refused, match=NetworkRefusal.SUSPENDED):
        actions.grant_organisation_admin(place, email="new@city.example", by=by, now=NOW)

    assert list(Person.objects.all()) == [by]


def test_remove_organisation_admin_never_of_oneself():
    one = OrganisationAdminFactory()
    other = OrganisationAdminFactory(organisation=one.organisation)

    with pytest.raises(Refused, match=NetworkRefusal.ONESELF):
        actions.remove_organisation_admin(one.organisation, person=one.person, by=one.person, now=NOW)
    actions.remove_organisation_admin(one.organisation, person=other.person, by=one.person, now=NOW)

    assert list(OrganisationAdmin.objects.all()) == [one]


def test_suspended_organisations_do_not_change_until_reopened():
    place, by = OrganisationFactory(), PersonFactory()
    unit = UnitFactory(organisation=place)
    actions.suspend_organisation(place, by=by, now=NOW)
    place.refresh_from_db()
    deeds = [
        lambda: actions.describe_organisation(place, name=NAME, contact_address="", by=by, now=NOW),
        lambda: actions.add_unit(place, name="School", area="", by=by, now=NOW),
        lambda: actions.change_unit(unit, name="School", area="", by=by, now=NOW),
    ]

    for deed in deeds:
        with pytest.raises(Refused, match=NetworkRefusal.SUSPENDED):
            deed()
    actions.reopen_organisation(place, by=by, now=NOW)
    place.refresh_from_db()
    unit.organisation = place

    for deed in deeds[:1] + deeds[2:]:
        deed()


def test_units_of_an_organisation_have_different_names():
    unit, by = UnitFactory(), PersonFactory()
    other = actions.add_unit(unit.organisation, name="Other", area="East", by=by, now=NOW)

    with pytest.raises(Refused, match=NetworkRefusal.NAME_TAKEN):
        actions.add_unit(unit.organisation, name=unit.name, area="", by=by, now=NOW)
    with pytest.raises(Refused, match=NetworkRefusal.NAME_TAKEN):
        actions.change_unit(other, name=unit.name, area="", by=by, now=NOW)


def test_affiliate_keeps_what_was_not_told_now():
    row = AffiliationFactory(job="Teacher", workplace="Old school")

    actions.affiliate(row.organisation, known=Known(row.person, workplace="New school"))

    row.refresh_from_db()
    assert (row.job, row.workplace) == ("Teacher", "New school")


def test_affiliate_many_makes_and_replaces_within_the_organisation():
    row = AffiliationFactory(job="Teacher")
    elsewhere = AffiliationFactory(person=row.person, job="Mentor")
    newcomer = PersonFactory()

    for _ in range(2):
        actions.affiliate_many(
            row.organisation, known=[Known(row.person, job="Principal"), Known(newcomer, years=3)]
        )

    row.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (row.job, elsewhere.job) == ("Principal", "Mentor")
    assert Affiliation.objects.get(person=newcomer).years == 3
    assert Affiliation.objects.count() == 3


def test_network_command_founds_a_network_with_an_administrator(capsys):
    call_command("network", "lakeland", "--admin", "nina@city.example")

    row = NetworkAdmin.objects.get()
    assert row.person.email == "nina@city.example"
    assert capsys.readouterr().out.strip() == f"/networks/{row.network.uid}/"
