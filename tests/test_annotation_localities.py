"""Location phrases: every line of tests/cases/*.where.toml, and what lines of text cannot show."""

from pathlib import Path

import pytest
from locality_cases import CASES, SmallNames, in_words, read

from geomap.annotation import annotate, load_language
from geomap.model import Locality, Report, Toponym

FILES = sorted(CASES.glob("*.where.toml"))


def localities(text: str, code: str, towns: list[str], areas: list[str]) -> list[Locality]:
    mentions = annotate(Report("r", text), load_language(code), SmallNames(towns, areas))
    return [mention for mention in mentions if isinstance(mention, Locality)]


def lines(path: Path) -> list[object]:
    code = path.name.split(".")[0]
    tables = read(path.name)
    return [pytest.param(code, tables["towns"], tables["areas"], *_split(case), id=f"{code}: {case[0]}") for case in tables["cases"]]


def _split(case: list[str]) -> tuple[str, list[str]]:
    return case[0], case[1:]


@pytest.mark.parametrize(("code", "towns", "areas", "text", "expected"), [line for path in FILES for line in lines(path)])
def test_a_phrase_is_read_as_noted(code: str, towns: list[str], areas: list[str], text: str, expected: list[str]) -> None:
    assert [in_words(locality) for locality in localities(text, code, towns, areas)] == expected


def test_both_main_languages_have_their_cases() -> None:
    assert all(len(read(f"{code}.where.toml")["cases"]) >= 150 for code in ("ar", "en"))


def test_an_unknown_anchor_is_taken_from_its_place_in_the_phrase_and_said_to_be_unknown() -> None:
    (locality,) = localities("12 km north of Qasr Harun", "en", [], [])
    (anchor,) = locality.anchors
    assert (anchor.name, anchor.known) == ("Qasr Harun", False)


def test_unknown_anchors_are_mentions_so_that_they_can_be_looked_up() -> None:
    mentions = annotate(Report("r", "12 km north of Qasr Harun"), load_language("en"), SmallNames([], []))
    assert any(isinstance(mention, Toponym) and mention.name == "Qasr Harun" for mention in mentions)


def test_an_airport_keeps_its_town_as_parent() -> None:
    (locality,) = localities("على بعد 6 كلم غرب مطار الحديدة", "ar", ["الحديدة"], [])
    (anchor,) = locality.anchors
    assert (anchor.name, anchor.kind, anchor.parent and anchor.parent.name) == ("مطار الحديدة", "airport", "الحديدة")


def test_spans_cover_the_words_of_the_phrase_in_the_source_text() -> None:
    text = "He said it fell on a farm ٢٠ كم, no: about 20 km (12 miles) south of Homs."
    (locality,) = (found for found in localities(text, "en", ["Homs"], []) if found.type == "FOH")
    (offset,) = locality.offsets
    assert locality.span.of(text) == "about 20 km (12 miles) south of Homs"
    assert offset.distance is not None and offset.distance.written == "20"
    assert offset.distance.other is not None and (offset.distance.other.min, offset.distance.other.unit) == (12, "mi")


def test_contradictory_units_are_told_in_a_note() -> None:
    (locality,) = localities("150 miles (100 km) south of Sirte", "en", ["Sirte"], [])
    assert locality.notes == ("contradictory units: 150 mi is 241 km, the text says 100 km",)


def test_coordinates_know_how_fine_they_were_written() -> None:
    (coarse,) = localities("at 30°11' N, 17°45' E", "en", [], [])
    (fine,) = localities("at 30.18333, 17.76306", "en", [], [])
    (mixed,) = localities("at 30°11'15\"N, 17°45'E", "en", [], [])
    assert coarse.precision_deg == mixed.precision_deg == pytest.approx(1 / 60)
    assert fine.precision_deg == pytest.approx(1e-5)
    assert fine.point == (17.76306, 30.18333)


@pytest.mark.parametrize("text", ["40QBB12345678901", "at 98.12345, 17.12345", "30°75'00\"N 17°00'00\"E", "results of 12.50 13.75"])
def test_what_only_looks_like_coordinates_is_none(text: str) -> None:
    assert not [found for found in localities(text, "en", [], []) if found.type == "coordinates"]
