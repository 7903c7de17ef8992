"""Find place names in scripts that have capitals: every known name is a claim, and its neighbours speak for or against it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.words import Words
from geomap.model import NameInfo, Names, Span, Toponym, ToponymKind

LONGEST = 7  # words of a name
_LINKS = frozenset(
    "of the and de la le les du des da do dos das del della di el al ad an ar as ash at az es upon on sur am an der den in bei von y e i".split()
)
_SETTLED = frozenset({"city", "village", "neighbourhood", "camp", "port", "airbase", "airport", "dam", "governorate"})
_ARTICLES = frozenset("al el ad an ar as ash at az".split())


@dataclass(slots=True)
class Claim:
    """A known name at the words ``first`` to ``last`` (exclusive), and the bits that speak for its being a place here."""

    first: int
    last: int
    key: str
    info: NameInfo | None
    bits: float = 0.0
    kind: ToponymKind | None = None
    why: list[tuple[str, float]] = field(default_factory=list)
    person: bool = False
    parent: Claim | None = None
    lookup: str | None = None
    use: str = "literal"
    great: bool = False  # a country, or a division that the language's file or our tables name

    def say(self, what: str, bits: float) -> None:
        """Add a reason."""
        self.bits += bits
        self.why.append((what, bits))


@dataclass(frozen=True, slots=True)
class Weights:
    """Bits for and against, set by hand and checked on the development sets (``tests/bench/bench_geoparse.py``)."""

    base: float = -1.5
    curated_area: float = 6.0  # countries, first-level divisions of our tables
    area: float = 1.5
    per_decade: float = 1.3  # for each power of ten of inhabitants above 1,000
    several_words: float = 2.5
    not_preferred: float = -1.5
    common_word: float = -3.0
    never: float = -9.0
    lower_elsewhere: float = -2.0
    given_name: float = -2.0
    surname: float = -1.0
    known_person: float = -5.0
    after_given_name: float = -4.5
    after_title: float = -5.0
    before_capital: float = -1.5
    after_capital: float = -2.0
    person_follows: float = -3.0
    speech: float = -1.5
    age: float = -4.0
    strong: float = 3.0
    weak: float = 1.0
    after_cue: float = 1.5
    organisation: float = -1.0
    area_follows: float = 4.0
    area_precedes: float = 2.0
    listed: float = 1.0
    cue: float = 3.5
    sentence_first: float = -0.7
    titled: float = -0.7
    short: float = -2.5
    upper: float = -2.0
    dateline: float = 4.0
    again: float = 1.5
    demonym: float = 6.0


WEIGHTS = Weights()


def find_claims(words: Words, knowledge: Knowledge, names: Names) -> list[Claim]:
    """All claims of a text, weighed, in text order; whoever calls decides how many bits are enough."""
    persons = _people(words, knowledge, names)
    claims = _scan(words, knowledge, names, persons)
    lower = {key for key, capital in zip(words.keys, words.capital, strict=True) if not capital}
    for claim in claims:
        _weigh(claim, words, knowledge, persons, lower)
    _lists(claims, words)
    return claims


# -- people --------------------------------------------------------------------------------------------------------------


class _Persons:
    """Words that are parts of people's names here: by position, and by surname for the rest of the text."""

    __slots__ = ("names", "positions")

    def __init__(self) -> None:
        self.positions: set[int] = set()
        self.names: set[str] = set()


def _people(words: Words, knowledge: Knowledge, names: Names) -> _Persons:
    """Runs of capitals that open with a given name or a person's title."""
    found = _Persons()
    keys, capital, count = words.keys, words.capital, len(words)
    index = 0
    while index < count:
        key = keys[index]
        if not capital[index]:
            index += 1
            continue
        if key in knowledge.person_titles:
            index = _mark(index + 1, words, knowledge, found, 3)
        elif (
            key in knowledge.given_names
            and key not in knowledge.never
            and keys[index - 1 : index] != ["st."]
            and index + 1 < count
            and capital[index + 1]
            and words.joined[index + 1]
        ):
            if _is_person(index, words, knowledge, names):
                index = _mark(index, words, knowledge, found, 4)
            else:
                index += 1
        else:
            index += 1
    return found


