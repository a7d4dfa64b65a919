"""The office's table as rows for a sheet, in the reader's language, a thousand applications at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _

from piiri.base.book import Cell
from piiri.enrolments.models import Application, Approval, Waiting, Wish
from piiri.enrolments.queries.importing import in_chunks
from piiri.enrolments.queries.table import Look, listed, times_told
from piiri.groups.models import Group, Membership
from piiri.programmes.models import Programme

CHUNK = 1000
COLUMNS = (
    "pk", "person", "person__name", "name_as_written", "person__email", "unit__name", "workplace",
    "unit__area", "employer", "job", "years", "any_theme", "languages", "form", "beginning", "state",
    "sent_at",
)  # fmt: skip


class Line(NamedTuple):
    """COLUMNS of one application. Plain values: sixty thousand rows of models would take minutes."""

    pk: int
    person: int
    name: str
    written: str
    email: str
    unit: str | None
    workplace: str
    area: str | None
    employer: int | None
    job: str
    years: int | None
    anything: bool
    languages: list[str]
    form: str
    beginning: str
    state: str
    sent_at: datetime | None


class Names(NamedTuple):
    """What keys and codes are called in the reader's language, looked up once."""

    themes: dict[int, str]
    groups: dict[int, str]
    employers: dict[int, str]
    states: dict[str, str]
    forms: dict[str, str]
    beginnings: dict[str, str]
    answers: dict[str, str]


def sheet_of_table(programme: Programme, look: Look, *, decides: bool) -> Iterator[list[Cell]]:
    """The heads, then a row an application. An administrator gets names, workplaces and states only.

    Never the text to the future group, nor whom somebody avoids.
    """
    rows = listed(programme, look, addresses=decides).values_list(*COLUMNS).iterator(CHUNK)
    names, most = names_of(programme), programme.rules.wishes
    if not decides:
        yield [_("Name"), _("Workplace"), _("State")]
        for line in map(Line._make, rows):
            yield [line.name or line.written, line.unit or line.workplace, names.states[line.state]]
        return
    yield heads(most)
    for chunk in in_chunks(map(Line._make, rows), CHUNK):
        beside = Beside.of(programme, chunk)
        for line in chunk:
            yield cells(line, programme=programme, beside=beside, names=names, most=most)


def names_of(programme: Programme) -> Names:
    """Three queries."""
    groups = Group.objects.filter(programme=programme).select_related("theme")
    employers = [one.organisation for one in programme.employers.select_related("organisation")]
    return Names(
        themes={theme.pk: str(theme) for theme in programme.themes.all()},
        groups={group.pk: str(group) for group in groups},
        employers={one.pk: str(one) for one in [programme.organisation, *employers]},
        states=said(Application.State.choices),
        forms=said(Group.Form.choices),
        beginnings=said(Application.Beginning.choices),
        answers=said(Approval.State.choices),
    )


def said(choices: Sequence[tuple[Any, Any]]) -> dict[str, str]:
    """The words of codes, in the reader's language."""
    return {str(code): str(words) for code, words in choices}


class Beside(NamedTuple):
    """What stands beside the applications of a chunk, by their key or their person's."""

    wishes: dict[int, list[tuple[int | None, int | None]]]
    lists: dict[int, int]
    approvals: dict[int, str]
    times: set[int]
    groups: dict[int, int]

    @classmethod
    def of(cls, programme: Programme, lines: Sequence[Line]) -> "Beside":
        """Five queries."""
        keys, people = [line.pk for line in lines], [line.person for line in lines]
        wishes: dict[int, list[tuple[int | None, int | None]]] = {}
        ranked = Wish.objects.filter(application__in=keys).order_by("application", "rank")
        for key, theme, group in ranked.values_list("application", "theme", "group"):
            wishes.setdefault(key, []).append((theme, group))
        turns = Waiting.objects.standing().filter(application__in=keys).order_by()
        approvals = Approval.objects.standing().filter(application__in=keys)
        told = times_told(programme).filter(person__in=people)
        seats = Membership.objects.active().filter(programme=programme, person__in=people)
        return cls(
            wishes,
            dict(turns.values_list("application").annotate(n=Count("pk"))),
            dict(approvals.values_list("application", "state")),
            set(told.values_list("person", flat=True)),
            {person: group for person, group in seats.values_list("person", "group") if person},
        )


def heads(most: int) -> list[Cell]:
    """The first row; so many columns for wishes."""
    return [
        _("Name"), _("Address"), _("Workplace"), _("Area"), _("Employer"), _("Job"), _("Years in this work"),
        *(_("Wish %(n)s") % {"n": n} for n in range(1, most + 1)),
        _("Anything is fine"), _("Languages"), _("Way of meeting"), _("Goes first"), _("Told times"),
        _("Line manager"), _("State"), _("Lists"), _("Group"), _("Sent"),
    ]  # fmt: skip


def cells(line: Line, *, programme: Programme, beside: Beside, names: Names, most: int) -> list[Cell]:
    """One application."""
    ranked = beside.wishes.get(line.pk, [])[:most]
    wishes = [names.groups[group] if group else names.themes.get(theme or 0, "") for theme, group in ranked]
    sent = line.sent_at.astimezone(programme.tz) if line.sent_at else None
    return [
        line.name or line.written,
        line.email,
        line.unit or line.workplace,
        line.area or "",
        names.employers.get(line.employer or 0, ""),
        line.job,
        "" if line.years is None else line.years,
        *wishes, *[""] * (most - len(wishes)),
        _("yes") if line.anything else "",
        ", ".join(line.languages),
        names.forms.get(line.form, ""),
        names.beginnings.get(line.beginning, ""),
        _("yes") if line.person in beside.times else "",
        names.answers.get(beside.approvals.get(line.pk, ""), ""),
        names.states[line.state],
        beside.lists.get(line.pk, 0),
        names.groups.get(beside.groups.get(line.person, 0), ""),
        f"{sent:%Y-%m-%d %H:%M}" if sent else "",
    ]  # fmt: skip
