"""What a source says of a place, before sources are merged: one entry a place, one line on where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct, field

from geomap.model import Name


class Entry(Struct, gc=False):
    """A place as one source tells it. What the source does not say stays None; the build fills it or leaves it unknown."""

    id: str  # "gn:2210554", "gm:ly-surt", "iso:LY-SR"
    name: str
    feature_code: str
    lon: float
    lat: float
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, more than one where it is disputed
    feature_class: str | None = None
    admin1: str | None = None  # the name of the first-level division
    admin1_code: str | None = None  # ... or GeoNames' code for it, which the build makes a name
    population: int | None = None
    radial_m: float | None = None
    names: list[Name] = field(default_factory=list)
    relations: tuple[tuple[str, str], ...] = ()  # ("seat_of", "gm:ly-surt-district")
    also: tuple[str, ...] = ()  # other ids of the same place: "gn:...", "wd:Q...", "wof:..."
    footprint: bytes | None = None  # WKB, lon lat
    retired: bool = False  # no longer a live place: old names stay findable, ranked low


@dataclass(frozen=True, slots=True)
class Origin:
    """A source of places with its licence, as it will stand in the gazetteer and in every attribution."""

    id: str
    title: str
    licence: str
    url: str
    attribution: str
    version: str = ""


class Source(Protocol):
    """Something that tells of places, one by one."""

    @property
    def origin(self) -> Origin: ...

    def entries(self) -> Iterator[Entry]:
        """The places, streaming."""
