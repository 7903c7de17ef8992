"""Sources that a user adds: tiny files of the shape that each publisher gives, whole and broken."""

import gzip
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from geomap.cli.gazetteer import gazetteer as command
from geomap.errors import GazetteerError, UsageError
from geomap.gazetteer import Layers, Lookup, open_gazetteer
from geomap.gazetteer import inputs as rooms
from geomap.gazetteer.build import built
from geomap.gazetteer.districts import Districts
from geomap.gazetteer.imports import Import, add, forget, imports
from geomap.gazetteer.inputs import Inputs
from geomap.gazetteer.sources import geonamescache, shapes
from geomap.gazetteer.sources.tables import COLUMNS
from geomap.model import Name

TABLE = ",".join(COLUMNS) + (
    "\nly-surt,Sirte,PPLA,31.2089,16.5887,,LY,Sirte,106705,سرت,Sirte,Syrte,,,gn:2210554,\n"
    "ly-surt-district,Sirte District,ADM1,30.0,17.0,156000,LY,Sirte,,سرت,Sirte,,,,iso:LY-SR,\n"
)


def dump_row(
    number: int,
    name: str,
    lat: object,
    lon: object,
    code: str = "P.PPL",
    country: str = "LY",
    others: str = "",
    people: object = 0,
) -> str:
    letter, feature = code.split(".")
    return (
        "\t".join(
            map(
                str,
                [
                    number,
                    name,
                    name,
                    others,
                    lat,
                    lon,
                    letter,
                    feature,
                    country,
                    "",
                    "76",
                    "",
                    "",
                    "",
                    people,
                    "",
                    "",
                    "",
                    "2024-01-01",
                ],
            )
        )
        + "\n"
    )


