"""Scan a text with capitals for names: the longest known one, divisions written short, and names that say what they name."""

from __future__ import annotations

from geomap.annotation.toponyms.claims import Claim
from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.words import Words
from geomap.model import Names, ToponymKind

LONGEST = 7  # words of a name
_LINKS = frozenset(
    "of the and de la le les du des da do dos das del della di el al ad adh an ar as ash at ath az ed en er es et ez upon on sur am der den "
    "in bei von y e i au aux under op ter ten het aan sous pod nad na ob im zur zum".split()
)
_ARTICLES = frozenset("al el ad adh an ar as ash at ath az".split())
_HYPHENS = "-‑"
_KNOWN = 50_000  # people: such a town is meant even after a word that nobody knows


def scan(words: Words, knowledge: Knowledge, names: Names) -> list[Claim]:
    """The longest name at each place where one may begin."""
    claims: list[Claim] = []
    index, count = 0, len(words)
    capital, keys, raw = words.capital, words.keys, words.raw
    while index < count:
        if not (
            capital[index] or keys[index] in _ARTICLES and index + 2 < count and raw[index + 1] in _HYPHENS and capital[index + 2]
        ):
            index += 1
            continue
        claim = _longest(index, words, knowledge, names)
        composite = _composite(index, words, knowledge, names)
        if composite is not None and (claim is None or composite.last > claim.last and _adds(claim, composite, knowledge)):
            claim = composite
        elif composite is not None and claim is not None and _is_nature(claim, composite, words):
            claim = composite
            claim.info = None
        if claim is None:
            claim = _unknown(index, words, knowledge, names)
        if claim is None:
            index += 1
            continue
        if not (_ends_a_strange_name(claim, words, knowledge, names) or _goes_on_from_a_strange_name(claim, words, knowledge, names)):
            claims.append(claim)
        index = claim.last
    return claims


def _ends_a_strange_name(claim: Claim, words: Words, knowledge: Knowledge, names: Names) -> bool:
    """ "Tareeq al-Bab": no al-Bab, but a quarter, or a man, whose whole name nothing knows."""
    first = claim.first
    if first > 1 and words.raw[first - 1] in _HYPHENS and words.keys[first - 2] in _ARTICLES:
        first -= 2
    if not first or words.keys[first] not in _ARTICLES or words.first[first - 1]:
        return False
    before = words.keys[first - 1]
    return _capital_run(words, first - 1, first) and words.joined[first] and _strange(before, knowledge) and names.get(before) is None


def _goes_on_from_a_strange_name(claim: Claim, words: Words, knowledge: Knowledge, names: Names) -> bool:
    """ "Kuir Kani": no hamlet of Kani somewhere, but a place, or a man, whose whole name nothing knows."""
    first, info = claim.first, claim.info
    if not first or claim.last - first > 1 or info is None or info.curated or info.population >= _KNOWN or set(info.feature_classes) != {"P"}:
        return False
    before = words.keys[first - 1]
    if words.first[first - 1] or not (words.joined[first] and _capital_run(words, first - 1, first) and _strange(before, knowledge)):
        return False
    return names.get(before) is None and before not in knowledge.kind_before


def _longest(index: int, words: Words, knowledge: Knowledge, names: Names) -> Claim | None:
    state = _state(index, words, knowledge)
    if state is not None:
        return state
    keys, raw, count = words.keys, words.raw, len(words)
    best: Claim | None = None
    forms = [keys[index]]
    if forms[0] in knowledge.short:
        forms.append(knowledge.short[forms[0]])
    position, tied = index, False  # by a hyphen to the word before, whatever its letters: "Tal-afar"
    while True:
        for form in forms:
            info = names.get(form)
            if info is not None and (words.capital[position] or tied and keys[position].isalpha()):
                best = Claim(index, position + 1, form, info)
        following = position + 1
        if following >= count or following - index >= 2 * LONGEST or not words.joined[following]:
            break
        tied = False
        if raw[following] in _HYPHENS and following + 1 < count and words.joined[following + 1]:
            following += 1
            tied = words.starts[following] - words.ends[position] == 1
        if not (words.capital[following] or tied or keys[following] in _LINKS or keys[following].isdigit()):
            break
        forms = [form for form in forms if names.begins(form)]
        if not forms:
            break
        grown = [f"{form} {keys[following]}" for form in forms]
        if keys[following] in knowledge.short:
            grown += [f"{form} {knowledge.short[keys[following]]}" for form in forms]
        forms, position = grown, following
    if best is not None and best.last == index + 1 and _opens_a_strange_name(index, words, knowledge):
        return None
    adjective = _adjective(index, words, knowledge)
    return best if adjective is None or best is not None and best.last > adjective.last else adjective


def _opens_a_strange_name(index: int, words: Words, knowledge: Knowledge) -> bool:
    """ "Tal Mannas": no town called Tal, but one whose whole name nothing knows."""
    opens = words.keys[index] in knowledge.name_openers
    if opens and words.keys[index + 1 : index + 2] and words.keys[index + 1] in _ARTICLES and words.raw[index + 2 : index + 3] and words.raw[index + 2] in _HYPHENS:
        return True  # "Wadi al-Zarzur"
    return opens and _capital_run(words, index + 1, index + 2) and _strange(words.keys[index + 1], knowledge)


def _state(index: int, words: Words, knowledge: Knowledge) -> Claim | None:
    """ "Calif." or "ME" after a comma: a division written short."""
    raw = words.raw[index]
    full = knowledge.states.get(raw)
    last = index + 1
    if full is None and last < len(words) and words.raw[last] == "." and words.joined[last]:
        full, last = knowledge.states.get(raw + "."), last + 1
    if full is None:
        return None
    if index >= 2 and words.raw[index - 1] == "," and words.capital[index - 2] or raw.count(".") > 1:
        claim = Claim(index, last, words.keys[index], None, lookup=full, kind="governorate")
        claim.bits = 8.0
        return claim
    return None


