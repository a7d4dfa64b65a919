"""What the office wishes for a proposal, in its own words, turned into what the solver weighs."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.formation.problem import Weights
from piiri.programmes.parameters import Rules

MIXED = 2  # experienced people, and newcomers, that a group should have
USUAL = 2
# What a wish of 0 to 4 multiplies its costs by.
FACTORS = (0.0, 0.5, 1.0, 2.0, 4.0)
# By how many times more the office wishes for than the programme does, with a wish of 0 to 4.
MORE_TIMES = (0, 0, 0, 1, 2)

# The wishes of the office: each counts 0 to 4, and 2 is as the programme has it.
WISHES: dict[str, Promise] = {
    "first_wishes": _("First wishes"),
    "new_faces": _("New faces"),
    "times_to_spare": _("Times to spare"),
}
COSTS = {
    "first_wishes": ("unlisted_theme",),
    "new_faces": ("same_org_pair", "mentor_same_org", "mix_missing"),
    "times_to_spare": ("slot_missing",),
}


def usual_weights(rules: Rules) -> Weights:
    """What each discomfort costs in a programme with these rules; a pair needs no mix."""
    pair = rules.guidance == "pair"
    return Weights(
        mix_min=0 if pair else MIXED,
        slots_target=rules.windows_wished,
        size_target=1 if pair else min(rules.ideal_size, rules.places),
    )


def complete(wishes: Mapping[str, int] | None) -> dict[str, int]:
    """Every wish by name, 2 where nothing is said. Raises ValueError for an unknown one or outside 0 to 4."""
    said = dict(wishes or {})
    for name, value in said.items():
        if name not in WISHES or not 0 <= value < len(FACTORS):
            raise ValueError(f"{name}={value} is no wish")
    return {name: said.get(name, USUAL) for name in WISHES}


def weights_for(rules: Rules, wishes: Mapping[str, int] | None = None) -> Weights:
    """The weights of the programme, each scaled by the wish it belongs to; whole numbers.

    To leave somebody out grows with the strongest wish, so that nobody loses a place to one.
    """
    told, usual = complete(wishes), usual_weights(rules)
    factors = {name: FACTORS[value] for name, value in told.items()}
    scaled = {
        cost: _scaled(getattr(usual, cost), factors[name]) for name, costs in COSTS.items() for cost in costs
    }
    return replace(
        usual,
        **scaled,
        rank=tuple(_scaled(cost, factors["first_wishes"]) for cost in usual.rank),
        slots_target=usual.slots_target + MORE_TIMES[told["times_to_spare"]],
        unassigned=_scaled(usual.unassigned, max(1.0, *factors.values())),
    )


def _scaled(cost: int, factor: float) -> int:
    """Halves go up, so that what counts a little is not forgotten."""
    return int(cost * factor + 0.5)


def name_of(wishes: Mapping[str, int] | None) -> Promise:
    """What a proposal is called: by the one wish that counts more than the others, else balanced."""
    told = complete(wishes)
    most = max(told.values())
    first = [name for name, value in told.items() if value == most]
    return WISHES[first[0]] if len(first) == 1 and most > USUAL else _("Balanced")
