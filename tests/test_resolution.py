"""Which place is meant: size first, then what the report says; doubt is kept and told."""

import pytest

from geomap.annotation import load_language
from geomap.annotation.toponyms import find_in
from geomap.gazetteer import Lookup, open_tables
from geomap.model import Report, Resolution, Span, Toponym
from geomap.pipeline import locate_phrase
from geomap.resolution import resolve

TABLE = """\
id,name,feature_code,lat,lon,radial_m,country,admin1,population,names_ar,names_en,names_fr,names_other,relations,source,note
ly,Libya,PCLI,28,17,900000,LY,,6800000,ليبيا,Libya,Libye,,,,
lb,Lebanon,PCLI,33.8,35.8,90000,LB,,6800000,لبنان,Lebanon,Liban,,,,
us,United States,PCLI,39.8,-98.5,2500000,US,,330000000,الولايات المتحدة,United States|US|U.S.,,,,,
gb,United Kingdom,PCLI,54.8,-2.7,500000,GB,,66000000,بريطانيا,United Kingdom|UK,,,,,
us-maine,Maine,ADM1,45.5,-69.2,200000,US,Maine,1340000,,Maine,,,,,
ly-jufra,Jufra District,ADM1,28.2,17,190000,LY,Jufra District,52000,الجفرة,Jufra|Jufra District,,,,,
ly-jufra-base,Jufra Air Base,AIRB,29.2,16,3000,LY,Jufra District,,قاعدة الجفرة,Jufra|Jufra Air Base,,,,,
ly-sirte-district,Sirte District,ADM1,30.9,17.4,150000,LY,Sirte District,140000,سرت,Sirte|Sirte District,,,,,
ly-sirte,Sirte,PPLA,31.2,16.6,10000,LY,Sirte District,128000,سرت,Sirte,Syrte,,,,
ly-tripoli,Tripoli,PPLC,32.9,13.2,15000,LY,Tripoli,1150000,طرابلس,Tripoli,,,,,
lb-tripoli,Tripoli,PPLA,34.4,35.8,6000,LB,North,229000,طرابلس,Tripoli,,,,,
lb-zgharta,Zgharta,PPL,34.4,35.9,3000,LB,North,30000,زغرتا,Zgharta,,,,,
lb-beirut,Beirut,PPLC,33.9,35.5,8000,LB,Beirut,1900000,بيروت,Beirut,,,,,
us-bangor,Bangor,PPL,44.8,-68.8,8000,US,Maine,32000,,Bangor,,,,,
gb-bangor,Bangor,PPL,54.65,-5.7,5000,GB,Northern Ireland,61000,,Bangor,,,,,
gt,Guatemala,PCLI,15.5,-90.25,190000,GT,,16000000,,Guatemala,,,,,
gt-city,Guatemala City,PPLC,14.64,-90.51,9000,GT,Guatemala,995000,,Guatemala City|Guatemala,,,,,
us-oh-troy,Troy,PPL,40.04,-84.2,4000,US,Ohio,26000,,Troy,,,,,
us-mi-troy,Troy,PPL,42.61,-83.15,4000,US,Michigan,83000,,Troy,,,,,
us-oh-lima,Lima,PPL,40.2,-84.3,4000,US,Ohio,37000,,Lima,,,,,
pe-lima,Lima,PPLC,-12.05,-77.04,15000,PE,Lima,7700000,,Lima,,,,,
us-oh-sidney,Sidney,PPL,40.28,-84.16,4000,US,Ohio,20000,,Sidney,,,,,
ir-baldeh,Baldeh,PPL,36.16,51.81,3000,IR,Mazandaran,5000,البلدة,Baldeh|The Town,,,,,
il,Israel,PCLI,31.5,34.75,81000,IL,,8900000,إسرائيل,Israel,,,,,
sy-quneitra,Quneitra,PPLA,33.126,35.8246,1500,SY,Quneitra,36000,القنيطرة,Quneitra,,,,,
ma-kenitra,Kenitra,PPLA2,34.261,-6.58,5000,MA,Rabat,471000,القنيطرة,Kenitra,,,,,
us-ne-sidney,Sidney,PPL,41.14,-102.98,4000,US,Nebraska,6800,,Sidney,,,,,
"""


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    folder = tmp_path_factory.mktemp("gazetteer")
    table = folder / "places.csv"
    table.write_text(TABLE, encoding="utf-8")
    return open_tables([table], cache=folder / "cache")


