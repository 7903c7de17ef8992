"""Read a verb of attack: jets bombed, a drone hit, shells fell; none where nothing of a war is told."""

from __future__ import annotations

from itertools import takewhile

from geomap.annotation.patterns import Match
from geomap.annotation.ranges import bounded, repeated
from geomap.annotation.telling import ARMED, HARD, MILITARY, Marks, is_armed, is_of_war, is_on_foot
from geomap.annotation.tokens import Token
from geomap.model import FLOWN, Range, Trigger

_LAUNCH = 4  # tokens of "a bomb dropped by a", before the warplane
_BEFORE = 6  # tokens of "a second Al-Qaeda vehicle was"
_LOAD = 6  # tokens after "dropped" to what was
_OF_A_CRAFT = frozenset({"NATION", "ADJ", "WEAPON"})
_HAND = 3  # tokens before "fired" in which the drone stands that did so
_AFTER = 12  # tokens from a verb to the end of what it struck
_LOADS = ("missile_attack", "shelling")  # what a plane or a drone fires
_MARKS, _PEOPLE = frozenset({"VEHICLE", "MARK", "STRUCK"}), frozenset({"PERSON", "PERSONS_ONE"})
_NO_MORE = frozenset({"STOP", "TURN", "SAY"})


def read_verb(match: Match, core: Token, here: set[str], marks: Marks) -> Trigger | None:
    """Jets bombed, a drone hit, shells fell: the trigger, or none where nothing of a war is told."""
    bare = bool(match.data.get("bare"))
    if "CIVIL" in here and not bare and not (MILITARY - {"BOMB"}) & here and not is_armed(here):
        return None  # "bombarded with questions"
    if "OTHER" in core.tags and "BYHAND" in here and not {"STRIKE", "WEAPON", "BOMB"} & here:
        return None  # "one attack on a hotel and another on a museum, by gunmen"
    if is_on_foot(here) or (bare and not is_of_war(here, marks, core)):
        return None  # "the shop was hit on Monday"
    shelled = core.tags.get("BOMB") == "shelling"  # bands bomb, and stomachs are hit; only guns shell
    if not (match.data.get("air") or shelled or ARMED & here or MILITARY & marks.before(core.span.start)):
        return None  # "the band bombed at the festival"
    told = bool(match.data.get("told"))  # "when it was hit"
    if told and not {"STRIKE", "BOMB", "WEAPON"} & (here | marks.before(core.span.start)):
        return None
    late = bool(match.data.get("later")) and not _is_told_later(here, marks, core)
    if late and not (not here.isdisjoint(("DATE", "DEAD")) and {"STRIKE", "WEAPON", "BOMB"} & marks.before(core.span.start)):
        return None
    unarmed = "drone_strike" in match.values("weapon", "WEAPON") and not any("ARMEDDRONE" in token.tags for token in match["weapon"])
    if "CRASH" in core.tags and (_is_manned(match) or (unarmed and not HARD & (here - {"WOUND", "KILL", "DESTROY"}))):
        return None  # "a light plane came down on a house", "a drone with medicine came down in a field"
    if "MALFUNCTION" in here and "STRIKE" not in here:
        return None  # "a drone crashed due to a malfunction and exploded inside a home"
    if match.data.get("harm") and not {"KILL", "WOUND", "HIT", "DESTROY"} & here:
        return None
    other = "OTHER" in core.tags or _by_another_weapon(match) or _hit_another(match, core)  # "and another in Sabratha"
    more = any("ALSO" in token.tags for token in match.tokens[max(0, match.start - 1) : match.end + 1]) or _struck_anew(match, core)
    return Trigger(
        core.span, _verb_type(match, core), Range(1, 1) if other else _times(match, core) or _dropped(match, core) or _once(match, core), definite=(told or late or _is_told(match) or of_the_craft(match.tokens[(place := match.tokens.index(core.span.start)) + 1 : place + 4])) and not more, form="verb",
        other=other or more, double=_times(match, core) == Range(2, 2),
    )  # fmt: skip


def _is_manned(match: Match) -> bool:
    """Is the last weapon named one that carries people? But "a rocket fired by a warplane", "a barrel from a helicopter came down" tell of what it dropped."""
    weapon = next((place for place in range(match.end - 1, match.start - 1, -1) if "WEAPON" in match.tokens[place].tags), None)
    if weapon is None or match.tokens[weapon].tags.get("CRAFT") != "manned":
        return False
    before = [token.tags.keys() for token in match.tokens[max(0, weapon - _LAUNCH) : weapon]]
    launch = next((place for place, tags in enumerate(before) if {"FIRE", "DROP", "LAUNCHED", "FROM"} & tags), 0)
    return not any({"WEAPON", "PROJECTILE", "BOMBS"} & tags for tags in before[:launch])


def _by_another_weapon(match: Match) -> bool:
    """ "Additional rockets landed near": not those told before."""
    first = match.groups["weapon"][0] if "weapon" in match.groups else 0
    return any("OTHER" in token.tags for token in match.tokens[max(0, first - 1) : first])


def _hit_another(match: Match, core: Token) -> bool:
    """ "Another hit the port", "a second vehicle was targeted": another than the one told before."""
    place = match.tokens.index(core.span.start)
    if match.start == place - 1 and "OTHER" in match.tokens[match.start].tags:
        return True
    before = match.tokens[max(0, place - _BEFORE) : place]
    if not before or "PASSIVE" not in before[-1].tags:
        return False
    first = next((index for index in range(len(before) - 1, -1, -1) if "OTHER" in before[index].tags), None)
    return first is not None and any({"VEHICLE", "STRUCK"} & token.tags.keys() for token in before[first:])


