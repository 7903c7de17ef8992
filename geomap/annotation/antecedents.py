"""Say which place "the town", "that village", "the province" means: the one of its kind that was named last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from msgspec.structs import replace

from geomap.annotation import anchors
from geomap.annotation.context import Context
from geomap.annotation.tokens import Tokens
from geomap.folding import fold
from geomap.model import Locality, Span, Toponym

_TOWNS = frozenset(("city", "village"))
_DIVISIONS = frozenset(("governorate", "district"))
_EXACT = _DIVISIONS | {"village"}  # said of what was called so, where anything was
_AIRFIELDS = frozenset(("airport", "airbase"))
_ALIKE = {
    "city": _TOWNS, "village": _TOWNS, "airport": _AIRFIELDS, "airbase": _AIRFIELDS,
}  # fmt: skip
_SITES = frozenset(("airport", "airbase", "port", "dam", "oilfield"))  # told though nobody names them: "near the airport"
ALONE = frozenset((*_ALIKE, *_DIVISIONS, *_SITES, "neighbourhood", "camp", "island"))  # what a report means by "the ..." when it has named one
_AROUND = frozenset(("region", "region-part"))  # what lies around a town or in a part of it is not the town
_BARE = frozenset(("FH", "F-near"))  # without a distance they say nothing of a place that nobody names
_THE_CAPITAL = 4  # words, the article among them
_AUX = 5  # tokens of "has also been hit"
_IN = 2  # tokens before "the town" in which "in", "on", "near" makes it a place of its own
_DATED = re.compile(r"\s*[,،(/–—-]")  # behind the town of a dateline
_STRIKERS = frozenset(("FORCE", "ARMY", "NATION", "GROUP", "DEMONYM", "WEAPON", "ADJ", "PART"))


def with_antecedents(localities: Sequence[Locality], tokens: Tokens, context: Context) -> list[Locality]:
    """The localities, "5 km south of the town" told from the town that is meant; "in the town" added as one of them."""
    generics = list(_generics(tokens))
    if not generics:
        return list(localities)
    # in this order, and in the same one each time: of two that begin at one word the anchor knows more, its container perhaps
    all_named = [anchor for each in localities for anchor in each.anchors]
    known = dict.fromkeys((*all_named, *context.toponyms, *(replace(anchor.parent, kind=None) for anchor in all_named if anchor.parent and anchor.kind in _SITES)))  # "at Kandahar airport ... the city"
    # "in the countryside of Idlib", "Ain Tarma (6 km east of Damascus)"
    around = {anchor for each in localities if each.type in _AROUND or each.gloss for anchor in each.anchors}
    named = [each for each in known if (each not in around or each.kind in _DIVISIONS) and "ARMY" not in context.tokens[context.tokens.index(each.span.start)].tags]  # "U.S. Africa Command": no city
    meant = dict[Toponym, Toponym]()
    for generic in generics:
        subject = _without_subject(generic, named, localities)
        found = _capital(generic, known, tokens, context) if _is_capital(generic, context) else _antecedent(generic, subject, context)
        if found is not None:
            meant[generic] = _still_meant(generic, found, meant, subject)
    lost = {generic for generic in generics if generic not in meant and generic.kind not in _SITES}
    replaced = [
        each if meant.keys().isdisjoint(each.anchors) else replace(each, anchors=tuple(meant.get(one, one) for one in each.anchors))
        for each in (_placeless(each) if each.type in _BARE and not lost.isdisjoint(each.anchors) else each for each in localities)
    ]
    taken = [each.span for each in localities]
    alone = [
        Locality(generic.span, "F", (place,))
        for generic, place in meant.items()
        if _stands_alone(generic.span, taken, tokens) and not _is_beside(generic, place, localities, context)
    ]
    return replaced + alone


def _without_subject(generic: Toponym, named: list[Toponym], localities: Sequence[Locality]) -> list[Toponym]:
    """ "Bara, 30 km north of the city": whichever city that is, it is not Bara."""
    start = next((each.span.start for each in localities if each.gloss and generic in each.anchors), None)
    before = [each for each in named if start is not None and each.span.end <= start]
    subject = max(before, key=lambda each: each.span.end, default=None)
    return named if subject is None else [each for each in named if each.name != subject.name]


def _placeless(locality: Locality) -> Locality:
    """ "North of the city" where no city was named: told as such, and no site of anything."""
    return replace(locality, gloss=True)


def _is_beside(generic: Toponym, place: Toponym, localities: Sequence[Locality], context: Context) -> bool:
    """ "Outside Saraqeb, where people who had fled assaults on the town": the sentence is about what lies beside it."""
    sentence = context.sentence_number(generic.span.start)
    return any(
        each.type in _BARE and place in each.anchors and each.span.start < generic.span.start
        and context.sentence_number(each.span.start) == sentence
        for each in localities
    )  # fmt: skip


def _generics(tokens: Tokens) -> Iterator[Toponym]:
    generics = (tokens[index].tags["GENERIC"] for index in tokens.where("GENERIC"))
    return (generic for generic in generics if generic.kind in ALONE)


def _antecedent(generic: Toponym, known: Iterable[Toponym], context: Context) -> Toponym | None:
    told = [each for each in known if each.span.end <= generic.span.start and each.use == "literal"]
    before = [each for each in told if _is_such(each, str(generic.kind), context)]
    told_of = [each for each in before if not _in_dateline(each, context)]  # not the town the report was written in, if it tells of another
    if not told_of and generic.kind in _TOWNS:  # "in Zarbuta ... the town's market": a name that nobody knows may be the town's
        told_of = [each for each in told if each.kind is None and not each.known and each.lookup != "" and not _in_dateline(each, context)]
    before = told_of or [each for each in before if generic.kind != "village" or not _in_dateline(each, context)]  # none is written in a village
    # of "مطار الحديدة" and the name in it, the whole
    exact = generic.kind if generic.kind in _EXACT else None
    last = max((context.sentence_number(each.span.start) for each in before), default=0)  # "in A city in B province ... the city": of one sentence what it calls a city
    cities = {each for each in before if each.kind == generic.kind == "city" and context.sentence_number(each.span.start) == last}
    return max(before, key=lambda each: (exact is not None and each.kind == exact, each in cities, each.span.end, -each.span.start, each.kind or "", each.known), default=None)


def _still_meant(generic: Toponym, found: Toponym, meant: Mapping[Toponym, Toponym], named: Sequence[Toponym]) -> Toponym:
    """ "The city" that was spoken of stays the one that is meant, until another is called a city: a name in passing takes nothing from it."""
    before = [(each, place) for each, place in meant.items() if each.kind == generic.kind == "city" and place in named]
    if not before or found.kind is not None:
        return found
    return before[-1][1]


def _is_capital(generic: Toponym, context: Context) -> bool:
    words = context.language.tables.get("toponyms", {}).get("capital_words", ())
    return len(generic.name.split()) <= _THE_CAPITAL and any(fold(word) in words for word in generic.name.split())


def _capital(generic: Toponym, known: Iterable[Toponym], tokens: Tokens, context: Context) -> Toponym | None:
    """ "The Yemeni capital": where the text names it, that name; else the words themselves, to be looked up as it.

    Of no nation, "the capital" is the one named last, and no town that is none: "Homs, 160 km north of the capital".
    """
    table = context.language.tables.get("toponyms", {}).get("capitals", {})
    before = sorted((each for each in known if each.span.start < generic.span.end), key=lambda each: each.span, reverse=True)
    last = tokens.index(generic.span.end - 1) + 1
    behind = [token.span.of(tokens.text) for token in tokens[last : last + 1]]  # "العاصمة اليمنية"
    every = {fold(name) for name in table.values()}
    told = list(takewhile(lambda each: fold(each.name) not in every or each.kind == "country", (each for each in before if not _in_dateline(each, context))))
    words = [*generic.name.split(), *behind, *(each.name for each in told)]  # "militias loyal to Iran ... west of Baghdad ... west of the capital"
    nation = next((key for word in words for key in (context.language.value("NATION", fold(word)), context.language.value("OWNER", fold(word)), word) if key in table), None)
    capitals = {fold(name) for name in ([table[nation]] if nation else table.values())}
    named = [each for each in (known if nation else before) if fold(each.name) in capitals and each.kind != "country"]  # "دولة تونس"
    if named and _in_dateline(named[0], context):  # from where it was written, unless the text itself names one
        named = [each for each in known if fold(each.name) in capitals and not _in_dateline(each, context)] or named
    return named[0] if named else replace(generic, kind="city", lookup=table[nation]) if nation else None


def _in_dateline(place: Toponym, context: Context) -> bool:
    """Does it open a line, with a comma, a dash or a bracket behind it: "القاهرة، 19 يناير"?"""
    text = context.report.text
    return text[: place.span.start].rstrip(" \t")[-1:] in ("", "\n") and _DATED.match(text, place.span.end) is not None


def _is_such(place: Toponym, kind: str, context: Context) -> bool:
    if place.kind is not None:
        return place.kind == kind if kind in _DIVISIONS else place.kind in _ALIKE.get(kind, {kind})  # no district is "the province"
    if not place.known:
        return False
    if kind in _AIRFIELDS:  # "Aleppo International Airport", which is all a name
        words = fold(place.name).split()
        return any(context.language.value(name, word) in _AIRFIELDS for word in (words[0], words[-1]) for name in ("KIND", "SITE"))
    if kind in _TOWNS:
        return not anchors.is_area(place, context.names)
    return kind in _DIVISIONS and anchors.is_area(place, context.names) and context.language.value("NATION", fold(place.name)) is None


def _stands_alone(span: Span, taken: Sequence[Span], tokens: Tokens) -> bool:
    if any(each.start < span.end and span.start < each.end for each in taken):
        return False
    first = tokens.index(span.start)
    near = tokens[max(0, first - _IN) : first]
    while near and first - _IN > 0 and all(_STRIKERS & token.tags.keys() for token in near):  # "استهدفت القوات الروسية المدينة"
        first -= 1
        near = tokens[first - _IN : first]
    return any({"IN", "NEAR", "ONPLACE", "HIT", "BOMB", "STRIKE", "WEAKSTRIKE"} & token.tags.keys() for token in near) or _is_hit(span, tokens)


def _is_hit(span: Span, tokens: Tokens) -> bool:
    """ "The airport was hit by a missile", "the town has been shelled": what is struck stands before the verb."""
    last = tokens.index(span.end - 1) + 1
    auxiliary = next((index for index in range(last, min(last + _AUX, len(tokens))) if "AUX" not in tokens[index].tags and "ALSO" not in tokens[index].tags), last)
    return auxiliary > last and "PASSIVE" in tokens[auxiliary - 1].tags and not {"HIT", "HITWEAK", "BOMB"}.isdisjoint(tokens[auxiliary].tags)