def read(text: str, gazetteer: Lookup, language: str = "en", **hints: object) -> dict[str, Resolution]:
    mentions = find_in(text, load_language(language), gazetteer.names)
    report = Report("r", text, language=language, url=hints.pop("url", None))  # type: ignore[arg-type]
    return {found.toponym.name: found for found in resolve(report, mentions, gazetteer, **hints)}  # type: ignore[arg-type]


def country(resolution: Resolution) -> str | None:
    return resolution.candidates[0].place.country


def test_the_greater_place_is_meant_where_nothing_else_is_said(gazetteer: Lookup) -> None:
    assert country(read("An explosion was heard in Tripoli.", gazetteer)["Tripoli"]) == "LY"


def test_the_other_names_of_a_report_decide_which_tripoli(gazetteer: Lookup) -> None:
    found = read("انفجار في طرابلس قرب زغرتا شمالي لبنان، والجرحى نقلوا إلى بيروت", gazetteer, "ar")
    assert country(found["طرابلس"]) == "LB"
    assert any("LB" in reason.text or "Zgharta" in reason.text for reason in found["طرابلس"].candidates[0].reasons)


def test_what_the_text_puts_into_an_area_lies_there(gazetteer: Lookup) -> None:
    found = read("The fire broke out in Bangor, Maine.", gazetteer)
    assert found["Bangor"].place is not None and found["Bangor"].place.country == "US"
    assert any(reason.text.startswith("the text puts it in") for reason in found["Bangor"].candidates[0].reasons)


def test_a_hint_is_weighed_and_named(gazetteer: Lookup) -> None:
    found = read("An explosion was heard in Tripoli.", gazetteer, countries=("LB",))["Tripoli"]
    assert country(found) == "LB"
    assert any(reason.text == "you named LB" for reason in found.candidates[0].reasons)


def test_without_a_cue_the_town_is_meant_and_with_one_its_district(gazetteer: Lookup) -> None:
    codes = [
        read(text, gazetteer)["Sirte"].candidates[0].place.feature_code
        for text in ("Fighting near Sirte in Libya.", "Fighting in Sirte district in Libya.")
    ]
    assert codes == ["PPLA", "ADM1"]


def test_a_cue_word_tells_an_air_base_from_its_district(gazetteer: Lookup) -> None:
    toponyms = tuple(Toponym(Span(0, 5), "Jufra", kind) for kind in ("airbase", "district"))
    report = Report("r", "Jufra", language="en")
    assert [found.candidates[0].place.feature_code for found in resolve(report, toponyms, gazetteer)] == ["AIRB", "ADM1"]


def test_losers_are_kept_with_their_reasons_best_first(gazetteer: Lookup) -> None:
    candidates = read("An explosion was heard in Tripoli.", gazetteer)["Tripoli"].candidates
    assert [candidate.place.country for candidate in candidates] == ["LY", "LB"]
    assert candidates[0].score > candidates[1].score
    assert all(candidate.reasons for candidate in candidates)


def test_a_name_that_nobody_knows_stays_open_but_says_where_the_report_plays(gazetteer: Lookup) -> None:
    report = Report("r", "Sirte and Qwxzyk", language="en")
    found = resolve(report, (Toponym(Span(0, 5), "Sirte"), Toponym(Span(10, 16), "Qwxzyk", known=False)), gazetteer)[1]
    assert found.place is None
    assert found.notes and found.score < 0.5
    assert country(found) == "LY"


def test_one_sense_a_discourse_and_one_resolution_a_mention(gazetteer: Lookup) -> None:
    text = "Tripoli, Lebanon was quiet. Tripoli woke to shelling in Tripoli."
    mentions = find_in(text, load_language("en"), gazetteer.names)
    found = resolve(Report("r", text, language="en"), mentions, gazetteer)
    assert [resolution.toponym for resolution in found] == list(mentions)
    assert {country(each) for each in found if each.toponym.name == "Tripoli"} == {"LB"}


