"""Find dates: when something happened, and when it was only said. How words make a date stands in each language's file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Literal

from geomap.annotation import calendar
from geomap.annotation.calendar import Days
from geomap.annotation.context import Context
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Date, Span, When

_start = attrgetter("span.start")
_RECENT = 1  # days before the report
_PRONE_TO_FRAME = 3  # tokens looked back for the word that makes a date a frame: "since early on Tuesday"
_CLOCK_REACH = 8  # tokens between a date and its time of day


@dataclass(frozen=True)
class _Reading:
    """A match of a date pattern, its groups as numbers."""

    match: Match
    published: date | None
    week_starts: int
    weekend: tuple[int, int]

    def number(self, name: str) -> int | None:
        """The whole number in a group: digits, a word, or an ordinal."""
        for token in self.match[name]:
            if "ORD" in token.tags:  # "the twenty-sixth" in Arabic: the sixth and twenty
                ten = self.match.value(name, "NUMWORD")
                return int(token.tags["ORD"] + (ten if ten and ten >= 20 else 0))
            value = token.get("NUM")
            if value is not None and value == int(value):
                return int(value)
        return None

    def whole(self, name: str, token_class: str) -> int | None:
        """The value of a class in a group, a whole number."""
        value = self.match.value(name, token_class)
        return None if value is None else int(value)

    def word(self, name: str, token_class: str) -> str | None:
        """The value of a class in a group."""
        value = self.match.value(name, token_class)
        return None if value is None else str(value)

    @cached_property
    def which(self) -> calendar.Which | None:
        """last, this, next; None where the text says none."""
        value = self.word("which", "WHICH")
        return value if value in ("last", "this", "next") else None  # type: ignore[return-value]

    @cached_property
    def year(self) -> int | None:
        """The year as written."""
        value = self.number("year")
        return value if value is None or value >= 100 else 2000 + value

    def narrowed(self, days: Days | None) -> Days | None:
        """The early, middle or late part of an interval, where the text says so."""
        part = self.word("part", "EARLY")
        return calendar.part(days, part) if days and part else days  # type: ignore[arg-type]

    def day(self, month: int | None, day: int | None) -> Days | None:
        """A day of a month, with the year and the "last" or "this" of the text."""
        if month is None or day is None:
            return None
        return calendar.month_day(self.published, month, day, self.year, self.which)

    def weekday(self, name: str) -> Days | None:
        """A weekday or a "today" in a group, as a day."""
        assert self.published
        if (number := self.whole(name, "WEEKDAY")) is not None:
            return calendar.weekday(self.published, number, self.which)
        if (shift := self.whole(name, "DAYREL")) is not None:
            return calendar.on(calendar.back(self.published, -shift), "counted from publication")
        return None


def _month_day(reading: _Reading) -> Days | None:
    return reading.day(reading.whole("month", "MONTH"), reading.number("day"))


def _several(reading: _Reading) -> list[Days]:
    month = reading.whole("month", "MONTH")
    found = [reading.day(month, reading.number("day"))]
    for name in ("2", "3"):
        later = reading.whole(f"month{name}", "MONTH") or month
        if f"day{name}" in reading.match:
            found.append(reading.day(later, reading.number(f"day{name}")))
    return [days for days in found if days]


def _spread(found: list[Days]) -> Days | None:
    ends = [day for days in found for day in (days.earliest, days.latest) if day]
    return calendar.between(min(ends), max(ends), "from the first to the last of the days named") if ends else None


def _days(reading: _Reading) -> Days | None:
    return _spread(_several(reading))


def _numeric(reading: _Reading) -> Days | None:
    """Day first unless that makes no date, or only the other order lies before publication."""
    first, second, third = (reading.number(name) for name in ("first", "second", "third"))
    if first is None or second is None or third is None or not 1990 <= third <= 2100:
        return None
    ways = [calendar.valid(third, second, first), calendar.valid(third, first, second)]
    known = [day for day in ways if day]
    if not known:
        return None
    if len(known) == 2 and reading.published and known[0] > reading.published >= known[1]:
        return calendar.on(known[1], "month first: day first lies after publication")
    return calendar.on(known[0], "as written" if len(set(known)) == 1 else "day first")


def _month(reading: _Reading) -> Days | None:
    month = reading.whole("month", "MONTH")
    if month is None:
        return None
    if reading.year is not None:
        return reading.narrowed(calendar.month(reading.year, month))
    return reading.narrowed(calendar.month_near(reading.published, month, reading.which)) if reading.published else None


def _year(reading: _Reading) -> Days | None:
    return reading.narrowed(calendar.year(reading.year)) if reading.year is not None else None


def _day_of_month(reading: _Reading) -> Days | None:
    number = reading.number("day")
    if number is None or reading.published is None or not 1 <= number <= 31:
        return None
    return calendar.day_of_month(reading.published, number, reading.which)


def _weekday(reading: _Reading) -> Days | None:
    return reading.weekday("weekday")


def _weekdays(reading: _Reading) -> Days | None:
    return _spread([days for name in ("weekday", "weekday2") if (days := reading.weekday(name))])


def _night(reading: _Reading) -> Days | None:
    second = reading.weekday("weekday2") or reading.weekday("weekday")
    if second is None or second.latest is None:
        return None
    return calendar.overnight(second.latest)


def _overnight(reading: _Reading) -> Days | None:
    assert reading.published
    days = reading.weekday("weekday") or reading.weekday("rel")
    return calendar.overnight(days.latest if days and days.latest else reading.published)


def _relative(reading: _Reading) -> Days | None:
    return reading.weekday("rel")


def _amount(reading: _Reading, name: str = "n") -> float:
    for token in reading.match[name]:
        if "NUM" in token.tags:
            return float(token.tags["NUM"])
    return 2 if any("TWO" in token.tags for token in reading.match["unit"]) else 1


def _ago(reading: _Reading) -> Days | None:
    assert reading.published
    unit = reading.word("unit", "TIMEUNIT")
    if "vague" in reading.match or unit is None:
        return None
    return calendar.ago(reading.published, _amount(reading), unit)  # type: ignore[arg-type]


def _unit(reading: _Reading) -> Days | None:
    """ "last month", "earlier this week"."""
    assert reading.published
    unit, which = reading.word("unit", "TIMEUNIT"), reading.which
    if unit is None or which is None:
        return None
    if unit == "day":
        return calendar.on(reading.published, "the day of publication") if which == "this" else None
    return reading.narrowed(calendar.this_or_last(reading.published, unit, which, reading.week_starts))  # type: ignore[arg-type]


def _past(reading: _Reading) -> Days | None:
    assert reading.published
    unit = reading.word("unit", "TIMEUNIT")
    counted = "n" in reading.match or any("TWO" in token.tags for token in reading.match["unit"])
    if unit is None or not counted or reading.which == "next":
        return None
    return calendar.past(reading.published, _amount(reading), unit)  # type: ignore[arg-type]


def _weekend(reading: _Reading) -> Days | None:
    assert reading.published
    return calendar.weekend(reading.published, reading.weekend, reading.which)


def _hijri(reading: _Reading) -> Days | None:
    month = reading.whole("month", "HIJRI")
    return calendar.hijri(reading.published, reading.number("day"), month, reading.number("year")) if month else None


def _holiday(reading: _Reading) -> Days | None:
    """Christmas Day, the feast of the sacrifice: the latest one, or that of the year."""
    fixed, feast = reading.word("holiday", "HOLIDAY"), reading.word("feast", "FEAST")
    month, day = (int(part) for part in str(fixed or feast).split("-"))
    return reading.day(month, day) if fixed else calendar.hijri(reading.published, day, month, None)


_RULES: dict[str, tuple[Callable[[_Reading], Days | None], bool]] = {  # and whether the rule needs a publication date
    "month_day": (_month_day, False),
    "days": (_days, False),
    "range": (_days, False),
    "numeric": (_numeric, False),
    "month": (_month, False),
    "year": (_year, False),
    "hijri": (_hijri, False),
    "holiday": (_holiday, False),
    "day_of_month": (_day_of_month, True),
    "weekday": (_weekday, True),
    "weekdays": (_weekdays, True),
    "night": (_night, True),
    "overnight": (_overnight, True),
    "relative": (_relative, True),
    "ago": (_ago, True),
    "unit": (_unit, True),
    "past": (_past, True),
    "weekend": (_weekend, True),
}
_DAYS = {"hour": 0, "day": 1, "week": 7}


def find_dates(context: Context) -> tuple[tuple[Date, ...], Tokens]:
    """All dates of a text with what each dates, and the tokens in which every date has become one of class DATE."""
    table = context.language.tables.get("calendar", {})
    starts, weekend = int(table.get("week_starts", 0)), tuple(table.get("weekend", (5, 6)))
    found = []
    for match in context.language.find("dates", context.tokens):
        reading = _Reading(match, context.report.published, starts, (weekend[0], weekend[1]))
        if (dated := _read(reading, context.tokens)) and not _is_name(dated.span, context):
            found.append(dated)
    tokens = context.tokens.merged([(each.span, {"DATE": each}) for each in found], context.language.lexicon.tags)
    return tuple(_with_use(found, context, tokens)), tokens


_NAMED_BY_A_WEEKDAY = frozenset(("NAMEHEAD",))  # "سوق الخميس"
_NAMED_BY_A_DAY = frozenset(("SITE", "KIND", "NAMEHEAD"))  # "مجمع 22 مايو", "شارع 26 سبتمبر"


def _is_name(span: Span, context: Context) -> bool:
    """Is a day only part of a place's name: "سوق الجمعة", "مجمع 22 مايو"?"""
    nearest = bisect_left(context.toponyms, span.start, key=_start) - 1
    if nearest >= 0 and span.end <= context.toponyms[nearest].span.end:
        return True
    index = context.tokens.index(span.start)
    first, last = context.tokens[index], context.tokens[context.tokens.index(span.end - 1)]
    named = _NAMED_BY_A_DAY if "MONTH" in last.tags and "NUM" in first.tags else _NAMED_BY_A_WEEKDAY if "WEEKDAY" in first.tags and first is last else frozenset()
    before = context.tokens[max(0, index - 2) : index]
    if named is _NAMED_BY_A_WEEKDAY and not (len(before) == 2 and {"KIND", "QUOTE"} & before[0].tags.keys()):
        return False  # "في سوق الثلاثاء": on a Tuesday, in a market
    return any(not named.isdisjoint(token.tags) and not token.definite for token in before[-1:])


