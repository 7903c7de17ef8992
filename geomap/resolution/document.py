"""What a report as a whole says of where it is: its names in groups, and the evidence that each group lends the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from operator import add
from typing import TypeAlias

from geomap.folding import fold
from geomap.model import Gazetteer, Report, Span, Toponym, ToponymKind
from geomap.resolution.options import KM_PER_DEGREE, ROW, Option, fits, options_of
from geomap.resolution.weights import WEIGHTS

_LANGUAGE_COUNTRIES = {
    "ar": frozenset("DZ BH TD KM DJ EG ER IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE".split()),
    "en": frozenset("US GB CA AU NZ IE".split()),
    "fr": frozenset("FR BE CH LU MC ML NE TD CF BF SN CI GN TG BJ CM GA CG CD DJ DZ MA TN LB".split()),
}
NEAR_KM = 600.0  # farther than this names of a report say nothing of each other
_COMPANY_KM = 100.0
_AROUND_KM = 120.0
_SMALL_KM, _BORDER_KM = 300.0, 60.0  # of a country: Israel, Lebanon, Kuwait
_FEW_PAIRS = 300  # up to here a table takes longer to make than it saves
_AROUND = tuple(ROW * north + east for north in (-1, 0, 1) for east in (-1, 0, 1))  # a square and its neighbours
_NOTHING: Mapping[object, float] = {}
_HEAD = 300  # characters: title, dateline and first sentence say where a story plays


class Group:
    """All mentions of one name, with the options on the scales: one sense a discourse."""

    __slots__ = ("alone", "belief", "bits", "certainty", "kind", "name", "options", "parents", "toponyms", "weight")

    def __init__(self, name: str, options: Sequence[Option]) -> None:
        self.name, self.options = name, options
        self.toponyms: list[Toponym] = []
        self.parents: list[Group] = []
        self.weight = 0.0
        self.certainty = 0.0  # of its surest toponym
        self.kind: ToponymKind | None = None  # what every cue word of the name says, where they agree
        self.alone = [option.prior for option in options]  # bits before the other names are heard
        self.bits = self.alone
        self.belief: list[float] = []

    def believe(self) -> None:
        """Turn bits into shares of belief that sum to 1."""
        if not self.bits:
            self.belief = []
            return
        top = max(self.bits)
        odds = [2 ** ((bits - top) / WEIGHTS.temperature) for bits in self.bits]
        total = sum(odds)
        self.belief = [odd / total for odd in odds]

    def best(self) -> int:
        """The index of the option that is believed most."""
        return max(range(len(self.belief)), key=self.belief.__getitem__)


def cue_bits(kind: ToponymKind | None, option: Option, options: Sequence[Option]) -> float:
    """Bits for being, or not being, what the cue word says; "مدينة الجزائر" is no country whose capital has the same name."""
    if kind is None:
        return 0.0
    if kind == "city" and option.level == 0 and any(one.place.feature_code == "PPLC" and one.country == option.country for one in options):
        return -5 * WEIGHTS.kind
    if kind == "governorate" and option.place.feature_code.startswith("PPL") and any(_is_seat(option, one) for one in options):
        return -2 * WEIGHTS.kind  # "محافظة مأرب" is no town, where the division bears its seat's name
    if kind == "district" and option.place.feature_code.startswith("PPL"):
        return -WEIGHTS.kind / 4  # where no gazetteer has "Katha township", its seat is as good
    return WEIGHTS.kind if fits(kind, option.place) else -WEIGHTS.kind


def _is_seat(town: Option, division: Option) -> bool:
    return division.level == 1 and division.country == town.country and division.admin1 == town.admin1


def looked_up(toponym: Toponym) -> str:
    """What to ask the gazetteer for."""
    return toponym.name if toponym.lookup is None else toponym.lookup


_SITED: frozenset[ToponymKind | None] = frozenset({"district", "river", "sea", "mountain", "island", "desert", "region", "site", "camp", "wadi"})


def only_named(toponym: Toponym) -> bool:
    """Is it a county, a river, a university that no gazetteer has under its whole name? The town Polk is not Polk County."""
    return not toponym.known and toponym.kind in _SITED and " " in toponym.name


_folded = lru_cache(maxsize=20_000)(fold)  # each mention is asked for its key a few times


def key_of(toponym: Toponym) -> str:
    """Mentions with the same key are taken to mean the same place."""
    key = _folded(looked_up(toponym))
    return f"{key} (adjective)" if toponym.use == "demonym" else key


def _in_several_areas(toponyms: Iterable[Toponym]) -> frozenset[str]:
    """Keys of the names that the text puts into more than one area."""
    areas: dict[str, set[str]] = {}
    for toponym in toponyms:
        if toponym.parent is not None:
            areas.setdefault(key_of(toponym), set()).add(key_of(toponym.parent))
    return frozenset(key for key, parents in areas.items() if len(parents) > 1)


# What was measured from each set of settled names: in the second round they are mostly those of the first.
Measured: TypeAlias = dict[tuple[tuple[Group, Option], ...], dict[Group, list[tuple[float, Option] | None]]]


class Document:
    """The groups of a report and what is known of it from outside: publication, outlet, hints."""

    def __init__(self, report: Report, toponyms: Iterable[Toponym], gazetteer: Gazetteer, countries: Sequence[str], held: Iterable[tuple[Toponym, Toponym]] = (), dateline: Span | None = None) -> None:
        """``held`` says which name the text puts into which; ``dateline`` where it says in which town it was written."""
        self.dateline = dateline
        self.report, self.gazetteer = report, gazetteer
        self.hints = frozenset(code.upper() for code in countries)
        self.speaking = _LANGUAGE_COUNTRIES.get(report.language or "", frozenset())
        self.outlet = _country_of_address(report.url)
        toponyms = tuple(toponyms)
        self.groups: dict[str, Group] = {}
        self.measured: Measured = {}
        self._several = _in_several_areas(toponyms)
        self._keys: dict[Toponym, str] = {}
        for toponym in toponyms:
            self._place_in_group(toponym)
        holders: dict[str, set[str]] = {}
        for toponym, holder in held:
            holders.setdefault(self.key(toponym), set()).add(self.key(holder))
        for name, group in self.groups.items():
            parents = {key_of(each.parent) for each in group.toponyms if each.parent} | holders.get(name, set())
            group.parents = [self.groups[key] for key in sorted(parents) if key in self.groups and self.groups[key] is not group]
            kinds = {each.kind for each in group.toponyms if each.use != "demonym"}
            group.kind = kinds.pop() if len(kinds) == 1 else None
            group.alone = [option.prior + self.outside(option) + cue_bits(group.kind, option, group.options) for option in group.options]
            group.bits = group.alone
            group.believe()

    def _place_in_group(self, toponym: Toponym) -> None:
        name, key = looked_up(toponym), self.key(toponym)
        group = self.groups.get(key)
        if group is None:
            kind = "demonym" if toponym.use == "demonym" else None
            options = () if only_named(toponym) or not name else options_of(self.gazetteer, name, kind=kind)
            group = self.groups[key] = Group(name, options or (options_of(self.gazetteer, name) if kind else ()))
        elif not group.options and not only_named(toponym):  # "مخيم النصيرات", of which the camp inside is known by the same name
            group.options = options_of(self.gazetteer, name)
        group.toponyms.append(toponym)
        group.certainty = max(group.certainty, toponym.certainty)
        first = len(group.toponyms) == 1
        group.weight += toponym.certainty * (1.0 if first else 0.3) * (1.5 if first and toponym.span.start < _HEAD else 1.0)
        if toponym.parent is not None:
            self._place_parent(toponym.parent)

    def key(self, toponym: Toponym) -> str:
        """The key of its group; where the text puts a name into several areas ("Columbus, Ohio", "Columbus, Ga.") one for each."""
        key = self._keys.get(toponym)
        if key is None:
            key = key_of(toponym)
            if key in self._several and toponym.parent is not None:
                key = f"{key} in {key_of(toponym.parent)}"
            self._keys[toponym] = key
        return key

    def _place_parent(self, parent: Toponym) -> None:
        key = key_of(parent)
        if key not in self.groups:
            kind = "demonym" if parent.use == "demonym" else None
            group = self.groups[key] = Group(looked_up(parent), options_of(self.gazetteer, looked_up(parent), kind=kind))
            group.certainty = parent.certainty

    def outside(self, option: Option) -> float:
        """Bits from outside the text: hints, the report's language, the outlet."""
        country = option.country
        bits = WEIGHTS.hint if country in self.hints else 0.0
        if country in self.speaking:
            bits += WEIGHTS.language
        if country is None:
            bits += WEIGHTS.borderless
        elif country == self.outlet:
            bits += WEIGHTS.outlet
        return bits

    def settle(self, rounds: int = 2) -> None:
        """Let the names of the report speak for each other, twice: first by size alone, then by what came of it."""
        groups = [group for group in self.groups.values() if group.options]
        for _ in range(rounds if len(groups) > 1 else 0):
            shares = Shares(groups, self.measured)
            for group in groups:
                group.bits = list(map(add, group.alone, shares.bits(group)))
                if group.parents:
                    group.bits = [bits + containment(group, option) for bits, option in zip(group.bits, group.options, strict=True)]
            for group in groups:
                group.believe()

    @cached_property
    def shares(self) -> Shares:
        """What the report's names lend each other in the end: asked for once it is settled."""
        return Shares([group for group in self.groups.values() if group.options], self.measured)

    @cached_property
    def told_of(self) -> list[tuple[Group, Option]]:
        """The settled names of which the report tells: not the town that only its dateline names, from which agencies write of half the world."""
        end = self.dateline.end if self.dateline else 0
        return [(group, option) for group, option in self.shares.anchors if not group.toponyms or any(each.span.end > end for each in group.toponyms)]

    def is_near(self, option: Option) -> bool:
        """Does it lie where the report plays: beside a place that one of its names is believed to mean?"""
        return any(
            group.options[best].level > 1 and group.options[best].distance_km(option) < _AROUND_KM
            for group in self.groups.values()
            if group.options and group.certainty > 0.5 and group.belief[best := group.best()] > 0.5
        )


