"""A georeference in the terms of Darwin Core (Location class), for those who publish by it. Unknown is left out, never zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from geomap import geodesy
from geomap.georeferencing import protocol
from geomap.model import Georeference


def terms(
    lon: float | None,
    lat: float | None,
    uncertainty_m: float | None,
    footprint: Any,
    *,
    verbatim: str | None = None,
    sources: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> dict[str, Any]:
    """The terms by name. Both spatial fits are ratios of areas: what is given over the footprint, which is the finest we have."""
    if lon is None or lat is None:
        return _known(verbatimLocality=verbatim, georeferenceRemarks="; ".join(remarks) or None)
    fit = _fit(uncertainty_m, footprint)
    return _known(
        decimalLatitude=round(lat, 7), decimalLongitude=round(lon, 7), geodeticDatum="EPSG:4326",
        coordinateUncertaintyInMeters=math.ceil(uncertainty_m) if uncertainty_m else None, pointRadiusSpatialFit=fit,
        footprintWKT=footprint.wkt if footprint is not None else None,
        footprintSRS="EPSG:4326" if footprint is not None else None,
        footprintSpatialFit=1 if footprint is not None else None,
        verbatimLocality=verbatim, georeferenceProtocol=protocol.NAME, georeferenceSources=" | ".join(sources) or None,
        georeferenceRemarks="; ".join(remarks) or None, georeferenceVerificationStatus="requires verification",
    )  # fmt: skip


def of(georeference: Georeference, text: str | None = None) -> dict[str, Any]:
    """The terms of a georeference; ``text`` is the report's, for the words as written."""
    locality = georeference.locality
    places = [resolution.place for resolution in georeference.resolutions if resolution.place is not None]
    return terms(
        georeference.lon, georeference.lat, georeference.uncertainty_m, georeference.footprint,
        verbatim=locality.span.of(text) if locality is not None and text is not None else None,
        sources=[f"{place.id} {place.source}".strip() for place in places], remarks=georeference.remarks,
    )  # fmt: skip


def _fit(radius: float | None, footprint: Any) -> float | None:
    if not radius or footprint is None or not geodesy.area(footprint):
        return None
    return round(max(1.0, math.pi * radius**2 / geodesy.area(footprint)), 3)


def _known(**named: Any) -> dict[str, Any]:
    return {name: value for name, value in named.items() if value is not None}