def _read(reading: _Reading, tokens: Tokens) -> Date | None:
    match, rule = reading.match, str(reading.match.data.get("rule", ""))
    span = match.span
    text = span.of(tokens.text)
    if rule == "event":
        return Date(span, None, "event", _shift(reading), bool(match.data.get("toward")))
    builder, needs_published = _RULES[rule]
    if needs_published and reading.published is None:
        return Date(span, None, "relative")
    days = builder(reading)
    if days is None:
        vague = rule in ("ago", "past", "unit", "month", "month_day", "day_of_month", "hijri") and reading.year is None
        return Date(span, None, "relative") if vague and _plausible(reading) else None
    several: tuple[When, ...] = ()
    if rule == "days":
        several = tuple(each.when(text, span) for each in _several(reading))
    relation = "absolute" if rule in ("month_day", "days", "range", "numeric", "month", "year", "hijri", "holiday") else "relative"
    return Date(span, days.when(text, span), relation, list_days=several)  # type: ignore[arg-type]


def _plausible(reading: _Reading) -> bool:
    """Is it a date at all? "31 February" and "May 45" are not."""
    number = reading.number("day")
    return number is None or 1 <= number <= 31


def _shift(reading: _Reading) -> int | None:
    """Days after the event that is spoken of (negative: before); None where the text leaves it open."""
    match = reading.match
    if "vague" in match:
        return 0 if reading.word("vague", "TIMEUNIT") == "hour" else None  # "hours later": the same day, as far as is known
    if "same" in match:
        return 0
    if "previous" in match or "following" in match:
        return -1 if "previous" in match else 1
    unit, direction = reading.word("unit", "TIMEUNIT"), reading.word("shift", "SHIFT") or reading.word("shift", "SHIFTTO") or match.data.get("direction")
    if unit not in _DAYS or direction is None:
        return None
    if not calendar.remembered(_amount(reading), unit):  # type: ignore[arg-type]
        return None
    days = round(_amount(reading) * _DAYS[unit])
    return -days if direction == "before" else days


