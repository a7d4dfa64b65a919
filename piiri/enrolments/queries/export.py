"""The office's table as rows for a sheet, in the reader's language, a thousand applications at a time."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from piiri.base.book import Cell
from piiri.enrolments.models import Application
from piiri.enrolments.queries.importing import in_chunks
from piiri.enrolments.queries.table import Look, TableRow, free_places, listed, table_rows, with_wishes
from piiri.programmes.models import Programme

CHUNK = 1000


def sheet_of_table(programme: Programme, look: Look, *, decides: bool) -> Iterator[list[Cell]]:
    """The heads, then a row an application. An administrator gets names, workplaces and states only.

    Never the text to the future group, nor whom somebody avoids.
    """
    rows = listed(programme, look, addresses=decides).select_related("unit", "employer")
    if not decides:
        yield [_("Name"), _("Workplace"), _("State")]
        for one in rows.select_related("person", "unit").iterator(CHUNK):
            yield [named(one), workplace(one), str(one.get_state_display())]
        return
    most = programme.rules.wishes
    yield heads(most)
    free = free_places(programme)
    for chunk in in_chunks(with_wishes(rows.select_related("person")).iterator(CHUNK), CHUNK):
        for row in table_rows(programme, chunk, free=free):
            yield cells(row, programme=programme, most=most)


def heads(most: int) -> list[Cell]:
    """The first row; so many columns for wishes."""
    return [
        _("Name"), _("Address"), _("Workplace"), _("Area"), _("Employer"), _("Job"), _("Years in this work"),
        *(_("Wish %(n)s") % {"n": n} for n in range(1, most + 1)),
        _("Anything is fine"), _("Languages"), _("Way of meeting"), _("Goes first"), _("Told times"),
        _("Line manager"), _("State"), _("Lists"), _("Group"), _("Sent"),
    ]  # fmt: skip


def cells(row: TableRow, *, programme: Programme, most: int) -> list[Cell]:
    """One application."""
    one = row.application
    wishes = [str(wish.theme or wish.group) for wish, _free in row.wishes][:most]
    sent = one.sent_at.astimezone(programme.tz) if one.sent_at else None
    return [
        named(one),
        one.person.email,
        workplace(one),
        one.unit.area if one.unit else "",
        str(one.employer or ""),
        one.job,
        "" if one.years is None else one.years,
        *wishes, *[""] * (most - len(wishes)),
        yes(one.any_theme),
        ", ".join(one.languages),
        str(one.get_form_display()),
        str(one.get_beginning_display()),
        yes(row.has_times),
        str(row.approval.get_state_display()) if row.approval else "",
        str(one.get_state_display()),
        row.lists,
        str(row.group or ""),
        f"{sent:%Y-%m-%d %H:%M}" if sent else "",
    ]  # fmt: skip


def named(application: Application) -> str:
    """The name, as the person goes by or as it was written."""
    return application.person.name or application.name_as_written


def workplace(application: Application) -> str:
    """The workplace, from the list or as it was written."""
    return str(application.unit or application.workplace)


def yes(said: bool) -> str:
    """A yes, or an empty cell."""
    return _("yes") if said else ""
