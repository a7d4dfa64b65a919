"""Find good groups: exact for a few dozen people, a search by whole-group moves above. Imports no Django."""

from piiri.formation.reasons import explain
from piiri.formation.scoring import common_slots, meeting_slots, score
from piiri.formation.solver.solve import solve

__all__ = ["common_slots", "explain", "meeting_slots", "score", "solve"]
