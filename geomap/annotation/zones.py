"""Find the zones of a page: which sentences are the report, and which are headline, dateline, caption or related stories.

Only body sentences report events. Where nothing marks a zone, a sentence is body: a wrong guess must not lose a report.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import product, takewhile

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Passage, Span, Zone

_HEADLINE_WORDS = 22  # longer first lines are leads
_SUBHEADING_WORDS = 6
_BOILER_WORDS = 12
_DATELINE_WORDS = 16
_DATELINE = re.compile(
    r"[A-Z][A-Z'’ .-]{2,30}, (?:\d{1,2} )?[A-Z][A-Za-z .]{2,20}(?:\d{1,2})?:\s|[A-Z][\w'’ -]{2,25}, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})? \([A-Za-z./ ]{2,25}\)\s(?:--?\s)?"  # "ARBIL, Iraq: ", "MIRAMSHAH, Nov 2: ", "Sanaa, Aug 3 (AP) "
    r"|[A-Z][\w'’ -]{2,25}, \d{1,2} [A-Z][a-z]{2,8}(?:,? \d{4})? ?\([A-Za-z./ ]{2,25}\)\s(?:--?\s)?"  # "Washington, 25 September 2019 (Lana) "
    r"|[A-Z][\w'’]+(?:(?: and)? [A-Z][\w'’]+){0,3}, \d{1,2} [A-Z][a-z]{2,8},? \d{4}:(?:\s|\Z)"  # "Benghazi and Tripoli, 29 May 2017:"
    r"|[A-Z]{3,}(?: [A-Z]{3,})?,? [A-Z][a-z]{2,4}\.? \d{1,2} (?=[A-Z])"  # "DUBAI Dec 22 ", "SANAA, Sept 21 "
    r"|[A-Z][\w'’ -]{2,25} \[[A-Z][A-Za-z ]{2,20}\]:\s"  # "Tripoli [Libya]: "
    r"|[A-Z][\w'’]+(?: [A-Z][\w'’]+)?, \((?:[A-Z]{2,}|[^()\n]{2,50}\d{4})[^()\n]{0,30}\)\s(?=[A-Z])"  # "Port Sudan, (APP - 10th Dec, 2024) "
    r"|[A-Z][\w'’]+(?: [A-Z][\w'’]+){0,3} ?/ (?=[A-Z])"  # "Shafaq News/ "
    r"|[^\W\d_]{2,12}(?: [^\W\d_]{2,14}){0,2} ?[-–—ـ/] ?[«\"“]?[^\W\d_]{2,12}(?: [^\W\d_]{2,12}){0,2}[»\"”]? ?[:/–—-](?:\s|\Z)"  # "القاهرة – رويترز: ", "عدن - «الشرق الأوسط»: "
    r"|[^\n]{2,75}?(?:\s[-–—]{1,2}\s?|(?<=[\w)\]])[–—]|(?<=[\u0621-\u064a])-\s|\)\s*[:-]\s|(?<=[A-Z]{3}):\s)")
_CREDITED = re.compile(r"[^\n().]{2,60}\([^\n()\d]{2,25}\)\s(?:[-–—]{1,2}\s)?|[^\n.]{2,60}?/\s?[^\W\d_]{2,10}\s?/\s(?:[-–—]{1,2}\s)?")  # "بغداد 16 أغسطس 2025 (شينخوا) ", "الخرطوم - 8 آذار (رويترز) - ", "الخرطوم 4 يونيو / سونا / ": where an agency stands last
_DAY = frozenset(("DATE", "DASH", "MONTH", "YEAR", "NUM", "COMMA"))
_TOWN = re.compile(r"[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?:\s")  # "واشنطن: "
_SUBJECT = 5  # tokens of who speaks
_HANDED_ON = re.compile(r"\((?:[^()\n]|\([^()\n]*\)){2,60}\)\s+")  # "(MENAFN - Jordan News Agency (Petra)) ": who passed the report on
_SAYS = 5  # tokens of "AFP has also reported"
_LINE_END = re.compile(r"\s*\n\s*")
_TELLS = {"SAY", "KILL", "WOUND", "STRIKE", "WEAKSTRIKE", "HIT", "BOMB", "DO", "DESTROY"}
_TELLS_OF = ("HIT", "HITWEAK", "BOMB", "FIRE", "DO", "DESTROY", "STRIKE", "WEAKSTRIKE", "TARGETING", "RECALLING", "TOOKPLACE", "KILL", "WOUND")
_ARMS = ("STRIKE", "WEAKSTRIKE", "WEAPON", "BOMB", "RECALLING")
_OTHERWISE = ("CLASH", "SHOOTERS", "GUNMEN", "BYHAND")
_GUNS = ("STRIKE", "WEAPON", "BOMB")  # "a commando died in a dawn raid": without one of these it came on foot
_OPENS = _TELLS | {"BOUND", "NUM", "MANY", "OTHER", "WEAPON", "CLAUSE", "DET"}  # what after "and" may begin a clause
_OF_A_HAND = {"CRAFT", "WEAPON", "NATION", "ADJ", "FORCE", "ALSO"}  # ... and is whose jets they are
_DOES = {"DO", "FIRE"}
_HAND = 6  # tokens
_OPENING, _OF_AN_ATTACK = 7, {"DET", "OTHER", "ORD", "ADJ", "NATION", "ARMY", "WEAPON", "FORCE", "UNKNOWN", "THE", "LINK"}  # tokens, and what they are, of "in a second air strike"
_COUNTED, _NO_TARGET = 9, {"COMMA", "STOP", "AND", "KILL", "WOUND", "SAY", "HIT", "BOMB", "DO"}  # tokens from "and" to its number of raids, and what is none of them
_BY = {"STRIKE", "WEAKSTRIKE", "NUM", "WEAPON"}  # ... and after "and with"
_CLAUSE = 30  # tokens in which the same aircraft may have been told of
_MARK = 7  # tokens from "and" to the place of what is struck, too
_WAS = 3  # tokens of "while they were"
_PLACED = frozenset(("JUST", "SOFAR", "APPROX", "NUM", "NEAR"))  # ... and what follows where they were


def find_zones(context: Context) -> tuple[Passage, ...]:
    """The sentences of a text in order, each with its zone and its paragraph."""
    lines = list(_lines(context.report.text))
    zones = _line_zones(context, lines)
    found: list[Passage] = []
    number, other = 0, -1
    for sentence in context.sentences:
        while number + 1 < len(lines) and sentence.start >= lines[number].end:
            number += 1
        if _opens_others(context.tokens, sentence):
            other = number  # "... Related: Drone strike kills nine": the rest of the line
        zone = "related" if other == number else zones[number] if lines else "body"
        found.extend(_parted(context, Passage(sentence, zone, number), lines[number] if lines else sentence))
    return tuple(_with_clauses(found, context.tokens))


def _opens_others(tokens: Tokens, sentence: Span) -> bool:
    """Does a sentence begin with "Related:"?"""
    first = tokens.index(sentence.start)
    return "RELATEDWORD" in tokens[first].tags and any("COLON" in token.tags for token in tokens[first + 1 : first + 2])


def _lines(text: str) -> Iterator[Span]:
    """Spans of the lines that hold something, without the space around them."""
    start = 0
    for match in [*_LINE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        line = text[start:end]
        if line.strip():
            first = start + len(line) - len(line.lstrip())
            yield Span(first, start + len(line.rstrip()))
        start = match.end() if match else end


def _line_zones(context: Context, lines: list[Span]) -> list[Zone]:
    zones: list[Zone] = []
    seen: set[str] = set()
    related = False
    for number, line in enumerate(lines):
        words = _words(context.tokens, line)
        text = line.of(context.report.text)
        zone: Zone = "body"
        if related:
            zone = "related"
        elif (opening := words[0] if words else None) is not None and "RELATEDWORD" in opening.tags:
            zone = "related"
            related = len(words) <= 3  # a heading of its own: all that follows is related
        elif opening is not None and "BOILERWORD" in opening.tags and not _reports(words):
            zone = "boilerplate"
        elif _is_caption(words, text, seen):
            zone = "caption"
        elif _is_headline(context, number, lines, words, text) and not (number and _is_label(_words(context.tokens, lines[number - 1]))):
            zone = "headline"
        seen.add(text)
        zones.append(zone)
    return zones


def _words(tokens: Tokens, line: Span) -> list[Token]:
    return tokens[tokens.index(line.start) : tokens.index(line.end - 1) + 1]


def _reports(words: list[Token]) -> bool:
    """ "Source: Reuters" is none of the report; "a source told the agency that a man was killed in a raid" is."""
    return len(words) > _BOILER_WORDS and any({"KILL", "WOUND", "STRIKE", "BOMB"} & token.tags.keys() for token in words)


def _is_label(words: list[Token]) -> bool:
    """ "Incident date" by itself: the line that follows belongs to the report."""
    return len(words) == 1 and "LABELWORD" in words[0].tags


def _is_caption(words: list[Token], text: str, seen: set[str]) -> bool:
    """A line repeated word for word, or one that ends in a picture credit and not in a full stop."""
    if len(words) > 4 and text in seen:
        return True
    credits = [index for index, token in enumerate(words) if "CREDIT" in token.tags]
    if not credits:
        return False
    before = words[max(0, credits[-1] - 6) : credits[-1]]
    inside = any("OPEN" in token.tags for token in before) and not any("EARLIERONE" in token.tags for token in before[-1:])  # "said on X (formerly Twitter)"
    last = [token for token in words[credits[-1] + 1 :] if "STOP" not in token.tags]
    opens = "CREDIT" in words[0].tags and not any("SAY" in token.tags for token in words[1:_SAYS])  # "Reuters has reported that ..." is no picture's
    return opens or (inside and len(last) <= 3 and len(words) < 60)


def _is_headline(context: Context, number: int, lines: list[Span], words: list[Token], text: str) -> bool:
    if context.report.title and text == context.report.title.strip():
        return len(lines) > 1
    if number + 1 >= len(lines) or text[-1] in ".!?؟…:،,;\"”»)":
        return False
    if any(sentence.start < lines[number].end < sentence.end for sentence in context.sentences):
        return False  # it runs over into the next line
    first = all(not _words(context.tokens, line) for line in lines[:number])
    return len(words) <= (_HEADLINE_WORDS if first or number == 0 else _SUBHEADING_WORDS) and text[0] not in "-•*–—‘“\""


def _parted(context: Context, passage: Passage, line: Span) -> Iterator[Passage]:
    """A first sentence without its dateline ("WASHINGTON (Reuters) - "), which becomes a passage of its own."""
    span = passage.span
    end = dateline_end(context, span) if passage.zone == "body" and span.start == line.start else None
    if end is None or end >= span.end:
        yield passage if end is None else replace(passage, zone="dateline")  # a line of its own
        return
    yield replace(passage, span=Span(span.start, end), zone="dateline")
    rest = end + len(context.report.text[end:]) - len(context.report.text[end:].lstrip())
    yield replace(passage, span=Span(rest, span.end))


def dateline_end(context: Context, span: Span) -> int | None:
    """Where the dateline of a sentence ends, if it opens with one; "Nine people — two of them nurses" is none."""
    handed = _HANDED_ON.match(context.report.text, span.start, span.end)
    for form, first in product((_CREDITED, _DATELINE, _TOWN), [span.start, handed.end()] if handed else [span.start]):
        if match := form.match(context.report.text, first, span.end):
            head = [token for token in _words(context.tokens, Span(first, match.end())) if token.span.end <= match.end()]
            opens = bool(head) and not {"ON", "FROM"}.isdisjoint(head[0].tags) and not head[0].text.isupper()  # "On July 16-17, ..."
            opens = opens or all(not _DAY.isdisjoint(token.tags) for token in head)  # "July 19 - A drone strike ...": an entry of a list
            told = (form is _DATELINE and not opens) or (form is _TOWN and _speaks_next(context.tokens, head))
            credited = told or any("CREDIT" in token.tags for token in head[-3:])
            if credited and len(head) <= _DATELINE_WORDS and not any((_TELLS | {"PERSON", "WEAPON"}) & token.tags.keys() for token in head):
                return match.end()
    return None


def _speaks_next(tokens: Tokens, head: list[Token]) -> bool:
    """ "Washington: The army said": a town before a colon, where somebody speaks next, is none that was struck."""
    after = tokens.index(head[-1].span.start) + 1 if head else 0
    said = tokens[after : after + _SUBJECT]
    verb = next((place for place, token in enumerate(said) if "SAY" in token.tags), None)
    return bool(head) and verb is not None and all({"DET", "THE", "NATION", "ARMY", "FORCE", "GROUP", "UNKNOWN", "ADJ", "SIDE"} & token.tags.keys() for token in said[:verb])


def _with_clauses(passages: list[Passage], tokens: Tokens) -> Iterator[Passage]:
    """The passages with the positions at which a new clause may begin, or the sentence turns to something else."""
    others = (*(index for index in tokens.where("AND") if _is_new_hand(tokens, index)), *(index for index in tokens.where("CONTRAST") if _says_instead(tokens, index)), *(index for index in tokens.where("BESIDES") if _is_another(tokens, index)))
    turns = sorted({*(index for index in tokens.where("TURN", "REVENGE") if not _is_where_they_were(tokens, index)), *others})  # "while", "in reply to"
    maybe = sorted({*(index + 1 for index in tokens.where("COMMA", "SEMI", "COLON")), *tokens.where("CLAUSE", "AND", "EARLIERONE", "FRAME", "PURPOSE")})
    told = sorted({*tokens.where(*_TELLS_OF)})
    hands, arms, feet, guns, clashes = (sorted({*tokens.where(*classes)}) for classes in (("BYHAND",), _ARMS, ("GROUND",), _GUNS, _OTHERWISE))
    for one in passages:
        first, last = tokens.index(one.span.start) + 1, tokens.index(one.span.end - 1) + 1
        inside = maybe[bisect_left(maybe, first) : bisect_left(maybe, last)]
        breaks = [index for index in inside if _breaks(tokens, index, last)]
        if breaks and _opens_with_an_attack(tokens, first - 1):
            breaks = breaks[1:]
        turned = turns[bisect_left(turns, first) : bisect_left(turns, last)]
        tells, by_hand, armed, on_foot, gunned, clash = (bisect_left(places, first - 1) < bisect_left(places, last) for places in (told, hands, arms, feet, guns, clashes))
        tells = tells and (armed or not by_hand) and (gunned or not on_foot)  # "on Friday a suicide bomber rammed a truck into a checkpoint": of no strike
        otherwise = clash and not armed
        matter = not armed and any("MATTER" in token.tags for token in tokens[first - 1 : first + 2]) and all("TOLL" not in token.tags for token in tokens[first:last])
        if breaks or turned or tells or otherwise or matter:
            one = replace(one, breaks=_starts(tokens, breaks), turns=_starts(tokens, turned), tells=tells, otherwise=otherwise, matter=matter)
        yield one


def _opens_with_an_attack(tokens: Tokens, first: int) -> bool:
    """ "In a second strike in the province of Hadramout, drones killed four in Shehr": the comma parts no clauses."""
    first += "AND" in tokens[first].tags  # "وفي غارة ثانية"
    head = tokens[first : first + _OPENING]
    strike = next((number for number, token in enumerate(head) if not {"STRIKE", "WEAKSTRIKE"}.isdisjoint(token.tags)), 0)
    return strike > 0 and "IN" in head[0].tags and all(not _OF_AN_ATTACK.isdisjoint(token.tags) for token in head[1:strike])


def _is_struck_too(tokens: Tokens, index: int, last: int) -> bool:
    """ "قصفت طائرات قافلة في أ ومستودع أسلحة في ب" (bombed a convoy in A and a weapons depot in B): after a place, another mark with one of its own."""
    mark, behind = tokens[index + 1 : index + 2], tokens[index + 2 : min(index + _MARK, last)]
    if not mark or "MARK" not in mark[0].tags or mark[0].definite or not any("IN" in token.tags for token in tokens[max(0, index - _MARK + 1) : index - 1]):
        return False
    return "MARK" not in tokens[index - 1].tags and any("IN" in token.tags for token in behind)


def _is_new_hand(tokens: Tokens, index: int) -> bool:
    """ "Helicopters dropped barrels on A, and warplanes carried out raids on B": after "and" jets that do something of their own."""
    if index + 2 < len(tokens) and "COMMA" in tokens[index - 1].tags and "DO" in tokens[index + 1].tags:  # "، وشنت طائرات غارات على"
        craft = tokens[index + 2]
        return "CRAFT" in craft.tags and not (craft.definite and any(token.text == craft.text for token in tokens[max(0, index - _CLAUSE) : index]))
    hand = next((number for number in range(index + 1, min(index + _HAND, len(tokens))) if _OF_A_HAND.isdisjoint(tokens[number].tags)), index)
    return hand > index + 1 and not {"CRAFT", "WEAPON"}.isdisjoint(tokens[hand - 1].tags) and not _DOES.isdisjoint(tokens[hand].tags)


def _says_instead(tokens: Tokens, index: int) -> bool:
    """ "Has not commented on the strike on A, but said its jets hit B": what somebody says of something else."""
    said = next((token for token in tokens[index + 1 : index + _SAYS] if {*filter(str.isalpha, token.tags)} - {"AUX", "ALSO"}), None)  # "did say"
    before = takewhile(lambda token: "STOP" not in token.tags, reversed(tokens[:index]))
    return "CLAUSE" in tokens[index].tags and said is not None and "SAY" in said.tags and any(not {"NEG", "DENY"}.isdisjoint(token.tags) for token in before)


def _is_where_they_were(tokens: Tokens, index: int) -> bool:
    """ "Hit the two while they were 10 km from A": where those were whom it struck is where it struck."""
    was = next((number for number in range(index + 1, min(index + _WAS, len(tokens))) if "AUX" in tokens[number].tags), None)
    behind = next((token for token in tokens[was + 1 : was + 3] if "QUOTE" not in token.tags), None) if was is not None else None
    return behind is not None and not _PLACED.isdisjoint(behind.tags)


def _is_another(tokens: Tokens, index: int) -> bool:
    """ "Drones attacked A, besides targeting the airport of B"."""
    return any(not {"TARGETING", "STRIKE"}.isdisjoint(token.tags) and not token.definite for token in tokens[index + 1 : index + 2])


def _starts(tokens: Tokens, indices: Iterable[int]) -> tuple[int, ...]:
    return tuple(tokens[index].span.start for index in indices)


def _is_counted_after(tokens: Tokens, index: int, last: int) -> bool:
    """ "استهدف أ بثلاث غارات وب بغارتين" (hit A with three raids and B with two): after "and" what has a number of raids behind it, too."""
    if not any("STRIKE" in token.tags for token in tokens[max(0, index - 2) : index]):
        return False
    for number in range(index + 2, min(index + _COUNTED, last)):
        tags = tokens[number].tags
        if "STRIKE" in tags:
            return any("IN" in token.tags for token in tokens[number - 2 : number])
        if not _NO_TARGET.isdisjoint(tags):
            return False
    return False


def _breaks(tokens: Tokens, index: int, last: int) -> bool:
    """May a new clause of the sentence that ends before ``last`` begin at a token?"""
    tags, before = tokens[index].tags, tokens[index - 1].tags
    if "COMMA" in before or "SEMI" in before or "CLAUSE" in tags:
        return True
    if "COLON" in before:  # "ten raids: six on A and four on B"; not "at 2:50"
        return "NUM" in tags and "NUM" not in tokens[index - 2].tags
    if "AND" in tags:
        after = index + (2 if index + 1 < last and "QUOTE" in tokens[index + 1].tags else 1)  # "two raids on A" and "three raids on B"
        if after < last and not _OPENS.isdisjoint(tokens[after].tags):
            return True
        if _is_struck_too(tokens, index, last):
            return True
        # "three raids on A and with two raids on B"
        return _is_counted_after(tokens, index, last) or index + 2 < last and "IN" in tokens[index + 1].tags and not _BY.isdisjoint(tokens[index + 2].tags)
    return not {"EARLIERONE", "PURPOSE"}.isdisjoint(tags) or ("FRAME" in tags and "AGO" not in tags)
