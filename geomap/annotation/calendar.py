"""Calendar arithmetic for the news: from what is written ("last Sunday", "early 2015") to closed intervals of days.

News looks back. A bare weekday is the publication day when that is such a day, "last" is strictly before it, and a
day without a year is the latest one not after publication. Nothing here knows a word of any language.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from hijridate import Gregorian, Hijri

from geomap.model import Span, When

Which = Literal["last", "this", "next"]
Unit = Literal["hour", "day", "week", "month", "year"]
Part = Literal["early", "mid", "late"]
_A_WEEK = 7
_ELSEWHERE = 1  # days by which it may be later where it happened than where it is told: a release of 23 January on a strike of 24 January, Sanaa time


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``earliest`` to ``latest`` (None: open), the same in EDTF, and the rule that found them."""

    earliest: date | None
    latest: date | None
    edtf: str
    rule: str

    def when(self, text: str, span: Span | None = None) -> When:
        """The same with the words it was read from."""
        return When(self.earliest, self.latest, self.edtf, text, self.rule, span)


def on(day: date, rule: str) -> Days:
    """One day."""
    return Days(day, day, day.isoformat(), rule)


def between(first: date, last: date, rule: str) -> Days:
    """A closed interval of days; the ends may come in either order."""
    first, last = min(first, last), max(first, last)
    return on(first, rule) if first == last else Days(first, last, f"{first}/{last}", rule)


def week(month: Days, number: int) -> Days | None:
    """ "The first week of June": seven days, the fifth as many as are left."""
    if month.earliest is None or month.latest is None or not 1 <= number <= 5:
        return None
    first = month.earliest + timedelta(days=7 * (number - 1))
    return between(first, min(first + timedelta(days=6), month.latest), f"{month.rule}, its week {number}") if first <= month.latest else None


