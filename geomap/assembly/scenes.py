"""The mentions of a report, sentence by sentence: what assembly reads events from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from geomap.folding import fold
from geomap.model import Actor, Count, Date, Georeference, Locality, Mention, Passage, Place, Report, Span, Trigger

_OFFSETS = {"FOH", "FOO", "FPOH", "FO-offshore", "coordinates"}  # a distance alone is a ring, no better than a town
_LINES = {"FO", "FPO", "P", "P-between", "F-between", "F-offshore"}
_BROAD = ("PCL", "CONT", "RGN", "OCN", "SEA")  # feature codes (or their heads) of places too wide to be one attack's own
_BROAD_RADIUS_M = 250_000.0
_A_VILLAGE_M = 3_000.0
_A_MOUNTAIN_M = 15_000.0  # ... and so is "the area of Jabal al-Akrad"
_A_VALLEY_M = 30_000.0  # regions no larger than the plain of Ghab or the Ghouta are told of like a town
_GLUED = 1  # characters of an "and" that is written together with its verb
_LONG_M = 500_000.0  # a border
_ITEM = re.compile(r"\s*(?:--?|[•*·▪–—])\s+\S")
_WORDS, _VOWELS, _TWICE = re.compile(r"[\s‘’ʿʾ'`-]+"), re.compile("[aeiouyáéíóúāīū]"), re.compile(r"(.)\1+")
_NO_NAME = frozenset("al el ad an ar as ash at az ed en the of refugee camp city town village district province governorate neighbourhood neighborhood".split())
_BONES = 4  # consonants
_SIZES_M = (3_000, 12_000, 40_000, 120_000)  # sizes that differ little do not decide


@dataclass(frozen=True, eq=False)
class Site:
    """A locality of the text and where it is. Attacks are compared site by site, so what each says is worked out once."""

    locality: Locality
    located: Georeference | None

    @property
    def span(self) -> Span:
        """The words of the locality."""
        return self.locality.span

    @property
    def known(self) -> bool:
        """Has it a point?"""
        return self.located is not None and self.located.lon is not None

    @cached_property
    def place(self) -> Place | None:
        """What the gazetteer has for it."""
        return self.located.resolutions[0].place if self.located and self.located.resolutions else None

    @cached_property
    def entry(self) -> str | None:
        """The entry of the gazetteer that it is by its own name, and not by that of what stands in for it."""
        told = self.located.resolutions if self.located and not self.locality.offsets else ()
        own = len(told) == 1 and not told[0].notes and spelling(told[0].toponym.name) in self.names  # a note tells of what stands in
        return told[0].place.id if own and told[0].place else None

    @cached_property
    def wide(self) -> Site | None:
        """What the text puts it in."""
        return Site(self.locality.within, None) if self.locality.within is not None else None

    @cached_property
    def rank(self) -> int:
        """How well a locality says where: 3 an offset, 2 a place, 1 a country or a part of one, 0 nothing."""
        kind = self.locality.type
        if kind in _OFFSETS and any(anchor.lookup != "" for anchor in self.locality.anchors):
            return 3  # but "55 km southeast of the area" says less than a town
        place = self.place
        kinds = {anchor.kind for anchor in self.locality.anchors}  # "قطاع غزة" is the Strip, "الغوطة الشرقية" is told of like a town
        if place is not None:
            valley = place.feature_code == "RGN" and place.radial_m <= _A_VALLEY_M and kind != "region-part" and ("region" not in kinds or place.radial_m <= _A_MOUNTAIN_M)
            broad = place.feature_code.startswith(_BROAD) and not valley
            if broad or place.radial_m > _BROAD_RADIUS_M:
                return 2 if kind in _LINES else 1
            return 2
        unnamed = any(anchor.lookup == "" for anchor in self.locality.anchors)  # "in the north of the country"; but "northern Zarbuta", which nobody knows, is no country
        return 1 if kinds & {"country", "river", "desert"} or (kind == "region-part" and unnamed and None in kinds) else 2

    @cached_property
    def reach(self) -> float:
        """How far it reaches, in metres; a district of which only the seat is known no farther than that: it is its name that is held against others."""
        ref = self.located
        if ref is None or ref.uncertainty_m is None:
            return 0.0
        place = next((each.place for each in ref.resolutions if each.place), None)
        kinds = {wide.anchors[0].kind for wide in (self.locality, self.locality.within) if wide and wide.anchors and wide.type == "F"}
        seat = place is not None and place.feature_code.startswith("PPL") and "district" in kinds
        return min(ref.uncertainty_m, place.radial_m) if seat and place is not None else ref.uncertainty_m

    @cached_property
    def standing(self) -> tuple[int, bool, bool, int]:
        """What it is worth beside others, least first: places before countries, offsets before places, the known, the small."""
        ref = self.located
        size = self.reach if self.reach else 50_000.0
        if self.locality.within is not None and ref is not None and not (ref.resolutions and ref.resolutions[0].place):
            size = _A_VILLAGE_M  # what stands in for it is wide; the place that nothing knows is not
        if self.locality.anchors and self.locality.anchors[0].kind == "border" and not self.locality.offsets:
            size = _LONG_M  # somewhere along it
        size_class = next((number for number, top in enumerate(_SIZES_M) if size <= top), len(_SIZES_M))
        return (0 if self.rank >= 2 else 1, self.rank != 3, not self.known, size_class)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its anchors, however they are spelt: "Nour al-Shams refugee camp" is "Nour Shams camp"."""
        return frozenset(spelling(anchor.name) for anchor in self.locality.anchors)

    @cached_property
    def holders(self) -> frozenset[str]:
        """The names of what the text puts it in."""
        found: set[str] = set()
        wider = self.locality.within
        while wider is not None and wider.anchors and spelling(wider.anchors[0].name) not in found:
            found.update(spelling(anchor.name) for anchor in wider.anchors)
            wider = wider.within
        return frozenset(found)

    @cached_property
    def spellings(self) -> frozenset[frozenset[str]]:
        """The words of its names without what spellings differ in: "مطار «تيفور»", "مطار التيفور"."""
        return frozenset(frozenset(word.removeprefix("ال") for word in fold(anchor.name).split() if word[0].isalnum()) for anchor in self.locality.anchors)

    @cached_property
    def legs(self) -> tuple[tuple[float | None, float | None], ...]:
        """Heading and distance of its offsets."""
        return tuple((o.bearing_deg, o.distance.min if o.distance else None) for o in self.locality.offsets)


