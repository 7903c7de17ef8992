"""An event as one flat row: the columns that files, maps and comparisons share, and how a record becomes them.

A *row* is a plain dict. Every column is always there; unknown is None. Beside the columns a row may carry the shapely
geometries ``footprint`` and ``plausible`` (lon, lat), and columns of a foreign table under their own names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from geomap.model import Event, Range, When

Row: TypeAlias = dict[str, Any]

# name -> (kind, meaning). Kinds: text, whole, number, day. INTERFACE: adding is free, changing needs a change note.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "event_id": ("text", "deterministic, from the report's text and the span of the quote"),
    "report_id": ("text", "id of the report"),
    "event_type": ("text", "air_strike, drone_strike, shelling, missile_attack, bombing, ..."),
    "factuality": ("text", "asserted, possible, denied"),
    "role": ("text", "main: the news of the report; background: an earlier event that it recalls"),
    "strikes_min": ("whole", "strikes, at least"),
    "strikes_max": ("whole", "strikes, at most"),
    "date_earliest": ("day", "first local day on which it may have happened"),
    "date_latest": ("day", "last local day on which it may have happened"),
    "date_edtf": ("text", "the same in EDTF (ISO 8601-2)"),
    "date_text": ("text", "the words the date was read from"),
    "date_rule": ("text", "how the words became days"),
    "time_text": ("text", "time of day in the source's words"),
    "reported_earliest": ("day", "first day on which it may have been announced"),
    "reported_latest": ("day", "last day on which it may have been announced"),
    "reported_text": ("text", "the words the announcement's date was read from"),
    "actor": ("text", "who struck, in the source's words"),
    "target": ("text", "who or what was struck, in the source's words"),
    "target_kind": ("text", "camp, vehicle, hospital, ..."),
    "killed_min": ("whole", "killed, at least"),
    "killed_max": ("whole", "killed, at most"),
    "wounded_min": ("whole", "wounded, at least"),
    "wounded_max": ("whole", "wounded, at most"),
    "vehicles_destroyed_min": ("whole", "vehicles destroyed or struck, at least"),
    "vehicles_destroyed_max": ("whole", "vehicles destroyed or struck, at most"),
    "location_text": ("text", "the location phrase as written"),
    "location_type": ("text", "locality type of the georeferencing guides: F, FOH, F-near, ..."),
    "location_modifier": ("text", "approx, at_least, less_than, range, few"),
    "anchor_name": ("text", "the named place as written"),
    "anchor_id": ("text", "the place in the gazetteer"),
    "anchor_lat": ("number", "degrees"),
    "anchor_lon": ("number", "degrees"),
    "distance_m": ("number", "metres from the anchor, the middle where a range was said"),
    "bearing_deg": ("number", "degrees clockwise from north, from the anchor"),
    "lat": ("number", "degrees, WGS84"),
    "lon": ("number", "degrees, WGS84"),
    "uncertainty_m": ("number", "radius that contains the footprint; empty if unknown, never 0"),
    "georeference_protocol": ("text", "the rules by which point and radius were computed"),
    "georeference_remarks": ("text", "choices, conversions and doubts"),
    "precision_ged": ("whole", "UCDP GED where_prec, 1-7"),
    "precision_acled": ("whole", "ACLED geo_precision, 1-3"),
    "confidence": ("number", "0-1: place and event were read rightly (not: the strike happened)"),
    "quote": ("text", "the sentence in the source's own words"),
    "quote_start": ("whole", "code points into the report's text"),
    "quote_end": ("whole", "code points, exclusive"),
    "language": ("text", "ISO 639-1 of the report"),
    "source": ("text", "who published the report"),
    "url": ("text", "its address"),
    "archived_url": ("text", "an archived copy"),
    "retrieved_at": ("text", "when it was fetched, ISO 8601"),
    "published": ("day", "day of publication"),
    "text_sha256": ("text", "of the report's text, UTF-8"),
    "input_sha256": ("text", "of the bytes the report came from"),
    "geomap_version": ("text", "version that made the row"),
    "gazetteer_version": ("text", "content hash of the index of places"),
}

GEOMETRIES = ("footprint", "plausible")


def _ends(name: str, value: Range | None) -> Row:
    def whole(end: float | None) -> int | None:
        return None if end is None else round(end)

    return {f"{name}_min": whole(value.min if value else None), f"{name}_max": whole(value.max if value else None)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _interval(name: str, when: When | None) -> Row:
    return {f"{name}_earliest": _iso(when.earliest if when else None), f"{name}_latest": _iso(when.latest if when else None)}


def flatten(event: Event, *, geomap_version: str | None = None, gazetteer_version: str | None = None) -> Row:
    """One event as one row with every column, and its geometries under ``footprint`` and ``plausible``."""
    report, ref = event.report, event.georeference
    locality = ref.locality if ref else None
    offset = locality.offsets[0] if locality and locality.offsets else None
    resolution = ref.resolutions[0] if ref and ref.resolutions else None
    place = resolution.place if resolution else None
    known = next((each.place for each in ref.resolutions if each.place), None) if ref else None  # what stands in, perhaps
    row: Row = dict.fromkeys(COLUMNS)
    row.update(
        event_id=event.id, report_id=report.id, event_type=event.type, factuality=event.factuality, role=event.role,
        **_ends("strikes", event.strikes),
        **_interval("date", event.occurred),
        date_edtf=event.occurred.edtf if event.occurred else None,
        date_text=event.occurred.text if event.occurred else None,
        date_rule=event.occurred.rule if event.occurred else None,
        time_text=event.time_text,
        **_interval("reported", event.reported),
        reported_text=event.reported.text if event.reported else None,
        actor=event.actor.name if event.actor else None,
        target=event.target.name if event.target else None,
        target_kind=event.target_kind,
        **_ends("killed", event.killed), **_ends("wounded", event.wounded),
        **_ends("vehicles_destroyed", event.vehicles_destroyed),
        location_text=locality.span.of(report.text) if locality else None,
        location_type=ref.locality_type if ref else None,
        location_modifier=locality.modifier if locality else None,
        anchor_name=locality.anchors[0].name if locality and locality.anchors else None,
        anchor_id=place.id if place else None,
        anchor_lat=place.lat if place else None, anchor_lon=place.lon if place else None,
        distance_m=metres(offset.distance.min, offset.distance.max, offset.distance.unit)
        if offset and offset.distance and not offset.distance.by_time else None,
        bearing_deg=offset.bearing_deg if offset else None,
        lat=ref.lat if ref else None, lon=ref.lon if ref else None, uncertainty_m=ref.uncertainty_m if ref else None,
        georeference_protocol=ref.protocol if ref and ref.lat is not None else None,
        georeference_remarks="; ".join((*(ref.remarks if ref else ()), *event.remarks)) or None,
        confidence=event.confidence,
        quote=event.quote.quote, quote_start=event.quote.span.start, quote_end=event.quote.span.end,
        language=report.language, source=report.source, url=report.url, archived_url=report.archived_url,
        retrieved_at=report.retrieved_at, published=_iso(report.published), text_sha256=report.sha256 or None,
        input_sha256=report.input_sha256, geomap_version=geomap_version, gazetteer_version=gazetteer_version,
        footprint=ref.footprint if ref else None, plausible=ref.plausible if ref else None,
    )  # fmt: skip
    row["precision_ged"], row["precision_acled"] = precision_codes(row, known.feature_code if known else None)
    return row


METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "nmi": 1852.0}  # international mile; BIPM nautical mile


def metres(low: float, high: float, unit: str) -> float:
    """The middle of a distance range, in metres."""
    return (low + high) / 2 * METRES[unit]


def precision_codes(row: Mapping[str, Any], feature_code: str | None) -> tuple[int | None, int | None]:
    """UCDP GED where_prec (1-7) and ACLED geo_precision (1-3) of the row's own point.

    From the UCDP GED codebook (19.1, section on where_prec) and the ACLED codebook (2019). Codes: 1 exact place, 2 within
    about 25 km of a known point, 3 second-level division, 4 first-level division, 5 line or fuzzy area (so a computed
    offset beyond 25 km), 6 country, 7 international waters.
    """
    if row.get("lat") is None or row.get("location_type") is None:
        return None, None
    kind, code, distance = row["location_type"], feature_code or "", row.get("distance_m")
    if kind == "coordinates":
        return 1, 1
    if "offshore" in kind:
        return 7 if (distance or 0) > 22_224 else 5, 3  # 12 nautical miles: the territorial sea
    if kind == "region-part" or kind in ("P", "P-between", "FPO", "FPOH", "FH", "F-between"):
        return 5, 3 if kind in ("region-part", "FH") else 2
    if distance is not None:
        from_area = code.startswith(("PCL", "ADM"))
        return (2, 2) if distance <= 25_000 and not from_area else (5, 2 if distance <= 100_000 and not from_area else 3)
    if code.startswith("PCL"):
        return 6, 3
    if code.startswith("ADM1"):
        return 4, 3
    if code.startswith("ADM") or kind == "region":
        return 3, 2
    if code[:3] in ("RGN", "OAS", "WAD", "DSR", "MTS", "VAL", "ERG"):
        return 5, 3
    return (2, 2) if kind == "F-near" else (1, 1)


def rows(events: Iterable[Event | Row], **versions: str | None) -> Iterable[Row]:
    """Events and rows alike, as rows."""
    for event in events:
        yield flatten(event, **versions) if isinstance(event, Event) else event
