"""A mentor's link: a group in three minutes, one press for whoever has it, and its ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.base.errors import Refused
from piiri.enrolments import actions
from piiri.enrolments.models import Application
from piiri.enrolments.rules import EnrolRefusal
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, JoinLink, Membership
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import (
    GroupFactory,
    KeptApartFactory,
    MentorFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.mail.models import Message
from piiri.people.models import Person
from piiri.programmes.models import Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
FORM = {
    "title": "First years",
    "text": "Tuesdays at 14.30.",
    "language": "fi",
    "form": "onsite",
    "places": "8",
}


@pytest.fixture
def programme():
    return ProgrammeFactory(parameters={"enrol_way": "wishes"})


@pytest.fixture
def mentor(programme):
    return MentorFactory(programme=programme).person


@pytest.fixture
def link(programme, mentor):
    return actions.open_by_link(programme, theme=None, places=4, by=mentor, now=NOW, title="First years").link


def path_of(link, signature=None):
    return reverse("enrolments:join", args=[link.uid, signature or link.signature])


def join(link, person, now=NOW):
    return actions.join_by_link(link, person=person, by=person, now=now)


# --- opening ------------------------------------------------------------------------------------


def test_open_group_makes_a_group_that_only_its_link_leads_into(client, programme, mentor):
    client.force_login(mentor)
    address = reverse("enrolments:open-group", args=[programme.organisation.slug, programme.slug])
    assert client.get(address).status_code == 200
    assert client.post(address, FORM | {"title": ""}).status_code == 422

    answer = client.post(address, FORM)

    group = Group.objects.get()
    assert (group.by_link, group.places.count(), group.state) == (True, 8, "offered")
    assert answer["Location"] == reverse("enrolments:group-link", args=[group.uid])
    page = client.get(answer["Location"]).content.decode()
    assert path_of(JoinLink.objects.get()) in page
    assert "<svg" in page
    public = client.get(reverse("enrolments:programme", args=[programme.organisation.slug, programme.slug]))
    assert "Tuesdays at 14.30." not in public.content.decode()


def test_open_group_says_why_not(client, programme, mentor):
    client.force_login(mentor)
    address = reverse("enrolments:open-group", args=[programme.organisation.slug, programme.slug])
    programme.mentors.update(groups_at_most=0)

    answer = client.post(address, FORM)

    assert answer.status_code == 422
    assert b"already has as many groups as agreed" in answer.content
    assert not Group.objects.exists()


def test_open_group_is_for_mentors(client, programme):
    helena = PersonFactory()
    Coordinator.objects.create(programme=programme, person=helena, since=NOW)
    address = reverse("enrolments:open-group", args=[programme.organisation.slug, programme.slug])
    client.force_login(helena)
    assert client.get(address).status_code == 302
    client.force_login(GroupFactory(programme=programme, members=1).memberships.get().person)
    assert client.get(address).status_code == 403
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404


def test_group_link_is_made_anew_and_ended(client, link, mentor):
    address = reverse("enrolments:group-link", args=[link.group.uid])
    client.force_login(mentor)

    client.post(address, {"op": "new"})
    second = JoinLink.objects.exclude(pk=link.pk).get()
    assert path_of(second) in client.get(address).content.decode()
    client.post(address, {"op": "end"})

    assert b"The link has ended" in client.get(address).content
    assert not JoinLink.objects.filter(revoked_at=None).exists()


# --- joining ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["place", "wishes", "office"])
@pytest.mark.parametrize("at", [NOW, datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 2, 20, tzinfo=UTC)])
def test_join_by_link_works_in_any_way_of_enrolling_and_outside_its_window(link, way, at):
    programme = link.group.programme
    programme.parameters = programme.parameters | {"enrol_way": way}
    programme.save()
    JoinLink.objects.update(expires_at=at + timedelta(days=1))
    person = PersonFactory()

    application = join(link, person, now=at)

    assert application.state == "placed"
    assert Membership.objects.active().get().person == person
    assert JoinLink.objects.get().uses == 1
    assert Message.objects.filter(kind="enrolments/email/place", person_uid=person.uid).count() == 1


def test_join_by_link_twice_is_once(link):
    person = PersonFactory()

    assert join(link, person) == join(link, person)

    assert JoinLink.objects.get().uses == 1
    assert Application.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "sent", "waiting"])
def test_join_by_link_places_the_application_there_is(link, state):
    mine = ApplicationFactory(programme=link.group.programme, state=state)

    join(link, mine.person)

    mine.refresh_from_db()
    assert (mine.state, mine.decided_at) == ("placed", NOW)
    assert mine.sent_at is not None
    assert Application.objects.count() == 1


def test_join_by_link_is_refused_and_counts_nothing(link, mentor):
    group, person = link.group, PersonFactory()
    elsewhere = GroupFactory(programme=group.programme, members=1)
    ApplicationFactory(programme=group.programme, person=elsewhere.memberships.get().person, state="placed")
    inside = PersonFactory()
    join(link, inside)
    low, high = sorted([person, inside], key=lambda one: one.pk)
    pair = KeptApartFactory(programme=group.programme, first=low, second=high, state="suggested")
    group_actions.keep_apart(group.programme, first=low, second=high, by=mentor, now=NOW)

    for who, reason in [
        (elsewhere.memberships.get().person, GroupRefusal.ALREADY_IN),
        (mentor, GroupRefusal.IS_MENTOR),
        (person, GroupRefusal.KEPT_APART),
    ]:
        with pytest.raises(Refused, match=reason):
            join(link, who)
    for _ in range(3):
        join(link, PersonFactory())
    with pytest.raises(Refused, match=GroupRefusal.FULL):
        join(link, PersonFactory())
    assert JoinLink.objects.get().uses == 4
    assert pair


def test_join_by_link_ends_with_the_link_the_year_and_the_groups_consent(link):
    group, programme = link.group, link.group.programme
    with pytest.raises(Refused, match=GroupRefusal.LINK_OVER):
        join(link, PersonFactory(), now=NOW + timedelta(days=60))
    programme.ends_on = date(2027, 1, 17)
    with pytest.raises(Refused, match=EnrolRefusal.OVER):
        join(link, PersonFactory())
    programme.ends_on = date(2027, 6, 1)
    group.state = Group.State.RUNNING
    with pytest.raises(Refused, match=GroupRefusal.COMPLETE):
        join(link, PersonFactory())
    group.takes_newcomers = True
    assert join(link, PersonFactory())


def test_join_page_shows_the_group_and_one_press_is_enough(client, link):
    Group.objects.update(text="Tuesdays at 14.30.")
    person = PersonFactory()
    client.force_login(person)

    page = client.get(path_of(link)).content.decode()
    assert "Tuesdays at 14.30." in page
    answer = client.post(path_of(link))

    assert answer["Location"] == reverse("home:group", args=[link.group.uid])
    assert b"You are in this group." in client.get(path_of(link)).content
    assert client.get(answer["Location"]).status_code == 200


def test_join_page_hides_a_sensitive_theme_from_visitors_and_a_mentor_who_is_not_shown(client, link, mentor):
    theme = ThemeFactory(programme=link.group.programme, sensitive=True, title={"en": "Grief"})
    Group.objects.update(theme=theme)

    page = client.get(path_of(link)).content.decode()
    assert "Grief" not in page
    assert mentor.name not in page
    link.group.programme.mentors.update(show_name=True)
    client.force_login(PersonFactory())

    page = client.get(path_of(link)).content.decode()
    assert "Grief" in page
    assert mentor.name in page


def test_join_page_says_why_nobody_can_join(client, link):
    client.force_login(PersonFactory())
    for _ in range(4):
        join(link, PersonFactory())
    assert b"The group is full." in client.get(path_of(link)).content
    answer = client.post(path_of(link))
    assert answer.status_code == 409
    assert b"The group is full." in answer.content

    JoinLink.objects.update(revoked_at=NOW)
    assert b"This link has ended" in client.get(path_of(link)).content


def test_join_page_is_not_there_without_its_signature(client, link):
    for path in (path_of(link, "a" * 16), reverse("enrolments:join", args=["a" * 16, link.signature])):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_visitor_joins_by_name_address_and_one_press_in_the_mail(client, link):
    told = {"name": "Vilma Visitor", "email": "Vilma@City.example"}
    assert client.post(path_of(link), told | {"email": "no"}).status_code == 422

    answer = client.post(path_of(link), told)
    assert answer.status_code == 302
    assert not Membership.objects.exists()
    mail = Message.objects.get(address="vilma@city.example")
    assert client.get(mail.link).status_code == 200
    assert not Membership.objects.exists()
    done = client.post(mail.link)

    person = Person.objects.get(email="vilma@city.example")
    assert (person.name, Membership.objects.get().person) == ("Vilma Visitor", person)
    assert done["Location"] == reverse("home:group", args=[link.group.uid])
    assert client.get(done["Location"]).status_code == 200
    assert JoinLink.objects.get().uses == 1


def test_visitor_whose_link_ended_meanwhile_is_told_so(client, link):
    client.post(path_of(link), {"name": "Vilma Visitor", "email": "vilma@city.example"})
    JoinLink.objects.update(revoked_at=NOW)

    answer = client.post(Message.objects.get(address="vilma@city.example").link)

    assert answer.status_code == 409
    assert b"This link has ended" in answer.content
    assert not Membership.objects.exists()


def test_whoever_fills_in_what_people_do_not_see_gets_no_mail(client, link):
    told = {"name": "Bot", "email": "bot@city.example", "website": "https://spam.example"}

    assert client.post(path_of(link), told).status_code == 302

    assert not Message.objects.exists()


# --- beginning ----------------------------------------------------------------------------------


def test_mentor_begins_once_enough_are_in(client, link, mentor):
    address = reverse("enrolments:begin", args=[link.group.uid])
    client.force_login(mentor)
    for _ in range(3):
        join(link, PersonFactory())
    assert b"1 more and you can begin" in client.get(reverse("home:group", args=[link.group.uid])).content
    client.post(address)
    assert Group.objects.get().state == "offered"

    last = join(link, PersonFactory()).person
    client.force_login(last)
    assert client.post(address).status_code == 403
    client.force_login(mentor)
    client.post(address)

    assert Group.objects.get().state == "running"
    assert Message.objects.filter(kind__endswith="/starts").count() == 4


def test_mentor_begins_no_other_group_by_oneself(programme):
    group = GroupFactory(programme=programme, members=4)

    with pytest.raises(Refused, match=GroupRefusal.NOT_BY_LINK):
        actions.start_own_group(group, by=group.mentorships.get().person, now=NOW)
