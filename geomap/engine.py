"""Map a function over many things: in this process, or batch by batch in several, or on the machines of a Dask cluster."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from geomap.errors import UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

PATIENCE_S = 10.0  # how long a scheduler may take to answer

T = TypeVar("T")
R = TypeVar("R")


def over(
    function: Callable[[list[T]], list[R]], things: Iterable[T], *, jobs: int = 1, scheduler: str | None = None, batch: int = 32
) -> Iterator[R]:
    """Yield what ``function`` makes of ``things``, in their order, a list of at most ``batch`` at a time.

    With ``jobs`` above 1 the batches go to that many processes, with ``scheduler`` (the address of a Dask scheduler) to the
    workers of that cluster; function and things must then be picklable. A few batches a worker are under way at once, never
    all, so that memory does not grow with the number of things. UsageError where the scheduler does not answer.
    """
    source = iter(things)
    if jobs <= 1 and scheduler is None:
        while some := list(islice(source, 1)):
            yield from function(some)
        return
    with _processes(jobs) if scheduler is None else _cluster(scheduler) as (pool, workers):
        waiting = deque(pool.submit(function, some) for some in islice(_batches(source, batch), 3 * workers))
        while waiting:
            yield from waiting.popleft().result()
            waiting.extend(pool.submit(function, some) for some in islice(_batches(source, batch), 1))


def collect_seldom() -> None:
    """Let the garbage collector look at a process of our own a hundred times less often than Python would.

    Next to nothing here holds itself in a circle, and each look walks all words, patterns and places that are kept: a tenth of the time.
    """
    gc.set_threshold(70_000, 20, 20)


def _batches(source: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(source, size)):
        yield some


@contextmanager
def _processes(jobs: int) -> Iterator[tuple[Executor, int]]:
    """Processes of this machine, started afresh ("spawn"): a forked child would share open files and locks with its parent."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=collect_seldom) as pool:
        yield pool, jobs


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask cluster, each with geomap installed; a batch that a lost worker held is done by another."""
    try:
        import distributed
    except ImportError as error:
        raise UsageError("--scheduler needs Dask: pip install 'geomap-conflict[dask]'") from error
    try:
        client: Any = distributed.Client(  # type: ignore[no-untyped-call, unused-ignore]
            address, timeout=PATIENCE_S, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}; start one with: dask scheduler") from error
    with client, client.get_executor(pure=False) as pool:
        yield pool, max(1, sum(client.nthreads().values()))