@pytest.mark.parametrize(("phrase", "language"), [("5 km south of the town", "en"), ("على بعد 5 كيلومترات جنوب البلدة", "ar")])
def test_words_that_name_no_place_are_looked_up_nowhere(phrase: str, language: str, gazetteer: Lookup) -> None:
    (found,) = locate_phrase(phrase, language=language, gazetteer=gazetteer)
    assert found.lat is None and found.resolutions[0].place is None


def test_a_village_told_far_from_all_of_its_name_stays_open(gazetteer: Lookup) -> None:
    found = read("In Tripoli, Lebanon, and in the village of Sidney near Zgharta", gazetteer)
    assert found["Sidney"].place is None and "near the places told of" in found["Sidney"].notes[0]


def test_a_town_that_the_text_puts_in_an_area_is_no_namesake_in_another_land(gazetteer: Lookup) -> None:
    area = Toponym(Span(11, 16), "Jufra", "district")
    (found, _) = resolve(Report("r", "Zgharta in Jufra", language="en"), (Toponym(Span(0, 7), "Zgharta", "city", parent=area), area), gazetteer)
    assert found.place is None and "where the text puts it" in found.notes[0]


def test_an_oilfield_is_not_put_at_a_namesake_far_from_all_places_told_of(gazetteer: Lookup) -> None:
    part = Toponym(Span(0, 6), "Sidney")
    field = Toponym(Span(0, 15), "Sidney oilfield", "oilfield", parent=part, known=False)
    others = (Toponym(Span(19, 24), "Sirte"), Toponym(Span(26, 31), "Libya"))
    report = Report("r", "Sidney oilfield in Sirte, Libya", language="en")
    assert resolve(report, (field, part, *others), gazetteer)[0].place is None
    alone = resolve(Report("r", "Sidney oilfield", language="en"), (field, part), gazetteer)[0]
    assert alone.place is not None and alone.place.country == "US"


@pytest.mark.parametrize("phrase", ['قصف "تل زغرتا" بريف سرت', "قصف تل زغرتا بريف سرت"])
def test_a_hill_lies_in_the_countryside_that_is_told_behind_it_in_quotes_or_not(phrase: str, gazetteer: Lookup) -> None:
    hill = locate_phrase(phrase, language="ar", gazetteer=gazetteer)[0]
    assert hill.lat is not None and hill.lat < 32


def test_a_governorate_is_not_the_town_that_bears_its_name(gazetteer: Lookup) -> None:
    toponyms = tuple(Toponym(Span(0, 5), "Sirte", kind) for kind in ("city", "governorate"))
    found = resolve(Report("r", "Sirte", language="en"), toponyms, gazetteer)
    assert [each.place and each.place.feature_code for each in found] == ["PPLA", "ADM1"]


@pytest.mark.parametrize(("phrase", "meant"), [("in southern Sirte", "ly-sirte-district"), ("in eastern Tripoli", "ly-tripoli"), ("in Sirte", "ly-sirte")])
def test_the_south_of_a_town_with_a_district_of_its_name_is_that_of_the_district(phrase: str, meant: str, gazetteer: Lookup) -> None:
    (found,) = locate_phrase(phrase, language="en", gazetteer=gazetteer)
    assert found.resolutions[0].place is not None and found.resolutions[0].place.id == f"gm:{meant}"


def test_nothing_mentioned_is_nothing_resolved(gazetteer: Lookup) -> None:
    assert resolve(Report("r", "", language="en"), (), gazetteer) == ()


def test_a_lake_that_nobody_knows_lies_where_the_report_plays(gazetteer: Lookup) -> None:
    found = read("Two people drowned in Lake Lebanon near Bangor, Maine.", gazetteer)["Lake Lebanon"]
    assert found.place is None and found.notes
    assert found.candidates[0].place.id == "gm:us-bangor"


def test_a_doubtful_name_is_surer_where_such_a_place_lies_beside_the_others(gazetteer: Lookup) -> None:
    text = "They drove from Beirut to Zgharta."
    beirut, zgharta = (Toponym(Span(start, end), text[start:end], certainty=sure) for start, end, sure in ((16, 22, 1.0), (26, 33, 0.4)))
    alone, beside = (resolve(Report("r", text, language="en"), some, gazetteer)[-1] for some in ((zgharta,), (beirut, zgharta)))
    assert alone.certainty < 0.4 < beside.certainty


