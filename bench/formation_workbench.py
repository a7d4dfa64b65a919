"""What the workbench costs: CPU ms of seeing a proposal, asking what a move does, and making it.

`./run bench formation_workbench [--people N] [--groups N] [--moves N]`: makes a programme with a proposal in
a database of its own (SQLite, in a temporary folder), moves people about in it and prints medians and the
worst, with queries. The last line is JSON.
"""

import argparse
import gc
import gzip
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = tempfile.mkdtemp(prefix="piiri-bench-")
os.environ |= {"DJANGO_SETTINGS_MODULE": "piiri.config.settings", "PIIRI_DATA": DATA, "PIIRI_DATABASE": ""}
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

import django  # noqa: E402

HOURS = range(12, 19)


def programme(people: int, groups: int, draw: random.Random) -> Any:
    """A published programme with people who wait, and mentors' groups in a dozen themes."""
    from piiri.base import clock  # noqa: PLC0415 - Django has to be set up first
    from piiri.enrolments.models import Application, Wish  # noqa: PLC0415
    from piiri.groups.models import Group, Mentor, Mentorship, Place  # noqa: PLC0415
    from piiri.networks.models import Network, Organisation  # noqa: PLC0415
    from piiri.people.models import Person  # noqa: PLC0415
    from piiri.programmes import windows  # noqa: PLC0415
    from piiri.programmes.models import Availability, Programme, Theme  # noqa: PLC0415

    now = clock.now()
    network = Network.objects.create(slug="bench", name={"en": "Bench"})
    city = Organisation.objects.create(network=network, slug="bench", name={"en": "Bench"})
    year = Programme.objects.create(
        organisation=city, slug="bench", preset="city", title={"en": "Bench"}, languages=["en"],
        state="published", starts_on=now.date() + timedelta(30), ends_on=now.date() + timedelta(200),
        created_at=now, enrol_opens_at=now - timedelta(9), enrol_closes_at=now,
        answers_by=now.date() + timedelta(20),
    )  # fmt: skip
    themes = [
        Theme.objects.create(programme=year, title={"en": f"Theme number {at}"}, order=at) for at in range(12)
    ]
    persons = Person.objects.bulk_create(
        Person(email=f"p{at}@bench.example", name=f"Person Number{at}", language="en", joined_at=now)
        for at in range(people + groups)
    )
    mentors, waiting = persons[:groups], persons[groups:]

    def week(days: int) -> str:
        """Free for two to four hours on so many afternoons."""
        hours = {}
        for day in draw.sample(range(5), days):
            first = draw.choice(HOURS)
            hours |= {(day, hour): 2 for hour in range(first - 2, first + 3)}
        return windows.of_hours(hours)

    Availability.objects.bulk_create(
        Availability(programme=year, person=one, mask=week(5 if at < groups else 4), updated_at=now)
        for at, one in enumerate(persons)
    )
    Mentor.objects.bulk_create(
        Mentor(programme=year, person=one, groups_at_most=2, accepted_at=now) for one in mentors
    )
    offered = Group.objects.bulk_create(
        Group(programme=year, theme=themes[at % 12], language="en", form="online", created_at=now)
        for at in range(groups)
    )
    Mentorship.objects.bulk_create(
        # every fourth mentor has two groups
        Mentorship(group=group, person=mentors[at - (at % 4 == 3)], started_at=now)
        for at, group in enumerate(offered)
    )
    Place.objects.bulk_create(Place(group=group, number=n) for group in offered for n in range(1, 9))
    applications = Application.objects.bulk_create(
        Application(
            programme=year, person=one, state="sent", sent_at=now, saved_at=now, languages=["en"],
            workplace=f"School {draw.randrange(people // 12 + 2)}", form="either", years=draw.randrange(20),
            any_theme=draw.random() < 0.2,
        )
        for one in waiting
    )  # fmt: skip
    Wish.objects.bulk_create(
        Wish(application=one, rank=rank, theme=theme)
        for one in applications
        for rank, theme in enumerate(draw.sample(themes, 3), start=1)
    )
    return year


