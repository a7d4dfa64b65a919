"""The rule in force is said in words before one enrols."""

import pytest

from piiri.enrolments import queries
from piiri.groups.tests.factories import OrganisationFactory, ProgrammeFactory

FIRST = "People new in the job or back from leave go first on waiting lists."


def words(**parameters):
    programme = ProgrammeFactory.build(
        organisation=OrganisationFactory.build(network=None), parameters=parameters
    )
    return queries.way_in_words(programme)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"enrol_way": "place"}, ["Places go in the order of pressing.", FIRST]),
        ({"enrol_way": "place", "waiting_list": False}, ["Places go in the order of pressing."]),
        (
            {"enrol_way": "place", "new_first": False},
            ["Places go in the order of pressing.", "On waiting lists whoever came first goes first."],
        ),
        (
            {"enrol_way": "office", "order": "lottery"},
            [
                "The programme office gives the places. You hear from us by Fri 5 February.",
                "People new in the job or back from leave go first; among equals a draw decides.",
            ],
        ),
        (
            {"enrol_way": "wishes", "wishes": 2},
            [
                "You choose up to 2 wishes until Fri 29 January. It makes no difference when you send them.",
                "Then groups are formed from all wishes and times. You hear from us by Fri 5 February.",
                FIRST,
            ],
        ),
    ],
)
def test_way_in_words_says_how_places_go(parameters, said):
    assert words(**parameters) == said


@pytest.mark.parametrize("way", ["place", "wishes", "office"])
@pytest.mark.parametrize("order", ["time", "lottery"])
@pytest.mark.parametrize("new_first", [True, False])
def test_way_in_words_is_one_to_three_sentences(way, order, new_first):
    assert 1 <= len(words(enrol_way=way, order=order, new_first=new_first)) <= 3
