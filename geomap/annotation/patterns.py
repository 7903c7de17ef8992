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
from typing import Any, TypeAlias

from geomap.annotation.tokens import Token, Tokens
from geomap.errors import LanguageError
from geomap.model import Span

_PART = re.compile(
    r"""\s*(?:(?P<name>[a-z]\w*):(?=\S) | @(?P<macro>[a-z]\w*) | "(?P<words>[^"]+)" | (?P<open>\((?:\?<?[=!])?)
      | (?P<close>\)) | (?P<bar>\|) | (?P<times>[?*+]\??|\{\d+(?:,\d*)?\}\??) | (?P<classes>!?[A-Z]\w*(?:&!?[A-Z]\w*)*|\.))""",
    re.VERBOSE,
)
_Needs: TypeAlias = list[frozenset[str]]
Parts: TypeAlias = tuple[tuple[str, str], ...]  # what each word of the pattern language is, and the word
_NEEDS = 4  # sets of characters that a text is looked through for before a line is tried
_AHEAD = 2  # ... and the rest of a sentence, wherever the line may begin
ClassSet = Callable[[str], frozenset[str]]  # a class expression -> the characters that stand for it


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern line with what its table says beside ``match``."""

    source: str
    data: Mapping[str, Any]
    order: int


@dataclass(slots=True, eq=False)  # not frozen, which would make each take three times as long: a text has hundreds
class Match:
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


@dataclass(slots=True)
class Pattern:
    """A line ready to match. ``needs`` are sets of characters of which a text must hold one each, or the line cannot fit.

    ``start`` finds the characters with which it may begin, where these are not just any word, as far as the rest of their
    sentence holds what the line cannot do without: only there it is tried.
    """

    rule: Rule
    expression: str
    names: tuple[tuple[str, str], ...]  # group in the expression -> name in the pattern
    needs: tuple[frozenset[str], ...]
    start: str | None
    opening: re.Pattern[str] | None = None  # ``start``, and
    line: re.Pattern[str] | None = None  # ``expression``, compiled at first use: that costs milliseconds, and many are never needed
    groups: tuple[tuple[int, str], ...] = ()  # ... and the numbers of its groups, with their names in the pattern

    def matches(self, tokens: Tokens, code: str) -> list[Match]:
        """All places where the line fits, without overlap."""
        found = []
        for match in self._found(code):
            spans = match.regs  # of the whole, then of the groups by their number
            first, last = spans[0]
            if last > first:
                groups = {name: spans[number] for number, name in self.groups if spans[number][1] > spans[number][0]}
                found.append(Match(self.rule, tokens, first, last, groups))
        return found

    def _found(self, code: str) -> Iterable[re.Match[str]]:
        """What ``finditer`` of the line gives; where every match begins as ``start`` says, sought only there."""
        if self.start is None:
            return (self.line or self._compiled()).finditer(code)
        if self.opening is None:
            self.opening = re.compile(self.start)
        found, done = [], 0
        for opening in self.opening.finditer(code):
            at = opening.start()
            if at >= done and (match := (self.line or self._compiled()).match(code, at)):
                found.append(match)
                done = match.end()
        return found

    def _compiled(self) -> re.Pattern[str]:
        self.line = re.compile(self.expression)
        self.groups = tuple((self.line.groupindex[group], name) for group, name in self.names)
        return self.line


@dataclass(slots=True)
class _Bracket:
    """What has been compiled of one bracket: its text, the sets it cannot do without, the characters it may begin with."""

    opener: str = ""
    name: str | None = None
    text: list[str] = field(default_factory=list)
    branches: list[_Needs] = field(default_factory=lambda: [[]])
    first: set[str] = field(default_factory=set)
    begun: bool = False  # has the present branch something it cannot do without?
    may_be_empty: bool = False  # may one of the earlier branches be empty?

    @property
    def needs(self) -> _Needs:
        """What every way through the bracket holds; of several branches each must hold one of its own."""
        if len(self.branches) == 1:
            return self.branches[0]
        return [frozenset().union(*(min(needs, key=len) for needs in self.branches))] if all(self.branches) else []


def compile_pattern(rule: Rule, parts: Parts, class_set: ClassSet) -> Pattern:
    """Compile one line from what ``parse`` made of it."""
    return _Compiler(rule, class_set).pattern(parts)


def parse(source: str, macros: Mapping[str, str]) -> Parts:
    """The words of a line, its macros' in their place; raises LanguageError where its brackets do not fit."""
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


