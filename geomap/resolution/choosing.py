"""Choose among the candidates of each toponym, and put the reasons into words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from geomap.model import Candidate, Gazetteer, Locality, Mention, Passage, Reason, Report, Resolution, Span, Toponym, ToponymKind
from geomap.resolution.document import NEAR_KM, Document, Group, Shares, containment, contains, cue_bits, looked_up, only_named
from geomap.resolution.options import Option, inhabitants, options_of
from geomap.resolution.sureness import probability
from geomap.resolution.weights import WEIGHTS

ENOUGH = 0.35  # below this the choice is left open: an event there stays without a place
SURE = 0.74  # from this certainty on nobody asks whether the name is one
KEPT = 5  # candidates that a resolution keeps
DOUBLE_KM = 50.0  # nearer than this two candidates are one answer to the question where
GREAT = 14.0  # bits of a place that is known the world over
KNOWN = 11.0  # ... a town that a university goes by
BESIDE = 300  # characters over which a name's say on its unknown neighbour halves
HOPELESS = 0.0005  # ... if they are believed more than this
_HARDLY = 0.02  # of the belief of the other names
_HERE, _NEARLY = 0.1, 0.5  # ... in whose land the report plays, and of the odds of the likeliest
_PUTS = 0.6  # how sure the area must be that the text puts a name in
_ALONE_KM = 600.0
_ROUND_KM = 30.0  # a place this near an area may still be counted as in it
_AREAS = frozenset({"F", "region-part"})
_BEHIND = 12  # characters: " in the ", " in the far "
_TOLD_NEAR = frozenset({"neighbourhood", "village"})  # never told without a place around them
_TOLD_WITHIN = frozenset({"district", "region"})  # ... without their country, or a place near them
_LOCAL = frozenset({"neighbourhood", "site", "camp", "village"})  # kinds that are told with the town or district around them
_SMALL = frozenset({"camp", "airport", "airbase", "port", "site", "oilfield", "dam", "village", "neighbourhood", "city", "sea"})  # a coast: "ساحل زوارة"


def resolve(
    report: Report, mentions: Iterable[Mention], gazetteer: Gazetteer, *, countries: Sequence[str] = (), guess: bool = True, reasons: bool = True
) -> tuple[Resolution, ...]:
    """One resolution a toponym of ``mentions``, in their order; ``countries`` are hints (ISO alpha-2), not filters.

    A name that nobody knows is never taken for a place; with ``guess`` its candidates are those that it may stand for.
    Without ``reasons`` the candidates come without them, sooner.
    """
    mentions = tuple(mentions)
    toponyms = [mention for mention in mentions if isinstance(mention, Toponym)]
    document = Document(report, toponyms, gazetteer, countries, _told_inside(mentions), next(_datelines(mentions), None))
    document.settle()
    chosen: dict[tuple[str, ToponymKind | None], Resolution] = {}  # one sense a discourse: a name is weighed once for each cue
    found = []
    for toponym in toponyms:
        sense = document.key(toponym), toponym.kind
        known = chosen.get(sense)
        if known is None:
            known = chosen[sense] = _choose(toponym, document, guess, reasons)
        found.append(known if known.toponym is toponym else _for(toponym, known, document))
    return tuple(found)


def _datelines(mentions: Iterable[Mention]) -> Iterator[Span]:
    """Where the report says in which town it was written."""
    return (each.span for each in mentions if isinstance(each, Passage) and each.zone == "dateline")


def _told_inside(mentions: Iterable[Mention]) -> Iterator[tuple[Toponym, Toponym]]:
    """The towns that the words put into an area named right behind them: "Tripoli in northern Lebanon"."""
    for each in mentions:
        if not isinstance(each, Locality) or each.type != "F" or each.within is None or len(each.anchors) != 1 or len(each.within.anchors) != 1:
            continue
        if each.within.type in _AREAS and 0 <= each.within.span.start - each.span.end <= _BEHIND and each.anchors[0].parent is None:
            yield each.anchors[0], each.within.anchors[0]


def _for(toponym: Toponym, known: Resolution, document: Document) -> Resolution:
    """The same choice for another mention of the name, whose own neighbours may be less or more sure."""
    group = document.groups[document.key(toponym)]
    if toponym.certainty >= SURE or not group.options:
        return replace(known, toponym=toponym, certainty=toponym.certainty)
    return replace(known, toponym=toponym, certainty=_certainty(toponym, group, group.best(), document))


def _choose(toponym: Toponym, document: Document, guess: bool, reasons: bool) -> Resolution:
    group, note, owned = document.groups[document.key(toponym)], "", False
    if owner := _owner(toponym, group, document):
        group, note, owned = owner, f"no gazetteer knows the name; {owner.name}, which it belongs to, stands in for it", True
    if not group.options:
        group, note = _substitute(toponym, document) if guess else (group, note)
        if not group.options:
            return Resolution(toponym, None, (), 0.0, ("no gazetteer knows the name",), toponym.certainty)
    kind = toponym.kind if group.kind is None and toponym.use != "demonym" and not owned else None  # else it is weighed already
    bits = [bit + cue_bits(kind, option, group.options) for bit, option in zip(group.bits, group.options, strict=True)]
    top = max(bits)
    odds = [2 ** ((bit - top) / WEIGHTS.temperature) for bit in bits]
    total = sum(odds) + 2 ** ((WEIGHTS.unknown - top) / WEIGHTS.temperature)
    order = sorted(range(len(bits)), key=lambda index: (-bits[index], group.options[index].place.id))
    order = _here_first(order, odds, group, document)
    order = order[:1] + [index for index in order[1:KEPT] if odds[index] / total > HOPELESS]
    candidates = tuple([
        Candidate(option.place, odds[index] / total, _reasons(toponym, group, index, document) if reasons else (), option.candidate.match)
        for index in order if (option := group.options[index])
    ])  # fmt: skip
    doubt = WEIGHTS.stand_in if note and not (owned and toponym.kind == "sea") else 1.0  # the coast of a town is nowhere else
    belief = _share_near(group.options, odds, order[0]) / total
    place = candidates[0].place if belief * doubt >= ENOUGH and (owned or not note) else None
    score = probability(group.options[order[0]], belief, doubt < 1.0)
    if place is not None and not owned and _far_off(toponym, group, group.options[order[0]], document):
        place, note = None, f"no {toponym.kind} of that name near the places told of"
    if place is not None and toponym.kind != "sea" and _is_called_after(toponym) and _is_alone(group.options[order[0]], document):
        place, note = None, f"{group.options[order[0]].place.name} lies far from the places told of"
    if place is not None and not owned and (area := _told_elsewhere(toponym, group, group.options[order[0]])):
        place, note = None, f"no place of that name in {area}, where the text puts it"
    return Resolution(toponym, place, candidates, score, (note,) if note else (), _certainty(toponym, group, order[0], document))


def _here_first(order: list[int], odds: Sequence[float], group: Group, document: Document) -> list[int]:
    """ "Mar'a", in a report on Syria, is the town of Aleppo rather than a region of Tanzania that is hardly likelier by itself."""
    shares = document.shares
    told = [max(shares.share(group, option.country), shares.bordering(group, option)) if (option := group.options[index]).country else 1.0 for index in order]
    if not order or told[0] > _HARDLY:
        return order
    here = next((index for index, share in zip(order, told, strict=True) if share > _HERE and odds[index] > _NEARLY * odds[order[0]]), order[0])
    return [here, *(index for index in order if index != here)]


def _certainty(toponym: Toponym, group: Group, best: int, document: Document) -> float:
    """That a name is one: of a doubtful one ("Troy", "Cove") it tells much whether such a place lies beside the others."""
    before = toponym.certainty
    if not 0 < before < SURE or toponym.use == "demonym" or group.options[best].country is None:
        return before  # a sea, a continent: nothing lies at hand of it
    bits = WEIGHTS.half_sure * math.log2(before / (1 - before)) + WEIGHTS.doubtful + document.shares.at_hand(group, best)
    return float(1 / (1 + 2.0**-bits))


def _owner(toponym: Toponym, group: Group, document: Document) -> Group | None:
    """What stands in for a name that nothing knows, or only far from where the text puts it.

    "مستشفى الشفاء" and "Mezzeh air base" bear the name of the quarter they lie in; "حي القصور" of Deir ez-Zor is not Chad's.
    """
    owner = document.groups.get(document.key(toponym.parent)) if toponym.parent is not None else None
    if owner is None or not owner.options or toponym.kind not in _SMALL:
        return None
    there = owner.options[owner.best()]
    if toponym.kind != "sea" and there.place.is_vast:
        return None  # "the Red Sea town of", "Yemen's port of": no answer to the question where
    elsewhere = toponym.kind in _LOCAL and owner.belief[owner.best()] > 0.6 and not any(_lies_in(there, each) for each in group.options)
    return owner if elsewhere or not (group.options or toponym.known) else None


def _lies_in(area: Option, option: Option) -> bool:
    if area.level == 0:
        return area.country == option.country
    return contains(area, option) or area.distance_km(option) <= 1.3 * area.kilometres + _ROUND_KM


def _far_off(toponym: Toponym, group: Group, option: Option, document: Document) -> bool:
    """Is a quarter or a village far from every other place that the report surely names, or an area that is far in a country of which nothing is told?"""
    if toponym.kind not in _TOLD_NEAR and (toponym.kind not in _TOLD_WITHIN or document.shares.share(group, option.country) > _HARDLY):
        return False
    others = [anchor for other, anchor in document.told_of if other is not group]
    if toponym.kind == "neighbourhood" and any(_is_outside(option, parent) for parent in group.parents):
        return True
    return bool(others) and all(option.distance_km(anchor) > 2 * _ROUND_KM + anchor.kilometres for anchor in others)


def _is_outside(option: Option, city: Group) -> bool:
    """Is a quarter's namesake far from the city that the words put it in: "حي الصناعة بمدينة القامشلي"?"""
    town = city.options[city.best()] if city.options else None
    return town is not None and town.place.feature_code.startswith("PPL") and option.distance_km(town) > _ROUND_KM


