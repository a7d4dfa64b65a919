"""Which pages of a made world are measured, by whom, and how many queries each asks."""

import json
import sys
from datetime import timedelta

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

django.setup()

from piiri.agreements import actions as agreements  # noqa: E402 - after setup
from piiri.agreements import queries as agreement_queries  # noqa: E402
from piiri.agreements.models import Agreement, Goal  # noqa: E402
from piiri.base import clock, kept  # noqa: E402
from piiri.groups.models import Group, Membership, Mentorship, Place  # noqa: E402
from piiri.people.models import DemoAccount, Person  # noqa: E402
from piiri.programmes.models import Coordinator, Programme, Theme  # noqa: E402

MANY, WEEK = "five-hundred", timedelta(weeks=1)


def sign_in(person: Person) -> str:
    """A path that signs the person in; made here for whoever has none."""
    last = DemoAccount.objects.count() + 1
    DemoAccount.objects.get_or_create(person=person, defaults={"role": "bench", "order": last})
    return f"/demo/sign-in/{person.uid}/"


def largest() -> Programme:
    """The published programme with the most living groups."""
    ranked = Programme.objects.published().exclude(slug=MANY).annotate(size=django.db.models.Count("groups"))
    return ranked.order_by("-size")[0]


def many_groups(like: Programme) -> Programme:
    """A programme of five hundred groups of eight in which places are taken; made once a world."""
    found = Programme.objects.filter(organisation=like.organisation, slug=MANY).first()
    if found:
        return found
    now = clock.now()
    many = Programme.objects.create(
        organisation=like.organisation, slug=MANY, preset=like.preset, title=like.title, lead=like.lead,
        what=like.what, for_me=like.for_me, for_employer=like.for_employer, languages=like.languages,
        enrol_opens_at=now - WEEK, enrol_closes_at=now + WEEK, answers_by=(now + WEEK).date(),
        starts_on=(now + 2 * WEEK).date(), ends_on=(now + 40 * WEEK).date(), state=like.state,
        parameters={"enrol_way": "place"}, created_at=now, published_at=now,
    )  # fmt: skip
    themes = [
        Theme.objects.create(programme=many, title=each.title, text=each.text, hue=each.hue, order=each.order)
        for each in like.themes.filter(sensitive=False)
    ]
    groups = Group.objects.bulk_create(
        Group(programme=many, theme=themes[n % len(themes)], created_at=now, times="1a 3a", area=f"{n % 9}")
        for n in range(500)
    )
    Place.objects.bulk_create(Place(group=group, number=n) for group in groups for n in range(1, 9))
    return many


def with_agreement(group: Group, people: list[Person]) -> None:
    """Let the group have a signed agreement and three goals, sealed; made once a world."""
    if Goal.objects.agreed().filter(group=group).exists():
        return
    first, now = people[0], clock.now()
    if not agreement_queries.standing_of(group):
        draft = Agreement.objects.draft().filter(group=group).first()
        draft = draft or agreements.begin(group, by=first, now=now)
        agreements.make_ready(draft, edits=draft.edits, meaning=True, by=first, now=now)
    number = agreement_queries.standing_of(group).number
    for person in people:
        agreements.sign(group, number=number, by=person, now=now)
    for sentence in (
        "Kokeilemme uutta aloitusta.",
        "Kirjaamme, mistä kieltäydymme.",
        "Käymme toistemme luona.",
    ):
        goal = agreements.suggest_goal(group, sentence=sentence, by=first, now=now)
        for person in people[1:]:
            agreements.agree_to_goal(goal, by=person, now=now)


def chosen() -> dict[str, tuple[str, str]]:
    programme = largest()
    running = Group.objects.running().filter(programme=programme)
    group = running.annotate(size=django.db.models.Count("memberships")).order_by("-size", "pk")[0]
    member = Membership.objects.active().filter(group=group).select_related("person")[0].person
    mentor = Mentorship.objects.active().filter(group=group).select_related("person")[0].person
    office = Coordinator.objects.filter(programme=programme).select_related("person")[0].person
    everybody = [
        seat.person for seat in Mentorship.objects.active().filter(group=group).select_related("person")
    ]
    everybody += [
        seat.person for seat in Membership.objects.active().filter(group=group).select_related("person")
    ]
    with_agreement(group, everybody)
    public = f"/p/{programme.organisation.slug}/{programme.slug}/"
    many = f"/p/{programme.organisation.slug}/{MANY}/"
    many_groups(programme)
    return {
        "programme_page": (public, ""),
        "list_500": (many, ""),
        "list_500_last_part": (f"{many}?page=10", ""),
        "list_500_own_part": (f"{many}mine/", sign_in(member)),
        "embed": (f"{many}embed/", ""),
        "group_page": (f"/groups/{group.uid}/", sign_in(member)),
        "group_page_mentor": (f"/groups/{group.uid}/", sign_in(mentor)),
        "group_people": (f"/groups/{group.uid}/people/", sign_in(member)),
        "home_participant": ("/", sign_in(member)),
        "home_mentor": ("/", sign_in(mentor)),
        "desk_overview": (f"/office/{programme.uid}/", sign_in(office)),
        "desk_groups": (f"/office/{programme.uid}/groups/", sign_in(office)),
        "desk_people": (f"/office/{programme.uid}/people/", sign_in(office)),
    }


def queries(path: str, door: str) -> int:
    """Queries of a warm load, session and person included; of a kept page those of making it."""
    kept.shelf.lasts = 0.0
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "accept-language": "fi"})
    if door:
        client.get(door)
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return len(asked)


json.dump({name: [path, door, queries(path, door)] for name, (path, door) in chosen().items()}, sys.stdout)
