"""The reads of the room: the question to the solver, proposals and publishings, why somebody sits where."""

from piiri.formation.queries.asked import question_of
from piiri.formation.queries.before import Preview, preview, tomorrow_morning
from piiri.formation.queries.effects import Change, Effect, Touched, effect, effect_of
from piiri.formation.queries.explaining import Told, reason_for
from piiri.formation.queries.foretelling import (
    Foretold,
    Source,
    facts_for,
    forecast_of,
    forecasts_to_do,
    foretold,
    sources,
)
from piiri.formation.queries.gathering import facts_of, problem_of
from piiri.formation.queries.letters import FORMED, PLACED, WAITING, Shown, group_words, reason_words
from piiri.formation.queries.moved import change_of, moved
from piiri.formation.queries.options import Numbers, Option, Seat, numbers, options, seat
from piiri.formation.queries.proposals import Proposal, proposal_of, suggested_together
from piiri.formation.queries.scarce import Kind, parts_of, scarce
from piiri.formation.queries.standing import (
    Figures,
    Standing,
    figures,
    left_out,
    letters_taken,
    publishing_of,
    publishing_under_way,
    publishings_to_carry_on,
    runs_to_do,
    standing,
)
from piiri.formation.queries.workbench import Bench, BenchGroup, LeftOut, Member, Taken, bench, weakness

__all__ = [
    "FORMED",
    "PLACED",
    "WAITING",
    "Bench",
    "BenchGroup",
    "Change",
    "Effect",
    "Figures",
    "Foretold",
    "Kind",
    "LeftOut",
    "Member",
    "Numbers",
    "Option",
    "Preview",
    "Proposal",
    "Seat",
    "Shown",
    "Source",
    "Standing",
    "Taken",
    "Told",
    "Touched",
    "bench",
    "change_of",
    "effect",
    "effect_of",
    "facts_for",
    "facts_of",
    "figures",
    "forecast_of",
    "forecasts_to_do",
    "foretold",
    "group_words",
    "left_out",
    "letters_taken",
    "moved",
    "numbers",
    "options",
    "parts_of",
    "preview",
    "problem_of",
    "proposal_of",
    "publishing_of",
    "publishing_under_way",
    "publishings_to_carry_on",
    "question_of",
    "reason_for",
    "reason_words",
    "runs_to_do",
    "scarce",
    "seat",
    "sources",
    "standing",
    "suggested_together",
    "tomorrow_morning",
    "weakness",
]
