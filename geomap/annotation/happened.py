"""Say how much speaks for the words of an attack telling of one that happened: bits, summed over what stands around them.

Films, drills, fears, penalty kicks: the ways in which nothing happened are many, and no list of them ends. What really
happened is told in few: somebody carried it out, people died of it, it was on a day, it hit something. So each class of words
has a weight by where it stands, learnt from the cases that stand in ``tests/cases`` (``tests/bench/fit_happened.py``), one
table for all languages, and where nothing speaks for an attack it is not asserted.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from operator import attrgetter
from typing import TypeAlias

from geomap.annotation.patterns import Match
from geomap.annotation.stories import after_setting
from geomap.annotation.telling import determines
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Date, Span

_end = attrgetter("end")
BIAS = "always"
# Classes that are asked for around an attack; the annotators' other classes say nothing of whether it happened.
CLASSES = frozenset((
    "PLAN", "NEG", "DENY", "MODAL", "HARMLESS", "CIVIL", "STORY", "MEMORIAL", "ARTS", "EXERCISE", "MOCK", "RUMOUR", "HEARSAY",
    "FUTURE", "CAMPAIGN", "HABIT", "DATE", "KILL", "DEAD", "WOUND", "DESTROY", "DO", "SAY", "HIT", "BOMB", "FIRE", "WEAPON",
    "ARMY", "GROUP", "FORCE", "NATION", "PERSON", "NUM", "MANY", "STRUCK", "BY", "REACT", "CONTRAST", "FOIL", "CANCEL",
    "ABSTRACT", "PRESENT", "NOTKNOWN", "THAT", "TO", "QUOTE", "EARLIERONE", "ADMIT", "UNHARMED",
    "BYHAND", "INTOSEA", "ACCIDENT", "DAMAGE", "DUD", "CRAFT", "SEIZE", "TOLL", "LASTYEAR", "COMING", "SUFFER", "UNDER", "IDLE", "RUIN", "FICTION", "DEPICT", "OLDWAR", "DAYPART",
))  # fmt: skip
_GOVERNORS = CLASSES | {"COMMA", "AND", "IN", "OF", "ABOUT", "AGAINST", "FUNCTION", "AUX", "STRIKE", "WEAKSTRIKE"}
_OBJECTS = _GOVERNORS | {"MARK", "VEHICLE", "SITE", "KIND", "ON", "ONPLACE", "STOP"}
_OWN = ("WEAKSTRIKE", "STRIKE", "HIT", "HITWEAK", "BOMB", "FIRE", "KILL", "PRESENT", "PLURAL", "SINGLE", "OTHER")
_CLAUSE = frozenset({"COMMA", "CLAUSE", "SEMI", "COLON", "WHEN"})  # where a clause may end
_HARM = frozenset({"KILL", "WOUND", "DEAD", "DESTROY", "DAMAGE"})
_SPARED = _HARM | {"CASUALTY", "SPARED", "LOSS"}
_NONE = frozenset({"NEG", "NONE"})
_LONG_AGO = 300  # days before the report
FIRST_YEAR = 1900  # of what may be a year
_NEARBY = 4  # words from "no" to the harm that did not come
_AGAINST = frozenset({"CIVIL", "ARTS", "STORY", "MEMORIAL", "PLAN", "MODAL", "NEG", "DENY", "EXERCISE", "CAMPAIGN"})
_FORESTALLED = _AGAINST | {"HARMLESS"}  # what may stand behind "to degrade the group's ability": to plan attacks
_FRAMES = (_AGAINST - {"NEG", "MODAL"}) | {"HOAX", "COURT", "THREAT", "FICTION", "MOCK", "FOIL", "ACCIDENT", "OLDWAR"}  # what a report may say that it is about
_SAID = (("n", "counted"), ("weapon", "weapon"), ("owner", "owner"), ("actor", "actor"), ("suffer", "suffered"))  # what the words of an attack hold themselves
_TITLE = 12  # tokens, at most, of a title or a row of a list; neither ends with a stop
_NO_CLASSES: frozenset[str] = frozenset()
_NO_WEIGHTS: Mapping[str, float] = {}
_BETWEEN = frozenset({"DET", "ADJ", "NUM", "NATION", "ARMY", "FORCE", "WEAPON", "ORD", "MANY", "BOUND", "THE", "ITS"})
_SHORT = 5  # sentences
_LOOK = 6  # words from an attack to what it struck


Evidence: TypeAlias = Iterable[tuple[str, Iterable[str]]]  # where, and what stands there: ("clause after", {"KILL", "NUM"})


def bits(evidence: Evidence) -> float:
    """The sum of the weights: above 0 the attack rather happened than not. Rounded as they are, whatever their order."""
    weights = _weights()
    total = weights[""][BIAS]
    for where, what in evidence:
        known = weights.get(where, _NO_WEIGHTS)
        for each in what:
            if each in known:
                total += known[each]
    return round(total, 2)


def named(evidence: Evidence) -> Iterator[str]:
    """Each piece of evidence by its name in the table of weights: "clause after KILL"."""
    return (f"{where} {each}".lstrip() for where, what in evidence for each in what)


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """By where it stands and what it is."""
    weights: dict[str, dict[str, float]] = {}
    table = files("geomap.languages").joinpath("happened.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        where, _, what = row["evidence"].rpartition(" ")
        weights.setdefault(where, {})[what] = float(row["bits"])
    return weights


class Surroundings:
    """The sentences of a text and their classes, gathered when first asked for."""

    def __init__(self, tokens: Tokens, sentences: tuple[Span, ...], published: date | None = None, opens: int = 0) -> None:
        """``opens`` is where the report proper begins, behind its dateline."""
        self.tokens, self.sentences, self.published = tokens, sentences, published
        self._opens = tokens.index(opens)
        self._clause, self._none = tokens.alphabet.holding(*_CLAUSE), tokens.alphabet.holding(*_NONE)
        self._telling, self._framing = tokens.alphabet.among(CLASSES), tokens.alphabet.among(_FRAMES)
        self._classes: dict[int, frozenset[str]] = {}

    def evidence(self, match: Match, core: Token) -> Iterator[tuple[str, Iterable[str]]]:
        """What is seen around the words of an attack, each once."""
        yield "form", (str(match.data.get("form")),)
        yield "is", [each for each in _OWN if each in core.tags]
        definite = core.definite or any(determines(token, core) for token in match["det"])
        if definite:
            yield "", ("definite",)
        yield "", [said for name, said in _SAID if name in match]
        if any("DATE" in token.tags for token in self.tokens[match.start : match.end]):
            yield "", ("dated",)  # "Monday's air strike"
        if any("CRAFT" in token.tags for token in (core, *match["weapon"])):
            yield "by", ("craft",)
        number = bisect_right(self.sentences, core.span.start, key=_end)
        if number == len(self.sentences):
            return
        first, last = self._reach(number)
        first = max(first, self._opens)
        if last - first <= _TITLE and "STOP" not in self.tokens[last - 1].tags:
            yield "in a", ("title",)
        opening, closing = self._clause_around(match, first, last)
        setting = after_setting(self.tokens, first, self.tokens.index(core.span.start))
        yield "before", (self._among(first, setting) - _AGAINST) | self._among(setting, match.start)
        yield "after", self._after(match.end, last)
        yield "clause before", self._among(max(opening, setting), match.start)
        yield "clause after", self._after(match.end, closing)
        yield from _harmed(self._beside(setting, match, last) | (self._among(first, setting) - _AGAINST))
        yield from _governors(self.tokens[setting : match.start])
        yield _object(self.tokens[match.end : last])
        if not definite and len(self.sentences) <= _SHORT:  # a short report is about one thing
            yield "so far", self._framed(0, number)
            yield "to come", self._framed(number + 1, len(self.sentences))
        yield "last sentence", self._of(number - 1)
        yield "next sentence", self._of(number + 1)

    def _clause_around(self, match: Match, first: int, last: int) -> tuple[int, int]:
        """First and last of the tokens from the mark that opens the clause to the one that closes it."""
        kinds, clause = self.tokens.kinds, self._clause
        opening = next((place for place in range(match.start, first, -1) if kinds[place - 1] in clause), first)
        return opening, next((place for place in range(match.end, last) if kinds[place] in clause), last)

    def _after(self, first: int, last: int) -> frozenset[str]:
        """The classes behind an attack; what it was to prevent ("to thwart a planned attack") does not speak against it."""
        purpose = next((place for place in range(first, last) if "PURPOSE" in self.tokens[place].tags), last)
        return self._among(first, purpose) | (self._among(purpose, last) - _FORESTALLED)

    def _among(self, first: int, last: int) -> frozenset[str]:
        """The classes of the tokens from the first to the last (exclusive)."""
        told = self._told(self.tokens.kinds[first:last])
        return told.union(what for place, what in self._other_times if first <= place < last) if self._other_times else told

    def _beside(self, first: int, match: Match, last: int) -> frozenset[str]:
        """The classes of a sentence without the words of the attack, and without what it was to prevent."""
        return self._told(self.tokens.kinds[first : match.start]) | self._after(match.end, last)

    def _told(self, kinds: list[int]) -> frozenset[str]:
        if not self._none.isdisjoint(kinds):
            return _classes([self.tokens.alphabet.classes[kind] for kind in kinds])
        return _NO_CLASSES.union(*[self._telling[kind] for kind in set(kinds)])

    @cached_property
    def _other_times(self) -> list[tuple[int, str]]:
        """Where the text speaks of a day or a year long past ("the 1986 raid") or still ahead."""
        places = self.tokens.where("DATE", "NUM") if self.published else []
        return [(place, what) for place in places if (what := self._other_time(self.tokens[place]))]

    def _other_time(self, token: Token) -> str | None:
        day, today = token.tags.get("DATE"), self.published
        if today is None:
            return None
        if isinstance(day, Date):
            when = day.when
            if when and when.latest and (today - when.latest).days > _LONG_AGO:
                return "LASTYEAR"
            return "COMING" if when and when.earliest and when.earliest > today else None
        return "LASTYEAR" if FIRST_YEAR < (token.tags.get("NUM") or 0) < today.year else None

    def _framed(self, first: int, last: int) -> frozenset[str]:
        """What the sentences from the first to the last (exclusive) say that the report is about."""
        if first >= last:
            return frozenset()
        kinds = self.tokens.kinds[self._reach(first)[0] : self._reach(last - 1)[1]]
        return _NO_CLASSES.union(*[self._framing[kind] for kind in set(kinds)])

    def _reach(self, number: int) -> tuple[int, int]:
        span = self.sentences[number]
        return self.tokens.index(span.start), self.tokens.index(span.end - 1) + 1

    def _of(self, number: int) -> frozenset[str]:
        if not 0 <= number < len(self.sentences):
            return frozenset()
        if number not in self._classes:
            self._classes[number] = self._among(*self._reach(number))
        return self._classes[number]


def _classes(words: list[frozenset[str]]) -> frozenset[str]:
    """The classes of some words. "No one was hurt" denies no attack: it is UNHARMED, and neither a denial nor harm."""
    found: set[str] = set()
    done = 0
    for place, classes in enumerate(words):
        if not _NONE.isdisjoint(classes) and any(not _SPARED.isdisjoint(each) for each in words[place + 1 : place + _NEARBY]):
            found.update(*words[done:place])
            done = max(done, place + _NEARBY)
            found |= {"UNHARMED"}.union(*words[place:done]) - _HARM - _NONE
    return CLASSES & found.union(*words[done:])


def _harmed(classes: frozenset[str]) -> Iterator[tuple[str, Iterable[str]]]:
    """People die of no goal and no film: what harm says where the sentence also has words that speak against."""
    if _HARM & classes:
        yield "", ("harm",)
        yield "harm beside", _AGAINST & classes


def _governors(before: list[Token]) -> Iterator[tuple[str, Iterable[str]]]:
    """The word on which the attack hangs, past its adjectives and owners ("feared a U.S. strike"), and the one before it."""
    place = len(before) - 1
    while place >= 0 and _BETWEEN & before[place].tags.keys():
        place -= 1
    if place < 0:
        yield "governor", ("none",)
        return
    yield "governor", _GOVERNORS & before[place].tags.keys() or ("other",)
    if place:
        yield "second governor", _GOVERNORS & before[place - 1].tags.keys()


def _object(after: list[Token]) -> tuple[str, Iterable[str]]:
    """What comes right after the words of an attack: the market that it hit, the "on" before it, the stop."""
    found = next((token for token in after[:_LOOK] if not _BETWEEN & token.tags.keys()), None)
    return "object", (_OBJECTS & found.tags.keys() or ("other",)) if found else ("none",)
