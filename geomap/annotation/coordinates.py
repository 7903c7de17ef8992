"""Coordinates written in a text: decimal degrees, degrees minutes seconds, and military grid references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geomap.model import Locality, Span

# Two decimal numbers with at least two decimals each, or with hemisphere letters: "31.2067, 16.5891", "31.2° N 16.59° E".
_DECIMAL = re.compile(
    r"(?<![\w.,/-])(?P<lat>[-+−]?\d{1,2}\.\d{1,8})\s*°?\s*(?P<ns>[NSns]|شمالا?|جنوبا?)?(?:\s*[,;/و]?\s+?|[,;/])(?P<lon>[-+−]?\d{1,3}\.\d{1,8})\s*°?\s*(?P<ew>[EWew]|شرقا?|غربا?)?(?![\w/]|[.,]\d)"
)
_AND = r"[\s,;/و–-]*(?:and\s+)?(?:(?i:lon(?:g(?:itude)?)?)\.?[\s:]*)?"  # between a latitude and a longitude


def _angle(index: int) -> str:
    """Degrees with their sign, and perhaps minutes and seconds."""
    minutes, seconds = rf"(?P<m{index}>\d{{1,2}}(?:[.,]\d+)?)\s*['’′´]", rf"(?P<s{index}>\d{{1,2}}(?:[.,]\d+)?)\s*(?:[\"”″“]|''|’’|′′)"
    return rf"(?P<d{index}>\d{{1,3}})\s*[°º]\s*(?:{minutes}\s*)?(?:{seconds}\s*)?"


_DMS = re.compile(rf"{_angle(1)}(?P<h1>[NSnsشج])\w*{_AND}{_angle(2)}(?P<h2>[EWewشغ])\w*")
_HEMISPHERE_FIRST = re.compile(rf"(?<![\w°º'’′\"”″])(?<![\d°º'’′\"”″]\s)(?P<h1>[NS])\.?\s*{_angle(1)}{_AND}(?P<h2>[EW])\.?\s*{_angle(2)}")
# without signs: "31 12 32 N, 16 35 19 E", "13:24.5N - 042:38.2E"; packed: "311232N 0163519E"
_SIGNLESS = re.compile(
    r"(?<![\w.])(?P<d1>\d{1,2})(?P<by>[ :-])(?P<m1>\d{2}(?:\.\d+)?)(?:(?P=by)(?P<s1>\d{2}(?:\.\d+)?))?\s?(?P<h1>[NS])\b[\s,;/–-]*"
    r"(?P<d2>\d{1,3})(?P=by)(?P<m2>\d{2}(?:\.\d+)?)(?:(?P=by)(?P<s2>\d{2}(?:\.\d+)?))?\s?(?P<h2>[EW])\b"
)
_PACKED = re.compile(
    r"(?<![\w.])(?P<d1>\d{2})(?P<m1>\d{2}(?:\.\d+)?)(?P<s1>\d{2}(?:\.\d+)?)?\s?(?P<h1>[NS])[\s,;/–-]*"
    r"(?P<d2>\d{3})(?P<m2>\d{2}(?:\.\d+)?)(?P<s2>\d{2}(?:\.\d+)?)?\s?(?P<h2>[EW])\b"
)
_MGRS = re.compile(r"(?<!\w)(?P<zone>[1-9]|[1-5]\d|60)(?P<band>[C-HJ-NP-X])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])\s?(?P<digits>\d{1,5}\s\d{1,5}|\d{4,10})(?!\w)")
# "latitude 31.2 and longitude 16.6", "خط عرض 31.2 وخط طول 16.6"
_LABELLED = re.compile(
    r"(?:\b(?i:lat(?:itude|\.)?)|عرض)[\s:=]*(?P<lat>[-+]?\d{1,2}(?:\.\d{1,8})?)\s*°?\s*(?P<ns>[NSns]\b|شمالا?|جنوبا?)?\W{0,4}(?:and\s+|و)?(?:خط\s+)?"
    r"(?:\b(?i:lon(?:g(?:itude)?)?)\.?|طول)[\s:=]*(?P<lon>[-+]?\d{1,3}(?:\.\d{1,8})?)\s*°?\s*(?P<ew>[EWew]\b|شرقا?|غربا?)?"
)
_ANY_DIGIT, _FRACTION, _SQUARE = re.compile(r"\d"), re.compile(r"\d\.\d"), re.compile(r"\d[C-HJ-NP-X]\s?[A-HJ-NP-Z]")
_LETTERED, _LABEL = re.compile(r"\d\s?[NS]\b[\s,;/–-]*\d"), re.compile(r"(?i:lat)|عرض")
_DIGITS = {ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")} | {ord("٫"): ".", ord("−"): "-"}
_FOREIGN = re.compile(f"[{''.join(map(chr, _DIGITS))}]")


def find(text: str) -> Iterator[Locality]:
    """Coordinates as localities of type "coordinates", with the precision they were written to."""
    if _ANY_DIGIT.search(text) is None:
        return
    if _FOREIGN.search(text) is not None:
        text = text.translate(_DIGITS)  # one character for one: spans stay
    # most texts have none: each kind is sought only where a sign that it cannot do without stands
    signed = (_DMS, _HEMISPHERE_FIRST) if "°" in text or "º" in text else ()
    for pattern in (*signed, *((_SIGNLESS, _PACKED) if _LETTERED.search(text) else ())):
        for match in pattern.finditer(text):
            yield from _located(match, *_sexagesimal(match))
    for match in _DECIMAL.finditer(text) if _FRACTION.search(text) else ():
        yield from _located(match, *_decimal(match))
    for match in _LABELLED.finditer(text) if _LABEL.search(text) else ():
        yield from _located(match, *_decimal(match, labelled=True))
    for match in _MGRS.finditer(text) if _SQUARE.search(text) else ():
        yield from _located(match, *_grid(match))


def _located(match: re.Match[str], lon: float | None, lat: float | None, precision_deg: float) -> Iterator[Locality]:
    if lon is not None and lat is not None and abs(lat) <= 90 and abs(lon) <= 180:
        yield Locality(Span(*match.span()), "coordinates", point=(round(lon, 8), round(lat, 8)), precision_deg=precision_deg)


def _decimal(match: re.Match[str], labelled: bool = False) -> tuple[float | None, float | None, float]:
    decimals = [len(match[name].partition(".")[2]) for name in ("lat", "lon")]
    hemispheres = match["ns"] is not None and match["ew"] is not None
    least = 3 if any(char.isspace() for char in match[0]) else 4
    if not labelled and ((match["ns"] is None) != (match["ew"] is None) or (not hemispheres and min(decimals) < least)):
        return None, None, 0.0  # "from 12.50 to 13.75" is no place
    south, west = (match["ns"] or " ")[0] in "Ssج", (match["ew"] or " ")[0] in "Wwغ"
    lat, lon = float(match["lat"]), float(match["lon"])
    return (-lon if west else lon), (-lat if south else lat), 10.0 ** -min(decimals)


def _sexagesimal(match: re.Match[str]) -> tuple[float | None, float | None, float]:
    from geopy.point import Point  # rarely needed

    values, precision = [], 0.0
    for index, negative in (("1", "Ssج"), ("2", "Wwغ")):
        degrees, minutes, seconds = (match[name + index] for name in "dms")
        if float((minutes or "0").replace(",", ".")) >= 60 or float((seconds or "0").replace(",", ".")) >= 60:
            return None, None, 0.0
        parts = (float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds))
        values.append(Point.parse_degrees(*parts, "S" if match["h" + index] in negative else "N"))
        written, unit = (seconds, 3600) if seconds else (minutes, 60) if minutes else (None, 1)
        decimals = len(written.replace(",", ".").partition(".")[2]) if written else 0
        precision = max(precision, 10.0**-decimals / unit)  # the coarser of the two
    return values[1], values[0], precision


def _grid(match: re.Match[str]) -> tuple[float | None, float | None, float]:
    import mgrs

    digits = "".join(match["digits"].split())
    if len(digits) % 2:
        return None, None, 0.0
    name = f"{match['zone']}{match['band']}{match['square']}{digits}"
    try:
        lat, lon = mgrs.MGRS().toLatLon(name)
    except mgrs.core.MGRSError:
        return None, None, 0.0  # letters that no grid square has
    return lon, lat, 10.0 ** (5 - len(digits) // 2) / 111_320  # metres of the last digit, in degrees of latitude
