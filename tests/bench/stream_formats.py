"""A stream of many events into every format: processor time, and the most memory that the writer ever held.

python tests/bench/stream_formats.py [--events 1000000] [--areas] [SUFFIX ...]

Each format has a process of its own; the events are made on the way, so that nothing but the writer holds them.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bench_formats import row

from geomap import formats
from geomap.columns import Row

SUFFIXES = (".geojson", ".jsonl", ".csv", ".gpkg", ".fgb", ".parquet", ".kml", ".kmz", ".xlsx", ".shz")


def stream(count: int, areas: bool) -> Iterator[Row]:
    chance = random.Random(7)
    return (row(number, chance, areas) for number in range(count))


def child(suffix: str, count: int, areas: bool) -> None:
    """Write, and say how it went."""
    import resource
    import time

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"events{suffix}"
        formats.write(stream(10, areas), path)  # imports are no part of it
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.process_time()
        written = formats.write(stream(count, areas), path)
        seconds, size = time.process_time() - begin, path.stat().st_size
        assert written.events == count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{suffix:10} {count:9,} {seconds:8.1f} s {before / 1024:7.0f} MB before {peak / 1024:7.0f} MB at most {size / 1e6:8.0f} MB of file")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suffixes", nargs="*", default=SUFFIXES)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--areas", action="store_true", help="with both polygons")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.suffixes[0], asked.events, asked.areas)
        return
    for suffix in asked.suffixes:
        more = ["--areas"] if asked.areas else []
        subprocess.run([sys.executable, __file__, suffix, "--child", "--events", str(asked.events), *more], check=False)


if __name__ == "__main__":
    main()
