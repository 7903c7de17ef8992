"""How much each field speaks for one incident: log2 Bayes factors, with rates learnt from the pairs themselves.

The model is Fellegi and Sunter's (1969), its parameters found by expectation maximisation, with three things of its own:
the location's factor is a density of the distance over the density of events about there, so that a match in an empty
desert counts more than one in a crowded town and a country's centroid counts almost nothing; agreement counts by how rare
it is (seventeen killed, a village's name); and an event has at most one counterpart in another party, so its candidates
compete. Where data sets are few, what two of them have in the habit of doing is learnt for those two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geomap.comparison import location
from geomap.comparison.background import Background
from geomap.comparison.blocking import days_apart, distance_km
from geomap.comparison.counts import Counts
from geomap.comparison.events import COUNTS, FEW_PARTIES, Events, Floats, Ints, Levels
from geomap.comparison.location import Location, Scatter
from geomap.comparison.rivals import Rivals
from geomap.comparison.words import Words

ROUNDS = 12
ENOUGH = 150_000  # pairs to learn from; a stretch of time holds an event's rivals together, so stretches are taken
STRETCHES = 12
FIELDS = ("location", "time", "type", "actor", "strikes", "killed", "vehicles_destroyed", "place", "prior")
# What is believed before any pair is seen: shares of true pairs at each level, conventions that count as so many pairs.
STRENGTH = 20.0
BELIEF: Mapping[str, tuple[float, ...]] = {
    "time": (0.84, 0.13, 0.02, 0.006, 0.004),  # 0, 1, 2, 3, 4 days apart
    "type": (0.85, 0.03, 0.12),  # the telling words in common, some, none
    "actor": (0.75, 0.05, 0.20),
    "strikes": (0.75, 0.10, 0.06, 0.05, 0.04),  # ranges meet, within one, half as much again, two and a half times, farther
    "killed": (0.60, 0.15, 0.10, 0.08, 0.07),
    "vehicles_destroyed": (0.75, 0.10, 0.06, 0.05, 0.04),
    "place": (0.70, 0.10, 0.20),
}
CAP = {"type": 3.0, "actor": 3.0, "place": 7.0}  # bits: agreement in one word is never proof
COVERAGE = 0.35  # believed chance that an event has a counterpart in another given party
UNPLACED = -1.0  # bits: an event without a position may be anywhere, also where no other is looked for
FIRST_SCALE, FIRST_UNKNOWN_KM = 0.6, 15.0  # for finding candidates, before anything is learnt


@dataclass
class Model:
    """What is learnt: scatter of positions, how often sources agree on each field, how often they tell the same strikes."""

    scatter: Scatter
    shares: dict[str, Floats]
    coverage: Floats  # of each pair of data sets

    def sigma_km(self, events: Events) -> Floats:
        """Standard deviation an axis of each event's position, km."""
        return location.sigma_km(events, self.scatter)


def first_sigma_km(events: Events) -> Floats:
    """The same before anything is learnt."""
    return np.where(np.isnan(events.radius_km), FIRST_UNKNOWN_KM, np.hypot(FIRST_SCALE * events.radius_km, location.FLOOR_KM))


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
    model: Model


def score(events: Events, i: Ints, j: Ints) -> Scored:
    """Learn the model from the pairs and score them with it."""
    background = Background(events)
    fields = _Fields(events)
    some = _stretches(events, i)
    pairs = _Pairs(events, i[some], j[some], background, fields, share=len(some) / max(len(i), 1))
    model = pairs.start()
    for _ in range(ROUNDS):
        before = model.coverage
        pairs.learn(model, pairs.score(model).chance)
        if np.max(np.abs(model.coverage - before)) < 1e-3:
            break
    chance = pairs.score(model).chance
    model.scatter.own = location.own_scatter(events, pairs.i, pairs.j, pairs.far, chance, model.scatter)
    return (pairs if len(some) == len(i) else _Pairs(events, i, j, background, fields)).score(model)


