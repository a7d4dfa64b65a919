"""The office's table: what it finds, in which order, what each reader sees, and the file of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from piiri.enrolments import queries
from piiri.enrolments.models import Application, Approval, Conflict, LineManager, Waiting, Wish
from piiri.enrolments.queries import Look
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Offer
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    KeptApartFactory,
    PersonFactory,
    ThemeFactory,
)
from piiri.networks.models import OrganisationAdmin, Unit

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


# --- what is found ----------------------------------------------------------------------------


def test_the_look_finds_by_state_words_wish_workplace_and_beginning(theme):
    other = ThemeFactory(programme=theme.programme)
    unit = Unit.objects.create(organisation=theme.programme.organisation, name="North School")
    applied(theme, person__name="Anna", unit=unit, languages=["sv"], beginning="new")
    applied(theme, person__name="Bo", wishes=[other], state="waiting", workplace="Library")
    applied(theme, person__name="Draft", state="draft")

    found = {
        "state": names(theme, state="waiting"),
        "words": names(theme, q="library"),
        "unit": names(theme, unit=unit.uid),
        "no unit": names(theme, unit="other"),
        "wish": names(theme, wish=other.uid),
        "language": names(theme, language="sv"),
        "beginning": names(theme, beginning="new"),
        "all": names(theme),
    }

    assert found == {
        "state": ["Bo"],
        "words": ["Bo"],
        "unit": ["Anna"],
        "no unit": ["Bo"],
        "wish": ["Bo"],
        "language": ["Anna"],
        "beginning": ["Anna"],
        "all": ["Anna", "Bo"],
    }


def test_the_look_finds_by_times_manager_turn_and_free_places(theme):
    programme, other = theme.programme, ThemeFactory(programme=theme.programme)
    GroupFactory(programme=programme, theme=theme)
    asked = applied(theme, person__name="Asked", mask=TUESDAY_AFTERNOON)
    queueing = applied(theme, person__name="Queueing", wishes=[other], state="waiting")
    offered = applied(theme, person__name="Offered", wishes=[other], state="waiting")
    Waiting.objects.create(application=queueing, theme=other, order=1, since_at=NOW)
    group = GroupFactory(programme=programme, theme=theme)
    until = NOW + timedelta(hours=72)
    Offer.objects.create(
        group=group, programme=programme, person=offered.person, made_at=NOW, expires_at=until, due_at=until
    )
    manager = LineManager.objects.create(programme=programme, email="m@city.example", made_at=NOW)
    Approval.objects.create(application=asked, manager=manager, state="asked", asked_at=NOW)

    found = {
        "told": names(theme, times="told"),
        "silent": names(theme, times="none"),
        "asked": names(theme, manager="asked"),
        "nobody": names(theme, manager="none"),
        "list": names(theme, turn="list"),
        "offer": names(theme, turn="offer"),
        "neither": names(theme, turn="none"),
        "free": names(theme, fit="free"),
        "full": names(theme, fit="none"),
    }

    assert found == {
        "told": ["Asked"],
        "silent": ["Offered", "Queueing"],
        "asked": ["Asked"],
        "nobody": ["Offered", "Queueing"],
        "list": ["Queueing"],
        "offer": ["Offered"],
        "neither": ["Asked"],
        "free": ["Asked"],
        "full": ["Offered", "Queueing"],
    }


def test_the_order_is_by_name_or_as_places_are_given_or_as_they_were_sent(theme):
    applied(theme, person__name="Anna", priority=1, order=5, sent_at=NOW)
    applied(theme, person__name="Bo", priority=0, order=9, sent_at=NOW + timedelta(hours=1))
    applied(theme, person__name="Cia", priority=1, order=2, sent_at=NOW - timedelta(hours=1))

    by_default = names(theme)
    theme.programme.parameters = {"enrol_way": "office"}
    by_office = names(theme)

    assert by_default == ["Anna", "Bo", "Cia"]
    assert by_office == names(theme, sort="key") == ["Bo", "Cia", "Anna"]
    assert names(theme, sort="sent") == ["Cia", "Anna", "Bo"]


def test_the_look_stands_in_the_address_and_nonsense_is_left_out(client, theme, office):
    applied(theme, person__name="Noora Salmi")
    client.force_login(office)

    page = client.get(table(theme), {"q": "noora", "state": "gone", "sort": "size", "times": "none"})

    assert page.context["asked"] == "q=noora&times=none"
    assert "Noora Salmi" in page.content.decode()


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 60])
def test_the_table_needs_the_same_queries_for_any_number(
    client, theme, office, count, django_assert_num_queries
):
    GroupFactory(programme=theme.programme, theme=theme)
    for _number in range(count):
        applied(theme)
    client.force_login(office)

    # Session, person, programme, may decide, wishes, workplaces; count, rows, their wishes, free places;
    # turns, approvals, offers, times, memberships; what is under way.
    with django_assert_num_queries(16):
        answer = client.get(table(theme))

    assert f"{count} application" in answer.content.decode()


def test_the_office_searches_and_never_reads_the_wish(client, theme, office):
    applied(theme, person__name="Noora Salmi", wish="canary-wish")
    applied(theme, person__name="Other Person", state="waiting", wishes=[])
    applied(theme, person__name="Draft Person", state="draft")
    client.force_login(office)

    everybody, *found = [
        client.get(table(theme) + query).content.decode()
        for query in ("", "?q=noora", "?state=sent", f"?wish={theme.uid}")
    ]

    assert "Other Person" in everybody
    assert "Draft Person" not in everybody
    assert all("Noora Salmi" in text and "Other Person" not in text for text in found)
    assert "canary-wish" not in everybody


def test_the_list_tells_an_administrator_names_workplaces_and_states_only(client, theme, administrator):
    noora = applied(theme, person__name="Noora Salmi", workplace="North School")
    client.force_login(administrator)

    content = client.get(table(theme)).content.decode()
    by_address = client.get(table(theme), {"q": noora.person.email}).content.decode()
    one = client.get(reverse("enrolments:office-application", args=[theme.programme.uid, noora.uid]))
    by_wish = client.get(table(theme), {"wish": theme.uid, "sort": "key", "language": "fi"})

    assert all(words in content for words in ("Noora Salmi", "North School", "Sent"))
    assert not any(words in content for words in (noora.person.email, str(theme), "Say no", "kept apart"))
    assert "Nobody fits" in by_address
    assert not any(words in one.content.decode() for words in (noora.person.email, str(theme), "Say no"))
    assert by_wish.context["asked"] == ""


def test_where_the_office_decides_the_table_says_what_is_free(client, theme, office):
    programme = theme.programme
    programme.parameters = {"enrol_way": "office"}
    programme.save()
    GroupFactory(programme=programme, theme=theme, places=3)
    applied(theme)
    applied(theme, state="placed")
    client.force_login(office)

    page = client.get(table(theme))

    [line] = page.context["demand"]
    assert (line.name, line.first, line.free) == (str(theme), 1, 3)
    assert "Free now" in page.content.decode()


def test_all_on_a_page_are_ticked_without_a_script(client, theme, office):
    applied(theme)
    applied(theme, state="placed")
    client.force_login(office)

    assert client.get(table(theme)).content.decode().count("checked") == 0
    assert client.get(table(theme), {"tick": "1"}).content.decode().count("checked") == 1


def test_one_application_says_what_the_person_told_the_office(client, theme, office):
    mine = applied(
        theme,
        person__name="Noora Salmi",
        wish="canary-wish",
        job="Teacher",
        manager_name="Mia Chief",
        order=4,
        state="waiting",
    )
    Waiting.objects.create(application=mine, theme=theme, order=4, since_at=NOW)
    Conflict.objects.create(
        programme=theme.programme, person=mine.person, named="canary-named", declared_at=NOW
    )
    client.force_login(office)

    page = client.get(reverse("enrolments:office-application", args=[theme.programme.uid, mine.uid]))

    content = page.content.decode()
    assert all(words in content for words in ("Teacher", "Mia Chief", str(theme), "1. of 1"))
    assert not any(secret in content for secret in SECRETS)


def test_another_office_s_application_is_not_there(client, theme, office):
    elsewhere = ApplicationFactory()
    client.force_login(office)

    both = [
        client.get(reverse("enrolments:office-application", args=[uid, elsewhere.uid])).status_code
        for uid in (theme.programme.uid, elsewhere.programme.uid)
    ]

    assert both == [404, 404]


# --- nothing confidential anywhere ------------------------------------------------------------


def test_twins_that_differ_in_confidential_things_only_look_the_same(client, theme, office):
    """Two worlds, one with wishes, conflicts and a kept-apart pair: the office's pages are equal."""
    mine, other = applied(theme, person__name="Anna"), applied(theme, person__name="Bo")
    client.force_login(office)
    step_up(client, office)
    uid = theme.programme.uid
    pages = [
        table(theme),
        reverse("enrolments:office-application", args=[uid, mine.uid]),
        reverse("enrolments:demand", args=[uid]),
        reverse("enrolments:coverage", args=[uid]),
        reverse("enrolments:decide", args=[uid]) + f"?deed=decline&pick={mine.uid}",
        reverse("enrolments:applications-csv", args=[uid]),
    ]

    def seen():
        answers = [client.get(page) for page in pages]
        return [
            b"".join(one.streaming_content) if one.streaming else without_marks(one.content)
            for one in answers
        ]

    before = seen()
    one = Application.objects.get(pk=mine.pk)
    one.wish = "canary-wish"
    one.save()
    Conflict.objects.create(
        programme=theme.programme, person=mine.person, named="canary-named", declared_at=NOW
    )
    KeptApartFactory(programme=theme.programme, first=mine.person, second=other.person)

    assert seen() == before