def _is_person(index: int, words: Words, knowledge: Knowledge, names: Names) -> bool:
    """Is it a given name with a surname, not the first word of a place name ("Jordan Valley", "Virginia Beach")?"""
    keys = words.keys
    following = keys[index + 1]
    if following in knowledge.organisation_after or following in knowledge.kind_after or following in knowledge.never:
        return False
    if len(following) == 2 and following.endswith("."):  # an initial
        return True
    pair = names.get(f"{keys[index]} {following}")
    if pair is not None and pair.population >= 5_000 and following not in knowledge.surnames:
        return False
    if pair is not None and (pair.population >= 100_000 or pair.curated):
        return False
    info = names.get(following)
    if info is None or following in knowledge.surnames or not info.curated:
        whole = names.get(keys[index])
        famous = whole is not None and (whole.curated or whole.population > 500_000)
        return not famous or following in knowledge.surnames or info is None
    return False


def _mark(index: int, words: Words, knowledge: Knowledge, found: _Persons, most: int) -> int:
    """Mark the capitals from ``index`` on as one person's name; the position after it."""
    start = index
    while index < len(words) and words.capital[index] and (index == start or words.joined[index]) and index - start < most:
        key = words.keys[index]
        if index > start and (key in knowledge.organisation_after or key in knowledge.kind_after or key in knowledge.never):
            break
        if key not in knowledge.person_titles:
            found.positions.add(index)
            if len(key) > 2 and (index > start or index + 1 == len(words) or not words.capital[index + 1]):
                found.names.add(key)
        index += 1
    return max(index, start)


# -- names ---------------------------------------------------------------------------------------------------------------


def _scan(words: Words, knowledge: Knowledge, names: Names, persons: _Persons) -> list[Claim]:
    """The longest known name at each place where one may begin."""
    claims: list[Claim] = []
    index, count = 0, len(words)
    capital, keys = words.capital, words.keys
    while index < count:
        if not (
            capital[index]
            or keys[index] in _ARTICLES
            and index + 2 < count
            and words.raw[index + 1] in "-‑"
            and capital[index + 2]
        ):
            index += 1
            continue
        claim = _longest(index, words, knowledge, names)
        if claim is None:
            index += 1
            continue
        claims.append(claim)
        index = claim.last
    return claims


def _longest(index: int, words: Words, knowledge: Knowledge, names: Names) -> Claim | None:
    state = _state(index, words, knowledge)
    if state is not None:
        return state
    keys, raw, count = words.keys, words.raw, len(words)
    best: Claim | None = None
    forms = [keys[index]]
    if forms[0] in knowledge.short:
        forms.append(knowledge.short[forms[0]])
    position = index
    while True:
        for form in forms:
            info = names.get(form)
            if info is not None and words.capital[position]:
                best = Claim(index, position + 1, form, info)
        following = position + 1
        if following >= count or following - index >= 2 * LONGEST or not words.joined[following]:
            break
        if raw[following] in "-‑" and following + 1 < count and words.joined[following + 1]:
            following += 1
        if not (words.capital[following] or keys[following] in _LINKS or keys[following].isdigit()):
            break
        forms = [form for form in forms if names.begins(form)]
        if not forms:
            break
        grown = [f"{form} {keys[following]}" for form in forms]
        if keys[following] in knowledge.short:
            grown += [f"{form} {knowledge.short[keys[following]]}" for form in forms]
        forms, position = grown, following
    return best


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
        claim.say("a division written short", 8.0)
        return claim
    return None


# -- weighing ------------------------------------------------------------------------------------------------------------


