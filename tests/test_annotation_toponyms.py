"""Place names are found where their neighbours bear them out, in Arabic and English, and nowhere else."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from geomap.annotation import load_language
from geomap.annotation.toponyms import find_in, name_at
from geomap.annotation.toponyms import sequence as tagger
from geomap.annotation.toponyms.knowledge import knowledge_of
from geomap.annotation.toponyms.uncased import Line, observe
from geomap.folding import fold, fold_text
from geomap.model import Span, Toponym

CASES = Path(__file__).parent / "cases"
MARKED = re.compile(r"\{([^:{}]+):([\w-]*)\}")


@dataclass(frozen=True)
class Info:
    population: int
    feature_classes: str
    preferred: bool = True
    curated: bool = False


class Names:
    """A handful of names, as the index of places would know them."""

    def __init__(self, known: dict[str, Info]) -> None:
        self.known = {fold(name): info for name, info in known.items()}

    def get(self, key: str) -> Info | None:
        return self.known.get(key)

    def begins(self, key: str) -> bool:
        return any(name.startswith(key + " ") for name in self.known)


COUNTRY, DIVISION, CITY, TOWN = Info(5_000_000, "AC", curated=True), Info(900_000, "A"), Info(900_000, "P"), Info(6_000, "P")
NAMES = Names({
    "Libya": COUNTRY, "Syria": COUNTRY, "Iraq": COUNTRY, "Turkey": COUNTRY, "Georgia": COUNTRY, "Maine": DIVISION, "Texas": DIVISION,
    "Sirte": Info(100_000, "AP", curated=True), "Bangor": TOWN, "Paris": CITY, "Jackson": Info(150_000, "P"), "Austin": CITY,
    "New York": Info(8_000_000, "AP"), "York": Info(150_000, "P"), "Nice": Info(340_000, "P"), "March": TOWN, "Of": TOWN, "Reading": CITY,
    "St. Louis": CITY, "Saint Paul": CITY, "Al-Bab": Info(60_000, "P"), "Hun": TOWN, "Washington": CITY, "Florida": DIVISION, "Tampa": CITY,
    "Libyan": Info(0, "D", preferred=False), "Ghardabiya Air Base": Info(0, "S", curated=True), "Moscow": CITY,
    "ليبيا": COUNTRY, "العراق": COUNTRY, "سوريا": COUNTRY, "سرت": Info(100_000, "AP", curated=True), "طرابلس": Info(1_000_000, "AP", curated=True),
    "حماة": Info(300_000, "AP", curated=True), "صوران": Info(30_000, "P"), "رأس": TOWN, "رأس لانوف": Info(12_000, "P", curated=True),
    "ليبي": Info(0, "D", preferred=False), "البيضاء": Info(40_000, "AP", curated=True), "جنوب ليبيا": Info(0, "L", curated=True),
    "مدينة سرت": Info(100_000, "P", curated=True), "يوم": TOWN, "كبير": TOWN,
})  # fmt: skip


DESIGNATED = Names(NAMES.known | {
    "دارفور": Info(0, "L", curated=True), "شمال دارفور": Info(390_000, "A", curated=True), "شمال سوريا": Info(900_000, "A", curated=True),
    "تل السلطان": Info(9_000, "P", curated=True), "السلطان": Info(9_000, "P", curated=True), "حفر الباطن": Info(400_000, "P", curated=True),
    "أبها": Info(1_000_000, "P", curated=True), "مطار أبها الدولي": Info(0, "S", curated=True),
})  # fmt: skip


def names_of(text: str, language: str = "en") -> list[str]:
    return [toponym.name for toponym in find(text, language) if toponym.use in ("literal", "metonym")]


def find(text: str, language: str = "en") -> tuple[Toponym, ...]:
    return find_in(text, load_language(language), NAMES)


ENGLISH = [
    ("The strike took place southeast of Sirte, Libya.", ["Sirte", "Libya"]),
    ("He grew up in Bangor, Maine, and moved to New York.", ["Bangor", "Maine", "New York"]),
    ("Paris Jackson spoke to reporters in Texas.", ["Texas"]),
    ("Mr. Jackson lives near Paris. Jackson said he was tired.", ["Paris"]),
    ("In March it was nice of them to be reading.", []),
    ("Fighting reached the outskirts of Al-Bab in Syria.", ["Al-Bab", "Syria"]),
    ("TAMPA, Fla. - U.S. forces conducted strikes.", ["TAMPA", "Fla."]),
    ("Police in St. Louis and Saint Paul made arrests.", ["St. Louis", "Saint Paul"]),
    ("Turkey sent troops to Iraq.", ["Turkey", "Iraq"]),
    ("Warplanes bombed Ghardabiya Air Base.", ["Ghardabiya Air Base"]),
    ("A crew from Polk County drained Lake Austin near Tampa.", ["Polk County", "Lake Austin", "Tampa"]),
    ("Warm water in the Gulf of Maine reached Tampa.", ["Gulf of Maine", "Tampa"]),
    ("The farm near Rippey, Texas, was sold.", ["Rippey", "Texas"]),
    ("The Duke of York met trainer Austin Smith.", []),
    ("He was stopped on Austin Street.", []),
    ("AUSTIN - The school closed.", ["AUSTIN"]),
    ("The bridge will close, said Tampa Nice, who lives in Bangor.", ["Bangor"]),
    ("Reading Bangor, 41, of Tampa, was hurt.", ["Tampa"]),
    ("The Tampa Cowboys lost in Bangor.", ["Bangor"]),
    ("The Bank of Turkey and the government of Turkey agreed.", ["Turkey"]),
    ("Traffic on I-10 near St Paul slowed.", ["St Paul"]),
    ("A crew stayed in Rippey, W.Va., for a week.", ["Rippey", "W.Va."]),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH, ids=[text[:40] for text, _ in ENGLISH])
def test_english_names_are_places_where_their_neighbours_say_so(text: str, expected: list[str]) -> None:
    assert names_of(text) == expected


def test_a_plural_says_what_all_of_a_list_are() -> None:
    found = find("Crews came from the states of Georgia and Washington; they met in Bangor and Tampa counties.")
    assert [(toponym.name, toponym.kind) for toponym in found] == [
        ("Georgia", "governorate"), ("Washington", "governorate"), ("Bangor", "district"), ("Tampa", "district"),
    ]  # fmt: skip


def test_words_for_the_people_of_what_is_no_country_look_it_up() -> None:
    found = [toponym for toponym in find("Texans and European leaders met in the European Union.") if toponym.use == "demonym"]
    assert [(toponym.name, toponym.lookup) for toponym in found] == [("Texans", "Texas"), ("European", "Europe"), ("European", "Europe")]


def test_a_saint_written_short_is_looked_up_in_full() -> None:
    assert [toponym.lookup for toponym in find("He lives near St. Paul in Texas.")] == ["saint paul", None]


def test_the_river_is_no_hamlet_of_its_name() -> None:
    names = Names({**NAMES.known, "Red River": Info(0, "P"), "Silver Creek": Info(0, "P")})
    found = find_in("The Red River rose near Tampa; the Red River fell near Bangor.", load_language("en"), names)
    assert [(toponym.kind, toponym.known) for toponym in found if "Red" in toponym.name] == [("river", False), ("river", False)]


ARABIC = [
    ("شنت طائرات غارة على بعد 160 كيلومترا جنوب شرق سرت في ليبيا.", ["سرت", "ليبيا"]),
    ("استهدف القصف مدينة سرت يوم الأحد.", ["سرت"]),
    ("وقعت الغارة بسرت قرب رأس لانوف.", ["سرت", "رأس لانوف"]),
    ("قصف الطيران بلدة صوران بمحافظة حماة.", ["صوران", "حماة"]),
    ("سقط صاروخ كبير في محافظة البيضاء.", ["البيضاء"]),
]


@pytest.mark.parametrize(("text", "expected"), ARABIC, ids=[text[:40] for text, _ in ARABIC])
def test_arabic_names_are_found_without_particles_and_designators(text: str, expected: list[str]) -> None:
    assert names_of(text, "ar") == expected


def test_a_span_covers_the_name_as_written() -> None:
    text = "انفجار في محافظة البيضاء وبسرت"
    for toponym in find(text, "ar"):
        assert toponym.span.of(text) == toponym.name
    assert "البيضاء" in names_of(text, "ar")


def test_a_cue_word_says_what_the_name_names() -> None:
    kinds = {toponym.name: toponym.kind for toponym in find("قصف على بلدة صوران بمحافظة حماة في سوريا", "ar")}
    assert kinds == {"صوران": "city", "حماة": "governorate", "سوريا": "country"}
    assert [toponym.kind for toponym in find("Troops entered the town of Hun.")] == ["city"]


def test_the_text_says_which_area_holds_a_name() -> None:
    bangor, maine = find("Police in Bangor, Maine, made an arrest.")
    assert bangor.parent == maine
    soran, hama = find("قصف على بلدة صوران بمحافظة حماة", "ar")
    assert soran.parent is not None and soran.parent.name == hama.name


def test_a_state_written_short_is_looked_up_in_full() -> None:
    tampa, florida = find("TAMPA, Fla. - Jets struck.")
    assert (florida.name, florida.lookup, tampa.parent) == ("Fla.", "Florida", florida)


def test_demonyms_are_marked_as_such() -> None:
    assert [toponym.use for toponym in find("Libyan forces entered Sirte.")] == ["demonym", "literal"]
    assert [toponym.lookup for toponym in find("قالت القوات الليبي في بيان", "ar") if toponym.use == "demonym"] == ["ليبي"]


def test_a_state_that_speaks_is_a_metonym() -> None:
    assert [toponym.use for toponym in find("Turkey denied the report from Syria.")] == ["metonym", "literal"]


def test_a_name_that_somebody_marked_is_cleared_for_looking_up() -> None:
    text = "غارات على #مدينة_سرت وبسرت"
    language = load_language("ar")
    marked = name_at(text, Span(10, 20), language, NAMES)
    assert fold(marked.lookup or "") in ("سرت", "مدينه سرت")
    assert name_at(text, Span(21, 26), language, NAMES).lookup == "سرت"


def test_without_weights_known_names_and_cue_words_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geomap.annotation.toponyms.uncased.load_tagger", lambda _code: None)
    assert names_of("استهدف القصف مدينة سرت جنوب ليبيا", "ar") == ["سرت", "ليبيا"]


def test_the_tagger_prefers_what_its_weights_say() -> None:
    weights = {"wx": (500, -500), "wy": (-500, 500), ">1": (0, 300)}
    assert tagger.decode([["wx"], ["wy"], ["wz"]], weights) == [tagger.BEGIN, tagger.INSIDE, tagger.OUTSIDE]


def test_what_the_tagger_keeps_sums_up_to_its_features() -> None:
    weights = tagger.load_weights("ar")
    assert weights
    line = Line(fold_text("شنت طائرات غارتين على مدينة سرت في ليبيا، ثم على سرت مرة أخرى وبني وليد."), knowledge_of(load_language("ar")), NAMES)
    whole = [[weights.get(feature, (0, 0)) for feature in row] for row in observe(line)]
    expected = [(sum(begin for begin, _ in row), sum(inside for _, inside in row)) for row in whole]
    ready = tagger.Tagger(weights)
    assert ready.scores(line.words, line.stems, line.marks, line.cues) == expected
    assert ready.scores(line.words, line.stems, line.marks, line.cues) == expected  # and the second time from memory
    assert ready.labels(expected) == tagger.decode(observe(line), weights)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قالت كتيبة طرابلس إنها انسحبت من سرت.", ["سرت"]),
        ("اشتبكت كتيبة شهداء سرت مع قوات أخرى في طرابلس.", ["طرابلس"]),
        ("سقط صاروخ خلف جامع طرابلس في سرت.", ["سرت"]),
        ("قال تلفزيون ليبيا إن الغارة وقعت في سرت.", ["ليبيا", "سرت"]),
        ("قصف الجيش مخزنا في شمال دارفور.", ["شمال دارفور"]),
        ("قصف الجيش مخزنا في شمال سوريا.", ["سوريا"]),
        ("غارات على حي تل السلطان غرب سرت.", ["تل السلطان", "سرت"]),
        ("غارات على محيط حفرالباطن جنوب العراق.", ["حفرالباطن", "العراق"]),
        ("سقط صاروخ قرب مطار أبها الدولي.", ["أبها"]),
    ],
)
def test_who_bears_a_places_name_is_no_place_and_names_stay_whole(text: str, expected: list[str]) -> None:
    assert [each.name for each in find_in(text, load_language("ar"), DESIGNATED) if each.use == "literal"] == expected


def test_names_written_as_one_word_and_airports_are_looked_up_as_the_tables_have_them() -> None:
    lookups = {
        toponym.name: toponym.lookup
        for text in ("غارات على محيط حفرالباطن.", "سقط صاروخ قرب مطار أبها الدولي.")
        for toponym in find_in(text, load_language("ar"), DESIGNATED)
    }
    assert lookups == {"حفرالباطن": "حفر الباطن", "أبها": "مطار ابها الدولي"}
    assert name_at("في حفرالباطن", Span(3, 12), load_language("ar"), DESIGNATED).lookup == "حفر الباطن"


# -- the development set ---------------------------------------------------------------------------------------------


def _own_cases(language: str) -> tuple[list[str], dict[str, list[object]]]:
    table = tomllib.loads((CASES / f"toponyms_{language}.toml").read_text(encoding="utf-8"))
    return table["sentences"], table["places"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_place_of_the_development_sets_is_described(language: str) -> None:
    sentences, places = _own_cases(language)
    assert len(sentences) >= 60
    used = {f"{name}:{country}" for sentence in sentences for name, country in MARKED.findall(sentence)}
    assert used == set(places)
    assert all(-90 <= float(str(lat)) <= 90 and -180 <= float(str(lon)) <= 180 for lat, lon, _ in places.values())


@pytest.mark.parametrize(("language", "recall", "precision"), [("ar", 0.9, 0.9), ("en", 0.85, 0.9)])
def test_most_names_of_the_development_sets_are_found_and_little_else(language: str, recall: float, precision: float) -> None:
    sentences, places = _own_cases(language)
    names = Names({
        key.partition(":")[0]: Info(50_000, "AC" if str(code).startswith("PCL") else str(code)[0], curated=language == "ar" or str(code)[0] == "A")
        for key, (_, _, code) in places.items()
    })  # fmt: skip
    right = found = marked = 0
    for sentence in sentences:
        text = MARKED.sub(r"\1", sentence)
        expected = [name for name, _ in MARKED.findall(sentence)]
        got = [t.name for t in find_in(text, load_language(language), names) if t.use != "demonym"]
        right += sum(name in expected for name in got)
        found, marked = found + len(got), marked + len(expected)
    assert right / marked > recall
    assert right / found > precision


def test_doubtful_names_are_given_to_whoever_asks_for_them() -> None:
    text = "Workers commute from Hun and Jackson."
    sure, all_of_them = (find_in(text, load_language("en"), NAMES, doubtful=doubtful) for doubtful in (False, True))
    assert {toponym.name for toponym in sure} < {toponym.name for toponym in all_of_them}
    assert all(toponym.certainty > 0.5 for toponym in sure)


def test_a_letter_that_a_broken_encoding_lost_does_not_cut_the_name() -> None:
    from geomap.annotation.toponyms.words import Words

    words = Words("7nm north of Tall \ufffdAfar, near Ba\ufffdqubah")
    assert [word for word, capital in zip(words.raw, words.capital, strict=True) if capital] == ["Tall", "\ufffdAfar", "Ba\ufffdqubah"]
    assert words.keys[words.raw.index("\ufffdAfar")] == "afar"
