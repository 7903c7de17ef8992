"""Answers kept: news repeats its words, so what was worked out for one is looked up the next time it stands there."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from geomap.model import NameInfo, Names

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST = 100_000  # answers that one memory holds before it begins anew: some tens of megabytes


class Kept(dict[Key, Value]):
    """A function of one argument that remembers: ``kept[key]``; quicker than a cached function where a text is mapped over it."""

    def __init__(self, work: Callable[[Key], Value]) -> None:
        super().__init__()
        self.work = work

    def __missing__(self, key: Key) -> Value:
        if len(self) >= MOST:
            self.clear()
        value = self[key] = self.work(key)
        return value


class RememberedNames:
    """Names that were asked for before: several annotators ask for the same words, in one report after another."""

    __slots__ = ("begins", "get")

    def __init__(self, names: Names) -> None:
        self.get: Callable[[str], NameInfo | None] = Kept[str, NameInfo | None](names.get).__getitem__
        self.begins: Callable[[str], bool] = Kept[str, bool](names.begins).__getitem__


def remembered(names: Names) -> Names:
    """The same names with a memory, one for every reader of them in the process."""
    return names if isinstance(names, RememberedNames) else _remembered(names)  # type: ignore[arg-type]  # an object of its own


@lru_cache(maxsize=4)
def _remembered(names: Names) -> RememberedNames:
    return RememberedNames(names)
