"""The agreement of a whole set as one quiet picture (SVG): how far accounts lie apart, and what they claim, class by class."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from geomap.comparison.agreement import CLASS_NAMES, CLASSES_KM

WIDTH, TOP, ROW, BOTTOM = 900, 104, 30, 64
NAMES, FAR, SHARES, PAIRS = (24, 208), (224, 524), (556, 816), 876  # left and right ends of the columns
LEAST_KM, MOST_KM = 0.1, 1000.0
INK, QUIET, FAINT, CLAIM = "#22282d", "#5c666e", "#d5dadd", "#eceff0"
FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif"
# Told apart by lightness too; verified against deuteranopia by their order: dark, light, light, dark.
VERDICTS = {
    "agree": ("#17607a", "agree"),
    "consistent": ("#9cc7d6", "within their uncertainty"),
    "tension": ("#f0c27a", "in tension"),
    "contradiction": ("#a8352a", "contradict"),
    "cannot_tell": ("#e3e6e8", "cannot be told"),
}


def agreement_svg(told: Mapping[str, Any]) -> str:
    """The picture of what ``Comparison.agreement`` gives; the same figures, the same bytes."""
    rows = list(_rows(told))
    height = TOP + ROW * len(rows) + BOTTOM
    title = f"{told['pairs']:,} pairs of accounts of one strike"
    body = [
        _text(NAMES[0], 34, title, size=17, weight=600),
        _text(NAMES[0], 55, _summary(told), fill=QUIET),
        *_heads(),
        *_axis(height - BOTTOM),
    ]
    for number, row in enumerate(rows):
        body += _row(TOP + ROW * number + ROW / 2, *row)
    body += _legend(height - 18)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="{escape(FONT)}" font-size="12.5" fill="{INK}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(_summary(told))}</desc>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _rows(told: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | None, tuple[float, float] | None]]:
    """Name, figures and claimed radii (km) of each line; a line without figures is a heading."""
    yield "all pairs", told, None
    bounds = (LEAST_KM, *CLASSES_KM, MOST_KM)
    if len(told["by_stated_uncertainty"]) > 1:
        yield "by stated uncertainty", None, None
        for name, some in told["by_stated_uncertainty"].items():
            place = CLASS_NAMES.index(name)
            yield name, some, (bounds[place], bounds[place + 1]) if place + 1 < len(bounds) else None
    if len(told["by_sources"]) > 1:
        yield "by two sources", None, None
        for name, some in told["by_sources"].items():
            yield name, some, None


def _summary(told: Mapping[str, Any]) -> str:
    far = told["distance_m"]
    parts = [f"half lie within {_km(far['50%'])}, nine in ten within {_km(far['90%'])}"] if far else []
    if told["share_consistent"] is not None:
        parts.append(f"{told['share_consistent']:.0%} agree or are consistent within their uncertainty")
    return "; ".join(parts) or "No pair of accounts has two places to compare"


def _km(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres < 10_000 else f"{metres / 1000:.0f} km"


def _heads() -> Iterator[str]:
    yield _text(FAR[0], 86, "how far apart: median, middle half, 10 to 90 %", fill=QUIET)
    yield _text(SHARES[0], 86, "what that means", fill=QUIET)
    yield _text(PAIRS, 86, "pairs", fill=QUIET, anchor="end")


def _axis(bottom: float) -> Iterator[str]:
    for km in (0.1, 1, 10, 100, 1000):
        at = _at(km)
        yield f'<path d="M{at:.1f} {TOP - 6}V{bottom}" stroke="{FAINT}"/>'
        label = {0.1: "100 m", 1000: "1000"}.get(km, f"{km:g} km" if km == 1 else f"{km:g}")
        yield _text(at, bottom + 16, label, fill=QUIET, anchor="middle", size=11)


def _at(km: float) -> float:
    """Where a distance stands on the logarithmic axis."""
    share = math.log(min(max(km, LEAST_KM), MOST_KM) / LEAST_KM) / math.log(MOST_KM / LEAST_KM)
    return FAR[0] + share * (FAR[1] - FAR[0])


def _row(y: float, name: str, some: Mapping[str, Any] | None, claim: tuple[float, float] | None) -> Iterator[str]:
    if some is None:
        yield _text(NAMES[0], y + 6, name, fill=QUIET, size=11.5)
        return
    yield _text(NAMES[0], y + 4, name if len(name) <= 30 else name[:29] + "…")
    yield _text(PAIRS, y + 4, f"{some['pairs']:,}", anchor="end")
    if claim:
        left, right = map(_at, claim)
        yield f'<rect x="{left:.1f}" y="{y - 11}" width="{right - left:.1f}" height="22" fill="{CLAIM}"/>'
    yield from _strip(y, {name: metres / 1000 for name, metres in some["distance_m"].items()})
    yield from _bar(y, some["verdicts"])


def _strip(y: float, km: Mapping[str, float]) -> Iterator[str]:
    if not km:
        return
    low, first, middle, third, high = (_at(km[name]) for name in ("10%", "25%", "50%", "75%", "90%"))
    yield f'<path d="M{low:.1f} {y}H{high:.1f}" stroke="{QUIET}"/>'
    yield f'<path d="M{first:.1f} {y}H{third:.1f}" stroke="{QUIET}" stroke-width="5" stroke-linecap="round" opacity=".55"/>'
    yield f'<circle cx="{middle:.1f}" cy="{y}" r="4.2" stroke="#fff"><title>median {_km(km["50%"] * 1000)}</title></circle>'


def _bar(y: float, verdicts: Mapping[str, int]) -> Iterator[str]:
    whole, left = max(sum(verdicts.values()), 1), float(SHARES[0])
    for name, (colour, says) in VERDICTS.items():
        if count := verdicts.get(name, 0):
            width = count / whole * (SHARES[1] - SHARES[0])
            told = f"<title>{says}: {count:,} ({count / whole:.0%})</title>"
            yield f'<rect x="{left:.1f}" y="{y - 7}" width="{max(width - 1, 0.5):.1f}" height="14" fill="{colour}">{told}</rect>'
            left += width


def _legend(y: float) -> Iterator[str]:
    left = float(NAMES[0])
    for colour, says in VERDICTS.values():
        yield f'<rect x="{left:.1f}" y="{y - 10}" width="12" height="12" fill="{colour}"/>'
        yield _text(left + 18, y, says, fill=QUIET, size=11.5)
        left += 34 + 6.3 * len(says)
    yield f'<rect x="{left:.1f}" y="{y - 10}" width="12" height="12" fill="{CLAIM}"/>'
    yield _text(left + 18, y, "the radius they state", fill=QUIET, size=11.5)


def _text(x: float, y: float, words: str, *, fill: str = INK, size: float = 12.5, weight: int = 400, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
