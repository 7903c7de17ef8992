"""A language as the annotators know it: its words, numbers, sentences and patterns, all read from one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from geomap.annotation import patterns
from geomap.annotation.alphabet import Alphabet
from geomap.annotation.grammar import Group, macros, rules
from geomap.annotation.lexicon import Lexicon
from geomap.annotation.patterns import Match
from geomap.annotation.tokeniser import Tokeniser
from geomap.annotation.tokens import MARKS, Tokens
from geomap.errors import LanguageError
from geomap.folding import fold

_QUOTES = (("\"", "\""), ("«", "»"), ("“", "”"))

# Classes that no lexicon holds: numbers, places, what annotators mark, and the flags of a token.
BUILT_IN = frozenset(MARKS) | {
    "NUM", "YEAR", "ORD", "NUMWORD", "MULT", "PLACE", "DEMONYM", "DEF", "CAP", "DATE", "PERIOD", "SINCE", "COUNT", "TRIGGER", "ACTOR", "ARMED", "FLOWN", "STATE", "LOCALITY",
    "QTY", "WITHIN", "LED", "MORE", "DIR", "COMPOUND", "LETTERS", "ANCHOR", "GENERIC", "SAMEPLACE", "WAY", "MEET", "EDGE", "HOMELAND", "NAME", "CALLED", "PATH",
    "GLUED_AND", "GLUED_IN", "GLUED_TO", "GLUED_AS", "GLUED_FROM",
}  # fmt: skip
SECTIONS = {"language", "recognise", "text", "numbers", "words", "macros", "patterns"}


class Language:
    """One language: ``tokenise`` a text, ``find`` the patterns of a group in it, and read its own ``tables``."""

    def __init__(self, code: str, tables: Mapping[str, Any], shared: Mapping[str, Any] | None = None) -> None:
        """``tables`` is the content of the language's file; ``shared`` maps classes to values to forms by language."""
        self.code, self.tables, self.shared = code, tables, dict(shared or {})
        self.name = str(_table(tables, "language").get("name", code))
        self.direction = str(_table(tables, "language").get("direction", "ltr"))
        text, numbers = _table(tables, "text"), _table(tables, "numbers")
        self.lexicon = Lexicon(
            text.get("article", ""), text.get("particles"), text.get("particles_with_article"),
            text.get("inflected", ""), text.get("adverbial", ""),
        )  # fmt: skip
        self.alphabet = Alphabet()
        self.macros = patterns.Macros(dict(macros(_table(tables, "macros"))))
        self.rules = {name: tuple(rules(name, value)) for name, value in _table(tables, "patterns").items()}
        self._fill(numbers)
        self.groups = {name: Group(lines, self.macros, self.alphabet) for name, lines in self.rules.items()}
        self.shots = self._shots()
        self._check()
        self.lexicon.close()
        self._foresee()
        self.tokeniser = Tokeniser(self.lexicon, text, numbers, self.alphabet)

    def tokenise(self, text: str) -> Tokens:
        """The tokens of a text."""
        return self.tokeniser.tokens(text)

    def find(self, group: str, tokens: Tokens) -> list[Match]:
        """Where the patterns of a group fit: of overlapping matches the longest; in text order. No such group: nothing."""
        return patterns.best(self.find_all(group, tokens))

    def find_all(self, group: str, tokens: Tokens) -> list[Match]:
        """Every match of every pattern of a group, overlapping ones too, pattern by pattern."""
        return self.groups[group].matches(tokens) if group in self.groups else []

    def may_find(self, group: str, tokens: Tokens, besides: frozenset[str]) -> bool:
        """May a pattern of a group fit somewhere, were there also tokens of these classes wherever it needs them?"""
        return group in self.groups and self.groups[group].may_match(tokens, besides)

    def value(self, token_class: str, form: str) -> Any:
        """The value that a class gives to a form, or None."""
        return self.lexicon.tags(form).get(token_class)

    def _shots(self) -> tuple[str, ...]:
        """The classes of the words of an attack themselves; "five raids on A and three on B": not those of a mere number, or of an "and"."""
        found: set[str] = set()
        for line in self.groups["triggers"].lines if "triggers" in self.groups else ():
            classes = patterns.classes_of(line.parts, ("strike", "hit"))
            found |= classes - {"NUM", "AND", "COMMA"} if line.rule.data.get("elliptic") else classes
        return tuple(sorted(found - {"DEF", "CAP"}))

    # -- building ------------------------------------------------------------------------------------------------------

    def _fill(self, numbers: Mapping[str, Any]) -> None:
        heads = frozenset(_table(self.tables, "text").get("quoted_after", ()))
        for token_class, forms in _table(self.tables, "words").items():
            for form, value in _forms(token_class, forms):
                self.lexicon.add(token_class, form, value)
        for token_class, values in self.shared.items():
            for value, table in values.items():
                for form in (*table.get(self.code, ()), *table.get("any", ())):
                    for written in _quoted(form, heads):
                        self.lexicon.add(token_class, written, value)
        self._add_owners()
        for key, token_class in (("words", "NUMWORD"), ("multipliers", "MULT"), ("ordinals", "ORD")):
            for form, value in _forms(f"numbers.{key}", numbers.get(key, {})):
                self.lexicon.add(token_class, form, _number(f"numbers.{key}", value))
        for rule in (rule for group in self.rules.values() for rule in group):
            self._add_literals(rule.source)
        for line in self.macros.lines.values():
            self._add_literals(line)

    def _add_owners(self) -> None:
        """Names as an owner is written, where the language has such a form: "the coalition's". What is already a name stays what it is."""
        genitive = _table(_table(self.tables, "text"), "genitive")
        for token_class in genitive.get("of", ()):
            named = [(form, value) for value, table in self.shared.get(token_class, {}).items() for form in (*table.get(self.code, ()), *table.get("any", ()))]
            known = {fold(form) for form, _ in named}
            for form, value in named:
                if fold(owning := form + genitive["ending"]) not in known:  # "the militia's" and "the militias" are spelt alike
                    self.lexicon.add(token_class, owning, value)

    def _add_literals(self, line: str) -> None:
        for words in line.split('"')[1::2]:
            for word in words.split():
                self.lexicon.add("=" + word, word, word)
            if " " in words.strip() and self.lexicon.has(words):  # one token in a text
                self.lexicon.add("=" + words.strip(), words, words.strip())
                self.macros.joined.add(words.strip())

    def _check(self) -> None:
        """Every class that a pattern names must have words, or be built in."""
        known = BUILT_IN | {token_class for tags in self.lexicon.all_tags() for token_class in tags} | self.shared.keys()
        for name, group in self.groups.items():
            if missing := sorted(group.used - known):
                raise LanguageError(f"patterns.{name} speaks of {missing[0]}, which has no words")

    def _foresee(self) -> None:
        """Know every set of classes that the lexicon can make, so that patterns are compiled only once."""
        sets = {frozenset(tags) for tags in self.lexicon.all_tags()} | {frozenset({name}) for name in BUILT_IN}
        sets |= {frozenset(tags) for tags in (*self.lexicon.glued.values(), *self.lexicon.inflected.values())} | {frozenset({"NUM", "YEAR"})}
        sets.add(frozenset({"PLACE", "NAMEHEAD"}))
        sets |= {frozenset({"QTY", *extra}) for extra in ((), ("WITHIN",), ("LED",), ("WITHIN", "LED"), ("MORE",), ("LED", "MORE"))} | {frozenset({"STOP", "LINE"})}
        sets |= {classes | {"NUM"} for classes in sets if classes & {"NUMWORD", "MULT"}}
        sets |= {frozenset({"NAME", "CALLED"}), frozenset({"DIR", "COMPOUND"}), frozenset({"DIR", "LETTERS"})}
        sets |= {classes | {"TRIGGER"} for classes in sets if classes & {*self.shots, "NUM", "DEF"}}
        used = set[str]().union(*(group.used for group in self.groups.values()))
        flags = [flags for flags in ((), ("DEF",), ("CAP",), ("DEF", "CAP")) if used.issuperset(flags)]
        for classes in sorted(map(sorted, sets)):
            for more in flags:
                self.alphabet.add(frozenset((*classes, *more)))


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, Mapping):
        raise LanguageError(f"[{name}] must be a table")
    return table


