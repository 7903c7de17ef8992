"""What reads like an attack and is none is not asserted, and the true ones told in tricky words are."""

import pytest
from handmade import cases, events

CASES = [(language, *case) for language in ("en", "ar") for case in cases(f"lookalikes.{language}.toml")]


@pytest.mark.parametrize(("language", "says", "case"), CASES, ids=[says[:80] for _, says, _ in CASES])
def test_only_what_happened_is_asserted(language, says, case):
    told = [event for event in events(says, language) if event.factuality == "asserted" and event.role == "main"]
    where = [event.georeference.locality.span.of(says) if event.georeference and event.georeference.locality else "" for event in told]
    assert len(where) == len(case["asserted"])
    assert all(place in words for place, words in zip(case["asserted"], where, strict=True))
