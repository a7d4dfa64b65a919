"""How fast a whole country's enrolments are brought in by command: one JSON line of figures at the end."""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
THEMES = ["Uran alussa", "Digi arjessa", "Oppimisen tuki", "Monikielinen luokka"]
HEADER = (
    "Aikaleima;Etunimi;Sukunimi;Sähköposti;Työpaikka;Tehtävä;Kokemus vuosina;1. toive;2. toive;3. toive;"
    "Lähi vai etä?;Kielet;Milloin pääset?;Mitä toivot ryhmältä?;Esihenkilösi nimi;"
    "Saako yhteystietoni kertoa ryhmälle?"
)
STARTS, ENDS = (
    ["Ai", "Ee", "Mar", "Ngo", "On", "Sal", "Lin", "Vir"],
    ["no", "ro", "ta", "c", "ni", "me", "nen"],
)
NAMES = [f"{start}{middle}{end}" for start in STARTS for middle in "aeiou" for end in ENDS]
DAYS = ["ma", "ti", "ke", "to", "pe"]

WORLD = """
from datetime import date, timedelta
from piiri.base import clock
from piiri.networks.models import Network, Organisation
from piiri.programmes.models import Employer, Programme, Theme
now = clock.now()
network = Network.objects.create(slug="bench", name={{"en": "Bench"}})
city = Organisation.objects.create(network=network, slug="bench", name={{"en": "Bench"}})
year = Programme.objects.create(
    organisation=city, slug="bench", preset="city", title={{"fi": "Bench"}}, languages=["fi"],
    state="published", starts_on=now.date() + timedelta(30), ends_on=now.date() + timedelta(200),
    created_at=now,
    enrol_opens_at=now, enrol_closes_at=now + timedelta(9), answers_by=now.date() + timedelta(20),
)
Employer.objects.create(programme=year, organisation=city)
for title in {themes}:
    Theme.objects.create(programme=year, title={{"fi": title}})
"""


def made_up(rows: int, seed: int) -> str:
    """A file of so many answers, one in a hundred of them mistyped, repaired or sent twice."""
    draw = random.Random(seed)
    lines = [HEADER]
    for number in range(rows):
        first, last = draw.choice(NAMES), draw.choice(NAMES)
        who = number - 1 if number and draw.random() < 0.01 else number
        address = f"{first}.{last}.{who}@city.example"
        wishes = draw.sample(THEMES, 3) if draw.random() > 0.01 else ["Digi-arjesa", "", ""]
        hours = ";".join(f"{day} {(at := draw.randrange(9, 17))}–{at + 2}" for day in draw.sample(DAYS, 4))
        manager = f"{draw.choice(NAMES)} {draw.choice(NAMES)}" if draw.random() < 0.3 else ""
        lines.append(
            f"{draw.randrange(1, 28)}.08.2026 12.{draw.randrange(60):02d};{first};{last};{address};"
            f"Koulu {draw.randrange(900)};opettaja;{draw.randrange(30)};{';'.join(wishes)};lähi;suomi;"
            f'"{hours}";Toivon {number} asiaa;{manager};{draw.choice(["Kyllä", "Ei"])}'
        )
    return "\n".join(lines)


def piiri(*words: str, data: Path, told: bool = True) -> float:
    """Seconds a command of the product takes, in a process of its own."""
    started = time.monotonic()
    out = None if told else subprocess.DEVNULL
    environment = os.environ | {"PIIRI_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "-m", "piiri.cli", *words], cwd=ROOT, env=environment, stdout=out, check=False
    )
    if done.returncode not in (0, 2):
        sys.exit(done.returncode)
    return round(time.monotonic() - started, 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        file = data / "answers.csv"
        file.write_text(made_up(asked.rows, asked.seed), encoding="utf-8")
        piiri("setup", data=data, told=False)
        piiri("shell", "-v0", "-c", WORLD.format(themes=THEMES), data=data)
        order = ("import", "enrolments", str(file), "--programme", "bench")
        figures = {
            "rows": asked.rows,
            "seconds_dry_run": piiri(*order, "--dry-run", data=data, told=False),
            "seconds": piiri(*order, "--summary", data=data),
            "seconds_again": piiri(*order, "--summary", data=data),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
