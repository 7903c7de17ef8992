"""Draw how well the plausible regions hold: share of true positions inside against the probability stated, by distance and wind.

Each row is judged by parameters fitted without its wording (five parts). Called by ``fit_density.py --picture``.
"""

from pathlib import Path
from typing import Any

import numpy as np

from geomap import density

LEVELS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95])
INK, PAPER = "#22303c", "#ffffff"
COLOURS = ("#3b6ea5", "#c0603a", "#5f8f4e", "#8a6bb1")


def held(rows: Any, folds: Any, fit: Any, replaced: Any) -> Any:
    """For each row the level of the smallest region that still holds the truth: even between 0 and 1 where all is well."""
    level = np.zeros(len(rows))
    for number in np.unique(folds):
        test = np.flatnonzero(folds == number)
        with replaced(fit(rows, np.flatnonzero(folds != number))):
            for row in test:
                one = rows.said[[row]]
                drawn = density.density(one, *density.sample(one, 1500))[0]
                at = (
                    density.relative(density.shape(one), rows.off[[row]], rows.ratio[[row]], np.array([True]))[0]
                    / rows.at[row] ** 2
                )
                level[row] = (drawn > at).mean()
    return level


def draw(rows: Any, level: Any, path: Path) -> None:
    """Two reliability diagrams side by side; bands are the 95 % that chance alone would leave."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    km, half = rows.at / 1000.0, rows.said.half
    distances = {
        "5-15 km": km <= 15,
        "15-30 km": (km > 15) & (km <= 30),
        "30-60 km": (km > 30) & (km <= 60),
        "over 60 km": km > 60,
    }
    winds = {"N E S W": half == 45.0, "NE SE SW NW": half == 22.5, "NNE and its kind": half == 11.25}
    plt.rcParams.update(
        {"font.size": 9, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "svg.hashsalt": "geomap"}
    )
    figure, panels = plt.subplots(1, 2, figsize=(9.0, 4.4), sharey=True, facecolor=PAPER)
    for panel, classes, title in zip(panels, (distances, winds), ("by stated distance", "by kind of wind"), strict=True):
        spread = 1.96 * np.sqrt(LEVELS * (1 - LEVELS) / len(rows))
        panel.fill_between(LEVELS, LEVELS - spread, LEVELS + spread, color="#d9dee3", lw=0, label="chance, all rows")
        panel.plot([0, 1], [0, 1], color="#8a949d", lw=0.8)
        panel.plot(LEVELS, [(level <= at).mean() for at in LEVELS], color=INK, lw=2.2, label=f"all ({len(rows)})")
        for (name, chosen), colour in zip(classes.items(), COLOURS, strict=False):
            inside = [(level[chosen] <= at).mean() for at in LEVELS]
            panel.plot(LEVELS, inside, color=colour, lw=1.2, marker="o", ms=3, label=f"{name} ({chosen.sum()})")
        panel.set(title=title, xlabel="stated probability of the region", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        panel.grid(color="#e6eaee", lw=0.6)
        panel.legend(frameon=False, fontsize=8, loc="upper left")
    panels[0].set_ylabel("share of true positions inside")
    figure.tight_layout()
    figure.savefig(path, dpi=150, metadata={"Software": None})
