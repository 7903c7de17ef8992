"""What reads like an attack and is none is not asserted, and the true ones told in tricky words are."""

import runpy
from pathlib import Path

import pytest
from handmade import cases, events, mentions

from geomap.model import Trigger

CASES = [(language, *case) for language in ("en", "ar") for case in cases(f"lookalikes.{language}.toml")]


@pytest.mark.parametrize(("language", "says", "case"), CASES, ids=[says[:80] for _, says, _ in CASES])
def test_only_what_happened_is_asserted(language, says, case):
    told = [event for event in events(says, language) if event.factuality == "asserted" and event.role == "main"]
    where = [event.georeference.locality.span.of(says) if event.georeference and event.georeference.locality else "" for event in told]
    assert len(where) == len(case["asserted"])
    assert all(place in words for place, words in zip(case["asserted"], where, strict=True))


def bits(text):
    return max(each.bits for each in mentions(text, "en") if isinstance(each, Trigger))


def test_harm_a_day_and_somebody_who_did_it_speak_for_an_attack():
    told = "Warplanes bombed a market in Idlib on Monday, killing four people."
    assert bits(told) > bits("Warplanes bombed a market in Idlib.") > bits("The town of Idlib may yet face bombardment by warplanes.")


def test_that_no_one_was_hurt_denies_no_attack():
    assert bits("Three rockets hit Derna on Monday; no one was hurt.") > bits("Three rockets never hit Derna on Monday.")


def test_what_is_doubtful_is_possible_and_neither_dropped_nor_asserted():
    (event,) = events("Rebels holding Derna face bombardment from the air.", "en")
    assert event.factuality == "possible"


@pytest.mark.parametrize("language", ["en", "ar", "fr", "he"])
def test_reading_ends_early_only_where_no_attack_is_told(language):
    texts = [says for code, says, _ in CASES if code == language][::3] + [says for says, _ in cases(f"events.{language}.toml")][::3]
    for says in texts:
        whole, short = mentions(says, language), mentions(says, language, whole=False)
        told = any(isinstance(each, Trigger) and each.use == "event" for each in whole)
        found = {(type(each), each.span) for each in whole}
        assert short == whole if told else {(type(each), each.span) for each in short} <= found


@pytest.mark.parametrize(("language", "says"), [("en", "Markets closed on Tuesday, another quiet day."), ("ar", "أغلقت الأسواق يوم الثلاثاء.")])
def test_without_a_word_of_attack_nothing_is_read(language, says):
    assert mentions(says, language, whole=False) == () != mentions(says, language)


def test_the_weights_are_learnt_from_the_cases():
    fit = runpy.run_path(str(Path(__file__).parent / "bench" / "fit_happened.py"))
    asked = fit["questions"]("fr")
    assert {question.happened for question in asked} == {True, False} and all(question.evidence for question in asked)
