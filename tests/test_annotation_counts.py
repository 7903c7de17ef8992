"""How many: killed, wounded and destroyed, as the ranges that words leave open."""

import pytest
from handmade import cases, mentions, shown_counts

from geomap.model import Count

CASES = [(language, *case) for language in ("en", "ar") for case in cases(f"counts.{language}.toml")]


@pytest.mark.parametrize(("language", "says", "case"), CASES, ids=[says for _, says, _ in CASES])
def test_a_number_is_read_with_its_doubt(language, says, case):
    found = [shown_counts(each) for each in mentions(says, language) if isinstance(each, Count)]
    assert sorted(found) == sorted(case["counts"])


def test_the_counted_and_the_hedge_keep_the_words_of_the_source():
    (count,) = [each for each in mentions("At least 20 civilians were killed.", "en") if isinstance(each, Count)]
    assert (count.who, count.modifier) == ("civilians", "At least")
