"""The office's table as a file: after a step-up, without formulas, noted, and nothing confidential in it."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from piiri.audit.models import Entry
from piiri.enrolments import queries
from piiri.enrolments.queries import Look
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ThemeFactory
from piiri.networks.models import OrganisationAdmin

pytestmark = pytest.mark.django_db
SECRETS = ("canary-wish", "canary-named")


@pytest.fixture
def theme():
    row = ThemeFactory()
    row.refresh_from_db()
    return row


@pytest.fixture
def office(theme):
    person = PersonFactory()
    theme.programme.coordinators.create(person=person, since=datetime(2027, 1, 1, tzinfo=UTC))
    return person


@pytest.fixture
def administrator(theme):
    person = PersonFactory()
    OrganisationAdmin.objects.create(person=person, organisation=theme.programme.organisation, since=NOW)
    return person


def applied(theme, *, wishes=None, **about):
    return ApplicationFactory(
        programme=theme.programme, wishes=[theme] if wishes is None else wishes, **about
    )


def table(theme):
    return reverse("enrolments:applications", args=[theme.programme.uid])


def names(theme, **look):
    rows = queries.listed(theme.programme, Look(**look), addresses=True)
    return [one.person.name for one in rows]


def step_up(client, person):
    session, now = client.session, timezone.now().isoformat()
    session["step_up"] = {"person": person.uid, "code_at": now, "reason_at": now}
    session.save()


def test_the_file_asks_for_a_step_up_first(client, theme, office):
    client.force_login(office)

    for form in ("csv", "xlsx"):
        answer = client.get(reverse(f"enrolments:applications-{form}", args=[theme.programme.uid]))

        assert answer.status_code == 403
        assert "X-Step-Up" in answer.headers


def test_the_file_holds_what_the_table_shows_without_formulas_and_is_noted(client, theme, office):
    group = GroupFactory(programme=theme.programme, theme=theme, title="Tuesdays")
    placed = applied(theme, person__name="=cmd()", state="placed", wish="canary-wish", order=1)
    group_actions.join(group, person=placed.person, by=office, now=NOW)
    applied(theme, person__name="Bo", state="waiting", order=2)
    client.force_login(office)
    step_up(client, office)
    address = reverse("enrolments:applications-csv", args=[theme.programme.uid])

    every, placed_only = client.get(address), client.get(address, {"state": "placed"})

    text = b"".join(every.streaming_content).decode("utf-8-sig")
    head, first, second = text.strip().split("\r\n")
    assert head.startswith("Name;Address;Workplace")
    assert first.startswith(f"'=cmd();{placed.person.email}")
    assert "Tuesdays" in first
    assert second.startswith("Bo;")
    assert not any(secret in text for secret in SECRETS)
    assert len(b"".join(placed_only.streaming_content).decode().strip().split("\r\n")) == 2
    noted = Entry.objects.filter(deed="applications_exported").order_by("pk")
    assert [one.facts for one in noted] == [
        {"form": "csv", "people": 2},
        {"form": "csv", "people": 1},
    ]


def test_the_workbook_of_an_administrator_has_names_workplaces_and_states(client, theme, administrator):
    applied(theme, person__name="Bo", workplace="Library")
    client.force_login(administrator)
    step_up(client, administrator)

    answer = client.get(reverse("enrolments:applications-xlsx", args=[theme.programme.uid]))

    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Name", "Workplace", "State"],
        ["Bo", "Library", "Sent"],
    ]
    assert int(answer["Content-Length"]) == len(content)


def test_the_rows_of_the_file_cost_the_same_queries_for_any_number(theme, django_assert_num_queries):
    for _number in range(30):
        applied(theme)

    with django_assert_num_queries(10):
        rows = list(queries.sheet_of_table(theme.programme, Look(), decides=True))

    assert len(rows) == 31
