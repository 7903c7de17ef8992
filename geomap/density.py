"""What phrases mean in practice: the probability of the true place, given what was said. Densities are per square metre.

A phrase with a heading is a mixture of three: the *core* near the stated direction and distance; *stray*, heavy-tailed all
around the stated point; and *turned*, the right distance in a wrong direction. Distances scatter in proportion, but less than in
proportion as they grow. The numbers, what they were fitted on, and where that ends stand in ``density.toml``.
Everything is elementwise over columns, so that a table of events is one call.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geomap import geodesy
from geomap.geodesy import Floats


@cache
def parameters() -> Mapping[str, Any]:
    """The table of ``density.toml``."""
    with (Path(__file__).parent / "density.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Where:
    """Where each of many things may be, as columns of equal length; ``where[rows]`` takes some of them.

    A phrase has ``at`` > 0, the stated distance from the anchor ``lon, lat``; a point has ``at`` 0 and ``spread``, a radius
    that holds the truth about seven times in ten. ``half`` is the half angle of the wind, 180 where no heading was given.
    ``extent`` is the radial of the anchor; ``bare`` a distance over land that nothing marks as measured by air or rounded.
    """

    lon: Floats
    lat: Floats
    at: Floats
    low: Floats
    high: Floats
    bearing: Floats
    half: Floats
    extent: Floats
    spread: Floats
    bare: Floats

    def __len__(self) -> int:
        return len(self.lon)

    def __getitem__(self, rows: Any) -> Where:
        return Where(*(np.atleast_1d(getattr(self, column.name)[rows]) for column in fields(self)))


def where(
    lon: ArrayLike, lat: ArrayLike, *, at: ArrayLike = 0.0, low: ArrayLike | None = None, high: ArrayLike | None = None,
    bearing: ArrayLike = 0.0, half: ArrayLike = 180.0, extent: ArrayLike = 0.0, spread: ArrayLike = 0.0, bare: ArrayLike = 0.0,
) -> Where:  # fmt: skip
    """Columns from numbers and arrays of one length; distances in metres. ``low`` and ``high`` are ``at`` where not given."""
    low, high = at if low is None else low, at if high is None else high
    columns = (np.asarray(part, dtype=float) for part in (lon, lat, at, low, high, bearing, half, extent, spread, bare))
    return Where(*(np.array(column) for column in np.broadcast_arrays(*map(np.atleast_1d, columns))))


def of_table(table: Mapping[str, Any]) -> Where:
    """The columns of a table of events (NaN or None where unknown): offsets as phrases, everything else as points.

    Reads ``lat, lon, uncertainty_m`` and, where they stand, ``anchor_lat, anchor_lon, distance_m, bearing_deg, location_type,
    location_modifier``. The wind is taken from its bearing. A row without a position stays NaN, and so does its density.
    """
    lon, lat, radius = (_numbers(table, name, len(table["lat"])) for name in ("lon", "lat", "uncertainty_m"))
    names = ("anchor_lon", "anchor_lat", "distance_m", "bearing_deg")
    anchor_lon, anchor_lat, far, bearing = (_numbers(table, name, len(lon)) for name in names)
    kind = _words(table, "location_type", len(lon))
    offset = np.isin(kind, ("FOH", "FO")) & (far > 0.0) & np.isfinite(anchor_lon) & np.isfinite(anchor_lat)
    heading = np.nan_to_num(bearing)
    half = np.select([heading % 90.0 == 0.0, heading % 45.0 == 0.0, heading % 22.5 == 0.0, heading % 11.25 == 0.0],
                     [45.0, 22.5, 11.25, 5.625], geodesy.DEGREES_HALF_ANGLE)  # fmt: skip
    return where(
        np.where(offset, anchor_lon, lon), np.where(offset, anchor_lat, lat), at=np.where(offset, far, 0.0), bearing=heading,
        half=np.where(np.isfinite(bearing), half, 180.0), spread=np.where(np.isfinite(radius), radius, 0.0),
        bare=_words(table, "location_modifier", len(lon)) == "",
    )  # fmt: skip


def _numbers(table: Mapping[str, Any], name: str, count: int) -> Floats:
    values = table.get(name)
    return np.full(count, np.nan) if values is None else np.array([np.nan if v is None else v for v in values], dtype=float)


def _words(table: Mapping[str, Any], name: str, count: int) -> NDArray[np.str_]:
    values = table.get(name)
    return np.array([v if isinstance(v, str) else "" for v in (values if values is not None else [""] * count)], dtype=str)


# -- the shape of a phrase, in units of its own distance ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """The mixture of each phrase in units of its distance: what the parameters become once distance and wind are known."""

    box: Floats  # degrees to each side that the core of directions spans
    scatter: Floats  # degrees, logistic scale at the edges of the box
    low: Floats  # log ratios of true to stated distance between which the core lies flat
    high: Floats
    ratio: Floats  # scale of its Student tails
    stray: Floats  # scale about the stated point
    turned: Floats  # scale of the log ratio in any direction
    road: Floats  # share of the core that was measured by road
    weights: tuple[float, float, float]


def shape(phrase: Where, fit: Mapping[str, Any] | None = None) -> Shape:
    """How a phrase of this wind and distance scatters; ``fit`` stands in for the fitted table while it is being fitted."""
    fit, hedge = fit or parameters()["fitted"], parameters()["chosen"]
    at = np.maximum(phrase.at, 1.0)
    far = np.maximum(at, fit["shortest_m"]) / fit["reference_m"]
    blur = beyond(phrase, fit)
    ratio = np.hypot(fit["ratio"] * far ** -fit["shrink"], blur)
    stray = np.hypot(fit["stray"] * far ** -fit["shrink_stray"], blur)
    low, high = np.maximum(phrase.low, hedge["nearest"] * phrase.high), np.maximum(phrase.high, 1.0)
    ramp = np.log(at / hedge["road_from_m"]) / np.log(hedge["road_full_m"] / hedge["road_from_m"])
    total = fit["weight_core"] + fit["weight_stray"] + fit["weight_turned"]
    return Shape(
        box=np.interp(phrase.half, fit["half_angles"], fit["boxes"]), scatter=np.full_like(at, fit["scatter_deg"]),
        low=np.log(low / at) + fit["shift"], high=np.log(high / at) + fit["shift"], ratio=ratio, stray=stray,
        turned=np.hypot(fit["turned"] * far ** -fit["shrink_stray"], blur),
        road=phrase.bare * hedge["road"] * np.clip(ramp, 0.0, 1.0),
        weights=(fit["weight_core"] / total, fit["weight_stray"] / total, fit["weight_turned"] / total),
    )  # fmt: skip


def beyond(phrase: Where, fit: Mapping[str, Any] | None = None) -> Floats:
    """What an anchor larger than the fitted ones adds to the scatter, as a share of the distance: a third of its radial."""
    usual = (fit or parameters()["fitted"])["extent_m"]
    return np.asarray(np.sqrt(np.maximum(phrase.extent**2 - usual**2, 0.0)) / 3.0 / np.maximum(phrase.at, 1.0))


def relative(shape: Shape, off: Floats, ratio: Floats, heading: NDArray[np.bool_]) -> Floats:
    """Density in units of the stated distance squared, at a direction ``off`` degrees away and a ratio of distances.

    Without a heading the core is a ring, and so is what strays.
    """
    core, stray, turned = shape.weights
    log = np.log(np.maximum(ratio, 1e-9))
    along = (1.0 - shape.road) * _flat_t(log, shape.low, shape.high, shape.ratio)
    road = parameters()["chosen"]
    if np.any(shape.road):
        along = along + shape.road * _t4((log - road["road_log_ratio"]) / road["road_scale"]) / road["road_scale"]
    around = np.where(heading, _box(off, shape.box, shape.scatter), 1.0 / (2.0 * np.pi))
    away2 = ratio * ratio + 1.0 - 2.0 * ratio * np.cos(np.radians(off))
    astray = np.where(heading, student_plane(away2, shape.stray) * ratio**2, _t4(log / shape.stray) / shape.stray / (2.0 * np.pi))
    lost = _t4(log / shape.turned) / shape.turned / (2.0 * np.pi)
    return np.asarray((core * around * along + stray * astray + turned * lost) / np.maximum(ratio, 1e-9) ** 2)


def _box(off: Floats, half: Floats, scatter: Floats) -> Floats:
    """Density per radian of a direction: even over the box, logistic at its edges."""

    def rise(x: Floats) -> Floats:
        return np.asarray(0.5 * (1.0 + np.tanh(x / 2.0)))

    return np.asarray((rise((off + half) / scatter) - rise((off - half) / scatter)) / (2.0 * np.radians(half)))


def _t4(z: Floats) -> Floats:
    """Student's density with four degrees of freedom."""
    return np.asarray(0.375 * (1.0 + z * z / 4.0) ** -2.5)


