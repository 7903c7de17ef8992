"""The pattern engine: a tiny made-up language is enough to try every part of it."""

import random
import re
import tomllib
from collections.abc import Iterable

import pytest

from geomap.annotation import codes, load_language, parse_language, recognise
from geomap.annotation.language import Language
from geomap.annotation.tokens import Tokens
from geomap.errors import LanguageError
from geomap.model import Span, Toponym

TINY = """
[language]
name = "Tiny"
[text]
article = "al"
particles = { w = "AND", b = "IN" }
[numbers]
ordinal_suffixes = ["th"]
[numbers.words]
2 = ["two"]
40 = ["forty"]
[numbers.multipliers]
100 = ["hundred"]
[words]
OF = ["of", "from"]
FRUIT = ["apple", "red apple"]
[words.UNIT]
km = ["km", "kilo metre"]
mi = ["mile"]
[macros]
quantity = "value:NUM unit:UNIT"
[patterns]
offset = ["@quantity OF anchor:PLACE", { match = ["@quantity OF anchor:(UNKNOWN&CAP)+"], known = false }]
two = ['"the" FRUIT', "FRUIT"]
"""


def tiny(text: str = TINY):
    return parse_language("xx", tomllib.loads(text))


def words(tokens: Iterable) -> list[str]:
    return [token.text for token in tokens]


def test_a_pattern_gives_named_tokens_with_values_and_the_source_span() -> None:
    language = tiny()
    tokens = language.tokenise("It fell Two Hundred forty km from Höfn Ness.")
    (match,) = language.find("offset", tokens)
    assert match.value("value", "NUM") == 240
    assert match.value("unit", "UNIT") == "km"
    assert match.span_of("anchor") == Span(34, 43)
    assert match.data == {"known": False}


def of_kinds(kinds: list[int], language: Language) -> Tokens:
    """A text without words, of which nothing is known but the kinds of its tokens."""
    nothing = language.tokenise("?")
    return Tokens(nothing.text, nothing.folded, nothing.items * len(kinds), language.alphabet, kinds, [1] * len(kinds))


@pytest.mark.parametrize("code", ["ar", "en"])
def test_a_line_is_found_wherever_its_expression_alone_would_find_it(code: str) -> None:
    """Each line is tried only in sentences that hold what it needs: that must lose none."""
    language, chance = load_language(code), random.Random(5)
    stops = sorted(language.alphabet.holding("STOP"))
    for bunch in (bunch for group in language.groups.values() for bunch in group.bunches):
        bunch.learn()
        kinds = [bunch.letters.index(letter) for letter in sorted(set(bunch.letters))]  # one for each that it tells apart
        texts = [chance.choices(kinds, k=120) for _ in range(3)]
        for pattern in bunch.patterns:
            likely = [kind for kind in kinds if language.alphabet.met[kind] & pattern.wants]
            texts_with_needs = [chance.choices(likely + stops[:1] + kinds[:9], k=60) for _ in range(2)]
            alone = re.compile(pattern.expression(bunch.class_set))
            for tokens in (of_kinds(text, language) for text in texts + texts_with_needs):
                expected = [match.span() for match in alone.finditer(tokens.code(bunch.letters)) if match.group()]
                found = pattern.matches(tokens, tokens.code(bunch.letters), bunch.class_set)
                assert [(match.start, match.end) for match in found] == expected, pattern.rule.source


def test_lines_have_few_letters_and_are_found_in_the_order_of_the_file() -> None:
    """More letters than one byte has make every line slow, so a group that tells more kinds apart is cut into bunches."""
    for group in load_language("ar").groups.values():
        assert [pattern.rule.order for bunch in group.bunches for pattern in bunch.patterns] == list(range(len(group.lines)))
        assert all(max(bunch.letters) < "\u0100" for bunch in group.bunches)


def test_places_become_one_token_and_a_particle_stays_outside() -> None:
    language = tiny()
    text = "2 km of bLong Town"
    toponym = Toponym(Span(9, 18), "Long Town")
    tokens = language.tokenise(text).merged([(toponym.span, {"PLACE": toponym})], language.lexicon.tags)
    assert words(tokens) == ["2", "km", "of", "b", "long town"]
    assert tokens[3].get("IN") == "b"


