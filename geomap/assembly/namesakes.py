"""Schools, mosques and streets that are called after a town far away, and do not lie in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from msgspec import structs

from geomap.assembly.places import called
from geomap.assembly.scenes import Scene, Site
from geomap.geodesy import distance

_FAR_M = 100_000.0  # from every town that the report tells of


def without_namesakes(scenes: Iterable[Scene]) -> list[Scene]:
    """The scenes, in which "the school of Thawra" of a report on Abu Kamal is not in the town of Thawra, 240 km away.

    A site that no gazetteer knows stands where the town of its name does, which is right for "the hospital of Raqqa" in a report
    on Raqqa. Where all that the report tells of is far from there, it has no point.
    """
    told = list(scenes)
    towns = [site for scene in told for site in scene.sites if site.known and site.rank >= 2 and called(site) != "site" and not site.locality.aside]
    return [replace(scene, sites=tuple(_placed(scene, towns))) for scene in told] if towns else told


def _placed(scene: Scene, towns: list[Site]) -> Iterator[Site]:
    hospitals = [actor.span.start for actor in scene.actors if actor.id == "hospital"]  # called after the town they serve
    for site in scene.sites:
        far = site.span.start not in hospitals and _is_where_its_name_is(site) and all(_far(site, town) for town in towns)
        yield Site(structs.replace(site.locality, within=None), None) if far else site


def _is_where_its_name_is(site: Site) -> bool:
    """Does a school, a mosque, a street stand on the map where the town in its name does?"""
    if called(site) != "site" or site.locality.anchors[0].parent is None or site.located is None:
        return False
    place = site.place
    return site.known and (place is None or place.feature_code.startswith(("PPL", "ADM")))


def _far(site: Site, town: Site) -> bool:
    a, b = site.located, town.located
    if a is None or b is None or a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return False
    return distance(a.lon, a.lat, b.lon, b.lat) > _FAR_M + (b.uncertainty_m or 0.0)