def _is_called_after(toponym: Toponym) -> bool:
    """Is the place that it belongs to a part of its own name: "Ark oilfield"?"""
    part = toponym.parent
    return part is not None and not toponym.known and toponym.span.start <= part.span.start and part.span.end <= toponym.span.end


def _is_alone(option: Option, document: Document) -> bool:
    """Does an oilfield's or a camp's namesake lie far from all other places that the report surely names?"""
    others = [anchor for _, anchor in document.told_of if anchor.place.id != option.place.id]
    return bool(others) and all(option.distance_km(anchor) > _ALONE_KM + anchor.kilometres for anchor in others)


def _told_elsewhere(toponym: Toponym, group: Group, option: Option) -> str | None:
    """ "مدينة براني بمحافظة مطروح" is no town of Montenegro: the area in another land, and far off, that the text surely puts it in."""
    if option.level < 2 and toponym.kind not in _SMALL:
        return None  # "blamed Russia, Syria and Iran": a list
    for parent in group.parents:
        area = parent.options[parent.best()] if parent.options else None
        if area is None or area.level > 1 or area.country is None or option.country in (None, area.country) or parent.belief[parent.best()] <= _PUTS:
            continue
        if area.distance_km(option) > 2 * area.kilometres + _ROUND_KM:
            return parent.name
    return None


