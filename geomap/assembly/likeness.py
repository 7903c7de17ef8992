"""How much speaks for two drafts being one attack, and what against."""

from __future__ import annotations

from collections.abc import Collection

from geomap.assembly.casualties import LEAD, are_others, as_many_died, by_killed, is_part_of, names_the_dead, same_dead
from geomap.assembly.drafts import (
    A_DAY,
    COALITION,
    Draft,
    days,
    dead,
    fits,
    head_of,
    is_before,
    is_implied,
    is_of_no_kind,
    overlap,
)
from geomap.assembly.places import TOWNS, called, is_division, share_anchor
from geomap.assembly.sites import best_site
from geomap.assembly.sums import FILLS, towns
from geomap.assembly.whereabouts import (
    HARDLY_CHANCE,
    by_place,
    dead_elsewhere,
    has_own_place,
    is_near,
    is_somewhere,
    retells,
)
from geomap.model import FLOWN, Range, Trigger, When

SAME = 1.0  # score from which two drafts are one
_A_WEEK = 7  # days
_OPENING = 5  # characters of "In"
_A_MONTH = 28  # days
_STALE = 60  # days after which an attack is hardly news that is announced
_BACK = 8  # sentences looked back
_BY_PLACE, _BY_STRIKES, _RETOLD, _NOTHING_NEW = 1.51, 0.5, 1.0, 1.2  # the most that each of these speaks for it, and a little


def likeness(earlier: Draft, later: Draft) -> float:
    """How much speaks for two drafts being one attack, less what speaks against; -9 as soon as nothing can make them one."""
    definite = later.definite
    if (earlier.factuality == "denied") != (later.factuality == "denied"):
        return SAME if (definite and not later.sites and not later.dates) or _is_denial_of(later, earlier) else -9.0
    if earlier.section is not None and later.section is not earlier.section:
        return -9.0
    if later.lead == earlier.lead and later.earlier and later.nobodys:
        return -9.0  # "jets struck A in retaliation for the drone attack on a base that killed three": what a sentence says that its attack answers
    if later.of is earlier:
        return -9.0  # "the strikes were: ...": one of them
    if later.of is not None and later.of is earlier.of and has_own_place(later, earlier) and not (definite and dead(later) == dead(earlier)):
        return -9.0
    if _hits_more_there(earlier, later):
        return SAME
    if _is_one_of(earlier, later) or _tells_where_in_it(earlier, later):
        return SAME
    if _is_one_of_their_towns(earlier, later) or _are_some_of_them(earlier, later):
        return -9.0
    dated, killed, hand = _by_date(earlier, later), by_killed(earlier, later), _by_actor(earlier, later)
    if not definite and later.lead - earlier.lead > FILLS and dated + killed + hand + _most_besides(later, dated, killed) < SAME:
        return -9.0
    score, elsewhere = 0.0, has_own_place(later, earlier)
    if definite:
        score += 2.0 - 0.2 * max(0, later.lead - earlier.lead - _BACK)
    if definite and later.lead - max(earlier.last, earlier.lead) <= 1 and not elsewhere:
        score += 0.6  # "this attack" is rather the one told last
        score += 0.6 if later.killed and not earlier.killed else 0.0
    if later.other and not same_dead(earlier, later) and not _counts_its_day(earlier, later):
        score -= 4.0
    if not definite and earlier.killed and later.killed and _fired_otherwise(earlier, later) and not killed > 0:
        score -= 2.5  # "four died in the shelling of A ...; a woman died in air raids on A"
    same_hand = hand > 0 and later.lead > earlier.lead  # "Russian raids killed seven near Deir Ezzor ... In a related development the Russian jets hit A, killing seven"
    retold = (not later.other or same_hand) and dead(later) >= HARDLY_CHANCE and same_dead(earlier, later) and dated >= 0
    if not (definite or retold) and _is_counted_from_another(earlier, later):
        score -= 2.5
    score += _RETOLD if retold else 0.0  # "an air strike on a market killed 23 ... 23 died in strikes on the market"
    if (earlier.occurred is None or days(earlier.occurred) <= A_DAY) and _opens_long_ago(later):
        score -= 2.5
    if definite and _are_of(earlier, {"missile_attack"}) and _are_of(later, FLOWN):
        score -= 0.9  # "a rocket fell on A ... air strikes near B ... the air strikes": rather those than the rocket
    if definite and (earlier.triggers[0].other or not earlier.sites) and is_of_no_kind(earlier) and not is_of_no_kind(later):
        score -= 1.5  # "elsewhere an attack left four agents dead. The air strike happened ..."
    recalled = earlier.earlier or (definite and _opens_long_ago(earlier))
    if recalled and not later.earlier and (definite or not _is_thin(earlier)):
        score -= 0.6  # "the air strike" is rather the news than the attack it answers
    if ((later.earlier and not _of_one_day(earlier, later)) or later.framed) and not definite:
        score -= 2.5  # "earlier reports" of the same day are no earlier attack
    if definite and elsewhere and any(site.rank >= 2 for site in earlier.sites):
        score -= 2.0 if later.earlier and later.occurred else 0.5  # "the shelling of A": not the one of B told before
        score -= 2.5 if dead_elsewhere(earlier, later) else 0.0
    if later.sites and (not definite or elsewhere) and _fired_otherwise(earlier, later) and not killed > 0:
        score -= 2.5
    elif not definite and later.strikes == Range(1, 1) and _fired_otherwise(earlier, later, FLOWN | {"missile_attack"}):
        score -= 2.5  # "a missile attack", after shelling
    score += dated + by_place(earlier, later) + _by_strikes(earlier, later) + killed
    score += hand
    beside = later.lead == earlier.lead and not definite or (bool(earlier.killed and later.killed) and later.passages[0] in earlier.passages)
    if (beside or (later.along and not retold and not (definite and is_near(earlier, later)))) and elsewhere:
        score -= 3.0
    if not definite and later.lead > earlier.lead and any(date.also and date.use == "event" for date in later.dates) and elsewhere:
        score -= 3.0  # "... in A. Also on Tuesday, jets struck B"
    elif not definite and later.lead > earlier.lead and any(date.sooner and date.use == "event" for date in later.dates) and _is_in_another_town(later, earlier):
        score -= 3.0  # "... in A. Earlier on Tuesday, jets struck B"
    if later.along and not definite and are_others(earlier, later):
        score -= 2.0  # "four died in the shelling of a house in the camp ... three died, too, in that of a school in the camp"
    if definite and is_part_of(later, earlier):
        score -= 2.0
    if _spells_out(earlier, later):
        score += 1.2
    if not definite and _hits_what_was_hit(earlier, later):
        score += 1.2
    if not definite and _tells_finer(earlier, later):
        score += 1.2
    if not definite and score > -1.0 and later.lead - earlier.lead <= FILLS and _is_thin(earlier) and not later.earlier and not later.other:
        score += 1.0
    if not definite and not later.along and score > -1.0 and _says_nothing_new(later):
        score += _NOTHING_NEW
    if score > 0.0 and names_the_dead(earlier, later):
        score += 1.0
    if not definite and score >= 0.0 and retells(earlier, later):
        score += 1.2
    if not definite and score > -0.5 and not later.earlier and not later.other and _complete_each_other(earlier, later):
        score += 1.2
    return score


