"""Which drafts are events, and which of these are recalled rather than told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from geomap.assembly.drafts import Draft, days, dead, is_of_no_kind, told_days
from geomap.assembly.hands import UNNAMED
from geomap.assembly.places import share_anchor
from geomap.model import Range, Report

_LONG = 31  # days
_A_WEEK = 7
_A_THIRD = 11  # days of "early", "mid" or "late" in a month
_HUNDREDS = 200  # strikes: without an end, a day or a number of dead, no attack but a habit
_MANY = 20  # strikes: more in a span of time without a day are a campaign
_MONTH = 28  # days
_MASSES = 300  # dead, in a land, without a day: those of a war
_HEAD = 1  # the number of the sentence in which the news of a report has been told
_A_TOWN = 2  # rank of a site
_VAGUE = 3  # the most that "several" is taken to mean at least
_SURE = 2.0  # bits that tell of an attack by themselves
_AGES = 5 * 365  # days before publication after which a page that lists attacks is a history
_A_YEAR = 300  # days, about
_OLD = 365  # days before publication after which an attack alone is no news


def is_event(draft: Draft, report: Report) -> bool:
    """Does a draft say enough to be an event of its own? A bare mention of strikes is none, nor is what has not happened yet."""
    if draft.occurred and draft.occurred.earliest and report.published and draft.occurred.earliest > report.published + timedelta(days=1):
        return False
    best = max((site.rank for site in draft.sites or draft.spoken if not (draft.definite and site.locality.aside)), default=0)
    several = counted_exactly(draft) and draft.strikes is not None and (draft.strikes.min or 0) > 1
    if draft.earlier and best < 2 and not (several or draft.killed or draft.dates):
        return False  # "in response to rocket attacks on its troops"
    if draft.other and draft.shift == 0 and not (best or draft.killed or draft.wounded or counted_exactly(draft)):
        return False  # "half an hour later a helicopter appeared and fired"
    if draft.along and not (best or draft.dates or draft.killed or draft.wounded):
        return False  # "and the army answered with shelling": of the same day, but neither where nor what came of it
    vague = draft.strikes is not None and draft.strikes.max is None and (draft.strikes.min or 0) <= _VAGUE
    if draft.occurred and days(draft.occurred) >= _MONTH and best < _A_TOWN and (_kill_some(draft) or (vague and not (draft.killed or draft.wounded))):
        return False  # "in August a number of commanders were killed in air strikes", "in March, reports from strikes in Iraq"
    if draft.occurred and days(draft.occurred) >= _MONTH and draft.strikes is not None and 1 < (draft.strikes.min or 0) <= _MANY and draft.strikes.max is None and not (draft.killed or draft.wounded):
        return False  # "there were at least three drone attacks in the area in October"
    if is_of_a_war(draft):
        return False
    if report.published and is_of_weeks(draft) and best < _A_TOWN and (not draft.killed or _kill_some(draft)) and not several:
        return False  # "similar strikes in recent weeks killed several members of the group"
    counted = counted_exactly(draft)
    if draft.occurred and not (best or draft.killed) and (days(draft.occurred) > _LONG or is_old(draft, report)):
        return False  # "forces carried out three gas attacks in 2014 and 2015"
    if draft.occurred and days(draft.occurred) > _A_THIRD and best < _A_TOWN and draft.killed and draft.strikes is not None and draft.strikes.max is None and (draft.strikes.min or 0) <= _VAGUE:
        return False  # "strikes across the country have killed 120 this month"
    if draft.occurred and days(draft.occurred) > _LONG and (_is_long(draft) or (best < 2 and not counted)):
        return False  # "over the past six months", "in 2012 forces launched 41 strikes", "last year strikes killed 100 across the country"
    many = draft.strikes is not None and (draft.strikes.min or 0) > _MANY
    if not (counted or any(each.when for each in draft.dates) or draft.killed) and draft.strikes is not None and (draft.strikes.min or 0) >= _HUNDREDS:
        return False  # "it has carried out hundreds of strikes in recent years, including on the airports of Damascus and Aleppo"
    if draft.framed and (not counted or many):
        return False  # "130 air strikes since 2015"
    told = not draft.triggers[0].definite and (draft.killed or draft.wounded)  # "jets attacked camps in Libya, killing 80. ... the strikes"
    if draft.definite and not told and not (best >= 2 or (draft.occurred and days(draft.occurred) < _MONTH)):
        return False  # "the third such raid since June"
    if draft.definite and _is_bare(draft):
        return False  # "the bombing, the dead, the siege": spoken of, not told
    if draft.earlier and counted and draft.killed and any(date.relation == "event" for date in draft.dates) and not any(count.vague for _, count in draft.killed):
        return True  # "less than two weeks after a strike that killed 52", wherever that was
    said = bool(draft.occurred or draft.reported or draft.killed or counted)
    whole = counted and bool(draft.reported and draft.killed) and not (draft.definite or is_of_no_kind(draft))  # "said on Sunday that three raids killed eight", wherever that was
    return best >= 2 or (best == 1 and said) or (said and bool(draft.occurred)) or whole


def is_of_a_war(draft: Draft) -> bool:
    """ "Coalition strikes in Iraq and Syria have killed 855 civilians": all of them, since it began."""
    counted = draft.strikes is None or draft.strikes.max is not None
    return not (counted or draft.dates or draft.reported) and dead(draft) >= _MASSES and all(site.rank < _A_TOWN for site in draft.sites)


def is_what_it_answers(draft: Draft) -> bool:
    """ "Three days after 16 guards were killed in an attack", "in reply to an attack on a college": of gunmen, rather than from the air."""
    counted = any(date.relation == "event" and date.toward for date in draft.dates) and (draft.shift or 0) <= 0
    return draft.earlier and (counted or draft.nobodys) and all(each.event_type == "attack" and each.form == "noun" and not each.definite for each in draft.triggers)


def is_only_mentioned(draft: Draft, found: Sequence[Draft]) -> bool:
    """ "Families had fled from Manbij to escape bombing", after an attack on Derna: words that hardly tell of an attack, in a town of which none was told."""
    own = [site for site in draft.sites or draft.spoken if site.rank >= _A_TOWN]
    dated = any(each.when and each.relation != "event" for each in draft.dates)
    if not draft.doubtful or draft.killed or draft.wounded or dated or all(each.doubtful for each in found):
        return False
    if draft.definite and all(site.rank < _A_TOWN for each in found for site in each.sites):
        return False  # "a strike in southwest Syria ... declined to comment on the strike in Quneitra"
    return bool(own) and not any(share_anchor(site, other) for site in own for each in found for other in (*each.sites, *each.spoken))


def is_another(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """ "Six more died in another strike": of the day and place told before, unless it is one of two already told together."""
    others = [each for each in drafts if each is not draft]
    apart = all(each.strikes == Range(1, 1) for each in others) and not is_of_no_kind(draft)
    told = others if apart else drafts  # after "strikes", "twelve in three attacks" may be those just told
    together = any(counted_exactly(each) and each.strikes and (each.strikes.min or 0) >= 2 and dead(each) >= dead(draft) for each in told)
    return draft.other and bool(draft.killed) and not draft.earlier and not draft.definite and not together and not is_of_weeks(draft)


def is_campaign(draft: Draft) -> bool:
    """ "Thousands of raids over the past five weeks": too many and too long for one attack."""
    many = draft.strikes is not None and (draft.strikes.min or 0) > _MANY
    bare = not (draft.dates or draft.killed)
    if draft.strikes is not None and (draft.strikes.min or 0) >= _HUNDREDS and (bare or all(site.rank < _A_TOWN for site in draft.sites)):
        return True  # "it has carried out 470 air strikes on the town"
    if many and bare and not counted_exactly(draft) and all(site.rank < _A_TOWN for site in draft.sites):
        return True  # "it is believed to have carried out dozens of raids in Syria"
    return many and (draft.framed or (draft.occurred is not None and days(draft.occurred) > _A_WEEK))


def _is_long(draft: Draft) -> bool:
    if draft.strikes is None:
        return not draft.killed
    if draft.strikes.max is None:
        return not draft.killed or _kill_some(draft)  # "strikes have killed dozens this year"
    return (draft.strikes.min or 0) > _VAGUE


def is_of_weeks(draft: Draft) -> bool:
    """ "In recent weeks": days that no calendar gives, and no part of one."""
    return bool(draft.dates) and all(each.when is None and each.relation == "relative" and each.time_text is None for each in draft.dates)


def _is_bare(draft: Draft) -> bool:
    """Only nouns, without a day, a number, harm or somebody who did it."""
    told = draft.dates or draft.reported or draft.killed or draft.wounded or draft.vehicles or any(each.kind not in UNNAMED for each in draft.actors)
    return not told and draft.strikes is None and all(each.form == "noun" and (each.bits or 0.0) < _SURE for each in draft.triggers)


def _kill_some(draft: Draft) -> bool:
    """Did strikes without a number kill people without a number?"""
    several = draft.strikes is not None and draft.strikes.max is None
    return several and bool(draft.killed) and all(count.vague for _, count in draft.killed)


def counted_exactly(draft: Draft) -> bool:
    """Is the number of strikes said?"""
    return draft.strikes is not None and draft.strikes.max is not None


def is_old(draft: Draft, report: Report) -> bool:
    """Did it happen more than a year before the report?"""
    latest = _latest(draft)
    return latest is not None and report.published is not None and (report.published - latest).days > _OLD


def _is_of_another_year(draft: Draft, report: Report) -> bool:
    """ "Last year an air strike killed 40": of no day, and of a year that is over."""
    latest = _latest(draft)
    return draft.occurred is not None and latest is not None and report.published is not None and days(draft.occurred) > _A_YEAR and latest < report.published


def _is_told_late(draft: Draft, report: Report) -> bool:
    """Did a report have other news first, and then recall an attack, or tell of one weeks ago?"""
    latest = _latest(draft)
    said = (*draft.dates, *draft.reported)
    here = bool(said) and all(each.span.start >= draft.passages[0].span.start for each in said)  # and no form that gives the day at its head
    weeks = latest is not None and report.published is not None and (report.published - latest).days > _LONG
    return draft.lead > _HEAD and (draft.earlier or (weeks and here))


def is_list(drafts: Sequence[Draft], report: Report) -> bool:
    """Are old attacks told one by one, each with its day, its town and what came of it? A page that lists them, and no memory of one."""
    told = [draft for draft in drafts if draft.occurred and days(draft.occurred) == 1 and (draft.killed or counted_exactly(draft)) and any(site.rank >= _A_TOWN for site in draft.sites)]
    return len({draft.occurred.edtf for draft in told if draft.occurred}) > 1 and not any(_is_ages_ago(draft, report) for draft in told)


def _is_ages_ago(draft: Draft, report: Report) -> bool:
    latest = _latest(draft)
    return latest is not None and report.published is not None and (report.published - latest).days > _AGES


def role_of(draft: Draft, main: Draft, report: Report) -> Literal["main", "background"]:
    """Background is what is recalled: said to be earlier, or dated or announced before the main event."""
    if draft is main:
        return "background" if is_old(draft, report) or _is_of_another_year(draft, report) or _is_told_late(draft, report) else "main"  # an anniversary: recalled, for all that nothing else is told
    if (draft.earlier and not _is_of_that_day(draft, main)) or draft.framed or any(old(draft, report) and not old(main, report) for old in (is_old, _is_of_another_year)):
        return "background"
    if any(date.when and days(date.when) > 1 and (date.sooner or (draft.definite and "up to publication" in date.when.rule)) for date in draft.dates):
        return "background"  # "Earlier in June, a raid killed two", "the strikes carried out earlier this month", after the news
    if draft.of and (main.of or draft.of.reported):
        return "main"  # ... announced with the others
    mine, its = _latest(draft), _earliest(main)
    if its is None and mine is not None and report.published is not None and mine < report.published:
        return "background" if (report.published - mine).days > _A_WEEK else "main"  # the news has no day, and is of these
    return "background" if mine is not None and its is not None and mine < its else "main"


def _is_of_that_day(draft: Draft, main: Draft) -> bool:
    """ "Jets had struck A at dawn today", told last: an earlier wave of the day that the report is of."""
    one, other = draft.occurred, main.occurred
    return one is not None and other is not None and days(one) == days(other) == 1 and one.earliest == other.earliest


def _latest(draft: Draft) -> date | None:
    occurred, _ = told_days(draft)
    return occurred.latest if occurred else None


def _earliest(main: Draft) -> date | None:
    occurred, _ = told_days(main)
    return (occurred.earliest or occurred.latest) if occurred else None
