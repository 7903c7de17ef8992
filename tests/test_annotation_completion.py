"""Names that the tagger cuts or misses are completed where the words before them call for a place."""

import pytest
from locality_cases import SmallNames

from geomap.annotation import load_language
from geomap.annotation.completion import complete
from geomap.model import Span, Toponym

NAMES = SmallNames(["بني وليد", "دير", "دير الزور", "حلب", "الشمال", "المدينة", "السوق", "Sirte", "There"], ["Libya"])


def completed(text: str, code: str, *given: str) -> list[str]:
    spans = [Span(text.index(name), text.index(name) + len(name)) for name in given]
    toponyms = tuple(Toponym(span, span.of(text)) for span in spans)
    return [toponym.name for toponym in complete(toponyms, load_language(code).tokenise(text), NAMES)]


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("غارة على دير الزور أمس", ["دير"], ["دير الزور"]),
        ("قصف شرق حلب", [], ["حلب"]),
        ("الضواحي الجنوبية لحلب", [], ["حلب"]),
        ("قتل رجل من بني وليد", [], ["بني وليد"]),
        ("إلى الشمال من المدينة", ["الشمال"], []),
        ("جاء الرجل إلى البيت", [], []),
        ("غارة على أحياء المدينة", [], []),
        ("انفجار وسط السوق", [], []),
        ("انفجار بوسط السوق", ["السوق"], []),
        ("على الضفة الغربية لنهر الفرات", ["الضفة الغربية"], []),
        ("في مدن الضفة الغربية", ["الضفة الغربية"], ["الضفة الغربية"]),
    ],
)
def test_arabic_names_are_completed(text: str, given: list[str], expected: list[str]) -> None:
    assert completed(text, "ar", *given) == expected


def test_a_small_letter_begins_no_name_in_english() -> None:
    assert completed("they live near there, south of Sirte", "en") == ["Sirte"]