def _t4_below(z: Floats) -> Floats:
    s = 1.0 + z * z / 4.0
    return np.asarray(0.5 + 0.375 * z / np.sqrt(s) * (1.0 - z * z / (12.0 * s)))


def _flat_t(x: Floats, low: Floats, high: Floats, scale: Floats) -> Floats:
    """Even from low to high, with Student tails; plain Student where the two are one."""
    width = np.maximum(high - low, 1e-3 * scale)
    middle = (low + high) / 2.0
    return np.asarray((_t4_below((x - middle + width / 2) / scale) - _t4_below((x - middle - width / 2) / scale)) / width)


STUDENT = 2.5  # degrees of freedom of what strays in the plane: one in twenty farther than three and a half of its scales


def student_plane(away2: ArrayLike, scale: ArrayLike) -> Floats:
    """Heavy-tailed density around a point in the plane, at squared distance ``away2``."""
    scale2 = np.asarray(scale, dtype=float) ** 2
    return np.asarray((1.0 + np.asarray(away2) / (STUDENT * scale2)) ** -(STUDENT / 2 + 1) / (2.0 * np.pi * scale2))


def student_radius(level: ArrayLike) -> Floats:
    """Scales within which ``student_plane`` holds that share."""
    return np.asarray(np.sqrt(STUDENT * ((1.0 - np.asarray(level, dtype=float)) ** (-2.0 / STUDENT) - 1.0)))


