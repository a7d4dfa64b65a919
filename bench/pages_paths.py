"""Which pages of a made world are measured, by whom, and how many queries each asks."""

import json
import sys

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

django.setup()

from piiri.groups.models import Group, Membership, Mentorship  # noqa: E402 - after setup
from piiri.people.models import DemoAccount, Person  # noqa: E402
from piiri.programmes.models import Coordinator, Programme  # noqa: E402


def sign_in(person: Person) -> str:
    """A path that signs the person in; made here for whoever has none."""
    last = DemoAccount.objects.count() + 1
    DemoAccount.objects.get_or_create(person=person, defaults={"role": "bench", "order": last})
    return f"/demo/sign-in/{person.uid}/"


def largest() -> Programme:
    """The published programme with the most living groups."""
    ranked = Programme.objects.published().annotate(size=django.db.models.Count("groups"))
    return ranked.order_by("-size")[0]


def chosen() -> dict[str, tuple[str, str]]:
    programme = largest()
    running = Group.objects.running().filter(programme=programme)
    group = running.annotate(size=django.db.models.Count("memberships")).order_by("-size", "pk")[0]
    member = Membership.objects.active().filter(group=group).select_related("person")[0].person
    mentor = Mentorship.objects.active().filter(group=group).select_related("person")[0].person
    office = Coordinator.objects.filter(programme=programme).select_related("person")[0].person
    public = f"/p/{programme.organisation.slug}/{programme.slug}/"
    return {
        "programme_page": (public, ""),
        "programme_page_all": (f"{public}?all=1", ""),
        "group_page": (f"/groups/{group.uid}/", sign_in(member)),
        "home_participant": ("/", sign_in(member)),
        "home_mentor": ("/", sign_in(mentor)),
        "desk_overview": (f"/office/{programme.uid}/", sign_in(office)),
        "desk_groups": (f"/office/{programme.uid}/groups/", sign_in(office)),
        "desk_people": (f"/office/{programme.uid}/people/", sign_in(office)),
    }


def queries(path: str, door: str) -> int:
    """Queries of a warm load, session and person included."""
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
