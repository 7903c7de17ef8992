"""The part of a name that only says what the place is: "Jufra air base" is found as "Jufra" too, when a cue word asks for a base.

Reports write the designator apart from the name, or translate it ("قاعدة الجفرة الجوية"); tables write it with the name.
"""

from __future__ import annotations

import re

# Codes whose names go with a designator. Lakes and gulfs are not among them: Lake Chad is not called Chad.
_CODES = frozenset(
    "AIRB AIRF AIRP AIRQ AIRH MILB INSM NVB CMPRF CMP CMPL DAM PRT OILF OILR OILT OILJ PSTB PRN BDG WAD VAL ADM1 ADM2 ADM3 ADM1H ADM2H".split()
)
_ENGLISH = (
    r"(?:international |military |naval |refugee |idp |border |oil |air ?)*(?:air ?base|air ?force ?base|air ?station|airport|air ?field|air ?strip|base|camp|"
    r"dam|port|harbou?r|oil ?field|field|terminal|refinery|crossing|prison|bridge|wadi|valley|district|province|governorate|region|state|county|oblast|raion)"
)
_FRENCH = r"(?:base a[eé]rienne|a[eé]roport(?: international)?|camp(?: de r[eé]fugi[eé]s)?|barrage|port|terminal|raffinerie|vall[eé]e|district|province|gouvernorat|r[eé]gion)"
_ARABIC = (
    "قاعدة|قاعده|مطار|مخيم|معسكر|سد|ميناء|حقل|مصفاة|معبر|منفذ|سجن|جسر|وادي|محافظة|ولاية|مديرية|قضاء|منطقة|شعبية|إقليم|اقليم|لواء"
)
_ARABIC_AFTER = "الجوية|الجويه|العسكرية|العسكري|البحرية|الدولي|المدني|النفطي|النفطية|الحدودي|للاجئين|للنازحين"
_BEFORE = re.compile(
    rf"^(?:(?:{_FRENCH}) (?:de la |de l['’]|des |du |de |d['’])|(?:{_ENGLISH}) (?:of )?|(?:{_ARABIC})\s+)", re.IGNORECASE
)
_AFTER = re.compile(rf"(?: {_ENGLISH}|(?:\s+(?:{_ARABIC_AFTER}))+)$", re.IGNORECASE)


def without(name: str, code: str) -> str | None:
    """The name without its designator, for a place of that feature code; None where nothing would be left or taken away.

    >>> without("Jufra air base", "AIRB"), without("قاعدة الجفرة الجوية", "AIRB"), without("Port Sudan", "PPL")
    ('Jufra', 'الجفرة', None)
    """
    if code not in _CODES:
        return None
    short = _AFTER.sub("", _BEFORE.sub("", name)).strip()
    return short if len(short) > 2 and short != name else None
