"""Kill exports at random moments (kill -9) and look: is the old file intact, or the new one complete?

python tests/bench/kill_formats.py [--kills 300] [--seed 7]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from geomap import formats
from geomap.columns import Row

sys.path.insert(0, str(Path(__file__).parent))
from bench_formats import row

SUFFIXES = (".geojson", ".geojsonl", ".jsonl", ".csv", ".gpkg", ".fgb", ".parquet", ".kml", ".kmz", ".xlsx", ".shz", ".shp")
# A bare .shp is five files, and no system replaces five at once: killed between two renames it is half. All others never.
OLD, NEW = 40, 160


def verdict(path: Path) -> str:
    """old or new where the file is whole, else what is wrong with it."""
    try:
        count = len(list(formats.read(path)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the file is not whole
        return f"half: {type(error).__name__} {error}"
    return {OLD: "old", NEW: "new"}.get(count, f"half: {count} events")


def kill_one(path: Path, rows: list[Row], seconds: float) -> None:
    """Export in a child of its own, and kill it after so many seconds."""
    child = os.fork()
    if not child:
        try:
            formats.write(rows, path)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def kills(count: int, seed: int, suffixes: tuple[str, ...] = SUFFIXES) -> Counter[tuple[str, str]]:
    """Verdicts by suffix after ``count`` kills, spread evenly over the time that an export takes."""
    chance, found = random.Random(seed), Counter[tuple[str, str]]()
    old, new = ([row(number, chance, areas=True) for number in range(size)] for size in (OLD, NEW))
    with tempfile.TemporaryDirectory() as folder:
        taken = {}
        for suffix in suffixes:
            formats.write(new, Path(folder) / f"events{suffix}")  # imports are done, and memory is warm
            begin = time.perf_counter()
            formats.write(new, Path(folder) / f"events{suffix}")
            taken[suffix] = time.perf_counter() - begin
        for number in range(count):
            suffix = suffixes[number % len(suffixes)]
            path = Path(folder) / f"events{suffix}"
            formats.write(old, path)
            kill_one(path, new, chance.uniform(0, 2.5 * taken[suffix]))
            found[suffix, verdict(path)] += 1
        for room in Path(folder).glob("*.part"):  # those killed before they had a lock are left alone for a minute
            os.utime(room, (1, 1))
        for suffix in suffixes:  # the next export clears up what killed ones left
            formats.write(old, Path(folder) / f"events{suffix}")
        left = list(Path(folder).glob("*.part"))
        if left:
            found["left over", str(len(left))] += 1
    return found


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    for (suffix, what), count in sorted(kills(asked.kills, asked.seed).items()):
        print(f"{suffix:10} {count:4} {what}")


if __name__ == "__main__":
    main()
