"""Tie the name of a small place to what the text names with it: "Tudun Biri, Kaduna State", "Tripoli's Hadaba area".

Gazetteers do not know every hamlet. What stands beside its name then says where it is, less finely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from geomap.annotation import anchors
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Locality, Names, Toponym

_SMALL = frozenset(("F", "F-near"))
_NARROW = frozenset(("F", "F-near", "FH"))
_BETWEEN = frozenset(("P-between", "F-between"))
_HOLDS = frozenset(("F", "F-near", "FH", "FO", "FOH", "region", "region-part")) | _BETWEEN
_AFTER = frozenset(("COMMA", "OPEN", "IN", "OF", "THE", "DET", "PART", "KIND", "DEMONYM", "NATION", "OWNER", "NEAR", "JUST", "FAR", "LINK", "CAPITAL", "QUOTE"))  # between the two
_PLAIN = frozenset(("UNKNOWN", "SITE", "ADJ", "PARTOF"))
_NO_LINK = frozenset(("AND", "STOP", "NUM", "SEMI"))
_LONGEST = 7  # tokens between
_ASIDE = 14  # ... in brackets
_LINES = frozenset(("P", "P-between", "F-between"))  # on a road, between two towns
_ARMS = frozenset(("WEAPON", "FORCE", "STRIKE", "WEAKSTRIKE"))
# Words that may stand between a place and the wider one that holds it, where what the two are decides.
_JOINTS = frozenset(("IN", "DET", "LINK", "KIND", "KINDADJ", "SITEADJ", "COMMA", "OPEN", "CLOSE", "DASH", "TO", "FROM", "OF", "PARTOF", "DEMONYM", "SECTOR", "PART", "DIR", "QUOTE"))  # fmt: skip
_REACH = 5  # tokens
_LEVELS = {
    "country": 0, "sea": 0, "desert": 1, "region": 1, "governorate": 1, "district": 2, "border": 3, "road": 3, "river": 3, "wadi": 4,
    "mountain": 4, "island": 3, "city": 3, "village": 4, "oilfield": 4, "camp": 4, "airbase": 4, "airport": 4, "port": 4, "dam": 4,
    "neighbourhood": 5, "site": 5,
}  # fmt: skip
_SAME_LEVEL = frozenset(("region", "district", "governorate", "village"))
_BACK = 40  # tokens back to the division that a lone village is thought to lie in
_LIST = 10  # tokens of a list of villages before the division that holds them
_NAMELESS = 4  # a name of which nothing says what it is: as narrow as a village


def tie(localities: Sequence[Locality], tokens: Tokens, names: Names) -> tuple[Locality, ...]:
    """The localities in text order, each small one with the larger one beside it."""
    tied = _with_same([_with_parent(locality) for locality in localities], tokens, names)
    for index in reversed(range(len(tied) - 1)):
        one, other = tied[index], tied[index + 1]
        if _is_state(one, other, names):
            continue
        if _is_beside_its_town(one, other, tokens):
            tied[index + 1] = replace(other, within=one)
            continue
        held = _is_held(one, other, tokens, names)
        if held or one.type in _SMALL and one.within is None and other.type in _HOLDS - _BETWEEN and not _is_wider(one, other, names) and not _is_listed_with(tied[index:]) and _follows(one, other, tokens, names):
            finer = tied[index + 2] if index + 2 < len(tied) and not tied[index + 2].gloss and tied[index + 2].type not in ("region", "region-part") and _owns(other, tied[index + 2], tokens) else other
            if held and not _between(other.span.end, finer.span.start, tokens):
                finer = other  # "قرية كفر نبل غربي إدلب سوريا"
            tied[index] = replace(one, within=finer if finer.type in _HOLDS else other)  # "Dedebit, in Ethiopia's Tigray region"
    tied = list(_in_opening(tied, tokens, names))
    for index, one in enumerate(tied):
        if one.within is None and one.anchors and one.anchors[0].kind == "village" and one.anchors[0].known:
            tied[index] = replace(one, within=_told_after(tied[index + 1 :], one, tokens, names))
        elif one.within is None and _is_nowhere(one):
            tied[index] = replace(one, within=_told_after(tied[index + 1 :], one, tokens, names) or _told_before(tied[:index], one, tokens, names, here=_goes_on(tied[index + 1 :], one, tokens)))
    for index in reversed(range(len(tied) - 1)):
        if tied[index].within is None and (_are_called_one if _is_nowhere(tied[index]) else _are_called_at_last)(tied[index], tied[index + 1], tokens):
            tied[index] = replace(tied[index], within=tied[index + 1].within)
    for index in range(1, len(tied)):
        before, one = tied[index - 1], tied[index]
        if one.type in _SMALL and one.within is None and before.type in _HOLDS and before.within is None and _owns(before, one, tokens):
            tied[index] = replace(one, within=before)
    for index in range(1, len(tied)):
        if tied[index].type in _SMALL and tied[index - 1].type in _SMALL and _is_listed(tied[index - 1], tied[index], tokens):
            tied[index] = replace(tied[index], listed=True, aside=tied[index].aside or tied[index - 1].aside)  # "wanted for attacks in Somalia and Kenya"
    return tuple(tied)


def _is_beside_its_town(one: Locality, other: Locality, tokens: Tokens) -> bool:
    """ "Just outside of Miranshah in the village of A": the village is what was struck, and the town is near it."""
    if one.type != "F-near" or other.type != "F" or not other.anchors or other.anchors[0].known or other.anchors[0].kind not in ("city", "village"):
        return False
    between = _between(one.span.end, other.span.start, tokens)
    return len(between) == 1 and "IN" in between[0].tags and other.within is None


def _is_wider(one: Locality, other: Locality, names: Names) -> bool:
    """ "In Iraq near the city of Mosul", "in Bayda province in a district called Nekla": a country is in no town, nor a province in a district."""
    if not (one.anchors and other.anchors) or not anchors.is_area(one.anchors[0], names):
        return False
    return not anchors.is_area(other.anchors[0], names) or _level(one.anchors[0], names, 3) < _LEVELS.get(other.anchors[0].kind or "", 0)


def _is_listed_with(places: Sequence[Locality]) -> bool:
    """ "In the Hakurk, Gara and Asos regions": of three places in a row that are called the same, none holds another."""
    kinds = [place.anchors[0].kind if place.anchors else None for place in places[:3]]
    return len(kinds) == 3 and kinds[0] in _SAME_LEVEL and len(set(kinds)) == 1


def _is_state(one: Locality, other: Locality, names: Names) -> bool:
    """ "نجران السعودية شرقي محافظة الجوف": a country lies in no governorate of its neighbour."""
    if not (one.anchors and other.anchors) or other.anchors[0].kind not in ("governorate", "district"):
        return False
    return one.anchors[0].kind is None and anchors.is_area(one.anchors[0], names)


def _is_listed(before: Locality, one: Locality, tokens: Tokens) -> bool:
    """ "Gaza City, Rafah and Khan Younis", "in Iraq near Tal Afar and Sinjar": no container behind the first, and nothing but a comma or "and" between the two."""
    between = _between(before.span.end, one.span.start, tokens)
    if one.type == "F-near" and before.type == "F" and all("AND" not in token.tags for token in between):
        return False  # "in the province of Idlib, near Saraqib": the one tells where in the other
    return (before.within is None or before.within.span.end <= before.span.start) and 0 < len(between) <= 2 and all({"COMMA", "AND"} & token.tags.keys() for token in between)


def _are_called_one(one: Locality, other: Locality, tokens: Tokens) -> bool:
    """ "Zarbuta and Makhtal villages near Derna": of two in a list, both called villages, the second says where the first is, too."""
    return _are_in_a_row(one, other, tokens) and one.anchors[0].kind == other.anchors[0].kind and one.anchors[0].kind in _SAME_LEVEL


def _are_called_at_last(one: Locality, other: Locality, tokens: Tokens) -> bool:
    """ "The outskirts of Baze and Makhtal villages in Dohuk", where a town far away is called Baze: what is said behind the second is said of both."""
    behind = other.within is not None and other.within.span.start > other.span.start
    if not behind or one.type not in _SMALL or not one.anchors or one.anchors[0].kind or not _are_in_a_row(one, other, tokens):
        return False
    return other.anchors[0].kind in _SAME_LEVEL and other.span.end > other.anchors[0].span.end


def _are_in_a_row(one: Locality, other: Locality, tokens: Tokens) -> bool:
    between = _between(one.span.end, other.span.start, tokens)
    return 0 < len(between) <= 2 and all({"COMMA", "AND"} & token.tags.keys() for token in between) and bool(other.anchors)


def _in_opening(localities: Sequence[Locality], tokens: Tokens, names: Names) -> Iterator[Locality]:
    """ "In Gaza City, four people died in the Tuffah quarter": what opens a sentence holds the quarters told after it."""
    opening: Locality | None = None
    end = 0  # of the sentence that it opens, in tokens
    for locality in localities:
        first = tokens.index(locality.span.start)
        if first >= end:
            opening = locality if _opens(first, tokens) and locality.type == "F" and len(locality.anchors) == 1 else None
            end = next((index for index in range(first, len(tokens)) if "STOP" in tokens[index].tags), len(tokens))
        elif opening and locality.within is None and locality.type in _NARROW and len(locality.anchors) == 1:
            if _LEVELS.get(locality.anchors[0].kind or "", 0) >= _NAMELESS and _level(opening.anchors[0], names, 3) in (2, 3):
                locality = replace(locality, within=opening)
        yield locality


def _opens(first: int, tokens: Tokens) -> bool:
    """Does a sentence begin with "in" and the place at this token?"""
    before = tokens[max(0, first - 3) : first]
    while before and not {"STOP", "IN", "AND", "ALSO"} & before[0].tags.keys():
        before = before[1:]
    start = max((index for index, token in enumerate(before) if "STOP" in token.tags), default=-1)
    if start < 0 and first > len(before):
        return False
    return any("IN" in token.tags for token in before[start + 1 :])


def _with_parent(locality: Locality) -> Locality:
    """A place whose own name says where it lies ("Mitiga airport")."""
    parent = locality.anchors[0].parent if locality.anchors else None
    return replace(locality, within=Locality(parent.span, "F", (parent,))) if parent and locality.type in _SMALL else locality


def _with_same(localities: Sequence[Locality], tokens: Tokens, names: Names) -> list[Locality]:
    """ "In the same area": where the place named before is."""
    found: list[Locality] = []
    written = _end_of_dateline(localities, tokens)
    for locality in localities:
        if found and locality.anchors and "SAMEPLACE" in tokens[tokens.index(locality.anchors[0].span.start)].tags:
            if _is_told_to_hold(locality, found[-1], tokens):
                told = [each for each in found[:-1] if not each.gloss and each.anchors and 0 < _level(each.anchors[0], names, 3) <= 2]
            else:
                told = [each for each in found if each.span.start >= written] or found  # not where the report was written
                told = [each for each in told if not each.gloss and each.anchors and (each.offsets or _level(each.anchors[0], names, 3) > 1)] or told
            locality = replace(locality, within=told[-1]) if told else locality
        found.append(locality)
    return found


def _end_of_dateline(localities: Sequence[Locality], tokens: Tokens) -> int:
    """Where the towns end that open the text with a dash behind each: "Jerusalem - Beirut - A man was killed"."""
    end = after = 0  # in the text, in tokens
    for each in localities:
        last = tokens.index(each.span.end - 1) + 1
        if tokens.index(each.span.start) != after or last >= len(tokens) or "DASH" not in tokens[last].tags:
            break
        end, after = each.span.end, last + 1
    return end


def _is_told_to_hold(area: Locality, before: Locality, tokens: Tokens) -> bool:
    """ "And in Sabratha in the same district": the district told before, in which Sabratha lies."""
    between = _between(before.span.end, area.span.start, tokens)
    return area.anchors[0].kind in ("region", "district", "governorate") and len(between) == 1 and "IN" in between[0].tags


def _is_held(narrow: Locality, wide: Locality, tokens: Tokens, names: Names) -> bool:
    """Is what is named next the wider of two, with nothing but joints between: "حي الشجاعية شرق مدينة غزة"?"""
    roads = narrow.type in _LINES and wide.type == "F"
    part = narrow.type == "region-part" and bool(narrow.anchors) and _level(narrow.anchors[0], names, 0) > 2  # "the east of Khan Shekhoun city"
    if not (roads or part or narrow.type in _NARROW) or wide.type not in _HOLDS or not wide.anchors or narrow.gloss:
        return False
    if len(narrow.anchors) != 1 and not roads:
        return False
    if narrow.within is not None and narrow.anchors[0].parent is None:
        return False  # the same place as before
    between = tokens[tokens.index(narrow.span.end - 1) + 1 : tokens.index(wide.span.start)]
    if not (between or wide.offsets or wide.part or wide.type in ("region", "F-near", *_BETWEEN)) or len(between) > _REACH or not all(map(_joins, between)):
        return False
    inner, outer = narrow.anchors[0], wide.anchors[0]
    if inner == outer:
        return False
    if wide.gloss or any(owner.span.start == outer.span.start for owner in _owners(inner)):
        return True  # "منطقة خورة بمديرية مرخة السفلى": the name of the owner may go on
    if inner.kind == "district" and not inner.known and outer.kind is None and between and all("IN" in token.tags for token in between):
        return True  # "ناحية العبيدي في القائم": the town stands for what is called after it
    if inner.kind == "region" and wide.type == "region" and between and all("IN" in token.tags for token in between):
        return True  # "منطقة جبل الأكراد في ريف اللاذقية"
    if inner.kind == "region" and any("SECTOR" in token.tags for token in between):
        return True  # "منطقة وادي الشاي ضمن قاطع عمليات كركوك"
    if wide.type in _BETWEEN:
        return narrow.type in _SMALL and inner.kind != "region" and _level(inner, names, _NAMELESS) >= 3  # "the village of Kfar Sir, between Nabatieh and Tyre"; but "منطقة جبلية بين شبوة وأبين"
    if wide.type == "FH" and not between and inner.kind == "governorate":
        return True  # "the province of Marib east of Sanaa"
    if wide.offsets and any("LINK" in token.tags and "IN" not in token.tags for token in between):
        return True  # "the area of Safiya, located northeast of the town of Sodari"
    level = _level(inner, names, _NAMELESS) - (1 if wide.type in ("region", "region-part") else _level(outer, names, 3))
    if not inner.known and (wide.offsets or wide.type == "F-near"):
        return level >= 0
    if roads and narrow.type == "P" and all("IN" in token.tags for token in between):
        return level >= 0  # "على طريق بلدة البيسارية بالنبطية"
    if any({"LINK", "SECTOR"} <= token.tags.keys() for token in between):
        return level >= 0  # "بلدة بداما التابعة لمدينة جسر الشغور": the one belongs to the other
    listed = bool(between) and all({"COMMA", "DASH"} & token.tags.keys() for token in between)
    then = tokens[tokens.index(wide.span.end - 1) + 1 : tokens.index(wide.span.end - 1) + 2]
    quarter = inner.kind == "neighbourhood" and outer.known and all({"AND", "COMMA", "DASH"}.isdisjoint(token.tags) for token in then)  # "in the Badou neighbourhood, Raqqa."
    return level > 0 and not (listed and not quarter and outer.kind is None and not anchors.is_area(outer, names))


def _is_nowhere(one: Locality) -> bool:
    """A town, a village or a quarter that no gazetteer knows and nothing beside it places."""
    if one.type not in _NARROW or len(one.anchors) != 1 or one.anchors[0].known:
        return False
    return one.anchors[0].kind in ("city", "island") or _LEVELS.get(one.anchors[0].kind or "", 0) >= _NAMELESS


def _told_after(after: Sequence[Locality], one: Locality, tokens: Tokens, names: Names) -> Locality | None:
    """The division or the countryside at the end of a list: "the villages of A, B and C in the district of D"."""
    last = tokens.index(one.span.end - 1)
    for each in after:
        between = tokens[last + 1 : tokens.index(each.span.start)]
        if len(between) > _LIST or any("STOP" in token.tags for token in between):
            return None
        if each.anchors and not each.gloss and _may_hold(each, one, names):
            return each
    return None


def _goes_on(after: Sequence[Locality], one: Locality, tokens: Tokens) -> bool:
    """ "Near the Nabigha school, north of the roundabout of Qusayr": does its own sentence name a place behind it?"""
    last = tokens.index(one.span.end - 1)
    between = tokens[last + 1 : tokens.index(after[0].span.start)] if after else []
    return bool(after) and len(between) <= _LONGEST and all("STOP" not in token.tags for token in between) and any(anchor.known for anchor in after[0].anchors)


def _told_before(before: Sequence[Locality], one: Locality, tokens: Tokens, names: Names, *, here: bool) -> Locality | None:
    """The division named last before it: "the governor of Belgorod said a woman was killed in the village of ...".

    With ``here`` in its own sentence alone.
    """
    first = tokens.index(one.span.start)
    for each in reversed(before):
        start = tokens.index(each.span.start)
        if first - start > _BACK or (here and any("STOP" in token.tags for token in tokens[start:first])):
            return None
        if each.anchors and not each.gloss and _may_hold(each, one, names):
            return each
    return None


def _may_hold(wide: Locality, one: Locality, names: Names) -> bool:
    """A division or a countryside may hold any town, a city its quarters."""
    if wide.type == "region":
        return True
    narrowest = 3 if one.anchors[0].kind == "neighbourhood" else 2
    return wide.type == "F" and 1 <= _level(wide.anchors[0], names, 3) <= narrowest


def _owners(toponym: Toponym) -> list[Toponym]:
    """What the words themselves put a place into, the nearest first."""
    return [toponym.parent, *_owners(toponym.parent)] if toponym.parent is not None else []


def _joins(token: Token) -> bool:
    return not _JOINTS.isdisjoint(token.tags) and "ANCHOR" not in token.tags and "AND" not in token.tags


def _level(toponym: Toponym, names: Names, otherwise: int) -> int:
    """How narrow a place is: 0 a country, 5 a quarter or a building."""
    if toponym.kind == "region" and not toponym.known:
        return otherwise  # "منطقة" before a name that nobody knows is any spot of land
    if toponym.kind is not None:
        return _LEVELS.get(toponym.kind, otherwise)
    if not toponym.known:
        return otherwise
    return 1 if anchors.is_area(toponym, names) else 3


def _between(first: int, last: int, tokens: Tokens) -> list[Token]:
    """The tokens between two positions, but for what stands there in brackets; of more than ``_LONGEST`` some, for then the two have nothing to do with each other."""
    start = tokens.index(first)
    if start < len(tokens) and "OPEN" in tokens[start].tags:  # "منطقة جربان [فيها معسكر] في مديرية سنحان"
        closes = (index for index in range(start, min(start + _ASIDE, len(tokens))) if "CLOSE" in tokens[index].tags)
        start = next((index + 1 for index in closes if tokens[index].span.end <= last), start)
    near = tokens[start : min(tokens.index(last) + 1, start + _LONGEST + 2)]
    return [token for token in near if first <= token.span.start and token.span.end <= last]


def _follows(one: Locality, other: Locality, tokens: Tokens, names: Names) -> bool:
    """Is the other named right after, with nothing between but what leads to a larger or nearby place?"""
    between = _between(one.span.end, other.span.start, tokens)
    if len(between) > _LONGEST or any(not _NO_LINK.isdisjoint(token.tags) for token in between):
        return False
    if any(_AFTER.isdisjoint(token.tags) and not _is_plain(token) for token in between):
        return False
    plain = any(_AFTER.isdisjoint(token.tags) for token in between)
    if plain and not {"IN", "OF"} & between[-1].tags.keys() and not (other.offsets and _is_described(between)):
        return False  # "the only functioning airport in": plain words need a word that leads on
    if not between:
        return other.type != "F"  # "K1 base near Kirkuk"
    if _strikes(other, tokens):
        return False  # "in Hadramout, US drones"
    listed = other.type == "F" and all("COMMA" in token.tags for token in between)  # "Derna, Benghazi": one after the other
    return not listed or anchors.is_area(other.anchors[0], names)


def _is_described(between: Sequence[Token]) -> bool:
    """ "Zarbuta, a small farming village north of Derna": what is told of a place ends in where it lies."""
    return any("KIND" in token.tags for token in between) and any(not {"DET", "LINK"}.isdisjoint(token.tags) for token in between)


def _strikes(other: Locality, tokens: Tokens) -> bool:
    """Is a country only named as whose drones they were?"""
    last = tokens.index(other.span.end - 1)
    return any(not _ARMS.isdisjoint(token.tags) for token in tokens[last + 1 : last + 2])


def _is_plain(token: Token) -> bool:
    """A word that only describes: "functioning", "airport"."""
    return not token.capital and not _PLAIN.isdisjoint(token.tags)


def _owns(before: Locality, one: Locality, tokens: Tokens) -> bool:
    """ "Tripoli's Hadaba area": is the larger one named right before?"""
    between = _between(before.span.end, one.span.start, tokens)
    return len(between) <= 2 and all(token.text in ("s", "'") or "THE" in token.tags for token in between)
