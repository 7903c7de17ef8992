"""GeoPackage (OGC 12-128r18): events, their areas, places, sources, provenance and QGIS styles in one SQLite file.

Written with sqlite3 alone, a batch at a time: no memory grows with the events, the same rows give the same bytes, and
GDAL's R-tree triggers are there for whoever edits the file afterwards.
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from geomap.columns import COLUMNS
from geomap.errors import InputError, OutputError
from geomap.formats.export import Export
from geomap.formats.foreign import TABLES
from geomap.formats.inserts import Tally, insert, quoted
from geomap.formats.styles import qml
from geomap.formats.table import BATCH, DECIMALS, Batch, Chunk, distinct, kind_of

TYPES = {"text": "TEXT", "whole": "INTEGER", "number": "REAL", "day": "DATE"}
# What an area tells of its event; all the rest stands in the layer events under the same fid.
TOLD = (
    "event_id",
    "event_type",
    "date_earliest",
    "date_latest",
    "actor",
    "location_text",
    "uncertainty_m",
    "precision_ged",
    "source",
)
SOURCES = (
    "report_id",
    "source",
    "url",
    "archived_url",
    "retrieved_at",
    "published",
    "language",
    "text_sha256",
    "input_sha256",
)
SEEN = ("anchor_id", "anchor_name", "anchor_lon", "anchor_lat")
LINKS = {
    "a": "text", "a_source": "text", "b": "text", "b_source": "text", "log2_bayes_factor": "number", "chance": "number",
    "by_field": "text", "distance_m": "number", "days_apart": "whole", "overlap": "number", "verdict": "text", "verdict_text": "text",
    "relation": "text", "causes": "text",
}  # fmt: skip
INCIDENTS = {
    "incident_id": "text", "members": "text", "sources": "text", "uncertainty_m": "number", "date_earliest": "day",
    "date_latest": "day", "birge": "number", "chance": "number", "verdict": "text", "verdict_text": "text",
    "outlier": "text", "outlier_source": "text", "causes": "text", "strikes_min": "whole", "strikes_max": "whole",
    "strikes_support": "text", "killed_min": "whole", "killed_max": "whole", "killed_support": "text",
    "vehicles_destroyed_min": "whole", "vehicles_destroyed_max": "whole", "vehicles_destroyed_support": "text",
    "lat": "number", "lon": "number",
}  # fmt: skip
WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG",'
    '"6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
POINT = struct.Struct("<2sBBiBIdd").pack  # GeoPackage header without an envelope, and a WKB point
AREA = struct.Struct("<2sBBidddd").pack  # header with an envelope; WKB follows


def write(export: Export, path: Path, suffix: str = ".gpkg") -> None:
    """Write all layers; ``geometry`` chooses nothing here, since points and both areas always travel together."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = OFF")  # the file is ours alone until it is whole; files.whole() flushes it
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            base.execute("BEGIN")
            _Package(base, export).write()
            base.execute("COMMIT")
        except sqlite3.Error as error:
            raise OutputError(f"the GeoPackage cannot be written: {error}; is the disk full?") from error


