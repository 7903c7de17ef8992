"""Files that GIS people trust: what is written, whole and correct, and read back the same."""

import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geomap import formats
from geomap.columns import COLUMNS, Row
from geomap.errors import InputError, OutputError, UsageError
from geomap.formats.table import inert

SECTOR = shapely.Polygon([(17.5, 30.0), (18.0, 30.0), (18.0, 30.4), (17.5, 30.4)], [[(17.6, 30.1), (17.7, 30.1), (17.7, 30.2)]])
REGION = shapely.MultiPolygon([shapely.box(17, 29, 18, 30), shapely.box(19, 29, 20, 30)])


def row(**given: Any) -> Row:
    """An event near Sirte, complete where it matters."""
    found: Row = dict.fromkeys(COLUMNS)
    found.update(
        event_id="ev1", report_id="r1", event_type="air_strike", factuality="asserted", role="main", strikes_min=2,
        strikes_max=2, date_earliest="2017-09-26", date_latest="2017-09-26", actor="القيادة الأمريكية", killed_min=2,
        location_text="160 كيلومترا جنوب شرقي سرت", location_type="FOH", anchor_name="سرت", anchor_id="gn:2210554",
        anchor_lat=31.20892, anchor_lon=16.58866, distance_m=160_000.0, bearing_deg=135.0, lat=30.183, lon=17.763,
        uncertainty_m=21_500.5, precision_ged=5, confidence=0.9, quote="نفذت طائرات أمريكية ضربتين.", quote_start=0,
        quote_end=27, language="ar", source="صحيفة", url="https://news.example/1", published="2017-09-28",
        text_sha256="ab" * 32, geomap_version="0.1.0", footprint=SECTOR, plausible=REGION,
    )  # fmt: skip
    return found | given


ROWS = [
    row(),
    row(event_id="ev2", lat=None, lon=None, footprint=None, plausible=None, killed_min=None, report_id="r2"),
    row(
        event_id="ev3",
        lat=-89.9999999,
        lon=180.0,
        quote='He said: "two, or three"\r\nthen; left\t.',
        note="own",
        weight=1.5,
    ),
]


def there(entry: Any) -> bool:
    """Is what the format needs installed?"""
    try:
        entry.load()
    except OutputError:
        return False
    return True


READABLE = [entry.suffixes[0] for entry in formats.formats().values() if entry.reads and there(entry)]


def text(rows: Any, kind: str, **options: Any) -> str:
    out = io.BytesIO()
    formats.write(rows, out, format=kind, **options)
    return out.getvalue().decode()


def collection(rows: Any, **options: Any) -> Any:
    return json.loads(text(rows, "geojson", **options))


def same(read: Row, written: Row, geometry: bool) -> None:
    for name in COLUMNS:
        assert read[name] == written.get(name), name
    if geometry:
        for name in ("footprint", "plausible"):
            assert (read.get(name) is None) == (written[name] is None)
            assert written[name] is None or read[name].normalize().equals_exact(written[name].normalize(), 1e-7)


