"""Which groups take people from waiting lists, and since when; pure.

Where places are taken first come first served, a group takes them from the start. Where groups are formed
from wishes or by the office, formation gives the places first: a group takes from its lists once it is
forming, and one that is still on offer after the day of the answers. A running group takes newcomers where
the rules always let them in, or where the group itself has agreed.
"""

from datetime import timedelta


def states_that_take(*, way: str, newcomers: str, answered: bool) -> list[str]:
    """The states in which every group takes people. `answered`: the day of the answers is over."""
    states = ["forming"]
    states += ["offered"] if way == "place" or answered else []
    states += ["running"] if newcomers == "open" else []
    return states


def asks_group(*, newcomers: str) -> bool:
    """Whether a running group takes people when it has agreed to."""
    return newcomers == "group"


def rests(*, way: str, hold_hours: int) -> timedelta:
    """How long somebody has been left without a place before they stand in lists of what they wished for.

    Where groups are formed, as long as that can be taken back.
    """
    return timedelta(0) if way == "place" else timedelta(hours=hold_hours)
