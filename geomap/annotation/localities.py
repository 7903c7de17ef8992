"""Find location phrases: at, near, between, so far from a place in some direction; each with its anchors and offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import cast

from msgspec.structs import replace

from geomap.annotation import anchors, containers, coordinates, distances, patterns, winds
from geomap.annotation.antecedents import ALONE, with_antecedents
from geomap.annotation.context import Context
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Distance, Locality, LocalityType, Offset, Span, Toponym

_OFFSET_TYPES = frozenset(("FOH", "FO", "FH", "FPOH", "FPO", "FOO", "FO-offshore"))
_SAID = 60  # tokens back to the name that "the town" stands for
_NEXT_TO = 4  # tokens back from a district to the place that it holds
_LISTED = 8  # tokens back from a bracket to the place that it describes
_APART = " ،,-–—("  # between a name and what says more of it
_DIVISIONS = frozenset(("governorate", "district"))
_BUILT = frozenset(("STRUCK", "SITE"))
_APPOSED = 16  # tokens back from an offset to the name that it says more of
_ENDS = frozenset(("COMMA", "STOP", "CLOSE", "DASH"))
_HAPPENS = frozenset(("STRIKE", "WEAKSTRIKE", "HIT", "BOMB", "KILL", "WOUND", "STRUCK", "SITE", "VEHICLE", "GROUP", "FORCE", "PERSON", "STOP", "AND"))
_TOWNS = frozenset(("city", "village", "camp"))
_PLACED = frozenset(("STRUCK", "SITE", "KIND", "GENERIC"))  # what a bracket says the place of: "a camp (35 km west of Derna)"


_span = attrgetter("span")


@dataclass(slots=True)
class _Found:
    """A locality and the tokens it was read from."""

    start: int
    end: int
    locality: Locality


def find_localities(context: Context) -> tuple[Locality, ...]:
    """All localities of a report in text order: phrases, plain places, coordinates."""
    language = context.language
    tokens = distances.mark(language, context.tokens)
    tokens = winds.mark(language, anchors.mark_names(language, tokens))
    tokens = anchors.mark(language, tokens, context.names)
    all_matches = patterns.best([match for match in language.find_all("localities", tokens) if not (match.data.get("lone") and _may_be_somebody(match["a"]))])
    matches = [match for match in all_matches if "distractor" not in match.data]
    found = [_Found(match.start, match.end, made) for match in matches if (made := _locality(match, context)) is not None]
    found = list(_chains(found, tokens))
    named = {one.end for one in found if one.locality.type == "F"}  # where a name ends that a phrase made known
    for one in found:
        if one.locality.type in _OFFSET_TYPES and _describes_a_place(one, tokens, context, named):
            one.locality = replace(one.locality, gloss=True)
    localities = [one.locality for one in found]
    used = {anchor for locality in localities for anchor in locality.anchors}
    # where a drone took off and where a road leads is told, but nothing is said to be there
    aside = [(match, name) for match in all_matches for name in (("a", "p", "r") if {"silent", "of_parent"} & match.data.keys() else ("p", "r"))]
    used |= {place for match, name in aside if (place := _anchor(match, name))}
    localities += _plain_places(tokens, used)
    localities += _named_again(localities, tokens)
    localities += coordinates.find(context.report.text)
    localities = _set_aside(with_antecedents(localities, tokens, context), tokens, context)
    localities = sorted(_apposed(localities, context), key=_span)
    nowhere = [each for each in localities if each.gloss and each.anchors and not any(anchor.lookup != "" for anchor in each.anchors)]
    placed = containers.tie([each for each in localities if each not in nowhere] if nowhere else localities, tokens, context.names)
    return _with_holders_aside(tuple(sorted((*placed, *nowhere), key=_span)) if nowhere else placed)


def _apposed(localities: list[Locality], context: Context) -> Iterator[Locality]:
    """The localities; "the capital of North Darfur", said of the town named before it, only says which town that is."""
    text, ends = context.report.text, {one.span.end: one for one in localities}
    for one in localities:
        first = fold(one.span.of(text).split()[0])
        before = len(text[: one.span.start].rstrip(_APART))
        capital = one.type == "F" and context.language.value("CAPITALOF", first) is not None and not first.startswith("ال")
        bracketed = before in ends and one.type == "F" and text[one.span.start - 1] == "(" and text[one.span.end : one.span.end + 1] == ")"
        again = bracketed and _sounds_alike(one, ends[before])  # "the town of Qamishlo (Qamishli)"
        yield replace(one, gloss=True) if (capital and before in ends) or again else one


def _sounds_alike(one: Locality, other: Locality) -> bool:
    """Have the names of two anchors the same consonants?"""
    names = [re.sub(r"[\Waeiouy]+", "", each.anchors[0].name.casefold()) if each.anchors else "" for each in (one, other)]
    return bool(names[0]) and names[0] == names[1]


def _with_holders_aside(localities: tuple[Locality, ...]) -> tuple[Locality, ...]:
    """ "The head of the town of Dinarta, north of Akre, said": what holds the place of a speaker is no place of an attack either."""
    holders = {each.within.span for each in localities if each.aside and each.within is not None}
    return tuple(replace(each, aside=True) if each.span in holders else each for each in localities) if holders else localities


def _set_aside(localities: list[Locality], tokens: Tokens, context: Context) -> list[Locality]:
    """ "Medics in Derna said": the places of those who speak, marked as such."""
    named = [(tokens.index(anchor.span.start), anchor) for one in localities for anchor in one.anchors]
    tokens = tokens.tagged({index: {"ANCHOR": anchor} for index, anchor in named if {"NAME", "UNKNOWN"} & tokens[index].tags.keys()})
    matches = list(context.language.find_all("aside", tokens))
    silent, spans = ([token.span for match in matches if match.data.get("silent", False) is kind for token in match["place"]] for kind in (True, False))
    kept = [each for each in localities if not _touches(each, silent)]
    return [replace(each, aside=True) if _touches(each, spans) else each for each in kept]


def _touches(one: Locality, spans: Sequence[Span]) -> bool:
    return any(span.start < one.span.end and one.span.start < span.end for span in spans)


# -- one match, one locality ------------------------------------------------------------------------------------------


def _locality(match: Match, context: Context) -> Locality | None:
    places = _pair(match) if "pair" in match else tuple(filter(None, (_anchor(match, name) for name in "abc")))
    if not places:
        return None
    if unnamed := bool(match.data.get("unnamed")):
        places = (replace(places[0], lookup=""),)  # "the conflict zone" is no town of that name
    owner = places[0].parent
    if match.data.get("of_parent") and places[0].kind == "sea" and owner is not None and owner.use != "demonym":
        places = (owner, *places[1:])
    kind = cast(LocalityType, "P" if "pair" in match and len(places) == 1 else match.data["type"])
    if kind == "FH" and places[0].lookup == "" and places[0].kind not in ALONE:
        return None  # "north of the country", "شمال القطاع": of what nobody says
    area = anchors.is_area(places[0], context.names) or _is_nation(places[0], context)
    heading = match.value("d", "DIR") or winds.of(match.value("d", "ITSWIND")) or _degrees(match)
    part = match.value("part", "PART") or (heading.wind if heading and kind in ("region", "region-part") else None)
    if area and match.data.get("of_towns"):
        return None
    if kind == "FH" and area and match.data.get("of_area") and not _has_two_sides(places[0]):
        kind, part = cast(LocalityType, match.data["of_area"]), heading.wind if heading else None
    if kind == "F-between" and "half" not in match and all(anchors.is_area(place, context.names) and place.kind not in _DIVISIONS | {"sea"} for place in places):
        return None  # "between Russia and Turkey" is hardly ever a place
    if kind in ("region", "region-part"):
        heading = None
    distance: Distance | None = match.value("q", "QTY")
    if distance and match.data.get("turned"):
        distance = replace(distance, modifier="less_than")
    offsets = tuple(_offsets(match, distance, heading))
    modifier = distance.modifier if distance else "approx" if match.values("hedge", "APPROX") else None
    notes = (note,) if distance and (note := distances.contradiction(distance)) else ()
    return Locality(match.span_of("said") or _said(match), kind, places, offsets, modifier, part, gloss=unnamed, notes=notes)


def _is_nation(toponym: Toponym, context: Context) -> bool:
    """ "جنوب لبنان": in the south of a country, though a village somewhere bears its name too."""
    return toponym.kind is None and anchors.key_of(toponym) in _nations(context.language)


@lru_cache(maxsize=8)
def _nations(language: Language) -> frozenset[str]:
    """The names of the nations whose capitals the language's file knows."""
    return frozenset(map(fold, language.tables.get("toponyms", {}).get("capitals", ())))


