"""Assemble: what one report says happened, its mentions joined sentence by sentence to events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from geomap.assembly.carrying import carry_days, carry_hand, carry_place, name_sides, take_headline, with_day_before, with_shift
from geomap.assembly.dealing import elsewhere
from geomap.assembly.drafts import COALITION, Draft, add_counts, days, head_of, overlap
from geomap.assembly.events import event_of, unique
from geomap.assembly.hands import name_struck, take_lead, take_sides, who_struck
from geomap.assembly.headings import as_of, headings, under_headings
from geomap.assembly.items import item
from geomap.assembly.judging import (
    is_another,
    is_campaign,
    is_event,
    is_list,
    is_of_a_war,
    is_of_weeks,
    is_old,
    is_only_mentioned,
    is_what_it_answers,
    role_of,
)
from geomap.assembly.likeness import SAME, likeness
from geomap.assembly.merging import merge_all
from geomap.assembly.namesakes import without_namesakes
from geomap.assembly.origins import origins, with_origins
from geomap.assembly.places import called, country_conflict, is_division, other_countries, same_place, share_anchor
from geomap.assembly.scenes import Scene, Site, scenes
from geomap.assembly.sections import sections, under
from geomap.assembly.sentences import days_told_after, read, told_plainly
from geomap.assembly.sums import settle_dates
from geomap.model import FLOWN, Date, Event, Georeference, Locality, Mention, Report, Trigger

__all__ = ["assemble", "tells"]

_TOLD = ("body",)
_LEAD = 3  # sentences, dateline and headline among them, that open a report
_TALE = 2  # sentences after an attack without a day in which its day may be told
_A_DAY, _A_WEEK, _A_MONTH = 2, 7, 31  # days: a night is of two
_MONTH, _A_YEAR = 28, 200  # days; less than a year, since one may be told as that year
_PLAIN = 2.0  # bits that tell of an attack by themselves
_MANY = 20  # strikes: more, without a place, are a campaign
_FROM_AFAR = FLOWN | {"missile_attack"}
_NEXT = 3  # sentences after an attack in which numbers without words of an attack still belong to it


def tells(mentions: Iterable[Mention]) -> bool:
    """Does a report speak of any attack that may have happened? Where it does not, ``assemble`` finds no event."""
    return any(isinstance(mention, Trigger) and mention.use == "event" for mention in mentions)


def assemble(report: Report, mentions: Iterable[Mention], located: Mapping[Locality, Georeference]) -> tuple[Event, ...]:
    """The events of a report. Headlines, captions and related stories make none, unless there is nothing else."""
    mentions = tuple(mentions)
    told = without_namesakes(scenes(report, mentions, located))
    over = headings(told, report)
    report = as_of(report, over)
    drafts = _drafts([scene for scene in told if scene.passage.zone in _TOLD], report)
    drafts = drafts or _drafts([scene for scene in told if scene.passage.zone == "headline"], report)
    kept = [draft for draft in drafts if is_event(draft, report) or (draft.lead and is_another(draft, drafts))]
    kept = kept or [draft for draft in drafts if _is_told_alone(draft, report)][:1]
    if all(is_old(draft, report) for draft in kept) and not is_list(kept, report):
        return ()  # a memory, a trial, a book: the mentions stay, but nothing happened now
    asserted = [draft for draft in kept if draft.factuality == "asserted"]
    main = next((draft for draft in asserted if not draft.earlier), (asserted or kept)[0])
    told_there = (scene for number, scene in enumerate(told[:_LEAD]) if scene.triggers or number == 0)  # "the Pentagon did not comment"
    lead = [actor for scene in told[:_LEAD] for actor in scene.actors if actor.role in ("actor", "source")]
    lead = sorted({*lead, *(actor for scene in told_there for actor in scene.actors if actor.role is None)}, key=lambda actor: actor.span)
    for draft in kept:
        take_lead(draft, lead, report.text)
    for draft in kept:
        if draft is not main and draft.factuality == "asserted":
            take_sides(draft, main)
    name_struck(kept, [scene for scene in told if scene.passage.zone in _TOLD])
    under_headings(kept, over)
    carry_days(kept, *([scene for scene in told if scene.passage.zone in zones] for zones in (_TOLD, ("dateline",))))
    carry_hand(kept)
    name_sides(kept, told)
    carry_place(kept)
    take_headline(main, [scene for scene in told if scene.passage.zone == "headline"])
    for draft in kept:
        draft.sites.extend([] if draft.sites else draft.spoken)
    kept = [one for draft in kept for one in days_told_after(draft)]
    pointed = origins(mentions)
    events = [event_of(draft, report, role_of(draft, main, report)) for draft in kept]
    return unique([with_origins(event, pointed) for event in events] if pointed else events)


def _is_told_alone(draft: Draft, report: Report) -> bool:
    """Is it told as news, though in no place and on no day that is known? Better than nothing, where a report tells of nothing else."""
    recalled = (draft.definite and draft.triggers[0].definite) or draft.earlier or draft.other or draft.along or draft.framed or is_old(draft, report)
    long = draft.occurred is not None or (draft.strikes is not None and (draft.strikes.min or 0) > _MANY) or is_of_a_war(draft) or (is_of_weeks(draft) and report.published is not None)
    told = draft.killed or draft.wounded or draft.vehicles or any(each.event_type != "attack" for each in draft.triggers)
    return bool(told) and not (recalled or long) and draft.factuality == "asserted" and any((each.bits or 0.0) > _PLAIN for each in draft.triggers)


def _drafts(told: list[Scene], report: Report) -> list[Draft]:
    found: list[Draft] = []
    over = sections(told, report.text)
    for number, scene in enumerate(told):
        fresh = read(scene, number)
        under(fresh, over)
        if not fresh and found and found[-1].section is not over[number]:
            continue  # "Hama province: six were hurt by a mine", after a raid in Idlib province
        if not fresh and found and number - found[-1].lead <= _NEXT:
            fresh = item(scene, number, found, report.text) or elsewhere(scene, number, found)
        if found and report.published and number - found[-1].lead <= _NEXT:  # without its day "on Tuesday" is as vague as "years ago"
            _give_back(fresh, found, number)
        for draft in fresh:
            draft.stale = _is_stale(draft, report)
        fresh = [draft for draft in fresh if not (found and (is_campaign(draft) or is_only_mentioned(draft, found))) and not is_what_it_answers(draft)]
        if fresh and number and not found:
            news, before = _of_the_news(fresh), _opening(told, number)
            _set_in(news, told[before])
            _count_in(news, told[before], before, counted_from=len(news) < len(fresh))
        if not fresh and found:
            _add_to(found, scene, number)
        found.extend(fresh)
    drafts = with_shift(merge_all(found), told, report.text)
    for draft in drafts:
        settle_dates(draft)
    return with_day_before(drafts)


def _is_stale(draft: Draft, report: Report) -> bool:
    when = draft.occurred
    return bool(report.published and when and when.latest and days(when) <= _A_DAY and (report.published - when.latest).days > _A_MONTH)


def _opening(told: Sequence[Scene], number: int) -> int:
    """The sentence before the first attack, or the one before that where it says neither where nor how many: "The army said it killed nine near A. Others had no comment. The strike ..."."""
    return next((each for each in range(number - 1, max(number - _NEXT, 0) - 1, -1) if told[each].counts or told[each].triggers or any(site.rank >= 2 for site in told[each].sites)), number - 1)


def _of_the_news(fresh: list[Draft]) -> list[Draft]:
    """ "Four died near Qatn. The raid came days after a similar one near Marib": the raid, and not those it is counted from."""
    recalled = fresh[0].definite and all(draft.earlier for draft in fresh[1:])
    return fresh[:1] if recalled else fresh


def _set_in(first: list[Draft], before: Scene) -> None:
    """ "It was market day in Derna. Two bombs later, 97 people were dead": the one place of the sentence before sets the scene."""
    held = {site.locality.within.span for site in before.sites if site.locality.within}
    towns = [site for site in before.sites if site.rank >= 2 and site.span not in held]
    own = first[0].sites and (not first[0].definite or any(site.rank >= 2 for site in first[0].sites))  # "the strike was the first in Libya": where it fell was said before
    if len(first) != 1 or own or before.triggers or len({site.names for site in towns}) != 1:
        return
    if first[0].occurred is not None and days(first[0].occurred) > _A_MONTH:
        return  # "last year 100 died in strikes across the country": in more than the one town
    first[0].sites.extend(towns)
    first[0].passages.append(before.passage)
    first[0].remarks.append("place taken from the sentence before")


def _give_back(fresh: Sequence[Draft], found: Sequence[Draft], number: int) -> None:
    """ "Two were killed, adding that the father of one had died in a strike in 2012": those told before what is recalled are the last attack's."""
    last = found[-1]
    if len(fresh) != 1 or any(not count.vague for _, count in last.killed) or last.earlier or not _is_long_ago(fresh[0], found):
        return
    old, passage = fresh[0], fresh[0].passages[0]
    opening = max((place for place in passage.breaks if place <= old.triggers[0].span.start), default=passage.span.start)
    for told in (old.killed, old.wounded, old.vehicles):
        add_counts(last, [count for _, count in told if count.span.end <= opening], number)
        told[:] = [each for each in told if each[1].span.end > opening]
    last.passages.extend([passage] if last.killed else [])


