"""Find numbers of killed, wounded and destroyed, as the ranges that the words leave open."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.patterns import Match
from geomap.annotation.ranges import bounded
from geomap.annotation.roster import rosters
from geomap.annotation.series import are_apart, beside, people, spells_out
from geomap.annotation.shares import is_found, is_later, is_more, is_of_civilians, is_of_some, is_part
from geomap.annotation.tallies import related
from geomap.annotation.tokens import Token, Tokens
from geomap.annotation.uncounted import counts_nobody, is_in_no_list, is_negated, is_since
from geomap.model import Count, Range, Span

_NEAR = 2  # tokens between a number and its bound: not "in less than an hour to 21"
_APART = 8  # tokens between a verb and its number
_TENS = 10  # so many and fewer stand with a plural
_MOST = 5_000  # larger numbers count the dead of no one strike, but those of a war


def find_counts(context: Context, tokens: Tokens) -> tuple[Count, ...]:
    """All counts of a text, in text order. ``tokens`` are its words, dates already joined to one token each."""
    return related(sorted(_counts(context, tokens), key=lambda count: count.span), tokens)


def _counts(context: Context, tokens: Tokens) -> Iterator[Count]:
    taken: set[object] = set()
    rows: list[tuple[Count, int | None, int]] = []
    numbered: list[tuple[int, int]] = []
    for roster in rosters(tokens):
        taken.update((*range(roster.start, roster.end), *roster.far))
        yield Count(tokens.span(roster.start, roster.end), roster.what, Range(roster.count, roster.count))
    for match in sorted(context.language.find_all("counts", tokens), key=_rank):
        value = _range(match)
        none = bool(match.data.get("none"))
        what = _goes_on(match) if match.data.get("bare") else str(match.data["what"])
        if what == "killed" and "n" in match.groups and match.groups["n"][1] not in match.groups.get("who", ()) and any("WOUND" in token.tags for token in tokens[match.groups["n"][1] : match.groups["n"][1] + 1]):
            continue  # "the dead may rise, for the many hurt, who are 150 wounded"
        if what is None or value is None or (is_negated(match) and not none) or counts_nobody(match) or is_in_no_list(match):
            continue
        heads: set[object] = {(match.data["what"], match.span.end)} if none else _heads(match)
        if taken & (heads | _inside(match)):
            continue  # "killed one militant" is one count, not two
        plain = bool(match.data.get("one") and not match.data.get("and"))
        if plain and what != "vehicles" and any(first < match.start and match.end <= last for first, last in numbered) and not _is_joined(match):
            continue  # "four members of the extremist network were killed"
        if "n" in match.groups:
            numbered.append((match.start, match.end))
        taken |= heads | _inside(match)
        if match.data.get("old") or is_since(match):
            continue  # "an earlier toll of 492", "more than 630 dead since the war began"
        count = _count(match, what, value)
        if match.data.get("otherwise"):
            yield replace(count, part=True, otherwise=True)
            continue
        number, end = _opening(match)
        if match.data.get("under") or match.data.get("beside"):
            yield replace(count, row=True)
        elif count.what == "vehicles" or count.total or none or match.data.get("besides") or match.data.get("in_turn") or not end or _is_noun(match):
            yield count
        else:
            rows.append((count, number, end))
    spelt: set[int] = set()  # where those stand whom a number before them counts already
    added: set[int] = set()  # ... and those who are added to it
    for count, number, end in sorted(rows, key=lambda row: row[2]):
        for each in _row(count, tokens, number, end, taken, spelt, added, bare=bool(context.language.lexicon.article)):
            yield replace(each, part=each.part or end - 1 in spelt, row=each.row or end - 1 in added) if each is count else each


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
        return None, last if match.data.get("what") != "vehicles" and any("TWO" in token.tags for token in match["who"]) else 0
    return next((index for index in range(first - 1, match.start - 1, -1) if {"DET", "ITS", "OTHER"} & match.tokens[index].tags.keys()), None), last


def _row(count: Count, tokens: Tokens, number: int | None, end: int, taken: set[object], spelt: set[int], added: set[int], *, bare: bool) -> Iterator[Count]:
    """A count and the others under its verb; "ten people, three women and seven children" are ten."""
    others = [(start, last) for start, last in beside(tokens, number, end, bare=bare) if not (bare and _is_of_the_number(count, tokens, end, start))]
    told = sorted([(end, None, count), *((last, range(first, last), _in_row(count, tokens, first, last)) for first, last in others)], key=lambda each: each[0])
    (*_, first), *rest = told
    alike = are_apart([tokens[last - 1] for last, *_ in told])
    joined = first is count and bool(others) and any("AND" in token.tags for token in tokens[end : others[0][0]])  # "two men and a woman and a child"
    makes = len(rest) > 1 and not alike and not joined and sum(each.range.min or 0 for *_, each in rest) == first.range.min
    whole = makes or (first is count and spells_out(tokens, others, end))
    if whole or joined:
        (spelt if whole else added).update(index for start, last in others for index in range(start, last))
    for _, place, each in told:
        if place is None or taken.isdisjoint(place):  # else it is counted by itself
            taken |= set(place or ())
            yield replace(each, part=True) if whole and each is not first else each


def _count(match: Match, what: str, value: Range) -> Count:
    who = match["who"]
    return Count(
        Span(match.tokens[_first(match)].span.start, match.span.end), what, value, who[0].span.of(match.tokens.text) if who and "DEAD" not in who[0].tags else None, _words(match),
        part=is_of_civilians(match) if match.data.get("none") else not {"total", "all"} & match.data.keys() and is_part(match, match.tokens), total=bool(match.data.get("total")), vague=bool("many" in match.groups or {"least", "aimed"} & match.data.keys() or is_found(match)),
        single=bool(match.data.get("one")) and not match.data.get("and"), more=is_more(match), some=is_of_some(match), later=is_later(match), unarmed=is_of_civilians(match),
        rounded=any(token.tags.get("BOUND") == "more_than" for token in _all(match)),
        in_turn=bool(match.data.get("in_turn")), again=bool(match.data.get("again")), placed=bool(match.data.get("bare")) and not {"in_turn", "dealt"} & match.data.keys(), among=bool(match.data.get("bare") and not match.data.get("dealt")) and any("AMONG" in token.tags for token in _all(match)),
    )  # fmt: skip


def _is_of_the_number(count: Count, tokens: Tokens, end: int, index: int) -> bool:
    """ "17 عاملا وموظفا" (17 workers and employees): a second word in the same form, of those whom a number above ten counts."""
    words = [tokens[place].span.of(tokens.text)[-1:] for place in (end - 1, index)]
    return (count.range.min or 0) > _TENS and words[0] == words[1] and {"NUM", "MANY"}.isdisjoint(tokens[index].tags)


def _in_row(count: Count, tokens: Tokens, number: int, end: int) -> Count:
    """One more number under the verb of another."""
    told = tokens[number].tags
    exactly = float(told.get("NUM", 2 if "TWO" in told else 1))
    value = Range(float(told["MANY"]), None) if "MANY" in told else Range(exactly, exactly)
    bound = tokens[number - 1].tags.get("BOUND") if number else None
    value = bounded(value, [bound] if bound else [])
    return replace(count, span=tokens.span(number, end), range=value, who=tokens[end - 1].span.of(tokens.text), modifier=None, vague="MANY" in told, single=False, more=False, row=True, some="FINER" in tokens[end - 1].tags)


def _first(match: Match) -> int:
    """Where the words of a count begin: the match, unless its verb stands far before its number ("killed 47 in X and six in Y")."""
    number = min((match.groups[name][0] for name in ("n", "many") if name in match.groups), default=match.start)
    if match.data.get("bare"):
        return number
    if number - match.start <= _APART and not ("AND" in match.tokens[number - 1].tags and match.data.get("what") == "vehicles"):
        return match.start
    return number - 2 if "BOUND" in match.tokens[number - 1].tags else number - 1


def _all(match: Match) -> list[Token]:
    return match.tokens[match.start : match.end]


def _rank(match: Match) -> tuple[bool, bool, bool, int, int, int]:
    """What counts nobody and corrected tolls first, then the reading with least between number and verb; a single one without a number last."""
    plain = bool(match.data.get("one") and not match.data.get("and"))
    return not (match.data.get("old") or match.data.get("weak") or match.data.get("otherwise")), not (match.data.get("total") or match.data.get("whole") or match.data.get("plus") or match.data.get("in_turn")), plain, match.end - match.start, match.rule.order, match.start


def _heads(match: Match) -> set[object]:
    """Indices that no second count may use: the number and the person, or the verb where there is neither."""
    groups = [match.groups[name] for name in ("n", "m", "many", "who") if name in match.groups] or [match.groups.get("verb", (match.start, match.end))]
    return {index for first, last in groups for index in range(first, last)}


def _inside(match: Match) -> set[object]:
    """All words of a single one without a number, or of one with others, but for the verb; of "two fighters and a civilian" only the last."""
    if not (match.data.get("one") or match.data.get("whole") or match.data.get("plus")) or match.data.get("more"):
        return set()
    if "who" in match.groups and any("TWO" in token.tags for token in match["who"]):
        return set(range(*match.groups["who"]))  # "a couple and their three children": five
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
        hour = any("CLOCK" in token.tags for token in match.tokens[match.groups["n"][1] : match.groups["n"][1] + 1])  # "at 1:00 pm (1100 GMT) killed the driver"
        if number != int(number) or number > _MOST or hour or any("YEAR" in token.tags for token in match["n"]):
            return None
        if "m" in match.groups and any(not {"BOUND", "ASMANY"}.isdisjoint(token.tags) for token in match.tokens[match.groups["n"][1] : match.groups["m"][0]]):
            return Range(number, match.value("m", "NUM"))  # "at least seven and as many as 14"
        more = match.data.get("plus", 0)  # "so and so and three others": four
        return bounded(Range(number + more, (match.value("m", "NUM") or number) + more), bounds)
    if many is not None:
        return Range(float(many), None) if float(many) <= _MOST else None
    if any("TWO" in token.tags for token in match["who"]):
        two = 2.0 + match.data.get("plus", 0)  # "so and so, his wife and their two children": four
        return bounded(Range(two, two), bounds)
    if match.data.get("as_many"):  # "killed 11 and wounded as many"
        same = float(match.value("as", "NUM") or 2)
        return Range(same, same) if same <= _MOST else None
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


def _goes_on(match: Match) -> str | None:
    """ "Six dead in A and four in B": what was told last in the sentence of those who were counted before this number."""
    first = match.groups["n"][0] if match.data.get("in_turn") else match.start
    for back, token in enumerate(reversed(match.tokens[:first])):
        if {"STOP", "VEHICLE"} & token.tags.keys():
            return None
        if not {"KILL", "DEAD", "WOUND"}.isdisjoint(token.tags) and not ("WOUND" in token.tags and "OTHERS" in match.tokens[first - back].tags):
            return "wounded" if "WOUND" in token.tags else "killed"  # "three died and others were hurt in A, and a man in B": he died
        if "TOLL" in token.tags and match.data.get("dealt"):
            return "wounded" if "WTOLL" in token.tags else "killed"
    return None


def _words(match: Match) -> str | None:
    """Hedges and vague words, as written: "at least", "عشرات"."""
    said = [token.span.of(match.tokens.text) for token in _all(match) if {"BOUND", "MANY"} & token.tags.keys()]
    return " ".join(said) or None
