from datetime import UTC, date, datetime

from piiri.desk import rules
from piiri.programmes.models import Programme


def test_months_are_eleven_and_say_where_the_year_is():
    programme = Programme(
        zone="Europe/Helsinki",
        starts_on=date(2026, 9, 28),
        ends_on=date(2027, 5, 31),
        enrol_opens_at=datetime(2026, 8, 16, 21, 0, tzinfo=UTC),
    )

    strip = rules.months(programme, today=date(2027, 1, 18), marks=[(date(2026, 10, 1), "Opening")])

    assert [month.first.month for month in strip] == [8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]
    assert [month.state for month in strip] == ["done"] * 5 + ["now"] + [""] * 4 + ["rest"]
    assert strip[2].note == "Opening"