def _is_long_ago(old: Draft, found: Sequence[Draft]) -> bool:
    """In a year before the attack told last, or "several years ago"?"""
    day = next((draft.occurred for draft in reversed(found) if draft.occurred), None)
    if day is None or day.earliest is None:
        return False
    when = old.occurred
    vague = any(date.when is None and date.relation == "relative" for date in old.dates)
    return vague or bool(when and when.latest and (day.earliest - when.latest).days > _A_YEAR)


def _count_in(first: list[Draft], before: Scene, number: int, *, counted_from: bool) -> None:
    """ "The army said it had killed 27 fighters. It carried out an air strike near ...": the dead of the sentence before, by the same hand."""
    hands = [{head_of(actor) for actor in actors if actor.role in ("actor", "source") and actor.kind != "SIDE"} for actors in (first[0].actors, before.actors)]
    killers = [actor for actor in before.actors if actor.role == "actor" and actor.kind != "SIDE"]
    afar = any(trigger.event_type in _FROM_AFAR for trigger in first[0].triggers) and all(actor.role != "actor" for actor in first[0].actors)
    lent = afar and len({head_of(actor) for actor in killers}) == 1  # "The US killed two ... The drones fired a pair of missiles"
    told = [date for date in before.dates if date.use == "event"]
    day = first[0].occurred
    undated = day is None and not first[0].dates and len(told) == 1 and told[0].relation != "event"  # "was killed today, ... It hit a car in A": today
    same_day = undated or all(date.when and (overlap(date.when, day) if day else lent) for date in told)
    of_many = any(each.use == "story" and each.count is not None and each.count.max is None for each in before.triggers)  # "three days of air strikes have killed 12"
    if len(first) != 1 or first[0].killed or of_many or any(each.use != "story" for each in before.triggers) or not same_day:
        return
    there = number == 0 and not told and not before.triggers and bool({name for site in before.sites if site.rank >= 2 for name in site.names} & {name for site in first[0].sites for name in (*site.names, *site.holders)})
    forces = [actor for actor in before.actors if actor.role in ("actor", "source") and actor.kind in ("ARMY", "NATION") and (actor.armed or actor.kind == "ARMY")]
    by_force = first[0].definite and len({head_of(actor) for actor in forces}) == 1 and all(actor.role != "actor" for actor in first[0].actors)
    spoken = ((first[0].definite or there) and (not told or (counted_from and undated))) or by_force  # "the attack", "16 died south of A. They were hit by an air strike on a camp south of A": what came of it was said before
    dead = [count for count in before.counts if (count.what == "killed" and (count.total or lent or hands[0] & hands[1])) or (spoken and count.what != "vehicles")]
    add_counts(first[0], dead, number)
    if dead and (lent or by_force):  # "The command said it killed eight militants of the group. The air strike was carried out with ..."
        first[0].actors.extend([*(killers if lent else forces), *(actor for actor in before.actors if actor.role == "target")])
    first[0].passages.extend([before.passage] if dead else [])
    if dead and undated:
        first[0].dates.extend(told)
        first[0].occurred = told[0].when


