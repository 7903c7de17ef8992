"""Simulate compilations of one theatre of strikes that are as untidy as real ones: what each compiler's table would hold.

A theatre is some hot districts with a town each and villages about it; the war moves through them and has its peak. Strikes
follow each other on a day about one town. Compilers know a strike's village, its town or its district only; they look
coordinates up in gazetteers of their own, which put a village on its namesake, round it to minutes or have it not at all;
they date by the night, the morning after or the announcement, by a month in old rows; count militants, all dead or none;
put several strikes of a day into one row, enter one twice, begin late or stop early, and list what others leave out.
Nothing here knows the comparison's model; true incidents hold what different compilers meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

KM = 111.195
START = np.datetime64("2007-01-01")
ONSETS = "b d f g h j k l m n q r s t w y z sh kh gh mb dh".split()
VOWELS = "a a a e i o u aa ee oo".split()
CODAS = ["", "", "", "r", "n", "l", "m", "sh", "d", "b"]


@dataclass(frozen=True)
class Theatre:
    """One campaign; shares are means, about which compilers differ."""

    strikes: int = 400
    days: int = 3000
    districts: int = 6
    width_km: float = 350.0
    villages: int = 12  # about each district's town
    reach_km: float = 14.0  # of the villages about it
    peak: float = 4.0  # how much denser the worst year was than a quiet one
    same_day: float = 0.15  # strikes that follow another on its day or the next, about the same town
    sources: int = 3
    coverage: tuple[float, float] = (0.6, 0.95)
    village: float = 0.45  # share of rows that know the village; of the rest half the town, half the district
    namesake: float = 0.06  # villages that a gazetteer puts somewhere else altogether
    missing: float = 0.1
    radius: str = "none"  # none, by level, wrong
    off_day: float = 0.12
    month_only: float = 0.02
    killed: float = 0.85
    together: float = 0.06  # share of days of several strikes that a compiler tells as one row
    twice: float = 0.01
    foreign: float = 0.1  # rows about strikes of other forces, which few list
    arabic: bool = False
    names: bool = True


THEATRES = {
    "frontier": Theatre(strikes=420, districts=3, width_km=160, villages=18, peak=8.0, same_day=0.25, missing=0.03),
    "peninsula": Theatre(strikes=320, districts=9, width_km=500, radius="by level", killed=0.75, arabic=True),
    "coast": Theatre(strikes=260, districts=7, width_km=600, month_only=0.01, killed=0.6, village=0.6, arabic=True, foreign=0.2),
    "air war": Theatre(strikes=900, days=900, districts=8, width_km=700, killed=0.5, same_day=0.4, village=0.6, foreign=0.3),
    "no coordinates": Theatre(missing=0.35, village=0.3, month_only=0.05),
    "coarse": Theatre(village=0.1, radius="wrong", peak=6.0),
    "quiet": Theatre(strikes=180, days=4500, same_day=0.04, off_day=0.06, together=0.02, peak=3.0, districts=8, width_km=500),
    "quiet, two lists": Theatre(strikes=180, days=4500, same_day=0.04, off_day=0.06, together=0.02, sources=2, twice=0.0, radius="wrong"),
    "two lists": Theatre(strikes=150, sources=2, twice=0.03),
    "bare": Theatre(names=False, killed=0.5, sources=4),
    "sharp lists": Theatre(village=0.9, namesake=0.02, missing=0.02, radius="by level", same_day=0.3),
}


def simulate(theatre: Theatre, seed: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Rows as a table of the compilers would hold them, and the strike behind each id."""
    rng = np.random.default_rng(seed)
    war = _War(theatre, rng)
    rows: list[dict[str, Any]] = []
    truth: dict[str, int] = {}
    for number in range(theatre.sources):
        for strike, row in _Compiler(f"list {number}", war, theatre, rng).rows():
            row["id"] = f"c{number}-{len(rows):05d}"
            truth[row["id"]] = strike
            rows.append(row)
    return rows, truth


