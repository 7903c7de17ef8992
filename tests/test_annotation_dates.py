"""When: dates in words become days; what was only said on a day is kept apart from what happened on it."""

from datetime import date
from itertools import pairwise

import pytest
from handmade import cases, mentions, report, shown_dates

from geomap.annotation import calendar
from geomap.model import Date

CASES = [(language, *case) for language in ("en", "ar") for case in cases(f"dates.{language}.toml")]
THURSDAY = date(2017, 9, 28)


@pytest.mark.parametrize(("language", "says", "case"), CASES, ids=[says for _, says, _ in CASES])
def test_a_date_is_read_as_a_reader_would(language, says, case):
    found = [shown_dates(each) for each in mentions(says, language) if isinstance(each, Date)]
    assert found == case["dates"]


def test_without_a_day_of_publication_relative_dates_stay_open_and_absolute_ones_do_not():
    found = mentions("It was hit on Tuesday and again on 26 September 2017.", "en", published=None)
    dates = [each for each in found if isinstance(each, Date)]
    assert [each.when.edtf if each.when else None for each in dates] == [None, "2017-09-26"]
    assert dates[0].relation == "relative"


def test_a_date_points_at_its_words():
    text = "وقعت الغارة الثلاثاء الماضي."
    (found,) = [each for each in mentions(text, "ar") if isinstance(each, Date)]
    assert found.span.of(report(text, "ar").text) == "الثلاثاء الماضي"
    assert found.when and found.when.text == "الثلاثاء الماضي"


@pytest.mark.parametrize("days_before", range(8))
def test_a_bare_weekday_may_be_today_and_last_is_strictly_before(days_before):
    day = calendar.back(THURSDAY, days_before)
    bare, last = calendar.weekday(THURSDAY, day.weekday()), calendar.weekday(THURSDAY, day.weekday(), "last")
    assert bare.latest <= THURSDAY and (THURSDAY - bare.latest).days < 7
    assert last.latest < THURSDAY and (THURSDAY - last.latest).days <= 7


def test_a_day_without_a_year_rolls_back_over_leap_years():
    assert calendar.month_day(THURSDAY, 2, 29).latest == date(2016, 2, 29)
    assert calendar.month_day(THURSDAY, 2, 30) is None


def test_parts_of_a_month_and_of_a_year_cover_it_without_gaps():
    for whole in (calendar.month(2016, 2), calendar.year(2015)):
        parts = [calendar.part(whole, which) for which in ("early", "mid", "late")]
        assert parts[0].earliest == whole.earliest and parts[-1].latest == whole.latest
        assert all((b.earliest - a.latest).days == 1 for a, b in pairwise(parts))


def test_hijri_days_outside_the_tables_are_no_dates():
    assert calendar.hijri(None, 7, 1, 1200) is None
    assert calendar.hijri(THURSDAY, 7, 1).edtf == "2017-09-27"
