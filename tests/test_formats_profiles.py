"""What others' tables become, what ours become for others and for the public, and what files say about themselves."""

import csv
import hashlib
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely

from geomap import formats
from geomap.columns import COLUMNS, Row
from geomap.errors import InputError, UsageError
from geomap.formats import foreign, profiles, public


def row(**given: Any) -> Row:
    """An event 12 km from a village whose place is known."""
    found: Row = dict.fromkeys(COLUMNS)
    found.update(
        event_id="ev1", report_id="r1", event_type="air_strike", factuality="asserted", role="main", date_earliest="2017-09-26",
        date_latest="2017-09-28", date_text="this week", actor="warplanes", target="a convoy", killed_min=2, killed_max=4,
        location_text="12 km south of Bani Walid", location_type="FOH", anchor_name="Bani Walid", anchor_id="gn:2218352",
        anchor_lat=31.7566, anchor_lon=13.9942, distance_m=12_000.0, bearing_deg=180.0, lat=31.6484, lon=13.9942,
        uncertainty_m=6_000.0, georeference_protocol="guide", georeference_remarks="anchored at the town", precision_ged=2,
        precision_acled=2, confidence=0.8, quote="Warplanes struck 12 km south of Bani Walid.", source="A Paper",
        url="https://news.example/1", language="en", published="2017-09-29", text_sha256="cd" * 32, gazetteer_version="g1",
        footprint=shapely.box(13.9, 31.6, 14.1, 31.7), plausible=shapely.box(13.8, 31.5, 14.2, 31.8),
    )  # fmt: skip
    return found | given


FAR = row(event_id="ev2", distance_m=160_000.0, lat=30.183, lon=17.763, precision_ged=5, precision_acled=3)


def table(rows: Any, **options: Any) -> list[dict[str, str]]:
    out = io.BytesIO()
    formats.write(rows, out, format="csv", **options)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def read(path: Path, text: str) -> list[Row]:
    path.write_text(text, encoding="utf-8")
    return list(formats.read(path))


# -- tables of others -------------------------------------------------------------------------------------------------

GED_41 = "id,year,active_year,type_of_violence,side_a,side_b,source_headline,where_prec,where_coordinates,adm_1,latitude,longitude,geom_wkt,date_prec,date_start,date_end,low,best,high"
GED_49 = GED_41.replace("where_coordinates", "where_coordinates,where_description").replace("low,best,high", "best,high,low")


def test_ged_of_both_shapes_is_recognised_by_its_columns(tmp_path: Path) -> None:
    (old,) = read(
        tmp_path / "a.csv",
        f"{GED_41}\n7,2016,1,1,Army,Rebels,Raid,2,Idlib town,Idlib,35.9,36.6,POINT (36.6 35.9),1,2016-01-01,2016-01-03,1,2,5\n",
    )
    (new,) = read(
        tmp_path / "b.csv",
        f"{GED_49}\n7,2016,1,1,Army,Rebels,Raid,4,Idlib,near Idlib,Idlib,35.9,36.6,POINT (36.6 35.9),1,2016-01-01,2016-01-03,2,5,1\n",
    )
    for found in (old, new):
        assert (found["event_id"], found["source"], found["lat"], found["lon"]) == ("7", "UCDP GED", 35.9, 36.6)
        assert (found["date_earliest"], found["date_latest"]) == ("2016-01-01", "2016-01-03")
        assert (found["killed_min"], found["killed_max"], found["actor"], found["target"]) == (1, 5, "Army", "Rebels")
        assert found["factuality"] == "asserted" and found["adm_1"] == "Idlib"
    assert (old["uncertainty_m"], old["location_text"]) == (25_000, "Idlib town")
    assert (new["uncertainty_m"], new["location_text"], new["precision_ged"]) == (150_000, "near Idlib", 4)


