"""Answers kept: news repeats its words, so what was worked out for one is looked up the next time it stands there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST = 200_000  # answers that one memory holds before it begins anew: some tens of megabytes


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
