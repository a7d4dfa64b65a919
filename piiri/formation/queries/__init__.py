"""The reads of the room: the question to the solver, proposals and publishings, why somebody sits where."""

from piiri.formation.queries.explaining import Told, reason_for
from piiri.formation.queries.gathering import facts_of, problem_of
from piiri.formation.queries.proposals import (
    Preview,
    Proposal,
    group_cards,
    preview,
    proposal_of,
    scarce,
    suggested_together,
    without_a_place,
)
from piiri.formation.queries.standing import (
    Figures,
    Standing,
    figures,
    left_out,
    publishing_of,
    publishing_under_way,
    publishings_to_carry_on,
    runs,
    runs_to_do,
    standing,
)

__all__ = [
    "Figures",
    "Preview",
    "Proposal",
    "Standing",
    "Told",
    "facts_of",
    "figures",
    "group_cards",
    "left_out",
    "preview",
    "problem_of",
    "proposal_of",
    "publishing_of",
    "publishing_under_way",
    "publishings_to_carry_on",
    "reason_for",
    "runs",
    "runs_to_do",
    "scarce",
    "standing",
    "suggested_together",
    "without_a_place",
]
