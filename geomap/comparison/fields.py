"""What the fields of two events have in common: a level of agreement for each pair, and how often strangers reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geomap.comparison.background import Background
from geomap.comparison.counts import Counts
from geomap.comparison.events import COUNTS, Events, Floats, Ints, Levels
from geomap.comparison.habits import Habits
from geomap.comparison.neighbours import Neighbours
from geomap.comparison.words import Words, actors_of

# What is believed before any pair is seen: shares of true pairs at each level.
BELIEF: Mapping[str, tuple[float, ...]] = {
    # days apart: 0; 1 either way, 2, 3, 4
    "time": (0.84, 0.065, 0.065, 0.01, 0.01, 0.003, 0.003, 0.002, 0.002),
    "type": (0.85, 0.03, 0.12),  # the telling words in common, some, none
    "actor": (0.75, 0.05, 0.20),
    "strikes": (0.75, 0.10, 0.06, 0.05, 0.04),  # ranges meet, within one, half as much again, two and a half times, farther
    "killed": (0.60, 0.15, 0.10, 0.08, 0.07),
    "vehicles_destroyed": (0.75, 0.10, 0.06, 0.05, 0.04),
    "place": (0.70, 0.10, 0.20),
}
CAP = {"type": 3.0, "actor": 3.0, "place": 7.0}  # bits: agreement in one word is never proof
STRENGTH = 20.0  # pairs that a belief counts as; for two data sets, what is found over all
FAR_KM = (5.0, 25.0)  # names agree the more often, the nearer two points lie


@dataclass(frozen=True)
class Compared:
    """One field of all pairs: its level (-1 unknown), the chance that strangers come so near, the group it learns with."""

    level: Levels
    chance: Floats
    group: Ints
    of: Ints  # groups of groups: what one group has seen too little of, it takes from all of its kind

    def start(self, belief: tuple[float, ...]) -> Floats:
        """Shares of the levels among true pairs, a row a group, before any pair is seen."""
        return np.repeat(np.array([belief]), len(self.of), axis=0)

    def bits(self, shares: Floats, cap: float) -> Floats:
        """log2 of how much oftener true pairs stand at the level than strangers; 0 where it is unknown."""
        told = np.flatnonzero(self.level >= 0)
        found: Floats = np.zeros(len(self.level), np.float32)
        found[told] = np.clip(np.log2(shares[self.group[told], self.level[told]] / self.chance[told]), -cap, cap)
        return found

    def learn(self, weight: Floats, belief: tuple[float, ...]) -> Floats:
        """The shares as the pairs have them, each pair counting as much as it is likely to be true."""
        known = self.level >= 0
        cell = self.group[known] * len(belief) + self.level[known]
        seen: Floats = np.bincount(cell, weight[known], len(self.of) * len(belief)).reshape(len(self.of), -1).astype(float)
        of_kind = np.zeros((int(self.of.max(initial=0)) + 1, len(belief)))
        np.add.at(of_kind, self.of, seen)
        kind = _shares(of_kind, _shares(of_kind.sum(axis=0), np.array(belief)))
        return _shares(seen, kind[self.of])


def _shares(seen: Floats, belief: Floats) -> Floats:
    found: Floats = (seen + STRENGTH * belief) / (seen.sum(axis=-1, keepdims=True) + STRENGTH)
    return found


class Fields:
    """The fields that compare words and counts, prepared once for all events."""

    def __init__(self, events: Events, habits: Habits, background: Background) -> None:
        self.events, self.habits, self.background = events, habits, background
        self.words = {"type": Words(events, "event_type"), "actor": Words(events, "actor", read=actors_of),
                      "place": Words(events, "anchor_name", "place", "location")}  # fmt: skip
        self.counts = {name: Counts(events, name) for name in COUNTS}
        self.neighbours = Neighbours(background, self.words["place"])
        self.by_lot = {name: self._by_lot(words) for name, words in self.words.items()}

    def compare(self, i: Ints, j: Ints, far: Floats, gap: Floats) -> dict[str, Compared]:
        """All fields of some pairs."""
        habit = self.habits.of(i, j)
        one_kind = np.zeros(self.habits.many, np.int64)
        found = {"time": Compared(*self._days(i, j, gap), habit, one_kind)}
        for name, counts in self.counts.items():
            found[name] = Compared(*counts.compare(i, j), habit, one_kind)
        for name in ("type", "actor"):
            level, chance, _ = self.words[name].compare(i, j)
            found[name] = Compared(level, self._chance(name, level, chance, habit), habit, one_kind)
        near = np.where(np.isnan(far), len(FAR_KM) + 1, np.digitize(far, FAR_KM)).astype(np.int64)
        kinds = np.repeat(np.arange(len(FAR_KM) + 2), self.habits.many)
        found["place"] = Compared(*self._places(i, j, far, habit), near * self.habits.many + habit, kinds)
        return found

    def _days(self, i: Ints, j: Ints, gap: Floats) -> tuple[Levels, Floats]:
        """Days apart and which is the later; the chance is of unrelated events that would lie so."""
        apart = np.minimum(np.nan_to_num(gap), 4).astype(np.int8)
        later = (self.events.first[i] > self.events.last[j]) == (self.events.party[i] < self.events.party[j])
        level = np.where(np.isnan(gap), -1, np.where(apart == 0, 0, 2 * apart - later)).astype(np.int8)
        long = self.events.last - self.events.first
        days = np.where(level == 0, long[i] + long[j] + 1, 1.0)
        chance: Floats = np.clip(days * self.background.a_day(i, j), 1e-9, 1.0)
        return level, chance

    def _by_lot(self, words: Words) -> Floats:
        """How often strangers reach levels 1 and 2 (some, no words in common), a row a level, a column a habit."""
        one, other = self.habits.strangers()
        level, of, many = words.compare(one, other)[0], self.habits.of(one, other), self.habits.many
        some, none = (np.bincount(of[level == at], minlength=many) for at in (1, 2))
        told = np.bincount(of[level >= 0], minlength=many) + 5.0
        return np.stack([np.ones(many), np.maximum((some + 0.5) / told, 0.02), np.maximum((none + 3) / told, 0.05)])

    def _chance(self, name: str, level: Levels, chance: Floats, habit: Ints) -> Floats:
        """Strangers share a word as often as their lists have it, and less as pairs drawn by lot do."""
        return np.where(level > 0, self.by_lot[name][np.maximum(level, 0), habit], chance).astype(np.float32)

    def _places(self, i: Ints, j: Ints, far: Floats, habit: Ints) -> tuple[Levels, Floats]:
        """Levels of place names. Where points are known, the strangers to be told from are those of about there."""
        words = self.words["place"]
        level, chance, word = words.compare(i, j)
        found = self._chance("place", level, chance, habit)
        told = np.flatnonzero((level >= 0) & np.isfinite(far))
        if len(told):
            none = level[told] == 2
            mine, yours = (np.where(none, words.most_telling[words.code[end[told]]], word[told]) for end in (i, j))
            local = self.neighbours.sharing(i[told], j[told], mine, yours, far[told])
            found[told] = np.where(none, np.clip(1 - local, 0.05, 1.0), np.clip(local, 0.002, 1.0))
        return level, found