def proposed(year: Any) -> Any:
    """A run that is ready: the question as it was asked, and groups that the solver found in two seconds."""
    from piiri.base import clock  # noqa: PLC0415
    from piiri.formation import mapping, queries, solving  # noqa: PLC0415
    from piiri.formation.models import Run  # noqa: PLC0415
    from piiri.formation.problem import to_json  # noqa: PLC0415

    facts = queries.facts_of(year)
    problem = mapping.problem_of(facts)
    answer = solving.warm_solver().solve(problem, seconds=2, seed=1)
    proposal = {
        "assignment": dict(answer.assignment),
        "windows": {uid: list(at) for uid, at in mapping.meeting_windows(facts, problem, answer).items()},
        "reasons": mapping.reasons_of(facts, problem, answer),
        "parts": dict(answer.parts), "cost": answer.cost, "bound": answer.bound, "proven": False,
    }  # fmt: skip
    return Run.objects.create(
        programme=year, state="ready", letter="A", asked_at=clock.now(), proposal=proposal,
        question=gzip.compress(json.dumps(to_json(problem)).encode()),
    )  # fmt: skip


def measured(deed: Callable[[], Any]) -> tuple[float, int, Any]:
    """CPU ms, queries and what it gave."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as asked:
        started = time.process_time()
        given = deed()
        spent = time.process_time() - started
    return 1000 * spent, len(asked), given


def summed_up(rows: list[tuple[float, int, Any]]) -> dict[str, float]:
    spent = sorted(row[0] for row in rows)
    return {
        "cpu_ms_median": round(statistics.median(spent), 1),
        "cpu_ms_worst": round(spent[-1], 1),
        "queries": max(row[1] for row in rows),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=500)
    asked.add_argument("--groups", type=int, default=80)
    asked.add_argument("--moves", type=int, default=40)
    asked.add_argument("--seed", type=int, default=101)
    wants = asked.parse_args()
    draw = random.Random(wants.seed)
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    from piiri.base import clock  # noqa: PLC0415
    from piiri.formation import actions, queries  # noqa: PLC0415
    from piiri.formation.models import Run  # noqa: PLC0415
    from piiri.people.models import Person  # noqa: PLC0415

    pk = proposed(programme(wants.people, wants.groups, draw)).pk
    office = Person.objects.create(email="office@bench.example", language="en", joined_at=clock.now())

    def run() -> Any:
        return Run.objects.select_related("programme").defer("question").get(pk=pk)

    first = measured(lambda: queries.bench(run()))
    figures: dict[str, Any] = {"first_bench_cpu_ms": round(first[0], 1)}
    gc.collect()
    gc.freeze()  # no web process holds the solver and the seeding, through which the collector would go
    taken: dict[str, list[tuple[float, int, Any]]] = {
        name: [] for name in ("bench", "effect", "move", "undo", "options", "seat", "numbers", "answer")
    }
    people = list(run().proposal["assignment"])
    while len(taken["move"]) < wants.moves:
        one = draw.choice(people)
        now = run()
        taken["options"].append(measured(lambda one=one, now=now: queries.options(now, one)))
        taken["seat"].append(measured(lambda one=one, now=now: queries.seat(now, one)))
        to = next((option.group for option in taken["options"][-1][2] if option.works), None)
        where = {one: to}
        taken["effect"].append(measured(lambda where=where: queries.effect(run(), where)))
        if not taken["effect"][-1][2].allowed:
            continue

        def answer(where: dict[str, str | None] = where, now: Any = now) -> None:
            moved = measured(
                lambda: actions.move(now, moves=where, seen=now.version, by=office, now=clock.now())
            )
            taken["move"].append(moved)
            taken["bench"].append(measured(lambda: queries.bench(moved[2])))

        taken["answer"].append(measured(answer))
    taken["numbers"] = [measured(lambda: queries.numbers(run())) for _ in range(10)]
    now = run()
    sixty = dict.fromkeys(
        draw.sample([one for one, group in now.proposal["assignment"].items() if group], 60)
    )
    taken["effect of 60"] = [measured(lambda: queries.effect(now, sixty)) for _ in range(5)]
    taken["move of 60"] = [
        measured(lambda: actions.move(now, moves=sixty, seen=now.version, by=office, now=clock.now()))
    ]
    taken["bench with costs"] = [measured(lambda: queries.bench(run(), costs=True)) for _ in range(3)]
    for _ in range(10):
        now = run()
        taken["undo"].append(
            measured(lambda now=now: actions.undo_step(now, seen=now.version, by=office, now=clock.now()))
        )
    bench = queries.bench(run())
    figures |= {
        "people": len(people), "groups": len(bench.groups), "left_out": len(bench.left_out),
        "moves": len(taken["move"]),
    }  # fmt: skip
    for name, rows in taken.items():
        figures[name] = summed_up(rows)
        print(f"{name:>16}  {figures[name]}")
    print(json.dumps(figures))
    shutil.rmtree(DATA, ignore_errors=True)


if __name__ == "__main__":
    main()