def valid(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def back(day: date, days: int) -> date:
    """So many days before (negative: after)."""
    return day - timedelta(days=days)


def shifted_month(year: int, month: int, by: int) -> tuple[int, int]:
    """Year and month, so many months later."""
    index = year * 12 + month - 1 + by
    return index // 12, index % 12 + 1


# -- months and years -------------------------------------------------------------------------------------------------


def month(year: int, number: int, rule: str = "a month") -> Days:
    """A whole month.

    >>> month(2016, 12).edtf
    '2016-12'
    """
    first = date(year, number, 1)
    return Days(first, first.replace(day=monthrange(year, number)[1]), f"{year:04d}-{number:02d}", rule)


def year(number: int, rule: str = "a year") -> Days:
    """A whole year."""
    return Days(date(number, 1, 1), date(number, 12, 31), f"{number:04d}", rule)


def month_near(published: date, number: int, which: Which | None = None) -> Days:
    """A month named without a year: "in January", "last December", "this September"."""
    wanted = published.year
    if which == "next":
        wanted += number <= published.month
        return month(wanted, number, "the next such month after publication")
    if which == "last":
        wanted -= number >= published.month
        return month(wanted, number, "the last such month before publication")
    if which is None and number > published.month:
        wanted -= 1
    return month(wanted, number, "the latest such month not after publication")


def part(days: Days, which: Part) -> Days:
    """The first, middle or last third of a month, a year or a week. EDTF has no "early"; both ends are marked approximate.

    >>> part(year(2015), "early").edtf
    '2015-01-01~/2015-04-30~'
    """
    assert days.earliest and days.latest
    first, last = days.earliest, days.latest
    third = {"early": 0, "mid": 1, "late": 2}[which]
    if (last - first).days > 31:
        ends = month(first.year, 4 * third + 1), month(first.year, 4 * third + 4)
        start, end = ends[0].earliest, ends[1].latest
    else:
        step = 10 if (last - first).days > _A_WEEK else 2  # of a week the days come by twos, the last three together
        start, end = first + timedelta(days=step * third), last if third == 2 else min(last, first + timedelta(days=step * third + step - 1))
    return Days(start, end, f"{start}~/{end}~", f"{which} in it, taken as a third")


def this_or_last(published: date, unit: Unit, which: Which, week_starts: int = 0) -> Days | None:
    """ "last month", "this year", "next week": a calendar unit near publication; "this" ends with publication."""
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "year":
        found = year(published.year + step, f"{which} year")
    elif unit == "month":
        found = month(*shifted_month(published.year, published.month, step), f"{which} month")
    elif unit == "week":
        first = back(published, (published.weekday() - week_starts) % 7 - 7 * step)
        found = between(first, back(first, -6), f"{which} week")
    else:
        return None
    if which == "this" and found.earliest:
        return between(found.earliest, published, found.rule + ", up to publication")
    return found


# -- days -------------------------------------------------------------------------------------------------------------


def weekday(published: date, number: int, which: Which | None = None) -> Days:
    """A weekday (Monday is 0). Bare, it may be the day of publication; "last" is strictly before it.

    >>> weekday(date(2017, 9, 28), 1, "last").edtf
    '2017-09-26'
    """
    behind = (published.weekday() - number) % 7
    if which == "next":
        return on(back(published, behind - 7), "the first such weekday after publication")
    if which == "last" and not behind:
        return on(back(published, 7), "the last such weekday before publication")
    return on(back(published, behind), "the latest such weekday not after publication")


def day_of_month(published: date, number: int, which: Which | None = None) -> Days | None:
    """ "on the 12th", "the 26th of this (last) month"."""
    for step in (0, -1, -2) if which is None else ({"last": -1, "this": 0, "next": 1}[which],):
        wanted = valid(*shifted_month(published.year, published.month, step), number)
        if wanted and (wanted <= published or which is not None):
            return on(wanted, "the latest such day of a month not after publication")
    return None


def month_day(
    published: date | None, number: int, day: int, year: int | None = None, which: Which | None = None
) -> Days | None:
    """A day and a month, with or without a year; without one, the latest not after publication, by the clock of where it was."""
    if year is not None:
        found = valid(year, number, day)
        return on(found, "as written") if found else None
    if published is None:
        return None
    if which == "this":
        found = valid(published.year, number, day)
        return on(found, "in the year of publication") if found else None
    if which == "next":
        years = range(published.year, published.year + 9)
        ahead = [found for y in years if (found := valid(y, number, day)) and found > published]
        return on(ahead[0], "the first such day after publication") if ahead else None
    for candidate in range(published.year, published.year - 9, -1):
        found = valid(candidate, number, day)
        if found and found <= published + timedelta(days=_ELSEWHERE):
            rule = "the year of publication" if candidate == published.year else "rolled back: not after publication"
            return on(found, rule)
    return None


_YEARS = {"hour": 1 / 8766, "day": 1 / 365.25, "week": 1 / 52.18, "month": 1 / 12, "year": 1.0}
_MEMORY = 1000  # years: what is longer ago than that is geology, and no date of the news


def remembered(number: float, unit: Unit) -> bool:
    """Is a length of time short enough to count in days?"""
    return number * _YEARS[unit] <= _MEMORY


def ago(published: date, number: float, unit: Unit) -> Days | None:
    """So long before publication, as finely as the unit says: days to the day, weeks to three days, months to months.

    >>> ago(date(2017, 9, 28), 130_000, "year") is None
    True
    """
    if not remembered(number, unit):
        return None
    if unit == "hour":
        return between(back(published, int(number + 23) // 24), published, "hours before publication")
    if unit == "day":
        return on(back(published, round(number)), "days before publication")
    if unit == "week":
        middle = back(published, round(7 * number))
        return between(back(middle, 3), min(back(middle, -3), published), "weeks before publication, to three days")
    if unit == "month":
        return month(*shifted_month(published.year, published.month, -round(number)), "months before publication")
    return year(published.year - round(number), "years before publication")


_LENGTH = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}  # days
_MARGIN = {"day": 1, "week": 4, "month": 16, "year": 183}  # days, half a unit and a little more


def about(published: date, number: float, unit: Unit) -> Days | None:
    """Some so long before publication: half a unit either way, a tenth of a longer time.

    >>> about(date(2018, 2, 8), 3, "day").edtf
    '2018-02-04/2018-02-06'
    """
    if unit == "hour" or not remembered(number, unit):
        return ago(published, number, unit)
    middle, margin = back(published, round(number * _LENGTH[unit])), max(_MARGIN[unit], round(number * _LENGTH[unit] / 10))
    return between(back(middle, margin), min(back(middle, -margin), published), "about so long before publication")


def past(published: date, number: float, unit: Unit) -> Days | None:
    """Within the time before publication: "in the past 24 hours", "over the last two days"."""
    if not remembered(number, unit):
        return None
    if unit in ("month", "year"):
        months = round(number) * (12 if unit == "year" else 1)
        y, m = shifted_month(published.year, published.month, -months)
        first = valid(y, m, published.day) or month(y, m).latest or published
    else:
        first = back(published, {"hour": -(-int(number) // 24), "day": round(number), "week": round(7 * number)}[unit])
    return between(first, published, "in the time before publication")


def weekend(published: date, days: tuple[int, int] = (5, 6), which: Which | None = None) -> Days:
    """The weekend before publication, or the one it falls in. Saturday and Sunday unless the language says otherwise."""
    behind = (published.weekday() - days[0]) % 7
    if which == "last" and behind <= 1:
        behind += 7
    first = back(published, behind)
    return between(first, min(back(first, -1), published), "the weekend not after publication")


def overnight(last: date) -> Days:
    """The night that ends on that day."""
    return between(back(last, 1), last, "overnight: two days")


def night_of(first: date) -> Days:
    """The night between that day and the next."""
    return between(first, back(first, -1), "the night between two days")


def since(day: date, published: date) -> Days:
    """From that day up to publication."""
    return between(day, published, "since then, up to publication")


def shifted(days: Days, by: int, rule: str) -> Days:
    """The same interval, so many days later (negative: earlier): how "four days earlier" is counted from an event."""
    if days.earliest is None or days.latest is None:
        return replace(days, earliest=None, rule=rule)
    return between(back(days.earliest, -by), back(days.latest, -by), rule)


# -- the Hijri calendar -----------------------------------------------------------------------------------------------

_HIJRI_YEARS = (1343, 1500)  # what hijridate's Umm al-Qura tables cover
UMM_AL_QURA = "Hijri by the Umm al-Qura calendar, a day more or less in practice"


def hijri(published: date | None, day: int | None, number: int, year: int | None = None) -> Days | None:
    """A Hijri day (or whole month, without a day); without a year, the latest not after publication.

    >>> hijri(None, 7, 1, 1439).edtf
    '2017-09-27'
    """
    if year is None:
        if published is None or published.year < 1925:
            return None
        today = Gregorian(published.year, published.month, published.day).to_hijri()
        year = today.year if (number, day or 1) <= (today.month, today.day) else today.year - 1
    if not _HIJRI_YEARS[0] <= year <= _HIJRI_YEARS[1]:
        return None
    length = Hijri(year, number, 1).month_length()
    if day is not None and not 1 <= day <= length:
        return None
    first = Hijri(year, number, day or 1).to_gregorian()
    last = Hijri(year, number, day or length).to_gregorian()
    return between(date(*first.datetuple()), date(*last.datetuple()), UMM_AL_QURA)
