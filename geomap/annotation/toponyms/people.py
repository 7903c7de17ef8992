"""Find the people of a text in a script with capitals, so that those who bear a town's name are not taken for it."""

from __future__ import annotations

from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.words import Words
from geomap.model import Names

_LAND = 500_000  # people: "Chad Libya" is no man's name
_SPOT = 7  # words before a name in which "the village", "a site" says that it is a place's


class Persons:
    """Words that are parts of people's names here: by position, and by surname for the rest of the text."""

    __slots__ = ("names", "positions")

    def __init__(self) -> None:
        self.positions: set[int] = set()
        self.names: set[str] = set()


def find_people(words: Words, knowledge: Knowledge, names: Names) -> Persons:
    """Runs of capitals that open with a given name or a person's title."""
    found = Persons()
    keys, capital, count = words.keys, words.capital, len(words)
    index = 0
    while index < count:
        key = keys[index]
        if not capital[index]:
            index += 1
            continue
        if key in knowledge.person_titles:
            index = _mark(index + 1, words, knowledge, found, 3)
        elif (last := _introduced(index, words, knowledge)) is not None or (last := _told_as_person(index, words, knowledge, names)) is not None:
            index = _mark(index, words, knowledge, found, last - index)
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


def _introduced(first: int, words: Words, knowledge: Knowledge) -> int | None:
    """Where a name ends that is said to be somebody's: "killed a man, identified as Omar Salah"; but "an area identified as Wadi Salah"."""
    keys, last = words.keys, first
    if " ".join(keys[max(first - 2, 0) : first]) not in knowledge.introducing:
        return None
    if not knowledge.spots.isdisjoint(keys[max(first - _SPOT, 0) : first - 2]):
        return None
    while last < len(words) and words.joined[last] and (words.capital[last] or keys[last] in ("al", "el", "-")):
        if last > first and (keys[last] in knowledge.heads_after or keys[last] in knowledge.kind_after or keys[last] in knowledge.organisation_after):
            return None
        last += 1
    return last if last - first > 1 else None


def _told_as_person(first: int, words: Words, knowledge: Knowledge, names: Names) -> int | None:
    """Where a name of two or three words ends that is told as people are: "said Scottsville Jones", "Logan York, 41, of"."""
    last = first + 1
    while last < len(words) and last - first < 4 and words.capital[last] and words.joined[last] and words.raw[last][0].isalpha():
        last += 1
    if last - first not in (2, 3) or first and words.capital[first - 1] and words.joined[first]:
        return None
    keys = words.keys
    age = keys[last + 1 : last + 2] if words.raw[last : last + 1] in ([","], ["("]) else []
    aged = bool(age) and age[0].isdigit() and len(age[0]) < 3 and words.raw[last + 2 : last + 3] in ([","], [")"])
    bracketed = aged and words.raw[last] == "("  # "El Bara Jabir (42)": only people have their age so
    if not bracketed and any(
        key in knowledge.never or key in knowledge.heads_after or key in knowledge.organisation_after - knowledge.surnames
        for key in keys[first:last]
    ):
        return None
    if any(word.isupper() and len(word) > 2 for word in words.raw[first:last]) or (words.titled[first] and not bracketed):
        return None
    given = keys[first] in knowledge.given_names
    following = keys[last] if last < len(words) else ""
    speaks = following in knowledge.speech or given and following in knowledge.metonym_verbs
    spoken = first > 0 and keys[first - 1] in knowledge.speech and keys[first - 1] in ("said", "says", "added")
    if not (aged or speaks or spoken):
        return None
    info = names.get(" ".join(keys[first:last]))
    if info is not None and (info.population >= 5_000 or info.curated):
        return None
    if aged or given:
        return last
    held = [names.get(key) for key in keys[first:last]]
    return None if any(each is not None and "A" in each.feature_classes and each.curated for each in held) else last


def _is_person(index: int, words: Words, knowledge: Knowledge, names: Names) -> bool:
    """Is it a given name with a surname, not the first word of a place name ("Jordan Valley", "Virginia Beach")?"""
    keys = words.keys
    following = keys[index + 1]
    if (
        following in knowledge.organisation_after
        or following in knowledge.kind_after
        or following in knowledge.heads_after
        or following in knowledge.never
    ):
        return False
    if len(following) == 2 and following.endswith("."):  # an initial
        return True
    pair = names.get(f"{keys[index]} {following}")
    if pair is not None and pair.population >= 5_000 and following not in knowledge.surnames:
        return False
    if pair is not None and (pair.population >= 100_000 or pair.curated):
        return False
    info = names.get(following)
    known = info is not None and info.curated and (following in knowledge.divisions or info.population >= _LAND)
    if following in knowledge.surnames or not known:  # "Omar Salah", though Salah is a district
        whole = names.get(keys[index])
        famous = whole is not None and (whole.curated or whole.population > 500_000)
        return not famous or following in knowledge.surnames or info is None
    return False


def _mark(index: int, words: Words, knowledge: Knowledge, found: Persons, most: int) -> int:
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
