"""How much each field speaks for one incident: log2 Bayes factors, with rates learnt from the pairs themselves.

The model is Fellegi and Sunter's (1969), its parameters found by expectation maximisation, with three things of its own:
the location's factor is a density of the distance over the density of events about there, so that a match in an empty
desert counts more than one in a crowded town and a country's centroid counts almost nothing; a share of gross errors
keeps a wrong coordinate from deciding alone; and an event has at most one counterpart in another party, so its
candidates compete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from geomap.comparison.background import Background
from geomap.comparison.blocking import days_apart, distance_km
from geomap.comparison.events import Events, Floats, Ints

ROUNDS = 12
ENOUGH = 150_000  # pairs to learn from; a stretch of time holds an event's rivals together, so stretches are taken
STRETCHES = 12
FIELDS = ("location", "time", "type", "actor", "strikes", "killed", "vehicles_destroyed", "place", "prior")
# What is believed before any pair is seen: (weight in pairs, share of true pairs at each level). Conventions, soon
# outweighed where data are many: sources agree on the day three times in four, on the kind and the actor more often.
_LEVELS: Mapping[str, tuple[float, tuple[float, ...]]] = {
    "time": (20.0, (0.75, 0.15, 0.05, 0.03, 0.02)),  # 0, 1, 2, 3, 4 days apart
    "type": (20.0, (0.85, 0.15)),  # same, other
    "actor": (20.0, (0.80, 0.20)),
    "strikes": (20.0, (0.75, 0.15, 0.10)),  # ranges meet, within a factor 1.5, farther
    "killed": (20.0, (0.60, 0.20, 0.20)),
    "vehicles_destroyed": (20.0, (0.75, 0.15, 0.10)),
    "place": (20.0, (0.70, 0.30)),
}
_CAP = {"type": 4.0, "actor": 4.0, "place": 8.0}  # bits: agreement in one word is never proof
DEFAULT_RADIUS_KM = 15.0  # of an event whose source declares none, until its pairs say better


@dataclass
class Model:
    """What is learnt: how declared radii relate to real scatter, gross errors, and how often sources agree on a field."""

    scale: float = 0.6  # standard deviation an axis, as a share of the declared radius
    unknown_km: float = DEFAULT_RADIUS_KM * 0.6  # the same, of events without a radius
    floor_km: float = 0.3
    gross: float = 0.08
    gross_km: float = 60.0
    coverage: float = 0.3  # chance that an event has a counterpart in another given party
    shares: dict[str, npt.NDArray[np.float64]] = field(
        default_factory=lambda: {name: np.array(levels) for name, (_, levels) in _LEVELS.items()}
    )

    def sigma_km(self, events: Events) -> Floats:
        """Standard deviation an axis of each event's position, km."""
        declared = self.scale * events.radius_km
        return np.hypot(np.where(np.isnan(declared), self.unknown_km, declared), self.floor_km)


@dataclass(frozen=True)
class Scored:
    """Candidate pairs with the bits each field gives; ``chance`` is the probability of one incident, rivals considered."""

    i: Ints
    j: Ints
    bits: Mapping[str, Floats]
    total: Floats
    chance: Floats
    distance_km: Floats
    days_apart: Floats


def score(events: Events, i: Ints, j: Ints, model: Model) -> Scored:
    """Learn the model from the pairs (it is changed in place) and score them with it."""
    background = Background(events)
    some = _stretches(events, i)
    pairs = _Pairs(events, i[some], j[some], background, share=len(some) / max(len(i), 1))
    for _ in range(ROUNDS):
        scored = pairs.score(model)
        before = model.coverage
        pairs.learn(model, scored)
        if abs(model.coverage - before) < 1e-4:
            break
    return (pairs if len(some) == len(i) else _Pairs(events, i, j, background)).score(model)


