"""Simulate what several compilers publish about one air campaign: the rows of each source, and which are one strike.

Like compilations of drone and air strikes in thinly reported theatres: a few sources, some hundred strikes over years, most
coordinates a town's or a district's, many without a stated uncertainty or with one that is not meant, some far off; days
shifted by the time zone or the day of the news; strikes counted apart by one source and together by another; deaths as
ranges that differ; places in free spelling. Nothing here knows the comparison's model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

KM = 111.195
SYLLABLES = "ba da ga ha ja ka la ma na ra sa ta wa za mir dar kot gul shah sho abd bin had ram jan zai wal qa mar bel".split()


@dataclass(frozen=True)
class Regime:
    """One campaign and the habits of its compilers."""

    strikes: int = 500
    days: int = 2500
    width_km: float = 300.0
    towns: int = 120
    districts: int = 12
    crowding: float = 1.2  # exponent: how much of it falls on the most struck towns
    sources: int = 3
    coverage: tuple[float, float] = (0.5, 0.95)
    exact: float = 0.2  # shares of how a row is placed; the rest stands on its town
    district: float = 0.2
    missing: float = 0.03
    gross: float = 0.05
    declared: str = "none"  # none, honest, dishonest, mixed
    shifted: float = 0.15  # chance of a day earlier or later
    vague: float = 0.02  # share dated by week or month only
    split: float = 0.05  # share told as two rows by some sources
    killed_known: float = 0.85
    names: bool = True
    one_type: bool = True
    busy: float = 0.15  # share of strikes that follow another within a day and thirty kilometres


REGIMES = {
    "thin": Regime(),
    "few": Regime(strikes=200, sources=2, towns=60),
    "sparse": Regime(strikes=250, days=4000, busy=0.04, split=0.02, sources=3),
    "many sources": Regime(strikes=300, sources=5, gross=0.08),
    "honest": Regime(declared="honest", exact=0.4),
    "dishonest": Regime(declared="dishonest", gross=0.1),
    "mixed": Regime(declared="mixed", strikes=800, district=0.3),
    "centroids": Regime(district=0.5, exact=0.05, missing=0.1, width_km=400),
    "busy": Regime(strikes=900, days=1500, busy=0.35),
    "wide": Regime(width_km=900, districts=20, towns=250, strikes=700),
    "no names": Regime(names=False, declared="mixed"),
    "no deaths": Regime(killed_known=0.25),
    "sharp": Regime(exact=0.8, district=0.05, gross=0.03, declared="honest", busy=0.3),
}


def simulate(regime: Regime, seed: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Rows as a table of the sources would hold them, and the strike behind each id."""
    rng = np.random.default_rng(seed)
    world = _World(regime, rng)
    rows: list[dict[str, Any]] = []
    truth: dict[str, int] = {}
    for number in range(regime.sources):
        source = _Source(f"source-{number}", world, replace(regime), rng)
        told = np.flatnonzero(rng.random(regime.strikes) < rng.uniform(*regime.coverage))
        for strike in told.tolist():
            for row in source.rows(strike):
                row["id"] = f"s{number}-{len(rows):05d}"
                truth[row["id"]] = strike
                rows.append(row)
    return rows, truth


