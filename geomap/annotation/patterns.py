"""Patterns over typed tokens: a readable line of classes, compiled once to a regular expression over one character a token.

    distance:NUM unit:UNIT OF? dir:WIND{1,2} OF? CUE? anchor:PLACE

Atoms are classes (``PLACE``), negated (``!STOP``) or joined (``UNKNOWN&CAP``, ``PLACE&!DEF``), any token (``.``), words
(``"on the"``) and macros (``@quantity``); they may be named (``unit:UNIT``), grouped ``( | )``, repeated ``? * + {1,3}``
(lazily with another ``?``), and looked for ahead or behind ``(?= ) (?! ) (?<= ) (?<! )``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from geomap.annotation.needs import Need, Way, of_token, of_ways
from geomap.annotation.tokens import Token, Tokens
from geomap.errors import LanguageError
from geomap.model import Span

_PART = re.compile(
    r"""\s*(?:(?P<name>[a-z]\w*):(?=\S) | @(?P<macro>[a-z]\w*) | "(?P<words>[^"]+)" | (?P<open>\((?:\?<?[=!])?)
      | (?P<close>\)) | (?P<bar>\|) | (?P<times>[?*+]\??|\{\d+(?:,\d*)?\}\??) | (?P<classes>!?[A-Z]\w*(?:&!?[A-Z]\w*)*|\.))""",
    re.VERBOSE,
)
Parts: TypeAlias = tuple[tuple[str, str], ...]  # what each word of the pattern language is, and the word
_CIRCLE = "circle"  # what a macro holds as long as it is being read
ClassSet = Callable[[str], frozenset[str]]  # an atom -> the characters that stand for it


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern line with what its table says beside ``match``."""

    source: str
    data: Mapping[str, Any]
    order: int


