"""What a file says about itself: who made it from what and how, whom to credit, and what its doubt means."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from geomap import __version__
from geomap.formats.foreign import TABLES

MEANING = (
    "One record is what one report says happened, not a verified incident. uncertainty_m is a radius, footprint the region "
    "by the georeferencing protocol, plausible the region that holds the place with probability .9; empty means unknown."
)


@cache
def _credits() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader((TABLES / "credits.csv").read_text(encoding="utf-8").splitlines()))


def credits(seen: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """Whom to name: by the prefixes of place ids and the names of data sets that were seen among the events."""
    found = []
    for line in _credits():
        if line["prefix"] in seen.get(line["column"], ()):
            found.append({key: line[key] for key in ("name", "licence", "url", "text") if line[key]})
    return found


def about(metadata: Mapping[str, Any], seen: Mapping[str, Iterable[str]], events: int, **said: Any) -> dict[str, Any]:
    """Everything that goes into the file. ``metadata`` is the caller's: title, inputs, options, gazetteer_version ..."""
    named = [*metadata.get("credits", ()), *credits(seen)]
    known = {
        "title": metadata.get("title", "geomap events"),
        "generator": f"geomap {metadata.get('geomap_version') or __version__}",
        **{key: value for key, value in metadata.items() if key not in ("title", "credits") and value is not None},
        **{key: value for key, value in said.items() if value},
        "events": events,
        "crs": "WGS 84, longitude and latitude (OGC:CRS84)",
        "meaning": MEANING,
        "credits": named,
        "credits_text": " ".join(credit["text"] for credit in named if credit.get("text")),
    }
    return {key: value for key, value in known.items() if value not in ("", [], {}, ())}
