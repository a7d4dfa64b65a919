"""Who sees and may what of a programme."""

import pytest
from django.contrib.auth.models import AnonymousUser

from piiri.networks.tests.factories import AffiliationFactory, OrganisationAdminFactory
from piiri.people.tests.factories import PersonFactory
from piiri.programmes import access
from piiri.programmes.tests.factories import (
    CoordinatorFactory,
    DraftFactory,
    EmployerFactory,
    EventFactory,
    ProgrammeFactory,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def test_visitors_see_published_programmes_and_no_office():
    published, _draft = ProgrammeFactory(), DraftFactory()

    assert list(access.visible_programmes(NOBODY)) == [published]
    assert not access.visible_offices(NOBODY)
    assert not access.programmes_coordinated_by(NOBODY)
    assert not access.programmes_run_by(NOBODY)
    assert not access.organisations_programmed_by(NOBODY)
    assert not access.can_edit_programme(NOBODY, published)


def test_drafts_are_seen_by_those_who_run_them():
    role = CoordinatorFactory(programme=DraftFactory())
    admin = OrganisationAdminFactory(organisation=role.programme.organisation)

    assert list(access.visible_programmes(role.person)) == [role.programme]
    assert list(access.visible_programmes(admin.person)) == [role.programme]
    assert not access.visible_programmes(PersonFactory())


def test_joint_events_are_seen_in_their_office():
    hidden = EventFactory(programme=DraftFactory())
    EventFactory()
    runs = CoordinatorFactory(programme=hidden.programme).person

    assert list(access.visible_office_events(runs)) == [hidden]


def test_an_office_is_known_to_the_staff_it_serves():
    employer = EmployerFactory(organisation=AffiliationFactory().organisation)
    staff = employer.organisation.affiliations.get().person

    assert list(access.visible_offices(staff)) == [employer.programme]
    assert not access.can_edit_programme(staff, employer.programme)
    assert not access.visible_offices(PersonFactory())


def test_a_coordinator_runs_one_programme_and_may_begin_others_beside_it():
    role = CoordinatorFactory()
    sibling = ProgrammeFactory(organisation=role.programme.organisation)

    assert access.can_coordinate_programme(role.person, role.programme)
    assert not access.can_edit_programme(role.person, sibling)
    assert sibling in access.visible_offices(role.person)
    assert list(access.organisations_programmed_by(role.person)) == [sibling.organisation]
    assert access.can_set_up_programmes(role.person)
    assert not access.can_grant_coordinator(role.person, role.programme)


def test_an_administrator_edits_all_of_the_organisation_and_chooses_coordinators():
    admin = OrganisationAdminFactory()
    own, foreign = DraftFactory(organisation=admin.organisation), ProgrammeFactory()

    assert access.can_edit_programme(admin.person, own)
    assert access.can_grant_coordinator(admin.person, own)
    assert not access.can_coordinate_programme(admin.person, own)
    assert not access.can_edit_programme(admin.person, foreign)
    assert not access.can_grant_coordinator(admin.person, foreign)