def _add_to(found: list[Draft], scene: Scene, number: int) -> None:
    """A sentence without words of an attack may still say how many died, or where the camp lies."""
    if scene.passage.matter:
        return  # "on another matter, twenty died in two incidents in Baqubah"
    same = [draft for draft in found if draft.lead == found[-1].lead]
    last = next((draft for draft in reversed(same) if not draft.earlier), found[-1])
    last = _told_of_that_day(scene, last, found)
    if scene.triggers and not any(each.use == "event" for each in scene.triggers) and number - max(last.lead, last.last) <= _TALE:
        first = scene.triggers[0].span.start  # "Wednesday's attack came amid fears of an assault on the port"
        last.dates.extend(date for date in _its_day(scene, last) if date.span.end <= first)
    other = any(date.use == "frame" or _is_other_day(date, last, found) for date in scene.dates) and not _dates_it(scene, last, number)
    if other:
        last.left = number
    elif last.left == number - 1 and not any(each.definite for each in scene.triggers):
        return  # "on Saturday soldiers killed a chief. He had fled to the north, where he died with two others": of that day still
    if number - last.lead > _NEXT or other or (last.killed and not scene.triggers and any(_is_over_days(date, last) for date in scene.dates)):
        return
    here = not any(other_countries(site, own) for site in scene.sites for own in last.sites)  # "has carried out attacks in Kenya": none of this one
    if _is_their_own(scene, last, found):
        return
    named = all(each.definite and each.form == "noun" for each in scene.triggers)  # "it was the third strike by the coalition in a week", "confirmed the incident, and that the militia was responsible"
    if named and here and not (scene.counts and _is_elsewhere(scene, last)):  # "hundreds have died in coalition strikes since 2014": whoever did that
        last.actors.extend(actor for actor in scene.actors if actor.role == "actor" and who_struck(last) is None)
    if any(each.use == "event" for each in scene.triggers):
        return
    if scene.counts and _is_elsewhere(scene, last):
        last.left = number  # "a soldier died in a raid on the ground in B. The military also said 14 militants were killed": there, too
    if _is_elsewhere(scene, last) or any(date.use == "event" and date.when and days(date.when) >= _MONTH for date in scene.dates):
        return  # ... or in another year: "nearly 100 were killed there by gunmen in 2016"
    turned = min(scene.passage.turns, default=None) if last.killed else None  # "it came after an attack that killed two": other dead
    counts = [count for count in told_plainly(scene) if turned is None or count.span.start < turned]
    if len(same) > 1 and not scene.sites and all(draft.killed and draft.sites for draft in same):
        counts = []  # "five died in A, two in B, one in C. Thirty were hurt": nobody can say in which of them
    if counts:
        if last.occurred is None and last.shift is None and not last.counted:
            last.dates.extend(date for date in scene.dates if date.use == "event")
        if not last.killed and any(date.list_days for date in scene.dates):  # "separate strikes in June. On June 6 and 13, it killed four of the one and one of the other"
            last.dates.extend(date for date in scene.dates if date not in last.dates)
            last.actors.extend(actor for actor in scene.actors if actor.kind == "GROUP" and actor.role != "actor")
        if (day := _day_within(scene, last)) is not None:
            last.dates, last.occurred = [day], day.when
        add_counts(last, counts, number)
        last.passages.append(scene.passage)
    elif number - last.lead <= _TALE:
        last.dates.extend(_its_day(scene, last))
    if (scene.triggers or scene.passage.otherwise) and not counts:
        return  # "he warned of more raids on Rafah", "a bomber attacked a hotel in Baidoa": where those are, and not this one
    own = [site for site in last.sites if site.rank >= 2 and not site.locality.aside and called(site) != "border"]
    if own and number - last.lead == 1:  # "the camps were 45 km southwest of the town": of the town that the attack was told with
        wide = all(is_division(each) for each in own) and not scene.counts  # "a camp in Kirkuk province. The camp was 16 miles west of Tuz Khurmatu"
        measured = [site for site in scene.sites if site.rank == 3 and not (wide and (site.locality.aside or country_conflict(site, own[0])))]
        last.sites.extend(site for site in measured if wide or any(each.rank == 2 and share_anchor(site, each) for each in own))
        last.sites.extend(_finer(scene, own, last))
    if not scene.sites or own:
        return
    near = last.sites or last.spoken
    lies = not near and last.definite and number - last.lead == 1 and not scene.counts and all(actor.role not in ("actor", "source") for actor in scene.actors)
    if lies:
        near = [site for each in found for site in each.sites if site.rank < 2]  # "raids in the south ... The raid hit a camp. The camp is in A"
    here = bool(near) and not any(country_conflict(site, near[0]) for site in scene.sites)
    next_to = number - last.lead == 1 and not scene.dates and here
    next_to = next_to or (here and not scene.dates and number - max(last.lead, last.last) <= _TALE and all(site.rank < 2 for site in last.sites))
    next_to = next_to and (lies or not any(likeness(each, last) >= SAME for each in found if each is not last))  # else it has the place of the one it goes on with
    own_words = [site for site in scene.sites if scene.counts or site.rank == 3 or all(each.span.start >= site.span.start for each in site.locality.anchors)]  # "a curfew was imposed in the city"
    exact = [site for site in own_words if site.rank == 3 or (site.rank == 2 and (scene.counts or next_to) and not site.locality.aside)]
    if exact:
        last.sites.extend(exact)
        last.passages.append(scene.passage)