class _Compiler:
    """Turns the parts of one line into one expression, bracket by bracket."""

    def __init__(self, rule: Rule, class_set: ClassSet) -> None:
        self.rule, self.class_set = rule, class_set
        self.stop = class_set("STOP")
        self.stack = [_Bracket()]
        self.goes_on = False  # may a match hold the end of a sentence?
        self.names: list[tuple[str, str]] = []
        self.name: str | None = None

    def pattern(self, parts: Parts) -> Pattern:
        for (kind, text), (next_kind, next_text) in pairwise([*parts, ("end", "")]):
            times = next_text if next_kind == "times" else ""
            if kind == "name":
                self.name = text
            elif kind == "open":
                self.stack.append(_Bracket(opener="(?:" if text == "(" else text, name=self._take_name()))
            elif kind == "bar":
                self.stack[-1].text.append("|")
                self._bar()
            elif kind == "close":
                self._close(times)
            elif kind != "times":
                self._atom(kind, text, times)
        whole = self.stack[0]
        needs = sorted(set(whole.needs), key=len)
        return Pattern(self.rule, "".join(whole.text), tuple(self.names), tuple(needs[:_NEEDS]), self._start(whole))

    def _start(self, whole: _Bracket) -> str | None:
        """An expression for the characters that a match may begin with; None where these may be just any word's."""
        if not whole.begun or whole.may_be_empty or not whole.first.isdisjoint(self.class_set("UNKNOWN")):
            return None
        start = _one_of(whole.first)
        if not self.goes_on:
            for need in sorted((need for need in whole.needs if not whole.first <= need), key=len)[:_AHEAD]:
                one = _one_of(need)
                start += f"(?:(?<={one})|(?=[^{_one_of(need | self.stop)[1:]}*{one}))"
        return start

    def _bar(self) -> None:
        bracket = self.stack[-1]
        bracket.branches.append([])
        bracket.may_be_empty = bracket.may_be_empty or not bracket.begun
        bracket.begun = False

    def _take_name(self) -> str | None:
        name, self.name = self.name, None
        return name

    def _close(self, times: str) -> None:
        inner = self.stack.pop()
        text = inner.opener + "".join(inner.text) + ")"
        if inner.opener == "(?:":
            self._add(text, inner.needs, inner.name, times, inner.first, inner.may_be_empty or not inner.begun)
        else:  # what a look ahead wants to see must follow all the same
            self._add(text, inner.needs if inner.opener == "(?=" else [], inner.name, times, set(), True)

    def _atom(self, kind: str, text: str, times: str) -> None:
        characters = self.class_set("=" + text if kind == "words" else text)
        broad = text == "." or text.startswith("!")
        self.goes_on = self.goes_on or not characters.isdisjoint(self.stop)
        self._add(_one_of(characters), [] if broad else [characters], self._take_name(), times, characters, False)

    def _add(
        self, atom: str, needs: _Needs, name: str | None, times: str, first: Iterable[str], empty: bool
    ) -> None:
        """``first`` are the characters that the atom may begin with; it may be ``empty``."""
        if name:
            self.names.append((f"g{len(self.names)}", name))
            atom = f"(?P<{self.names[-1][0]}>{atom}{times})"
        else:
            atom += times
        bracket = self.stack[-1]
        optional = times.startswith(("?", "*", "{0", "{,"))
        bracket.text.append(atom)
        if not optional:
            bracket.branches[-1].extend(needs)
        if not bracket.begun:
            bracket.first.update(first)
            bracket.begun = not (optional or empty)


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


def _one_of(letters: Iterable[str]) -> str:
    return f"[{_ranges(frozenset(letters))}]"


def _parts(source: str, macros: Mapping[str, str], depth: int = 0) -> Iterator[tuple[str, str]]:
    """Words of the pattern language; a macro becomes a bracket around its own words."""
    if depth > 20:
        raise _error(source, "its macros go round in a circle")
    position = 0
    source = source.strip()
    while position < len(source):
        match = _PART.match(source, position)
        if not match:
            raise _error(source, f"cannot read {source[position : position + 20]!r}")
        position = match.end()
        kind = str(match.lastgroup)
        text = match.group(kind)
        if kind == "macro":
            if text not in macros:
                raise _error(source, f"no macro called @{text}; known: {' '.join(sorted(macros)) or 'none'}")
            yield "open", "("
            yield from _parts(macros[text], macros, depth + 1)
            yield "close", ")"
        elif kind == "words" and " " in text.strip():
            yield "open", "("
            yield from (("words", word) for word in text.split())
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
