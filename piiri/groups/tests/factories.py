"""Groups, mentors and places for tests."""

from datetime import UTC, date, datetime

import factory

from piiri.groups.models import Group, KeptApart, Membership, Mentor, Mentorship, Place
from piiri.networks.models import Network, Organisation, Unit
from piiri.people.models import Person
from piiri.programmes.models import Coordinator, Employer, Programme, Theme

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@city.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    joined_at = NOW
    verified_at = NOW


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    network = factory.LazyFunction(
        lambda: Network.objects.get_or_create(slug="net", defaults={"name": {"en": "Net"}})[0]
    )
    name = factory.Sequence(lambda n: {"en": f"City {n}"})
    slug = factory.Sequence(lambda n: f"city-{n}")


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"School {n}")


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """A published programme whose enrolment is open at NOW."""

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.Sequence(lambda n: f"year-{n}")
    preset = "city"
    title = {"en": "Peer groups"}
    languages = ["en"]
    starts_on = date(2027, 2, 1)
    ends_on = date(2027, 6, 1)
    enrol_opens_at = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
    enrol_closes_at = datetime(2027, 1, 29, 21, 59, tzinfo=UTC)
    answers_by = date(2027, 2, 5)
    state = Programme.State.PUBLISHED
    created_at = NOW
    published_at = NOW

    @factory.post_generation
    def employers(self, create, extracted, **kwargs):
        if create:
            Employer.objects.create(programme=self, organisation=self.organisation)

    @factory.post_generation
    def office(self, create, extracted, **kwargs):
        if extracted:
            Coordinator.objects.create(programme=self, person=extracted, since=NOW)


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: {"en": f"Theme {n}"})
    order = factory.Sequence(lambda n: n)


class MentorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mentor

    programme = factory.SubFactory(ProgrammeFactory)
    person = factory.SubFactory(PersonFactory)
    groups_at_most = 2
    accepted_at = NOW


class GroupFactory(factory.django.DjangoModelFactory):
    """A group on offer with a mentor (`mentor=None` for none) and eight places."""

    class Meta:
        model = Group
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    theme = factory.SubFactory(ThemeFactory, programme=factory.SelfAttribute("..programme"))
    created_at = NOW

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        if create:
            count = 8 if extracted is None else extracted
            Place.objects.bulk_create(Place(group=self, number=n) for n in range(1, count + 1))

    @factory.post_generation
    def mentor(self, create, extracted, **kwargs):
        if create and extracted is not False:
            person = extracted or PersonFactory()
            Mentor.objects.get_or_create(
                programme=self.programme, person=person, defaults={"groups_at_most": 2, "accepted_at": NOW}
            )
            Mentorship.objects.create(group=self, person=person, started_at=NOW)

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        for place in self.places.all()[: extracted or 0]:
            place.membership = Membership.objects.create(
                group=self, programme=self.programme, person=PersonFactory(), joined_at=NOW, confirmed_at=NOW
            )
            place.save()


class KeptApartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KeptApart

    programme = factory.SubFactory(ProgrammeFactory)
    state = KeptApart.State.KEPT
    made_at = NOW
