"""The rule of the doors: a stage stands on the ground and on no other stage; the ground stands on nothing of ours."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "geomap"
GROUND = {"model", "errors", "geodesy", "folding", "engine", "columns", "density", "languages", "files", "rtree"}
STAGES = {"reports", "annotation", "gazetteer", "resolution", "georeferencing", "assembly", "comparison", "maps", "formats"}
ABOVE = {"pipeline", "cli", "__init__", "__main__"}
# The floors of the ground: a record room at the bottom, what stands on it above.
FLOORS = {
    "errors": 0,
    "model": 0,
    "languages": 0,
    "files": 1,
    "columns": 1,
    "folding": 1,
    "geodesy": 1,
    "engine": 1,
    "rtree": 1,
    "density": 2,
}


def room(path: Path) -> str:
    first = path.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def doors(path: Path) -> set[str]:
    """Rooms of ours that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative imports hide the door"
            names = [f"{node.module}.{alias.name}" if node.module == "geomap" else node.module or "" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("geomap.")}
    return found - {"__version__"}


FILES = sorted(HOUSE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_every_file_keeps_to_its_doors(path: Path) -> None:
    here, used = room(path), doors(path)
    if here in ABOVE:
        return
    assert here in GROUND | STAGES, f"{here} is a room the plan does not know"
    others = used - {here}
    assert not others & (STAGES | ABOVE), f"{path} opens a door to {sorted(others & (STAGES | ABOVE))}"
    if here in GROUND:
        assert all(FLOORS[other] < FLOORS[here] for other in others), f"{path}: a circle on the ground"


def test_no_room_is_called_utils() -> None:
    assert not {room(path) for path in FILES} & {"utils", "helpers", "common", "misc"}


def test_no_comment_of_a_language_hides_a_pattern():
    hidden = re.compile(r"'[^']*\b[a-z]+:[A-Z@(]")  # "# said so 'TRIGGER ... date:DATE',": what a merge may leave
    found = [
        f"{path.name}:{number}"
        for path in sorted((HOUSE / "languages").glob("*.toml"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (comment := re.search(r"', (#.*)$", line)) and hidden.search(comment[1])
    ]
    assert not found
