"""Two groups of a made-up programme that look for a time of their own, with what some have marked already."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World
from piiri.desk.actions.seeded_groups import Peopled
from piiri.meetings import finder
from piiri.meetings.finder import Frame
from piiri.meetings.models import Asked, Poll, PollAnswer
from piiri.programmes import queries as programme_queries

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

LOOKING = 2
SINCE, OPEN_FOR = timedelta(days=3), timedelta(days=4)


def make_times(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """A search for a time in the first groups; every second member has answered with their usual times."""
    for each in peopled[:LOOKING]:
        poll = _poll(world, each)
        people = [each.mentor, *each.members]
        Asked.objects.bulk_create(
            Asked(poll=poll, person=person, asked_at=world.now - SINCE) for person in people
        )
        frame = Frame(poll.first_on, poll.last_on)
        PollAnswer.objects.bulk_create(
            PollAnswer(
                poll=poll,
                person=person,
                marks=finder.of_week(programme_queries.times_of(cohort.programme, person=person), frame),
                answered_at=world.now - SINCE / 2,
            )
            for person in each.members[1::2]
        )
        world.tell("poll", poll.uid, cohort.organisation, cohort.programme, each.group)


def _poll(world: World, each: Peopled) -> Poll:
    """The two weeks after the next."""
    first = world.now.date() + timedelta(days=14 - world.now.weekday())
    answer_on = (world.now + OPEN_FOR).date()
    return Poll.objects.create(
        uid=world.dice.uid(),
        group=each.group,
        first_on=first,
        last_on=first + timedelta(days=11),
        minutes=each.group.programme.rules.meeting_minutes,
        place=each.group.place,
        asked_by=each.mentor,
        asked_at=world.now - SINCE,
        answer_by=datetime.combine(answer_on, time(20), UTC),
    )