DUMP = (
    dump_row(2210554, "Surt", 31.20892, 16.58866, "P.PPLA", others="Sirte,سرت,srt", people=128123)
    + dump_row(2210555, "Sha‘bīyat Surt", 30, 17, "A.ADM1", others="Surt")
    + dump_row(90000001, "Wādī Tāmit", 30.9, 16.2, "H.WAD", others="وادي تامت")
    + dump_row(90000002, "Qaryat al Ghaylān", 31.1, 16.4)
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and a data folder of the test's own, and a small world instead of the great one."""
    monkeypatch.setenv("GEOMAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GEOMAP_DATA", raising=False)
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "libya.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(rooms, "tables_folder", lambda: folder)
    whole = rooms.Inputs

    def without_the_world(
        tables: tuple[Path, ...] = (), imports: tuple[Path, ...] = (), packages: bool = False, theirs: bool = False
    ) -> Inputs:
        return whole(tables, imports, False, theirs)

    monkeypatch.setattr(rooms, "Inputs", without_the_world)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def zipped(path: Path, text: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "columns of the table")
        archive.writestr(path.with_suffix(".txt").name, text)
    return path


def opened() -> Lookup:
    found = open_gazetteer()
    assert isinstance(found, Lookup)
    return found


def test_a_geonames_dump_is_merged_by_id_and_brings_what_is_new(home: Path) -> None:
    kept, count, skipped = add("geonames", [zipped(home / "LY.zip", DUMP)])
    assert (kept.id.rpartition("-")[0], count, skipped) == ("geonames-ly", 4, Counter())
    places = opened()
    sirte = places.place("gn:2210554")
    assert sirte is not None and sirte.population == 128123 and sirte == places.place("gm:ly-surt")
    wadi = places.find("وادي تامت")[0].place
    assert (wadi.id, wadi.feature_code, wadi.admin1) == ("gn:90000001", "WAD", "Sirte")  # GeoNames' code 76 is the district's
    assert "srt" not in {name.name for name in sirte.names}  # a machine's transliteration


def test_alternate_names_bring_language_and_kind(home: Path) -> None:
    names = "1\t2210554\tfr\tSyrte\t1\t\t\t\n2\t2210554\tlink\thttps://example.org\t\t\t\t\n3\t90000002\tar\tقرية الغيلان\t1\t\t\t\n4\t2210554\tla\tMacomades\t\t\t\t1\t-300\t700\n6\t2210554\tit\tSirte Marina\t\t\t\t\t1911\t1943\n5\t77\ten\tElsewhere\t\t\t\t\n"
    add("geonames", [write(home / "alternateNamesV2.txt", names), write(home / "LY.txt", DUMP)])
    places = opened()
    assert places.find("قرية الغيلان")[0].place.id == "gn:90000002"
    sirte = places.place("gn:2210554")
    assert sirte is not None
    assert ("Macomades", "la", "historical") in {(n.name, n.language, n.kind) for n in sirte.names}
    assert Name("Sirte Marina", "it", "historical", "1911", "1943") in sirte.names  # out of use, with the years that it was in use
    assert CliRunner().invoke(command, ["info"]).output.count("about a place that is not here") == 1


def test_codes_and_hierarchy_are_read(home: Path) -> None:
    add(
        "geonames",
        [
            write(home / "LY.txt", DUMP), write(home / "admin1CodesASCII.txt", "LY.76\tSurt Division\tSurt Division\t2210555\n"),
            write(home / "hierarchy.txt", "2210555\t2210554\tADM\n"),
        ],
    )  # fmt: skip
    places = opened()
    assert places.relations("gm:ly-surt") == (("located_in", "gn:2210555"), ("seat_of", "gn:2210555"))
    assert places.place("gn:2210555") == places.place("gm:ly-surt-district")  # Surt and Sirte District: the same consonants


def test_only_the_countries_asked_for_are_taken(home: Path) -> None:
    path = write(home / "allCountries.txt", DUMP + dump_row(5, "Paris", 48.85, 2.35, country="FR"))
    assert add("geonames", [path], countries=["fr"])[1] == 1


def test_rows_that_make_no_sense_are_counted_with_the_reason(home: Path) -> None:
    broken = (
        DUMP
        + dump_row(7, "Swapped", 131.2, 16.5)
        + dump_row(8, "Nowhere", "", "")
        + "8\tshort\n"
        + dump_row(2210554, "Surt", 31.2, 16.5)
    )
    _, count, skipped = add("geonames", [write(home / "LY.txt", broken)])
    assert count == 5 and skipped == {
        "coordinates out of range (lat and lon swapped?)": 1,
        "coordinates or population are no numbers": 1,
        "wrong number of columns": 1,
    }
    told = CliRunner().invoke(command, ["info"]).output
    assert "the same id again" in told


WOF = {
    "places": "wof_id\tplacetype\tname\tcountry\tlat\tlon\tregion_id\tcounty_id\tpopulation\tgn_id\tgn_fcode\twd_id\tdeprecated\tsuperseded_by\n"
    "1\tlocality\tSurt\tLY\t31.20\t16.58\t2\t\t1000\t2210554\tPPLA\tQ1\t\t\n"
    "2\tregion\tSurt\tLY\t30.1\t17.1\t\t\t\t\t\tQ2\t\t\n"
    "3\tlocality\tAl Qaryah\tLY\t30.5\t16.0\t2\t\t\t\t\t\t\t\n"
    "4\tlocality\tOld Town\tLY\t30.6\t16.1\t2\t\t\t\t\t\t2012-01-01\t3\n"
    "5\tpostalcode\t12345\tLY\t30.6\t16.1\t2\t\t\t\t\t\t\t\n",
    "names": "wof_id\tlang\tkind\tname\n1\tara\tpreferred\tسرت\n1\tfra\tvariant\tSyrtis\n3\tara\tpreferred\tالقرية\n3\teng\tvariant\tAQ\n",
}
SQUARE = {"type": "Polygon", "coordinates": [[[16, 29], [18, 29], [18, 31], [16, 31], [16, 29]]]}


def wof(home: Path) -> list[Path]:
    paths = []
    for kind, text in WOF.items():
        paths.append(home / f"LY.{kind}.tsv.gz")
        paths[-1].write_bytes(gzip.compress(text.encode()))
    shape = {"type": "Feature", "properties": {"wof_id": 2, "placetype": "region"}, "geometry": SQUARE}
    paths.append(home / "LY.polygons.geojsonl.gz")
    paths[-1].write_bytes(gzip.compress((json.dumps(shape) + "\n").encode()))
    return paths


def test_whos_on_first_is_merged_by_geonames_id_and_brings_shapes(home: Path) -> None:
    _, count, skipped = add("wof", wof(home))
    assert count == 5 and sum(skipped.values()) == 1
    places = opened()
    region = places.place("wof:2")
    assert region is not None and region.id == "gm:ly-surt-district" and region.footprint.bounds == (16, 29, 18, 31)
    assert 140_000 < region.radial_m < 160_000  # the smallest circle about two degrees by two
    assert places.find("القرية")[0].place.id == "wof:3" and not places.find("AQ", fuzzy=False)
    assert places.relations("wof:3") == (("located_in", "gm:ly-surt-district"),)
    merged = CliRunner().invoke(command, ["info", "--json"])
    assert {s["id"]: s["merged"] for s in json.loads(merged.output)[0]["sources"]} == {"geomap": 0, "wof-ly": 2}


def test_a_whole_record_of_whos_on_first_is_read(home: Path) -> None:
    told = {"wof:id": 9, "wof:name": "Bin Jawad", "wof:placetype": "locality", "wof:country": "LY", "geom:latitude": 30.8, "geom:longitude": 18.09,
            "name:ara_x_preferred": ["بن جواد"], "wof:concordances": {"gn:id": 2219000}, "wof:population": 7000}  # fmt: skip
    add(
        "wof",
        [
            write(
                home / "9.geojson",
                json.dumps({"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": [18.09, 30.8]}}),
            )
        ],
    )
    place = opened().find("بن جواد")[0].place
    assert (place.id, place.country, place.population) == ("wof:9", "LY", 7000)


