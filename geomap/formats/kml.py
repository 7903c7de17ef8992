"""KML 2.2 and KMZ for Google Earth: a folder a source, a time span an event, a style a precision, the doubt as an area."""

from __future__ import annotations

import json
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import IO, Any

from geomap.errors import InputError, OutputError
from geomap.formats.export import Export
from geomap.formats.styles import LOOKS, look
from geomap.formats.table import Batch, Chunk, chunked

SHOWN = (
    "date_earliest",
    "date_latest",
    "location_text",
    "uncertainty_m",
    "actor",
    "target",
    "killed_min",
    "killed_max",
    "source",
    "url",
)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document id="geomap">
<name>{name}</name>
<open>1</open>
<description>{description}</description>
"""
STYLE = """<Style id="{id}"><IconStyle><color>ff{bgr}</color><scale>{scale}</scale></IconStyle><LabelStyle><scale>0.8</scale></LabelStyle>\
<LineStyle><color>ff{bgr}</color><width>1.5</width></LineStyle><PolyStyle><color>40{bgr}</color></PolyStyle></Style>
"""


def write(export: Export, file: IO[bytes], suffix: str = ".kml") -> None:
    """Write the events; placemarks are set aside in a temporary file until all their sources are known."""
    if suffix == ".kmz":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            entry = zipfile.ZipInfo("doc.kml", (1980, 1, 1, 0, 0, 0))  # no clock: the same events, the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            try:
                with archive.open(entry, "w") as inside:  # Google Earth and GDAL know no zip64
                    _write(export, inside)
            except RuntimeError as error:
                raise OutputError(f"a KMZ holds no more than 2 GB ({error}); export to .gpkg or .fgb") from error
    else:
        _write(export, file)


def _write(export: Export, out: IO[bytes]) -> None:
    sources: dict[str, array[int]] = {}  # where in the temporary file the placemarks of a source begin and end
    with tempfile.TemporaryFile(prefix="geomap-") as aside:
        for batch in export.table:
            for source, placemark in _placemarks(batch, export):
                begin = aside.tell()
                aside.write(placemark.encode())
                sources.setdefault(source, array("q")).extend((begin, aside.tell()))
        out.write(_head(export).encode())
        if not sources:
            out.write(b"<Folder><name>events</name></Folder>\n")  # GDAL takes a document of no folders for no layers at all
        for source, ends in sources.items():
            out.write(f"<Folder><name>{_xml(source)}</name>\n".encode())
            for begin, end in zip(ends[::2], ends[1::2], strict=True):
                aside.seek(begin)
                out.write(aside.read(end - begin))
            out.write(b"</Folder>\n")
    out.write(b"</Document>\n</kml>\n")


def _head(export: Export) -> str:
    told = export.told()
    data = "".join(f'<Data name="{_xml(key)}"><value>{_xml(_plain(value))}</value></Data>' for key, value in told.items())
    styles = [STYLE.format(id=look.name, bgr=_bgr(look.colour), scale=look.size) for look in LOOKS]
    return (
        HEAD.format(name=_xml(told["title"]), description=_balloon(told.get("credits_text", "")))
        + "".join(styles)
        + f"<ExtendedData>{data}</ExtendedData>\n"
    )


def _bgr(colour: str) -> str:
    """KML turns colours round: aabbggrr."""
    return colour[4:] + colour[2:4] + colour[:2]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _placemarks(batch: Batch, export: Export) -> Iterator[tuple[str, str]]:
    names = list(batch.columns)
    shapes = None if export.geometry == "point" else _tidy(batch.areas(export.geometry))
    records = zip(*batch.columns.values(), strict=True)
    for index, (record, data, (lon, lat)) in enumerate(zip(records, _data(batch), batch.points, strict=True)):
        row = dict(zip(names, record, strict=True))
        point = "" if lon is None else f"<Point><coordinates>{lon!r},{lat!r}</coordinates></Point>"
        area = "" if shapes is None or shapes[index] is None else _polygons(shapes[index])
        geometry = f"<MultiGeometry>{point}{area}</MultiGeometry>" if point and area else point or area
        yield str(row.get("source") or "unknown source"), _placemark(row, batch.ids[index], lon, lat, data, geometry)


def _data(batch: Batch) -> Iterator[str]:
    """What is known of each event, as extended data; what stands in many rows is made once."""
    columns = []
    for name, column in batch.columns.items():
        head = f'<Data name="{_xml(name)}"><value>'
        cells = {value: f"{head}{_xml(value)}</value></Data>" for value in set(column) - {None}}
        if cells:
            cells[None] = ""
            columns.append(list(map(cells.__getitem__, column)))
    return map("".join, zip(*columns, strict=True)) if columns else iter([""] * batch.size)


def _placemark(
    row: dict[str, Any], id_: str | None, lon: float | None, lat: float | None, data: str, geometry: str
) -> str:
    style = look(row.get("precision_ged")).name
    title = row.get("location_text") or row.get("anchor_name") or row.get("event_type") or id_ or "event"
    return (
        f"<Placemark><name>{_xml(title)}</name><description>{_description(row)}</description>"
        f"{_look(row, lon, lat)}{_span(row)}<styleUrl>#{style}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{geometry}</Placemark>\n"
    )


def _description(row: dict[str, Any]) -> str:
    """Quote and facts as plain text for a balloon."""
    lines = [f"“{row['quote']}”"] if row.get("quote") else []
    lines += [f"{name}: {row[name]}" for name in SHOWN if row.get(name) is not None]
    if note := row.get("data_generalizations"):
        lines.append(str(note))
    return _balloon("\n".join(lines))


def _balloon(text: str) -> str:
    """Escaped twice: Google Earth takes the text of a description for HTML, and fills in $[name]."""
    html = escape(text).replace("$[", "$&#91;").replace("\n", "<br/>")
    return escape(html, quote=False)


def _span(row: dict[str, Any]) -> str:
    begin, end = row.get("date_earliest"), row.get("date_latest")
    ends = (f"<begin>{begin}</begin>" if begin else "") + (f"<end>{end}</end>" if end else "")
    return f"<TimeSpan>{ends}</TimeSpan>" if ends else ""


def _look(row: dict[str, Any], lon: float | None, lat: float | None) -> str:
    """A view from high enough to hold the whole doubt."""
    if lon is None:
        return ""
    distance = max(5_000.0, 4 * (row.get("uncertainty_m") or 10_000.0))
    return (
        f"<LookAt><longitude>{lon!r}</longitude><latitude>{lat!r}</latitude><altitude>0</altitude><heading>0</heading>"
        f"<tilt>0</tilt><range>{distance:.0f}</range></LookAt>"
    )


def _tidy(shapes: list[Any]) -> Any:
    from geomap.formats.shapes import tidy

    return tidy(shapes)


def _polygons(shape: Any) -> str:
    import shapely

    def ring(points: Any) -> str:
        return f"<LinearRing><coordinates>{' '.join(f'{x!r},{y!r}' for x, y in points.coords)}</coordinates></LinearRing>"

    return "".join(
        f"<Polygon><outerBoundaryIs>{ring(part.exterior)}</outerBoundaryIs>"
        + "".join(f"<innerBoundaryIs>{ring(hole)}</innerBoundaryIs>" for hole in part.interiors)
        + "</Polygon>"
        for part in shapely.get_parts(shape)
    )


def _xml(value: Any) -> str:
    return escape(str(value)).replace("\r", "&#13;")  # which XML would read as a line end of its own


# -- reading ----------------------------------------------------------------------------------------------------------

NS = "{http://www.opengis.net/kml/2.2}"


def read(path: Path) -> Iterator[Chunk]:
    """Placemarks as rows: their extended data, else their name, description, time and point."""
    from xml.etree.ElementTree import ParseError

    try:
        if path.suffix.lower() == ".kmz":
            with zipfile.ZipFile(path) as archive:
                name = next((name for name in archive.namelist() if name.lower().endswith(".kml")), None)
                if name is None:
                    raise InputError(f"{path} holds no .kml")
                with archive.open(name) as file:
                    yield from chunked(_rows(file))
        else:
            with path.open("rb") as file:
                yield from chunked(_rows(file))
    except (ParseError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is not whole KML ({error})") from error


def _rows(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    # Python's expat knows no external entities, and since 2.4.1 refuses those that swell (billion laughs).
    from xml.etree.ElementTree import iterparse

    for _, element in iterparse(file):  # noqa: S314
        if element.tag == f"{NS}Placemark":
            yield _row(element)
            element.clear()


def _row(placemark: Any) -> dict[str, Any]:
    row = {data.get("name"): data.findtext(f"{NS}value") for data in placemark.iter(f"{NS}Data")}
    found = placemark.findtext(f".//{NS}Point/{NS}coordinates")
    if found and "lon" not in row:
        lon, lat, *_ = found.strip().split(",")
        row |= {"lon": lon, "lat": lat}
    row.setdefault("lat", None)
    row.setdefault("lon", None)
    if "event_id" not in row:
        row.setdefault("id", placemark.get("id"))
        row.setdefault("place", placemark.findtext(f"{NS}name"))
        row.setdefault(
            "date_earliest", placemark.findtext(f"{NS}TimeSpan/{NS}begin") or placemark.findtext(f"{NS}TimeStamp/{NS}when")
        )
        row.setdefault(
            "date_latest", placemark.findtext(f"{NS}TimeSpan/{NS}end") or placemark.findtext(f"{NS}TimeStamp/{NS}when")
        )
    return row