def _weigh(claim: Claim, words: Words, knowledge: Knowledge, persons: _Persons, lower: set[str]) -> None:
    info, w = claim.info, WEIGHTS
    if info is None:
        return
    single = claim.last - claim.first == 1
    key = claim.key
    raw = words.raw[claim.first]
    if single and "D" in info.feature_classes and not _named_area(claim, words, knowledge):
        claim.use = "demonym"
        claim.say("the people or things of a country", w.demonym)
        return
    claim.say("base", w.base)
    area = "A" in info.feature_classes
    great = area and (info.curated or key in knowledge.divisions)
    claim.great = great
    if great:
        claim.say("a country or division", w.curated_area)
    elif area:
        claim.say("a division", w.area)
    claim.say("size", w.per_decade * min(max(math.log10(info.population + 1) - 3, -1), 3.5))
    if not single:
        claim.say("several words", w.several_words)
    if not info.preferred:
        claim.say("only a second name", w.not_preferred)
    if single:
        _weigh_word(claim, key, raw, knowledge, lower, great)
    _weigh_person(claim, words, knowledge, persons, great)
    _weigh_neighbours(claim, words, knowledge)


def _named_area(claim: Claim, words: Words, knowledge: Knowledge) -> bool:
    """Does a noun after the adjective make it a name ("Somali region"), or is it no adjective at all?"""
    after = words.keys[claim.last] if claim.last < len(words) else ""
    return "A" in (claim.info.feature_classes if claim.info else "") and after in knowledge.kind_after


def _weigh_word(claim: Claim, key: str, raw: str, knowledge: Knowledge, lower: set[str], great: bool) -> None:
    w = WEIGHTS
    if key in knowledge.never:
        claim.say("a word that is no place", w.never)
    if key in knowledge.common and not great:
        claim.say("a dictionary word", w.common_word)
    if key in lower and not great:
        claim.say("stands without a capital elsewhere", w.lower_elsewhere)
    if len(key) <= 3 and not great:
        claim.say("short", w.short)
    if raw.isupper() and len(raw) > 1 and not great:
        claim.say("all capitals", w.upper if len(raw) <= 5 else w.upper / 2)


def _weigh_person(claim: Claim, words: Words, knowledge: Knowledge, persons: _Persons, great: bool) -> None:
    w = WEIGHTS
    first, last = claim.first, claim.last
    if any(index in persons.positions for index in range(first, last)):
        claim.say("part of a person's name", w.after_given_name * (2 if great else 1) / (last - first))
        claim.person = True
    elif last - first == 1:
        if claim.key in persons.names:
            claim.say("a person of this text", w.known_person)
            claim.person = True
        elif claim.key in knowledge.given_names and not great:
            claim.say("a given name", w.given_name)
        elif claim.key in knowledge.surnames and not great:
            claim.say("a surname", w.surname)
    if last < len(words):
        following = words.keys[last]
        if following in knowledge.person_after:
            claim.say("a person follows", w.person_follows)
        elif following in knowledge.speech and not great:
            claim.say("speaks", w.speech)
        if last + 2 < len(words) and words.raw[last] == "," and words.keys[last + 1].isdigit() and words.raw[last + 2] == ",":
            claim.say("an age follows", w.age)


