"""What a line of patterns cannot do without, as the bits of a number: whether a sentence holds it is one operation on two.

Most lines ask for two tokens in a row, "NUM KILL", and few sentences have them, however many have both: only those few are
searched, and a line is compiled only when there is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeAlias

Atoms: TypeAlias = frozenset[str]  # "PLACE", "UNKNOWN&CAP": what one token may be
_NONE: Atoms = frozenset()


class Need(NamedTuple):
    """A token that is one of some atoms, and right after it one of others; where there are none, whatever follows."""

    token: Atoms
    after: Atoms = _NONE

    def holds(self, other: Need) -> bool:
        """Is the other one met where this one is? Asked of two in a row and of one alone."""
        return self == other or (bool(self.after) and not other.after and (self.token <= other.token or self.after <= other.token))


@dataclass(slots=True)
class Way:
    """One way through a line or a bracket: what it holds, and what may be its first token, and so far its last; None: any."""

    needs: list[Need] = field(default_factory=list)
    first: Atoms | None = _NONE
    last: Atoms | None = None
    begun: bool = False  # has it a token that cannot be left out?

    def go_on(self, other: Way, may_lack: bool) -> None:
        """What the other holds comes next."""
        if not may_lack:
            self.look_ahead(other)
        if not self.begun:
            self.first, self.begun = _either(self.first, other.first), not may_lack
        self.last = _either(self.last, other.last) if may_lack else other.last

    def look_ahead(self, other: Way) -> None:
        """The other must follow."""
        self.needs += other.needs
        if other.begun and self.last and other.first:
            self.needs.append(Need(self.last, other.first))

    def look_behind(self, other: Way) -> None:
        """What stands before is the end of the other, too."""
        self.last = other.last or self.last


def of_token(atom: str) -> Way:
    """One token; of "anything but" nothing follows."""
    if atom == "." or atom.startswith("!"):
        return Way(first=None, begun=True)
    one = frozenset({atom})
    return Way([Need(one)], one, one, True)


def of_ways(ways: Sequence[Way]) -> Way:
    """What all of several ways hold: each must have one token of its own, or nothing is known."""
    if len(ways) == 1:
        return ways[0]
    lone = [[need.token for need in way.needs if not need.after] for way in ways]
    needs = [Need(_NONE.union(*(min(tokens, key=_commonness) for tokens in lone)))] if all(lone) else []
    return Way(needs, reduce(_either, (way.first for way in ways)), reduce(_either, (way.last for way in ways)), all(way.begun for way in ways))


def _commonness(atoms: Atoms) -> tuple[bool, int]:
    return "UNKNOWN" in atoms, len(atoms)


def _either(one: Atoms | None, other: Atoms | None) -> Atoms | None:
    return None if one is None or other is None else one | other


class Needs:
    """The needs of a language's lines, one bit each."""

    def __init__(self) -> None:
        self._numbers: dict[Need, int] = {}
        self._token, self._after = _Atoms(), _Atoms()
        self.every = 0  # the bits of all
        self.lone = 0  # ... of those that ask for one token alone

    def bits(self, needs: Iterable[Need]) -> int:
        """The bits of these needs, without those that others hold."""
        told, found = set(needs), 0
        for need in told:
            if any(other.holds(need) for other in told if other != need):
                continue
            if need not in self._numbers:
                self._number(need)
            found |= 1 << self._numbers[need]
        return found

    def _number(self, need: Need) -> None:
        bit = 1 << self._numbers.setdefault(need, len(self._numbers))
        self._token.add(need.token, bit)
        self._after.add(need.after, bit)
        self.every |= bit
        self.lone |= 0 if need.after else bit

    def begun(self, classes: Collection[str]) -> int:
        """The bits of all needs whose token may be one of these classes."""
        return self._token.met(classes)

    def ended(self, classes: Collection[str]) -> int:
        """The bits of all needs that a token of these classes may follow."""
        return self._after.met(classes) | self.lone


    def of(self, classes: Collection[str]) -> int:
        """The bits of all needs that tokens of these classes may have a part in, whatever else they are not."""
        return self._token.spoken(classes) | self._after.spoken(classes)


class _Atoms:
    """Bits by the atoms that a token may be."""

    def __init__(self) -> None:
        self._lone: dict[str, int] = {}  # by class
        self._joint: dict[str, dict[str, int]] = {}  # by a class that they want, those of several classes
        self._parts: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def add(self, atoms: Atoms, bit: int) -> None:
        for atom in atoms:
            table = self._lone
            if "&" in atom:
                self._parts[atom] = parts(atom)
                table = self._joint.setdefault(min(self._parts[atom][0]), {})
            table[atom] = table.get(atom, 0) | bit

    def met(self, classes: Collection[str]) -> int:
        found = 0
        for each in classes:
            found |= self._lone.get(each, 0)
            for atom, bits in self._joint[each].items() if each in self._joint else ():
                all_of, none_of = self._parts[atom]
                if all_of.issubset(classes) and none_of.isdisjoint(classes):
                    found |= bits
        return found

    def spoken(self, classes: Collection[str]) -> int:
        joint = (bits for table in self._joint.values() for atom, bits in table.items() if self._parts[atom][0].issubset(classes))
        return reduce(or_, (*(self._lone.get(each, 0) for each in classes), *joint), 0)


def parts(atom: str) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that an atom wants, and those that it does not want: "PLACE&!DEF"."""
    names = atom.split("&")
    return frozenset(name for name in names if name[0] != "!"), frozenset(name[1:] for name in names if name[0] == "!")