@lru_cache(maxsize=4096)
def spelling(name: str) -> str:
    """What two spellings of one Arabic name in Latin letters share; short names, in which little is left, stand as they are."""
    if not name[:1].isascii():
        return fold(name).replace(" ", "")  # "ادلب", "إدلب"; "خان يونس", "خانيونس"
    words = [word for word in _WORDS.split(name.casefold()) if word not in _NO_NAME] or [name]
    bones = _TWICE.sub(r"\1", _VOWELS.sub("", "".join(words)))
    return bones if len(bones) >= _BONES else " ".join(words)


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence and what it mentions."""

    passage: Passage
    triggers: tuple[Trigger, ...]
    dates: tuple[Date, ...]
    counts: tuple[Count, ...]
    actors: tuple[Actor, ...]
    sites: tuple[Site, ...]
    same: tuple[Actor, ...] = ()  # words for the hand told before: "its jets", "كما استهدف"

    @property
    def days(self) -> list[Date]:
        """When things happened; "it came more than a week after the raids of 3 May", without words of an attack, tells their day, and none of the news."""
        told = any(each.use == "event" for each in self.triggers)
        since = min((date.span.start for date in self.dates if date.toward and not told), default=self.passage.span.end)
        return [date for date in self.dates if date.use == "event" and date.span.start <= since]


def scenes(report: Report, mentions: Iterable[Mention], located: Mapping[Locality, Georeference]) -> tuple[Scene, ...]:
    """One scene a passage, in text order; a text without passages is one scene."""
    by_kind = _sorted_by_kind(mentions)
    starts = {kind: [each.span.start for each in found_of] for kind, found_of in by_kind.items()}
    passages = [each for each in by_kind[Passage] if isinstance(each, Passage)] or [Passage(Span(0, len(report.text)))]
    found = []
    for passage in passages:
        first, last = passage.span
        inside: dict[type, list[Mention]] = {
            kind: found_of[bisect_left(starts[kind], first) : bisect_left(starts[kind], last)]
            for kind, found_of in by_kind.items()
        }
        found.append(Scene(
            passage,
            tuple(each for each in inside[Trigger] if isinstance(each, Trigger)),
            tuple(each for each in inside[Date] if isinstance(each, Date)),
            tuple(each for each in inside[Count] if isinstance(each, Count)),
            tuple(each for each in inside[Actor] if isinstance(each, Actor) and not _is_counted(each, inside[Count], inside[Trigger]) and each.kind != "SAME"),
            tuple(
                Site(each, located.get(each))
                for each in inside[Locality]
                if isinstance(each, Locality) and not each.gloss and not _acts(each, inside[Actor], inside[Trigger])
            ),
            tuple(each for each in inside[Actor] if isinstance(each, Actor) and each.kind == "SAME"),
        ))  # fmt: skip
    return tuple(found)


def _is_counted(actor: Actor, counts: Iterable[Mention], triggers: Iterable[Mention]) -> bool:
    """ "Two Palestinians were killed": no hand, but those whom it struck; "a strike by a Turkish drone on a car" counts the car.

    "قتلت غارة أميركية في جلب ثلاثة" (an American raid killed three in Jilib): whose raid it was stands inside the count.
    """
    if actor.role == "actor" and any(isinstance(each, Trigger) and each.form == "noun" and each.span.end + 1 == actor.span.start for each in triggers):
        return False
    harmed = [each for each in counts if actor.role != "actor" or not (isinstance(each, Count) and each.what == "vehicles")]
    return actor.kind == "NATION" and not actor.armed and any(each.span.start <= actor.span.start <= each.span.end + _GLUED for each in harmed)


def _acts(locality: Locality, actors: Iterable[Mention], triggers: Iterable[Mention]) -> bool:
    """Is a name only part of who struck or who speaks ("U.S. forces", "the United States conducted")?"""
    named = locality.anchors[0].span if locality.anchors else locality.span  # "Houthi-held Sanaa": the town is no Houthi
    all_actors = [actor for actor in actors if isinstance(actor, Actor) and actor.kind not in ("SITE", "PEOPLE", "SAME")]
    acting = {actor.id for actor in all_actors if actor.role in ("actor", "source")}  # "U.S. Africa Command's word is that the U.S. strike ..."
    for actor in all_actors:
        if named.start < actor.span.end and actor.span.start < named.end:
            struck = actor.role not in ("actor", "source") and locality.run is not None and any(locality.run.start - 1 <= each.span.end <= locality.span.start for each in triggers)  # "air strikes in Ukraine", a Ukrainian said
            longer = actor.span.end - actor.span.start > locality.span.end - locality.span.start
            if (actor.id in acting and not struck) or (longer and locality.type == "F"):
                return True
    return False


def _sorted_by_kind(mentions: Iterable[Mention]) -> dict[type, list[Mention]]:
    by_kind: dict[type, list[Mention]] = {kind: [] for kind in (Passage, Trigger, Date, Count, Actor, Locality)}
    for mention in mentions:
        if type(mention) in by_kind:
            by_kind[type(mention)].append(mention)
    for found in by_kind.values():
        found.sort(key=lambda each: each.span)
    return by_kind


def opens_a_line(text: str, start: int) -> bool:
    """Does what begins at a position stand at the head of a line?"""
    return text[:start].rstrip(" ")[-1:] in ("", "\n")


def is_item(text: str, start: int) -> bool:
    """Does what begins at a position stand behind the mark of a list?"""
    return _ITEM.match(text, start) is not None


def gap(start: int, end: int, trigger: Trigger) -> int:
    """Characters between a stretch of the text and the words of an attack."""
    return max(start - trigger.span.end, trigger.span.start - end, 0)


def within(span: Span, position: int) -> bool:
    """Does a clause hold a position?"""
    return span.start <= position < span.end