def _is_denial_of(later: Draft, earlier: Draft) -> bool:
    """ "An air strike on A killed twelve ... The army denied carrying out any air strike in A at the time": having done that one."""
    one, other = best_site(earlier), best_site(later)
    fresh = later.other or later.earlier or later.killed or later.factuality != "denied" or later.lead == earlier.lead
    there = one is not None and other is not None and other.rank >= 2 and share_anchor(one, other)
    return not fresh and there and not (later.dates and not (later.occurred and earlier.occurred and overlap(earlier.occurred, later.occurred)))


def _counts_its_day(earlier: Draft, later: Draft) -> bool:
    """ "More strikes on Tuesday ... five on Monday and two on Tuesday": how many they were on the day just told, beside others."""
    open_ = earlier.strikes is not None and earlier.strikes.max is None and later.strikes is not None and later.strikes.max is not None
    elliptic = all(trigger.bits is None for trigger in later.triggers) and not later.sites
    return open_ and elliptic and later.lead > earlier.lead and _of_one_day(earlier, later)


def _most_besides(later: Draft, dated: float, killed: float) -> float:
    """The most that all else may add where sentences lie between two drafts, and the later one is not "the strike": its place, strikes, dead, and that it says nothing new."""
    new = bool(later.occurred or later.killed)
    return _BY_PLACE + _BY_STRIKES + (_RETOLD if dated >= 0 and killed >= 0 else 0.0) + (0.0 if new else _NOTHING_NEW)


