"""The world of the enrolment benchmark: programmes, people who are signed in, and what became of them.

`make PEOPLE` prints paths and session keys, `audit SLUG` how places and people of one programme stand,
`queries` how many statements one press asks. No door of the product: it writes to the database directly.
"""

import json
import random
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, F, Q  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from piiri.base import clock  # noqa: E402
from piiri.enrolments.models import Application  # noqa: E402
from piiri.groups.models import Group, Membership, Mentor, Mentorship, Place  # noqa: E402
from piiri.mail.models import Message  # noqa: E402
from piiri.networks.models import Affiliation, Network, Organisation, Unit  # noqa: E402
from piiri.people.models import Person, Press  # noqa: E402
from piiri.people.sessions import SessionStore  # noqa: E402
from piiri.programmes.models import Employer, Programme, Theme  # noqa: E402

# Slug → groups, places in each. "full" is filled up at once, "counted" is for the statements of one press.
PROGRAMMES = {"rush": (500, 8), "race": (10, 8), "noon": (10, 6), "full": (10, 8), "counted": (1, 8)}
NOW = clock.now()
BATCH = 1000
draw = random.Random(1)
OF_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def words(count: int) -> str:
    """So many made-up words: what is all alike would be packed into nothing."""
    made = ("".join(draw.choices("aeiouhjklmnprstv", k=draw.randint(3, 10))) for _word in range(count))
    return " ".join(made).capitalize()


def people(count: int, *, name: str) -> list[Person]:
    """Verified people with a name and a workplace."""
    rows = [
        Person(
            email=f"{name}{n}@bench.example",
            name=f"{name.title()} Number{n}",
            language="en",
            joined_at=NOW,
            verified_at=NOW,
        )
        for n in range(count)
    ]
    return Person.objects.bulk_create(rows, batch_size=BATCH)


def signed_in(everybody: list[Person]) -> list[str]:
    """A session for each of them, as it is after signing in; the keys."""
    store, keys = SessionStore(), [f"{n:032d}" for n in range(len(everybody))]
    Session.objects.bulk_create(
        [
            Session(
                session_key=key,
                session_data=store.encode(
                    {
                        SESSION_KEY: str(person.pk),
                        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                        HASH_SESSION_KEY: person.get_session_auth_hash(),
                    }
                ),
                expire_date=NOW + timedelta(days=14),
            )
            for key, person in zip(keys, everybody, strict=True)
        ],
        batch_size=BATCH,
    )
    return keys


