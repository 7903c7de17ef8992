"""Numbers of dead and hurt that no attack of this text has: ages, tolls of a war, the dead of clashes and of what was answered."""

from __future__ import annotations

from itertools import dropwhile, pairwise, takewhile

from geomap.annotation.patterns import Match
from geomap.annotation.series import people
from geomap.annotation.tokens import Tokens

_THAT = 4  # tokens from "two more" to "killed", in "two more on Sunday that killed"
_BY = 9  # tokens after the dead in which the strike that killed them follows
_ANSWER = 12  # tokens between "in reply to the attack" and the number of its dead
_BEHIND = 16  # tokens behind a number in which "since" makes it a toll of months
_SINCE = 4  # tokens between a toll and "since the war began"
_WAR = 14  # ... and before one
_CLASH = 16  # tokens after the dead in which "in clashes" may follow
_NO_CLASH = frozenset(("COMMA", "STOP", "STRIKE", "WEAKSTRIKE", "WEAPON", "KILL", "WOUND"))
_STRIKES = frozenset(("STRIKE", "WEAKSTRIKE", "WEAPON", "BOMB", "HIT"))
_TOLD = _STRIKES | {"CLASH", "GUNMEN", "STOP"}
_FELL = 8  # tokens before "crashed" in which what fell is told
_SUBJECT = 4  # tokens before "gunmen" in which the clause begins whose subject they are
_DESCRIBES = frozenset(("DET", "ADJ", "OTHER", "NATION", "THE", "COMMA"))
_ENDS = frozenset(("STOP", "COMMA", "AND", "SEMI", "SAY", "PASSIVE", "CLASH", "GUNMEN"))  # what stands between a strike and a verb that is not its own
_WHO, _SAID = 4, 12  # tokens from "who" to "was killed", and from there to the year; and of what is said of it
_LISTED = 60  # tokens of a list of what was destroyed
_NO_LIST = frozenset(("STOP", "SEMI", "KILL", "WOUND", "PERSON", "DAMAGE", "SAY"))
_STRUCK, _SAYS_MORE = frozenset(("HIT", "HITWEAK")), frozenset(("IN", "NEAR", "RELATIVE", "AUX", "PASSIVE", "WHEN", "DATE"))
_OPENS = frozenset(("STOP", "THAT", "WHEN", "SEMI", "COLON", "DATE"))


def counts_nobody(match: Match) -> bool:
    """Is a number an age or a unit's, or of dead whom no strike killed?"""
    semi = any("SEMI" in token.tags for token in match.tokens[match.start : match.end])
    return semi or _is_recalled(match) or _is_age(match) or _shares_its_number(match) or _is_of_a_clash(match) or _is_counted(match) or _has_killed(match)


def _is_recalled(match: Match) -> bool:
    """ "The home of so-and-so, who was killed in 2011 in an operation": of whom is only spoken, and whom no strike of these days killed."""
    tokens, verb = match.tokens, next((place for place in range(match.start, match.end) if "KILL" in match.tokens[place].tags), match.end)
    which = any("REL" in token.tags or "RELATIVE" in token.tags for token in tokens[max(0, verb - _WHO) : verb])
    behind = list(takewhile(lambda token: {"STOP", "COMMA"}.isdisjoint(token.tags), tokens[verb + 1 : verb + _SAID]))
    year = next((place for place, token in enumerate(behind[:_WHO]) if "PERIOD" in token.tags), None)
    return which and "n" not in match.groups and year is not None and all((_STRIKES - {"WEAPON"}).isdisjoint(token.tags) for token in behind)


def _has_killed(match: Match) -> bool:
    """ "Two others killed 19 militants", "four strikes on Saturday and two on Sunday killed 28", "two more that killed 28": behind a verb with its own object those counted are its subject."""
    tokens, last = match.tokens, match.end
    verb = next((place for place in range(last - 1, min(last + _THAT, len(tokens))) if "KILL" in tokens[place].tags), last)
    led = verb < last or (verb > last and all(not {"DATE", "PREPTIME", "THAT", "=on"}.isdisjoint(token.tags) for token in tokens[last:verb]))
    number = match.groups.get("n", (match.start, match.start))[0]
    active = led and match.groups.get("who", (number, number))[1] <= verb and number < verb and not any("AUX" in token.tags for token in tokens[number:verb])
    behind = tokens[verb + 1 : verb + 2]
    return active and any("NUM" in token.tags for token in behind) and (people(tokens, verb + 1) is not None or any(not {"STOP", "COMMA", "AND"}.isdisjoint(token.tags) for token in tokens[verb + 2 : verb + 3]))


def is_in_no_list(match: Match) -> bool:
    """ "Destroyed a depot, two cars and a truck": vehicles that stand in a list count only where the verb before it destroys or strikes."""
    if not match.data.get("under"):
        return False
    told = False  # where it was, or more of what was struck: "hit a house in A, and two cars were parked there"
    for token in reversed(match.tokens[max(0, match.start - _LISTED) : match.start]):
        if "DESTROY" in token.tags:
            return False
        if not _STRUCK.isdisjoint(token.tags):
            return told
        if not _NO_LIST.isdisjoint(token.tags):
            return True
        told = told or not _SAYS_MORE.isdisjoint(token.tags)
    return True


