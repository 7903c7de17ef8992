"""From the words of a date to days: the rules that the patterns of a language name, each over the groups of one match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from geomap.annotation import calendar
from geomap.annotation.calendar import Days
from geomap.annotation.patterns import Match
from geomap.model import When


@dataclass(frozen=True)
class Reading:
    """A match of a date pattern, its groups as numbers."""

    match: Match
    published: date | None
    week_starts: int
    weekend: tuple[int, int]
    told: When | None = None  # the day or month named before it

    def number(self, name: str) -> int | None:
        """The whole number in a group: digits, a word, or an ordinal."""
        for token in self.match[name]:
            if "ORD" in token.tags:  # "the twenty-sixth" in Arabic: the sixth and twenty; "the twelfth": the second ten
                ten = self.match.value(name, "NUMWORD")
                return int(token.tags["ORD"] + (ten if ten and ten >= 10 else 0))
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
        """The year as written, or that of "August last year"."""
        if self.published and (whose := self.word("whose", "WHICH")) in ("last", "this"):
            return self.published.year - (whose == "last")
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


def _month_day(reading: Reading) -> Days | None:
    return reading.day(reading.whole("month", "MONTH"), reading.number("day"))


def each_day(reading: Reading) -> list[Days]:
    """ "On 17 and 19 November": the days one by one."""
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


def _days(reading: Reading) -> Days | None:
    return _spread(each_day(reading))


def _numeric(reading: Reading) -> Days | None:
    """Day first unless that makes no date, or only the other order lies before publication; "25/9" is the last such day."""
    first, second, third = (reading.number(name) for name in ("first", "second", "third"))
    if first is not None and second is not None and "third" not in reading.match:
        return reading.day(second, first) if second <= 12 else None
    if first is None or second is None or third is None or not 1990 <= third <= 2100:
        return None
    ways = [calendar.valid(third, second, first), calendar.valid(third, first, second)]
    known = [day for day in ways if day]
    if not known:
        return None
    if len(known) == 2 and reading.published and known[0] > reading.published >= known[1]:
        return calendar.on(known[1], "month first: day first lies after publication")
    return calendar.on(known[0], "as written" if len(set(known)) == 1 else "day first")


def _month(reading: Reading) -> Days | None:
    month = reading.whole("month", "MONTH")
    if month is None:
        return None
    if reading.year is not None:
        days = calendar.month(reading.year, month)
    elif reading.published:
        days = calendar.month_near(reading.published, month, reading.which)
    else:
        return None
    return calendar.week(days, number) if (number := reading.number("week")) else reading.narrowed(days)


def _year(reading: Reading) -> Days | None:
    return reading.narrowed(calendar.year(reading.year)) if reading.year is not None else None


def _day_of_month(reading: Reading) -> Days | None:
    number = reading.number("day")
    if number is None or reading.published is None or not 1 <= number <= 31:
        return None
    return calendar.day_of_month(reading.published, number, reading.which)


def _same_month(reading: Reading) -> Days | None:
    """ "On the 25th of the same month": of the one named last."""
    number, month = reading.number("day"), reading.told.earliest if reading.told else None
    day = calendar.valid(month.year, month.month, number) if month and number else None
    return calendar.on(day, "in the month told before") if day else None


def _weekday(reading: Reading) -> Days | None:
    return reading.weekday("weekday")


def _day_of_week(reading: Reading) -> Days | None:
    """ "Thursday last week", in whatever week the report is."""
    assert reading.published
    number, which = reading.whole("weekday", "WEEKDAY"), reading.which
    week = calendar.this_or_last(reading.published, "week", which, reading.week_starts) if which else None
    if number is None or week is None or week.earliest is None:
        return None
    return calendar.on(calendar.back(week.earliest, -((number - week.earliest.weekday()) % 7)), "that day of the week named")


def _weekdays(reading: Reading) -> Days | None:
    first, last = reading.weekday("weekday"), reading.weekday("weekday2")
    if first and last and first.earliest and last.earliest and first.earliest > last.earliest and "WEEKDAY" in reading.match["weekday"][0].tags:
        first = calendar.shifted(first, -7, first.rule)  # told on a Friday, "between Tuesday and Thursday": of one week
    return _spread([days for days in (first, last) if days])


def _small_hours(reading: Reading) -> Days | None:
    """ "بعد منتصف ليل الأربعاء": after midnight in the night that follows a Wednesday."""
    first = reading.weekday("weekday")
    return calendar.night_of(first.latest) if first and first.latest else None


def _night(reading: Reading) -> Days | None:
    second = reading.weekday("weekday2") or reading.weekday("weekday")
    if second is None or second.latest is None:
        return None
    return calendar.overnight(second.latest)


def _overnight(reading: Reading) -> Days | None:
    assert reading.published
    days = reading.weekday("weekday") or reading.weekday("rel")
    return calendar.overnight(days.latest if days and days.latest else reading.published)


def _relative(reading: Reading) -> Days | None:
    return reading.weekday("rel")


def amount(reading: Reading, name: str = "n") -> float:
    """How many of a unit of time: two for a dual, one where no number stands."""
    for token in reading.match[name]:
        if "NUM" in token.tags:
            return float(token.tags["NUM"])
    return 2 if any("TWO" in token.tags for token in reading.match["unit"]) else 1


def _ago(reading: Reading) -> Days | None:
    assert reading.published
    unit = reading.word("unit", "TIMEUNIT")
    if "vague" in reading.match or unit is None:
        return None
    return (calendar.about if "about" in reading.match else calendar.ago)(reading.published, amount(reading), unit)  # type: ignore[arg-type]


def _unit(reading: Reading) -> Days | None:
    """ "last month", "earlier this week", "منذ مطلع العام" (since the start of the year)."""
    assert reading.published
    unit, which = reading.word("unit", "TIMEUNIT"), "this" if "now" in reading.match or (reading.which is None and "part" in reading.match) else reading.which
    if unit is None or which is None:
        return None
    if unit == "day":
        return calendar.on(reading.published, "the day of publication") if which == "this" else None
    return reading.narrowed(calendar.this_or_last(reading.published, unit, which, reading.week_starts))  # type: ignore[arg-type]


def _past(reading: Reading) -> Days | None:
    assert reading.published
    unit = reading.word("unit", "TIMEUNIT")
    counted = "n" in reading.match or "one" in reading.match or any("TWO" in token.tags for token in reading.match["unit"])
    if unit is None or reading.which == "next":
        return None
    if not counted:  # "during the last week": that week; "in the past weeks": nobody can say
        several = any("MANYTIMES" in token.tags for token in reading.match["unit"])
        return None if several or unit == "day" else _unit(reading)
    return calendar.past(reading.published, amount(reading), unit)  # type: ignore[arg-type]


def _weekend(reading: Reading) -> Days | None:
    assert reading.published
    return calendar.weekend(reading.published, reading.weekend, reading.which)


def _hijri(reading: Reading) -> Days | None:
    month = reading.whole("month", "HIJRI")
    return calendar.hijri(reading.published, reading.number("day"), month, reading.number("year")) if month else None


def _holiday(reading: Reading) -> Days | None:
    """Christmas Day, the feast of the sacrifice: the latest one, or that of the year."""
    fixed, feast = reading.word("holiday", "HOLIDAY"), reading.word("feast", "FEAST")
    month, day = (int(part) for part in str(fixed or feast).split("-"))
    return reading.day(month, day) if fixed else calendar.hijri(reading.published, day, month, None)


RULES: dict[str, tuple[Callable[[Reading], Days | None], bool]] = {  # and whether the rule needs a publication date
    "month_day": (_month_day, False),
    "days": (_days, False),
    "range": (_days, False),
    "numeric": (_numeric, False),
    "month": (_month, False),
    "year": (_year, False),
    "hijri": (_hijri, False),
    "holiday": (_holiday, False),
    "day_of_month": (_day_of_month, True),
    "same_month": (_same_month, False),
    "weekday": (_weekday, True),
    "day_of_week": (_day_of_week, True),
    "weekdays": (_weekdays, True),
    "small_hours": (_small_hours, True),
    "night": (_night, True),
    "overnight": (_overnight, True),
    "relative": (_relative, True),
    "ago": (_ago, True),
    "unit": (_unit, True),
    "past": (_past, True),
    "weekend": (_weekend, True),
}
