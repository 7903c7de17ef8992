"""A gazetteer of a few dozen hand-made places, for tests that read events without the built index."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from geomap.annotation import annotate, load_language
from geomap.assembly import assemble
from geomap.columns import metres
from geomap.folding import fold
from geomap.geodesy import destination
from geomap.georeferencing import stand_in
from geomap.model import Count, Date, Event, Georeference, Locality, Mention, Place, Report, Resolution

CASES = Path(__file__).parent / "cases"

# name in English, other names; feature code, country, lon, lat, radial in km
PLACES = [
    ("Sirte", "سرت Syrte סירת", "PPLA", "LY", 16.59, 31.21, 8), ("Sabha", "سبها", "PPLA", "LY", 14.43, 27.04, 7),
    ("Derna", "درنة", "PPLA", "LY", 22.64, 32.77, 6), ("Benghazi", "بنغازي", "PPLA", "LY", 20.07, 32.12, 12),
    ("Misrata", "مصراتة", "PPLA", "LY", 15.09, 32.38, 10), ("Tripoli", "طرابلس", "PPLC", "LY", 13.19, 32.89, 15),
    ("Zawiya", "الزاوية", "PPLA", "LY", 12.73, 32.76, 6), ("Sabratha", "صبراتة", "PPL", "LY", 12.49, 32.79, 5),
    ("Ghat", "غات", "PPLA", "LY", 10.18, 24.96, 5), ("Ubari", "أوباري", "PPL", "LY", 12.78, 26.59, 5),
    ("Mizda", "مزدة", "PPL", "LY", 12.98, 31.45, 4), ("Tarhuna", "ترهونة", "PPL", "LY", 13.63, 32.44, 5),
    ("Bani Walid", "بني_وليد", "PPL", "LY", 13.98, 31.75, 6), ("Hun", "هون", "PPL", "LY", 15.95, 29.13, 4),
    ("Fuqaha", "الفقهاء", "PPL", "LY", 16.39, 27.81, 3), ("Libya", "ليبيا Libye", "PCLI", "LY", 17.0, 28.0, 900),
    ("Zliten", "زليتن", "PPL", "LY", 14.57, 32.47, 5), ("Tobruk", "طبرق", "PPLA", "LY", 23.96, 32.08, 5),
    ("Mosul", "الموصل Mossoul Musul", "PPLA", "IQ", 43.13, 36.34, 14), ("Kirkuk", "كركوك", "PPLA", "IQ", 44.39, 35.47, 10),
    ("Iraq", "العراق Irak", "PCLI", "IQ", 44.0, 33.0, 600), ("Tal Afar", "تلعفر", "PPL", "IQ", 42.45, 36.38, 6),
    ("Raqqa", "الرقة", "PPLA", "SY", 39.01, 35.95, 7), ("Idlib", "إدلب אידליב", "PPLA", "SY", 36.63, 35.93, 6),
    ("Aleppo", "حلب Alep Halep חלב", "PPLA", "SY", 37.16, 36.2, 14), ("Syria", "سوريا Syrie Suriye", "PCLI", "SY", 38.0, 35.0, 500),
    ("Deir ez-Zor", "دير_الزور", "PPLA", "SY", 40.14, 35.34, 7), ("Kobani", "كوباني", "PPL", "SY", 38.35, 36.89, 4),
    ("Hodeidah", "الحديدة", "PPLA", "YE", 42.95, 14.8, 8), ("Marib", "مأرب", "PPLA", "YE", 45.33, 15.46, 6),
    ("Sanaa", "صنعاء", "PPLC", "YE", 44.21, 15.35, 14), ("Yemen", "اليمن", "PCLI", "YE", 47.5, 15.5, 700),
    ("Gaza", "غزة עזה", "PPLA", "PS", 34.46, 31.5, 6), ("Khan Younis", "خان_يونس", "PPL", "PS", 34.3, 31.34, 5),
    ("Rafah", "رفح רפיח", "PPL", "PS", 34.25, 31.29, 5), ("Lebanon", "لبنان Liban לבנון", "PCLI", "LB", 35.8, 33.9, 120),
    ("Tyre", "صور", "PPL", "LB", 35.2, 33.27, 4), ("Mogadishu", "مقديشو", "PPLC", "SO", 45.34, 2.04, 12),
    ("Kismayo", "كسمايو", "PPLA", "SO", 42.54, -0.36, 7), ("Jilib", "جلب", "PPL", "SO", 42.79, 0.49, 4),
    ("Somalia", "الصومال Somalie", "PCLI", "SO", 48.0, 6.0, 900), ("Kharkiv", "خاركيف Harkiv", "PPLA", "UA", 36.25, 49.98, 15),
    ("Odesa", "أوديسا", "PPLA", "UA", 30.73, 46.48, 15), ("Ukraine", "أوكرانيا Ukrayna", "PCLI", "UA", 32.0, 49.0, 800),
    ("Cairo", "القاهرة", "PPLC", "EG", 31.25, 30.06, 25), ("Ankara", "أنقرة", "PPLC", "TR", 32.85, 39.92, 25),
    ("Tunis", "تونس", "PPLC", "TN", 10.17, 36.82, 12), ("Menaka", "ميناكا Ménaka", "PPL", "ML", 2.4, 15.92, 5),
]  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What scanning may know of a name."""

    population: int = 100_000
    feature_classes: str = "P"
    preferred: bool = True
    curated: bool = True