def test_acled_days_are_widened_by_their_precision(tmp_path: Path) -> None:
    head = "event_id_cnty,event_date,time_precision,sub_event_type,actor1,actor2,location,latitude,longitude,geo_precision,source,notes,fatalities"
    found = read(
        tmp_path / "a.csv",
        f"{head}\nLBY1,26 September 2017,1,Air/drone strike,A,B,Sirte,31.2,16.6,1,X;Y,n,3\n"
        "LBY2,2017-09-14,2,Armed clash,A,,Sirte,31.2,16.6,2,X,n,0\nLBY3,2017-02-15,3,Abduction,A,,Sirte,31.2,16.6,3,X,n,\n",
    )
    assert [(line["date_earliest"], line["date_latest"]) for line in found] == [
        ("2017-09-26", "2017-09-26"), ("2017-09-11", "2017-09-17"), ("2017-02-01", "2017-02-28")
    ]  # fmt: skip
    assert [line["event_type"] for line in found] == ["air_strike", "clash", "other"]
    assert [line["uncertainty_m"] for line in found] == [5_000, 25_000, 100_000]
    assert [line["killed_max"] for line in found] == [3, 0, None]
    assert found[0]["source"] == "X;Y"


def test_airwars_positions_in_one_cell_and_accuracy_in_words(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path / "a.csv",
        "unique_reference_code,date,strike_type,belligerent,geolocation_accuracy,primary_coordinate,civilians_killed_min,civilians_killed_max\n"
        'LC1,"September 26, 2017",Airstrike,Coalition,Nearby landmark,"33.31, 44.36",1,4\n',
    )
    assert (found["lat"], found["lon"], found["uncertainty_m"], found["event_type"]) == (33.31, 44.36, 500, "air_strike")
    assert (found["event_id"], found["date_earliest"], found["killed_max"]) == ("LC1", "2017-09-26", 4)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2017-09-26", "2017-09-26", "2017-09-26"), ("2017-09-26T10:00:00Z", "2017-09-26", "2017-09-26"),
        ("2017-09", "2017-09-01", "2017-09-30"), ("2016-02", "2016-02-01", "2016-02-29"), ("2017", "2017-01-01", "2017-12-31"),
        ("26/9/2017", "2017-09-26", "2017-09-26"), ("9/26/2017", "2017-09-26", "2017-09-26"), ("4/4/2017", "2017-04-04", "2017-04-04"),
        ("10/4/2017", None, None), ("2017-00-00", "2017-01-01", "2017-12-31"), ("2017-13-01", None, None), ("soon", None, None),
        ("20170926", "2017-09-26", "2017-09-26"), ("", None, None),
    ],
)  # fmt: skip
def test_days_as_tables_write_them(cell: str, first: str | None, last: str | None, tmp_path: Path) -> None:
    (found,) = read(tmp_path / "a.csv", f"id,source,lat,lon,date\n1,a,1.5,2.5,{cell}\n")
    assert (found["date_earliest"], found["date_latest"]) == (first, last)
    assert (found["event_id"], found["source"], found["lat"], found["lon"]) == ("1", "a", 1.5, 2.5)


def test_a_column_of_days_tells_which_number_is_the_day(tmp_path: Path) -> None:
    found = read(tmp_path / "a.csv", "id,lat,lon,date\n1,1,1,10/4/2017\n2,1,1,25/4/2017\n")
    assert [line["date_earliest"] for line in found] == ["2017-04-10", "2017-04-25"]


def test_ids_and_names_are_texts_whatever_they_look_like(tmp_path: Path) -> None:
    found = read(tmp_path / "a.csv", "\ufeffID;Source;Latitude;Longitude;place;uncertainty_m\n007;1e5;31,5;16.6;NA;\n")
    assert (found[0]["event_id"], found[0]["source"], found[0]["location_text"]) == ("007", "1e5", "NA")
    assert found[0]["lat"] is None and found[0]["lon"] == 16.6 and found[0]["uncertainty_m"] is None


