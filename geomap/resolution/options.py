"""The places a name may mean, with what speaks for each before the rest of the report is read."""

from __future__ import annotations

import math
from functools import lru_cache

from geomap.folding import fold
from geomap.model import Candidate, Gazetteer, Place, ToponymKind
from geomap.resolution.weights import WEIGHTS

KM_PER_DEGREE = 111.2  # of latitude
CELL = 0.6  # degrees: the squares in which the names of a report are counted,
ROW = 4096  # ... numbered from west to east and row by row
SMALL_KM = 60.0  # what reaches further lies in no one square
FOUND = 60  # ... that the gazetteer is asked for
LIMIT = 40  # candidates that are worth weighing; the gazetteer gives the likeliest first

# Inhabitants to assume where the gazetteer gives none, by feature code or its first letters (longest match).
_ASSUMED = {
    "PCL": 3e7, "ADM1": 8e5, "ADM2": 6e4, "ADM3": 8e3, "ADM": 4e3, "PPLC": 5e5, "PPLA": 8e4, "PPLA2": 1e4, "PPLA3": 3e3,
    "PPLX": 2e3, "PPL": 400, "AIRB": 3e4, "AIRP": 1e4, "RGN": 3e5, "CONT": 1e9, "OCN": 1e8, "SEA": 5e7, "GULF": 1e7, "ISL": 3e4,
    "ISLS": 1e5, "STM": 2e4, "DSRT": 1e5, "MTS": 1e5, "MT": 2e3, "LK": 5e3, "OAS": 1e3, "CMP": 5e3, "DAM": 5e3, "OIL": 5e3,
    "PRT": 1e4, "STR": 1e6, "CNL": 1e5, "WAD": 300,
}  # fmt: skip

# Sites that are called after the town they serve.
_BUILT = ("AIR", "PRT", "HBR", "INSM", "MILB", "NVB", "DAM", "OIL", "PS", "PRN", "HSP", "CMP", "UNIV", "RSTN", "STN")

# Feature codes (by first letters) that a cue word stands for; "P" alone is any settlement.
_KINDS: dict[ToponymKind, tuple[str, ...]] = {
    "country": ("PCL", "TERR"), "region": ("ADM1", "RGN", "ADM2", "MT"), "governorate": ("ADM1", "ADM2"), "district": ("ADM2", "ADM1", "ADM3", "ADM"),
    "city": ("PPL",), "village": ("PPL",), "neighbourhood": ("PPLX", "PPL"), "airbase": ("AIRB", "MILB", "INSM", "AIRF", "AIRP", "NVB"),
    "airport": ("AIRP", "AIRF", "AIRB"), "camp": ("CMP", "PPL", "INSM"), "port": ("PRT", "HBR", "PPL"), "oilfield": ("OIL",),
    "dam": ("DAM", "RSV"), "border": ("PSTB", "PPL", "BDRY"), "road": ("RD", "ST"), "river": ("STM",), "wadi": ("WAD", "VAL", "STM"),
    "mountain": ("MT", "HLL", "RGN", "MTS", "PPL"), "island": ("ISL", "ADM"), "sea": ("SEA", "GULF", "OCN", "BAY", "STR", "CHN"),
    "desert": ("DSRT", "RGN", "ERG"), "site": ("S",),
}  # fmt: skip


