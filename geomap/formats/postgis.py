"""PostGIS: events with their areas in a team's database, put in or brought up to date by event_id in one transaction."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from geomap.errors import OutputError
from geomap.formats.export import Export
from geomap.formats.table import Batch, distinct

TYPES = {"text": "text", "whole": "bigint", "number": "double precision", "day": "date"}
SHAPES = {
    "geom": "geometry(Point, 4326)",
    "footprint": "geometry(MultiPolygon, 4326)",
    "plausible": "geometry(MultiPolygon, 4326)",
}
SOURCES = ("text_sha256", "report_id", "source", "url", "archived_url", "retrieved_at", "published", "language", "input_sha256")
POINT = struct.Struct("<BIIdd").pack  # EWKB: byte order, point with a reference system, 4326, lon, lat
LOCK = 0x67656F6D6170  # "geomap": two exports into one database go one after the other


def write(export: Export, url: str, suffix: str = "") -> None:
    """Write the tables events, sources and about into the schema that ``options`` name (public); all of it or nothing."""
    schema = str(export.options.get("schema") or "public")
    try:
        with psycopg.connect(url, connect_timeout=10) as base, base.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            _Tables(export, cursor, schema).write()
    except psycopg.Error as error:
        raise OutputError(f"cannot write to {_named(url)}: {_line(error)}") from error


def _named(url: str) -> str:
    """The database without the password."""
    told = psycopg.conninfo.conninfo_to_dict(url)
    return f"{told.get('dbname', 'the database')} on {told.get('host', 'this machine')}"


def _line(error: psycopg.Error) -> str:
    text = " ".join(str(error).split())
    if "postgis" in text:
        return f"{text}; install PostGIS on the server, or let its owner run CREATE EXTENSION postgis"
    return f"{text}; are server, name and rights as given?"


class _Tables:
    """The tables of one schema during one transaction."""

    def __init__(self, export: Export, cursor: psycopg.Cursor[Any], schema: str) -> None:
        self.export, self.table, self.cursor, self.schema = export, export.table, cursor, schema
        self.names = distinct(self.table.names, SHAPES)
        key = next((column for column in ("event_id", "eventID", "event_id_cnty", "id") if column in self.names), None)
        if key is None:
            raise OutputError("a table in PostGIS needs an id; this profile has none")
        self.key = self.names[key]

    def write(self) -> None:
        self.cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
        if not self.cursor.fetchone():
            self.run("CREATE EXTENSION postgis")
        self.run("CREATE SCHEMA IF NOT EXISTS {schema}")
        kinds = {self.names[name]: TYPES[self.table.kind(name)] for name in self.table.names}
        self.prepare("events", {**kinds, **SHAPES}, (self.key,))
        for name, column in (("geom", "geom"), ("footprint", "footprint"), ("plausible", "plausible")):
            self.run(
                f"CREATE INDEX IF NOT EXISTS {{index}} ON {{schema}}.events USING gist ({column})", index=f"events_{name}_idx"
            )
        self.copy([*kinds, *SHAPES])
        self.upsert(
            "events",
            [*kinds, *SHAPES],
            (self.key,),
            "SELECT DISTINCT ON ({key}) {columns} FROM incoming ORDER BY {key}, line DESC",
        )
        if set(SOURCES) <= set(self.table.names):
            self.prepare("sources", dict.fromkeys(SOURCES, "text"), ("text_sha256", "report_id"))
            chosen = ", ".join(f"max({name}::text)" for name in SOURCES[2:])
            self.upsert(
                "sources", SOURCES, SOURCES[:2],
                f"SELECT text_sha256, report_id, {chosen} FROM incoming "
                "WHERE text_sha256 IS NOT NULL AND report_id IS NOT NULL GROUP BY text_sha256, report_id",
            )  # fmt: skip
        self.about()

    def run(self, query: str, **names: str) -> None:
        """A statement with the schema and other names put in as identifiers."""
        given = {name: sql.Identifier(value) for name, value in {"schema": self.schema, **names}.items()}
        self.cursor.execute(sql.SQL(query).format(**given))

    def prepare(self, table: str, columns: dict[str, str], key: Sequence[str]) -> None:
        """The table with these columns: made, or widened by what it does not have yet."""
        keys = sql.SQL(", ").join(map(sql.Identifier, key))
        made = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(t)) for n, t in columns.items())
        name = sql.Identifier(self.schema, table)
        self.cursor.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} ({}, PRIMARY KEY ({}))").format(name, made, keys))
        for column, kind in columns.items():
            self.cursor.execute(
                sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {} {}").format(name, sql.Identifier(column), sql.SQL(kind))
            )

    def copy(self, columns: Sequence[str]) -> None:
        """All rows into a table of this transaction alone."""
        self.run("CREATE TEMPORARY TABLE incoming (LIKE {schema}.events) ON COMMIT DROP")
        for column in self.missing(columns):
            self.run("ALTER TABLE incoming ALTER COLUMN {column} DROP NOT NULL", column=column)
        self.run("ALTER TABLE incoming ADD COLUMN line bigserial")
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        with self.cursor.copy(sql.SQL("COPY incoming ({}) FROM STDIN").format(listed)) as copy:
            for batch in self.table.complete():
                if None in batch.ids:
                    raise OutputError("an event without an id cannot be brought up to date later: give every event one")
                for record in _records(batch, self.table.names):
                    copy.write_row(record)

    def missing(self, columns: Sequence[str]) -> list[str]:
        """Columns that an older export made and that must not be empty, though this one does not have them."""
        self.cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'incoming'::regclass AND attnum > 0 AND attnotnull"
        )
        return [name for (name,) in self.cursor.fetchall() if name not in columns]

    def upsert(self, table: str, columns: Sequence[str], key: Sequence[str], select: str) -> None:
        """Rows that are new go in, others are replaced; of two with one key in an export the last one counts."""
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        keys = sql.SQL(", ").join(map(sql.Identifier, key))
        changed = sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in columns if column not in key
        )
        chosen = sql.SQL(select).format(columns=listed, key=keys)
        self.cursor.execute(
            sql.SQL("INSERT INTO {} ({}) {} ON CONFLICT ({}) DO UPDATE SET {}").format(
                sql.Identifier(self.schema, table), listed, chosen, keys, changed
            )
        )

    def about(self) -> None:
        """One line an export: when by the server's clock, and the provenance as JSON."""
        self.run(
            "CREATE TABLE IF NOT EXISTS {schema}.about (id bigserial PRIMARY KEY, written timestamptz DEFAULT now(), about jsonb)"
        )
        told = json.dumps(self.export.told(), ensure_ascii=False)
        self.cursor.execute(sql.SQL("INSERT INTO {} (about) VALUES (%s)").format(sql.Identifier(self.schema, "about")), (told,))


def _records(batch: Batch, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    points = [None if lon is None else POINT(1, 0x20000001, 4326, lon, lat).hex() for lon, lat in batch.points]
    yield from zip(*batch.take(names), points, _areas(batch, "footprint"), _areas(batch, "plausible"), strict=True)


def _areas(batch: Batch, name: str) -> list[Any]:
    shapes = batch.areas(name)
    if not any(shape is not None for shape in shapes):
        return shapes
    import shapely

    from geomap.formats.shapes import multi, tidy

    found: list[Any] = shapely.to_wkb(shapely.set_srid(multi(tidy(shapes)), 4326), hex=True, include_srid=True).tolist()
    return found
