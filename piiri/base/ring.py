"""Draws a group as a circle of seats: the geometry of the glyph, and who sits where."""

import math
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

HUES = ("spruce", "lake", "heather", "moss", "clay", "fjord")
KINDS = {
    "m": "",
    "p": "",
    "f": " g-seat--free",
    "a": " g-seat--away",
    "w": " g-seat--wait",
    "n": " g-seat--now",
}
MOST = 10
RADIUS = 38


@dataclass(frozen=True)
class Seat:
    """A person (or a free place) in a circle. `state`: "", done, todo, now, away or free.

    `call` is the name shown (the first name, where space is short); `note` is said to screen readers
    after it; `small` is shown under it.
    """

    name: str
    state: str = ""
    you: bool = False
    note: str = ""
    small: str = ""
    hue: str = ""
    call: str = ""


def letters(*, mentors: int = 1, taken: int = 0, free: int = 0, away: int = 0, waiting: int = 0) -> str:
    """The seats of a group as the glyph wants them: mentors on top, then clockwise."""
    return "m" * mentors + "p" * taken + "a" * away + "w" * waiting + "f" * free


def initials(name: str) -> str:
    """Two letters for a disc: of the first and the last word, or the first letter alone."""
    words = name.split()
    if not words:
        return "–"
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def hue_of(name: str) -> str:
    """One of the six theme hues, always the same for a name."""
    return HUES[crc32(name.encode()) % len(HUES)]


def spot(place: int, places: int) -> tuple[float, float]:
    """Where seat `place` of `places` lies in the 100 × 100 box; 0 is at twelve o'clock."""
    angle = 2 * math.pi * place / places - math.pi / 2
    return 50 + RADIUS * math.cos(angle), 50 + RADIUS * math.sin(angle)


def dot_size(places: int, *, crowded: bool) -> float:
    """Radius of a dot; smaller where the middle holds a number or the hours."""
    chord = 2 * RADIUS * math.sin(math.pi / max(places, 3))
    return min(8.4, chord * 0.32) if crowded else min(9.6, chord * 0.34)


def dot(kind: str, *, at: tuple[float, float], size: float) -> str:
    """One seat: its halo when it is now, its disc, and the hole of a mentor."""
    place = f'cx="{at[0]:.1f}" cy="{at[1]:.1f}"'
    halo = f'<circle class="g-halo" {place} r="{size + 4:.1f}"/>' if kind == "n" else ""
    hole = f'<circle class="g-mentor" {place} r="{size * 0.36:.1f}"/>' if kind == "m" else ""
    return f'{halo}<circle class="g-seat{KINDS[kind]}" {place} r="{size:.1f}"/>{hole}'


def table(percent: int) -> str:
    """The disc in the middle, filled like a pie with hours."""
    pie = (
        f'<circle class="g-pie" cx="50" cy="50" r="10" pathLength="100"'
        f' stroke-dasharray="{min(percent, 100)} 100" transform="rotate(-90 50 50)"/>'
    )
    return '<circle class="g-table" cx="50" cy="50" r="20"/>' + (pie if percent > 0 else "")


def number(text: str) -> str:
    """The one number in the middle."""
    narrow = " g-num--s" if len(text) > 3 else ""
    return f'<text class="g-num{narrow}" x="50" y="58.5">{text}</text>'


@lru_cache(maxsize=4096)
def drawing(seats: str, *, ring: str, num: str, hours_pct: int | None) -> str:
    """The inside of the glyph's <svg>. `num` must be safe for HTML.

    More than ten seats are too small to tell apart: then the ring alone is drawn.
    """
    shown = seats if len(seats) <= MOST else ""
    size = dot_size(len(shown), crowded=bool(num) or hours_pct is not None)
    open_ring = " g-ring--open" if ring == "open" else ""
    parts = [table(hours_pct)] if hours_pct is not None else []
    parts.append(f'<circle class="g-ring{open_ring}" cx="50" cy="50" r="{RADIUS}"/>')
    parts += [dot(kind, at=spot(i, len(shown)), size=size) for i, kind in enumerate(shown)]
    parts.append(number(num) if num else "")
    return "".join(parts)