# -- on the earth -------------------------------------------------------------------------------------------------------


def density(place: Where, lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Probability per square metre of each thing being at (lon, lat): one position a row, or a row of positions each."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if lon.ndim == 2:
        count = lon.shape[1]
        return density(place[np.repeat(np.arange(len(place)), count)], lon.ravel(), lat.ravel()).reshape(lon.shape)
    away, towards = geodesy.inverse(place.lon, place.lat, lon, lat)
    phrase = place.at > 0.0
    found = _about_point(place, away)
    if phrase.any():
        said = place[phrase]
        off = geodesy.turn(towards[phrase] - said.bearing)
        found[phrase] = relative(shape(said), off, away[phrase] / said.at, said.half < 180.0) / said.at**2
    return found


def _about_point(place: Where, away: Floats) -> Floats:
    chosen = parameters()["chosen"]
    scale = np.maximum(place.spread / 2.0, chosen["sharpest_m"])
    gross = student_plane(away**2, np.maximum(chosen["gross_m"], scale))
    return np.asarray((1.0 - chosen["gross"]) * student_plane(away**2, scale) + chosen["gross"] * gross)


def log_density(place: Where, lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Natural logarithm of ``density``; finite everywhere on earth."""
    return np.asarray(np.log(np.maximum(density(place, lon, lat), 1e-300)))


def sample(place: Where, count: int = 64) -> tuple[Floats, Floats]:
    """Positions spread as each thing's density is: lon and lat, a row a thing. The same every time (a lattice, no dice)."""
    steps = np.arange(1, count + 1)[:, None]
    u, v, w = ((steps * (0.8191725, 0.6710436, 0.5497005)) % 1.0).T  # the plastic number's three-dimensional lattice
    pick = (steps[:, 0] - 0.5) / count
    rows = np.repeat(np.arange(len(place)), count)
    each = place[rows]
    u, v, w, pick = (np.tile(part, len(place)) for part in (u, v, w, pick))
    east, north = _point_draw(each, u, v, w)
    phrase = each.at > 0.0
    if phrase.any():
        east[phrase], north[phrase] = _phrase_draw(each[phrase], pick[phrase], u[phrase], v[phrase], w[phrase])
    angle = np.degrees(np.arctan2(east, north))
    lon, lat = geodesy.destination(each.lon, each.lat, angle, np.hypot(east, north))
    return lon.reshape(-1, count), lat.reshape(-1, count)


def _point_draw(each: Where, u: Floats, v: Floats, w: Floats) -> tuple[Floats, Floats]:
    chosen = parameters()["chosen"]
    scale = np.maximum(each.spread / 2.0, chosen["sharpest_m"])
    scale = np.where(w < chosen["gross"], np.maximum(scale, chosen["gross_m"]), scale)
    radius, angle = scale * student_radius(u), 2.0 * np.pi * v
    return radius * np.sin(angle), radius * np.cos(angle)


def _phrase_draw(each: Where, pick: Floats, u: Floats, v: Floats, w: Floats) -> tuple[Floats, Floats]:
    """The three parts of the mixture in turn, each by the inverse of its distribution."""
    made, heading = shape(each), each.half < 180.0
    core, stray, _ = made.weights
    is_core, is_stray = pick < core, (pick >= core) & (pick < core + stray)
    jitter = np.log(w / (1.0 - w)) * made.scatter
    off = np.where(is_core & heading, made.box * (2.0 * u - 1.0) + jitter, 360.0 * u)
    chosen = parameters()["chosen"]
    by_road = (pick / core < made.road) & is_core
    log = np.where(is_core, made.low + (made.high - made.low) * ((u + w) % 1.0) + made.ratio * _t4_at(v), made.turned * _t4_at(v))
    log = np.where(by_road, chosen["road_log_ratio"] + chosen["road_scale"] * _t4_at(v), log)
    log = np.where(is_stray, made.stray * _t4_at(v), log)
    angle, far = np.radians(off + each.bearing), each.at * np.exp(np.clip(log, -20.0, 3.0))
    east, north = far * np.sin(angle), far * np.cos(angle)
    astray, turn = each.at * made.stray * student_radius(u), 2.0 * np.pi * v
    ahead = np.radians(each.bearing)
    spread_out = is_stray & heading
    east = np.where(spread_out, each.at * np.sin(ahead) + astray * np.sin(turn), east)
    north = np.where(spread_out, each.at * np.cos(ahead) + astray * np.cos(turn), north)
    return east, north


def _t4_at(level: Floats) -> Floats:
    """The quantile of Student's distribution with four degrees of freedom."""
    alpha = np.clip(4.0 * level * (1.0 - level), 1e-12, 1.0)
    q = np.cos(np.arccos(np.sqrt(alpha)) / 3.0) / np.sqrt(alpha)
    return np.asarray(np.sign(level - 0.5) * 2.0 * np.sqrt(np.maximum(q - 1.0, 0.0)))


def overlap(one: Where, other: Where, count: int = 64) -> Floats:
    """Integral of the product of two densities, pair by pair, per square metre: how well both fit one and the same place.

    Drawn from both in equal parts, so that neither a sharp nor a broad one is missed.
    """
    total = np.zeros(len(one))
    for drawn in (one, other):
        lon, lat = sample(drawn, count)
        here, there = density(one, lon, lat), density(other, lon, lat)
        total += (here * there / np.maximum((here + there) / 2.0, 1e-300)).mean(axis=1) / 2.0
    return total