def _share_near(options: Sequence[Option], odds: Sequence[float], best: int) -> float:
    """What is believed of the best option and of its doubles: the district of that name, the airport beside the town."""
    there = options[best]
    return sum(odd for option, odd in zip(options, odds, strict=True) if option is there or option.distance_km(there) < DOUBLE_KM)


def _substitute(toponym: Toponym, document: Document) -> tuple[Group, str]:
    """For a name that nobody knows: a like one in the report's countries, the known part of it, or the place the report is about."""
    name, countries = looked_up(toponym), _countries_spoken_of(document)
    if not only_named(toponym):
        for where in (countries, ()):
            group = Group(name, [o for o in options_of(document.gazetteer, name, where, True) if _alike(o)] if len(name) > 3 else ())
            if group.options:
                return _weighed(group, document), f"spelt like {group.options[0].place.name}"
    part = _known_part(toponym, document, countries)
    if part is not None:
        return _weighed(part, document), f"only {part.name!r} of the name is known"
    group = Group(name, _focus(document, toponym))
    return _weighed(group, document), "no gazetteer knows the name; where the report plays stands in for it"


def _known_part(toponym: Toponym, document: Document, countries: Sequence[str]) -> Group | None:
    """A part of the name that names a place: for a county or a lake only where the report plays, "Jordan Lake" being in no Jordan."""
    words, sited = looked_up(toponym).split(), only_named(toponym)
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length, -1, -1):
            part = " ".join(words[start : start + length])
            if len(part) <= 3:
                continue
            options = options_of(document.gazetteer, part)
            if sited:
                campus = toponym.kind == "site"
                options = tuple(o for o in options if document.is_near(o) or campus and o.level == 3 and o.prior > KNOWN)
            else:
                options = tuple(o for o in options if o.country in countries or o.prior > GREAT)
            if options:
                return Group(part, options)
    return None


def _alike(option: Option) -> bool:
    """Is a name that was found by likeness like enough?"""
    if option.candidate.match in ("exact", "no_article"):
        return True
    return any(
        reason.bits > -6.5 for reason in option.candidate.reasons if reason.text.startswith(("a name like", "the same cons"))
    )


