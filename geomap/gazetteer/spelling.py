"""Second and third keys of a name: without its article, and its bare consonants. The first key is ``folding.fold``.

Both join what one may write in several ways, and also what one should not join: so they are only asked when the first
key found nothing, the skeleton only inside a country.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# The Arabic article as the press writes it in Latin letters, assimilated or not; and the French one.
_ARTICLE = "al|el|ul|il|ad|adh|ed|an|en|ar|er|ur|as|es|us|ash|esh|ech|ach|at|et|ath|eth|az|ez|uz"
# Each begins with what stands before: a search leaps from space to space, where a look behind would stop at every letter.
_LATIN_ARTICLES = re.compile(rf"([ \n])(?:(?:(?:{_ARTICLE}) )+|(?<=\n)(?:le|la|les|l) (?:(?:{_ARTICLE}) )*)(?=[^ \n])")
_JOINED = re.compile(r"\n[ae]l(?=[bcdfghjkmnpqrstvwxz][^ \n]{3,}(?:\n|\Z))")
_ARABIC_ARTICLE = re.compile(r"([ \n])ال(?=[\u0621-\u06ff]{3})")
_ARABIC = re.compile("[\u0621-\u06ff]")

_SOUNDS = (
    ("tch", "S"), ("sch", "S"), ("sh", "S"), ("ch", "S"), ("kh", "K"), ("gh", "G"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("dj", "j"),
    ("ou", "u"), ("oo", "u"), ("ck", "k"), ("q", "k"), ("c", "k"), ("x", "ks"),
)  # fmt: skip
_FROM_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "yi", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ь": "", "ю": "yu", "я": "ya", "ы": "y", "э": "e", "ё": "yo", "ъ": "",
}  # fmt: skip


# What a letter may be, one bit each; a table of all letters is made of it when first a skeleton is asked for.
_VOWEL, _BEFORE_VOWEL, _FIRST, _WEAK, _HEH, _H, _SPACE = (1 << place for place in range(7))
_PARTS = {_VOWEL: "aeiouy", _BEFORE_VOWEL: "uo", _FIRST: "eiou", _WEAK: "اوي", _HEH: "ه", _H: "h", _SPACE: " \n"}

# Arabic letters for the Latin consonant that they transcribe, as coarsely as both alphabets allow: no p, v or g in the one, no emphatics
# in the other.
_TO_LATIN = str.maketrans(
    dict(zip("بپتثجحخدذرزسشصضطظغفڤقكگلمنهچ", "bbttjhKddrzsSsdtzgffkkglmnhS", strict=True)) | dict.fromkeys("اويعءى", "")
)
_COARSE = str.maketrans({"p": "b", "v": "f", "G": "g", "w": "", "y": "", "a": ""})


def is_arabic(key: str) -> bool:
    """Does the key hold Arabic letters?"""
    return bool(_ARABIC.search(key))


def bare(key: str) -> str:
    """The folded name without its articles, in every word; the key itself where it has none. Many names, a line each, go as well.

    >>> bare("al jufra"), bare("الجفره"), bare("ras lanuf")
    ('jufra', 'جفره', 'ras lanuf')
    """
    key = _JOINED.sub("\n", _LATIN_ARTICLES.sub(r"\1", f"\n{key}"))
    return (_ARABIC_ARTICLE.sub(r"\1", key) if "ال" in key else key)[1:]


# First words that Arabic writes apart from the name or together with it, as it comes.
_FIRST_WORDS = "كفر|خان|عين|تل|بيت|دير|ام|ابو|بو|جبل|وادي|بني|راس|قصر|برج|بير|عبد|سيدي|باب|خربه|حفر|دار|خور|ذو|ذي|مار|نجع|شيخ|طور"
_TOGETHER = re.compile(rf"^({_FIRST_WORDS})(?=[^ ]{{3}})")
_APART = re.compile(rf"^({_FIRST_WORDS}) (?=[^ ]{{3}})")
_INNER_ARTICLE = re.compile(r"(?<=[^ ]{3})(?=ال[^ ]{3})")
# The same words as the press spells them in Latin letters: a name may begin with any of a line.
_GENERIC = (
    "tell tal tel tall", "ain ayn ein", "deir dayr dair", "kafr kfar kafar kufr", "umm um oum om", "abu abou bu bou", "beit bayt bait", "bani beni banu",
    "sheikh shaykh cheikh sheik shaikh", "jebel jabal jabel djebel gebel gabal", "wadi ouadi oued", "bir beer", "burj borj bourj bordj", "bin ben ibn",
    "qasr kasr gasr ksar", "souq suq souk suk soug", "hosh hawsh housh", "qalat qalaat kalaat", "nabi nebi", "khirbet khirbat khirbit", "dar daar",
)  # fmt: skip
_SPELLED = {word: tuple(line.split()) for line in _GENERIC for word in line.split()}


_FOREIGN = 6  # letters from which on a name may be a foreign one
_EMPHATIC = frozenset("حصضطظعقءث")  # letters of no foreign name


def reworded(key: str) -> tuple[str, ...]:
    """The key with its first, generic word as others write it: in Arabic apart or together, in Latin letters otherwise spelled.

    >>> reworded("حفرالباطن"), reworded("كفر زيتا"), reworded("خانيونس"), reworded("سرت")
    (('حفر الباطن',), ('كفرزيتا',), ('خان يونس',), ())
    >>> reworded("دورانجو"), reworded("جراد"), reworded("جرف الصخر")
    (('دورانغو',), (), ())
    >>> reworded("bani walid"), reworded("sirte")
    (('beni walid', 'banu walid'), ())
    """
    if is_arabic(key):
        others = [_INNER_ARTICLE.sub(" ", key), _TOGETHER.sub(r"\1 ", key), _APART.sub(r"\1", key)]
        if "ج" in key and len(key) >= _FOREIGN and not key.startswith("ال") and _EMPHATIC.isdisjoint(key):
            others.append(key.replace("ج", "غ"))  # as Egypt writes a foreign g
    else:
        first, space, rest = key.partition(" ")
        others = [f"{word} {rest}" for word in _SPELLED.get(first, ()) if space]
    return tuple(dict.fromkeys(other for other in others if other != key))


def skeleton(key: str) -> str:
    """The consonants of a folded name, transcriptions of one sound made one. Many names, a line each, go as well.

    >>> skeleton("sabratah"), skeleton("sabrata"), skeleton("misurata"), skeleton("al jofra"), skeleton("djoufra")
    ('sbrt', 'sbrt', 'msrt', 'jfr', 'jfr')
    """
    return bones(bare(key))


def bones(key: str) -> str:
    """The skeleton of a name whose articles are gone.

    Within a word the vowels go, Latin ones and the weak letters of Arabic; a first vowel is any vowel ("a"); u and o before a
    vowel are a w; h after a last vowel and a last heh are silent; doubled letters are one, and so are words.
    """
    if not key.isascii():
        key = _romanised(key)
    for written, sound in _SOUNDS:
        key = key.replace(written, sound)
    return bones_of_many(key) if len(key) > _MANY else bones_of_few(key)


_MANY = 500  # letters from which arrays are quicker
_SEMIVOWEL = re.compile("[uo](?=[aeiouy])")
_SILENT = re.compile(r"(?<=[^ \n])(?:[aeiouyاوي]|ه(?![^ \n]))|(?<=[^ \n][aeiouy])h(?![^ \n])| ")
_FIRST_VOWEL = re.compile(r"(?<![^ \n])[eiou]")
_DOUBLED = re.compile("([^\n\U00010000-\U0010ffff])\\1+")  # of two halves each, those look like no pair to the arrays


def bones_of_few(key: str) -> str:
    """The skeleton once the sounds are written one way, for a name that is asked for."""
    key = _FIRST_VOWEL.sub("a", _SEMIVOWEL.sub("w", key))
    return _DOUBLED.sub(r"\1", _SILENT.sub("", key))


def bones_of_many(key: str) -> str:
    """The same as one walk over an array of letters: a build asks it of a million names."""
    import numpy as np

    letters = np.frombuffer(f"\n{key}\n\n".encode("utf-16-le", "surrogatepass"), "<u2").copy()
    parts = _letter_parts()[letters]
    spaces, vowels = parts & _SPACE != 0, parts & _VOWEL != 0
    inner, last = np.zeros(len(letters), bool), np.ones(len(letters), bool)  # not the first, the last of a word
    inner[1:], last[:-1] = ~spaces[:-1], spaces[1:]
    gone = letters == ord(" ")
    gone[1:] |= (parts[1:] & _H != 0) & last[1:] & vowels[:-1] & inner[:-1]
    semivowels = np.flatnonzero((parts[:-1] & _BEFORE_VOWEL != 0) & vowels[1:])
    letters[semivowels], vowels[semivowels] = ord("w"), False
    letters[vowels & ~inner & (parts & _FIRST != 0)] = ord("a")
    gone |= inner & (vowels | (parts & _WEAK != 0) | ((parts & _HEH != 0) & last))
    letters = letters[~gone]
    once = np.ones(len(letters), bool)
    once[1:] = (letters[1:] != letters[:-1]) | (letters[1:] == ord("\n"))
    skeletons: str = letters[once].tobytes().decode("utf-16-le", "surrogatepass")[1:-2]
    return skeletons


@cache
def _letter_parts() -> Any:
    import numpy as np

    table = np.zeros(1 << 16, "u1")
    for part, letters in _PARTS.items():
        table[[ord(letter) for letter in letters]] |= part
    return table


def _romanised(key: str) -> str:
    """Cyrillic in Latin letters; letters that the text does not hold cost next to nothing."""
    for letter, latin in _FROM_CYRILLIC.items():
        key = key.replace(letter, latin)
    return key


def across(key: str) -> str:
    """Consonants that an Arabic name and its Latin transcription share: an Arabic or a Latin key, many a line each.

    >>> across("كولوميا"), across("kolomyia"), across("باخموت"), across("bakhmut")
    ('klm', 'klm', 'bKmt', 'bKmt')
    """
    return _DOUBLED.sub(r"\1", skeleton(key).translate(_TO_LATIN).translate(_COARSE))


# Vowels as Arabic writes those of foreign names: three of them, all written. A first alef only carries the vowel that follows.
_CARRIER = re.compile("(?<![^ \n])ا(?=[وي])|(?<=[^ \n])[هة](?![^ \n])")
_VOWELLED = str.maketrans(dict(zip("بپتثجحخدذرزسشصضطظغفڤقكگلمنهچاوىيع", "bbttjhKddrzsSsdtzgffkkglmnhSauiia", strict=True)) | {"ء": "", "p": "b", "v": "f", "G": "g", "e": "i", "y": "i", "o": "u", "w": "u"})
_ENDING_H = re.compile(r"(?<=[^ \n][aeiouy])h(?![^ \n])")


def vowelled(key: str) -> str:
    """An Arabic or a Latin key as both alphabets can write it, vowels and all: tells Kumbo from Kumba where `across` cannot.

    >>> vowelled("موسيمبوا"), vowelled("mocimboa"), vowelled("اوفيرا"), vowelled("uvira")
    ('musimbua', 'mukimbua', 'ufira', 'ufira')
    """
    key = _ENDING_H.sub("", bare(key)).replace("dzh", "j").replace("zh", "j")
    for written, sound in _SOUNDS:
        key = key.replace(written, sound)
    return _DOUBLED.sub(r"\1", _CARRIER.sub(lambda m: "" if m[0] == "ا" else "a", key).translate(_VOWELLED).replace(" ", ""))
