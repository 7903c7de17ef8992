"""How far apart accounts of one strike are put: a mixture of scales whose shares are learnt, and densities of phrases.

A declared radius may be a standard deviation, a farthest bound or a wish; a missing one may hide a crater or a province. So
the joint scatter is a mixture of several widths, about what was declared or, where nothing was, from a village to a province;
one share stands for gross errors. Which widths are how frequent is learnt for each pair of data sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geomap import density
from geomap.comparison.background import Background
from geomap.comparison.events import FEW_PARTIES, Events, Floats, Ints

FLOOR_KM = 0.3
# Widths as shares of the joint declared radius, and the gross errors' own in km; and what is believed of their shares.
DECLARED = ((0.1, 0.0), (0.3, 0.0), (0.6, 0.0), (1.2, 0.0), (1.0, 25.0), (1.0, 90.0))
DECLARED_BELIEF = (0.10, 0.30, 0.35, 0.13, 0.07, 0.05)
# Widths in km where one or both declare nothing (on top of what the other declares).
UNDECLARED_KM = (0.7, 2.5, 8.0, 20.0, 45.0, 110.0)
UNDECLARED_BELIEF = (0.10, 0.20, 0.27, 0.20, 0.15, 0.08)
STRENGTH = 25.0  # pairs that the belief counts as; of one pair of data sets, the whole set's shares
SNAPPED = 0.08  # share of points that stand on the anchor of a phrase (GED's rule up to 25 km, its practice up to 70)
MANY = 5000  # phrases compared at once
SHARPEST = -12.0  # bits: no distance speaks louder against one strike


@dataclass
class Scatter:
    """Shares of the widths, a row a kind of pair (see ``Location.kind``), and the plain scatter of a single position."""

    shares: Floats
    scale: float = 0.6  # standard deviation an axis as a share of the declared radius, gross errors apart
    unknown_km: float = 12.0  # the same where nothing is declared
    own: Floats | None = None  # the variance of each data set's positions, see ``own_scatter``


class Location:
    """The pairs' distances with all that does not change while the scatter is learnt."""

    def __init__(self, events: Events, i: Ints, j: Ints, far: Floats, background: Background, habit: Ints, habits: int) -> None:
        radius = np.where(np.isnan(events.radius_km), 0.0, events.radius_km)
        declared = np.isfinite(events.radius_km)
        self.far = far
        self.both = declared[i] & declared[j]
        self.neither = ~declared[i] & ~declared[j]
        self.habits = habits
        self.kind = np.where(self.both, 0, self.habits) + habit  # both declared, then the others, each by data sets
        self.joint = joint = np.hypot(np.hypot(radius[i], radius[j]), FLOOR_KM)
        self.parts = np.empty((len(i), len(DECLARED)), np.float32)
        for part, ((times, more), km) in enumerate(zip(DECLARED, UNDECLARED_KM, strict=True)):
            width = np.where(self.both, np.hypot(times * joint, max(more, FLOOR_KM)), np.hypot(0.6 * joint, km))
            self.parts[:, part] = _gauss(far, width)
        blur = np.fmax(np.nan_to_num(far), np.where(self.both, 0.3 * joint, 1.0))
        self.unrelated = background.density(i, j, np.clip(blur, 0.5, 150))
        self.phrases, self.overlap = _phrases(events, i, j)

    def start(self) -> Scatter:
        """What is believed before any pair is seen."""
        return Scatter(np.repeat(np.array([DECLARED_BELIEF, UNDECLARED_BELIEF]), self.habits, axis=0))

    def bits(self, scatter: Scatter) -> Floats:
        """log2 of the density of the distance over that of unrelated events there; 0 where a position is unknown."""
        near = np.einsum("ij,ij->i", self.parts, scatter.shares[self.kind]) if len(self.far) else np.zeros(0)
        near[self.phrases] = self.overlap
        with np.errstate(divide="ignore"):
            factor = np.log2(near / self.unrelated)
        return np.where(np.isnan(self.far), 0.0, np.clip(factor, SHARPEST, None))

    def learn(self, scatter: Scatter, weight: Floats) -> None:
        """One step of expectation maximisation: first all pairs with and without radii, then each pair of data sets."""
        placed = np.isfinite(self.far)
        near = self.parts[placed] * scatter.shares[self.kind[placed]]
        near *= (weight[placed] / np.maximum(near.sum(axis=1), 1e-300))[:, None]
        for first, belief in ((0, DECLARED_BELIEF), (self.habits, UNDECLARED_BELIEF)):
            rows = [near[self.kind[placed] == first + habit].sum(axis=0) for habit in range(self.habits)]
            overall = _shares(np.sum(rows, axis=0), np.array(belief))
            scatter.shares[first : first + self.habits] = [_shares(row, overall) for row in rows]
        right = np.zeros(len(self.far))
        right[placed] = np.where(self.both[placed], near[:, :4].sum(axis=1), near[:, :5].sum(axis=1))
        both, neither = placed & self.both, placed & self.neither
        scatter.scale = _scatter(right[both], self.far[both] / self.joint[both], 0.6)
        scatter.unknown_km = _scatter(right[neither], self.far[neither], 12.0 * 2**0.5) / 2**0.5


def _shares(seen: Floats, belief: Floats) -> Floats:
    shares: Floats = (seen + STRENGTH * belief) / (seen.sum() + STRENGTH)
    return shares