def _is_their_own(scene: Scene, draft: Draft, found: Sequence[Draft]) -> bool:
    """ "Al-Shabaab has killed thousands", "Somali forces killed eleven", after a U.S. strike: what a group or another force did itself is none of it."""
    hand = who_struck(draft)
    forces = [actor for actor in scene.actors if actor.role == "actor" and (actor.kind == "ARMY" or (actor.kind == "NATION" and actor.armed))]
    known = hand or (next(filter(None, map(who_struck, reversed(found))), None) if draft.definite else None)  # "the strike was the first this month"
    if known is not None and forces and not scene.triggers and scene.counts and COALITION not in {head_of(known), *map(head_of, forces)}:
        return all(head_of(actor) != head_of(known) for actor in forces)
    groups = [actor for actor in scene.actors if actor.role == "actor" and actor.kind == "GROUP"]
    flown = any(each.event_type in ("air_strike", "drone_strike") for each in draft.triggers)
    return bool(groups) and len(groups) == sum(actor.role == "actor" for actor in scene.actors) and (flown if hand is None else all(head_of(hand) != head_of(each) for each in groups))


def _day_within(scene: Scene, draft: Draft) -> Date | None:
    """ "A leader was killed this week ... he was killed on Tuesday": the day of the week that was told."""
    told = [date for date in scene.days if date.when and date.relation != "event" and days(date.when) == 1]
    week = draft.occurred
    within = len(told) == 1 and told[0].when is not None and week is not None and _A_DAY < days(week) <= _A_WEEK and overlap(told[0].when, week)
    return told[0] if within else None


