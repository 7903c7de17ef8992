"""The part of a name that only says what the place is: "Jufra air base" is asked for as "Jufra" too, and the other way round.

Reports write the designator apart from the name, or translate it ("قاعدة الجفرة الجوية"); tables write it with the name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from geomap.folding import fold

# kind of a toponym: words before or after an English name; before a French one; before and after an Arabic one
_WORDS = {
    "airbase": ("military air base|air base|airbase|air force base|air station|military base|army base|base", "base aérienne|base militaire", "قاعدة", "الجوية|العسكرية"),
    "airport": ("international airport|military airport|airport|airfield|air field|airstrip", "aéroport international|aéroport", "مطار", "الدولي|العسكري|المدني"),
    "camp": ("refugee camp|idp camp|military camp|camp", "camp de réfugiés|camp", "مخيم|معسكر", "للاجئين|للنازحين"),
    "dam": ("dam", "barrage", "سد", ""),
    "port": ("naval base|oil port|port|harbour|harbor", "port pétrolier|port", "ميناء|مرفأ", "النفطي|البحري"),
    "oilfield": ("oil field|oilfield|gas field|oil terminal|terminal|refinery|field", "champ pétrolier|terminal|raffinerie", "حقل|مصفاة|مصفى", "النفطي|النفطية|للغاز"),
    "border": ("border crossing|border post|crossing", "poste-frontière", "معبر|منفذ", "الحدودي|الحدودية|البري"),
    "site": ("prison|bridge", "prison|pont", "سجن|جسر", ""),
    "wadi": ("wadi|valley", "oued|vallée", "وادي|وادى", ""),
    "governorate": ("governorate|province|region|oblast|state", "gouvernorat|province|région|wilaya", "محافظة|ولاية|إقليم|منطقة|شعبية|أوبلاست", ""),
    "district": ("district|county|raion|municipality|department", "district|département|cercle", "مديرية|قضاء|ناحية|لواء|مقاطعة|مركز", ""),
    "mountain": ("mountains|mountain|mount|hills|hill", "mont|monts|montagne|djebel", "جبل|جبال", ""),
    "river": ("river", "fleuve|rivière", "نهر", ""),
    "island": ("islands|island", "île|îles", "جزيرة|جزر", ""),
    "city": (
        "city|town|village|hamlet|suburb|neighbourhood|neighborhood|quarter|locality|area|farms|farm", "ville|village|commune|quartier",
        "مدينة|بلدة|قرية|حي|ضاحية|منطقة|مزارع|مزرعة|بلدية", "",
    ),
}  # fmt: skip
# What a place of these kinds is called is part of its name more often than not: River Nile State, Mount Sinjar.
_KEPT = {"city", "mountain", "river", "island"}

# Codes whose names go with a designator. Lakes and gulfs are not among them: Lake Chad is not called Chad.
_CODES = {
    "AIRB", "AIRF", "AIRP", "AIRQ", "AIRH", "MILB", "INSM", "NVB", "CMPRF", "CMP", "CMPL", "DAM", "PRT", "OILF", "OILR", "OILT", "OILJ", "PSTB", "PRN",
    "BDG", "WAD", "VAL", "ADM1", "ADM2", "ADM3", "ADM1H", "ADM2H",
}  # fmt: skip

KEEPS_ITS_WORD = {(("US",), "ADM2")}  # countries and code: Polk County is never called Polk


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(filter(None, words), key=len, reverse=True))


def _patterns(kinds: list[str], folded: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before the name, and after it."""
    spell = fold if folded else str
    english, french, before, after = (
        [spell(word) for kind in kinds for word in _WORDS[kind][column].split("|")] for column in range(4)
    )
    of = r"(?:de la|de l['’]?|des|du|de|d['’])"
    return (
        re.compile(rf"^(?:(?:{_either(french)}) {of} ?|(?:{_either(english)}) (?:of )?|(?:{_either(before)})\s+)", re.IGNORECASE),
        re.compile(
            rf"(?: (?:{_either(english)})" + (rf"|(?:\s+(?:{_either(after)}))+" if any(after) else "") + ")$", re.IGNORECASE
        ),
    )


_ANY = _patterns([kind for kind in _WORDS if kind not in _KEPT], folded=False)


@lru_cache(1)
def _asked() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    return [(kind, *_patterns([kind], folded=True)) for kind in _WORDS]


@lru_cache(1)
def _some() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _patterns(list(_WORDS), folded=True)


def without(name: str, code: str) -> str | None:
    """The name without its designator, for a place of that feature code; None where nothing would be left or taken away.

    >>> without("Jufra air base", "AIRB"), without("قاعدة الجفرة الجوية", "AIRB"), without("Port Sudan", "PPL")
    ('Jufra', 'الجفرة', None)
    """
    if code not in _CODES:
        return None
    before, after = _ANY
    short = after.sub("", before.sub("", name)).strip()
    return short if len(short) > 2 and short != name else None


def parted(key: str) -> tuple[str, str] | None:
    """A folded name that begins or ends with a designator, without it, and the kind that it names.

    >>> parted("محافظه الانبار"), parted("city of sirte"), parted("sirte")
    (('الانبار', 'governorate'), ('sirte', 'city'), None)
    """
    some_before, some_after = _some()
    if not some_before.match(key) and not some_after.search(key):
        return None
    for kind, before, after in _asked():  # "Wadi Barada area" is not asked for as "Barada area"
        short = after.sub("", key)
        if short != key and len(short) > 2:
            return before.sub("", short), kind
    for kind, before, _ in _asked():
        short = before.sub("", key)
        if short != key and len(short) > 2:
            return short, kind
    return None