class HandmadeNames:
    """The names of PLACES, as annotation scans for them."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        for name, others, code, country, lon, lat, radial_km in PLACES:
            place = Place(f"gm:{fold(name)}", name, code, lon, lat, radial_km * 1000.0, country)
            for written in (name, *(other.replace("_", " ") for other in others.split())):
                self.places[fold(written)] = place
        self.beginnings = {" ".join(key.split()[:n]) for key in self.places for n in range(1, len(key.split()))}

    def get(self, key: str) -> Known | None:
        """What is known of the name, or None."""
        place = self.places.get(key)
        return Known(feature_classes="A" if place.feature_code == "PCLI" else "P") if place else None

    def begins(self, key: str) -> bool:
        """Does any longer name begin with these words?"""
        return key in self.beginnings


NAMES = HandmadeNames()


def located(locality: Locality) -> Georeference:
    """A point for a locality of hand-made places, an offset on the geodesic."""
    places = [NAMES.places.get(fold(anchor.name)) for anchor in locality.anchors]
    resolutions = tuple(
        Resolution(anchor, place, score=0.9 if place else 0.0) for anchor, place in zip(locality.anchors, places, strict=True)
    )
    place = places[0] if places else None
    if place is None:
        return Georeference(None, None, None, locality_type=locality.type, resolutions=resolutions, locality=locality)
    lon, lat, radius = place.lon, place.lat, place.radial_m
    offset = locality.offsets[0] if locality.offsets else None
    if offset and offset.distance and offset.bearing_deg is not None:
        far = metres(offset.distance.min, offset.distance.max, offset.distance.unit)
        lons, lats = destination(lon, lat, offset.bearing_deg, far)
        lon, lat, radius = float(lons), float(lats), radius + far / 4
    return Georeference(lon, lat, radius, locality_type=locality.type, resolutions=resolutions, locality=locality)


def report(text: str, language: str, published: date | None = date(2017, 9, 28)) -> Report:
    """A report of a text; published, unless told otherwise, on a Thursday."""
    return Report("case", text, published=published, language=language, sha256=sha256(text.encode()).hexdigest())


def mentions(text: str, language: str, published: date | None = date(2017, 9, 28), *, whole: bool = True) -> tuple[Mention, ...]:
    """What a text mentions."""
    return annotate(report(text, language, published), load_language(language), NAMES, whole=whole)  # type: ignore[arg-type]


def events(text: str, language: str, published: date | None = date(2017, 9, 28)) -> tuple[Event, ...]:
    """The events of a text."""
    found = mentions(text, language, published)
    localities = [each for each in found if isinstance(each, Locality)]
    refs = stand_in([located(each) for each in (*localities, *(each.within for each in localities if each.within))])
    places: dict[Locality, Georeference] = {ref.locality: ref for ref in refs if ref.locality}
    return assemble(report(text, language, published), found, places)


def cases(name: str) -> list[tuple[str, Any]]:
    """The cases of a table in tests/cases: what a text says, and what should be read from it."""
    table = tomllib.loads((CASES / name).read_text(encoding="utf-8"))
    return [(case["says"], case) for case in table["case"]]


def shown(event: Event) -> str:
    """An event in one line, as the tables of cases write it."""
    parts = [event.type]
    if event.factuality != "asserted":
        parts.append(event.factuality)
    if event.role != "main":
        parts.append(event.role)
    for word, value in (("strikes", event.strikes), ("killed", event.killed), ("wounded", event.wounded), ("vehicles", event.vehicles_destroyed)):
        if value is not None:
            parts.append(f"{word} {_number(value.min)}" if value.min == value.max else f"{word} {_number(value.min)} to {_number(value.max)}")
    locality = event.georeference.locality if event.georeference else None
    if locality:
        parts.append(f"at {_where(locality)}")
    if event.occurred:
        parts.append(f"on {event.occurred.edtf}")
    if event.reported:
        parts.append(f"told {event.reported.edtf}")
    return ", ".join(parts)


def _number(end: float | None) -> str:
    return "?" if end is None else f"{end:g}"


def _where(locality: Locality) -> str:
    names = "/".join(anchor.name for anchor in locality.anchors)
    offset = locality.offsets[0] if locality.offsets else None
    far = f"{offset.distance.written} {offset.distance.unit} " if offset and offset.distance else ""
    wind = f"{offset.wind} of " if offset and offset.wind else "from " if far else ""
    return f"{far}{wind}{names}"


def shown_dates(date: Date) -> str:
    """A date in one line: its days, and "said", "frame" or "aside" where it dates no event."""
    days = date.when.edtf if date.when else "open"
    if date.relation == "event":
        days = "from another event" if date.days is None else f"{date.days:+d} days from {'the next' if date.toward else 'another'} event"
    use = {"event": "", "statement": ", said", "frame": ", frame", "aside": ", aside"}[date.use]
    return f"{days}{use}"


def shown_counts(count: Count) -> str:
    """A count in one line: "killed 17", "wounded 20 to ?, part"."""
    low, high = _number(count.range.min), _number(count.range.max)
    number = low if low == high else f"{low} to {high}"
    return f"{count.what} {number}{', part' if count.part else ''}{', total' if count.total else ''}"