class Shares:
    """How much of the report's belief lies in each country and first-level division, and which names are settled."""

    def __init__(self, groups: Sequence[Group], measured: Measured | None = None) -> None:
        self.total = 0.0
        self.areas: dict[object, float] = {}
        self._beside: dict[int, list[int]] = {}  # square -> it and its neighbours where anything lies
        squares: set[int] = set()
        self.own: dict[Group, dict[object, float]] = {}
        self.anchors: list[tuple[Group, Option]] = []
        self.small: list[Option] = []  # countries: what lies beside one of them is near it
        self._groups = groups
        for group in groups:
            mine: dict[object, float] = {}
            for option, belief in zip(group.options, group.belief, strict=True):
                if belief < 0.02:
                    continue
                mass = belief * group.weight
                if option.country:
                    mine[option.country] = mine.get(option.country, 0.0) + mass
                if option.admin1:
                    mine[option.admin1] = mine.get(option.admin1, 0.0) + mass
                if option.cell is not None:
                    squares.add(option.cell)
                    mine[option.cell] = mine.get(option.cell, 0.0) + mass
            for area, mass in mine.items():
                self.areas[area] = self.areas.get(area, 0.0) + mass
            self.own[group] = mine
            self.total += group.weight
            best = group.best()
            if group.belief[best] > 0.7 and group.options[best].level > 0 and group.options[best].kilometres < 150:
                self.anchors.append((group, group.options[best]))
            elif group.belief[best] > 0.7 and group.options[best].level == 0 and group.options[best].kilometres < _SMALL_KM:
                self.small.append(group.options[best])
        for square in sorted(squares):
            for away in _AROUND:
                self._beside.setdefault(square + away, []).append(square)
        self._near = {} if measured is None else measured.setdefault(tuple(self.anchors), {})

    def share(self, group: Group, area: object) -> float:
        """The share of the other names' belief that lies in an area; damped where there are few other names."""
        mass = self.areas.get(area, 0.0) - self.own.get(group, _NOTHING).get(area, 0.0)
        return max(mass, 0.0) / (self.total - group.weight + 1.0)

    def bits(self, group: Group) -> list[float]:
        """Bits that the other names lend each option of a group; most lie in none of the areas that are spoken of."""
        lent: dict[object, float] = {}
        found = []
        for index, option in enumerate(group.options):
            bits = 0.0
            for area, weight in ((option.country, WEIGHTS.country), (option.admin1, WEIGHTS.admin1)):
                if area in self.areas:
                    if area not in lent:
                        lent[area] = weight * math.log2(1 + 30 * self.share(group, area))
                    bits += lent[area]
            if len(group.options) > 1:
                if option.level > 0:
                    bits += WEIGHTS.near * self.nearness(group, index)
                if share := self.bordering(group, option):
                    bits += WEIGHTS.bordering * math.log2(1 + 30 * share)
                if option.cell in self._beside and (share := self.around(group, option.cell)):
                    bits += WEIGHTS.around * math.log2(1 + 30 * share)
            found.append(bits)
        return found

    def bordering(self, group: Group, option: Option) -> float:
        """The share of the other names' belief in a small country at whose border an option lies: "an Israeli raid on القنيطرة", of Syria or Morocco.

        Nothing where a town, too, says where the report plays: a raider strikes beyond its borders.
        """
        if option.level == 0 or not self.small or any(other is not group for other, _ in self.anchors):
            return 0.0
        lands = [land for land in self.small if option.country != land.country and option.distance_km(land) <= 2 * land.kilometres + _BORDER_KM]  # longer than wide
        return max((self.share(group, land.country) for land in lands), default=0.0)

    def around(self, group: Group, cell: int) -> float:
        """The share of the other names' belief that lies in a square or beside it, however little each of them is believed."""
        squares = self._beside.get(cell)
        if squares is None:
            return 0.0
        own = self.own.get(group, _NOTHING)
        mass = sum(self.areas[each] - own.get(each, 0.0) for each in squares)
        return max(mass, 0.0) / (self.total - group.weight + 1.0)

    def nearness(self, group: Group, index: int) -> float:
        """log2 of 600 km over the distance to the nearest settled name (never nearer than 25 km), 0 beyond."""
        near = self.nearest(group, index)
        return math.log2(NEAR_KM / max(near[0], 25.0)) if near else 0.0

    def at_hand(self, group: Group, index: int) -> float:
        """Bits for a doubtful name to be one, by how much of the report plays where its place lies."""
        option = group.options[index]
        bits = WEIGHTS.at_hand * self.company(group, index) if option.level > 0 else 0.0
        if option.cell is not None:
            bits += WEIGHTS.at_hand_around * math.log2(1 + 30 * self.around(group, option.cell))
        if option.admin1:
            bits += WEIGHTS.at_hand_admin1 * math.log2(1 + 30 * self.share(group, option.admin1))
        if option.country:
            bits += WEIGHTS.at_hand_country * math.log2(1 + 30 * self.share(group, option.country))
        return bits

    def nearest(self, group: Group, index: int) -> tuple[float, Option] | None:
        """The settled name nearest to an option, and how many km away; None where all are far."""
        if group not in self._near:
            self._measure(self._groups if group in self.own else [group])
        return self._near[group][index]

    def _measure(self, groups: Sequence[Group]) -> None:
        """From every option to every settled name of another group; in one table where there are hundreds of pairs."""
        sure = [(other, anchor) for other, anchor in self.anchors if other.certainty > 0.5]
        options = [option for group in groups for option in group.options]
        if len(sure) * len(options) < _FEW_PAIRS:
            for group in groups:
                others = [anchor for other, anchor in sure if other is not group]
                self._near[group] = [_nearest(option, others) for option in group.options]
            return
        import numpy as np

        lon, lat, cos = np.array([(one.lon, one.lat, one.cos_lat) for one in options]).T[:, :, None]
        lons, lats, narrow = np.array([(one.lon, one.lat, one.cos_lat) for _, one in sure]).T
        east = np.abs(lon - lons)
        away = np.hypot(np.minimum(east, 360 - east) * (cos + narrow) / 2, lat - lats)
        owners = np.repeat([id(group) for group in groups], [len(group.options) for group in groups])
        away[owners[:, None] == np.array([id(other) for other, _ in sure])] = np.inf
        nearest = away.argmin(axis=1)
        close = (away[np.arange(len(options)), nearest] * KM_PER_DEGREE < NEAR_KM).tolist()
        found = iter([
            (option.distance_km(sure[at][1]), sure[at][1]) if near else None
            for option, at, near in zip(options, nearest.tolist(), close, strict=True)
        ])  # fmt: skip
        self._near |= {group: list(islice(found, len(group.options))) for group in groups}

    def company(self, group: Group, index: int) -> float:
        """The same with doubtful names for company, each as far as it is believed: "Victor and Driggs" bear each other out."""
        option, apart, best = group.options[index], 1.0, self.nearness(group, index)
        for other, anchor in self.anchors:
            if other is not group and other.certainty <= 0.5 and option.distance_km(anchor) < _COMPANY_KM:
                apart *= 1 - other.certainty * other.belief[other.best()]
        return max(best, (1 - apart) * math.log2(NEAR_KM / 25.0))


