"""Fit what phrases mean in practice, and show how well it holds: geomap/density.toml and tests/bench/calibration.png.

    python tests/bench/fit_density.py ROWS.csv            # fit, cross-validate, print
    python tests/bench/fit_density.py ROWS.csv --write    # ... and replace the [fitted] table
    python tests/bench/fit_density.py ROWS.csv --picture tests/bench/calibration.png    # needs the extra [plots]

ROWS.csv has a phrase and its true position a row: text, distance_km, direction, bearing_deg, anchor_lat, anchor_lon,
true_lat, true_lon (and mgrs, so that repeated rows count once): the development half of the strikes released by the Dutch
Ministry of Defence (30 March 2023; repository siemdejong/operation-inherent-resolve).
"""

import argparse
import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from geomap import density, geodesy
from geomap.files import whole
from geomap.georeferencing.regions import LEVELS, RAYS, _outline

TABLE = Path(density.__file__).with_name("density.toml")
EXTENT_M = 12_000.0
SHORTEST_M = 5_000.0

# name -> start, prior mean, prior deviation. Priors hold what the rows alone cannot: half angles from 21,903 statements in
# Wikipedia (directions stay within 34, 30 and about 12 degrees in 95 %), the shrinking of strays from the error by distance
# class of all 739 records (p90 of error over distance: 1.4, 1.2, .6, .3 at 9, 21, 42, 120 km).
FREE = {
    "box_45": (22.0, 22.0, 5.0), "box_22": (27.0, 24.0, 5.0), "box_11": (11.0, 11.0, 3.0), "shift": (0.02, 0.0, 0.2),
    "ratio": (0.08, 0.1, 0.1), "shrink": (0.2, 0.2, 0.2), "stray": (0.4, 0.5, 0.5), "shrink_stray": (0.4, 0.5, 0.1),
    "log_stray": (-1.0, -1.0, 2.0), "log_turned": (-2.3, -2.0, 2.0),
}  # fmt: skip
FIXED = {
    "scatter_deg": 2.5, "turned": 0.25, "reference_m": 30_000.0, "shortest_m": 2_000.0, "extent_m": EXTENT_M,
    "masses": [0.905, 0.81, 0.53],
    "half_angles": [1.0, 5.625, 11.25, 22.5, 45.0, 180.0],
}  # fmt: skip
NOTES = {
    "masses": "of the model within the regions of 90, 80 and 50 %: set once so that rows judged apart come out even",
    "half_angles": "of the wind, degrees, and",
    "boxes": "the core's half width for each; those of 1 and 5.625 are not fitted (no such rows)",
    "scatter_deg": "logistic scale at the edges of the box; not fitted",
    "shift": "of the log ratio of true to stated distance",
    "ratio": "Student scale of that log ratio at the reference distance",
    "shrink": "... which falls with this power of the distance",
    "stray": "scale around the stated point over the distance, at the reference distance",
    "turned": "scale of the log ratio in a wrong direction; not fitted",
    "shrink_stray": "power with which both fall",
    "shortest_m": "below it scatter grows no further in proportion",
    "extent_m": "radial of a city like Mosul, of which most of these phrases speak; a larger anchor blurs more",
}


