"""The golden story: two U.S. strikes southeast of Sirte in September 2017, told in Arabic and in English."""

import json
from pathlib import Path

import pytest

import geomap as gm
from geomap.pipeline import Depth, understand

REPORTS = Path(__file__).parent.parent / "maps" / "reports"
STORY = {"ar": REPORTS / "sirte-2017-09-28.ar.txt", "en": REPORTS / "sirte-2017-09-28.en.txt"}


@pytest.fixture(scope="module", params=["ar", "en"])
def events(request, gazetteer):
    (report,) = gm.read(STORY[request.param], published="2017-09-28")
    found = understand(report, gazetteer).events
    offsets = [event for event in found if event.georeference and event.georeference.locality_type == "FOH"]
    assert len(offsets) == 2
    return offsets


def test_the_news_is_two_strikes_on_tuesday_160_km_southeast_of_sirte(events) -> None:
    news = events[0]
    assert (news.role, news.type, news.factuality) == ("main", "air_strike", "asserted")
    assert (news.strikes.min, news.strikes.max) == (2, 2)
    assert news.occurred.edtf == "2017-09-26"
    assert (news.georeference.lat, news.georeference.lon) == (pytest.approx(30.183, abs=0.02), pytest.approx(17.763, abs=0.02))
    assert news.killed.min == 2 and news.killed.max is None


def test_what_it_recalls_is_six_strikes_240_km_southeast(events) -> None:
    camp = events[1]
    assert camp.role == "background"
    assert (camp.strikes.min, camp.killed.min, camp.killed.max, camp.vehicles_destroyed.min) == (6, 17, 17, 3)
    assert (camp.georeference.lat, camp.georeference.lon) == (pytest.approx(29.666, abs=0.02), pytest.approx(18.342, abs=0.02))


def test_the_day_of_a_statement_is_never_the_day_of_the_strike(gazetteer) -> None:
    (report,) = gm.read(STORY["ar"], published="2017-09-28")
    camp = next(event for event in understand(report, gazetteer).events if event.strikes and event.strikes.min == 6)
    assert camp.reported.edtf == "2017-09-24"
    assert camp.occurred is None or camp.occurred.earliest is None
    assert camp.occurred is None or camp.occurred.latest.isoformat() == "2017-09-24"


def test_an_earlier_day_counted_from_the_news_is_resolved(gazetteer) -> None:
    (report,) = gm.read(STORY["en"])
    camp = next(event for event in understand(report, gazetteer).events if event.strikes and event.strikes.min == 6)
    assert camp.occurred.edtf == "2017-09-22"


def test_every_quote_is_a_piece_of_the_report(events) -> None:
    for event in events:
        assert event.quote.span.of(event.report.text) == event.quote.quote


def test_a_point_has_a_radius_that_holds_its_footprint(events) -> None:
    for event in events:
        ref = event.georeference
        assert ref.uncertainty_m > 20_000 and ref.footprint.area > 0 and ref.plausible.area > 0


def test_the_same_bytes_come_out_twice(geomap, tmp_path: Path) -> None:
    outs = []
    for name in ("a", "b"):
        geomap("map", STORY["en"], "-o", tmp_path / f"{name}.html")
        geomap("extract", STORY["en"], "-o", tmp_path / f"{name}.geojson")
        outs.append(((tmp_path / f"{name}.html").read_bytes(), (tmp_path / f"{name}.geojson").read_bytes()))
    assert outs[0] == outs[1]


def test_places_that_are_mentioned_are_resolved(gazetteer) -> None:
    (report,) = gm.read(STORY["ar"], published="2017-09-28")
    meant = {r.toponym.name: r.place for r in understand(report, gazetteer).resolutions if r.place}
    assert {name: meant[name].country for name in ("سرت", "مصراتة", "طرابلس", "الجفرة")} == dict.fromkeys(
        ("سرت", "مصراتة", "طرابلس", "الجفرة"), "LY"
    )
    assert meant["سرت"].feature_code.startswith("PPL") and meant["الجفرة"].feature_code == "ADM1"


@pytest.mark.parametrize("told", STORY.values(), ids=STORY)
def test_rows_are_the_same_however_deep_a_report_is_read(gazetteer, told: Path) -> None:
    (report,) = gm.read(told, published="2017-09-28")
    shallow, *deeper = ([row | {"footprint": None, "plausible": None} for row in understand(report, gazetteer, depth=depth).rows] for depth in Depth)
    assert shallow and all(rows == shallow for rows in deeper)


def test_a_village_that_nobody_knows_lies_in_the_district_of_its_valley(gazetteer) -> None:
    # "warplanes struck the village of Zumurdan on Mount Narjisan in the district of Amedi, north of the province of Duhok"
    text = "قصفت طائرات حربية قرية زمردان في جبل نرجسان بقضاء العمادية شمالي محافظة دهوك، الجمعة، فقتل ثلاثة مسلحين."
    for depth in Depth:
        (event,) = understand(gm.report(text, published="2024-03-01"), gazetteer, depth=depth).events
        assert event.georeference.remarks[0] == "زمردان: not known; Amedi, named with it, stands in"
        assert event.georeference.uncertainty_m >= 15_000  # of a district of which only the seat is known