@pytest.mark.parametrize(("language", "phrase", "named"), [("ar", "قبالة سواحل سرت", "سرت"), ("en", "in waters off the coast of Sirte", "Sirte")])
def test_a_coast_lies_where_its_town_does(language: str, phrase: str, named: str, gazetteer: Lookup) -> None:
    (found,) = locate_phrase(phrase, language=language, gazetteer=gazetteer)
    assert [each.toponym.name for each in found.resolutions] == [named]
    assert found.lat == pytest.approx(31.2) and found.uncertainty_m > 22_000


def test_a_few_words_that_two_languages_share_are_read_all_the_same(gazetteer: Lookup) -> None:
    (found,) = locate_phrase("Jufra air base", gazetteer=gazetteer)
    assert found.lat == pytest.approx(29.2)


def test_towns_of_one_neighbourhood_bear_each_other_out_though_each_has_a_greater_namesake(gazetteer: Lookup) -> None:
    found = read("Fires broke out in Troy, in Sidney and near Lima on Monday.", gazetteer)
    assert [found[name].candidates[0].place.id for name in ("Troy", "Sidney", "Lima")] == ["gm:us-oh-troy", "gm:us-oh-sidney", "gm:us-oh-lima"]
    assert any("lie about it" in reason.text for reason in found["Troy"].candidates[0].reasons)


def test_a_town_at_the_border_of_the_small_country_told_of_before_a_greater_one_far_away(gazetteer: Lookup) -> None:
    told, alone = (
        resolve(Report("r", text, language="ar"), [Toponym(Span(text.index(name), text.index(name) + len(name)), name) for name in names], gazetteer)[-1]
        for text, names in (("قصفت إسرائيل مواقع قرب القنيطرة", ("إسرائيل", "القنيطرة")), ("حريق قرب القنيطرة", ("القنيطرة",)))
    )
    assert (told.candidates[0].place.id, alone.candidates[0].place.id) == ("gm:sy-quneitra", "gm:ma-kenitra")
    assert any("a country beside it" in reason.text for reason in told.candidates[0].reasons)


def test_a_land_is_not_its_capital_that_also_goes_by_its_name(gazetteer: Lookup) -> None:
    found = read("Protests spread in Guatemala, and police in Guatemala City used tear gas.", gazetteer)
    assert found["Guatemala"].candidates[0].place.feature_code == "PCLI"
    assert found["Guatemala City"].candidates[0].place.feature_code == "PPLC"


def test_what_is_called_a_city_is_not_the_country_of_its_name(gazetteer: Lookup) -> None:
    assert read("A bomb exploded in the city of Guatemala.", gazetteer)["Guatemala"].candidates[0].place.id == "gm:gt-city"
    assert read("A bomb exploded in Guatemala.", gazetteer)["Guatemala"].candidates[0].place.id == "gm:gt"


def test_reasons_may_be_left_out_and_change_nothing_else(gazetteer: Lookup) -> None:
    text = "The fire broke out in Bangor, Maine."
    mentions = find_in(text, load_language("en"), gazetteer.names)
    report = Report("r", text, language="en")
    with_reasons, without = (resolve(report, mentions, gazetteer, reasons=told) for told in (True, False))
    assert [(one.place, one.score) for one in with_reasons] == [(one.place, one.score) for one in without]
    assert all(not candidate.reasons for one in without for candidate in one.candidates)


def test_the_score_falls_with_belief_and_size_of_the_doubt() -> None:
    from geomap.model import Candidate, Place
    from geomap.resolution.options import Option
    from geomap.resolution.sureness import probability

    def option(code: str, radial_m: float, people: int) -> Option:
        return Option(Candidate(Place("x:1", "X", code, 10.0, 50.0, radial_m, "DE", population=people), 0.9))

    town, land = option("PPL", 3_000, 50_000), option("PCLI", 1_500_000, 50_000)
    assert probability(town, 0.99, False) > probability(town, 0.8, False) > probability(town, 0.3, False)
    assert probability(town, 0.99, False) > probability(land, 0.99, False)
    assert probability(town, 0.99, True) < 0.5 < probability(town, 0.9, False)
