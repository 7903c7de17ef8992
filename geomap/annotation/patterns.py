"""Patterns over typed tokens: a readable line of classes, compiled once to a regular expression over one character a token.

    distance:NUM unit:UNIT OF? dir:WIND{1,2} OF? CUE? anchor:PLACE

Atoms are classes (``PLACE``), negated (``!STOP``) or joined (``UNKNOWN&CAP``, ``PLACE&!DEF``), any token (``.``), words
(``"on the"``) and macros (``@quantity``); they may be named (``unit:UNIT``), grouped ``( | )``, repeated ``? * + {1,3}``
(lazily with another ``?``), and looked for ahead or behind ``(?= ) (?! ) (?<= ) (?<! )``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from geomap.annotation.tokens import Token, Tokens
from geomap.errors import LanguageError
from geomap.model import Span

_PART = re.compile(
    r"""\s*(?:(?P<name>[a-z]\w*):(?=\S) | @(?P<macro>[a-z]\w*) | "(?P<words>[^"]+)" | (?P<open>\((?:\?<?[=!])?)
      | (?P<close>\)) | (?P<bar>\|) | (?P<times>[?*+]\??|\{\d+(?:,\d*)?\}\??) | (?P<classes>!?[A-Z]\w*(?:&!?[A-Z]\w*)*|\.))""",
    re.VERBOSE,
)
ClassSet = Callable[[str], str]  # a class expression -> the characters that stand for it


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern line with what its table says beside ``match``."""

    source: str
    data: Mapping[str, Any]
    order: int


@dataclass(frozen=True, slots=True)
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

    ``first`` finds the characters with which it may begin, where these are not just any word: only there it is tried.
    """

    rule: Rule
    expression: str
    names: tuple[tuple[str, str], ...]  # group in the expression -> name in the pattern
    needs: tuple[frozenset[str], ...]
    first: re.Pattern[str] | None
    regex: re.Pattern[str] | None = None  # compiled at first use: that costs milliseconds, and many lines are never needed

    def matches(self, tokens: Tokens, code: str) -> Iterator[Match]:
        """All places where the line fits, without overlap."""
        for match in self._found(code):
            if match.end() > match.start():
                groups = {name: match.span(group) for group, name in self.names if match.end(group) > match.start(group)}
                yield Match(self.rule, tokens, match.start(), match.end(), groups)

    def _found(self, code: str) -> Iterator[re.Match[str]]:
        if self.regex is None:
            self.regex = re.compile(self.expression)
        if self.first is None:
            yield from self.regex.finditer(code)
            return
        done = 0
        for start in self.first.finditer(code):
            if start.start() >= done and (match := self.regex.match(code, start.start())):
                yield match
                done = match.end()


@dataclass(slots=True)
class _Bracket:
    """What has been compiled of one bracket: its text, the sets it cannot do without, the characters it may begin with."""

    text: list[str] = field(default_factory=list)
    needs: list[frozenset[str]] = field(default_factory=list)
    branches: int = 1
    opener: str = ""
    name: str | None = None
    first: set[str] = field(default_factory=set)
    begun: bool = False  # has the present branch something it cannot do without?
    may_be_empty: bool = False  # may one of the earlier branches be empty?


def compile_pattern(rule: Rule, macros: Mapping[str, str], class_set: ClassSet) -> Pattern:
    """Compile one line that ``classes`` has checked."""
    return _Compiler(rule, class_set).pattern(list(_parts(rule.source, macros)))


def classes(source: str, macros: Mapping[str, str]) -> set[str]:
    """The classes that a line speaks of, its macros' included; raises LanguageError where its brackets do not fit."""
    found: set[str] = set()
    depth, before = 0, "open"
    for kind, text in _parts(source, macros):
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            raise _error(source, "a bracket closes that was never opened")
        if kind == "times" and before in ("open", "bar", "name", "times"):
            raise _error(source, f"nothing to repeat before {text!r}")
        if kind == "words":
            found.add("=" + text)
        elif kind == "classes":
            found |= {name.lstrip("!") for name in text.split("&")} - {"."}
        before = kind
    if depth:
        raise _error(source, "a bracket is not closed")
    return found


def _error(source: str, reason: str) -> LanguageError:
    return LanguageError(f"pattern {source!r}: {reason}")


class _Compiler:
    """Turns the parts of one line into one expression, bracket by bracket."""

    def __init__(self, rule: Rule, class_set: ClassSet) -> None:
        self.rule, self.class_set = rule, class_set
        self.stack = [_Bracket()]
        self.names: list[tuple[str, str]] = []
        self.name: str | None = None

    def pattern(self, parts: list[tuple[str, str]]) -> Pattern:
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
        needs = whole.needs if whole.branches == 1 else []
        broad = not whole.begun or whole.may_be_empty or not whole.first.isdisjoint(self.class_set("UNKNOWN"))
        first = None if broad else re.compile(f"[{''.join(sorted(whole.first))}]")
        return Pattern(self.rule, "".join(whole.text), tuple(self.names), tuple(sorted(set(needs), key=len)[:4]), first)

    def _bar(self) -> None:
        bracket = self.stack[-1]
        bracket.branches += 1
        bracket.may_be_empty = bracket.may_be_empty or not bracket.begun
        bracket.begun = False

    def _take_name(self) -> str | None:
        name, self.name = self.name, None
        return name

    def _close(self, times: str) -> None:
        inner = self.stack.pop()
        aside = inner.opener != "(?:"  # it looks ahead or behind, and what it wants to see must be there all the same
        needs = inner.needs if inner.branches == 1 and "!" not in inner.opener else []
        empty = aside or inner.may_be_empty or not inner.begun
        self._add(inner.opener + "".join(inner.text) + ")", needs, inner.name, times, set() if aside else inner.first, empty)

    def _atom(self, kind: str, text: str, times: str) -> None:
        characters = self.class_set("=" + text if kind == "words" else text)
        broad = text == "." or text.startswith("!")
        one = frozenset(characters[1:-1])
        self._add(characters, [] if broad else [one], self._take_name(), times, one, False)

    def _add(
        self, atom: str, needs: list[frozenset[str]], name: str | None, times: str, first: Iterable[str], empty: bool
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
            bracket.needs.extend(needs)
        if not bracket.begun:
            bracket.first.update(first)
            bracket.begun = not (optional or empty)


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