def _may_be_somebody(name: Sequence[Token]) -> bool:
    """ "A strike on Qassem Soleimani": two names, of which none says that it is a place."""
    return any(" " in token.text and "CALLED" not in token.tags for token in name)


def _said(match: Match) -> Span:
    """The words of a phrase, without a comma that it begins with."""
    opening = match.tokens[match.start]
    return match.span if "COMMA" not in opening.tags else Span(match.tokens[match.start + 1].span.start, match.span.end)


def _has_two_sides(toponym: Toponym) -> bool:
    """ "شمالي منطقة الكدحة", "شمال شواطئ طرابلس": north of what may be a hamlet, and of a coast, not in their north."""
    return toponym.kind == "district" or (toponym.kind == "region" and not toponym.known) or (toponym.kind == "sea" and toponym.parent is not None)


def _offsets(match: Match, distance: Distance | None, heading: winds.Heading | None) -> Iterator[Offset]:
    if distance is None and heading is None:
        return
    names = ("q", "d", "deg", "q2", "d2")
    spans = [span for name in names if (span := match.span_of(name))]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    yield Offset(whole, distance, heading.bearing_deg if heading else None, heading.wind if heading else None)
    second: winds.Heading | None = match.value("d2", "DIR")
    if second is not None and distance is not None:
        leg = match.value("q2", "QTY") or _same_unit(match["q2"][0], distance)
        yield Offset(whole, leg, second.bearing_deg, second.wind)


