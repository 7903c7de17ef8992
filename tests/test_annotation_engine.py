"""The pattern engine: a tiny made-up language is enough to try every part of it."""

import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest

from geomap.annotation import codes, load_language, parse_language, recognise
from geomap.annotation.grammar import Bunch
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


def made_for(parts: Iterator[tuple[str, str]], chance: random.Random, fitting: Callable[[str], list[int]]) -> list[int]:
    """The kinds of tokens that a line, or the bracket that has just opened, is likely to fit."""
    ways: list[list[list[int]]] = [[]]
    for kind, text in parts:
        if kind == "close":
            break
        if kind == "bar":
            ways.append([])
        elif kind == "times":
            least, most = {"?": (0, 1), "*": (0, 2), "+": (1, 2)}.get(text[0], (0, 0)) if text[0] != "{" else map(int, re.findall(r"\d+", text + text)[:2])
            ways[-1][-1] *= chance.randint(least, min(most, least + 2))
        elif kind == "open":
            inside = made_for(parts, chance, fitting)
            ways[-1].append([] if "!" in text else inside)
        elif kind != "name":
            ways[-1].append([chance.choice(fitting("=" + text if kind == "words" else text))])
    return [each for tokens in chance.choice(ways) for each in tokens]


@pytest.mark.parametrize("code", ["ar", "en"])
def test_a_line_is_found_wherever_its_expression_alone_would_find_it(code: str) -> None:
    """Each line is tried only in sentences that hold what it needs: that must lose none."""
    language, chance, found_any = load_language(code), random.Random(5), Counter[bool]()
    stops = sorted(language.alphabet.holding("STOP"))
    for bunch in (bunch for group in language.groups.values() for bunch in group.bunches):
        bunch.begin()
        letters = [bunch.letters[kind] for kind in range(len(language.alphabet.classes))]
        of_letter = {letter: letters.index(letter) for letter in sorted(set(letters))}
        kinds = list(of_letter.values())  # one for each that it tells apart
        by_chance = [of_kinds(chance.choices(kinds, k=120), language) for _ in range(3)]

        def fitting(atom: str, bunch: Bunch = bunch, of_letter: dict[str, int] = of_letter) -> list[int]:
            return [of_letter[letter] for letter in sorted(bunch.class_set(atom)) if letter in of_letter] or [*of_letter.values()]

        for line, pattern in zip(bunch.lines, bunch.patterns, strict=True):
            made = [made_for(iter(line.parts), chance, fitting) for _ in range(4)]
            texts = [[*chance.choices(kinds, k=4), *each, *stops[:1], *chance.choices(kinds, k=9)] for each in made]
            texts += [[*chance.choices(kinds, k=4), *stops[:1], *each] for each in made]
            alone = re.compile(pattern.expression(bunch.class_set))
            for tokens in [*by_chance, *(of_kinds(text, language) for text in texts)]:
                expected = [match.span() for match in alone.finditer(tokens.code(bunch.letters)) if match.group()]
                found = pattern.matches(tokens, tokens.code(bunch.letters), bunch.class_set)
                assert [(match.start, match.end) for match in found] == expected, pattern.rule.source
                found_any[bool(found)] += len(tokens) < 120
    assert found_any[True] > found_any[False]


def test_lines_have_few_letters_and_are_found_in_the_order_of_the_file() -> None:
    """More letters than one byte has make every line slow, so a group that tells more kinds apart is cut into bunches."""
    language = load_language("ar")
    for group in language.groups.values():
        for bunch in group.bunches:
            bunch.begin()
        assert [pattern.rule.order for bunch in group.bunches for pattern in bunch.patterns] == list(range(len(group.lines)))
        assert all(bunch.letters[kind] < "\u0100" for bunch in group.bunches for kind in range(len(language.alphabet.classes)))


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
        ('"FRUIT"]', '"(?<! FRUIT?) FRUIT"]', "several lengths"),
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
