"""Whether the dead and the hurt of two drafts may be the same."""

from __future__ import annotations

from geomap.assembly.drafts import Draft, fits, toll
from geomap.assembly.places import apart, called, holds, share_anchor
from geomap.assembly.sites import best_site
from geomap.assembly.whereabouts import HARDLY_CHANCE, has_own_place, is_one_of_several, towns_of
from geomap.model import Range

LEAD = 1  # the number of the sentence that opens a report, or follows its headline

def is_part_of(later: Draft, earlier: Draft) -> bool:
    """ "The raids on the country killed 40 ... the raids on Deir Qanun killed eight": a town of its own, and fewer dead."""
    wide = bool(earlier.sites) and all(site.rank < 2 for site in earlier.sites)
    whole, dead = toll(earlier.killed), toll(later.killed)
    fewer = whole is not None and dead is not None and dead.max is not None and dead.max < (whole.min or 0)
    fewer = fewer and not earlier.strikes == later.strikes == Range(1, 1)  # "a strike in Yemen killed a chief and his guard ... the strike hit a car at A, killing the chief"
    return wide and fewer and any(site.rank >= 2 for site in later.sites)


def are_others(earlier: Draft, later: Draft) -> bool:
    """Are the dead, or where none died the hurt, by their number not those of an attack told before?"""
    for name in ("killed", "wounded"):
        one, other = (toll([each for each in getattr(draft, name) if not each[1].vague]) for draft in (earlier, later))
        if one is not None and other is not None:
            return not fits(one, other)
    return False


def same_dead(earlier: Draft, later: Draft) -> bool:
    """ "Another attack had claimed 56 lives": the attack, in other words, where just so many died in the one told before."""
    one, other = (_said(draft) or Range(None, None) for draft in (earlier, later))
    around = any(holds(wide, site) or (wide.locality.type == "region" and not apart(wide, site)) for wide in earlier.sites for site in later.sites)
    return one.min is not None and one.min == other.min and one.min > 1 and (around or not has_own_place(later, earlier))


def _said(draft: Draft) -> Range | None:
    """The number of the dead as it was said: of "more than 150" the 150, which another sentence may give as the number."""
    dead = toll(draft.killed)
    if dead is None or dead.min is None or not (len(draft.killed) == 1 and draft.killed[0][1].rounded):
        return dead
    return Range(dead.min - 1, dead.max)


def by_killed(earlier: Draft, later: Draft) -> float:
    """How much the numbers of the dead, or where nobody says of them, of the hurt, speak for one attack or against it."""
    one, other = _said(earlier), _said(later)
    if one is None or other is None:
        hurt, again = toll(earlier.wounded), toll(later.wounded)
        same = one is not None or other is not None or hurt is None or again is None or fits(hurt, again)
        return 0.0 if same or later.definite else -1.3  # two hurt, and then one
    if one == other and one.max == 1:
        hurt = toll(earlier.wounded)
        return 1.0 if hurt is not None and hurt == toll(later.wounded) and (hurt.min or 0) > 1 else 0.3  # one and one may be two
    if one == other or (one.min == other.min and (one.min or 0) > 2 and fits(one, other)):
        return 1.0
    if later.definite and (other.min or 0) >= HARDLY_CHANCE and any(count.range.min == other.min for _, count in earlier.killed):
        return 1.0  # "the dead rose to 50. Activists had spoken of 33 ... 33 bodies were recovered after the raid"
    if fits(one, other) or later.killed[0][1].total:
        return 0.0
    if not later.definite and (one.min or 0) > (other.max or one.min or 0) and is_one_of_several(later, earlier):
        return -1.5  # "31 died in Sanaa, Saada and Bayda ... in a quarter of Sanaa 13 died"
    if names_the_dead(earlier, later):
        return 0.1
    if earlier.lead <= LEAD and later.lead - earlier.lead == 1 and earlier.killed[0][1].single and other.max == 2:
        return -0.3  # "a chief was killed in the province of Marib ... killing him and his guard"
    retold = later.killed[0][0] > later.lead  # by somebody quoted after it
    anew = retold or later.definite or later.lead == earlier.lead or not any(site.rank >= 2 for site in later.sites)
    shared = not towns_of(earlier).isdisjoint(towns_of(later)) and not _each_by_its_name(earlier, later)
    return -0.3 if anew or shared else -1.5


def names_the_dead(earlier: Draft, later: Draft) -> bool:
    """ "A chief was killed in an air strike of the coalition north of Hit. A source said that an air strike of the coalition had killed so and so": who it was, and neither where nor when."""
    fresh = later.definite or later.other or later.along or later.earlier or later.shift is not None or later.sites or later.dates
    one = earlier.lead <= LEAD and later.lead - earlier.lead == 1 and earlier.strikes == later.strikes == Range(1, 1)
    if not one or fresh or not later.killed:
        return False
    alone = bool(earlier.killed) and earlier.killed[0][1].single
    return (not earlier.killed or alone) if later.killed[0][1].single else alone  # ... or "the commander was killed along with four others"


def _each_by_its_name(earlier: Draft, later: Draft) -> bool:
    """ "Ten in the quarter of A in Aleppo ... two in the area of B, north of Aleppo": parts of one town, each with a name of its own."""
    one, other = best_site(earlier), best_site(later)
    return one is not None and other is not None and not share_anchor(one, other) and {called(one), called(other)} <= {"neighbourhood", "region"}


def as_many_died(earlier: Draft, later: Draft) -> bool:
    """Is the number of the dead the same, and nothing said of another attack?"""
    one, other = toll(earlier.killed), toll(later.killed)
    return one is not None and one == other and not (later.other or later.along or later.earlier)
