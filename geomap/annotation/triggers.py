"""Find the words that report an attack: which they are, how many attacks they count, and how much speaks for them.

A strike of teachers, of lightning or of a deal is none: longer forms of class HARMLESS are read first, and a noun that
also means something else needs an army, a weapon or an armed group in its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from msgspec.structs import replace

from geomap.annotation.blows import of_the_craft, read_verb
from geomap.annotation.context import Context
from geomap.annotation.doors.merging import with_triggers
from geomap.annotation.ellipses import elliptic, typed
from geomap.annotation.factuality import with_context
from geomap.annotation.happened import Surroundings, bits
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match, Rule
from geomap.annotation.raids import read_noun
from geomap.annotation.telling import HARD, HARM, TOLD, Marks, document
from geomap.annotation.tokens import Token, Tokens
from geomap.annotation.zones import dateline_end
from geomap.model import FLOWN, Range, Trigger

_DOUBTFUL, _UNTOLD = 0.3, -3.0  # bits below which an attack is only possible, and below which nothing is told of one
_WEAPON_ALONE = 0.5  # bits above which a weapon in a sentence without a word for an attack tells of one
_TOLD_OF = frozenset({"FIRE", "DATE", "HIT", "STRUCK", "MARK", "VEHICLE", "DO"})  # of which its sentence has to speak, where nobody was harmed
_DONE = frozenset({"FIRE", "HIT", "HITWEAK", "STRUCK", "MARK", "VEHICLE", "DAMAGE", "DESTROY"})  # ... where it is an aircraft: a day alone is that of any flight
_ITS_OWN = 3  # words from "the" to the weapon, and whose it is
_FIRED = 6  # words from the missile to the craft that fired it
_FALL = 12  # words from a drone to where it came down
_SEIZED, _HAD = 6, frozenset({"SEIZE", "LOST"})  # words from "seized" to the weapon
_SINCE, _CLAUSE_ENDS = 9, frozenset(("STOP", "COMMA", "SEMI"))  # words from "the first strike" to "since"
_ALONE = Rule("", {"form": "weapon"}, 0)
_OF_DATES = frozenset({"DATE", "PERIOD", "DEF", "CAP"})  # what a token may be that was made of the words of a date


def find_triggers(context: Context, tokens: Tokens) -> tuple[Trigger, ...]:
    """All triggers of a text. ``tokens`` are its words, dates already joined to one token each."""
    language = context.language
    found: dict[int, Trigger] = {}  # by the index of the trigger's own token
    ways: dict[str, set[int]] = {"sure": set(), "dealt": set()}  # of the numbers that stand for attacks
    marks = document(tokens, context)
    dateline = dateline_end(context, context.sentences[0]) if context.sentences else None
    around = Surroundings(tokens, context.sentences, context.report.published, opens=dateline or 0)
    matches = language.find("triggers", tokens)
    for match in matches:
        core = match["strike"] or match["hit"]
        if not core:
            continue
        if match.data.get("counted") and not _is_counted(found, tokens, match.start):
            continue
        if match.data.get("elliptic"):
            index = tokens.index(core[-1].span.start)
            found[index] = elliptic(match, core[-1])
            for way in ways.keys() & match.data.keys():
                ways[way].add(index)
        elif trigger := _read(match, core[-1], marks, language):
            found[tokens.index(core[-1].span.start)] = replace(trigger, bits=None if _is_part(match) else bits(around.evidence(match, core[-1])))
    for match in weapons_alone(tokens, context, matches):
        weapon = tokens[match.start]
        known = _is_known(match, marks)
        here = marks.of(weapon.span.start)
        if HARM.isdisjoint(here) and (known or (_DONE if _only_flies(weapon) else _TOLD_OF).isdisjoint(here) or _is_foiled(match, context)):
            continue  # "the rockets came from the south": of those told before, and nothing new; "missiles were intercepted over the town"
        if (sure := bits(around.evidence(match, weapon))) > _WEAPON_ALONE:
            found[match.start] = Trigger(weapon.span, str(weapon.tags["WEAPON"]), definite=known, form="verb", bits=sure)
    if any(_is_another(match) for match in matches):
        found = {index: _first_of_several(trigger, index, tokens) for index, trigger in found.items()}
    found = typed(found, tokens, **ways)
    if context.pointed:
        found = with_triggers(found, context.pointed, tokens, context.sentences)
    return tuple(with_context(context, tokens, found, marks.of))


def _is_counted(found: Mapping[int, Trigger], tokens: Tokens, place: int) -> bool:
    """Does a sentence say before a word of it that there were several attacks? But "killed a chief in A and another in B" speaks of men."""
    first = next((index for index in range(place - 1, -1, -1) if not {"STOP", "KILL"}.isdisjoint(tokens[index].tags)), -1)
    first = first if "SEMI" not in tokens[place - 1].tags else -1
    return any(first < index < place and each.count is not None and (each.count.min or 0) > 1 for index, each in found.items())


def _only_flies(weapon: Token) -> bool:
    """ "Two F-16s were delivered in December", "jets over the town": an aircraft, and nothing that it dropped."""
    return weapon.tags["WEAPON"] in FLOWN and weapon.tags.keys().isdisjoint(("PROJECTILE", "BOMBS"))


def may_tell(context: Context) -> bool:
    """Has any sentence what the words of an attack need, wherever its dates are, or the text a weapon? "Another" alone is none: it is of the kind told before."""
    language, present = context.language, context.tokens.present
    shots = tuple(each for each in language.shots if each != "OTHER")
    told, weapon = (not present.isdisjoint(language.alphabet.holding(*classes)) for classes in (shots, ("WEAPON",)))
    return weapon or (told and language.may_find("triggers", context.tokens, _OF_DATES))


def weapons_alone(tokens: Tokens, context: Context, matches: Iterable[Match]) -> Iterator[Match]:
    """The weapon of each sentence without a word for an attack: "F-16s over Derna at dawn, and 40 dead", "two shells ended a party"."""
    told = {context.sentence_number(tokens[match.start].span.start) for match in matches}
    for index in tokens.where("WEAPON"):
        number = context.sentence_number(tokens[index].span.start)
        if number not in told and not _may_be_idle(tokens, index):
            told.add(number)
            yield Match(_ALONE, tokens, index, index + 1, {"hit": (index, index + 1)})


def _is_known(match: Match, marks: Marks) -> bool:
    """ "The missile set off sirens in Haifa", after an attack: which missile has been told."""
    weapon, before = match.tokens[match.start], match.tokens[max(0, match.start - _ITS_OWN) : match.start]
    the = weapon.definite or any("THE" in token.tags or token.tags.get("DET") == "definite" for token in before)
    the = the or of_the_craft(match.tokens[match.start + 1 : match.start + _FIRED])  # "two missiles were fired from the drone"
    return the and not TOLD.isdisjoint(marks.before(weapon.span.start))


def _is_foiled(match: Match, context: Context) -> bool:
    """ "Intercepted a drone near the airport", "two drones were shot down"; "bunker busters brought down a block" are none."""
    sentence = context.sentence(match.tokens[match.start].span.start)
    first, last = match.tokens.index(sentence.start), match.tokens.index(sentence.end - 1)
    stops = [place for place in range(first, last + 1) if "FOIL" in match.tokens[place].tags]
    return any(place < match.start or "PASSIVE" in match.tokens[place - 1].tags for place in stops)


def _may_be_idle(tokens: Tokens, index: int) -> bool:
    """May a weapon have crashed, or been found, or be no weapon ("مسيرة" is a march, too)?"""
    after = tokens[index + 1 : index + _FALL]
    if tokens[index].tags["WEAPON"] == "drone_strike" and any("CRASH" in token.tags for token in after):
        return True
    if any("DUD" in token.tags for token in tokens[max(0, index - 1) : index]):
        return True  # "killed by leftover munitions"
    return "CRAFT" in tokens[index].tags or any(not _HAD.isdisjoint(token.tags) for token in tokens[max(0, index - _SEIZED) : index]) or any("LOST" in token.tags for token in tokens[index + 1 : index + _ITS_OWN])


def doubted(triggers: Iterable[Trigger]) -> Iterator[Trigger]:
    """The triggers, those for which too little speaks only possible, or no more than a story.

    What refers to an attack asserted before it ("the strikes") stands with that one.
    """
    asserted = False
    for trigger in triggers:
        told = trigger.use == "event" and trigger.factuality == "asserted"
        if told and trigger.bits is not None and trigger.bits < _DOUBTFUL and not (asserted and (trigger.definite or trigger.other)):
            trigger = replace(trigger, use="story") if trigger.bits < _UNTOLD else replace(trigger, factuality="possible")
            told = False
        asserted = asserted or told
        yield trigger


def _is_another(match: Match) -> bool:
    """ "A second strike", "and another": is there more than one?"""
    if match["strike"]:
        return (match.value("ord", "ORD") or 0) >= 2 or "other" in match
    return any("OTHER" in token.tags for token in match["hit"])


def _is_part(match: Match) -> bool:
    """ "Including seven strikes near Raqqa": as sure as those among which they are."""
    return "n" in match.groups and any("AMONG" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start])


def _read(match: Match, core: Token, marks: Marks, language: Language) -> Trigger | None:
    here = marks.of(core.span.start)
    if "ARTS" in here and HARD.isdisjoint(here) and core.tags.keys().isdisjoint(("CRASH", "LAND")):
        return None  # "the rapper dropped bombs on his rivals"
    if match.data.get("form") == "verb":
        return read_verb(match, core, here, marks)
    return read_noun(match, core, here, marks, language)


def _first_of_several(trigger: Trigger, index: int, tokens: Tokens) -> Trigger:
    """ "The first strike ... the second": each is one of several, so the first is no longer the one told before; "the first since May" still is."""
    near = tokens[max(0, index - 3) : index + 3]
    behind = takewhile(lambda token: _CLAUSE_ENDS.isdisjoint(token.tags), tokens[index + 1 : index + _SINCE])
    if any("SINCE" in token.tags or token.tags.get("FRAME") == "since" for token in behind):
        return trigger
    if trigger.form == "noun" and trigger.count in (None, Range(1, 1)) and any(token.tags.get("ORD") == 1 for token in near):
        return replace(trigger, definite=False, other=True)
    return trigger
