"""What lies in what, as the text says it: "the village of X in the district of Y, south of Z", place after wider place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geomap.annotation.anchors import is_area
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Locality, Names, Toponym

# Words that may stand between a place and the wider one that holds it.
_JOINTS = frozenset(("IN", "LINK", "KIND", "KINDADJ", "SITEADJ", "COMMA", "OPEN", "CLOSE", "DASH", "TO", "FROM", "OF", "PARTOF", "DEMONYM", "SECTOR", "PART", "DIR"))
_REACH = 5  # tokens between the two
_NARROW = frozenset(("F", "F-near", "FH"))
_WIDE = frozenset(("F", "FH", "FOH", "FO", "region", "region-part", "F-near"))
_LEVELS = {
    "country": 0, "sea": 0, "desert": 1, "region": 1, "governorate": 1, "district": 2, "border": 3, "road": 3, "river": 3, "wadi": 4,
    "mountain": 4, "island": 3, "city": 3, "village": 4, "oilfield": 4, "camp": 4, "airbase": 4, "airport": 4, "port": 4, "dam": 4,
    "neighbourhood": 5, "site": 5,
}  # fmt: skip
_NAMELESS = 4  # a name of which nothing says what it is: as narrow as a village


def told(localities: Sequence[Locality], tokens: Tokens, names: Names) -> tuple[Locality, ...]:
    """The localities in their order, each with the wider one that follows it and holds it."""
    made: list[Locality] = []
    following: Locality | None = None
    localities = _with_same(localities, tokens)
    for locality in reversed(localities):
        if following is not None and locality.within is None and _holds(following, locality, tokens, names):
            locality = replace(locality, within=following)
        made.append(locality)
        following = locality
    return tuple(reversed(made))


def _with_same(localities: Sequence[Locality], tokens: Tokens) -> list[Locality]:
    """ "In the same area": where the place named before is."""
    found: list[Locality] = []
    for locality in localities:
        if found and locality.anchors and "SAMEPLACE" in tokens[tokens.index(locality.anchors[0].span.start)].tags:
            locality = replace(locality, within=next((each for each in reversed(found) if not each.gloss), found[-1]))
        found.append(locality)
    return found


def _holds(wide: Locality, narrow: Locality, tokens: Tokens, names: Names) -> bool:
    if narrow.type not in _NARROW or wide.type not in _WIDE or len(narrow.anchors) != 1 or not wide.anchors or narrow.gloss:
        return False
    between = tokens[tokens.index(narrow.span.end - 1) + 1 : tokens.index(wide.span.start)]
    if not (between or wide.offsets or wide.part or wide.type in ("region", "F-near")) or len(between) > _REACH or not all(map(_joins, between)):
        return False
    inner, outer = narrow.anchors[0], wide.anchors[0]
    if inner == outer:
        return False
    if outer in _owners(inner):
        return True
    if wide.gloss:
        return True
    level = _level(inner, names, _NAMELESS) - (1 if wide.type in ("region", "region-part") else _level(outer, names, 3))
    only_comma = bool(between) and all({"COMMA", "DASH"} & token.tags.keys() for token in between)
    if not inner.known and (wide.offsets or wide.type == "F-near"):
        return level >= 0
    return level > 0 and not (only_comma and (outer.kind is None and not is_area(outer, names)))


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
    return 1 if is_area(toponym, names) else 3
