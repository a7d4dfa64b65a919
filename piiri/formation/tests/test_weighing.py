"""The office's wishes become weights, and give a proposal its name."""

import pytest

from piiri.formation import weighing
from piiri.formation.problem import Weights
from piiri.programmes.parameters import Rules


def test_without_a_wish_the_programme_weighs_as_usual():
    assert weighing.weights_for(Rules()) == weighing.usual_weights(Rules()) == Weights()
    assert weighing.weights_for(Rules(guidance="pair")).mix_min == 0


@pytest.mark.parametrize(
    ("value", "rank", "unlisted"),
    [
        (0, (0, 0, 0, 0, 0), 0),
        (1, (0, 8, 18, 30, 45), 75),
        (2, (0, 15, 35, 60, 90), 150),
        (4, (0, 60, 140, 240, 360), 600),
    ],
)
def test_first_wishes_weigh_what_the_office_says(value, rank, unlisted):
    weights = weighing.weights_for(Rules(), {"first_wishes": value})

    assert (tuple(weights.rank), weights.unlisted_theme) == (rank, unlisted)
    assert (weights.same_org_pair, weights.slot_missing) == (60, 10)


def test_new_faces_and_times_to_spare_weigh_theirs():
    weights = weighing.weights_for(Rules(), {"new_faces": 3, "times_to_spare": 4})

    assert (weights.same_org_pair, weights.mentor_same_org, weights.mix_missing) == (120, 80, 80)
    assert (weights.slot_missing, weights.slots_target) == (40, 6)
    assert weighing.weights_for(Rules(), {"times_to_spare": 0}).slot_missing == 0


@pytest.mark.parametrize("wish", weighing.WISHES)
@pytest.mark.parametrize("value", range(5))
def test_no_wish_makes_a_place_dearer_than_none(wish, value):
    weights = weighing.weights_for(Rules(), {wish: value})

    assert weights.unassigned >= 1000
    assert weights.unassigned / max(1, weights.unlisted_theme) >= 1000 / 150
    assert weights.unassigned / max(1, weights.same_org_pair) >= 1000 / 60


@pytest.mark.parametrize("wishes", [{"nonsense": 2}, {"new_faces": 5}, {"new_faces": -1}])
def test_what_is_no_wish_is_not_taken(wishes):
    with pytest.raises(ValueError, match="no wish"):
        weighing.weights_for(Rules(), wishes)


@pytest.mark.parametrize(
    ("wishes", "name"),
    [
        (None, "Balanced"),
        ({"first_wishes": 4}, "First wishes"),
        ({"new_faces": 3, "first_wishes": 2}, "New faces"),
        ({"times_to_spare": 3}, "Times to spare"),
        ({"first_wishes": 4, "new_faces": 4}, "Balanced"),
        ({"first_wishes": 0, "new_faces": 0}, "Balanced"),
    ],
)
def test_a_proposal_has_the_name_of_what_counts_most(wishes, name):
    assert str(weighing.name_of(wishes)) == name
