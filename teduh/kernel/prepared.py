"""Queries that are asked on every page: written with the ORM, compiled once, asked with other values.

Building and compiling a query of permissions costs several times what the database needs to answer it. Here
it is compiled with stand-ins, and each call puts its own values in their places: the SQL is the ORM's, so
there is one definition of who may see what.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import get_related_populators

_FIRST_INT = -1_807_300_000
_FIRST_MOMENT = datetime(1000, 1, 1, tzinfo=UTC)
_KINDS: dict[type, Callable[[int], Any]] = {
    int: lambda n: _FIRST_INT - n,
    datetime: lambda n: _FIRST_MOMENT + timedelta(days=n),
    uuid.UUID: lambda n: uuid.UUID(int=(0x7EDD << 112) + n),
    str: lambda n: f"\x01{n}",
}


@dataclass(frozen=True)
class _Compiled:
    sql: str
    #: For each parameter the name of the value that stands there, or none and the parameter itself.
    places: list[tuple[str | None, Any]]
    #: For each column that needs it: its number, how it becomes a Python value, and of which expression.
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    #: How a row becomes an instance; none for a query of values.
    make: Callable[[Sequence[Any]], Any] | None


class Prepared:
    """A query with named values of given kinds (int, str, datetime, UUID).

    `rows` asks a query that ends in `values_list`; `instances` one that loads models, related ones included.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[Any, Any]"], **kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, **values: Any) -> list[Any]:
        """Ask with the given values; a row is a sequence of the selected values."""
        compiled = self._ready()
        given = {name: _adapt(value) for name, value in values.items()}
        params = [value if name is None else given[name] for name, value in compiled.places]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            found: list[Any] = cursor.fetchall()
        if compiled.converters:
            return [_converted(row, compiled.converters) for row in found]
        return found

    def instances(self, **values: Any) -> list[Any]:
        """Ask with the given values; return fresh instances of the query's model."""
        make = self._ready().make
        if make is None:
            raise TypeError("a query of values makes no instances")
        return [make(row) for row in self.rows(**values)]

    def _ready(self) -> _Compiled:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile()
        return compiled

    def _compile(self) -> _Compiled:
        stand_ins = {name: _KINDS[kind](n) for n, (name, kind) in enumerate(self._kinds.items())}
        names = {_adapt(value): name for name, value in stand_ins.items()}
        compiler = self._build(**stand_ins).query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
        sql, params = compiler.as_sql()
        places = [(names.get(param) if _hashable(param) else None, param) for param in params]
        missing = set(stand_ins) - {name for name, _ in places}
        if missing:
            raise ValueError(f"the query does not use {sorted(missing)} as given")
        found = compiler.get_converters([column[0] for column in compiler.select or []])
        converters = [(n, convert, of) for n, (convert, of) in found.items()]
        return _Compiled(sql, places, converters, _maker(compiler))


def _maker(compiler: Any) -> Callable[[Sequence[Any]], Any] | None:
    """Return how a row becomes an instance with its related ones, as Django's own `ModelIterable` does it."""
    if compiler.klass_info is None:
        return None
    model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> Any:
        instance = model.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in related:
            populator.populate(row, instance)
        for name, column in annotations:
            setattr(instance, name, row[column])
        return instance

    return make


def _converted(row: Sequence[Any], converters: list[tuple[int, list[Callable[..., Any]], Any]]) -> list[Any]:
    values = list(row)
    for n, converts, of in converters:
        for convert in converts:
            values[n] = convert(values[n], of, connection)
    return values


def _adapt(value: Any) -> Any:
    """Return a value as the ORM hands it to this database's driver."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return value


def _hashable(value: Any) -> bool:
    return value.__hash__ is not None
