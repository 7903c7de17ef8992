"""Anchors: what a location phrase leans on. A known place with its designators, a border, an airport, an unknown name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from msgspec.structs import replace

from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Names, Span, Toponym, ToponymKind

_TOWNS = frozenset(("city", "village", "port", "country"))  # "the Idlib town of Saraqib": named last
_LISTED = frozenset(("PLACE", "UNKNOWN", "NAMEHEAD", "SITE", "QUOTE", "OPEN"))  # what after "and" goes on with a list of names
_ACRONYM = 6  # letters
_BUILT = frozenset(("SITE", "STRUCK", "PERSON"))
_OWNING = ("'s", "’s")
_HYPHENED = re.compile(r"(?:[-‐‑][^\W\d_]+)+")
_QUOTES = re.compile(r'["“”«»„]')
_HYPHENS = ("-", "‐", "‑")
_LINES = frozenset(("ROAD", "BORDER"))
_AREAS = frozenset(("country", "region", "governorate", "district", "desert", "sea", "wadi"))

_FULL_NAME = 4  # tokens of a man's name in full


def mark_names(language: Language, tokens: Tokens) -> Tokens:
    """A copy in which what may be an unknown name, of several words perhaps, is one token of class NAME."""
    openers = frozenset(language.tables.get("toponyms", {}).get("name_openers", ()))
    named = [match for match in language.find("names", tokens) if "office" not in match.data and not _is_acronym(match)]
    people = {match.tokens[match.end - 1].text for match in named if match.end - match.start >= _FULL_NAME}  # "Khalid Aydd Ahmad al-Jabouri ... struck al-Jabouri"
    named = [match for match in named if match.end - match.start >= _FULL_NAME or match.tokens[match.end - 1].text not in people]
    found = [(*_whole(match, language, openers), _name_tags(match, openers)) for match in named]
    return tokens.joined(found) if found else tokens


def _whole(match: Match, language: Language, openers: frozenset[str]) -> tuple[int, int]:
    """ "Tal al-Zarbuta", "Zarbuta-Qalat": with what opens the name or is joined to it by a hyphen, though a place somewhere is called that."""
    tokens, start, end = match.tokens, match.start, match.end
    before, after, then = tokens[max(0, start - 1) : start], tokens[end : end + 1], tokens[end + 1 : end + 2]
    if before and "PLACE" in before[0].tags and not _is_line(after):
        opens = before[0].text in openers or language.value("NAMEPART", before[0].text) is not None
        start -= opens or _is_hyphened(before[0], tokens[start], tokens)
    if after and "PLACE" in after[0].tags and not _is_line(then) and _is_hyphened(tokens[end - 1], after[0], tokens):
        end += 1
    return start, end


def _is_line(tokens: Sequence[Token]) -> bool:
    """ "The Zarbuta-Qalat road": between two places."""
    return any(not _LINES.isdisjoint(token.tags) for token in tokens)


def _is_hyphened(one: Token, other: Token, tokens: Tokens) -> bool:
    return tokens.text[one.span.end : other.span.start] in _HYPHENS


def _is_acronym(match: Match) -> bool:
    """ "An IDP camp", "the MSF hospital in Kunduz": whose or for whom it is, and no name of a place."""
    word, after = match.span.of(match.tokens.text), match.tokens[match.end : match.end + 1]
    return len(word) <= _ACRONYM and word.isupper() and bool(after) and not after[0].capital and not _BUILT.isdisjoint(after[0].tags)


def _name_tags(match: Match, openers: frozenset[str]) -> dict[str, str]:
    """NAME; CALLED too where its first word says that it is a place: "Wadi Yashbum"; STRUCK where its last is what may be struck: "Bible College"."""
    several = match.end - match.start > 1
    before = match.tokens[max(0, match.start - 1) : match.start]  # "Tal" of "Tal al-Zarbuta", which is the name of many places
    called = (several and match.tokens[match.start].text in openers) or any(token.text in openers and "PLACE" in token.tags for token in before)
    built = several and "STRUCK" in match.tokens[match.end - 1].tags
    return {"NAME": "NAME"} | ({"CALLED": "CALLED"} if called else {}) | ({"STRUCK": "STRUCK"} if built else {})


_LIST = 16  # tokens of a list of names
_A_CITY = 50_000  # people: what "X town of Y" may put its Y into


def mark(language: Language, tokens: Tokens, names: Names) -> Tokens:
    """A copy in which each anchor, designators and all, is one token of class ANCHOR whose value is a Toponym.

    "The town" by itself, which leans on what was said before, becomes GENERIC.
    """
    found = []
    capitals = language.tables.get("toponyms", {}).get("capitals", {})
    for match in language.find("anchors", tokens):
        toponym = _nested(match, names) if match.data.get("nested") else _toponym(match)
        if toponym is not None:
            toponym = _capital(_owned(toponym, match), match, capitals)
            tags = {"GENERIC" if match.data.get("generic") else "ANCHOR": toponym}
            if _is_of_several(match, toponym):
                tags = {"ANCHOR": replace(toponym, kind=None), "TOWNSOF": toponym}
            if tag := match.data.get("tag"):
                tags[tag] = toponym
            found.append((match.start, match.end, tags | {"SAMEPLACE": toponym} if match.data.get("same") else tags))
    return tokens.joined(found) if found else tokens


def _is_of_several(match: Match, toponym: Toponym) -> bool:
    """ "The towns of Eastern Ghouta", without a list of them: the towns are many, and the name is what they lie in."""
    if match.data or not toponym.known or toponym.kind not in _TOWNS | {"region"} or "KINDS" not in match.tokens[match.start].tags:
        return False
    first, then = ({*tokens[0].tags} if tokens else set[str]() for tokens in (match.tokens[match.end : match.end + 1], match.tokens[match.end + 1 : match.end + 2]))
    return not first & {"GLUED_AND", "PLACE"} and not (first & {"AND", "COMMA"} and then & _LISTED)


def _toponym(match: Match) -> Toponym | None:
    text = match.tokens.text
    if match.data.get("generic") or match.data.get("same"):
        return replace(unknown(text, match.span, match.data.get("kind") or _kind(match, "place")), lookup="")  # "البلدة" is no town of that name in Iran
    place: Toponym | None = match.value("place", "PLACE") or match.value("place", "DEMONYM")
    if (span := match.span_of("whole")) is not None:
        # an airport, a border, a coast: the place it belongs to is its parent, and stands in where nothing knows the whole
        if place is not None and span == place.span:
            return place
        if place is None and (named := match.span_of("name")) is not None:
            place = unknown(text, named)
        kind = match.data.get("kind") or _kind(match, "whole") or _kind(match)
        if kind == "island" and place is not None and place.known:
            return _called(place, span, kind, text)  # "Socotra island" is Socotra
        if (isle := match.span_of("isle")) is not None and place is not None:
            place = _called(place, isle, _kind(match, "isle"), text)  # "the shores of Mallorca island"
        return Toponym(span, _QUOTES.sub("", span.of(text)), kind, parent=place, known=False)  # 'معسكر "الزربوط"'
    if place is not None:
        kind = _kind(match)
        return replace(place, kind=kind) if place.kind is None and kind is not None else place  # "بلدة (كفرنبل)"
    named = match.span_of("name")
    kind = _kind_told_last(match) if match.data.get("kind_told_last") else _kind(match)
    return unknown(text, named, kind) if named and kind != "country" else None  # "the Arab country": countries are known


def _called(place: Toponym, span: Span, kind: ToponymKind | None, text: str) -> Toponym:
    """The place, with the word that is part of its name: "جزيرة سقطرى"."""
    return replace(place, span=span, name=span.of(text), kind=kind, lookup=place.lookup or place.name)


def _kind_told_last(match: Match) -> ToponymKind | None:
    """ "Zarbuta, Makhtal and Sunun villages": what all the names of a list are."""
    after = match.tokens.items[match.end : match.end + _LIST]
    return cast("ToponymKind | None", next((kind for token in after if (kind := token.tags.get("KIND"))), None))


def _owned(toponym: Toponym, match: Match) -> Toponym:
    """ "Yemen's port of Aden": the place, in what owns it."""
    owner: Toponym | None = match.value("owner", "PLACE")
    return toponym if owner is None or toponym.parent is not None else replace(toponym, parent=owner)


def _capital(toponym: Toponym, match: Match, capitals: Mapping[str, str]) -> Toponym:
    """ "عاصمة النيجر" (the capital of Niger): the town, by the words that say it."""
    first = match.tokens[match.start]
    if "CAPITALOF" not in first.tags or first.definite or match.end - match.start != 2 or toponym.name not in capitals:
        return toponym
    return Toponym(match.span, match.span.of(match.tokens.text), "city", parent=toponym, known=False, lookup=capitals[toponym.name])


def _nested(match: Match, names: Names) -> Toponym | None:
    """Of two names that say one place, the smaller: the town of a province, the suburb of a city, whichever stands first."""
    one, two = _named(match, "one"), _named(match, "two")
    kind = _kind(match, last=True)  # "the region's main town of Miranshah"
    area = two is not None and (two.kind in _AREAS or _is_called_area(match) or is_area(two, names)) and (one is None or kind == "district" or not is_area(one, names))  # "Shahpur area of Poonch district"
    owning = (match.span_of("one") or match.span).of(match.tokens.text).endswith(_OWNING)  # "Saddam Hussein's hometown of Tikrit"
    held = one is None or one.known or "THE" in match.tokens[match.start].tags or owning
    named_last = kind in _TOWNS and not area and held  # "the Tigrayan town of Alamata"; but "Qushmal village of Wana"
    town_of = kind in _TOWNS and one is not None and not owning and "THE" not in match.tokens[match.start].tags and not is_area(one, names) and _people(one, names) < _A_CITY
    second = not town_of and (named_last or (two is not None and not area and one is not None and _people(one, names) > _people(two, names)))  # "Gedeb town of East Gojjam"
    small, large = (two, one) if second else (one, two)
    if small is None or large is None:
        return small
    return replace(small, kind=small.kind or kind, parent=small.parent or (large if large.known else None))


def _is_called_area(match: Match) -> bool:
    """ "Moe Tarr village of Katha township": does the word after the second name say that it is a division?"""
    after = match.tokens[match.end : match.end + 1]
    return bool(after) and after[0].tags.get("KIND") in _AREAS


def _named(match: Match, group: str) -> Toponym | None:
    place = match.value(group, "PLACE") if len(match[group]) == 1 else None  # "Khwaja Burgha": one word of it is a place too
    span = match.span_of(group)
    return place if isinstance(place, Toponym) or span is None else unknown(match.tokens.text, span)


def _people(toponym: Toponym, names: Names) -> float:
    """How large a place may be, by the largest of its name: a country above a town, a known one above an unknown."""
    info = names.get(key_of(toponym))
    return -1.0 if info is None else info.population + (1 if is_area(toponym, names) else 0)


def unknown(text: str, span: Span, kind: ToponymKind | None = None) -> Toponym:
    """A name that no gazetteer has to know: it stands where a place must stand, and goes on behind a hyphen ("غوني-كاشالاري")."""
    if (rest := _HYPHENED.match(text, span.end)) and text[span.end + 1].lower() == text[span.end + 1].upper():  # capitals tell where names end
        span = Span(span.start, rest.end())
    if span.of(text).endswith(_OWNING):
        span = Span(span.start, span.end - 2)  # "on Kafr Dalon's outskirts"
    return Toponym(span, span.of(text), kind, known=False)


def _kind(match: Match, group: str | None = None, last: bool = False) -> ToponymKind | None:
    """What the first designator of the match, or its last, says the name is."""
    tokens = match[group] if group else match.tokens.items[match.start : match.end]
    kinds = [token.tags.get("SITE") or token.tags.get("KIND") for token in (reversed(tokens) if last else tokens)]
    return cast("ToponymKind | None", next((kind for kind in kinds if kind), None))


def is_area(toponym: Toponym, names: Names) -> bool:
    """Is it a country, a province, a desert: something to be in the south of, rather than south of?"""
    info = names.get(key_of(toponym))
    if toponym.kind == "region" and toponym.known and info is not None and set(info.feature_classes) == {"P"}:
        return False  # "منطقة السواني" is a town
    if toponym.kind is not None:
        return toponym.kind in _AREAS
    if info is None:
        return False
    classes = info.feature_classes
    return (not {"A", "L"}.isdisjoint(classes) and "P" not in classes) or ("A" in classes and info.population > 15_000_000)


def key_of(toponym: Toponym) -> str:
    """The folded name."""
    return fold(toponym.name)