def _adjective(index: int, words: Words, knowledge: Knowledge) -> Claim | None:
    """ "European", "Texans", "West African": of what is no country, whose words the gazetteer has."""
    for last in (index + 2, index + 1):
        key = " ".join(words.keys[index:last])
        place = knowledge.adjectives.get(key)
        if place is not None and (last == index + 1 or words.capital[index + 1] and words.joined[index + 1]):
            claim = Claim(index, last, key, None, lookup=place, use="demonym")
            claim.say("demonym")
            return claim
    return None


# -- names that say what they name ---------------------------------------------------------------------------------------


def _composite(index: int, words: Words, knowledge: Knowledge, names: Names) -> Claim | None:
    """ "Polk County", "Cumberland River", "Lake Livingston", "University of Idaho", whether a gazetteer knows it or not."""
    if words.keys[index] in knowledge.openers:
        return None
    found = _head_first(index, words, knowledge) or _head_last(index, words, knowledge)
    if found is None:
        return None
    last, kind = found
    key = " ".join(key for key in words.keys[index:last] if key)
    return Claim(index, last, key, names.get(key), kind=kind, composite=True)


def _head_first(index: int, words: Words, knowledge: Knowledge) -> tuple[int, ToponymKind] | None:
    for length in (2, 1):
        kind = knowledge.heads_before.get(" ".join(words.keys[index : index + length]))
        last = index + length
        if kind is not None and _capital_run(words, index + 1 if length == 1 else last, last + 1):
            while _capital_run(words, last, last + 1) and last - index - length < 2 and words.keys[last] not in knowledge.never:
                last += 1
            return (last, kind) if last > index + length else None
    return None


def _head_last(index: int, words: Words, knowledge: Knowledge) -> tuple[int, ToponymKind] | None:
    for head in range(index + 1, index + 4):
        if not _capital_run(words, head, head + 1):
            return None
        for length in (2, 1):
            kind = knowledge.heads_after.get(" ".join(words.keys[head : head + length]))
            if kind is not None and _capital_run(words, head, head + length):
                return head + length, kind
    return None


def _capital_run(words: Words, first: int, last: int) -> bool:
    """Are the words there, with capitals, and nothing but spaces before each?"""
    return last <= len(words) and all(
        words.capital[i] and words.joined[i] and words.raw[i][0].isalpha() for i in range(first, last)
    )


def _adds(claim: Claim, composite: Claim, knowledge: Knowledge) -> bool:
    """Does the longer name say more than the known one with its cue word does? "Aleppo Province" is Aleppo's; "Polk County" is no Polk."""
    if composite.info is not None or composite.kind == "district":
        return True
    if claim.key in knowledge.heads_before or f"{claim.key} of" in knowledge.heads_before:
        return True  # "Gulf" stands for one gulf, "Gulf of Maine" is another
    classes = claim.info.feature_classes if claim.info else ""
    return not (set(classes) & set(_CLASSES.get(composite.kind or "site", "")))


def _is_nature(claim: Claim, composite: Claim, words: Words) -> bool:
    """ "the Red River" is the river, though a hamlet far away is called so; "Silver Creek" without an article may be one."""
    first = claim.first
    told = first > 0 and words.keys[first - 1] == "the" and composite.last == claim.last and composite.kind in _NATURE
    return told and claim.info is not None and claim.info.feature_classes == "P" and claim.info.population < _HAMLET


_NATURE = ("river", "sea", "mountain", "desert", "island")
_HAMLET = 5_000  # people; greater towns are known even by an odd name

# GeoNames' classes that a name of the kind is listed under.
_CLASSES = {"river": "H", "sea": "H", "mountain": "T", "island": "T", "desert": "TL", "region": "LT", "wadi": "TH"}


def _unknown(index: int, words: Words, knowledge: Knowledge, names: Names) -> Claim | None:
    """A name that no gazetteer has, where the text itself says that it is a place: "Rippey, Iowa", "the village of Qunu"."""
    last = index
    while last - index < 3 and _capital_run(words, last, last + 1) and _strange(words.keys[last], knowledge):
        last += 1
    if last == index or index and words.capital[index - 1] and words.joined[index] and words.raw[index - 1][0].isalpha():
        return None
    key = " ".join(words.keys[index:last])
    if not (_followed_by_area(last, words, knowledge, names) or _called(index, last, words, knowledge)):
        return None
    return Claim(index, last, key, None)


def _strange(key: str, knowledge: Knowledge) -> bool:
    return len(key) > 2 and not (
        key in knowledge.never or key in knowledge.common or key in knowledge.openers or key in knowledge.person_titles
        or key in knowledge.organisation_after or key in knowledge.heads_after
    )  # fmt: skip


def _followed_by_area(last: int, words: Words, knowledge: Knowledge, names: Names) -> bool:
    """ "..., Iowa" or "..., Tenn." """
    if last + 1 >= len(words) or words.raw[last] != "," or not words.capital[last + 1]:
        return False
    if _state(last + 1, words, knowledge) is not None:
        return True
    key = words.keys[last + 1]
    info = names.get(key)
    return key in knowledge.divisions or info is not None and info.curated and info.feature_classes[:1] == "A"


def _called(first: int, last: int, words: Words, knowledge: Knowledge) -> bool:
    before, after = words.keys[max(first - 2, 0) : first], words.keys[last : last + 1]
    return " ".join(before) in knowledge.kind_before or after != [] and after[0] in ("village", "hamlet") and not words.capital[last]