def _is_in_another_town(later: Draft, earlier: Draft) -> bool:
    """After what is called a town, or is one, any place that was not named there, be it in the province of that name."""
    one, other = best_site(earlier), best_site(later)
    town = one is not None and (called(one) in TOWNS or (one.locality.type == "F" and called(one) != "district" and not is_division(one)))
    return town and other is not None and other.rank >= 2 and not any(share_anchor(other, site) for site in earlier.sites)


def _hits_more_there(earlier: Draft, later: Draft) -> bool:
    """ "One hit a depot, while the other destroyed three vehicles", "A drone hit a car near A. Another car was also struck in the same area"."""
    if not later.other or later.definite or later.dates or later.killed or any(trigger.form != "verb" for trigger in later.triggers):
        return False
    if later.lead == earlier.lead:
        return not later.sites
    there = all(any(share_anchor(site, own) for own in earlier.sites) or any(anchor.lookup == "" for anchor in site.locality.anchors) for site in later.sites)
    kinds = {each.event_type for each in later.triggers} <= {each.event_type for each in earlier.triggers}  # not "a rocket also hit the town"
    hand = any(actor.role == "actor" for actor in later.actors)
    return bool(later.sites) and there and kinds and not hand and later.strikes is None and later.lead - max(earlier.last, earlier.lead) <= 1


def _tells_where_in_it(earlier: Draft, later: Draft) -> bool:
    """ "Five strikes in Syria and nine in Iraq ... In Iraq, jets hit positions near Baiji": those of that country, without a number or a day of their own."""
    fresh = later.earlier or later.other or later.dates or later.killed or later.strikes is not None
    if fresh or earlier.earlier or earlier.strikes is None or (earlier.strikes.min or 0) < 2 or not 0 < later.lead - earlier.lead <= FILLS + 1:
        return False
    whole = best_site(earlier)
    start = later.passages[0].span.start
    return whole is not None and whole.rank == 1 and any(share_anchor(site, whole) and 0 <= site.span.start - start <= _OPENING for site in later.sites)


def _is_one_of(earlier: Draft, later: Draft) -> bool:
    """ "Air strikes hit Sinjar ... one strike targeted a post and another a council building": two of those told just before."""
    several = earlier.strikes is not None and (earlier.strikes.min or 0) >= 2
    bare = later.strikes == Range(1, 1) and not (later.sites or later.dates or later.killed or later.wounded)
    return bare and several and later.lead - max(earlier.last, earlier.lead) <= 1 and not later.earlier and not earlier.earlier and not later.along


def _are_some_of_them(earlier: Draft, later: Draft) -> bool:
    """ "23 strikes in Iraq ... the six strikes near Ramadi hit": fewer than were told, with a place of their own."""
    whole, some = earlier.strikes, later.strikes
    if whole is None or some is None or whole.max is None or some.max is None or not later.definite:
        return False
    over_days = earlier.occurred is not None and A_DAY < days(earlier.occurred) <= whole.max + 1  # as many days as strikes
    of_a_day = over_days and later.occurred is not None and days(later.occurred) == 1  # "two strikes over the past two days ... Yesterday's strike hit A"
    return (1 if of_a_day else 2) <= some.max < (whole.min or 0) and any(site.rank >= 2 for site in later.sites)


def _is_one_of_their_towns(earlier: Draft, later: Draft) -> bool:
    """ "Two strikes on Joun and Maaysra killed seven ... the strike on Joun killed four": a part, though it is "the strike"."""
    if earlier.strikes is None or (earlier.strikes.min or 0) < 2:
        return False
    told, here = towns(earlier), towns(later)
    if later.strikes is None:  # "separate attacks in Raqqa and Qamishli killed two ... jets targeted a post in Raqqa, killing one"
        return len(told) > 1 and len(told & here) == 1 and bool(earlier.killed and later.killed) and 0 < dead(later) < dead(earlier) and not same_dead(earlier, later)
    if later.strikes.max is None:
        return False
    if len(told) < 2 or len(told & here) != 1 or (later.strikes != Range(1, 1) and (earlier.strikes.max is not None or later.definite)):
        return False
    if later.strikes.max > 1:
        return not earlier.killed  # "strikes near A and B ... twelve strikes near A"
    return earlier.strikes.max is not None if not (earlier.killed and later.killed) else 0 < dead(later) < dead(earlier)  # who says that nobody died tells of the same attack


def _of_one_day(one: Draft, other: Draft) -> bool:
    if one.occurred is None or other.occurred is None or not (one.dates and other.dates):
        return False
    return days(one.occurred) == 1 and (one.occurred.earliest, one.occurred.latest) == (other.occurred.earliest, other.occurred.latest)


