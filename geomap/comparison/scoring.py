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
from geomap.comparison.events import Events, Floats, Ints
from geomap.comparison.fields import BELIEF, CAP, Fields
from geomap.comparison.habits import Habits
from geomap.comparison.location import Location, Scatter
from geomap.comparison.rivals import Rivals

ROUNDS = 12
ENOUGH = 150_000  # pairs to learn from; a stretch of time holds an event's rivals together, so stretches are taken
STRETCHES = 12
FIELDS = ("location", "time", "type", "actor", "strikes", "killed", "vehicles_destroyed", "place", "prior")
MOST = 0.9  # no list has nearly all of another
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
    fields = Fields(events, Habits(events), background)
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


class _Pairs:
    """Everything about the pairs that does not change while the model is learnt."""

    def __init__(self, events: Events, i: Ints, j: Ints, background: Background, fields: Fields, share: float = 1.0) -> None:
        self.i, self.j, self.habits = i, j, fields.habits
        self.far, self.gap = distance_km(events, i, j), days_apart(events, i, j)
        self.habit = self.habits.of(i, j)
        self.location = Location(events, i, j, self.far, background, self.habit, self.habits.many)
        self.rivals = Rivals(events, i, j)
        self.fields = fields.compare(i, j, self.far, self.gap)
        self.unplaced = np.where(np.isnan(self.far), UNPLACED - np.log2(background.theatres(i, j)), 0.0)
        self.might = self.habits.might(background.around, share)

    def start(self) -> Model:
        """What is believed before any pair is seen."""
        shares = {name: field.start(BELIEF[name]) for name, field in self.fields.items()}
        return Model(self.location.start(), shares, np.full(self.habits.many, COVERAGE))

    def score(self, model: Model) -> Scored:
        bits: dict[str, Floats] = {"location": self.location.bits(model.scatter)}
        for name, field in self.fields.items():
            bits[name] = field.bits(model.shares[name], CAP.get(name, np.inf))
        bits["prior"] = self.habits.prior_bits(model.coverage)[self.habit] + self.unplaced
        bits = {name: bits[name] for name in FIELDS}
        total = np.zeros(len(self.i))
        for found in bits.values():
            total += found
        return Scored(self.i, self.j, bits, total, self.rivals.chance(total), self.far, self.gap, model)

    def learn(self, model: Model, weight: Floats) -> None:
        """One step of expectation maximisation; the beliefs count as so many pairs."""
        for name, field in self.fields.items():
            model.shares[name] = field.learn(weight, BELIEF[name])
        self.location.learn(model.scatter, weight)
        met = np.bincount(self.habit, weight, self.habits.many)
        overall = (met.sum() + 10 * COVERAGE) / (self.might.sum() + 10)
        model.coverage = np.clip((met + 10 * overall) / (self.might + 10), 1e-3, MOST)
