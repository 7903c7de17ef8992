"""The events to compare, as columns of numbers: positions on the globe, days, counts, and which party each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]

EARTH_KM = 6371.0088  # mean radius; the comparison's own scale, where a part in 300 does not matter
COUNTS = ("strikes", "killed", "vehicles_destroyed")
FEW_PARTIES = 8  # so few data sets that each has habits of its own worth learning
RECALLED_DAYS = 60.0  # the same for what a report recalls without any day: so long that its time says nothing
OPEN_DAYS = 14.0  # an event known only to lie before a day (of its announcement, of its report) is sought so far back


@dataclass(frozen=True)
class Events:
    """n events as arrays of length n. Unknown numbers are NaN, unknown words code -1; days count from 1970-01-01."""

    frame: pd.DataFrame
    ids: npt.NDArray[np.object_]
    party: Ints  # an incident holds at most one event a party: a data set, or one report
    lon: Floats  # degrees
    lat: Floats
    radius_km: Floats  # as declared (uncertainty_m)
    first: Floats  # days
    last: Floats
    counts: Mapping[str, tuple[Floats, Floats]]  # name -> (min, max)
    offset: npt.NDArray[np.bool_]  # placed by a distance from a named place
    anchor_lon: Floats
    anchor_lat: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def xyz(self) -> Floats:
        """Positions in km, earth-centred, shape (n, 3): chords stand for distances, at the poles and the antimeridian too."""
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        return EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def as_events(rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Events:
    """Rows with the columns of an event (any may be missing) as Events."""
    import pandas as pd

    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    frame = frame.reset_index(drop=True)
    first, last = _interval(frame)
    lon, lat = _numbers(frame, "lon"), _numbers(frame, "lat")
    lost = ~(np.isfinite(lon) & np.isfinite(lat))
    lon[lost] = lat[lost] = np.nan
    return Events(
        frame,
        ids=_ids(frame),
        party=_party(frame),
        lon=lon,
        lat=lat,
        radius_km=_numbers(frame, "uncertainty_m") / 1000,
        first=first,
        last=last,
        counts={name: _range(frame, name) for name in COUNTS},
        offset=_offset(frame),
        anchor_lon=_numbers(frame, "anchor_lon"),
        anchor_lat=_numbers(frame, "anchor_lat"),
    )


def _offset(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Placed by a distance from an anchor that is known?"""
    far, anchor = _numbers(frame, "distance_m"), _numbers(frame, "anchor_lat") + _numbers(frame, "anchor_lon")
    kind = column(frame, "location_type").isin(["FOH", "FO"]).to_numpy(dtype=bool)
    offset: npt.NDArray[np.bool_] = kind & (far > 0) & np.isfinite(anchor)
    return offset


def _interval(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """First and last possible day. Where only an end is known (the announcement, the report's day), some days up to it."""
    first, last = _days(frame, "date_earliest", "date"), _days(frame, "date_latest", "date")
    end = _days(frame, "reported_latest")
    back = np.full(len(frame), OPEN_DAYS)
    if "role" in frame.columns:
        recalled = np.isnan(end) & (frame["role"] == "background").to_numpy(dtype=bool) & np.isnan(first) & np.isnan(last)
        back[recalled] = RECALLED_DAYS
        end = np.where(np.isnan(end), _days(frame, "published"), end)
    last = np.where(np.isnan(last), np.where(np.isnan(first), end, first), last)
    first = np.where(np.isnan(first), last - back, first)
    return np.minimum(first, last), np.maximum(first, last)


def column(frame: pd.DataFrame, *names: str) -> pd.Series[Any]:
    """The first of these columns that the frame has, gaps filled from the next; all empty where it has none."""
    import pandas as pd

    found = [frame[name] for name in names if name in frame.columns]
    if not found:
        return pd.Series([None] * len(frame), index=frame.index, dtype=object)
    result = found[0]
    for other in found[1:]:
        result = result.where(result.notna(), other)
    return result


def _numbers(frame: pd.DataFrame, *names: str) -> Floats:
    import pandas as pd

    values: Floats = pd.to_numeric(column(frame, *names), errors="coerce").to_numpy(dtype=float, copy=True)
    values[~np.isfinite(values)] = np.nan
    return values


def _range(frame: pd.DataFrame, name: str) -> tuple[Floats, Floats]:
    low, high = _numbers(frame, f"{name}_min"), _numbers(frame, f"{name}_max")
    return low, np.where(np.isnan(high) & ~np.isnan(low), np.inf, high)


def _days(frame: pd.DataFrame, *names: str) -> Floats:
    import pandas as pd

    text = column(frame, *names)
    days = pd.to_datetime(text, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None)
    numbers = days.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(numbers), np.nan, numbers.astype(np.int64).astype(float))


def _ids(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    told = column(frame, "event_id", "id").tolist()
    ids = [v if type(v) is str else f"row-{n}" if v is None or v != v else str(v) for n, v in enumerate(told)]
    return np.array(ids, object)


def _party(frame: pd.DataFrame) -> Ints:
    """Reports count by document, data sets by name; an event with neither is a party of its own."""
    import pandas as pd

    told = column(frame, "quote").notna() & column(frame, "report_id").notna()
    by_report = "report:" + column(frame, "report_id").astype(str)
    source = column(frame, "source")
    own = pd.Series([f"row:{n}" for n in range(len(frame))], index=frame.index, dtype=object)
    by_source = ("source:" + source.astype(str)).where(source.notna(), own)
    codes: Ints = pd.factorize(by_report.where(told, by_source))[0].astype(np.int64)
    return codes