def _same_unit(number: Token, first: Distance) -> Distance:
    """ "Two kilometres north and five west": the second number has the unit of the first."""
    value = float(number.tags["NUM"])
    return Distance(number.span, value, value, first.unit, number.text)


def _degrees(match: Match) -> winds.Heading | None:
    degrees = match.value("deg", "NUM")
    return winds.Heading(float(degrees) % 360, None) if degrees is not None and degrees <= 360 else None


def _anchor(match: Match, name: str) -> Toponym | None:
    """The anchor of a group; in a group called "a_" the name is written together with a particle: "والبوكمال"."""
    tokens, glued = match[name], False
    if not tokens:
        tokens, glued = match[f"{name}_"], True
    if not tokens:
        return None
    for token_class in ("ANCHOR", "PLACE", "GENERIC", "DEMONYM"):
        if token_class in tokens[0].tags and len(tokens) == 1:
            return cast(Toponym, tokens[0].tags[token_class])
    start, end = tokens[0].span.start, tokens[-1].span.end
    if glued:
        start += next(len(value) for key, value in tokens[0].tags.items() if key.startswith("GLUED_"))
    return anchors.unknown(match.tokens.text, Span(start, end), match.data.get("taken_for"))


def _pair(match: Match) -> tuple[Toponym, ...]:
    """Two unknown names joined by a hyphen: "the Maiduguri-Damaturu road"."""
    span = match.span_of("pair")
    assert span is not None
    words = span.of(match.tokens.text)
    cut = next((index for index, char in enumerate(words) if char in "-–—"), None)
    if cut is None or words[:cut].casefold() in ("al", "el"):
        return (anchors.unknown(match.tokens.text, span),)
    return tuple(
        anchors.unknown(match.tokens.text, part)
        for part in (Span(span.start, span.start + cut), Span(span.start + cut + 1, span.end))
    )