def _nearest(option: Option, others: Sequence[Option]) -> tuple[float, Option] | None:
    nearest, found, lat = NEAR_KM, None, option.lat
    for anchor in others:
        # what lies further north or south than the nearest one need not be measured
        if abs(lat - anchor.lat) * KM_PER_DEGREE < nearest and (away := option.distance_km(anchor)) < nearest:
            nearest, found = away, anchor
    return (nearest, found) if found else None


def contains(parent: Option, child: Option) -> bool:
    """Does the parent's area hold the child, as far as the gazetteer tells?"""
    if parent.place.id == child.place.id:
        return False
    if parent.level == 0:
        return parent.country is not None and parent.country == child.country and child.level > 0
    if parent.level == 1 and parent.admin1 is not None:
        return parent.admin1 == child.admin1
    return parent.country == child.country and parent.distance_km(child) <= 1.3 * parent.kilometres + 5


def containment(group: Group, option: Option) -> float:
    """Bits for lying where the text says ("Bangor, Maine"), against the belief that the parent is that area."""
    best = 0.0
    for parent in group.parents:
        held = sum(b for area, b in zip(parent.options, parent.belief, strict=True) if b > 0.01 and contains(area, option))
        best = max(best, held)
    return WEIGHTS.parent * best


def _country_of_address(url: str | None) -> str | None:
    """The country code that a web address ends in, "LY" of https://libyaobserver.ly/news."""
    if not url:
        return None
    host = url.split("://")[-1].split("/")[0].split(":")[0]
    ending = host.rpartition(".")[2].upper()
    return {"UK": "GB"}.get(ending, ending) if len(ending) == 2 and ending not in ("TV", "IO", "CO", "ME", "AI") else None
