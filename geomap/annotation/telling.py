"""Say what each sentence of a text speaks of, and whether that makes an attack of a word that also means something else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise, takewhile
from operator import or_

from geomap.annotation.context import Context
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Span

TOLD = frozenset({"STRIKE", "BOMB", "WEAPON"})  # after which "Monday's attack" may be the one told
HARD = frozenset({"ARMY", "GROUP", "FORCE", "KILL", "WOUND", "DESTROY", "NATION"})  # what no song or match brings along
MILITARY = frozenset({"ARMY", "GROUP", "WEAPON", "STRIKE", "BOMB"})
ARMED = (MILITARY - {"BOMB"}) | {"FORCE", "NATION", "KILL", "WOUND", "STRUCK", "MARK", "DESTROY"}  # what a verb needs beside it
HARM = frozenset({"KILL", "WOUND", "DEAD", "DESTROY"})
_TELLING = (
    "OTHER", "DO", "DATE", "ARTS", "CIVIL", "MEMORIAL", "STORY", "ARMY", "GROUP", "NATION", "FORCE", "WEAPON", "STRIKE", "WEAKSTRIKE", "BOMB",
    "HIT", "HITWEAK", "STRUCK", "MARK", "KILL", "WOUND", "DEAD", "DESTROY", "DAMAGE", "BYHAND", "ACCIDENT", "MALFUNCTION", "FIRE", "GROUND",
)  # fmt: skip
_FROM_AFAR = frozenset({"WEAPON", "STRIKE", "BOMB"})  # what those who come on foot do not have
_CRASHED = frozenset({"WEAPON"})  # "an aircraft crashed near the site of the raid"
_LATELY = 3  # sentences after which one in the next town is one, too
_ANOTHER = frozenset({"STRIKE", "WEAKSTRIKE", "NUM", "IN", "NEAR"})  # what stands behind "a similar": "raid", "one in A"
_LIKE = 14  # words from "the attack" to "a similar raid"
_SOON = 2  # sentences in which "an attack that killed nine" is called an air strike at last


class Marks:
    """What each sentence of a text speaks of."""

    def __init__(self, sentences: Sequence[Span], classes: list[set[str]]) -> None:
        self.starts, self.ends = [span.start for span in sentences], [span.end for span in sentences]
        self.classes = classes
        self.told: list[set[str]] = [set(), *accumulate(classes, or_)]  # before each sentence, and in all

    def of(self, position: int) -> set[str]:
        """Classes in the sentence that holds a position."""
        number = bisect_right(self.ends, position)
        return self.classes[number] if number < len(self.classes) else set()

    def before(self, position: int) -> set[str]:
        """Classes in the sentences before it."""
        return self.told[bisect_right(self.ends, position)]

    def lately(self, position: int) -> set[str]:
        """Classes in the few sentences before it."""
        number = bisect_right(self.ends, position)
        return set().union(*self.classes[max(0, number - _LATELY) : number])

    def after(self, position: int) -> set[str]:
        """Classes in the next sentences."""
        following = bisect_right(self.starts, position)
        return set().union(*self.classes[following : following + _SOON])


def document(tokens: Tokens, context: Context) -> Marks:
    """What each sentence of a text speaks of."""
    classes: list[set[str]] = [set() for _ in context.sentences]
    for index in tokens.where(*_TELLING) if classes else ():
        token = tokens[index]
        told = token.tags.keys() - {"CIVIL"} if "SPEAKER" in token.tags and any("SAY" in each.tags for each in tokens[index + 1 : index + 2]) else token.tags
        classes[min(context.sentence_number(token.span.start), len(classes) - 1)].update(told)  # "strikes killed 12, doctors said"
    return Marks(context.sentences, classes)


def is_military(match: Match, core: Token, event_type: str, definite: bool, here: set[str], marks: Marks) -> bool:
    """May a noun that has other meanings be read as an attack from a distance?"""
    before = marks.before(core.span.start)
    if not core.tags.keys().isdisjoint(("RAID", "RECALLING")) and "GROUND" in here | before | marks.after(core.span.start) and _FROM_AFAR.isdisjoint((here - _CRASHED if "ACCIDENT" in here else here) | (before if "RECALLING" in core.tags else set())):
        return False  # "commandos were hurt in a raid on the village", "killed in a firefight ... the operation"
    if "RECALLING" in core.tags and definite:
        return bool({"STRIKE", "BOMB"} & before) or ("WEAKSTRIKE" in before and "BYHAND" not in before)
    if "RECALLING" in core.tags and "other" in match and "owner" in match:
        return "BYHAND" not in here and bool({"STRIKE", "WEAPON"} & before or "WEAKSTRIKE" in before)  # "the strike follows another Israeli operation in A"
    if "RECALLING" in core.tags and "other" in match and not {"BYHAND", "GROUND", "CIVIL"} & here and HARM & here:
        return bool({"STRIKE", "WEAPON"} & before)  # "a similar operation on 1 February killed 14"
    if "RECALLING" in core.tags:
        return "KILL" in here and "BYHAND" not in here and "STRIKE" in marks.after(core.span.start)
    if definite and HARM & before and not {"BYHAND", "CIVIL", "ACCIDENT"} & (here | before) and _is_likened(match):
        return True  # "four were killed near A ... The attack came two days after a similar raid"
    if event_type == "attack":
        if "TARGETING" in core.tags and not {"BYHAND", "CIVIL"} & here and HARM & here:
            return True  # "خمسة شهداء في استهداف سيارة" (five martyrs in the targeting of a car)
        if {"KILL", "WOUND"} & here and "BYHAND" not in here and {"STRIKE", "WEAPON"} & (marks.after(core.span.start) | marks.lately(core.span.start)):
            return True
        if "AGGRESSION" in core.tags and "owner" in match and not definite and {"KILL", "WOUND", "DEAD", "HIT", "DESTROY"} & here:
            return True
        if match.value("owner", "ARMY") and {"KILL", "WOUND", "DEAD"} & here and "BYHAND" not in here:
            return True  # "killed in a NATO attack"
        if match.value("owner", "NATION") and {"KILL", "WOUND"} & here and "BYHAND" not in here and {"WEAPON", "STRIKE"} & before:
            return True
        place = match.tokens.index(core.span.start)
        afar = any("FROMAFAR" in token.tags for token in match.tokens[max(0, place - 1) : place])
        if afar and {"KILL", "WOUND"} & here and not {"BYHAND", "GROUND", "CIVIL", "CLASH", "ONFOOT"} & (here | before | marks.after(core.span.start)):
            return True  # "killed in an Israeli attack on the airport"
        if ("owner" in match or "other" in match) and {"HIT", "WEAKSTRIKE"} & here and "BYHAND" not in here and (
            "HIT" in here or {"WEAPON", "STRIKE", "WEAKSTRIKE"} & before
        ):
            return True  # "Israeli attacks hit a depot", "four strikes hit A and a further attack hit B"
        if "n" in match.groups and "HIT" in here and "BYHAND" not in here and {"STRIKE", "WEAPON"} & before:
            return True  # "three strikes on A ... one attack hit the port"
        if "n" in match.groups and "DO" in here and {"ARMY", "NATION"} & here and {"BYHAND", "GROUND", "GROUP"}.isdisjoint(here) and "STRIKE" in marks.lately(core.span.start) | marks.after(core.span.start):
            return True  # "the army carried out more than 70 attacks on the south ... The new raids"
        if {"NATION", "DO", "AIRFIELD"} <= here and {"BYHAND", "GROUND", "GROUP"}.isdisjoint(here):
            return True  # "Israel carried out an attack on Aleppo airport"
        if {"OTHER", "DO"} <= here and "BYHAND" not in here and {"STRIKE", "WEAPON"} & marks.lately(core.span.start):
            return True  # "in another incident the army launched an attack on the village of A"
        if definite and "BYHAND" not in here and {"HIT", "STRUCK"} & here and "WEAPON" in marks.lately(core.span.start) | marks.after(core.span.start):
            return True  # "they fired missiles and drones ... the attack hit the headquarters in A"
        by_hand = "BYHAND" in before and "STRIKE" not in before  # "a suicide bomb attack ... No group claimed the attack"
        return bool({"WEAPON", "STRIKE", "BOMB"} & here) or (definite and not by_hand and bool({"STRIKE", "BOMB", "WEAKSTRIKE"} & before))
    if (definite or "other" in match) and "CIVIL" in before and MILITARY.isdisjoint(marks.told[-1]):
        return False  # "teachers walked out ... the strike hit 200 schools"
    if definite and "STRIKE" in before and "CIVIL" not in before:
        return True  # "air raids killed four ... the strikes, which came as workers ..."
    at_war = MILITARY & before or {"WEAKSTRIKE", "KILL"} <= before  # "two were killed in strikes ... four workers were killed in a strike on a team"
    if "CIVIL" in here and not MILITARY & here and not is_armed(here) and not ({"KILL", "WOUND"} & here and at_war):
        return False
    if MILITARY & here or {"NATION", "FORCE"} <= here or bool({"KILL", "WOUND", "DESTROY"} & here) or {"HIT", "STRUCK"} <= here or {"DO", "STRUCK"} <= here:
        return True
    if definite and "KILL" in marks.after(core.span.start) and {"CIVIL", "BYHAND", "GROUND"}.isdisjoint(marks.told[-1]) and not MILITARY.isdisjoint(marks.told[-1]):
        return True  # "The strike occurred near A on Tuesday. U.S. Africa Command said four were killed"
    return bool(MILITARY & before) or "n" in match or ("owner" in match and (not here.isdisjoint(("HIT", "DEAD")) or bool(MILITARY & marks.told[-1])))


def _is_likened(match: Match) -> bool:
    """ "The attack came days after a similar raid", "the strike followed another near A": is it one of the kind of that other?"""
    after = list(takewhile(lambda token: "STOP" not in token.tags, match.tokens[match.end : match.end + _LIKE]))
    counted = next((place for place, token in enumerate(after) if not {"DATE", "EARLIERONE"}.isdisjoint(token.tags)), len(after))
    return any("OTHER" in one.tags and not _ANOTHER.isdisjoint(then.tags) for one, then in pairwise(after[counted + 1 :]))


def determines(token: Token, core: Token) -> bool:
    """Does a word before an attack say that it is one told before? "Said that air strikes killed ten" does not, for all its "that"."""
    return token.tags.get("DET") == "definite" and not ("THAT" in token.tags and "PLURAL" in core.tags)


def is_on_foot(here: set[str]) -> bool:
    """ "A commando was killed during an operation targeting a chief": did somebody go there?"""
    return "GROUND" in here and _FROM_AFAR.isdisjoint(here)


def is_armed(here: set[str]) -> bool:
    """ "Rescue workers said 13 people were killed in the raid by U.S. special forces": workers, and yet no labour dispute."""
    return "FORCE" in here and bool({"NATION", "KILL", "WOUND"} & here)


def is_of_war(here: set[str], marks: Marks, core: Token) -> bool:
    """May what "was hit" have been hit from afar: does the report tell of arms or harm, and of no accident, storm or hand?"""
    around = here | marks.before(core.span.start) | marks.after(core.span.start)
    if {"ARTS", "BYHAND", "ACCIDENT"} & around or ("CIVIL" in around and not HARM & around):
        return False
    return bool((MILITARY | HARM | {"DAMAGE"}) & around)
