"""A comparison in a notebook: the picture of its agreement, its notes, and a table of incidents that opens to the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from geomap.comparison import Comparison

SHOWN = 50  # incidents
PAIRS = 10  # of one incident
COLUMNS = ("incident_id", "sources", "date_earliest", "lat", "lon", "uncertainty_m", "verdict", "outlier_source", "causes")


def notebook(comparison: Comparison) -> str:
    """HTML without script or style sheet: it stands in any notebook, and in one that was saved."""
    picture = comparison.plot() if comparison.pairs.same.any() else ""
    told = [f"{len(comparison.events)} events", *comparison.notes]
    rows = [row for incident in islice(comparison.incidents(), SHOWN) for row in _incident(comparison, incident)]
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    table = f"<table><tr>{head}</tr>{''.join(rows)}</table>" if rows else ""
    return picture + "".join(f"<p>{escape(line)}</p>" for line in told) + table


def _incident(comparison: Comparison, incident: Mapping[str, Any]) -> Iterable[str]:
    yield "<tr>" + "".join(f"<td>{escape(_cell(incident[name]))}</td>" for name in COLUMNS) + "</tr>"
    places = comparison.pairs_of.get(comparison.number_of(incident["members"][0]), [])[:PAIRS]
    lines = "".join(f"<li>{escape(_pair(link))}</li>" for link in comparison.pairs.some(np.array(places, np.int64)))
    if lines:
        yield f'<tr><td colspan="{len(COLUMNS)}"><details><summary>evidence</summary><ul>{lines}</ul></details></td></tr>'


def _pair(link: Mapping[str, Any]) -> str:
    """One pair and what each field says: positive bits speak for one strike, negative ones against it."""
    far = "distance unknown" if link["distance_m"] is None else f"{link['distance_m'] / 1000:.1f} km apart"
    bits = ", ".join(f"{name} {value:+.1f}" for name, value in link["by_field"].items() if value)
    who = " / ".join(f"{link[end + '_source'] or 'no source'} [{link[end]}]" for end in "ab")
    return f"{who}: {far}, {link['verdict']}; same strike {link['chance']:.0%} ({bits})"


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