def is_negated(match: Match) -> bool:
    """ "No civilian was hurt or killed", "it aimed to kill a leader"; and what an attack answers, which is not of this one."""
    before = match.tokens[max(0, match.start - 1) : match.start]
    either = match.tokens[max(0, match.start - 3) : match.start]  # "no civilian was hurt or killed", "لم يصب أو يقتل أي مدني"
    near = takewhile(lambda token: _OPENS.isdisjoint(token.tags) and "COMMA" not in token.tags, reversed(match.tokens[max(0, match.start - _SUBJECT - 2) : match.start]))
    if match.data.get("anybody") and any("NEG" in token.tags for token in near):
        return True
    both = len(either) == 3 and "NEG" in either[0].tags and not {"KILL", "WOUND"}.isdisjoint(either[1].tags)
    aimed = any("PURPOSE" in token.tags for token in before)
    return both or aimed or any("NEG" in token.tags for token in (*before, *match.tokens[match.start : match.end])) or _is_answered(match)


def _is_age(match: Match) -> bool:
    """ "Children under the age of 15", "two men aged 29 and 41", "Battalion 376": a number that counts nobody."""
    first, last = match.groups.get("n", (0, 0))
    bracketed = first > 1 and "OPEN" in match.tokens[first - 1].tags and any("CLOSE" in token.tags for token in match.tokens[last : last + 1])
    if bracketed and match.tokens[first - 2].capital and "who" not in match.groups:
        return True  # "Zeinab Marko (50) were killed"
    while first > 1 and {"AND", "COMMA", "NUM"} & match.tokens[first - 1].tags.keys() and "NUM" in match.tokens[first - 2].tags:
        first -= 2  # the years of the one before
    return any("AGE" in token.tags or "MILUNIT" in token.tags for token in match.tokens[max(0, first - 1) : first])


def is_since(match: Match) -> bool:
    """Is a toll that of a war, and not of one attack?"""
    toll, since, after = bool(match.data.get("total")), False, False
    for token in reversed(match.tokens[max(0, match.start - _WAR) : match.end]):  # "the toll since the war began rose to 3,136"
        if "STOP" in token.tags or (toll and since):
            break
        ago = {"FRAME", "AGO"} <= token.tags.keys() and not after  # "قبل أن" (before it rose) is no "since"
        toll, since, after = toll or "TOLL" in token.tags, since or ago or "LASTING" in token.tags, "THAT" in token.tags
    if toll and since:
        return True
    if not match.data.get("total"):
        return _is_since_something(match)
    for token in match.tokens[match.end : match.end + _SINCE]:
        if {"FRAME", "AGO"} <= token.tags.keys():
            return True
        if {"COMMA", "STOP", "KILL", "WOUND"} & token.tags.keys():
            return False
    return False


def _is_since_something(match: Match) -> bool:
    """ "The death of 1,453 civilians in Idlib, 403 children among them, since the accord was signed"; "since the morning" is the toll of that day."""
    behind = match.tokens[match.end : match.end + _BEHIND]
    for token, then in pairwise(behind):
        if not {"STOP", "KILL", "WOUND", "STRIKE", "WEAKSTRIKE", "HIT", "BOMB", "TURN", "CLAUSE", "CONTRAST", "TOLL"}.isdisjoint(token.tags):
            return False
        if {"FRAME", "AGO"} <= token.tags.keys() and token.tags["FRAME"] == "since":
            if "DATE" in then.tags and any("WHEN" in each.tags for each in behind[behind.index(then) + 1 : behind.index(then) + 2]):
                return True  # "more than 20 have died since 28 July, when a drone killed four"
            return {"DATE", "DAYPART", "DAYMARK", "TIMEUNIT", "NUM", "EARLY", "THAT"}.isdisjoint(then.tags)
    return False


def _shares_its_number(match: Match) -> bool:
    """ "استشهاد 17 عاملا وموظفا": of two singulars alike that one number counts, the second is no one more."""
    if not (match.data.get("one") and (match.data.get("more") or match.data.get("bare"))):
        return False
    last = match.groups["who"][0]
    number, person, joint, other = match.tokens[max(0, last - 3) : last + 1] if last >= 3 else [match.tokens[last]] * 4
    many = "NUM" in number.tags and float(number.tags["NUM"]) > 1
    return many and "AND" in joint.tags and "PERSONS_ONE" in person.tags and person.text[-1] == other.text[-1]


