"""Tell the language of a text: by its script, then by letters and small words that languages of one script do not share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

from geomap.annotation.language import codes, recognition_table
from geomap.folding import fold

_SAMPLE = 4000  # characters looked at
_A_NAME = 0.03  # of the letters: what a foreign name, spelt as at home, may bring along


def recognise(text: str) -> str | None:
    """ISO 639-1 code of the language of a text, None where no language that has a file fits or two fit equally well."""
    sample = text[:_SAMPLE]
    letters = _letters(sample)
    if not letters:
        return None
    fitting = _of_script(letters)
    # where only one language has the script, nothing but letters that it never has can speak against it, and a foreign name does not
    if len(fitting) == 1 and sum(letters[char] for char in _profile(fitting[0]).foreign & letters.keys()) <= _A_NAME * letters.total():
        return fitting[0]
    words = Counter(re.findall(r"[^\W\d_]+", fold(sample)))
    scores = {code: _score(letters, words, _profile(code)) for code in fitting}
    if not scores:
        return None
    best = max(scores.values())
    winners = [code for code, score in scores.items() if score == best]
    # a lone name tells nothing between languages of one script; where there is only one, its letters decide
    return winners[0] if len(winners) == 1 and (best > 0 or (len(scores) == 1 and best == 0)) else None


def possible(text: str) -> tuple[str, ...]:
    """Codes of the languages that a few words may be in: the one recognised, else all of their script, or all for bare digits."""
    found = recognise(text)
    if found is not None:
        return (found,)
    letters = _letters(text[:_SAMPLE])
    return tuple(_of_script(letters) if letters else codes())


def _letters(sample: str) -> Counter[str]:
    return Counter({char: count for char, count in Counter(sample).items() if char.isalpha()})


def _of_script(letters: Counter[str]) -> list[str]:
    """The languages that are written in the script of most of the letters."""
    scripts: Counter[str] = Counter()
    for char, count in letters.items():
        scripts[_script(char)] += count
    script = scripts.most_common(1)[0][0]
    return [code for code in codes() if _profile(code).script == script]


class _Profile(NamedTuple):
    """What tells a language: its script, small words, letters that only it has, letters that it never has."""

    script: str
    words: frozenset[str]
    own: frozenset[str]
    foreign: frozenset[str]


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "?").split()[0].title()


@cache
def _profile(code: str) -> _Profile:
    table = recognition_table(code)
    return _Profile(
        str(table.get("script", "Latin")),
        frozenset(fold(word) for word in table.get("words", ())),
        frozenset(table.get("own", "")),
        frozenset(table.get("foreign", "")),
    )


def _score(letters: Counter[str], words: Counter[str], profile: _Profile) -> float:
    total = letters.total()
    hits = sum(words[word] for word in profile.words & words.keys()) / max(1, words.total())
    own, foreign = (sum(letters[char] for char in chars & letters.keys()) for chars in (profile.own, profile.foreign))
    return round(hits + 5 * own / total - 10 * foreign / total, 6)
