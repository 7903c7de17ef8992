"""Progress of long work: a bar on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(quiet: bool = False) -> Iterator[Callable[[str, float], None] | None]:
    """Give a function (what is done, share done 0-1) that draws a bar on stderr, or None where nobody watches.

    The bar appears with the first call, so that work which is done already shows nothing.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("geomap: {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    tasks: list[object] = []

    def advance(what: str, share: float) -> None:
        if not tasks:
            progress.start()
            tasks.append(progress.add_task(what, total=1.0))
        progress.update(progress.task_ids[0], description=what, completed=share)

    try:
        yield advance
    finally:
        if tasks:
            progress.stop()