class _World:
    """What happened."""

    def __init__(self, regime: Regime, rng: np.random.Generator) -> None:
        n, half = regime.strikes, regime.width_km / 2
        self.districts = rng.uniform(-half, half, (regime.districts, 2))
        self.district_names = [_name(rng) for _ in self.districts]
        self.towns = rng.uniform(-half, half, (regime.towns, 2))
        self.of = np.argmin(np.linalg.norm(self.towns[:, None] - self.districts, axis=2), axis=1)
        self.centroids = np.array(
            [self.towns[self.of == d].mean(axis=0) if (self.of == d).any() else c for d, c in enumerate(self.districts)]
        )
        self.town_names = [_name(rng) for _ in self.towns]
        weight = (1.0 + np.arange(regime.towns)) ** -regime.crowding
        self.town = rng.choice(regime.towns, n, p=weight / weight.sum())
        bursts = rng.uniform(0, regime.days, max(3, n // 40))
        self.day = np.clip(rng.choice(bursts, n) + rng.normal(0, regime.days / 15, n), 0, regime.days).astype(int)
        self.killed = np.floor(rng.lognormal(1.3, 0.8, n)).astype(int)
        self.place = self.towns[self.town] + rng.normal(0, 4, (n, 2))
        for strike in np.flatnonzero(rng.random(n) < regime.busy).tolist():
            other = int(rng.integers(n))
            self.day[strike] = self.day[other] + rng.integers(0, 2)
            near = np.linalg.norm(self.towns - self.place[other], axis=1)
            self.town[strike] = rng.choice(np.argsort(near)[:4])
            self.place[strike] = self.towns[self.town[strike]] + rng.normal(0, 4, 2)


class _Source:
    """What one compiler makes of it."""

    def __init__(self, name: str, world: _World, regime: Regime, rng: np.random.Generator) -> None:
        self.name, self.world, self.regime, self.rng = name, world, regime, rng
        self.drift = rng.normal(0, 1.5, (len(world.towns), 2))  # its gazetteer puts towns a little elsewhere
        self.offset = rng.normal(0, 8, (len(world.centroids), 2))
        self.exact = regime.exact * rng.uniform(0.3, 1.7)
        self.district = regime.district * rng.uniform(0.3, 1.7)
        self.spelling = rng.random() < 0.7
        declared = regime.declared
        self.declared = str(rng.choice(["none", "honest", "dishonest"])) if declared == "mixed" else declared
        self.actor = str(rng.choice(["US forces", "United States", "U.S.", "Coalition", ""]))
        self.type = "drone strike" if regime.one_type else ""

    def rows(self, strike: int) -> list[dict[str, Any]]:
        """One row, or two where it counts apart what others count together."""
        if self.rng.random() < self.regime.split / 2:
            dead = int(self.world.killed[strike])
            return [self._row(strike, dead // 2), self._row(strike, dead - dead // 2)]
        return [self._row(strike, int(self.world.killed[strike]))]

    def _row(self, strike: int, dead: int) -> dict[str, Any]:
        rng, regime = self.rng, self.regime
        first, last = self._days(int(self.world.day[strike]))
        lat, lon, radius, place = self._where(strike)
        low, high = self._deaths(dead) if rng.random() < regime.killed_known else (None, None)
        return {
            "source": self.name, "date_earliest": first, "date_latest": last, "lat": lat, "lon": lon,
            "uncertainty_m": radius, "event_type": self.type or str(rng.choice(["air strike", "drone strike"])),
            "actor": self.actor or None, "killed_min": low, "killed_max": high, "place": place if regime.names else None,
        }  # fmt: skip

    def _days(self, day: int) -> tuple[str, str]:
        if self.rng.random() < self.regime.shifted:
            day += int(self.rng.choice([-1, 1, 1]))
        spread = 0
        if self.rng.random() < self.regime.vague:
            spread = int(self.rng.choice([3, 7, 15]))
        start = np.datetime64("2010-01-01") + day
        return str(start - spread), str(start + spread)

    def _deaths(self, dead: int) -> tuple[float, float]:
        rng = self.rng
        middle = max(0, round(dead * float(np.exp(rng.normal(0, 0.2))) + rng.choice([0, 0, 0, 1, -1])))
        return float(middle), float(middle + (rng.integers(0, 4) if rng.random() < 0.4 else 0))

    def _where(self, strike: int) -> tuple[float | None, float | None, float | None, str | None]:
        rng, world, regime = self.rng, self.world, self.regime
        town, kind = int(world.town[strike]), rng.random()
        district = int(world.of[town])
        name = world.town_names[town]
        if kind < self.exact:
            point, true_radius = world.place[strike] + rng.normal(0, 0.7, 2), 2.0
        elif kind < self.exact + self.district:
            point, true_radius, name = world.centroids[district] + self.offset[district], 50.0, world.district_names[district]
        else:
            point, true_radius = world.towns[town] + self.drift[town], 10.0
        if rng.random() < 0.3:
            name = f"{name}, {world.district_names[district]}" if name != world.district_names[district] else name
        if rng.random() < regime.gross:
            point = point + rng.normal(0, rng.choice([25.0, 80.0]), 2)
        told = {"none": None, "honest": true_radius * 1000, "dishonest": float(rng.choice([1000.0, 5000.0, 25000.0]))}
        name = _respelt(name, rng) if self.spelling else name
        if rng.random() < regime.missing:
            return None, None, None, name
        lat = 15 + point[1] / KM
        return lat, 45 + point[0] / (KM * np.cos(np.radians(lat))), told[self.declared], name


def _name(rng: np.random.Generator) -> str:
    return "".join(rng.choice(SYLLABLES, int(rng.integers(2, 4)))).capitalize()


def _respelt(name: str, rng: np.random.Generator) -> str:
    """Another romanisation: a vowel changed, a letter doubled, a designator added."""
    letters = list(name)
    for at, letter in enumerate(letters):
        if letter in "aeiou" and rng.random() < 0.15:
            letters[at] = str(rng.choice(["a", "e", "i", "u", "o", ""]))
        elif letter == "q" and rng.random() < 0.5:
            letters[at] = "k"
    again = "".join(letters)
    return f"{again} {rng.choice(['village', 'area', 'town', 'district'])}" if rng.random() < 0.2 else again
