"""The question and the answer of forming groups: frozen dataclasses, read and written as mgf-2."""

from piiri.formation.problem.checks import MODES, MOST_PLACES, MOST_SLOTS, ProblemError
from piiri.formation.problem.question import (
    LEFT_CLOSED,
    PINNED_LEFT_OUT,
    Answer,
    Assignment,
    Hard,
    Mentor,
    Offer,
    Participant,
    Problem,
    Weights,
    mask_of,
    slots_of,
    window_overlaps,
)
from piiri.formation.problem.reading import from_json
from piiri.formation.problem.self_run import self_run_offers
from piiri.formation.problem.writing import digest, to_json

__all__ = [
    "LEFT_CLOSED",
    "MODES",
    "MOST_PLACES",
    "MOST_SLOTS",
    "PINNED_LEFT_OUT",
    "Answer",
    "Assignment",
    "Hard",
    "Mentor",
    "Offer",
    "Participant",
    "Problem",
    "ProblemError",
    "Weights",
    "digest",
    "from_json",
    "mask_of",
    "self_run_offers",
    "slots_of",
    "to_json",
    "window_overlaps",
]
