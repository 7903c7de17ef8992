"""Pictures of a map for reports: SVG drawn by ourselves anywhere; PNG and PDF by the Chromium that is there.

A browser is the only renderer that shapes Arabic and prints the page exactly as readers see it, so PNG and PDF are the
page itself, printed without a network. Where there is no Chromium the SVG needs nothing but this package.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import OutputError
from geomap.files import whole

if TYPE_CHECKING:
    from geomap.maps.page import Map

SUFFIXES = (".png", ".pdf", ".svg")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--virtual-time-budget=20000",
)  # fmt: skip


def browser() -> str:
    """The path of a Chromium on this machine, or OutputError with the way out."""
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    raise OutputError("a .png or .pdf needs Chromium or Chrome on this machine; install it, or write an .svg or .html")


def take(chart: Map, path: Path, *, width: int = 1280, height: int = 800, scale: float = 2.0) -> None:
    """Write the map as a picture; the suffix chooses. A page's width and height are in CSS pixels, a PNG has ``scale`` squared."""
    if path.suffix.lower() == ".svg":
        with whole(path) as temporary:
            temporary.write_text(chart.svg(), encoding="utf-8", newline="\n")
        return
    with tempfile.TemporaryDirectory() as folder, whole(path) as temporary:
        page = Path(folder) / "page.html"
        page.write_text(chart.to_html(), encoding="utf-8", newline="\n")
        order = (
            ["--no-pdf-header-footer", f"--print-to-pdf={temporary}"]
            if path.suffix.lower() == ".pdf"
            else [f"--screenshot={temporary}", f"--window-size={width},{height}", f"--force-device-scale-factor={scale:g}"]
        )
        command = [
            browser(),
            *_FLAGS,
            f"--user-data-dir={folder}/profile",
            *order,
            page.as_uri() + ("" if path.suffix.lower() == ".pdf" else "#picture"),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=120, check=False)  # noqa: S603  # our own words
        except subprocess.TimeoutExpired as error:
            raise OutputError(f"{command[0]} did not finish the picture within two minutes; write an .svg or .html") from error
        if done.returncode or not temporary.stat().st_size:
            raise OutputError(f"{command[0]} could not make the picture (code {done.returncode}); write an .svg or .html")