def programme(city: Organisation, slug: str, *, groups: int, places: int) -> list[Group]:
    """A published programme, first come first served, with as many groups on offer, each with a mentor."""
    year = Programme.objects.create(
        organisation=city, slug=slug, preset="city", title={"en": f"Peer groups {slug}"}, languages=["en"],
        starts_on=NOW.date() + timedelta(30), ends_on=NOW.date() + timedelta(240), created_at=NOW,
        enrol_opens_at=NOW - timedelta(hours=1), enrol_closes_at=NOW + timedelta(9), published_at=NOW,
        answers_by=NOW.date() + timedelta(20), state="published", parameters={"enrol_way": "place"},
    )  # fmt: skip
    Employer.objects.create(programme=year, organisation=city)
    themes = Theme.objects.bulk_create(
        [Theme(programme=year, title={"en": f"Theme {n} of the year"}, order=n) for n in range(20)]
    )
    made = Group.objects.bulk_create(
        [
            Group(
                programme=year, theme=themes[n % 20], title=words(3), language="en", area=words(1),
                place=words(2), text=words(20), times="1a 3a", created_at=NOW,
            )
            for n in range(groups)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    mentors = people(groups, name=f"mentor-{slug}-")
    Mentor.objects.bulk_create(
        [Mentor(programme=year, person=one, accepted_at=NOW, show_name=True) for one in mentors]
    )
    Mentorship.objects.bulk_create(
        [Mentorship(group=g, person=one, started_at=NOW) for g, one in zip(made, mentors, strict=True)]
    )
    Place.objects.bulk_create(
        [Place(group=group, number=n) for group in made for n in range(1, places + 1)], batch_size=BATCH
    )
    return made


def fill(groups: list[Group]) -> None:
    """Somebody in every place."""
    places = list(Place.objects.filter(group__in=groups).select_related("group"))
    sitting = people(len(places), name="early")
    rows = [
        Membership(
            group=place.group, programme_id=place.group.programme_id, person=one,
            joined_at=NOW, confirmed_at=NOW,
        )
        for place, one in zip(places, sitting, strict=True)
    ]  # fmt: skip
    for place, row in zip(places, Membership.objects.bulk_create(rows), strict=True):
        place.membership = row
    Place.objects.bulk_update(places, ["membership"])


def make(count: int) -> dict[str, Any]:
    network = Network.objects.create(slug="bench", name={"en": "Bench"})
    city = Organisation.objects.create(network=network, slug="bench", name={"en": "Bench"})
    units = Unit.objects.bulk_create([Unit(organisation=city, name=f"School {n}") for n in range(50)])
    everybody = people(count, name="teacher")
    Affiliation.objects.bulk_create(
        [
            Affiliation(organisation=city, person=person, unit=units[n % 50], name_as_written=person.name)
            for n, person in enumerate(everybody)
        ],
        batch_size=BATCH,
    )
    groups = {
        slug: programme(city, slug, groups=number, places=places)
        for slug, (number, places) in PROGRAMMES.items()
    }
    fill(groups["full"])
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": signed_in(everybody),
        "lists": {slug: reverse("enrolments:programme", args=["bench", slug]) for slug in PROGRAMMES},
        "groups": {
            slug: [reverse("enrolments:take", args=["bench", slug, group.uid]) for group in made]
            for slug, made in groups.items()
        },
    }


def audit(slug: str) -> dict[str, int]:
    """How the programme stands, counted in the rows."""
    groups = Group.objects.filter(programme__slug=slug)
    taken = Q(memberships__ended_at=None, memberships__confirmed_at__isnull=False)
    sizes = groups.annotate(
        people=Count("memberships", filter=taken, distinct=True), places_n=Count("places", distinct=True)
    )
    active = Membership.objects.active().filter(programme__slug=slug)
    placed = Application.objects.filter(programme__slug=slug, state="placed")
    return {
        "people": active.count(),
        "overbooked": sizes.filter(people__gt=F("places_n")).count(),
        "doubled": active.values("person").annotate(n=Count("pk")).filter(n__gt=1).count(),
        "without_place": active.filter(held_place=None).count(),
        "unsold": Place.objects.free().filter(group__programme__slug=slug).count(),
        "placed": placed.count(),
        "presses": Press.objects.filter(outcome__in=[f"/applications/{a.uid}/" for a in placed]).count()
        if placed.count() <= BATCH
        else -1,
        "mails": Message.objects.count(),
    }


def queries() -> dict[str, Any]:
    """The statements of one press, session and person included, those that begin and end transactions not."""
    person = Person.objects.get(email="teacher0@bench.example")
    group = Group.objects.get(programme__slug="counted")
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(person)
    path = reverse("enrolments:take", args=["bench", "counted", group.uid])
    with CaptureQueriesContext(connection) as page:
        client.get(path.removesuffix("take/"))
    with CaptureQueriesContext(connection) as press:
        answer = client.post(path, {"key": "abcdefgh23456722"})
    told = [asked["sql"] for asked in press if not asked["sql"].startswith(OF_TRANSACTIONS)]
    return {"status": answer.status_code, "queries": len(told), "page_queries": len(page), "sql": told}


COMMANDS = {"make": lambda count: make(int(count)), "audit": audit, "queries": queries}
json.dump(COMMANDS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