def test_a_town_on_another_side_of_the_earth_is_not_meant_where_a_province_is_told(gazetteer) -> None:
    # the only Piri known lies in Angola, the only Urman in Russia
    texts = {
        "An airstrike in the province of Khost killed 50 militants. The strike hit the Piri area of Musa Khil district on Friday.": 33.3,
        "Jordanian jets hit homes in Syria's Sweida province on Friday. The air strikes killed ten people in Urman.": 32.7,
    }
    for text, lat in texts.items():
        events = understand(gm.report(text, published="2017-08-05"), gazetteer).events
        assert all(event.georeference.lat == pytest.approx(lat, abs=0.1) for event in events)


def test_where_the_camp_was_is_said_after_its_province(gazetteer) -> None:
    text = "A strike hit a camp in Iraq's Kirkuk province on Friday. The camp was 16 miles west of Tuz Khurmatu."
    (event,) = understand(gm.report(text, published="2020-06-15"), gazetteer).events
    assert (event.georeference.locality.type, event.georeference.locality.anchors[0].name) == ("FOH", "Tuz Khurmatu")


@pytest.mark.parametrize(("says", "where"), [
    ("An airstrike on a market in Yemen's Red Sea port of Hodeidah killed 21 civilians.", "Hodeidah"),  # not in the middle of the sea
    ("A missile hit Kharkiv on Monday. In the Kharkiv region Oleh Syniehubov said it killed two people.", "Kharkiv"),  # he is no village
    ("قتل سبعة مدنيين بقصف مدفعي على الفاشر الأحد. وأفادت الفرقة السادسة مشاة بأن القصف تجدد.", "الفاشر"),  # a division that speaks
])  # fmt: skip
def test_what_is_no_place_of_the_attack_has_no_pin(gazetteer, says: str, where: str) -> None:
    (event, *_) = understand(gm.report(says, published="2018-08-03"), gazetteer).events
    assert event.georeference.locality.anchors[0].name == where and event.georeference.uncertainty_m < 20_000


@pytest.mark.parametrize(("says", "lat", "lon"), [
    ("A drone hit Bergamo, a small farming village northwest of the city of Kadugli in South Kordofan, on Monday, killing three.", 11.1, 29.6),
    ("قصفت طائرة مسيرة الاثنين بلدة ميلانو شمال غربي مدينة كادوقلي بولاية جنوب كردفان، فقتل ثلاثة.", 11.1, 29.6),
    ("A drone hit Zintan, a town southwest of the city of Tripoli in Libya, on Monday, killing three.", 31.9, 12.25),  # where it lies
    ("قصفت طائرة مسيرة الاثنين منطقة آل زربوط بمدينة ميلانو بالريف الشرقي من مأرب، فقتل ثلاثة.", 15.46, 45.4),  # nor does a namesake hold anything
    ("قتل خمسة الاثنين في غارة على منطقة أوباري (جنوب طرابلس) في ليبيا.", 26.5, 12.9),  # how far south, nobody says
    ("قتلت طائرة مسيرة الاثنين أربعة نازحين بالخيام في خان يونس.", 31.34, 34.3),  # tents, and no town of Lebanon
    ("قتلت طائرة مسيرة الاثنين أربعة أشخاص في بلدة الخيام في جنوب لبنان.", 33.33, 35.61),
    ("A drone hit a market in Milan on Monday, killing three. Two died in Kadugli in South Kordofan.", 45.5, 9.2),  # nothing ties the two
])  # fmt: skip
def test_a_namesake_on_another_side_of_the_earth_is_not_what_the_text_puts_beside_a_town(gazetteer, says: str, lat: float, lon: float) -> None:
    (event, *_) = understand(gm.report(says, published="2018-08-03"), gazetteer).events
    assert abs(event.georeference.lat - lat) < 0.3 and abs(event.georeference.lon - lon) < 0.3


def test_where_nothing_happened_no_place_is_sought_unless_it_is_asked_for(gazetteer) -> None:
    report = gm.report("The mayor of Sirte opened a new market on Tuesday.", published="2017-09-28")
    assert not understand(report, gazetteer).resolutions
    assert [one.place.name for one in understand(report, gazetteer, depth=Depth.PLACES).resolutions] == ["Sirte"]


def test_two_processes_say_the_same_as_one(geomap, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": f"r{n}", "text": STORY["en"].read_text(encoding="utf-8"), "published": "2017-09-28"}) for n in range(3)
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    one = geomap("extract", tmp_path / "in.jsonl", "--format", "jsonl").stdout
    two = geomap("extract", tmp_path / "in.jsonl", "--format", "jsonl", "--jobs", 2).stdout
    assert one == two and len(one.splitlines()) >= 6


def test_the_sources_are_compared(geomap, tmp_path: Path) -> None:
    other = REPORTS / "sirte-2017-09-25.en.txt"
    words = geomap(
        "compare", STORY["ar"], STORY["en"], other, "--published", "2017-09-28", "--links", tmp_path / "l.jsonl"
    ).stdout
    links = [json.loads(line) for line in (tmp_path / "l.jsonl").read_text(encoding="utf-8").splitlines()]
    same = [link for link in links if link["relation"] == "same"]
    assert len(same) >= 3 and "direction" in words