# -- several matches together -----------------------------------------------------------------------------------------


def _chains(found: Sequence[_Found], tokens: Tokens) -> Iterator[_Found]:
    """Join "58 km south of A, 312 km south of B and 402 km north of C" to one locality with three offsets.

    A comma alone does not join: in "20 km south of A, 450 km east of B" the second offset may describe A.
    """
    index = 0
    while index < len(found):
        last, linked = index, False
        while last + 1 < len(found) and (link := _link(found[last], found[last + 1], tokens)) is not None:
            last, linked = last + 1, linked or link
            if link:
                break
        group = found[index : last + 1] if linked else found[index : index + 1]
        index += len(group)
        yield _joined(group) if len(group) > 1 else group[0]


def _link(first: _Found, second: _Found, tokens: Tokens) -> bool | None:
    """True for "and" between two offsets, False for a comma alone, None where they do not belong together."""
    if any(one.locality.type not in ("FOH", "FO", "FH") or not one.locality.offsets for one in (first, second)):
        return None
    between = tokens[first.end : second.start]
    if not between or len(between) > 3 or any(not ({"AND", "COMMA", "IN", "LINK"} & token.tags.keys()) for token in between):
        return None
    if any(one.locality.offsets[0].distance is None or one.locality.anchors[0].lookup == "" for one in (first, second)):
        return None  # "20 km from the coast and 65 km from Derna": the coast says nothing of the point, and would take it away
    return any("AND" in token.tags for token in between)


def _joined(group: Sequence[_Found]) -> _Found:
    first = group[0].locality
    return _Found(
        group[0].start,
        group[-1].end,
        replace(
            first,
            span=Span(first.span.start, group[-1].locality.span.end),
            anchors=tuple(one.locality.anchors[0] for one in group),
            offsets=tuple(one.locality.offsets[0] for one in group),
            notes=tuple(note for one in group for note in one.locality.notes),
        ),
    )


