"""Whose share a count is: a part of another, more than it, some of those counted before, dead of later."""

from __future__ import annotations

from itertools import pairwise, takewhile

from geomap.annotation.patterns import Match
from geomap.annotation.series import people
from geomap.annotation.tokens import Tokens

_ENDS = frozenset(("COMMA", "STOP", "KILL", "WOUND", "SAY", "STRIKE"))  # the numbers after it are no longer a part
_REACH = 6  # tokens before a number in which "including" makes it a part of another
_LIST = 10  # ... where nothing but a list of people stands between
_IN_LIST = frozenset(("COMMA", "NUM", "PERSON", "PERSONS_ONE", "ADJ", "AND", "BOUND", "UNKNOWN"))
_STRUCK_BY = frozenset(("FIRE", "HIT", "HITWEAK", "DESTROY", "DO"))
_AMONG = 3  # tokens of "in the ranks of civilians"
_BESIDES = 8  # tokens of "in addition to the soldiers,"
_LATER = frozenset(("RECOVER", "BODY", "AFTERWARDS"))  # bodies found, wounds that killed: where that was nothing was struck
_BEFORE, _BEHIND = 3, 6  # tokens before and after a count in which these stand
_DUG = 5  # tokens between bodies and what was done with them


def is_of_civilians(match: Match) -> bool:
    """ "No civilians were killed", "no losses among civilians": nothing is said of the fighters."""
    return any("UNARMED" in token.tags for token in match.tokens[match.start : match.end + _AMONG])


def is_of_some(match: Match) -> bool:
    """ "Two sisters suffered burns", after "five people were hurt"; "the hospital received 26 bodies" or 48 wounded, after "70 died"."""
    number = match.groups.get("n", match.groups.get("many"))
    last = match.groups["who"][1] if "who" in match.groups else people(match.tokens, number[0]) if number else None
    if match.data["what"] == "vehicles":
        return _is_that_vehicle(match)
    if number and (_is_known(match, number[0]) or any("ITS" in token.tags for token in match.tokens[max(0, number[0] - 1) : number[0]])):
        return True  # "the three were killed with their wives"
    if match.data.get("weak") or match.data["what"] == "wounded" and any("GRAVE" in token.tags for token in match.tokens[match.start : match.end + 3]):
        return True  # "two of them ... in critical condition"
    received = match.data["what"] == "wounded" and any("RECEIVED" in token.tags for token in match.tokens[max(0, match.start - 2) : match.end + 2])
    return received or _is_of_bodies(match) or (last is not None and "FINER" in match.tokens[last - 1].tags)


def _is_that_vehicle(match: Match) -> bool:
    """ "Fired a missile at a car, hitting the vehicle": the one just told."""
    who = match.groups["who"][0] if "who" in match.groups else match.start
    return any("THE" in token.tags for token in match.tokens[match.start : who]) and _says_before(match, "VEHICLE")


def is_later(match: Match) -> bool:
    """ "The bodies of two men were found in X", "two died of their wounds in X": the dead of an attack, and not where it was."""
    near = match.tokens[max(0, match.start - _BEFORE) : match.end + _BEHIND]
    return any(not _LATER.isdisjoint(token.tags) for token in near) or _says_before(match, "MATTER")  # "on another matter, police reported four dead in X"


def _says_before(match: Match, what: str) -> bool:
    """Has its sentence a word of a class before it?"""
    return any(what in token.tags for token in takewhile(lambda token: "STOP" not in token.tags, reversed(match.tokens[: match.start])))


def is_more(match: Match) -> bool:
    """ "Another two people were also killed", "four more soldiers died": others than those who are counted already."""
    if match.data["what"] == "killed" and match.data.get("one") and "n" not in match.groups:
        said = match.tokens[max(0, match.start - 1) : match.end]
        return any("ALSO" in one.tags and "KILL" in other.tags for one, other in pairwise(said))  # "his assistant was also killed"
    if "n" not in match.groups or match.data["what"] != "killed" or match.data.get("plus"):
        return False  # "so and so and three others": he is counted with them
    first, last = match.groups["n"]
    people = match.groups.get("who", (last, last))[0]
    if match.start and "ALSO" in match.tokens[match.start - 1].tags and "KILL" in match.tokens[match.start].tags:
        return True  # "the strikes also killed eleven fighters"
    if any("ALSO" in one.tags and "KILL" in other.tags for one, other in pairwise(match.tokens[last : match.end])) and not _is_known(match, first):
        return True  # "two civilians were also killed"
    opening = match.tokens[max(0, first - _BESIDES) : first]
    if any("COMMA" in token.tags for token in opening[-2:]) and any("BESIDES" in one.tags and "THE" in other.tags for one, other in pairwise(opening)):
        return True  # "in addition to the soldiers, two militants were killed"
    if any("MORE" in token.tags for token in match.tokens[last : last + 1]):
        return True  # "killing three more"
    return not _is_known(match, first) and any("OTHER" in token.tags for token in match.tokens[max(0, first - 1) : max(last, people)])


