"""How fast 100,000 events leave and return, beside GDAL and Arrow alone on the same columns (CPU seconds, best of N).

python tests/bench/bench_formats.py [--events 100000] [--areas] [FORMAT ...]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geomap import formats
from geomap.columns import COLUMNS, Row

ARABIC = "قالت القيادة الأمريكية في أفريقيا إن قواتها نفذت ضربتين جويتين على بعد مئة وستين كيلومترا جنوب شرقي مدينة سرت. "


TOWNS = "سرت مصراتة طرابلس بنغازي درنة طبرق سبها غات نالوت زوارة غريان ترهونة هون ودان مرزق الكفرة أوباري الجغبوب".split()
ACTORS = ("القيادة الأمريكية في أفريقيا", "القوات الجوية الروسية", "التحالف الدولي", "سلاح الجو الليبي", "مقاتلات مجهولة")
TARGETS = ("داعش", "رتل عسكري", "مخزن ذخيرة", "منزل", "مستشفى ميداني", "معسكر")


def row(number: int, chance: random.Random, areas: bool = False) -> Row:
    """An event as they come: half of the columns filled, two events a report, an Arabic quote of two hundred characters."""
    lat, lon = chance.uniform(20, 35), chance.uniform(8, 45)
    report, town, far = number // 2, chance.choice(TOWNS), chance.randrange(5, 300)
    found: Row = dict.fromkeys(COLUMNS)
    day = f"20{chance.randrange(11, 25)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    found.update(
        event_id=f"ev{number:08}", report_id=f"r{report}", event_type="air_strike", factuality="asserted", role="main",
        strikes_min=2, strikes_max=2, date_earliest=day, date_latest=day, date_edtf=day, date_text="الثلاثاء الماضي",
        actor=chance.choice(ACTORS), target=chance.choice(TARGETS), killed_min=chance.randrange(20), location_type="FOH",
        location_text=f"على بعد {far} كيلومترا جنوب شرقي مدينة {town}", anchor_name=town, anchor_id=f"gn:{2210554 + TOWNS.index(town)}",
        anchor_lat=31.20892 - TOWNS.index(town), anchor_lon=16.58866, distance_m=1000.0 * far, bearing_deg=135.0, lat=lat, lon=lon,
        uncertainty_m=chance.uniform(1000, 30000), georeference_protocol="Georeferencing Quick Reference Guide 2020",
        precision_ged=5, precision_acled=3, confidence=chance.random(), quote=f"{far} {ARABIC * 2}", quote_start=0, quote_end=210,
        language="ar", source=f"source {number % 7}", url=f"https://news.example/{report}", published=day,
        text_sha256=f"{report:064x}", geomap_version="0.1.0", gazetteer_version="abc",
    )  # fmt: skip
    if areas:
        import shapely

        found["footprint"] = shapely.Point(lon, lat).buffer(0.1)
        found["plausible"] = shapely.Point(lon, lat).buffer(0.2)
    return found


def cpu(call: Callable[[], Any], times: int) -> float:
    """CPU seconds of the fastest run: other work on the machine does not count."""
    best = float("inf")
    for _ in range(times):
        begin = time.process_time()
        call()
        best = min(best, time.process_time() - begin)
    return best


def alone(frame: Any, kind: str, path: Path) -> Callable[[], Any] | None:
    """The same table written by GDAL or Arrow with nothing of ours."""
    import geopandas
    import pyogrio

    geo = geopandas.GeoDataFrame(
        frame.drop(columns=["footprint", "plausible"], errors="ignore"),
        geometry=geopandas.points_from_xy(frame.lon, frame.lat),
        crs=4326,
    )
    drivers = {"geojson": "GeoJSON", "gpkg": "GPKG", "fgb": "FlatGeobuf"}
    if kind == "parquet":
        return lambda: geo.to_parquet(path, write_covering_bbox=True, schema_version="1.1.0", compression="zstd")
    if kind in drivers:
        return lambda: pyogrio.write_dataframe(geo, path, driver=drivers[kind], use_arrow=kind == "gpkg")
    return None


def like_for_like(frame: Any, path: Path) -> Callable[[], Any]:
    """Our GeoPackage with the layer events, its index and nothing else: what GDAL alone writes."""
    from geomap.formats import geopackage

    class Bare(geopackage._Package):
        def places(self) -> None: ...

        def styles(self) -> None: ...

        def about(self) -> None: ...

    class Untold(geopackage._Tally):
        def add(self, records: Any) -> None: ...

    def call() -> None:
        kept = geopackage._Package, geopackage._Tally
        geopackage._Package, geopackage._Tally = Bare, Untold  # type: ignore[misc]
        try:
            formats.write(frame, path)
        finally:
            geopackage._Package, geopackage._Tally = kept  # type: ignore[misc]

    return call


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", default=["geojson", "gpkg", "parquet", "fgb", "csv", "jsonl", "kml", "xlsx", "shz"])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--areas", action="store_true", help="with both polygons")
    parser.add_argument("--times", type=int, default=2)
    asked = parser.parse_args()
    import pandas as pd

    chance = random.Random(7)
    rows = [row(number, chance, asked.areas) for number in range(asked.events)]
    frame = pd.DataFrame(rows)
    print(f"{asked.events} events; CPU s: rows written, frame written, alone, ratio (frame/alone), frame read; MB")
    with tempfile.TemporaryDirectory() as folder:
        for kind in asked.formats:
            path, other = Path(folder) / f"events.{kind}", Path(folder) / f"alone.{kind}"
            ours = cpu(lambda path=path: formats.write(rows, path), asked.times)
            quick = cpu(lambda path=path: formats.write(frame, path), asked.times)
            theirs = alone(frame, kind, other)
            bare = cpu(theirs, asked.times) if theirs else None
            back = cpu(lambda path=path: formats.read_frame(path), 1)
            ratio = f"{bare:6.2f} {quick / bare:5.2f}" if bare else "     -     -"
            if kind == "gpkg" and bare:
                layer = cpu(like_for_like(frame, path), asked.times)
                print(f"  of which the layer events alone {layer:.2f}, {layer / bare:.2f} times GDAL's")
            print(f"{kind:8} {ours:6.2f} {quick:6.2f} {ratio} {back:6.2f} {path.stat().st_size / 1e6:7.1f}")


if __name__ == "__main__":
    main()
