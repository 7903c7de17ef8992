"""The index of places: built from small tables here, never from the world."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import GazetteerError
from geomap.folding import fold
from geomap.gazetteer import Layers, Lookup, build, inputs, open_tables
from geomap.gazetteer.build import FILE, built
from geomap.gazetteer.designators import without
from geomap.gazetteer.districts import Districts
from geomap.gazetteer.features import KINDS, answers, radial, weight
from geomap.gazetteer.index import signature, signatures
from geomap.gazetteer.inputs import Inputs
from geomap.gazetteer.sources.tables import COLUMNS
from geomap.gazetteer.spelling import bare, bones_of_few, bones_of_many, skeleton

HEAD = ",".join(COLUMNS) + "\n"
LIBYA = HEAD + (
    "ly,Libya,PCLI,27,17,750000,LY,,6500000,ليبيا,Libya,Libye,,,a fact,\n"
    "ly-surt,Sirte,PPLA,31.2089,16.5887,,LY,Sirte,106705,سرت,Sirte|Surt,Syrte,,seat_of:ly-surt-district,a fact,\n"
    "ly-surt-district,Sirte District,ADM1,30.0,17.0,156000,LY,Sirte,,سرت|شعبية سرت,Sirte,,,,a fact,\n"
    "ly-jufra,Jufra District,ADM1,28.2,17.0,193000,LY,Jufra,52342,الجفرة,Al Jufra,,,,a fact,\n"
    "ly-jufra-air-base,Jufra air base,AIRB,29.1981,16.001,,LY,Al Jufra,,قاعدة الجفرة الجوية,,,,,a fact,\n"
    "ly-misrata,Misrata,PPLA,32.3754,15.0925,,LY,,386120,مصراتة,Misrata,Misourata,Torri^historical,,a fact; gn:2214846,\n"
    "ly-tripoli,Tripoli,PPLC,32.8874,13.1873,,LY,,1150989,طرابلس,Tripoli,,,,a fact,\n"
    "lb-tripoli,Tripoli,PPLA,34.4335,35.8441,,LB,,229398,طرابلس,Tripoli,,,,a fact,\n"
    "ye-jufra,Al Jufrah,PPL,14.1,44.5,,YE,,,الجفره,,,,,a fact,\n"
    "ly-kufra,Kufra,PPLA,24.18,23.31,,LY,,60000,الكفرة,Kufra,Koufra,,,a fact,\n"
    "ua-kolomyia,Kolomyia,PPL,48.53,25.04,,UA,,61000,,,,,,a fact,\n"
    "cm-kumba,Kumba,PPL,4.64,9.45,,CM,,144000,,,,,,a fact,\n"
    "cm-kumbo,Kumbo,PPL,6.2,10.68,,CM,,80000,,,,,,a fact,\n"
    "cm-mora,Mora,PPL,11.05,14.14,,CM,,55000,,,,,,a fact,\n"
    "cm-maroua,Maroua,PPLA,10.6,14.33,,CM,,319000,ماروا,,,,,a fact,\n"
    "cm-bafoussam,Bafoussam,PPLA,5.48,10.42,,CM,,290000,,,,,,a fact,\n"
    "abyei,Abyei,RGN,9.6,28.4,60000,SS|SD,,,أبيي,Abyei,,,,a fact,\n"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "libya.csv"
    path.write_text(LIBYA, encoding="utf-8")
    (path.parent / "demonyms.csv").write_text("demonym,language,country\nLibyan,en,LY\nليبي,ar,LY\nليبية,ar,LY\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def places(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    return open_tables([table, table.parent / "demonyms.csv"], cache=tmp_path_factory.mktemp("cache"))


def first(places: Lookup, name: str, **how: object) -> tuple[str, str]:
    found = places.find(name, **how)  # type: ignore[arg-type]
    return (found[0].place.id, found[0].match) if found else ("", "")


@pytest.mark.parametrize(
    ("name", "how", "place", "step"),
    [
        ("Sirte", {}, "gm:ly-surt", "exact"),  # the town, not the district of its name
        ("سِرْت", {}, "gm:ly-surt", "exact"),  # vowel signs are spelling
        ("Syrte", {}, "gm:ly-surt", "exact"),
        ("مصراته", {}, "gm:ly-misrata", "exact"),  # teh marbuta or heh
        ("Tripoli", {}, "gm:ly-tripoli", "exact"),
        ("Tripoli", {"countries": ["LB"]}, "gm:lb-tripoli", "exact"),
        ("طرابلس", {"countries": ["LB"]}, "gm:lb-tripoli", "exact"),
        ("al-Kufra", {}, "gm:ly-kufra", "no_article"),
        ("كفرة", {}, "gm:ly-kufra", "no_article"),
        ("Musratah", {"countries": ["LY"]}, "gm:ly-misrata", "skeleton"),
        ("Sirt", {"countries": ["LY"]}, "gm:ly-surt", "skeleton"),
        ("كوفرا", {"countries": ["LY"]}, "gm:ly-kufra", "skeleton"),
        ("كولوميا", {"countries": ["UA"]}, "gm:ua-kolomyia", "skeleton"),  # only its Latin name is known
        ("كومبو", {"countries": ["CM"]}, "gm:cm-kumbo", "skeleton"),  # its vowels tell it from Kumba, which is greater
        ("مورا", {"countries": ["CM"]}, "gm:cm-mora", "skeleton"),  # two consonants: the same, and not only alike, and the vowels with them
        ("بافوسام", {"countries": ["CM"]}, "gm:cm-bafoussam", "skeleton"),
        ("Mistrata", {"countries": ["LY"]}, "gm:ly-misrata", "fuzzy"),
        ("Tripolli", {}, "gm:ly-tripoli", "trigram"),
        ("الجفرة", {}, "gm:ly-jufra", "exact"),
        ("الجفرة", {"kind": "airbase"}, "gm:ly-jufra-air-base", "exact"),  # what the cue word قاعدة asks for
        ("Jufra", {"kind": "airbase"}, "gm:ly-jufra-air-base", "exact"),
        ("Jufra", {"countries": ["YE"]}, "gm:ye-jufra", "skeleton"),
        ("مدينة سرت", {}, "gm:ly-surt", "no_article"),  # the cue word written with the name
        ("محافظة سرت", {}, "gm:ly-surt-district", "no_article"),
        ("Sirte province", {}, "gm:ly-surt-district", "no_article"),
        ("Tripoli, Lebanon", {"countries": ["LB"]}, "gm:lb-tripoli", "no_article"),  # what tells it from a namesake
        ("Sirte (Libya)", {}, "gm:ly-surt", "no_article"),
        ("Misrata Libya", {}, "gm:ly-misrata", "no_article"),
        ("مدينة سرت الليبية", {"countries": ["LY"]}, "gm:ly-surt", "no_article"),
        ("Abyei", {"countries": ["SD"]}, "gm:abyei", "exact"),  # disputed: in both countries
        ("Libyan", {"kind": "demonym"}, "gm:ly", "exact"),
    ],
)
def test_a_name_finds_its_place(places: Lookup, name: str, how: dict[str, object], place: str, step: str) -> None:
    assert first(places, name, **how) == (place, step)


@pytest.mark.parametrize("name", ["", "   ", "ـــ", "Xqzwvk", "؟"])
def test_what_is_no_name_finds_nothing(places: Lookup, name: str) -> None:
    assert list(places.find(name)) == []


def test_of_names_that_are_only_alike_the_likest_stands_first(places: Lookup) -> None:
    """Maroua has six times the people of Mora and the same consonants."""
    found = places.find("مورا", countries=["CM"])
    assert [one.place.id for one in found] == ["gm:cm-mora", "gm:cm-maroua"]
    assert sum(reason.bits for reason in found[1].reasons) < sum(reason.bits for reason in found[0].reasons)


def test_nothing_alike_is_offered_when_only_the_spelling_is_asked(places: Lookup) -> None:
    assert list(places.find("Tripolli", fuzzy=False)) == []


def test_every_candidate_says_why_and_the_scores_share_one(places: Lookup) -> None:
    found = places.find("طرابلس", countries=["LY"], kind="city")
    assert [one.place.country for one in found] == ["LY", "LB"]
    words = "; ".join(reason.text for reason in found[0].reasons)
    assert "PPLC, 1,150,989 people" in words and "lies in LY, as asked" in words and "what “city” names" in words
    assert 0.9 < sum(one.score for one in found) < 1
    assert found[0].score > found[1].score


def test_a_base_yields_its_towns_name_to_the_town_unless_the_base_is_asked_for(tmp_path: Path) -> None:
    rows = (
        "town,Qayyarah,PPL,35.8,43.29,,IQ,Nineveh,,القيارة,Qayyarah,,,,a fact,\n"
        "base,Qayyarah air base,AIRB,35.767,43.125,,IQ,Nineveh,,قاعدة القيارة الجوية,,,,,a fact,\n"
        "lone,Bagram air base,AIRB,34.946,69.265,,AF,,,قاعدة باغرام,,,,,a fact,\n"
        "far,Bagram,PPL,33.1,57.5,,IR,,300,,Bagram,,,,a fact,\n"
    )
    path = tmp_path / "bases.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    places = open_tables([path], cache=tmp_path)
    for name in ("Qayyarah", "القيارة", "Qayyara"):
        assert first(places, name, countries=["IQ"])[0] == "gm:town"
    town, base = places.find("Qayyarah")
    assert (town.place.id, base.place.id) == ("gm:town", "gm:base") and town.score > 4 * base.score
    assert "with the word for what it is" in base.reasons[1].text
    assert first(places, "القيارة", kind="airbase")[0] == first(places, "Qayyarah air base")[0] == "gm:base"
    assert first(places, "Bagram")[0] == "gm:lone"  # no place of its country bears the name whole


def test_a_cue_word_and_a_country_are_hints_and_no_filters(places: Lookup) -> None:
    assert [one.place.country for one in places.find("Tripoli", countries=["SY"], kind="wadi", fuzzy=False)] == ["LY", "LB"]


def test_a_place_comes_with_its_names_by_any_id(places: Lookup) -> None:
    by_own, by_geonames = places.place("gm:ly-misrata"), places.place("gn:2214846")
    assert by_own is not None and by_own == by_geonames
    assert {("Misourata", "fr", "preferred"), ("Torri", None, "historical")} <= {
        (n.name, n.language, n.kind) for n in by_own.names
    }
    assert places.place("gm:nowhere") is None
    assert by_own.__geo_interface__ == {"type": "Point", "coordinates": (15.0925, 32.3754)}


def test_relations_lead_from_the_seat_to_its_district(places: Lookup) -> None:
    assert places.relations("gm:ly-surt") == (("seat_of", "gm:ly-surt-district"),)


def test_containment_is_spelled_one_way(places: Lookup) -> None:
    base, district = places.place("gm:ly-jufra-air-base"), places.place("gm:ly-jufra")
    assert base is not None and district is not None
    assert base.admin1 == district.admin1 == "Jufra"  # the table wrote "Al Jufra" for the base


def test_names_tell_what_scanning_needs(places: Lookup) -> None:
    sirte, libyan = places.names.get("sirte"), places.names.get("libyan")
    assert sirte is not None and libyan is not None
    assert (sirte.population, sirte.feature_classes, sirte.preferred, sirte.curated) == (106705, "AP", True, True)
    assert libyan.feature_classes == "D" and not libyan.preferred
    assert places.names.get("nowhere") is None
    torri = places.names.get("torri")
    assert torri is not None and not torri.preferred  # a historical name is not what it goes by
    assert places.names.begins("jufra") and not places.names.begins("sirte district")


def test_demonyms_name_countries(places: Lookup) -> None:
    assert places.demonym("LIBYAN") == places.demonym("ليبي") == ("LY",)
    assert places.demonym("Sirte") == ()


def test_the_store_is_a_geopackage_that_gdal_opens(places: Lookup) -> None:
    import geopandas

    frame = geopandas.read_file(places.path, layer="places")
    assert len(frame) == LIBYA.count("\n") - 1 and frame.crs.to_epsg() == 4326
    row = frame[frame.id == "gm:ly-surt"].iloc[0]
    assert (round(row.geometry.x, 4), round(row.geometry.y, 4)) == (16.5887, 31.2089)
    assert len(geopandas.read_file(places.path, layer="places", bbox=(35, 34, 36, 35))) == 1


def test_the_same_inputs_give_the_same_bytes(table: Path, tmp_path: Path) -> None:
    one, other = (open_tables([table], cache=tmp_path / name).path.parent for name in ("a", "b"))
    for name in (FILE, "names.marisa", "names.index"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_a_great_gazetteer_is_indexed_in_parts_and_answers_as_one(
    table: Path, places: Lookup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.indexing, "PART", 6)
    monkeypatch.setattr(build.store, "_PACKED", 5)
    parted = open_tables([table, table.parent / "demonyms.csv"], cache=tmp_path)
    folder = parted.path.parent
    assert len(list(folder.glob("names*.marisa"))) > 3 and not (folder / "parts").exists()
    assert parted.version == places.version
    keys = [key for (key,) in sqlite3.connect(places.path).execute("SELECT key FROM names UNION SELECT key FROM demonyms")]
    for key in keys:
        assert parted.names.get(key) == places.names.get(key) is not None, key
        assert parted.names.begins(key) == places.names.begins(key), key
        assert parted.find(key) == places.find(key), key
    for name, countries in (("Mistrata", ["LY"]), ("Sirt", ["LY"]), ("كوفرا", ["LY"]), ("Tripolli", []), ("Nowhere", [])):
        assert parted.find(name, countries=countries) == places.find(name, countries=countries), name
    check = sqlite3.connect(parted.path).execute("SELECT rtreecheck('rtree_places_geom')").fetchone()
    assert check == ("ok",)


def test_a_changed_table_is_a_new_version_and_an_unchanged_one_is_built_once(table: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(LIBYA, encoding="utf-8")
    before = open_tables([mine], cache=tmp_path)
    stamp = before.path.stat().st_mtime_ns
    assert open_tables([mine], cache=tmp_path).path.stat().st_mtime_ns == stamp
    mine.write_text(LIBYA.replace("Syrte", "Syrta"), encoding="utf-8")
    after = open_tables([mine], cache=tmp_path)
    assert after.version != before.version
    assert first(after, "Syrta") == ("gm:ly-surt", "exact") and first(after, "Syrte", fuzzy=False) == ("", "")


def test_processes_that_build_at_once_build_once(table: Path, tmp_path: Path) -> None:
    script = f"from geomap.gazetteer import open_tables; from pathlib import Path; print(open_tables([{str(table)!r}], cache=Path({str(tmp_path)!r})).version)"
    running = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    versions = {one.communicate(timeout=60)[0] for one in running}
    assert len(versions) == 1 and all(one.returncode == 0 for one in running)
    assert len(list(tmp_path.glob("gazetteer-*"))) == 1 and not list(tmp_path.glob(".gazetteer-*"))


def test_a_second_thread_waits_for_the_first(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, make = [], build.make

    def slow(*args: object) -> None:
        made.append(args)
        time.sleep(0.2)
        make(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "make", slow)
    threads = [threading.Thread(target=open_tables, args=([table],), kwargs={"cache": tmp_path}) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_build_that_fails_leaves_the_old_one_serving(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Inputs((table,), packages=False)
    folder = built(given, tmp_path)

    def killed(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(build.indexing, "write", killed)
    with pytest.raises(GazetteerError, match="disk full"):
        built(given, tmp_path, again=True)
    assert first(Lookup(folder), "Sirte") == ("gm:ly-surt", "exact")
    assert not list(tmp_path.glob(".gazetteer-*"))


def test_a_killed_process_leaves_no_lock_and_no_half_gazetteer(table: Path, tmp_path: Path) -> None:
    script = (
        "from geomap.gazetteer import build; import os\n"
        "build.indexing.write = lambda *_: os._exit(9)\n"
        f"from geomap.gazetteer import open_tables; from pathlib import Path; open_tables([{str(table)!r}], cache=Path({str(tmp_path)!r}))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert not list(tmp_path.glob("gazetteer-*"))
    assert first(open_tables([table], cache=tmp_path), "Sirte") == ("gm:ly-surt", "exact")


def test_a_cache_that_cannot_be_written_is_said_in_one_line(table: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(GazetteerError, match="GEOMAP_CACHE") as told:
        open_tables([table], cache=blocked)
    assert "\n" not in str(told.value)


def test_a_cache_that_is_only_read_still_serves(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_tables([table], cache=tmp_path)
    for stamp in tmp_path.glob(".stamp-*"):
        stamp.unlink()

    def refused(*_: object) -> None:
        raise PermissionError("read-only file system")

    monkeypatch.setattr("geomap.files.tempfile.mkstemp", refused)
    monkeypatch.setattr(build, "_alone", refused)
    assert first(open_tables([table], cache=tmp_path), "Sirte") == ("gm:ly-surt", "exact")


@pytest.mark.parametrize("name", [FILE, "names.index", "names.marisa"])
def test_a_damaged_gazetteer_is_said_in_one_line(table: Path, tmp_path: Path, name: str) -> None:
    folder = open_tables([table], cache=tmp_path).path.parent
    (folder / name).write_bytes(b"rubbish" * 100)
    with pytest.raises(GazetteerError, match="geomap gazetteer build"):
        Lookup(folder)


def test_an_index_of_another_build_is_refused(table: Path, tmp_path: Path) -> None:
    folder = open_tables([table], cache=tmp_path).path.parent
    db = sqlite3.connect(folder / FILE)
    db.execute("UPDATE build SET value = 'another' WHERE key = 'id'")
    db.commit()
    db.close()
    with pytest.raises(GazetteerError, match="another build"):
        Lookup(folder)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (
            LIBYA.replace("31.2089,16.5887", "116.5887,31.2089"),
            "line 3: lat 116.5887 is outside -90 to 90; are lat and lon swapped",
        ),
        (LIBYA.replace("ly-kufra,", "ly-surt,"), "the id ly-surt stands already in"),
        (LIBYA.replace("PPLC", "town"), "no feature code"),
        (LIBYA.replace(",27,17,", ",south,17,"), "lat is no number: 'south'"),
        (LIBYA.replace("ly-kufra,Kufra,", "ly-kufra,,"), "name is empty"),
        (LIBYA.replace("id,name", "key,name"), "no column id"),
        (LIBYA.replace("seat_of:ly-surt-district", "seat of"), "a relation is written kind:id"),
        (LIBYA + "x,Y,PPL,1,1" + "," * 40 + "\n", "more cells than columns"),
    ],
)
def test_a_broken_row_is_named_by_its_line(tmp_path: Path, broken: str, told: str) -> None:
    path = tmp_path / "libya.csv"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(GazetteerError) as error:
        open_tables([path], cache=tmp_path)
    assert told in str(error.value) and "\n" not in str(error.value)


def test_a_table_in_another_encoding_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(LIBYA.encode("utf-16"))
    with pytest.raises(GazetteerError, match="not UTF-8"):
        open_tables([path], cache=tmp_path)


def test_a_wrong_name_is_taken_away_and_the_place_stays(table: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "remove.csv"
    wrong.write_text(
        "id,name,country,reason\nye-jufra,الجفرة,,a test\n,Syrte,LY,a test\nlb-tripoli,,,a whole place\n", encoding="utf-8"
    )
    places = open_tables([table, wrong], cache=tmp_path)
    assert [one.place.id for one in places.find("الجفره", fuzzy=False)] == ["gm:ly-jufra", "gm:ly-jufra-air-base"]
    assert places.place("gm:ye-jufra") is not None
    assert first(places, "Syrte", fuzzy=False) == ("", "")
    assert [one.place.country for one in places.find("طرابلس")] == ["LY"]


def test_the_callers_own_places_stand_over_the_others(table: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "id,name,lat,lon,country,names_ar\nbase,Brak,27.65,14.27,LY,براك\nbetter,Sirte,31.21,16.60,LY,سرت\n", encoding="utf-8"
    )
    both = Layers([open_tables([table], cache=tmp_path), Lookup(built(Inputs((mine,), packages=False, theirs=True), tmp_path))])
    assert [one.place.id for one in both.find("براك")] == ["my:base"]
    sirte = both.find("Sirte")
    assert [one.place.id for one in sirte if one.place.feature_code.startswith("PPL")] == [
        "my:better"
    ]  # 1 km from ours: the same town
    assert any(one.place.id == "gm:ly-surt-district" for one in sirte)
    assert both.place("gm:ly-surt") is not None and both.names.get("براك") is not None and both.names.begins("jufra")
    assert both.relations("gm:ly-surt") == (("seat_of", "gm:ly-surt-district"),)


def test_our_tables_are_read_from_a_checkout_or_from_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parent.parent
    assert inputs.tables_folder() == root / "gazetteer"
    package = tmp_path / "site-packages" / "geomap" / "gazetteer"
    (package / "tables").mkdir(parents=True)
    monkeypatch.setattr(inputs, "__file__", str(package / "inputs.py"))
    assert inputs.tables_folder() == package / "tables"
    (package / "tables").rmdir()
    with pytest.raises(GazetteerError, match="reinstall"):
        inputs.tables_folder()


@pytest.mark.parametrize(
    ("one", "other"),
    [("sabratah", "sabrata"), ("misurata", "musratah"), ("zuwara", "zouara"), ("ghadames", "ghadamis"), ("al jofra", "djoufra"),
     ("كيسمايو", "كسمايو"), ("бахмут", "bakhmut"), ("sebha", "sabha")],
)  # fmt: skip
def test_transcriptions_of_one_name_share_their_consonants(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("sirte", "sorman"), ("ghat", "kat"), ("سرت", "صرت"), ("gharyan", "karyan")])
def test_different_consonants_stay_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_keys_of_many_names_are_those_of_each() -> None:
    names = ["al jufra", "ras lanuf", "الجفره", "el", "an nawfaliyah", "бахмут", "abu al hol", "aljufra", "لا", "les ain"]
    assert bare("\n".join(names)).split("\n") == [bare(name) for name in names]
    assert skeleton("\n".join(names)).split("\n") == [skeleton(name) for name in names]


NAMES = st.text(st.sampled_from("aeiouyhwsrlbكسرتاويه 𐌰") | st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=12).map(fold)


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_one_name_asked_for_has_the_keys_that_a_build_gives_it_among_many(names: list[str]) -> None:
    keys = [name or "sirte" for name in names]
    assert bones_of_many("\n".join(keys)).split("\n") == [bones_of_few(key) for key in keys]
    assert signatures(keys).tolist() == [signature(key) for key in keys]


def test_a_designator_is_no_part_of_a_bases_name_but_of_a_towns() -> None:
    assert without("معبر باب الهوى الحدودي", "PSTB") == "باب الهوى"
    assert without("base aérienne d'al-Jufra", "AIRB") == "al-Jufra"
    assert without("Port Sudan", "PPL") is None and without("Lake Chad", "LK") is None


def test_every_place_has_a_radial_and_greater_towns_a_greater_one() -> None:
    assert radial("PPL", 500) < radial("PPL", 20_000) < radial("PPL", 300_000) < radial("PPL", 9_000_000)
    assert radial("PPLC", 900) >= 5000 and radial("XXXX", None) > 0


def test_a_hamlet_weighs_less_than_a_city_and_a_country_more() -> None:
    assert weight("PPL", None) < weight("PPL", 5_000) < weight("PPL", 2_000_000) < weight("PCLI", 3_000_000)
    assert weight("PPLX", 100_000) < weight("PPL", 100_000)


def test_kinds_are_those_that_toponyms_may_have() -> None:
    from typing import get_args

    from geomap.model import ToponymKind

    assert set(get_args(ToponymKind)) == set(KINDS)
    assert answers("city", "PPLA") == 1.0 and answers("city", "ADM1") == 0.0 and answers("nonsense", "PPL") == 0.0


# -- districts, for positions fit for the public ----------------------------------------------------------------------


def test_a_point_lies_in_the_division_of_the_nearest_town_if_its_radius_holds_it(places: Lookup) -> None:
    districts = Districts(places)
    assert districts(16.5, 31.1) == districts(16.7, 31.3) == ("Sirte District", 17.0, 30.0, 156_000.0)
    assert districts(15.1, 32.4) is None  # Misrata's division is not known here
    assert districts(0.0, 0.0) is None


def test_across_the_antimeridian_there_are_towns_too(tmp_path: Path) -> None:
    table = tmp_path / "fiji.csv"
    table.write_text(
        HEAD + "fj-taveuni,Taveuni,PPL,-16.8,-179.97,,FJ,Northern,9000,,,,,,a fact,\n"
        "fj-northern,Northern,ADM1,-16.6,179.2,140000,FJ,Northern,,,,,,,a fact,\n",
        encoding="utf-8",
    )
    found = Districts(open_tables([table], cache=tmp_path / "cache"))(179.95, -16.8)
    assert found is not None and found[0] == "Northern"
