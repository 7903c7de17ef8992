"""Mapping over many things keeps their order, in one process and in several."""

from itertools import count, islice

from geomap.engine import over


def squares(numbers: list[int]) -> list[int]:
    return [number * number for number in numbers]


def test_one_process_is_lazy() -> None:
    assert list(islice(over(squares, count()), 4)) == [0, 1, 4, 9]


def test_two_processes_give_the_same_in_the_same_order() -> None:
    assert list(over(squares, range(100), jobs=2, batch=7)) == [n * n for n in range(100)]