def without_marks(content: bytes) -> bytes:
    """A page without what is new at every look: tokens of forms and keys of presses."""
    lines = content.decode().replace("\r", "").split("\n")
    kept = [line for line in lines if not any(mark in line for mark in ("csrf", "nonce"))]
    text = "\n".join(kept)
    start = text.find('name="key"')
    return (text if start < 0 else text[:start] + text[start + 60 :]).encode()


def test_a_row_says_group_times_and_the_manager_s_answer(client, theme, office):
    programme = theme.programme
    group = GroupFactory(programme=programme, theme=theme, title="Tuesdays")
    mine = applied(theme, state="placed", mask=TUESDAY_AFTERNOON)
    group_actions.join(group, person=mine.person, by=office, now=NOW)
    manager = LineManager.objects.create(programme=programme, email="m@city.example", made_at=NOW)
    Approval.objects.create(application=mine, manager=manager, state="declined", asked_at=NOW)
    by_group = ApplicationFactory(programme=programme)
    by_group.wishes.create(rank=1, group=group)
    client.force_login(office)

    rows = {row.application.pk: row for row in client.get(table(theme)).context["rows"]}

    row = rows[mine.pk]
    assert (row.group, row.has_times, row.approval.state) == (group, True, "declined")
    assert [free for _wish, free in rows[by_group.pk].wishes] == [7]


def test_wishes_stand_in_ranks(theme):
    other = ThemeFactory(programme=theme.programme)
    one = applied(theme, wishes=[other, theme])

    [row] = queries.table_rows(
        theme.programme, list(queries.with_wishes(Application.objects.filter(pk=one.pk)))
    )

    assert [wish.theme for wish, _free in row.wishes] == [other, theme]
    assert Wish.objects.count() == 2
