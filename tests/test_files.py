"""A file is replaced whole or not at all."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from geomap.errors import OutputError
from geomap.files import recover, whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_block_that_ends_well_replaces_the_file(tmp_path: Path) -> None:
    target = tmp_path / "سرت.csv"
    target.write_text("old", encoding="utf-8")
    with whole(target) as temporary:
        temporary.write_text("new", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "old"
    assert target.read_text(encoding="utf-8") == "new"
    assert names(tmp_path) == ["سرت.csv"]


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), whole(target) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("path", ["missing/a.csv", "."])
def test_a_place_that_cannot_be_written_gives_one_line(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError) as caught, whole(tmp_path / path):
        pass
    assert "cannot write" in str(caught.value) and "\n" not in str(caught.value) and ";" in str(caught.value)


def test_a_full_disk_gives_one_line_and_another_error_of_the_block_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No space left"), whole(tmp_path / "a.csv"):
        raise OSError(28, "No space left on device")
    with pytest.raises(FileNotFoundError), whole(tmp_path / "a.csv"):
        (tmp_path / "input.txt").open(encoding="utf-8")
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_is_written_to_and_not_replaced() -> None:
    with pytest.raises(OutputError, match="No space left"), whole("/dev/full") as temporary:
        temporary.write_text("a" * 100_000, encoding="utf-8")
    assert Path("/dev/full").is_char_device()


def test_a_link_keeps_pointing_and_its_target_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old", encoding="utf-8")
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("no links here")
    with whole(link) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert link.is_symlink() and real.read_text(encoding="utf-8") == "new"


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX's")
def test_rights_stay_as_they_were_and_a_new_file_has_the_usual_ones(tmp_path: Path) -> None:
    target, usual = tmp_path / "a.csv", tmp_path / "usual"
    usual.touch()
    for wanted in (usual.stat().st_mode, 0o100640):
        with whole(target) as temporary:
            temporary.touch()
        assert target.stat().st_mode == wanted
        target.chmod(0o640)


def test_two_writers_at_once_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    with whole(target) as first:
        first.write_text("first", encoding="utf-8")
        with whole(target) as second:
            second.write_text("second", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "second"
    assert target.read_text(encoding="utf-8") == "first"


def test_a_folder_whose_writer_was_killed_before_it_had_a_lock_goes_after_a_while(tmp_path: Path) -> None:
    with whole(tmp_path / "a.csv") as temporary:
        temporary.touch()
        forsaken = Path(f"{temporary.parent}".removesuffix(".part") + "x.part")
        forsaken.mkdir()
    with whole(tmp_path / "a.csv") as temporary:
        temporary.touch()
        assert forsaken.exists()  # its writer may just be beginning
        os.utime(forsaken, (1, 1))
    with whole(tmp_path / "a.csv") as temporary:
        temporary.touch()
    assert not forsaken.exists()


EXCHANGER = """
    import os, sys
    from pathlib import Path
    from geomap.files import whole
    replace, left = Path.replace, int(sys.argv[2])
    def killed(self, target):
        global left
        if not left:
            os.kill(os.getpid(), 9)
        left -= 1
        return replace(self, target)
    Path.replace = killed
    with whole(sys.argv[1], (".dbf", ".prj", ".qix")) as temporary:
        for suffix in (".shp", ".dbf", ".prj"):
            temporary.with_suffix(suffix).write_text("new", encoding="utf-8")
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("steps", range(8))
def test_a_killed_exchange_of_several_files_is_never_seen_half_and_is_completed(steps: int, tmp_path: Path) -> None:
    target = tmp_path / "a.shp"
    both = [target, target.with_suffix(".dbf")]
    for path in (*both, target.with_suffix(".qix")):  # an index that someone made over the old ones
        path.write_text("old", encoding="utf-8")
    subprocess.run([sys.executable, "-c", textwrap.dedent(EXCHANGER), str(target), str(steps)], check=False)
    if target.exists():  # else no reader opens anything
        assert len({path.read_text(encoding="utf-8") for path in both}) == 1
    recover(target)
    assert [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())] == ["new"] * 3


def test_an_exchange_that_is_refused_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.shp"
    for suffix in (".shp", ".dbf"):
        target.with_suffix(suffix).write_text("old", encoding="utf-8")
    replace = Path.replace

    def refused(self: Path, place: Path) -> Path:
        if place == target.with_suffix(".dbf") and self.read_text(encoding="utf-8") == "new":
            raise PermissionError(13, "another program has it open")
        return replace(self, place)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OutputError, match="open in another program"), whole(target, (".dbf",)) as temporary:
        for suffix in (".shp", ".dbf"):
            temporary.with_suffix(suffix).write_text("new", encoding="utf-8")
    assert names(tmp_path) == ["a.dbf", "a.shp"]
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"old"}


WRITER = """
    import sys, time
    from geomap.files import whole
    with whole(sys.argv[1]) as temporary:
        temporary.write_text("half", encoding="utf-8")
        print("ready", flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
def test_a_killed_writer_leaves_the_old_file_and_the_next_one_clears_up(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(target)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout and writer.stdout.readline() == "ready\n"
        with whole(target) as temporary:  # the other one lives: its folder stays
            temporary.write_text("mine", encoding="utf-8")
        assert len(names(tmp_path)) == 2
        writer.send_signal(signal.SIGKILL)
    assert target.read_text(encoding="utf-8") == "mine"
    with whole(target) as temporary:
        temporary.write_text("next", encoding="utf-8")
    assert names(tmp_path) == ["a.csv"]