def _describes_a_place(one: _Found, tokens: Tokens, context: Context, named: set[int]) -> bool:
    """Does the offset stand right after the name of a town, and so tell the reader where that town lies?

    "Bani Walid, 178 km southeast of Tripoli": yes. "In the Jufra district, 160 km southeast of Sirte": no, it narrows down.
    """
    index = one.start - 1
    first = tokens[one.start]
    if "ANCHOR" in first.tags:  # "Sirte, 160 km to its southeast": the name is inside the phrase, and is the anchor
        return False
    bracketed = index > 0 and "OPEN" in tokens[index].tags and "CLOSE" in tokens[min(one.end, len(tokens) - 1)].tags
    if bracketed and _PLACED.isdisjoint(tokens[index - 1].tags) and any("ANCHOR" in token.tags for token in tokens[max(0, index - _LISTED) : index]):
        return True  # "the town of Harasta and its farms (5 km east of Damascus)"
    if _is_told_in_apposition(one, tokens):
        return True
    while index >= 0 and one.start - index <= 8 and (_is_link(tokens[index]) or _says_of_which_kind(tokens, index)):
        index -= 1
    if index > 1 and _BUILT & tokens[index].tags.keys() and "COMMA" in tokens[index + 1].tags:
        index -= 1 + ("UNKNOWN" in tokens[index - 1].tags and not tokens[index - 1].capital)  # "the Qasr Ben Ghashir detention centre, 20 km south of Tripoli"
    if index < 0:
        return False
    if "ITS" in tokens[index].tags and "KIND" in tokens[index + 1].tags:
        return True  # "Helmand, with Lashkar Gah as its capital, 555 km southwest of Kabul"
    if "NAME" in tokens[index].tags and index + 1 < one.start and "LIES" in tokens[index + 1].tags:
        return True  # "Gandarshe lies 30 miles southwest of Mogadishu"
    if "GENERIC" in tokens[index].tags and tokens[index].tags["GENERIC"].kind in ("city", "village"):  # "in the town, 70 km west of X"
        return any("ANCHOR" in token.tags or "PLACE" in token.tags for token in tokens[max(0, index - _SAID) : index])
    subject = tokens[index].tags.get("ANCHOR") or tokens[index].tags.get("PLACE")
    if isinstance(subject, Toponym) and subject.kind == "district" and index + 1 == one.start and one.locality.offsets and one.locality.offsets[0].distance and _holds_another(index, tokens):
        return True  # "في ناحية بروانة التابعة لقضاء حديثة 180 كم غربي الرمادي"
    if isinstance(subject, Toponym) and subject.lookup != "" and any("REL" in token.tags for token in tokens[index + 1 : one.start]):
        return True  # "قضاء الحويجة الذي يقع على مسافة 65 كلم" (the district of Hawija, which lies 65 km)
    if isinstance(subject, Toponym) and "OPEN" in tokens[index + 1].tags and subject.kind in ("district", "region"):
        return True  # "the district of Qaim (350 km west of Ramadi)"
    if isinstance(subject, Toponym) and one.locality.type == "FH" and (subject.kind == "district" or _of_a_capital(one, tokens, context)):
        return True  # "in Nihm district northeast of Sanaa", "Amran governorate, north of the capital Sanaa"
    if isinstance(subject, Toponym) and subject.kind == "governorate" and _of_a_capital(one, tokens, context):
        return True  # "a market in Taiz province, about 200 km southwest of the capital, Sanaa"
    if subject is None and "NAME" in tokens[index].tags:
        if "CALLED" in tokens[index].tags and "OPEN" in tokens[index + 1].tags:
            return True  # "at Wadi Thallab (80 km northeast of Baqubah)"
        return (index + 1 in named and bool(one.locality.offsets[0].distance)) or any("KIND" in token.tags for token in tokens[index:one.start])  # "Przewodow, a village six kilometres from the border"
    return isinstance(subject, Toponym) and (not anchors.is_area(subject, context.names) or subject.parent is not None or _is_in_apposition(index, tokens))


def _is_told_in_apposition(one: _Found, tokens: Tokens) -> bool:
    """ "Maaysra, a village in a mostly Christian area 25 km north of Beirut, was": between commas, after a name and an article, and nothing is struck."""
    named = next((index for index in range(one.start - 1, max(-1, one.start - _APPOSED), -1) if {"ANCHOR", "NAME", "PLACE"} & tokens[index].tags.keys()), None)
    if named is None or (one.end < len(tokens) and _ENDS.isdisjoint(tokens[one.end].tags)):
        return False
    between = tokens[named + 1 : one.start]
    if between and "KIND" in between[0].tags and between[0].capital:
        between = between[1:]  # "Now Zad District, a small farming community"
    opens = len(between) > 2 and "COMMA" in between[0].tags and "DET" in between[1].tags and "THE" not in between[1].tags
    return opens and all(_HAPPENS.isdisjoint(token.tags) and not token.capital or "ADJ" in token.tags for token in between[1:])


def _holds_another(index: int, tokens: Tokens) -> bool:
    """Does a district only say where the place named just before it lies?"""
    before = tokens[max(0, index - _NEXT_TO) : index]
    return any("ANCHOR" in token.tags for token in before) and all({"ANCHOR", "LINK", "TO", "IN", "DIR", "SECTOR"} & token.tags.keys() for token in before[-2:])


