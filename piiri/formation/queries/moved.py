"""A proposal as it is after people of it were moved."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from piiri.formation import mapping, scoring
from piiri.formation.models import Run
from piiri.formation.moves import Moves
from piiri.formation.queries.asked import asked_of
from piiri.formation.queries.effects import Change, Proposal
from piiri.formation.reasons import explain


def change_of(run: Run, wanted: Moves) -> Change:
    """These moves, to be looked at with `effect_of` and made with `moved`."""
    return Change(run, asked_of(run), wanted)


def moved(change: Change) -> Proposal:
    """The whole proposal after the moves: weekly times, cost and reasons of whom they reach are new.

    The same people in the same groups give the same proposal, whatever was in between. `found` keeps what
    the search found, so that a weekly time that went comes back.
    """
    proposal = change.run.proposal
    found = proposal.get("found") or {
        "windows": change.windows,
        "cost": proposal.get("cost"),
        "proven": proposal.get("proven", False),
    }
    cost = sum(change.parts_after.values())
    ends = {one: change.moves.get(one, group) for one, group in change.assignment.items()}
    return {
        **proposal,
        "assignment": ends,
        "windows": change.windows_after,
        "parts": change.parts_after,
        "cost": cost,
        "proven": bool(found["proven"]) and cost == found["cost"],
        "found": found,
        "reasons": {**proposal.get("reasons", {}), **_reasons(change, _reached(change))},
    }


def _reached(change: Change) -> set[str]:
    """Whose reasons may be others now: the people of the groups, and who wished for them and has no place."""
    people = {
        one for uid in change.bunch for one in (*change.before.get(uid, ()), *change.after.get(uid, ()))
    }
    offers = [change.asked.offers[uid] for uid in change.touched if uid in change.asked.offers]
    without = (change.asked.people[one] for one in change.without_a_place if one in change.asked.people)
    waiting = {
        one.id
        for one in without
        if one.any_theme or any(scoring.rank_of(one, offer) is not None for offer in offers)
    }
    return people | waiting | change.moves.keys()


def _reasons(change: Change, people: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Why these people sit where they sit now, in codes; see sentences.py."""
    asked = change.asked
    known = [one for one in people if one in asked.people]
    if not known:
        return {}
    seated = {
        one: group
        for group, members in change.after.items()
        for one in members
        if one in asked.people and group in asked.offers
    }
    works = Counter((group, asked.people[one].org) for one, group in seated.items())
    windows = [(slot.weekday, slot.start, slot.end) for slot in change.slots]
    return {
        one: mapping.codes_of(
            reason,
            person=asked.people[one],
            alike=works[reason.group or "", asked.people[one].org] - 1,
            sitting=_sitting(change, reason.group or ""),
            windows=windows,
        )
        for one, reason in explain(asked.problem, seated, people=known).items()
    }


def _sitting(change: Change, group: str) -> int:
    return change.live[group].taken if group in change.live else 0