def _stretches(events: Events, i: Ints) -> Ints:
    """All pairs, or of very many those of a dozen stretches of time, spread evenly."""
    if len(i) <= 2 * ENOUGH:
        return np.arange(len(i))
    by_day = np.argsort(events.first[i], kind="stable")
    starts = np.linspace(0, len(i) - ENOUGH // STRETCHES, STRETCHES).astype(np.int64)
    taken = np.unique((starts[:, None] + np.arange(ENOUGH // STRETCHES)).ravel())
    some: Ints = by_day[taken]
    return some


class _Pairs:
    """Everything about the pairs that does not change while the model is learnt."""

    def __init__(self, events: Events, i: Ints, j: Ints, background: Background, share: float = 1.0) -> None:
        self.events, self.i, self.j, self.background = events, i, j, background
        self.far, self.gap = distance_km(events, i, j), days_apart(events, i, j)
        self.share = share
        self.levels = {name: _level(events, name, i, j, self.gap) for name in _LEVELS}
        self.chance_of_level = {name: _by_chance(events, name) for name in _LEVELS if name != "time"}
        self.rivals_i = _numbered(i * np.int64(events.party.max(initial=0) + 1) + events.party[j])
        self.rivals_j = _numbered(j * np.int64(events.party.max(initial=0) + 1) + events.party[i])

    def score(self, model: Model) -> Scored:
        bits: dict[str, Floats] = {"location": self._location(model), "time": self._time(model)}
        for name, chance in self.chance_of_level.items():
            level = self.levels[name]
            ratio = np.log2(model.shares[name] / chance)
            found = np.where(level >= 0, np.append(ratio, 0.0)[level], 0.0)
            cap = _CAP.get(name)
            bits[name] = found if cap is None else np.clip(found, -cap, cap)
        # A place's name repeats what a good position says already: it speaks where position is missing or vague.
        bits["place"] = bits["place"] * np.where(np.isnan(self.far), 1.0, np.clip(1 - bits["location"] / 6, 0, 0.5))
        bits["prior"] = np.full(len(self.i), np.log2(model.coverage / (1 - model.coverage)))
        total = np.sum(list(bits.values()), axis=0) if len(self.i) else np.zeros(0)
        return Scored(self.i, self.j, bits, total, self._chance(total), self.far, self.gap)

    def _chance(self, total: Floats) -> Floats:
        """Probability of each pair when an event's candidates in one party compete."""
        odds = np.exp2(np.clip(total, -60, 60))
        chance = np.ones(len(odds))
        for rivals in (self.rivals_i, self.rivals_j):
            chance = np.minimum(chance, odds / (1 + np.bincount(rivals, odds)[rivals])) if len(odds) else chance
        return chance

    def _location(self, model: Model) -> Floats:
        spread, broad = self._spreads(model)
        near = (1 - model.gross) * _gauss(self.far, spread) + model.gross * _gauss(self.far, broad)
        factor = np.log2(near / self.background.density(self.i, self.j, spread))
        return np.where(np.isnan(self.far), 0.0, np.clip(factor, -12, None))

    def _spreads(self, model: Model) -> tuple[Floats, Floats]:
        sigma = model.sigma_km(self.events)
        spread = np.hypot(sigma[self.i], sigma[self.j])
        return spread, np.hypot(spread, model.gross_km)

    def _time(self, model: Model) -> Floats:
        level = np.minimum(self.levels["time"], len(model.shares["time"]) - 1)
        long = self.events.last - self.events.first
        # Days on which two unrelated intervals would meet at this distance: on either side of each other, but for 0.
        days = np.where(level == 0, long[self.i] + long[self.j] + 1, 2.0)
        rate = self.background.a_day(self.i, self.j)
        factor = np.log2(model.shares["time"][level] / np.clip(days * rate, 1e-9, 1.0))
        return np.where(self.levels["time"] < 0, 0.0, factor)

    def learn(self, model: Model, scored: Scored) -> None:
        """One step of expectation maximisation; the beliefs count as so many pairs."""
        weight = scored.chance
        for name, (strength, belief) in _LEVELS.items():
            known = self.levels[name] >= 0
            level = np.minimum(self.levels[name][known], len(belief) - 1)
            seen = np.bincount(level, weight[known], len(belief)) + strength * np.array(belief)
            model.shares[name] = seen / seen.sum()
        expected, chances = weight.sum(), max(self._chances() * self.share, 1.0)
        model.coverage = float(np.clip((expected + 3) / (chances + 10), 1e-3, 0.95))
        self._learn_distances(model, weight)

    def _chances(self) -> float:
        """How often a counterpart might have been found: for each event, once in every other party of about its time."""
        parties = np.bincount(self.events.party)
        n = len(parties)
        if n > 12:  # reports: a party has few events, and each is about a few only
            return float(np.unique(self.rivals_i).size + np.unique(self.rivals_j).size) / 2
        return float(sum(min(a, b) for k, a in enumerate(parties) for b in parties[k + 1 :]))

    def _learn_distances(self, model: Model, weight: Floats) -> None:
        placed = np.isfinite(self.far)
        weight, far = weight[placed], self.far[placed]
        spread, broad = (values[placed] for values in self._spreads(model))
        near, wide = (1 - model.gross) * _gauss(far, spread), model.gross * _gauss(far, broad)
        right = weight * near / (near + wide)
        wrong = weight - right
        model.gross = float(np.clip((wrong.sum() + 2) / (weight.sum() + 25), 0.005, 0.4))
        if wrong.sum() > 0:
            model.gross_km = float(np.clip(np.sqrt((wrong @ far**2 / 2 + 20 * 60**2) / (wrong.sum() + 20)), 10, 150))
        declared = np.isfinite(self.events.radius_km)
        both = (declared[self.i] & declared[self.j])[placed]
        neither = (~declared[self.i] | ~declared[self.j])[placed]
        # Radii are rescaled as a whole: what was declared may be a standard deviation or a farthest bound.
        model.scale *= _ratio(right[both], far[both], spread[both])
        model.scale = float(np.clip(model.scale, 0.15, 2.0))
        model.unknown_km = float(np.clip(model.unknown_km * _ratio(right[neither], far[neither], spread[neither]), 0.5, 60))


def _ratio(weight: Floats, far: Floats, spread: Floats) -> float:
    """Root mean square of distance over its expectation, pulled towards 1 by thirty pairs."""
    return float(np.sqrt((weight @ (far / spread) ** 2 / 2 + 30) / (weight.sum() + 30)))


def _gauss(far: Floats, spread: Floats) -> Floats:
    """Density (a square km) of a two-dimensional normal at a distance."""
    density: Floats = np.exp(-((far / spread) ** 2) / 2) / (2 * np.pi * spread**2)
    return density


def _numbered(keys: Ints) -> Ints:
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _level(events: Events, name: str, i: Ints, j: Ints, gap: Floats) -> Ints:
    """How far apart two events are in a field, 0 the same; -1 where either is unknown."""
    if name == "time":
        return np.where(np.isnan(gap), -1, np.minimum(np.nan_to_num(gap), 4)).astype(np.int64)
    if name in ("type", "actor", "place"):
        codes: Ints = getattr(events, name)
        return np.where((codes[i] < 0) | (codes[j] < 0), -1, (codes[i] != codes[j]).astype(np.int64))
    return _count_level(events.counts[name], i, j)


def _count_level(ends: tuple[Floats, Floats], i: Ints, j: Ints) -> Ints:
    low, high = ends
    below = np.fmin(high[i], high[j])  # the ranges meet where the larger minimum is not above the smaller maximum
    above = np.fmax(low[i], low[j])
    meet = above <= below
    near = (above <= 1.5 * below) | (above - below <= 1)
    known = ~(np.isnan(low[i]) & np.isnan(high[i])) & ~(np.isnan(low[j]) & np.isnan(high[j]))
    level = np.where(meet, 0, np.where(near, 1, 2))
    # "at least some" meets everything and says nothing
    vague = (np.isinf(high[i]) & (np.nan_to_num(low[i]) <= 2)) | (np.isinf(high[j]) & (np.nan_to_num(low[j]) <= 2))
    return np.where(known & ~vague, level, -1).astype(np.int64)


def _by_chance(events: Events, name: str) -> Floats:
    """Shares of the levels among unrelated events: each event against others that stand a fixed way off in the list."""
    n = len(events)
    size = len(_LEVELS[name][1])
    seen = np.full(size, 0.5)
    for shift in {max(1, n // 7), max(1, n // 3), max(1, n // 2)}:
        i = np.arange(n, dtype=np.int64)
        level = _level(events, name, i, (i + shift) % n, np.zeros(n))
        seen += np.bincount(level[level >= 0], minlength=size)[:size]
    shares: Floats = seen / seen.sum()
    return shares
