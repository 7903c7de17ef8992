"""Comparing accounts: which speak of one strike, how far apart they put it, and what may have come between."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from geomap import formats
from geomap.cli import main
from geomap.comparison import compare
from geomap.comparison.events import as_events
from geomap.comparison.named import placed_by_name
from geomap.comparison.rivals import Rivals
from geomap.comparison.verdicts import causes
from geomap.comparison.words import Words, actors_of


def event(id: str, source: str, day: str | None, lat: float | None, lon: float | None, **more: Any) -> dict[str, Any]:
    row = {
        "id": id,
        "source": source,
        "date_earliest": day,
        "date_latest": day,
        "lat": lat,
        "lon": lon,
        "uncertainty_m": 20_000.0,
    }
    return row | {"event_type": "air_strike"} | more


def groups(rows: list[dict[str, Any]]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in compare(rows).assignments():
        found.setdefault(row["incident_id"], set()).add(row["id"])
    return {frozenset(ids) for ids in found.values()}


SIRTE = {"anchor_id": "ly-sirte", "anchor_lon": 16.5887, "anchor_lat": 31.2089}
NEAR = SIRTE | {"distance_m": 160_000.0, "bearing_deg": 135.0}
FAR = SIRTE | {"distance_m": 240_000.0, "bearing_deg": 135.0}


def test_two_strikes_four_days_and_ninety_kilometres_apart_are_two_incidents() -> None:
    rows = [
        event("a1", "A", "2017-09-26", 30.183, 17.763, strikes_min=2, strikes_max=2, **NEAR),
        event("a2", "A", "2017-09-22", 29.666, 18.342, strikes_min=6, strikes_max=6, killed_min=17, killed_max=17, **FAR),
        event("b1", "B", "2017-09-26", 30.177, 17.770, strikes_min=2, strikes_max=2, **NEAR),
        event("b2", "B", "2017-09-22", 29.660, 18.350, strikes_min=6, strikes_max=6, killed_min=17, killed_max=17, **FAR),
    ]
    assert groups(rows) == {frozenset({"a1", "b1"}), frozenset({"a2", "b2"})}


def test_one_source_never_stands_twice_in_an_incident() -> None:
    rows = [event(name, name[0], "2017-09-26", 30.18, 17.76) for name in ("a1", "a2", "b1", "b2", "c1")]
    assert all(len({name[0] for name in group}) == len(group) for group in groups(rows))


def test_a_row_without_a_day_stays_single_and_is_answered() -> None:
    rows = [event("a", "A", None, 30.18, 17.76), event("b", "B", "2017-09-26", 30.18, 17.76)]
    assert groups(rows) == {frozenset({"a"}), frozenset({"b"})}


def test_a_lost_direction_is_named_as_the_likely_cause() -> None:
    south = SIRTE | {"distance_m": 241_000.0, "bearing_deg": 180.0}
    rows = [
        event("a", "A", "2017-09-22", 29.666, 18.342, strikes_min=6, strikes_max=6, killed_min=17, killed_max=17, **FAR),
        event("b", "B", "2017-09-22", 29.036, 16.589, strikes_min=6, strikes_max=6, killed_min=17, killed_max=17, **south),
    ]
    (link,) = [link for link in compare(rows).links() if link["relation"] == "same"]
    assert link["verdict"] in ("tension", "contradiction") and "direction" in link["causes"][0]


def test_a_reference_snapped_to_its_anchor_is_no_contradiction() -> None:
    rows = [
        event(
            "a", "report", "2012-03-01", 5.59, 24.29, **SIRTE | {"anchor_lon": 24.7, "anchor_lat": 6.04, "distance_m": 70_000.0}
        ),
        event("b", "GED", "2012-03-01", 6.04, 24.70, uncertainty_m=1000.0),
    ]
    (link,) = compare(rows).links()
    assert link["verdict"] not in ("contradiction", "tension") and "snapped to anchor" in link["causes"][0]


def test_bits_add_up_and_every_field_is_there() -> None:
    rows = [event("a", "A", "2017-09-26", 30.18, 17.76), event("b", "B", "2017-09-26", 30.2, 17.8)]
    (link,) = compare(rows).links()
    assert sum(link["by_field"].values()) == pytest.approx(link["log2_bayes_factor"], abs=0.01)
    assert link["by_field"]["killed"] == 0  # unknown is neutral


def test_consensus_widens_when_sources_disagree_more_than_they_claim() -> None:
    def radius(apart: float) -> float:
        rows = [event(s, s, "2017-09-26", 30.0 + apart * k, 17.0, uncertainty_m=1000.0) for k, s in enumerate("AB")]
        return float(next(iter(compare(rows).incidents()))["uncertainty_m"])

    assert radius(0.1) > 2 * radius(0.001)


def test_nothing_to_compare_is_no_error() -> None:
    assert list(compare([]).links()) == [] and list(compare([]).assignments()) == []


def simulate(n: int, seed: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """n true events over ten degrees and three years, told by three sources that scatter, miss and err."""
    rng = np.random.default_rng(seed)
    rows, truth = [], {}
    lat, lon, day, dead = rng.uniform(5, 15, n), rng.uniform(5, 15, n), rng.integers(0, 1000, n), rng.poisson(4, n)
    for source in "ABC":
        for k in np.flatnonzero(rng.random(n) < 0.7):
            sigma = rng.choice([0.7, 3.0])
            gross = 30.0 if rng.random() < 0.03 else 0.0
            north, east = rng.normal(0, np.hypot(sigma, gross), 2) / 111.2
            when = str(np.datetime64("2015-01-01") + int(day[k] + rng.choice([0, 0, 0, 1])))
            id = f"{source}{k}"
            killed = max(0, int(dead[k] + rng.choice([0, 0, 1, -1])))
            place = {"lat": float(lat[k] + north), "lon": float(lon[k] + east), "uncertainty_m": sigma * 2000}
            rows.append(event(id, source, when, **place, killed_min=killed, killed_max=killed))
            truth[id] = int(k)
    return rows, truth


def test_simulated_sources_are_told_apart_and_joined() -> None:
    rows, truth = simulate(600, 1)
    label = {row["id"]: row["incident_id"] for row in compare(rows).assignments()}
    ids = [row["id"] for row in rows]
    pairs = [(a, b) for k, a in enumerate(ids) for b in ids[k + 1 :] if truth[a] == truth[b] or label[a] == label[b]]
    right = sum(truth[a] == truth[b] and label[a] == label[b] for a, b in pairs)
    assert right / len(pairs) > 0.93  # Jaccard: F1 above .96


def test_ninety_per_cent_regions_hold_about_that_share() -> None:
    rng = np.random.default_rng(3)
    rows, truths = [], {}
    for k in range(400):
        lat, lon = rng.uniform(0, 20, 2)
        truths[k] = (lat, lon)
        for source in "ABC":
            north, east = rng.normal(0, 5.0, 2) / 111.2
            day = str(np.datetime64("2015-01-01") + 3 * k)
            rows.append(event(f"{source}{k}", source, day, float(lat + north), float(lon + east), uncertainty_m=10_000.0))
    inside = total = 0
    for incident in compare(rows).incidents():
        numbers = {int(member[1:]) for member in incident["members"]}
        if len(numbers) == 1:
            lat, lon = truths[numbers.pop()]
            off = np.hypot(incident["lat"] - lat, (incident["lon"] - lon) * np.cos(np.radians(lat))) * 111.2
            inside, total = inside + (off * 1000 <= incident["uncertainty_m"]), total + 1
    assert total > 300 and 0.86 < inside / total < 0.97


def test_a_source_that_understates_its_doubt_is_found_out() -> None:
    rng = np.random.default_rng(5)
    rows = []
    for k in range(150):
        lat, lon = rng.uniform(0, 20, 2)
        for source in "ABC":
            sigma = 12.0 if source == "A" else 3.0  # A claims as much as the others
            north, east = rng.normal(0, sigma, 2) / 111.2
            day = str(np.datetime64("2015-01-01") + 5 * k)
            rows.append(event(f"{source}{k}", source, day, float(lat + north), float(lon + east), uncertainty_m=6000.0))
    radius = dict(zip((row["source"] for row in rows), compare(rows).radius_km, strict=True))
    assert radius["A"] > 2 * radius["B"] and radius["B"] == pytest.approx(3.0 * 2.146, rel=0.35)


def test_an_event_known_only_to_lie_before_its_announcement_finds_its_day() -> None:
    told = {"strikes_min": 6, "strikes_max": 6, "killed_min": 17, "killed_max": 17}
    rows = [
        event("a", "A", "2017-09-22", 29.67, 18.34, **told),
        event("b", "B", None, 29.66, 18.35, **told) | {"date_latest": "2017-09-24", "reported_latest": "2017-09-24"},
    ]
    assert groups(rows) == {frozenset({"a", "b"})}


def test_a_total_and_its_parts_are_told_apart_from_rivals() -> None:
    rows = [
        event("a1", "A", "2017-09-26", 30.18, 17.76, killed_min=10, killed_max=10),
        event("a2", "A", "2017-09-26", 30.19, 17.77, killed_min=7, killed_max=7),
        event("b", "B", "2017-09-26", 30.18, 17.76, killed_min=17, killed_max=17),
        event("far", "B", "2019-01-01", 20.0, 10.0, killed_min=1, killed_max=1),
    ]
    relations = {frozenset((link["a"], link["b"])): link["relation"] for link in compare(rows).links()}
    assert sorted(relations[frozenset(pair)] for pair in (("a1", "b"), ("a2", "b"))) == ["part_of", "same"]


def test_the_one_that_stands_apart_is_named() -> None:
    rows = [event(s, s, "2017-09-26", 30.0 + (0.9 if s == "D" else 0.0), 17.0, uncertainty_m=5000.0, killed_min=17, killed_max=17)
            for s in "ABCD"]  # fmt: skip
    (incident,) = compare(rows).incidents()
    assert incident["outlier"] == "D" and incident["verdict"] in ("tension", "contradiction")


def test_counts_of_an_incident_are_the_best_supported_and_no_average() -> None:
    rows = [event(s, s, "2017-09-26", 30.0, 17.0, killed_min=k, killed_max=k) for s, k in zip("ABC", (17, 17, 20), strict=True)]
    (incident,) = compare(rows).incidents()
    assert (incident["killed_min"], incident["killed_max"], incident["killed_support"]) == (17, 17, "2 of 3")


def test_gaps_and_centroids_are_reported() -> None:
    names = ("Darkush", "Maarrat", "Salqin", "Binnish", "Saraqib")
    rows = [event(f"a{k}", "A", f"2017-09-0{k + 1}", 35.0, 38.0, uncertainty_m=1000.0, place=name) for k, name in enumerate(names)]
    rows += [event("b", "B", "2017-09-02", None, None), event("c", "C", None, 35.0, 38.0)]
    told = " ".join(compare(rows).notes)
    assert "1 of 7 events have no day" in told and "1 of 7 events have no position" in told
    assert "5 events of one source share the point 35.0000, 38.0000: a geocoder's fall-back" in told


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Mir Ali", "Mirali village", 0),
        ("Miram Shah, North Waziristan", "Miramshah", 0),
        ("Datta Khel", "Dattakhel", 0),
        ("قرية بئر علي", "بئر علي", 0),
        ("Sirte", "Derna", 2),
        ("Sirte", "سرت", -1),
        ("unknown", "Sirte", -1),
    ],
)
def test_names_in_free_spelling(one: str, other: str, level: int) -> None:
    fillers = [event(f"f{k}", "C", "2017-09-01", 1.0, 1.0, place=name) for k, name in enumerate(("Kabul", "Herat", "Ghazni", "Balkh"))]
    events = as_events([event("a", "A", "2017-09-01", 1.0, 1.0, place=one), event("b", "B", "2017-09-01", 1.0, 1.0, place=other), *fillers])
    found, _, _ = Words(events, "place").compare(np.array([0]), np.array([1]))
    assert found[0] == level


def test_rivals_share_what_odds_there_are() -> None:
    events = as_events([event(name, name[0], "2017-09-01", 1.0, 1.0) for name in ("a1", "a2", "b1", "b2")])
    i, j = np.array([0, 0, 1, 1]), np.array([2, 3, 2, 3])
    alike = Rivals(events, i, j).chance(np.full(4, 10.0))
    assert alike == pytest.approx(0.5, abs=0.02)
    # Where a1 and b1 are sure of each other, b2 is left to a2, though b1 would suit it as well.
    sure = Rivals(events, i, j).chance(np.array([20.0, 5.0, 5.0, 5.0]))
    assert sure[0] > 0.95 and sure[3] > 0.9 and sure[1] < 0.1


def test_the_whole_set_in_figures_and_in_a_notebook() -> None:
    rows, _ = simulate(60, 2)
    found = compare(rows)
    told = found.agreement()
    assert told["pairs"] == sum(some["pairs"] for some in told["by_stated_uncertainty"].values()) > 30
    assert told["distance_m"]["50%"] <= told["distance_m"]["90%"] and 0.3 < told["share_consistent"] < 1
    assert "<table>" in found._repr_html_()
    frame = found.to_geodataframe()
    assert len(frame) == len(rows) and frame.crs.to_epsg() == 4326 and frame["incident_id"].nunique() < len(rows)


def test_a_comparison_is_written_with_lines_and_layers(tmp_path: Path) -> None:
    rows = [event(s.lower(), s, "2017-09-26", lat, 17.76, killed_min=7, killed_max=7) for s, lat in (("A", 30.18), ("B", 30.2))]
    found = compare(rows)
    frame = found.events.frame.assign(event_id=found.events.ids)
    formats.write(frame, tmp_path / "x.geojson", comparison=found)
    features = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["geometry"]["type"] for f in features if f.get("geometry_name") == "link"] == ["LineString"]
    formats.write(frame, tmp_path / "x.gpkg", comparison=found)
    import pyogrio

    assert {"events", "links", "incidents"} <= {name for name, _ in pyogrio.list_layers(tmp_path / "x.gpkg")}
    (incident,) = pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="incidents").to_dict("records")
    assert (incident["killed_min"], incident["killed_support"]) == (7, "2 of 2")
    (link,) = pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="links").to_dict("records")
    assert link["overlap"] > 0.5
    formats.write(frame, tmp_path / "x.csv", comparison=found)
    assert "incident_id" in (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("US", "الولايات المتحدة", 0),
        ("U.S. Africa Command", "قوات أمريكية", 0),
        ("coalition", "طيران التحالف بقيادة السعودية", 0),  # of which of them, a bare name does not say
        ("طيران التحالف", "US-led coalition", 0),
        ("Kenya", "الولايات المتحدة", 2),
        ("the men of the valley", "الولايات المتحدة", -1),
    ],
)
def test_actors_have_one_name_in_all_languages(one: str, other: str, level: int) -> None:
    events = as_events([event("a", "A", "2017-09-01", 1.0, 1.0, actor=one), event("b", "B", "2017-09-01", 1.0, 1.0, actor=other)])
    assert Words(events, "actor", read=actors_of).compare(np.array([0]), np.array([1]))[0][0] == level


@pytest.mark.parametrize(
    ("far_m", "bearing", "cause"),
    [
        (80_467.0, 135.0, "150 and 50 miles, a digit lost?"),
        (273_588.0, 135.0, "150 and 170 miles, a digit changed?"),
        (150_000.0, 135.0, "miles read as kilometres?"),
        (241_402.0, None, "leaves the direction out"),
        (241_402.0, 180.0, "direction lost or changed"),
    ],
)
def test_how_the_odd_account_came_about_is_guessed(far_m: float, bearing: float | None, cause: str) -> None:
    one = {**SIRTE, "distance_m": 241_402.0, "bearing_deg": 135.0, "source": "A"}
    likely = causes(one, {**SIRTE, "distance_m": far_m, "bearing_deg": bearing, "source": "B"})
    assert any(cause in told for told in likely)


def test_distances_that_contradict_each_other_in_one_text_are_named() -> None:
    said = {"source": "B", "georeference_remarks": "240 km and 170 mi contradict each other: both kept in the footprint"}
    assert any("B gives the distance in two units" in told for told in causes({"source": "A"}, said))


def told_by(source: str, day: str | None, lat: float | None, lon: float | None, **more: Any) -> dict[str, Any]:
    return event(f"{source}-{day}", source, day, lat, lon, **more) | {"report_id": source, "quote": "..."}


def test_reports_of_one_day_far_apart_in_a_country_are_not_joined_for_want_of_others() -> None:
    rows = [told_by("A", "2014-10-13", 36.13, 38.79), told_by("B", "2014-10-13", 36.5, 40.7), told_by("C", "2017-09-26", 30.1, 17.7)]
    assert all(len(group) == 1 for group in groups(rows))


def test_what_a_report_recalls_without_a_day_is_found_by_its_numbers() -> None:
    numbers = {"strikes_min": 6, "strikes_max": 6, "killed_min": 17, "killed_max": 17}
    rows = [
        told_by("A", "2017-09-22", 29.67, 18.34, **numbers),
        told_by("B", None, 28.0, 17.0, **numbers) | {"uncertainty_m": 748_000.0, "role": "background", "published": "2017-09-28"},
        told_by("C", None, 28.0, 17.0, killed_min=1, killed_max=1) | {"role": "background", "published": "2017-09-28"},
    ]
    assert groups(rows) == {frozenset({"A-2017-09-22", "B-None"}), frozenset({"C-None"})}


def test_a_name_says_less_where_all_neighbours_bear_it() -> None:
    def bits(others: str) -> float:
        rows = [event(f"f{k}", "AB"[k % 2], f"2016-{k % 12 + 1:02d}-01", 15.0 + 0.01 * k, 45.0, place=others) for k in range(40)]
        rows += [event(s, s, "2017-09-01", 15.2, 45.0, place="Miram Shah") for s in "AB"]
        (link,) = [link for link in compare(rows).links() if {link["a"], link["b"]} == {"A", "B"}]
        return float(link["by_field"]["place"])

    assert bits("Datta Khel") > bits("Miram Shah") + 2


def test_a_list_that_is_always_a_day_later_is_expected_to_be() -> None:
    rng = np.random.default_rng(1)
    rows = []
    for k in range(120):
        lat, lon = rng.uniform(0, 20, 2)
        for source, late in (("A", 0), ("B", 1)):
            rows.append(event(f"{source}{k}", source, str(np.datetime64("2015-01-01") + 9 * k + late), float(lat), float(lon)))
    rows.append(event("x", "A", "2012-01-05", 30.0, 5.0))
    rows += [event("early", "B", "2012-01-04", 30.0, 5.0), event("late", "B", "2012-01-06", 30.0, 5.0)]
    by_pair = {frozenset((link["a"], link["b"])): link["by_field"]["time"] for link in compare(rows).links()}
    assert by_pair[frozenset({"x", "late"})] > by_pair[frozenset({"x", "early"})] + 2


def test_the_agreement_is_drawn_with_a_line_for_each_class_and_two_sources() -> None:
    rows, _ = simulate(80, 2)
    rows[0]["source"] = '<b>"A"</b>'
    found = compare(rows)
    root = ElementTree.fromstring(found.plot())
    said = " ".join(root.itertext())
    pairs = found.agreement()["pairs"]
    assert f"{pairs:,} pairs of accounts" in said and "A / B" in said and "1 to 5 km" in said
    assert found.plot() == compare(rows).plot()
    bars = [float(bar.get("width", "")) for bar in root.iter("{http://www.w3.org/2000/svg}rect") if bar.get("height") == "14"]
    assert bars and max(bars) <= 260


def test_an_empty_comparison_has_a_picture_too() -> None:
    assert "No pair of accounts" in compare([]).plot()


def test_a_notebook_shows_the_evidence_escaped() -> None:
    rows = [event("a<1>", "<A>", "2017-09-26", 30.18, 17.76), event("b", "B", "2017-09-26", 30.2, 17.8)]
    html = compare(rows)._repr_html_()
    assert html.startswith("<svg") and "<details>" in html and "location +" in html
    assert "&lt;A&gt;" in html and "<A>" not in html and "a<1>" not in html


def test_two_tables_become_a_comparison_a_frame_and_a_map(tmp_path: Path) -> None:
    import geomap as gm

    for name, lat in (("a", 30.18), ("b", 30.2)):
        row = f"{name}1,{name.upper()},2017-09-26,2017-09-26,{lat},17.76,5000,air_strike\n"
        (tmp_path / f"{name}.csv").write_text(
            "id,source,date_earliest,date_latest,lat,lon,uncertainty_m,event_type\n" + row, encoding="utf-8"
        )
    found = gm.compare(tmp_path / "a.csv", tmp_path / "b.csv")
    assert found.to_geodataframe()["incident_id"].nunique() == 1
    block = gm.draw(found).layer.blocks().split('id="geomap-events">')[1].split("<")[0]
    assert next(iter(found.incidents()))["incident_id"].encode() in gzip.decompress(base64.b64decode(block))


def test_the_command_draws_the_agreement(tmp_path: Path) -> None:
    for source, lat in (("A", 30.18), ("B", 30.2)):
        text = f"id,source,date,lat,lon\n{source}1,{source},2017-09-26,{lat},17.76\n"
        (tmp_path / f"{source}.csv").write_text(text, encoding="utf-8")
    tables = [str(tmp_path / "A.csv"), str(tmp_path / "B.csv")]
    done = CliRunner().invoke(main, ["compare", *tables, "--plot", str(tmp_path / "x.svg")])
    assert done.exit_code == 0 and (tmp_path / "x.svg").read_text(encoding="utf-8").startswith("<svg")
    done = CliRunner().invoke(main, ["compare", *tables, "--plot", str(tmp_path / "x.png")])
    assert done.exit_code == 1 and ".svg" in done.stderr


def test_a_careless_table_is_read_with_care(tmp_path: Path) -> None:
    lines = (
        "id,source,date_earliest,date_latest,lat,lon,uncertainty_m,killed_min,killed_max",
        "a,A,2011-03,,14.1,45.2,0,5,3",
        "b,B,2011-03-20,2011-03-20,14.1,45.2,-1,3,5",
        "c,A,,,,,,,",
    )
    (tmp_path / "x.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = compare(formats.read_frame(tmp_path / "x.csv", empty=False))
    (incident,) = found.incidents()
    assert incident["members"] == ["a", "b"] and (incident["killed_min"], incident["killed_max"]) == (3, 5)
    assert (incident["date_earliest"], incident["date_latest"]) == ("2011-03-20", "2011-03-20")
    assert np.isnan(found.events.radius_km).all()


def test_names_of_a_plain_table_are_evidence(tmp_path: Path) -> None:
    head = "id,source,date_earliest,lat,lon,place\n"
    names = ("Azzan", "Jaar", "Lawdar", "Radaa", "Zinjibar")
    a = "".join(f"a{k},A,2011-03-{k + 1:02d},14.{k},45.2,{name}\n" for k, name in enumerate(names))
    (tmp_path / "a.csv").write_text(head + a, encoding="utf-8")
    (tmp_path / "b.csv").write_text(head + "b,B,2011-03-01,,,near Azan\n", encoding="utf-8")
    frames = [formats.read_frame(tmp_path / f"{name}.csv", empty=False) for name in "ab"]
    (link,) = [link for link in compare(pd.concat(frames)).links() if link["relation"] == "same"]
    assert {link["a"], link["b"]} == {"a0", "b"} and link["by_field"]["place"] > 0


def test_a_name_without_coordinates_is_sought_where_others_have_it_and_no_distance_is_told() -> None:
    rows = [event(f"a{k}", "A", f"2011-{k + 1:02d}-05", 14.0 + k, 45.0, place=name) for k, name in enumerate(("Azzan", "Jaar", "Lawdar"))]
    rows += [event("b", "B", "2011-02-05", None, None, place="Azan"), event("c", "C", "2011-02-05", None, None, place="Elsewhere")]
    found = compare(rows)
    sought = placed_by_name(found.events)
    assert (sought.lat[3], sought.lon[3]) == (14.0, 45.0) and np.isnan(sought.lat[4]) and np.isnan(found.events.lat[3])
    assert all(link["distance_m"] is None for link in found.links() if "b" in (link["a"], link["b"]))
    assert "1 of these were sought where other rows have the place that they name" in found.notes


def test_a_name_of_several_places_puts_nothing_anywhere() -> None:
    rows = [event(f"a{k}", "A", f"2011-{k + 1:02d}-05", 14.0 + 3 * k, 45.0, place="Azzan") for k in range(4)]
    rows.append(event("b", "B", "2011-02-05", None, None, place="Azzan"))
    assert np.isnan(placed_by_name(as_events(rows)).lat[4])
