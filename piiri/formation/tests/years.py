"""Two years of a programme, for tests of forecasts."""

from piiri.formation.tests.factories import TUESDAY, World, world
from piiri.groups.tests.factories import ProgrammeFactory, ThemeFactory
from piiri.programmes import windows
from piiri.programmes.models import Programme

THURSDAY = windows.of_hours({(3, hour): 2 for hour in range(13, 17)})


def two_years(*, office_before=True, **parameters):
    """This year, and the one before with themes of the same names in another order."""
    here = world(themes=0, **parameters)
    before = ProgrammeFactory(
        organisation=here.programme.organisation, office=here.office if office_before else None,
        title={"en": "Peer groups before"}, state=Programme.State.CLOSED,
    )  # fmt: skip
    here.programme.previous = before
    here.programme.save()
    here.themes += [ThemeFactory(programme=here.programme, title={"en": name}) for name in ("Calm", "Maths")]
    titles = ({"en": "maths", "fi": "Matikka"}, {"en": " Calm "}, {"en": "Gone"})
    return here, World(before, here.office, [ThemeFactory(programme=before, title=title) for title in titles])


MATHS, CALM, GONE = range(3)  # themes of the year before


def short_by_theme():
    """A group of four for ten who come on Tuesdays, and six who could come on Thursdays only."""
    here, before = two_years(min_to_start=3, places=6)
    here.offer(theme=0, places=4, mask=TUESDAY)
    before.apply(4, theme=CALM, mask=TUESDAY)
    before.apply(6, theme=CALM, mask=THURSDAY)
    return here, before
