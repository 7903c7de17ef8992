"""Rows into SQLite, quickly and without holding them: columns at a time, and a table that counts what stands there already."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

TALLIED = 20_000  # reports, of half a kilobyte each, that are counted in memory


def insert(base: sqlite3.Connection, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Put in rows by their columns.

    Binding is the larger half of the time; so what is empty in all rows is left out, and what is alike in all (language,
    versions, often the source) is a literal of the statement instead.
    """
    named, values, bound = [], [], []
    for name, column in columns.items():
        alike = len(column) > 1 and column[0] == column[-1] and column.count(column[0]) == len(column)
        if alike and column[0] is None:
            continue
        literal = _literal(column[0]) if alike else None
        named.append(quoted(name))
        values.append(literal or "?")
        if literal is None:
            bound.append(column)
    base.executemany(f'INSERT INTO "{table}" ({", ".join(named)}) VALUES ({", ".join(values)})', zip(*bound, strict=True))


def _literal(value: Any) -> str | None:
    """A text or whole number as SQL writes it; none for what is long, or what digits may not tell exactly."""
    if value.__class__ is str and len(value) < 200 and "\0" not in value:
        return "'" + value.replace("'", "''") + "'"
    return str(value) if value.__class__ is int and abs(value) < 1 << 62 else None


class Tally:
    """A table in which each record stands once with the number of its events, in the order of their first ones.

    The events of a report stand together, or nearly so; what is too much for memory is therefore written as it is, and
    only if a record comes again after that (told by its hash: 8 bytes each) is the table gone through once more.
    """

    def __init__(self, base: sqlite3.Connection, table: str, columns: Sequence[str]) -> None:
        self.base, self.table, self.columns = base, table, columns
        self.counts, self.hashes = Counter[tuple[Any, ...]](), array("q")

    def add(self, records: Iterable[tuple[Any, ...]]) -> None:
        self.counts.update(records)
        if len(self.counts) > TALLIED:
            self.flush()

    def flush(self) -> None:
        if not self.counts:
            return
        columns = dict(zip(self.columns, zip(*self.counts, strict=True), strict=True))
        insert(self.base, self.table, {**columns, "events": list(self.counts.values())})
        self.hashes.extend(map(hash, self.counts))
        self.counts.clear()

    def finish(self) -> None:
        self.flush()
        hashes = np.sort(np.asarray(self.hashes))
        if (hashes[1:] == hashes[:-1]).any():
            columns = ", ".join(self.columns)
            self.base.execute(
                f"CREATE TEMP TABLE again AS SELECT {columns}, sum(events) FROM {self.table} GROUP BY {columns} ORDER BY min(fid)"
            )
            self.base.execute(f"DELETE FROM {self.table}")
            self.base.execute("DELETE FROM sqlite_sequence WHERE name = ?", (self.table,))
            self.base.execute(f"INSERT INTO {self.table} ({columns}, events) SELECT * FROM again ORDER BY again.rowid")


def quoted(name: str) -> str:
    """A name of a table or column, as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'
