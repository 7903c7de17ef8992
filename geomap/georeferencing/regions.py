"""Plausible regions: the smooth outline around the densest part that holds the truth with a stated probability.

A phrase's outline depends on its wind and a few ratios only, so it is worked out once in units of the stated distance and then
kept, and laid on the earth for every phrase alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from geomap import density, geodesy
from geomap.density import Where
from geomap.geodesy import Floats
from geomap.georeferencing.claims import Claim
from geomap.model import Modifier

LEVELS = (0.9, 0.8, 0.5)
RAYS = 45  # on each side of the axis
SMOOTHED = {0.9: 5, 0.8: 4, 0.5: 1}  # neighbours on each side that a ray is averaged with, four degrees each
HEDGED: tuple[Modifier | None, ...] = ("approx",)
SWAMPED = 3.0  # an offset so much shorter than its anchor is wide says little more than the anchor


def believed(claims: Sequence[Claim]) -> Where:
    """What the claims say of the true place, as columns for ``density``."""
    rows = np.array([_columns(claim) for claim in claims], dtype=float).reshape(-1, 10)
    return Where(*rows.T.copy())


def _columns(claim: Claim) -> tuple[float, ...]:
    rounding = max(0.0, claim.slack_m - claim.extent_m)
    if claim.high <= 0.0 or (claim.half >= 180.0 and claim.low <= 0.0):
        return (claim.lon, claim.lat, 0.0, 0.0, 0.0, 0.0, 180.0, claim.extent_m, claim.high + claim.slack_m, 0.0)
    if claim.extent_m > SWAMPED * claim.high:
        lon, lat = (float(part) for part in geodesy.destination(claim.lon, claim.lat, claim.bearing, claim.at))
        return (lon, lat, 0.0, 0.0, 0.0, 0.0, 180.0, claim.extent_m, claim.high + claim.slack_m, 0.0)
    at = claim.at or (claim.low + claim.high) / 2.0
    low, high = max(claim.low - rounding, 0.0), claim.high + rounding
    bare = 0.0 if claim.by_air or claim.modifier in HEDGED or claim.low != claim.high else 1.0
    return (claim.lon, claim.lat, at, low, high, claim.bearing, claim.half, claim.extent_m, 0.0, bare)


def regions(claims: Sequence[Claim]) -> list[tuple[Any, Any, Any]]:
    """For each claim the regions of 90, 80 and 50 %. A place with an outline of its own has no smaller region than that."""
    where = believed(claims)
    found = np.empty((len(claims), len(LEVELS)), dtype=object)
    kinds = np.where(where.at <= 0.0, 0, np.where(where.half >= 180.0, 1, 2))
    for kind, draw in enumerate((_discs, _rings, _lobes)):
        rows = np.flatnonzero(kinds == kind)
        if len(rows):
            found[rows] = draw(where[rows])
    for row, claim in enumerate(claims):
        if claim.area is not None:
            found[row] = claim.area
    return [tuple(row) for row in found]


def _discs(where: Where) -> Any:
    """Around a place itself, by the radial density that ``density`` gives a point."""
    chosen = density.parameters()["chosen"]
    scale = np.maximum(where.spread / 2.0, chosen["sharpest_m"])
    radii = np.outer(scale, density.student_radius(LEVELS)).ravel()
    lon, lat = np.repeat(where.lon, len(LEVELS)), np.repeat(where.lat, len(LEVELS))
    return geodesy.sectors(lon, lat, 0.0, radii, 0.0, 180.0).reshape(-1, len(LEVELS))


# -- one outline for all phrases that say alike -------------------------------------------------------------------------


class Kind(NamedTuple):
    """What the outline of a phrase depends on, in steps too small to see: phrases of one kind share it, wherever they lie."""

    at: int  # logarithm of the distance in steps of SAME_FAR
    low: int  # the ends of the band in steps of SAME_BAND of the distance
    high: int
    half: float
    beyond: int  # what a large anchor adds, in steps of SAME_BLUR
    bare: bool

    @property
    def model(self) -> Where:
        """A phrase of the kind, the same whichever phrase asked first."""
        at, beyond = math.exp(self.at * SAME_FAR), self.beyond * SAME_BLUR
        extent = math.hypot(density.parameters()["fitted"]["extent_m"], 3.0 * beyond * at)
        return density.where(0.0, 0.0, at=at, low=at * self.low * SAME_BAND, high=at * self.high * SAME_BAND, half=self.half,
                             extent=extent, bare=float(self.bare))  # fmt: skip


SAME_FAR, SAME_BAND, SAME_BLUR = 0.02, 0.005, 0.02


def _kinds(where: Where) -> tuple[list[Kind], Any]:
    """The kinds of phrases there are, and which of them each phrase is."""
    at = np.maximum(where.at, 1.0)
    columns = (np.log(at) / SAME_FAR, where.low / at / SAME_BAND, where.high / at / SAME_BAND, 1000.0 * where.half,
               density.beyond(where) / SAME_BLUR, where.bare)  # fmt: skip
    table, which = np.unique(np.column_stack(columns).round().astype(int), axis=0, return_inverse=True)
    return [Kind(at, low, high, half / 1000.0, blur, bool(bare)) for at, low, high, half, blur, bare in table.tolist()], which.ravel()


def _rings(where: Where) -> Any:
    """Without a heading the density depends on the distance alone: the ring of its densest part."""
    kinds, which = _kinds(where)
    ends = np.stack([_ring(kind) for kind in kinds])[which] * where.at[:, None, None]  # phrase, level, (inner, outer)
    inner, outer = ends[:, :, 0].ravel(), ends[:, :, 1].ravel()
    lon, lat = np.repeat(where.lon, len(LEVELS)), np.repeat(where.lat, len(LEVELS))
    hollow = np.where(inner > 0.02 * outer, inner, 0.0)
    return geodesy.sectors(lon, lat, hollow, outer, 0.0, 180.0).reshape(-1, len(LEVELS))


@lru_cache(maxsize=4096)
def _ring(kind: Kind) -> Floats:
    """Inner and outer radius of each level in units of the distance."""
    ratio = np.exp(np.linspace(-6.0, 2.5, 1200))
    step = 8.5 / 1199
    heights = density.relative(density.shape(kind.model), np.zeros_like(ratio), ratio, np.array([False]))
    order = np.argsort(-heights)
    held = np.cumsum((heights * 2.0 * np.pi * ratio**2 * step)[order])
    ends = [ratio[order[: int(np.searchsorted(held, level)) + 1]] for level in LEVELS]
    return np.array([(inside.min(), inside.max()) for inside in ends])


def _lobes(where: Where) -> Any:
    """Around the stated point: along each ray out to where the density has sunk to the level's threshold."""
    kinds, which = _kinds(where)
    outlines = np.stack([_outline(kind) for kind in kinds])  # kind, level, ray, (off, ratio)
    chosen = outlines[which]
    shapes = []
    for index in range(len(LEVELS)):
        off, ratio = chosen[:, index, :, 0], chosen[:, index, :, 1]
        lons, lats = geodesy.destination(
            where.lon[:, None], where.lat[:, None], where.bearing[:, None] + off, where.at[:, None] * ratio
        )
        shapes.append(geodesy.polygons(lons, lats))
    return np.stack(shapes, axis=1)