def _struck_anew(match: Match, core: Token) -> bool:
    """ "Similar shells hit the airport", "صاروخ آخر سقط": others, however many."""
    place = match.tokens.index(core.span.start)
    return any("OTHER" in token.tags for token in match.tokens[max(match.start, place - 1) : place])


def _is_told_later(here: set[str], marks: Marks, core: Token) -> bool:
    """ "Six children died when their school was attacked", and then: six air strikes hit the village."""
    return bool({"KILL", "WOUND", "DESTROY"} & here) and "BYHAND" not in here and bool({"STRIKE", "WEAPON"} & marks.after(core.span.start))


def _is_told(match: Match) -> bool:
    """ "The bombs hit a wedding party", "one of the shells fell on a school": those that the sentence before has dropped."""
    weapon = match.groups.get("weapon")
    if weapon and match.tokens[weapon[1] - 1].tags.get("CRAFT") == "other":
        return False  # "the air force struck"
    before = match.tokens[weapon[0] - 1 : weapon[0]] if weapon and weapon[0] else []
    if weapon and any("RELATIVE" in token.tags for token in match.tokens[weapon[1] : weapon[1] + 1]):
        return False  # "the shell that came through the roof": which one is told here
    bomb = match.tokens[weapon[0]] if weapon else None  # "البرميل سقط على منزل" (the barrel fell on a house)
    return any("THE" in token.tags or "AMONG" in token.tags for token in before) or (bomb is not None and bomb.definite and "BOMBS" in bomb.tags)


def of_the_craft(said: list[Token]) -> bool:
    """ "Two missiles were fired from the drone", "when they were hit by the drone": the one told before."""
    for by, the, craft in zip(said, said[1:], said[2:], strict=False):
        if ("BY" in by.tags or "FROM" in by.tags) and "THE" in the.tags and craft.tags.get("WEAPON") in FLOWN:
            return True
    return False


def _verb_type(match: Match, core: Token) -> str:
    inside = match.tokens[match.start : match.end]
    weapons = [token.tags["WEAPON"] for token in inside if "WEAPON" in token.tags] or match.values("weapon", "BOMBS")
    behind = takewhile(lambda token: not _OF_A_CRAFT.isdisjoint(token.tags), match.tokens[match.end : match.end + _HAND])
    if weapons[:1] == ["air_strike"] and any(token.tags.get("WEAPON") == "drone_strike" for token in (*inside, *behind)):
        return "drone_strike"  # "طائرة أمريكية بدون طيار": an aircraft, a nation's, without a pilot
    return str(weapons[0] if weapons else "air_strike" if match.data.get("air") else core.tags.get("BOMB") or "attack")


def _times(match: Match, core: Token) -> Range | None:
    """ "Bombed the town at least eight times": as many strikes."""
    if match.data.get("twice"):
        return Range(2, 2)
    number = match.value("n", "NUM") if match.data.get("times") else None
    if number is None:
        return repeated(match.tokens, match.tokens.index(core.span.start))
    bounds = [token.tags["BOUND"] for token in match.tokens[match.start : match.end] if "BOUND" in token.tags]
    return bounded(Range(number, match.value("m", "NUM") or number), bounds)


def _dropped(match: Match, core: Token) -> Range | None:
    """ "Helicopters dropped six barrel bombs": each is counted."""
    if core.tags.keys().isdisjoint(("FIRE", "DROP")):
        return None
    first = match.tokens.index(core.span.start) + 1
    said = match.tokens[first : first + _LOAD]
    bombs = next((place for place, token in enumerate(said) if "BOMBS" in token.tags), 0)
    counted = said[bombs - 1 : bombs] if bombs else []
    bounds = [token.tags["BOUND"] for token in said[:bombs] if "BOUND" in token.tags]
    for token in counted:
        if "NUM" in token.tags:
            return bounded(Range(token.tags["NUM"], token.tags["NUM"]), bounds)
        if "MANY" in token.tags:
            return Range(float(token.tags["MANY"]), None)
    return Range(2, 2) if bombs and "TWO" in said[bombs].tags else None


def _once(match: Match, core: Token) -> Range | None:
    """ "A drone struck a car": one weapon, which strikes one thing once, with however many missiles; of a town it may strike more."""
    hand = _HAND if not core.tags.keys().isdisjoint(("FIRE", "DROP")) else 0  # "a drone fired two missiles at a house"
    weapons = [token for token in match.tokens[max(0, match.start - hand) : match.end] if "WEAPON" in token.tags]
    crafts = [token for token in weapons if token.tags["WEAPON"] not in _LOADS and "BOMBS" not in token.tags] or weapons
    if not crafts or any("LONE" not in token.tags or (token.definite and token.tags["WEAPON"] != "drone_strike") for token in crafts):
        return None
    first, place = match.tokens.index(crafts[0].span.start), match.tokens.index(core.span.start)
    if any("NUM" in token.tags for token in match.tokens[max(0, first - 1) : first]):
        return None  # "12 صاروخا" (twelve missiles)
    before = list(takewhile(lambda token: _NO_MORE.isdisjoint(token.tags), reversed(match.tokens[max(0, place - _BEFORE) : place])))
    after = list(takewhile(lambda token: _NO_MORE.isdisjoint(token.tags), match.tokens[place + 1 : place + _AFTER]))
    people = list(takewhile(lambda token: "COMMA" not in token.tags, after))  # "a drone attacked the town, residents said"
    struck = any(not _MARKS.isdisjoint(token.tags) for token in (*before, *after) if token not in weapons)
    return Range(1, 1) if struck or any(not _PEOPLE.isdisjoint(token.tags) for token in (*before, *people)) else None
