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
from geomap.comparison.words import PLACE, Words, actors_of

# What is believed before any pair is seen: shares of true pairs at each level. Days: the same (interval); overlapping ones; 1 day
# apart, either way; 2; 3; 4. Of two single days, of a day and an interval, of two intervals.
_APART = (0.065, 0.065, 0.01, 0.01, 0.003, 0.003, 0.002, 0.002)
BELIEVED_DAYS = ((0.83, 0.01, *_APART), (0.01, 0.83, *_APART), (0.44, 0.4, *_APART))
BELIEF: Mapping[str, tuple[float, ...]] = {
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
    kind: Ints  # of each group: what a group has seen too little of, it takes from all of its kind
    belief: Floats  # shares of the levels among true pairs, a row a kind

    def start(self) -> Floats:
        """The shares before any pair is seen, a row a group."""
        return self.belief[self.kind]

    def bits(self, shares: Floats, cap: float) -> Floats:
        """log2 of how much oftener true pairs stand at the level than strangers; 0 where it is unknown."""
        told = np.flatnonzero(self.level >= 0)
        found: Floats = np.zeros(len(self.level), np.float32)
        found[told] = np.clip(np.log2(shares[self.group[told], self.level[told]] / self.chance[told]), -cap, cap)
        return found

    def learn(self, weight: Floats) -> Floats:
        """The shares as the pairs have them, each pair counting as much as it is likely to be true."""
        known, levels = self.level >= 0, self.belief.shape[1]
        cell = self.group[known] * levels + self.level[known]
        seen: Floats = np.bincount(cell, weight[known], len(self.kind) * levels).reshape(len(self.kind), -1).astype(float)
        of_kind = np.zeros(self.belief.shape)
        np.add.at(of_kind, self.kind, seen)
        return _shares(seen, _shares(of_kind, self.belief)[self.kind])


def _shares(seen: Floats, belief: Floats) -> Floats:
    found: Floats = (seen + STRENGTH * belief) / (seen.sum(axis=-1, keepdims=True) + STRENGTH)
    return found


class Fields:
    """The fields that compare words and counts, prepared once for all events."""

    def __init__(self, events: Events, habits: Habits, background: Background) -> None:
        self.events, self.habits, self.background = events, habits, background
        self.words = {"type": Words(events, "event_type"), "actor": Words(events, "actor", read=actors_of),
                      "place": Words(events, *PLACE)}  # fmt: skip
        self.counts = {name: Counts(events, name) for name in COUNTS}
        self.neighbours = Neighbours(background, self.words["place"])
        self.by_lot = {name: self._by_lot(words) for name, words in self.words.items()}

    def compare(self, i: Ints, j: Ints, far: Floats, gap: Floats) -> dict[str, Compared]:
        """All fields of some pairs."""
        habit = self.habits.of(i, j)
        found = {"time": Compared(*self._days(i, j, gap), *self._groups(self._dated(i, j), habit, 3), np.array(BELIEVED_DAYS))}
        plain = self._groups(np.zeros(len(i), np.int64), habit, 1)
        for name, counts in self.counts.items():
            found[name] = Compared(*counts.compare(i, j), *plain, np.array([BELIEF[name]]))
        for name in ("type", "actor"):
            level, chance, _ = self.words[name].compare(i, j)
            found[name] = Compared(level, self._chance(name, level, chance, habit), *plain, np.array([BELIEF[name]]))
        near = np.where(np.isnan(far), len(FAR_KM) + 1, np.digitize(far, FAR_KM)).astype(np.int64)
        kinds = len(FAR_KM) + 2
        belief = np.repeat(np.array([BELIEF["place"]]), kinds, axis=0)
        found["place"] = Compared(*self._places(i, j, far, habit), *self._groups(near, habit, kinds), belief)
        return found

    def _groups(self, kind: Ints, habit: Ints, kinds: int) -> tuple[Ints, Ints]:
        """The group of each pair, one for each kind and two data sets, and the kind of each group."""
        return kind * self.habits.many + habit, np.repeat(np.arange(kinds), self.habits.many)

    def _dated(self, i: Ints, j: Ints) -> Ints:
        """0 two single days, 1 a day and an interval, 2 two intervals."""
        long = (self.events.last > self.events.first).astype(np.int64)
        kind: Ints = long[i] + long[j]
        return kind

    def _days(self, i: Ints, j: Ints, gap: Floats) -> tuple[Levels, Floats]:
        """Days apart and which is the later; the chance is of unrelated events that would lie so."""
        events = self.events
        apart = np.minimum(np.nan_to_num(gap), 4).astype(np.int8)
        later = (events.first[i] > events.last[j]) == (events.party[i] < events.party[j])
        equal = (events.first[i] == events.first[j]) & (events.last[i] == events.last[j])
        level = np.where(np.isnan(gap), -1, np.where(apart > 0, 2 * apart + 1 - later, 1 - equal)).astype(np.int8)
        long = np.nan_to_num(events.last - events.first)
        _, same, times = np.unique(long, return_inverse=True, return_counts=True)
        usual = np.where(long == 0, 1.0, times[same] / max(len(long), 1))  # how many intervals are as long as this one
        days = np.where(level == 0, usual[i], np.where(level == 1, long[i] + long[j] + 1, 1.0))
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
