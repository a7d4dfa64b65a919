"""What no linter knows: the habits of docs/house.md, checked on the source of every room."""

import ast
import csv
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

PIIRI = Path(__file__).resolve().parents[2]
ROOMS = [PIIRI / room for room in settings.ROOMS]
DOORS = ("views", "api", "work", "management")
LOWER = ("models", "access", "rules", "queries", "actions")
WEB = ("django.http", "django.shortcuts", "django.urls", "django.contrib.messages")
WORDS_OF_A_CLOCK = {"now", "utcnow", "today"}
CONVERSIONS = {"localtime", "localdate"}  # a clock only where they are given no moment
NAMES_OF_RIGHTS = re.compile(r"(visible|own|can|has)_|.*_(of|by)$")
CLOCKS = {"datetime", "date", "timezone", "clock", "time"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*floors: str) -> list[Path]:
    """All modules of the house but tests and migrations; only of these floors when some are named."""
    modules = [
        path
        for path in sorted(PIIRI.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(PIIRI).parts)
    ]
    return [path for path in modules if not floors or floor_of(path) in floors]


def floor_of(path: Path) -> str:
    """The second step of piiri/groups/views.py or piiri/groups/views/office.py: "views"."""
    steps = path.relative_to(PIIRI).with_suffix("").parts
    return steps[1] if len(steps) > 1 else ""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module, methods and inner ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def public(path: Path) -> list[Function]:
    return [node for node in tree(path).body if isinstance(node, Function) and not node.name.startswith("_")]


def deeds(path: Path) -> list[Function]:
    """The public functions of an actions.py; of an actions/ package those that its __init__ shows."""
    if path.parent.name != "actions":
        return public(path)
    shown = {name.rpartition(".")[2] for _, name in imports(path.parent / "__init__.py")}
    return [function for function in public(path) if function.name in shown]


def place(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(PIIRI.parent)}:{node.lineno}"


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every module name that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def says(path: Path, word: str) -> list[str]:
    """Where a module says `.word`."""
    return [
        place(path, node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == word
    ]


def asks_a_clock(node: ast.AST) -> bool:
    """Whether this is datetime.now(…), timezone.now(), date.today() or their like."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    said = node.func.attr
    return name in CLOCKS and (said in WORDS_OF_A_CLOCK or (said in CONVERSIONS and not node.args))


def test_doors_get_rows_through_access_only():
    found = [at for path in sources(*DOORS) for at in says(path, "objects")]

    assert not found


def test_access_takes_the_person_first_and_is_named_for_the_right():
    found = [
        place(path, function)
        for path in sources("access")
        for function in public(path)
        if not NAMES_OF_RIGHTS.match(function.name)
        or not function.args.args
        or function.args.args[0].arg != "person"
    ]

    assert not found


def test_rules_know_no_person_and_no_clock_and_no_database():
    found = []
    for path in sources("rules"):
        found += says(path, "objects")
        found += [place(path, node) for node in ast.walk(tree(path)) if asks_a_clock(node)]
        for function in functions(path):
            arguments = [*function.args.args, *function.args.kwonlyargs]
            if {"person", "by"} & {argument.arg for argument in arguments}:
                found.append(place(path, function))

    assert not found


def test_actions_have_one_positional_subject_at_most():
    found = [
        place(path, function)
        for path in sources("actions")
        for function in deeds(path)
        if len(function.args.posonlyargs + function.args.args) > 1
    ]

    assert not found


def test_lower_floors_do_not_know_the_web():
    found = [
        f"{place(path, node)} {name}"
        for path in sources(*LOWER)
        for node, name in imports(path)
        if name.startswith(WEB)
    ]

    assert not found


def test_there_is_one_clock_and_only_doors_ask_it():
    asked_elsewhere = [
        place(path, node)
        for path in sources()
        if path != PIIRI / "base" / "clock.py"
        for node in ast.walk(tree(path))
        if asks_a_clock(node) and not (floor_of(path) in DOORS and ast.unparse(node).startswith("clock."))
    ]
    known_below = [
        place(path, node)
        for path in sources(*LOWER)
        for node, name in imports(path)
        if name.startswith("piiri.base.clock") and not name.endswith(".today")
    ]

    assert not asked_elsewhere + known_below


def test_no_import_hides_in_a_function():
    found = [
        place(path, node)
        for path in sources()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert not found


def test_files_are_short():
    def too_long(paths: list[Path], lines: int) -> list[str]:
        return [str(path) for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > lines]

    modules = [path for path in PIIRI.rglob("*.py") if not {"solver", "migrations"} & set(path.parts)]
    scripts = [path for path in PIIRI.rglob("static/**/*.js") if "vendor" not in path.parts]

    found = too_long(modules, 400) + too_long(list(PIIRI.rglob("templates/**/*.html")), 150)

    assert not found + too_long(scripts, 150)


def test_functions_are_short():
    sizes = sorted(
        function.end_lineno - function.lineno + 1
        for path in sources()
        if "solver" not in path.parts
        for function in functions(path)
    )

    assert statistics.median(sizes) <= 10
    assert sizes[int(len(sizes) * 0.95)] < 45


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_says_what_it_is_for(room):
    assert ast.get_docstring(tree(room / "__init__.py"))


def test_every_module_has_a_docstring():
    found = [str(path) for path in sources() if path.stat().st_size and not ast.get_docstring(tree(path))]

    assert not found


def test_every_fragment_is_included_by_a_page():
    pages = {path: path.read_text(encoding="utf-8") for path in PIIRI.rglob("templates/**/*.html")}
    fragments = {path: str(path).partition("/templates/")[2] for path in pages if path.name.startswith("_")}

    found = [
        name
        for fragment, name in fragments.items()
        if not any(f'"{name}"' in text for path, text in pages.items() if path != fragment)
    ]

    assert not found


def test_every_table_with_a_person_has_a_class_a_clock_and_an_end():
    person = apps.get_model(settings.AUTH_USER_MODEL)
    about_people = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("piiri.")
        and any(field.related_model is person for field in model._meta.get_fields() if field.concrete)
    }
    with (PIIRI.parent / "docs" / "retention.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = {row["model"] for row in rows if row["class"] and row["clock"] and row["end"]}

    assert about_people <= listed
    assert listed <= {model._meta.label for model in apps.get_models()}
