"""The office's pages of forming groups."""

import pytest
from django.urls import reverse

from piiri.formation import actions
from piiri.formation.models import Publishing, Run
from piiri.formation.tests.factories import NEVER, NOW, RunFactory, world
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


@pytest.fixture
def here(client, clock):
    made = world()
    client.force_login(made.office)
    return made


def proposed(here, *, groups=1, people=5):
    seats = [(one, here.offer()) for one in here.apply(groups)]
    seats += [(one, group) for _one, group in list(seats) for one in here.apply(people - 1)]
    seats += [(one, None) for one in here.apply(1, mask=NEVER)]
    return RunFactory(programme=here.programme, seats=seats)


def test_board_says_who_waits_and_ask_leads_to_the_run(client, here):
    here.offer()
    here.apply(3)

    page = client.get(reverse("formation:board", args=[here.programme.uid])).content.decode()
    asked = client.post(reverse("formation:ask", args=[here.programme.uid]))

    assert "3 people wait for a place" in page
    assert "1 group has room: 8 free places in all." in page
    assert asked.url == reverse("formation:run", args=[Run.objects.get().uid])
    assert "The search begins in a moment" in client.get(asked.url).content.decode()


def test_ask_says_why_not(client, here):
    address = reverse("formation:ask", args=[here.programme.uid])

    page = client.post(address, follow=True).content.decode()

    assert "There is nobody to place" in page
    assert not Run.objects.exists()


def test_run_polls_and_reloads_when_it_is_over(client, here):
    run = RunFactory(programme=here.programme, state=Run.State.RUNNING, progress={"percent": 40})
    address = reverse("formation:run", args=[run.uid])

    moving = client.get(address, headers=HX).content.decode()
    Run.objects.update(state=Run.State.FAILED, failure=Run.Failure.BROKE_OFF)
    over = client.get(address, headers=HX)

    assert 'value="40"' in moving
    assert "<html" not in moving
    assert over.headers["HX-Refresh"] == "true"
    assert "broke off" in client.get(address).content.decode()


def test_wishes_weigh_the_search(client, here):
    here.offer()
    here.apply(3)
    address = reverse("formation:ask", args=[here.programme.uid])

    wrong = client.post(address, {"new_faces": 5})
    client.post(address, {"new_faces": 4})

    assert wrong.status_code == 422
    assert Run.objects.get().weights == {"first_wishes": 2, "new_faces": 4, "times_to_spare": 2}


@pytest.mark.parametrize("groups", [1, 3])
def test_proposals_stand_side_by_side_with_as_many_queries_for_any_number(
    client, here, groups, django_assert_max_num_queries
):
    run = proposed(here, groups=groups)
    Run.objects.filter(pk=run.pk).update(letter="A", weights={"new_faces": 4})
    RunFactory(programme=here.programme, seats=[], interrupted=True)
    RunFactory(programme=here.programme, seats=[], letter="B", state=Run.State.RUNNING)
    address = reverse("formation:board", args=[here.programme.uid])
    client.get(address)

    with django_assert_max_num_queries(24):
        page = client.get(address).content.decode()

    assert "A · New faces" in page
    assert "B · Balanced" in page
    assert "<b>100 %</b><small>share a time</small>" in page
    assert page.index("Earlier proposals") < page.index("Interrupted")


def test_a_search_is_stopped_and_set_aside(client, here):
    here.offer()
    here.apply(3)
    client.post(reverse("formation:ask", args=[here.programme.uid]))
    run = Run.objects.get()

    stopped = client.post(reverse("formation:stop", args=[run.uid]), follow=True).content.decode()
    client.post(reverse("formation:set-aside", args=[run.uid]))
    twice = client.post(reverse("formation:stop", args=[run.uid]), follow=True).content.decode()

    assert "The search stops with the best it has found." in stopped
    assert "taken back or finished already" in twice
    run.refresh_from_db()
    assert (run.letter, run.state) == ("", Run.State.FAILED)


def test_run_again_keeps_the_proposal_and_its_wishes(client, here):
    run = proposed(here)
    Run.objects.filter(pk=run.pk).update(weights={"new_faces": 4})

    asked = client.post(reverse("formation:again", args=[run.uid]))

    new = Run.objects.exclude(pk=run.pk).get()
    assert asked.url == reverse("formation:run", args=[new.uid])
    assert (new.kept_from, new.weights["new_faces"]) == (run, 4)


def test_publish_asks_first_and_undo_too(client, here):
    run = proposed(here)
    publish = reverse("formation:publish", args=[run.uid])

    before = client.get(publish).content.decode()
    done = client.post(publish)
    publishing = Publishing.objects.get()
    moving = client.get(done.url).content.decode()
    for _ in range(3):
        actions.carry_on(publishing, now=NOW)
    held = client.get(done.url).content.decode()
    undo = reverse("formation:undo", args=[publishing.uid])
    asked = client.get(undo).content.decode()
    back = client.post(undo)

    assert "7 mails go out Tue 19 January at 09.00" in before
    assert "0 of 1 group is filled" in moving
    assert "5 people have a place" in held
    assert "5 places become free again" in asked
    assert back.url == reverse("formation:run", args=[run.uid])
    assert "The publishing was taken back" in client.get(done.url).content.decode()
    assert client.post(undo).status_code == 409


def test_a_published_proposal_counts_nobody_twice(client, here):
    run = proposed(here, people=5)
    publishing = actions.publish(run, by=here.office, now=NOW)
    while publishing.state == Publishing.State.PREPARING:
        actions.carry_on(publishing, now=NOW)
        publishing.refresh_from_db()

    (card,) = client.get(reverse("formation:run", args=[run.uid])).context["cards"]

    assert (card.group.size, len(card.group.members), card.group.sitting) == (5, 5, ())


def test_publishing_lists_who_could_not_be_placed(client, here):
    run = proposed(here)
    publishing = actions.publish(run, by=here.office, now=NOW)
    left = here.applications[0]
    left.state = "withdrawn"
    left.save()
    for _ in range(3):
        actions.carry_on(publishing, now=NOW)

    page = client.get(reverse("formation:publishing", args=[publishing.uid])).content.decode()

    assert left.person.email in page
    assert "taken back or decided meanwhile" in page


@pytest.mark.parametrize(("who", "status"), [("applicant", 403), ("stranger", 404), ("other_office", 404)])
def test_only_the_office_forms_groups(client, here, who, status):
    run = proposed(here)
    publishing = actions.publish(run, by=here.office, now=NOW)
    stranger = PersonFactory()
    if who == "other_office":
        ProgrammeFactory(office=stranger)
    client.force_login(here.applications[0].person if who == "applicant" else stranger)
    addresses = [
        reverse("formation:board", args=[here.programme.uid]),
        reverse("formation:run", args=[run.uid]),
        reverse("formation:publish", args=[run.uid]),
        reverse("formation:publishing", args=[publishing.uid]),
        reverse("formation:undo", args=[publishing.uid]),
    ]

    assert {client.get(address).status_code for address in addresses} == {status}
    assert client.post(addresses[-1]).status_code == status


def test_a_proposal_of_an_older_kind_is_still_shown(client, here):
    run = proposed(here)
    run.proposal = {"assignment": run.proposal["assignment"]}
    run.save()

    assert client.get(reverse("formation:run", args=[run.uid])).status_code == 200