# -- what a date dates ------------------------------------------------------------------------------------------------


def _with_use(found: list[Date], context: Context, tokens: Tokens) -> Iterator[Date]:
    """Dates that only say when something was said, frames ("since May"), and times of day."""
    said = _statement_spans(context, tokens)
    found = [_not_after_statement(each, found, said, context) for each in found]
    framed: set[Span] = set()
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
        toward = each.toward or _points_ahead(each, context.tokens)
        yield replace(each, use="event" if toward else use, toward=toward, time_text=_time_text(each, clocks, context.tokens))


def _not_after_statement(each: Date, found: list[Date], said: set[Span], context: Context) -> Date:
    """ "It said on Sunday that it struck on Friday": a weekday is not after the day on which it was told."""
    when = each.when
    if each.span in said or each.relation != "relative" or when is None or "weekday" not in when.rule:
        return each
    sentence = context.sentence(each.span.start)
    inside = found[bisect_left(found, sentence.start, key=_start) : bisect_left(found, sentence.end, key=_start)]
    told = [other.when for other in inside if other.span in said]
    days = [other.latest for other in told if other and other.latest]
    if not days or when.earliest is None or when.earliest != when.latest or when.earliest <= min(days):
        return each
    return replace(each, when=calendar.weekday(min(days), when.earliest.weekday()).when(when.text, when.span))


