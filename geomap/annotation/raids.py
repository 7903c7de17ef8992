"""Read a noun of attack: an air strike, two raids, the shelling; how many it counts, and whether it was told before."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, takewhile
from typing import Any, Literal

from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.ranges import bounded, repeated
from geomap.annotation.telling import TOLD, Marks, determines, is_military
from geomap.annotation.tokens import Token
from geomap.model import Date, Range, Trigger

_ATTACKS = frozenset({"STRIKE", "WEAKSTRIKE", "BOMB"})
_OWN_TOWN = 4  # tokens after "amid shelling" in which a town is that of the shelling
_SUBJECT = 8  # tokens before a strike in which who carried it out is told
_CLAUSE = frozenset({"COMMA", "STOP", "AND", "SAY", "HIT", "BOMB", "KILL"})
_SENTENCE = 40  # tokens
_SINCE = 7  # tokens from a numbered attack to "since"
_BEFORE = 2  # words before an attack that say of what kind it is
_OWN_WORDS = 3  # tokens from a noun past its adjectives
_TOO = 2  # tokens after "the raids" in which "also" tells of others
_OBJECT = 7  # tokens after "the targeting by a drone" to what it hit
_YEARS = range(1900, 2100)  # no number of raids
_DEATHS = 8  # tokens from "confirmed the deaths" to the strike
_OPEN = 2.0  # the least a plural without a number can mean
_NUMBER = frozenset({"SINGLE", "TWO", "PLURAL"})


def read_noun(match: Match, core: Token, here: set[str], marks: Marks, language: Language) -> Trigger | None:
    """An air strike, two raids, the attack: the trigger, how many it counts, and whether it was told before."""
    weak = "STRIKE" not in core.tags
    event_type = str(core.tags["STRIKE"] if not weak else core.tags.get("WEAKSTRIKE") or core.tags["RECALLING"])
    if (weapon := match.value("weapon", "WEAPON")) is not None and event_type != "drone_strike":
        event_type = str(weapon)  # "a strike by a drone"
    if event_type == "air_strike" and _is_by_drones(match, core):
        event_type = "drone_strike"
    definite = _is_definite(match, core) and not match.data.get("one")
    some = Range(1, 1) if match.data.get("one") else _of_them(match, core, language)
    counted = some is not None and "HIT" in here and "CIVIL" not in here  # "two of the strikes hit Marib"
    if weak and not counted and not match.data.get("own") and not is_military(match, core, event_type, definite, here, marks):
        return None
    known = (_is_the_day_s(match) or _is_admitted(match) or _harmed_nobody(match, core)) and not TOLD.isdisjoint(marks.before(core.span.start))
    definite = definite and not _is_also(match) or _is_claimed(match) or _is_among(match) or _is_beside(match) or known
    ordinal = match.value("ord", "ORD")
    count = some if some is not None else None if _is_among(match) or (event_type == "shelling" and "WEAPON" in core.tags) else _count(match, core, language)  # shells are no strikes
    other = (("other" in match and not _is_new(match, core) and not _are_apart(match, definite)) or bool(ordinal and ordinal >= 2) or match.data.get("anew") or _is_added(match)) and not _is_numbered(match)
    definite, other = definite or bool(match.data.get("told")), other and not match.data.get("told")
    definite = definite or (_is_numbered(match) and ("STRIKE" in marks.before(core.span.start) or _follows_another(match)))
    use: Literal["event", "story"] = "story" if match.data.get("told") and not TOLD.isdisjoint(marks.before(core.span.start)) else "event"
    return Trigger(core.span, event_type, count, definite=definite and not other, other=other, double=_is_double(match, core), use=use)


def _is_by_drones(match: Match, core: Token) -> bool:
    """ "Drones carried out an air strike", "شنت طائرة مسيرة غارة": what did it, before the noun and with its verb."""
    last = match.tokens.index(core.span.start)
    before = takewhile(lambda token: _CLAUSE.isdisjoint(token.tags), reversed(match.tokens[max(0, last - _SUBJECT) : last]))
    told = [token.tags for token in before]
    return any("DO" in tags for tags in told) and any(tags.get("WEAPON") == "drone_strike" for tags in told)


def _is_the_day_s(match: Match) -> bool:
    """ "Sunday's air strike"."""
    words = match.tokens[max(0, match.start - 1) : match.end]
    return any("DATE" in token.tags and token.span.of(match.tokens.text).endswith(("'s", "’s")) for token in words)


def _is_definite(match: Match, core: Token) -> bool:
    if "many" in match.groups:
        return False  # "عدد من الغارات": some raids, none that were told before
    if core.definite:  # "with the barrel bombs" says by what, not which
        return not _is_load(match, core)
    return any(determines(token, core) or "BOTH" in token.tags for token in match["det"])


def _is_load(match: Match, core: Token) -> bool:
    """ "With barrel bombs"."""
    return "BOMBS" in core.tags and any("IN" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start])


def _is_new(match: Match, core: Token) -> bool:
    """ "الغارات الجديدة" (the new raids): those that the report is of."""
    return core.definite and any(token.tags.get("OTHER") == "new" for token in match["other"])


def _are_apart(match: Match, definite: bool) -> bool:
    """ "The two separate strikes": apart from one another, as was told before, not from those told before."""
    if "n" not in match.groups or any(token.tags.get("OTHER") != "apart" for token in match["other"]):
        return False
    told = match.tokens[: match.start]
    last = next((place for place in range(len(told) - 1, -1, -1) if "STRIKE" in told[place].tags), None)
    some = last is not None and "PLURAL" in told[last].tags and not any({"NUM", "MANY"} & token.tags.keys() for token in told[max(0, last - 3) : last])  # "its first air strikes ... two separate strikes"
    return definite or some or any(token.tags.get("OTHER") == "apart" for token in told)


def _is_also(match: Match) -> bool:
    """ "The Russian raids hit the villages of A and B, too": others than those told before."""
    after = match.tokens[match.end : match.end + _TOO]
    also = next((place for place, token in enumerate(after) if "ALSO" in token.tags), None)
    if also is None or any("RELATIVE" in token.tags for token in after[:also]):
        return False  # "the strike that also damaged a hospital"
    return not any("REACT" in token.tags for token in after)  # "the raid also led to ..."


def _is_among(match: Match) -> bool:
    """ "Nine raids, five of them with parachute bombs": no raids but those told before; "including seven near Raqqa" says where seven were."""
    if all("AMONG" not in token.tags for token in match.tokens[max(0, match.start - 1) : match.start]):
        return False
    placed = "n" in match.groups and any({"IN", "NEAR"} & token.tags.keys() for token in match.tokens[match.end : match.end + 1])
    return not placed or _is_at_a_site(match)


def _is_at_a_site(match: Match) -> bool:
    """ "12 raids on Sanaa, including three on the airport": at what has no name of its own, so in the town just told."""
    after = match.tokens[match.end + 1 : match.end + _OWN_TOWN]
    known = next((place for place, token in enumerate(after) if token.definite or "THE" in token.tags), None)
    if known != 0:
        return False
    site = next((place for place, token in enumerate(after) if "STRUCK" in token.tags), None)
    return site is not None and site <= 1 and not any({"CAP", "PLACE", "UNKNOWN", "KIND"} & token.tags.keys() for token in after[site + 1 : site + 2])


def _is_beside(match: Match) -> bool:
    """ "Jets struck the town, amid shelling of its quarters": goes with the one just told, unless it has a town of its own."""
    return any("AMID" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start]) and not _has_town(match)


def _is_added(match: Match) -> bool:
    """ "Raids on A, in addition to two raids on B": another."""
    return any("ADDED" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start]) and _has_town(match)


def _has_town(match: Match) -> bool:
    """Does a town follow, and not "the town" that was told before?"""
    after = match.tokens[match.end : match.end + _OWN_TOWN]
    near = match.tokens[match.end : match.end + 2 * _OWN_TOWN]
    if any("NEAR" in one.tags and not then.definite for one, then in pairwise(takewhile(lambda token: {"COMMA", "STOP"}.isdisjoint(token.tags), near))):
        return True
    return any("PLACE" in one.tags or ("KIND" in one.tags and not one.definite and not then.definite and "FUNCTION" not in then.tags) for one, then in pairwise(after))


def _harmed_nobody(match: Match, core: Token) -> bool:
    """ "لم يقتل أي مدني في غارة يوم الأحد" (no civilian was killed in the raid of Sunday): said of one already told."""
    place = match.tokens.index(core.span.start)
    before = [token.tags for token in takewhile(lambda token: "STOP" not in token.tags, reversed(match.tokens[max(0, place - _SUBJECT) : place]))]
    dated = any("DATE" in token.tags for token in match.tokens[place + 1 : place + 1 + _TOO])
    return dated and any("NEG" in tags for tags in before) and any("KILL" in tags or "WOUND" in tags for tags in before)


def _is_admitted(match: Match) -> bool:
    """ "A spokesman confirmed an air strike in Korkhashien": the one that was told before."""
    before = [token.tags for token in match.tokens[max(0, match.start - _DEATHS) : match.start]]
    deaths = next((place for place, tags in enumerate(before) if "ADMIT" in tags), len(before))  # "confirmed the deaths of two in a strike"
    return any("ADMIT" in tags for tags in before[-1:]) or any("DEAD" in tags for tags in before[deaths + 1 : deaths + 3])


def _of_them(match: Match, core: Token, language: Language) -> Range | None:
    """ "إحدى الغارات" (one of the raids), "two of the strikes": so many, of those told before."""
    several = [token.tags["ONEOF"] for token in match.tokens[max(0, match.start - 1) : match.start] if "ONEOF" in token.tags and "PLURAL" in _number_of(core, language)]
    return Range(float(several[0]), float(several[0])) if several else None


def _number_of(core: Token, language: Language) -> Mapping[str, Any]:
    """Its tags, or those of its first word: "غارات جوية" (air raids) is a plural by its first word."""
    return core.tags if _NUMBER & core.tags.keys() else language.lexicon.tags(core.text.split()[0])


def _is_numbered(match: Match) -> bool:
    """ "... a strike on Gaza, in what was the third raid in a day", "... a raid, sparking a huge blast": the one just told."""
    before = match.tokens[max(0, match.start - 1) : match.start]
    return any("COPULA" in token.tags for token in before) or (any("IN" in token.tags for token in before) and _is_counted_since(match))


def _is_counted_since(match: Match) -> bool:
    """ "In the third drone attack since he took office, two missiles hit ...": the one that the sentence tells of."""
    behind = takewhile(lambda token: {"COMMA", "STOP", "HIT"}.isdisjoint(token.tags), match.tokens[match.end : match.end + _SINCE])
    return any("SINCE" in token.tags or token.tags.get("FRAME") == "since" for token in behind)


def _follows_another(match: Match) -> bool:
    """ "... died in raids on the province, when a house was struck": are words of an attack told in the sentence before these?"""
    before = list(takewhile(lambda token: "STOP" not in token.tags, reversed(match.tokens[max(0, match.start - _SENTENCE) : match.start])))
    return any(not _ATTACKS.isdisjoint(token.tags) for token in before)


def _is_claimed(match: Match) -> bool:
    """ "... in an attack claimed by the group": the attack that the sentence has told already."""
    told = [token.tags.get("DATE") for token in match.tokens[max(0, match.start - 1) : match.end]]
    after = any(isinstance(date, Date) and date.toward for date in told)  # "came days after raids blamed on the army": others
    return not after and any("CLAIMED" in token.tags for token in match.tokens[match.end : match.end + 2])


def _is_double(match: Match, core: Token) -> bool:
    """ "ضربة جوية مزدوجة", "a double air strike": one blow after another on one spot."""
    index = match.tokens.index(core.span.start)
    return any("DOUBLE" in token.tags for token in match.tokens[max(match.start, index - _BEFORE) : index + _OWN_WORDS])


def _by_one_craft(match: Match, core: Token) -> Range | None:
    """ "استهداف مسيرة تركية لسيارة" (a Turkish drone's attack on a car): one weapon, and one thing."""
    behind = match.tokens[match.tokens.index(core.span.start) + 1 :][:_OBJECT]
    said = list(takewhile(lambda token: {"STOP", "COMMA"}.isdisjoint(token.tags), behind))
    alone = bool(said) and "LONE" in said[0].tags and (not said[0].definite or said[0].tags.get("WEAPON") == "drone_strike")
    return Range(1, 1) if alone and any(not {"VEHICLE", "MARK"}.isdisjoint(token.tags) for token in said[1:]) else None


def _count(match: Match, core: Token, language: Language) -> Range | None:
    if _is_load(match, core):
        return None  # "bombed the town with six barrels": by what, not how often
    number, many = match.value("n", "NUM"), match.value("many", "MANY")
    number_of = _number_of(core, language)
    if number is None and "SINGLE" in number_of and any(token.tags.get("BOUND") == "more_than" for token in match.tokens[max(0, match.start - 1) : match.start]):
        return Range(_OPEN, None)  # "بأكثر من غارة" (with more than one raid)
    if number is not None and "weapon" in match and "PLURAL" not in number_of and number_of.get("SINGLE", "article") == "article":
        return None  # "two planes bombing the town": two planes
    if number is not None and number == int(number) and number not in _YEARS:
        top = match.value("m", "NUM")
        bound = [token.tags["BOUND"] for token in match.tokens[match.start : match.end] if "BOUND" in token.tags]
        return bounded(Range(number, top or number), bound)
    if many is not None:
        return Range(float(many), None)
    twin = any("TWIN" in token.tags or token.tags.get("BOTH") == "2" for token in match.tokens[match.start : match.end])  # "both strikes"
    if "TWO" in number_of or ("PLURAL" in number_of and twin):
        return Range(2, 2)
    if not _NUMBER & number_of.keys():
        often = repeated(match.tokens, match.tokens.index(core.span.start))  # "قصف الطيران المستشفى مرتين" (jets bombed the hospital twice)
        return often or (_by_one_craft(match, core) if "TARGETING" in core.tags else None)
    if "SINGLE" in number_of and _is_double(match, core):
        return Range(2, 2)
    if "SINGLE" in number_of:
        general = core.tags.get("WEAKSTRIKE") == "attack" and _is_definite(match, core) and "ord" not in match  # "the attack" may be one of shells
        uncounted = number_of["SINGLE"] == "article" and "other" not in match and all(token.tags.get("DET") != "indefinite" for token in match["det"])
        return None if general or uncounted else Range(1, 1)
    return Range(_OPEN, None) if "PLURAL" in number_of else None
