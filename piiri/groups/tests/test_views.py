"""Groups and mentors through their doors."""

import re

import pytest
from django.urls import reverse

from piiri.groups.models import Group, Mentor
from piiri.groups.tests.factories import (
    GroupFactory,
    MentorFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.programmes.models import Availability

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def address(programme, name="groups:offer"):
    return reverse(name, args=[programme.organisation.slug, programme.slug])


def test_offer_makes_a_group_with_its_times_without_script(client):
    mentor = MentorFactory()
    theme = ThemeFactory(programme=mentor.programme)
    client.force_login(mentor.person)
    said = {
        "theme": theme.uid,
        "text": "Parents.",
        "language": "sv",
        "form": "onsite",
        "area": "Centre",
        "places": 6,
    }

    answer = client.post(address(mentor.programme), said | {"part": ["1a"]})

    group = Group.objects.get()
    assert answer.status_code == 302
    assert (group.theme, group.language, group.times, group.places.count()) == (theme, "sv", "1a", 6)
    assert group.mentorships.get().person == mentor.person
    assert Availability.objects.get(person=mentor.person).mask.count("2") == 8


def test_offer_keeps_what_was_written_when_something_is_missing(client):
    mentor = MentorFactory()
    client.force_login(mentor.person)

    answer = client.post(address(mentor.programme), {"text": "About parents", "part": ["1a"]})

    assert answer.status_code == 422
    assert b"Choose the theme of the group." in answer.content
    assert b"About parents" in answer.content
    assert not Group.objects.exists()


def test_offer_opens_a_part_of_the_day_and_says_nothing_of_errors(client):
    mentor = MentorFactory()
    client.force_login(mentor.person)

    answer = client.post(address(mentor.programme), {"text": "About parents", "op": "open:a"})

    assert answer.status_code == 200
    assert b"About parents" in answer.content
    assert b"Choose the theme" not in answer.content
    assert len(re.findall(rb'<tr class="week__hour"\s*>', answer.content)) == 4


def test_offer_by_the_office_names_the_mentor(client):
    office, mentor = PersonFactory(), PersonFactory()
    programme = ProgrammeFactory(office=office)
    MentorFactory(programme=programme, person=mentor)
    said = {"theme": ThemeFactory(programme=programme).uid, "language": "fi", "form": "online", "places": 8}
    client.force_login(office)

    client.post(address(programme), said | {"mentor": mentor.uid})

    assert Group.objects.get().mentorships.get().person == mentor


@pytest.mark.parametrize(
    ("who", "status"), [("mentor", 200), ("member", 403), ("office", 200), ("stranger", 404)]
)
def test_edit_is_for_the_mentor_and_the_office(client, who, status):
    office = PersonFactory()
    group = GroupFactory(programme=ProgrammeFactory(office=office), members=1)
    people = {
        "mentor": group.mentorships.get().person,
        "member": group.memberships.get().person,
        "office": office,
        "stranger": MentorFactory().person,
    }
    client.force_login(people[who])

    assert client.get(reverse("groups:edit", args=[group.uid])).status_code == status


def test_edit_of_a_running_group_leaves_theme_and_language_alone(client):
    group = GroupFactory(state=Group.State.RUNNING, text="Old")
    client.force_login(group.mentorships.get().person)

    client.post(reverse("groups:edit", args=[group.uid]), {"text": "New", "language": "sv"})

    changed = Group.objects.get()
    assert (changed.text, changed.language, changed.theme) == ("New", "fi", group.theme)


@pytest.mark.parametrize("name", ["mentors"])
def test_offices_of_others_are_not_there(client, name):
    office = PersonFactory()
    ProgrammeFactory(office=office)
    foreign = ProgrammeFactory()
    client.force_login(office)

    there = client.get(reverse(f"groups:{name}", args=[foreign.uid]))
    never = client.get(reverse(f"groups:{name}", args=["a" * 16]))

    assert (there.status_code, there.content) == (404, never.content)


def test_mentors_are_accepted_by_address_and_told_no_secret(client):
    office, known = PersonFactory(), PersonFactory(name="Already Here")
    programme = ProgrammeFactory(office=office)
    client.force_login(office)
    page = reverse("groups:mentors", args=[programme.uid])

    client.post(page, {"name": "Other Name", "email": known.email.upper(), "groups_at_most": 2})
    client.post(page, {"name": "New Person", "email": "new@city.example", "groups_at_most": 1})
    oneself = client.post(page, {"name": "Me", "email": office.email, "groups_at_most": 1})

    assert list(Mentor.objects.order_by("pk").values_list("person__name", "groups_at_most")) == [
        ("Already Here", 2),
        ("New Person", 1),
    ]
    assert oneself.status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_mentors_page_needs_the_same_queries_for_any_number(client, count, django_assert_num_queries):
    office = PersonFactory()
    programme = ProgrammeFactory(office=office)
    MentorFactory.create_batch(count, programme=programme)
    client.force_login(office)

    with django_assert_num_queries(6):
        answer = client.get(reverse("groups:mentors", args=[programme.uid]))

    assert answer.status_code == 200


def test_places_are_set_by_the_office_only(client):
    office = PersonFactory()
    group = GroupFactory(programme=ProgrammeFactory(office=office))
    page = reverse("groups:resize", args=[group.uid])
    client.force_login(group.mentorships.get().person)
    assert client.post(page, {"places": 4}).status_code == 403

    client.force_login(office)
    client.post(page, {"places": 4})

    assert group.places.count() == 4