def _opens_long_ago(draft: Draft) -> bool:
    """ "In January a drone strike had killed another commander", "earlier this month": a sentence that opens so goes back."""
    spans = [date for date in (*draft.dates, *draft.reported) if date.when and (days(date.when) >= _A_WEEK or (days(date.when) > A_DAY and "up to" in date.when.rule))]
    return any(date.span.start - draft.passages[0].span.start <= _OPENING for date in spans)


def _is_counted_from_another(one: Draft, other: Draft) -> bool:
    """ "Hours earlier" beside "in 1996": the day of the one is still to be counted, that of the other is told."""
    return (one.shift is not None and not one.occurred and bool(other.occurred)) or (other.shift is not None and not other.occurred and bool(one.occurred))


def _fired_otherwise(one: Draft, other: Draft, kinds: frozenset[str] = FLOWN) -> bool:
    """Was one by guns and the other from the air?"""
    said = [{trigger.event_type for trigger in draft.triggers} - {"attack", "bombing"} for draft in (one, other)]
    return any(a == {"shelling"} and b and b <= kinds for a, b in (said, said[::-1]))


def _are_of(draft: Draft, kinds: Collection[str]) -> bool:
    return all(trigger.event_type in kinds for trigger in draft.triggers)


def _spells_out(earlier: Draft, later: Draft) -> bool:
    """Does the next sentence give the number of what were only "strikes"?"""
    one, two = earlier.strikes, later.strikes
    if _is_counted_at_last(earlier, later):
        return True
    fresh = later.along or later.other or later.earlier or later.lead == earlier.lead
    if one is None and two is not None and two.max is not None and not (fresh or later.definite or later.sites or later.dates) and later.lead - earlier.lead <= FILLS:
        return all(trigger.form == "verb" for trigger in earlier.triggers) and all(count.vague for _, count in later.killed)  # "bombs fell on A ... it says it carried out three strikes"
    if fresh or one is None or two is None or later.lead - earlier.lead > FILLS or (earlier.killed and later.killed):
        return False
    return one.max is None and (one.min or 0) <= 2 and two.max is not None and fits(one, two)


def _is_counted_at_last(earlier: Draft, later: Draft) -> bool:
    """ "A raid killed 12 in Saada ... residents said that two raids hit the house": neither where, nor when, nor other dead."""
    fresh = later.along or later.other or later.earlier or later.definite or later.sites or later.dates or later.killed or later.shift is not None
    if fresh or earlier.strikes != Range(1, 1) or later.strikes is None or not 0 < later.lead - max(earlier.lead, earlier.last) <= FILLS:
        return False
    return later.strikes.max is not None and later.strikes.max > 1


def _complete_each_other(earlier: Draft, later: Draft) -> bool:
    """Does the next sentence say where, and the one before it when? Or the next one, of jets that fired, what came of it?"""
    if later.lead - earlier.lead > FILLS or (earlier.killed and later.killed and not fits(earlier.killed[0][1].range, later.killed[0][1].range)):
        return False
    one, other = best_site(earlier), best_site(later)
    where = [any(site.rank >= 2 and site.known and not site.locality.aside for site in draft.sites) for draft in (earlier, later)]
    when = [draft.occurred is not None and days(draft.occurred) <= 3 for draft in (earlier, later)]
    if later.killed and not when[1] and where == [True, False] and all(trigger.form == "verb" or _may_be_any(trigger, earlier) for trigger in later.triggers):
        return not later.dates
    if one is not None and other is not None and share_anchor(one, other) and where[0] and when[0] != when[1]:
        return True  # "a raid hit Rafah ... it was on Thursday that Rafah was hit"
    if not earlier.sites and where[1] and all(when) and later.occurred and earlier.occurred and overlap(earlier.occurred, later.occurred):
        return True  # "a raid on a school killed 33 on Tuesday ... a school in Mansoura was levelled by raids on Tuesday morning"
    return (where == [False, True] and when == [True, False]) or (where == [True, False] and when == [False, True])


def _may_be_any(trigger: Trigger, earlier: Draft) -> bool:
    """ "33 bodies, as a result of bombing", after an air strike of which no dead were told: bombing is a word for it."""
    return not earlier.killed and trigger.event_type == "bombing" and trigger.count is None


