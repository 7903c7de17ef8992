"""Mapping over many things keeps their order, in one process and in several."""

from itertools import count, islice

import pytest

from geomap.engine import over
from geomap.errors import UsageError


def squares(numbers: list[int]) -> list[int]:
    return [number * number for number in numbers]


def test_one_process_is_lazy() -> None:
    assert list(islice(over(squares, count()), 4)) == [0, 1, 4, 9]


def test_two_processes_give_the_same_in_the_same_order() -> None:
    assert list(over(squares, range(100), jobs=2, batch=7)) == [n * n for n in range(100)]


@pytest.mark.filterwarnings("ignore")  # what Dask leaves open when a cluster of a test ends is not ours
def test_the_workers_of_a_dask_cluster_give_the_same_in_the_same_order() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, protocol="tcp", host="127.0.0.1"
    ) as cluster:
        assert list(over(squares, range(100), scheduler=cluster.scheduler_address, batch=7)) == [n * n for n in range(100)]


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    monkeypatch.setattr("geomap.engine.PATIENCE_S", 0.3)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9;"):
        list(over(squares, range(3), scheduler="tcp://127.0.0.1:9"))


def test_a_failure_in_a_batch_is_the_caller_s() -> None:
    with pytest.raises(TypeError):
        list(over(squares, [1, "two"], jobs=2))  # type: ignore[list-item]
