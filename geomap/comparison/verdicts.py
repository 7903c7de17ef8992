"""Do two accounts of a strike agree on where and when? A verdict in a code and in words, and the likely cause of a gap."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from geomap.columns import METRES
from geomap.comparison.events import Floats, Levels

Verdict = Literal["agree", "consistent", "tension", "contradiction", "cannot_tell"]
ORDER: tuple[Verdict, ...] = ("cannot_tell", "agree", "consistent", "tension", "contradiction")
CONSISTENT, TENSION = ORDER.index("consistent"), ORDER.index("tension")
IN_WORDS: Mapping[str, str] = {
    "agree": "agree",
    "consistent": "consistent within their uncertainty",
    "tension": "in tension: farther apart than they claim to be sure",
    "contradiction": "contradict each other",
    "cannot_tell": "cannot be told: a place or a day is missing",
}
NEAR_KM = 50.0  # a country's centroid agrees with nothing: where doubt is larger, accounts are no more than consistent
SNAP_KM = 5.0  # a point this near the other's anchor stands on the anchor
UNITS = {"mi": "miles", "km": "km", "nmi": "nautical miles"}
CONVERSIONS = {
    "miles read as kilometres": METRES["mi"] / 1000,
    "nautical miles read as kilometres": METRES["nmi"] / 1000,
    "nautical miles read as miles": METRES["nmi"] / METRES["mi"],
}


def place_verdicts(distance_km: Floats, radius_a_km: Floats, radius_b_km: Floats) -> Levels:
    """Judge distances by two radii (each holding about 90 % of its own doubt); an unknown one tells nothing."""
    joint = np.hypot(radius_a_km, radius_b_km)
    return _judged(distance_km, (np.maximum(0.5 * np.minimum(joint, NEAR_KM), 1.0), joint, 2 * joint))


def phrase_verdicts(likeness: Floats) -> Levels:
    """Judge two places by how alike their densities are (1 the same, 0 nowhere in common): for distances from an anchor."""
    return _judged(-likeness, (-0.5, -0.15, -0.03))


def day_verdicts(days_apart: Floats) -> Levels:
    """Judge the days between two intervals: one off is common (night, time zone, day of the statement)."""
    return _judged(days_apart, (0.0, 0.0, 1.0))


def _judged(value: Floats, limits: tuple[Floats | float, ...]) -> Levels:
    """Codes (places in ``ORDER``) of values by the limits of agreement, consistency and tension."""
    found = np.ones(len(value), np.int8)
    for limit in limits:
        found += value > limit
        found[np.isnan(value) | np.isnan(limit)] = -len(limits)
    return np.maximum(found, 0)


def together(place: int, day: int, likely: Sequence[str] = ()) -> int:
    """The worse of both; an unknown day does not decide, an unknown place leaves the verdict open.

    A point that stands on the other's anchor contradicts nothing; a distance or direction that was told otherwise, from
    the same anchor, is a tension at least, however vague both are.
    """
    if place == 0:
        return 0
    if any("snapped to anchor" in cause for cause in likely):
        place = min(place, CONSISTENT)
    if any(word in cause for cause in likely for word in OTHERWISE):
        place = max(place, TENSION)
    return max(place, day)


OTHERWISE = ("direction is reversed", "another direction", "distances in the ratio", "another distance")


def causes(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """What may have made two accounts of one strike differ, from their phrases: likely, not proved."""
    for row in (a, b):
        if "contradict each other" in str(row.get("georeference_remarks", "")):
            yield f"{_who(row)} gives the distance in two units that contradict each other"
    yield from _same_anchor(a, b)
    for one, other in ((a, b), (b, a)):
        if _snapped(one, other):
            yield f"{_who(one)} gives the anchor itself, not the computed offset (reference snapped to anchor)"
    for one, other in ((a, b), (b, a)):
        announced, day = one.get("reported_earliest"), other.get("date_earliest")
        if announced and day and announced == day == other.get("date_latest") and announced != one.get("date_earliest"):
            yield f"{_who(other)} dates it on the day on which {_who(one)} says it was announced"


def _same_anchor(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    bearing_a, bearing_b = _number(a, "bearing_deg"), _number(b, "bearing_deg")
    far_a, far_b = _number(a, "distance_m"), _number(b, "distance_m")
    if not (far_a and far_b) or not _near_anchors(a, b):
        return
    ratio = max(far_a, far_b) / min(far_a, far_b)
    if bearing_a is not None and bearing_b is not None and ratio < 1.1:
        turn = abs((bearing_a - bearing_b + 180) % 360 - 180)
        if turn > 157:
            yield "the direction is reversed in one of them"
        elif turn > 11.25:
            yield f"the same distance in another direction ({turn:.0f} degrees apart): direction lost or changed"
    elif (bearing_a is None) != (bearing_b is None) and ratio < 1.1:
        yield "one of them leaves the direction out"
    for name, factor in CONVERSIONS.items():
        if abs(ratio / factor - 1) < 0.012:
            yield f"distances in the ratio {ratio:.2f}: {name}?"
            return
    if ratio > 1.1:
        digit = _digit(far_a, far_b)
        if digit or ratio > 1.25:
            yield f"another distance from the same place ({far_a / 1000:.0f} and {far_b / 1000:.0f} km){digit}"


def _digit(far_a: float, far_b: float) -> str:
    """Where the two numbers, as they will have been written, differ in one digit: 150 and 50 miles, 150 and 170 miles."""
    for unit in ("mi", "km", "nmi"):
        numbers = [5 * round(far / METRES[unit] / 5) for far in (far_a, far_b)]
        if all(number and abs(far / METRES[unit] / number - 1) < 0.01 for number, far in zip(numbers, (far_a, far_b), strict=True)):
            long, short = sorted(map(str, numbers), key=len, reverse=True)
            if short in {long[:at] + long[at + 1 :] for at in range(len(long))}:
                return f": {long} and {short} {UNITS[unit]}, a digit lost?"
            if len(long) == len(short) and sum(one != other for one, other in zip(long, short, strict=True)) == 1:
                return f": {numbers[0]} and {numbers[1]} {UNITS[unit]}, a digit changed?"
    return ""


def _near_anchors(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    if a.get("anchor_id") and a.get("anchor_id") == b.get("anchor_id"):
        return True
    points = [_number(row, name) for row in (a, b) for name in ("anchor_lon", "anchor_lat")]
    known = [point for point in points if point is not None]
    return len(known) == 4 and _km(*known) <= 2 * SNAP_KM


def _snapped(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Does one stand on the anchor that the other measures from?"""
    far = _number(other, "distance_m")
    points = [_number(one, "lon"), _number(one, "lat"), _number(other, "anchor_lon"), _number(other, "anchor_lat")]
    known = [point for point in points if point is not None]
    return bool(
        far and far > 2000 * SNAP_KM / 2 and len(known) == 4 and _km(*known) <= SNAP_KM and not _number(one, "distance_m")
    )


def _km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    x = math.radians(lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return 6371.0088 * math.hypot(x, math.radians(lat2 - lat1))


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _who(row: Mapping[str, Any]) -> str:
    return str(row.get("source") or row.get("report_id") or row.get("id") or "one source")
