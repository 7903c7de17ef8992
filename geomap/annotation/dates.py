"""Find dates: when something happened, and when it was only said. How words make a date stands in each language's file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

from msgspec.structs import replace

from geomap.annotation import calendar
from geomap.annotation.context import Context
from geomap.annotation.days import RULES, Reading, amount, each_day
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.annotation.zones import dateline_end
from geomap.model import Date, Span, Toponym, When

_start = attrgetter("span.start")
_DATELINE = 80  # characters in which the day of a dateline begins
_CARRIED = 14  # days for which a page may carry a report after it was written
_RECENT = 1  # days before the report
_PRONE_TO_FRAME = 3  # tokens looked back for the word that makes a date a frame: "since early on Tuesday"
_CLOCK_REACH = 8  # tokens between a date and its time of day
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_OF_A_WEEK = ("weekday", "days named")  # in the rule by which days were read
_A_MONTH = 30  # days, about: which of two comes first


class Dates(NamedTuple):
    """The dates of a text before it is known what each dates, and the tokens in which every one has become one of class DATE."""

    found: list[Date]
    habits: set[Span]  # the dates that tell of a habit
    tokens: Tokens
    moments: Tokens  # ... one token together with its hour: "in the early hours of Sunday", "at 3 p.m. on Sunday"


def find_dates(context: Context) -> Dates:
    """All dates of a text; what each dates is said by ``with_use``."""
    table = context.language.tables.get("calendar", {})
    starts, weekend = int(table.get("week_starts", 0)), tuple(table.get("weekend", (5, 6)))
    found, habits = list[Date](), set[Span]()
    matches = context.language.find("dates", context.tokens)
    written = _written_on(matches, context)
    for match in matches:
        told = next((each.when for each in reversed(found) if each.when and _in_one_month(each.when)), None)
        reading = Reading(match, written, starts, (weekend[0], weekend[1]), told)
        if (dated := _read(reading, context.tokens)) and not _is_name(dated.span, context):
            if written != context.report.published and dated.when is not None:
                dated = replace(dated, when=replace(dated.when, rule=dated.when.rule.replace("publication", "the day of the dateline")))
            found.append(dated)
            habits |= {dated.span} if match.data.get("habit") else set()
    tokens = context.tokens.merged([(each.span, _tags(each, context.tokens)) for each in found], context.language.lexicon.tags)
    return Dates(found, habits, tokens, _with_hours(context, tokens) if found else tokens)


def _in_one_month(when: When) -> bool:
    return when.earliest is not None and when.latest is not None and when.earliest.replace(day=1) == when.latest.replace(day=1)


def _written_on(matches: Sequence[Match], context: Context) -> date | None:
    """The day from which "yesterday" is counted: that of the dateline, which a page may carry for days ("TUNIS, Sept. 26 (Agency) - "), else of publication."""
    published = context.report.published
    first = next((match for match in matches if match.data.get("rule") in ("month_day", "numeric")), None)
    if first is None or first.span.start >= _DATELINE or not context.sentences:
        return published
    end = dateline_end(context, context.sentences[0])
    if end is None or first.span.end > end:
        return published
    reading = Reading(first, published, 0, (5, 6))
    days = RULES[str(first.data["rule"])][0](reading) if published or reading.year else None
    day = days.earliest if days and days.earliest == days.latest else None
    fits = day is not None and (published is None or 0 <= (published - day).days <= _CARRIED)
    return day if fits else published


def _with_hours(context: Context, tokens: Tokens) -> Tokens:
    """The tokens, each date joined with the hour beside it: however exactly it is told when, the words around stand as near to each other."""
    found = [(match.span, match["date"][0].tags) for match in context.language.find("moments", tokens)]
    return tokens.merged(found, context.language.lexicon.tags) if found else tokens


def _tags(date: Date, tokens: Tokens) -> dict[str, Date]:
    """What patterns may ask of a date: is it one, is it longer than the days of a night, and does it open with "since"?"""
    when = date.when
    long = when is not None and when.earliest is not None and when.latest is not None and (when.latest - when.earliest).days > 1
    since = tokens[tokens.index(date.span.start)].tags.get("FRAME") == "since"
    return {"DATE": date, **({"PERIOD": date} if long else {}), **({"SINCE": date} if since else {})}


def _is_name(span: Span, context: Context) -> bool:
    """Is a day only part of a name: "سوق الجمعة", "مجمع 22 مايو", "July 7 road"?"""
    if is_within_one(context.toponyms, span):
        return True
    tokens = context.tokens
    index, last = tokens.index(span.start), tokens.index(span.end - 1)
    before, after = tokens[max(0, index - 2) : index], tokens[last + 1 : last + 4]
    if index == last and "DAYREL" in tokens[index].tags:  # the paper “حلب اليوم” (Aleppo today)
        return len(before) == 2 and "QUOTE" in before[0].tags and any("QUOTE" in token.tags for token in after[:1])
    if index == last and "WEEKDAY" in tokens[index].tags:  # but "في سوق الثلاثاء": on a Tuesday, in a market
        return len(before) == 2 and bool({"KIND", "QUOTE"} & before[0].tags.keys()) and "NAMEHEAD" in before[1].tags and not before[1].definite
    ends = tokens[index].tags.keys(), tokens[last].tags.keys()
    if not any("MONTH" in one and {"NUM", "ORD"} & other for one, other in (ends, ends[::-1])):
        return False
    table = context.language.tables.get("calendar", {})
    if any(not token.definite and not token.tags.keys().isdisjoint(table.get("named_before", ())) for token in before[-1:]):
        return True
    named = next((number for number, token in enumerate(after[:2]) if not token.tags.keys().isdisjoint(table.get("named_after", ()))), None)
    return named is not None and not any({"STRIKE", "WEAKSTRIKE"} & token.tags.keys() for token in after[named:])  # "the July 7 road strike"


def is_within_one(toponyms: Sequence[Toponym], span: Span) -> bool:
    """Does a toponym begin before a date, and end no sooner?"""
    nearest = bisect_left(toponyms, span.start, key=_start) - 1
    return nearest >= 0 and span.end <= toponyms[nearest].span.end


def _read(reading: Reading, tokens: Tokens) -> Date | None:
    match, rule = reading.match, str(reading.match.data.get("rule", ""))
    span = match.span
    text = span.of(tokens.text)
    if rule == "event":
        return Date(span, None, "event", *_shift(reading), bool(match.data.get("toward")))
    builder, needs_published = RULES[rule]
    if needs_published and reading.published is None:
        return Date(span, None, "relative")
    days = builder(reading)
    if days is None:
        vague = rule in ("ago", "past", "unit", "month", "month_day", "day_of_month", "same_month", "hijri") and reading.year is None
        before = -1 if match.data.get("recalls") and reading.word("unit", "TIMEUNIT") != "hour" else None  # "a few days ago": on which day nobody says
        return Date(span, None, "relative", before) if vague and _plausible(reading) else None
    several: tuple[When, ...] = ()
    if rule == "days":
        several = tuple(each.when(text, span) for each in each_day(reading))
    relation = "absolute" if rule in ("month_day", "days", "range", "numeric", "month", "year", "hijri", "holiday") else "relative"
    return Date(span, days.when(text, span), relation, list_days=several)  # type: ignore[arg-type]


def _plausible(reading: Reading) -> bool:
    """Is it a date at all? "31 February" and "May 45" are not."""
    number = reading.number("day")
    return number is None or 1 <= number <= 31


def _shift(reading: Reading) -> tuple[int | None, int]:
    """Days after the event that is spoken of (negative: before), None where the text leaves it open; and whole months, where it counts in them."""
    match = reading.match
    if "vague" in match:
        return (0 if reading.word("vague", "TIMEUNIT") == "hour" else None), 0  # "hours later": the same day, as far as is known
    if "same" in match:
        return 0, 0
    unit, sign = reading.word("unit", "TIMEUNIT"), _sign(reading)
    if "previous" in match or "following" in match:
        unit = reading.word("previous", "TIMEUNIT") or "day"
    if unit is None or sign is None or not calendar.remembered(amount(reading), unit):  # type: ignore[arg-type]
        return None, 0
    months = sign * round(amount(reading)) * _MONTHS.get(unit, 0)
    return (months * _A_MONTH if months else sign * round(amount(reading) * _DAYS.get(unit, 0))), months


def _sign(reading: Reading) -> int | None:
    """Does a shift count forward (1) or back (-1)?"""
    if "previous" in reading.match or "following" in reading.match:
        return -1 if "previous" in reading.match else 1
    direction = reading.word("shift", "SHIFT") or reading.word("shift", "SHIFTTO") or reading.match.data.get("direction")
    return None if direction is None else -1 if direction == "before" else 1


# -- what a date dates ------------------------------------------------------------------------------------------------


def with_use(dates: Dates, context: Context) -> Iterator[Date]:
    """The dates with what each dates: some only say when something was said, some are frames ("since May", the span of a habit); and their times of day."""
    found, habits, tokens = dates.found, dates.habits, dates.tokens
    said = _statement_spans(context, tokens)
    found = [_not_after_statement(each, found, said, context) for each in found]
    framed = set(habits)
    aside: set[Span] = set()
    for match in context.language.find_all("frames", tokens):
        (aside if match.data.get("aside") else framed).update(token.span for token in match["date"])
    clocks = [match.span for match in context.language.find("clock", tokens)]
    for each in found:
        opener = _frame(each, context.tokens) if each.relation != "event" else None
        since = _under_way(each, context) if opener == "since" else None
        frame = each.relation != "event" and (each.span in framed or (opener is not None and since is None))
        each = replace(each, when=since) if since is not None and not frame else each
        told = (each.span in said and each.days != 0) or _counts_up_to(each, context.tokens)
        use: Literal["event", "statement", "frame", "aside"] = "statement" if told else "aside" if each.span in aside else "frame" if frame else "event"
        toward = each.toward or (not told and _points_ahead(each, context.tokens))
        yield replace(each, use="event" if toward else use, toward=toward, also=_is_also(each, context.tokens), sooner=_is_sooner(each, context.tokens), time_text=_time_text(each, clocks, context.tokens))


def _not_after_statement(each: Date, found: list[Date], said: set[Span], context: Context) -> Date:
    """ "It said on Sunday that it struck on Friday": days of the week are not after the day on which they were told."""
    when = each.when
    if each.span in said or each.relation != "relative" or when is None or not any(word in when.rule for word in _OF_A_WEEK):
        return each
    sentence = context.sentence(each.span.start)
    inside = found[bisect_left(found, sentence.start, key=_start) : bisect_left(found, sentence.end, key=_start)]
    told = [other.when for other in inside if other.span in said]
    days = [other.latest for other in told if other and other.latest]
    if not days or when.earliest is None or when.latest is None or when.earliest <= min(days):
        return each
    back = -7 * ((min(days) - when.latest).days // 7)
    return replace(each, when=calendar.between(calendar.back(when.earliest, back), calendar.back(when.latest, back), when.rule).when(when.text, when.span))


def _statement_spans(context: Context, tokens: Tokens) -> set[Span]:
    said = set()
    sentences = {sentence.start for sentence in context.sentences} | {passage.span.start for passage in context.zones}  # behind a dateline, too
    for match in context.language.find_all("statement", tokens):
        if match.data.get("first") and (match.span.start not in sentences or context.sentence(match.span.start).end < match.span.end):
            continue  # nor does a day on a line of its own, before "local sources reported"
        said |= {token.span for token in match["date"] if not (_names_an_attack(token, tokens) or _is_up_to_now(token))}
    return said


def _is_up_to_now(token: Token) -> bool:
    """ "According to figures, 820 people have died over the past three months": nobody says a thing for months."""
    period = token.tags.get("PERIOD")
    return isinstance(period, Date) and period.when is not None and "in the time before publication" in period.when.rule


def _counts_up_to(each: Date, tokens: Tokens) -> bool:
    """ "15 dead by Saturday morning": the day to which a toll was counted."""
    one_day = each.when is not None and each.when.earliest is not None and each.when.earliest == each.when.latest
    return one_day and "ASOF" in tokens[tokens.index(each.span.start)].tags


def _names_an_attack(token: Token, tokens: Tokens) -> bool:
    """ "The army said of Monday's strike", "said the Thursday night raids": the day of the strike."""
    index = tokens.index(token.span.start)
    after = tokens[tokens.index(token.span.end - 1) + 1 :][:1]
    owned = token.span.of(tokens.text).endswith(("'s", "’s")) or any({"DET", "THE"} & each.tags.keys() for each in tokens[max(0, index - 1) : index])
    return owned and any({"STRIKE", "WEAKSTRIKE"} & each.tags.keys() for each in after)


def _under_way(each: Date, context: Context) -> When | None:
    """ "Since dawn on Sunday", in the news of that day or the next: the hours of an attack up to the report, and no campaign."""
    today, when = context.report.published, each.when
    if today is None or when is None or when.earliest is None or not 0 <= (today - when.earliest).days <= _RECENT:
        return None
    return when if when.earliest == today or _ends(each, context.tokens) else replace(when, latest=today, edtf=f"{when.earliest}/{today}", rule=f"{when.rule}, up to the report")


def _ends(each: Date, tokens: Tokens) -> bool:
    """ "Since Sunday morning and until half past six": all on that day."""
    after = tokens.index(each.span.end - 1) + 1
    until = [token.tags for token in tokens[after : after + 4]]
    return any(tags.get("FRAME") == "until" for tags in until[:2]) and any({"ORD", "NUM", "CLOCKWORD"} & tags.keys() for tags in until)


def _frame(each: Date, tokens: Tokens) -> str | None:
    """The word that makes a date the first or last of a span of time: "since" or "until"."""
    index = tokens.index(each.span.start)
    last = tokens.index(each.span.end - 1)
    after = tokens[last + 1 : last + 2]
    if any({"STRIKE", "WEAKSTRIKE"} & token.tags.keys() for token in after):
        return None  # "from Monday's strike"
    opens = tokens[index].tags
    if "FRAME" in opens and "AGO" not in opens and not (each.when and "first to the last" in each.when.rule):
        return str(opens["FRAME"]) if each.when is None or each.when.earliest != each.when.latest else None
    for token in reversed(tokens[max(0, index - _PRONE_TO_FRAME) : index]):
        if "FRAME" in token.tags:
            return str(token.tags["FRAME"])
        if not {"EARLY", "BOUND", "DAYMARK", "PREPTIME", "LESS"} & token.tags.keys():
            return None
    return None


def _points_ahead(each: Date, tokens: Tokens) -> bool:
    """ "The heaviest since 21 November, when forces struck ...": the day of what is told next."""
    first = tokens.index(each.span.end - 1) + 1
    after = [token for token in tokens[first : first + 2] if "COMMA" not in token.tags]
    return bool(after) and "WHEN" in after[0].tags


def _is_also(each: Date, tokens: Tokens) -> bool:
    """ "Also on Wednesday", "الأربعاء أيضا"."""
    first, last = tokens.index(each.span.start), tokens.index(each.span.end - 1)
    before = [token for token in tokens[max(0, first - 2) : first] if "PREPTIME" not in token.tags and "=on" not in token.tags]
    return any("ALSO" in token.tags for token in (*before[-1:], *tokens[last + 1 : last + 2]))


def _is_sooner(each: Date, tokens: Tokens) -> bool:
    """ "Earlier on Wednesday, ...", where a sentence opens with it."""
    first = tokens.index(each.span.start)
    while first > 0 and ("PREPTIME" in tokens[first - 1].tags or "=on" in tokens[first - 1].tags):
        first -= 1
    place = first if "SAMEDAY" in tokens[first].tags else first - 1
    return place >= 0 and "SAMEDAY" in tokens[place].tags and (place == 0 or "STOP" in tokens[place - 1].tags)


def _time_text(each: Date, clocks: list[Span], tokens: Tokens) -> str | None:
    """The time of day beside a date, in the text's words: "at 2:50 p.m. local time", "فجر", "late"."""
    index, last = tokens.index(each.span.start), tokens.index(each.span.end - 1)
    reach = tokens[max(0, index - _CLOCK_REACH) : last + _CLOCK_REACH]
    near: list[Span] = []
    if reach:
        first, end = (bisect_left(clocks, edge, key=itemgetter(0)) for edge in (reach[0].span.start, reach[-1].span.end))
        near = [span for span in clocks[first:end] if span.end <= reach[-1].span.end]
    between = [span for span in near if not any("STOP" in token.tags for token in _between(each.span, span, tokens))]
    if between:
        return between[0].of(tokens.text)
    a_day = each.when is not None and each.when.earliest == each.when.latest  # "late Sunday", not "late May"
    inside = next((token for token in tokens[index : last + 1] if "DAYPART" in token.tags or (a_day and "EARLY" in token.tags)), None)
    return inside.span.of(tokens.text) if inside else None


def _between(one: Span, other: Span, tokens: Tokens) -> list[Token]:
    first, last = sorted((one, other))
    return tokens[tokens.index(first.end) : tokens.index(last.start)]
