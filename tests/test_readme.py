"""README tells the truth: its Python example runs as it stands, and its test command is the one that CI runs."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs(gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert first == "air_strike 2017-09-26 FOH" and second == "30.2 17.8"
    assert (tmp_path / "map.html").exists() and (tmp_path / "strikes.geojson").exists()


def test_the_commands_about_files_run(geomap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.search(r"## Files\n.*?```sh\n(.*?)```", README, re.DOTALL)
    assert shown
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maps").mkdir()
    shutil.copytree(ROOT / "maps" / "reports", tmp_path / "maps" / "reports")
    for line in shown[1].splitlines():
        words = shlex.split(line)
        assert words[0] == "geomap"
        geomap(*words[1:])
        assert (tmp_path / words[words.index("-o") + 1]).stat().st_size, line


def test_ci_runs_the_commands_of_the_readme() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert ".venv/bin/python -m pytest" in README and ".venv/bin/python -m pytest" in ci
    assert "pip install '.[test]'" in README and "'.[test]'" in ci


def test_every_file_that_the_readmes_name_is_there() -> None:
    for readme in (ROOT / "README.md", ROOT / "maps" / "README.md", ROOT / "gazetteer" / "README.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme.read_text(encoding="utf-8")):
            assert (readme.parent / link).exists(), f"{readme.name} links to {link}"
