"""An export that is killed half-way leaves the old file or the new one; tests/bench/kill_formats.py does it hundreds of times."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and fork are POSIX's")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_exports_leave_the_old_file_or_the_new_one() -> None:
    from kill_formats import kills

    found = kills(12, seed=3, suffixes=(".geojson", ".gpkg", ".csv", ".kmz"))
    assert sum(found.values()) == 12
    assert {what for _, what in found} <= {"old", "new"}
