"""Two strikes near Sirte as rows, made by hand from public facts in our own words, for the tests of the map."""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
from typing import Any

import shapely
from pyproj import Geod

SIRTE = (16.5887, 31.2089)
_GEOD = Geod(ellps="WGS84")


def sector(metres: float, bearing: float, band: float, half_angle: float) -> Any:
    """An annular sector around Sirte."""
    angles = [bearing - half_angle + half_angle * step / 12 for step in range(25)]
    outer = [_GEOD.fwd(*SIRTE, angle, metres + band)[:2] for angle in angles]
    inner = [_GEOD.fwd(*SIRTE, angle, metres - band)[:2] for angle in reversed(angles)]
    return shapely.Polygon(outer + inner)


_BOTH: dict[str, Any] = {
    "report_id": "r1",
    "event_type": "air_strike",
    "factuality": "asserted",
    "actor": "US Africa Command",
    "target": "Islamic State",
    "location_type": "FOH",
    "anchor_name": "سرت",
    "anchor_lat": SIRTE[1],
    "anchor_lon": SIRTE[0],
    "bearing_deg": 135.0,
    "georeference_protocol": "Georeferencing Quick Reference Guide 2020",
    "language": "ar",
    "source": "وكالة الأنباء",
    "url": "https://example.org/report?a=1&b=2",
    "published": "2017-09-28",
    "confidence": 0.9,
    "precision_ged": 5,
    "precision_acled": 3,
}
STRIKES: list[dict[str, Any]] = [
    {
        **_BOTH,
        "event_id": "e1",
        "role": "main",
        "strikes_min": 2,
        "strikes_max": 2,
        "date_earliest": "2017-09-26",
        "date_latest": "2017-09-26",
        "date_text": "الثلاثاء الماضي",
        "date_rule": "last Tuesday before 2017-09-28",
        "killed_min": 2,
        "killed_max": None,
        "location_text": "نحو 160 كيلومترا جنوب شرقي سرت",
        "location_modifier": "approx",
        "distance_m": 160_000.0,
        "lat": 30.183,
        "lon": 17.763,
        "uncertainty_m": 41_500.0,
        "quote": "قالت القيادة الأميركية في أفريقيا إن غارتين نُفذتا الثلاثاء الماضي "
        "على موقع يبعد نحو 160 كيلومترا جنوب شرقي سرت.",
        "footprint": sector(160_000, 135, 12_000, 22.5),
        "plausible": sector(160_000, 135, 25_000, 14),
    },
    {
        **_BOTH,
        "event_id": "e2",
        "role": "background",
        "strikes_min": 6,
        "strikes_max": 6,
        "date_earliest": None,
        "date_latest": "2017-09-24",
        "reported_earliest": "2017-09-24",
        "reported_latest": "2017-09-24",
        "reported_text": "الأحد الماضي",
        "killed_min": 17,
        "killed_max": 17,
        "vehicles_destroyed_min": 3,
        "vehicles_destroyed_max": 3,
        "target_kind": "camp",
        "location_text": "240 كيلومترا جنوب شرقي مدينة سرت",
        "distance_m": 240_000.0,
        "lat": 29.666,
        "lon": 18.342,
        "uncertainty_m": 60_300.0,
        "quote": "وأعلنت القيادة الأحد الماضي أن ست ضربات أصابت معسكرا على بعد 240 كيلومترا جنوب شرقي مدينة سرت.",
        "footprint": sector(240_000, 135, 12_000, 22.5),
        "plausible": sector(240_000, 135, 32_000, 14),
    },
]
PLACES = [{"name": "Jufra", "lat": 29.1, "lon": 15.95, "kind": "district"}]
LINKS = {
    "links": [
        {
            "a": "e1",
            "b": "e2",
            "distance_m": 80_200.0,
            "log2_bayes_factor": -4.2,
            "verdict": "different",
            "relation": "same",
        }
    ],
    "incidents": [
        {
            "incident_id": "i1",
            "members": ["e1", "e2"],
            "verdict": "differ",
            "lon": 18.0,
            "lat": 29.9,
            "region": sector(200_000, 135, 60_000, 20),
        }
    ],
}


def unpack(html: str) -> dict[str, Any]:
    """The head of the block of events on a page, as the page's own script would read it."""
    found = re.search(r'id="geomap-events">([^<]*)<', html)
    assert found is not None
    raw = gzip.decompress(base64.b64decode(found[1]))
    (size,) = struct.unpack("<I", raw[:4])
    head: dict[str, Any] = json.loads(raw[4 : 4 + size])
    return head
