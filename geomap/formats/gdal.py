"""What GDAL reads and writes for us, through pyogrio: FlatGeobuf, Shapefile, and GeoPackages that are not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geomap.errors import InputError, OutputError
from geomap.formats.export import Export
from geomap.formats.shapes import multi, tidy
from geomap.formats.table import BATCH, Batch, Chunk


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


# -- writing ----------------------------------------------------------------------------------------------------------


def shapes(batch: Batch, export: Export) -> Any:
    """The geometries asked for as an array, None where there is none; areas are MultiPolygons."""
    import numpy as np
    import shapely

    if export.geometry != "point":
        return multi(tidy(batch.areas(export.geometry)))
    lonlat = np.array([batch.lons, batch.lats], dtype=float).T  # None becomes NaN
    points = shapely.points(lonlat.reshape(-1, 2))
    points[[lon is None for lon in batch.lons]] = None
    return points


def put(
    path: Path, driver: str, export: Export, kinds: Mapping[str, str], columns: Sequence[list[Any]], geometry: Any, **options: Any
) -> None:
    """Write columns (of the names and kinds given) and geometries to a file, or with ``append=True`` to its end."""
    import numpy as np
    import pyogrio
    import shapely

    arrays = [_array(values, kind) for values, kind in zip(columns, kinds.values(), strict=True)]
    try:
        pyogrio.raw.write(
            path,
            shapely.to_wkb(geometry),
            field_data=[array for array, _ in arrays],
            field_mask=[mask for _, mask in arrays],
            fields=np.array(list(kinds), dtype=object),
            driver=driver,
            geometry_type="Point" if export.geometry == "point" else "MultiPolygon",
            crs="EPSG:4326",
            encoding="UTF-8",
            **options,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, pyogrio.errors.DataLayerError) as error:
        reason = " ".join(str(error).split())
        raise OutputError(f"the {driver} file cannot be written: {reason}; is the disk full?") from error


def _array(values: list[Any], kind: str) -> tuple[Any, Any]:
    """A numpy column and the mask of what is unknown in it."""
    import numpy as np

    mask = np.array([value is None for value in values], dtype=bool)
    if kind == "day":
        return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]"), mask
    if kind in ("whole", "number"):
        known = [0 if value is None else value for value in values]
        return np.array(known, dtype="int64" if kind == "whole" else "float64"), mask
    return np.array([*values, None], dtype=object)[:-1], mask
