"""What GDAL reads for us, through pyogrio: FlatGeobuf, Shapefile, and GeoPackages that are not ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.errors import InputError
from geomap.formats.table import BATCH, Chunk


def read(path: Path, layer: str | None = None) -> Iterator[Chunk]:
    """A layer of any file GDAL knows (without a name: the first one with points) as chunks; positions in WGS84."""
    import pyogrio
    import shapely

    try:
        layer = layer or _layer(path)
        info = pyogrio.read_info(path, layer=layer)
        for start in range(0, max(info["features"], 1), 10 * BATCH):
            meta, _, geometries, columns = pyogrio.raw.read(
                path, layer=layer, skip_features=start, max_features=10 * BATCH, datetime_as_string=True
            )
            shapes = _wgs84(shapely.from_wkb(geometries), meta["crs"])
            yield _chunk([str(name) for name in meta["fields"]], columns, shapes)
    except pyogrio.errors.DataSourceError as error:
        raise InputError(f"cannot read {path}: {str(error).splitlines()[0]}") from error


def _layer(path: Path) -> str:
    import pyogrio

    layers = pyogrio.list_layers(path).tolist()
    if not layers:
        raise InputError(f"{path} holds no layer")
    return str(next((name for name, kind in layers if kind and "Point" in kind), layers[0][0]))


def _wgs84(shapes: Any, crs: str | None) -> Any:
    """Lon, lat on WGS84; a file without a reference system is taken to be so already."""
    if not crs or crs in ("EPSG:4326", "OGC:CRS84"):
        return shapes
    import pyproj
    import shapely

    turn = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return shapely.transform(shapes, turn.transform, interleaved=False)


def _chunk(names: list[str], columns: Any, shapes: Any) -> Chunk:
    import numpy as np
    import shapely

    chunk: Chunk = {}
    for name, column in zip(names, columns, strict=True):
        values = column.tolist()
        if column.dtype.kind == "f":
            values = [None if value != value else value for value in values]
        elif column.dtype.kind == "M":
            values = np.datetime_as_string(column).tolist()
            values = [None if value == "NaT" else value for value in values]
        chunk[name] = values
    if (shapely.get_type_id(shapes) == 0).any():
        lons, lats = shapely.get_x(shapes), shapely.get_y(shapes)
        chunk.setdefault("lon", [None if lon != lon else lon for lon in lons.tolist()])
        chunk.setdefault("lat", [None if lat != lat else lat for lat in lats.tolist()])
    elif (shapely.get_type_id(shapes) >= 3).any():
        chunk.setdefault("footprint", shapes.tolist())
    return chunk
