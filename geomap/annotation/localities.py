"""Find location phrases: at, near, between, so far from a place in some direction; each with its anchors and offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import cast

from msgspec.structs import replace

from geomap.annotation import anchors, containers, coordinates, distances, patterns, winds
from geomap.annotation.antecedents import ALONE, with_antecedents
from geomap.annotation.chains import Found, chains
from geomap.annotation.context import Context
from geomap.annotation.glosses import apposed, describes_a_place
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.runs import with_runs
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Distance, Locality, LocalityType, Offset, Span, Toponym

_OFFSET_TYPES = frozenset(("FOH", "FO", "FH", "FPOH", "FPO", "FOO", "FO-offshore"))
_DIVISIONS = frozenset(("governorate", "district"))
_TOWNS = frozenset(("city", "village", "camp"))
_BESIDE = 24  # characters between a place and what is said to hold it; what was named sentences before has its own say


_span = attrgetter("span")


def find_localities(context: Context) -> tuple[Locality, ...]:
    """All localities of a report in text order: phrases, plain places, coordinates."""
    language = context.language
    tokens = distances.mark(language, context.tokens)
    tokens = winds.mark(language, anchors.mark_names(language, tokens))
    tokens = anchors.mark(language, tokens, context.names)
    all_matches = patterns.best([match for match in language.find_all("localities", tokens) if not (match.data.get("lone") and _may_be_somebody(match))])
    matches = [match for match in all_matches if "distractor" not in match.data]
    found = [Found(match.start, match.end, made) for match in matches if (made := _locality(match, context)) is not None]
    found = list(chains(found, tokens))
    named = {one.end for one in found if one.locality.type in ("F", "F-near")}  # where a name ends that a phrase made known
    for one in found:
        if one.locality.type in _OFFSET_TYPES and describes_a_place(one, tokens, context, named):
            one.locality = replace(one.locality, gloss=True)
    localities = [one.locality for one in found]
    used = {anchor for locality in localities for anchor in locality.anchors}
    # where a drone took off and where a road leads is told, but nothing is said to be there
    aside = [(match, name) for match in all_matches for name in (("a", "p", "r") if {"silent", "of_parent"} & match.data.keys() else ("p", "r"))]
    used |= {place for match, name in aside if (place := _anchor(match, name))}
    localities += _plain_places(tokens, used)
    localities += _named_again(localities, tokens)
    localities += coordinates.find(context.report.text)
    localities = with_antecedents(list(apposed(localities, context)), tokens, context)
    localities = sorted(with_runs(_set_aside(localities, tokens, context), tokens), key=_span)
    nowhere = [each for each in localities if each.gloss and each.anchors and not any(anchor.lookup != "" for anchor in each.anchors)]
    placed = containers.tie([each for each in localities if each not in nowhere] if nowhere else localities, tokens, context.names)
    placed = tuple(map(_by_time, (*placed, *nowhere)))
    return _with_holders_aside(tuple(sorted(placed, key=_span)) if nowhere else placed, context)


def _with_holders_aside(localities: tuple[Locality, ...], context: Context) -> tuple[Locality, ...]:
    """ "The head of the town of Dinarta, north of Akre, said": what holds the place of a speaker is no place of an attack either.

    But of "killed 14 fighters from Iraq in eastern Syria" no country lies in the other.
    """
    told = [each for each in localities if each.aside and not any(_is_nation(anchor, context) for anchor in each.anchors)]
    holders = {each.within.span for each in told if each.within is not None and abs(each.within.span.start - each.span.end) <= _BESIDE}
    return tuple(replace(each, aside=True) if each.span in holders else each for each in localities) if holders else localities


def _set_aside(localities: list[Locality], tokens: Tokens, context: Context) -> list[Locality]:
    """ "Medics in Derna said": the places of those who speak, marked as such."""
    named = [(tokens.index(anchor.span.start), anchor) for one in localities for anchor in one.anchors]
    tokens = tokens.tagged({index: {"ANCHOR": anchor} for index, anchor in named if {"NAME", "UNKNOWN"} & tokens[index].tags.keys()})
    tokens = tokens.tagged({index: {"STATE": anchor} for index, anchor in named if _is_nation(anchor, context) or context.language.value("NATION", anchors.key_of(anchor)) is not None})
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
    if match.data.get("of_parent") and match.values("a", "SHORE") and owner is not None and owner.use != "demonym":
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
    if distance and not distance.modifier and match.values("hedge", "APPROXAFTER"):
        distance = replace(distance, modifier="approx")
    offsets = tuple(_offsets(match, distance, heading))
    modifier = distance.modifier if distance else "approx" if match.values("hedge", "APPROX") else None
    notes = (note,) if distance and (note := distances.contradiction(distance)) else ()
    return Locality(match.span_of("said") or _said(match), kind, places, offsets, modifier, part, gloss=unnamed, notes=notes)


def _by_time(one: Locality) -> Locality:
    """ "An hour's drive south of Sirte" says a heading and no distance; without a heading it is near."""
    if not one.offsets or one.offsets[0].distance is None or not one.offsets[0].distance.by_time:
        return one
    return replace(one, type="F-near" if one.offsets[0].bearing_deg is None else "FH")


def _is_nation(toponym: Toponym, context: Context) -> bool:
    """ "جنوب لبنان": in the south of a country, though a village somewhere bears its name too."""
    return toponym.kind is None and anchors.key_of(toponym) in _nations(context.language)


@lru_cache(maxsize=8)
def _nations(language: Language) -> frozenset[str]:
    """The names of the nations whose capitals the language's file knows."""
    return frozenset(map(fold, language.tables.get("toponyms", {}).get("capitals", ())))


def _may_be_somebody(match: Match) -> bool:
    """ "A strike on Qassem Soleimani": two names, of which none says that it is a place; of one, "al-Baghdadi" is told of people."""
    written = [token.span.of(match.tokens.text) for token in match["a"] if "CALLED" not in token.tags]
    endings = tuple(match.data.get("of_people", ()))
    return any(" " in each or ("-" in each and each.endswith(endings)) for each in written)


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
    """Every anchor that no phrase took, "in Sirte"; the larger one of "7 miles east of Sirte, Libya" tells only where Sirte is."""
    used = used | {one.parent for one in used if one.parent is not None and " in " not in tokens.text[one.span.end : one.parent.span.start]}
    for index in tokens.where("ANCHOR", "PLACE"):
        token = tokens[index]
        toponym = token.tags.get("ANCHOR") or token.tags.get("PLACE")
        if isinstance(toponym, Toponym) and toponym not in used and "WAY" not in token.tags:  # "on US 95": a road is no place
            yield Locality(token.span, "region" if "TOWNSOF" in token.tags else "F", (toponym,))
