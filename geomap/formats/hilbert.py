"""FlatGeobuf's index: features in the order of a Hilbert curve, and over them a packed R-tree (flatgeobuf.org)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NODE = 16  # children of a node
ITEM = np.dtype([("box", "<f8", 4), ("offset", "<u8")])  # west, south, east, north; of a leaf where its feature begins
BITS = 16
CELLS = (1 << BITS) - 1  # the last cell of a side of the square that the curve fills


def order(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rows of boxes (west, south, east, north) along a Hilbert curve through their middles; those of no place come last."""
    known = ~np.isnan(boxes[:, 0])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    if known.any():
        low, high = middles[known].min(axis=0), middles[known].max(axis=0)
        scale = np.where(high > low, high - low, 1.0)
        middles = (middles - low) / scale * CELLS
    places = np.where(known[:, None], middles, 0).astype(np.int64)
    return np.lexsort((_along(places[:, 0], places[:, 1]), ~known))


def _along(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far along the curve each cell lies (Warren, Hacker's Delight, section 16)."""
    found = np.zeros_like(x)
    side = 1 << (BITS - 1)
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        found += side * side * ((3 * right) ^ upper)
        mirrored = right & ~upper
        x, y = np.where(mirrored, CELLS - x, x), np.where(mirrored, CELLS - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        side >>= 1
    return found


def index(boxes: NDArray[np.float64], offsets: Any) -> bytes:
    """The tree over boxes in their final order, the root first; a feature of no place has a box that nothing meets."""
    leaves = np.empty(len(boxes), ITEM)
    leaves["box"] = np.where(np.isnan(boxes), [np.inf, np.inf, -np.inf, -np.inf], boxes)
    leaves["offset"] = offsets
    levels = [leaves]
    while len(levels) == 1 or len(levels[-1]) > 1:
        below = levels[-1]
        starts = np.arange(0, len(below), NODE)
        above = np.empty(len(starts), ITEM)
        above["box"][:, :2] = np.minimum.reduceat(below["box"][:, :2], starts)
        above["box"][:, 2:] = np.maximum.reduceat(below["box"][:, 2:], starts)
        above["offset"] = starts
        levels.append(above)
    levels.reverse()
    first = 0
    for level in levels[:-1]:  # children are named by their number in the whole tree
        first += len(level)
        level["offset"] += np.uint64(first)
    return b"".join(level.tobytes() for level in levels)
