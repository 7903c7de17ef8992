"""Write a file whole or not at all: made in a hidden folder beside it, flushed, then put in place in one step."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from geomap.errors import GeomapError, OutputError

READY = "ready"  # in the hidden folder: names files that are whole and on their way (+), and those that must go (-)
FORSAKEN_S = 60.0  # a folder that has had no lock for so long has no writer
# The disk's own complaints; any other OSError inside the block belongs to whoever raised it (a missing input, say).
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


@contextmanager
def whole(path: Path | str, siblings: Iterable[str] = ()) -> Iterator[Path]:
    """Give a temporary path of the same name; it replaces ``path`` when the block ends well, else nothing happened.

    The temporary file lies in a hidden folder beside ``path``, so that journals and other siblings of a half-made file
    stay together; what a killed process left there is removed by the next writer of the same path. Two writers at once
    each have their own folder: the last one to finish wins, whole. ``siblings`` are suffixes of files that belong to it
    (a Shapefile's .dbf): no system can replace several at once, so the old ones step aside before the new ones come, and
    what a kill in between leaves undone ``recover`` does. Raises OutputError, naming path and way out.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; name a file in it")
    device = target.exists() and not target.is_file()  # /dev/stdout, a pipe: nothing to replace
    parent = Path(tempfile.gettempdir()) if device else target.parent
    prefix = _prefix(target)
    try:
        _sweep(parent, prefix)
        room = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=parent))
    except OSError as error:
        raise OutputError(f"cannot write {path}: {_reason(error)}; choose a folder that exists and is yours") from error
    lock = (room / "locking").open("wb")
    try:
        if _lock(lock) and os.name == "posix":
            (room / "locking").rename(room / "lock")  # seen by others only once it is held
        temporary = room / target.name
        try:
            yield temporary
            _settle(temporary, target, device, siblings)
        except OSError as error:
            if isinstance(error, GeomapError) or error.errno not in DISK:
                raise
            raise OutputError(f"cannot write {path}: {_reason(error)}; free some space or choose another disk") from error
    finally:
        lock.close()
        shutil.rmtree(room, ignore_errors=True)


def _settle(temporary: Path, target: Path, device: bool, siblings: Iterable[str]) -> None:
    others = [(temporary.with_suffix(suffix), target.with_suffix(suffix)) for suffix in siblings]
    pairs = [(temporary, target)] + [(made, place) for made, place in others if made.exists()]
    stale = [place for made, place in others if place.exists() and not made.exists()]  # an index of the old data, say
    for made, _ in pairs:
        with made.open("rb+") as file:
            os.fsync(file.fileno())
    if device:
        with temporary.open("rb") as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        return
    for made, place in pairs:
        with suppress(OSError):  # rights of the file that is replaced; a new file has those of any new file
            made.chmod(place.stat().st_mode & 0o777)
    try:
        if others:
            _exchange(pairs, stale)
        else:
            temporary.replace(target)
    except OSError as error:
        raise OutputError(f"cannot replace {target}: {_reason(error)}; is it open in another program?") from error
    if os.name == "posix":
        with suppress(OSError):  # the new name itself must survive a power cut
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _exchange(pairs: list[tuple[Path, Path]], stale: list[Path]) -> None:
    """Put several files in place of others, the first of them, from which readers start, gone first and there last.

    So nobody ever sees one's attributes beside another's geometry. If any refuses, all go back.
    """
    room = pairs[0][0].parent
    (room / "old").mkdir()
    steps = [f"-{place.name}" for place in stale] + [f"+{made.name}" for made, _ in reversed(pairs)]
    text = "\n".join(steps)
    (room / READY).write_text(text, encoding="utf-8", newline="\n")  # from here on a killed exchange is completed, not undone
    try:
        for place in [*(place for _, place in pairs), *stale]:
            if place.exists():
                place.replace(room / "old" / place.name)
        for made, place in reversed(pairs):
            made.replace(place)
    except OSError:
        (room / READY).unlink()
        for old in (room / "old").iterdir():
            old.replace(pairs[0][1].with_name(old.name))
        raise


def recover(path: Path | str) -> None:
    """Complete what a killed writer of this file and its siblings left undone; a reader of such files calls it first."""
    target = Path(os.path.realpath(path))
    with suppress(OSError):
        _sweep(target.parent, _prefix(target))


def _complete(room: Path) -> None:
    """The rest of an exchange, in its order."""
    for step in (room / READY).read_text(encoding="utf-8").splitlines():
        made, place = room / step[1:], room.parent / step[1:]
        if step[0] == "-":
            place.unlink(missing_ok=True)
        elif made.exists():
            made.replace(place)


def _prefix(target: Path) -> str:
    """How the hidden folders of a file's writers begin."""
    return f".geomap-{hashlib.sha256(target.name.encode('utf-8', 'surrogateescape')).hexdigest()[:10]}-"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _lock(file: IO[bytes]) -> bool:
    """Hold the file as long as it is open; False where another living process holds it."""
    if sys.platform == "win32":
        return True  # an open file cannot be removed there: the lock holds itself
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(parent: Path, prefix: str) -> None:
    """Remove what killed writers of this path left behind, and nothing of a living one."""
    name = "lock" if os.name == "posix" else "locking"
    for room in parent.glob(f"{prefix}*.part"):
        with suppress(OSError):
            if not (room / name).exists():  # for an instant, while its writer makes it; for good if that one was killed then
                if time.time() - room.stat().st_mtime > FORSAKEN_S:
                    shutil.rmtree(room, ignore_errors=True)
                continue
            with (room / name).open("rb") as lock:
                free = _lock(lock)
            if free:
                if (room / READY).exists():
                    _complete(room)
                (room / name).unlink()  # refused on Windows while its writer lives
                shutil.rmtree(room, ignore_errors=True)