class Match(Struct, eq=False):  # a text has hundreds, and a Struct is made twice as fast as a dataclass
    """A place where a pattern fits: token indices, and the tokens of each name."""

    rule: Rule
    tokens: Tokens
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]]

    @property
    def data(self) -> Mapping[str, Any]:
        """The keys that stand beside the pattern in its table (``type = "FOH"``)."""
        return self.rule.data

    @property
    def span(self) -> Span:
        """The source span of the whole match."""
        return self.tokens.span(self.start, self.end)

    def __contains__(self, name: str) -> bool:
        return name in self.groups

    def __getitem__(self, name: str) -> list[Token]:
        """Tokens of a group; empty where it did not take part."""
        first, last = self.groups.get(name, (0, 0))
        return self.tokens.items[first:last]

    def span_of(self, name: str) -> Span | None:
        """Source span of a group."""
        first, last = self.groups.get(name, (0, 0))
        return self.tokens.span(first, last) if last > first else None

    def value(self, name: str, token_class: str) -> Any:
        """Value of a class on the first token of a group that has it, or None."""
        return next((token.tags[token_class] for token in self[name] if token_class in token.tags), None)

    def values(self, name: str, token_class: str) -> list[Any]:
        """Values of a class on all tokens of a group."""
        return [token.tags[token_class] for token in self[name] if token_class in token.tags]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a line is before its atoms have characters: pieces of an expression, and what it cannot do without."""

    pieces: Parts  # "text" of the expression as it stands, "atom"s, and where a group with a "name" opens
    needs: tuple[Need, ...]


@dataclass(slots=True)
class Pattern:
    """A line ready to match."""

    rule: Rule
    shape: Shape
    wants: int  # a bit for each of its needs
    goes_on: bool = False  # may a match hold the end of a sentence?
    line: re.Pattern[str] | None = None  # compiled at first use: that costs milliseconds, and many are never needed
    old: re.Pattern[str] | None = None  # ... what it was before there were new letters
    groups: tuple[tuple[int, str], ...] = ()  # ... the numbers of its groups, and their names

    def matches(self, tokens: Tokens, code: str, class_set: ClassSet) -> list[Match]:
        """All places where the line fits, without overlap, in the sentences that hold what it needs."""
        found: list[Match] = []
        if self.goes_on:
            self._add(found, tokens, code, class_set, 0, len(code))
            return found
        wants = self.wants
        for first, last, lacks in tokens.stretches:
            if not wants & lacks:
                self._add(found, tokens, code, class_set, first, last)
        return found

    def renew(self, goes_on: bool) -> None:
        """Go by other characters from now on."""
        self.goes_on, self.line, self.old = goes_on, None, self.line or self.old

    def expression(self, class_set: ClassSet) -> str:
        """The line over the characters of its atoms."""
        return "".join(
            _written(text, class_set) if kind == "atom" else "(" if kind == "name" else text for kind, text in self.shape.pieces
        )

    def _add(self, found: list[Match], tokens: Tokens, code: str, class_set: ClassSet, start: int, end: int) -> None:
        """Add what is found from one token to another."""
        line = self.line or self._compiled(class_set)
        for match in line.finditer(code, start, end):
            spans = match.regs  # of the whole, then of the groups by their number
            first, last = spans[0]
            if last > first:
                groups = {name: spans[number] for number, name in self.groups if spans[number][1] > spans[number][0]}
                found.append(Match(self.rule, tokens, first, last, groups))

    def _compiled(self, class_set: ClassSet) -> re.Pattern[str]:
        written, old = self.expression(class_set), self.old
        self.line = old if old is not None and old.pattern == written else re.compile(written)  # most letters change nothing
        self.groups = tuple(enumerate((text for kind, text in self.shape.pieces if kind == "name"), 1))
        return self.line


class _Closed(NamedTuple):
    """A bracket with all that stands in it."""

    opener: str
    pieces: list[tuple[str, str]]
    choice: str | None  # the atoms of a bracket that holds one of several, and nothing else: "NATION|ARMY"
    single: bool  # is there but one way through it?
    way: Way

    def written(self, times: str) -> list[tuple[str, str]]:
        """Its pieces, as simple as may be: what is simpler compiles quicker."""
        pieces = self.pieces if self.choice is None else [("atom", self.choice)]
        if self.opener == "(?:" and (self.choice is not None or (self.single and not times)):
            return pieces
        return [("text", self.opener), *pieces, ("text", ")")]


@dataclass(slots=True)
class _Bracket:
    """What has been compiled of one bracket."""

    opener: str = "(?:"
    name: str | None = None
    pieces: list[tuple[str, str]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=lambda: [Way()])

    def closed(self) -> _Closed:
        """... once it is complete."""
        kinds = [kind for kind, _ in self.pieces]
        plain = kinds == [("atom", "text")[place % 2] for place in range(2 * len(self.ways) - 1)]
        choice = "".join(text for _, text in self.pieces) if plain else None
        return _Closed(self.opener, self.pieces, choice, len(self.ways) == 1, of_ways(self.ways))


class Macros:
    """The lines that others name, each read and shaped once: most patterns share a few."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self.lines = lines
        self.joined: set[str] = set()  # words in quotes that a text holds as one token, since a class has them together
        self._parts: dict[str, Parts] = {}
        self._closed: dict[str, _Closed] = {}

    def parts(self, name: str, source: str) -> Parts:
        """The words of a macro that ``source`` names."""
        if name not in self.lines:
            raise _error(source, f"no macro called @{name}; known: {' '.join(sorted(self.lines)) or 'none'}")
        if name not in self._parts:
            self._parts[name] = ((_CIRCLE, name),)
            self._parts[name] = parse(self.lines[name], self)
        return self._parts[name]

    def closed(self, name: str) -> _Closed:
        """The bracket that a macro stands for."""
        if name not in self._closed:
            self._closed[name] = _bracket(self._parts[name], self, self.lines[name]).closed()
        return self._closed[name]

    def flat(self, parts: Parts) -> Iterator[tuple[str, str]]:
        """The words of a line, those of its macros in brackets in their place."""
        for kind, text in parts:
            if kind == "macro":
                yield from (("open", "("), *self.flat(self._parts[text]), ("close", ")"))
            else:
                yield kind, text


def parse(source: str, macros: Macros) -> Parts:
    """The words of a line; raises LanguageError where its brackets do not fit."""
    parts = tuple(_parts(source, macros))
    depth, before = 0, "open"
    for kind, text in parts:
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            raise _error(source, "a bracket closes that was never opened")
        if kind == "times" and before in ("open", "bar", "name", "times"):
            raise _error(source, f"nothing to repeat before {text!r}")
        before = kind
    if depth:
        raise _error(source, "a bracket is not closed")
    return parts


def atoms(parts: Parts) -> set[str]:
    """The atoms of a line: "PLACE", "!STOP", "UNKNOWN&CAP"."""
    return {"=" + text if kind == "words" else text for kind, text in parts if kind in ("classes", "words")}


def classes_of(parts: Parts, names: Collection[str]) -> set[str]:
    """The classes that a line puts into groups of these names, as far as it says them without "not"."""
    found: set[str] = set()
    depth, within, named = 0, 0, False  # within: how deep the bracket of such a name lies
    for kind, text in parts:
        depth += kind == "open"
        if kind == "open" and named and not within:
            within = depth
        elif kind in ("classes", "words") and (named or within):
            found |= {"=" + text} if kind == "words" else {name for name in text.split("&") if name[0] not in "!."}
        elif kind == "close":
            within, depth = (0 if within == depth else within), depth - 1
        named = kind == "name" and text in names
    return found


def _error(source: str, reason: str) -> LanguageError:
    return LanguageError(f"pattern {source!r}: {reason}")


