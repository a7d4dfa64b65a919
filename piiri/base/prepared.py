"""A query that is asked thousands of times: put together once, filled in and run each time.

Django puts the SQL of a query together anew at every call, which takes longer than the database needs to
answer it. Here that is done once a kind of database; each run fills in the values and reads one row.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery

# Where values are filled in, a whole number below this or a text between these signs stands meanwhile.
BELOW, SIGN = -(10**15), "\x02"

Convert = tuple[int, Sequence[Callable[..., Any]], Any]


class Ready(NamedTuple):
    """SQL, its values (what fills them in), the names of its columns, what reads some of them."""

    sql: str
    values: list[Callable[[dict[str, Any]], Any]]
    names: list[str]
    converters: list[Convert]


class Holes:
    """What stands for the values in a query until they are filled in."""

    def __init__(self, *, numbers: Sequence[str], texts: Sequence[str]) -> None:
        self.numbers = numbers
        self.values: dict[str, Any] = {name: BELOW - at for at, name in enumerate(numbers)}
        self.values |= {name: f"{SIGN}{name}{SIGN}" for name in texts}

    def filler(self, param: Any) -> Callable[[dict[str, Any]], Any]:
        """What gives the value for one place of the SQL at a run."""
        if isinstance(param, int) and not isinstance(param, bool) and param <= BELOW:
            name = self.numbers[BELOW - param]
            return lambda values: values[name]
        if isinstance(param, str) and param.count(SIGN) == 2:
            before, text, after = param.split(SIGN)
            return lambda values: f"{before}{values[text]}{after}"
        return lambda _values: param


class Prepared:
    """One query of columns, `values()`, whose `numbers` and `texts` are filled in at each run.

    `build` takes all of them by name and returns the query. A text may stand inside a pattern; then it has
    to be escaped by the caller.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        numbers: Sequence[str] = (),
        texts: Sequence[str] = (),
    ) -> None:
        self.build, self.holes = build, Holes(numbers=numbers, texts=texts)
        self.ready: dict[str, Ready] = {}

    def first(self, **values: Any) -> dict[str, Any] | None:
        """The first row by column, or None where there is none. One query."""
        return next(iter(self.rows(**values)), None)

    def rows(self, **values: Any) -> list[dict[str, Any]]:
        """All rows by column. One query."""
        ready = self.ready.get(connection.vendor) or self.prepare()
        with prepared_cursor() as cursor:
            cursor.execute(ready.sql, [fill(values) for fill in ready.values])
            found = cursor.fetchall()
        return [read(row, ready) for row in found]

    def prepare(self) -> Ready:
        """Put the query together for the database in use."""
        query = self.build(**self.holes.values).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
        converters = [(at, how, column) for at, (how, column) in compiler.get_converters(columns).items()]
        names = list(query.selected or (*query.values_select, *query.annotation_select))
        ready = Ready(sql, [self.holes.filler(param) for param in params], names, converters)
        self.ready[connection.vendor] = ready
        return ready


