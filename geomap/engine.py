"""Map a function over many things: in this process, or batch by batch in several."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def over(function: Callable[[list[T]], list[R]], things: Iterable[T], *, jobs: int = 1, batch: int = 32) -> Iterator[R]:
    """Yield what ``function`` makes of ``things``, in their order, a list of at most ``batch`` at a time.

    With ``jobs`` above 1 the batches go to that many processes, so function and things must be picklable; a few batches a
    process are under way at once, never all, so that memory does not grow with the number of things.
    """
    source = iter(things)
    batches = iter(lambda: list(islice(source, batch if jobs > 1 else 1)), [])
    if jobs <= 1:
        for some in batches:
            yield from function(some)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    # "spawn" everywhere: a forked child would share open files and locks with its parent.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[R]]] = deque()
        for some in batches:
            waiting.append(pool.submit(function, some))
            if len(waiting) >= 3 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