def _is_known(match: Match, number: int) -> bool:
    """ "The three", "the other nine": of those who were counted before."""
    first = number - any("OTHER" in token.tags for token in match.tokens[max(0, number - 1) : number])
    return any("THE" in token.tags for token in match.tokens[max(0, first - 1) : first])


def is_found(match: Match) -> bool:
    """ "Rescuers recovered 38 bodies so far": the dead may be more."""
    around = match.tokens[max(0, match.start - _DUG) : match.end + _DUG]
    return _is_of_bodies(match) and any("RECOVER" in token.tags for token in around)


def _is_of_bodies(match: Match) -> bool:
    return any("BODIES" in token.tags for token in match.tokens[match.start : match.end + 1])


def _is_spelt(match: Match, tokens: Tokens) -> bool:
    """ "Six people died: four fighters and two farmers": a number before the verb, and those who make it behind a colon."""
    verb, number = match.groups.get("verb"), match.groups.get("n", match.groups.get("who"))
    if verb is None or number is None or not any("COLON" in token.tags for token in tokens[verb[1] : number[0]]):
        return False
    before = takewhile(lambda token: not {"STOP", "COMMA", "SEMI"} & token.tags.keys(), reversed(tokens[max(0, verb[0] - _LIST) : verb[0]]))
    return any({"NUM", "MANY"} & token.tags.keys() for token in before)


def _is_set_in(tokens: Tokens, first: int, last: int) -> bool:
    """ "Ten people, two women among them, ...": between a comma and the next, or the end."""
    here, after = tokens[last : last + 1], tokens[last + 1 : last + 2]
    if not any("AMONG" in token.tags for token in here) or not any({"COMMA", "STOP"} & token.tags.keys() for token in after):
        return False
    before = list(takewhile(lambda token: "COMMA" not in token.tags, reversed(tokens[max(0, first - _AMONG) : first + 1])))
    return len(before) <= _AMONG and all(_ENDS.isdisjoint(token.tags) for token in before)


def is_part(match: Match, tokens: Tokens) -> bool:
    """ "17 people, including five children": the five are among the 17."""
    first, last = min((match.groups[name] for name in ("n", "many", "who") if name in match.groups), default=(match.start, match.start))
    if match.data.get("and") or match.data.get("besides") or match.data.get("dealt") or match.data.get("over"):
        return False  # "the driver and one of the passengers"
    joined = any("AND" in token.tags for token in tokens[max(0, first - 1) : first])
    if joined and match.data["what"] == "wounded" and any("WOUND" in token.tags for token in match["who"]):
        return False  # "80 dead, including six children, and 240 wounded"
    led = any(not {"KILL", "WOUND"}.isdisjoint(token.tags) for token in tokens[max(0, first - 1) : first])  # "قتل 5 بينهم فتى" (killed five, a boy among them)
    if not led and [name in token.tags for name, token in zip(("AMONG", "PERSON"), tokens[last : last + 2], strict=False)] == [True, True]:
        return True  # "five of them children", but not "twenty of them"
    if not led and _is_set_in(tokens, first, last):
        return True  # "four militants, a local leader among them, were killed"
    if any("DEAD" in token.tags for token in match["who"]):
        return False  # "20 casualties, including six dead"
    if match.data["what"] == "wounded" and any("AMONG" in token.tags for token in tokens[last : last + 1]):
        verb = next((token for token in reversed(tokens[max(0, first - _LIST) : first]) if "BOUND" not in token.tags), None)
        if any("WOUND" in token.tags and token is not verb for token in tokens[max(0, first - _LIST) : first]):
            return True  # "wounded eight others, four of whom were taken to hospital", but not "wounded eight, among them three children"
        if any("TREATED" in token.tags for token in match["verb"]):
            return True  # "two of them are in hospital"
    if any("THOSE" in token.tags for token in tokens[last : last + 1]) or _is_spelt(match, tokens):
        return True  # "five of those killed"
    if match.data.get("bare") and not match.data.get("one"):
        return False  # "eleven died, among them four in A and three in B"
    ends = _ENDS - {"COMMA"} if match.data.get("one") else _ENDS  # "including women, children and a teacher"
    for back, token in enumerate(reversed(tokens[max(0, first - _LIST) : first])):
        if match.data["what"] == "vehicles" and not _STRUCK_BY.isdisjoint(token.tags):
            return False  # "one of the aircraft unleashed its missiles on a vehicle"
        if "CLOSE" in token.tags:
            return False  # "four were hurt (two women among them) when it hit two cars"
        if "AMONG" in token.tags:
            return True
        if not ends.isdisjoint(token.tags) or (back >= _REACH and _IN_LIST.isdisjoint(token.tags)):
            return False
    return False
