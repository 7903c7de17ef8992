"""A file is replaced whole or not at all."""

from pathlib import Path

import pytest

from geomap.errors import OutputError
from geomap.files import whole


def test_a_block_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), whole(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert path.read_text(encoding="utf-8") == "old" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_block_that_ends_well_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole(path) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "new"


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"), whole(tmp_path / "none" / "a.txt"):
        pass
