"""Number the kinds of tokens: every set of classes that a token of a language has had so far is one small number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_

from geomap.annotation.kept import Kept
from geomap.annotation.needs import Needs

UNKNOWN = -1  # the kind of a token that nobody has looked up yet


class Alphabet:
    """The kinds of a language's tokens; patterns and annotators ask for classes, and get the kinds that hold them."""

    def __init__(self) -> None:
        self.kinds: dict[frozenset[str], int] = {}  # in the order of their numbers
        self.classes: list[frozenset[str]] = []  # by their numbers
        self.needs = Needs()
        # The needs that a token may begin, and those that it may end, by the numbers of the kinds; by the kinds of a sentence those
        # that it does not meet.
        self.begun = Kept[int, int](lambda kind: self.needs.begun(self.classes[kind]))
        self.ended = Kept[int, int](lambda kind: self.needs.ended(self.classes[kind]))
        self.lacks = Kept[tuple[int, ...], int](self._lacked)
        self._among: dict[frozenset[str], Kept[int, frozenset[str]]] = {}
        self._of_class: dict[str, set[int]] = {}  # the kinds that hold it
        self._holding: dict[tuple[str, ...], tuple[int, set[int]]] = {}  # classes -> kinds looked at, those that hold one of them

    def add(self, classes: frozenset[str]) -> int:
        """The number of a set of classes, a new one where the set is new."""
        number = self.kinds.get(classes)
        if number is None:
            number = self.kinds[classes] = len(self.classes)
            self.classes.append(classes)
            for each in classes:
                self._of_class.setdefault(each, set()).add(number)
        return number

    def kind(self, tags: Iterable[str], definite: bool, capital: bool) -> int:
        """The number of a token: its classes, and DEF and CAP."""
        if definite or capital:
            flags = ("DEF", "CAP") if definite and capital else ("DEF",) if definite else ("CAP",)
            return self.add(frozenset((*tags, *flags)))
        return self.add(frozenset(tags))

    def _lacked(self, kinds: tuple[int, ...]) -> int:
        ended = [*map(self.ended.__getitem__, kinds[1:]), self.needs.lone]
        return self.needs.every ^ reduce(or_, map(and_, map(self.begun.__getitem__, kinds), ended), 0)

    def holding(self, *classes: str) -> set[int]:
        """The kinds that hold at least one of the classes."""
        known, found = self._holding.get(classes) or (len(self.classes), set().union(*(self._of_class.get(each, ()) for each in classes)))
        if known != len(self.classes):
            found.update(number for number in range(known, len(self.classes)) if not self.classes[number].isdisjoint(classes))
        self._holding[classes] = len(self.classes), found
        return found

    def among(self, wanted: frozenset[str]) -> Mapping[int, frozenset[str]]:
        """By the numbers of the kinds, which of these classes each has."""
        if wanted not in self._among:
            self._among[wanted] = Kept[int, frozenset[str]](lambda kind: self.classes[kind] & wanted)
        return self._among[wanted]
