"""Public holidays of Finland by day, in the three languages."""

from datetime import date
from functools import lru_cache
from importlib import import_module

COUNTRY = "FI"
NAMES_IN = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


@lru_cache(maxsize=64)
def _of_year(year: int, language: str) -> dict[date, str]:
    holidays = import_module("holidays")  # an eighth of a second that few pages need
    return dict(holidays.country_holidays(COUNTRY, years=year, language=NAMES_IN.get(language, "en_US")))


def public_holidays(first: date, last: date, *, language: str) -> dict[date, str]:
    """Holidays from `first` to `last`, both included, in order; names in fi, sv or en."""
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found |= {day: name for day, name in _of_year(year, language).items() if first <= day <= last}
    return dict(sorted(found.items()))
