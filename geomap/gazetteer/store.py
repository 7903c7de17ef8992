"""The file of the gazetteer: one GeoPackage that QGIS opens as it is, written once and then only read."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from geomap import rtree

SCHEMA_VERSION = 1
# A build must give the same bytes whenever it runs: the date that GeoPackage asks for is that of the schema, not of the day.
_CHANGED = "2026-01-01T00:00:00.000Z"

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)

_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL PRIMARY KEY, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL);
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    UNIQUE (table_name, column_name, extension_name));
CREATE TABLE places (fid INTEGER PRIMARY KEY, geom BLOB NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, feature_class TEXT NOT NULL,
    feature_code TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, radial_m REAL, country TEXT, countries TEXT, admin1 TEXT,
    admin1_code TEXT, population INTEGER, source TEXT NOT NULL, curated INTEGER NOT NULL DEFAULT 0, retired INTEGER NOT NULL DEFAULT 0, trust INTEGER NOT NULL, weight REAL);
CREATE TABLE footprints (fid INTEGER PRIMARY KEY, geom BLOB NOT NULL, place INTEGER NOT NULL UNIQUE, source TEXT NOT NULL);
CREATE TABLE names (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, bare TEXT, skeleton TEXT,
    language TEXT, kind TEXT, source TEXT, valid_from TEXT, valid_to TEXT);
CREATE TABLE identifiers (id TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE relations (place INTEGER NOT NULL, kind TEXT NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (place, kind, target)) WITHOUT ROWID;
CREATE TABLE sources (id TEXT PRIMARY KEY, title TEXT NOT NULL, licence TEXT NOT NULL, url TEXT NOT NULL, attribution TEXT NOT NULL,
    version TEXT NOT NULL, places INTEGER NOT NULL DEFAULT 0, merged INTEGER NOT NULL DEFAULT 0, names INTEGER NOT NULL DEFAULT 0);
CREATE TABLE merges (source TEXT NOT NULL, entry TEXT NOT NULL, place INTEGER NOT NULL, why TEXT NOT NULL);
CREATE TABLE skipped (source TEXT NOT NULL, why TEXT NOT NULL, entries INTEGER NOT NULL);
CREATE TABLE demonyms (key TEXT NOT NULL, country TEXT NOT NULL, demonym TEXT NOT NULL, language TEXT, PRIMARY KEY (key, country)) WITHOUT ROWID;
CREATE TABLE build (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_NAME_INDEXES = ("CREATE INDEX names_key ON names (key)", "CREATE INDEX names_place ON names (place)")
_LAST_INDEX = "CREATE INDEX names_bare ON names (bare) WHERE bare IS NOT NULL"
_PACKED = 500_000  # places of the RTree that are packed at once, in some 60 megabytes
_LAYERS = {
    "places": ("features", "POINT", "Places: points with feature code, radial and population"),
    "footprints": ("features", "GEOMETRY", "Shapes of places where they are known"),
    "names": ("attributes", None, "Names of places with their folded keys"),
    "relations": ("attributes", None, "Which place belongs to which: seat_of, airport_of, located_in"),
    "sources": ("attributes", None, "Where places come from, with licence and attribution"),
}


def create(path: Path) -> sqlite3.Connection:
    """A new, empty store. It lies in a folder that is put in place as a whole, so no journal is kept."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300; PRAGMA page_size = 4096;"
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -160000;"
    )
    connection.executescript(_TABLES)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
        [
            ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
            ("Undefined geographic", 0, "NONE", 0, "undefined"),
            ("WGS 84", 4326, "EPSG", 4326, _WGS84),
        ],
    )
    connection.execute("BEGIN")
    return connection


def index_names(connection: sqlite3.Connection) -> None:
    """Index what is looked up while sources are merged, after the great ones are in: a sort is quicker than many inserts."""
    for statement in _NAME_INDEXES:  # not executescript: it would commit, and every row after it on its own
        connection.execute(statement)


def finish(connection: sqlite3.Connection) -> None:
    """Indexes, the RTree, and what a GeoPackage must say of itself."""
    connection.execute(_LAST_INDEX)
    _spatial_index(connection, "places", connection.execute("SELECT fid, lon, lon, lat, lat FROM places ORDER BY fid"))
    shapes = connection.execute("SELECT fid, geom FROM footprints ORDER BY fid")
    _spatial_index(connection, "footprints", ((fid, *envelope(geom)) for fid, geom in shapes))
    for table, (kind, geometry, description) in _LAYERS.items():
        extent = (
            connection.execute(f"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM rtree_{table}_geom").fetchone()
            if geometry
            else (None,) * 4
        )
        connection.execute(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (table, kind, table, description, _CHANGED, *extent, 4326 if geometry else None),
        )
        if geometry:
            connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", (table, geometry))
            connection.execute(
                "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
                (table,),
            )
    connection.execute("ANALYZE places")


def _spatial_index(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[float, ...]]) -> None:
    """The RTree of a layer, packed part by part."""
    import numpy as np

    connection.execute(f"CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy)")
    numbers = chain.from_iterable(rows)

    def parts() -> Iterator[tuple[Any, Any]]:
        while len(part := np.fromiter(islice(numbers, 5 * _PACKED), "f8").reshape(-1, 5)):
            yield part[:, 0].astype("i8"), part[:, 1:]

    rtree.fill_in_parts(connection, f"rtree_{table}_geom", parts())


_POINT = struct.Struct("<2sBBiBIdd")


def point(lon: float, lat: float) -> bytearray:
    """A GeoPackage geometry: header without envelope, then WKB."""
    return bytearray(_POINT.pack(b"GP", 0, 1, 4326, 1, 1, lon, lat))


def shape(wkb: bytes) -> bytes:
    """A GeoPackage geometry from WKB, with its envelope in the header (minx, maxx, miny, maxy)."""
    from shapely import wkb as reader

    west, south, east, north = reader.loads(wkb).bounds
    return struct.pack("<2sBBi4d", b"GP", 0, 3, 4326, west, east, south, north) + wkb


def envelope(geom: bytes) -> tuple[float, float, float, float]:
    """minx, maxx, miny, maxy of a geometry that ``shape`` made."""
    west, east, south, north = struct.unpack_from("<4d", geom, 8)
    return west, east, south, north


def wkb(geom: bytes) -> bytes:
    """The WKB inside a GeoPackage geometry."""
    return geom[8 + (0, 32, 48, 48, 64)[(geom[3] >> 1) & 7] :]


def read_only(path: Path) -> sqlite3.Connection:
    """Open a finished store: nothing is ever locked or written, so that any number of processes share it."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    connection.execute("PRAGMA mmap_size = 268435456")
    return connection