def test_geojson_of_others_is_read_by_its_properties_and_points(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [16.6, 31.2]},
        "properties": {"id": 5, "source": "a", "date": "2017-09-26"},
    }
    (found,) = read(tmp_path / "a.geojson", json.dumps({"type": "FeatureCollection", "crs": None, "features": [feature]}))
    assert (found["event_id"], found["lon"], found["lat"], found["date_latest"]) == ("5", 16.6, 31.2, "2017-09-26")


def test_reports_are_no_events(tmp_path: Path) -> None:
    assert not formats.is_events(["id", "text", "published"]) and formats.is_events(["ID", " Lat", "Lng"])
    with pytest.raises(InputError, match="have no place"):
        read(tmp_path / "a.csv", "id,text\n1,words\n")


def test_every_precision_has_metres_and_a_basis() -> None:
    lines = csv.DictReader((foreign.TABLES / "precision.csv").read_text(encoding="utf-8").splitlines())
    for line in lines:
        assert float(line["uncertainty_m"]) > 0 and line["meaning"] and line["basis"] and None not in line


def test_every_scheme_makes_only_columns_of_ours() -> None:
    for scheme in foreign.schemes():
        assert set(scheme.columns) | set(scheme.constants) <= {*COLUMNS, "footprint", "plausible"}, scheme.name


# -- profiles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", profiles.names())
def test_a_profile_comes_back_as_far_as_its_target_allows(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    formats.write([row(), FAR, row(event_id="ev3", lat=None, lon=None)], path, profile=name)
    scheme = foreign.recognise(next(iter(formats.formats()["csv"].load().read(path))))
    assert scheme is not None and scheme.name == name
    for back, wrote in zip(formats.read(path), [row(), FAR, row(event_id="ev3", lat=None, lon=None)], strict=True):
        for column in {"event_id", "event_type", "quote"} & set(scheme.columns):
            assert back[column] == wrote[column]
        if wrote is FAR or wrote["lat"] is None:
            assert (back["lat"], back["lon"]) == (wrote["lat"], wrote["lon"])
        first = {"acled": "2017-09-24", "timemap": "2017-09-26"}.get(name, "2017-09-26")
        assert back["date_earliest"] == first  # ACLED knows a mid-week day and "week"
        if name in ("darwincore", "hxl", "timemap") and back["lat"]:
            assert back["uncertainty_m"] == wrote["uncertainty_m"]


def test_ged_places_at_the_anchor_within_25_km_and_by_itself_beyond() -> None:
    near, far = table([row(), FAR], profile="ged")
    assert (near["latitude"], near["longitude"], near["where_prec"]) == ("31.7566", "13.9942", "2")
    assert near["geom_wkt"] == "POINT (13.9942 31.7566)"
    assert (far["latitude"], far["longitude"], far["where_prec"]) == ("30.183", "17.763", "5")
    assert (near["date_prec"], near["low"], near["high"]) == ("2", "2", "4")
    out = io.BytesIO()
    formats.write([row()], out, format="geojson", profile="ged")
    (feature,) = json.loads(out.getvalue())["features"]
    assert feature["geometry"]["coordinates"] == [13.9942, 31.7566] and feature["id"] == "ev1"


def test_darwin_core_keeps_its_rules() -> None:
    first, second = table([row(), row(event_id="ev2", uncertainty_m=0.0, date_latest=None)], profile="darwincore")
    assert first["eventDate"] == "2017-09-26/2017-09-28" and second["eventDate"] == "2017-09-26/.."
    assert first["coordinateUncertaintyInMeters"] == "6000.0" and second["coordinateUncertaintyInMeters"] == ""
    assert shapely.from_wkt(first["footprintWKT"]).equals(row()["footprint"]) and first["geodeticDatum"] == "EPSG:4326"
    assert json.loads(first["dynamicProperties"])["killed_max"] == 4 and first["dataGeneralizations"] == ""


def test_hxl_has_its_row_of_tags_and_belongs_into_a_csv(tmp_path: Path) -> None:
    tags = table([row()], profile="hxl")[0]
    assert tags["Latitude"] == "#geo+lat" and all(tag.startswith("#") for tag in tags.values())
    with pytest.raises(UsageError, match="csv"):
        formats.write([row()], tmp_path / "a.gpkg", profile="hxl")


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="acled darwincore ged hxl timemap"):
        table([row()], profile="sdmx")