def osm_file(home: Path) -> Path:
    rows = [
        {"type": "Feature", "id": "node/1", "properties": {"name": "الفقهاء", "name:en": "Al Fuqaha", "place": "village"}, "geometry": {"type": "Point", "coordinates": [16.35, 27.83]}},
        {"type": "Feature", "id": "node/2", "properties": {"name": "سرت", "name:en": "Sirte", "place": "city", "population": "128,123"}, "geometry": {"type": "Point", "coordinates": [16.59, 31.21]}},
        {"type": "Feature", "id": "node/3", "properties": {"place": "village"}, "geometry": {"type": "Point", "coordinates": [16, 31]}},
    ]  # fmt: skip
    return write(home / "libya.geojson", json.dumps({"type": "FeatureCollection", "features": rows}, ensure_ascii=False))


def test_openstreetmap_stays_a_layer_of_its_own(home: Path) -> None:
    _, count, skipped = add("osm", [osm_file(home)], countries=["LY"])
    assert count == 2 and sum(skipped.values()) == 1
    places = open_gazetteer()
    assert isinstance(places, Layers) and len(places.layers) == 2
    assert places.find("الفقهاء")[0].place.id == "osm:1"
    assert places.layers[0].find("الفقهاء", fuzzy=False) == ()
    assert "ODbL" in CliRunner().invoke(command, ["info"]).output
    assert len([one for one in places.find("سرت") if one.place.feature_code.startswith("PPL")]) == 1


def test_openstreetmap_as_a_table(home: Path) -> None:
    table = "@id,@lat,@lon,name,place,name:fr\nnode/5,30.8,18.09,Bin Jawad,town,Ben Jaouad\n"
    add("osm", [write(home / "libya.csv", table)], countries=["LY"])
    assert open_gazetteer().find("Ben Jaouad")[0].place.population == 10_000


