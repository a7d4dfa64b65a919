"""Running groups, their meetings and joint events for tests."""

from datetime import UTC, datetime

import factory

from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import GroupFactory, PersonFactory
from piiri.meetings.models import Meeting
from piiri.programmes.models import Event, EventSession

JOINED = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
# Tuesday 9 February, 14.30 in Helsinki.
STARTS = datetime(2027, 2, 9, 12, 30, tzinfo=UTC)


class RunningGroupFactory(GroupFactory):
    """A running group with a mentor and three participants."""

    class Meta:
        skip_postgeneration_save = True

    state = Group.State.RUNNING

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        for place in self.places.all()[: 3 if extracted is None else extracted]:
            place.membership = Membership.objects.create(
                group=self,
                programme=self.programme,
                person=PersonFactory(),
                joined_at=JOINED,
                confirmed_at=JOINED,
            )
            place.save()


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    group = factory.SubFactory(RunningGroupFactory)
    starts_at = STARTS
    zone = "Europe/Helsinki"
    local_date = factory.LazyAttribute(lambda m: m.starts_at.astimezone(m.group.programme.tz).date())
    local_time = factory.LazyAttribute(lambda m: m.starts_at.astimezone(m.group.programme.tz).time())
    minutes = 90
    place = "Library"
    title = "Messages from parents"
    changed_at = JOINED


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventSession

    class Params:
        programme = None
        kind = Event.Kind.OPENING

    event = factory.LazyAttribute(
        lambda s: Event.objects.create(programme=s.programme, kind=s.kind, counts_hours=True)
    )
    starts_at = STARTS
    minutes = 120
    place = "City Hall"


def members_of(group):
    """The participants of a group as they joined."""
    return [one.person for one in group.memberships.order_by("pk").select_related("person")]


def mentor_of(group):
    """The mentor of a group."""
    return group.mentorships.get().person
