"""One press on a group's page takes a place: few queries, one effect, an honest answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.uids import new_uid
from piiri.enrolments.models import Application, Approval, Waiting
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Mentorship
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    KeptApartFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.networks.models import Affiliation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Application.State
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def programme():
    return ProgrammeFactory(parameters={"enrol_way": "place"})


@pytest.fixture
def teacher(programme):
    """Somebody of whom the organiser knows where they work."""
    return known(PersonFactory(), programme)


def known(person, programme):
    Affiliation.objects.create(
        person=person,
        organisation=programme.organisation,
        unit=UnitFactory(organisation=programme.organisation),
        job="Teacher",
        years=4,
    )
    return person


def address(group, name="take"):
    programme = group.programme
    return reverse(f"enrolments:{name}", args=[programme.organisation.slug, programme.slug, group.uid])


def press(client, group, *, name="take", **more):
    return client.post(address(group, name), {"key": new_uid(), **more})


def counted(queries):
    """The statements that read or write."""
    return [one["sql"] for one in queries if not one["sql"].startswith(TRANSACTION)]


def test_one_press_takes_a_place_and_leads_to_the_application(client, programme, teacher):
    group = GroupFactory(programme=programme)
    client.force_login(teacher)

    answer = press(client, group)

    application = Application.objects.get()
    assert answer["Location"] == reverse("enrolments:application", args=[application.uid])
    assert (application.state, application.unit, application.job) == (
        State.PLACED,
        teacher.affiliations.get().unit,
        "Teacher",
    )
    assert (application.employer, application.sent_at) == (programme.organisation, NOW)
    assert (application.priority, application.order) == (1, int(NOW.timestamp() * 1_000_000))
    assert group.places.get(membership__person=teacher).number == 1
    assert Message.objects.get().kind == "enrolments/email/place"
    assert list(Entry.objects.values_list("deed", flat=True)) == ["place_taken"]


@pytest.mark.parametrize(("taken", "most"), [(0, 9), (7, 9), (8, 6)])
def test_a_press_costs_few_queries(client, programme, teacher, taken, most):
    group = GroupFactory(programme=programme, members=taken)
    client.force_login(teacher)
    client.get(address(group, "group"))

    with CaptureQueriesContext(connection) as queries:
        answer = press(client, group)

    assert answer.status_code == (302 if taken < 8 else 409)
    assert len(counted(queries)) <= most, "\n".join(counted(queries))


@pytest.mark.parametrize("mentors", [1, 2])
def test_the_page_costs_the_same_queries_whoever_is_in(
    client, programme, teacher, mentors, django_assert_num_queries
):
    group = GroupFactory(programme=programme, members=mentors)
    for _number in range(mentors - 1):
        Mentorship.objects.create(group=group, person=PersonFactory(), started_at=NOW)
    client.force_login(teacher)
    client.get(address(group, "group"))

    with django_assert_num_queries(4):
        client.get(address(group, "group"))


def test_a_draft_becomes_the_application(client, programme):
    draft = ApplicationFactory(
        programme=programme, state=State.DRAFT, sent_at=None, workplace="Library", beginning="new"
    )
    client.force_login(draft.person)

    press(client, GroupFactory(programme=programme))

    draft.refresh_from_db()
    assert (draft.state, draft.workplace, draft.priority, draft.sent_at) == (State.PLACED, "Library", 0, NOW)


def test_what_is_said_with_the_press_is_kept_and_told(client, programme, teacher):
    client.force_login(teacher)
    other = UnitFactory(organisation=programme.organisation, name="South School")

    press(
        client,
        GroupFactory(programme=programme),
        workplace="south school",
        job="Head teacher",
        beginning="back",
        manager_name="Maija Salo",
        manager_email="Maija.Salo@city.example",
        apart="Ville Niemi",
    )

    application = Application.objects.get()
    assert (application.unit, application.job, application.beginning) == (other, "Head teacher", "back")
    assert teacher.affiliations.get().unit == other
    assert Approval.objects.get().manager.email == "maija.salo@city.example"
    assert str(programme.conflicts.get().named) == "Ville Niemi"


def test_where_nothing_is_known_the_workplace_is_asked_for(client, programme):
    group = GroupFactory(programme=programme)
    client.force_login(PersonFactory())

    lacking = press(client, group)
    whole = press(client, group, workplace="Library")

    assert (lacking.status_code, whole.status_code) == (422, 302)
    assert "Write the name of your workplace." in lacking.content.decode()
    assert Application.objects.get().workplace == "Library"


def test_the_same_press_again_leads_to_the_same_page_and_changes_nothing(client, programme, teacher):
    group = GroupFactory(programme=programme)
    client.force_login(teacher)

    answers = [press(client, group, key="abcdefgh23456722") for _time in range(3)]

    assert len({answer["Location"] for answer in answers}) == 1
    assert group.places.taken().count() == 1
    assert Message.objects.count() == Entry.objects.count() == 1


def test_another_form_under_the_same_key_is_refused(client, programme, teacher):
    first, second = GroupFactory(programme=programme), GroupFactory(programme=programme)
    client.force_login(teacher)
    press(client, first, key="abcdefgh23456722")

    answer = press(client, second, key="abcdefgh23456722")

    assert answer.status_code == 409
    assert not second.places.taken().exists()


def test_a_second_place_in_the_programme_is_refused(client, programme, teacher):
    client.force_login(teacher)
    press(client, GroupFactory(programme=programme))
    other = GroupFactory(programme=programme)

    answer = press(client, other)

    assert answer.status_code == 409
    assert "You have a place already" in answer.content.decode()
    assert not other.places.taken().exists()


def test_a_full_group_says_so_and_shows_the_next_best(client, programme, teacher):
    theme = ThemeFactory(programme=programme)
    full = GroupFactory(programme=programme, theme=theme, members=8)
    same = GroupFactory(programme=programme, theme=theme, title="The same theme")
    others = [GroupFactory(programme=programme, title=f"Another {n}") for n in range(3)]
    client.force_login(teacher)

    content = press(client, full).content.decode()

    assert "All 8 places are taken" in content
    assert "Put me on the waiting list" in content
    assert content.index("The same theme") < content.index("Another 0") < content.index("Another 1")
    assert address(same, "group") in content
    assert others[2].title not in content
    assert not Application.objects.exists()


def test_a_visitor_sees_a_full_group_with_its_neighbours(client, programme):
    full = GroupFactory(programme=programme, members=8)
    GroupFactory(programme=programme, title="Nearby")

    content = client.get(address(full, "group")).content.decode()

    assert "All 8 places are taken" in content
    assert "Nearby" in content


def test_a_free_place_goes_to_those_who_wait_first(client, programme, teacher):
    group = GroupFactory(programme=programme)
    waiting = ApplicationFactory(programme=programme, state=State.WAITING)
    Waiting.objects.create(application=waiting, group=group, order=1, since_at=NOW)
    client.force_login(teacher)

    answer = press(client, group)

    assert answer.status_code == 409
    assert "Others wait for the free place" in answer.content.decode()
    assert not group.places.taken().exists()


def test_one_press_joins_the_list(client, programme, teacher):
    group = GroupFactory(programme=programme, members=8)
    client.force_login(teacher)

    answers = [press(client, group, name="wait", key="abcdefgh23456722") for _time in range(2)]

    application = Application.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/applications/{application.uid}/"}
    assert (application.state, application.turns.get().group) == (State.WAITING, group)
    assert Message.objects.get().kind == "enrolments/email/received"
    assert "You are on the waiting list for it." in client.get(address(group, "group")).content.decode()


def test_whoever_waits_takes_a_place_elsewhere_and_waits_no_more(client, programme, teacher):
    full, free = GroupFactory(programme=programme, members=8), GroupFactory(programme=programme)
    client.force_login(teacher)
    press(client, full, name="wait")
    order = Application.objects.get().order

    press(client, free)

    application = Application.objects.get()
    assert (application.state, application.order) == (State.PLACED, order)
    assert application.turns.get().end == Waiting.End.PLACED


def test_a_mentor_takes_no_place_in_the_own_group(client, programme, teacher):
    group = GroupFactory(programme=programme, mentor=teacher)
    client.force_login(teacher)

    assert press(client, group).status_code == 409
    assert not group.places.taken().exists()


def test_two_who_are_kept_apart_do_not_meet(client, programme, teacher):
    group, other = GroupFactory(programme=programme), known(PersonFactory(), programme)
    low, high = sorted([teacher, other], key=lambda person: person.pk)
    KeptApartFactory(programme=programme, first=low, second=high)
    client.force_login(other)
    assert press(client, group).status_code == 302
    client.force_login(teacher)

    answer = press(client, group)

    assert answer.status_code == 409
    assert group.places.taken().count() == 1
    assert group.pair_claims.get().person == other


def test_staff_and_their_manager_do_not_meet(client, programme, teacher):
    group, boss = GroupFactory(programme=programme), known(PersonFactory(), programme)
    client.force_login(teacher)
    press(client, group, manager_name="Boss", manager_email=boss.email)
    client.force_login(boss)

    assert press(client, group).status_code == 409
    assert group.places.taken().count() == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [({"by_link": True}, 404), ({"state": "closed"}, 404), ({"state": "running"}, 409), ({}, 302)],
)
def test_only_groups_of_the_public_list_are_there(client, programme, teacher, more, status):
    client.force_login(teacher)

    assert press(client, GroupFactory(programme=programme, **more)).status_code == status


def test_a_running_group_that_takes_newcomers_does_so_after_enrolment(client, teacher, clock):
    programme = ProgrammeFactory(organisation=teacher.affiliations.get().organisation)
    group = GroupFactory(programme=programme, state="running", takes_newcomers=True, next_at=NOW)
    clock.move_to(programme.enrol_closes_at + timedelta(days=3))
    client.force_login(teacher)

    assert "Take a place" in client.get(address(group, "group")).content.decode()
    assert press(client, group).status_code == 302


def test_a_sensitive_theme_is_there_after_sign_in_only(client, programme, teacher):
    theme = ThemeFactory(programme=programme, sensitive=True)
    group = GroupFactory(programme=programme, theme=theme)

    as_visitor = [client.get(address(group, "group")).status_code, press(client, group).status_code]
    client.force_login(teacher)

    assert as_visitor == [404, 404]
    assert client.get(address(group, "group")).status_code == 200


def test_whoever_fills_in_the_hidden_field_is_answered_and_does_nothing(client, programme, teacher):
    group = GroupFactory(programme=programme)
    client.force_login(teacher)

    answer = press(client, group, website="https://spam.example")

    assert answer["Location"] == address(group, "group")
    assert not Application.objects.exists()


def test_the_office_takes_no_place(client, programme):
    office = PersonFactory()
    programme.coordinators.create(person=office, since=NOW)
    group = GroupFactory(programme=programme)
    client.force_login(office)

    assert press(client, group).status_code == 403
    assert "so you take no place here" in client.get(address(group, "group")).content.decode()


@pytest.mark.parametrize("way", ["wishes", "office"])
def test_where_places_are_not_pressed_for_the_page_leads_to_the_form(client, teacher, way):
    organisation = teacher.affiliations.get().organisation
    group = GroupFactory(programme=ProgrammeFactory(organisation=organisation, parameters={"enrol_way": way}))
    client.force_login(teacher)

    content = client.get(address(group, "group")).content.decode()

    assert f"?wish={group.theme.uid}" in content
    assert "places are free" not in content
    assert press(client, group).status_code == 409


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("members", [0, 3, 8])
def test_a_page_put_together_is_the_page_drawn_at_once(
    client, programme, teacher, members, signed_in, monkeypatch
):
    """What is drawn once for everybody is what each would have got."""
    group = GroupFactory(programme=programme, title="Circle & Co", text="<b>Text</b>", members=members)
    for _reader in range(2):
        GroupFactory(programme=programme)
    if signed_in:
        client.force_login(teacher)

    together = client.get(address(group, "group"))
    monkeypatch.setattr("piiri.enrolments.views.drawing.is_alike", lambda *_args: False)
    at_once = client.get(address(group, "group"))

    assert plain(together) == plain(at_once)


def plain(response):
    """The words and fields of a page without what differs at every look."""
    lines = response.content.decode().split()
    return [word for word in lines if not word.startswith('value="') or len(word) < 20]