@pytest.mark.parametrize(
    "told",
    [
        {"shapeName": "Sirte", "shapeISO": "LY-SR", "shapeID": "X1", "shapeGroup": "LBY", "shapeType": "ADM1"},
        {"ADM0_PCODE": "LY", "ADM1_EN": "Sirte", "ADM1_AR": "سرت", "ADM1_PCODE": "LY0205"},
        {"adm0_pcode": "LY", "adm1_name": "Sirte", "adm1_name1": "سرت", "adm1_pcode": "LY0205"},
    ],
)  # fmt: skip
def test_boundaries_give_their_shape_to_the_division_that_is_there(home: Path, told: dict[str, str]) -> None:
    feature = {"type": "Feature", "properties": told, "geometry": SQUARE}
    add("boundaries", [write(home / "adm1.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))])
    place = opened().place("gm:ly-surt-district")
    assert place is not None and place.footprint is not None and place.footprint.bounds == (16, 29, 18, 31)
    name, lon, lat, radius = Districts(opened())(16.01, 30.99) or ("", 0.0, 0.0, 0.0)
    assert (name, lon, lat) == (place.name, place.lon, place.lat) and 130_000 < radius < 160_000  # to the farthest corner


def test_ones_own_table_wins_and_can_be_forgotten(home: Path) -> None:
    mine = write(home / "mine.csv", "id,name,lat,lon,country\nsurt,Sirte,31.25,16.60,LY\ncamp,Camp Zaafaran,31.17,16.45,LY\n")
    kept, _, _ = add("csv", [mine])
    place = opened().place("gm:ly-surt")
    assert place is not None and place.lat == 31.25  # the caller is believed
    assert forget(kept.id) == kept and imports() == []
    place = opened().place("gm:ly-surt")
    assert place is not None and place.lat == 31.2089 and not opened().find("Camp Zaafaran", fuzzy=False)


def test_a_source_added_again_takes_the_place_of_the_first(home: Path) -> None:
    path = write(home / "LY.txt", DUMP)
    add("geonames", [path])
    write(path, DUMP.replace("128123", "130000"))
    add("geonames", [path])
    assert len(imports()) == 1
    sirte = opened().place("gn:2210554")
    assert sirte is not None and sirte.population == 130000


def test_entries_come_back_as_they_were_kept(home: Path) -> None:
    kept, count, _ = add("wof", wof(home))
    entries = list(Import(kept.path).entries())
    assert len(entries) == count and entries[0].names[0].name == "سرت" and entries[-1].footprint is not None


def cut(path: Path, part: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    return path


@pytest.mark.parametrize(
    ("kind", "make", "told"),
    [
        ("geonames", lambda home: cut(zipped(home / "LY.zip", DUMP * 500), 0.6), "cut off or no zip archive"),
        ("geonames", lambda home: write(home / "LY.txt", "id,name\n1,x\n"), "columns in its first line"),
        ("geonames", lambda home: write(home / "hierarchy.txt", "a b\n"), "no lines of parent, child"),
        ("geonames", lambda home: write(home / "admin1CodesASCII.txt", "x\n"), "no lines of code, name"),
        ("geonames", lambda home: write(home / "LY.txt", ""), "no place in LY.txt: the files are empty"),
        ("geonames", lambda home: home / "missing.zip", "is no file"),
        ("wof", lambda home: cut(wof(home)[0], 0.5), "cut off"),
        ("wof", lambda home: write(home / "x.geojson", '{"features": [{"type": "Feature", "properties": {}, "geometry": null}]}'), "no wof_id"),
        ("osm", lambda home: cut(osm_file(home), 0.5), "ends too early"),
        ("osm", lambda home: write(home / "x.csv", "a,b\n1,2\n"), "needs the columns lat, lon, name and place"),
        ("boundaries", lambda home: write(home / "x.geojson", json.dumps({"features": [{"properties": {"a": 1}, "geometry": SQUARE}]})), "neither shapeName"),
        ("csv", lambda home: write(home / "x.csv", "name\nSirte\n"), "no column id"),
    ],
)  # fmt: skip
def test_a_broken_source_is_told_in_one_line_and_leaves_nothing(home: Path, kind: str, make: object, told: str) -> None:
    with pytest.raises(GazetteerError) as error:
        add(kind, [make(home)])  # type: ignore[operator]
    assert told in str(error.value) and "\n" not in str(error.value)
    assert imports() == [] and opened().find("Sirte")


def test_a_source_of_no_known_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="known: geonames, wof, osm, boundaries, csv"):
        add("mapquest", [])


def test_features_longer_than_a_chunk_are_read_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "_HEAD", 64)
    monkeypatch.setattr(shapes, "_CHUNK", 16)
    assert [one["id"] for one in shapes.features(osm_file(home))] == ["node/1", "node/2", "node/3"]


def test_a_shape_is_measured_about_its_corrected_centre() -> None:
    horseshoe = {"type": "Polygon", "coordinates": [[[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3], [0, 0]]]}
    found = shapes.measured(horseshoe)
    assert found is not None
    lon, lat, radius, _ = found
    assert (
        round(((lon - 1.5) ** 2 + (lat - 1.5) ** 2) ** 0.5, 2) == 0.5
    )  # the middle lies in the gap: the nearest land stands for it
    assert 270_000 < radius < 290_000
    assert shapes.measured({"type": "Point", "coordinates": [1, 1]}) is None


# -- the command ------------------------------------------------------------------------------------------------------


def run(*words: str, given: str | None = None) -> str:
    result = CliRunner().invoke(command, list(words), input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_find_shows_the_step_and_the_reasons() -> None:
    shown = run("find", "سرت")
    assert shown.splitlines()[1].split("\t")[:5] == ["Sirte", "gm:ly-surt", "LY", "Sirte", "PPLA"]
    assert "first because: PPLA, 106,705 people, in our tables" in shown


def test_find_for_scripts_and_nearest_first() -> None:
    rows = [json.loads(line) for line in run("find", "Sirte", "--json", "--near", "29.9,17").splitlines()]
    assert [row["feature_code"] for row in rows] == ["ADM1", "PPLA"] and rows[1]["match"] == "exact"
    assert "km away" in run("find", "Sirte", "--near", "Sirte District")


def test_find_answers_a_file_of_names(home: Path) -> None:
    asked = write(home / "in.jsonl", '{"id": "a", "name": "Sirt", "country": "LY"}\n\n{"id": "b", "name": "Nowhere"}\n')
    run("find", "--batch", str(asked), "-o", str(home / "out.jsonl"))
    rows = [json.loads(line) for line in (home / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"] and rows[1]["candidates"] == []
    best = rows[0]["candidates"][0]
    assert best["place_id"] == "gm:ly-surt" and best["match"] == "skeleton"
    assert set(best) >= {"place_id", "name", "lat", "lon", "country", "feature_code", "radial_m", "match", "score"}
    assert json.loads(run("find", "--batch", "-", given='{"id": 1, "name": "سرت"}\n'))["id"] == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"name": "Sirte"}'])
def test_a_broken_line_of_a_batch_is_told_with_its_number(home: Path, line: str) -> None:
    asked = write(home / "in.jsonl", '{"id": "a", "name": "Sirte"}\n' + line + "\n")
    result = CliRunner().invoke(command, ["find", "--batch", str(asked), "-o", str(home / "out.jsonl")])
    assert result.exit_code == 3 and "in.jsonl:2:" in result.stderr
    assert [json.loads(answer)["id"] for answer in (home / "out.jsonl").read_text(encoding="utf-8").splitlines()] == ["a"]


def test_a_name_that_is_not_known_is_said_and_is_no_failure() -> None:
    assert "no place called 'Xqzwvk' is known" in run("find", "Xqzwvk")


@pytest.mark.parametrize(
    "words",
    [
        ["find"],
        ["add", "geonames"],
        ["find", "Sirte", "--batch", "x"],
        ["find", "Sirte", "--kind", "town"],
        ["find", "Sirte", "--near", "99,999"],
    ],
)
def test_wrong_usage_is_told(words: list[str]) -> None:
    assert isinstance(CliRunner().invoke(command, words).exception, UsageError)


def test_add_tells_what_became_of_the_rows_and_remove_takes_them_away(home: Path) -> None:
    shown = run("add", "geonames", str(zipped(home / "LY.zip", DUMP)))
    assert "4 rows read" in shown and "new places" in shown
    assert run("build").startswith(str(home / "cache"))
    assert "no longer part" in run("remove", "geonames-ly")
    run("remove", "Syrte", "--place", "gm:ly-surt", "--reason", "a test")
    run("remove", "gm:ly-surt-district")
    assert "1 rows read" in run(
        "add", str(write(home / "mine.csv", "id,name,lat,lon,country\ncamp,Camp Zaafaran,31.17,16.45,LY\n"))
    )
    assert opened().find("Camp Zaafaran")[0].place.id == "my:camp"
    places = opened()
    assert not places.find("Syrte", fuzzy=False) and places.place("iso:LY-SR") is None and places.place("gm:ly-surt") is not None


def test_what_cannot_be_built_in_does_not_stay_in_the_way(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Lookup:
        raise GazetteerError("the disk is full")

    monkeypatch.setattr("geomap.gazetteer.open_gazetteer", broken)
    result = CliRunner().invoke(command, ["add", "geonames", str(write(home / "LY.txt", DUMP))])
    assert isinstance(result.exception, GazetteerError) and imports() == []


def test_info_counts_by_country_and_language() -> None:
    shown = run("info", "--countries")
    assert "LY\t2" in shown and "CC BY 4.0" in shown and "Please credit: geomap gazetteer tables" in shown


def test_find_draws_a_map(home: Path) -> None:
    run("find", "Sirte", "--map", str(home / "sirte.html"))
    assert "<title>Sirte" in (home / "sirte.html").read_text(encoding="utf-8")


def test_every_command_shows_an_example_to_paste() -> None:
    for name in ("find", "info", "build", "add", "remove"):
        assert f"geomap gazetteer {name}" in run(name, "--help")


def test_two_layers_of_one_version_are_two_folders(home: Path) -> None:
    one = built(Inputs((home / "tables" / "libya.csv",), packages=False), home / "cache")
    other = built(Inputs((home / "tables" / "libya.csv",), packages=False, theirs=True), home / "cache")
    assert one != other


def test_the_greatest_city_of_the_capitals_name_is_the_capital(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def city(identifier: int, name: str, country: str, people: int, *others: str) -> dict[str, object]:
        return {
            "geonameid": identifier, "name": name, "countrycode": country, "population": people, "alternatenames": list(others),
            "latitude": 1.0, "longitude": 2.0, "admin1code": "",
        }  # fmt: skip

    cities = [
        city(1, "Washington", "US", 27_000), city(2, "Washington", "US", 690_000), city(3, "Boston", "US", 650_000), city(4, "Bogotá", "CO", 7_000_000),
        city(5, "Astana", "KZ", 1_300_000, "Nur-Sultan"), city(6, "Aktobe", "KZ", 500_000, ""),
    ]  # fmt: skip
    capitals = {"US": "Washington", "CO": "Bogota", "KZ": "Nur-Sultan", "AQ": ""}
    paths = [
        write(home / "cities.json", json.dumps({str(row["geonameid"]): row for row in cities})),
        write(home / "countries.json", json.dumps({code: {"capital": name} for code, name in capitals.items()})),
    ]
    monkeypatch.setattr(geonamescache, "files", lambda: paths)
    entries = list(geonamescache.Cities().entries())
    assert len(entries) == len(cities)
    assert {entry.id for entry in entries if entry.feature_code == "PPLC"} == {"gn:2", "gn:4", "gn:5"}