class PreparedRows:
    """Rows of one model by a prepared query: `build` returns them, with `more` columns it has added.

    `along` names foreign keys whose rows come too, each a step further than one before it: "programme",
    "programme__organisation". What is `without` is not fetched, as by Django's `defer`.
    """

    def __init__(
        self,
        model: type[Model],
        build: Callable[..., QuerySet[Any]],
        *,
        numbers: Sequence[str] = (),
        texts: Sequence[str] = (),
        more: Sequence[str] = (),
        along: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> None:
        self.more = more
        self.parts = [Part.of(model, without=without)]
        self.parts += [Part.of(model_along(model, path), path=path) for path in along]
        columns = [column for part in self.parts for column in part.columns]
        self.query = Prepared(
            lambda **holes: build(**holes).values(*columns, *more), numbers=numbers, texts=texts
        )

    def rows(self, **values: Any) -> list[Any]:
        """All rows as objects of the model. One query."""
        return [self.made(told) for told in self.query.rows(**values)]

    def made(self, told: dict[str, Any]) -> Any:
        """One object, the objects along its keys, and what was added."""
        here: dict[str, Any] = {}
        for part in self.parts:
            one = here[part.path] = part.made(told)
            if part.path:
                before, _sign, last = part.path.rpartition("__")
                setattr(here[before], last, one)
        for name in self.more:
            setattr(here[""], name, told[name])
        return here[""]


class Part(NamedTuple):
    """One model of a row: at which path, its fields, and the columns that hold them."""

    path: str
    model: type[Model]
    names: list[str]
    columns: list[str]

    @classmethod
    def of(cls, model: type[Model], *, path: str = "", without: Sequence[str] = ()) -> "Part":
        fields = model._meta.concrete_fields  # noqa: SLF001
        names = [field.attname for field in fields if field.attname not in without]
        return cls(path, model, names, [f"{path}__{name}" if path else name for name in names])

    def made(self, told: dict[str, Any]) -> Any:
        """The object, or None where its key leads nowhere."""
        values = [told[column] for column in self.columns]
        at = self.names.index("id")
        return None if values[at] is None else self.model.from_db(connection.alias, self.names, values)


def model_along(model: type[Model], path: str) -> type[Model]:
    """The model at the end of a path of foreign keys."""
    for name in path.split("__"):
        model = cast("type[Model]", model._meta.get_field(name).related_model)  # noqa: SLF001
    return model


def prepared_cursor() -> Any:
    """Where the database can keep the plan of a statement, a cursor that lets it."""
    make: Callable[[], Any] = getattr(connection, "prepared_cursor", connection.cursor)
    return make()


def read(row: Sequence[Any], ready: Ready) -> dict[str, Any]:
    """One row as Django reads it."""
    told = list(row)
    for at, converters, expression in ready.converters:
        for convert in converters:
            told[at] = convert(told[at], expression, connection)
    return dict(zip(ready.names, told, strict=True))


class PreparedUpdate:
    """One UPDATE of the rows that `build` returns; `set_to` are its columns, filled in like the `numbers`."""

    def __init__(
        self, build: Callable[..., QuerySet[Any]], *, numbers: Sequence[str], set_to: Sequence[str]
    ) -> None:
        self.build, self.set_to = build, set_to
        self.asked = numbers
        self.holes = Holes(numbers=[*numbers, *set_to], texts=())
        self.ready: dict[str, Ready] = {}

    def run(self, **values: Any) -> int:
        """How many rows it changed. One statement."""
        ready = self.ready.get(connection.vendor) or self.prepare()
        with prepared_cursor() as cursor:
            cursor.execute(ready.sql, [fill(values) for fill in ready.values])
            changed: int = cursor.rowcount
        return changed

    def prepare(self) -> Ready:
        """Put the statement together for the database in use."""
        holes = self.holes.values
        rows = self.build(**{name: holes[name] for name in self.asked})
        query = cast("UpdateQuery", rows.query.chain(UpdateQuery))
        query.add_update_values({name: holes[name] for name in self.set_to})
        sql, params = query.get_compiler(connection=connection).as_sql()
        ready = Ready(sql, [self.holes.filler(param) for param in params], [], [])
        self.ready[connection.vendor] = ready
        return ready


class PreparedInsert:
    """The INSERT of one row of a model. Nothing that a `save` of the model's own would do is done."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.ready: dict[str, str] = {}

    @cached_property
    def fields(self) -> list[Any]:
        """All columns but the key, which the database gives."""
        return [field for field in self.model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001

    def run(self, row: Any) -> None:
        """Write a new row; it has its key then. One statement. Raises IntegrityError as a save does."""
        sql = self.ready.get(connection.vendor) or self.prepare(row)
        values = [
            field.get_db_prep_save(field.pre_save(row, True), connection=connection) for field in self.fields
        ]
        with prepared_cursor() as cursor:
            cursor.execute(sql, values)
            row.pk = cursor.fetchone()[0]
        row._state.adding, row._state.db = False, "default"  # noqa: SLF001

    def prepare(self, row: Any) -> str:
        """Put the statement together for the database in use."""
        query = InsertQuery(self.model)
        query.insert_values(self.fields, [row])
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [self.model._meta.pk]  # noqa: SLF001
        sql: str = compiler.as_sql()[0][0]
        self.ready[connection.vendor] = sql
        return sql
