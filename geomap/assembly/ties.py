"""Which places the words of an attack, or of its dead, lead straight to: of "raids on a market in Derna, as troops neared Bengazi" Derna."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.assembly.drafts import Draft
from geomap.assembly.places import TOWNS, called, is_division, is_seat, is_unknown_site
from geomap.assembly.scenes import Site
from geomap.model import Span

_AND = 8  # characters between two places of a list
_WIDE_TYPES = ("region", "region-part", "FH", "F-offshore")
_WIDE = ("region", "border", "sea", "road")
_SMALL = (*TOWNS, "neighbourhood")


def loose(sites: Sequence[Site], draft: Draft) -> set[Span]:
    """The places that nothing ties to the attack, where another is tied to it.

    A province that is tied to it leaves the towns their part, unless a bare name lies in another province; a district what is called a village.
    """
    told = [each.span for each in draft.triggers] + [count.span for _, count in (*draft.killed, *draft.wounded)]
    led: list[Site] = []
    for site in sorted(sites, key=lambda each: each.span):
        if _is_led_to(site, told) or (led and goes_on(led[-1], site)):
            led.append(site)
    spots = [site for site in led if _is_spot(site)]
    if not spots:
        return {site.span for site in sites if led and site not in led and called(site) is None and all(_in_two_divisions(site, each) for each in led)}
    names = frozenset[str]().union(*(site.names for site in led))
    districts = all(called(site) == "district" for site in spots)
    return {site.span for site in sites if site.names.isdisjoint(names) and not (districts and called(site) in _SMALL)}


def goes_on(one: Site, other: Site) -> bool:
    """ "Gaza City, Rafah and Khan Younis": does a list go on from the one place to the other?"""
    return other.locality.listed and 0 <= other.span.start - one.span.end <= _AND


def _is_led_to(site: Site, told: Sequence[Span]) -> bool:
    """Do the plain words around it join it to what was told? The name alone does not: "fighters near Derna killed two"."""
    run = site.locality.run
    if run is None or site.rank < 2 or (site.locality.anchors and site.locality.anchors[0].lookup == ""):
        return False
    return any(run.start - 1 <= span.end <= site.span.start or site.span.end < span.start - 1 <= run.end for span in told)


def _is_spot(site: Site) -> bool:
    """Is it a place of its own, known or by its name: no province, no stretch of land, no market that only the words around it place?"""
    named = site.locality.type in ("F", "F-near") and called(site) != "site"
    return (site.known or named) and not is_unknown_site(site) and not _is_wide(site)


def _is_wide(site: Site) -> bool:
    """Is it a division, a coast, a stretch of land: something that a town may be in?"""
    place = site.place
    division = place is not None and place.feature_code.startswith("ADM") and called(site) != "district"
    seat = called(site) is None and is_seat(site)  # "air strikes in Saada": the province, perhaps
    return division or seat or is_division(site) or called(site) in _WIDE or site.locality.type in _WIDE_TYPES


def _in_two_divisions(one: Site, other: Site) -> bool:
    """Do two places lie in two first-level divisions, as far as is known?"""
    a, b = one.place, other.place
    return a is not None and b is not None and None not in (a.admin1, b.admin1) and (a.country, a.admin1) != (b.country, b.admin1)