def _scatter(weight: Floats, far: Floats, believed: float) -> float:
    """Standard deviation an axis of distances, the belief counting as twenty."""
    return float(np.sqrt((weight @ far**2 / 2 + 20 * believed**2) / (weight.sum() + 20)))


def sigma_km(events: Events, scatter: Scatter) -> Floats:
    """Standard deviation an axis of each event's own position, gross errors apart: what a consensus weighs by."""
    if scatter.own is None:
        own = np.where(np.isnan(events.radius_km), scatter.unknown_km, scatter.scale * events.radius_km)
    else:
        own = np.sqrt(scatter.own[_class(events)]) * _unit(events)
    return np.hypot(own, FLOOR_KM)


def _unit(events: Events) -> Floats:
    """What an event's scatter is measured in: its declared radius, or a kilometre."""
    return np.where(np.isnan(events.radius_km), 1.0, np.maximum(events.radius_km, FLOOR_KM))


def _class(events: Events) -> Ints:
    """The data set of each event where these are few, and whether it declares a radius."""
    habit = events.party if int(events.party.max(initial=0)) < FEW_PARTIES else np.zeros(len(events), np.int64)
    number: Ints = 2 * habit + np.isnan(events.radius_km)
    return number


def own_scatter(events: Events, i: Ints, j: Ints, far: Floats, weight: Floats, scatter: Scatter) -> Floats:
    """Variance an axis of each data set's positions, in squares of the declared radius (or km), told from pairs of all.

    Expectation maximisation of variance components: a pair's distance is shared out between its two ends as they scatter.
    A source that understates its doubt is found out by how far it lies from all others.
    """
    use = np.flatnonzero(np.isfinite(far) & (weight > 0.5))
    i, j, half, weight = i[use], j[use], far[use] ** 2 / 2, weight[use]
    kind, unit = _class(events), _unit(events) ** 2
    n = int(kind.max(initial=0)) + 1
    believed = np.where(np.arange(n) % 2, scatter.unknown_km**2, scatter.scale**2)
    found = believed.copy()
    for _ in range(15):
        one, other = found[kind[i]] * unit[i], found[kind[j]] * unit[j]
        both = one + other + FLOOR_KM**2
        right = weight * (half < 6 * both)  # farther is a gross error, not scatter
        total, count = 20 * believed, np.full(n, 20.0)
        for end, own in ((i, one), (j, other)):
            expected = (own - own**2 / both + (own / both) ** 2 * half) / unit[end]
            total = total + np.bincount(kind[end], right * expected, n)
            count = count + np.bincount(kind[end], right, n)
        found = total / count
    return found


def likeness(events: Events, i: Ints, j: Ints) -> Floats:
    """How alike the densities of two places are, 1 the same and 0 nowhere in common; NaN where neither is a phrase."""
    found = np.full(len(i), np.nan)
    pairs = np.flatnonzero((events.offset[i] | events.offset[j]) & np.isfinite(events.lon[i]) & np.isfinite(events.lon[j]))
    if not len(pairs):
        return found
    where = _where(events)
    for start in range(0, len(pairs), MANY):
        some = pairs[start : start + MANY]
        one, other = where[i[some]], where[j[some]]
        own = density.overlap(one, one) * density.overlap(other, other)
        found[some] = density.overlap(one, other) / np.sqrt(own)
    return found


def _where(events: Events) -> density.Where:
    return density.of_table({name: events.frame[name].tolist() for name in events.frame.columns if name in _OF_PLACE})


def _phrases(events: Events, i: Ints, j: Ints) -> tuple[Ints, Floats]:
    """Pairs in which one is a distance from an anchor, and how well both fit one place, a square km, by their own densities."""
    if not events.offset.any():
        return np.empty(0, np.int64), np.empty(0)
    pairs = np.flatnonzero((events.offset[i] | events.offset[j]) & np.isfinite(events.lon[i]) & np.isfinite(events.lon[j]))
    where = _where(events)
    draws = 64 if len(pairs) <= MANY else 16
    parts = [pairs[start : start + MANY] for start in range(0, len(pairs), MANY)]
    fit = np.concatenate([np.zeros(0), *(density.overlap(where[i[part]], where[j[part]], draws) for part in parts)]) * 1e6
    return pairs, (1 - SNAPPED) * fit + SNAPPED * _gauss(_to_anchor(events, i[pairs], j[pairs]), np.full(len(pairs), 3.0))


def _to_anchor(events: Events, i: Ints, j: Ints) -> Floats:
    """Distance in km of a point from the anchor of the phrase that it is compared with; endless between two phrases."""
    phrase, point = np.where(events.offset[i], i, j), np.where(events.offset[i], j, i)
    east = (events.lon[point] - events.anchor_lon[phrase]) * np.cos(np.radians(events.lat[point]))
    far = 111.195 * np.hypot(east, events.lat[point] - events.anchor_lat[phrase])
    return np.where(events.offset[i] & events.offset[j], np.inf, far)


_OF_PLACE: Mapping[str, None] = dict.fromkeys(
    ("lat", "lon", "uncertainty_m", "anchor_lat", "anchor_lon", "distance_m", "bearing_deg", "location_type", "location_modifier")
)


def _gauss(far: Floats, spread: Floats) -> Floats:
    """Density (a square km) of a two-dimensional normal at a distance."""
    found: Floats = np.exp(-((far / spread) ** 2) / 2) / (2 * np.pi * spread**2)
    return found
