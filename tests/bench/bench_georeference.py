"""How fast is georeferencing?  A table of phrases to georeferences with footprints; aim: 100,000 in 5 seconds of one processor.

python tests/bench/bench_georeference.py [COUNT]
"""

import random
import sys
import time

from geomap import geodesy
from geomap.georeferencing import locate_many
from geomap.model import Distance, Locality, Offset, Place, Resolution, Span, Toponym

SPAN = Span(0, 25)
SAID = (5, 8, 10, 12, 15, 20, 25, 30, 40, 45, 60, 75, 80, 100, 120, 160, 161, 240, 300)
USUAL = [wind for wind in geodesy.WINDS if "b" not in wind]


def phrases(count: int) -> tuple[list[Locality], list[tuple[Resolution]]]:
    """Offsets from three thousand places between Morocco and Iran, the distances and winds as news give them."""
    dice = random.Random(0)
    places = [
        Place(f"x:{i}", f"Town {i}", "PPL", dice.uniform(-10, 55), dice.uniform(12, 38), dice.uniform(500, 9000))
        for i in range(3000)
    ]
    localities, resolutions = [], []
    for _ in range(count):
        place, wind, value = dice.choice(places), dice.choice(USUAL), dice.choice(SAID)
        anchor = Toponym(SPAN, place.name)
        distance = Distance(SPAN, value, value, "km", str(value), dice.choice([None, "approx"]))
        localities.append(Locality(SPAN, "FOH", (anchor,), (Offset(SPAN, distance, geodesy.BEARINGS[wind], wind),)))
        resolutions.append((Resolution(anchor, place),))
    return localities, resolutions


def main(count: int = 100_000) -> None:
    localities, resolutions = phrases(count)
    for regions, share in ((False, 1), (True, 10)):
        some = count // share
        wall, processor = time.perf_counter(), time.process_time()
        found = locate_many(localities[:some], resolutions[:some], regions=regions)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        assert all(ref.footprint is not None and ref.uncertainty_m for ref in found)
        what = "footprints and plausible regions" if regions else "footprints"
        print(f"{some} phrases with {what}: {processor:.2f} s of processor, {wall:.2f} s by the clock")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