def _hits_what_was_hit(earlier: Draft, later: Draft) -> bool:
    """ "Jets bombed a market in A ... the market was hit twice": the same thing, in no other place and on no other day."""
    fresh = later.other or later.earlier or later.along or later.shift is not None or later.dates or not 0 < later.lead - earlier.lead <= FILLS
    hit = {actor.id for actor in earlier.actors if actor.kind == "SITE"}
    again = any(actor.kind == "SITE" and actor.definite and actor.id in hit for actor in later.actors)
    return again and not fresh and not has_own_place(later, earlier)


def _tells_finer(earlier: Draft, later: Draft) -> bool:
    """ "Raids on Abu Kamal killed dozens. The jets hit the post office and a school": the next sentence names what no map has, and no other town."""
    fresh = later.occurred or later.other or later.earlier or later.along or later.shift is not None or later.lead - earlier.lead != 1
    nameless = bool(later.sites) and all(called(site) == "site" and not site.known for site in later.sites)
    return nameless and not fresh and any(site.rank >= 2 and site.known for site in earlier.sites)


def _by_date(earlier: Draft, later: Draft) -> float:
    one, other = earlier.occurred, later.occurred
    if one and other and _were_before(earlier, later):
        return -4.0
    if one and other:
        if not overlap(one, other):
            return 0.0 if later.lent and later.lead > earlier.lead and not has_own_place(later, earlier) else -4.0
        if days(other) > 1 and "time before publication" in other.rule and not is_of_no_kind(later) and are_others(earlier, later):
            return -3.0  # "a raid killed 40 ... 46 were killed in the past two days": all of these days
        if days(one) >= _A_MONTH and days(other) <= A_DAY and not later.definite and earlier.strikes is not None and earlier.strikes.max is None:
            return -3.0  # "there were three attacks in the area in October. On October 24, a drone hit a house in it": one of them
        rough = any(days(when) > 3 or (days(when) > 1 and "time before publication" in when.rule) for when in (one, other))  # "in the past 24 hours"
        return 0.3 if rough else 1.5
    if other and (_is_entry(later) or (later.stale and not later.definite and _opens_with_its_day(later))):
        return -4.0  # "jets struck A, the monitor said ... On April 1, jets struck B": what was months ago is not the news
    said = [date.when for date in later.reported if date.when], [date.when for date in earlier.reported if date.when]
    for happened, spoken in ((one, said[0]), (other, said[1])):
        if happened and any(is_before(when, happened) for when in spoken):
            return -4.0  # announced before the other one happened
        if happened and not later.definite and any(_long_before(happened, when) for when in spoken):
            return -2.5  # what was announced yesterday was not in January
    if any(when and not unsaid and any(_of_the_day(when, spoken) for spoken in told) for when, unsaid, told in ((one, other, said[0]), (other, one, said[1]))) and as_many_died(earlier, later):
        return 0.7  # "Monday's strike killed a chief ... the monitor said on Monday that a drone had killed one"
    if said[0] and said[1] and not any(overlap(one, other) for one in said[0] for other in said[1]):
        return -0.5 if any(is_before(one, other) for one in said[0] for other in said[1]) else -1.0  # "he said on Thursday ... Sources had spoken on Wednesday of 40 dead"
    return 0.0


def _is_entry(draft: Draft) -> bool:
    """ "July 19 - A drone strike killed 15 in A": a list, of which each entry opens with its day, tells of others than the news above it."""
    opens = (date for date in draft.dates if date.span.start == draft.passages[0].span.start and date.relation == "absolute")
    return not draft.definite and any(date.when is not None and days(date.when) == 1 for date in opens)


def _opens_with_its_day(draft: Draft) -> bool:
    return any(date.when == draft.occurred and date.span.start - draft.passages[0].span.start <= _OPENING for date in draft.dates)


def _were_before(earlier: Draft, later: Draft) -> bool:
    """ "A strike on Feb. 17 ... the strikes carried out earlier this month": those before it."""
    single, day = earlier.strikes == Range(1, 1), earlier.occurred
    several = later.strikes is not None and (later.strikes.min or 0) > 1
    return single and several and day is not None and days(day) <= A_DAY and any("up to publication" in date.when.rule for date in later.dates if date.when)


def _of_the_day(happened: When, spoken: When) -> bool:
    """Did somebody speak on the very day of an attack, or of a night in which it was?"""
    return days(happened) <= A_DAY and spoken.earliest is not None and happened.latest == spoken.earliest == spoken.latest