def shape(parts: Parts, macros: Macros, source: str = "") -> Shape:
    """What ``parse`` made of a line, as an expression that lacks only the characters of its atoms.

    Raises LanguageError where what has to stand before is of several lengths: expressions cannot look back so.
    """
    whole = _bracket(parts, macros, source)
    return Shape(tuple(whole.pieces), tuple(of_ways(whole.ways).needs))


def _bracket(parts: Parts, macros: Macros, source: str) -> _Bracket:
    stack = [_Bracket()]
    name: str | None = None
    for (kind, text), (next_kind, next_text) in pairwise([*parts, ("end", "")]):
        times = next_text if next_kind == "times" else ""
        if kind == "name":
            name = text
        elif kind == "open":
            stack.append(_Bracket("(?:" if text == "(" else text, name))
            name = None
        elif kind == "bar":
            stack[-1].pieces.append(("text", "|"))
            stack[-1].ways.append(Way())
        elif kind in ("close", "macro"):
            inner, name = (macros.closed(text), name) if kind == "macro" else (stack[-1].closed(), stack.pop().name)
            if inner.opener.startswith("(?<") and inner.choice is None and not _has_one_width(_outline(inner.pieces)):
                raise _error(source, "what it looks for behind is of several lengths; write one line for each")
            _add(stack[-1], inner.written(times), name, times)
            _hold(stack[-1].ways[-1], inner.opener, inner.way, times)
            name = None
        elif kind != "times":
            atom = "=" + text if kind == "words" else text
            _add(stack[-1], [("atom", atom)], name, times)
            _hold(stack[-1].ways[-1], "(?:", of_token(atom), times)
            name = None
    return stack[0]


def _outline(pieces: Iterable[tuple[str, str]]) -> str:
    """An expression as long as the pieces', whatever their atoms are."""
    return "".join("x" if kind == "atom" else "(" if kind == "name" else text for kind, text in pieces)


@lru_cache(maxsize=1024)
def _has_one_width(expression: str) -> bool:
    """May it stand in a look behind? A few shapes serve all patterns."""
    try:
        re.compile(f"(?<!{expression})")
    except re.error:
        return False
    return True


def _add(bracket: _Bracket, pieces: list[tuple[str, str]], name: str | None, times: str) -> None:
    repeated = [*pieces, ("text", times)] if times else pieces
    bracket.pieces += [("name", name), *repeated, ("text", ")")] if name else repeated


def _hold(way: Way, opener: str, other: Way, times: str) -> None:
    """Say what a way holds once a token or a bracket is added; what must not stand there says nothing."""
    if opener == "(?:":
        way.go_on(other, may_lack=times.startswith(("?", "*", "{0", "{,")) or not other.begun)
    elif opener == "(?=":
        way.look_ahead(other)
    elif opener == "(?<=":
        way.look_behind(other)


@lru_cache(maxsize=4096)
def _ranges(letters: frozenset[str]) -> str:
    """Characters as an expression writes them: of neighbours only the first and the last, which compiles quicker."""
    runs: list[list[str]] = []
    for letter in sorted(letters):
        if runs and ord(letter) == ord(runs[-1][-1]) + 1:
            runs[-1].append(letter)
        else:
            runs.append([letter])
    return "".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else "".join(run) for run in runs)


def _written(atom: str, class_set: ClassSet) -> str:
    """One of the characters of an atom; for "anything but" these, none of the others: so it need not know of those to come."""
    barred = "STOP" if atom == "." else atom[1:] if atom[0] == "!" and atom[1:].isidentifier() else ""
    letters = class_set(barred or atom)
    return f"[^{_ranges(letters)}]" if barred else next(iter(letters)) if len(letters) == 1 else f"[{_ranges(letters)}]"


def _parts(source: str, macros: Macros) -> Iterator[tuple[str, str]]:
    """Words of the pattern language."""
    position = 0
    source = source.strip()
    while position < len(source):
        match = _PART.match(source, position)
        if not match:
            raise _error(source, f"cannot read {source[position : position + 20]!r}")
        position = match.end()
        kind = str(match.lastgroup)
        text = match.group(kind)
        if kind == "macro" and (_CIRCLE, text) in macros.parts(text, source):
            raise _error(source, "its macros go round in a circle")
        if kind == "words" and " " in text.strip():
            yield "open", "("
            yield from (("words", word) for word in text.split())
            yield from (("bar", "|"), ("words", text.strip())) if text.strip() in macros.joined else ()
            yield "close", ")"
        else:
            yield kind, text


def best(matches: Iterable[Match]) -> list[Match]:
    """Of overlapping matches the longest, then the one whose pattern stands first; in text order."""
    chosen: list[Match] = []
    taken: set[int] = set()
    for match in sorted(matches, key=lambda match: (match.start - match.end, match.rule.order, match.start)):
        if taken.isdisjoint(range(match.start, match.end)):
            taken.update(range(match.start, match.end))
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.start)
