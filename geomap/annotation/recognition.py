"""Tell the language of a text: by its script, then by letters and small words that languages of one script do not share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

from geomap.annotation.language import codes, recognition_table
from geomap.folding import fold

_SAMPLE = 4000  # characters looked at


def recognise(text: str) -> str | None:
    """ISO 639-1 code of the language of a text, None where no language that has a file fits or two fit equally well."""
    sample = text[:_SAMPLE]
    scripts = Counter(_script(char) for char in sample if char.isalpha())
    if not scripts:
        return None
    script = scripts.most_common(1)[0][0]
    words = Counter(re.findall(r"[^\W\d_]+", fold(sample)))
    scores = {code: _score(sample, words, code) for code in codes() if _profile(code)[0] == script}
    if not scores:
        return None
    best = max(scores.values())
    winners = [code for code, score in scores.items() if score == best]
    # a lone name tells nothing between languages of one script; where there is only one, its letters decide
    return winners[0] if len(winners) == 1 and (best > 0 or (len(scores) == 1 and best == 0)) else None


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "?").split()[0].title()


@cache
def _profile(code: str) -> tuple[str, frozenset[str], frozenset[str], frozenset[str]]:
    """Script, small words, letters that only this language has, letters that it never has."""
    table = recognition_table(code)
    return (
        str(table.get("script", "Latin")),
        frozenset(fold(word) for word in table.get("words", ())),
        frozenset(table.get("own", "")),
        frozenset(table.get("foreign", "")),
    )


def _score(sample: str, words: Counter[str], code: str) -> float:
    _, small, own, foreign = _profile(code)
    letters = sum(char.isalpha() for char in sample)
    hits = sum(count for word, count in words.items() if word in small) / max(1, sum(words.values()))
    own_share = sum(char in own for char in sample) / letters
    return round(hits + 5 * own_share - 10 * sum(char in foreign for char in sample) / letters, 6)
