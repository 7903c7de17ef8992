"""Find place names in scripts that have capitals: every name is a claim, and its neighbours speak for or against it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from geomap.annotation.toponyms.claims import Claim
from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.people import Persons, find_people
from geomap.annotation.toponyms.scanning import scan
from geomap.annotation.toponyms.words import Words
from geomap.model import Names, Span, Toponym, ToponymKind

_FULL_NAME = 4  # words beside it, of a name of many
_SETTLED = frozenset({"city", "village", "neighbourhood", "camp", "port", "airbase", "airport", "dam", "governorate"})
LARGE = 100_000  # people: such a town is named without more ado
CAPITAL = 500_000  # ... and of such a one the press lets a government speak
FAMOUS = 1_000_000  # ... and such a one is meant as often as a woman called Paris or Sydney
_TAIL = 3  # times as much, where the name goes on
_DASHES = ("(", "-", "–", "—", ",", "/", "_")


def find_claims(words: Words, knowledge: Knowledge, names: Names) -> list[Claim]:
    """All claims of a text, weighed, in text order; whoever calls decides how many bits are enough."""
    persons = find_people(words, knowledge, names)
    claims = scan(words, knowledge, names)
    lower = {key for key, capital in zip(words.keys, words.capital, strict=True) if not capital}
    for claim in claims:
        _weigh(claim, words, knowledge, names, persons, lower)
    _lists(claims, words, knowledge, names)
    _again(claims)
    return claims


# -- weighing ------------------------------------------------------------------------------------------------------------


def _weigh(claim: Claim, words: Words, knowledge: Knowledge, names: Names, persons: Persons, lower: set[str]) -> None:
    if claim.info is None and claim.lookup is not None:
        return  # a division written short
    single = claim.last - claim.first == 1
    if claim.info and "D" in claim.info.feature_classes and (single or claim.info.feature_classes == "D") and not _named_area(claim, words, knowledge):
        claim.use = "demonym"
        claim.say("demonym")
        return
    claim.say("base")
    _weigh_name(claim, knowledge)
    if single:
        _weigh_word(claim, words.raw[claim.first], knowledge, lower)
    elif claim.key in knowledge.never:
        spoken = claim.first == 0 or words.keys[claim.first - 1] not in knowledge.before_strong
        claim.say("never", 2 if claim.great and spoken and _cue(claim, words, knowledge) is None else 1)  # "according to Al Jazeera"
    _weigh_person(claim, words, knowledge, persons)
    _weigh_neighbours(claim, words, knowledge, names)


def _weigh_name(claim: Claim, knowledge: Knowledge) -> None:
    """What the gazetteer says of the name, and the name of itself."""
    info = claim.info
    if info is None:
        claim.say("unknown")
    else:
        area = "A" in info.feature_classes
        claim.great = area and (info.curated or claim.key in knowledge.divisions) and claim.key not in knowledge.directions
        if claim.great:
            claim.say("great")
        elif info.curated:
            claim.say("curated")
        if info.population or not info.curated:  # of a sea or a mountain nobody counts the people
            claim.say("per_decade", min(max(math.log10(info.population + 1) - 3, -1), 3.5))
        if not info.preferred:
            claim.say("second_name")
    if claim.composite:
        claim.say("composite")
    elif claim.last - claim.first > 1:
        claim.say("several_words")
        if all(_plain(key, knowledge) for key in claim.key.split()) and not (info and (info.population > LARGE or info.curated and "L" in info.feature_classes)):
            claim.say("common_word")


def _plain(key: str, knowledge: Knowledge) -> bool:
    """Is it a word like any other ("White House", "The Bank")?"""
    return key in knowledge.common or key in knowledge.openers or key in knowledge.never


def _named_area(claim: Claim, words: Words, knowledge: Knowledge) -> bool:
    """Does a noun after the adjective make it a name ("Somali region"), or is it no adjective at all?"""
    after = words.keys[claim.last] if claim.last < len(words) else ""
    return "A" in (claim.info.feature_classes if claim.info else "") and after in knowledge.kind_after


def _weigh_word(claim: Claim, raw: str, knowledge: Knowledge, lower: set[str]) -> None:
    key, great = claim.key, claim.great
    if key in knowledge.never:
        claim.say("never", 2 if great and raw.isupper() else 1)  # "SANA", the agency
    if key in knowledge.common and (not great or not claim.info or not claim.info.preferred):
        claim.say("common_word")
    if key in lower and not great:
        claim.say("lower_elsewhere")
    if len(key) <= 3 and not great:
        claim.say("short")
    if raw.isupper() and len(raw) > 1 and not great:
        claim.say("upper", 1.0 if len(raw) <= 5 else 0.5)


def _weigh_person(claim: Claim, words: Words, knowledge: Knowledge, persons: Persons) -> None:
    first, last, great = claim.first, claim.last, claim.great
    if any(index in persons.positions for index in range(first, last)):
        claim.say("in_person", (2 if great else 1) / (last - first))
        claim.person = True
    elif last - first == 1:
        if claim.key in persons.names:
            claim.say("known_person")
            claim.person = True
        elif claim.key in knowledge.given_names and not great and not any(word == "common_word" for word, _ in claim.why):
            claim.say("given_name", 0.5 if claim.info and claim.info.population > FAMOUS else 1.0)
        elif claim.key in knowledge.surnames and not great:
            claim.say("surname")
    if words.keys[max(first - 1, 0) : first] == ["of"] and first > 1 and words.keys[first - 2] in knowledge.titles_of:
        claim.say("title_of", 2 if great else 1)
    if words.keys[max(first - 1, 0) : first] == ["of"] and first > 1 and words.keys[first - 2] in knowledge.organisation_of and words.capital[first - 2]:
        claim.say("bank_of", 2 if great else 1)
    if last < len(words):
        following = words.keys[last]
        if following in knowledge.person_after:
            claim.say("person_follows")
        elif following in knowledge.speech and not great and not (claim.info and claim.info.population >= CAPITAL):
            claim.say("speech")  # of a person; "Vienna says" is a government's word


def _weigh_neighbours(claim: Claim, words: Words, knowledge: Knowledge, names: Names) -> None:
    first, last, count = claim.first, claim.last, len(words)
    kind = None if claim.composite or claim.person else _cue(claim, words, knowledge)  # "in the Kharkiv region Oleh Syniehubov said"
    if claim.info and claim.info.curated and claim.info.feature_classes in ("A", "AC") and kind in _SETTLED:
        kind = None  # "the city of Sirte, Libya": the cue is not the country's
    if kind is not None:
        claim.kind = kind
        claim.say("cue")
    _weigh_before(claim, words, knowledge)
    if kind is None and last - first == 1 and not words.titled[first] and _full_name(words, first):
        claim.say("in_person", 2 if claim.great else 1)
    after = words.keys[last] if last < count and words.joined[last] else ""
    if after in knowledge.streets and words.capital[last]:
        claim.say("street", 2 if claim.great else 1)
    elif after in knowledge.teams and words.capital[last]:
        claim.say("team")
    elif after in knowledge.after_weak:
        claim.say("after_cue")
    elif after in knowledge.organisation_after:
        claim.say("organisation")
    elif after and words.capital[last] and after[0].isalpha() and not words.titled[last] and after not in knowledge.never:
        bears = after in knowledge.surnames and last - first == 1 and not claim.great
        claim.say("surname_follows" if bears else "before_capital", 1 if bears or not _goes_on(claim, after, knowledge, names) else _TAIL)
    if words.titled[first]:
        claim.say("titled")
    if words.first[first] and (not words.titled[first] or words.raw[first].isupper()):
        claim.say("sentence_first")
        mark = words.raw[last] if last < count else ""
        if words.raw[first].isupper() and len(words.raw[first]) > 3 and mark in _DASHES:
            claim.say("dateline")


def _full_name(words: Words, place: int) -> bool:
    """ "Mutaz Numan Abd Nayif Najm": a word inside many with capitals in a row, which are rather somebody's."""
    first, last = place, place
    while first and words.joined[first] and words.capital[first - 1] and words.keys[first - 1][:1].isalpha():
        first -= 1
    while last + 1 < len(words) and words.joined[last + 1] and words.capital[last + 1] and words.keys[last + 1][:1].isalpha():
        last += 1
    return first < place < last and last - first >= _FULL_NAME