def _long_before(one: When, other: When) -> bool:
    return one.latest is not None and other.earliest is not None and (other.earliest - one.latest).days > _STALE


def _by_strikes(earlier: Draft, later: Draft) -> float:
    one, other = earlier.strikes, later.strikes
    if one is None or other is None:
        return 0.0
    if {one, other} == {Range(1, 1), Range(2, 2)} and any(trigger.double for draft in (earlier, later) for trigger in draft.triggers):
        return 0.0  # "in a double strike ..., it carried out a raid that hit", "a drone strike ... the car was struck twice"
    if later.definite:
        if one.max is not None and other.max is not None and 1 < other.max < one.max and not towns(earlier) and towns(later):
            return -6.0  # "19 strikes in Iraq ... seven of the strikes hit Ramadi"
        if other == Range(1, 1) and one.max is not None and one.max > 1:
            return -0.7  # "has launched four strikes this month. The strike took place": rather the one strike told before these
        if one.min is None or (other.min or 0) <= max(one.min, one.max or 9e9) or all(each.event_type == "attack" for each in earlier.triggers):
            return 0.0  # "a chemical attack" may have been many strikes
        return -3.0 if other.max is not None else -1.0  # "an air strike ..., in the raids": loosely said of one
    if any(all(trigger.event_type == "attack" for trigger in draft.triggers) for draft in (earlier, later)):
        return 0.0
    if one.max is not None and (other.min or 0) > 2 and other.max is None and later.sites and len(towns(earlier)) > 1 and towns(earlier) - towns(later):
        return -2.0  # "fifty raids on Saada, Hajja and Taiz ... more than 12 hit Saada"
    if one.max is None or other.max is None:
        loose = (one.max is None and (one.min or 0) <= 2 and other.max == 1) or (other.max is None and (other.min or 0) <= 2 and one.max == 1)
        nowhere = not (later.killed or later.dates or later.other or later.along or any(site.rank >= 2 for site in later.sites))  # "15 others were hurt in the strikes there"
        return 0.0 if fits(one, other) else -2.0 if not loose else 0.0 if nowhere else -1.0  # "air strikes hit a house", "an air strike hit the house"
    if one == other:
        nowhere = (one.min or 0) > 2 and later.lead - earlier.lead <= FILLS and all(site.rank < 2 or site.locality.aside for site in earlier.sites)
        return (0.8 if nowhere else 0.5) if one.min and one.min > 1 else 0.0  # "announced three strikes on the group. In a series of three strikes on A"
    bare = not (later.killed or later.wounded or later.other or later.along) and all(site.rank < 2 for site in later.sites)
    if other.max == 1 and bare and later.lead > earlier.lead and _of_one_day(earlier, later):
        return -0.4  # "three strikes hit A on Tuesday ... officials said that they had conducted a strike in the country on Tuesday"
    if one.max == 1 and earlier.lead <= LEAD and later.lead - earlier.lead <= 2 and _of_one_day(earlier, later):
        return -1.0  # "17 died in a raid on Friday", a lead says; and then: six strikes on Friday
    if _is_counted_at_last(earlier, later) or ((is_implied(earlier) or is_implied(later)) and not later.other):
        return 0.0  # "a drone struck a car ... two air strikes on the car"
    return -3.0


def _by_actor(earlier: Draft, later: Draft) -> float:
    one, other = ([actor for actor in draft.actors if actor.role == "actor" and actor.kind != "SIDE"] for draft in (earlier, later))
    if not one or not other:
        return 0.0
    heads = [{head_of(actor) for actor in actors} for actors in (one, other)]
    if heads[0] & heads[1]:
        return 0.3
    if {"us", COALITION} <= heads[0] | heads[1]:
        return 0.0  # "the U.S.-led coalition", then "U.S. forces"
    return -2.0 if all(actor.kind == "NATION" for actor in (*one, *other)) else -1.0  # "the Indian shelling": not the Pakistani one


def _is_thin(draft: Draft) -> bool:
    """Says neither on which day nor in which town: a lead that the next sentences fill in."""
    return (draft.occurred is None or days(draft.occurred) > 3) and not any(site.rank >= 2 and not site.locality.aside for site in draft.sites)


def _says_nothing_new(draft: Draft) -> bool:
    """No place that is known, day or number of its own."""
    counted = draft.strikes is not None and draft.strikes.max is not None and draft.strikes.max > 1
    return not draft.occurred and not draft.killed and not counted and not any(is_somewhere(site) for site in draft.sites)
