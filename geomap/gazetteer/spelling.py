"""Second and third keys of a name: without its article, and its bare consonants. The first key is ``folding.fold``.

Both join what one may write in several ways, and also what one should not join: so they are only asked when the first
key found nothing, the skeleton only inside a country.
"""

from __future__ import annotations

import re

# The Arabic article as the press writes it in Latin letters, assimilated or not; and the French one.
_ARTICLES = frozenset(["al", "el", "ul", "il", "ad", "adh", "ed", "an", "en", "ar", "er", "ur", "as", "es", "us", "ash", "esh", "ech", "ach", "at", "et", "ath", "eth", "az", "ez", "uz"])
_FRENCH = frozenset(["le", "la", "les", "l"])
_JOINED = re.compile(r"^[ae]l(?=[bcdfghjkmnpqrstvwxyz])")
_ARABIC = re.compile("[\u0621-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_VOWELS = "aeiouy"

_SOUNDS = (
    ("tch", "S"), ("sch", "S"), ("sh", "S"), ("ch", "S"), ("kh", "K"), ("gh", "G"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("dj", "j"),
    ("ou", "u"), ("oo", "u"), ("ck", "k"), ("q", "k"), ("c", "k"), ("x", "ks"),
)  # fmt: skip
_W = re.compile(r"[uo](?=[aeiouy])")
_INNER_VOWELS = re.compile(rf"(?<=.)[{_VOWELS}]+")
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC_WEAK = re.compile("(?<=.)[اوي]+|ه$|(?<=.)ه(?= |$)")
_FROM_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "yi", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ь": "", "ю": "yu", "я": "ya", "ы": "y", "э": "e", "ё": "yo", "ъ": "",
})  # fmt: skip


def is_arabic(key: str) -> bool:
    """Does the key hold Arabic letters?"""
    return bool(_ARABIC.search(key))


def bare(key: str) -> str:
    """The folded name without its articles, in every word; the key itself where it has none.

    >>> bare("al jufra"), bare("الجفره"), bare("ras lanuf")
    ('jufra', 'جفره', 'ras lanuf')
    """
    words = key.split(" ")
    if is_arabic(key):
        return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)
    kept = [word for word in words[:-1] if word not in _ARTICLES]
    if len(kept) == len(words) - 1 and kept and kept[0] in _FRENCH:
        kept = kept[1:]
    last = words[-1]
    if not kept and len(words) == 1 and len(last) > 5:
        last = _JOINED.sub("", last)
    return " ".join([*kept, last])


def skeleton(key: str) -> str:
    """The consonants of a folded name, transcriptions of one sound made one; empty where nothing is left to compare.

    >>> skeleton("sabratah"), skeleton("sabrata"), skeleton("misurata"), skeleton("al jofra"), skeleton("djoufra")
    ('sbrt', 'sbrt', 'msrt', 'jfr', 'jfr')
    """
    if is_arabic(key):
        return _DOUBLED.sub(r"\1", _ARABIC_WEAK.sub("", bare(key)).replace(" ", ""))
    if _CYRILLIC.search(key):
        key = key.translate(_FROM_CYRILLIC)
    return "".join(filter(None, (_consonants(word) for word in bare(key).split(" "))))


def _consonants(word: str) -> str:
    if len(word) > 2 and word[-1] == "h" and word[-2] in _VOWELS:
        word = word[:-1]
    for written, sound in _SOUNDS:
        if written in word:
            word = word.replace(written, sound)
    word = _W.sub("w", word)
    if word[:1] in "aeiou":
        word = "a" + word[1:]
    return _DOUBLED.sub(r"\1", _INNER_VOWELS.sub("", word))
