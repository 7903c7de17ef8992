"""The patterns of a language, group by group, over one character a token.

A language tells thousands of kinds of tokens apart, a group of patterns few of them. So each group has letters of its own, one
for all kinds that fit the same of its atoms: sets of characters below 256 compile and run several times faster than others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple

from geomap.annotation import needs, patterns
from geomap.annotation.alphabet import Alphabet
from geomap.annotation.kept import Kept
from geomap.annotation.patterns import Macros, Match, Parts, Pattern, Rule, Shape
from geomap.annotation.tokens import Tokens
from geomap.errors import LanguageError

_LETTERS = "".join(char for char in map(chr, range(1, 0x100)) if char not in r"[]\^-&|~.*+?(){}$")  # all that mean nothing more
_FIRST_OVERFLOW = 0x100  # where more sets are told apart than there are letters
_ROOM = 200  # letters of a bunch at first: kinds that turn up later need some, too
_NOTHING = frozenset("\0")


class Line(NamedTuple):
    """A line of a group, read, and the bits of what it needs."""

    rule: Rule
    parts: Parts
    atoms: set[str]
    shape: Shape
    wants: int


class Group:
    """The patterns of one name, in bunches that each tell few kinds of tokens apart."""

    def __init__(self, rules: tuple[Rule, ...], macros: Macros, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.lines: list[Line] = []
        for rule in rules:
            parts = patterns.parse(rule.source, macros)
            shape = patterns.shape(parts, macros, rule.source)
            flat = tuple(macros.flat(parts))
            self.lines.append(Line(rule, flat, patterns.atoms(flat) - {"."}, shape, alphabet.needs.bits(shape.needs)))
        self.used = _classes(_atoms(self.lines))
        self._needed = Kept[frozenset[str], int](lambda besides: ~alphabet.needs.of(besides))

    @cached_property
    def bunches(self) -> list[Bunch]:
        """Made when they are first needed, and the kinds of the lexicon are known."""
        fitting = Fitting(self.lines, self.alphabet)
        return list(_bunches(self.lines, fitting, fitting.foreseen()))

    def matches(self, tokens: Tokens) -> list[Match]:
        """Every match of every pattern, overlapping ones too, pattern by pattern."""
        return [match for bunch in self.bunches for match in bunch.matches(tokens)]

    def may_match(self, tokens: Tokens, besides: frozenset[str]) -> bool:
        """Has a sentence what a pattern needs, but for what tokens of these classes would meet?"""
        needed = self._needed[besides]
        return any(bunch.may_match(tokens, needed) for bunch in self.bunches)


class Fitting(Kept[int, frozenset[str]]):
    """By the number of a kind the atoms of some lines that it fits: its classes that stand alone in them, and the joint ones."""

    def __init__(self, lines: Iterable[Line], alphabet: Alphabet) -> None:
        super().__init__(lambda kind: self._by_classes[alphabet.classes[kind] & self._used])
        self._alphabet = alphabet
        atoms = _atoms(lines)
        self._used = _classes(atoms)
        self._by_classes = Kept[frozenset[str], frozenset[str]](self._atoms_that_fit)
        self._lone = {_plain(atom) for atom in atoms if "&" not in atom}
        self._wanting: dict[str, list[tuple[str, frozenset[str]]]] = {}  # atoms of several classes, by one that they want
        self._barring: dict[str, set[str]] = {}  # ... by each that they do not want
        self._free: set[str] = set()  # ... that want none
        for atom in sorted(atoms):
            if "&" in atom:
                self._add_joint(atom, *needs.parts(atom))

    def foreseen(self) -> set[frozenset[str]]:
        """What the kinds fit that are known so far."""
        return set(map(self._by_classes.__getitem__, {classes & self._used for classes in self._alphabet.classes}))

    def _add_joint(self, atom: str, all_of: frozenset[str], none_of: frozenset[str]) -> None:
        if all_of:
            self._wanting.setdefault(min(all_of), []).append((atom, all_of))
        else:
            self._free.add(atom)
        for name in none_of:
            self._barring.setdefault(name, set()).add(atom)

    def _atoms_that_fit(self, classes: frozenset[str]) -> frozenset[str]:
        wanted = (atom for name in classes & self._wanting.keys() for atom, all_of in self._wanting[name] if all_of <= classes)
        joint = self._free.union(wanted).difference(*(self._barring[name] for name in classes & self._barring.keys()))
        return classes & self._lone | joint


class Bunch:
    """Lines with letters of their own, one for all kinds that fit the same of their atoms."""

    def __init__(self, lines: Sequence[Line], fitting: Fitting, foreseen: Iterable[frozenset[str]]) -> None:
        """``foreseen`` is what the known kinds fit: where no other turns up, the lines are compiled only once."""
        self.lines, self._fitting = lines, fitting
        self._wants = [line.wants for line in lines]
        self._atoms = frozenset(map(_plain, _atoms(lines)))
        self.foreseen = {atoms & self._atoms for atoms in foreseen}
        self._by_atoms: dict[frozenset[str], str] = {}  # the letter of what fits these atoms
        self._letters_of: dict[str, set[str]] = {}  # by an atom, those of all sets that hold it
        self._letters: list[str] = []  # by the number of the kind; empty until it is met
        self.patterns: list[Pattern] = []

    def begin(self) -> None:
        """Give letters to what is foreseen, once: neighbours to what is alike, since sets of neighbours are short and compile quickly."""
        if self.patterns:
            return
        self.patterns = [Pattern(line.rule, line.shape, line.wants) for line in self.lines]
        often = Counter(_plain(atom) for line in self.lines for atom in line.atoms)
        rank = {atom: number for number, atom in enumerate(sorted(self._atoms, key=lambda atom: (-often[atom], atom)))}
        self._give_letters(sorted(self.foreseen, key=lambda atoms: sorted(map(rank.__getitem__, atoms))))

    def matches(self, tokens: Tokens) -> list[Match]:
        """Every match of every line, line by line."""
        lacks = tokens.lacks
        possible = [number for number, wants in enumerate(self._wants) if not wants & lacks]
        if not possible:
            return []
        self.begin()
        code = self.code(tokens)
        found: list[Match] = []
        for number in possible:
            found += self.patterns[number].matches(tokens, code, self.class_set)
        return found

    def may_match(self, tokens: Tokens, needed: int) -> bool:
        """Has a sentence (or the text, for a line that goes on) all that a line wants of these needs?"""
        self.begin()
        whole, each = [tokens.lacks & needed], [lacks & needed for _, _, lacks in tokens.stretches]
        return any(not pattern.wants & lacks for pattern in self.patterns for lacks in (whole if pattern.goes_on else each))

    def code(self, tokens: Tokens) -> str:
        """The letters of a text."""
        if (unmet := len(tokens.alphabet.classes) - len(self._letters)) > 0:
            self._letters += [""] * unmet
        code = tokens.code(self._letters)
        if len(code) < len(tokens):
            for kind in [kind for kind in tokens.present if not self._letters[kind]]:
                self._letters[kind] = self.letter(kind)
            code = tokens.code(self._letters)
        return code

    def letter(self, kind: int) -> str:
        """The letter of a kind, a new one where the lines can tell it from all that were met before."""
        atoms = self._fitting[kind] & self._atoms
        if atoms not in self._by_atoms:
            self._give_letters([atoms])
        return self._by_atoms[atoms]

    def _give_letters(self, new: Iterable[frozenset[str]]) -> None:
        for atoms in new:
            index = len(self._by_atoms)
            letter = self._by_atoms[atoms] = _LETTERS[index] if index < len(_LETTERS) else chr(_FIRST_OVERFLOW + index)
            for atom in atoms:
                self._letters_of.setdefault(atom, set()).add(letter)
        self._renew_patterns()

    def _renew_patterns(self) -> None:
        """Let each line know of new letters."""
        self.class_set = cache(self._class_set)
        stops = [atoms for atoms in self._by_atoms if "STOP" in atoms]
        at_some, at_all = frozenset().union(*stops), frozenset.intersection(*stops)

        def goes_on(line: Line) -> bool:
            return any(_plain(atom) not in at_all if _is_negated(atom) else atom in at_some for atom in line.atoms)

        for line, pattern in zip(self.lines, self.patterns, strict=True):
            pattern.renew(goes_on(line))

    def _class_set(self, atom: str) -> frozenset[str]:
        """The characters of all sets that fit "PLACE", "!STOP", "UNKNOWN&CAP", "NATION|ARMY"."""
        if "|" in atom:
            return frozenset().union(*(self.class_set(each) for each in atom.split("|")))
        atom = "!STOP" if atom == "." else atom
        wanted = self._letters_of.get(_plain(atom), set())
        return frozenset(wanted if not _is_negated(atom) else set(self._by_atoms.values()) - wanted) or _NOTHING


def _bunches(lines: Sequence[Line], fitting: Fitting, foreseen: Iterable[frozenset[str]]) -> Iterator[Bunch]:
    """Lines that stand together, as few bunches as there are letters for."""
    bunch = Bunch(lines, fitting, foreseen)
    if len(bunch.foreseen) <= _ROOM or len(lines) == 1:
        yield bunch
    else:
        half = len(lines) // 2
        yield from _bunches(lines[:half], fitting, bunch.foreseen)
        yield from _bunches(lines[half:], fitting, bunch.foreseen)


def _atoms(lines: Iterable[Line]) -> set[str]:
    return {"STOP", "UNKNOWN"}.union(*(line.atoms for line in lines))


def _is_negated(atom: str) -> bool:
    """ "!STOP", but not "!STOP&!KILL"."""
    return atom[0] == "!" and "&" not in atom


def _plain(atom: str) -> str:
    return atom[1:] if _is_negated(atom) else atom


def _classes(atoms: Iterable[str]) -> set[str]:
    """The classes that atoms speak of."""
    return {name.lstrip("!") for atom in atoms for name in atom.split("&")}


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
