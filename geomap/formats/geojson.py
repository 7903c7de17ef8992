"""GeoJSON to the letter of RFC 7946, streamed: a collection, a feature a line, or a text sequence (RFC 8142)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from geomap.columns import Row
from geomap.errors import InputError
from geomap.formats.bounds import Bounds
from geomap.formats.export import Export
from geomap.formats.table import Batch, Chunk, chunked

LINES = {".geojsonl", ".ndgeojson"}  # newline-delimited; .geojsons is RFC 8142: a record separator before each
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def write(export: Export, file: IO[bytes], suffix: str = ".geojson") -> None:
    """Write features in the order of the rows; a collection tells its bbox and provenance after the features."""
    bounds = Bounds()
    features = (feature for batch in export.table for feature in _features(batch, export, bounds))
    if suffix in LINES or suffix == ".geojsons":
        before = b"\x1e" if suffix == ".geojsons" else b""
        for feature in features:
            file.write(before + feature.encode() + b"\n")
        return
    file.write(b'{"type":"FeatureCollection","features":[\n')
    comma = ""
    for feature in features:
        file.write((comma + feature).encode())
        comma = ",\n"
    for link in export.links:
        if line := _link(link, bounds):
            file.write((comma + line).encode())
            comma = ",\n"
    box = bounds.bbox
    tail = {**({"bbox": box} if box else {}), "geomap": export.told()}
    file.write(b"\n]" + ("," + ENCODE(tail)[1:]).encode() + b"\n")


def _features(batch: Batch, export: Export, bounds: Bounds) -> Iterator[str]:
    names = list(batch.columns)
    places = _points(batch, bounds) if export.geometry == "point" else _areas(batch, export.geometry, bounds)
    for id_, place, record in zip(batch.ids, places, zip(*batch.columns.values(), strict=True), strict=True):
        head = '{"type":"Feature",' + (f'"id":{ENCODE(id_)},' if id_ is not None else "")
        yield f'{head}{place},"properties":{ENCODE(dict(zip(names, record, strict=True)))}}}'


def _points(batch: Batch, bounds: Bounds) -> Iterator[str]:
    bounds.add_points(batch.points)
    for lon, lat in batch.points:
        if lon is None or lat is None:
            yield '"geometry":null'
        else:
            yield f'"geometry":{{"type":"Point","coordinates":[{lon!r},{lat!r}]}}'


def _areas(batch: Batch, name: str, bounds: Bounds) -> Iterator[str]:
    """Polygons with a bbox each, and the geometry's name, so that a reader knows which of the two areas it is."""
    import shapely

    from geomap.formats.shapes import add_bounds, bbox, tidy

    shapes = tidy(batch.areas(name))
    add_bounds(bounds, shapes)
    for shape, text in zip(shapes, shapely.to_geojson(shapes), strict=True):
        if shape is None:
            yield '"geometry":null'
        else:
            yield f'"geometry_name":"{name}","bbox":{ENCODE(bbox(shape))},"geometry":{text}'


def _link(link: Any, bounds: Bounds) -> str | None:
    """A pair of events of a comparison as a line between their points, cut at the antimeridian."""
    import shapely

    from geomap.formats.shapes import add_bounds, tidy

    if not link.get("line"):
        return None
    shapes = tidy([shapely.LineString(link["line"])])
    add_bounds(bounds, shapes)
    properties = {name: value for name, value in link.items() if name != "line"}
    return f'{{"type":"Feature","geometry_name":"link","geometry":{shapely.to_geojson(shapes[0])},"properties":{ENCODE(properties)}}}'


# -- reading ----------------------------------------------------------------------------------------------------------


def read(path: Path) -> Iterator[Chunk]:
    """The features as rows: properties, lon and lat of points, areas under footprint or plausible. Links are no events."""
    with path.open(encoding="utf-8-sig") as file:
        features = features_of(file, path)
        yield from chunked(_row(feature, path) for feature in features if feature.get("geometry_name") != "link")


def _row(feature: dict[str, Any], path: Path) -> Row:
    if feature.get("type") != "Feature":
        raise InputError(f"{path} holds a {feature.get('type')!r} where a Feature should be; is it GeoJSON?")
    row: Row = dict(feature.get("properties") or {})
    geometry = feature.get("geometry")
    if "id" in feature and "event_id" not in row:
        row.setdefault("id", feature["id"])
    if geometry and geometry["type"] == "Point":
        row.setdefault("lon", geometry["coordinates"][0])
        row.setdefault("lat", geometry["coordinates"][1])
    elif geometry:
        import shapely

        row[feature.get("geometry_name", "footprint")] = shapely.from_geojson(json.dumps(geometry))
    return row


def features_of(file: IO[str], path: Path) -> Iterator[dict[str, Any]]:
    """Features of any of the three kinds of file, one by one, without holding the file."""
    text = _Text(file, path)
    while text.peek():
        value = text.collection() if text.peek() == "{" else text.value()
        if isinstance(value, dict):
            yield value
        else:
            yield from value


class _Text:
    """A JSON text read in pieces."""

    def __init__(self, file: IO[str], path: Path, piece: int = 1 << 16) -> None:
        self.file, self.path, self.piece = file, path, piece
        self.buffer, self.at, self.ended = "", 0, False
        self.decode = json.JSONDecoder().raw_decode

    def more(self) -> bool:
        found = self.file.read(max(self.piece, len(self.buffer) - self.at))  # doubles: a long value is tried few times
        self.buffer, self.at = self.buffer[self.at :] + found, 0
        self.ended = not found
        return bool(found)

    def peek(self) -> str:
        """The next character that is not white space or a record separator; "" at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in " \t\r\n\x1e":
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def take(self, wanted: str) -> bool:
        if self.peek() != wanted:
            return False
        self.at += 1
        return True

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = self.decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                if self.more():
                    continue
                raise InputError(f"{self.path} is not whole GeoJSON ({error.msg}); was it cut off?") from error
            if end < len(self.buffer) or not self.more():  # a number at the end of a piece may go on
                self.at = end
                return value

    def collection(self) -> Any:
        """An object: a lone feature as a dict, a collection as the iterator of its features."""
        self.at += 1
        members: dict[str, Any] = {}
        while not self.take("}"):
            name = self.value()
            if not self.take(":"):
                raise InputError(f"{self.path} is not GeoJSON: no value for {name!r}")
            if name == "features" and self.take("["):
                return self.items()
            members[name] = self.value()
            if not self.take(",") and self.peek() != "}":
                raise InputError(f"{self.path} is not whole GeoJSON; was it cut off?")
        return members if members.get("type") != "FeatureCollection" else iter(())

    def items(self) -> Iterator[Any]:
        while not self.take("]"):
            yield self.value()
            if not self.take(",") and self.peek() != "]":
                raise InputError(f"{self.path} is not whole GeoJSON; was it cut off?")
        while self.take(","):  # what stands after the features: bbox, provenance
            self.value()
            self.take(":")
            self.value()
        self.take("}")
