import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.enrolments import times

WORDS = [
    "ma",
    "ti",
    "ke",
    "to",
    "pe",
    "la",
    "su",
    "mon",
    "wednesday",
    "måndag",
    "onsdagar",
    "on",
    "tiistaisin",
    "klo",
    "kl",
    "15",
    "16",
    "17.30",
    "15-17",
    "14–16",
    "1530",
    ",",
    ";",
    "\n",
    "(",
    ")",
    "-",
    "–",
    "ja",
    "och",
    "and",
    "ei",
    "inte",
    "not",
    "paitsi",
    "aina",
    "iltaisin",
    "arkisin",
    "tarvittaessa",
    "(tarvittaessa)",
    "jälkeen",
    "efter",
    "after",
    "12.9.",
    "xyz",
    "99",
    "pm",
    "am",
    ".",
    ":",
    "/",
    "muuten",
    "mutta",
    "ennen",
    "25-27",
    "kväll",
]


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("ma 15–17", "Mon 15–17"),
        ("ke klo 14.00–16.00", "Wed 14–16"),
        ("Ti 16:00-18:00", "Tue 16–18"),
        ("ma 15–17;to 14-16 ; ke 13-15", "Mon 15–17, Wed 13–15, Thu 14–16"),
        ("to klo 14.00–17.00, ke klo 15.00–18.00", "Wed 15–18, Thu 14–17"),
        ("ma-ke 14-16", "Mon 14–16, Tue 14–16, Wed 14–16"),
        ("maanantaista keskiviikkoon 14-16", "Mon 14–16, Wed 14–16"),
        ("ma ja ke 15-17, to 16-18", "Mon 15–17, Wed 15–17, Thu 16–18"),
        ("ma 15-17 to 16-18", "Mon 15–17, Thu 16–18"),
        ("15-17 ma ja ti", "Mon 15–17, Tue 15–17"),
        ("tiistaisin klo 15 jälkeen", "Tue 15–21"),
        ("maanantai-iltaisin", "Mon 17–21"),
        ("ma 15-17, ke 14.30-16 (tarvittaessa)", "Mon 15–17, Wed (14.30–16)"),
        ("tarvittaessa pe 15-17", "Fri (15–17)"),
        ("arkisin paitsi pe ja to 15-17", "Mon 15–17, Tue 15–17, Wed 15–17"),
        ("ei ma, ti 15-17", "Tue 15–17"),
        ("ma ei, ti 15-17", "Tue 15–17"),
        ("ei maanantaisin eikä perjantaisin", "Tue 7–21, Wed 7–21, Thu 7–21"),
        ("ma 1530-1700", "Mon 15.30–17"),
        ("må och on 15-17", "Mon 15–17, Wed 15–17"),
        ("Måndagskvällar; onsdagar kl. 14–16", "Mon 17–21, Wed 14–16"),
        ("måndag till onsdag 15-17", "Mon 15–17, Tue 15–17, Wed 15–17"),
        ("Mon to Wed 15-17", "Mon 15–17, Tue 15–17, Wed 15–17"),
        ("Mondays 3-5 pm and Wed after 4pm", "Mon 15–17, Wed 16–21"),
        ("between 15 and 17 on Mondays", "Mon 15–17"),
        ("weekends", "Sat 7–21, Sun 7–21"),
    ],
)
def test_read_understands_three_languages(text, week):
    found = times.read(text)

    assert times.describe(found.mask) == week
    assert found.not_understood == ()


def test_read_takes_evenings_and_always_for_many_days():
    assert times.starts(times.read("iltaisin").mask, 120) == 25
    assert times.describe(times.read("aina").mask).endswith("Fri 7–21, Sat (7–21), Sun (7–21)")


@pytest.mark.parametrize(
    "text", ["ma 25–27", "ti 17-15", "12.9. klo 15-17", "ehkä joskus", "parillisilla viikoilla"]
)
def test_read_claims_no_time_it_did_not_understand(text):
    found = times.read(text)

    assert found.mask == times.NEVER
    assert found.not_understood


def test_read_keeps_what_it_understood_beside_what_it_did_not():
    found = times.read("ma 15–17, ti 25–27, ke 14–16")

    assert times.describe(found.mask) == "Mon 15–17, Wed 14–16"
    assert found.not_understood == ("25-27", "ti")


def test_read_adds_no_time_that_was_not_said():
    one = times.read("ma 15–17, ei 17 jälkeen", 120)

    assert (times.describe(one.mask), one.starts) == ("Mon 15–17", 1)


@pytest.mark.parametrize(
    ("text", "minutes", "expected"),
    [
        ("ma 15-17", 60, 3),
        ("ma 15-17", 90, 2),
        ("ma 15-17", 120, 1),
        ("ma 15-17", 150, 0),
        ("ma 5.00-8.00", 60, 1),
        ("ma 15-16.30, ti 20.30-22", 60, 2),
    ],
)
def test_starts_counts_half_hours_of_the_day(text, minutes, expected):
    assert times.starts(times.read(text, minutes).mask, minutes) == expected


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_read_never_raises_and_always_gives_a_week(text):
    mask = times.read(text).mask

    assert len(mask) == 336
    assert set(mask) <= set("012")


DAY_AND_HOURS = st.builds(
    "{} {}{}{}{}".format,
    st.sampled_from(["ma", "Ti", "ke", "to", "pe", "la", "su"]),
    st.sampled_from(["", "klo "]),
    st.sampled_from(["9", "15", "14.30", "08:00", "25", "3"]),
    st.sampled_from(["-", "–", " - "]),
    st.sampled_from(["11", "17", "16.15", "18:00", "27", "5"]),
)


@given(st.lists(DAY_AND_HOURS, min_size=2, max_size=5), st.sampled_from(["; ", ";", ", ", "\n"]))
def test_read_means_the_same_piece_by_piece(pieces, stop):
    text = stop.join(pieces)

    assert times.PLAIN.fullmatch(text)
    assert times.read(text, 90).mask == times.read_slowly(text, 90).mask