# -- all formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [*READABLE, ".geojsonl", ".geojsons", ".tsv", ".kmz", ".shp"])
def test_events_come_back_as_they_left(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"ضربات{suffix}"
    written = formats.write(ROWS, path)
    assert (written.events, written.unlocated) == (3, 1)
    if suffix not in (".shz", ".shp"):  # whose notes have a test of their own
        assert len(written.notes) == (suffix == ".fgb")  # whose readers in the browser need a place
    back = list(formats.read(path))
    if suffix == ".fgb":  # which has its own order
        back.sort(key=lambda row: row["event_id"])
    assert len(back) == 3
    for read, wrote in zip(back, ROWS, strict=True):
        if suffix == ".xlsx":  # a spreadsheet knows one line end
            wrote = wrote | {"quote": wrote["quote"].replace("\r\n", "\n")}
        same(read, wrote, geometry=suffix in (".gpkg", ".parquet"))
    assert back[2]["note"] == "own" and float(back[2]["weight"]) == 1.5
    assert len(formats.read_frame(path)) == 3


@pytest.mark.parametrize("suffix", READABLE)
def test_a_frame_and_its_rows_make_the_same_bytes_twice(suffix: str, tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    paths = [tmp_path / f"{name}{suffix}" for name in "abc"]
    formats.write(ROWS, paths[0])
    formats.write(ROWS, paths[1])
    formats.write(pd.DataFrame(ROWS), paths[2])
    assert paths[0].read_bytes() == paths[1].read_bytes() == paths[2].read_bytes()


@pytest.mark.parametrize("suffix", READABLE)
def test_no_events_make_a_file_that_reads_as_none(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"empty{suffix}"
    assert formats.write([], path).events == 0
    assert list(formats.read(path)) == []
    assert list(formats.read_frame(path).columns) == list(COLUMNS)


@pytest.mark.parametrize("suffix", READABLE)
def test_a_stream_of_rows_is_as_good_as_a_list(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"many{suffix}"
    assert formats.write((row(event_id=f"ev{number}") for number in range(2500)), path).events == 2500
    ids = [read["event_id"] for read in formats.read(path)]
    assert (sorted(ids, key=lambda id_: int(id_[2:])) if suffix == ".fgb" else ids) == [f"ev{i}" for i in range(2500)]


@pytest.mark.parametrize("suffix", READABLE)
def test_a_failure_on_the_way_leaves_the_old_file(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    formats.write(ROWS, path)
    old = path.read_bytes()

    def failing() -> Any:
        yield from (row(event_id=f"ev{number}") for number in range(2100))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        formats.write(failing(), path)
    assert path.read_bytes() == old and [found.name for found in tmp_path.iterdir()] == [path.name]


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no format for 'a\.docx'; known: \.geojson"):
        formats.write(ROWS, tmp_path / "a.docx")
    with pytest.raises(InputError, match=r"no reader for events in 'a\.docx'; known: \.geojson"):
        list(formats.read(tmp_path / "a.docx"))
    with pytest.raises(UsageError, match="name the format"):
        formats.write(ROWS, io.BytesIO())
    with pytest.raises(UsageError, match="known: point"):
        formats.write(ROWS, tmp_path / "a.csv", geometry="circle")  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", READABLE)
def test_a_missing_or_broken_file_gives_one_line(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    with pytest.raises(InputError) as caught:
        list(formats.read(path))
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    path.write_bytes(b"\x00\xff\xfe{broken" * 50)
    with pytest.raises(InputError) as caught:
        list(formats.read(path))
    assert "\n" not in str(caught.value)


def test_a_package_of_others_can_add_a_format_but_not_shadow_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import importlib.metadata
    import types

    from geomap.formats import registry

    def write(export: Any, path: Path, suffix: str) -> None:
        path.write_text(" ".join(id_ for batch in export.table for id_ in batch.ids), encoding="utf-8")

    module = types.ModuleType("tests_wkt_format")
    module.SUFFIXES, module.write = (".ids", ".csv"), write  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    point = types.SimpleNamespace(name="ids", load=lambda: module)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if group == "geomap.formats" else [])
    registry.formats.cache_clear()
    try:
        assert formats.write(ROWS, tmp_path / "a.ids").format == "ids"
        assert (tmp_path / "a.ids").read_text(encoding="utf-8") == "ev1 ev2 ev3"
        assert formats.write(ROWS, tmp_path / "a.csv").format == "csv"
        assert ".ids" in formats.suffixes() and ".ids" not in formats.suffixes(read=True)
    finally:
        registry.formats.cache_clear()


def test_a_dash_is_standard_output() -> None:
    script = "from geomap import formats; formats.write([{'event_id': 'a', 'lat': 1, 'lon': 2}], '-', format='geojson')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(done.stdout)["features"][0]["id"] == "a"


def test_light_formats_import_nothing_heavy() -> None:
    script = """if True:
        import io, sys
        from geomap import formats
        for kind in ("geojson", "jsonl", "csv"):
            formats.write([{"event_id": "a", "lat": 1.5, "lon": 2.5}], io.BytesIO(), format=kind)
        print(*sorted({"numpy", "pandas", "shapely", "pyogrio", "geopandas", "pyproj"} & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg"])
def test_a_frame_is_cleaned_like_rows(suffix: str, tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    if suffix not in READABLE:
        pytest.skip("needs pyarrow")
    for cell in ("\x00a", "\x7f", "\x85", "\u202eabc", "\u2067x", "\ufffe", "“fine” ﷽ \u200f ق\tx\n"):
        unclean = [row(quote=cell, uncertainty_m=float("inf"), distance_m=0.12345678901)]
        formats.write(unclean, tmp_path / f"a{suffix}")
        formats.write(pd.DataFrame(unclean), tmp_path / f"b{suffix}")
        first, second = (next(formats.read(tmp_path / f"{name}{suffix}")) for name in "ab")
        assert first["quote"] == second["quote"] and first["distance_m"] == second["distance_m"] == 0.1234568
        assert first["uncertainty_m"] is None and second["uncertainty_m"] is None


# -- GeoJSON ----------------------------------------------------------------------------------------------------------


def ring_turns_left(ring: Any) -> bool:
    return shapely.LinearRing(ring).is_ccw


def assert_rfc7946(document: Any) -> None:
    """What RFC 7946 asks of a file of events and general validators do not look at."""
    assert "crs" not in document
    ids = [feature["id"] for feature in document["features"] if "id" in feature]
    assert len(ids) == len(set(ids))
    for feature in document["features"]:
        geometry = feature["geometry"]
        if geometry is None or geometry["type"] == "Point":
            continue
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for outer, *holes in polygons:
            assert ring_turns_left(outer) and not any(ring_turns_left(hole) for hole in holes)
            for ring in (outer, *holes):
                assert ring[0] == ring[-1] and len(ring) >= 4
                for (lon, lat), (to_lon, to_lat) in pairwise(ring):
                    assert -180 <= lon <= 180 and -90 <= lat <= 90
                    assert abs(to_lon - lon) <= 180 or abs(lat) == abs(to_lat) == 90
                    assert round(lon, 7) == lon and round(lat, 7) == lat
        west, south, east, north = feature["bbox"]
        assert south <= north and -180 <= west <= 180 and -180 <= east <= 180


def test_points_stand_lon_lat_under_their_own_ids_with_seven_decimals() -> None:
    document = collection([row(lon=17.763123456789, lat=30.1), row(event_id="ev2", lat=None, lon=None)])
    first, second = document["features"]
    assert first["id"] == "ev1" and first["geometry"] == {"type": "Point", "coordinates": [17.7631235, 30.1]}
    assert second["geometry"] is None
    assert list(first["properties"]) == list(COLUMNS)
    assert document["bbox"] == [17.7631235, 30.1, 17.7631235, 30.1]
    assert_rfc7946(document)


def test_rings_turn_as_the_standard_says_whatever_way_they_came() -> None:
    for shape in (SECTOR, SECTOR.reverse(), REGION, REGION.reverse()):
        document = collection([row(footprint=shape)], geometry="footprint")
        assert document["features"][0]["geometry_name"] == "footprint"
        assert_rfc7946(document)


FIJI = {
    "beyond 180": shapely.box(177, -20, 182, -16),
    "wrapped": shapely.Polygon([(177, -20), (-178, -20), (-178, -16), (177, -16)]),
    "wrapped, clockwise": shapely.Polygon([(177, -20), (177, -16), (-178, -16), (-178, -20)]),
    "cut already": shapely.MultiPolygon([shapely.box(177, -20, 180, -16), shapely.box(-180, -20, -178, -16)]),
}


@pytest.mark.parametrize("shape", FIJI.values(), ids=FIJI.keys())
def test_areas_are_cut_at_the_antimeridian_and_their_bbox_spans_it(shape: Any) -> None:
    document = collection([row(footprint=shape, lon=179.5, lat=-18.0)], geometry="footprint")
    feature = document["features"][0]
    assert feature["geometry"]["type"] == "MultiPolygon" and len(feature["geometry"]["coordinates"]) == 2
    west, _, east, _ = feature["bbox"]
    assert (west, east) == (177, -178) and document["bbox"] == feature["bbox"]
    assert_rfc7946(document)


@pytest.mark.parametrize("side", [1, -1])
def test_a_polar_cap_stays_a_cap(side: int) -> None:
    ring = [(lon, side * 85.0) for lon in range(-180, 181, 10)]
    cap = shapely.Polygon([*ring, (180, side * 90.0), (-180, side * 90.0)])
    document = collection([row(footprint=cap, lat=side * 90.0, lon=0.0)], geometry="footprint")
    assert_rfc7946(document)
    assert shapely.area(shapely.from_geojson(json.dumps(document["features"][0]["geometry"]))) == pytest.approx(1800)


def test_the_bbox_takes_the_shorter_way_round() -> None:
    assert collection([row(lon=179.0, lat=1.0), row(lon=-179.0, lat=-1.0)])["bbox"] == [179, -1, -179, 1]
    assert collection([row(lon=-80.0, lat=1.0), row(lon=80.0, lat=-1.0)])["bbox"] == [-80, -1, 80, 1]
    assert collection([row(lon=190.0, lat=1.0)])["bbox"] == [-170, 1, -170, 1]
    assert collection([row(lon=0.0, lat=0.0), row(lon=179.0, lat=1.0)])["bbox"] == [0, 0, 179, 1]
    assert collection([row(lon=-179.0, lat=0.0), row(lon=0.5, lat=1.0)])["bbox"] == [-179, 0, 0.5, 1]
    assert "bbox" not in collection([row(lon=None, lat=None)])


@pytest.mark.parametrize("place", [(float("nan"), 1.0), (1.0, float("inf")), (91.0, 1.0), (None, 1.0), ("north", 1.0)])
def test_a_position_that_is_none_is_empty_and_noted(place: tuple[Any, Any]) -> None:
    out = io.BytesIO()
    written = formats.write([row(lat=place[0], lon=place[1])], out, format="geojson")
    feature = json.loads(out.getvalue())["features"][0]
    assert feature["geometry"] is None and feature["properties"]["lat"] is None and feature["properties"]["lon"] is None
    assert written.notes == ("a position that is not on earth was left empty",)


def test_one_feature_a_line_and_a_text_sequence() -> None:
    lines = text(ROWS, "geojsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["ev1", "ev2", "ev3"]
    records = text(ROWS, "geojsons").split("\x1e")
    assert records[0] == "" and [json.loads(record)["id"] for record in records[1:]] == ["ev1", "ev2", "ev3"]


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_any_geojson_is_read_in_pieces(size: int, tmp_path: Path) -> None:
    from geomap.formats.geojson import _Text

    document = collection(ROWS, metadata={"title": 'a ]}, "b'})
    spread = json.dumps({"crs": {"features": []}, "type": "FeatureCollection", **document}, indent=3)
    reader = _Text(io.StringIO(spread), tmp_path, piece=size)
    assert reader.peek() == "{"
    assert [feature["id"] for feature in reader.collection()] == ["ev1", "ev2", "ev3"]


def test_geojson_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text(ROWS, "geojson")[:-40], encoding="utf-8")
    with pytest.raises(InputError, match="cut off"):
        list(formats.read(path))


def test_a_stream_of_events_is_seen_at_once() -> None:
    out, seen = io.BytesIO(), []

    def slow() -> Any:
        for number in range(4):
            seen.append(out.getvalue().count(b'"Feature"'))
            yield row(event_id=f"ev{number}")

    formats.write(slow(), out, format="geojson")
    assert seen[1] == 1


# -- CSV --------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\n=1",
    "＝1+1",
    "'=1",
    "''@",
    "'plain",
    "=",
    "-",
]


def test_a_csv_cell_is_never_a_formula_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    formats.write([row(event_id=str(number), quote=cell) for number, cell in enumerate(HOSTILE)], path)
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            assert not line["quote"] or line["quote"][0] not in "=+-@\t\r\n＝＋－＠"
    assert [read["quote"] for read in formats.read(path)] == HOSTILE


def test_a_csv_opens_in_spreadsheets_on_request_and_holds_areas_as_wkt(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    formats.write([row()], path, bom=True, geometry="footprint")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfevent_id,") and b"\r\n" in path.read_bytes()
    (back,) = formats.read(path)
    assert back["footprint"].equals(SECTOR) and back["event_id"] == "ev1"


def test_a_negative_number_stays_a_number() -> None:
    assert ",-12.5," in text([row(lat=-12.5)], "csv")


def test_a_csv_with_too_many_cells_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,source,lat,lon,date\n1,"a",1,2,2017-01-01,x,y\n', encoding="utf-8")
    with pytest.raises(InputError, match="7 cells under a header of 5"):
        list(formats.read(path))


# -- GeoPackage -------------------------------------------------------------------------------------------------------


def sql(path: Path, query: str) -> list[tuple[Any, ...]]:
    base = sqlite3.connect(path)
    try:
        return base.execute(query).fetchall()
    finally:
        base.close()


def test_a_geopackage_holds_every_layer_with_one_type_of_geometry(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    formats.write(ROWS, path)
    layers = dict(sql(path, "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    assert layers == {"events": "POINT", "footprints": "MULTIPOLYGON", "plausible": "MULTIPOLYGON", "places": "POINT"}
    assert sql(path, "SELECT place_id, name, events FROM places") == [("gn:2210554", "سرت", 3)]
    assert sql(path, "SELECT report_id, events FROM sources ORDER BY 1") == [("r1", 2), ("r2", 1)]
    assert sql(path, "PRAGMA integrity_check") == [("ok",)] and sql(path, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("count", [1, 51, 52, 3000])
def test_the_index_of_a_layer_is_sound_and_finds_what_is_there(count: int, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    places = [(-180 + 360 * ((number * 0.618) % 1), -90 + 180 * ((number * 0.414) % 1)) for number in range(count)]
    formats.write([row(event_id=str(number), lon=lon, lat=lat) for number, (lon, lat) in enumerate(places)], path)
    assert sql(path, "SELECT rtreecheck('rtree_events_geom')") == [("ok",)]
    box = "minx <= 40 AND maxx >= 10 AND miny <= 30 AND maxy >= -5"
    inside = {number + 1 for number, (lon, lat) in enumerate(places) if 10 <= lon <= 40 and -5 <= lat <= 30}
    assert {fid for (fid,) in sql(path, f"SELECT id FROM rtree_events_geom WHERE {box}")} == inside


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="needs GDAL's ogrinfo")
@pytest.mark.parametrize(
    "rows", [ROWS, [], [row(footprint=shape, plausible=shape) for shape in FIJI.values()]], ids=["some", "none", "fiji"]
)
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".geojsonl", ".geojsons"])
def test_gdal_reads_it_without_a_complaint(rows: list[Row], suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    formats.write(rows, path, metadata={"title": "ضربات"})
    if not rows and suffix in (".geojsonl", ".geojsons"):
        return  # an empty file is no data set to GDAL, rightly
    done = subprocess.run(["ogrinfo", "-al", "-ro", str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "Warning" not in done.stderr + done.stdout and "ERROR" not in done.stderr, done.stderr
    assert done.stdout.count("event_id (String) = ev") >= len(rows)


@pytest.mark.parametrize("suffix", [".gpkg"])
def test_names_that_differ_only_by_case_do_not_meet(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    formats.write([row(Source="x", FID="7", geom="g", **{'a"; DROP TABLE events; --': "y"})], path)
    (back,) = formats.read(path)
    assert (back["source"], back["Source_2"], back["FID_2"], back["geom_2"]) == ("صحيفة", "x", "7", "g")
    assert "y" in back.values()


# -- FlatGeobuf -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 16, 17, 300])
def test_a_window_on_a_flatgeobuf_finds_what_lies_in_it(count: int, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    places = [(i * 37 % 179 - 90.0, i * 23 % 83 - 40.0) for i in range(count)]
    rows = [{"event_id": str(i), "lon": lon, "lat": lat} for i, (lon, lat) in enumerate(places)]
    formats.write([*rows, {"event_id": "nowhere"}], tmp_path / "a.fgb")
    assert pyogrio.read_info(tmp_path / "a.fgb")["features"] == count + 1
    for west, south, east, north in [(-95, -45, 95, 45), (-90, -40, -90, -40), (10, 0, 40, 30), (100, 50, 110, 60)]:
        _, _, _, (ids, *_) = pyogrio.raw.read(tmp_path / "a.fgb", bbox=(west, south, east, north))
        inside = {str(i) for i, (lon, lat) in enumerate(places) if west <= lon <= east and south <= lat <= north}
        assert set(ids) == inside


def test_a_flatgeobuf_keeps_areas_with_holes_and_parts(tmp_path: Path) -> None:
    shapely = pytest.importorskip("shapely")
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    areas = [ring, shapely.MultiPolygon([ring, shapely.box(5, 5, 6, 6)]), None]
    formats.write([{"event_id": str(i), "footprint": area} for i, area in enumerate(areas)], tmp_path / "a.fgb", geometry="footprint")
    back = {row["event_id"]: row["footprint"] for row in formats.read(tmp_path / "a.fgb")}
    assert back["2"] is None and all(back[str(i)].equals(areas[i]) for i in (0, 1))


# -- any text, any number ---------------------------------------------------------------------------------------------

TEXTS = st.text(max_size=40) | st.sampled_from(["=1+1", "'=1", "_x0041_", "ق\u200f", "a\r\nb", "]]>", "NaN", "None", " ", "\u202eabc"])
NUMBERS = st.none() | st.integers(-(2**40), 2**40)


@pytest.mark.parametrize("suffix", [suffix for suffix in READABLE if suffix != ".shz"])
@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), count=NUMBERS, lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_any_text_comes_back_as_it_was_but_for_what_breaks_files(
    suffix: str, texts: list[str], count: int | None, lon: float, lat: float
) -> None:
    rows = [
        dict.fromkeys(COLUMNS) | {"event_id": f"e{i}", "quote": text, "actor": text, "killed_min": count, "lon": lon, "lat": lat}
        for i, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        formats.write(rows, path)
        back = {row["event_id"]: row for row in formats.read(path)}
    assert len(back) == len(rows)
    for row in rows:
        told, read = inert(row["quote"]), back[row["event_id"]]
        if suffix == ".xlsx":  # which knows one line end
            told = told.replace("\r\n", "\n").replace("\r", "\n")
        told = told if told.strip() else ""  # a blank cell tells nothing
        assert (read["quote"] or "", read["actor"] or "") == (told, told.strip())
        assert read["killed_min"] == count
        assert (read["lon"], read["lat"]) == (pytest.approx(lon, abs=6e-8), pytest.approx(lat, abs=6e-8))