def _goes_on(claim: Claim, after: str, knowledge: Knowledge, names: Names) -> bool:
    """ "Dandi Darpakhel": does a word that is nobody's and nothing's make another name of it, so that it is less likely the place of that name?"""
    if claim.great or claim.last - claim.first > 1 or after in knowledge.common or after in knowledge.given_names or names.get(after) is not None:
        return False
    return after not in knowledge.kind_after and after not in knowledge.heads_after and after not in knowledge.organisation_after


def _weigh_before(claim: Claim, words: Words, knowledge: Knowledge) -> None:
    first, keys = claim.first, words.keys
    before = keys[first - 1] if first and words.joined[first] else ""
    if before in knowledge.before_strong or before == "the" and first > 1 and keys[first - 2] in knowledge.before_strong:
        claim.say("strong")
    elif before in knowledge.before_weak or before == "the" and first > 1 and keys[first - 2] in knowledge.before_weak:
        claim.say("weak")
    elif before and words.capital[first - 1] and not words.first[first - 1] and before[0].isalpha() and not words.titled[first]:
        if before not in knowledge.never and before not in knowledge.person_titles:
            claim.say("after_capital")


def _cue(claim: Claim, words: Words, knowledge: Knowledge) -> ToponymKind | None:
    """What a cue word before or after says that it is."""
    keys, first, last = words.keys, claim.first, claim.last
    for length in (3, 2, 1):
        if last + length <= len(words) and all(words.joined[last : last + length]):
            kind = knowledge.kind_after.get(" ".join(keys[last : last + length]))
            if kind is not None and not (
                length == 1
                and keys[last] == "state"
                and words.capital[last] is False
                and claim.info
                and "A" in claim.info.feature_classes
                and claim.info.curated
            ):
                return kind
    for length in (3, 2, 1):
        if first >= length and all(words.joined[first - length + 1 : first + 1]):
            kind = knowledge.kind_before.get(" ".join(keys[first - length : first]))
            if kind is not None:
                return kind
    return None


