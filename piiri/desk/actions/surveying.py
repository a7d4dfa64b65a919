"""Keeping the roll-ups of running programmes up to date."""

import time
from datetime import datetime, timedelta

from piiri.desk import queries
from piiri.desk.models import RollUp
from piiri.programmes.models import Programme

A_ROUND = 20
# Counting takes at most a twentieth of the worker's time.
REST_FACTOR = 20
LEAST_REST = timedelta(seconds=5)


def roll_up(*, now: datetime) -> int:
    """Count anew every running programme in which something has happened; return how many.

    Any number of workers may do it at once: each writes what the raw rows say, so the last one is right.
    """
    newest = queries.newest_entry()
    due, quiet = queries.out_of_date(now)
    for programme in due[:A_ROUND]:
        survey_programme(programme, now=now)
    known = [row.pk for row in quiet if row.seen < newest]
    if known:
        RollUp.objects.filter(pk__in=known, seen__lt=newest).update(seen=newest)
    return len(due)


def survey_programme(programme: Programme, *, now: datetime) -> RollUp:
    """Write the survey of one programme as the raw rows say it."""
    began, seen = time.monotonic(), queries.newest_entry()
    found, bands = queries.survey(programme, now=now)
    took = timedelta(seconds=time.monotonic() - began)
    row, _made = RollUp.objects.update_or_create(
        programme=programme,
        defaults={
            "as_of": now,
            "seen": seen,
            "rest_until": now + max(LEAST_REST, took * REST_FACTOR),
            "groups": found.groups,
            "survey": queries.to_json(found),
            "bands": bands,
        },
    )
    return row
