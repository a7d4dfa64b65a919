"""A small programme that is ready to form groups, and runs with a proposal."""

from dataclasses import dataclass, field

import factory

from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.formation.models import Run
from piiri.groups.models import Group
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.people.models import Person
from piiri.programmes import windows
from piiri.programmes.models import Availability, Programme, Theme

AFTERNOONS = windows.of_hours({(day, hour): 2 for day in (1, 3) for hour in range(13, 17)})
TUESDAY = windows.of_hours({(1, hour): 2 for hour in range(13, 17)})
NEVER = windows.NOTHING


@dataclass
class World:
    """One office, one theme or more, groups on offer, people who wait."""

    programme: Programme
    office: Person
    themes: list[Theme]
    groups: list[Group] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)

    def offer(self, *, theme: int = 0, places: int = 8, mask: str = AFTERNOONS, **about) -> Group:
        mentor = about.pop("mentor", None) or PersonFactory()
        Availability.objects.get_or_create(
            programme=self.programme, person=mentor, defaults={"mask": mask, "updated_at": NOW}
        )
        group = GroupFactory(
            programme=self.programme,
            theme=self.themes[theme],
            language="en",
            places=places,
            mentor=mentor,
            **about,
        )
        self.groups.append(group)
        return group

    def apply(self, count: int = 1, *, theme: int = 0, mask: str = AFTERNOONS, **about) -> list[Application]:
        made = [
            ApplicationFactory(programme=self.programme, wishes=[self.themes[theme]], mask=mask, **about)
            for _ in range(count)
        ]
        self.applications += made
        return made


def world(*, themes: int = 2, **parameters) -> World:
    """Parameters as the programme's rules; mails wait for a day unless told."""
    office = PersonFactory(email="office@city.example")
    programme = ProgrammeFactory(office=office, parameters={"hold_hours": 24} | parameters)
    return World(programme, office, [ThemeFactory(programme=programme) for _ in range(themes)])


class RunFactory(factory.django.DjangoModelFactory):
    """A run that is ready; `seats` pairs applications with groups (or None)."""

    class Meta:
        model = Run
        exclude = ("seats",)

    seats: list = []
    state = Run.State.READY
    asked_at = NOW
    finished_at = NOW
    done_at = NOW
    proposal = factory.LazyAttribute(lambda one: proposal_of(one.seats))


def proposal_of(seats):
    """A proposal as work.py keeps it, every group on Tuesdays at 14, every place a first wish."""
    placed = {one.uid: group.uid if group else None for one, group in seats}
    groups = {uid for uid in placed.values() if uid}
    members = list(placed.values())
    return {
        "assignment": placed,
        "windows": {uid: [1, 14 * 60] for uid in sorted(groups)},
        "reasons": {
            one.uid: reason(group, members.count(group.uid)) if group else {"unmet": [], "no_times": True}
            for one, group in seats
        },
    }


def reason(group, size):
    return {
        "rank": 1, "slots": 3, "language": group.language, "region": "onsite:", "size": size,
        "experienced": 0, "colleagues": 0, "unmet": [],
    }  # fmt: skip
