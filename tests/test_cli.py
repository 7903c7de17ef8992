"""The command line as a user meets it: help, exit codes, one clear line for each bad input, doubt that is no failure."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from geomap.cli import COMMANDS, main

ENGLISH = "Two air strikes hit a camp 100 miles (161 km) southeast of Sirte on Tuesday, killing three militants."


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(f"published: 2017-09-28\n{ENGLISH}", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(command: str) -> None:
    done = CliRunner().invoke(main, [command, "--help"])
    assert done.exit_code == 0 and (f"geomap {command}" in done.output)
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert f"geomap {command}" in readme


def test_an_unknown_command_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2


def test_events_come_out_as_geojson_on_stdout(geomap, report: Path) -> None:
    found = json.loads(geomap("extract", report).stdout)
    assert found["type"] == "FeatureCollection" and len(found["features"]) == 1
    feature = found["features"][0]
    assert feature["properties"]["strikes_min"] == 2 and feature["properties"]["date_earliest"] == "2017-09-26"
    lon, lat = feature["geometry"]["coordinates"]
    assert (lat, lon) == (pytest.approx(30.177, abs=0.02), pytest.approx(17.770, abs=0.02))


def test_a_report_may_come_from_standard_input(geomap) -> None:
    out = geomap("extract", "-", "--published", "2017-09-28", "--format", "jsonl", stdin=ENGLISH).stdout
    assert json.loads(out)["date_earliest"] == "2017-09-26"


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("extract", "R", "-o", "-"), "{"),
        (("export", "R", "-o", "-", "--format", "csv"), "event_id,"),
        (("map", "R", "-o", "-"), "<!DOCTYPE html>"),
        (("compare", "R", "R", "-o", "-"), "2 events"),
        (("compare", "R", "R", "-o", "-", "--format", "jsonl"), "{"),
        (("compare", "R", "R", "-o", "-", "--format", "geojson"), "{"),
        (("compare", "R", "R", "-o", "-", "--format", "html"), "<!DOCTYPE html>"),
        (("compare", "R", "R", "--plot", "-", "--format", "csv"), "<svg"),
    ],
)
def test_a_dash_is_standard_output(geomap, report: Path, tmp_path: Path, words: tuple[str, ...], begins: str) -> None:
    done = geomap(*(report if word == "R" else word for word in words))
    assert done.stdout.startswith(begins)
    assert not Path("-").exists()


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".csv"])
def test_what_is_exported_can_be_read_back_and_drawn(geomap, report: Path, tmp_path: Path, suffix: str) -> None:
    geomap("export", report, "-o", tmp_path / f"a{suffix}")
    geomap("map", tmp_path / f"a{suffix}", "-o", tmp_path / "b.html")
    assert (tmp_path / "b.html").stat().st_size > 100_000


def test_one_bad_input_is_told_and_the_others_go_on(geomap, report: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02")
    bad = [tmp_path / "empty.txt", tmp_path / "binary.txt", tmp_path / "none.txt", "https://example.org/a", tmp_path / "a.pdf"]
    done = geomap("extract", report, *bad, "--format", "jsonl", code=3)
    lines = [line for line in done.stderr.splitlines() if line.startswith("geomap: ")]
    assert len(done.stdout.splitlines()) == 1 and len(lines) == len(bad)


def test_nothing_usable_is_exit_code_1(geomap, tmp_path: Path) -> None:
    done = geomap("extract", tmp_path / "none.txt", code=1)
    assert "no such file" in done.stderr and "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written_is_one_line(geomap, report: Path, tmp_path: Path) -> None:
    for command, name in [("map", "a.html"), ("export", "a.gpkg"), ("export", "a.geojson")]:
        done = geomap(command, report, "-o", tmp_path / "no" / name, code=1)
        assert str(tmp_path / "no") in done.stderr and "Traceback" not in done.stderr


def test_an_unknown_suffix_names_the_known_ones(geomap, report: Path, tmp_path: Path) -> None:
    done = geomap("export", report, "-o", tmp_path / "a.xyz", code=1)
    assert ".geojson" in done.stderr


def test_without_a_day_of_publication_a_relative_date_stays_open_and_is_told(geomap, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(ENGLISH, encoding="utf-8")
    done = geomap("extract", tmp_path / "r.txt", "--format", "jsonl")
    event = json.loads(done.stdout)
    assert event["date_earliest"] is None and "--published" in done.stderr


def test_an_unknown_place_keeps_the_event_and_gives_no_point(geomap) -> None:
    text = "Warplanes carried out two air strikes near the village of Qwxyzburg on Tuesday, killing three people."
    done = geomap("extract", "-", "--published", "2017-09-28", "--format", "jsonl", stdin=text)
    event = json.loads(done.stdout)
    assert event["lat"] is None and event["uncertainty_m"] is None and event["strikes_min"] == 2


def test_units_that_contradict_each_other_are_a_remark_not_a_failure(geomap) -> None:
    done = geomap("locate", "150 miles (100 km) southeast of Sirte", "--json")
    (location,) = json.loads(done.stdout)["locations"]
    assert any("contradict" in note or "not the same" in note or "disagree" in note for note in location["notes"])


def test_a_phrase_is_located_in_both_languages(geomap) -> None:
    for phrase in ("160 km southeast of Sirte", "160 كيلومترا جنوب شرقي مدينة سرت"):
        (location,) = json.loads(geomap("locate", phrase, "--json").stdout)["locations"]
        assert location["lat"] == pytest.approx(30.183, abs=0.02) and location["lon"] == pytest.approx(17.763, abs=0.02)
        assert location["uncertainty_m"] > 60_000 and location["anchor"]["place_id"]


def test_explain_shows_the_words_the_place_and_the_reasons(geomap, report: Path) -> None:
    words = geomap("explain", report).stdout
    assert "Sirte" in words and "gn:2210554" in words and "2017-09-26" in words
    assert json.loads(geomap("explain", report, "--json").stdout)["events"]


def test_a_position_for_the_public_is_its_districts(geomap, report: Path, tmp_path: Path) -> None:
    done = geomap("export", report, "--public", "district", "-o", tmp_path / "public.geojson")
    (feature,) = json.loads((tmp_path / "public.geojson").read_text(encoding="utf-8"))["features"]
    told = feature["properties"]
    assert done.returncode == 0 and told["anchor_name"] is None and told["location_text"] is None
    assert "generalised to the district Sirte District" in told["data_generalizations"] and told["uncertainty_m"] > 100_000