class _Package:
    """One GeoPackage while it is made."""

    def __init__(self, base: sqlite3.Connection, export: Export) -> None:
        self.base, self.export, self.table = base, export, export.table
        self.stamp = _stamp()
        # fids and boxes by layer: all that stays in memory of an event, 40 bytes
        self.extents = defaultdict[str, tuple["array[int]", "array[float]"]](lambda: (array("q"), array("d")))
        self.seen = Counter[tuple[Any, ...]]()  # anchors, of which there are no more than places in the gazetteer
        self.reports = Tally(base, "sources", SOURCES)

    def write(self) -> None:
        for statement in (TABLES / "geopackage.sql").read_text(encoding="utf-8").split(";\n"):
            self.base.execute(statement)
        self.base.executemany(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    "Undefined cartesian SRS",
                    -1,
                    "NONE",
                    -1,
                    "undefined",
                    "undefined cartesian coordinate reference system",
                ),
                (
                    "Undefined geographic SRS",
                    0,
                    "NONE",
                    0,
                    "undefined",
                    "undefined geographic coordinate reference system",
                ),
                (
                    "WGS 84 geodetic",
                    4326,
                    "EPSG",
                    4326,
                    WGS84,
                    "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid",
                ),
            ],
        )
        self.sources()
        self.events()
        self.places()
        self.comparison()
        self.about()
        self.styles()

    def events(self) -> None:
        """The events, and beside them, under the same fid, their areas."""
        names = self.table.names
        ours = distinct(names, ("fid", "geom"))
        self.layer("events", "POINT", {ours[name]: self.table.kind(name) for name in names}, "what each report says happened")
        told = {name: COLUMNS[name][0] for name in TOLD}
        self.layer("footprints", "MULTIPOLYGON", told, "where the protocol's rules put the event")
        self.layer("plausible", "MULTIPOLYGON", told, "the region that holds the event with probability .9")
        fid, told_of = 1, set(SOURCES) <= set(names)  # a profile's columns tell nothing of the reports
        for batch in self.table.complete():
            fids = range(fid, fid + batch.size)
            fid += batch.size
            points = [None if lon is None else POINT(b"GP", 0, 1, 4326, 1, 1, lon, lat) for lon, lat in batch.points]
            columns = dict(zip(map(ours.__getitem__, names), batch.take(names), strict=True))
            insert(self.base, "events", {"fid": fids, "geom": points, **columns})
            ids, extents = self.extents["events"]
            ids.extend(i for i, point in zip(fids, points, strict=True) if point)
            extents.extend(chain.from_iterable((lon, lon, lat, lat) for lon, lat in batch.points if lon is not None and lat is not None))
            self.seen.update(zip(*batch.take(SEEN), strict=True))
            if told_of:
                self.reports.add(zip(*batch.take(SOURCES), strict=True))
            for layer, name in (("footprints", "footprint"), ("plausible", "plausible")):
                self.areas(layer, fids, batch, batch.areas(name))
        for layer in ("events", "footprints", "plausible"):
            self.finish(layer)
        self.reports.finish()

    def areas(self, layer: str, fids: range, batch: Batch, shapes: list[Any]) -> None:
        if not any(shape is not None for shape in shapes):
            return
        import shapely

        from geomap.formats.shapes import multi, tidy

        tidied = multi(tidy(shapes))
        boxes, wkb = shapely.bounds(tidied).tolist(), shapely.to_wkb(tidied, byte_order=1)
        lines, (ids, extents) = [], self.extents[layer]
        for fid, box, binary, record in zip(fids, boxes, wkb, zip(*batch.take(TOLD), strict=True), strict=True):
            if binary is not None:
                west, south, east, north = box
                lines.append((fid, AREA(b"GP", 0, 3, 4326, west, east, south, north) + binary, *record))
                ids.append(fid)
                extents.extend((west, east, south, north))
        self.base.executemany(f'INSERT INTO "{layer}" VALUES ({",".join("?" * (len(TOLD) + 2))})', lines)

    def places(self) -> None:
        """The named places that the events were located from, and whatever other places the caller gives."""
        kinds = {
            "place_id": "text",
            "name": "text",
            "feature_code": "text",
            "country": "text",
            "radial_m": "number",
            "events": "whole",
        }
        self.layer("places", "POINT", kinds, "the named places of the reports")
        found: dict[str, tuple[Any, ...]] = {}
        for (id_, name, lon, lat), count in self.seen.items():
            if id_ is not None and lon is not None and lat is not None:
                known = found.get(id_)
                name = min(filter(None, (name, known and known[3])), default=None)
                found[id_] = (lon, lat, id_, name, None, None, None, count + (known[-1] if known else 0))
        for place in self.export.places:
            count = found[place.id][-1] if place.id in found else 0
            found[place.id] = (
                place.lon, place.lat, place.id, place.name, place.feature_code, place.country, place.radial_m, count
            )  # fmt: skip
        for fid, id_ in enumerate(sorted(found), 1):
            lon, lat, *told = found[id_]
            point = POINT(b"GP", 0, 1, 4326, 1, 1, lon, lat)
            self.base.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (fid, point, *told))
            self.extents["places"][0].append(fid)
            self.extents["places"][1].extend((lon, lon, lat, lat))
        self.finish("places")

    def comparison(self) -> None:
        """What a comparison found: pairs as lines, and incidents at their consensus; no layers where nothing was compared."""
        for layer, geometry, known, lines, told in (
            ("incidents", "POINT", INCIDENTS, self.export.incidents, "what several reports may speak of, at their consensus"),
            ("links", "MULTILINESTRING", LINKS, self.export.links, "pairs of events that may be the same"),
        ):
            if lines := list(lines):
                kinds = _kinds(known, lines)
                places = ((line, line["line"] if layer == "links" else (line["lon"], line["lat"])) for line in lines)
                self.layer(layer, geometry, kinds, told)
                self.features(layer, kinds, places)

    def features(self, layer: str, kinds: Mapping[str, str], lines: Iterable[tuple[Mapping[str, Any], Any]]) -> None:
        """Fill a layer with records and their point or line, which may be unknown."""
        import shapely

        from geomap.formats.shapes import tidy

        ids, extents = self.extents[layer]
        for fid, (line, place) in enumerate(lines, 1):
            shape = None
            if place and None not in place:
                shape = tidy([shapely.Point(place) if layer == "incidents" else shapely.LineString(place)])[0]
                west, south, east, north = shape.bounds
                ids.append(fid)
                extents.extend((west, east, south, north))
                if shape.geom_type == "LineString":
                    shape = shapely.MultiLineString([shape])
            blob = None if shape is None else struct.pack("<2sBBi", b"GP", 0, 1, 4326) + shapely.to_wkb(shape, byte_order=1)
            told = [line.get(name) for name in kinds]
            told = [_plain(value) for value in told]
            self.base.execute(f'INSERT INTO "{layer}" VALUES ({",".join("?" * (len(kinds) + 2))})', (fid, blob, *told))
        self.finish(layer)

    def sources(self) -> None:
        """A table of the reports, each once, with its hashes and addresses; it is filled while the events pass by."""
        kinds = {name: COLUMNS[name][0] for name in SOURCES} | {"events": "whole"}
        self.attributes("sources", kinds, "the reports behind the events")

    def about(self) -> None:
        """Provenance and credits twice: as the standard's metadata (JSON), and as a table that people see."""
        self.attributes("about", {"key": "text", "value": "text"}, "how this file was made, and whom to credit")
        told = self.export.told()
        lines = [(key, value if isinstance(value, str) else _json(value)) for key, value in told.items()]
        self.base.executemany("INSERT INTO about (key, value) VALUES (?, ?)", lines)
        self.base.execute(
            "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://json-schema.org/', 'application/json', ?)", (_json(told),)
        )
        self.base.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (self.stamp,)
        )
        definition = "http://www.geopackage.org/spec120/#extension_metadata"
        for name in ("gpkg_metadata", "gpkg_metadata_reference"):
            self.base.execute(
                "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')", (name, definition)
            )

    def styles(self) -> None:
        """QGIS's own table: a default style for each layer."""
        self.base.execute(
            "INSERT INTO gpkg_contents VALUES ('layer_styles', 'attributes', 'layer_styles', ?, ?, NULL, NULL, NULL, NULL, NULL)",
            ("how QGIS draws the layers", self.stamp),
        )
        layers = [name for (name,) in self.base.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY rowid").fetchall()]
        self.base.executemany(
            "INSERT INTO layer_styles VALUES (NULL, '', '', ?, 'geom', ?, ?, '', 1, ?, '', NULL, ?)",
            [(name, f"geomap {name}", qml(name), "by geomap", self.stamp) for name in layers],
        )

    def layer(self, name: str, geometry: str, kinds: Mapping[str, str], description: str) -> None:
        """An empty layer with its entry in the standard's tables."""
        columns = "".join(f", {quoted(column)} {TYPES[kind]}" for column, kind in kinds.items())
        self.base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {geometry}{columns})')
        self.base.execute(
            "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, NULL, NULL, NULL, NULL, 4326)",
            (name, name, description, self.stamp),
        )
        self.base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", (name, geometry))
        self.base.execute(
            "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')",
            (name, "http://www.geopackage.org/spec120/#extension_rtree"),
        )
        self.base.execute(f'CREATE VIRTUAL TABLE "rtree_{name}_geom" USING rtree(id, minx, maxx, miny, maxy)')

    def finish(self, name: str) -> None:
        """The layer's R-tree and extent (west to east even over the antimeridian: the standard knows no other); triggers."""
        ids, extents = self.extents[name]
        if ids:
            from geomap.rtree import fill

            fill(self.base, f"rtree_{name}_geom", ids, extents)
            west, east, south, north = min(extents[::4]), max(extents[1::4]), min(extents[2::4]), max(extents[3::4])
            self.base.execute(
                "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
                (west, south, east, north, name),
            )
        triggers = (TABLES / "geopackage_rtree.sql").read_text(encoding="utf-8").replace("{t}", name)
        for trigger in triggers.split("END;\n")[:-1]:
            self.base.execute(f"{trigger}END;")

    def attributes(self, name: str, kinds: Mapping[str, str], description: str) -> None:
        """An empty table without geometry."""
        columns = "".join(f", {quoted(column)} {TYPES[kind]}" for column, kind in kinds.items())
        self.base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL{columns})')
        self.base.execute(
            "INSERT INTO gpkg_contents VALUES (?, 'attributes', ?, ?, ?, NULL, NULL, NULL, NULL, NULL)",
            (name, name, description, self.stamp),
        )