def test_the_longest_form_wins() -> None:
    assert [token.text for token in tiny().tokenise("a red apple") if "FRUIT" in token.tags] == ["red apple"]


def test_the_longest_match_wins_among_patterns() -> None:
    language = tiny()
    assert [match.span.of("see the apple") for match in language.find("two", language.tokenise("see the apple"))] == ["the apple"]


def test_particles_are_split_off_only_where_the_rest_is_known() -> None:
    language = tiny()
    tokens = language.tokenise("wapple wother balapple")
    assert words(tokens) == ["w", "apple", "wother", "b", "alapple"]
    assert tokens[4].definite
    assert "GLUED_AND" in tokens[2].tags


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,600", 1600), ("٣٫٥", 3.5), ("٢٤٠", 240), ("two hundred forty", 240), ("0.62", 0.62), ("3 hundred", 300), ("3,5", 3.5)],
)
def test_numbers_are_one_token(text: str, value: float) -> None:
    (token,) = tiny().tokenise(text)
    assert token.get("NUM") == value


def test_a_written_date_is_no_number() -> None:
    assert words(tiny().tokenise("26.9.2017")) == ["26", ".", "9", ".", "2017"]


def test_a_number_and_its_unit_need_no_space_between_them() -> None:
    assert words(tiny().tokenise("85km")) == ["85", "km"]


def test_a_dash_between_numbers_and_an_ordinal_are_seen() -> None:
    tokens = tiny().tokenise("20-40 km on the 7th")
    assert [sorted(token.tags)[0] for token in tokens] == ["NUM", "DASH", "NUM", "UNIT", "UNKNOWN", "=the", "ORD"]


def test_sentences_end_at_stops_and_blank_lines_but_not_after_single_letters() -> None:
    text = "Headline without a stop\n\nThe U.S. army came. It left at 2.50 km.\nNew line."
    assert [span.of(text) for span in tiny().tokenise(text).sentences()] == [
        "Headline without a stop", "The U.S. army came.", "It left at 2.50 km.", "New line.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"FRUIT"]', '"NOSUCH"]', "NOSUCH, which has no words"),
        ('"FRUIT"]', '"(FRUIT"]', "not closed"),
        ('"FRUIT"]', '"FRUIT)"]', "never opened"),
        ('"FRUIT"]', '"* FRUIT"]', "nothing to repeat"),
        ('"FRUIT"]', '"FRUIT @none"]', "no macro called @none"),
        ('"FRUIT"]', '"fruit"]', "cannot read"),
        ('"FRUIT"]', "3]", "each entry is a line"),
        ('mi = ["mile"]', 'mi = ["mile", "km"]', "under 'km' and under 'mi'"),
        ('mi = ["mile"]', "mi = 3", "must be a list of words"),
        ("2 = [", "two = [", "is no number"),
        ('quantity = "', 'quantity = "@quantity ', "circle"),
    ],
)
def test_a_broken_language_file_is_told_in_one_line(old: str, new: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message) as error:
        tiny(TINY.replace(old, new))
    assert "\n" not in str(error.value) and "xx.toml" in str(error.value)


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(LanguageError, match="known: ar en fr he"):
        load_language("tlh")


@pytest.mark.parametrize("code", codes())
def test_every_language_file_compiles(code: str) -> None:
    language = load_language(code)
    for group in language.rules:
        language.find(group, language.tokenise("1"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("160 km southeast of Sirte", "en"),
        ("على بعد 160 كيلومترا جنوب شرقي سرت", "ar"),
        ("سرت", "ar"),
        ("در ۴۰ کیلومتری پایتخت گفتند که می‌روند", None),
        ("12345", None),
        ("Bengasi", None),
        ("à 160 km au sud-est de Syrte", "fr"),
        ("כ-160 ק\"מ דרומית לסירת", "he"),
    ],
)
def test_a_text_is_recognised_by_its_script_and_small_words(text: str, code: str | None) -> None:
    assert recognise(text) == code