def _weigh_neighbours(claim: Claim, words: Words, knowledge: Knowledge) -> None:
    w = WEIGHTS
    first, last, count = claim.first, claim.last, len(words)
    before = words.keys[first - 1] if first and words.joined[first] else ""
    after = words.keys[last] if last < count and words.joined[last] else ""
    kind = _cue(claim, words, knowledge)
    if claim.info and claim.info.curated and claim.info.feature_classes in ("A", "AC") and kind in _SETTLED:
        kind = None  # "the city of Sirte, Libya": the cue is not the country's
    if kind is not None:
        claim.kind = kind
        claim.say(f"called a {kind}", w.cue)
    if before in knowledge.before_strong or before == "the" and first > 1 and words.keys[first - 2] in knowledge.before_strong:
        claim.say("a place is at hand", w.strong)
    elif before in knowledge.before_weak:
        claim.say("a place may be at hand", w.weak)
    elif before and words.capital[first - 1] and not words.first[first - 1] and before[0].isalpha() and not words.titled[first]:
        if before not in knowledge.never and before not in knowledge.person_titles:
            claim.say("ends a run of capitals", w.after_capital)
    if after in knowledge.after_weak:
        claim.say("of a place", w.after_cue)
    elif after in knowledge.organisation_after:
        claim.say("an organisation's", w.organisation)
    elif after and words.capital[last] and after[0].isalpha() and not words.titled[last] and after not in knowledge.never:
        claim.say("begins a run of capitals", w.before_capital)
    if words.first[first] and not words.titled[first]:
        claim.say("begins a sentence", w.sentence_first)
        if words.raw[first].isupper() and len(words.raw[first]) > 3 and after in ("(", "-", "–", "—", ",", "/"):
            claim.say("a dateline", w.dateline)
    if words.titled[first]:
        claim.say("in a title", w.titled)


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


def _lists(claims: Sequence[Claim], words: Words) -> None:
    """ "X, Maine": the second holds the first; and names that stand in a list with good ones gain by it."""
    w = WEIGHTS
    for one, two in pairwise(claims):
        gap = words.keys[one.last : two.first]
        if gap == [","] and two.lookup is not None or gap == [","] and _is_area(two) and not _is_area(one):
            one.parent = two
            one.say("its area follows", w.area_follows)
            two.say("follows what lies in it", w.area_precedes)
        elif gap in ([","], ["and"], ["or"], [",", "and"], ["to"]) and max(one.bits, two.bits) > 3:
            one.say("stands in a list", w.listed)
            two.say("stands in a list", w.listed)


def _is_area(claim: Claim) -> bool:
    return claim.great and claim.bits > 2


# -- toponyms ------------------------------------------------------------------------------------------------------------

ENOUGH = 0.0  # bits from which on a claim is taken for a place name


def find_capitalised(text: str, knowledge: Knowledge, names: Names) -> tuple[Toponym, ...]:
    """Place names of a text in a script with capitals."""
    words = Words(text)
    claims = find_claims(words, knowledge, names)
    _again(claims)
    made: dict[int, Toponym] = {}
    for claim in reversed(claims):  # what holds another comes after it
        if claim.bits > ENOUGH:
            made[id(claim)] = _toponym(claim, words, knowledge, made.get(id(claim.parent)) if claim.parent else None)
    return tuple(made[id(claim)] for claim in claims if id(claim) in made)


def _again(claims: Sequence[Claim]) -> None:
    """One sense a discourse: a name that is surely a place somewhere lends itself bits elsewhere."""
    best: dict[str, float] = {}
    for claim in claims:
        best[claim.key] = max(best.get(claim.key, -99.0), claim.bits)
    for claim in claims:
        if not claim.person and best[claim.key] > 3 and claim.bits < best[claim.key]:
            claim.say("surely a place elsewhere in the text", WEIGHTS.again)


def _toponym(claim: Claim, words: Words, knowledge: Knowledge, parent: Toponym | None) -> Toponym:
    span = Span(words.starts[claim.first], words.ends[claim.last - 1])
    kind = claim.kind
    use = claim.use
    if kind is None and claim.info is not None and "C" in claim.info.feature_classes and use == "literal":
        kind = "country"
    if use == "literal" and claim.info is not None and claim.info.curated and claim.info.feature_classes[:1] == "A":
        after = words.keys[claim.last] if claim.last < len(words) else ""
        if after in knowledge.metonym_verbs:
            use = "metonym"
    certainty = 1 / (1 + 2.0 ** -max(min(claim.bits, 20.0), -20.0))
    return Toponym(span, span.of(words.text), kind, parent, use, True, claim.lookup, round(certainty, 3))  # type: ignore[arg-type]
