"""The reads of the room: the question to the solver, proposals and publishings, why somebody sits where."""

from piiri.formation.queries.asked import question_of
from piiri.formation.queries.effects import Change, Effect, Touched, effect, effect_of
from piiri.formation.queries.explaining import Told, reason_for
from piiri.formation.queries.gathering import facts_of, problem_of
from piiri.formation.queries.moved import change_of, moved
from piiri.formation.queries.options import Numbers, Option, Seat, numbers, options, seat
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
    letters,
    publishing_of,
    publishing_under_way,
    publishings_to_carry_on,
    runs,
    runs_to_do,
    standing,
)
from piiri.formation.queries.workbench import Bench, BenchGroup, LeftOut, Member, Taken, bench, weakness

__all__ = [
    "Bench",
    "BenchGroup",
    "Change",
    "Effect",
    "Figures",
    "LeftOut",
    "Member",
    "Numbers",
    "Option",
    "Preview",
    "Proposal",
    "Seat",
    "Standing",
    "Taken",
    "Told",
    "Touched",
    "bench",
    "change_of",
    "effect",
    "effect_of",
    "facts_of",
    "figures",
    "group_cards",
    "left_out",
    "letters",
    "moved",
    "numbers",
    "options",
    "preview",
    "problem_of",
    "proposal_of",
    "publishing_of",
    "publishing_under_way",
    "publishings_to_carry_on",
    "question_of",
    "reason_for",
    "runs",
    "runs_to_do",
    "scarce",
    "seat",
    "standing",
    "suggested_together",
    "weakness",
    "without_a_place",
]
