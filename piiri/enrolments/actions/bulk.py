"""The office decides about many at once: ordered in one deed, then a transaction for each application."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.db import OperationalError, transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.logs import tell_error
from piiri.enrolments.actions.deciding import (
    decline_application,
    place_application,
    put_on_lists,
    take_off_lists,
)
from piiri.enrolments.models import Application, Bulk, BulkLine
from piiri.groups.models import Group
from piiri.people import actions as people
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Deed = Bulk.Deed
Outcome = BulkLine.Outcome
AT_ONCE = 50  # applications that are decided while the browser waits; more are a worker's
A_ROUND = 100  # how many a worker decides before it looks at other work
LEASE = timedelta(minutes=2)
BATCH = 1000
BACK_AT_MOST = 150
NOT_YOURS = "not_yours"


class Order(NamedTuple):
    """What is decided: a reason for each mail, or the group into which they are placed."""

    deed: str
    reason: str = ""
    group: Group | None = None


class Sent(NamedTuple):
    """The key of the form on which the button was pressed, and the form as it was sent.

    `back` is the query of the table one came from.
    """

    key: str
    form: str
    back: str = ""


def decide_about(
    programme: Programme, *, order: Order, applications: Sequence[int], sent: Sent, by: Person, now: datetime
) -> str:
    """Decide the same about these applications (their keys, in the order in which they are decided).

    Up to 50 are decided at once, more by a worker. Returns the path of the page that says what became of
    it; the same press again gives the same page. Raises Refused with OTHER_PRESS.
    """
    bulk, path = order_bulk(programme, order=order, applications=applications, sent=sent, by=by, now=now)
    if bulk and len(applications) <= AT_ONCE:
        go_on_deciding(bulk, now=now)
    return path


@transaction.atomic
def order_bulk(
    programme: Programme, *, order: Order, applications: Sequence[int], sent: Sent, by: Person, now: datetime
) -> tuple[Bulk | None, str]:
    """Write the decision down with a line for each; nothing where the same press came before."""
    bulk = Bulk(
        programme=programme,
        deed=order.deed,
        group=order.group,
        words=order.reason,
        ordered_by=by,
        ordered_at=now,
        due_at=now,
        # Those that are decided at once are held by this process; should it die, a worker goes on.
        leased_until=now + LEASE if len(applications) <= AT_ONCE else None,
    )
    path = f"/decisions/{bulk.uid}/"
    # An outcome is kept in 300 letters; a longer look leads back to the whole table.
    path += f"?{urlencode({'back': sent.back})}" if 0 < len(sent.back) < BACK_AT_MOST else ""
    if before := people.press_once(by, key=sent.key, sent=sent.form, outcome=path, now=now):
        return None, before
    bulk.save()
    lines = (BulkLine(bulk=bulk, application_id=key) for key in applications)
    BulkLine.objects.bulk_create(lines, batch_size=BATCH)
    audit.record(
        "bulk_ordered",
        by=by,
        about=bulk,
        now=now,
        place=programme.uid,
        decision=bulk.deed,
        people=len(applications),
    )
    return bulk, path


def go_on_deciding(bulk: Bulk, *, now: datetime) -> None:
    """Decide about the next hundred; where more are left, the workers are asked again at once.

    Each decision and its line commit together: a worker that dies loses and doubles nothing.
    """
    if bulk.ordered_by is None or not programme_access.can_coordinate_programme(
        bulk.ordered_by, bulk.programme
    ):
        bulk.lines.filter(outcome="").update(outcome=Outcome.LEFT, why=NOT_YOURS)
    lines = bulk.lines.filter(outcome="").select_related("application__person", "application__programme")
    for line in list(lines.defer("application__wish")[:A_ROUND]):
        decide_safely(line, bulk=bulk, now=now)
    if bulk.lines.filter(outcome="").exists():
        again = now + timedelta(milliseconds=1)
        Bulk.objects.filter(pk=bulk.pk, done_at=None).update(due_at=again, attempts=0, leased_until=None)
    else:
        finish_bulk(bulk, now=now)


def decide_safely(line: BulkLine, *, bulk: Bulk, now: datetime) -> None:
    """One decision; what breaks is said at its line and does not stop the others."""
    try:
        decide_line(line, bulk=bulk, now=now)
    except OperationalError:
        raise  # the database is busy or away: all of it is tried again later
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
        tell_error("bulk_line_failed", error, line=line.pk)
        BulkLine.objects.filter(pk=line.pk, outcome="").update(outcome=Outcome.FAILED)


@transaction.atomic
def decide_line(line: BulkLine, *, bulk: Bulk, now: datetime) -> None:
    """Claim the line, then decide; of two workers one finds it claimed."""
    still_open = BulkLine.objects.filter(pk=line.pk, outcome="")
    if not still_open.update(outcome=Outcome.DONE):
        return
    try:
        with transaction.atomic():
            carry_out(line.application, bulk=bulk, now=now)
    except Refused as refusal:
        code = str(refusal.reason.value)
        BulkLine.objects.filter(pk=line.pk).update(outcome=Outcome.LEFT, why=code[:20])


def carry_out(application: Application, *, bulk: Bulk, now: datetime) -> None:
    """What was ordered, for one application."""
    by = bulk.ordered_by
    assert by
    if bulk.deed == Deed.PLACE:
        assert bulk.group
        place_application(application, group=bulk.group, by=by, now=now)
    else:
        deeds = {Deed.WAIT: put_on_lists, Deed.OFF: take_off_lists, Deed.DECLINE: decline_application}
        deeds[Deed(bulk.deed)](application, reason=bulk.words, by=by, now=now)


@transaction.atomic
def finish_bulk(bulk: Bulk, *, now: datetime) -> None:
    """All lines are decided: forget the reason and note what became of them, once."""
    over = Bulk.objects.filter(pk=bulk.pk, done_at=None)
    if not over.update(done_at=now, leased_until=None, words=""):
        return
    bulk.done_at, bulk.words = now, ""
    done = bulk.lines.filter(outcome=Outcome.DONE).count()
    audit.record(
        "bulk_done",
        by=bulk.ordered_by,
        about=bulk,
        now=now,
        place=bulk.programme.uid,
        decision=bulk.deed,
        done=done,
        left=bulk.lines.exclude(outcome=Outcome.DONE).count(),
    )


def give_up_bulk(bulk: Bulk, *, now: datetime) -> None:
    """What a worker does after its last try: say so at the lines that are left, and end it."""
    bulk.lines.filter(outcome="").update(outcome=Outcome.FAILED)
    finish_bulk(bulk, now=now)


@transaction.atomic
def note_table_export(programme: Programme, *, form: str, number: int, by: Person, now: datetime) -> None:
    """Note that somebody takes so many applications out as `form` (csv or xlsx)."""
    audit.record(
        "applications_exported",
        by=by,
        about=programme,
        now=now,
        place=programme.uid,
        form=form,
        people=number,
    )
