"""The harmed whom a sentence deals over several places: with words of an attack for each, for one, or for none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from geomap.assembly.drafts import Draft, add_counts, choose_date, fits, head_of, near
from geomap.assembly.hands import UNNAMED
from geomap.assembly.places import called, is_division, is_seat, other_countries, share_anchor
from geomap.assembly.scenes import Scene, Site, within
from geomap.assembly.sites import best_site
from geomap.assembly.sums import towns
from geomap.model import Count, Range, Span, Trigger

_A_MARK = 8  # characters of "a bus in" before the place
_BARE = 6  # characters of "and 12", a number without the dead
_FRONT = 9  # characters of "; and in"
_CLOSE = 6  # ... of what stands between a place and its comma, and between two of a list
_DAYS = 3  # between attacks that one report tells of together
_PARTS = ("region-part", "FH")  # "in southern Gaza": no town of its own
_HARMED = ("killed", "wounded")
_PAIR = 16  # characters between the dead and the hurt of one town
_CHANCE = 3  # dead: so many are soon told of two attacks


def clauses(scene: Scene, span: Span, told: Sequence[Site] = (), counted: frozenset[str] | None = None) -> list[Span]:
    """The clauses of a stretch that count the harmed of a town of their own, each up to the next.

    "A child died and 12 were hurt in A, two were hurt in B": what has no town of its own goes with the one before, or with the next
    where that has such a number already, and so does a day in front: "a second, on Sunday, killed two in B". ``told`` and ``counted``
    are towns and numbers of what was said before the stretch.
    """
    found: list[Span] = []
    known, waiting, idle = list(told), None, None
    for each in _stretches(scene, span):
        towns, kinds = _towns(scene, each), frozenset(count.what for count in _harmed(scene, each))
        held = {site.locality.within.span for site in towns if site.locality.within}  # "in A, north of B": A
        if kinds and not towns and all(count.placed for count in _harmed(scene, each)):
            found.append(each)  # "three in (a village that nobody knows)": of none of the others
            waiting, counted = None, kinds
        elif kinds and towns and not any(_is_told(site, known) for site in towns if site.span not in held):
            found.append(Span(waiting if waiting is not None else each.start if idle is None else idle, each.end))
            known, waiting, counted = known + towns, None, kinds
        elif counted is not None and waiting is None and not kinds & counted:
            counted |= kinds
            found[-1:] = [Span(last.start, each.end) for last in found[-1:]]
        elif waiting is None and kinds:
            waiting = each.start
        idle = (each.start if idle is None else idle) if not kinds and not towns else None
    return found


def _is_told(town: Site, known: Sequence[Site]) -> bool:
    """Is a town one of those told before, or what the text puts one of them in?"""
    return any(share_anchor(town, other) or not town.names.isdisjoint(other.holders) for other in known)


def _stretches(scene: Scene, span: Span) -> Iterator[Span]:
    """From break to break; a place in front stays with what happened there: "In Rafah, four people were killed"."""
    start = span.start
    for cut in sorted({*(each for each in (*_breaks(scene), *scene.passage.turns) if span.start < each < span.end), span.end}):
        towns = _towns(scene, Span(start, cut))
        listed = bool(towns) and any(0 <= towns[0].span.start - site.span.end <= _CLOSE for site in scene.sites if site.locality.type not in _PARTS)
        if cut == span.end or listed or not (towns and towns[0].span.start - start <= _FRONT and cut - towns[-1].span.end <= _CLOSE):
            yield Span(start, cut)
            start = cut


def _breaks(scene: Scene) -> list[int]:
    """The breaks of a sentence, but those between the dead and the hurt of one town: "five died and six were hurt in A"."""
    counts = _harmed(scene, scene.passage.span)
    pairs = [(one.span.end, other.span.start) for one, other in pairwise(counts) if (one.what, other.what) == _HARMED and not _towns(scene, Span(one.span.end, other.span.start))]
    pairs = [(end, start) for end, start in pairs if start - end <= _PAIR]
    return [each for each in scene.passage.breaks if not any(end <= each <= start for end, start in pairs)]


def _harmed(scene: Scene, span: Span) -> list[Count]:
    return [count for count in scene.counts if count.what in _HARMED and within(span, count.span.start) and (count.otherwise or not (count.part or count.later or count.row))]


def _towns(scene: Scene, span: Span) -> list[Site]:
    return [site for site in scene.sites if site.rank >= 2 and within(span, site.span.start) and not site.locality.aside and site.locality.type not in _PARTS]


def beside(scene: Scene, span: Span, triggers: Sequence[Trigger]) -> list[Span]:
    """ "Seven died in a raid on A, while three died in B": the clauses after the words of an attack that count other dead, in another town."""
    last = max(each.span.end for each in triggers)
    end = next((each for each in _breaks(scene) if each >= last), span.end)
    own = Span(span.start, end)
    sites = [site for site in scene.sites if within(own, site.span.start) and not site.locality.aside]
    counted = {count.what for count in _harmed(scene, own)}
    turn = min((each for each in scene.passage.turns if each >= last), default=span.end)
    if not any(site.rank >= 2 for site in sites):
        return []
    found = []
    for each in clauses(scene, Span(end, span.end), sites, frozenset(counted)):
        first = _harmed(scene, each)[0].what
        if each.start >= turn or first in counted:
            found.append(each)
        counted.add(first)
    return found


def part(scene: Scene, number: int, span: Span, trigger: Trigger, since: int | None = None) -> Draft:
    """What a clause without words of an attack says of one: of the kind told beside it, by a hand and with weapons it does not tell."""
    draft = Draft([scene.passage], [replace(trigger, count=None, definite=False, other=False, earlier=False)], sites=_towns(scene, span), lead=number, last=number)
    draft.dates = [date for date in scene.dates if date.use == "event" and (span.start if since is None else since) <= date.span.start < span.end]
    draft.reported = [date for date in scene.dates if date.use == "statement"]
    draft.occurred = choose_date(draft.dates)
    add_counts(draft, [count for count in scene.counts if within(span, count.span.start)], number)
    draft.remarks.append("kind of attack taken from what was told before")
    draft.other = not draft.sites  # where nobody knows, and not where the others died
    return draft


def elsewhere(scene: Scene, number: int, told: Sequence[Draft]) -> list[Draft]:
    """ "Raids on Khan Younis killed 40 ... Seven people were killed in Rafah": a sentence without words of an attack that deals its dead over towns."""
    before = told[-1]
    known = [site for draft in told for site in draft.sites if site.rank >= 2]
    if scene.triggers or not scene.passage.tells or before.earlier or any(date.use in ("frame", "aside") for date in scene.dates) or _is_by_others(scene, told):
        return []
    spans = clauses(scene, scene.passage.span)
    if len(spans) < 2 and not any(draft.sites for draft in told):
        return []  # but "raids hit several areas ... eight died in A, six in B"
    here = [site for site in before.sites if site.rank >= 2]
    dealt = len(towns(before)) > 1 and _are_fewer(scene, told)
    if dealt:
        here = []  # "raids on A and B killed nine ... Four people died in A"
    if len(spans) < 2 and (not clauses(scene, scene.passage.span, here) or _is_retold(scene, told)):
        return []
    sites = [site for draft in told for site in draft.sites]
    if sites and all(other_countries(site, other) for site in _towns(scene, scene.passage.span) for other in sites):
        return []
    opening = scene.passage.span.start
    parts = [part(scene, number, span, before.triggers[0], since=opening if span is spans[0] else None) for span in spans]
    parts = [one for each in parts for one in by_place(each, scene, number)]
    if any(_is_long_from(each, told) or _contradicts(each, told) for each in parts):
        return []
    for each in parts:  # one in a town that was told of belongs to what was told
        each.other = len(parts) < 2 and (dealt or not any(_is_told(site, known) for site in each.sites))
    return parts


def _are_fewer(scene: Scene, told: Sequence[Draft]) -> bool:
    """Are fewer said to have died than in what was told before?"""
    dead = [count.range.min or 0 for count in _harmed(scene, scene.passage.span) if count.what == "killed" and not (count.vague or count.among)]
    return bool(dead) and 0 < sum(dead) < max((count.range.min or 0 for draft in told for _, count in draft.killed), default=0)


def _is_by_others(scene: Scene, told: Sequence[Draft]) -> bool:
    """ "Pakistani soldiers killed ...", after a drone of the United States struck: another hand, and no attack of that kind."""
    hands = [{head_of(actor) for actor in actors if actor.role == "actor"} for actors in (scene.actors, [actor for draft in told for actor in draft.actors])]
    return bool(hands[0]) and not hands[0] & hands[1]


def _is_long_from(part: Draft, told: Sequence[Draft]) -> bool:
    """ "A bomb had killed six a week before": of no day near those told of, so of no attack of that kind."""
    when, known = part.occurred, [draft.occurred for draft in told if draft.occurred]
    if any(date.relation == "event" for date in part.dates):
        return True
    return when is not None and bool(known) and not any(near(when, each, _DAYS) for each in known)


def _contradicts(part: Draft, told: Sequence[Draft]) -> bool:
    """Were others told to have died in that town? Nobody can say which attack it is."""
    site = best_site(part)
    here = [draft for draft in told if site is not None and len(towns(draft)) == 1 and site.names in towns(draft)]
    return any(draft.killed and part.killed and not fits(draft.killed[0][1].range, part.killed[0][1].range) for draft in here)


def _is_retold(scene: Scene, told: Sequence[Draft]) -> bool:
    """ "A raid near Raqqa killed 33 ... 33 bodies were counted near Mansoura": the same dead; two and two may be others."""
    numbers = {count.range.min for draft in told for _, count in draft.killed}  # "at least ten were killed ... The ten were killed in A"
    return any(count.range.min in numbers and (count.range.min or 0) > _CHANCE for count in _harmed(scene, scene.passage.span))


def by_place(draft: Draft, scene: Scene, number: int) -> list[Draft]:
    """ "Strikes killed 47 people in Maghazi on Saturday and six others in Jabalia on Sunday": an attack for each number with a place of its own after it."""
    told = draft.killed if len(draft.killed) > 1 else draft.wounded
    if parts := _in_turn(draft, [count for _, count in told if count.in_turn], number):
        return parts
    counts = sorted((count for _, count in told if not count.row), key=lambda count: count.span)
    sums = len(counts) > 2 and not counts[0].some and counts[0].range.min == sum(count.range.min or 0 for count in counts[1:])
    if sums and not _is_of_the_row(draft, counts):
        told[:] = [(each, count) for each, count in told if count is not counts[0]]
        counts = counts[1:]  # "of these 24 died on Wednesday: ten in A, seven in B, seven in C"
    bare = any(count.who is None and count.span.end - count.span.start <= _BARE for count in counts[1:])  # "six in a raid on A and four in B"
    if len(counts) < 2 or (draft.strikes is not None and draft.strikes.max == 1 and not bare and not _struck_again(draft, scene, counts[-1])):
        return [draft]
    ends = [count.span.start for count in counts[1:]] + [max(site.span.end for site in draft.sites) + 1 if draft.sites else 0]
    own = [
        [site for site in draft.sites if count.span.end <= site.span.start < end and site.rank >= 2]
        for count, end in zip(counts, ends, strict=True)
    ]
    last, known = scene.passage.span.end, counts
    if not bare:  # "three women and three children in A, two women in B"
        kept = [index for index, sites in enumerate(own) if sites]
        firsts = [kept[number - 1] + 1 if number else 0 for number in range(len(kept))]
        counts, own, ends = [counts[index] for index in firsts], [own[index] for index in kept], [ends[index] for index in kept]
    placed = [sites for sites in own if sites]
    if len(own) > len(placed) > 1 and (own[-1] or len(placed) > 2) and _are_apart(placed):  # "nine in (a village that nobody knows), two in A, one in B": the nine are of none of these
        return [_part(draft, Span(count.span.start, end), sites, number) for count, sites, end in zip(counts, own, [*(each.span.start for each in counts[1:]), last], strict=True) if sites]
    starts = [scene.passage.span.start, *(count.span.start for count in counts[1:])]
    if len(own) < 2 or not _are_apart(own):
        own = _before_each(draft, known)
        if not _are_apart(own):
            return [draft]
        starts = [scene.passage.span.start, *(sites[0].span.start for sites in own[1:])]
    found: list[Draft] = []
    for start, sites, end in zip(starts, own, [*starts[1:], last], strict=True):
        stretch = Span(start, end)
        found.append(_part(draft, stretch, sites, number))
    if draft.strikes is not None and draft.strikes.max is not None and draft.strikes.max > 1:  # "two strikes killed 12 in A and 18 in B"
        for each in found:
            each.strikes = Range(1, 1) if draft.strikes.max == len(found) else None
    return found


def _is_of_the_row(draft: Draft, counts: list[Count]) -> bool:
    """ "Four died in the quarter of A, three in that of B and one in that of C": the four are no sum, for their place is such a one as the others."""
    near = [[site for site in draft.sites if one.span.end <= site.span.start < other.span.start] for one, other in pairwise(counts[:3])]
    if near[0] and all(count.placed for count in counts[1:]) and not (is_division(near[0][0]) or is_seat(near[0][0]) or near[0][0].rank < 2):
        return True  # "five in (a town) and three in B and two in C"
    kinds = [called(sites[0]) if sites else None for sites in near]
    return kinds[0] is not None and kinds[0] == kinds[1]


def _in_turn(draft: Draft, counts: list[Count], number: int) -> list[Draft]:
    """ "Raids on A and B killed eight and eleven people, respectively"."""
    held = {site.locality.within.span for site in draft.sites if site.locality.within}
    named = sorted((site for site in draft.sites if site.rank >= 2 and not site.locality.aside and site.span not in held), key=lambda site: site.span)
    if len(counts) < 2 or len(named) != len(counts) or not _are_apart([[site] for site in named]):
        return []
    parts = [_part(draft, count.span, [site], number) for count, site in zip(counts, named, strict=True)]
    hurt = [each for each in draft.wounded if each[1].in_turn] if counts[0].what == "killed" else []
    told = sorted((date for date in draft.dates if date.when and date.relation != "event"), key=lambda date: date.span)
    for place, each in enumerate(parts):
        if len(told) == len(parts):  # "on A on Monday and B on Tuesday"
            each.occurred, each.dates = told[place].when, [told[place]]
        each.wounded = hurt[place : place + 1] if len(hurt) == len(parts) else each.wounded
        if draft.strikes is not None and draft.strikes.max is not None:
            each.strikes = Range(1, 1) if draft.strikes.max == len(parts) else None
    return parts


def _struck_again(draft: Draft, scene: Scene, count: Count) -> bool:
    """ "Four died in a raid on their home in A, and six people died when a car was hit in B": has the last number words of an attack of its own?"""
    first = max((cut for cut in scene.passage.breaks if cut <= count.span.start), default=count.span.start)
    return first > draft.triggers[0].span.end and any(trigger.span.start >= count.span.end and not trigger.definite for trigger in draft.triggers[1:])


def by_target(draft: Draft, scene: Scene, number: int) -> list[Draft]:
    """ "Jets hit two launchers near Ras Lanuf; one tank near El Assah": what lies near one town and near another was hit twice."""
    held = {site.locality.within.span for site in draft.sites if site.locality.within}
    beside = [
        site for site in draft.sites
        if site.locality.type == "F-near" and site.rank >= 2 and called(site) != "site" and site.span not in held and not site.locality.aside
    ]  # fmt: skip
    if len(beside) < 2 and not (draft.killed or draft.wounded):
        beside = _marked(draft, scene, held)
    single = draft.strikes is not None and draft.strikes.max == 1
    if single or draft.definite or len(beside) < 2 or not _are_apart([[site] for site in beside]):
        return [draft]
    cuts = [max((cut for cut in scene.passage.breaks if site.span.end <= cut < after.span.start), default=None) for site, after in pairwise(beside)]
    if None in cuts:
        return [draft]
    edges = [scene.passage.span.start, *filter(None, cuts), scene.passage.span.end]
    parts = [_part(draft, Span(*stretch), [site], number) for stretch, site in zip(pairwise(edges), beside, strict=True)]
    for each in parts:
        each.strikes = None
    return parts


def by_turns(draft: Draft, scene: Scene, number: int) -> list[Draft]:
    """ "The strikes near Raqqa on 7 September, near Hit on the 10th and near Shadadi on the 12th": as many towns as days, in turn."""
    held = {site.locality.within.span for site in draft.sites if site.locality.within}
    named = sorted((site for site in draft.sites if site.rank >= 2 and not site.locality.aside and site.span not in held), key=lambda site: site.span)
    told = sorted((date for date in draft.dates if date.when and date.relation != "event" and not date.list_days), key=lambda date: date.span)
    as_many = 1 < len(named) == len(told) == len({date.when.earliest for date in told if date.when})
    single = draft.strikes is not None and draft.strikes.max == 1  # "a raid killed three in A on Monday after clashes in B on Sunday"
    if (single and (draft.killed or draft.wounded)) or not as_many or not _are_apart([[site] for site in named]):
        return [draft]
    row = sorted([*((site.span, True) for site in named), *((date.span, False) for date in told)])
    if any(one[1] is other[1] for one, other in pairwise(row)):
        return [draft]
    starts = [scene.passage.span.start, *(span.start for span, _ in row[2::2]), scene.passage.span.end]
    stretches = [Span(*stretch) for stretch in pairwise(starts)]
    said = [*(each.span for each in draft.triggers), *(count.span for _, count in (*draft.killed, *draft.wounded))]
    clauses_apart = [any(stretch.start < each < site.span.start for each in scene.passage.breaks) for stretch, site in zip(stretches, named, strict=True)]
    idle = [stretch for stretch, apart in zip(stretches, clauses_apart, strict=True) if apart and not any(within(stretch, each.start) for each in said)]
    if idle:  # "on Saturday seven died in raids on A, and on Friday, troops searched B"
        draft.dates = [date for date in draft.dates if not any(within(stretch, date.span.start) for stretch in idle)]
        draft.sites = [site for site in draft.sites if not any(within(stretch, site.span.start) for stretch in idle)]
        draft.occurred = choose_date(draft.dates)
        return [draft]
    parts = [_part(draft, stretch, [site], number) for stretch, site in zip(stretches, named, strict=True)]
    for each in parts:
        each.strikes = Range(1, 1) if draft.strikes and draft.strikes.max == len(parts) else None
        for harmed in (each.killed, each.wounded):  # "killing seven", behind both, is of neither
            harmed[:] = [(passage, count) for passage, count in harmed if row[0][0] < count.span < row[-1][0]]
    return parts


def _marked(draft: Draft, scene: Scene, held: set[Span]) -> list[Site]:
    """ "Jets bombed homes in Hodeida and a prison in Saada": the places, where something of its own stands before each."""
    named = sorted((site for site in draft.sites if site.rank >= 2 and not site.locality.aside and site.span not in held), key=lambda site: site.span)
    if len(named) != 2 or (draft.strikes and draft.strikes.max) or any(a <= b or b <= a for a in named[0].spellings for b in named[1].spellings):
        return []
    if any(site.locality.type not in ("F", "region-part") for site in named):
        return []
    joint = next((cut for cut in scene.passage.breaks if 0 < cut - named[0].span.end <= 1), None)  # "and", right after the first of them
    starts = (draft.triggers[-1].span.end, joint) if joint is not None else ()
    return named if starts and all(_A_MARK <= site.span.start - start <= 6 * _A_MARK for start, site in zip(starts, named, strict=True)) else []


def _are_apart(own: list[list[Site]]) -> bool:
    """Has each number a place, and none that of another?"""
    names = [{anchor.name for anchor in site[0].locality.anchors} for site in own if site]
    return len(names) == len(own) and not any(one & other for index, one in enumerate(names) for other in names[:index])


def _before_each(draft: Draft, counts: list[Count]) -> list[list[Site]]:
    """ "They struck A, killing two, and B, where seven died": the places that stand before each number."""
    first = [draft.triggers[0].span.start, *(count.span.end for count in counts[:-1])]
    return [
        [site for site in draft.sites if start <= site.span.start < count.span.start and site.rank >= 2 and not site.locality.aside]
        for start, count in zip(first, counts, strict=True)
    ]


def _part(draft: Draft, stretch: Span, sites: list[Site], number: int) -> Draft:
    """What a stretch of words says of one of several attacks; a day said once holds for all."""
    part = Draft(list(draft.passages), list(draft.triggers), draft.strikes, list(draft.dates), list(draft.reported), sites, lead=number)
    part.actors = [actor for actor in draft.actors if actor.kind not in UNNAMED or within(stretch, actor.span.start)]
    for counts, mine in ((draft.killed, part.killed), (draft.wounded, part.wounded), (draft.vehicles, part.vehicles)):
        mine.extend((each, count) for each, count in counts if within(stretch, count.span.start))
    own = [date for date in draft.dates if date.use == "event" and within(stretch, date.span.start)]
    part.occurred, part.dates = (choose_date(own) or draft.occurred), own or part.dates
    part.earlier, part.framed, part.other = draft.earlier, draft.framed, True
    return part
