"""Hard events, judged by tools that are not ours: GDAL, QGIS, a GeoJSON checker, a GeoParquet validator, KML's schema."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

from geomap import formats
from geomap.columns import COLUMNS, Row

SHAPES = [
    shapely.box(177, -20, 182, -16),
    shapely.Polygon([(177, -20), (-178, -20), (-178, -16), (177, -16)]),
    shapely.MultiPolygon([shapely.box(177, -20, 180, -16), shapely.box(-180, -20, -178, -16)]),
    shapely.Polygon([*((lon, 85.0) for lon in range(-180, 181, 10)), (180, 90.0), (-180, 90.0)]),
    shapely.Polygon([*((lon, -85.0) for lon in range(-180, 181, 10)), (180, -90.0), (-180, -90.0)]),
    shapely.Polygon([(0, 80), (90, 80), (180, 80), (-90, 80)]),
]
CELLS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\u202eabc",
    "\x00\x1b[31m",
    "\ud800",
    "]]>",
    "<script>alert(1)</script>",
    "&amp;$[name]",
    "سرت\u200f",
    "\r\n",
    "'",
]


def rows() -> list[Row]:
    """Areas at the antimeridian and both poles, hostile cells, a text of a million letters, an event without a place."""
    empty: Row = dict.fromkeys(COLUMNS)
    found = [
        empty | {"event_id": f"area{i}", "lat": 0.0, "lon": 180.0, "footprint": shape, "plausible": shape, "precision_ged": i}
        for i, shape in enumerate(SHAPES)
    ]
    found += [
        empty | {"event_id": f"cell{i}", "lat": -90.0, "lon": -180.0, "quote": cell, "location_text": cell, "source": cell}
        for i, cell in enumerate(CELLS)
    ]
    return [
        *found,
        empty | {"event_id": "long", "quote": "ق" * 1_000_000, "anchor_name": "ن" * 100_000},
        empty | {"event_id": "nowhere"},
    ]


def there(suffix: str) -> bool:
    """Is what the format needs installed?"""
    extra = {".parquet": "pyarrow", ".xlsx": "openpyxl"}.get(suffix)
    return extra is None or importlib.util.find_spec(extra) is not None


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in every format, as points and as footprints, and files of no events."""
    folder = tmp_path_factory.mktemp("hard")
    for suffix in (".geojson", ".gpkg", ".fgb", ".parquet", ".kml", ".kmz", ".csv", ".xlsx", ".shz"):
        if there(suffix):
            for geometry in ("point", "footprint"):
                formats.write(rows(), folder / f"hard-{geometry}{suffix}", geometry=geometry, metadata={"title": "a <b> & ضربات"})  # type: ignore[arg-type]
            formats.write([], folder / f"none{suffix}")
    return folder


def test_hard_events_come_back_whole(made: Path) -> None:
    for path in made.glob("hard-point.*[!n]"):  # but the -metadata.json
        back = {read["event_id"]: read for read in formats.read(path)}
        assert len(back) == len(rows()), path
        if path.suffix not in (".xlsx", ".shz"):  # which know limits, and told of them
            assert back["long"]["quote"] == "ق" * 1_000_000 and back["long"]["anchor_name"] == "ن" * 100_000
        assert back["cell11"]["quote"] == "سرت\u200f" and back["nowhere"]["lat"] is None
        for read in back.values():
            for text in (read["quote"] or "", read["source"] or ""):
                assert not {"\x00", "\x1b", "\ud800"} & set(text)
                assert text.count("\u202e") == text.count("\u202c")


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="needs GDAL's ogrinfo")
@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".kml", ".kmz", ".shz"])
@pytest.mark.parametrize("name", ["hard-point", "hard-footprint", "none"])
def test_gdal_has_no_complaint(made: Path, name: str, suffix: str) -> None:
    done = subprocess.run(["ogrinfo", "-al", "-ro", "-so", made / f"{name}{suffix}"], capture_output=True, text=True, timeout=60)
    told = done.stdout + done.stderr
    assert done.returncode == 0 and "Warning" not in told and "ERROR" not in told, told[:2000]
    if name != "none" and suffix not in (".kml", ".kmz"):
        assert f"Feature Count: {len(rows())}" in told


@pytest.mark.filterwarnings("ignore:More than one layer:UserWarning")
@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".kml", ".kmz", ".shz", ".parquet"])
def test_geopandas_opens_full_and_empty_files(made: Path, suffix: str) -> None:
    geopandas = pytest.importorskip("geopandas")
    if not there(suffix):
        pytest.skip("needs pyarrow")
    read = geopandas.read_parquet if suffix == ".parquet" else geopandas.read_file
    for name in ("hard-point", "hard-footprint", "none"):
        frame = read(made / f"{name}{suffix}")
        assert (len(frame) == 0) == (name == "none") and str(frame.crs) in ("EPSG:4326", "OGC:CRS84")
        if suffix not in (".kml", ".kmz"):  # of which one folder, a source, is a layer
            assert len(frame) == (0 if name == "none" else len(rows()))
            west, south, east, north = frame.total_bounds
            assert not west < -180 and not south < -90 and not east > 180 and not north > 90


def in_node(package: str, script: str, *paths: Path) -> str:
    """What a script prints that may import a package which ``npm install`` put into the checkout."""
    folder = next((path for path in (Path("node_modules"), Path(__file__).parent / "node_modules") if (path / package).is_dir()), None)
    if folder is None or shutil.which("node") is None:
        pytest.skip(f"needs node and npm install {package}")
    file = folder.parent / f"check-{Path(package).name}.mjs"
    file.write_text(script, encoding="utf-8")
    try:
        return subprocess.run(["node", file, *paths], check=True, capture_output=True, text=True, timeout=60).stdout
    finally:
        file.unlink()


