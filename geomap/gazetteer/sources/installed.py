"""Files of the data packages that geomap depends on, found without importing them."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from geomap.errors import GazetteerError


@cache
def folder(package: str) -> Path:
    """The folder of an installed data package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise GazetteerError(f"the data package {package} is not installed; install it with: pip install {package}")
    return Path(spec.origin).parent


def version(package: str) -> str:
    """The installed version of a package, as pip knows it."""
    from importlib.metadata import version as installed

    return installed(package)
