"""What a line of patterns cannot do without, as the bits of a number: whether a sentence holds it is one operation on two."""

from __future__ import annotations

from collections.abc import Collection, Iterable


class Needs:
    """Sets of atoms ("PLACE", "UNKNOWN&CAP"), one bit each, of which a text must hold one: the same for all lines of a language."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], int] = {}
        self._lone: dict[str, int] = {}  # by class, the bits of all needs that a token with it meets
        self._joint: dict[str, int] = {}  # ... by atoms of several classes
        self._parts: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    @property
    def every(self) -> int:
        """The bits of all needs that there are."""
        return (1 << len(self._numbers)) - 1

    def bits(self, needs: Iterable[frozenset[str]]) -> int:
        """The bits of these needs."""
        found = 0
        for need in needs:
            if need not in self._numbers:
                self._number(need)
            found |= 1 << self._numbers[need]
        return found

    def _number(self, need: frozenset[str]) -> None:
        bit = 1 << self._numbers.setdefault(need, len(self._numbers))
        for atom in need:
            table = self._joint if "&" in atom else self._lone
            table[atom] = table.get(atom, 0) | bit
            if "&" in atom:
                self._parts[atom] = parts(atom)

    def met(self, classes: Collection[str]) -> int:
        """The bits of all needs that a token of these classes meets."""
        found = 0
        for each in classes:
            if each in self._lone:
                found |= self._lone[each]
        for atom, (all_of, none_of) in self._parts.items():
            if all_of.issubset(classes) and none_of.isdisjoint(classes):
                found |= self._joint[atom]
        return found


def parts(atom: str) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that an atom wants, and those that it does not want: "PLACE&!DEF"."""
    names = atom.split("&")
    return frozenset(name for name in names if name[0] != "!"), frozenset(name[1:] for name in names if name[0] == "!")
