"""GeoJSON as sources bring it: features one by one from a file of any size, and how far a shape reaches."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from math import cos, radians
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError

_CHUNK = 1 << 20
_HEAD = 1 << 16  # within which a collection says that its features begin


def features(path: Path) -> Iterator[dict[str, Any]]:
    """Features of a collection, or of a file with one feature a line; gzipped or not. The file is never in memory as a whole."""
    decode = json.JSONDecoder().raw_decode
    found = False
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            buffer = file.read(_HEAD)
            start = buffer.find("[", buffer.find('"features"')) + 1 if '"features"' in buffer else 0
            while True:
                start = buffer.find("{", start)
                if start >= 0:
                    try:
                        feature, start = decode(buffer, start)
                    except json.JSONDecodeError:
                        pass
                    else:
                        found = True
                        yield feature
                        continue
                more = file.read(_CHUNK)
                if not more:
                    if start >= 0 or not found:
                        raise GazetteerError(f"{path} is no whole GeoJSON of features: it ends too early or is another file")
                    return
                buffer, start = (buffer[start:] if start >= 0 else "") + more, 0
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path} is not UTF-8 (byte {error.start})") from error
    except (OSError, EOFError) as error:
        raise GazetteerError(f"cannot read {path}: {error}; is it cut off?") from error


def measured(geometry: dict[str, Any]) -> tuple[float, float, float, bytes] | None:
    """lon, lat and radius in metres of the smallest circle about a shape, and its WKB; None for a point or an empty shape.

    Where the middle of the circle lies outside the shape, the nearest point of the shape takes its place, and the radius
    reaches from there to the farthest boundary point (the corrected centre of the georeferencing guides).
    """
    import shapely
    from shapely import affinity, ops
    from shapely import geometry as shapes

    from geomap import geodesy

    shape = shapes.shape(geometry)
    if shape.is_empty or shape.geom_type in ("Point", "MultiPoint"):
        return None
    if not shape.is_valid:
        shape = shape.buffer(0)
    west, south, east, north = shape.bounds
    if west < -180.001 or east > 180.001 or south < -90.001 or north > 90.001:
        return None
    narrow = max(cos(radians((south + north) / 2)), 0.01)
    flat = affinity.scale(shape, narrow, 1, origin=(0, 0))
    middle = shapely.minimum_bounding_circle(flat).centroid
    if not flat.intersects(middle):
        middle = ops.nearest_points(flat, middle)[0]
    lon, lat = middle.x / narrow, middle.y
    corners = shapely.get_coordinates(shape.convex_hull)
    radius = float(geodesy.inverse(lon, lat, corners[:, 0], corners[:, 1])[0].max())
    return round(lon, 5), round(lat, 5), round(radius), shapely.to_wkb(shape)
