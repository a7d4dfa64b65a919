from datetime import UTC, date, datetime

import factory

from piiri.networks.tests.factories import OrganisationFactory
from piiri.people.tests.factories import PersonFactory
from piiri.programmes.models import (
    Availability,
    Break,
    Coordinator,
    Employer,
    Event,
    EventSession,
    Programme,
    Theme,
)


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """A published year 2026–27 that is running at the tests' still clock, 18 January 2027."""

    class Meta:
        model = Programme

    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.Sequence(lambda n: f"veme-{n}")
    preset = "city"
    title = {"fi": "Vertaisryhmät 2026–27", "sv": "Grupper 2026–27", "en": "Peer groups 2026–27"}
    lead = {}
    languages = ["fi", "sv"]
    contact_name = "The programme office"
    contact_address = "office@city.example"
    enrol_opens_at = datetime(2026, 8, 16, 21, 0, tzinfo=UTC)
    enrol_closes_at = datetime(2026, 9, 18, 20, 59, tzinfo=UTC)
    answers_by = date(2026, 9, 25)
    starts_on = date(2026, 9, 28)
    ends_on = date(2027, 5, 31)
    state = Programme.State.PUBLISHED
    parameters = {}
    created_at = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    published_at = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class DraftFactory(ProgrammeFactory):
    """A programme nobody outside its office sees yet."""

    state = Programme.State.DRAFT
    published_at = None


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: {"fi": f"Teema {n}", "sv": f"Tema {n}", "en": f"Theme {n}"})
    order = factory.Sequence(lambda n: n)


class BreakFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Break

    programme = factory.SubFactory(ProgrammeFactory)
    title = {"fi": "Syysloma", "sv": "Höstlov", "en": "Autumn holiday"}
    starts_on = date(2026, 10, 12)
    ends_on = date(2026, 10, 18)


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    programme = factory.SubFactory(ProgrammeFactory)
    kind = Event.Kind.OPENING


class EventSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventSession

    event = factory.SubFactory(EventFactory)
    starts_at = datetime(2026, 10, 1, 11, 30, tzinfo=UTC)
    minutes = 120


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SelfAttribute("programme.organisation")


class CoordinatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Coordinator

    programme = factory.SubFactory(ProgrammeFactory)
    person = factory.SubFactory(PersonFactory)
    since = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class AvailabilityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Availability

    programme = factory.SubFactory(ProgrammeFactory)
    person = factory.SubFactory(PersonFactory)
    updated_at = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
