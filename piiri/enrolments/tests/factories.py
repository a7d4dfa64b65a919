"""Applications for tests."""

import factory

from piiri.enrolments.models import Application, Wish
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.programmes import windows
from piiri.programmes.models import Availability

TUESDAY_AFTERNOON = windows.of_hours({(1, hour): 2 for hour in range(13, 17)})


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A sent application; `wishes=[theme, …]` and `mask=…` as told."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    person = factory.SubFactory(PersonFactory)
    state = Application.State.SENT
    languages = ["en"]
    saved_at = NOW
    sent_at = factory.LazyAttribute(lambda one: None if one.state == "draft" else NOW)

    @factory.post_generation
    def wishes(self, create, extracted, **kwargs):
        for rank, theme in enumerate(extracted or [], start=1):
            Wish.objects.create(application=self, rank=rank, theme=theme)

    @factory.post_generation
    def mask(self, create, extracted, **kwargs):
        if extracted:
            Availability.objects.create(
                programme=self.programme, person=self.person, mask=extracted, updated_at=NOW
            )
