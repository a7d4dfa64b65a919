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


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("full", 1, "“Leadership”: its groups are full. One person would have to move, and could."),
        ("full", 0, "“Leadership”: its groups are full, and nobody in them could move elsewhere."),
        ("not_opened", 1, "“Leadership”: too few people share a time for a group to start."),
        (
            "not_opened",
            3,
            "“Leadership”: at most 3 people could have met at the same time, too few to start.",
        ),
    ],
)
def test_why_not_says_what_would_have_to_be(code, number, said):
    assert sentences.why_not({"unmet": [[1, "t1", code, number]]}, titles={"t1": "Leadership"}) == [said]


def test_why_not_never_tells_people_kept_apart_from_what_was_better_as_a_whole():
    told = [
        sentences.why_not({"unmet": [[1, "t1", code, None]]}, titles={"t1": "Leadership"})
        for code in (WhyNot.OTHER, WhyNot.ELSEWHERE_BETTER)
    ]

    assert told[0] == told[1]


def test_more_time_says_when_and_for_which_wish():
    codes = {"more_time": [[3, 14 * 60, 16 * 60, 1, "t1"], [1, 9 * 60, 11 * 60, None, None]]}

    assert sentences.more_time(codes, titles={"t1": "Leadership"}) == [
        "One more free time would have been enough for “Leadership”: Thursdays 14.00–16.00.",
        "One more free time would have been enough for “Any group”: Tuesdays 9.00–11.00.",
    ]
    assert sentences.wished([codes]) == {"t1"}
