"""The office's page of those who wait for a line manager."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.enrolments import actions
from piiri.enrolments.models import Approval
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.mail.models import Message
from piiri.networks.models import OrganisationAdmin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BOSS = "boss@city.example"


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def year(office):
    return ProgrammeFactory(parameters={"manager": "approve"}, office=office)


def ask(year, now=NOW - timedelta(days=3)):
    application = ApplicationFactory(programme=year, manager_name="Bo Boss", manager_email=BOSS)
    return actions.tell_manager(application, by=application.person, now=now)


def at(name, year, *more):
    return reverse(f"enrolments:{name}", args=[year.uid, *more])


def test_managers_lists_who_is_stuck_since_when_and_with_whom(client, year, office):
    approval, answered = ask(year), ask(year)
    actions.answer_approvals(answered.manager, approvals=[answered.uid], approved=True, now=NOW)
    client.force_login(office)

    page = client.get(at("managers", year)).content.decode()

    assert "1 person waits for a line manager" in page
    assert approval.application.person.name in page
    assert f"mailto:{BOSS}" in page
    assert "15 January" in page
    assert answered.application.person.name not in page
    everybody = client.get(at("managers", year) + "?state=approved").content.decode()
    assert answered.application.person.name in everybody
    assert "Nobody fits" in client.get(at("managers", year) + "?q=zzz").content.decode()


def test_an_administrator_sees_names_and_states_and_may_do_nothing(client, year):
    approval, admin = ask(year), PersonFactory()
    OrganisationAdmin.objects.create(organisation=year.organisation, person=admin, since=NOW)
    client.force_login(admin)

    page = client.get(at("managers", year)).content.decode()

    assert approval.application.person.name in page
    assert BOSS not in page
    assert "Remind now" not in page
    assert client.post(at("remind-manager", year, approval.uid)).status_code == 403
    assert client.get(at("note-agreement", year, approval.uid)).status_code == 403


def test_a_reminder_goes_out_by_one_press_and_not_by_two(client, year, office):
    approval = ask(year)
    client.force_login(office)
    assert client.get(at("remind-manager", year, approval.uid)).status_code == 405

    first = client.post(at("remind-manager", year, approval.uid), follow=True).content.decode()
    second = client.post(at("remind-manager", year, approval.uid), follow=True).content.decode()

    assert f"A reminder is on its way to {BOSS}" in first
    assert "within the last day" in second
    assert Message.objects.filter(kind="enrolments/email/manager_reminder").count() == 1


def test_an_agreement_by_other_means_needs_how_it_is_known(client, year, office):
    approval = ask(year)
    client.force_login(office)
    path = at("note-agreement", year, approval.uid)
    assert "Bo Boss agree that" in client.get(path).content.decode()

    assert client.post(path, {"why": "ok"}).status_code == 422
    assert client.post(path, {"why": "Said so on the phone."}).status_code == 302
    assert client.post(path, {"why": "Said so on the phone."}).status_code == 409

    assert Approval.objects.get().agreed_why == "Said so on the phone."


def test_approvals_of_another_programme_are_not_there(client, year, office):
    foreign = ask(ProgrammeFactory(parameters={"manager": "approve"}))
    client.force_login(office)

    there = client.post(at("remind-manager", year, foreign.uid))
    never = client.post(at("remind-manager", year, "a" * 16))

    assert (there.status_code, there.content) == (404, never.content)


def test_managers_needs_the_same_queries_for_any_number(client, year, office):
    client.force_login(office)
    ask(year)
    counts = []
    for _round in range(2):
        client.get(at("managers", year))
        with CaptureQueriesContext(connection) as caught:
            client.get(at("managers", year))
        counts.append(len(caught))
        ask(year), ask(year)

    assert counts[0] == counts[1] <= 10


def test_one_sees_on_ones_own_page_what_the_manager_said(client, year):
    approval = ask(year)
    client.force_login(approval.application.person)

    page = client.get(reverse("enrolments:application", args=[approval.application.uid])).content.decode()

    assert "Your place does not depend on the answer" in page
    assert "Bo Boss" in page
