"""geomap: from news reports of air strikes to georeferenced events, a map, GIS files and a comparison of sources.

    import geomap as gm

    events = list(gm.extract("report.txt", published="2017-09-28"))
    gm.draw(events).save("map.html")
    gm.write(events, "strikes.geojson")
    print(gm.locate("160 km southeast of Sirte")[0].uncertainty_m)

The verbs are ``read, report, extract, locate, compare, draw, write, load``; the nouns are the records of ``geomap.model``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from geomap.model import (
        Candidate,
        Event,
        Evidence,
        Georeference,
        Locality,
        Place,
        Range,
        Report,
        Resolution,
        Span,
        Toponym,
        When,
    )
    from geomap.pipeline import compare, draw, extract, load, locate, read, report, write

# Nothing is imported before it is used: `import geomap` costs a millisecond, each verb its own room.
_ROOMS = {
    "geomap.pipeline": ("compare", "draw", "extract", "load", "locate", "read", "report", "write"),
    "geomap.model": (
        "Candidate", "Event", "Evidence", "Georeference", "Locality", "Place", "Range", "Report", "Resolution", "Span",
        "Toponym", "When",
    ),
}  # fmt: skip
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Candidate", "Event", "Evidence", "Georeference", "Locality", "Place", "Range", "Report", "Resolution", "Span", "Toponym",
    "When", "compare", "draw", "extract", "load", "locate", "read", "report", "write",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'geomap' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