class Option:
    """A candidate on the scales."""

    __slots__ = ("admin1", "candidate", "cell", "country", "cos_lat", "kilometres", "lat", "level", "lon", "place", "prior")

    def __init__(self, candidate: Candidate) -> None:
        place = candidate.place
        self.candidate, self.place = candidate, place
        self.level = level(place)
        division = place.admin1 or (place.name if self.level == 1 else None)
        self.country, self.admin1 = place.country, (place.country, division) if division else None
        self.lon, self.lat, self.cos_lat = place.lon, place.lat, math.cos(math.radians(place.lat))
        self.kilometres = place.radial_m / 1000
        small = self.level > 0 and self.kilometres < SMALL_KM
        self.cell = ROW * int(place.lat // CELL) + int(place.lon // CELL) if small else None
        self.prior = prior(candidate, self.level)

    def distance_km(self, other: Option) -> float:
        """Flat distance: good enough to tell near from far, and quick."""
        east = abs(self.lon - other.lon)
        east = min(east, 360 - east) * (self.cos_lat + other.cos_lat) / 2
        return KM_PER_DEGREE * math.hypot(east, self.lat - other.lat)


def level(place: Place) -> int:
    """0 a country or larger, 1 a first-level division, 2 a second-level one, 3 anything smaller."""
    code = place.feature_code
    if code.startswith(("PCL", "TERR", "CONT", "OCN")):
        return 0
    return {"ADM1": 1, "ADM1H": 1, "RGN": 1, "ADM2": 2}.get(code, 3)


def inhabitants(place: Place) -> float:
    """The population, or what its class lets one assume."""
    if place.population:
        return place.population
    code = place.feature_code
    for length in range(len(code), 1, -1):
        if (assumed := _ASSUMED.get(code[:length])) is not None:
            return assumed
    return 300


def prior(candidate: Candidate, rank: int) -> float:
    """Bits for a candidate by itself: its size, its class, how its name was matched."""
    return sum(times * float(getattr(WEIGHTS, weight)) for weight, times in features(candidate, rank).items())


def features(candidate: Candidate, rank: int) -> dict[str, float]:
    """How many times each weight counts for a candidate by itself."""
    code = candidate.place.feature_code
    found = {
        "population": math.log2(inhabitants(candidate.place) + 100),
        "found": math.log2(max(candidate.score, 0.01)),
    }
    if rank == 0:
        found["country_class"] = 1.0
    elif rank == 1:
        found["admin1_class"] = 1.0
    elif code == "PPLC":
        found["capital_class"] = 1.0
    if code.startswith(_BUILT) and any(reason.bits < 0 for reason in candidate.reasons):
        found["side_name_of_site"] = 1.0  # the gazetteer took something off: the name is not its main one
    if candidate.match in _MATCH:
        found[_MATCH[candidate.match]] = 1.0
    return found


_MATCH = {"no_article": "match_no_article", "skeleton": "match_skeleton", "fuzzy": "match_fuzzy", "trigram": "match_fuzzy"}


def fits(kind: ToponymKind, place: Place) -> bool:
    """Is the place what the cue word says?"""
    if kind == "site":
        return not place.feature_code.startswith(("P", "A"))
    return place.feature_code.startswith(_KINDS[kind])


def options_of(
    gazetteer: Gazetteer, name: str, countries: tuple[str, ...] = (), fuzzy: bool = False, kind: str | None = None
) -> tuple[Option, ...]:
    """All that a name may mean, the likeliest by itself first. Kept, because news repeats its names."""
    return _kept(gazetteer, name, countries, fuzzy, kind)  # type: ignore[arg-type]  # every gazetteer is an object of its own


@lru_cache(maxsize=20_000)
def _kept(gazetteer: Gazetteer, name: str, countries: tuple[str, ...], fuzzy: bool, kind: str | None) -> tuple[Option, ...]:
    found = [Option(candidate) for candidate in gazetteer.find(name, countries=countries, kind=kind, fuzzy=fuzzy, limit=FOUND)]
    _prefer_seats(found, fold(name))
    found.sort(key=lambda option: (-option.prior, option.place.id))
    return tuple(found[:LIMIT])


forget = _kept.cache_clear  # for experiments with the weights


def _prefer_seats(options: list[Option], key: str) -> None:
    """A division that bears its seat's name: without a cue word the press means the town.

    Not so where only the area goes by that name ("Mexico" and Mexico City, "Pernambuco" and Recife).
    """
    areas = {option.country for option in options if option.level == 0 and fold(option.place.name) == key}
    divisions = {option.admin1 for option in options if option.level == 1 and fold(option.place.name) == key}
    towns = []
    for option in options:
        if not option.place.feature_code.startswith("P"):
            continue
        main = fold(option.place.name)  # "New York City" is New York, but Mexico City is hardly Mexico
        if main != key and option.country in areas or not main.startswith(key) and option.admin1 in divisions:
            option.prior += WEIGHTS.side_name_of_town
        else:
            towns.append(option)
    for option in options:
        if option.level in (1, 2) and option.place.feature_code != "RGN":
            seats = [
                (town.prior, WEIGHTS.seat_of_government if town.place.feature_code in ("PPLA", "PPLC") else 0.0)
                for town in towns
                if town.country == option.country and town.distance_km(option) <= option.kilometres * 1.3 + 20
            ]
            best, margin = max(seats, default=(-math.inf, 0.0))
            if best > option.prior - WEIGHTS.seat_margin - margin:
                option.prior = min(option.prior, best - WEIGHTS.seat)
