"""Tell which phrases only say where a town lies: "Bani Walid, 178 km southeast of Tripoli"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from geomap.annotation import anchors
from geomap.annotation.chains import Found
from geomap.annotation.context import Context
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Locality, Toponym

_SAID = 60  # tokens back to the name that "the town" stands for
_NEXT_TO = 4  # tokens back from a district to the place that it holds
_LISTED = 8  # tokens back from a bracket to the place that it describes
_APART = " ،,-–—("  # between a name and what says more of it
_BRACKET = 4  # tokens of another name in brackets
_BUILT = frozenset(("STRUCK", "SITE"))
_APPOSED = 16  # tokens back from an offset to the name that it says more of
_INSTALLED = ("airport", "airbase", "camp", "port", "oilfield", "dam")
_CLAUSE = 9  # tokens of a relative clause, back from its distance to the name that it says more of
_RELATIVE = frozenset(("REL", "LINKING"))
_ADJECTIVES = frozenset(("KINDADJ", "SITEADJ", "DEMONYM", "NATION", "DIR", "ADJ"))
_TOWN_KINDS = (None, "city", "village", "camp", "neighbourhood", "district", "airport", "airbase", "port", "oilfield", "island")
_ENDS = frozenset(("COMMA", "STOP", "CLOSE", "DASH"))
_HAPPENS = frozenset(("STRIKE", "WEAKSTRIKE", "HIT", "BOMB", "KILL", "WOUND", "STRUCK", "SITE", "VEHICLE", "GROUP", "FORCE", "PERSON", "STOP", "AND"))
_GROUPS = frozenset(("GROUP", "FORCE", "PERSON", "STRUCK"))  # whose stronghold a town may be
_NEARBY = 50  # kilometres or miles from a town, of what lies in a province
_TOLD = 5  # words of the name that opens a sentence, and its verb
_PLACED = frozenset(("STRUCK", "SITE", "KIND", "GENERIC"))  # what a bracket says the place of: "a camp (35 km west of Derna)"


def apposed(localities: list[Locality], context: Context) -> Iterator[Locality]:
    """The localities; "the capital of North Darfur", said of the town named before it, only says which town that is."""
    text, ends = context.report.text, {one.span.end: one for one in localities}
    for one in localities:
        opening = fold(text[one.span.start : one.anchors[0].span.end - len(one.anchors[0].name)]).split() if one.anchors else []
        before = len(text[: one.span.start].rstrip(_APART))
        capital = one.type == "F" and any(context.language.value("CAPITALOF", word) is not None and not word.startswith("ال") for word in opening)
        bracketed = before in ends and one.type == "F" and text[one.span.start - 1] == "(" and text[one.span.end : one.span.end + 1] == ")"
        again = bracketed and _sounds_alike(one, ends[before])  # "the town of Qamishlo (Qamishli)"
        yield replace(one, gloss=True) if (capital and before in ends) or again else one


def _sounds_alike(one: Locality, other: Locality) -> bool:
    """Have the names of two anchors the same consonants?"""
    names = [re.sub(r"[\Waeiouy]+", "", each.anchors[0].name.casefold()) if each.anchors else "" for each in (one, other)]
    return bool(names[0]) and names[0] == names[1]


def describes_a_place(one: Found, tokens: Tokens, context: Context, named: set[int]) -> bool:
    """Does the offset stand right after the name of a town, and so tell the reader where that town lies?

    "Bani Walid, 178 km southeast of Tripoli": yes. "In the Jufra district, 160 km southeast of Sirte": no, it narrows down.
    """
    index = one.start - 1
    first = tokens[one.start]
    if "ANCHOR" in first.tags:  # "Sirte, 160 km to its southeast": the name is inside the phrase, and is the anchor
        return False
    bracketed = index > 0 and "OPEN" in tokens[index].tags and "CLOSE" in tokens[min(one.end, len(tokens) - 1)].tags
    before = index if bracketed else index + 1 if index > 0 and _is_between_slashes(one, tokens) else 0
    if before and _PLACED.isdisjoint(tokens[before - 1].tags) and any("ANCHOR" in token.tags for token in tokens[max(0, before - _LISTED) : before]):
        return True  # "the town of Harasta and its farms (5 km east of Damascus)"
    if _is_told_in_apposition(one, tokens) or _is_in_relative_clause(one, tokens) or _is_of_a_town_told_of(one, tokens):
        return True
    if _is_of_a_thing_there(one, tokens):
        return False
    while index >= 0 and one.start - index <= 8 and (_is_link(tokens[index]) or _says_of_which_kind(tokens, index)):
        index = _before_bracket(tokens, index - 1)
    if index > 1 and _BUILT & tokens[index].tags.keys() and "COMMA" in tokens[index + 1].tags:
        index -= 1 + ("UNKNOWN" in tokens[index - 1].tags and not tokens[index - 1].capital)  # "the Qasr Ben Ghashir detention centre, 20 km south of Tripoli"
    if index < 0:
        return False
    if "ITS" in tokens[index].tags and "KIND" in tokens[index + 1].tags:
        return True  # "Helmand, with Lashkar Gah as its capital, 555 km southwest of Kabul"
    if "NAME" in tokens[index].tags and index + 1 < one.start and "LIES" in tokens[index + 1].tags:
        return True  # "Gandarshe lies 30 miles southwest of Mogadishu"
    if "GENERIC" in tokens[index].tags and tokens[index].tags["GENERIC"].kind in ("city", "village"):  # "in the town, 70 km west of X"
        return any("ANCHOR" in token.tags or "PLACE" in token.tags for token in tokens[max(0, index - _SAID) : index])
    far = bool(one.locality.offsets) and one.locality.offsets[0].distance is not None and one.locality.offsets[0].distance.min > _NEARBY
    if "GENERIC" in tokens[index].tags and tokens[index].tags["GENERIC"].kind == "governorate" and far:
        return True  # "in the province, 150 km southeast of Kabul"
    if "GENERIC" in tokens[index].tags and "LINK" in tokens[index + 1].tags and _is_named_before(index, tokens):
        return True  # "إقليم زابل ... في الإقليم الواقع شرقي كابول" (the province, which lies east of Kabul)
    if _opens_a_sentence(index, tokens) and "UNKNOWN" in tokens[index].tags and any("KIND" in token.tags and not token.definite for token in tokens[index + 1 : one.start]):
        return True  # "ودرنة مدينة ساحلية تبعد 265 كيلومترا" (Derna is a coastal town, 265 km away)
    subject = tokens[index].tags.get("ANCHOR") or tokens[index].tags.get("PLACE")
    if isinstance(subject, Toponym) and subject.kind == "district" and index + 1 == one.start and one.locality.offsets and one.locality.offsets[0].distance and _holds_another(index, tokens):
        return True  # "في ناحية بروانة التابعة لقضاء حديثة 180 كم غربي الرمادي"
    if isinstance(subject, Toponym) and subject.lookup != "" and any("REL" in token.tags for token in tokens[index + 1 : one.start]) and not _narrows(one, subject, context):
        return True  # "قضاء الحويجة الذي يقع على مسافة 65 كلم" (the district of Hawija, which lies 65 km)
    if isinstance(subject, Toponym) and "OPEN" in tokens[index + 1].tags and subject.kind in ("district", "region"):
        return True  # "the district of Qaim (350 km west of Ramadi)"
    state = isinstance(subject, Toponym) and context.language.value("NATION", fold(subject.name)) is not None  # "the coalition that Saudi Arabia leads, south of Sanaa"
    if isinstance(subject, Toponym) and not state and one.locality.type == "FH" and (subject.kind == "district" or _of_a_capital(one, tokens, context)):
        return True  # "in Nihm district northeast of Sanaa", "Amran governorate, north of the capital Sanaa"
    if isinstance(subject, Toponym) and subject.kind == "governorate" and _of_a_capital(one, tokens, context):
        return True  # "a market in Taiz province, about 200 km southwest of the capital, Sanaa"
    if isinstance(subject, Toponym) and anchors.is_area(subject, context.names) and "COMMA" in tokens[one.start - 1].tags and _is_of_a_base(index, tokens):
        return True  # "a strike on the T-4 airbase in Homs governorate, about 130 miles east of Damascus"
    if subject is None and "UNKNOWN" in tokens[index].tags and index + 1 in named and one.locality.offsets and one.locality.offsets[0].distance:
        return True  # "بالقرب من جادود على بعد 400 كيلومتر" (near Gaduud, 400 km from): a name that only the words around it made known
    if subject is None and "NAME" in tokens[index].tags:
        if "CALLED" in tokens[index].tags and "OPEN" in tokens[index + 1].tags:
            return True  # "at Wadi Thallab (80 km northeast of Baqubah)"
        return (index + 1 in named and bool(one.locality.offsets[0].distance)) or any("KIND" in token.tags for token in tokens[index:one.start])  # "Przewodow, a village six kilometres from the border"
    return isinstance(subject, Toponym) and (not anchors.is_area(subject, context.names) or subject.parent is not None or _is_in_apposition(index, tokens))


def _narrows(one: Found, division: Toponym, context: Context) -> bool:
    """ "In the region of Lower Shabelle, which lies 32 km north of Mogadishu": no region lies so near as a whole, so it was there that it struck."""
    distance = one.locality.offsets[0].distance if one.locality.type == "FOH" else None
    info = context.names.get(anchors.key_of(division)) if division.kind in ("region", "governorate") else None
    return distance is not None and distance.max <= _NEARBY and info is not None and set(info.feature_classes) == {"A"}


def _is_named_before(index: int, tokens: Tokens) -> bool:
    """Was what now is "the province" told by its name before?"""
    bare = tokens[index].text.removeprefix("ال") + " "
    return any("ANCHOR" in token.tags and token.text.startswith(bare) for token in tokens[max(0, index - _SAID) : index])


def _opens_a_sentence(index: int, tokens: Tokens) -> bool:
    return index == 0 or "STOP" in tokens[index - 1].tags


def _is_told_in_apposition(one: Found, tokens: Tokens) -> bool:
    """ "Maaysra, a village in a mostly Christian area 25 km north of Beirut, was": between commas, after a name and an article, and nothing is struck."""
    named = next((index for index in range(one.start - 1, max(-1, one.start - _APPOSED), -1) if {"ANCHOR", "NAME", "PLACE"} & tokens[index].tags.keys()), None)
    if named is None or (one.end < len(tokens) and _ENDS.isdisjoint(tokens[one.end].tags)):
        return False
    between = tokens[named + 1 : one.start]
    if _is_one_of_many(between, tokens[one.start - 1 : one.start + 1]):
        return True
    if between and "KIND" in between[0].tags and between[0].capital:
        between = between[1:]  # "Now Zad District, a small farming community"
    opens = len(between) > 2 and "COMMA" in between[0].tags and "DET" in between[1].tags and "THE" not in between[1].tags
    return opens and all(
        _HAPPENS.isdisjoint(token.tags) and not token.capital or "ADJ" in token.tags or _holds_it(tokens[named + 1 : one.start], token) for token in between[1:]
    )


def _is_one_of_many(between: Sequence[Token], around: Sequence[Token]) -> bool:
    """ "Mayadin, one of the last strongholds of the group, located 40 km southeast of": between commas, said of the town."""
    commas = ["COMMA" in token.tags for token in between]
    apart = len(between) > 2 and commas[0] and "ONEOF" in between[1].tags and any(commas[2:])
    return apart and any(not {"LIES", "LED"}.isdisjoint(token.tags) for token in (*between[-1:], *around)) and all((_HAPPENS - _GROUPS).isdisjoint(token.tags) for token in between)


def _holds_it(told: Sequence[Token], token: Token) -> bool:
    """ "A town under Houthi control", "a Houthi-held town": who has it is told in passing."""
    after = told[told.index(token) + 1 :]
    after = after[1:] if after and "DASH" in after[0].tags else after
    return bool(after) and "HOLDING" in after[0].tags


def _is_in_relative_clause(one: Found, tokens: Tokens) -> bool:
    """ "بلدة مرزوق الصحراوية التي تبعد 900 كلم جنوب طرابلس": "which lies", or "lying", after a name and an adjective of it, says where the town lies."""
    index = one.start - 1
    while index >= 0 and _is_link(tokens[index]) and _RELATIVE.isdisjoint(tokens[index].tags):
        index -= 1
    if index < 1 or _RELATIVE.isdisjoint(tokens[index].tags):
        return False
    index -= 1
    while index > 0 and one.start - index <= _CLAUSE and {"COMMA", "AND"} & tokens[index].tags.keys():
        index -= 1
    while index > 0 and one.start - index <= _CLAUSE and _is_adjective(tokens[index]):
        index -= 1
    if index > 1 and "GENERIC" in tokens[index].tags and "COMMA" in tokens[index - 1].tags:
        return not {"ANCHOR", "UNKNOWN"}.isdisjoint(tokens[index - 2].tags)  # "مرزوق، الواحة التي تبعد"
    subject = tokens[index].tags.get("ANCHOR") or tokens[index].tags.get("PLACE")
    return isinstance(subject, Toponym) and subject.kind in _TOWN_KINDS and index < one.start - 2


def _is_of_a_town_told_of(one: Found, tokens: Tokens) -> bool:
    """ "Jilib is one of the largest towns of the south, located 370 km southwest of": the sentence says what the town is, and nothing is struck in it."""
    first = one.start
    while first > 0 and "STOP" not in tokens[first - 1].tags:
        first -= 1
    copula = next((index for index in range(first, min(first + _TOLD, one.start)) if "AUX" in tokens[index].tags), None)
    if copula is None or copula == first or not all({"ANCHOR", "PLACE", "NAME"} & token.tags.keys() or token.capital for token in tokens[first:copula]):
        return False
    said = tokens[copula + 1 : one.start]
    return any("KIND" in token.tags for token in said) and all(_HAPPENS.isdisjoint(token.tags) or "AND" in token.tags for token in said)


def _is_adjective(token: Token) -> bool:
    """Does a word with the article say of which kind or land the name before it is: "the desert town", "the Libyan town"?"""
    return token.definite and not _ADJECTIVES.isdisjoint(token.tags)


def _is_of_a_thing_there(one: Found, tokens: Tokens) -> bool:
    """ "معسكرا في سرت يبعد 5 كلم عن المطار": a verb right after a town, without "which", goes with the thing that is in it."""
    index = one.start - 1
    while index > 0 and "FAR" in tokens[index].tags and tokens[index - 1].tags.keys() & {"FAR", "LINK"}:
        index -= 1
    if index < 3 or "FAR" not in tokens[index].tags or "ANCHOR" not in tokens[index - 1].tags or not {"IN", "NEAR"} & tokens[index - 2].tags.keys():
        return False
    return "STRUCK" in tokens[index - 3].tags and not tokens[index - 3].definite


def _is_of_a_base(index: int, tokens: Tokens) -> bool:
    """Does the sentence name an airport, a camp, a dam before the province?"""
    for token in reversed(tokens[max(0, index - _SAID) : index]):
        if "STOP" in token.tags:
            return False
        if isinstance(anchor := token.tags.get("ANCHOR"), Toponym) and anchor.kind in _INSTALLED:
            return True
    return False


def _holds_another(index: int, tokens: Tokens) -> bool:
    """Does a district only say where the place named just before it lies?"""
    before = tokens[max(0, index - _NEXT_TO) : index]
    return any("ANCHOR" in token.tags for token in before) and all({"ANCHOR", "LINK", "TO", "IN", "DIR", "SECTOR"} & token.tags.keys() for token in before[-2:])


def _of_a_capital(one: Found, tokens: Tokens, context: Context) -> bool:
    table = context.language.tables.get("toponyms", {})
    words = table.get("capital_words", ())
    if "COMMA" in tokens[one.start - 1].tags and any(fold(each.name) in {fold(name) for name in table.get("capitals", {}).values()} for each in one.locality.anchors):
        return True  # "in Marib province, east of Sanaa"
    return any("CAPITAL" in token.tags or any(fold(word).strip(",") in words for word in token.text.split()) for token in tokens[one.start : one.end])


def _is_in_apposition(index: int, tokens: Tokens) -> bool:
    """ "Bulo Fulay, a village in Bay region some 30km west of Baidoa": does the area only say in which part the village lies?"""
    before = tokens[max(0, index - 5) : index]
    inside = bool(before) and "IN" in before[-1].tags
    named = before[:-1] if inside else before
    if inside and named and "KIND" in named[-1].tags:
        named = named[:-1]  # "Dashti village in Nawa district"
    if inside and named and {"NAME", "ANCHOR", "PLACE"} & named[-1].tags.keys():
        return True  # "the town of Jalula in Diyala province, 125 km northeast of Baghdad"
    if len(named) > 1 and "COMMA" in named[-1].tags and {"NAME", "ANCHOR", "PLACE"} & named[-2].tags.keys():
        return True  # "near Galcad, Somalia, 260 km northeast of Mogadishu", "in Sanban, in Dhamar province, 100 km south of Sanaa"
    kinds = [number for number, token in enumerate(before) if "KIND" in token.tags]
    return bool(kinds) and inside and any("COMMA" in token.tags for token in before[: kinds[-1]]) and any(
        {"NAME", "ANCHOR", "PLACE"} & token.tags.keys() for token in before[: kinds[-1]]
    )


def _is_between_slashes(one: Found, tokens: Tokens) -> bool:
    """ "/ 118 كم غربي بغداد /": slashes that serve as a bracket."""
    start, end = tokens[one.start].span.start, tokens[one.end - 1].span.end
    return tokens.text[max(0, start - 2) : start].strip() == "/" == tokens.text[end : end + 2].strip()[:1]


def _before_bracket(tokens: Tokens, index: int) -> int:
    """ "Arge (Zebst), a small town 40 km from": the token before what a bracket holds, or the token itself."""
    if index < 1 or "CLOSE" not in tokens[index].tags:
        return index
    opens = next((place for place in range(index - 1, max(-1, index - _BRACKET), -1) if "OPEN" in tokens[place].tags), None)
    return index if opens is None else opens - 1


def _is_link(token: Token) -> bool:
    return bool({"LINK", "COMMA", "OPEN", "DASH", "QUOTE", "IN", "JUST", "APPROX", "KIND", "KINDADJ", "FAR"} & token.tags.keys()) and "ANCHOR" not in token.tags


def _says_of_which_kind(tokens: Tokens, index: int) -> bool:
    """ "Datta Khel, a small town some 30 km east of": a plain word between an article and what the place is."""
    plain = index > 0 and "UNKNOWN" in tokens[index].tags and not tokens[index].capital
    return plain and "LINK" in tokens[index - 1].tags and "KIND" in tokens[index + 1].tags