def _is_over_days(date: Date, draft: Draft) -> bool:
    """ "85 people were killed over the past 24 hours", "hundreds of wounded in recent weeks": of more than the attack just told."""
    if date.use != "event" or date.relation != "relative":
        return False
    return draft.occurred is not None if date.when is None else "before publication" in date.when.rule


def _finer(scene: Scene, own: Sequence[Site], draft: Draft) -> list[Site]:
    """ "A raid in the district of Haydan killed seven ... The seven were killed in Marran in Haydan": what the words put into the place told before."""
    others = bool(draft.killed) and any(count.what == "killed" and count.range.min != draft.killed[0][1].range.min for count in scene.counts)
    if scene.triggers or others or any(site.locality.listed for site in own):
        return []
    again = {count.range.min for count in scene.counts} & {count.range.min for _, count in draft.killed} - {1}
    wide = bool(again) and all(is_division(site) for site in own)  # "ten died in southern Gaza ... The ten were killed in a tent in A"
    towns = [site for site in scene.sites if site.rank == 2 and not site.locality.aside]
    return [site for site in towns if wide or any(not each.names.isdisjoint(site.holders) for each in own)]


def _its_day(scene: Scene, draft: Draft) -> list[Date]:
    """ "The mission was conducted on Monday", after an attack of which only the announcement is dated, a few days later, or nothing at all."""
    said = [date.when.latest for date in draft.reported if date.when and date.when.latest]
    told = [date for date in scene.days if date.relation != "event"]
    if len(told) > 1:  # "the overnight strike came after an order on Monday": the day of the clause that opens it
        told = [date for date in told if date.span.start < min((*scene.passage.breaks, *scene.passage.turns), default=0)]
    if draft.occurred or draft.shift is not None or not scene.passage.tells or len(told) != 1 or told[0].when is None or told[0].when.earliest is None:
        return []
    near = 0 <= (min(said) - told[0].when.earliest).days <= _A_WEEK if said else told[0].relation == "relative"
    return told if near and days(told[0].when) <= _A_DAY else []