class Rows:
    """Phrases and true positions as columns; rows that repeat text and position count once."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            once = {(row["text"], row["mgrs"]): row for row in reversed(list(csv.DictReader(file)))}
        rows = [row for row in once.values() if float(row["distance_km"]) * 1000.0 > SHORTEST_M]
        rows.sort(key=lambda row: row["text"])

        def column(name: str) -> Any:
            return np.array([float(row[name]) for row in rows])

        self.wind = np.array([row["direction"] for row in rows])
        self.at = column("distance_km") * 1000.0
        half = np.array([geodesy.half_angle(wind) for wind in self.wind])
        step = 1852.0 / 2.0
        self.said = density.where(
            column("anchor_lon"), column("anchor_lat"), at=self.at, low=self.at - step, high=self.at + step,
            bearing=column("bearing_deg"), half=half, extent=EXTENT_M,
        )  # fmt: skip
        far, towards = geodesy.inverse(self.said.lon, self.said.lat, column("true_lon"), column("true_lat"))
        self.ratio, self.off = far / self.at, geodesy.turn(towards - self.said.bearing)
        self.group = np.array([re.sub(r"[^a-z0-9.]|approximately", "", row["text"].lower()) for row in rows])

    def __len__(self) -> int:
        return len(self.at)


def table(values: Sequence[float]) -> dict[str, Any]:
    """The fitted table of the parameter file, from the free values."""
    free = dict(zip(FREE, (float(v) for v in values), strict=True))
    weights = np.exp([0.0, free["log_stray"], free["log_turned"]])
    weights /= weights.sum()
    named = dict(zip(("weight_core", "weight_stray", "weight_turned"), weights.tolist(), strict=True))
    boxes = [3.0, 6.0, free["box_11"], free["box_22"], free["box_45"], 180.0]
    kept = {name: free[name] for name in ("shift", "ratio", "shrink", "stray", "shrink_stray")}
    return {**FIXED, "boxes": boxes, **kept, **named}


def log_likelihood(rows: Rows, fit: dict[str, Any], chosen: Any) -> Any:
    made = density.shape(rows.said[chosen], fit)
    heading = np.ones(len(chosen), dtype=bool)
    return np.log(density.relative(made, rows.off[chosen], rows.ratio[chosen], heading) * rows.ratio[chosen] ** 2)


def fit(rows: Rows, chosen: Any) -> dict[str, Any]:
    """The most likely parameters for the chosen rows, held by the priors."""

    def cost(values: Any) -> float:
        free = dict(zip(FREE, values, strict=True))
        if min(free[name] for name in ("box_45", "box_22", "box_11", "ratio", "stray")) <= 1e-3:
            return 1e9
        prior = sum(((free[name] - mean) / deviation) ** 2 / 2 for name, (_, mean, deviation) in FREE.items())
        return float(prior - log_likelihood(rows, table(values), chosen).sum())

    start = np.array([first for first, _, _ in FREE.values()])
    found = minimize(cost, start, method="Nelder-Mead", options={"maxfev": 5000, "maxiter": 5000, "adaptive": True})
    return table(found.x)


def parts(rows: Rows, count: int = 5) -> Any:
    """The part of the cross-validation that each row belongs to; rows of one wording stay together."""
    names = sorted(set(rows.group))
    fold = dict(zip(names, np.random.default_rng(0).integers(0, count, len(names)), strict=True))
    return np.array([fold[name] for name in rows.group])


def cross_validated(rows: Rows, of: Any) -> tuple[Any, Any, Any]:
    """For each row: inside its region of each level, the region's area, and its log likelihood, fitted without its part."""
    inside, area, likely = np.zeros((len(LEVELS), len(rows)), bool), np.zeros((len(LEVELS), len(rows))), np.zeros(len(rows))
    for number in np.unique(of):
        test = np.flatnonzero(of == number)
        made = fit(rows, np.flatnonzero(of != number))
        inside[:, test], area[:, test] = judge(rows, test, made)
        likely[test] = log_likelihood(rows, made, test)
    return inside, area, likely


def judge(rows: Rows, chosen: Any, made: dict[str, Any]) -> tuple[Any, Any]:
    """Whether the truth lies in the regions drawn with these parameters, and their areas in square metres."""
    inside, area = np.zeros((len(LEVELS), len(chosen)), bool), np.zeros((len(LEVELS), len(chosen)))
    with replaced(made):
        for place, row in enumerate(chosen):
            outlines = _outline(rows.said[[row]])
            x = rows.ratio[row] * np.sin(np.radians(rows.off[row]))
            y = rows.ratio[row] * np.cos(np.radians(rows.off[row])) - 1.0
            for level, outline in enumerate(outlines):
                east = np.sin(np.radians(outline[:, 0])) * outline[:, 1]
                north = np.cos(np.radians(outline[:, 0])) * outline[:, 1] - 1.0
                reach = np.hypot(east, north)[: RAYS + 1]
                inside[level, place] = np.hypot(x, y) <= np.interp(abs(np.arctan2(x, y)), np.linspace(0, np.pi, RAYS + 1), reach)
                area[level, place] = shoelace(east, north) * rows.at[row] ** 2
    return inside, area


