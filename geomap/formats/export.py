"""One export: the table, how it shall look, and what is said about it. Every format module gets this and a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from geomap.formats.table import Table

Geometry = Literal["point", "footprint", "plausible"]


@dataclass(slots=True)
class Export:
    """What a format module writes; ``options`` belong to one format."""

    table: Table
    geometry: Geometry = "point"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)  # profile, coarsening and geometry, for the record
    links: Iterable[Mapping[str, Any]] = ()
    incidents: Iterable[Mapping[str, Any]] = ()
    places: Iterable[Any] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Provenance and credits (see about.py); complete once the table has passed by."""
        from geomap.formats.about import about

        return about(self.metadata, self.table.seen, self.table.count, **self.said)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an export: how many events, how many of them without a position, and what the reader should know."""

    path: str
    format: str
    events: int
    unlocated: int
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.notes)
