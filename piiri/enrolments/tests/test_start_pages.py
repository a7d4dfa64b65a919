"""The office's pages of the start decision, and what somebody sees whose group did not start."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.enrolments import actions
from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Group, Offer
from piiri.groups.tests.factories import GroupFactory, PersonFactory, ProgrammeFactory
from piiri.mail.models import Message
from piiri.networks.models import OrganisationAdmin

pytestmark = [pytest.mark.django_db, pytest.mark.template]

DECISION = datetime(2027, 2, 5, 7, 0, tzinfo=UTC)
State = Application.State


@pytest.fixture(autouse=True)
def day_of_decision(clock):
    clock.move_to(DECISION, tick=False)
    return clock


@pytest.fixture
def office(client):
    person = PersonFactory()
    client.force_login(person)
    return person


@pytest.fixture
def programme(office):
    return ProgrammeFactory(office=office)


def filled(members, *, programme, **more):
    group = GroupFactory(programme=programme, members=members, state=Group.State.FORMING, **more)
    for one in group.memberships.all():
        ApplicationFactory(
            programme=programme,
            person=one.person,
            state=State.PLACED,
            decided_at=DECISION,
            wishes=[group.theme],
        )
    return group


def page(client, name, *ids, **query):
    return client.get(reverse(f"enrolments:{name}", args=ids), query).content.decode()


# --- the list ---------------------------------------------------------------------------------


def test_the_page_says_the_situation_in_a_sentence_and_asks_one_thing(client, programme):
    for members in (4, 5, 3, 0):
        filled(members, programme=programme)

    said = page(client, "starts", programme.uid)

    assert "2 groups can start, 1 is short of people, 1 is empty" in said
    assert "Start all 2 that have enough" in " ".join(said.split())
    assert said.count("btn--primary") == 1
    assert "1 more and it starts" in " ".join(said.split())


def test_before_the_day_the_page_is_a_preview(client, programme, day_of_decision):
    filled(4, programme=programme)
    day_of_decision.move_to(DECISION - timedelta(days=3), tick=False)

    said = page(client, "starts", programme.uid)

    assert "This is how it would look today." in said
    assert "Start all" not in said
    assert reverse("enrolments:start-all", args=[programme.uid]) not in said


@pytest.mark.parametrize("groups", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number_of_groups(
    client, programme, groups, django_assert_num_queries
):
    for _number in range(groups):
        filled(3, programme=programme)
    page(client, "starts", programme.uid)

    with django_assert_num_queries(10):
        page(client, "starts", programme.uid)


def test_the_page_shows_one_situation_and_running_groups_when_asked(client, programme):
    filled(4, programme=programme, title="Ready ones")
    GroupFactory(programme=programme, members=4, title="Running ones", state=Group.State.RUNNING)

    assert "Running ones" not in page(client, "starts", programme.uid)
    assert "Running ones" in page(client, "starts", programme.uid, show="running")
    assert "Ready ones" not in page(client, "starts", programme.uid, show="running")


def test_an_empty_programme_has_nothing_to_decide(client, programme):
    assert "Nothing to decide" in page(client, "starts", programme.uid)


def test_organisers_may_start_and_call_off_but_move_nobody(client, programme):
    group, admin = filled(3, programme=programme), PersonFactory()
    OrganisationAdmin.objects.create(person=admin, organisation=programme.organisation, since=DECISION)
    client.force_login(admin)

    said = page(client, "starts", programme.uid)

    assert reverse("enrolments:cancel", args=[group.uid]) in said
    assert reverse("enrolments:merge", args=[group.uid]) not in said
    assert client.get(reverse("enrolments:merge", args=[group.uid])).status_code == 403


@pytest.mark.parametrize("name", ["start", "postpone", "cancel", "close", "merge", "stop-merge"])
def test_groups_of_others_are_not_there(client, office, name):
    stranger = GroupFactory()

    assert client.get(reverse(f"enrolments:{name}", args=[stranger.uid])).status_code == 404


# --- each decision ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["start", "postpone", "cancel", "close", "merge", "stop-merge"])
def test_looking_at_a_decision_changes_nothing(client, programme, name):
    group = filled(4, programme=programme)

    assert client.get(reverse(f"enrolments:{name}", args=[group.uid])).status_code == 200

    assert Group.objects.get(pk=group.pk).state == Group.State.FORMING
    assert not Message.objects.exists()


def test_all_that_have_enough_start_after_their_mails_were_shown(client, programme):
    ready = [filled(4, programme=programme) for _number in range(2)]
    short = filled(3, programme=programme)
    address = reverse("enrolments:start-all", args=[programme.uid])

    said = client.get(address).content.decode()
    assert "Start 2 groups?" in said
    assert "To 8 participants" in said
    assert "Your group in Peer groups starts" in said

    client.post(address, follow=True)

    states = dict(Group.objects.values_list("pk", "state"))
    assert {states[group.pk] for group in ready} == {Group.State.RUNNING}
    assert states[short.pk] == Group.State.FORMING
    assert Message.objects.count() == 10


def test_one_group_is_started(client, programme):
    group = filled(4, programme=programme)

    answer = client.post(reverse("enrolments:start", args=[group.uid]), follow=True)

    assert "1 group has started." in answer.content.decode()
    assert Group.objects.get().state == Group.State.RUNNING


def test_a_group_that_is_short_is_not_started(client, programme):
    group = filled(3, programme=programme)

    answer = client.post(reverse("enrolments:start", args=[group.uid]))

    assert answer.status_code == 409
    assert "Too few participants" in answer.content.decode()


def test_another_day_is_chosen_its_mails_are_seen_then_it_holds(client, programme):
    group = filled(3, programme=programme)
    address = reverse("enrolments:postpone", args=[group.uid])

    assert "Decide on Mon 15 February" in page(client, "postpone", group.uid, on="2027-02-15")
    assert client.get(address, {"on": "2027-02-01"}).status_code == 422
    answer = client.post(address, {"on": "2027-02-15"}, follow=True)

    assert "told by mail" in answer.content.decode()
    assert Group.objects.get().decide_on == date(2027, 2, 15)


def test_a_short_group_is_called_off_with_the_plain_reason(client, programme):
    group = filled(3, programme=programme)
    address = reverse("enrolments:cancel", args=[group.uid])

    said = client.get(address).content.decode()
    assert "3 people have a place" in said
    assert "3 participants came together, and a group starts with 4." in said

    client.post(address, {"why": "", "seen": "forming"})

    assert Group.objects.get().state == Group.State.CANCELLED


def test_a_group_with_enough_people_is_called_off_with_a_reason_only(client, programme):
    group = filled(4, programme=programme)
    address = reverse("enrolments:cancel", args=[group.uid])

    assert "Call it off" not in client.get(address).content.decode()
    assert client.post(address, {"seen": "forming"}).status_code == 422
    assert "The mentor is ill." in page(client, "cancel", group.uid, why="The mentor is ill.")
    client.post(address, {"why": "The mentor is ill.", "seen": "forming"})

    assert Group.objects.get().state == Group.State.CANCELLED


def test_a_group_that_has_started_meanwhile_is_not_called_off_by_an_old_page(client, programme):
    group = filled(4, programme=programme)
    actions.start_groups(programme, groups=[group], by=PersonFactory(), now=DECISION)

    answer = client.post(
        reverse("enrolments:cancel", args=[group.uid]), {"why": "Too few.", "seen": "forming"}
    )

    assert answer.status_code == 409
    assert Group.objects.get().state == Group.State.RUNNING


def test_running_groups_are_ended_one_by_one_and_all_at_the_end_of_the_year(
    client, programme, day_of_decision
):
    groups = [GroupFactory(programme=programme, members=4, state=Group.State.RUNNING) for _number in range(3)]
    client.post(reverse("enrolments:close", args=[groups[0].uid]))
    day_of_decision.move_to(datetime(2027, 6, 2, 7, 0, tzinfo=UTC), tick=False)

    assert reverse("enrolments:close-all", args=[programme.uid]) in page(client, "starts", programme.uid)
    assert "End all 2 running groups?" in page(client, "close-all", programme.uid)
    client.post(reverse("enrolments:close-all", args=[programme.uid]))

    assert set(Group.objects.values_list("state", flat=True)) == {Group.State.CLOSED}


# --- merging ----------------------------------------------------------------------------------


def test_a_merge_is_proposed_with_reasons_shown_with_mails_then_asked(client, programme):
    group = filled(3, programme=programme, title="Small")
    into = filled(4, programme=programme, title="Large", theme=group.theme)
    address = reverse("enrolments:merge", args=[group.uid])

    said = client.get(address).content.decode()
    assert "Large" in said
    assert "Same theme" in said
    shown = client.get(address, {"into": into.uid}).content.decode()
    assert "Ask them to move to “Large”?" in shown
    assert "Will you move to another group in Peer groups?" in shown
    assert not Offer.objects.exists()

    answer = client.post(address, {"into": into.uid}, follow=True).content.decode()

    assert "3 participants have been asked." in answer
    assert "0 said yes" in " ".join(answer.split())
    assert Offer.objects.open().count() == 3
    stop = reverse("enrolments:stop-merge", args=[group.uid])
    assert "To 3 participants who have not answered" in client.get(stop).content.decode()
    client.post(stop)
    assert not Offer.objects.open().exists()


def test_where_nobody_can_take_them_the_page_says_what_else_to_do(client, programme):
    group = filled(3, programme=programme)
    filled(8, programme=programme)

    said = page(client, "merge", group.uid)

    assert "No other group can take them all" in said
    assert reverse("enrolments:postpone", args=[group.uid]) in said


def test_a_target_that_was_not_proposed_is_not_asked_about(client, programme):
    group, stranger = filled(3, programme=programme), GroupFactory(members=4)

    client.post(reverse("enrolments:merge", args=[group.uid]), {"into": stranger.uid})

    assert not Offer.objects.exists()


def test_the_page_behind_the_mail_asks_whether_to_move(client, programme):
    group = filled(1, programme=programme)
    into = filled(4, programme=programme)
    (offer,) = actions.ask_to_merge(group, into=into, by=PersonFactory(), now=DECISION)
    link = Message.objects.get(kind__endswith="merge_asked").link
    client.logout()

    assert "Will you move to this group?" in client.get(link).content.decode()
    assert Offer.objects.get().state == Offer.State.OPEN
    answer = client.post(link, {"op": "accept"}, follow=True)

    assert "You have moved" in answer.content.decode()
    assert into.memberships.active().filter(person=offer.person).exists()


# --- what else there is -----------------------------------------------------------------------


def test_somebody_whose_group_did_not_start_finds_another_one_press_away(client, programme):
    group = filled(3, programme=programme)
    other = GroupFactory(programme=programme, title="Another", language="en")
    actions.call_off(group, why="", seen=group.state, by=PersonFactory(), now=DECISION)
    link = Message.objects.filter(kind__endswith="/not_starting").first().link
    client.force_login(Application.objects.get(uid=link.split("/")[2]).person)

    said = client.get(link).content.decode()
    assert "Another" in said
    assert "You wait for" in said
    client.post(link, {"group": other.uid})

    assert other.memberships.active().count() == 1


def test_what_else_there_is_is_one_s_own(client, office):
    stranger = ApplicationFactory(state=State.WAITING)

    assert client.get(reverse("enrolments:instead", args=[stranger.uid])).status_code == 404


def test_whoever_does_not_wait_is_shown_nothing_to_press(client):
    placed = ApplicationFactory(state=State.PLACED)
    GroupFactory(programme=placed.programme)
    client.force_login(placed.person)

    said = page(client, "instead", placed.uid)

    assert "You are not waiting for a place any more." in said
    assert 'name="group"' not in said
