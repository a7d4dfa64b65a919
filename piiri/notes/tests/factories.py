"""Lines of a running group for tests."""

import factory

from piiri.groups.tests.factories import NOW
from piiri.meetings.tests.factories import RunningGroupFactory, members_of
from piiri.notes.models import Line

CANARY = "Kanarianlintu 7431"


class LineFactory(factory.django.DjangoModelFactory):
    """A post of the group's first participant."""

    class Meta:
        model = Line

    group = factory.SubFactory(RunningGroupFactory)
    author = factory.LazyAttribute(lambda line: members_of(line.group)[0])
    kind = Line.Kind.POST
    text = CANARY
    written_at = NOW