def _stretches(events: Events, i: Ints) -> Ints:
    """All pairs, or of very many those of a dozen stretches of time, spread evenly."""
    if len(i) <= 2 * ENOUGH:
        return np.arange(len(i))
    by_day = np.argsort(events.first[i], kind="stable")
    starts = np.linspace(0, len(i) - ENOUGH // STRETCHES, STRETCHES).astype(np.int64)
    taken = np.unique((starts[:, None] + np.arange(ENOUGH // STRETCHES)).ravel())
    some: Ints = by_day[taken]
    return some


class _Fields:
    """The fields that compare words and counts, prepared once for all events."""

    def __init__(self, events: Events) -> None:
        self.compared: dict[str, Words | Counts] = {
            "type": Words(events, "event_type"),
            "actor": Words(events, "actor"),
            **{name: Counts(events, name) for name in COUNTS},
            "place": Words(events, "anchor_name", "place", "location"),
        }


class _Pairs:
    """Everything about the pairs that does not change while the model is learnt."""

    def __init__(self, events: Events, i: Ints, j: Ints, background: Background, fields: _Fields, share: float = 1.0) -> None:
        self.events, self.i, self.j, self.background, self.share = events, i, j, background, share
        self.far, self.gap = distance_km(events, i, j), days_apart(events, i, j)
        self.habit = _habits(events, i, j)
        self.location = Location(events, i, j, self.far, background, self.habit, _how_many_habits(events))
        self.rivals = Rivals(events, i, j)
        self.level: dict[str, Levels] = {}
        self.by_chance: dict[str, Floats] = {}
        for name, field in fields.compared.items():
            self.level[name], chance = field.compare(i, j)
            self.by_chance[name] = _by_chance(field, events, chance, self.level[name]).astype(np.float32)
        self.level["time"] = np.where(np.isnan(self.gap), -1, np.minimum(np.nan_to_num(self.gap), 4)).astype(np.int8)
        self.by_chance["time"] = self._days_by_chance()

    def _days_by_chance(self) -> Floats:
        """Unrelated events expected on the days on which two unrelated intervals would be this far apart."""
        long = self.events.last - self.events.first
        days = np.where(self.level["time"] == 0, long[self.i] + long[self.j] + 1, 2.0)
        chance: Floats = np.clip(days * self.background.a_day(self.i, self.j), 1e-9, 1.0)
        return chance

    def start(self) -> Model:
        """What is believed before any pair is seen."""
        shares = {name: np.array(belief) for name, belief in BELIEF.items()}
        return Model(self.location.start(), shares, np.full(_how_many_habits(self.events), COVERAGE))

    def score(self, model: Model) -> Scored:
        bits: dict[str, Floats] = {"location": self.location.bits(model.scatter)}
        for name, level in self.level.items():
            bits[name] = np.zeros(len(level), np.float32)
            told = np.flatnonzero(level >= 0)
            found = np.log2(model.shares[name][level[told]] / self.by_chance[name][told])
            cap = CAP.get(name, np.inf)
            bits[name][told] = np.clip(found, -cap, cap)
        # A place's name repeats what a good position says already: it speaks where position is missing or vague.
        bits["place"] = bits["place"] * np.where(np.isnan(self.far), 1.0, np.clip(1 - bits["location"] / 8, 0.25, 0.6))
        coverage = model.coverage[self.habit]
        bits["prior"] = np.log2(coverage / (1 - coverage)) + np.where(np.isnan(self.far), UNPLACED, 0.0)
        bits = {name: bits[name] for name in FIELDS}
        total = np.zeros(len(self.i))
        for found in bits.values():
            total += found
        return Scored(self.i, self.j, bits, total, self.rivals.chance(total), self.far, self.gap, model)

    def learn(self, model: Model, weight: Floats) -> None:
        """One step of expectation maximisation; the beliefs count as so many pairs."""
        for name, belief in BELIEF.items():
            known = self.level[name] >= 0
            seen = np.bincount(self.level[name][known], weight[known], len(belief)) + STRENGTH * np.array(belief)
            model.shares[name] = seen / seen.sum()
        self.location.learn(model.scatter, weight)
        n = len(model.coverage)
        met, might = np.bincount(self.habit, weight, n), self._might(n)
        overall = (met.sum() + 10 * COVERAGE) / (might.sum() + 10)
        model.coverage = np.clip((met + 10 * overall) / (might + 10), 1e-3, 0.95)

    def _might(self, n: int) -> Floats:
        """How many counterparts there might have been, for each pair of data sets: as many as the smaller has events."""
        parties = np.bincount(self.events.party)
        if len(parties) > FEW_PARTIES:  # reports: each could be about any event of about its time
            around = np.maximum(self.background.around - 1, 0)
            return np.array([float(np.nansum(around)) / 2 * len(parties) / len(self.events) * self.share])
        if len(parties) < 2:
            return np.ones(n)
        first, second = np.triu_indices(len(parties), 1)
        might = np.zeros(n)
        might[_habit(first, second)] = np.minimum(parties[first], parties[second]) * self.share
        return might


def _habits(events: Events, i: Ints, j: Ints) -> Ints:
    """The pair of data sets that a pair of events is of, numbered; 0 for all where parties are many."""
    if int(events.party.max(initial=0)) >= FEW_PARTIES:
        return np.zeros(len(i), np.int64)
    one, other = events.party[i], events.party[j]
    return _habit(np.minimum(one, other), np.maximum(one, other))


def _how_many_habits(events: Events) -> int:
    parties = int(events.party.max(initial=0)) + 1
    return 1 if parties > FEW_PARTIES else max(parties * (parties - 1) // 2, 1)


def _habit(low: Ints, high: Ints) -> Ints:
    number: Ints = high * (high - 1) // 2 + low
    return number


def _by_chance(field: Words | Counts, events: Events, chance: Floats, level: Levels) -> Floats:
    """The chance of each pair's level by accident; for words that share little or nothing, from a sample of strangers."""
    if isinstance(field, Counts):
        return chance
    n = len(events)
    everyone = np.arange(n, dtype=np.int64)[:: max(1, n // 20_000)]
    strangers = [field.compare(everyone, (everyone + shift) % n)[0] for shift in {max(1, n // 7), max(1, n // 3), max(1, n // 2)}]
    seen = np.concatenate(strangers) if n else np.zeros(0, np.int64)
    some, none = (
        (np.count_nonzero(seen == level) + usual) / (np.count_nonzero(seen >= 0) + 5.0) for level, usual in ((1, 0.5), (2, 3.0))
    )
    return np.choose(np.maximum(level, 0), [chance, max(some, 0.02), max(none, 0.05)])
