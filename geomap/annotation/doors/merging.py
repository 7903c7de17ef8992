"""Put what others point at beside what the rules found: the rules keep what they have, gaps are filled."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from geomap.annotation.language import Language
from geomap.annotation.tokens import Token, Tokens
from geomap.annotation.toponyms import name_at
from geomap.model import Mention, Names, Span, Toponym, Trigger

# Words that are no attack even where a model says so ("hunger strike"), and no place by themselves.
_NO_ATTACK = "HARMLESS"
_NO_PLACE = frozenset({"WIND", "NUM", "UNIT", "MONTH", "WEEKDAY"})


def with_toponyms(
    toponyms: tuple[Toponym, ...], pointed: Iterable[Mention], tokens: Tokens, language: Language, names: Names
) -> tuple[Toponym, ...]:
    """The toponyms and those pointed at elsewhere; a longer name that the gazetteer knows takes the place of the shorter."""
    found = list(toponyms)
    for mention in pointed:
        if not isinstance(mention, Toponym) or _is_no_place(mention.span, tokens):
            continue
        named = name_at(tokens.text, mention.span, language, names)
        met = [each for each in found if _meet(each.span, mention.span)]
        if met and not (named.known and all(_inside(each.span, mention.span) for each in met)):
            continue
        found = [each for each in found if each not in met]
        found.append(replace(mention, kind=mention.kind or named.kind, known=named.known, lookup=mention.lookup or named.lookup))
    return tuple(sorted(found, key=lambda toponym: toponym.span))


def with_triggers(
    found: dict[int, Trigger], pointed: Iterable[Mention], tokens: Tokens, sentences: Iterable[Span]
) -> dict[int, Trigger]:
    """The triggers by the index of their token, with one more for each sentence in which only others saw an attack."""
    more = dict(found)
    spans = list(sentences)
    for mention in pointed:
        if not isinstance(mention, Trigger):
            continue
        here = next((span for span in spans if mention.span.start < span.end), mention.span)
        if any(_meet(trigger.span, here) for trigger in more.values()) or mention.span.end > here.end:
            continue
        words = tokens[tokens.index(mention.span.start) : tokens.index(mention.span.end - 1) + 1]
        if words and not any(_NO_ATTACK in word.tags for word in words):
            more[tokens.index(mention.span.start)] = replace(mention, event_type=_type(mention, words))
    return dict(sorted(more.items()))


def beside(found: Iterable[Mention], pointed: Iterable[Mention]) -> list[Mention]:
    """Counts, dates and actors pointed at where the rules found none of their kind."""
    own = list(found)
    return [
        mention
        for mention in pointed
        if not isinstance(mention, Toponym | Trigger)
        and not any(type(each) is type(mention) and _meet(each.span, mention.span) for each in own)
    ]


def _type(mention: Trigger, words: Iterable[Token]) -> str:
    """The weapon that the words name says what kind of attack it was."""
    weapons = [str(word.tags["WEAPON"]) for word in words if "WEAPON" in word.tags]
    return weapons[0] if weapons and mention.event_type == "attack" else mention.event_type


def _is_no_place(span: Span, tokens: Tokens) -> bool:
    words = tokens[tokens.index(span.start) : tokens.index(span.end - 1) + 1]
    return not words or all(not _NO_PLACE.isdisjoint(word.tags) for word in words)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _inside(one: Span, other: Span) -> bool:
    """Is it a true part of the other?"""
    return one != other and other.start <= one.start and one.end <= other.end
