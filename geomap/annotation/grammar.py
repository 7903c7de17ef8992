"""The patterns of a language, group by group, over one character a token.

A language tells thousands of kinds of tokens apart, a group of patterns few of them. So each group has letters of its own, one
for all kinds that fit the same of its atoms: sets of characters below 256 compile and run several times faster than others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from geomap.annotation import patterns
from geomap.annotation.alphabet import Alphabet
from geomap.annotation.patterns import Match, Pattern, Rule
from geomap.annotation.tokens import Tokens
from geomap.errors import LanguageError

_LETTERS = "".join(char for char in map(chr, range(1, 0x100)) if char not in r"[]\^-&|~")  # all that mean nothing more in a set
_FIRST_OVERFLOW = 0x100  # where a group tells more sets apart than there are letters
_NOTHING = frozenset("\0")


class Group:
    """The patterns of one name, compiled when they are first needed."""

    def __init__(self, rules: tuple[Rule, ...], macros: Mapping[str, str], alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.rules = [(rule, patterns.parse(rule.source, macros)) for rule in rules]
        atoms = {"STOP", "UNKNOWN"}.union(*(patterns.atoms(parts) for _, parts in self.rules)) - {"."}
        self.used = {name.lstrip("!") for atom in atoms for name in atom.split("&")}
        self._joint = {atom: _parts(atom) for atom in sorted(atoms) if "&" in atom}
        self._lone = {atom.lstrip("!") for atom in atoms if "&" not in atom}
        self._by_classes: dict[frozenset[str], str] = {}  # by the classes that the group speaks of
        self._by_atoms: dict[frozenset[str], str] = {}  # by the classes that stand alone in it, and the joint atoms that fit
        self.letters: list[str] = []  # by the number of the kind
        self.patterns: list[Pattern] = []
        self._needed: list[tuple[frozenset[str], set[int]]] = []  # letters, and the patterns that cannot do without one of them

    def matches(self, tokens: Tokens) -> list[Match]:
        """Every match of every pattern, overlapping ones too, pattern by pattern."""
        if len(self.letters) != len(self.alphabet.kinds):
            self._learn()
        present = {self.letters[kind] for kind in tokens.present}
        lost = set[int]().union(*[numbers for need, numbers in self._needed if need.isdisjoint(present)])
        if len(lost) == len(self.patterns):
            return []
        code = tokens.code(self.letters)
        found: list[Match] = []
        for number, pattern in enumerate(self.patterns):
            if number not in lost:
                found += pattern.matches(tokens, code)
        return found

    def _learn(self) -> None:
        """Take in kinds that are new; patterns are made anew where the group can tell them from the others."""
        before = len(self._by_atoms)
        for classes in islice(self.alphabet.kinds, len(self.letters), None):
            reduced = classes & self.used
            letter = self._by_classes.get(reduced)
            if letter is None:
                letter = self._by_classes[reduced] = self._letter(reduced)
            self.letters.append(letter)
        if len(self._by_atoms) != before:
            class_set = cache(self._class_set)
            self.patterns = [patterns.compile_pattern(rule, parts, class_set) for rule, parts in self.rules]
            self._needed = list(_numbered(self.patterns).items())

    def _letter(self, classes: frozenset[str]) -> str:
        """The letter of all sets of classes that fit the same atoms."""
        fitting = {atom for atom, (all_of, none_of) in self._joint.items() if all_of <= classes and none_of.isdisjoint(classes)}
        index = len(self._by_atoms)
        new = _LETTERS[index] if index < len(_LETTERS) else chr(_FIRST_OVERFLOW + index)
        return self._by_atoms.setdefault(frozenset(fitting | (classes & self._lone)), new)

    def _class_set(self, atom: str) -> frozenset[str]:
        """The characters of all sets that fit "PLACE", "!STOP", "UNKNOWN&CAP"."""
        wanted = "STOP" if atom == "." else atom if "&" in atom else atom.lstrip("!")
        missing = atom != wanted
        return frozenset(letter for fitting, letter in self._by_atoms.items() if (wanted in fitting) != missing) or _NOTHING


def _numbered(lines: Sequence[Pattern]) -> dict[frozenset[str], set[int]]:
    """Sets of letters, with the numbers of the patterns that need one letter of each."""
    found: dict[frozenset[str], set[int]] = {}
    for number, pattern in enumerate(lines):
        for need in pattern.needs:
            found.setdefault(need, set()).add(number)
    return found


def _parts(atom: str) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that a joint atom wants, and those that it does not want."""
    parts = atom.split("&")
    return frozenset(part for part in parts if part[0] != "!"), frozenset(part[1:] for part in parts if part[0] == "!")


def rules(group: str, value: Any) -> Iterator[Rule]:
    """The rules of a group: a list of lines, of tables with ``match``, or a mixture."""
    if not isinstance(value, list):
        raise LanguageError(f"patterns.{group} must be a list")
    order = 0
    for item in value:
        table = {"match": [item]} if isinstance(item, str) else item
        if not isinstance(table, Mapping) or not isinstance(table.get("match"), list):
            raise LanguageError(f"patterns.{group}: each entry is a line, or a table with match = [lines]")
        data = {key: content for key, content in table.items() if key != "match"}
        for line in table["match"]:
            if not isinstance(line, str):
                raise LanguageError(f"patterns.{group}: {line!r} is no line of text")
            yield Rule(line, data, order)
            order += 1


def macros(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Macros stand under [macros], or under [macros.anything], so that each subject can keep its own together."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from macros(value)
        elif isinstance(value, str):
            yield name, value
        else:
            raise LanguageError(f"macros.{name} must be one line of text")
