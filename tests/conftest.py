"""What several rooms' tests share: the real gazetteer, built once, and the command line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def gazetteer() -> object:
    """The gazetteer that users get (built into the cache where it is not there yet)."""
    from geomap.gazetteer import open_gazetteer

    return open_gazetteer()


@pytest.fixture(scope="session")
def geomap(gazetteer: object) -> Run:
    """Run the command as a user does; stdout, stderr and the exit code come back as text."""

    def run(*words: object, code: int = 0, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "geomap", *map(str, words)],
            capture_output=True, text=True, encoding="utf-8", input=stdin, check=False, timeout=300,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "120"},
        )  # fmt: skip
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done

    return run