def _kinds(known: Mapping[str, str], lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The columns of a comparison's records: those we know and, since a comparison may learn more, whatever else they hold."""
    others = dict.fromkeys(name for line in lines for name in line if name not in known and name != "line")
    return {**known, **{name: kind_of(line.get(name) for line in lines) for name in others}}


def _plain(value: Any) -> Any:
    """A list or a mapping as JSON, a number to seven decimals."""
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False)
    return round(value, DECIMALS) if isinstance(value, float) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _stamp() -> str:
    """The time for the standard's own columns: SOURCE_DATE_EPOCH, else none worth the name, so that bytes repeat."""
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


# -- reading ----------------------------------------------------------------------------------------------------------


def read(path: Path) -> Iterator[Chunk]:
    """The events with both areas; of a GeoPackage that is not ours, its first layer with points."""
    if not path.is_file():
        raise InputError(f"cannot read {path}: no such file")
    busy = Path(f"{path}-wal").exists() or Path(f"{path}-journal").exists()  # someone edits it: let SQLite see to that
    uri = f"{path.resolve().as_uri()}?mode=ro{'' if busy else '&immutable=1'}"
    with closing(sqlite3.connect(uri, uri=True)) as base:
        try:
            layers = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
            events = {name for (name,) in base.execute("SELECT name FROM pragma_table_info('events')")}
            if not {"footprints", "plausible"} <= layers.keys() or "event_id" not in events:
                yield from _others(path)
                return
            cursor = base.execute(
                "SELECT e.*, f.geom AS footprint, p.geom AS plausible FROM events e "
                "LEFT JOIN footprints f USING (fid) LEFT JOIN plausible p USING (fid) ORDER BY e.fid"
            )
            names = [column[0] for column in cursor.description]
            while records := cursor.fetchmany(BATCH):
                yield _chunk(names, records)
        except sqlite3.Error as error:
            raise InputError(f"{path} is not a whole GeoPackage ({error})") from error


def _chunk(names: list[str], records: list[tuple[Any, ...]]) -> Chunk:
    chunk: Chunk = {name: list(values) for name, values in zip(names, zip(*records, strict=True), strict=True)}
    del chunk["fid"], chunk["geom"]
    for name in ("footprint", "plausible"):
        if any(chunk[name]):
            import shapely

            from geomap.formats.shapes import single

            chunk[name] = single(shapely.from_wkb([blob and blob[_header(blob) :] for blob in chunk[name]]))
    return chunk


def _header(blob: bytes) -> int:
    return 8 + (0, 32, 48, 48, 64)[(blob[3] >> 1) & 7]


def _others(path: Path) -> Iterable[Chunk]:
    from geomap.formats.gdal import read as read_by_gdal

    return read_by_gdal(path)
