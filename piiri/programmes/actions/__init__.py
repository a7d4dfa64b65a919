"""The deeds of a programme year, by what they are about: change, office, year."""

from piiri.programmes.actions.change import (
    describe_programme,
    remove_event,
    set_parameters,
    write_dates,
    write_event,
    write_themes,
    write_words,
)
from piiri.programmes.actions.office import (
    grant_coordinator,
    name_contacts,
    remove_coordinator,
    save_availability,
)
from piiri.programmes.actions.year import (
    close_programme,
    copy_to_next_year,
    create_programme,
    publish_programme,
)

__all__ = [
    "close_programme",
    "copy_to_next_year",
    "create_programme",
    "describe_programme",
    "grant_coordinator",
    "name_contacts",
    "publish_programme",
    "remove_coordinator",
    "remove_event",
    "save_availability",
    "set_parameters",
    "write_dates",
    "write_event",
    "write_themes",
    "write_words",
]