_LOG = np.linspace(np.log(0.01), np.log(20.0), 160)
_RADII = np.exp(_LOG)
_ANGLES = np.linspace(0.0, np.pi, RAYS + 1)


@lru_cache(maxsize=4096)
def _outline(kind: Kind) -> Floats:
    """Closed outlines of the levels in units of the distance, as bearings off the axis and ratios: (level, ray, 2).

    Each ray from the stated point is cut where the density sinks below a threshold for good, and the cuts are smoothed; the
    threshold is the one at which what then lies inside holds the level, or a little more where rows judged apart fell short.
    """
    x = np.sin(_ANGLES)[:, None] * _RADII
    y = 1.0 + np.cos(_ANGLES)[:, None] * _RADII
    off, ratio = np.degrees(np.arctan2(x, y)), np.hypot(x, y)
    heights = density.relative(density.shape(kind.model), off, ratio, np.array([True]))
    envelope = np.maximum.accumulate(heights[:, ::-1], axis=1)[:, ::-1]  # what is nearer than a dense part belongs to it
    cells = heights * _RADII**2 * (_LOG[1] - _LOG[0]) * _ANGLES[1] * 2.0
    cells[:, 0] += heights[:, 0] * _RADII[0] ** 2 * _ANGLES[1]  # the small disc in the middle
    cells[[0, -1]] /= 2.0  # the axis is shared by both sides
    thresholds = np.linspace(np.log(heights.max()), np.log(heights.max()) - 14.0, 200)
    rays = np.stack([np.interp(-thresholds, -np.log(ray), _LOG) for ray in envelope])
    inside = np.cumsum(cells, axis=1)
    masses = dict(zip(LEVELS, density.parameters()["fitted"]["masses"], strict=True))
    return np.stack([_mirrored(_holding(masses[level], _smooth(rays, SMOOTHED[level]), inside)) for level in LEVELS])


def _holding(mass: float, reach: Floats, inside: Floats) -> Floats:
    """The radii of the outline that holds so much of the density, among those of falling thresholds (ray, threshold)."""
    place = np.clip((reach - _LOG[0]) / (_LOG[1] - _LOG[0]), 0.0, len(_LOG) - 1.0)
    before = np.minimum(place.astype(int), len(_LOG) - 2)
    rays = np.arange(len(reach))[:, None]
    near, far = inside[rays, before], inside[rays, before + 1]
    held = (near + (far - near) * (place - before)).sum(axis=0)
    column = np.interp(mass, held, np.arange(float(len(held))))
    last = min(int(column), len(held) - 2)
    return np.asarray(np.exp(reach[:, last] + (reach[:, last + 1] - reach[:, last]) * (column - last)))


def _smooth(reach: Floats, count: int) -> Floats:
    """Each ray's logarithmic reach, averaged with its neighbours: horns that hold next to nothing are not worth a line."""
    wide = np.concatenate([reach[count:0:-1], reach, reach[-2 : -2 - count : -1]])  # mirrored at the axis
    weights = 1.0 - np.abs(np.arange(-count, count + 1)) / (count + 1)
    return np.asarray(sum(weight * wide[row : row + len(reach)] for row, weight in enumerate(weights / weights.sum())))


def _mirrored(radius: Floats) -> Floats:
    """The outline around both sides, counter-clockwise on the map, as (bearing off the axis, ratio)."""
    angle = np.concatenate([-_ANGLES, _ANGLES[-2:0:-1]])
    radius = np.concatenate([radius, radius[-2:0:-1]])
    x, y = np.sin(angle) * radius, 1.0 + np.cos(angle) * radius
    return np.column_stack([np.degrees(np.arctan2(x, y)), np.hypot(x, y)])
