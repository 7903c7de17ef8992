"""Say how much speaks for the words of an attack telling of one that happened: bits, summed over what stands around them.

Films, drills, fears, penalty kicks: the ways in which nothing happened are many, and no list of them ends. What really
happened is told in few: somebody carried it out, people died of it, it was on a day, it hit something. So each class of words
has a weight by where it stands, learnt from the cases that stand in ``tests/cases`` (``tests/bench/fit_happened.py``), one
table for all languages, and where nothing speaks for an attack it is not asserted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Date, Span

BIAS = "always"
# Classes that are asked for around an attack; the annotators' other classes say nothing of whether it happened.
CLASSES = frozenset((
    "PLAN", "NEG", "DENY", "MODAL", "HARMLESS", "CIVIL", "STORY", "MEMORIAL", "ARTS", "EXERCISE", "MOCK", "RUMOUR", "HEARSAY",
    "FUTURE", "CAMPAIGN", "HABIT", "DATE", "KILL", "DEAD", "WOUND", "DESTROY", "DO", "SAY", "HIT", "BOMB", "FIRE", "WEAPON",
    "ARMY", "GROUP", "FORCE", "NATION", "PERSON", "NUM", "MANY", "STRUCK", "BY", "REACT", "CONTRAST", "FOIL", "CANCEL",
    "ABSTRACT", "PRESENT", "NOTKNOWN", "THAT", "TO", "QUOTE", "EARLIERONE", "ADMIT", "UNHARMED", "BYHAND", "INTOSEA", "LASTYEAR", "COMING",
    "ACCIDENT", "CRAFT", "SEIZE", "TOLL",
))  # fmt: skip
_GOVERNORS = CLASSES | {"COMMA", "AND", "IN", "OF", "ABOUT", "AGAINST", "FUNCTION", "AUX", "STRIKE", "WEAKSTRIKE"}
_OWN = ("WEAKSTRIKE", "STRIKE", "HIT", "HITWEAK", "BOMB", "FIRE", "KILL", "PRESENT", "PLURAL", "SINGLE", "OTHER")
_CLAUSE = frozenset({"COMMA", "CLAUSE", "SEMI", "COLON", "WHEN"})  # where a clause may end
_HARM = frozenset({"KILL", "WOUND", "DEAD", "DESTROY"})
_SPARED = _HARM | {"CASUALTY", "SPARED"}
_NONE = frozenset({"NEG", "NONE"})
_LONG_AGO = 300  # days before the report
_FIRST_YEAR = 1900
_NEARBY = 4  # words from "no" to the harm that did not come
_AGAINST = frozenset({"CIVIL", "ARTS", "STORY", "MEMORIAL", "PLAN", "MODAL", "NEG", "DENY", "EXERCISE", "CAMPAIGN"})
_SAID = (("n", "counted"), ("weapon", "weapon"), ("owner", "owner"), ("actor", "actor"))  # what the words of an attack hold themselves
_TITLE = 12  # tokens, at most, of a title or a row of a list; neither ends with a stop
_BETWEEN = frozenset({"DET", "ADJ", "NUM", "NATION", "ARMY", "FORCE", "WEAPON", "ORD", "MANY", "BOUND", "THE"})


def bits(evidence: Iterable[str]) -> float:
    """The sum of the weights: above 0 the attack rather happened than not."""
    weights = _weights()
    return sum(weights.get(each, 0.0) for each in evidence) + weights[BIAS]


@cache
def _weights() -> Mapping[str, float]:
    table = files("geomap.languages").joinpath("happened.csv").read_text(encoding="utf-8")
    return {row["evidence"]: float(row["bits"]) for row in csv.DictReader(table.splitlines())}


class Surroundings:
    """The sentences of a text and their classes, gathered when first asked for."""

    def __init__(self, tokens: Tokens, sentences: tuple[Span, ...], published: date | None = None) -> None:
        self.tokens, self.sentences, self.published = tokens, sentences, published
        self._classes: dict[int, frozenset[str]] = {}

    def evidence(self, match: Match, core: Token) -> Iterator[str]:
        """What is seen around the words of an attack, each once."""
        yield f"form {match.data.get('form')}"
        yield from (f"is {each}" for each in _OWN if each in core.tags)
        if core.definite or any(token.tags.get("DET") == "definite" for token in match["det"]):
            yield "definite"
        yield from (said for name, said in _SAID if name in match)
        if any("CRAFT" in token.tags for token in (core, *match["weapon"])):
            yield "by craft"
        if any("DATE" in token.tags for token in self.tokens[match.start : match.end]):
            yield "dated"  # "Monday's air strike"
        number = next((each for each, span in enumerate(self.sentences) if core.span.start < span.end), None)
        if number is None:
            return
        first, last = self._reach(number)
        if last - first <= _TITLE and "STOP" not in self.tokens[last - 1].tags:
            yield "in a title"
        before, after = self.tokens[first : match.start], self.tokens[match.end : last]
        opening = next((place for place in range(len(before), 0, -1) if _CLAUSE & before[place - 1].tags.keys()), 0)
        closing = next((place for place, token in enumerate(after) if _CLAUSE & token.tags.keys()), len(after))
        for where, words in (
            ("before", before), ("after", after), ("clause before", before[opening:]), ("clause after", after[:closing]),
        ):  # fmt: skip
            yield from (f"{where} {each}" for each in self._told(words))
        yield from _harmed(_classes([*before, *after]))
        yield from _governors(before)
        yield from (f"last sentence {each}" for each in self._of(number - 1))
        yield from (f"next sentence {each}" for each in self._of(number + 1))

    def _reach(self, number: int) -> tuple[int, int]:
        span = self.sentences[number]
        return self.tokens.index(span.start), self.tokens.index(span.end - 1) + 1

    def _of(self, number: int) -> frozenset[str]:
        if not 0 <= number < len(self.sentences):
            return frozenset()
        if number not in self._classes:
            first, last = self._reach(number)
            self._classes[number] = self._told(self.tokens[first:last])
        return self._classes[number]

    def _told(self, words: list[Token]) -> frozenset[str]:
        """The classes of some words, and whether their dates lie long ago or still ahead."""
        found = _classes(words)
        return found | self._times(words) if not found.isdisjoint(("DATE", "NUM")) else found

    def _times(self, words: list[Token]) -> frozenset[str]:
        found: set[str] = set()
        for token in words:
            day = token.tags.get("DATE")
            if self.published and _FIRST_YEAR < (token.tags.get("NUM") or 0) < self.published.year:
                found.add("LASTYEAR")  # "the 1986 raid"
            if self.published and isinstance(day, Date) and day.when and day.when.latest:
                if (self.published - day.when.latest).days > _LONG_AGO:
                    found.add("LASTYEAR")
                elif day.when.earliest and day.when.earliest > self.published:
                    found.add("COMING")
        return frozenset(found)


def _classes(words: list[Token]) -> frozenset[str]:
    """The classes of some words. "No one was hurt" denies no attack: it is UNHARMED, and neither a denial nor harm."""
    found: set[str] = set()
    unharmed = 0  # words yet that belong to it
    for place, token in enumerate(words):
        if not _NONE.isdisjoint(token.tags) and any(not _SPARED.isdisjoint(each.tags) for each in words[place + 1 : place + _NEARBY]):
            unharmed = _NEARBY
            found.add("UNHARMED")
        found.update(token.tags.keys() - _HARM - _NONE if unharmed else token.tags)
        unharmed = max(0, unharmed - 1)
    return CLASSES & found


def _harmed(classes: frozenset[str]) -> Iterator[str]:
    """People die of no goal and no film: what harm says where the sentence also has words that speak against."""
    if _HARM & classes:
        yield "harm"
        yield from (f"harm beside {each}" for each in _AGAINST & classes)


def _governors(before: list[Token]) -> Iterator[str]:
    """The word on which the attack hangs, past its adjectives and owners ("feared a U.S. strike"), and the one before it."""
    place = len(before) - 1
    while place >= 0 and _BETWEEN & before[place].tags.keys():
        place -= 1
    if place < 0:
        yield "governor none"
        return
    known = _GOVERNORS & before[place].tags.keys()
    yield from (f"governor {each}" for each in known or {"other"})
    if place:
        yield from (f"second governor {each}" for each in _GOVERNORS & before[place - 1].tags.keys())