def _statement_spans(context: Context, tokens: Tokens) -> set[Span]:
    said = set()
    sentences = {sentence.start for sentence in context.sentences}
    for match in context.language.find_all("statement", tokens):
        if match.data.get("first") and match.span.start not in sentences:
            continue
        said |= {token.span for token in match["date"] if not _names_an_attack(token, tokens)}
    return said


def _counts_up_to(each: Date, tokens: Tokens) -> bool:
    """ "15 dead by Saturday morning": the day to which a toll was counted."""
    one_day = each.when is not None and each.when.earliest is not None and each.when.earliest == each.when.latest
    return one_day and "ASOF" in tokens[tokens.index(each.span.start)].tags


def _names_an_attack(token: Token, tokens: Tokens) -> bool:
    """ "The army said of Monday's strike": the day of the strike."""
    after = tokens[tokens.index(token.span.end - 1) + 1 :][:1]
    owner = token.span.of(tokens.text).endswith(("'s", "’s"))
    return owner and any({"STRIKE", "WEAKSTRIKE"} & each.tags.keys() for each in after)


def _under_way(each: Date, context: Context) -> When | None:
    """ "Since dawn on Sunday", in the news of that day or the next: the hours of an attack up to the report, and no campaign."""
    today, when = context.report.published, each.when
    if today is None or when is None or when.earliest is None or not 0 <= (today - when.earliest).days <= _RECENT:
        return None
    return when if when.earliest == today else replace(when, latest=today, edtf=f"{when.earliest}/{today}", rule=f"{when.rule}, up to the report")


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


def _time_text(each: Date, clocks: list[Span], tokens: Tokens) -> str | None:
    """The time of day beside a date, in the text's words: "at 2:50 p.m. local time", "فجر"."""
    index, last = tokens.index(each.span.start), tokens.index(each.span.end - 1)
    reach = tokens[max(0, index - _CLOCK_REACH) : last + _CLOCK_REACH]
    near: list[Span] = []
    if reach:
        first, end = (bisect_left(clocks, edge, key=itemgetter(0)) for edge in (reach[0].span.start, reach[-1].span.end))
        near = [span for span in clocks[first:end] if span.end <= reach[-1].span.end]
    between = [span for span in near if not any("STOP" in token.tags for token in _between(each.span, span, tokens))]
    if between:
        return between[0].of(tokens.text)
    inside = next((token for token in tokens[index : last + 1] if "DAYPART" in token.tags), None)
    return inside.span.of(tokens.text) if inside else None


def _between(one: Span, other: Span, tokens: Tokens) -> list[Token]:
    first, last = sorted((one, other))
    return tokens[tokens.index(first.end) : tokens.index(last.start)]