class _War:
    """What happened, and what the places are called."""

    def __init__(self, theatre: Theatre, rng: np.random.Generator) -> None:
        n, half = theatre.strikes, theatre.width_km / 2
        self.towns = rng.uniform(-half, half, (theatre.districts, 2))
        self.centres = self.towns + rng.normal(0, theatre.reach_km, self.towns.shape)
        spread = rng.normal(0, theatre.reach_km, (theatre.districts, theatre.villages, 2))
        self.villages = self.towns[:, None] + spread
        self.town_names = [_name(rng) for _ in self.towns]
        self.district_names = [_name(rng) if rng.random() < 0.5 else name for name in self.town_names]
        self.village_names = [[_name(rng) for _ in range(theatre.villages)] for _ in self.towns]
        self.day = np.sort(_days(theatre, rng))
        favour = rng.dirichlet(np.full(theatre.districts, 0.6), 6)  # the war moves: six phases
        phase = np.minimum((6 * np.arange(n)) // n, 5)
        self.district = np.array([rng.choice(theatre.districts, p=favour[p]) for p in phase])
        liked = rng.dirichlet(np.full(theatre.villages, 0.5), theatre.districts)
        self.village = np.array([rng.choice(theatre.villages, p=liked[d]) for d in self.district])
        for strike in np.flatnonzero(rng.random(n) < theatre.same_day).tolist():
            other = int(rng.integers(n))
            self.day[strike] = self.day[other] + (rng.random() < 0.3)
            self.district[strike] = self.district[other]
            if rng.random() < 0.4:
                self.village[strike] = self.village[other]
        self.dead = np.floor(rng.lognormal(1.4, 0.8, n)).astype(int)
        self.told_village = rng.random(n)  # where the first news named the village, all compilers know it
        self.foreign = rng.random(n) < theatre.foreign


def _days(theatre: Theatre, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Days of strikes: quarters of very different strength about one peak, and within them at random."""
    quarters = max(4, theatre.days // 91)
    curve = 1 + (theatre.peak - 1) * np.exp(-(((np.arange(quarters) - quarters * 0.45) / (quarters * 0.15)) ** 2))
    curve *= rng.lognormal(0, 0.5, quarters)
    quarter = rng.choice(quarters, theatre.strikes, p=curve / curve.sum())
    return np.asarray(quarter * 91 + rng.integers(0, 91, theatre.strikes), dtype=np.int64)


class _Compiler:
    """One list and its habits."""

    def __init__(self, name: str, war: _War, theatre: Theatre, rng: np.random.Generator) -> None:
        self.name, self.war, self.theatre, self.rng = name, war, theatre, rng
        self.coverage = rng.uniform(*theatre.coverage)
        self.village = theatre.village * rng.uniform(0.6, 1.4)
        self.missing = float(np.clip(theatre.missing * rng.choice([0.1, 1.0, 2.0]), 0, 0.9))
        self.towns = war.towns + rng.normal(0, 2.0, war.towns.shape)
        self.centres = war.centres + rng.normal(0, 12.0, war.centres.shape)
        wrong = rng.random(war.villages.shape[:2]) < theatre.namesake
        self.villages = war.villages + rng.normal(0, 1.5, war.villages.shape) + wrong[..., None] * rng.normal(0, 60, war.villages.shape)
        self.decimals = int(rng.choice([1, 2, 2, 3, 5]))
        self.off_day = theatre.off_day * rng.uniform(0.2, 2.0)
        self.counts = str(rng.choice(["all", "all", "fighters", "ranges"]))
        self.actor = str(rng.choice(["US", "United States", "US military", "AFRICOM", ""]))
        self.type = str(rng.choice(["drone strike", "air strike", "airstrike", "strike", ""]))
        self.style = str(rng.choice(["village, district", "near", "area", "bare"]))
        self.romanised = rng.random()
        self.foreign = rng.random() < 0.4
        begin, end = (0.0, 1.0) if rng.random() < 0.5 else sorted(rng.uniform(0, 1, 2))
        self.since, self.until = (begin * theatre.days * 0.3, theatre.days * (1 - 0.3 * (1 - end)))

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """A row for each strike it knows, some for several at once, some twice."""
        war, rng = self.war, self.rng
        known = rng.random(len(war.day)) < self.coverage
        known &= (war.day >= self.since) & (war.day <= self.until) & (~war.foreign | self.foreign)
        done: set[int] = set()
        for strike in np.flatnonzero(known).tolist():
            if strike in done:
                continue
            near = np.flatnonzero(known & (war.day == war.day[strike]) & (war.district == war.district[strike])).tolist()
            if len(near) > 1 and rng.random() < self.theatre.together * 4:
                done.update(near)
                yield strike, self._row(strike, int(war.dead[near].sum()), about_town=True)
                continue
            yield strike, self._row(strike, int(war.dead[strike]))
            if rng.random() < self.theatre.twice:
                yield strike, self._row(strike, int(war.dead[strike]))

    def _row(self, strike: int, dead: int, *, about_town: bool = False) -> dict[str, Any]:
        rng = self.rng
        first, last = self._dates(int(self.war.day[strike]))
        lat, lon, radius, place = self._where(strike, about_town)
        low, high = self._deaths(dead) if rng.random() < self.theatre.killed else (None, None)
        kind = self.type or str(rng.choice(["drone strike", "air strike", "missile strike"]))
        other = bool(self.war.foreign[strike])
        return {
            "source": self.name, "date_earliest": first, "date_latest": last, "lat": lat, "lon": lon, "uncertainty_m": radius,
            "event_type": kind, "actor": ("Kenya" if other and rng.random() < 0.7 else self.actor) or None,
            "killed_min": low, "killed_max": high, "place": place if self.theatre.names else None,
        }  # fmt: skip

    def _dates(self, day: int) -> tuple[str, str]:
        rng = self.rng
        if rng.random() < self.off_day:
            day += int(rng.choice([-1, 1, 1, 1, 2, 3]))
        date = START + day
        if rng.random() < self.theatre.month_only:
            month = date.astype("datetime64[M]")
            return str(month.astype("datetime64[D]")), str((month + 1).astype("datetime64[D]") - 1)
        back = int(rng.random() < 0.05)  # "overnight"
        return str(date - back), str(date)

    def _deaths(self, dead: int) -> tuple[float, float]:
        rng = self.rng
        middle = max(0, round(dead * float(np.exp(rng.normal(0, 0.15))) + rng.choice([0, 0, 0, 0, 1, -1])))
        if self.counts == "fighters":
            middle -= int(rng.binomial(middle, 0.15))
        wide = 0.6 if self.counts == "ranges" else 0.1
        return float(middle), float(middle + (rng.integers(1, 5) if rng.random() < wide else 0))

    def _where(self, strike: int, about_town: bool) -> tuple[float | None, float | None, float | None, str]:
        rng, war = self.rng, self.war
        district, village = int(war.district[strike]), int(war.village[strike])
        # Half of what a compiler knows is what the news had; the rest is its own work.
        knows = (war.told_village[strike] + rng.random()) / 2 < 0.5 + (self.village - 0.5) * 0.7 and not about_town
        if knows:
            point, level = self.villages[district, village], 4_000.0
            name = self._styled(war.village_names[district][village], war.district_names[district])
        elif rng.random() < 0.6 or about_town:
            point, level = self.towns[district], 20_000.0
            name = self._styled(war.town_names[district], war.district_names[district])
        else:
            point, level, name = self.centres[district], 60_000.0, _respelt(war.district_names[district], rng, self.romanised)
        radius = {"none": None, "by level": level, "wrong": float(rng.choice([1_000.0, 5_000.0, 10_000.0]))}[self.theatre.radius]
        if rng.random() < self.missing:
            return None, None, None, name
        lat = 14 + point[1] / KM
        return (
            round(float(lat), self.decimals),
            round(float(46 + point[0] / (KM * np.cos(np.radians(14)))), self.decimals),
            radius,
            name,
        )

    def _styled(self, name: str, district: str) -> str:
        rng = self.rng
        name = _respelt(name, rng, self.romanised)
        if self.style == "village, district":
            return f"{name}, {_respelt(district, rng, self.romanised)}" if name != district else name
        if self.style == "near":
            return f"near {name}" if rng.random() < 0.4 else name
        if self.style == "area":
            return f"{name} area, {district} district" if rng.random() < 0.5 else f"{name} village"
        return name


def _name(rng: np.random.Generator) -> str:
    def syllable() -> str:
        return str(rng.choice(ONSETS)) + str(rng.choice(VOWELS)) + str(rng.choice(CODAS))

    word = "".join(syllable() for _ in range(int(rng.integers(2, 4)))).capitalize()
    return f"{rng.choice(['Bir', 'Al', 'Kot', 'Wadi', 'Dar'])} {word}" if rng.random() < 0.25 else word


SWAPS = (("q", "k"), ("ee", "i"), ("oo", "u"), ("aa", "a"), ("gh", "g"), ("kh", "k"), ("dh", "d"), ("e", "i"), ("o", "u"), ("Al ", "El "),
         ("Al ", "Al-"), ("w", "v"), ("y", "i"))  # fmt: skip


def _respelt(name: str, rng: np.random.Generator, habit: float) -> str:
    """Another romanisation: this list's letters, now and then a vowel of its own."""
    for place, (one, other) in enumerate(SWAPS):
        if (habit * 7.3 * (place + 1)) % 1 < 0.4:
            name = name.replace(one, other)
    letters = list(name)
    for at, letter in enumerate(letters):
        if letter in "aeiou" and rng.random() < 0.04:
            letters[at] = str(rng.choice(["a", "e", "i", "u", "o", ""]))
    return "".join(letters)
