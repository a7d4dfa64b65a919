"""Somebody names whom they should not be in a group with; in mid-year a seat waits until that is solved."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import named, queries
from piiri.enrolments.actions.leaving import give_up_seat
from piiri.enrolments.models import Conflict
from piiri.groups import actions as group_actions
from piiri.groups.models import Membership, Mentorship
from piiri.people.models import Person
from piiri.programmes.models import Programme

Seat = Membership | Mentorship


class ConflictRefusal(TextChoices):
    SETTLED = "settled", _("This has been settled already.")
    NOT_BESIDE = "not_beside", _("Choose somebody of the group.")


@transaction.atomic
def declare_conflicts(
    programme: Programme, *, person: Person, lines: str | Iterable[str], by: Person, now: datetime
) -> None:
    """Keep whom `person` should not be in a group with: names or addresses, five people at most.

    Says nothing of whether somebody is known: the sweep looks for them (`match_conflicts`), so that not even
    the time it takes tells. What was written before is not written twice.
    """
    there = list(Conflict.objects.filter(programme=programme, person=person, group=None))
    known = {named.plain(str(row.named)) for row in there}
    fresh = [line for line in named.lines_of(lines) if named.plain(line) not in known]
    fresh = fresh[: max(0, named.MOST_LINES - len(there))]
    for line in fresh:
        Conflict.objects.create(programme=programme, person=person, named=line, declared_at=now)
    if fresh:
        audit.record(
            "conflicts_declared", by=by, about=person, now=now, place=programme.uid, people=len(fresh)
        )


@transaction.atomic
def take_conflict_back(conflict: Conflict, *, by: Person, now: datetime) -> None:
    """Forget that somebody was named. A pair the office has not decided about goes too."""
    pair = conflict.pair
    own = pair is not None and pair.made_at >= conflict.declared_at and not queries.is_shared(conflict)
    Conflict.objects.filter(pk=conflict.pk).delete()
    if pair and own:
        group_actions.forget_suggestion(pair, by=by, now=now)
    audit.record("conflict_taken_back", by=by, about=conflict.person, now=now, place=conflict.programme.uid)


def match_all_conflicts(*, now: datetime) -> int:
    """Look in every programme for the people who were named; how many were found. A sweep."""
    return sum(match_conflicts(programme, now=now) for programme in queries.programmes_with_lines())


@transaction.atomic
def match_conflicts(programme: Programme, *, now: datetime) -> int:
    """Suggest a pair to the office for each line that fits exactly one other person; how many there were."""
    conflicts = queries.lines_to_match(programme)
    index = named.Index(queries.everybody(programme)) if conflicts else named.Index([])
    found = [
        (conflict, key)
        for conflict in conflicts
        if (key := index.meant(str(conflict.named), by=conflict.person_id))
    ]
    people = Person.objects.in_bulk([key for _conflict, key in found])
    for conflict, key in found:
        pair = group_actions.suggest_pair(
            programme, first=conflict.person, second=people[key], by=None, now=now
        )
        Conflict.objects.filter(pk=conflict.pk, pair=None).update(pair=pair)
    if found:
        audit.record("conflicts_matched", by=None, about=programme, now=now, people=len(found))
    return len(found)


@transaction.atomic
def settle_conflict(conflict: Conflict, *, other: Person | None, by: Person, now: datetime) -> None:
    """The office says who was meant, and the two are kept apart; or, without `other`, puts the line away.

    Raises Refused: SETTLED the second time, SAME_PERSON.
    """
    claim(conflict, now=now)
    if other:
        pair = group_actions.keep_apart(
            conflict.programme, first=conflict.person, second=other, by=by, now=now
        )
        Conflict.objects.filter(pk=conflict.pk).update(pair=pair)
    audit.record(
        "conflict_settled",
        by=by,
        about=conflict,
        now=now,
        place=conflict.programme.uid,
        kept=int(bool(other)),
    )


def claim(conflict: Conflict, *, now: datetime) -> None:
    """One press settles it."""
    if not Conflict.objects.filter(pk=conflict.pk, settled_at=None).update(settled_at=now):
        raise Refused(ConflictRefusal.SETTLED)
    conflict.settled_at = now


# --- in the middle of the year ------------------------------------------------------------------


@transaction.atomic
def become_manager(seat: Seat, *, other: Person, by: Person, now: datetime) -> Conflict:
    """Note that of two people in a running group one has become the manager of the other.

    The seat of who says so is paused at once, the two are kept apart from now on, and the office has a
    task. Which of them manages is not kept. Twice: the first one's row.

    Raises Refused: NOT_IN, NOT_BESIDE (nobody of the group, or oneself).
    """
    # Holds the seat's row, so that two presses make one task.
    type(seat).objects.select_for_update().get(pk=seat.pk)
    group, person = seat.group, seat.person
    assert person
    beside = [row.person_id for row in (*group.memberships.active(), *group.mentorships.active())]
    if other == person or other.pk not in beside:
        raise Refused(ConflictRefusal.NOT_BESIDE)
    group_actions.pause_seat(seat, by=by, now=now)
    pair = group_actions.keep_apart(group.programme, first=person, second=other, by=by, now=now)
    conflict, made = Conflict.objects.get_or_create(
        programme=group.programme,
        person=person,
        group=group,
        pair=pair,
        settled_at=None,
        defaults={"named": str(other), "declared_at": now},
    )
    if made:
        audit.record("manager_declared", by=by, about=conflict, now=now, place=group.uid)
    return conflict


@transaction.atomic
def let_both_stay(conflict: Conflict, *, seat: Seat, by: Person, now: datetime) -> None:
    """Both have told the office that they agree: it is noted, and the group opens again.

    Raises Refused: SETTLED, NOT_IN.
    """
    claim(conflict, now=now)
    assert conflict.pair
    group_actions.note_consent(conflict.pair, by=by, now=now)
    open_unless_another(seat, by=by, now=now)
    audit.record("both_stay", by=by, about=conflict, now=now, place=conflict.programme.uid)


def open_unless_another(seat: Seat, *, by: Person, now: datetime) -> None:
    """Let somebody in again whom no other unsettled conflict keeps out."""
    others = Conflict.objects.filter(person=seat.person, group=seat.group, settled_at=None)
    if not others.exists():
        group_actions.open_seat(seat, by=by, now=now)


@transaction.atomic
def move_out(conflict: Conflict, *, seat: Seat, wait: bool, by: Person, now: datetime) -> None:
    """End the paused seat; a participant may wait for another group (`wait`). The two stay kept apart.

    Raises Refused: SETTLED, NOT_IN; NO_LISTS where the programme has none.
    """
    claim(conflict, now=now)
    Conflict.objects.filter(person=seat.person, group=seat.group, settled_at=None).update(settled_at=now)
    if isinstance(seat, Mentorship):
        group_actions.release_mentor(seat, by=by, now=now)
    else:
        give_up_seat(seat, wait_again=wait, by=by, now=now)
    audit.record("moved_out", by=by, about=conflict, now=now, place=conflict.programme.uid, wait=int(wait))
