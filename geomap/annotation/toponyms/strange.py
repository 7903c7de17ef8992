"""Names that no gazetteer has, in scripts without capitals: a rare word where a place may stand is one, in a report of an attack.

A word is rare if the list of stems beside the language's file lacks it, whatever is written together with it. In 400 Arabic war
reports all eight names that this adds are places; in other news one of four is, so it is asked for where attacks are told only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.sequence import BEGIN, INSIDE, OUTSIDE

if TYPE_CHECKING:
    from geomap.annotation.toponyms.uncased import Line

# How far the model, which holds against whatever no gazetteer has, may lean against a rare word (hundredths).
CALLED = -7500  # after "in", "on", "north of", "struck"
LISTED = -6500  # after another name and "and", or after "among them"
STRUCK = -5500  # after a verb of striking and who strikes
GLUED = -1000  # with "in" or "to" written together with it
AGAIN = -9000  # taken for a place elsewhere in the text
_STRIKER = 5  # words between a verb of striking and what is struck
_SHORTEST = 5  # letters of a word that begins with a particle


def label(line: Line, labels: list[int], leanings: Sequence[float], knowledge: Knowledge, text: str) -> None:
    """Add names that nobody knows: rare words where a place may stand, in a row with places, or like one that stood so."""
    rare = [index for index, rare in enumerate(line.rare) if rare]
    for index in rare:
        if _has_head(line, labels, index, knowledge) and _allowed(line, labels, index - 1, knowledge, text) < math.inf:
            labels[index - 1 : index + 1] = [BEGIN, INSIDE]
        if labels[index] == OUTSIDE and leanings[index] > _allowed(line, labels, index, knowledge, text):
            labels[index] = BEGIN
    taken = {line.words[index] for index in rare if labels[index] == BEGIN}
    for index in rare if taken else ():
        again = not taken.isdisjoint((line.words[index], line.words[index][1:]))
        if again and labels[index] == OUTSIDE and leanings[index] > AGAIN and line.cues[index - 1] not in "TO":
            labels[index] = BEGIN


def _allowed(line: Line, labels: Sequence[int], index: int, knowledge: Knowledge, text: str) -> float:
    """How far the model may lean against a rare word: by what stands before it."""
    word, before = line.words[index], _cue_before(line, index, knowledge)
    if before == "L" and _goes_on(line, labels, index, knowledge):
        return math.inf  # "جنوب غربي كوينو بارو": where it ends, patterns tell
    if before == "L" or (before == "I" and not _may_be_anything(line, index - 1, knowledge) and _is_spelled(line, index - 1, knowledge, text)) or (before == "S" and knowledge.is_strange(word)):
        return CALLED
    if index and (line.words[index - 1] in knowledge.listing or (word[0] == "و" and labels[index - 1] != OUTSIDE)):
        return LISTED
    if before == "-" and knowledge.is_strange(word) and _is_struck(line, index):
        return STRUCK
    if before == "-" and word[0] in "بل":
        return LISTED if index and labels[index - 1] != OUTSIDE else GLUED
    return GLUED if before == "I" else math.inf


def _has_head(line: Line, labels: Sequence[int], index: int, knowledge: Knowledge) -> bool:
    """ "كفر زربوطة": does a word that opens names of two stand before a rare one? "أبو" opens those of men."""
    return bool(index) and line.stems[index - 1] in knowledge.heads and line.cues[index - 1] in "-D" and labels[index - 1] == labels[index] == OUTSIDE


def _may_be_anything(line: Line, index: int, knowledge: Knowledge) -> bool:
    """Is the word a "from" that stands behind no distance? After "5 كم من" (5 km from) comes a place."""
    return line.stems[index] in knowledge.origins and (not index or line.words[index - 1] not in knowledge.units)


def _is_spelled(line: Line, index: int, knowledge: Knowledge, text: str) -> bool:
    """Has a cue word its own last letter? "علي الدودح" is a man, and "on" is written على; folding makes them one."""
    word = next((each for each in (line.stems[index], line.words[index][1:]) if each in knowledge.last_letters), "")
    return text[line.folded.span(*line.spans[index]).end - 1] == knowledge.last_letters.get(word)


def _cue_before(line: Line, index: int, knowledge: Knowledge) -> str:
    """The cue before a word, with "and" or without: "وفي" is a town somewhere."""
    if not index or line.cues[index - 1] != "-":
        return line.cues[index - 1] if index else "-"
    before = line.words[index - 1]
    return knowledge.cue_classes.get(before[1:], "-") if before[0] in "وف" else "-"


def _goes_on(line: Line, labels: Sequence[int], index: int, knowledge: Knowledge) -> bool:
    """May the next word be the second of the name?"""
    after = index + 1
    if after == len(line.words) or line.cues[after] != "-" or labels[after] != OUTSIDE or not line.words[after].isalpha():
        return False
    return all(map(knowledge.is_strange, (line.words[after], line.words[after][1:])))


def _is_struck(line: Line, index: int) -> bool:
    """Does a verb of striking stand before the word, with nothing between but who strikes?"""
    for before in range(index - 1, max(-1, index - 1 - _STRIKER), -1):
        if line.cues[before] == "S":
            return before < index - 1
        if line.cues[before] != "-" or not line.words[before].isalpha() or line.words[before][0] == "ب":
            return False  # by what, or where
    return False


def particle(line: Line, index: int) -> int:
    """How many letters of a rare word are a particle: "بزربوطة" after no "in", "ودومرة" after another name."""
    word, before = line.words[index], line.cues[index - 1] if index else "-"
    return int(word[0] in "وبل" and len(word) >= _SHORTEST and before not in "DLIS")
