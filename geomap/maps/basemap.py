"""The ground under the events: a vector basemap cut to where they are, or tiles from the network when asked for.

Natural Earth's land, lakes, rivers, borders and divisions lie in ``data/basemap.bin.gz``, towns and countries in
``data/labels.json.gz``. A page carries the whole world coarsely, and the country around its events finely.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from geomap.errors import UsageError

DATA = Path(__file__).parent / "data"
BUDGET = 900_000  # bytes of cells before compression: about 0.7 MB of the page
FEW = 12  # cells of ten degrees
TOWNS = 6_000  # labels a page carries at most; the greater ones are kept
AFAR = 40.0  # degrees from the events within which great cities are named
MARGIN = 3.0  # degrees around the events that are drawn finely


@cache
def _cells() -> tuple[dict[str, Any], bytes]:
    raw = gzip.decompress((DATA / "basemap.bin.gz").read_bytes())
    (size,) = struct.unpack("<I", raw[:4])
    return json.loads(raw[4 : 4 + size]), raw[4 + size :]


@cache
def _labels() -> dict[str, Any]:
    labels: dict[str, Any] = json.loads(gzip.decompress((DATA / "labels.json.gz").read_bytes()))
    return labels


def distinct(lon: Any, lat: Any) -> tuple[Any, Any, Any]:
    """Points thinned to one for each half degree, with how many each stands for: enough to choose the ground by."""
    keys, counts = np.unique(
        np.floor(lon * 2).astype(np.int64) * 1000 + np.floor(lat * 2).astype(np.int64) + 500, return_counts=True
    )
    return keys // 1000 / 2 + 0.25, (keys % 1000 - 500) / 2 + 0.25, counts


def _occupied(points: tuple[Any, Any, Any], margin: float, cell: int) -> dict[tuple[int, int], int]:
    """The cells that hold an event or lie within ``margin`` degrees of one, with the events of each."""
    lon, lat, counts = points
    tally: dict[tuple[int, int], int] = {}
    for dx in (-margin, 0.0, margin):
        for dy in (-margin, 0.0, margin):
            west = ((np.floor((lon + dx + 180) / cell) * cell) % 360 - 180).astype(int)
            south = np.clip(np.floor((lat + dy) / cell) * cell, -90, 80).astype(int)
            for x, y, count in zip(west.tolist(), south.tolist(), counts.tolist(), strict=True):
                tally[x, y] = tally.get((x, y), 0) + count
    return tally


def cells(points: tuple[Any, Any, Any]) -> str:
    """A compressed block, base64: the world coarsely, and the cells around the points finer while the budget lasts."""
    head, body = _cells()
    size = head["cell"]
    chosen = [cell for cell in head["cells"] if cell[0] == 0]
    spent = sum(cell[4] for cell in chosen)
    near, around = _occupied(points, MARGIN, size), _occupied(points, 2 * MARGIN, size)
    few = len(near) <= FEW  # then the finest level serves all zooms, and the middle one only the surroundings
    for level, tally in ((1, around), (2, near)):
        wanted = [cell for cell in head["cells"] if cell[0] == level and (cell[1], cell[2]) in tally]
        if few and level == 1:
            wanted = [cell for cell in wanted if (cell[1], cell[2]) not in near]
        for cell in sorted(wanted, key=lambda cell: (-tally[cell[1], cell[2]], cell)):
            if spent + cell[4] <= BUDGET:
                chosen.append(cell)
                spent += cell[4]
    index, parts = [], []
    for level, west, south, start, length in sorted(chosen):
        index.append([level, west, south, length])
        parts.append(body[start : start + length])
    out = json.dumps({**head, "cells": index}, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(struct.pack("<I", len(out)) + out + b"".join(parts), 9, mtime=0)).decode()


def lines(level: int, southwest: tuple[float, float], northeast: tuple[float, float]) -> Iterator[tuple[str, Any, list[Any]]]:
    """Every line of the ground in a frame: its layer, its points, and the pieces that are not a cell's own edge."""
    head, body = _cells()
    size, steps = head["cell"], head["steps"][level]
    for at_level, west, south, start, length in head["cells"]:
        if at_level != level or not (
            west < northeast[0] and west + size > southwest[0] and south < northeast[1] and south + size > southwest[1]
        ):
            continue
        values = _varints(body[start : start + length])
        at = 0
        for layer in head["layers"]:
            x, y, count = west * steps, south * steps, int(values[at])
            at += 1
            for _ in range(count):
                points = int(values[at])
                moves = values[at + 1 : at + 1 + 2 * points].reshape(-1, 2)
                at += 1 + 2 * points
                whole = np.cumsum(np.where(moves % 2, -(moves + 1) // 2, moves // 2), axis=0) + (x, y)
                x, y = whole[-1]
                same = np.diff(whole, axis=0) == 0
                cut = np.any(same & (whole[1:] % (size * steps) == 0), axis=1)
                pieces = [piece / steps for piece in np.split(whole, np.flatnonzero(cut) + 1) if len(piece) > 1]
                yield layer, whole / steps, pieces


def _varints(content: bytes) -> Any:
    """All whole numbers of a cell at once: a byte below 128 ends a number."""
    data = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(data < 128)
    starts = np.r_[0, ends[:-1] + 1]
    place = np.arange(len(data)) - np.repeat(starts, ends - starts + 1)
    return np.add.reduceat((data & 127).astype(np.int64) << 7 * place, starts)


def _within(x: Any, y: Any, points: tuple[Any, Any, Any]) -> Any:
    """Which places lie in the box around the events and AFAR beyond it; all where there are no events."""
    lon, lat, _ = points
    if not len(lon):
        return np.ones(len(x), dtype=bool)
    return (x > lon.min() - AFAR) & (x < lon.max() + AFAR) & (y > lat.min() - AFAR) & (y < lat.max() + AFAR)


def labels(points: tuple[Any, Any, Any]) -> dict[str, Any]:
    """Country label points, and towns near the events: [lon, lat, zoom from which it shows, name, Arabic name]."""
    everything = _labels()
    towns = everything["towns"]
    x, y, rank = (np.array(towns[name]) for name in ("lon", "lat", "rank"))
    near = _occupied(points, 0.0, 2)
    reach = {(west + dx, south + dy) for west, south in near for dx in range(-4, 6, 2) for dy in range(-4, 6, 2)}
    here = list(zip((x // 2000 * 2).tolist(), (y // 2000 * 2).tolist(), strict=True))
    kept = np.array([pair in reach for pair in here]) | (rank <= 3) & _within(x / 1000, y / 1000, points)
    order = np.flatnonzero(kept)
    order = order[np.argsort(rank[order], kind="stable")][:TOWNS]
    rows = [[towns["lon"][i], towns["lat"][i], towns["rank"][i], towns["name"][i], towns["ar"][i]] for i in order.tolist()]
    wide = {(west // 10 + dx, south // 10 + dy) for west, south in near for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    countries = [row for row in everything["countries"] if row[3] > 12 or (row[1] // 10, row[2] // 10) in wide]
    return {"countries": countries, "towns": rows}


@dataclass(frozen=True, slots=True)
class Tiles:
    """A tile service, asked for by name: the page then makes requests to it, and to nobody else."""

    url: str
    attribution: str
    max_zoom: int
    subdomains: str

    @property
    def sources(self) -> list[str]:
        """What the page's Content-Security-Policy must allow images from."""
        match = re.match(r"(https://)([^/?#]+)", self.url)
        if match is None or not re.fullmatch(r"[A-Za-z0-9.{}:-]+", match[2]):
            raise UsageError(f"the basemap's address must begin with https:// and a host name, not {self.url[:60]!r}")
        names = [match[2].replace("{s}", letter) for letter in self.subdomains] if "{s}" in match[2] else [match[2]]
        return [match[1] + name for name in names]


def tiles(basemap: Any) -> Tiles | None:
    """The tile service of an xyzservices name ("OpenStreetMap.Mapnik") or provider; None for the vector basemap."""
    if basemap is None or basemap == "vector":
        return None
    import xyzservices  # only a page with tiles needs it

    if isinstance(basemap, str):
        try:
            basemap = xyzservices.providers.query_name(basemap)
        except ValueError as error:
            raise UsageError(f"no basemap {basemap!r}; use a name of xyzservices, such as OpenStreetMap.Mapnik") from error
    if basemap.requires_token():
        raise UsageError(f"the basemap {basemap.name} needs a key; give an xyzservices provider that holds it")
    url = re.sub(r"\{(\w+)\}", lambda part: part[0] if part[1] in "sxyzr" else str(basemap[part[1]]), basemap["url"])
    return Tiles(
        url,
        str(basemap.get("attribution", "")),
        int(basemap.get("max_zoom", 18)),
        "".join(basemap.get("subdomains", "abc")),
    )