def _of_a_capital(one: _Found, tokens: Tokens, context: Context) -> bool:
    words = context.language.tables.get("toponyms", {}).get("capital_words", ())
    return any("CAPITAL" in token.tags or any(fold(word).strip(",") in words for word in token.text.split()) for token in tokens[one.start : one.end])


def _is_in_apposition(index: int, tokens: Tokens) -> bool:
    """ "Bulo Fulay, a village in Bay region some 30km west of Baidoa": does the area only say in which part the village lies?"""
    before = tokens[max(0, index - 5) : index]
    inside = bool(before) and "IN" in before[-1].tags
    named = before[:-1] if inside else before
    if inside and named and "KIND" in named[-1].tags:
        named = named[:-1]  # "Dashti village in Nawa district"
    if inside and named and {"NAME", "ANCHOR", "PLACE"} & named[-1].tags.keys():
        return True  # "the town of Jalula in Diyala province, 125 km northeast of Baghdad"
    if len(named) > 1 and "COMMA" in named[-1].tags and {"NAME", "ANCHOR", "PLACE"} & named[-2].tags.keys():
        return True  # "near Galcad, Somalia, 260 km northeast of Mogadishu", "in Sanban, in Dhamar province, 100 km south of Sanaa"
    kinds = [number for number, token in enumerate(before) if "KIND" in token.tags]
    return bool(kinds) and inside and any("COMMA" in token.tags for token in before[: kinds[-1]]) and any(
        {"NAME", "ANCHOR", "PLACE"} & token.tags.keys() for token in before[: kinds[-1]]
    )


def _is_link(token: Token) -> bool:
    return bool({"LINK", "COMMA", "OPEN", "DASH", "QUOTE", "IN", "JUST", "APPROX", "KIND", "KINDADJ", "FAR"} & token.tags.keys()) and "ANCHOR" not in token.tags


def _says_of_which_kind(tokens: Tokens, index: int) -> bool:
    """ "Datta Khel, a small town some 30 km east of": a plain word between an article and what the place is."""
    plain = index > 0 and "UNKNOWN" in tokens[index].tags and not tokens[index].capital
    return plain and "LINK" in tokens[index - 1].tags and "KIND" in tokens[index + 1].tags


def _named_again(localities: Sequence[Locality], tokens: Tokens) -> Iterator[Locality]:
    """ "The town of Zarbuta ..., says Zarbuta was bombed": a name that a phrase made known is a place wherever it stands alone."""
    called = {fold(anchor.name): anchor for one in localities for anchor in one.anchors if not anchor.known and anchor.lookup != ""}
    taken = {span for one in localities for span in (one.span, *(anchor.span for anchor in one.anchors))} if called else set()
    for index in tokens.where("NAME", "UNKNOWN") if called else ():
        token = tokens[index]
        glued = next((len(value) for name, value in token.tags.items() if name.startswith("GLUED_")), 0)
        for start in {0, glued}:
            toponym = called.get(token.text[start:])
            span = Span(token.span.start + start, token.span.end)
            told = toponym is not None and (toponym.kind in _TOWNS or (toponym.kind is None and "NAME" in token.tags))  # capitals tell more
            if toponym is not None and told and not any(other.start < span.end and span.start < other.end for other in taken):
                yield Locality(span, "F", (replace(toponym, span=span, name=span.of(tokens.text)),))


def _plain_places(tokens: Tokens, used: set[Toponym]) -> Iterator[Locality]:
    """Every anchor that no phrase took: "in Sirte"."""
    used = used | {toponym.parent for toponym in used if toponym.parent is not None}
    for index in tokens.where("ANCHOR", "PLACE"):
        token = tokens[index]
        toponym = token.tags.get("ANCHOR") or token.tags.get("PLACE")
        if isinstance(toponym, Toponym) and toponym not in used and "WAY" not in token.tags:  # "on US 95": a road is no place
            yield Locality(token.span, "region" if "TOWNSOF" in token.tags else "F", (toponym,))