def test_geojson_has_no_complaint_from_its_checker(made: Path) -> None:
    script = """
        import {check} from "@placemarkio/check-geojson"; import fs from "fs";
        for (const file of process.argv.slice(2)) check(fs.readFileSync(file, "utf8"));
    """
    in_node("@placemarkio/check-geojson", script, *made.glob("*.geojson"))


def test_flatgeobuf_is_read_by_its_own_library(tmp_path: Path) -> None:
    script = """
        import {deserialize} from "flatgeobuf/lib/mjs/geojson.js"; import fs from "fs";
        for (const file of process.argv.slice(2))
            for await (const feature of deserialize(new Uint8Array(fs.readFileSync(file)))) console.log(JSON.stringify(feature));
    """
    for geometry in ("point", "footprint"):
        placed = [row for row in rows() if row.get("footprint" if geometry == "footprint" else "lat") is not None]
        path = tmp_path / f"{geometry}.fgb"
        formats.write(placed, path, geometry=geometry)  # type: ignore[arg-type]
        features = [json.loads(line) for line in in_node("flatgeobuf", script, path).splitlines()]
        assert {feature["properties"]["event_id"] for feature in features} == {row["event_id"] for row in placed}
        assert all(feature["geometry"]["coordinates"] for feature in features)


def test_geoparquet_conforms(made: Path) -> None:
    checker = shutil.which("geoparquet-validator")
    if checker is None or not there(".parquet"):
        pytest.skip("needs geoparquet-validator from PyPI, and pyarrow")
    for path in made.glob("*.parquet"):
        done = subprocess.run([checker, "check", path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "FAIL" not in done.stdout, done.stdout


def test_kml_follows_its_schema(made: Path) -> None:
    etree = pytest.importorskip("lxml.etree", reason="needs lxml")
    found = importlib.util.find_spec("pykml")
    if found is None or found.origin is None:
        pytest.skip("needs the schema of OGC KML 2.2, which PyPI's pykml holds")
    folder = Path(found.origin).parent / "schemas"

    class Local(etree.Resolver):  # type: ignore[misc, name-defined]
        def resolve(self, url: str, public: str, context: Any) -> Any:
            return self.resolve_filename(str(folder / url.rsplit("/", 1)[-1]), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    schema = etree.XMLSchema(etree.parse(str(folder / "ogckml22.xsd"), parser))
    for path in made.glob("*.kml"):
        schema.assertValid(etree.parse(str(path), etree.XMLParser(huge_tree=True)))


def test_what_a_balloon_shows_is_text(made: Path) -> None:
    from xml.etree.ElementTree import parse

    for description in parse(made / "hard-point.kml").getroot().iter("{http://www.opengis.net/kml/2.2}description"):
        assert "<script" not in (description.text or "") and "$[" not in (description.text or "")


def test_a_workbook_holds_texts_and_no_formula(made: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(made / "hard-point.xlsx")
    kinds = {cell.data_type for row in book["events"].iter_rows() for cell in row}
    assert "f" not in kinds and "s" in kinds


RENDER = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import *
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
app = QgsApplication([], False)
app.initQgis()
told, layers = {}, []
for name in ("events", "places", "footprints", "plausible"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    renderer = layer.renderer()
    told[name] = {
        "count": layer.featureCount(), "renderer": renderer.type(),
        "classes": [str(c.value()) for c in renderer.categories()] if renderer.type() == "categorizedSymbol" else [],
        "label": layer.labeling().settings().fieldName if layer.labeling() else None,
    }
    layers.append(layer)
settings = QgsMapSettings()
settings.setLayers(layers if sys.argv[2] == "all" else layers[:1])
settings.setOutputSize(QSize(600, 400))
settings.setBackgroundColor(QColor("white"))
settings.setExtent(QgsRectangle(13, 26, 22, 32))
settings.setFlag(QgsMapSettings.DrawLabeling, sys.argv[2] == "all")
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
told["colours"] = sorted({QColor(image.pixel(x, y)).name() for x in range(600) for y in range(400)})
print(json.dumps(told))
sys.stdout.flush()
os._exit(0)
"""


def test_qgis_draws_the_styles_that_travel_in_the_geopackage(tmp_path: Path) -> None:
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    if subprocess.run([python, "-c", "import qgis.core"], capture_output=True, timeout=60).returncode:
        pytest.skip("needs Debian's python3-qgis")
    empty: Row = dict.fromkeys(COLUMNS)
    events = [
        empty | {
            "event_id": f"ev{i}", "lon": 14.0 + i, "lat": 29.0, "precision_ged": code, "location_text": "جنوب شرقي سرت",
            "footprint": shapely.Point(14 + i, 29).buffer(0.3), "plausible": shapely.Point(14 + i, 29).buffer(0.4),
        }
        for i, code in enumerate([1, 2, 3, 4, 5, 6, 7, None])
    ]  # fmt: skip
    formats.write(events, tmp_path / "a.gpkg")
    done = subprocess.run([python, "-c", RENDER, str(tmp_path / "a.gpkg"), "points"], capture_output=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    assert told["events"]["renderer"] == told["footprints"]["renderer"] == "categorizedSymbol"
    assert told["events"]["classes"] == ["1", "2", "3", "4", "5", "6", "7", ""] and told["events"]["count"] == 8
    assert told["events"]["label"] == "location_text"
    from geomap.formats.styles import LOOKS

    assert {f"#{look.colour}" for look in LOOKS} <= set(told["colours"])  # every precision is seen in its colour
    again = subprocess.run([python, "-c", RENDER, str(tmp_path / "a.gpkg"), "all"], capture_output=True, text=True, timeout=120)
    assert len(json.loads(again.stdout)["colours"]) > len(told["colours"])  # areas and labels, too
