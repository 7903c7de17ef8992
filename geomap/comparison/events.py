"""The events to compare, as columns of numbers: positions on the globe, days, counts, and which party each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geomap.folding import fold

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EARTH_KM = 6371.0088  # mean radius; the comparison's own scale, where a part in 300 does not matter
_COUNTS = ("strikes", "killed", "vehicles_destroyed")


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
    type: Ints
    actor: Ints
    counts: Mapping[str, tuple[Floats, Floats]]  # name -> (min, max)
    place: Ints

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
    first, last = _days(frame, "date_earliest", "date"), _days(frame, "date_latest", "date")
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
        last=np.maximum(last, first) if len(frame) else last,
        type=_codes(frame, "event_type"),
        actor=_codes(frame, "actor"),
        counts={name: _range(frame, name) for name in _COUNTS},
        place=_codes(frame, "anchor_name", "place"),
    )


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


def _codes(frame: pd.DataFrame, *names: str) -> Ints:
    """Words as numbers, spelling folded; -1 where there is none."""
    import pandas as pd

    words = column(frame, *names)
    codes, values = pd.factorize(words, use_na_sentinel=True)
    folded = pd.Series([_word(str(value)) for value in values], dtype=object)
    again, _ = pd.factorize(folded, use_na_sentinel=True)
    return np.where(codes < 0, -1, np.append(again, -1)[codes]).astype(np.int64)


_UNKNOWN = {"unk", "unknown", "unidentified", "na", "n/a", "none", "مجهول", "غير معروف"}


def _word(value: str) -> str | None:
    """A word folded for comparison; None where it only says that nothing is known ("actor-unk")."""
    folded = fold(value)
    return None if not folded or _UNKNOWN & {folded, folded.rsplit(" ", 1)[-1]} else folded


def _ids(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    ids = column(frame, "event_id", "id")
    return np.array([str(value) if value is not None and value == value else f"row-{n}" for n, value in enumerate(ids)], object)


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
