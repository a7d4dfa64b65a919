import factory
from django.utils import timezone

from piiri.networks.models import (
    Affiliation,
    Network,
    NetworkAdmin,
    Organisation,
    OrganisationAdmin,
    Unit,
    UnitAdmin,
)
from piiri.people.tests.factories import PersonFactory


class NetworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Network

    slug = factory.Sequence(lambda n: f"network-{n}")
    name = factory.LazyAttribute(lambda network: {"en": network.slug.title()})


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    network = factory.SubFactory(NetworkFactory)
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.LazyAttribute(lambda organisation: {"en": organisation.slug.title()})


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"School {n}")


class AffiliationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Affiliation

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class NetworkAdminFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkAdmin

    person = factory.SubFactory(PersonFactory)
    network = factory.SubFactory(NetworkFactory)
    since = factory.LazyFunction(timezone.now)


class OrganisationAdminFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganisationAdmin

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    since = factory.LazyFunction(timezone.now)


class UnitAdminFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnitAdmin

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(UnitFactory)
    since = factory.LazyFunction(timezone.now)