def _quoted(form: str, heads: frozenset[str]) -> Iterator[str]:
    """A name and its forms with the proper part in quotes: "تنظيم داعش", "تنظيم «داعش»"."""
    yield form
    head, _, rest = form.partition(" ")
    if head in heads and rest:
        yield from (f"{head} {opening}{rest}{closing}" for opening, closing in _QUOTES)


def _forms(where: str, forms: Any) -> Iterator[tuple[str, Any]]:
    """Pairs of form and value: a list stands for its class, a table maps values to forms."""
    for value, group in forms.items() if isinstance(forms, Mapping) else ((None, forms),):
        if not isinstance(group, list) or not all(isinstance(form, str) for form in group):
            raise LanguageError(f"words.{where}{f'.{value}' if value else ''} must be a list of words")
        for form in group:
            yield form, form if value is None else value


def _number(where: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise LanguageError(f"{where}: {value!r} is no number") from None


# -- the languages there are -----------------------------------------------------------------------------------------


@cache
def codes() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages that have a file."""
    names = (entry.name for entry in files("geomap.languages").iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml") and len(name) in (7, 8)))


@cache
def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files("geomap.languages").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageError(f"languages/{name}.toml: {error}") from error


def parse_language(code: str, tables: Mapping[str, Any]) -> Language:
    """A language from the content of its file; raises LanguageError naming section and word."""
    if unknown := sorted(set(tables) - SECTIONS - {name for name in tables if isinstance(tables[name], Mapping)}):
        raise LanguageError(f"languages/{code}.toml: {unknown[0]!r} stands outside every section")
    shared: dict[str, Any] = {}
    for name in _table(tables, "language").get("shared", ()):
        shared.update(_read(name))
    try:
        return Language(code, tables, shared)
    except LanguageError as error:
        raise LanguageError(f"languages/{code}.toml: {error}") from error


@cache
def load_language(code: str) -> Language:
    """The language of an ISO 639-1 code; raises LanguageError where there is none or its file is malformed."""
    if code not in codes():
        raise LanguageError(f"no language {code!r}; known: {' '.join(codes())}. A language is one file: languages/{code}.toml")
    return parse_language(code, _read(code))


@cache
def recognition_table(code: str) -> Mapping[str, Any]:
    """What tells texts of a language from others: its [recognise] table, read without building the language."""
    return _table(_read(code), "recognise")