def _lists(claims: Sequence[Claim], words: Words, knowledge: Knowledge, names: Names) -> None:
    """ "X, Maine", "X in southern Lebanon": the second holds the first; and names that stand in a list with good ones gain by it."""
    for one, two in pairwise(claims):
        gap = words.raw[one.last : two.first]
        if gap == [","] and two.lookup is not None and two.info is None and two.use == "literal" or gap == [","] and _is_area(two) and not _is_area(one):
            one.parent = two
            one.say("area_follows")
        elif _is_area(two) and not _is_area(one) and _is_in(words.keys[one.last : two.first], knowledge):
            one.parent = two
    _told_together(claims, words, knowledge, names)
    for one, two in pairwise(claims):
        if one.parent is None and words.raw[one.last : two.first] in _JOINTS and max(one.bits, two.bits) > 2:
            for each in (one, two):
                each.say("listed")
    for two, one in pairwise(claims[::-1]):
        if one.bits <= 0 < two.bits and words.raw[one.last : two.first] in _JOINTS:
            one.say("listed")


def _is_in(gap: Sequence[str], knowledge: Knowledge) -> bool:
    """ "Houla in southern Lebanon", "Nisab district in the province of Shabwa"."""
    words = [word for word in gap if word not in ("the", "of") and word not in knowledge.kind_before and word not in knowledge.kind_after]
    return words[:1] == ["in"] and all(word in knowledge.directions for word in words[1:])