def _told_of_that_day(scene: Scene, last: Draft, found: Sequence[Draft]) -> Draft:
    """ "Days earlier a mosque was struck ... The toll on Tuesday was 15": that of the attack on Tuesday."""
    told = [date.when for date in scene.dates if date.use == "event" and date.when]
    if not told or not last.counted or last.occurred:
        return last
    return next((draft for draft in reversed(found) if draft.occurred and any(overlap(draft.occurred, when) for when in told)), last)


def _dates_it(scene: Scene, last: Draft, number: int) -> bool:
    """ "A was also struck. On May 14, three people were killed": the day and the dead of an attack of which neither was told."""
    open_ = not (last.definite or last.earlier or last.occurred or last.dates or last.killed or last.wounded) and number - last.lead == 1
    own = [date for date in scene.dates if date.use == "event" and date.when]
    return open_ and len(own) == 1 and own[0].relation != "event" and all(date.when and days(date.when) <= _A_DAY for date in own)


def _is_elsewhere(scene: Scene, draft: Draft) -> bool:
    """ "Three people were hurt by an explosion in Colombo", after an attack on another town."""
    own = [site for site in scene.sites if site.rank >= 2 and not site.locality.aside]
    if any(country_conflict(one, other) for one in own for other in draft.sites):
        return True
    its = [site for site in draft.sites if site.rank >= 2 and called(site) != "border"]  # "near the border": not elsewhere
    return bool(own and its) and not any(same_place(one, other) for one in own for other in its)


def _is_other_day(date: Date, draft: Draft, found: Sequence[Draft]) -> bool:
    """ "A week earlier a bomb had killed six": a day that the attack was not on, or where it has none, the one told before it."""
    when, day = date.when, draft.occurred or next((each.occurred for each in reversed(found) if each.occurred), None)
    if when is None or date.use not in ("event", "statement"):
        return False
    if date.use == "statement":  # "The first, on March 24, killed two. On June 6, the command said it had killed four": others
        return day is not None and day.latest is not None and when.earliest is not None and (when.earliest - day.latest).days > _A_MONTH
    return not overlap(when, day) if day is not None else days(when) > _A_MONTH  # "nearly 100 were killed there in 2016": no day of any attack in the news
