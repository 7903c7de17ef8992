"""The Georeferencing Quick Reference Guide (2020) in numbers: how fine a distance was written, and the radius that follows.

Formulae: Wieczorek, Guo & Hijmans 2004 and the Georeferencing Calculator; sources of error are summed, not squared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from geomap.columns import METRES
from geomap.folding import fold
from geomap.geodesy import Floats, turn
from geomap.model import Distance, Unit

NAME = "Georeferencing Quick Reference Guide 2020"

FEW = (2.0, 9.0)  # "a few kilometres", in the unit as said: more than one, less than ten. Our choice.
AT_LEAST = 1.5  # "more than 40 km" reaches to one and a half times as far: a larger number would have been given. Our choice.
CONVERSION = 0.01  # a number this near to a rounder one in another unit was converted from it
AGREEMENT = 0.03  # two units of one distance that differ by more contradict each other (beyond their own rounding)


@dataclass(frozen=True, slots=True)
class Length:
    """A distance as read: where the point goes, the band that was said, the step it was written in; metres."""

    at: float
    low: float
    high: float
    precision: float
    remarks: tuple[str, ...] = ()


def precision(value: float, written: str = "") -> float:
    """The step a number was written in, by the 2020 table: 140 -> 10, 10 -> 1, 15 -> 1, 10.5 -> 0.5, 10.25 -> 0.25.

    A multiple of ten counts as rounded to its zeros, but never coarser than to its second digit.
    """
    places = _decimals(value, written)
    if places:
        part = round(abs(value) % 1, 6)
        return 0.5 if part == 0.5 and places == 1 else 0.25 if part in (0.25, 0.75) else 10.0**-places
    whole = round(abs(value))
    if not whole:
        return 1.0
    zeros = len(str(whole)) - len(str(whole).rstrip("0"))
    return float(10 ** min(zeros, max(0, len(str(whole)) - 2))) if zeros else 1.0


def _decimals(value: float, written: str) -> int:
    """Digits behind the point as written ("5.0" has one); from the value itself where words were written."""
    try:
        number = Decimal(fold(written).replace(",", "."))
    except InvalidOperation:
        number = Decimal(repr(value)).normalize()
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) and abs(float(number) - value) < 1e-9 else 0


@lru_cache(maxsize=4096)
def read(distance: Distance) -> Length:
    """A distance in metres with its precision; conversions recognised, contradictions kept as a wider band and said."""
    one = _plain(distance)
    if distance.other is not None:
        return _two_units(distance, one, distance.other)
    if distance.min != distance.max or distance.modifier == "few":
        return one
    original = converted_from(distance.min, distance.unit, distance.written)
    if original is None:
        return one
    value, unit = original
    step = precision(value) * METRES[unit]
    said = f"{distance.min:g} {distance.unit} reads as {value:g} {unit} converted: precision of {precision(value):g} {unit} taken"
    return Length(one.at, one.low, one.high, max(step, one.precision), (*one.remarks, said))


def _plain(distance: Distance) -> Length:
    unit = METRES[distance.unit]
    low, high = distance.min, distance.max
    said: tuple[str, ...] = ()
    if distance.modifier == "few":
        low, high = (low, high) if high > low else FEW
        return Length(
            (low + high) / 2 * unit,
            low * unit,
            high * unit,
            unit,
            (f"few taken as {low:g} to {high:g} {distance.unit}",),
        )
    step = min(precision(low), precision(high)) if low != high else precision(low, distance.written)
    at = (low + high) / 2
    match distance.modifier:
        case "at_least":
            high, said = max(high, at * AT_LEAST), (f"at least: taken to reach to {AT_LEAST:g} times the distance",)
        case "less_than":
            low, said = 0.0, ("less than: anything nearer is within the footprint",)
    return Length(at * unit, low * unit, high * unit, step * unit, said)


def _two_units(distance: Distance, one: Length, other: Distance) -> Length:
    two = _plain(other)
    if abs(one.at - two.at) > max(AGREEMENT * max(one.at, two.at), one.precision / 2 + two.precision / 2):
        said = (
            f"{distance.min:g} {distance.unit} and {other.min:g} {other.unit} contradict each other: both kept in the footprint"
        )
        low, high = min(one.low, two.low), max(one.high, two.high)
        return Length(one.at, low, high, max(one.precision, two.precision), (*one.remarks, said))
    coarse, unit = (two, other.unit) if two.precision > one.precision else (one, distance.unit)
    said = f"given in two units: precision of the coarser one ({coarse.precision / METRES[unit]:g} {unit}) taken"
    return Length(one.at, one.low, one.high, coarse.precision, (*one.remarks, said))


@lru_cache(maxsize=4096)
def converted_from(value: float, unit: Unit, written: str = "") -> tuple[float, Unit] | None:
    """The rounder number in another unit that this one was probably made from: 161 km -> 100 mi, 240 km -> 150 mi.

    It must lie within one per cent, be no longer in significant digits, coarser in metres, and give this one when
    converted and rounded as this one is. A number that is round itself (240) needs a multiple of fifty behind it, and
    nautical miles are proposed only for numbers that are not.
    """
    if value <= 0 or unit == "m":
        return None
    own = precision(value, written)
    others: tuple[Unit, ...] = ("mi", "km") if value % 5 == 0 else ("mi", "km", "nmi")
    for other in others:
        exact = value * METRES[unit] / METRES[other]
        for step in (100.0, 50.0) if value % 5 == 0 else (100.0, 50.0, 10.0, 5.0):
            guess = round(exact / step) * step
            if other != unit and guess and _made(guess, other, value, unit, own):
                return guess, other
    return None


def _made(guess: float, other: Unit, value: float, unit: Unit, own: float) -> bool:
    back = guess * METRES[other] / METRES[unit]
    near = CONVERSION if other != "nmi" else CONVERSION / 2
    return (
        abs(back - value) <= near * value
        and abs(back - value) <= own / 2 + 1e-9
        and precision(guess) * METRES[other] > own * METRES[unit]
        and _digits(guess) <= _digits(value)
    )


def _digits(value: float) -> int:
    return len(f"{value:g}".replace(".", "").strip("0"))


# -- the radius -------------------------------------------------------------------------------------------------------


def farthest(at: ArrayLike, low: ArrayLike, high: ArrayLike, half: ArrayLike) -> Floats:
    """Metres from the point at distance ``at`` on the axis to the far corners of a sector from ``low`` to ``high``.

    The law of cosines of the protocol, to whichever corner is farther. On a curved earth the true distance is never longer.
    """
    at, low, high = (np.asarray(part, dtype=float) for part in (at, low, high))
    fold_in = 2.0 * at * np.cos(np.radians(np.asarray(half, dtype=float)))
    squares = [np.maximum(0.0, r * r + at * at - r * fold_in) for r in (low, high)]
    return np.asarray(np.sqrt(np.maximum(*squares)))


def coordinate_error(lat: ArrayLike, degrees: ArrayLike) -> Floats:
    """Metres of doubt in coordinates written to this many degrees: the diagonal of the whole step, on WGS84."""
    return np.asarray(np.asarray(degrees, dtype=float) * np.hypot(*degree_lengths(lat)))


def degree_lengths(lat: ArrayLike) -> tuple[Floats, Floats]:
    """Metres in one degree of latitude and of longitude there, on WGS84."""
    a, e2 = 6378137.0, 0.00669437999014
    phi = np.radians(np.asarray(lat, dtype=float))
    w = 1.0 - e2 * np.sin(phi) ** 2
    metres = math.pi / 180.0
    return np.asarray(a * (1 - e2) / w**1.5 * metres), np.asarray(a / np.sqrt(w) * np.cos(phi) * metres)


# -- coordinates of an unknown datum ------------------------------------------------------------------------------------

# Of all geographic datums of EPSG with Greenwich as meridian, one of these lies farthest from WGS84 at any node of five degrees.
FARTHEST_DATUMS = {4688: "Fatu Iva 72", 8428: "Macao 1920", 4735: "Kusaie 1951", 4660: "Helle 1954"}


@lru_cache(maxsize=4096)
def unknown_datum(lon: float, lat: float) -> float:
    """Metres that coordinates of an unknown datum may be off: the largest shift to WGS84 at the nearest node of five degrees.

    This is how the table behind the Calculator was made; most of the world's own datums are a tenth of that.
    """
    from pyproj import Transformer  # reads PROJ's database: only for coordinates that need it

    x, y = turn(5.0 * math.floor(lon / 5.0 + 0.5)), min(85.0, 5.0 * math.floor(lat / 5.0 + 0.5))
    phi, shifts = math.radians(y), []
    for code in FARTHEST_DATUMS:
        east, north = Transformer.from_crs(f"EPSG:{code}", "EPSG:4326", always_xy=True).transform(float(x), y)
        d_phi, d_lambda = math.radians(north - y), math.radians(float(turn(east - x)))
        part = math.sin(d_phi / 2) ** 2 + math.cos(phi) * math.cos(phi + d_phi) * math.sin(d_lambda / 2) ** 2
        shifts.append(2.0 * 6378137.0 * math.asin(math.sqrt(part)))
    return float(round(max(shifts)))