def _told_together(claims: Sequence[Claim], words: Words, knowledge: Knowledge, names: Names) -> None:
    """ "the states of Colorado and Washington", "Kano and Plateau states": a plural says what all of a list are."""
    before: ToponymKind | None = None
    for number, one in enumerate(claims):
        joined = number > 0 and words.raw[claims[number - 1].last : one.first] in _JOINTS
        said = knowledge.plurals.get(words.keys[one.first - 2]) if one.first > 1 and words.keys[one.first - 1] == "of" else None
        before = said or (before if joined else None)
        if before:
            _one_of_several(one, before, names)
    after: ToponymKind | None = None
    for number in range(len(claims) - 1, -1, -1):
        one = claims[number]
        said = knowledge.plurals.get(words.keys[one.last]) if one.last < len(words) and words.joined[one.last] else None
        after = said or (after if words.raw[one.last : claims[number + 1].first] in _JOINTS else None) if number + 1 < len(claims) else said
        if after:
            _one_of_several(one, after, names)


def _one_of_several(claim: Claim, kind: ToponymKind, names: Names) -> None:
    """What the plural makes of a name; of "Cass and Clay counties" the gazetteer knows Cass County."""
    if claim.kind is None and not claim.great:
        claim.say("cue")
    claim.kind = claim.kind or kind
    whole = f"{claim.key} county"
    if kind == "district" and claim.lookup is None and names.get(whole) is not None:
        claim.lookup = whole


_JOINTS = ([","], ["and"], ["or"], [",", "and"], ["to"], [";"])


def _is_area(claim: Claim) -> bool:
    return claim.great and claim.bits > 2


def _again(claims: Sequence[Claim]) -> None:
    """One sense a discourse: a name that is surely a place somewhere lends itself bits elsewhere."""
    best: dict[str, float] = {}
    for claim in claims:
        best[claim.key] = max(best.get(claim.key, -99.0), claim.bits)
    for claim in claims:
        if not claim.person and best[claim.key] > 3 and claim.bits < best[claim.key]:
            claim.say("again")


# -- toponyms ------------------------------------------------------------------------------------------------------------

ENOUGH = 0.0  # bits from which on a claim is taken for a place name
DOUBTFUL = -5.5  # ... and from which on it is worth asking whether such a place lies where the report plays


def find_capitalised(text: str, knowledge: Knowledge, names: Names, least: float = ENOUGH) -> tuple[Toponym, ...]:
    """Place names of a text in a script with capitals; their certainty is over .5 unless ``least`` asks for less."""
    words = Words(text)
    claims = find_claims(words, knowledge, names)
    made: dict[int, Toponym] = {}
    for claim in reversed(claims):  # what holds another comes after it
        if claim.bits > (ENOUGH if claim.person else least):
            made[id(claim)] = _toponym(claim, words, knowledge, made.get(id(claim.parent)) if claim.parent else None)
    return tuple(made[id(claim)] for claim in claims if id(claim) in made)


def _toponym(claim: Claim, words: Words, knowledge: Knowledge, parent: Toponym | None) -> Toponym:
    span = Span(words.starts[claim.first], words.ends[claim.last - 1])
    kind = claim.kind
    use = claim.use
    if kind is None and claim.info is not None and "C" in claim.info.feature_classes and use == "literal":
        kind = "country"
    if use == "literal" and claim.info is not None and claim.info.curated and claim.info.feature_classes[:1] == "A":
        after = words.keys[claim.last] if claim.last < len(words) else ""
        before = words.keys[claim.first - 1] if claim.first and words.joined[claim.first] else ""
        if after in knowledge.metonym_verbs and before not in knowledge.before_strong and before not in knowledge.before_weak:  # "the mayor of Kidal says"
            use = "metonym"
    certainty = 1 / (1 + 2.0 ** -max(min(claim.bits, 20.0), -20.0))
    lookup = claim.lookup
    if lookup is None and claim.info is not None and words.keys[claim.first] in knowledge.short:
        lookup = claim.key  # "Mt. Juliet" is known as Mount Juliet
    return Toponym(span, span.of(words.text), kind, parent, use, claim.info is not None or lookup is not None, lookup, round(certainty, 3))  # type: ignore[arg-type]