def _is_answered(match: Match) -> bool:
    """ "In reply to the attack that killed 28": the dead of another attack."""
    after = match.tokens[match.end : match.end + _BY]
    end = next((place for place, token in enumerate(after) if {"COMMA", "STOP", "SAY"} & token.tags.keys()), _BY)
    if any("STRIKE" in token.tags for token in after[:end]):
        return False  # "came after 30 died in a drone strike on Friday": of that one
    told = False  # of what is answered: "the attack, in which militants killed 148"
    for back, token in enumerate(reversed(match.tokens[max(0, match.start - 3 * _ANSWER) : match.end])):
        if "STRIKE" in token.tags or (token.tags.get("WEAKSTRIKE") == "air_strike" and any("OTHER" in each.tags for each in match.tokens[max(0, match.end - back - 3) : match.end - back - 1])):
            return False  # "came after a similar strike left three dead": an attack of its own
        if "REVENGE" in token.tags:
            return told or back < _ANSWER + match.end - match.start
        told = told or "RELATIVE" in token.tags
        if {"STOP", "SAY"} & token.tags.keys() or ("COMMA" in token.tags and not told):
            return False
    return False


def _is_counted(match: Match) -> bool:
    """ "27 مسلحا فيما قتل ..." (27 armed men, while ... was killed): the men have their number, and are not one."""
    first = match.groups.get("who", (0, 0))[0]
    return bool(match.data.get("one")) and first > 0 and match.start == first and not {"NUM", "MANY"}.isdisjoint(match.tokens[first - 1].tags)


def _is_of_a_clash(match: Match) -> bool:
    """ "At least 19 rebels were killed in ground battles", "they laid an ambush ..., killing seven": by no strike."""
    last = next((index for index in range(match.start - 1, -1, -1) if not _TOLD.isdisjoint(match.tokens[index].tags)), None)
    said = match.tokens[match.start : match.groups["n"][0]] if "n" in match.groups and match.data.get("what") != "vehicles" and "old" not in match.data else []
    if any("CLASH" in token.tags for token in said) and all(_STRIKES.isdisjoint(token.tags) for token in said):
        return True  # "أودت السيول في المدينة بحياة سبعة"
    after = takewhile(lambda token: "STOP" not in token.tags, match.tokens[match.end : match.end + _CLASH])
    if last is not None and _kills(match.tokens, last) and all(_STRIKES.isdisjoint(token.tags) for token in after):
        return True
    if _is_done_by_strike(match):
        return False
    joined = False  # "16 were killed and 60 hurt in clashes": both
    past = match.end + any("KILL" in token.tags for token in match.tokens[match.end : match.end + 1])  # "لقوا حتفهم": a verb of two words
    behind = match.tokens[past : past + _CLASH + 1]
    for index, (token, then) in enumerate(pairwise(behind)):
        if "CLASH" in token.tags:
            return True
        if "COMMA" in token.tags and "AND" in then.tags and any("WOUND" in each.tags for each in behind[index + 2 : index + 3]):
            continue  # "four killed, and three hurt, in clashes"
        caused = "COMMA" in token.tags and "REACT" in then.tags and "KILL" not in then.tags  # "..., as a result of the blast of a mine"
        if not (caused or (joined and "WOUND" in token.tags)) and not _NO_CLASH.isdisjoint(token.tags):
            return False
        joined = joined or "AND" in token.tags
    return False


def _is_done_by_strike(match: Match) -> bool:
    """ "A drone strike killed three in A after clashes in B": it killed them, whatever else there was."""
    verb = match.groups.get("verb", (0, 0))[0]
    before = takewhile(lambda token: _ENDS.isdisjoint(token.tags), reversed(match.tokens[max(0, verb - _SUBJECT) : verb]))
    return verb == match.start and any(not _STRIKES.isdisjoint(token.tags) for token in before)


def _kills(tokens: Tokens, index: int) -> bool:
    """Did a clash, a crash, or gunmen kill: a helicopter that "crashed", but no drone; "gunmen shot", but not "five gunmen"?"""
    token = tokens[index]
    if "BYHAND" in token.tags and any(not {"HIT", "HITWEAK", "KILL"}.isdisjoint(each.tags) for each in tokens[index + 1 : index + 2]):
        return True  # "in Baidoa, a suicide bomber attacked a restaurant, killing 19"
    if "GUNMEN" in token.tags:
        before = dropwhile(lambda each: not _DESCRIBES.isdisjoint(each.tags), reversed(tokens[max(0, index - _SUBJECT) : index]))
        return not _OPENS.isdisjoint(next((each.tags for each in before), {"STOP": None} if index < _SUBJECT else {}))
    if token.tags.get("CRAFT") == "manned":  # "تحطمت مروحية"
        return any({"CLASH", "ACCIDENT"} <= each.tags.keys() for each in tokens[max(0, index - 1) : index])
    fallen = [each for each in tokens[max(0, index - _FELL) : index] if "WEAPON" in each.tags] if {"ACCIDENT", "CRASH"} & token.tags.keys() else []
    return "CLASH" in token.tags and all(each.tags.get("CRAFT") == "manned" for each in fallen[-1:])
