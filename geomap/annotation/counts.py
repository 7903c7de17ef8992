"""Find numbers of killed, wounded and destroyed, as the ranges that the words leave open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.patterns import Match
from geomap.annotation.series import are_apart, beside, people, spells_out
from geomap.annotation.tallies import related
from geomap.annotation.tokens import Token, Tokens
from geomap.annotation.triggers import bounded
from geomap.model import Count, Range, Span

_ENDS = frozenset(("COMMA", "STOP", "KILL", "WOUND", "SAY", "STRIKE"))  # the numbers after it are no longer a part
_REACH = 6  # tokens before a number in which "including" makes it a part of another
_LIST = 10  # ... where nothing but a list of people stands between
_IN_LIST = frozenset(("COMMA", "NUM", "PERSON", "PERSONS_ONE", "ADJ", "AND", "BOUND", "UNKNOWN"))
_NEAR = 2  # tokens between a number and its bound: not "in less than an hour to 21"
_AMONG = 3  # tokens of "in the ranks of civilians"
_BESIDES = 8  # tokens of "in addition to the soldiers,"
_APART = 8  # tokens between a verb and its number
_BY = 9  # tokens after the dead in which the strike that killed them follows
_ANSWER = 8  # tokens between "in reply to the attack" and the number of its dead
_SINCE = 4  # tokens between a toll and "since the war began"
_WAR = 14  # ... and before one
_CLASH = 12  # tokens after the dead in which "in clashes" may follow
_NO_CLASH = frozenset(("COMMA", "STOP", "STRIKE", "WEAKSTRIKE", "WEAPON", "KILL", "WOUND"))
_STRIKES = frozenset(("STRIKE", "WEAKSTRIKE", "WEAPON", "BOMB", "HIT"))
_TOLD = _STRIKES | {"CLASH", "STOP"}
_LATER = frozenset(("RECOVER", "BODY", "AFTERWARDS"))  # bodies found, wounds that killed: where that was nothing was struck
_BEFORE, _BEHIND = 3, 6  # tokens before and after a count in which these stand
_DUG = 5  # tokens between bodies and what was done with them
_MOST = 5_000  # larger numbers count the dead of no one strike, but those of a war


def find_counts(context: Context, tokens: Tokens) -> tuple[Count, ...]:
    """All counts of a text, in text order. ``tokens`` are its words, dates already joined to one token each."""
    return related(sorted(_counts(context, tokens), key=lambda count: count.span), tokens)


def _counts(context: Context, tokens: Tokens) -> Iterator[Count]:
    taken: set[object] = set()
    rows: list[tuple[Count, int | None, int]] = []
    numbered: list[tuple[int, int]] = []
    for match in sorted(context.language.find_all("counts", tokens), key=_rank):
        value = _range(match)
        none = bool(match.data.get("none"))
        what = _goes_on(match) if match.data.get("bare") else str(match.data["what"])
        if what == "killed" and "n" in match.groups and any("WOUND" in token.tags for token in tokens[match.groups["n"][1] : match.groups["n"][1] + 1]):
            continue  # "the dead may rise, for the many hurt, who are 150 wounded"
        if what is None or value is None or (_is_negated(match) and not none) or _is_age(match) or _shares_its_number(match) or any("SEMI" in token.tags for token in _all(match)) or _is_of_a_clash(match) or _is_counted(match):
            continue
        heads: set[object] = {(match.data["what"], match.span.end)} if none else _heads(match)
        if taken & (heads | _inside(match)):
            continue  # "killed one militant" is one count, not two
        plain = bool(match.data.get("one") and not match.data.get("and"))
        if plain and any(first < match.start and match.end <= last for first, last in numbered) and not _is_joined(match):
            continue  # "four members of the extremist network were killed"
        if "n" in match.groups:
            numbered.append((match.start, match.end))
        taken |= heads | _inside(match)
        if match.data.get("old") or _is_since(match):
            continue  # "an earlier toll of 492", "more than 630 dead since the war began"
        count = _count(match, what, value)
        number, end = _opening(match)
        if count.what == "vehicles" or count.total or none or match.data.get("besides") or not end or _is_noun(match):
            yield count
        else:
            rows.append((count, number, end))
    for count, number, end in rows:
        yield from _row(count, tokens, number, end, taken)


def _is_noun(match: Match) -> bool:
    """ "20 people and 60 wounded": no twenty are wounded."""
    return "verb" not in match.groups and any("WOUND" in token.tags for token in match["who"])


def _is_joined(match: Match) -> bool:
    """ "... and a child were killed": one more beside those with a number."""
    return any(not {"AND", "COMMA", "BESIDES"}.isdisjoint(token.tags) for token in match.tokens[max(0, match.start - 1) : match.start + 1])


def _opening(match: Match) -> tuple[int | None, int]:
    """Of one in a row: its number or article, and the word behind those whom it counts; 0 where it stands in none."""
    if match.data.get("whole") or match.data.get("plus") or match.data.get("and"):
        return None, 0
    first, last = match.groups.get("who", (match.end, match.end))
    if "n" in match.groups:
        number = match.groups["n"][0]
        return number, last if "who" in match.groups else people(match.tokens, number) or 0
    if not match.data.get("one"):
        return None, 0
    return next((index for index in range(first - 1, match.start - 1, -1) if {"DET", "ITS", "OTHER"} & match.tokens[index].tags.keys()), None), last


def _row(count: Count, tokens: Tokens, number: int | None, end: int, taken: set[object]) -> Iterator[Count]:
    """A count and the others under its verb; "ten people, three women and seven children" are ten."""
    others = beside(tokens, number, end)
    told = sorted([(end, None, count), *((last, range(first, last), _in_row(count, tokens, first, last)) for first, last in others)], key=lambda each: each[0])
    (*_, first), *rest = told
    alike = are_apart([tokens[last - 1] for last, *_ in told])
    makes = len(rest) > 1 and not alike and sum(each.range.min or 0 for *_, each in rest) == first.range.min
    whole = makes or (first is count and spells_out(tokens, others, end))
    for _, place, each in told:
        if place is None or taken.isdisjoint(place):  # else it is counted by itself
            taken |= set(place or ())
            yield replace(each, part=True) if whole and each is not first else each


def _count(match: Match, what: str, value: Range) -> Count:
    who = match["who"]
    return Count(
        Span(match.tokens[_first(match)].span.start, match.span.end), what, value, who[0].span.of(match.tokens.text) if who else None, _words(match),
        part=_is_of_civilians(match) if match.data.get("none") else not match.data.get("total") and _is_part(match, match.tokens), total=bool(match.data.get("total")), vague=bool("many" in match.groups or {"least", "aimed"} & match.data.keys() or _is_found(match)),
        single=bool(match.data.get("one")) and not match.data.get("and"), more=_is_more(match), some=_is_of_some(match), later=_is_later(match),
        rounded=any(token.tags.get("BOUND") == "more_than" for token in _all(match)),
        among=bool(match.data.get("bare")) and any("AMONG" in token.tags for token in _all(match)),
    )  # fmt: skip


def _is_of_civilians(match: Match) -> bool:
    """ "No civilians were killed", "no losses among civilians": nothing is said of the fighters."""
    return any("UNARMED" in token.tags for token in match.tokens[match.start : match.end + _AMONG])


def _is_of_some(match: Match) -> bool:
    """ "Two sisters suffered burns", after "five people were hurt"; "the hospital received 26 bodies" or 48 wounded, after "70 died"."""
    number = match.groups.get("n", match.groups.get("many"))
    last = match.groups["who"][1] if "who" in match.groups else people(match.tokens, number[0]) if number else None
    if match.data["what"] == "vehicles":
        return False
    if number and _is_known(match, number[0]):
        return True  # "the three were killed with their wives"
    if match.data.get("weak") or match.data["what"] == "wounded" and any("GRAVE" in token.tags for token in match.tokens[match.start : match.end + 3]):
        return True  # "two of them ... in critical condition"
    received = match.data["what"] == "wounded" and any("RECEIVED" in token.tags for token in match.tokens[max(0, match.start - 2) : match.end + 2])
    return received or _is_of_bodies(match) or (last is not None and "FINER" in match.tokens[last - 1].tags)


def _in_row(count: Count, tokens: Tokens, number: int, end: int) -> Count:
    """One more number under the verb of another."""
    told = tokens[number].tags
    value = Range(float(told["MANY"]), None) if "MANY" in told else Range(float(told.get("NUM", 1)), float(told.get("NUM", 1)))
    bound = tokens[number - 1].tags.get("BOUND") if number else None
    value = bounded(value, [bound] if bound else [])
    return replace(count, span=tokens.span(number, end), range=value, who=tokens[end - 1].span.of(tokens.text), modifier=None, vague="MANY" in told, single=False, more=False, row=True, some="FINER" in tokens[end - 1].tags)


def _is_later(match: Match) -> bool:
    """ "The bodies of two men were found in X", "two died of their wounds in X": the dead of an attack, and not where it was."""
    near = match.tokens[max(0, match.start - _BEFORE) : match.end + _BEHIND]
    return any(not _LATER.isdisjoint(token.tags) for token in near) or _is_another_matter(match)


def _is_another_matter(match: Match) -> bool:
    """ "On another matter, police reported four dead in X": nothing of what was told before."""
    for token in reversed(match.tokens[: match.start]):
        if "STOP" in token.tags:
            return False
        if "MATTER" in token.tags:
            return True
    return False


def _is_more(match: Match) -> bool:
    """ "Another two people were also killed", "four more soldiers died": others than those who are counted already."""
    if "n" not in match.groups or match.data["what"] != "killed":
        return False
    first, last = match.groups["n"]
    people = match.groups.get("who", (last, last))[0]
    if match.start and "ALSO" in match.tokens[match.start - 1].tags and "KILL" in match.tokens[match.start].tags:
        return True  # "the strikes also killed eleven fighters"
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


def _is_found(match: Match) -> bool:
    """ "Rescuers recovered 38 bodies so far": the dead may be more."""
    around = match.tokens[max(0, match.start - _DUG) : match.end + _DUG]
    return _is_of_bodies(match) and any("RECOVER" in token.tags for token in around)


def _is_of_bodies(match: Match) -> bool:
    return any("BODIES" in token.tags for token in match.tokens[match.start : match.end + 1])


def _first(match: Match) -> int:
    """Where the words of a count begin: the match, unless its verb stands far before its number ("killed 47 in X and six in Y")."""
    number = min((match.groups[name][0] for name in ("n", "many") if name in match.groups), default=match.start)
    if match.data.get("bare"):
        return number
    if number - match.start <= _APART:
        return match.start
    return number - 2 if "BOUND" in match.tokens[number - 1].tags else number - 1


def _all(match: Match) -> list[Token]:
    return match.tokens[match.start : match.end]


def _rank(match: Match) -> tuple[bool, bool, bool, int, int, int]:
    """What counts nobody and corrected tolls first, then the reading with least between number and verb; a single one without a number last."""
    plain = bool(match.data.get("one") and not match.data.get("and"))
    return not (match.data.get("old") or match.data.get("weak")), not (match.data.get("total") or match.data.get("whole") or match.data.get("plus")), plain, match.end - match.start, match.rule.order, match.start


def _heads(match: Match) -> set[object]:
    """Indices that no second count may use: the number and the person, or the verb where there is neither."""
    groups = [match.groups[name] for name in ("n", "many", "who") if name in match.groups] or [match.groups.get("verb", (match.start, match.end))]
    return {index for first, last in groups for index in range(first, last)}


def _inside(match: Match) -> set[object]:
    """All words of a single one without a number, but for the verb; of "two fighters and a civilian" only the last."""
    if not (match.data.get("one") or match.data.get("whole")) or match.data.get("more"):
        return set()
    verb = range(*match.groups.get("verb", (0, 0)))
    return {index for index in range(match.start, match.end) if index not in verb}


def _range(match: Match) -> Range | None:
    if match.data.get("none"):
        return Range(0, 0)
    number, many = match.value("n", "NUM"), match.value("many", "MANY")
    first = _first(match)
    near = 1 if match.data.get("listed") else _NEAR  # "at least ten civilians and three fighters": the three are three
    first = max(first, min((match.groups[name][0] for name in ("n", "many") if name in match.groups), default=first) - near)
    bounds = [token.tags["BOUND"] for token in match.tokens[first : match.end] if "BOUND" in token.tags]
    bounds += _behind(match)
    if number is not None:
        if number != int(number) or number > _MOST or any("YEAR" in token.tags for token in match["n"]):
            return None
        more = match.data.get("plus", 0)  # "so and so and three others": four
        return bounded(Range(number + more, (match.value("m", "NUM") or number) + more), bounds)
    if many is not None:
        return Range(float(many), None) if float(many) <= _MOST else None
    if any("TWO" in token.tags for token in match["who"]):
        two = 2.0 + match.data.get("plus", 0)  # "so and so, his wife and their two children": four
        return bounded(Range(two, two), bounds)
    if exactly := match.data.get("exactly"):  # "the two were killed"
        return Range(float(exactly), float(exactly))
    if least := match.data.get("least"):
        return Range(float(least), None)
    if match.data.get("one"):
        return bounded(Range(2, 2) if match.data.get("and") else Range(1, 1), bounds)
    return None


def _behind(match: Match) -> list[str]:
    """ "Seven fighters at least": a bound that stands after the counted."""
    for token in match.tokens[match.end : match.end + 3]:
        if "BOUND" in token.tags:
            return [token.tags["BOUND"]] if token.tags["BOUND"] == "at_least" else []
        if {"COMMA", "STOP", "NUM", "AND"} & token.tags.keys():
            break
    return []


def _is_negated(match: Match) -> bool:
    before = match.tokens[max(0, match.start - 1) : match.start]
    either = match.tokens[max(0, match.start - 3) : match.start]  # "no civilian was hurt or killed", "لم يصب أو يقتل أي مدني"
    both = len(either) == 3 and "NEG" in either[0].tags and not {"KILL", "WOUND"}.isdisjoint(either[1].tags)
    return both or any("NEG" in token.tags for token in (*before, *_all(match))) or _is_answered(match)


def _goes_on(match: Match) -> str | None:
    """ "Six dead in A and four in B": what was told last in the sentence of those who were counted before this number."""
    for back, token in enumerate(reversed(match.tokens[: match.start])):
        if {"STOP", "VEHICLE"} & token.tags.keys():
            return None
        if not {"KILL", "DEAD", "WOUND"}.isdisjoint(token.tags) and not ("WOUND" in token.tags and "OTHERS" in match.tokens[match.start - back].tags):
            return "wounded" if "WOUND" in token.tags else "killed"  # "three died and others were hurt in A, and a man in B": he died
    return None


def _is_age(match: Match) -> bool:
    """ "Children under the age of 15", "two men aged 29 and 41", "Battalion 376": a number that counts nobody."""
    first = match.groups.get("n", (0, 0))[0]
    while first > 1 and {"AND", "COMMA", "NUM"} & match.tokens[first - 1].tags.keys() and "NUM" in match.tokens[first - 2].tags:
        first -= 2  # the years of the one before
    return any("AGE" in token.tags or "MILUNIT" in token.tags for token in match.tokens[max(0, first - 1) : first])


def _is_since(match: Match) -> bool:
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
        return False
    for token in match.tokens[match.end : match.end + _SINCE]:
        if {"FRAME", "AGO"} <= token.tags.keys():
            return True
        if {"COMMA", "STOP", "KILL", "WOUND"} & token.tags.keys():
            return False
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
        if "STRIKE" in token.tags:
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
    before = next((token for token in reversed(match.tokens[: match.start]) if not _TOLD.isdisjoint(token.tags)), None)
    if before is not None and "CLASH" in before.tags and all(_STRIKES.isdisjoint(token.tags) for token in match.tokens[match.end : match.end + _CLASH]):
        return True
    for token in match.tokens[match.end : match.end + _CLASH]:
        if "CLASH" in token.tags:
            return True
        if not _NO_CLASH.isdisjoint(token.tags):
            return False
    return False


def _is_part(match: Match, tokens: Tokens) -> bool:
    """ "17 people, including five children": the five are among the 17."""
    first, last = min((match.groups[name] for name in ("n", "many", "who") if name in match.groups), default=(match.start, match.start))
    if match.data.get("and") or match.data.get("besides"):
        return False  # "the driver and one of the passengers"
    joined = any("AND" in token.tags for token in tokens[max(0, first - 1) : first])
    if joined and match.data["what"] == "wounded" and any("WOUND" in token.tags for token in match["who"]):
        return False  # "80 dead, including six children, and 240 wounded"
    if [name in token.tags for name, token in zip(("AMONG", "PERSON"), tokens[last : last + 2], strict=False)] == [True, True]:
        return True  # "five of them children", but not "twenty of them"
    if match.data["what"] == "wounded" and any("AMONG" in token.tags for token in tokens[last : last + 1]):
        verb = next((token for token in reversed(tokens[max(0, first - _LIST) : first]) if "BOUND" not in token.tags), None)
        if any("WOUND" in token.tags and token is not verb for token in tokens[max(0, first - _LIST) : first]):
            return True  # "wounded eight others, four of whom were taken to hospital", but not "wounded eight, among them three children"
        if any("TREATED" in token.tags for token in match["verb"]):
            return True  # "two of them are in hospital"
    if any("THOSE" in token.tags for token in tokens[last : last + 1]):
        return True  # "five of those killed"
    if match.data.get("bare") and not match.data.get("one"):
        return False  # "eleven died, among them four in A and three in B"
    ends = _ENDS - {"COMMA"} if match.data.get("one") else _ENDS  # "including women, children and a teacher"
    for back, token in enumerate(reversed(tokens[max(0, first - _LIST) : first])):
        if "AMONG" in token.tags:
            return True
        if not ends.isdisjoint(token.tags) or (back >= _REACH and _IN_LIST.isdisjoint(token.tags)):
            return False
    return False


def _words(match: Match) -> str | None:
    """Hedges and vague words, as written: "at least", "عشرات"."""
    said = [token.span.of(match.tokens.text) for token in _all(match) if {"BOUND", "MANY"} & token.tags.keys()]
    return " ".join(said) or None