def _focus(document: Document, toponym: Toponym) -> list[Option]:
    """The settlements that the report names most, those beside the name before those far from it in the text; else its areas."""
    weights: dict[str, float] = {}
    options: dict[str, Option] = {}
    groups = [group for group in document.groups.values() if group.options and group.certainty > 0.5]
    settled = [group for group in groups if group.options[group.best()].level > 1]
    for group in settled or groups:
        best = group.options[group.best()]
        apart = min((abs(each.span.start - toponym.span.start) for each in group.toponyms), default=BESIDE)
        weight = group.weight * max(group.belief) / (1 + apart / BESIDE)
        weights[best.place.id] = weights.get(best.place.id, 0.0) + weight
        options[best.place.id] = best
    return [options[each] for each in sorted(weights, key=lambda each: (-weights[each], each))[:3]]


def _weighed(group: Group, document: Document) -> Group:
    shares = Shares([each for each in document.groups.values() if each.options])
    group.bits = [o.prior + document.outside(o) + lent for o, lent in zip(group.options, shares.bits(group), strict=True)]
    return group


def _countries_spoken_of(document: Document) -> tuple[str, ...]:
    """The hinted countries, else the one or two that hold most of the report's names."""
    if document.hints:
        return tuple(sorted(document.hints))
    mass: dict[str, float] = {}
    for group in document.groups.values():
        for option, belief in zip(group.options, group.belief, strict=True):
            if option.country:
                mass[option.country] = mass.get(option.country, 0.0) + belief * group.weight
    return tuple(sorted(mass, key=lambda code: (-mass[code], code))[:2])


def _reasons(toponym: Toponym, group: Group, index: int, document: Document) -> tuple[Reason, ...]:
    """What spoke for and against a candidate, in words for a reader, the heaviest first."""
    option, shares = group.options[index], document.shares
    place, found = option.place, []
    found.append(Reason(_size_in_words(option), round(option.prior, 1)))
    if option.country in document.hints:
        found.append(Reason(f"you named {option.country}", WEIGHTS.hint))
    if option.country in document.speaking:
        found.append(Reason("the report's language is spoken there", WEIGHTS.language))
    if option.country == document.outlet and document.outlet:
        found.append(Reason("the outlet's address is there", WEIGHTS.outlet))
    if held := containment(group, option):
        parents = [p.name for p in group.parents if any(contains(area, option) for area in p.options)]
        found.append(Reason(f"the text puts it in {', '.join(parents)}", round(held, 1)))
    if option.country and group in shares.own:
        share = shares.share(group, option.country)
        if share > 0.02:
            text = f"{round(100 * share)} % of the other names point to {option.country}"
            found.append(Reason(text, round(WEIGHTS.country * math.log2(1 + 30 * share), 1)))
        share = shares.share(group, option.admin1) if option.admin1 else 0.0
        if share > 0.02:
            text = f"{round(100 * share)} % of the other names point to {place.admin1}"
            found.append(Reason(text, round(WEIGHTS.admin1 * math.log2(1 + 30 * share), 1)))
        if (share := shares.bordering(group, option)) > 0.02:
            found.append(Reason(f"{round(100 * share)} % of the other names point to a country beside it", round(WEIGHTS.bordering * math.log2(1 + 30 * share), 1)))
        if option.cell is not None and (share := shares.around(group, option.cell)) > 0.02:
            text = f"{round(100 * share)} % of the other names lie about it"
            found.append(Reason(text, round(WEIGHTS.around * math.log2(1 + 30 * share), 1)))
        if option.level > 0 and (near := shares.nearest(group, index)):
            bits = WEIGHTS.near * math.log2(NEAR_KM / max(near[0], 25.0))
            found.append(Reason(f"{round(near[0])} km from {near[1].place.name}, also named", round(bits, 1)))
    if toponym.kind is not None and toponym.use != "demonym":
        bits = cue_bits(toponym.kind, option, group.options)
        found.append(Reason(f"the text calls it a {toponym.kind}" if bits > 0 else f"it is no {toponym.kind}", bits))
    return tuple(sorted(found, key=lambda reason: -abs(reason.bits)))


def _size_in_words(option: Option) -> str:
    place = option.place
    what = {0: "a country", 1: "a first-level division", 2: "a second-level division"}.get(option.level)
    if what is None:
        what = "a capital" if place.feature_code == "PPLC" else "a settlement" if place.feature_code.startswith("P") else "a site"
    people = f" of {place.population:,} people" if place.population else f" (about {inhabitants(place):,.0f} people assumed)"
    return what + people
