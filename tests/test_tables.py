"""The tables a journalist may edit: every row complete, sourced, inside its country, and no name twice for one place."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from geomap.folding import fold

TABLES = Path(__file__).parent.parent / "gazetteer"
COLUMNS = [
    "id", "name", "feature_code", "lat", "lon", "radial_m", "country", "admin1", "population",
    "names_ar", "names_en", "names_fr", "names_other", "relations", "source", "note",
]  # fmt: skip
# The GeoNames feature codes that the tables use; a new one is looked up at geonames.org/export/codes.html and added here.
FEATURE_CODES = {"ADM1", "ADM1H", "ADM2", "ADM3", "ADMD", "PCLI", "PCLD", "PCLS", "PCLF", "PCLIX", "PCL", "TERR", "ZN", "ZNB", "LTER", "PRSH", "PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLC", "PPLF", "PPLH", "PPLL", "PPLQ", "PPLS", "PPLW", "PPLX", "STLMT", "AIRB", "AIRF", "AIRP", "AIRQ", "AIRH", "INSM", "FT", "CMP", "CMPRF", "DAM", "BDG", "PSTB", "PRN", "HSP", "OILR", "OILT", "PS", "PP", "RSTN", "BLDG", "ANS", "MN", "MSQE", "UNIV", "FCL", "HTL", "MKT", "TOWR", "MNMT", "TMB", "MILB", "NVB", "RGN", "RGNE", "RGNH", "RGNL", "OAS", "OILF", "GASF", "PRT", "CTRB", "CONT", "AREA", "PRK", "RESF", "RESW", "AGRC", "LCTY", "COLF", "MVA", "CST", "ISL", "ISLS", "MT", "MTS", "HLL", "HLLS", "PASS", "ERG", "DSRT", "VAL", "CAPE", "PEN", "PLN", "PLAT", "ISTH", "DLTA", "FRST", "GRGE", "RDGE", "TRGD", "DPR", "UPLD", "CNYN", "SEA", "OCN", "STRT", "WAD", "WADS", "WLL", "SBKH", "GULF", "BAY", "LK", "LKS", "RSV", "CNL", "HBR", "STM", "CHN", "MRSH", "SWMP", "SPNG", "FLLS", "STMD", "LGN", "RD", "RDJCT", "RDA", "ST", "RR", "TNL", "TRL", "CSWY"}
# West, south, east, north in degrees, generous by a tenth or two; a first check that no pair was swapped or mistyped.
BOXES = {
    "US": (-190.0, 18.5, -66.5, 71.6),
    "LY": (9.2, 19.4, 25.3, 33.8), "SY": (35.6, 32.2, 42.5, 37.4), "IQ": (38.7, 28.9, 48.9, 37.5), "YE": (41.7, 12.0, 54.8, 19.1),
    "SO": (40.9, -1.8, 51.6, 12.1), "SD": (21.7, 8.6, 38.9, 22.4), "SS": (23.9, 3.4, 36.1, 12.4), "PS": (34.1, 31.1, 35.7, 32.7),
    "IL": (34.1, 29.4, 35.95, 33.5), "LB": (35.0, 33.0, 36.7, 34.8), "UA": (22.0, 44.2, 40.4, 52.5), "AF": (60.4, 29.3, 75.0, 38.6),
    "ML": (-12.4, 10.0, 4.4, 25.1), "NE": (0.0, 11.6, 16.1, 23.7), "BF": (-5.7, 9.3, 2.5, 15.2), "TD": (13.4, 7.4, 24.1, 23.6),
    "NG": (2.5, 3.9, 14.8, 14.0), "ET": (32.9, 3.3, 48.1, 15.0), "EG": (24.6, 21.7, 37.2, 31.9), "IR": (43.9, 24.9, 63.5, 39.9),
    "PK": (60.8, 23.5, 77.2, 37.2), "MM": (92.0, 9.5, 101.3, 28.6), "RU": (19.6, 41.1, 180.0, 81.9), "CD": (12.2, -13.5, 31.4, 5.5), "CF": (14.4, 2.2, 27.5, 11.1),
    "CM": (8.4, 1.6, 16.3, 13.2), "MZ": (30.2, -27.0, 41.0, -10.4), "AM": (43.4, 38.8, 46.7, 41.4), "AZ": (44.7, 38.3, 50.7, 42.0),
    "CN": (73.4, 18.0, 135.2, 53.7),
    "TR": (25.5, 35.7, 45.0, 42.3), "SA": (34.4, 16.0, 55.8, 32.3), "AE": (51.4, 22.5, 56.5, 26.2), "QA": (50.6, 24.4, 51.8, 26.3), "KW": (46.4, 28.4, 48.6, 30.2),
    "BH": (50.3, 25.5, 50.9, 26.5), "OM": (51.9, 16.5, 60.0, 26.6), "JO": (34.8, 29.1, 39.4, 33.45), "CY": (32.2, 34.5, 34.7, 35.8), "DJ": (41.7, 10.8, 43.5, 12.8),
    "ER": (36.3, 12.3, 43.2, 18.1), "TN": (7.4, 30.2, 11.7, 37.6), "DZ": (-8.8, 18.9, 12.1, 37.3), "MA": (-13.3, 27.6, -0.9, 36.0), "EH": (-17.2, 20.7, -8.6, 27.8),
    "KE": (33.8, -4.8, 42.0, 5.6), "UG": (29.4, -1.6, 35.1, 4.3), "RW": (28.8, -2.9, 31.0, -1.0), "BI": (28.9, -4.6, 30.9, -2.2), "TZ": (29.2, -11.8, 40.6, -0.9),
    "BJ": (0.7, 6.1, 3.9, 12.5), "TG": (-0.2, 6.0, 1.9, 11.2), "CI": (-8.7, 4.2, -2.4, 10.8), "GH": (-3.3, 4.6, 1.3, 11.3), "SN": (-17.7, 12.2, -11.3, 16.8),
    "GN": (-15.2, 7.1, -7.6, 12.8), "MR": (-17.2, 14.6, -4.7, 27.4), "IN": (68.0, 6.6, 97.5, 35.6), "PH": (115.5, 4.5, 126.8, 21.2), "TH": (97.3, 5.6, 105.7, 20.5),
    "KH": (102.2, 9.8, 107.7, 14.8), "CO": (-79.2, -4.3, -66.8, 12.6), "VE": (-73.5, 0.6, -59.7, 12.3), "HT": (-74.6, 17.9, -71.6, 20.2), "EC": (-81.2, -5.1, -75.1, 1.6),
    "MX": (-118.6, 14.4, -86.6, 32.8), "XK": (20.0, 41.8, 21.9, 43.3), "RS": (18.8, 42.2, 23.1, 46.3), "GE": (39.9, 41.0, 46.8, 43.7), "MD": (26.5, 45.4, 30.2, 48.6),
    "BY": (23.1, 51.2, 32.9, 56.2), "KG": (69.2, 39.1, 80.4, 43.4), "TJ": (67.3, 36.6, 75.2, 41.1), "LK": (79.5, 5.8, 82.0, 10.0), "ID": (94.9, -11.2, 141.1, 6.2),
    "KR": (124.5, 33.0, 131.0, 38.7), "KP": (124.1, 37.6, 130.8, 43.1), "TW": (118.1, 21.8, 122.1, 26.5),
}  # fmt: skip
PLACE_TABLES = sorted(path for path in TABLES.glob("*.csv") if path.stem not in {"demonyms", "remove"})
COUNTRY_TABLES = [path for path in PLACE_TABLES if path.stem not in {"countries", "regions", "features"}]


@cache
def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def every_row(paths: list[Path]) -> list[dict[str, str]]:
    return [row for path in paths for row in rows(path)]


def names_of(row: dict[str, str]) -> list[str]:
    """All names of a row, without the language prefix of ``names_other`` and the kind after ``^``."""
    own = [name for column in ("names_ar", "names_en", "names_fr") for name in row[column].split("|") if name]
    other = [name.partition(":")[2] for name in row["names_other"].split("|") if name]
    return [name.partition("^")[0] for name in own + other]


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.csv")), ids=lambda path: path.stem)
def test_a_table_is_plain_utf8_with_unix_lines(path: Path) -> None:
    data = path.read_bytes()
    assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf")
    data.decode("utf-8")


@pytest.mark.parametrize("path", PLACE_TABLES, ids=lambda path: path.stem)
def test_a_table_has_the_agreed_columns_and_whole_rows(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert table[0] == COLUMNS
    assert not [line for line in table if len(line) != len(COLUMNS)]


@pytest.mark.parametrize("path", PLACE_TABLES, ids=lambda path: path.stem)
def test_every_row_is_complete(path: Path) -> None:
    for row in rows(path):
        assert re.fullmatch(r"[a-z]{2}|[a-z]{2,7}(-[a-z0-9]+)+", row["id"]), row["id"]
        assert row["name"] and row["name"] == row["names_en"].split("|")[0], row["id"]
        assert row["feature_code"] in FEATURE_CODES, (row["id"], row["feature_code"])
        assert row["source"].strip(), f"{row['id']}: every row says where it comes from"
        assert 100 <= int(row["radial_m"]) <= 6_000_000, row["id"]
        assert not row["population"] or int(row["population"]) > 0, row["id"]
        assert -90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180, row["id"]


def test_ids_are_unique_over_all_tables() -> None:
    ids = [row["id"] for row in every_row(PLACE_TABLES)]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("path", PLACE_TABLES, ids=lambda path: path.stem)
def test_no_name_stands_twice_for_one_place(path: Path) -> None:
    for row in rows(path):
        keys = [fold(name) for name in names_of(row)]
        assert all(keys), row["id"]
        assert len(set(keys)) == len(keys), (row["id"], sorted(key for key in set(keys) if keys.count(key) > 1))


@pytest.mark.parametrize("path", PLACE_TABLES, ids=lambda path: path.stem)
def test_names_are_clean_and_in_their_script(path: Path) -> None:
    arabic, latin = re.compile("[\u0621-\u064a]"), re.compile("[A-Za-z]")
    word = re.compile("[A-Za-z]{2}")  # a single letter may stand in an Arabic name: "مطار T4"
    for row in rows(path):
        for name in names_of(row):
            assert name == " ".join(name.split()) and ";" not in name, (row["id"], name)
        for name in filter(None, row["names_ar"].split("|")):
            assert arabic.search(name) and not word.search(name.partition("^")[0]), (row["id"], name)
        for column in ("names_en", "names_fr"):
            for name in filter(None, row[column].split("|")):
                assert latin.search(name) and not arabic.search(name), (row["id"], name)
        for name in filter(None, row["names_other"].split("|")):
            assert re.match(r"[a-z]{2,3}:.", name), (row["id"], name)


@pytest.mark.parametrize("path", COUNTRY_TABLES, ids=lambda path: path.stem)
def test_coordinates_lie_inside_their_country(path: Path) -> None:
    for row in rows(path):
        for country in row["country"].split("|"):
            west, south, east, north = BOXES[country]
            assert west <= float(row["lon"]) <= east and south <= float(row["lat"]) <= north, (row["id"], country)


def test_every_country_is_there_once() -> None:
    table = {row["country"]: row for row in rows(TABLES / "countries.csv")}
    assert len(table) == len(rows(TABLES / "countries.csv")) >= 249
    assert all(row["id"] == code.lower() and row["names_ar"] for code, row in table.items())


def test_relations_lead_to_rows() -> None:
    ids = {row["id"] for row in every_row(PLACE_TABLES)}
    for row in every_row(PLACE_TABLES):
        for relation in filter(None, row["relations"].split("|")):
            kind, _, target = relation.partition(":")
            assert kind in {"seat_of", "airport_of", "located_in"} and target in ids and target != row["id"], (row["id"], relation)


def test_a_source_that_is_an_id_serves_one_row() -> None:
    """Two rows from one GeoNames or Who's On First id would be one place twice."""
    seen: dict[str, str] = {}
    for row in every_row(PLACE_TABLES):
        for source in re.findall(r"(?:gn|wof):\d+", row["source"]):
            assert seen.setdefault(source, row["id"]) == row["id"], (source, seen[source], row["id"])


def test_removals_and_demonyms_are_complete() -> None:
    for row in rows(TABLES / "remove.csv"):
        assert (row["id"] or row["country"]) and row["name"] and row["reason"], row
    codes = {row["country"] for row in rows(TABLES / "countries.csv")}
    table = rows(TABLES / "demonyms.csv")
    assert all(row["demonym"] and row["language"] in {"ar", "en", "fr"} and set(row["country"].split("|")) <= codes for row in table)
    assert len({(fold(row["demonym"]), row["language"], row["country"]) for row in table}) > 2000


def test_small_post_offices_lie_in_the_united_states_and_stand_once() -> None:
    with (TABLES / "us-post-offices.tsv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    west, south, east, north = BOXES["US"]
    keys = [(row["state"], fold(row["name"])) for row in table]
    assert len(table) > 13_000 and len(set(keys)) == len(keys)
    assert [(row["state"], row["name"]) for row in table] == sorted((row["state"], row["name"]) for row in table)
    assert all(west <= float(row["lon"]) <= east and south <= float(row["lat"]) <= north for row in table)
    assert all(len(row["state"]) == 2 and not any(letter.isdigit() for letter in row["name"]) for row in table)
