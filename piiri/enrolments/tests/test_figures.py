"""Supply and demand, and which workplaces take part."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from piiri.enrolments import queries
from piiri.enrolments.models import Waiting
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ThemeFactory, UnitFactory
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Employer

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    row = ThemeFactory(title={"en": "Beginnings"})
    row.refresh_from_db()
    return row


@pytest.fixture
def office(theme):
    person = PersonFactory()
    theme.programme.coordinators.create(person=person, since=datetime(2027, 1, 1, tzinfo=UTC))
    return person


def applied(theme, number=1, *, wishes=None, **about):
    for _each in range(number):
        ApplicationFactory(programme=theme.programme, wishes=wishes or [theme], **about)


def test_demand_counts_first_wishes_all_wishes_and_those_not_met(theme, office):
    programme, other = theme.programme, ThemeFactory(programme=theme.programme, title={"en": "Endings"})
    group = GroupFactory(programme=programme, theme=theme, places=2, language="fi", area="North")
    north = UnitFactory(organisation=programme.organisation, area="North")
    applied(theme, 2, wishes=[theme, other], unit=north, languages=["fi", "sv"])
    applied(theme, wishes=[other], languages=["fi"])
    applied(theme, state="withdrawn")
    met = ApplicationFactory(programme=programme, wishes=[theme], state="placed", languages=["fi"])
    group_actions.join(group, person=met.person, by=office, now=NOW)
    waits = ApplicationFactory(programme=programme, wishes=[theme], state="waiting", languages=["sv"])
    Waiting.objects.create(application=waits, theme=theme, order=1, since_at=NOW)
    Waiting.objects.create(application=waits, group=group, order=1, since_at=NOW)

    told = queries.demand(programme, whole=True)

    first, second = told.themes
    assert (first.groups, first.places, first.free) == (1, 2, 1)
    assert (first.first, first.wished, first.unmet, first.waiting, first.gap) == (4, 4, 3, 1, 2)
    assert (second.first, second.wished, second.unmet, second.waiting) == (1, 3, 1, 0)
    areas = {line.name: (line.places, line.first, line.unmet) for line in told.areas}
    assert areas == {"North": (2, 2, 2), "": (0, 3, 2)}
    languages = {line.name: (line.places, line.first, line.unmet) for line in told.languages}
    assert languages == {"Finnish": (2, 4, 3), "Swedish": (0, 3, 3)}


def test_a_wish_for_a_group_counts_for_its_theme_and_for_one_person_once(theme):
    programme = theme.programme
    programme.parameters = {"wish_for": "group"}
    groups = [GroupFactory(programme=programme, theme=theme) for _each in range(2)]
    one = ApplicationFactory(programme=programme)
    for rank, group in enumerate(groups, start=1):
        one.wishes.create(rank=rank, group=group)

    [line] = queries.demand(programme, whole=True).themes

    assert (line.first, line.wished) == (1, 1)


@pytest.mark.parametrize(
    ("wishes", "places", "said", "wanted"),
    [
        (0, 8, "Nobody has wished for a theme yet", ""),
        (8, 8, "Every theme has places for all who wish for it first", ""),
        (
            9,
            8,
            "1 theme has more first wishes than places: “Beginnings”, with 9 first wishes for 8 places",
            "“Beginnings” needs another mentor first: 1 more group would hold all who wish for it first.",
        ),
    ],
)
def test_the_page_says_in_a_sentence_where_a_mentor_is_missing(theme, wishes, places, said, wanted):
    GroupFactory(programme=theme.programme, theme=theme, places=places)
    applied(theme, wishes)

    told = queries.demand(theme.programme, whole=True)

    assert (told.headline, told.mentor_wanted) == (said, wanted)


def test_of_several_short_themes_the_widest_gap_is_named(theme):
    other = ThemeFactory(programme=theme.programme, title={"en": "Endings"})
    applied(theme, 2)
    applied(theme, 17, wishes=[other])

    told = queries.demand(theme.programme, whole=True)

    assert told.headline.startswith(
        "2 themes have more first wishes than places; the gap is widest in “Endings”"
    )
    assert told.mentor_wanted.startswith("“Endings” needs more mentors first: 3 more groups")


def test_an_administrator_sees_no_small_numbers_of_people(client, theme, office):
    north = UnitFactory(organisation=theme.programme.organisation, area="North")
    south = UnitFactory(organisation=theme.programme.organisation, area="South")
    applied(theme, 3, unit=north)
    applied(theme, 20, unit=south)
    administrator = PersonFactory()
    OrganisationAdmin.objects.create(
        person=administrator, organisation=theme.programme.organisation, since=NOW
    )
    address = reverse("enrolments:demand", args=[theme.programme.uid])

    client.force_login(administrator)
    hidden = client.get(address).content.decode()
    client.force_login(office)
    whole = client.get(address).content.decode()

    assert "under 5" in hidden
    assert "under 5" not in whole


@pytest.mark.parametrize("number", [1, 12])
def test_demand_needs_the_same_queries_for_any_number(
    client, theme, office, number, django_assert_num_queries
):
    for _each in range(number):
        GroupFactory(programme=theme.programme, theme=theme)
        applied(theme)
    client.force_login(office)

    # Session, person, programme, may decide; themes, offered, first, met, all, waiting, anything.
    with django_assert_num_queries(11):
        client.get(reverse("enrolments:demand", args=[theme.programme.uid]))


def test_coverage_tells_who_takes_part_and_hides_what_is_small(theme):
    programme = theme.programme
    big, small, empty = (
        UnitFactory(organisation=programme.organisation, name=name) for name in ("Big", "Little", "Nobody's")
    )
    applied(theme, 9, unit=big)
    applied(theme, 6, unit=big, state="placed")
    applied(theme, 2, unit=small)
    applied(theme, 7, workplace="Library")
    applied(theme, unit=empty, state="withdrawn")

    told = queries.coverage(programme)

    [part] = told.employers
    assert told.headline == "1 of 3 workplaces has nobody yet"
    assert part.nobody == ["Nobody's"]
    assert (part.units, [place.name for place in part.taking_part]) == (3, ["Big", "Little"])
    little = part.taking_part[1]
    assert little.enrolled.mark == "under"
    # With the sum of the employer told, the big one's number would tell the little one's.
    assert part.taking_part[0].enrolled.mark == "kept"


def test_coverage_page_shows_the_chosen_employer_and_no_small_number(client, theme, office):
    programme = theme.programme
    other = UnitFactory(name="Harbour School")
    Employer.objects.create(programme=programme, organisation=other.organisation)
    mine = UnitFactory(organisation=programme.organisation, name="North School")
    applied(theme, 3, unit=mine)
    applied(theme, 13, unit=other)
    client.force_login(office)
    address = reverse("enrolments:coverage", args=[programme.uid])

    first, second = client.get(address), client.get(address, {"employer": other.organisation.uid})

    assert "North School" in first.content.decode()
    assert "Harbour School" not in first.content.decode()
    assert "under 5" in first.content.decode()
    assert "Harbour School" in second.content.decode()


@pytest.mark.parametrize("number", [1, 12])
def test_coverage_needs_the_same_queries_for_any_number(
    client, theme, office, number, django_assert_num_queries
):
    for _each in range(number):
        applied(theme, unit=UnitFactory(organisation=theme.programme.organisation))
    client.force_login(office)

    # Session, person, programme, may decide; employers, workplaces, people.
    with django_assert_num_queries(7):
        client.get(reverse("enrolments:coverage", args=[theme.programme.uid]))


@pytest.mark.parametrize("name", ["demand", "coverage"])
def test_figures_are_for_those_who_run_the_programme(client, theme, name):
    ApplicationFactory(programme=theme.programme, person=(applicant := PersonFactory()))
    address = reverse(f"enrolments:{name}", args=[theme.programme.uid])

    codes = []
    for person in (applicant, PersonFactory(), PersonFactory(is_operator=True)):
        client.force_login(person)
        codes.append(client.get(address).status_code)

    assert codes == [403, 404, 404]
