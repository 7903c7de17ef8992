"""Write a file whole or not at all: a temporary neighbour, flushed to disk, then put in place in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geomap.errors import OutputError


@contextmanager
def whole(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside ``path``; when the block ends well it replaces ``path``, else ``path`` stays as it was.

    Raises OutputError, naming the path and the way out, where the folder cannot be written.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}; choose a folder that is yours") from error
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        try:
            temporary.replace(target)
        except OSError as error:
            raise OutputError(f"cannot replace {target}: {error.strerror or error}; is it open elsewhere?") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
