"""The mentions of a report, sentence by sentence: what assembly reads events from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from geomap.folding import fold
from geomap.model import Actor, Count, Date, Georeference, Locality, Mention, Passage, Report, Span, Trigger

_OFFSETS = {"FOH", "FOO", "FPOH", "FO-offshore", "coordinates"}  # a distance alone is a ring, no better than a town
_LINES = {"FO", "FPO", "P", "P-between", "F-between", "F-offshore"}
_BROAD = ("PCL", "CONT", "RGN", "OCN", "SEA")  # feature codes (or their heads) of places too wide to be one attack's own
_BROAD_RADIUS_M = 250_000.0
_A_VILLAGE_M = 3_000.0
_A_VALLEY_M = 30_000.0  # regions no larger than the plain of Ghab or the Ghouta are told of like a town
_FLOWN, _FIRED = frozenset(("air_strike", "drone_strike")), frozenset(("missile_attack", "shelling"))
_BESIDE = 2  # characters between a day and the strike that it names
_ON = 4  # ... and of "on" between the verb and its day
_SEVERAL = 3  # the most that a plural without a number is taken to mean at least
_GLUED = 1  # characters of an "and" that is written together with its verb
_FRONT = 5  # characters of "and in"
_AND = 12  # characters of "and three"
_LONG_M = 500_000.0  # a border
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
    def rank(self) -> int:
        """How well a locality says where: 3 an offset, 2 a place, 1 a country or a part of one, 0 nothing."""
        kind = self.locality.type
        if kind in _OFFSETS:
            return 3
        ref = self.located
        place = ref.resolutions[0].place if ref and ref.resolutions else None
        kinds = {anchor.kind for anchor in self.locality.anchors}  # "قطاع غزة" is the Strip, "الغوطة الشرقية" is told of like a town
        if place is not None:
            valley = place.feature_code == "RGN" and place.radial_m <= _A_VALLEY_M and kind != "region-part" and "region" not in kinds
            broad = place.feature_code.startswith(_BROAD) and not valley
            if broad or place.radial_m > _BROAD_RADIUS_M:
                return 2 if kind in _LINES else 1
            return 2
        return 1 if kinds & {"country", "river", "desert"} or kind == "region-part" and not kinds - {None, "country"} else 2

    @cached_property
    def standing(self) -> tuple[int, bool, bool, int]:
        """What it is worth beside others, least first: places before countries, offsets before places, the known, the small."""
        ref = self.located
        size = ref.uncertainty_m if ref and ref.uncertainty_m else 50_000.0
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
            tuple(each for each in inside[Actor] if isinstance(each, Actor) and not _is_counted(each, inside[Count]) and each.kind != "SAME"),
            tuple(
                Site(each, located.get(each))
                for each in inside[Locality]
                if isinstance(each, Locality) and not each.gloss and not _acts(each, inside[Actor])
            ),
            tuple(each for each in inside[Actor] if isinstance(each, Actor) and each.kind == "SAME"),
        ))  # fmt: skip
    return tuple(found)


def _is_counted(actor: Actor, counts: Iterable[Mention]) -> bool:
    """ "Two Palestinians were killed": no hand, but those whom it struck."""
    return actor.kind == "NATION" and not actor.armed and any(each.span.start <= actor.span.start <= each.span.end + _GLUED for each in counts)


def _acts(locality: Locality, actors: Iterable[Mention]) -> bool:
    """Is a name only part of who struck or who speaks ("U.S. forces", "the United States conducted")?"""
    named = locality.anchors[0].span if locality.anchors else locality.span  # "Houthi-held Sanaa": the town is no Houthi
    all_actors = [actor for actor in actors if isinstance(actor, Actor) and actor.kind not in ("SITE", "SAME")]
    acting = {actor.id for actor in all_actors if actor.role in ("actor", "source")}  # "U.S. Africa Command's word is that the U.S. strike ..."
    for actor in all_actors:
        if named.start < actor.span.end and actor.span.start < named.end:
            longer = actor.span.end - actor.span.start > locality.span.end - locality.span.start
            if actor.id in acting or (longer and locality.type == "F"):
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


def segments(scene: Scene) -> Iterator[tuple[Span, tuple[Trigger, ...]]]:
    """Clauses of a sentence that each tell of one attack, with the triggers that tell it."""
    groups = _groups(scene)
    start = _first_start(scene, groups[0][0]) if groups else scene.passage.span.start
    for number, group in enumerate(groups):
        if number + 1 < len(groups):
            end = _boundary(scene, group, groups[number + 1])
        else:
            end = scene.passage.span.end
        yield Span(start, end), tuple(group)
        start = end


def _first_start(scene: Scene, trigger: Trigger) -> int:
    """ "A reporter was killed by gunmen, while a raid killed five": where other dead are told before the sentence turns to the attack."""
    turn = max((position for position in scene.passage.turns if position <= trigger.span.start), default=None)
    if turn is None or trigger.definite:
        return scene.passage.span.start
    before, after = ([count for count in scene.counts if count.what == "killed" and (count.span.start < turn) is side] for side in (True, False))
    return turn if before and after else scene.passage.span.start


def _groups(scene: Scene) -> list[list[Trigger]]:
    groups: list[list[Trigger]] = []
    for trigger in scene.triggers:
        if trigger.use != "event":
            continue
        if groups and not _opens_another(scene, groups[-1], trigger):
            groups[-1].append(trigger)
            continue
        verbs = _leading(scene, groups[-1], trigger) if groups else []
        apart = bool(verbs) and _exact(trigger) and _towns_apart(scene, verbs[-1], trigger)
        groups.extend([verbs, [trigger]] if apart else [[*verbs, trigger]])
    return groups


def _leading(scene: Scene, group: list[Trigger], trigger: Trigger) -> list[Trigger]:
    """ "Sixteen raids on A, and it hit B with two raids": the verb of the second clause goes with its noun."""
    at = next((number for number, each in enumerate(group) if number and _broken(scene, group[number - 1].span.end, each.span.start)), None)
    if at is None or trigger.form != "noun" or any(each.form == "noun" for each in group[at:]):
        return []
    verbs, group[at:] = group[at:], []
    return verbs


def _opens_another(scene: Scene, group: list[Trigger], trigger: Trigger) -> bool:
    """Does a later trigger of a sentence tell of another attack than the ones before it?"""
    before = group[-1]
    nouns = [each for each in group if each.form == "noun"]
    if (trigger.factuality == "denied") != (before.factuality == "denied"):
        return True
    between, placed = _broken(scene, before.span.end, trigger.span.start), _places(scene, before, trigger)
    if trigger.other and (between or placed) and (nouns or trigger.form == "verb" or (between and (placed or _set_apart(scene, trigger)))):
        return True
    if trigger.earlier and not before.earlier and not trigger.definite:
        return True
    counted = event_date(scene, before.span.end, trigger.span.start)
    if counted and (not trigger.definite or (counted.toward and bool(counted.days))):
        return True  # "came a day after the raids that hit A": even what is known is another
    if not trigger.definite and _other_hand(scene, before, trigger):
        return True
    if trigger.along and not before.along and not trigger.definite or trigger.along and not before.along and _broken(scene, before.span.end, trigger.span.start):
        return True
    if _own_day(scene, trigger, before.span.end) is not None:
        return True
    if _turned(scene, before, trigger) or (not trigger.definite and _front(scene, before.span.end, trigger.span.start) is not None):
        return True
    if trigger.definite or (nouns and nouns[-1].definite and trigger.form == "verb"):
        return False
    known = trigger.form == "noun" and len(nouns) > 1 and before.definite and all(each.definite or each.other for each in nouns)
    if known and _exact(trigger) and _broken(scene, before.span.end, trigger.span.start) and _places(scene, group[0], trigger, named_apart=True):
        return True  # "the shelling of A comes after ..., as jets carried out two raids on B"
    counts = {(each.count.min, each.count.max) for each in (*nouns, trigger) if each.count and each.form == "noun"}
    since = nouns[-1] if nouns and trigger.form == "noun" else before
    between, placed = _broken(scene, since.span.end, trigger.span.start), _places(scene, since, trigger)
    numbered = trigger.form == "noun" and bool(nouns) and _exact(trigger) and _exact(nouns[-1])
    if numbered and between and not _are_coordinated(scene, group[0], nouns[-1], trigger) and (len(counts) > 1 or _towns_apart(scene, group[0], trigger)):
        return True
    if trigger.form == "noun" and not nouns and trigger.event_type != "attack" and between and _exact(trigger) and _towns_apart(scene, before, trigger):
        return True
    if trigger.form == "noun" and between and _suffered(scene, before, trigger) is not None:
        return True
    otherwise = trigger.event_type not in ("attack", "bombing", before.event_type)
    if trigger.form == "verb" and nouns and (trigger.along or (otherwise and _broken(scene, trigger.span.start - _GLUED, trigger.span.start))):
        return between and _places(scene, group[0], trigger, named_apart=True)
    flown = before.event_type in _FLOWN and any(each.role == "actor" and each.span.end <= before.span.end for each in scene.actors)
    fired = flown and trigger.event_type in _FIRED  # "Israeli jets bombed A, and militants fired rockets at B"
    return between and placed and ((trigger.form == "noun") == bool(nouns) or before.other or fired)


def event_date(scene: Scene, first: int, last: int) -> Date | None:
    """A date between two positions that belongs to what follows ("less than a week after", "since May, when")."""
    between = (date for date in reversed(scene.dates) if first <= date.span.start < last)
    return next((date for date in between if date.relation == "event" or date.toward), None)


def _own_day(scene: Scene, trigger: Trigger, after: int) -> Date | None:
    """ "Today's strike is the first since the Nov. 12 strike": a day that stands beside the words of the attack itself, and is not that of the one before."""
    own = next((date for date in scene.dates if date.span.start >= after and (
        0 < trigger.span.start - date.span.end <= _BESIDE or (trigger.form == "verb" and 0 < date.span.start - trigger.span.end <= _ON)
    )), None)  # fmt: skip
    if own is None or own.when is None:
        return None
    first = min(own.span.start, trigger.span.start)
    told = [date.when for date in scene.dates if date.span.end <= first and date.use == "event" and date.when]
    return own if told and own.when.earliest != told[-1].earliest else None


def _other_hand(scene: Scene, before: Trigger, trigger: Trigger) -> Actor | None:
    """ "Thailand launched air strikes as Cambodia fired rockets": who struck next, where it is another than the one before."""
    acting = [actor for actor in scene.actors if actor.role == "actor" and actor.kind != "SIDE"]
    first = [actor for actor in acting if actor.span.end <= before.span.start]
    then = [actor for actor in acting if before.span.end <= actor.span.start and actor.span.end <= trigger.span.start]
    heads = {str(actor.id).partition("_")[0] for actor in first}
    return next((actor for actor in then if str(actor.id).partition("_")[0] not in heads), None) if first else None


def _exact(trigger: Trigger) -> bool:
    """Is a number said, "more than ten" too?"""
    return trigger.count is not None and (trigger.count.max is not None or (trigger.count.min or 0) > _SEVERAL)


def _broken(scene: Scene, first: int, last: int) -> bool:
    return any(first <= position <= last for position in scene.passage.breaks)


def _turned(scene: Scene, before: Trigger, trigger: Trigger) -> bool:
    """ "Jets bombed A, while helicopters dropped barrels on B": the clause after "while" has a place of its own."""
    turns = [position for position in scene.passage.turns if before.span.end <= position <= trigger.span.start]
    if not turns:
        return False
    days = [any(first <= date.span.start < last for date in scene.dates if date.use == "event") for first, last in (
        (scene.passage.span.start, turns[-1]), (turns[-1], scene.passage.span.end))]  # fmt: skip
    if (all(days) or _by_guns(before, trigger)) and not trigger.definite:
        return True
    own = {name for site in scene.sites if site.rank and site.span.end <= turns[-1] for name in site.names}
    later = {name for site in scene.sites if site.rank >= 2 and site.span.start >= turns[-1] for name in site.names}
    return bool(own) and bool(later - own)


def _by_guns(before: Trigger, trigger: Trigger) -> bool:
    """ "The town was shelled, while jets raided it": is one of two attacks by guns, and the other from the air?"""
    kinds = {before.event_type, trigger.event_type}
    return "shelling" in kinds and not kinds.isdisjoint(("air_strike", "drone_strike"))


def _front(scene: Scene, first: int, last: int) -> int | None:
    """ "In Rafah 17 died in a raid, and in Khan Younis six died in another": where a clause opens with a place of its own."""
    for position in reversed([each for each in scene.passage.breaks if first <= each < last]):
        opening = [site for site in scene.sites if site.rank >= 2 and 0 <= site.span.start - position <= _FRONT and site.span.end <= last]
        told = {name for site in scene.sites if site.rank >= 2 and site.span.end <= position for name in site.names}
        if opening and told and told.isdisjoint(opening[0].names) and opening[0].locality.type == "F" and not opening[0].locality.listed:
            return position
    return None


def _suffered(scene: Scene, before: Trigger, trigger: Trigger) -> int | None:
    """ "Two raids on A, and the towns of B and C came under shelling": the break before the place that another attack has before its words."""
    start, end = before.span.end, trigger.span.start
    named = [site for site in scene.sites if site.rank >= 2 and not site.locality.aside]
    if any(end <= site.span.start for site in named):
        return None
    for position in reversed([each for each in scene.passage.breaks if start <= each < end]):
        own = [site for site in named if position <= site.span.start < end]
        if own:
            told = {name for site in named if site.span.end <= position for name in site.names}
            return position if told and not own[0].locality.listed and told.isdisjoint(own[0].names) else None
    return None


def _places(scene: Scene, before: Trigger, trigger: Trigger, *, named_apart: bool = False) -> bool:
    """Has each of two triggers a place of its own after it? ``named_apart``: by another name?"""
    own = [site for site in scene.sites if before.span.end <= site.span.start < trigger.span.start]
    own = own if any(site.rank >= 2 for site in own) or before.event_type != trigger.event_type else []  # "the last raid in Libya ..., in raids on Sirte"
    later = [site for site in scene.sites if site.span.start >= trigger.span.end and (site.rank >= 2 or trigger.event_type != "attack")]
    told = frozenset().union(*(site.names for site in own))
    inside = [
        site for site in later
        if before.definite and site.locality.within and not told.isdisjoint(spelling(anchor.name) for anchor in site.locality.within.anchors)
    ]  # fmt: skip
    if named_apart and all(site.names <= told for site in later):
        return False
    return bool(own and len(later) > len(inside))  # "the aggression against A, by raids that hit a port in A": one


def _are_coordinated(scene: Scene, first: Trigger, before: Trigger, trigger: Trigger) -> bool:
    """ "Seven raids and three missile strikes on A": both on A, where no place is told before the second."""
    start = max((scene.passage.span.start, *(each for each in scene.passage.breaks if each <= first.span.start)))
    return trigger.span.start - before.span.end <= _AND and not any(start <= site.span.start < trigger.span.start for site in scene.sites)


def _towns_apart(scene: Scene, before: Trigger, trigger: Trigger) -> bool:
    """ "Hit a convoy in A, and carried out three raids on B": two towns, of which the text puts neither in the other."""
    sites = [site for site in scene.sites if site.rank >= 2 and site.locality.type in ("F", "F-near") and not site.locality.aside]
    own, later = [site for site in sites if before.span.end <= site.span.start < trigger.span.start], [site for site in sites if site.span.start >= trigger.span.end]
    named, then = ({name for site in each for name in (*site.names, *site.holders)} for each in (own, later))
    return bool(own and later) and named.isdisjoint(then)


def _set_apart(scene: Scene, trigger: Trigger) -> bool:
    """ "In Khost, forces bombed a house ..., speaking of other strikes in Kunar": has what comes last a town that was not named before?"""
    told = frozenset().union(*(site.names for site in scene.sites if site.rank >= 2 and site.span.end <= trigger.span.start))
    own = [site for site in scene.sites if site.rank >= 2 and site.span.start >= trigger.span.end]
    return bool(told and own) and told.isdisjoint(own[0].names)


def _boundary(scene: Scene, group: list[Trigger], following: list[Trigger]) -> int:
    """Where the clause of the next attack begins: the last break before it."""
    first, last = group[-1].span.end, following[0].span.start
    if dated := event_date(scene, first, last) or _own_day(scene, following[0], first):
        return dated.span.start
    if hand := _other_hand(scene, group[-1], following[0]):
        return hand.span.start
    if (front := _front(scene, first, last)) is not None:
        return front
    if following[0].form == "noun" and (suffered := _suffered(scene, group[-1], following[0])) is not None:
        return suffered
    inside = [position for position in scene.passage.turns or scene.passage.breaks if first <= position <= last]
    inside = inside or [position for position in scene.passage.breaks if first <= position <= last]
    inside = [each for each in inside if not any(date.span.start < each < date.span.end for date in scene.dates)]  # "12 November, 2014"
    return inside[-1] if inside else last


def gap(start: int, end: int, trigger: Trigger) -> int:
    """Characters between a stretch of the text and the words of an attack."""
    return max(start - trigger.span.end, trigger.span.start - end, 0)


def within(span: Span, position: int) -> bool:
    """Does a clause hold a position?"""
    return span.start <= position < span.end
