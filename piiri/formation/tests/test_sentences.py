"""Codes in words."""

import pytest

from piiri.formation import sentences
from piiri.formation.reasons import WhyNot

CODES = {
    "rank": 2, "slots": 3, "language": "sv", "region": "onsite:Hervanta", "size": 6, "experienced": 2,
    "colleagues": 0, "unmet": [[1, "t1", "full", None]],
}  # fmt: skip


def test_why_says_wish_time_language_place_and_mix():
    said = [one.text for one in sentences.why(CODES, at="Tuesdays 14.00–16.00")]

    assert said == [
        "This was the second wish.",
        "This time works for everyone in it, and so do 2 others: Tuesdays 14.00–16.00.",
        "The group speaks Swedish.",
        "It meets in person in Hervanta, as chosen.",
        "Nobody else in it comes from the same workplace.",
        "It has both experienced people and newcomers.",
    ]


@pytest.mark.parametrize(("experienced", "size"), [(1, 6), (5, 6), (None, 6)])
def test_why_never_points_at_the_only_one_of_a_kind(experienced, size):
    codes = CODES | {"experienced": experienced, "size": size}

    assert not any("newcomers" in one.text for one in sentences.why(codes))


def test_why_not_names_the_wish_and_every_code_has_words():
    assert sentences.why_not(CODES, titles={"t1": "Leadership"}) == ["“Leadership”: its groups are full."]
    assert {str(code) for code in WhyNot} == set(sentences.WHY_NOT)
