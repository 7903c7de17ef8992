"""geomap georeference: a case a line in, an answer a line out; a broken line is told and the others still done."""

import json
import math

import pytest
import shapely
from click.testing import CliRunner

from geomap.cli import main

SIRTE = {"lat": 31.2089, "lon": 16.5887, "unit": "km"}
CASES = [
    {"id": "a", "type": "heading", **SIRTE, "distance": 160, "heading": "SE", "distance_precision": 10, "extent_m": 8000},
    {"id": "b", "type": "heading", **SIRTE, "distance": 50, "bearing_deg": 33.3, "distance_precision": 1, "extent_m": 0},
    {"id": "c", "type": "distance_only", **SIRTE, "distance": 20, "distance_precision": 1, "extent_m": 1000},
    {
        "id": "d",
        "type": "orthogonal",
        **SIRTE,
        "ns": 3,
        "nsdir": "N",
        "ew": 4,
        "ewdir": "W",
        "distance_precision": 1,
        "extent_m": 0,
    },
    {"id": "e", "type": "named_place", **SIRTE, "extent_m": 5000},
    {"id": "f", "type": "coordinates", **SIRTE, "coordinate_precision": 0.01},
    {"id": "g", "type": "path", **SIRTE, "distance_precision": 1, "extent_m": 2000},
]


def run(lines, *options):
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    result = CliRunner().invoke(main, ["georeference", "--batch", "-", *options], input=text)
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def test_every_type_is_answered_with_point_radius_and_regions():
    result, answers = run(CASES)
    assert result.exit_code == 0
    assert [answer["id"] for answer in answers] == [case["id"] for case in CASES]
    for answer in answers:
        assert answer["uncertainty_m"] > 0
        for name in ("footprint", "plausible", "plausible_80", "plausible_50"):
            assert shapely.geometry.shape(answer[name]).is_valid
            assert answer[name]["type"] in ("Polygon", "MultiPolygon")
    radii = {answer["id"]: answer["uncertainty_m"] for answer in answers}
    far = 160e3 + 8e3 + 5e3
    corner = math.sqrt(far**2 + 160e3**2 - 2 * far * 160e3 * math.cos(math.radians(22.5)))
    assert radii["a"] == pytest.approx(corner, abs=0.5)
    assert (radii["c"], radii["e"], radii["g"]) == (pytest.approx(21_500), pytest.approx(5_000), pytest.approx(2_500))
    assert radii["d"] == pytest.approx(707.1, abs=0.1)


def test_points_are_told_inside_or_outside_by_the_geodesic():
    _, (answer,) = run([CASES[0] | {"points": [[30.183, 17.763], [31.2089, 16.5887]]}])
    assert answer["contains"] == [True, False]


def test_an_unknown_datum_is_added_and_said():
    _, (plain, doubtful) = run([CASES[5], CASES[5] | {"id": "h", "datum": "unknown"}])
    assert doubtful["uncertainty_m"] > plain["uncertainty_m"] + 2_000
    assert any("datum" in remark for remark in doubtful["remarks"])


def test_darwin_core_names_on_request():
    _, (answer, *_) = run(CASES, "--profile", "darwincore")
    assert answer["decimalLatitude"] == pytest.approx(30.183, abs=1e-3)
    assert answer["geodeticDatum"] == "EPSG:4326"
    assert answer["pointRadiusSpatialFit"] > 1
    assert shapely.from_wkt(answer["footprintWKT"]).is_valid


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("not json", "no JSON"),
        ("[1]", "not a JSON object"),
        ({"id": 1, "type": "somewhere", **SIRTE}, "unknown type"),
        ({"id": 1, "type": "heading", "lat": 31, "distance": 5}, "lon"),
        ({"id": 1, "type": "heading", **SIRTE, "distance": "far", "heading": "N"}, "distance"),
        ({"id": 1, "type": "heading", **SIRTE, "distance": 5, "heading": "UP"}, "32 winds"),
        ({"id": 1, "type": "coordinates", "lat": 95, "lon": 0}, "no place on earth"),
        ({"id": 1, "type": "heading", **SIRTE, "distance": -5, "heading": "N"}, "negative"),
        ({"id": 1, "type": "distance_only", **SIRTE, "distance": 15_000}, "quarter of the earth"),
        ({"id": 1, "type": "named_place", **SIRTE, "extent_m": -5}, "negative"),
        ({"id": 1, "type": "orthogonal", **SIRTE, "ns": 3}, "nsdir"),
        ({"id": 1, "type": "heading", **SIRTE | {"unit": "league"}, "distance": 5, "heading": "N"}, "unknown unit"),
    ],
)
def test_a_broken_line_is_told_and_the_others_done(broken, told):
    result, answers = run([broken, CASES[0]])
    assert result.exit_code == 3
    assert len(answers) == 1
    assert told in result.stderr and ":1:" in result.stderr


def test_nothing_usable_is_an_error():
    result, answers = run(["{}"])
    assert (result.exit_code, answers) == (1, [])


def test_the_answer_file_is_written_whole(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(CASES[0]) + "\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["georeference", "--batch", str(source), "-o", str(target)])
    assert result.exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "a"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
