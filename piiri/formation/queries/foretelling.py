"""A forecast: whose wishes it could be made with, the question it asks, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from piiri.base import dates
from piiri.base.models import free
from piiri.enrolments.models import Application
from piiri.formation import forecast_sentences, forecasting
from piiri.formation.mapping import Facts, Wanting
from piiri.formation.models import Forecast
from piiri.formation.queries.gathering import apart, applied_to, facts_of, wished_before
from piiri.groups.models import Group
from piiri.programmes.models import Programme, Theme


@dataclass(frozen=True)
class Source:
    """Whose wishes: the year before, or the programme's own enrolments so far."""

    of: Programme
    people: int
    is_own: bool


@dataclass(frozen=True)
class Foretold:
    """A forecast in sentences: what would be, whose wishes these are, what one more mentor would do."""

    headline: str
    whose: str
    more: Sequence[forecast_sentences.MoreTold]
    notes: Sequence[str]


def sources(programme: Programme, *, now: datetime) -> list[Source]:
    """Whose wishes there are, the year before first; the programme's own once its enrolment has opened."""
    found = []
    if programme.previous is not None:
        people = applied_to(programme.previous).values("person").distinct().count()
        found.append(Source(programme.previous, people, is_own=False))
    if now >= programme.enrol_opens_at:
        waiting = Application.objects.unplaced().filter(programme=programme).count()
        found.append(Source(programme, waiting, is_own=True))
    return [source for source in found if source.people]


def forecast_of(programme: Programme) -> Forecast | None:
    """The newest forecast, done or not."""
    rows = Forecast.objects.filter(programme=programme).select_related("of", "programme").defer("question")
    return rows.order_by("-asked_at", "-pk").first()


def forecasts_to_do(now: datetime, limit: int) -> Sequence[Forecast]:
    """Forecasts that somebody asked for, oldest first."""
    due = Forecast.objects.filter(free(now), done_at=None, due_at__lte=now)
    return list(due.defer("question", "result").order_by("due_at", "pk")[:limit])


def facts_for(forecast: Forecast) -> tuple[Facts, int]:
    """What a forecast looks at, and how many wished only for themes that are not there any more.

    This year's mentors, themes and times; of the year before the people with their wishes, and who of them is
    kept apart. Then nobody sits anywhere yet. A wish for a group is one for its theme.
    """
    facts = facts_of(forecast.programme)
    if forecast.of_id == forecast.programme_id:
        return facts, 0
    themes = forecasting.same_themes(_titles(forecast.of), _titles(forecast.programme))
    groups = Group.objects.filter(programme=forecast.of, theme__isnull=False)
    theme_of = dict(groups.values_list("uid", "theme__uid"))
    people = wished_before(forecast.programme, of=forecast.of)
    wanting = [_in_this_year(one, themes=themes, theme_of=theme_of) for one in people]
    lost = [
        was for was, one in zip(people, wanting, strict=True) if was.themes or was.groups if not one.themes
    ]
    facts = replace(
        facts,
        wanting=wanting,
        offered=[replace(group, sitting=()) for group in facts.offered],
        apart=apart(forecast.of),
        sitting={},
    )
    return facts, sum(not one.any_theme for one in lost)


def _titles(programme: Programme) -> dict[str, dict[str, str]]:
    return dict(Theme.objects.filter(programme=programme).values_list("uid", "title"))


def _in_this_year(one: Wanting, *, themes: dict[str, str], theme_of: dict[str, str]) -> Wanting:
    """The same person wishing for the themes of this year."""
    wished = (*one.themes, *(theme_of.get(group, "") for group in one.groups))
    return replace(
        one, themes=tuple(dict.fromkeys(themes[uid] for uid in wished if uid in themes)), groups=()
    )


def foretold(forecast: Forecast, *, whole: bool) -> Foretold:
    """What a forecast says; numbers of people below five only to whom they may be told, `whole`."""
    result: dict[str, Any] = forecast.result
    of, is_own = forecast.of, forecast.of_id == forecast.programme_id
    titles = {uid: str(title) for uid, title in _titles(forecast.programme).items()}
    say = forecast_sentences
    return Foretold(
        headline=say.headline(result["left"], is_own=is_own, whole=whole),
        whose=say.whose(
            result["people"],
            title=str(of.title),
            closed_on=dates.full_day(of.enrol_closes_at, of.zone),
            is_own=is_own,
            whole=whole,
        ),
        more=[say.one_more(one, titles=titles, whole=whole) for one in result["more"]],
        notes=say.notes(result, whole=whole),
    )
