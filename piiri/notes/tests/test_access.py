"""Who reads what a group wrote: the group, and nobody else by any door."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from piiri.groups.models import Membership, Mentorship
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.networks.models import OrganisationAdmin
from piiri.notes import access, actions
from piiri.notes.models import Line
from piiri.notes.tests.factories import CANARY, LineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

INSIDE = {"author", "member", "mentor"}


@pytest.fixture
def group():
    return RunningGroupFactory(
        programme=ProgrammeFactory(office=PersonFactory()), members=5, title="Calm starts"
    )


@pytest.fixture
def cast(group):
    """Everybody round the group, by their relation to it."""
    members = members_of(group)
    Membership.objects.filter(person=members[2]).update(paused_at=NOW)
    Membership.objects.filter(person=members[3]).update(ended_at=NOW)
    second = PersonFactory()
    Mentorship.objects.create(group=group, person=second, started_at=NOW, paused_at=NOW)
    admin = PersonFactory()
    OrganisationAdmin.objects.create(person=admin, organisation=group.programme.organisation, since=NOW)
    sibling, abroad = RunningGroupFactory(programme=group.programme), RunningGroupFactory()
    return {
        "author": members[0],
        "member": members[1],
        "paused": members[2],
        "former": members[3],
        "mentor": mentor_of_first(group),
        "paused_mentor": second,
        "coordinator": group.programme.coordinators.get().person,
        "administrator": admin,
        "other_member": members_of(sibling)[0],
        "other_mentor": mentor_of(sibling),
        "other_organisation": mentor_of(abroad),
        "operator": PersonFactory(is_operator=True),
    }


def mentor_of_first(group):
    return group.mentorships.order_by("pk").first().person


@pytest.fixture
def file(group, cast):
    return actions.put_file(group, name="plan.pdf", content=b"x" * 10, by=cast["author"], now=NOW)


def answers(client, cast, method, address, **sent):
    """The status for everybody, by relation."""
    found = {}
    for who, person in cast.items():
        client.force_login(person)
        response = getattr(client, method)(address, sent)
        if response.streaming:
            list(response.streaming_content)
        found[who] = response.status_code
    return found


@pytest.mark.parametrize("name", ["board", "topics", "files"])
def test_pages_of_a_group_open_to_its_people_only(client, group, cast, name):
    LineFactory(group=group)

    got = answers(client, cast, "get", reverse(f"notes:{name}", args=[group.uid]))

    assert got == {who: 200 if who in INSIDE else 404 for who in cast}


@pytest.mark.parametrize(
    ("name", "kind", "sent", "allowed"),
    [
        ("answer", "post", {"text": "Yes"}, INSIDE),
        ("vote", "topic", {"wanted": "yes"}, INSIDE),
        ("done", "topic", {"done": "yes"}, INSIDE),
        ("may-leave", "post", {"said": "no"}, INSIDE),
        ("edit", "post", {"text": "Other words"}, {"author"}),
    ],
)
def test_deeds_at_a_line_are_for_its_group_and_changes_for_its_author(
    client, group, cast, name, kind, sent, allowed
):
    line = LineFactory(group=group, kind=kind)

    got = answers(client, cast, "post", reverse(f"notes:{name}", args=[line.uid]), **sent)

    assert got == {who: 302 if who in allowed else 404 for who in cast}


def test_only_the_author_takes_a_line_away(client, group, cast):
    line = LineFactory(group=group)
    others = {who: person for who, person in cast.items() if who != "author"}

    got = answers(client, others, "post", reverse("notes:take-away", args=[line.uid]))
    assert set(got.values()) == {404}
    assert Line.objects.get() == line

    client.force_login(cast["author"])
    client.post(reverse("notes:take-away", args=[line.uid]))
    assert not Line.objects.exists()


def test_a_file_opens_to_the_group_only(client, cast, file):
    got = answers(client, cast, "get", reverse("notes:file", args=[file.uid]))

    assert got == {who: 200 if who in INSIDE else 404 for who in cast}


def test_what_left_opens_to_the_people_of_the_programme_and_to_nobody_else(client, group, cast, file):
    for line in (LineFactory(group=group), file):
        Line.objects.filter(pk=line.pk).update(proposed_at=NOW, released_at=NOW)
    # Whose access to the group is paused still takes part in the programme.
    allowed = INSIDE | {"paused", "coordinator", "administrator", "other_member", "other_mentor"}

    page = answers(client, cast, "get", reverse("notes:released", args=[group.programme.uid]))
    bytes_ = answers(client, cast, "get", reverse("notes:file", args=[file.uid]))

    assert page == {who: 200 if who in allowed else 404 for who in cast}
    assert bytes_ == page


def test_the_page_of_what_left_names_no_group_that_did_not_ask_for_it_and_counts_nothing(client, group, cast):
    LineFactory(group=group, proposed_at=NOW, released_at=NOW)
    LineFactory(group=group, text="Inside")
    client.force_login(cast["other_member"])

    page = client.get(reverse("notes:released", args=[group.programme.uid])).content.decode()

    assert CANARY in page
    assert "Inside" not in page
    assert group.name not in page

    Line.objects.filter(released_at=NOW).update(names_group=True)
    assert group.name in client.get(reverse("notes:released", args=[group.programme.uid])).content.decode()


def test_nobody_in_particular_reads_nothing(group):
    LineFactory(group=group, proposed_at=NOW, released_at=NOW)
    nobody = AnonymousUser()

    rights = (access.groups_of, access.visible_lines, access.own_lines, access.visible_lines_to_read)
    assert not [right.__name__ for right in (*rights, access.programmes_of) if right(nobody).exists()]