# -- for the public ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["grid:10km", "radius:5km", "grid:500m"])
@pytest.mark.parametrize("place", [(13.9942, 31.6484), (179.9999, 89.9999), (-180.0, -90.0), (0.0, 0.0), (180.0, 65.0)])
def test_a_coarse_position_stays_within_what_its_record_says(how: str, place: tuple[float, float]) -> None:
    from geopy.distance import geodesic

    (found,) = table([row(lon=place[0], lat=place[1])], public=how)
    moved = geodesic((place[1], place[0]), (float(found["lat"]), float(found["lon"]))).m
    assert moved <= 1.01 * (float(found["uncertainty_m"]) - 6_000.0)
    assert "generalised" in found["data_generalizations"] and found["georeference_protocol"] == "generalised"


def test_neighbours_in_a_cell_become_one_point() -> None:
    places = {(line["lat"], line["lon"]) for line in table([row(lat=31.61), row(lat=31.62)], public="grid:50km")}
    assert len(places) == 1


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".kml"])
def test_nothing_in_a_public_file_tells_the_place(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    exact = row(where_coordinates="Bani Walid", geom_wkt="POINT (13.9942 31.6484)")
    written = formats.write(
        [exact], path, public="grid:20km", drop=["quotes", "links", "names"], geometry="footprint", metadata={}
    )
    data = path.read_bytes()
    for secret in (b"Bani Walid", b"13.99", b"31.64", b"31.75", b"convoy", b"news.example", b"gn:2218352"):
        assert secret not in data, secret
    assert b"generalised to the centre of a grid cell of 20 km" in data and written.notes == ()


def test_a_district_is_looked_up_and_what_has_none_is_withheld() -> None:
    def districts(lon: float, lat: float) -> tuple[str, float, float, float] | None:
        return ("Misrata District", 15.0, 32.0, 90_000.0) if lat > 31 else None

    first, second = table([row(), FAR], public="district", districts=districts)
    assert (first["lat"], first["lon"], first["uncertainty_m"]) == ("32.0", "15.0", "96000.0")
    assert "Misrata District" in first["data_generalizations"]
    assert (second["lat"], second["uncertainty_m"]) == ("", "") and "withheld" in second["data_generalizations"]


def test_coarsening_is_never_silent_and_never_by_halves() -> None:
    out = io.BytesIO()
    written = formats.write([row()], out, format="geojson", public="grid:10km")
    document = json.loads(out.getvalue())
    assert "grid of 10 km" in document["geomap"]["public"]
    assert written.notes == ("quotes and links are still there and may tell the place",)
    for how in ("grid", "grid:1m", "grid:ten", "circle:5km", "district"):
        with pytest.raises(UsageError):
            public.parse(how)
    with pytest.raises(UsageError, match="drop belongs to public"):
        table([row()], drop=["quotes"])
    with pytest.raises(UsageError, match="quotes names links"):
        table([row()], public="grid:10km", drop=["dates"])


def test_darwin_core_tells_what_was_generalised() -> None:
    (found,) = table([row()], public="grid:10km", profile="darwincore")
    assert "10 km" in found["dataGeneralizations"] and found["footprintWKT"] == "" and found["verbatimLocality"] == ""


# -- provenance -------------------------------------------------------------------------------------------------------

ABOUT = {
    "title": "ضربات",
    "inputs": [{"name": "a.txt", "sha256": "ef" * 32}],
    "options": {"published": "2017-09-28"},
    "gazetteer_version": "g1",
}


def told(path: Path) -> dict[str, Any]:
    match path.suffix:
        case ".geojson":
            return dict(json.loads(path.read_text(encoding="utf-8"))["geomap"])
        case ".gpkg":
            with closing(sqlite3.connect(path)) as base:
                return dict(json.loads(base.execute("SELECT metadata FROM gpkg_metadata").fetchone()[0]))
        case ".parquet":
            pq = pytest.importorskip("pyarrow.parquet")
            return dict(json.loads(pq.read_metadata(path).metadata[b"geomap"]))
        case ".fgb":
            import pyogrio

            return dict(pyogrio.read_info(path)["layer_metadata"])
        case ".xlsx":
            openpyxl = pytest.importorskip("openpyxl")
            book = openpyxl.load_workbook(path, read_only=True)
            found = dict(book["about"].iter_rows(values_only=True))
            book.close()
            return found
        case ".kml":
            from xml.etree.ElementTree import parse

            data = parse(path).getroot()[0].find("{*}ExtendedData")
            return {item.get("name"): item[0].text for item in data} if data is not None else {}
    return dict(json.loads(path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8"))["notes"][0])


@pytest.mark.parametrize(
    "suffix", [".geojson", ".gpkg", ".parquet", ".xlsx", ".kml", ".csv", ".jsonl", ".geojsonl", ".fgb", ".shz"]
)
def test_every_file_says_where_it_comes_from_and_whom_to_credit(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    formats.write([row(), row(event_id="ev2", source="UCDP GED", anchor_id="wof:1")], path, metadata=ABOUT)
    found = told(path)
    assert found["title"] == "ضربات" and found["generator"].startswith("geomap ") and found["gazetteer_version"] == "g1"
    assert "ef" * 32 in str(found["inputs"]) and "2017-09-28" in str(found["options"])
    for name in ("GeoNames", "Who's On First", "UCDP"):
        assert name in str(found["credits"]), name
    assert "OpenStreetMap" not in str(found["credits"])
    if path.with_name(f"{path.name}-metadata.json").exists():
        assert found["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


# -- comparisons ------------------------------------------------------------------------------------------------------


class Compared:
    """As comparison.Comparison: two accounts of one strike either side of the antimeridian, and one alone."""

    def assignments(self) -> Any:
        return [{"incident_id": "inc-1"}, {"incident_id": "inc-1"}, {"incident_id": "inc-2"}]

    def links(self) -> Any:
        ends = {"a_lon": 179.5, "a_lat": 0.0, "b_lon": -179.5, "b_lat": 1.0}
        return [
            {"a": "ev1", "b": "ev2", "by_field": {"place": 3.5}, "distance_m": 150.0, "verdict": "agree", "causes": ["x"], **ends}
        ]

    def incidents(self) -> Any:
        return [{"incident_id": "inc-1", "members": ["ev1", "ev2"], "lon": 180.0, "lat": 0.5, "verdict": "agree", "outlier": "ev2", "killed_max": 17}]


def test_a_comparison_adds_incidents_and_links_cut_at_the_antimeridian(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame([row(lon=179.5, lat=0.0), row(event_id="ev2", lon=-179.5, lat=1.0), row(event_id="ev3")])
    formats.write(frame, tmp_path / "a.gpkg", comparison=Compared())
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as base:
        assert base.execute("SELECT incident_id FROM events").fetchall() == [("inc-1",), ("inc-1",), ("inc-2",)]
        assert base.execute("SELECT a, b, verdict FROM links").fetchall() == [("ev1", "ev2", "agree")]
        assert base.execute("SELECT incident_id, members FROM incidents").fetchall() == [("inc-1", '["ev1", "ev2"]')]
        assert base.execute("SELECT outlier, killed_max FROM incidents").fetchall() == [("ev2", 17)]  # whatever a comparison tells
        assert base.execute("SELECT rtreecheck('rtree_links_geom')").fetchone() == ("ok",)
    formats.write(frame, tmp_path / "a.geojson", comparison=Compared())
    document = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    line = document["features"][-1]["geometry"]
    assert line["type"] == "MultiLineString" and [len(part) for part in line["coordinates"]] == [2, 2]
    assert len(list(formats.read(tmp_path / "a.geojson"))) == 3
