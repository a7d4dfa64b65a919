"""A group's past opens to a mentor who came later once all who are asked have said yes."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from piiri.groups import queries
from piiri.groups.models import Mentorship


def hold_successors(groups: Iterable[int]) -> list[Mentorship]:
    """Mentors of these groups (their keys) who came later and do not read the past. One query.

    Holds their rows, so that a yes and a farewell at the same moment are counted one after the other.
    """
    later = Mentorship.objects.active().filter(group__in=groups, history_opened_at=None)
    held = later.filter(started_at__gt=F("group__started_at")).select_for_update(of=("self",))
    return list(held.select_related("group").order_by("pk"))


def open_where_all_agree(held: Iterable[Mentorship], *, now: datetime) -> None:
    """Open the past where the last who was waited for has left; never where nobody is there to say yes."""
    for mentorship in held:
        if queries.asked_about_history(mentorship) and not queries.history_waits_for(mentorship):
            Mentorship.objects.active().filter(pk=mentorship.pk).update(history_opened_at=now)