def shoelace(x: Any, y: Any) -> float:
    return float(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2.0)


class replaced:  # noqa: N801  # reads as a word: with replaced(table)
    """These parameters instead of the file's, for a while."""

    def __init__(self, made: dict[str, Any]) -> None:
        self.made, self.before = {"fitted": made, "chosen": density.parameters()["chosen"]}, density.parameters

    def __enter__(self) -> None:
        density.parameters = lambda: self.made  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        density.parameters = self.before  # type: ignore[assignment]


def report(rows: Rows, inside: Any, area: Any) -> str:
    """Shares inside, and areas over those of circles that hold as many: the figures of the calibration scorer."""
    away = np.sort(np.hypot(rows.ratio * np.sin(np.radians(rows.off)), rows.ratio * np.cos(np.radians(rows.off)) - 1.0))
    lines = []
    for index, level in enumerate(LEVELS):
        circle = away[max(0, inside[index].sum() - 1)]
        share = area[index].sum() / (np.pi * (circle * rows.at) ** 2).sum()
        lines.append(
            f"{level:.0%} region: holds {inside[index].mean():.1%}, area {share:.2f} of circles of {circle:.2f} x distance"
        )
    return "\n".join(lines)


def write(made: dict[str, Any], rows: Rows, checked: str) -> None:
    """Replace the fitted table, with where its numbers come from; the chosen ones below it stay."""
    rest = TABLE.read_text(encoding="utf-8").partition("[chosen]")[2]
    counts = ", ".join(
        f"{(rows.said.half == half).sum()} of {name}"
        for name, half in (("N E S W", 45.0), ("NE SE SW NW", 22.5), ("NNE and its kind", 11.25))
    )
    head = [
        "# What phrases mean in practice: the parameters of geomap/density.py.", "",
        f"# Fitted by tests/bench/fit_density.py on {len(rows)} phrases of more than 5 km with their true positions, from {len(set(rows.group))} wordings",
        f"# ({counts}): the development half of the air strikes released by the Dutch Ministry of Defence",
        "# (Iraq and Syria, 2014-2019; published 30 March 2023). Staff phrases in nautical miles, not news. Anchors were",
        "# matched by name only, so that some of what strays is a wrong anchor. Priors: see the script.", "#",
        "# Cross-validated in five parts, wordings kept together:", *(f"#   {line}" for line in checked.splitlines()), "[fitted]",
    ]  # fmt: skip
    body = [f"{name} = {_toml(value)}{'  # ' + NOTES[name] if name in NOTES else ''}" for name, value in made.items()]
    with whole(TABLE) as path:
        path.write_text("\n".join([*head, *body, "", "[chosen]"]) + rest, encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    short = f"{float(value):.4g}"
    return short if "." in short and "e" not in short else f"{float(value):.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args(arguments)
    rows = Rows(options.rows)
    made = fit(rows, np.arange(len(rows)))
    inside, area = judge(rows, np.arange(len(rows)), made)
    print("fitted:", {name: np.round(value, 4).tolist() for name, value in made.items()})
    print("on the same rows:\n" + report(rows, inside, area))
    inside, area, likely = cross_validated(rows, parts(rows))
    checked = report(rows, inside, area)
    print(f"cross-validated (mean log likelihood {likely.mean():.3f}):\n{checked}")
    if options.write:
        write(made, rows, checked)
    if options.picture:
        from reliability import draw, held

        draw(rows, held(rows, parts(rows), fit, replaced), options.picture)


if __name__ == "__main__":
    main()
