"""Find the words that report an attack: which they are, how many attacks they count, and how much speaks for them.

A strike of teachers, of lightning or of a deal is none: longer forms of class HARMLESS are read first, and a noun that
also means something else needs an army, a weapon or an armed group in its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.doors.merging import with_triggers
from geomap.annotation.ellipses import elliptic, typed
from geomap.annotation.factuality import with_context
from geomap.annotation.happened import Surroundings, bits
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match, Rule
from geomap.annotation.telling import ARMED, HARM, MILITARY, Marks, document, is_armed, is_military, is_of_war
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Range, Trigger

_ATTACKS = frozenset({"STRIKE", "WEAKSTRIKE", "BOMB"})
_TOLD = frozenset({"STRIKE", "BOMB", "WEAPON"})  # after which "Monday's attack" may be the one told
_HARD = frozenset({"ARMY", "GROUP", "FORCE", "KILL", "WOUND", "DESTROY", "NATION"})  # what no song or match brings along
_BEFORE = 6  # tokens of "a second Al-Qaeda vehicle was"
_LOAD = 6  # tokens after "dropped" to what was
_OWN_TOWN = 4  # tokens after "amid shelling" in which a town is that of the shelling
_SENTENCE = 40  # tokens
_TOO = 2  # tokens after "the raids" in which "also" tells of others
_OPEN = 2.0  # the least a plural without a number can mean
_NUMBER = frozenset({"SINGLE", "TWO", "PLURAL"})
_DOUBTFUL, _UNTOLD = 0.3, -3.0  # bits below which an attack is only possible, and below which nothing is told of one
_WEAPON_ALONE = 0.5  # bits above which a weapon in a sentence without a word for an attack tells of one
_ITS_OWN = 3  # words from "the" to the weapon, and whose it is
_FALL = 12  # words from a drone to where it came down
_SEIZED = 4  # words from "seized" to the weapon
_ALONE = Rule("", {"form": "weapon"}, 0)
_OF_DATES = frozenset({"DATE", "PERIOD", "DEF", "CAP"})  # what a token may be that was made of the words of a date


def find_triggers(context: Context, tokens: Tokens) -> tuple[Trigger, ...]:
    """All triggers of a text. ``tokens`` are its words, dates already joined to one token each."""
    language = context.language
    found: dict[int, Trigger] = {}  # by the index of the trigger's own token
    marks, around = document(tokens, context), Surroundings(tokens, context.sentences, context.report.published)
    matches = language.find("triggers", tokens)
    for match in matches:
        core = match["strike"] or match["hit"]
        if not core:
            continue
        if match.data.get("elliptic"):
            found[tokens.index(core[-1].span.start)] = elliptic(match, core[-1])
        elif trigger := _read(match, core[-1], marks, language):
            found[tokens.index(core[-1].span.start)] = replace(trigger, bits=None if _is_part(match) else bits(around.evidence(match, core[-1])))
    for match in weapons_alone(tokens, context, matches):
        weapon = tokens[match.start]
        known = _is_known(match, marks)
        if known and HARM.isdisjoint(marks.of(weapon.span.start)):
            continue  # "the rockets came from the south": of those told before, and nothing new
        if (sure := bits(around.evidence(match, weapon))) > _WEAPON_ALONE:
            found[match.start] = Trigger(weapon.span, str(weapon.tags["WEAPON"]), definite=known, form="verb", bits=sure)
    if any(_is_another(match) for match in matches):
        found = {index: _first_of_several(trigger, index, tokens) for index, trigger in found.items()}
    found = typed(found, tokens)
    if context.pointed:
        found = with_triggers(found, context.pointed, tokens, context.sentences)
    return tuple(with_context(context, tokens, found, marks.of))


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
    return the and not _TOLD.isdisjoint(marks.before(weapon.span.start))


def _may_be_idle(tokens: Tokens, index: int) -> bool:
    """May a weapon have crashed, or been found, or be no weapon ("مسيرة" is a march, too)?"""
    after = tokens[index + 1 : index + _FALL]
    if tokens[index].tags["WEAPON"] == "drone_strike" and any("CRASH" in token.tags for token in after):
        return True
    return "CRAFT" in tokens[index].tags or any("SEIZE" in token.tags for token in tokens[max(0, index - _SEIZED) : index])


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
    if "ARTS" in here and _HARD.isdisjoint(here):
        return None  # "the rapper dropped bombs on his rivals"
    if match.data.get("form") == "verb":
        bare = bool(match.data.get("bare"))
        if "CIVIL" in here and not bare and not (MILITARY - {"BOMB"}) & here and not is_armed(here):
            return None  # "bombarded with questions"
        if "OTHER" in core.tags and "BYHAND" in here and not {"STRIKE", "WEAPON", "BOMB"} & here:
            return None  # "one attack on a hotel and another on a museum, by gunmen"
        if bare and not is_of_war(here, marks, core):
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
        if "CRASH" in core.tags and (_is_manned(match) or (unarmed and not _HARD & (here - {"WOUND", "KILL", "DESTROY"}))):
            return None  # "a light plane came down on a house", "a drone with medicine came down in a field"
        if match.data.get("harm") and not {"KILL", "WOUND", "HIT", "DESTROY"} & here:
            return None
        other = "OTHER" in core.tags or _by_another_weapon(match) or _hit_another(match, core)  # "and another in Sabratha"
        more = any("ALSO" in token.tags for token in match.tokens[max(0, match.start - 1) : match.end + 1])
        return Trigger(
            core.span, _verb_type(match, core), Range(1, 1) if other else _times(match) or _dropped(match, core), definite=(told or late or _is_told(match)) and not more, form="verb",
            other=other or more,
        )  # fmt: skip
    weak = "STRIKE" not in core.tags
    event_type = str(core.tags["STRIKE"] if not weak else core.tags.get("WEAKSTRIKE") or core.tags["RECALLING"])
    if (weapon := match.value("weapon", "WEAPON")) is not None and event_type != "drone_strike":
        event_type = str(weapon)  # "a strike by a drone"
    definite = _is_definite(match, core)
    if weak and not is_military(match, core, event_type, definite, here, marks):
        return None
    known = (_is_the_day_s(match) or _is_admitted(match)) and not _TOLD.isdisjoint(marks.before(core.span.start))
    definite = definite and not _is_also(match) or _is_claimed(match) or _is_among(match) or _is_beside(match) or known
    ordinal = match.value("ord", "ORD")
    count = Range(1, 1) if _is_one_of_them(match, core) else None if _is_among(match) or (event_type == "shelling" and "WEAPON" in core.tags) else _count(match, core, language)  # shells are no strikes
    other = ("other" in match or bool(ordinal and ordinal >= 2) or _is_added(match)) and not _is_numbered(match)
    definite = definite or (_is_numbered(match) and ("STRIKE" in marks.before(core.span.start) or _follows_another(match)))
    return Trigger(core.span, event_type, count, definite=definite and not other, other=other and not definite or other)


def _is_manned(match: Match) -> bool:
    """Is the last weapon named one that carries people?"""
    weapons = [token for token in match.tokens[match.start : match.end] if "WEAPON" in token.tags]
    return bool(weapons) and weapons[-1].tags.get("CRAFT") == "manned"


def _by_another_weapon(match: Match) -> bool:
    """ "Additional rockets landed near": not those told before."""
    first = match.groups["weapon"][0] if "weapon" in match.groups else 0
    return any("OTHER" in token.tags for token in match.tokens[max(0, first - 1) : first])


def _hit_another(match: Match, core: Token) -> bool:
    """ "A second vehicle was targeted": another than the one told before."""
    place = match.tokens.index(core.span.start)
    before = match.tokens[max(0, place - _BEFORE) : place]
    if not before or "PASSIVE" not in before[-1].tags:
        return False
    first = next((index for index in range(len(before) - 1, -1, -1) if "OTHER" in before[index].tags), None)
    return first is not None and any({"VEHICLE", "STRUCK"} & token.tags.keys() for token in before[first:])


def _is_the_day_s(match: Match) -> bool:
    """ "Sunday's air strike"."""
    words = match.tokens[max(0, match.start - 1) : match.end]
    return any("DATE" in token.tags and token.span.of(match.tokens.text).endswith(("'s", "’s")) for token in words)


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
    return any("THE" in token.tags or "AMONG" in token.tags for token in before)


def _verb_type(match: Match, core: Token) -> str:
    weapons = [token.tags["WEAPON"] for token in match.tokens[match.start : match.end] if "WEAPON" in token.tags] or match.values("weapon", "BOMBS")
    return str(weapons[0] if weapons else "air_strike" if match.data.get("air") else core.tags.get("BOMB") or "attack")


def _times(match: Match) -> Range | None:
    """ "Bombed the town at least eight times": as many strikes."""
    if match.data.get("twice"):
        return Range(2, 2)
    number = match.value("n", "NUM") if match.data.get("times") else None
    if number is None:
        return None
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


def _is_definite(match: Match, core: Token) -> bool:
    if "many" in match.groups:
        return False  # "عدد من الغارات": some raids, none that were told before
    if core.definite:  # "with the barrel bombs" says by what, not which
        return not ("BOMBS" in core.tags and any("IN" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start]))
    return any(token.tags.get("DET") == "definite" or "BOTH" in token.tags for token in match["det"])


def _is_also(match: Match) -> bool:
    """ "The Russian raids hit the villages of A and B, too": others than those told before."""
    after = match.tokens[match.end : match.end + _TOO]
    also = next((place for place, token in enumerate(after) if "ALSO" in token.tags), None)
    if also is None or any("RELATIVE" in token.tags for token in after[:also]):
        return False  # "the strike that also damaged a hospital"
    return not any("REACT" in token.tags for token in after)  # "the raid also led to ..."


def _is_among(match: Match) -> bool:
    """ "Nine raids, five of them with parachute bombs": no raids but those told before; "including seven near Raqqa" says where seven were."""
    if "n" in match.groups and any({"IN", "NEAR"} & token.tags.keys() for token in match.tokens[match.end : match.end + 1]):
        return False
    return any("AMONG" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start])


def _is_beside(match: Match) -> bool:
    """ "Jets struck the town, amid shelling of its quarters": goes with the one just told, unless it has a town of its own."""
    return any("AMID" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start]) and not _has_town(match)


def _is_added(match: Match) -> bool:
    """ "Raids on A, in addition to two raids on B": another."""
    return any("ADDED" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start]) and _has_town(match)


def _has_town(match: Match) -> bool:
    """Does a town follow, and not "the town" that was told before?"""
    after = match.tokens[match.end : match.end + _OWN_TOWN]
    return any("PLACE" in one.tags or ("KIND" in one.tags and not one.definite and not then.definite and "FUNCTION" not in then.tags) for one, then in pairwise(after))


def _is_admitted(match: Match) -> bool:
    """ "A spokesman confirmed an air strike in Korkhashien": the one that was told before."""
    return any("ADMIT" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start])


def _is_one_of_them(match: Match, core: Token) -> bool:
    """ "إحدى الغارات" (one of the raids): one, of those told before."""
    return core.definite and "PLURAL" in core.tags and any("ONEOF" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start])


def _is_numbered(match: Match) -> bool:
    """ "... a strike on Gaza, in what was the third raid in a day", "... a raid, sparking a huge blast": the one just told."""
    return any("COPULA" in token.tags for token in match.tokens[max(0, match.start - 1) : match.start])


def _follows_another(match: Match) -> bool:
    """ "... died in raids on the province, when a house was struck": are words of an attack told in the sentence before these?"""
    before = list(takewhile(lambda token: "STOP" not in token.tags, reversed(match.tokens[max(0, match.start - _SENTENCE) : match.start])))
    return any(not _ATTACKS.isdisjoint(token.tags) for token in before)


def _is_claimed(match: Match) -> bool:
    """ "... in an attack claimed by the group": the attack that the sentence has told already."""
    return any("CLAIMED" in token.tags for token in match.tokens[match.end : match.end + 2])


def _count(match: Match, core: Token, language: Language) -> Range | None:
    number, many = match.value("n", "NUM"), match.value("many", "MANY")
    number_of = core.tags if _NUMBER & core.tags.keys() else language.lexicon.tags(core.text.split()[0])  # "غارات جوية" is a plural by its first word
    if number is not None and "weapon" in match and "PLURAL" not in number_of and number_of.get("SINGLE", "article") == "article":
        return None  # "two planes bombing the town": two planes
    if number is not None and number == int(number) and number < 1900:
        top = match.value("m", "NUM")
        bound = [token.tags["BOUND"] for token in match.tokens[match.start : match.end] if "BOUND" in token.tags]
        return bounded(Range(number, top or number), bound)
    if many is not None:
        return Range(float(many), None)
    if "TWO" in number_of or ("PLURAL" in number_of and any("TWIN" in token.tags for token in match.tokens[match.start : match.end])):
        return Range(2, 2)
    if "SINGLE" in number_of:
        general = core.tags.get("WEAKSTRIKE") == "attack" and _is_definite(match, core)  # "the attack" may be one of shells
        uncounted = number_of["SINGLE"] == "article" and "other" not in match and all(token.tags.get("DET") != "indefinite" for token in match["det"])
        return None if general or uncounted else Range(1, 1)
    return Range(_OPEN, None) if "PLURAL" in number_of else None


def bounded(count: Range, bounds: Iterable[str]) -> Range:
    """A count with its "at least", "more than", "up to"."""
    for bound in bounds:
        if bound == "at_least":
            count = Range(count.min, None)
        elif bound == "more_than" and count.min is not None:
            count = Range(count.min + 1, None)
        elif bound in ("up_to", "less_than") and count.max is not None:
            count = Range(None, count.max - (bound == "less_than"))
    return count


def _first_of_several(trigger: Trigger, index: int, tokens: Tokens) -> Trigger:
    """ "The first strike ... the second": each is one of several, so the first is no longer the one told before."""
    near = tokens[max(0, index - 3) : index + 3]
    if trigger.form == "noun" and trigger.count in (None, Range(1, 1)) and any(token.tags.get("ORD") == 1 for token in near):
        return replace(trigger, definite=False, other=True)
    return trigger
