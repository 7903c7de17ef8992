"""`geomap geoparse`: a line in, a line out, every name with its best place and a score."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from geomap.cli import main
from geomap.gazetteer import open_tables

TABLE = """\
id,name,feature_code,lat,lon,radial_m,country,admin1,population,names_ar,names_en,names_fr,names_other,relations,source,note
ly,Libya,PCLI,28,17,900000,LY,,6800000,ليبيا,Libya,Libye,,,,
ly-sirte,Sirte,PPLA,31.2,16.6,10000,LY,,128000,سرت,Sirte,Syrte,,,,
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "places.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "demonyms.csv").write_text("demonym,language,country\nLibyan,en,LY\n", encoding="utf-8")
    gazetteer = open_tables([tmp_path / "places.csv", tmp_path / "demonyms.csv"], cache=tmp_path / "cache")
    monkeypatch.setattr("geomap.cli.geoparse._opened", lambda _files: gazetteer)
    return tmp_path


def parse(folder: Path, *documents: dict[str, object], options: tuple[str, ...] = ()) -> list[dict[str, object]]:
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents), encoding="utf-8")
    result = CliRunner().invoke(main, ["geoparse", str(source), "-o", str(out), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_each_name_has_its_span_place_and_score(small: Path) -> None:
    text = "The strike took place southeast of Sirte, Libya."
    (document,) = parse(small, {"doc_id": 7, "text": text, "lang": "en"})
    names = document["toponyms"]
    assert document["doc_id"] == 7
    assert [(text[name["start"] : name["end"]], name["name"], name["place_id"]) for name in names] == [  # type: ignore[index,union-attr]
        ("Sirte", "Sirte", "gm:ly-sirte"), ("Libya", "Libya", "gm:ly"),
    ]  # fmt: skip
    assert all(0 < name["score"] <= 1 and name["lat"] is not None for name in names)  # type: ignore[index,union-attr]


def test_an_arabic_span_takes_the_particle_in_and_the_name_leaves_it_out(small: Path) -> None:
    text = "شن الطيران غارات على مواقع بسرت"
    (document,) = parse(small, {"doc_id": "a", "text": text, "lang": "ar"})
    (name,) = document["toponyms"]  # type: ignore[misc]
    assert (text[name["start"] : name["end"]], name["name"]) == ("بسرت", "سرت")


def test_given_spans_are_resolved_exactly(small: Path) -> None:
    spans = [{"start": 0, "end": 5}, {"start": 6, "end": 11}]
    (document,) = parse(small, {"doc_id": "s", "text": "Sirte Qwert", "lang": "en", "spans": spans})
    assert [{"start": name["start"], "end": name["end"]} for name in document["toponyms"]] == spans  # type: ignore[union-attr]
    known, unknown = document["toponyms"]  # type: ignore[misc]
    assert known["score"] > unknown["score"]


def test_demonyms_are_told_when_asked_for(small: Path) -> None:
    document = {"doc_id": "d", "text": "Libyan forces entered Sirte.", "lang": "en"}
    assert [name["name"] for name in parse(small, document)[0]["toponyms"]] == ["Sirte"]  # type: ignore[union-attr]
    both = parse(small, document, options=("--demonyms",))[0]["toponyms"]
    assert [(name["name"], name["place_id"]) for name in both] == [("Libyan", "gm:ly"), ("Sirte", "gm:ly-sirte")]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (b'{"doc_id": 2}', "no 'text'"),
        (b"[1, 2]", "not a JSON object"),
        (b"{", "no JSON"),
        (b'{"text": "Sirt\xe9"}', "not UTF-8"),
        (b'{"text": "Sirte", "spans": [{"start": 3, "end": 99}]}', "inside the text"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_others_are_parsed(small: Path, broken: bytes, told: str) -> None:
    (small / "bad.jsonl").write_bytes(b'{"doc_id": 1, "text": "Near Sirte."}\n\n' + broken + b'\n{"text": "In Sirte."}\n')
    result = CliRunner().invoke(main, ["geoparse", str(small / "bad.jsonl"), "-o", str(small / "o.jsonl")])
    assert result.exit_code == 3
    assert "bad.jsonl:3: " in result.stderr and told in result.stderr
    assert [json.loads(line)["doc_id"] for line in (small / "o.jsonl").read_text(encoding="utf-8").splitlines()] == [1, "4"]


def test_where_no_line_can_be_read_the_old_answers_stay(small: Path) -> None:
    (small / "bad.jsonl").write_text("nothing\n", encoding="utf-8")
    (small / "o.jsonl").write_text("old\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["geoparse", str(small / "bad.jsonl"), "-o", str(small / "o.jsonl")])
    assert (result.exit_code, (small / "o.jsonl").read_text(encoding="utf-8")) == (1, "old\n")
