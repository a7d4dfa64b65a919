"""Cost over time as an SVG file, drawn with nothing but text.

Alone it draws runs of `piiri form --progress` whose lines were kept, on an even clock: each run is given the
seconds it took of the processor, halved for two cores, so that a busy machine does not bend the lines.

    python bench/formation_chart.py docs/formation.svg NAME,LINES.txt,CPU_SECONDS,BEST_COST ...
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Line = Sequence[tuple[float, float]]  # seconds, per cent above the best known
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 420, 60, 30, 150, 50
COLOURS = ("#0b5fa5", "#b3541e", "#2e7d4f", "#7a3e9d")
MOST = 50.0  # per cent shown


def draw(path: Path, lines: Mapping[str, Sequence[Line]], clock: str = "seconds, reading included") -> None:
    """One colour a key, one line a search; lines begin where they come below MOST per cent."""
    longest = max((point[0] for many in lines.values() for line in many for point in line), default=1.0)

    def at(seconds: float, above: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * seconds / longest
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(MOST, max(0.0, above)) / MOST
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "<style>text { font: 13px sans-serif }</style>",
        "<title>Cost over time</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_axes(at, longest, clock),
    ]
    for number, (name, many) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        for line in many:
            points = " ".join(at(*point) for point in line if point[1] <= MOST)
            parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>')
        y = TOP + 20 * number + 10
        parts.append(f'<text x="{WIDTH - RIGHT + 15}" y="{y}" fill="{colour}">{escape(name)}</text>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


def _axes(at: Callable[[float, float], str], longest: float, clock: str) -> list[str]:
    parts = []
    for step in range(6):
        x, y = at(longest * step / 5, 0).split(",")
        parts.append(
            f'<text x="{x}" y="{float(y) + 20}" text-anchor="middle">{longest * step / 5:.0f}</text>'
        )
        x, y = at(0, MOST * step / 5).split(",")
        parts.append(
            f'<text x="{float(x) - 8}" y="{float(y) + 4}" text-anchor="end">{MOST * step / 5:.0f} %</text>'
        )
        parts.append(f'<path d="M{x} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 12}">Cost above the best known</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 10}" text-anchor="end">{clock}</text>')
    return parts


def course(lines: str, cpu: float, best: int) -> Line:
    """The points of one run from its lines of progress."""
    told = re.findall(r"(\d+)%, cost (\d+)", lines)
    return [(int(share) / 100 * cpu / 2, 100 * (int(cost) - best) / best) for share, cost in told]


def main() -> None:
    path, *runs = sys.argv[1:]
    drawn: dict[str, list[Line]] = {}
    for run in runs:
        name, lines, cpu, best = run.split(",")
        drawn.setdefault(name, []).append(course(Path(lines).read_text(), float(cpu), int(best)))
    draw(Path(path), drawn, "processor seconds, halved")


if __name__ == "__main__":
    main()
